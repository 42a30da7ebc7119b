"""How far a replay is, told in figures that fit any width."""

from __future__ import annotations

import pytest

from fgtui.sessions.replay.run import Tally
from fgtui.tui.widgets.tally_lines import TallyLines
from fgtui.words import spell_seconds
from tests.tui.stage import Stage


async def test_a_tally_says_how_far_how_many_and_how_long() -> None:
    stage = Stage(TallyLines)
    async with stage.play(size=(90, 4)) as pilot:
        lines = stage.the(TallyLines)
        tally = Tally(1000, done=250, same=200, different=45, failed=5, refused=5, per_second=50.0)
        lines.show(tally, "into orders [/x]", is_over=False)
        await pilot.pause()
        shown = stage.screen_lines()
        assert "250 of 1,000" in shown[0]
        assert "25 %" in shown[0]
        assert "= 200 same   ~ 45 different   ✗ 5 fail now   ⊘ 5 not sent" in shown[1]
        assert "into orders [/x] · 50/s · 15 s left" in shown[2]
        lines.show(Tally(9, done=9, same=4, first=3, unknown=2), "", is_over=True)
        await pilot.pause()
        assert "~ 0 different   · 3 never sent before   ? 2 values not comparable" in stage.screen_lines()[1]
        lines.show(tally, "stopped", is_over=True)
        await pilot.pause()
        assert stage.screen_lines()[2].strip() == "stopped"


async def test_why_it_stopped_is_said_to_the_end_at_any_width() -> None:
    stage = Stage(TallyLines)
    words = "✗ stopped at exchange 10: 没有回答 came, and the handler may have run; look what request 9f2c [/x] did"
    async with stage.play(size=(90, 6)) as pilot:
        stage.the(TallyLines).show(Tally(3, done=1), words, is_over=True)
        for width in (90, 60, 40):
            await pilot.resize_terminal(width, 6)
            await pilot.pause()
            shown = " ".join(line.strip() for line in stage.screen_lines()[2:])
            assert "没有回答" in shown
            assert shown.rstrip().endswith("9f2c [/x] did")
        stage.the(TallyLines).show(Tally(3, done=1), "over", is_over=True)
        await pilot.pause()
        assert stage.the(TallyLines).size.height == 3


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0, "1 s"), (59.4, "59 s"), (200.0, "3 min 20 s"), (7500.0, "2 h 5 min")]
)
def test_times_are_spelled_for_people(seconds: float, words: str) -> None:
    assert str(spell_seconds(seconds)) == words
