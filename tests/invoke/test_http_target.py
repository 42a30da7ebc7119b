"""Servers that somebody else runs: how each answer, and each that does not come, ends as an outcome."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgtui.events.model import Event
from fgtui.invoke import http_target
from fgtui.invoke.http.transport import Transport
from fgtui.invoke.invoker import Invoker, utc_now
from fgtui.invoke.model import (
    Cancelled,
    Exchange,
    InvalidResponse,
    Outcome,
    Raised,
    Returned,
    TimedOut,
    Unreachable,
    summary_of,
)
from fgtui.invoke.targets import parse
from tests.invoke.harness import Bench, hang_guard
from tests.invoke.http_servers import (
    AUTHORITY,
    Received,
    Step,
    a_port_nobody_listens_at,
    answer,
    chunked,
    early,
    raw,
    redirect,
    reset,
    serving,
    stall,
    truncated,
)

GET = {"httpMethod": "GET", "path": "/"}
TRIGGERS = {"http": "apig", "container": "blank", None: "obs"}
runtimes = pytest.mark.parametrize("runtime", ["http", "container", None])


@pytest.fixture
def invoker() -> Iterator[Invoker]:
    invoker = Invoker()
    yield invoker
    invoker.close()


class Sending:
    """Sends one event after the other to a URL."""

    def __init__(self, invoker: Invoker, url: str, runtime: str | None = None, **settings: Any) -> None:
        self._invoker = invoker
        self._trigger = TRIGGERS[runtime]
        path = "/v1" if runtime is None and url.count("/") == 2 else ""
        self.target = parse(url + path, base=Path("/"), runtime=runtime, **settings)

    def exchange(self, event: object = GET, *, trigger: str = "", **arguments: Any) -> Exchange:
        wire = event if isinstance(event, bytes) else json.dumps(event).encode()
        with hang_guard(arguments):
            return self._invoker.invoke(Event(trigger or self._trigger, wire), self.target, **arguments)

    def __call__(self, event: object = GET, **arguments: Any) -> Outcome:
        return self.exchange(event, **arguments).outcome


# What every answer has in common


@runtimes
@pytest.mark.parametrize(
    ("step", "kind"),
    [
        pytest.param(answer(body=b"fine"), "returned", id="answer"),
        pytest.param(chunked(b"fi", b"ne"), "returned", id="chunks"),
        pytest.param(raw(b"\0\0\0\0\r\n\r\n"), "invalid_response", id="no-http"),
        pytest.param(answer(body=b"x" * 9, length=99_999_999), "invalid_response", id="too-large"),
        pytest.param(answer(body=b"x", headers=(("Content-Encoding", "gzip"),)), "invalid_response", id="no-gzip"),
        pytest.param(raw(), "unreachable", id="silence"),
        pytest.param(reset(), "unreachable", id="reset"),
    ],
)
def test_it_has_no_log_and_no_start(invoker: Invoker, runtime: str | None, step: Step, kind: str) -> None:
    """Its log is its own, and whether it was warm is nobody's knowledge."""
    with serving(step) as server:
        send = Sending(invoker, server.url, runtime)
        for _ in range(2):
            sent = send.exchange()
            assert sent.outcome.kind == kind, sent.outcome
            assert (sent.outcome.logs, sent.outcome.cold_start, sent.outcome.init_ms) == ("", None, None)
            assert (sent.target.kind, sent.target.spec) == ("http", send.target.spec)
            assert sent.target.runtime == runtime
            assert sent.outcome.duration_ms is not None


def test_what_fgtui_starts_itself_is_local(bench: Bench) -> None:
    sent = bench.exchange("def handler(event, context): return 1")
    assert sent.target.kind == "local"
    assert summary_of(bench.target(spec="http://127.0.0.1:8000/")).kind == "http"


@pytest.mark.parametrize("runtime", ["container", "http"])
def test_a_function_is_told_what_the_platform_tells_it(invoker: Invoker, runtime: str) -> None:
    with serving(answer()) as server:
        send = Sending(invoker, server.url, runtime, timeout_s=12.5, memory_mb=512, name="缩略图\n")
        outcome = send()
    heard = server.requests[0]
    assert heard.header("X-CFF-Request-Id") == outcome.request_id
    assert (heard.header("X-CFF-Memory"), heard.header("X-CFF-Timeout")) == ("512", "13")
    name = heard.header("X-CFF-Func-Name")
    assert name is not None
    assert name.encode("latin-1").decode() == "缩略图_"


