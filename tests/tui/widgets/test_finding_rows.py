"""The findings of a replay as rows: signs beside colours, data as data, a choice as a message."""

from __future__ import annotations

from fgtui.tui.rerunning import Finding
from fgtui.tui.widgets.finding_rows import FindingRows
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage

FOUND = Finding(7, 3, "obs", "~", "returned", "returned", "outcome.result[0] and 2 more")
REFUSED = Finding(8, 0, EVERYTHING, "⊘", "raised", "", EVERYTHING)


async def test_findings_are_shown_as_they_come_and_chosen() -> None:
    stage = Stage(FindingRows)
    async with stage.play(size=(120, 6)) as pilot:
        rows = stage.the(FindingRows)
        assert rows.at_cursor() is None
        rows.add([FOUND])
        rows.add([REFUSED])
        rows.focus()
        await pilot.pause()
        first, second = stage.screen_lines()[1:3]
        assert " ".join(first.split()) == "~ 7 obs ✓ returned ✓ returned outcome.result[0] and 2 more"
        assert "not sent" in second
        assert shows_no_control(second)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert rows.at_cursor() == REFUSED
        assert [message.finding for message in stage.heard(FindingRows.Chosen)] == [REFUSED]


async def test_outcomes_get_the_room_they_need_and_a_narrow_list_shows_the_place_first() -> None:
    gone = Finding(7, 3, "obs", "~", "returned", "unreachable", "outcome.result.keys[0]")
    for width, words in ((110, "✗ unreachable"), (60, "outcome.result.keys[0]")):
        stage = Stage(FindingRows)
        async with stage.play(size=(width, 6)) as pilot:
            stage.the(FindingRows).add([gone])
            await pilot.pause()
            assert words in stage.screen_lines()[1]
