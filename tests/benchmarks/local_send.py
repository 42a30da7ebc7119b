"""Local sends: warm beside a bare pipe worker, recorded beside a bare commit, cold beside ``python -c pass``."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from fgtui.events.model import Event
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.targets import parse_local
from fgtui.sessions.redaction import Redactor
from fgtui.sessions.store import SessionStore

from .floors import PIPE_WORKER, PYTHON_PASS, bare_commit, bare_table
from .harness import FGTUI, ROOT, Row, alternate, milliseconds, process
from .recording import journal_of

SENDS = 2_000
"""Of each kind, in turns of ``TURN``."""
TURN = 100
RECORDED = 300
RUNS = 15
HANDLER = "def handler(event, context):\n    return {'ok': True}\n"


def event_of_two_kilobytes() -> Event:
    """The OBS sample with its record twice: 2 KB as they come."""
    event = json.loads((ROOT / "samples" / "events" / "obs" / "default.json").read_bytes())
    return Event("obs", json.dumps({"Records": event["Records"] * 2}, indent=1).encode())


class PipeWorker:
    """The floor: a child that parses, calls and answers over two pipes."""

    def __init__(self) -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-c", PIPE_WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.into, self.out = self.child.stdin.fileno(), self.child.stdout.fileno()

    def send(self, wire: bytes) -> bytes:
        os.write(self.into, b"%8d" % len(wire) + wire)
        return os.read(self.out, 65_536)

    def close(self) -> None:
        self.child.kill()
        self.child.communicate()


def warm(folder: Path) -> Iterator[Row]:
    """A warm Python handler, not recorded."""
    (folder / "index.py").write_text(HANDLER, encoding="utf-8")
    event = event_of_two_kilobytes()
    target = parse_local("index.handler", base=folder)
    worker, invoker = PipeWorker(), Invoker()
    floors, ours = [], []
    try:
        assert invoker.invoke(event, target).outcome.kind == "returned"
        for _ in range(SENDS // TURN):
            for _ in range(TURN):
                started = time.perf_counter()
                worker.send(event.wire)
                floors.append(time.perf_counter() - started)
            for _ in range(TURN):
                started = time.perf_counter()
                invoker.invoke(event, target)
                ours.append(time.perf_counter() - started)
    finally:
        worker.close()
        invoker.close()
    floor, measured = statistics.median(floors), statistics.median(ours)
    yield Row(
        "local send",
        "warm, Python, 2 KB event, not recorded",
        milliseconds(measured),
        f"pipe worker {milliseconds(floor)}",
        measured / floor,
        "≤ 4 ×",
        measured / floor <= 4,
    )


def recorded(folder: Path) -> Iterator[Row]:
    """The same with a durable record, as what it adds to the bare commit of the same size."""
    (folder / "index.py").write_text(HANDLER, encoding="utf-8")
    event = event_of_two_kilobytes()
    target = parse_local("index.handler", base=folder)
    invoker, store = Invoker(), SessionStore(folder / "sessions.db", Redactor())
    bare = bare_table(folder / "bare.db", journal_of(store))
    floors, plain, ours = [], [], []
    try:
        store.append("benchmark", invoker.invoke(event, target))
        for turn in range(RECORDED):
            started = time.perf_counter()
            bare_commit(bare, turn, event.wire)
            floors.append(time.perf_counter() - started)
            started = time.perf_counter()
            invoker.invoke(event, target)
            plain.append(time.perf_counter() - started)
            started = time.perf_counter()
            store.append("benchmark", invoker.invoke(event, target))
            ours.append(time.perf_counter() - started)
    finally:
        invoker.close()
        store.close()
        bare.close()
    floor, measured = statistics.median(floors), statistics.median(ours)
    above = measured - floor
    yield Row(
        "local send",
        f"the same, recorded durably ({store.journal.mode})",
        f"{milliseconds(measured)}, {milliseconds(above)} above",
        f"bare commit {milliseconds(floor)}",
        None,
        "≤ 1 ms above",
        above <= 0.001,
    )


def cold(folder: Path) -> Iterator[Row]:
    """``fgtui send`` as a whole process; the handler runs under the interpreter of the floor."""
    (folder / "index.py").write_text(HANDLER, encoding="utf-8")
    environment = {"FGTUI_HOME": str(folder / "home"), "VIRTUAL_ENV": sys.prefix}
    send = (*FGTUI, "send", "obs", "--target", str(folder / "index.handler"))
    floor, measured = alternate(RUNS, process(PYTHON_PASS), process(send, environment=environment))
    yield Row(
        "local send",
        "fgtui send cold, whole process, Python, recorded",
        milliseconds(measured),
        f"python -c pass {milliseconds(floor)}",
        measured / floor,
        "≤ 8 ×",
        measured / floor <= 8,
    )


def rows() -> Iterator[Row]:
    """Every row of local sending that is built."""
    for measure in (warm, recorded, cold):
        with tempfile.TemporaryDirectory() as folder:
            yield from measure(Path(folder))
