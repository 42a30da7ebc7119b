"""A list of any length: what is visible is asked for, and the cursor is where keys and clicks put it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest

from fgtui.tui.styles.inks import Piece
from fgtui.tui.widgets.row_list import RowList
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage


class Numbers(RowList):
    """Rows that remember which of them were asked for, and what they were told."""

    head_lines = 1

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.asked: set[int] = set()
        self.chosen: list[int] = []
        self.highlighted: list[int] = []

    def on_mount(self) -> None:
        self.rows_changed()

    def row_count(self) -> int:
        return self.count

    def head(self, line: int, width: int) -> Sequence[Piece]:
        return (("head", ""),)

    def row(self, index: int, width: int) -> Sequence[Piece]:
        self.asked.add(index)
        return ((f"row {index}", ""), (EVERYTHING, "muted"))

    def empty(self) -> Sequence[Sequence[Piece]]:
        return ((("nothing [/x]", ""),),)

    def row_chosen(self, index: int) -> None:
        self.chosen.append(index)

    def row_highlighted(self, index: int) -> None:
        self.highlighted.append(index)


async def test_an_empty_list_says_so_and_has_nothing_to_choose() -> None:
    stage = Stage(partial(Numbers, 0))
    async with stage.play(size=(30, 5)) as pilot:
        await pilot.press("enter", "down", "end", "pagedown", "home")
        assert "nothing [/x]" in stage.screen_text()
        assert stage.the(Numbers).chosen == []
        assert stage.the(Numbers).cursor == 0


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (["down", "down", "up"], 1),
        (["j", "j", "k"], 1),
        (["up"], 0),
        (["end"], 999_999),
        (["end", "down"], 999_999),
        (["end", "home"], 0),
        (["pagedown"], 7),
        (["pagedown", "pageup"], 0),
    ],
)
async def test_keys_move_the_cursor_and_keep_it_visible(keys: list[str], cursor: int) -> None:
    stage = Stage(partial(Numbers, 1_000_000))
    async with stage.play(size=(30, 9)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        rows = stage.the(Numbers)
        assert rows.cursor == cursor
        assert f"row {cursor}" in stage.screen_text()
        assert stage.screen_lines()[0].startswith("head")


async def test_a_million_rows_cost_what_is_visible() -> None:
    stage = Stage(partial(Numbers, 1_000_000))
    async with stage.play(size=(30, 9)) as pilot:
        await pilot.press("end", "home", "pagedown")
        await pilot.pause()
        assert len(stage.the(Numbers).asked) < 100


async def test_choosing_is_by_enter_or_a_double_click() -> None:
    stage = Stage(partial(Numbers, 20))
    async with stage.play(size=(30, 9)) as pilot:
        await pilot.press("down", "enter")
        await pilot.click(Numbers, offset=(3, 4))
        assert stage.the(Numbers).cursor == 3
        assert stage.the(Numbers).chosen == [1]
        await pilot.click(Numbers, offset=(3, 4), times=2)
        assert stage.the(Numbers).chosen == [1, 3]
        await pilot.click(Numbers, offset=(3, 0))
        assert stage.the(Numbers).cursor == 3, "the head is no row"


async def test_rows_that_go_take_the_cursor_along() -> None:
    stage = Stage(partial(Numbers, 20))
    async with stage.play(size=(30, 9)) as pilot:
        await pilot.press("end")
        rows = stage.the(Numbers)
        rows.count = 4
        rows.rows_changed()
        await pilot.pause()
        assert rows.cursor == 3
        assert "row 3" in stage.screen_text()


async def test_no_row_draws_a_control_character() -> None:
    stage = Stage(partial(Numbers, 20))
    async with stage.play(size=(300, 9)):
        assert "[/x] [red]x[/red]" in stage.screen_text()
        assert shows_no_control(stage.screen_text().replace("\n", ""))


class Pairs(Numbers):
    """Rows of two lines."""

    row_lines = 2

    def row_line(self, index: int, line: int, width: int) -> Sequence[Piece]:
        return ((f"row {index} line {line}", ""),)


async def test_rows_of_several_lines_are_drawn_moved_through_and_clicked_whole() -> None:
    stage = Stage(partial(Pairs, 50))
    async with stage.play(size=(30, 8)) as pilot:
        rows = stage.the(Pairs)
        assert [line.strip() for line in stage.screen_lines()[1:4]] == ["row 0 line 0", "row 0 line 1", "row 1 line 0"]
        await pilot.click(rows, offset=(2, 4))
        assert rows.cursor == 1
        rows.focus()
        await pilot.press("end")
        await pilot.pause()
        assert "row 49 line 1" in stage.screen_lines()[-1]
        await pilot.press("pageup", "pageup")
        await pilot.pause()
        assert f"row {rows.cursor} line 0" in stage.screen_text()
        assert f"row {rows.cursor} line 1" in stage.screen_text()


async def test_a_click_chooses_where_one_is_enough() -> None:
    stage = Stage(partial(Pairs, 50))
    async with stage.play(size=(30, 8)) as pilot:
        rows = stage.the(Pairs)
        rows.one_click = True
        await pilot.click(rows, offset=(2, 2))
        assert rows.chosen == [0]
