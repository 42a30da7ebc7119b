"""A step of the tour: at most two lines at any width, nothing of it lost before it has to be, each way to be clicked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fgtui.tui.widgets.tour_strip import GAP, LINES, TourStrip, Way, Wording
from tests.tui.stage import Stage

WORDINGS = (
    Wording("Tour 2/8", "Ctrl+T opens what is encoded in the event, as the key of the picture is; and back again."),
    Wording("2/8", "Ctrl+T opens what is encoded"),
)
WAYS = (
    Way("tour-back", "Alt+7 back", "Alt+7 ←"),
    Way("tour-next", "Alt+8 next", "Alt+8 →"),
    Way("tour-end", "Alt+9 end", "Alt+9 end"),
)


def a_strip() -> TourStrip:
    strip = TourStrip()
    strip.show(WORDINGS, WAYS)
    return strip


@pytest.mark.parametrize("width", [120, 80, 60, 40])
async def test_the_words_and_every_way_stand_in_two_lines(width: int) -> None:
    stage = Stage(a_strip)
    async with stage.play((width, 6)):
        assert stage.the(TourStrip).size.height <= LINES
        text = " ".join(" ".join(stage.screen_lines()[:LINES]).split())
        assert "opens what is encoded" in text
        assert all(way.words in text or way.brief in text for way in WAYS)
        assert ("and back again." in text) is (width >= 80)


@pytest.mark.parametrize("action", [way.action for way in WAYS])
async def test_a_click_on_a_way_takes_it(action: str) -> None:
    stage = Stage(a_strip)
    async with stage.play((80, 6)) as pilot:
        strip = stage.the(TourStrip)
        line = stage.screen_lines()[strip.size.height - 1]
        words = next(way.words for way in WAYS if way.action == action)
        await pilot.click(TourStrip, offset=(line.index(words) + 1, strip.size.height - 1))
        await pilot.click(TourStrip, offset=(1, 0))
        assert [message.action for message in stage.heard(TourStrip.Taken)] == [action]


@given(st.text("ab {}[/x]\u202e\x1b对象存储，", max_size=60), st.integers(1, 90))
def test_at_any_width_there_are_two_lines_at_most_and_none_is_wider(words: str, width: int) -> None:
    strip = TourStrip()
    strip.show([Wording("Tour 1/8", words), Wording("1/8", words[:9])], WAYS)
    laid = strip.laid_out(width)
    assert 1 <= len(laid.lines) <= LINES
    if width >= cell_len(GAP.join(way.brief for way in WAYS)):
        assert cell_len(laid.lines[-1]) + cell_len(GAP.join(laid.ways)) <= width or not laid.lines[-1]
    assert laid.lines[0].startswith(laid.head[: width - 1])
