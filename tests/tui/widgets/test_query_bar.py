"""Where a filter is typed: it speaks only when it compiles, and says where it does not."""

from __future__ import annotations

from functools import partial

import pytest

from fgtui.tui.widgets.query_bar import QueryBar
from tests.tui.stage import Stage


@pytest.mark.parametrize(
    ("typed", "applied"),
    [
        pytest.param("outcome.logs[0]", ["outcome.logs[0]"], id="compiles"),
        pytest.param("outcome.logs[", [], id="does-not-compile"),
        pytest.param("nosuch(@)", [], id="no-such-function"),
        pytest.param("a" * 5000, [], id="too-long"),
    ],
)
async def test_query_bar_speaks_only_when_the_query_compiles(typed: str, applied: list[str]) -> None:
    stage = Stage(partial(QueryBar, typed))
    async with stage.play() as pilot:
        stage.the(QueryBar).focus()
        await pilot.press("enter")
    assert [message.query.text for message in stage.heard(QueryBar.Applied)] == applied


async def test_an_error_says_the_column_and_puts_the_cursor_there() -> None:
    stage = Stage(partial(QueryBar, "select '[/foo]' as \"[/bar]\""))
    async with stage.play(size=(100, 24)) as pilot:
        stage.the(QueryBar).focus()
        await pilot.press("enter")
        assert "column 8" in stage.screen_text()
        assert stage.the(QueryBar).cursor_position == 7
        assert stage.the(QueryBar).has_class("-failed")
        await pilot.press("x")
        assert not stage.the(QueryBar).has_class("-failed")
        assert "column" not in stage.screen_text()


async def test_an_error_says_that_the_filter_before_is_still_in_force() -> None:
    still = "the rows are still those of the filter before"
    stage = Stage(QueryBar)
    async with stage.play(size=(120, 24)) as pilot:
        bar = stage.the(QueryBar)
        bar.focus()
        for value, is_said in [("a[", False), ("a", False), ("a[", True), ("", False), ("a[", False)]:
            bar.value = value
            await pilot.press("enter")
            await pilot.pause()
            assert (still in stage.screen_text()) is is_said


async def test_a_bar_that_opens_with_a_filter_knows_it_is_in_force() -> None:
    stage = Stage(partial(QueryBar, "a"))
    async with stage.play(size=(120, 24)) as pilot:
        stage.the(QueryBar).focus()
        await pilot.press("end", "left_square_bracket", "enter")
        await pilot.pause()
        assert "the filter before" in stage.screen_text()


async def test_nothing_typed_is_no_filter() -> None:
    stage = Stage(partial(QueryBar, "  "))
    async with stage.play() as pilot:
        stage.the(QueryBar).focus()
        await pilot.press("enter")
    assert stage.heard(QueryBar.Applied) == []
    assert len(stage.heard(QueryBar.Cleared)) == 1


async def test_escape_closes_without_a_word_about_the_filter() -> None:
    stage = Stage(partial(QueryBar, "a"))
    async with stage.play() as pilot:
        stage.the(QueryBar).focus()
        await pilot.press("escape")
    assert len(stage.heard(QueryBar.Closed)) == 1
    assert stage.heard(QueryBar.Applied) == []


async def test_a_note_is_no_markup() -> None:
    stage = Stage(QueryBar)
    async with stage.play() as pilot:
        stage.the(QueryBar).show_note("matches nothing [/x]\x1b")
        await pilot.pause()
        assert "matches nothing [/x]\\e" in stage.screen_text()
