"""The local endpoint under load: requests a second through the gateway's side, recorded, and what the slowest waited."""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .floors import BARE_SERVER
from .harness import FGTUI, Row, milliseconds
from .load import Load, load, under_load

CONNECTIONS = 4
SECONDS = 3.0
RUNS = 3
START_LIMIT_S = 30.0
BUDGET_RATE = 1_875
"""Requests a second: what functions-framework answers on such a machine."""
BUDGET_P99_MS = 5.0
HANDLER = """\
def handler(event, context):
    body = '{"ok": true}'
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "isBase64Encoded": False, "body": body}
"""
CALL = "/v2/local/fgs/functions/demo/invocations"


def rows() -> Iterator[Row]:
    """Beside a bare application of the same server; then without recording, and the invocation API."""
    with bare_server() as port:
        floor = measured(port)
    with fgtui_serve() as served:
        ours = measured(served.port)
        with under_load(served.port, connections=CONNECTIONS):
            began = time.perf_counter()
            invoked, recorded = served.end()
            ended_s = time.perf_counter() - began
    yield Row(
        "serve",
        f"gateway side, warm Python, recorded, {CONNECTIONS} connections",
        f"{ours.rate:,.0f} /s",
        f"bare application {floor.rate:,.0f} /s",
        ours.rate / floor.rate,
        f"≥ {BUDGET_RATE:,} /s",
        ours.rate >= BUDGET_RATE and recorded == invoked,
    )
    yield Row(
        "serve",
        f"the same: p99 (median {milliseconds(ours.p50_ms / 1000)})",
        milliseconds(ours.p99_ms / 1000),
        f"bare application {milliseconds(floor.p99_ms / 1000)}",
        None,
        f"≤ {BUDGET_P99_MS:g} ms",
        ours.p99_ms <= BUDGET_P99_MS,
    )
    yield Row(
        "serve",
        f"from SIGTERM to its end under load, all of {invoked:,} recorded",
        milliseconds(ended_s),
        "",
        None,
        "≤ 1 s",
        ended_s <= 1.0 and recorded == invoked,
    )
    for what, words, path, body in (
        ("gateway side, not recorded", ("--no-record",), "/orders/7", ""),
        ("invocation API, synchronous, recorded", (), CALL, '{"key": "value"}'),
    ):
        with fgtui_serve(*words) as served:
            figure = measured(served.port, path, body)
        yield Row("serve", what, f"{figure.rate:,.0f} /s", f"p99 {milliseconds(figure.p99_ms / 1000)}", None, "", None)


def measured(port: int, path: str = "/orders/7?a=1", body: str = "") -> Load:
    """The run of the middle rate, after one that warms up."""
    load(port, connections=CONNECTIONS, seconds=0.5, path=path, body=body)
    runs = [load(port, connections=CONNECTIONS, seconds=SECONDS, path=path, body=body) for _ in range(RUNS)]
    middle = statistics.median_low(run.rate for run in runs)
    return next(run for run in runs if run.rate == middle)


class Served:
    """``fgtui serve`` as a process of its own, its lines in a file."""

    def __init__(self, process: subprocess.Popen[bytes], said: Path) -> None:
        self._process = process
        self._said = said
        self.port = int(re.findall(r"at http://127\.0\.0\.1:(\d+)", _told(process, said, "SDK:"))[0])

    def end(self) -> tuple[int, int]:
        """Stop it; how many calls there were, and how many of them were recorded."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()
        found = re.findall(r"^([\d,]+) calls, ([\d,]+) recorded", self._said.read_text("utf-8"), re.MULTILINE)
        invoked, recorded = (int(number.replace(",", "")) for number in found[0])
        return invoked, recorded


@contextmanager
def fgtui_serve(*words: str) -> Iterator[Served]:
    """An endpoint with a handler and recordings of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "index.py").write_text(HANDLER, encoding="utf-8")
        said = folder / "said"
        environment = {**os.environ, "FGTUI_HOME": str(folder / "home"), "VIRTUAL_ENV": sys.prefix}
        with said.open("wb") as lines:
            process = subprocess.Popen(
                (*FGTUI, "serve", "--target", "index.handler", "--port", "0", *words),
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=lines,
            )
        try:
            yield Served(process, said)
        finally:
            process.terminate()
            process.wait()


@contextmanager
def bare_server() -> Iterator[int]:
    """The floor: the server alone, with an application that answers at once."""
    with tempfile.TemporaryDirectory() as name:
        said = Path(name) / "said"
        with said.open("wb") as lines:
            process = subprocess.Popen((sys.executable, "-c", BARE_SERVER), stdout=lines)
        try:
            yield int(_told(process, said, "\n"))
        finally:
            process.terminate()
            process.wait()


def _told(process: subprocess.Popen[bytes], said: Path, until: str) -> str:
    deadline = time.monotonic() + START_LIMIT_S
    while until not in (told := said.read_text("utf-8")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"it never listened:\n{told}")
        time.sleep(0.02)
    return told