def test_an_api_elsewhere_is_told_by_its_own_platform() -> None:
    with serving(answer(headers=(("X-Request-Id", "its-own"),))) as proxy:
        transport = Transport({"http_proxy": proxy.url})
        target = parse("http://api.example/v1", base=Path("/"))
        outcome = http_target.call(Event("obs", b"{}"), target, "own", transport=transport, now=utc_now)
        transport.close()
    assert outcome.request_id == "its-own"
    assert [name for name, _ in proxy.requests[0].headers if name.lower().startswith("x-cff-")] == []


@runtimes
def test_nothing_is_sent_that_nobody_asked_for(invoker: Invoker, runtime: str | None) -> None:
    with serving(answer()) as server:
        Sending(invoker, server.url, runtime)()
    names = {name.lower() for name, _ in server.requests[0].headers}
    assert {name for name in names if not name.startswith("x-cff-")} <= {"host", "content-type", "content-length"}


# A container


def test_a_container_gets_the_event_as_it_is_and_its_answer_is_the_result(invoker: Invoker) -> None:
    wire = '{"n": 1.10, "订单": [1E400]}'.encode()
    with serving(answer(body=b'{"ok": 1.10}', headers=(("Content-Type", "application/json"),))) as server:
        outcome = Sending(invoker, server.url, "container")(wire)
    heard = server.requests[0]
    assert (heard.method, heard.target, heard.body) == ("POST", "/invoke", wire)
    assert heard.header("Content-Type") == "application/json"
    assert isinstance(outcome, Returned)
    assert (outcome.body, outcome.status_code, outcome.headers) == (b'{"ok": 1.10}', None, ())


@pytest.mark.parametrize("status", [201, 204])
def test_every_status_of_success_is_a_containers_result(invoker: Invoker, status: int) -> None:
    with serving(answer(status)) as server:
        assert Sending(invoker, server.url, "container")().kind == "returned"


@pytest.mark.parametrize(
    ("status", "body", "error", "message"),
    [
        (500, b'{"errorMessage": "no", "errorType": "ValueError", "stackTrace": ["at x"]}', "ValueError", "no"),
        (500, b"no database", "HTTP 500", "no database"),
        (404, b"", "HTTP 404", ""),
        (500, b"\xff\0\x1b[31m", "HTTP 500", "\ufffd\0\x1b[31m"),
    ],
)
def test_any_other_status_is_the_containers_own_error(
    invoker: Invoker, status: int, body: bytes, error: str, message: str
) -> None:
    with serving(answer(status, body)) as server:
        outcome = Sending(invoker, server.url, "container")()
    assert isinstance(outcome, Raised)
    assert (outcome.error.type, outcome.error.message, outcome.body) == (error, message, body)


def test_a_containers_answer_to_api_gateway_has_to_be_one(invoker: Invoker) -> None:
    with serving(answer(body=b'"text"')) as server:
        outcome = Sending(invoker, server.url, "container")(trigger="apig")
    assert isinstance(outcome, InvalidResponse)
    assert json.loads(outcome.message)["error_code"] == "FSS.1206"


# An HTTP function, or an API


def of_gateway(outcome: Outcome) -> tuple[int, dict[str, list[str]], bytes]:
    assert isinstance(outcome, Returned)
    said = json.loads(outcome.body)
    assert said["statusCode"] == outcome.status_code
    assert said["isBase64Encoded"] is True
    return said["statusCode"], said["headers"], base64.b64decode(said["body"])


@pytest.mark.parametrize("runtime", ["http", None])
@pytest.mark.parametrize("status", [200, 204, 304, 404, 500, 599])
def test_any_status_is_an_apis_answer_to_an_event_of_api_gateway(
    invoker: Invoker, runtime: str | None, status: int
) -> None:
    body = b"" if status in {204, 304} else b"\xff\0"
    with serving(answer(status, body, (("X-A", "1"), ("x-a", "2")))) as server:
        outcome = Sending(invoker, server.url, runtime)(trigger="apig")
    got, headers, content = of_gateway(outcome)
    assert (got, headers["X-A"], content) == (status, ["1", "2"], body)
    assert ("x-a", "2") in outcome.headers


