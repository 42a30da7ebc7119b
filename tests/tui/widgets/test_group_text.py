"""A group of a statistics in words, figures and pictures, in any width."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fgtui.invoke.model import HandlerError, Raised
from fgtui.sessions.statistics import Group, statistics
from fgtui.tui.widgets.group_rows import GroupRows
from fgtui.tui.widgets.group_text import group_text
from tests.factories import MOMENT, an_exchange
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage


def a_group(name: str = "", *, started: int = 90) -> Group:
    exchanges = [an_exchange(number=n, started_at=MOMENT + timedelta(seconds=n)) for n in range(started)]
    exchanges.append(an_exchange(None, Raised(error=HandlerError("E", "boom"), duration_ms=0.3), number=999))
    (group,) = statistics(exchanges, [name] * len(exchanges))
    return group


@pytest.mark.parametrize("width", [20, 60, 200])
def test_a_group_is_told_in_counts_percentiles_and_pictures(width: int) -> None:
    text = group_text(a_group(), width)
    assert text.lines[0] == "all exchanges"
    assert "91 invocations · 1 error (1.1 %)" in text.text
    assert "✓ returned 90  ✗ raised 1" in text.text
    assert "p50 3.2  p90 3.2" in text.text
    assert any(line.startswith("2-5") and line.split()[1] == "90" for line in text.lines)
    for index, line in enumerate(text.lines):
        assert "".join(piece for piece, _ in text.paint(index, line, 3, len(line))) == line[3:], "painted in parts"


def test_one_exchange_alone_is_said_in_the_singular() -> None:
    assert "1 invocation · 1 error (100.0 %)" in group_text(a_group(started=0), 60).text


async def test_rows_keep_their_figures_in_line_and_draw_no_control() -> None:
    stage = Stage(GroupRows)
    async with stage.play(size=(90, 6)) as pilot:
        rows = stage.the(GroupRows)
        rows.by = "[/x]"
        rows.show((a_group("失败"), a_group(EVERYTHING)))
        await pilot.pause()
        head, *lines = stage.screen_lines()[:3]
        assert head.startswith(" [/x]")
        assert all(line.endswith(" 3.2 ") or " 91 " in line for line in lines)
        assert shows_no_control("".join(lines))
        assert [message.group.name for message in stage.heard(GroupRows.Highlighted)] == ["失败"]
        await pilot.press("down")
        rows.show((a_group("first"), a_group(EVERYTHING)))
        assert rows.cursor == 1, "the cursor stays on its group"
