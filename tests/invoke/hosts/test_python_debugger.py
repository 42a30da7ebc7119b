"""A Python handler under debugpy: where it stops, what it shows, and what happens when there is nothing to attach to."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from fgtui.invoke.model import Cancelled, InitFailed, LocalTarget
from tests.invoke.debug_client import DebugClient
from tests.invoke.harness import Bench, wait_until

HANDLER = """\
import json, sys
from .helper import twice

limit = 7

def initializer(context):
    return limit

def handler(event, context):
    result = twice(event["n"])
    return {"result": result, "json": json.NAME, "argv": sys.argv[1]}
"""


def test_breakpoints_stop_a_handler_that_has_all_the_time_it_wants(bench: Bench) -> None:
    """In the module, the initializer and the handler; on a second event too. A file that hides ``json`` is no matter."""
    bench.write(HANDLER, "pkg/index.py")
    helper = bench.write("def twice(number):\n    return number * 2\n", "pkg/helper.py")
    bench.write("NAME = 'mine'", "json.py")
    target = bench.target(
        spec="pkg/index.handler", python=sys.executable, initializer="index.initializer", debug_port=0, timeout_s=0.2
    )

    def debug(client: DebugClient) -> list[object]:
        seen: list[object] = [client.attach(bench.folder / "pkg/index.py", [4, 7, 10])]
        client.ask("setBreakpoints", source={"path": str(helper)}, breakpoints=[{"line": 2}])
        for expression in ("'twice' in globals()", "limit", "event", "number", "event", "number"):
            thread, name, line = client.stopped_at()
            seen.append((name, line, client.value(thread, expression)))
            if expression == "number":
                since = time.monotonic()
                wait_until(lambda since=since: time.monotonic() > since + 2 * 0.2, "more than the limit has passed")
            client.go_on(thread)
        client.close()
        return seen

    with ThreadPoolExecutor() as pool:
        listener = Listener(lambda address: pool.submit(debug, DebugClient(address)))
        answer = bench.result(target, {"n": 4}, on_attach=listener)
        assert answer == {"result": 8, "json": "mine", "argv": "127.0.0.1:31536"}
        assert bench.result(target, {"n": 5})["result"] == 10
        assert listener.heard[0].result() == [
            [True, True, True],
            ("<module>", 4, "True"),
            ("initializer", 7, "7"),
            ("handler", 10, "{'n': 4}"),
            ("twice", 2, "4"),
            ("handler", 10, "{'n': 5}"),
            ("twice", 2, "5"),
        ]


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="this system lists no connections")
def test_a_handler_whose_debugger_has_left_waits_for_one_again(bench: Bench) -> None:
    bench.write("import os\ndef handler(event, context):\n    return os.getpid()")
    target = bench.target(python=sys.executable, debug_port=0)

    def debug(address: str) -> None:
        client = DebugClient(address)
        client.attach(bench.folder / "index.py", [3])
        thread, _, _ = client.stopped_at()
        client.go_on(thread)
        client.close()

    with ThreadPoolExecutor() as pool:
        processes = set()
        for _ in range(2):
            listener = Listener(lambda address: pool.submit(debug, address))
            processes.add(bench.result(target, on_attach=listener))
            (attached,) = listener.heard
            attached.result()
            wait_until(lambda found=attached: found.done(), "the debugger has left")
        assert len(processes) == 2


class Listener:
    """Hears where to attach."""

    def __init__(self, attach: Callable[[str], Any]) -> None:
        self.attach = attach
        self.heard: list[Any] = []

    def __call__(self, address: str) -> None:
        self.heard.append(self.attach(address))


def test_without_debugpy_the_way_to_it_is_said(bench: Bench, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare env"], check=True)
    python = tmp_path / "bare env/bin/python"
    outcome = bench.send(debugged(bench, python=python))
    assert isinstance(outcome, InitFailed)
    assert outcome.error.type == "ModuleNotFoundError"
    assert outcome.error.message == (
        f"debugpy is not installed for {python}; install it with: '{python}' -m pip install debugpy"
    )
    assert json.loads(outcome.body)["errorMessage"] == outcome.error.message
    assert outcome.error.message in outcome.logs
    assert "ran" not in outcome.logs


def test_a_debugpy_that_cannot_be_imported_is_said_to_be_broken(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lib"))
    (tmp_path / "lib/debugpy").mkdir(parents=True)
    (tmp_path / "lib/debugpy/__init__.py").write_text("import not_there_at_all")
    outcome = bench.send(debugged(bench))
    assert isinstance(outcome, InitFailed)
    assert outcome.error.type == "ImportError"
    assert outcome.error.message.endswith(": No module named 'not_there_at_all'")


def test_a_port_that_is_taken_is_named(bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = bench.send(debugged(bench, debug_port=port))
    assert isinstance(outcome, InitFailed)
    assert outcome.error.type == "OSError"
    assert outcome.error.message == f"port {port} of 127.0.0.1 is taken; choose another one, or 0 for any that is free"


def test_waiting_for_a_debugger_can_be_stopped_and_leaves_nothing(bench: Bench) -> None:
    cancelled = threading.Event()
    heard: list[str] = []

    def listen(address: str) -> None:
        heard.append(address)
        cancelled.set()

    outcome = bench.send(debugged(bench), on_attach=listen, cancelled=cancelled)
    assert isinstance(outcome, Cancelled)
    assert heard[0].startswith("127.0.0.1:")
    assert "ran" not in outcome.logs


def debugged(bench: Bench, **settings: Any) -> LocalTarget:
    return bench.target(
        "print('ran')\ndef handler(event, context): pass", **{"debug_port": 0, "python": sys.executable, **settings}
    )
