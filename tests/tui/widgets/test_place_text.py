"""Places in files that a text names: marked without colour, walked through, asked for by a click, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot

from fgtui.terminal.display import displayable_line
from fgtui.terminal.editor import find_places
from fgtui.tui.widgets.place_text import LONGEST_LINE, PlaceText, character_at
from fgtui.tui.widgets.text_view import plain, shown
from tests.tui.hostile import HOSTILE, shows_no_control
from tests.tui.stage import Stage

STACK = """\
ValueError: boom
File "./index.py", line 8, in handler
  return inner(event)
File "./inner.py", line 3, in inner
  raise ValueError
and at f (./index.js:17:11) and src/more.py:3
"""


def place_names(text: PlaceText) -> list[str]:
    return [place.path for row in range(len(text.shown.lines)) for place in text.places_in(row)]


async def walked(text: PlaceText, pilot: Pilot[None], *, forward: bool, times: int) -> list[str]:
    names = []
    for _ in range(times):
        assert text.step(forward=forward)
        await pilot.pause()
        assert text.chosen is not None
        names.append(text.chosen[1].path)
    return names


def underlined(stage: Stage) -> list[str]:
    strips = stage.screen._compositor.render_strips()
    runs = [segment.text for strip in strips for segment in strip if segment.style and segment.style.underline]
    return [run for run in runs if run.strip()]


@pytest.mark.parametrize("colourless", [False, True])
async def test_places_are_underlined_with_colours_and_without(colourless: bool) -> None:
    stage = Stage(PlaceText)
    async with stage.play() as pilot:
        stage.no_color = colourless
        stage.the(PlaceText).show(shown(STACK, plain, find_places))
        await pilot.pause()
        assert underlined(stage) == [
            './index.py", line 8', './inner.py", line 3', "./index.js:17:11", "src/more.py:3",
        ]  # fmt: skip


async def test_a_text_that_names_none_is_left_as_it_is() -> None:
    stage = Stage(PlaceText)
    async with stage.play() as pilot:
        text = stage.the(PlaceText)
        for what in (shown(STACK), shown("", plain, find_places), shown("nothing\nhere", plain, find_places)):
            text.show(what)
            await pilot.pause()
            assert not text.step(forward=True)
            assert not text.step(forward=False)
            assert text.stack() == []
            assert underlined(stage) == []


async def test_walking_goes_from_place_to_place_and_round() -> None:
    stage = Stage(PlaceText)
    async with stage.play(size=(40, 3)) as pilot:
        text = stage.the(PlaceText)
        text.show(shown(STACK, plain, find_places))
        await pilot.pause()
        names = ["./index.py", "./inner.py", "./index.js", "src/more.py", "./index.py"]
        assert await walked(text, pilot, forward=True, times=5) == names
        assert await walked(text, pilot, forward=False, times=5) == [*reversed(names[:4]), "src/more.py"]


async def test_the_chosen_place_comes_into_the_window_and_is_marked() -> None:
    stage = Stage(PlaceText)
    async with stage.play(size=(40, 4)) as pilot:
        text = stage.the(PlaceText)
        text.show(shown("x\n" * 500 + " " * 300 + "src/far.py:3\n" + "x\n" * 500, plain, find_places))
        await pilot.pause()
        await walked(text, pilot, forward=True, times=1)
        assert "src/far.py:3" in stage.screen_text()
        strips = stage.screen._compositor.render_strips()
        (mark,) = [segment for strip in strips for segment in strip if segment.text == "src/far.py:3"]
        assert mark.style is not None
        assert mark.style.bgcolor != text.rich_style.bgcolor


async def test_a_click_on_a_place_asks_for_it_and_beside_it_for_nothing() -> None:
    stage = Stage(PlaceText)
    async with stage.play(size=(60, 10)) as pilot:
        stage.the(PlaceText).show(shown("对象 src/a.py:3 beside\nno place", plain, find_places))
        await pilot.pause()
        for offset in ((1, 0), (4, 0), (16, 0), (2, 1), (2, 5)):
            await pilot.click(PlaceText, offset=offset)
        assert stage.heard(PlaceText.Clicked) == []
        await pilot.click(PlaceText, offset=(5, 0))
        await pilot.click(PlaceText, offset=(14, 0))
        assert [message.place.path for message in stage.heard(PlaceText.Clicked)] == ["src/a.py"] * 2


async def test_the_stack_is_the_one_in_the_window() -> None:
    stage = Stage(PlaceText)
    async with stage.play(size=(60, 5)) as pilot:
        text = stage.the(PlaceText)
        far = STACK.replace("./in", "./far/in")
        text.show(shown(STACK + "x\n" * 40 + far, plain, find_places))
        await pilot.pause()
        assert [place.path for _, place in text.stack()][:2] == ["./index.py", "./inner.py"]
        await pilot.press("end")
        assert [place.path for _, place in text.stack()][:2] == ["./far/index.py", "./far/inner.py"]
        text.show(shown(STACK + "x\n" * 40, plain, find_places))
        await pilot.press("end")
        assert text.stack()[0][1].path == "./index.py"


async def test_a_growing_log_keeps_what_is_chosen_until_it_is_gone() -> None:
    stage = Stage(PlaceText)
    async with stage.play(size=(60, 5)):
        text = stage.the(PlaceText)
        text.show(shown("src/a.py:3", plain, find_places))
        text.step(forward=True)
        text.show(shown("src/a.py:3\nmore", plain, find_places), keep_place=True)
        assert text.chosen is not None
        text.show(shown("more\nsrc/a.py:3", plain, find_places), keep_place=True)
        assert text.chosen is None


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_names_are_drawn_escaped_and_kept_as_they_are(hostile: str) -> None:
    name = hostile.replace("\ud800", "").replace('"', "")
    stage = Stage(PlaceText)
    async with stage.play(size=(120, 5)) as pilot:
        text = stage.the(PlaceText)
        text.show(shown(f'File "/{name}", line 3', plain, find_places))
        await pilot.pause()
        assert shows_no_control(stage.screen_text().replace("\n", ""))
        if "\r" not in name:
            assert place_names(text) == [f"/{name}"]
        text.step(forward=True)
        await pilot.pause()
        assert shows_no_control(stage.screen_text().replace("\n", ""))


async def test_a_line_too_long_for_a_stack_is_not_searched() -> None:
    stage = Stage(PlaceText)
    async with stage.play(size=(40, 4)) as pilot:
        text = stage.the(PlaceText)
        text.show(shown("src/a.py:3 " * 100_000 + "\nsrc/b.py:3", plain, find_places))
        await pilot.pause()
        assert len(text.shown.lines[0]) > LONGEST_LINE
        assert await walked(text, pilot, forward=True, times=2) == ["src/b.py", "src/b.py"]


@given(st.text(st.sampled_from("ab对\x1b\u202e"), max_size=3000), st.integers(0, 6000))
def test_the_character_in_a_cell(line: str, cell: int) -> None:
    column = character_at(line, cell)
    assert cell_len(displayable_line(line[:column])) <= cell
    if column < len(line):
        assert cell_len(displayable_line(line[: column + 1])) > cell


async def test_a_click_in_a_wrapped_line_meets_the_place_that_is_drawn_there() -> None:
    stage = Stage(PlaceText)
    async with stage.play(size=(20, 5)) as pilot:
        text = stage.the(PlaceText)
        text.show(shown("some words before the place index.py:12 ends", plain, find_places, wraps=True))
        await pilot.pause()
        y = next(y for y, line in enumerate(stage.screen_lines()) if "index.py:12" in line)
        await pilot.click(PlaceText, offset=(stage.screen_lines()[y].index("py:12"), y))
        assert [message.place.line for message in stage.heard(PlaceText.Clicked)] == [12]


async def test_walking_says_where_it_is_and_when_it_has_gone_round() -> None:
    stage = Stage(PlaceText)
    async with stage.play(size=(60, 12)):
        text = stage.the(PlaceText)
        text.show(shown(STACK, plain, find_places))
        seen = []
        for forward in (True, True, True, True, True, False, False):
            assert text.step(forward=forward)
            seen.append((text.ordinal(), text.went_round))
        assert seen == [
            ((1, 4), False),
            ((2, 4), False),
            ((3, 4), False),
            ((4, 4), False),
            ((1, 4), True),
            ((4, 4), True),
            ((3, 4), False),
        ]


async def test_a_place_far_right_leaves_the_next_line_at_its_start() -> None:
    stage = Stage(PlaceText)
    async with stage.play(size=(30, 5)) as pilot:
        text = stage.the(PlaceText)
        text.show(shown("x " * 60 + "index.py:12\nsee some.py:3", plain, find_places))
        text.step(forward=True)
        await pilot.pause()
        assert text.scroll_offset.x > 0
        text.step(forward=True)
        await pilot.pause()
        assert text.scroll_offset.x == 0
        assert "see some.py:3" in stage.screen_text()


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["nothing"], False),
        (["nothing"] * 5000, False),
        (["index.py:1"], True),
        (["nothing"] * 5000 + ["index.py:1"], True),
    ],
)
async def test_whether_there_are_places_shows_at_the_ends_of_a_text(lines: list[str], names: bool) -> None:
    stage = Stage(PlaceText)
    async with stage.play(size=(30, 5)):
        text = stage.the(PlaceText)
        text.show(shown("\n".join(lines), plain, find_places))
        assert text.names_places() is names
