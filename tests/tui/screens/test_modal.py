"""A screen over another ends once: what was typed ahead ends nothing else."""

from __future__ import annotations

from typing import Any

from fgtui.tui.screens.dialogs import Question
from tests.tui.stage import Stage


async def test_a_second_end_is_nobody_else_s() -> None:
    stage = Stage()
    answers: list[Any] = []
    async with stage.play() as pilot:
        below, above = Question("Below?", "[/x]"), Question("Above?", "")
        await stage.push_screen(below, lambda answer: answers.append(("below", answer)))
        await stage.push_screen(above, lambda answer: answers.append(("above", answer)))
        above.dismiss(True)
        above.dismiss(False)
        below_is_left = stage.screen is below
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
    assert below_is_left
    assert answers == [("above", True), ("below", True)]
