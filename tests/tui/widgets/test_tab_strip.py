"""Names of which one is chosen: told by a sign, picked by a click."""

from __future__ import annotations

from functools import partial

from fgtui.tui.widgets.tab_strip import TabStrip
from tests.tui.stage import Stage


async def test_the_chosen_name_carries_a_sign() -> None:
    stage = Stage(partial(TabStrip, ["Result", "Logs"]))
    async with stage.play(size=(40, 2)) as pilot:
        assert stage.screen_lines()[0].startswith("▸Result   Logs")
        stage.the(TabStrip).chosen = 1
        await pilot.pause()
        assert stage.screen_lines()[0].startswith(" Result  ▸Logs")


async def test_a_click_says_which_name_it_hit() -> None:
    stage = Stage(partial(TabStrip, ["Result", "Logs"]))
    async with stage.play(size=(40, 2)) as pilot:
        await pilot.click(TabStrip, offset=(11, 0))
        await pilot.click(TabStrip, offset=(2, 0))
        await pilot.click(TabStrip, offset=(30, 0))
    assert [message.index for message in stage.heard(TabStrip.Picked)] == [1, 0]
