"""Local sends: warm beside a bare pipe worker, recorded beside a bare commit, cold beside ``python -c pass``."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from fgtui.events.model import Event
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.targets import parse_local
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore

from .floors import NODE_PIPE_WORKER, PIPE_WORKER, PYTHON_PASS, bare_commit, bare_table
from .harness import FGTUI, ROOT, Row, alternate, milliseconds, one_core, process
from .recording import journal_of

SENDS = 2_000
"""Of each kind, in turns of ``TURN``."""
TURN = 100
RECORDED = 300
RUNS = 15
HANDLER = "def handler(event, context):\n    return {'ok': True}\n"
NODE_HANDLER = "exports.handler = async (event, context) => ({ ok: true });\n"
JAVA_CONTEXT = "package com.huawei.services.runtime;\npublic interface Context { String getRequestID(); }\n"
JAVA_HANDLER = """\
import com.huawei.services.runtime.Context;
public class Main {
    public String handle(String event, Context context) { return "{\\"ok\\": true}"; }
}
"""
BOOTSTRAP = """\
import http.client, json, os
line = http.client.HTTPConnection(os.environ["RUNTIME_API_ADDR"])
while True:
    line.request("GET", "/v1/runtime/invocation/request")
    request = line.getresponse()
    json.loads(request.read())
    path = "/v1/runtime/invocation/response/" + request.headers["X-Cff-Request-Id"]
    line.request("POST", path, b'{"ok": true}')
    line.getresponse().read()
"""
SERVER = """\
import http.server, json, os
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "12")
        self.end_headers()
        self.wfile.write(b'{"ok": true}')
    def log_message(self, *words): pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


@dataclass(frozen=True, slots=True)
class Contender:
    """One runtime, with a handler that does nothing."""

    name: str
    files: tuple[tuple[str, str], ...]
    spec: str
    runtime: str
    floor: tuple[str, ...] = (sys.executable, "-c", PIPE_WORKER)
    """The pipe worker it is held against: its own language's where there is one."""
    warm: float | None = None
    cold: float | None = None
    """Budgets as multiples of the floors; ``None`` where the design only asks for a report."""
    needs: str = ""
    """A program that has to be there."""

    def settle(self, folder: Path) -> None:
        """Write the handler, and compile it where it has to be."""
        for name, text in self.files:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            file.chmod(0o755)
        if self.runtime == "java":
            sources = [str(folder / name) for name, _ in self.files]
            subprocess.run(["javac", "-d", str(folder), *sources], check=True)


CONTENDERS = (
    Contender("Python", (("index.py", HANDLER),), "index.handler", "python", warm=4, cold=8),
    Contender(
        "Node.js",
        (("index.js", NODE_HANDLER),),
        "index.handler",
        "node",
        floor=("node", "-e", NODE_PIPE_WORKER),
        warm=4,
        cold=12,
        needs="node",
    ),
    Contender(
        "Java",
        (("com/huawei/services/runtime/Context.java", JAVA_CONTEXT), ("Main.java", JAVA_HANDLER)),
        "Main.handle",
        "java",
        needs="javac",
    ),
    Contender("custom runtime", (("bootstrap", f"#!{sys.executable}\n{BOOTSTRAP}"),), "bootstrap", "custom"),
    Contender("container event", (("bootstrap", f"#!{sys.executable}\n{SERVER}"),), "bootstrap", "container"),
    Contender("HTTP function", (("bootstrap", f"#!{sys.executable}\n{SERVER}"),), "bootstrap", "http"),
)


def event_of_two_kilobytes() -> Event:
    """The OBS sample with its record twice: 2 KB as they come."""
    event = json.loads((ROOT / "samples" / "events" / "obs" / "default.json").read_bytes())
    return Event("obs", json.dumps({"Records": event["Records"] * 2}, indent=1).encode())


def event_for(contender: Contender) -> Event:
    """An HTTP function takes nothing but what the gateway sends: its sample, with a body up to the same size."""
    if contender.runtime != "http":
        return event_of_two_kilobytes()
    event = json.loads((ROOT / "samples" / "events" / "apig" / "default.json").read_bytes())
    event.update(httpMethod="POST", isBase64Encoded=False, body="x" * max(0, 2048 - len(json.dumps(event))))
    return Event("apig", json.dumps(event).encode())


class PipeWorker:
    """The floor: a child that parses, calls and answers over two pipes."""

    def __init__(self, command: Sequence[str] = CONTENDERS[0].floor) -> None:
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.into, self.out = self.child.stdin.fileno(), self.child.stdout.fileno()

    def send(self, wire: bytes) -> bytes:
        os.write(self.into, b"%8d" % len(wire) + wire)
        return os.read(self.out, 65_536)

    def close(self) -> None:
        self.child.kill()
        self.child.communicate()


def warm(contender: Contender, folder: Path) -> Iterator[Row]:
    """A warm handler, not recorded."""
    contender.settle(folder)
    event = event_for(contender)
    target = parse_local(contender.spec, base=folder, runtime=contender.runtime)
    worker, invoker = PipeWorker(contender.floor), Invoker()
    floors, ours = [], []
    try:
        outcome = invoker.invoke(event, target).outcome
        assert outcome.kind == "returned", outcome
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
        f"warm, {contender.name}, 2 KB event, not recorded",
        milliseconds(measured),
        f"pipe worker {milliseconds(floor)}",
        measured / floor,
        f"≤ {contender.warm:g} ×" if contender.warm else "",
        measured / floor <= contender.warm if contender.warm else None,
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


def cold(contender: Contender, folder: Path) -> Iterator[Row]:
    """``fgtui send`` as a whole process; a Python handler runs under the interpreter of the floor."""
    contender.settle(folder)
    (folder / "event.json").write_bytes(event_for(contender).wire)
    environment = {"FGTUI_HOME": str(folder / "home"), "VIRTUAL_ENV": sys.prefix}
    words = (str(folder / "event.json"), "--target", contender.spec, "--runtime", contender.runtime)
    run = process((*FGTUI, "send", *words), environment=environment, folder=folder)
    floor, measured = alternate(RUNS, process(PYTHON_PASS), run)
    yield Row(
        "local send",
        f"fgtui send cold, whole process, {contender.name}, recorded",
        milliseconds(measured),
        f"python -c pass {milliseconds(floor)}",
        measured / floor,
        f"≤ {contender.cold:g} ×" if contender.cold else "",
        measured / floor <= contender.cold if contender.cold else None,
    )


def missing(contender: Contender) -> Row:
    return Row("local send", f"{contender.name}: no {contender.needs} on PATH", "-", "", None, "", None)


def rows() -> Iterator[Row]:
    """Every row of local sending, each runtime that is here in turn."""
    present = [each for each in CONTENDERS if not each.needs or shutil.which(each.needs)]
    yield from (missing(each) for each in CONTENDERS if each not in present)
    with tempfile.TemporaryDirectory() as folder:
        yield from recorded(Path(folder))
    for measure in (warm, cold):
        for contender in present:
            with tempfile.TemporaryDirectory() as folder, one_core() if measure is warm else nullcontext():
                yield from measure(contender, Path(folder))
