"""A line to type in: whatever is pasted can be drawn, and all of it arrives."""

from __future__ import annotations

from functools import partial

import pytest
from textual import events

from fgtui.tui.widgets.line_input import LineInput
from fgtui.tui.widgets.safe_input import LONGEST_PASTE, SafeInput
from tests.tui.hostile import HOSTILE, shows_no_control
from tests.tui.stage import Stage


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_a_pasted_control_character_becomes_a_visible_escape(text: str) -> None:
    stage = Stage(SafeInput)
    async with stage.play(size=(100, 5)) as pilot:
        stage.the(SafeInput).focus()
        stage.the(SafeInput).post_message(events.Paste(text))
        await pilot.pause()
        assert stage.the(SafeInput).value
        assert shows_no_control(stage.screen_text().replace("\n", ""))


async def test_every_line_of_a_paste_arrives_in_place_of_the_selection() -> None:
    stage = Stage(partial(SafeInput, "abcd"))
    async with stage.play() as pilot:
        line = stage.the(SafeInput)
        line.focus()
        line.selection = line.selection.__class__(1, 3)
        line.post_message(events.Paste("x  y\nz\n"))
        await pilot.pause()
        assert line.value == "ax  y zd"


async def test_an_event_pasted_by_mistake_leaves_the_line_as_it_was() -> None:
    stage = Stage(partial(SafeInput, "abc"))
    async with stage.play() as pilot:
        stage.the(SafeInput).focus()
        stage.the(SafeInput).post_message(events.Paste("x" * (LONGEST_PASTE + 1)))
        await pilot.pause()
        assert stage.the(SafeInput).value == "abc"
        (said,) = stage._notifications
        assert said.message.endswith("at most 50,000 characters, and these are 50,001")


@pytest.mark.parametrize(("key", "agreed"), [("enter", True), ("down", True), ("escape", False)])
async def test_a_line_says_once_how_it_ended(key: str, agreed: bool) -> None:
    stage = Stage(partial(LineInput, "abc"))
    async with stage.play() as pilot:
        await pilot.press("d", key)
    (done,) = stage.heard(LineInput.Done)
    assert (done.value, done.agreed) == ("d", agreed), "what stood there was selected"
    assert [message.value for message in stage.heard(LineInput.Typed)][-1] == "d"


async def test_a_letter_that_comes_with_alt_is_a_key_and_no_text() -> None:
    stage = Stage(partial(SafeInput, "abc"))
    async with stage.play() as pilot:
        stage.the(SafeInput).focus()
        stage.the(SafeInput).post_message(events.Key("alt+h", "h"))
        await pilot.pause()
        assert stage.the(SafeInput).value == "abc"


@pytest.mark.parametrize("cluster", ["👍🏽", "1\ufe0f\u20e3", "❤\ufe0f", "🇨🇳", "👩🏿\u200d🚀"])
async def test_what_is_drawn_as_one_is_one_to_a_line_as_well(cluster: str) -> None:
    stage = Stage(partial(SafeInput, f"甲{cluster}乙"))
    async with stage.play() as pilot:
        line = stage.the(SafeInput)
        line.focus()
        await pilot.press("home", "right", "right")
        assert line.cursor_position == 1 + len(cluster)
        await pilot.press("left")
        assert line.cursor_position == 1
        await pilot.press("delete")
        assert line.value == "甲乙"
        line.insert(cluster, 1)
        await pilot.press("backspace")
        assert line.value == "甲乙"
