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


async def test_names_that_do_not_fit_are_cut_alike_and_can_still_be_clicked() -> None:
    stage = Stage(partial(TabStrip, ["a all", "t trigger", "g target", "o outcome", "/ expression"]))
    async with stage.play(size=(38, 2)) as pilot:
        assert stage.screen_lines()[0].rstrip() == "▸a all t trig… g targ… o outc… / expr…"
        await pilot.click(TabStrip, offset=(34, 0))
        stage.the(TabStrip).chosen = 4
        await pilot.pause()
        assert "▸/ expression" in stage.screen_lines()[0]
    assert [message.index for message in stage.heard(TabStrip.Picked)] == [4]


async def test_wide_names_are_cut_at_their_cells() -> None:
    stage = Stage(partial(TabStrip, ["结果与错误", "运行日志", "差异"]))
    async with stage.play(size=(16, 2)) as pilot:
        line = stage.screen_lines()[0]
        assert line.startswith("▸结果与错误")
        assert "…" in line
        await pilot.pause()
