"""The rivals, installed into throwaway environments and measured where fgtui has a row of its own.

Needs a package index. Each has an environment to itself, since they do not agree on each other's libraries; one that
cannot be installed or started is named with the reason, and the others go on.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from . import serve
from .floors import PYTHON_PASS
from .harness import Row, alternate, milliseconds, process, screen
from .local_send import event_of_two_kilobytes

COMMAND_RUNS, FRAME_RUNS, SENDS = 7, 5, 500
START_LIMIT_S = 30.0
HANDLER = "def handler(event, context):\n    return {'ok': True}\n"
HTTP_HANDLER = "def handler(request):\n    request.get_json()\n    return {'ok': True}\n"

Measure = Callable[[Path, Path], Iterator[Row]]


class NotMeasuredError(Exception):
    """Why a rival has no figure."""


def environment_for(folder: Path, *packages: str) -> Path:
    """The ``bin`` folder of a new environment that holds ``packages``."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install = [str(folder / "bin" / "pip"), "install", "-q", *packages]
    finished = subprocess.run(install, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise NotMeasuredError((finished.stderr.strip() or "pip failed").splitlines()[-1])
    return folder / "bin"


def command(what: str, *words: str) -> Measure:
    """A whole process beside ``python -c pass``."""

    def measure(binaries: Path, folder: Path) -> Iterator[Row]:
        run = process((str(binaries / words[0]), *words[1:]), environment={"HOME": str(folder)})
        floor, measured = alternate(COMMAND_RUNS, process(PYTHON_PASS), run)
        yield Row(
            "rival: start-up",
            what,
            milliseconds(measured),
            f"python -c pass {milliseconds(floor)}",
            measured / floor,
            "",
            None,
        )

    return measure


def first_frame(what: str, *words: str) -> Measure:
    """From exec to the first complete frame."""

    def measure(binaries: Path, folder: Path) -> Iterator[Row]:
        figures = []
        for _ in range(FRAME_RUNS):
            with screen((str(binaries / words[0]), *words[1:]), {"HOME": str(folder)}) as opened:
                figures.append(opened.settle(quiet=1.5, limit=60))
        yield Row("rival: start-up", what, milliseconds(statistics.median(figures)), "", None, "", None)

    return measure


def lambda_local(binaries: Path, folder: Path) -> Iterator[Row]:
    """One invocation as a command."""
    (folder / "index.py").write_text(HANDLER, encoding="utf-8")
    (folder / "event.json").write_bytes(event_of_two_kilobytes().wire)
    words = (
        str(binaries / "python-lambda-local"),
        "-f",
        "handler",
        str(folder / "index.py"),
        str(folder / "event.json"),
    )
    floor, measured = alternate(COMMAND_RUNS, process(PYTHON_PASS), process(words))
    yield Row(
        "rival: local send",
        "python-lambda-local, whole process",
        milliseconds(measured),
        f"python -c pass {milliseconds(floor)}",
        measured / floor,
        "",
        None,
    )


def functions_framework(binaries: Path, folder: Path) -> Iterator[Row]:
    """Warm invocations over HTTP, one connection."""
    (folder / "main.py").write_text(HTTP_HANDLER, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [str(binaries / "functions-framework"), "--target", "handler", "--source", str(folder / "main.py")]
    server = subprocess.Popen(
        [*words, "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        figures = list(_round_trips(port, event_of_two_kilobytes().wire))
        theirs = serve.measured(port, "/", '{"key": "value"}')
    finally:
        server.terminate()
        server.wait()
    yield Row(
        "rival: local send",
        "functions-framework, warm, over HTTP",
        milliseconds(statistics.median(figures)),
        "",
        None,
        "",
        None,
    )
    with serve.fgtui_serve() as served:
        ours = serve.measured(served.port)
    yield Row(
        "rival: serve",
        f"functions-framework, {serve.CONNECTIONS} connections",
        f"{theirs.rate:,.0f} /s, p99 {milliseconds(theirs.p99_ms / 1000)}",
        f"ours, recorded {ours.rate:,.0f} /s",
        ours.rate / theirs.rate,
        "≥ 1 ×",
        ours.rate >= theirs.rate,
    )


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise NotMeasuredError("its server never listened")


def _round_trips(port: int, wire: bytes) -> Iterator[float]:
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", port)
    for _ in range(SENDS):
        started = time.perf_counter()
        connection.request("POST", "/", wire, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        yield time.perf_counter() - started
        assert answer == {"ok": True}


DEEPDIFF = """
import json, statistics, sys, time
from deepdiff import DeepDiff
old, new = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
figures = []
for _ in range(3):
    started = time.perf_counter()
    DeepDiff(old, new)
    figures.append(time.perf_counter() - started)
print(statistics.median(figures))
"""


def deepdiff(binaries: Path, folder: Path) -> Iterator[Row]:
    """1 MB against 1 MB, beside our own comparison of the same values."""
    from fgtui.sessions.diff.changes import diff

    from .diff import a_large_result, changed, timed

    old = a_large_result()
    new = changed(old)
    files = [folder / "old.json", folder / "new.json"]
    for file, value in zip(files, (old, new), strict=True):
        file.write_text(json.dumps(value), encoding="utf-8")
    finished = subprocess.run(
        [str(binaries / "python"), "-c", DEEPDIFF, *map(str, files)], capture_output=True, text=True, check=True
    )
    (ours,) = alternate(5, timed(lambda: diff(old, new)))
    theirs = float(finished.stdout)
    yield Row(
        "rival: diff",
        "deepdiff, 1 MB, 1,000 differences",
        milliseconds(theirs),
        f"ours {milliseconds(ours)}",
        theirs / ours,
        "≥ 30 ×",
        theirs / ours >= 30,
    )


RIVALS: dict[tuple[str, ...], tuple[Measure, ...]] = {
    ("aws-sam-cli",): (command("sam local generate-event s3 put", "sam", "local", "generate-event", "s3", "put"),),
    ("posting",): (command("posting --help", "posting", "--help"), first_frame("Posting: first frame", "posting")),
    ("harlequin",): (first_frame("Harlequin: first frame", "harlequin"),),
    ("python-lambda-local", "setuptools<81"): (lambda_local,),
    ("functions-framework",): (functions_framework,),
    ("deepdiff",): (deepdiff,),
}


def rows() -> Iterator[Row]:
    """A row or more for each rival."""
    for packages, measures in RIVALS.items():
        with tempfile.TemporaryDirectory() as name:
            try:
                binaries = environment_for(Path(name) / "environment", *packages)
                home = Path(name) / "home"
                home.mkdir()
                for measure in measures:
                    yield from measure(binaries, home)
            except (NotMeasuredError, SystemExit, OSError, subprocess.SubprocessError) as error:
                reason = str(error).strip().splitlines()[-1][:100] if str(error).strip() else type(error).__name__
                yield Row("rival", packages[0], f"not measured: {reason}", "", None, "", None)
