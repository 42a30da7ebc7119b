"""Limits that hold whatever a handler or a runtime does, and what is believed to have ended an instance."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fgtui.errors import TargetError
from fgtui.invoke import conversation, local, processes
from fgtui.invoke.model import Crashed, LocalTarget, OutOfMemory, Returned, TimedOut
from fgtui.records import replace
from tests.invoke.harness import Bench
from tests.invoke.java_code import CONTEXT, compiled, needs_jdk
from tests.invoke.servers import PYTHON, ports_are_shared

TIMEOUT_S = 0.5
HANG_GUARD_S = 10 * (TIMEOUT_S + 0.5)
"""Ten times what is promised, timeout plus half a second; on top of what the runtime needs to start."""


def program(bench: Bench, name: str, text: str) -> Path:
    path = bench.write(text, name)
    path.chmod(0o755)
    return path


# Starting


@pytest.mark.parametrize("then", ["exec sleep 1000", "trap '' TERM HUP INT; while :; do :; done"])
def test_a_program_that_never_becomes_a_host_is_given_up(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    monkeypatch.setattr(local, "START_LIMIT_S", 0.2)
    silent = program(bench, "silent", f"#!/bin/sh\necho 'I think about it'\n{then}\n")
    started = time.monotonic()
    with pytest.raises(TargetError, match=r"silent did not start: I think about it"):
        bench.send(bench.target("def handler(event, context): return 1", python=silent, timeout_s=1000))
    assert time.monotonic() - started < HANG_GUARD_S


# What ended it


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at the tree while it runs."""
    monkeypatch.setattr(conversation, "FIRST_LOOK_S", 1000)
    monkeypatch.setattr(processes, "LOOK_EVERY_S", 1000)


@pytest.mark.usefixtures("unwatched")
@pytest.mark.parametrize("place", ["handler", "module"])
def test_who_ends_over_its_memory_before_anybody_looks_is_out_of_memory(bench: Bench, place: str) -> None:
    grow = "x = b'x' * 100_000_000; os._exit(1)"
    handler = grow if place == "handler" else "return 1"
    module = grow if place == "module" else "pass"
    source = f"import os\n{module}\ndef handler(event, context): {handler}"
    outcome = bench.send(bench.target(source, memory_mb=64))
    assert isinstance(outcome, OutOfMemory), outcome
    assert outcome.memory_mb is not None
    assert outcome.memory_mb > 100_000_000 / 1024**2


@pytest.mark.usefixtures("unwatched")
def test_who_ends_below_its_memory_has_crashed(bench: Bench) -> None:
    source = "import os\ndef handler(event, context): x = b'x' * 30_000_000; os._exit(1)"
    outcome = bench.send(bench.target(source, memory_mb=64))
    assert isinstance(outcome, Crashed), outcome


@pytest.mark.parametrize(
    ("counted", "end", "kind"),
    [
        ([7, 8], "os.kill(os.getpid(), 9)", OutOfMemory),
        ([7, 7], "os.kill(os.getpid(), 9)", Crashed),
        ([7, 8], "os.kill(os.getpid(), 15)", Crashed),
        ([7, 8], "os._exit(137)", Crashed),
    ],
)
def test_who_was_killed_when_the_system_killed_for_memory_is_out_of_memory(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, counted: list[int], end: str, kind: type
) -> None:
    """The system does not say whom it has killed, only how many."""
    counts = itertools.chain(counted, itertools.repeat(counted[-1]))
    monkeypatch.setattr(processes, "memory_kills", lambda: next(counts))
    outcome = bench.send(bench.target(f"import os\ndef handler(event, context): {end}"))
    assert isinstance(outcome, kind), outcome


# Handlers of every runtime that do not end


def python(bench: Bench) -> LocalTarget:
    return bench.target(
        """
        import os, signal, subprocess
        def handler(event, context):
            subprocess.Popen(["sh", "-c", "trap '' TERM HUP INT; while :; do sleep 1000; done"], start_new_session=True)
            while True:
                try:
                    while True: pass
                except BaseException:
                    pass
        """
    )


def node(bench: Bench) -> LocalTarget:
    bench.write(
        """
        exports.handler = async (event, context) => {
          for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(name, () => {});
          require('child_process').spawn('sleep', ['1000'], { detached: true });
          for (;;);
        };
        """,
        "index.js",
    )
    return bench.target(spec="index.js:handler")


def java(bench: Bench) -> LocalTarget:
    source = """
        import com.huawei.services.runtime.Context;
        public class Endless {
            public String handle(String event, Context context) throws Exception {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> { while (true) { } }));
                new ProcessBuilder("setsid", "sleep", "1000").start();
                while (true) { Thread.interrupted(); }
            }
        }
    """
    compiled({**CONTEXT, "Endless.java": source}, bench.folder / "classes")
    return bench.target(spec="classes:Endless.handle")


SERVER = """
import os, signal, socket, subprocess, time
for number in (1, 2, 15): signal.signal(number, signal.SIG_IGN)
subprocess.Popen(["sleep", "1000"], start_new_session=True)
"""
DRIP = """
server = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
while True:
    line, _ = server.accept()
    try:
        line.sendall(b"HTTP/1.1 200 OK\\r\\nA: ")
        while True:
            line.sendall(b"a")
            time.sleep(0.01)
    except OSError:
        pass  # it was only looked whether anybody listens
"""


def custom(bench: Bench) -> LocalTarget:
    program(bench, "bootstrap", f"{PYTHON}{SERVER}while True: pass\n")
    return bench.target(spec="bootstrap")


def http(bench: Bench) -> LocalTarget:
    program(bench, "bootstrap", PYTHON + SERVER + DRIP)
    return bench.target(spec="bootstrap", runtime="http")


def container(bench: Bench) -> LocalTarget:
    return replace(http(bench), runtime="container", family="container")


@pytest.mark.parametrize(
    "make", [python, node, pytest.param(java, marks=needs_jdk), custom, http, container], ids=lambda make: make.__name__
)
def test_whatever_does_not_end_is_over_soon_after_its_timeout(
    bench: Bench, make: Callable[[Bench], LocalTarget]
) -> None:
    target = replace(make(bench), timeout_s=TIMEOUT_S)
    with ports_are_shared():
        started = time.monotonic()
        outcome = bench.send(target, {"httpMethod": "GET", "path": "/"})
        took_s = time.monotonic() - started
    assert isinstance(outcome, TimedOut), outcome
    assert outcome.stopped_processes >= 2
    assert took_s < HANG_GUARD_S


# Under a debugger


@pytest.mark.parametrize(("settings", "kind"), [({"debug_port": 0}, Returned), ({}, OutOfMemory)])
def test_an_instance_that_is_debugged_has_no_memory_limit(bench: Bench, settings: dict[str, Any], kind: type) -> None:
    source = """
        import os, time, urllib.request
        kept = b"x" * 100_000_000
        api = "http://%s/v1/runtime/invocation/" % os.environ["RUNTIME_API_ADDR"]
        with urllib.request.urlopen(api + "request") as event:
            identifier = event.headers["X-Cff-Request-Id"]
        time.sleep(0.2)
        urllib.request.urlopen(api + "response/" + identifier, b"large").close()
        time.sleep(1000)
    """
    path = bench.write(source)
    program(bench, "bootstrap", PYTHON + path.read_text())
    target = replace(bench.target(spec="bootstrap", memory_mb=64, timeout_s=20), **settings)
    outcome = bench.send(target)
    assert isinstance(outcome, kind), outcome
