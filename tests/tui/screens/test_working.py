"""Work a person waits for: it tells how far it is, ends with an answer or an error, and stops when asked to."""

from __future__ import annotations

from typing import Any

import pytest

from fgtui.errors import UsageError
from fgtui.tui.screens.working import Progress, Worked, WorkScreen
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until


def counting(progress: Progress) -> int:
    progress.tell("12 of 40 [/x] \x1b[31m")
    progress.cancelled.wait()
    return 12


def failing(progress: Progress) -> int:
    raise UsageError("no {what}", what="luck")


async def test_it_shows_how_far_it_is_until_it_is_stopped() -> None:
    stage = Stage()
    ended: list[Worked[int] | None] = []
    async with stage.play(size=(100, 12)) as pilot:
        await stage.push_screen(WorkScreen("Counting", counting), ended.append)
        await wait_until(pilot, lambda: "12 of 40 [/x] \\e[31m" in stage.screen_text(), "how far it is")
        await pilot.press("escape")
        await wait_until(pilot, lambda: ended, "it has ended")
    assert ended == [Worked(12, None, is_cancelled=True)]


@pytest.mark.parametrize(("work", "answer"), [(failing, None), (lambda progress: 3, 3)])
async def test_it_ends_with_what_came_of_it(work: Any, answer: int | None) -> None:
    stage = Stage()
    ended: list[Any] = []
    async with stage.play() as pilot:
        await stage.push_screen(WorkScreen("Working", work), ended.append)
        await wait_until(pilot, lambda: ended, "it has ended")
    assert ended[0].answer == answer
    assert (ended[0].error is None) is (answer is not None)
