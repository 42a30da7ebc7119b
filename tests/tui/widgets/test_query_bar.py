"""Where a filter is typed: it speaks when it compiles, points at where it does not, and offers what could follow."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from fgtui.errors import QueryError
from fgtui.sessions.query.completing import Completions
from fgtui.tui.widgets.query_bar import QueryBar, caret_line
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until


async def put(pilot: Pilot[Any], stage: Stage, text: str, *keys: str) -> None:
    """Have ``text`` in the line at once, then press ``keys``."""
    line = stage.the(QueryBar).input
    line.focus()
    line.value = text
    line.cursor_position = len(text)
    await pilot.pause()
    await pilot.press(*keys)
    await pilot.pause()


def applied(stage: Stage) -> list[tuple[str, bool]]:
    return [(message.query.text, message.agreed) for message in stage.heard(QueryBar.Applied)]


@pytest.mark.parametrize(
    ("typed", "compiles"),
    [
        pytest.param("outcome.logs[0]", True, id="compiles"),
        pytest.param("outcome.logs[", False, id="does-not-compile"),
        pytest.param("nosuch(@)", False, id="no-such-function"),
        pytest.param("a" * 5000, False, id="too-long"),
    ],
)
async def test_enter_applies_at_once_what_compiles(typed: str, compiles: bool) -> None:
    stage = Stage(partial(QueryBar, typed))
    async with stage.play() as pilot:
        stage.the(QueryBar).input.focus()
        await pilot.press("enter")
        await pilot.pause()
        assert applied(stage) == ([(typed, True)] if compiles else [])
        assert stage.the(QueryBar).has_class("-failed") is not compiles


async def test_what_is_typed_is_applied_after_a_pause_and_what_ran_is_unwanted_at_once() -> None:
    stage = Stage(QueryBar)
    async with stage.play() as pilot:
        await put(pilot, stage, "", *"seq")
        assert [message.query.text for message in stage.heard(QueryBar.Changed)] == ["s", "se", "seq"]
        await wait_until(pilot, lambda: applied(stage), "it is applied")
        assert applied(stage)[-1] == ("seq", False)


async def test_an_error_that_is_typed_shows_after_a_pause_below_its_column() -> None:
    stage = Stage(QueryBar)
    async with stage.play(size=(100, 24)) as pilot:
        await put(pilot, stage, "event.body.n === 1")
        await wait_until(pilot, lambda: stage.the(QueryBar).has_class("-failed"), "the error is shown")
        line, verdict = stage.screen_lines()[:2]
        assert verdict.index("^") == line.index("event") + 15
        assert "column 16" in verdict
        assert stage.the(QueryBar).input.cursor_position == 18, "the cursor stays where a person types"
        await pilot.press("x")
        assert not stage.the(QueryBar).has_class("-failed")
        assert "column" not in stage.screen_text()


async def test_enter_on_an_error_puts_the_cursor_there() -> None:
    stage = Stage(partial(QueryBar, "select '[/foo]' as \"[/bar]\""))
    async with stage.play(size=(100, 24)) as pilot:
        stage.the(QueryBar).input.focus()
        await pilot.press("enter")
        await pilot.pause()
        assert "column 8" in stage.screen_text()
        assert stage.the(QueryBar).input.cursor_position == 7


@pytest.mark.parametrize("width", [30, 60])
async def test_the_caret_stands_below_wide_characters_and_in_a_line_that_has_scrolled(width: int) -> None:
    stage = Stage(QueryBar)
    async with stage.play(size=(width, 8)) as pilot:
        await put(pilot, stage, "note == '失败' && " * 4 + ")", "enter")
        line, verdict = stage.screen_lines()[:2]
        assert cell_len(verdict[: verdict.index("^")]) == cell_len(line[: line.index(")")])
        assert cell_len(verdict) == width


@pytest.mark.parametrize("cell", [1, 20, 38])
def test_the_words_stand_where_there_is_room_and_the_caret_stays_in_its_cell(cell: int) -> None:
    line = "".join(text for text, _ in caret_line("it is not complete", cell, 40))
    assert line.index("^") == cell
    assert "it is not complete" in line


async def test_what_is_wrong_is_said_whole_in_eighty_columns_wherever_it_is() -> None:
    stage = Stage(QueryBar)
    async with stage.play(size=(78, 24)) as pilot:
        await put(pilot, stage, "a", "enter")
        for before in range(0, 60, 6):
            await put(pilot, stage, f"{'a' * before} = 'x'", "enter")
            assert "nknown token '='" in stage.screen_text() or "invalid token" in stage.screen_text()
            assert "…" not in stage.screen_text()


async def test_an_error_says_that_the_filter_before_is_still_in_force() -> None:
    still = " · rows as before"
    stage = Stage(QueryBar)
    async with stage.play(size=(120, 24)) as pilot:
        for value, is_said in [("a[", False), ("a", False), ("a[", True), ("", False), ("a[", False)]:
            await put(pilot, stage, value, "enter")
            assert (still in stage.screen_text()) is is_said


async def test_nothing_typed_is_no_filter() -> None:
    stage = Stage(partial(QueryBar, "  "))
    async with stage.play() as pilot:
        stage.the(QueryBar).input.focus()
        await pilot.press("enter")
    assert applied(stage) == []
    assert [message.agreed for message in stage.heard(QueryBar.Cleared)] == [True]


async def test_escape_closes_without_a_word_about_the_filter() -> None:
    stage = Stage(partial(QueryBar, "a"))
    async with stage.play() as pilot:
        stage.the(QueryBar).input.focus()
        await pilot.press("escape")
    assert len(stage.heard(QueryBar.Closed)) == 1
    assert applied(stage) == []


# What is offered

KEYS = ("kind", "body", "duration_ms")


async def test_tab_takes_the_first_of_what_is_offered_in_place_of_what_has_begun() -> None:
    stage = Stage(QueryBar)
    async with stage.play() as pilot:
        await put(pilot, stage, "outcome.ki == 'x'")
        bar = stage.the(QueryBar)
        bar.input.cursor_position = 10
        await pilot.pause()
        assert [message.cursor for message in stage.heard(QueryBar.OfferWanted)][-1] == 10
        bar.offer(bar.value, 10, Completions(8, 10, KEYS))
        await pilot.pause()
        assert "Tab" in stage.screen_text()
        assert "duration_ms" in stage.screen_text()
        await pilot.press("tab")
        assert (bar.value, bar.input.cursor_position) == ("outcome.kind == 'x'", 12)


async def test_right_takes_it_at_the_end_of_the_line_alone() -> None:
    stage = Stage(QueryBar)
    async with stage.play() as pilot:
        await put(pilot, stage, "outcome.", "left")
        bar = stage.the(QueryBar)
        bar.offer(bar.value, 7, Completions(0, 7, KEYS))
        await pilot.press("right")
        assert bar.value == "outcome."
        bar.offer(bar.value, 8, Completions(8, 8, KEYS))
        await pilot.press("right")
        assert bar.value == "outcome.kind"


async def test_an_offer_for_another_place_is_none() -> None:
    stage = Stage(QueryBar)
    async with stage.play() as pilot:
        await put(pilot, stage, "outcome.")
        stage.the(QueryBar).offer("outcome", 7, Completions(0, 7, KEYS))
        await pilot.pause()
        assert "Tab" not in stage.screen_text()


async def test_the_list_is_gone_through_with_arrows_and_enter_takes_one_without_applying() -> None:
    stage = Stage(QueryBar)
    async with stage.play() as pilot:
        await put(pilot, stage, "outcome.")
        bar = stage.the(QueryBar)
        bar.offer(bar.value, 8, Completions(8, 8, KEYS))
        await pilot.press("down", "down")
        await pilot.pause()
        assert any(line.split() == ["▸", "body"] for line in stage.screen_lines())
        await pilot.press("enter")
        assert bar.value == "outcome.body"
        assert not any(agreed for _, agreed in applied(stage))
        assert not bar.rows.display


async def test_escape_closes_the_list_first() -> None:
    stage = Stage(QueryBar)
    async with stage.play() as pilot:
        await put(pilot, stage, "outcome.")
        bar = stage.the(QueryBar)
        bar.offer(bar.value, 8, Completions(8, 8, KEYS))
        await pilot.press("down", "escape")
        assert not bar.rows.display
        assert stage.heard(QueryBar.Closed) == []


async def test_the_mouse_opens_the_list_and_takes_one() -> None:
    stage = Stage(QueryBar)
    async with stage.play() as pilot:
        await put(pilot, stage, "outcome.")
        bar = stage.the(QueryBar)
        bar.offer(bar.value, 8, Completions(8, 8, KEYS))
        await pilot.pause()
        await pilot.click("#offers")
        await pilot.pause()
        assert bar.rows.display
        await pilot.click(bar.rows, offset=(4, 2))
        await pilot.pause()
        assert bar.value == "outcome.duration_ms"
        assert bar.input.has_focus


async def test_with_nothing_offered_tab_is_left_to_others() -> None:
    stage = Stage(QueryBar, partial(QueryBar, id="other"))
    async with stage.play() as pilot:
        first, second = stage.query(QueryBar)
        first.input.focus()
        await pilot.press("tab")
        assert second.input.has_focus


# Earlier filters


async def test_up_and_down_go_through_the_earlier_filters_and_back_to_what_was_typed() -> None:
    stage = Stage(QueryBar)
    async with stage.play() as pilot:
        bar = stage.the(QueryBar)
        bar.remember(("newest", "older"))
        await put(pilot, stage, "mine")
        seen = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await pilot.press(key)
            await pilot.pause()
            seen.append(bar.value)
        assert seen == ["newest", "older", "older", "newest", "mine", "mine"]


async def test_the_filter_in_force_is_not_brought_back_as_an_earlier_one() -> None:
    stage = Stage(partial(QueryBar, "newest"))
    async with stage.play() as pilot:
        bar = stage.the(QueryBar)
        bar.remember(("newest", "older"))
        bar.input.focus()
        await pilot.press("up")
        assert bar.value == "older"


# Whatever stands there


async def test_a_note_is_no_markup() -> None:
    stage = Stage(QueryBar)
    async with stage.play() as pilot:
        stage.the(QueryBar).show_note("matches nothing [/x]\x1b")
        await pilot.pause()
        assert "matches nothing [/x]\\e" in stage.screen_text()


async def test_nothing_that_is_offered_said_or_remembered_is_drawn_raw() -> None:
    stage = Stage(QueryBar)
    async with stage.play(size=(200, 24)) as pilot:
        bar = stage.the(QueryBar)
        bar.remember((EVERYTHING,))
        await put(pilot, stage, "", "up")
        bar.show_error(QueryError("{reason}", reason=EVERYTHING, column=9000))
        bar.offer(bar.value, bar.input.cursor_position, Completions(0, 0, (EVERYTHING, EVERYTHING)))
        await pilot.pause()
        assert shows_no_control(stage.screen_text().replace("\n", ""))
        await pilot.press("down", "enter")
        await pilot.pause()
        assert shows_no_control(stage.screen_text().replace("\n", ""))


async def test_the_caret_and_the_chosen_offer_are_told_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stage = Stage(QueryBar)
    async with stage.play(size=(40, 12)) as pilot:
        await put(pilot, stage, "a.[", "enter")
        assert "^" in stage.screen_lines()[1]
        bar = stage.the(QueryBar)
        bar.offer(bar.value, bar.input.cursor_position, Completions(3, 3, KEYS))
        await pilot.press("down")
        await pilot.pause()
        assert any("▸ kind" in line for line in stage.screen_lines())
