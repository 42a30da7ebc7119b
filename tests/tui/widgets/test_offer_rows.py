"""What is offered below a line: the chosen one behind a sign, a click takes one, nothing is drawn raw."""

from __future__ import annotations

from fgtui.tui.widgets.offer_rows import OfferRows
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage


async def test_the_chosen_one_carries_a_sign_a_click_takes_one_and_the_focus_stays_elsewhere() -> None:
    stage = Stage(OfferRows)
    async with stage.play(size=(60, 8)) as pilot:
        rows = stage.the(OfferRows)
        rows.names = ("kind", "[/x] 对象", EVERYTHING)
        rows.display = True
        rows.rows_changed(cursor=1)
        await pilot.pause()
        assert [line[1] for line in stage.screen_lines()[:3]] == [" ", "▸", " "]
        assert "[/x] 对象" in stage.screen_lines()[1]
        assert shows_no_control("".join(stage.screen_lines()))
        await pilot.click(rows, offset=(5, 0))
        await pilot.pause()
        assert [message.index for message in stage.heard(OfferRows.Chosen)] == [0]
        assert not rows.has_focus
