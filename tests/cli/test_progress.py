from __future__ import annotations

import io

from fgtui.cli.diagnostics import Diagnostics
from fgtui.cli.progress import EVERY_S, Progress


def test_progress_is_told_now_and_then_on_a_line_that_is_replaced() -> None:
    said, now = io.StringIO(), [0.0]
    diagnostics = Diagnostics(said, is_terminal=True)
    progress = Progress(
        diagnostics, "{name}: {count} of {total} ({percent} %)", total=2000, clock=lambda: now[0], name="a\x1b"
    )
    progress(1)
    now[0] = EVERY_S
    progress(1500)
    progress(1600)
    now[0] = 2 * EVERY_S
    progress(2500)
    progress.end()
    progress.end()
    diagnostics.note("done")
    assert said.getvalue() == "a\\e: 1,500 of 2,000 (75 %)\r\x1b[Ka\\e: 2,500 of 2,000 (100 %)\r\x1b[Kdone\n"


def test_what_is_said_meanwhile_takes_its_place() -> None:
    said = io.StringIO()
    diagnostics = Diagnostics(said, is_terminal=True)
    diagnostics.progress("half")
    diagnostics.warn("careful")
    diagnostics.end_progress()
    assert said.getvalue() == "half\r\x1b[Kwarning: careful\n"


def test_nobody_is_told_where_nobody_watches() -> None:
    said, now = io.StringIO(), [0.0]
    progress = Progress(Diagnostics(said), "{count} of {total}", clock=lambda: now[0])
    now[0] = 9.0
    progress(5)
    progress.end()
    assert said.getvalue() == ""
