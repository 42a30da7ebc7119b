"""Replay: recorded events sent again to a warm handler, compared and recorded, in exchanges a second."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from fgtui.config import load
from fgtui.invoke.model import LocalTarget
from fgtui.sessions.replay.replaying import Selection
from fgtui.sessions.replay.run import Replay
from fgtui.workspace import Workspace, open_workspace

from .examples import exchanges
from .harness import Row

COUNT = 4_000
SLOW_COUNT = 400
LONG = 20_000
RUNS = 3
HANDLERS = """
import json, time

numbers = {}

def quick(event, context):
    return {"ok": True}

def other(event, context):
    numbers[0] = numbers.get(0, 0) + 1
    return {"ok": True, "run": numbers[0]}

def slow(event, context):
    time.sleep(0.005)
    return {"ok": True}
"""


def rows() -> Iterator[Row]:
    """The budget in order, how much differences and several instances matter, and what memory it takes."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "index.py").write_text(HANDLERS)
        environment = {"FGTUI_HOME": f"{folder}/home", "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
        workspace = open_workspace(load(Path(folder), environment), environment=environment)
        try:
            yield from _measured(workspace)
        finally:
            workspace.close()


def _measured(workspace: Workspace) -> Iterator[Row]:
    for _ in workspace.store.append_many("events", exchanges(LONG)):
        pass
    quick, other, slow = (workspace.target(f"index.{name}") for name in ("quick", "other", "slow"))
    speeds = {}
    for target, source in ((quick, "as-quick"), (other, "as-other"), (slow, "as-slow")):
        count = SLOW_COUNT if target is slow else COUNT
        for _ in workspace.replay(
            Selection(workspace.store, "events", range(1, count + 1)), target, Replay(into=source)
        ):
            pass
        speeds[source] = statistics.median(_speed(workspace, source, target) for _ in range(RUNS))
    same, different, one = speeds["as-quick"], speeds["as-other"], speeds["as-slow"]
    yield Row("replay", "in order, recorded, nothing differs", f"{same:,.0f} /s", "", None, "≥ 1,500 /s", same >= 1_500)
    yield Row("replay", "in order, recorded, each differs", f"{different:,.0f} /s", "", None, "", None)
    two = statistics.median(_speed(workspace, "as-slow", slow, concurrency=2) for _ in range(RUNS))
    yield Row(
        "replay",
        "a handler of 5 ms, two instances",
        f"{two:,.0f} /s",
        f"one {one:,.0f} /s",
        two / one,
        "≥ 1.6 ×",
        two / one >= 1.6,
    )
    before = _resident_mb()
    _speed(workspace, "events", quick)
    grown = _resident_mb() - before
    yield Row("replay", f"memory after {LONG:,}, above {COUNT:,}", f"{grown:.1f} MB", "", None, "≤ 20 MB", grown <= 20)


def _speed(workspace: Workspace, source: str, target: LocalTarget, *, concurrency: int = 1) -> float:
    into = workspace.replay_name(source)
    run = workspace.replay(Selection(workspace.store, source), target, Replay(into=into, concurrency=concurrency))
    started = time.perf_counter()
    count = sum(1 for _ in run)
    return count / (time.perf_counter() - started)


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))
