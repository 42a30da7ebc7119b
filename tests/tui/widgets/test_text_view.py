"""Text of any size and shape in a window: what is seen is right, and what is not seen costs nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from fgtui.terminal.display import displayable_line
from fgtui.tui.styles.inks import Piece
from fgtui.tui.widgets.text_view import WRAP_LIMIT, TextView, cells_of, column_at, json_colours, plain, shown, wrapped
from tests.tui.hostile import EVERYTHING, HOSTILE, shows_no_control
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until


async def test_lines_are_cut_at_the_window_and_the_rest_is_a_scroll_away() -> None:
    stage = Stage(TextView)
    async with stage.play(size=(20, 5)) as pilot:
        view = stage.the(TextView)
        view.show(shown("0123456789abcdefghijklmnopqrstuvwxyz\nshort\n"))
        await pilot.pause()
        assert stage.screen_lines()[0].startswith("0123456789abcdef")
        assert "…" in stage.screen_lines()[0]
        await pilot.press("right", "right", "right")
        assert stage.screen_lines()[0].rstrip().endswith("xyz")
        assert stage.screen_lines()[1].strip() == ""


async def test_no_bar_takes_the_last_line_where_a_line_is_cut() -> None:
    stage = Stage(TextView)
    async with stage.play(size=(20, 3)) as pilot:
        stage.the(TextView).show(shown("0123456789abcdefghijklmnopqrstuvwxyz\nmore\nlast"))
        await pilot.pause()
        assert stage.screen_lines()[2].strip() == "last"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_no_control_character_is_drawn(text: str) -> None:
    stage = Stage(TextView)
    async with stage.play(size=(120, 5)) as pilot:
        view = stage.the(TextView)
        for paint in (plain, json_colours):
            view.show(shown(f'{{"key": "{text}"}}', paint))
            await pilot.pause()
            await pilot.press("right", "left", "end", "home")
            assert shows_no_control(stage.screen_text().replace("\n", ""))


async def test_wide_characters_are_never_cut_in_two() -> None:
    stage = Stage(TextView)
    async with stage.play(size=(21, 4)) as pilot:
        stage.the(TextView).show(shown("对象存储服务对象存储服务对象存储服务" * 500))
        for _ in range(3):
            await pilot.press("right")
            assert all(cell_len(line) == 21 for line in stage.screen_lines())


class Counting:
    """Remembers which lines were painted."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def paint(self, index: int, line: str, start: int, end: int) -> Sequence[Piece]:
        self.seen.add(index)
        assert end - start <= 200, "no more of a line than the window shows"
        return ((line[start:end], ""),)


async def test_only_what_is_visible_is_painted() -> None:
    counting = Counting()
    stage = Stage(TextView)
    async with stage.play(size=(100, 10)) as pilot:
        text = "\n".join(["x" * 1_000_000, *(str(number) for number in range(100_000))])
        stage.the(TextView).show(shown(text, counting.paint))
        await pilot.press("end", "home", "pagedown", "right")
        assert stage.the(TextView).virtual_size.width == 1_000_000
        assert len(counting.seen) < 60


async def test_finding_goes_round_and_shows_the_place() -> None:
    stage = Stage(TextView)
    async with stage.play(size=(40, 6)) as pilot:
        view = stage.the(TextView)
        view.show(shown("\n".join([*("filler" for _ in range(50)), "x" * 100 + "[/Needle]", "y", "needle 2"])))
        await pilot.pause()
        assert view.find("NEEDLE")
        await pilot.pause()
        assert "[/Needle]" in stage.screen_text()
        assert view.find("needle")
        await pilot.pause()
        assert "needle 2" in stage.screen_text()
        assert view.find("needle", forward=False)
        await pilot.pause()
        assert "[/Needle]" in stage.screen_text()
        assert not view.find("haystack")
        assert not view.find("")


