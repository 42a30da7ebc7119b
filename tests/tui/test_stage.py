"""The stage itself: every other widget test leans on it."""

from __future__ import annotations

from functools import partial

import pytest
from textual.widgets import Button, Input

from tests.tui import waiting
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until


async def test_a_bubbling_message_is_heard_once() -> None:
    stage = Stage(partial(Button, "Go"))
    async with stage.play() as pilot:
        await pilot.click(Button)
    assert len(stage.heard(Button.Pressed)) == 1


async def test_messages_are_heard_in_order_and_by_kind() -> None:
    stage = Stage(Input)
    async with stage.play() as pilot:
        await pilot.press("a", "b", "enter")
    assert [message.value for message in stage.heard(Input.Changed)] == ["a", "ab"]
    assert [message.value for message in stage.heard(Input.Submitted)] == ["ab"]


async def test_the_screen_can_be_read_as_text() -> None:
    stage = Stage(partial(Button, "Press me"))
    async with stage.play(size=(30, 5)):
        assert "Press me" in stage.screen_text()
        assert len(stage.screen_lines()) == 5


async def test_waiting_in_vain_says_for_what(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "GUARD_SECONDS", 0.05)
    async with Stage().play() as pilot:
        with pytest.raises(AssertionError, match="pigs fly"):
            await wait_until(pilot, lambda: False, "pigs fly")
