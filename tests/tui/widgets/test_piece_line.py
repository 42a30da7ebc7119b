"""A line of pieces: drawn as it fits, clicked where it was clicked, never raw."""

from __future__ import annotations

from fgtui.tui.widgets.piece_line import PieceLine
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage


async def test_it_draws_what_it_is_told_for_its_width() -> None:
    stage = Stage(PieceLine)
    async with stage.play(size=(30, 3)) as pilot:
        assert stage.screen_lines()[0].strip() == ""
        stage.the(PieceLine).show(lambda width: ((f"{width} [/x] ", "muted"), ("对象" * 30, "bad")))
        await pilot.pause()
        assert stage.screen_lines()[0].startswith("30 [/x] 对象")
        assert stage.screen_lines()[0].rstrip().endswith("…")


async def test_it_says_where_it_was_clicked() -> None:
    stage = Stage(PieceLine)
    async with stage.play(size=(30, 3)) as pilot:
        await pilot.click(PieceLine, offset=(7, 0))
        await pilot.pause()
    assert [message.x for message in stage.heard(PieceLine.Clicked)] == [7]


async def test_nothing_is_drawn_raw() -> None:
    stage = Stage(PieceLine)
    async with stage.play(size=(400, 3)) as pilot:
        stage.the(PieceLine).show(lambda _: ((EVERYTHING, "accent"),))
        await pilot.pause()
        assert shows_no_control(stage.screen_lines()[0])
        assert "[/x]" in stage.screen_lines()[0]