def test_any_other_event_is_posted_to_an_api_and_the_reply_is_its_answer(invoker: Invoker) -> None:
    with serving(answer(422, '{"错": 1.10}'.encode(), (("X-Request-Id", "theirs"),))) as server:
        outcome = Sending(invoker, f"{server.url}/hooks/x?key=1")({"Records": []})
    heard = server.requests[0]
    assert (heard.method, heard.target, heard.body) == ("POST", "/hooks/x?key=1", b'{"Records": []}')
    assert isinstance(outcome, Returned)
    assert (outcome.status_code, outcome.body) == (422, '{"错": 1.10}'.encode())
    assert ("X-Request-Id", "theirs") in outcome.headers


def test_a_request_has_its_own_method_path_parameters_headers_and_body(invoker: Invoker) -> None:
    event = {
        "httpMethod": "PATCH",
        "path": "/a b/../c//d",
        "queryStringParameters": {"q": ["1", "é&="], "n": 1.10},
        "headers": {
            "Host": "shop.example",
            "X-Long": "订单",
            "Accept-Encoding": "gzip",
            "Transfer-Encoding": "chunked",
        },
        "body": base64.b64encode(b"\0\xff").decode(),
    }
    with serving(answer()) as server:
        Sending(invoker, f"{server.url}/v1?k=v")(event, trigger="apig")
    heard = server.requests[0]
    assert (heard.method, heard.target) == ("PATCH", "/v1/a%20b/../c//d?k=v&q=1&q=%C3%A9%26%3D&n=1.1")
    assert (heard.header("Host"), heard.header("Accept-Encoding")) == (f"127.0.0.1:{server.port}", "gzip")
    assert (heard.header("X-Long") or "").encode("latin-1").decode() == "订单"
    assert (heard.header("Content-Length"), heard.header("Transfer-Encoding"), heard.body) == ("2", None, b"\0\xff")


@pytest.mark.parametrize(
    "event",
    [
        b"not json",
        {"httpMethod": "GET"},
        {**GET, "headers": {"X": "a\r\nX-Smuggled: 1"}},
        {**GET, "path": "/\r\n\r\nGET /x HTTP/1.1"},
        {**GET, "httpMethod": "GET / HTTP/1.1\r\nX: y"},
    ],
)
def test_an_event_that_stands_for_no_request_is_sent_to_nobody(invoker: Invoker, event: object) -> None:
    with serving(answer()) as server:
        outcome = Sending(invoker, server.url, "http")(event)
        assert server.connections == []
    assert isinstance(outcome, Raised)
    assert outcome.error.type == "InvalidEvent"
    assert outcome.body.startswith(b"failed to parse request, err: ")


def test_a_compressed_answer_is_opened_and_says_so_no_more(invoker: Invoker) -> None:
    body = gzip.compress(b"plain")
    with serving(
        answer(body=body, headers=(("Content-Encoding", "gzip"), ("Content-Type", "text/plain"))),
        answer(body=body, headers=(("Content-Encoding", "br"),)),
        answer(body=body, headers=(("Content-Encoding", "gzip"),)),
    ) as server:
        opened, closed, posted = [Sending(invoker, server.url)(trigger=trigger) for trigger in ("apig", "apig", "obs")]
    assert of_gateway(opened)[1:] == ({"Content-Type": ["text/plain"]}, b"plain")
    assert of_gateway(closed)[1:] == ({"Content-Encoding": ["br"], "Content-Length": [str(len(body))]}, body)
    assert posted.body == b"plain"


# No redirect is followed


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_the_other_server_hears_nothing(invoker: Invoker, status: int) -> None:
    with serving(answer()) as other, serving(redirect(f"{other.url}/x", status)) as server:
        raised = Sending(invoker, server.url, "container")()
        returned = Sending(invoker, server.url)(trigger="apig")
        assert len(server.requests) == 2
        assert other.connections == []
    assert isinstance(raised, Raised)
    assert raised.error.type == f"HTTP {status}"
    assert isinstance(returned, Returned)
    assert returned.status_code == status
    assert ("Location", f"{other.url}/x") in returned.headers


def test_a_redirect_of_a_container_that_says_nothing_says_where_to(invoker: Invoker) -> None:
    with serving(answer(307, headers=(("Location", "http://192.0.2.1/"),))) as server:
        outcome = Sending(invoker, server.url, "container")()
    assert isinstance(outcome, Raised)
    assert outcome.error.message == "redirected to http://192.0.2.1/, which is not followed"


