"""Container event functions: /init once, then /invoke for each event (runtime.md section 7.3)."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest

from fgtui.invoke.model import Crashed, InitFailed, InvalidResponse, LocalTarget, Raised, TimedOut
from tests.invoke.harness import Bench
from tests.invoke.servers import ports_are_shared, write_bootstrap

SERVER = """\
import json, os, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
heard = []

class Function(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        heard.append([self.path, body.decode(), dict(self.headers)])
        status, reply = self.init(body) if self.path == "/init" else self.invoke(body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *args):
        pass

    def init(self, body):
        return 404, b"no init here"

"""
START = """
ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Function).serve_forever()
"""


@pytest.fixture(autouse=True)
def shared_ports() -> Iterator[None]:
    with ports_are_shared():
        yield


def target_of(bench: Bench, methods: str, **settings: Any) -> LocalTarget:
    write_bootstrap(bench, SERVER + textwrap.indent(textwrap.dedent(methods), "    ") + START)
    return bench.target(spec="bootstrap", runtime="container", **settings)


def invoking(bench: Bench, body: str, **settings: Any) -> LocalTarget:
    return target_of(bench, "def invoke(self, body):\n" + textwrap.indent(textwrap.dedent(body), "    "), **settings)


# Events and results


def test_the_event_is_the_body_and_the_reply_the_result_as_it_is(bench: Bench) -> None:
    target = invoking(bench, "return 200, body[::-1]")
    outcome = bench.send(target, b'{ "a": 1.0 }')
    assert outcome.kind == "returned"
    assert outcome.body == b'} 0.1 :"a" {'
    assert outcome.status_code is None


def test_invoke_is_posted_json_with_the_platforms_headers(bench: Bench) -> None:
    outcome = bench.send(invoking(bench, "return 200, json.dumps(heard).encode()"), [1])
    (_, _, _), (path, body, headers) = json.loads(outcome.body)
    assert (path, body) == ("/invoke", "[1]")
    assert headers["Content-Type"] == "application/json"
    assert headers["X-CFF-Request-Id"] == outcome.request_id


@pytest.mark.parametrize("status", [200, 201, 204])
def test_every_status_of_success_is_a_result(bench: Bench, status: int) -> None:
    outcome = bench.send(invoking(bench, f"return {status}, b''"))
    assert (outcome.kind, outcome.body) == ("returned", b"")


@pytest.mark.parametrize(
    ("status", "reply", "name", "text"),
    [
        (500, b"no disk", "HTTP 500", "no disk"),
        (302, b"", "HTTP 302", ""),
        (400, b'{"errorType": "KeyError", "errorMessage": "no id"}', "KeyError", "no id"),
        (404, b'{"detail": "x"}', "HTTP 404", '{"detail": "x"}'),
    ],
)
def test_every_other_status_is_the_functions_error(
    bench: Bench, status: int, reply: bytes, name: str, text: str
) -> None:
    """Code 4002."""
    outcome = bench.send(invoking(bench, f"return {status}, {reply!r}"))
    assert isinstance(outcome, Raised)
    assert outcome.body == reply
    assert (outcome.error.type, outcome.error.message) == (name, text)


def test_a_result_over_the_limit_is_refused(bench: Bench) -> None:
    outcome = bench.send(invoking(bench, "return 200, b'x' * 6_291_457"))
    assert isinstance(outcome, InvalidResponse)
    assert outcome.message == "response body size 6291457 exceeds the limit of 6291456"


def test_a_handler_that_fails_without_an_answer_is_told_from_a_crash(bench: Bench) -> None:
    target = invoking(bench, "return 200, b'fine' if body == b'1' else 1 / 0")
    outcome = bench.send(target)
    assert isinstance(outcome, InvalidResponse)
    assert outcome.message.endswith("the connection was closed before an answer")
    assert "ZeroDivisionError" in outcome.logs
    assert bench.send(target, 1).body == b"fine"


@pytest.mark.parametrize(("body", "kind"), [("os._exit(3)", Crashed), ("time.sleep(1000)", TimedOut)])
def test_one_that_ends_or_hangs_is_started_anew(bench: Bench, body: str, kind: type) -> None:
    target = invoking(bench, f"if body != b'1': {body}\nreturn 200, b'fine'", timeout_s=0.5)
    assert isinstance(bench.send(target), kind)
    assert bench.send(target, 1).body == b"fine"


# Initialisation


def test_init_is_posted_once_before_the_first_event(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        def init(self, body):
            return 200, b""

        def invoke(self, body):
            return 200, json.dumps([path + " " + body for path, body, _ in heard]).encode()
        """,
    )
    assert bench.result(target, 1) == ["/init {}", "/invoke 1"]
    assert bench.result(target, 2) == ["/init {}", "/invoke 1", "/invoke 2"]


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_container_without_init_is_as_good(bench: Bench, status: int) -> None:
    target = target_of(
        bench,
        f"def init(self, body):\n    return {status}, b''\n\ndef invoke(self, body):\n    return 200, b'fine'",
    )
    assert bench.send(target).body == b"fine"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return 500, b'no database'", "POST /init was answered with status 500: no database"),
        ("return 302, b''", "POST /init was answered with status 302: "),
        ("raise OSError('no database')", "POST /init: 127.0.0.1:"),
    ],
)
def test_an_init_that_fails_is_told_in_words(bench: Bench, body: str, words: str) -> None:
    """Code 4009."""
    target = target_of(bench, f"def init(self, body):\n    {body}\n\ndef invoke(self, body):\n    return 200, b''")
    outcome = bench.send(target)
    assert isinstance(outcome, InitFailed)
    assert outcome.body.startswith(b"function initialization exception, error: ")
    assert outcome.error.message.startswith(words)


def test_an_init_that_hangs_times_out_as_initializer(bench: Bench) -> None:
    target = target_of(bench, "def init(self, body):\n    time.sleep(1000)", timeout_s=0.5)
    outcome = bench.send(target)
    assert isinstance(outcome, TimedOut)
    assert outcome.body == b"call initializer timeout 0.5s"
