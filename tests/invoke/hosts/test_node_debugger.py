"""A Node.js handler under its inspector: where it stops, and what happens when the port is taken."""

from __future__ import annotations

import base64
import json
import os
import socket
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from fgtui.invoke.model import Cancelled, InitFailed, LocalTarget
from tests.invoke.harness import GUARD_S, Bench, wait_until

HANDLER = """\
const limit = 7;
exports.handler = async (event, context) => {
  const result = event.n * limit;
  return { result };
};
"""


class Inspector:
    """A client of a few lines for the protocol that Chrome and editors speak, over a WebSocket."""

    def __init__(self, address: str) -> None:
        pages = HTTPConnection(address, timeout=GUARD_S)
        pages.request("GET", "/json/list")
        path = json.loads(pages.getresponse().read())[0]["webSocketDebuggerUrl"].partition(address)[2]
        pages.close()
        host, port = address.split(":")
        self._socket = socket.create_connection((host, int(port)), timeout=GUARD_S)
        self._stream = self._socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}"
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {address}\r\n{upgrade}\r\n\r\n".encode())
        while self._stream.readline().strip():
            pass
        self._sent = 0
        self._events: list[dict[str, Any]] = []
        self._urls: dict[str, str] = {}

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def ask(self, method: str, **parameters: Any) -> Any:
        self._sent += 1
        payload = json.dumps({"id": self._sent, "method": method, "params": parameters}).encode()
        head = bytes([0x81, 0xFE]) + len(payload).to_bytes(2, "big")
        self._socket.sendall(head + bytes(4) + payload)  # a mask of zeros leaves it as it is
        while True:
            message = self._receive()
            if message.get("id") == self._sent:
                assert "error" not in message, message
                return message["result"]
            self._events.append(message)

    def stop(self) -> tuple[str, int, str]:
        """Wait for the program to stop: the file, the line from 1, and what tells the frame."""
        while True:
            for event in self._events:
                if event["method"] == "Debugger.paused":
                    self._events.remove(event)
                    frame = event["params"]["callFrames"][0]
                    url = self._urls[frame["location"]["scriptId"]]
                    return url, frame["location"]["lineNumber"] + 1, frame["callFrameId"]
            self._events.append(self._receive())

    def value(self, frame: str, expression: str) -> Any:
        found = self.ask("Debugger.evaluateOnCallFrame", callFrameId=frame, expression=expression)
        return found["result"].get("value")

    def _receive(self) -> dict[str, Any]:
        size = self._stream.read(2)[1]
        if size > 125:
            size = int.from_bytes(self._stream.read(2 if size == 126 else 8), "big")
        found: dict[str, Any] = json.loads(self._stream.read(size))
        if found.get("method") == "Debugger.scriptParsed":
            self._urls[found["params"]["scriptId"]] = found["params"]["url"]
        return found


@pytest.mark.parametrize("file", ["index.js", "index.mjs"])
def test_breakpoints_stop_a_handler_that_has_all_the_time_it_wants(bench: Bench, file: str) -> None:
    """Before the module is loaded, while it is, and in the handler; on a second event too."""
    source = HANDLER if file == "index.js" else HANDLER.replace("exports.handler =", "export const handler =")
    path = bench.write(source, file)
    target = bench.target(spec=f"{file}:handler", debug_port=0, timeout_s=0.2)

    def debug(address: str) -> list[object]:
        client = Inspector(address)
        client.ask("Debugger.enable")
        for line in (2, 4):
            client.ask("Debugger.setBreakpointByUrl", url=path.as_uri(), lineNumber=line - 1)
        client.ask("Runtime.runIfWaitingForDebugger")
        seen: list[object] = []
        for expression in ("typeof file", "limit", "result", "result"):
            url, line, frame = client.stop()
            _wait_past_the_limit()
            seen.append((Path(url).name, line if url == path.as_uri() else None, client.value(frame, expression)))
            client.ask("Debugger.resume")
        client.close()
        return seen

    heard: list[Future[list[object]]] = []
    with ThreadPoolExecutor() as pool:

        def listen(address: str) -> None:
            heard.append(pool.submit(debug, address))

        assert bench.result(target, {"n": 4}, on_attach=listen) == {"result": 28}
        assert bench.result(target, {"n": 5}) == {"result": 35}
        before, *rest = heard[0].result()
    assert before == ("node_host.cjs", None, "string")
    assert rest == [(file, 2, 7), (file, 4, 28), (file, 4, 35)]


def test_a_port_that_is_taken_is_named(bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = bench.send(debugged(bench, debug_port=port))
    assert isinstance(outcome, InitFailed)
    assert outcome.error.message.startswith(f"port {port} of 127.0.0.1 is taken")
    assert "ran" not in outcome.logs


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


def _wait_past_the_limit() -> None:
    since = time.monotonic()
    wait_until(lambda: time.monotonic() > since + 0.3, "more than the limit has passed")


def debugged(bench: Bench, **settings: Any) -> LocalTarget:
    bench.write(f"console.log('ran'); {HANDLER}", "index.js")
    return bench.target(spec="index.js:handler", **{"debug_port": 0, **settings})
