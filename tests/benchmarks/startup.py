"""Start-up: commands beside ``python -c pass``, the workbench beside an application with one ``TextArea``."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from .floors import PLAIN_TEXT_AREA, PYTHON_PASS
from .harness import FGTUI, Row, alternate, milliseconds, process, screen

RUNS = 15
FRAMES = 7
IDLE_S = 60.0
KEY_BAR = "help"
"""In the last row of the workbench."""
LAST_LINE = "the-last-line"


def commands(home: Path) -> Iterator[Row]:
    """``--version``, ``triggers`` and ``event`` as whole processes."""
    environment = {"FGTUI_HOME": str(home)}
    for words, allowed in (
        (("--version",), 4.0),
        (("triggers",), 4.0),
        (("event", "obs", "--set", "Records[0].s3.object.key=a b.png"), 6.0),
    ):
        floor, measured = alternate(RUNS, process(PYTHON_PASS), process((*FGTUI, *words), environment=environment))
        yield Row(
            "start-up",
            "fgtui " + " ".join(words[:2]) + (" …" if len(words) > 2 else ""),
            milliseconds(measured),
            f"python -c pass {milliseconds(floor)}",
            measured / floor,
            f"≤ {allowed:g} ×",
            measured / floor <= allowed,
        )


def workbench(folder: Path) -> Iterator[Row]:
    """From exec to the first complete frame, then what it costs to do nothing."""
    environment = {"FGTUI_HOME": str(folder / "home")}
    sample = folder / "event.json"
    sample.write_text(json.dumps({"Records": list(range(20)), "last": LAST_LINE}, indent=2), encoding="utf-8")

    def plain() -> float:
        with screen((sys.executable, "-c", PLAIN_TEXT_AREA, str(sample))) as opened:
            return opened.painted(LAST_LINE)

    def ours() -> float:
        with screen(FGTUI, environment) as opened:
            return opened.painted(KEY_BAR)

    floor, measured = alternate(FRAMES, plain, ours)
    yield Row(
        "start-up",
        "workbench: exec to first complete frame",
        milliseconds(measured),
        f"one TextArea {milliseconds(floor)}",
        measured / floor,
        "≤ 1.4 ×",
        measured / floor <= 1.4,
    )
    with screen(FGTUI, environment) as opened:
        opened.settle()
        used, repaints, since = opened.cpu_seconds(), 0, time.perf_counter()
        while time.perf_counter() - since < IDLE_S:
            repaints += bool(opened.read(1.0))
        share = (opened.cpu_seconds() - used) / IDLE_S
        yield Row(
            "start-up",
            f"workbench: idle for {IDLE_S:g} s",
            f"{share * 100:.2f} % of a core, {repaints} repaints",
            "",
            None,
            "≤ 0.5 %, cursor only",
            share <= 0.005,
        )
        memory = opened.memory_mb()
        yield Row("start-up", "workbench: resident", f"{memory:.0f} MB", "", None, "≤ 80 MB", memory <= 80)


def rows() -> Iterator[Row]:
    """Every start-up row."""
    with tempfile.TemporaryDirectory() as folder:
        yield from commands(Path(folder))
        yield from workbench(Path(folder))
