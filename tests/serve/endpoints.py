"""A local endpoint that really runs, and bytes exchanged with it as clients of all kinds send them."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from fgtui.events.model import Event
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import Exchange, LocalTarget
from fgtui.invoke.targets import parse
from fgtui.serve.invocation_api import Served
from fgtui.serve.recorder import Handled
from fgtui.serve.serving import ServeOptions, Serving
from tests.invoke.harness import wait_until

GUARD_S = 30.0
"""Ends a hang; nothing is timed by it."""


class Answer(NamedTuple):
    """One response, read from the bytes of a connection."""

    status: int
    headers: list[tuple[str, str]]
    """With lower-case names."""
    body: bytes

    def header(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each == name]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Endpoint:
    """What is served, and what it has told of its requests."""

    def __init__(self, serving: Serving, handled: list[Handled]) -> None:
        self.serving = serving
        self.handled = handled
        self.url = serving.url
        self.port = int(serving.url.rpartition(":")[2])
        self._marks = 0

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=GUARD_S)

    def exchange(self, *parts: bytes) -> bytes:
        """Everything that comes back until the endpoint closes the connection, which it has to."""
        with self.connect() as line:
            received = b""
            try:
                for part in parts:
                    line.sendall(part)
                while got := line.recv(65536):
                    received += got
            except ConnectionError:  # it was closed while there was more to read
                pass
            return received

    def marked(self, path: str, *, is_past: bool = False) -> int:
        """The place of a request of our own among those that were told of; with ``is_past``, behind it."""
        self._marks += 1
        mark = f"{path}/{self._marks}"
        assert self.ask(f"GET {mark}").status == 200
        wait_until(lambda: mark in [each.path for each in self.handled], f"{mark} is told of")
        return [each.path for each in self.handled].index(mark) + is_past

    def ask(self, head: str, body: bytes = b"", *, host: str = "127.0.0.1") -> Answer:
        """The answer to one request: its first line and headers, one a line, without ``Host``."""
        first, *headers = head.strip().splitlines()
        lines = [f"{first.strip()} HTTP/1.1", f"Host: {host}", *(line.strip() for line in headers), "Connection: close"]
        if body and not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
            lines.append(f"Content-Length: {len(body)}")
        received = self.exchange("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        (answer,) = answers(received, is_head=first.startswith("HEAD"))
        return answer


def answers(received: bytes, *, is_head: bool = False) -> list[Answer]:
    """Each response in ``received``, less those that only say to go on."""
    found = []
    while received:
        head, gap, received = received.partition(b"\r\n\r\n")
        assert gap, head
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        status = int(first.split()[1])
        if status == 100:
            continue
        length = int(dict(headers).get("content-length", len(received)))
        length = 0 if is_head or status in {204, 304} else length
        found.append(Answer(status, headers, received[:length]))
        received = received[length:]
    return found


@contextmanager
def served(folder: Path, source: str, **options: Any) -> Iterator[Endpoint]:
    """An endpoint in front of the Python handler ``source``, which records nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.py").write_text(source, "utf-8")
    target = parse("index.handler", base=folder, timeout_s=GUARD_S)
    assert isinstance(target, LocalTarget)
    invoker = Invoker()
    handled: list[Handled] = []

    def invoke(event: Event, *, request_id: str, memory_mb: int | None, cancelled: threading.Event) -> Exchange:
        return invoker.invoke(event, target, request_id=request_id, cancelled=cancelled)

    serving = Serving(
        ServeOptions(port=0, session=None, **options),
        Served("demo", "index.handler", "Python3.10", 128, GUARD_S),
        invoke=invoke,
        record=None,
        tell=handled.append,
        trigger_of=lambda _: "blank",
    )
    serving.start()
    try:
        yield Endpoint(serving, handled)
    finally:
        serving.stop()
        invoker.close()
