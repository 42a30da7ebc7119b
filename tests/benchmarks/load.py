"""A generator of HTTP load in a process of its own: ``python -m tests.benchmarks.load PORT CONNECTIONS SECONDS PATH``.

Each connection is kept, and asks again as soon as it was answered. Prints JSON: requests, seconds, and how long the
answers took, in milliseconds. What is not answered with 200 ends it.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from .harness import ROOT

LONGEST_S = 60.0
HEAD_START_S = 1.0
"""For the generator to start and to be answered a while."""


class Load(NamedTuple):
    """What came of it."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def load(port: int, *, connections: int, seconds: float, path: str = "/orders/7?a=1", body: str = "") -> Load:
    """Put load on a server of this machine."""
    words = _command(port, connections, seconds, path, body)
    finished = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise SystemExit(f"the load broke off:\n{finished.stderr}")
    return Load(*json.loads(finished.stdout))


@contextmanager
def under_load(port: int, *, connections: int, path: str = "/orders/7?a=1") -> Iterator[None]:
    """Keep load on a server for as long as it answers."""
    with subprocess.Popen(
        _command(port, connections, LONGEST_S, path), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            time.sleep(HEAD_START_S)
            if process.poll() is not None:
                raise SystemExit("the load broke off before anything was stopped")
            yield
        finally:
            process.kill()


def _command(port: int, connections: int, seconds: float, path: str, body: str = "") -> list[str]:
    return [sys.executable, "-m", __name__, str(port), str(connections), str(seconds), path, body]


def main() -> None:
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    path, body = sys.argv[4], sys.argv[5].encode()
    method = "POST" if body else "GET"
    length = f"Content-Length: {len(body)}\r\nContent-Type: application/json\r\n" if body else ""
    request = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\nUser-Agent: load\r\n{length}\r\n".encode()
        + body
    )
    print(json.dumps(_ask(port, connections, seconds, request)))


def _ask(port: int, connections: int, seconds: float, request: bytes) -> Load:
    clock, selector = time.perf_counter, selectors.DefaultSelector()
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]
    asked: dict[socket.socket, float] = {}
    waiting = dict.fromkeys(lines, b"")
    took: list[float] = []
    began = clock()
    for line in lines:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(line, selectors.EVENT_READ)
        asked[line] = clock()
        line.sendall(request)
    until = began + seconds
    while clock() < until:
        for key, _ in selector.select(1.0):
            line = key.fileobj
            assert isinstance(line, socket.socket)
            received = waiting[line] + line.recv(65536)
            if not _is_whole(received):
                waiting[line] = received
                continue
            now = clock()
            took.append(now - asked[line])
            waiting[line] = b""
            asked[line] = now
            line.sendall(request)
    elapsed = clock() - began
    took.sort()
    return Load(len(took), elapsed, took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000)


def _is_whole(received: bytes) -> bool:
    if received and not received.startswith(b"HTTP/1.1 200 "[: len(received)]):
        raise SystemExit(f"unexpected answer: {received[:200]!r}")
    if not received:
        raise SystemExit("a connection was closed")
    head, gap, body = received.partition(b"\r\n\r\n")
    if not gap:
        return False
    at = head.lower().find(b"content-length:") + len(b"content-length:")
    return len(body) >= int(head[at:].split(b"\r\n", 1)[0])


if __name__ == "__main__":
    main()