async def test_a_growing_text_stays_at_its_end_only_when_it_was_there() -> None:
    stage = Stage(TextView)
    async with stage.play(size=(40, 5)) as pilot:
        view = stage.the(TextView)
        for count in (3, 30, 60):
            view.show(shown("\n".join(map(str, range(count)))), keep_place=True)
            await pilot.pause()
            assert str(count - 1) in stage.screen_text()
        await pilot.press("home")
        view.show(shown("\n".join(map(str, range(90)))), keep_place=True)
        await pilot.pause()
        assert stage.screen_lines()[0].startswith("0")


LINES = st.text(st.characters(blacklist_characters="\n\t"), max_size=80)


@given(LINES | st.text(st.sampled_from("ab对\x1b\u202e"), max_size=3000), st.integers(0, 4000))
def test_a_column_is_found_by_its_cell(line: str, cell: int) -> None:
    column, start = column_at(line, cell)
    assert start <= cell
    assert start == cell_len(displayable_line(line[:column]))
    assert cells_of(line) == cell_len(displayable_line(line))


def test_tabs_and_carriage_returns_are_layout_and_the_text_is_kept() -> None:
    text = shown("a\tb\r\nc\r\n")
    assert list(text.lines) == ["a       b", "c"]
    assert shows_no_control("".join(map(displayable_line, shown(EVERYTHING).lines)))


@given(st.text(max_size=60), st.integers(min_value=2, max_value=20))
def test_a_wrapped_line_loses_nothing_but_the_blanks_it_is_broken_at(line: str, width: int) -> None:
    rows = list(wrapped(line, width))
    kept = "".join(line[start:end] for start, end in rows)
    assert kept.replace(" ", "") == line.replace(" ", "")
    assert [start for start, _ in rows] == sorted({start for start, _ in rows})
    for start, end in rows:
        part = line[start:end]
        assert len(part) == 1 or cells_of(part) <= width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("路径：已复制到 tmux 的缓冲区；用 tmux 粘贴", 20, ["路径：已复制到 tmux", "的缓冲区；用 tmux 粘", "贴"]),
        ("一二三，四五", 6, ["一二", "三，四", "五"]),
        ("plain words and [brackets]", 12, ["plain words", "and", "[brackets]"]),
    ],
)
def test_a_toast_is_broken_between_chinese_characters_too(text: str, width: int, lines: list[str]) -> None:
    assert [line.plain for line in Content(text).wrap(width)] == lines


async def test_a_wrapped_text_is_scrolled_found_in_and_kept_at_its_place_by_rows() -> None:
    stage = Stage(TextView)
    async with stage.play(size=(20, 4)) as pilot:
        view = stage.the(TextView)
        text = "\n".join(f"{number} the words of one line" for number in range(20))
        view.show(shown(text, wraps=True))
        view.focus()
        await pilot.pause()
        assert stage.screen_lines()[0].split() == ["0", "the", "words", "of", "one"]
        assert view.virtual_size.height == 40
        assert view.find("9 the words")
        await pilot.pause()
        assert "9 the words of one" in stage.screen_text()
        top = view.top_line
        await pilot.resize_terminal(60, 4)
        await wait_until(pilot, lambda: view.virtual_size.height == 20, "one row a line")
        assert view.top_line == top
        await pilot.press("end")
        await pilot.resize_terminal(18, 4)
        await wait_until(pilot, lambda: view.virtual_size.height == 40, "two rows a line")
        await wait_until(pilot, lambda: view.is_at_end, "the end stays in the window")
        assert stage.screen_lines()[2].startswith("19 the words of")


async def test_a_text_of_any_size_is_not_wrapped() -> None:
    stage = Stage(TextView)
    async with stage.play(size=(20, 4)) as pilot:
        view = stage.the(TextView)
        view.show(shown("x" * (WRAP_LIMIT + 1), wraps=True))
        await pilot.pause()
        assert view.virtual_size.height == 1
