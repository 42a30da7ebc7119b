"""Servers that somebody else has started: what fgtui says of them, and what it leaves out since it cannot know."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from fgtui.invoke.model import Exchange, TimedOut, Unreachable, summary_of
from tests.invoke.harness import Bench

FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"
NO_HTTP = b"\0\0\0\0"
GET = {"httpMethod": "GET", "path": "/"}
TRIGGERS = {"http": "apig", "container": "blank"}
runtimes = pytest.mark.parametrize("runtime", ["http", "container"])


@contextmanager
def running(reply: bytes) -> Iterator[str]:
    """A server on a thread of this test that gives every request ``reply``; its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    line.recv(65536)
                    line.sendall(reply)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def exchange(bench: Bench, address: str, runtime: str, **settings: object) -> Exchange:
    target = bench.target(spec=address, runtime=runtime, **settings)
    return bench.exchange(target, GET, trigger=TRIGGERS[runtime])


@runtimes
@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        pytest.param(FINE, "returned", id="answer"),
        pytest.param(NO_HTTP, "invalid_response", id="no-http"),
        pytest.param(b"", "unreachable", id="silence"),
    ],
)
def test_it_has_no_log_and_no_start(bench: Bench, runtime: str, reply: bytes, kind: str) -> None:
    """Its log is its own, and whether it was warm is nobody's knowledge."""
    with running(reply) as address:
        for _ in range(2):
            sent = exchange(bench, address, runtime)
            assert sent.outcome.kind == kind, sent.outcome
            assert (sent.outcome.logs, sent.outcome.cold_start, sent.outcome.init_ms) == ("", None, None)
            assert (sent.target.kind, sent.target.spec) == ("http", address)
            assert sent.outcome.duration_ms is not None


@runtimes
def test_a_timeout_stops_no_process_and_has_no_log(bench: Bench, runtime: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        sent = exchange(bench, f"http://127.0.0.1:{silent.getsockname()[1]}/", runtime, timeout_s=0.2)
    assert isinstance(sent.outcome, TimedOut)
    assert sent.outcome.stopped_processes == 0
    assert (sent.outcome.logs, sent.outcome.cold_start, sent.outcome.init_ms) == ("", None, None)
    assert sent.target.kind == "http"


@runtimes
def test_nobody_at_the_address_has_no_log_either(bench: Bench, runtime: str) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        sent = exchange(bench, f"http://127.0.0.1:{held.getsockname()[1]}/", runtime)
    assert isinstance(sent.outcome, Unreachable)
    assert (sent.outcome.logs, sent.outcome.cold_start, sent.outcome.init_ms) == ("", None, None)
    assert sent.target.kind == "http"


def test_what_fgtui_starts_itself_is_local(bench: Bench) -> None:
    sent = bench.exchange("def handler(event, context): return 1")
    assert sent.target.kind == "local"
    assert summary_of(bench.target(spec="http://127.0.0.1:8000/")).kind == "http"