# Sizes


@runtimes
@pytest.mark.parametrize(("size", "kind"), [(6_291_456, "returned"), (6_291_457, "invalid_response")])
def test_an_answer_has_at_most_what_the_platform_passes_on(
    invoker: Invoker, runtime: str | None, size: int, kind: str
) -> None:
    with serving(answer(body=b"x" * size)) as server:
        outcome = Sending(invoker, server.url, runtime, timeout_s=30)()
    assert outcome.kind == kind
    if isinstance(outcome, InvalidResponse):
        assert outcome.message == "response body size 6291457 exceeds the limit of 6291456"
        assert outcome.body == outcome.message.encode()


# No whole answer


@runtimes
def test_nobody_at_the_url_is_unreachable_and_has_not_run(invoker: Invoker, runtime: str | None) -> None:
    with a_port_nobody_listens_at() as port:
        outcome = Sending(invoker, f"http://127.0.0.1:{port}", runtime)()
    assert isinstance(outcome, Unreachable)
    assert "refused" in outcome.message
    assert not outcome.may_have_run


@pytest.mark.parametrize(
    "step", [raw(), reset(), truncated(b"half", 9), early(b""), chunked(b"a", end=b"5\r\nhal", then="close")]
)
def test_a_reply_that_breaks_may_have_run(invoker: Invoker, step: Step) -> None:
    with serving(step) as server:
        outcome = Sending(invoker, server.url)({"n": "x" * 100_000})
    assert isinstance(outcome, Unreachable)
    assert outcome.may_have_run
    assert outcome.message


@runtimes
@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
def test_a_timeout_stops_no_process_and_has_no_log(invoker: Invoker, runtime: str | None, sent: bytes) -> None:
    with serving(stall(sent)) as server:
        outcome = Sending(invoker, server.url, runtime, timeout_s=0.2)()
        server.ended()
    assert isinstance(outcome, TimedOut)
    assert (outcome.limit_s, outcome.stopped_processes) == (0.2, 0)
    assert (outcome.logs, outcome.cold_start, outcome.init_ms) == ("", None, None)


def test_cancelling_closes_the_connection(invoker: Invoker) -> None:
    cancelled = threading.Event()

    def cancel(_: Received) -> Step:
        cancelled.set()
        return stall()

    with serving(cancel) as server:
        outcome = Sending(invoker, server.url, timeout_s=100)(cancelled=cancelled)
        server.ended()
    assert isinstance(outcome, Cancelled)


def test_closing_the_invoker_ends_what_is_under_way(invoker: Invoker) -> None:
    ended: list[Outcome] = []
    with serving(stall()) as server:
        send = Sending(invoker, server.url, timeout_s=100)
        thread = threading.Thread(target=lambda: ended.append(send()))
        thread.start()
        server.heard()
        invoker.close()
        thread.join(30)
        server.ended()
    assert [outcome.kind for outcome in ended] == ["cancelled"]


def test_several_are_asked_at_once(invoker: Invoker) -> None:
    together = threading.Barrier(4)

    def meet(_: Received) -> Step:
        together.wait(30)
        return answer(body=b"{}")

    with serving(meet) as server:
        send = Sending(invoker, server.url, timeout_s=100)
        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.requests) == 4


# TLS, and other addresses


def test_a_server_is_trusted_by_the_certificate_of_the_target(invoker: Invoker) -> None:
    with serving(answer(body=b"{}"), tls="loopback") as server:
        trusted = Sending(invoker, f"{server.url}/v1", ca_file=AUTHORITY)()
        strange = Sending(invoker, f"{server.url}/v1")()
    assert trusted.kind == "returned"
    assert isinstance(strange, Unreachable)
    assert "certificate" in strange.message
    assert not strange.may_have_run
    assert len(server.requests) == 1


def test_a_server_of_ipv6_is_reached_by_its_address(invoker: Invoker) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with serving(answer(body=b"six"), host="::1") as server:
        outcome = Sending(invoker, server.url)()
        assert outcome.body == b"six"
        assert server.requests[0].header("Host") == f"[::1]:{server.port}"
        if "::1" in {entry[4][0] for entry in socket.getaddrinfo("localhost", 80)}:
            assert Sending(invoker, f"http://localhost:{server.port}")().body == b"six"
