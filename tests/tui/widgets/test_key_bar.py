"""The bottom line: the keys of the pane that has the focus, as many as fit, help always."""

from __future__ import annotations

from functools import partial

import pytest

from fgtui.tui.actions import Keymap, Where
from fgtui.tui.widgets.key_bar import KeyBar
from tests.tui.stage import Stage


async def line(width: int, pane: Where, keymap: dict[str, str] | None = None) -> str:
    stage = Stage(partial(KeyBar, keymap or {}))
    async with stage.play(size=(width, 2)) as pilot:
        stage.the(KeyBar).pane = pane
        await pilot.pause()
        return stage.screen_lines()[0].rstrip()


async def test_the_pane_s_own_keys_come_after_send() -> None:
    shown = await line(140, Where.SESSION)
    assert shown.startswith(" ^J send  Enter show  r replay  e edit  y copy  / filter")
    assert shown.endswith("F1 help")


async def test_only_keys_that_arrive_are_offered() -> None:
    shown = await line(140, Where.SESSION, Keymap({"send": "alt+s,f5"}, {"f1", "f5", "ctrl+p", "f3"}))
    assert shown.startswith(" Alt+S send  Enter show")
    assert shown.endswith("F2 palette  Alt+? help")
    assert "session" not in shown


async def test_what_there_is_nothing_for_is_not_offered() -> None:
    stage = Stage(partial(KeyBar, {}))
    async with stage.play(size=(140, 2)) as pilot:
        bar = stage.the(KeyBar)
        bar.pane = Where.OUTCOME
        await pilot.pause()
        assert "Enter open" in stage.screen_text()
        bar.idle = frozenset({"open-place"})
        await pilot.pause()
        assert "open" not in stage.screen_text()


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80])
@pytest.mark.parametrize("pane", [Where.TRIGGERS, Where.EVENT, Where.FIELD, Where.OUTCOME, Where.SESSION])
async def test_what_does_not_fit_is_left_out_whole_but_never_send_and_help(width: int, pane: Where) -> None:
    shown = await line(width, pane)
    assert shown.startswith(" ^J send")
    assert shown.endswith("F1 help")
    assert "…" not in shown


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (81, " ^J send  Enter show  r replay  e edit  y copy  / filter  ^P palette  F1 help"),
        (70, " ^J send  Enter show  r replay  e edit  y copy  ^P palette  F1 help"),
        (31, " ^J send  ^P palette  F1 help"),
        (30, " ^J send  F1 help"),
    ],
)
async def test_session_target_and_pane_go_first_palette_and_help_last(width: int, shown: str) -> None:
    assert await line(width, Where.SESSION) == shown


async def test_remapped_keys_show_as_they_are() -> None:
    assert (await line(80, Where.EVENT, {"send": "ctrl+s,f9"})).startswith(" ^S send")


async def test_a_click_presses_the_key() -> None:
    stage = Stage(partial(KeyBar, {}))
    async with stage.play(size=(100, 2)) as pilot:
        shown = stage.screen_lines()[0]
        await pilot.click(KeyBar, offset=(shown.index("F4") + 1, 0))
        await pilot.click(KeyBar, offset=(2, 0))
    assert [message.action.id for message in stage.heard(KeyBar.Pressed)] == ["choose-target", "send"]
