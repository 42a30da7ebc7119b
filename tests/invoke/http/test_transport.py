"""One request, one answer, within one deadline, and nothing sent that cannot be."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.http import connections
from fgtui.invoke.http.errors import BrokenError, LateError, StoppedError
from fgtui.invoke.http.transport import Reply, Transport
from tests.invoke.harness import GUARD_S, wait_until
from tests.invoke.http_servers import (
    AUTHORITY,
    Server,
    Step,
    a_port_nobody_listens_at,
    a_port_that_never_answers,
    answer,
    chunked,
    raw,
    redirect,
    reset,
    response,
    serving,
    stall,
    tunnel,
)

SOON_S = 0.15
"""A deadline that is to pass."""
LATE_BY_S = 5.0
"""Ten times what a call may take longer."""
HEADERS = b"HTTP/1.1 200 OK\r\nX-Cff-Request-Id: 9f2c\r\n"


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport({})
    yield made
    made.close()


def sent(transport: Transport, url: str, *, method: str = "POST", body: bytes = b"{}", **more: object) -> Reply:
    return transport.send(method, url, more.pop("headers", []), body, **{"timeout_s": GUARD_S, **more})


def failure(kind: type[BrokenError | LateError | StoppedError], transport: Transport, url: str, **more: object):
    began = time.monotonic()
    with pytest.raises(kind) as caught:
        sent(transport, url, **more)
    if kind is LateError:
        assert time.monotonic() - began < more["timeout_s"] + LATE_BY_S
    return caught.value


def ended(transport: Transport, url: str) -> str:
    """The status, or whom the words are about that say why there is none."""
    try:
        return str(sent(transport, url).status)
    except BrokenError as error:
        return error.message.partition(": ")[0] if error.may_have_run else error.message


# What is sent


def test_a_request_goes_out_as_it_was_given(transport: Transport) -> None:
    with serving(answer(201, b"made", (("X-Word", "päper"),))) as server:
        reply = sent(transport, f"{server.url}/v2/urn%3Afss/%2e.?b=2&a=%20", headers=[("X-A", "1"), ("x-a", "2")])
    assert server.requests[0].raw.decode() == (
        f"POST /v2/urn%3Afss/%2e.?b=2&a=%20 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        "X-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\n{}"
    )
    assert reply == Reply(201, (("X-Word", "päper"), ("Content-Length", "4")), b"made")


def test_a_host_and_a_length_that_are_given_are_not_given_twice(transport: Transport) -> None:
    with serving() as server:
        sent(transport, server.url, headers=[("host", "functiongraph.example"), ("content-length", "2")])
        sent(transport, server.url, method="GET", body=b"")
    assert [name for name, _ in server.requests[0].headers] == ["host", "content-length"]
    assert [name for name, _ in server.requests[1].headers] == ["Host"]


def test_paths_and_headers_may_be_chinese(transport: Transport) -> None:
    with serving() as server:
        sent(transport, f"{server.url}/订单?名=值", headers=[("X-Name", "订单")])
    (request,) = server.requests
    assert request.path == "/%E8%AE%A2%E5%8D%95?%E5%90%8D=%E5%80%BC"
    assert "X-Name: 订单\r\n".encode() in request.raw


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (("X-A", "one\r\nX-B: two"), "a header's value has a line break"),
        (("X-A", "one\n"), "a header's value has a line break"),
        (("X-A", "one\0"), "a header's value has a line break"),
        (("X-A\r\nX-B", "two"), "a header's name"),
        (("订单", "two"), "a header's name"),
        (("Content-Length", "99"), "Content-Length is not the length"),
        (("X-A", "\udcff"), "a header's name"),
    ],
)
def test_headers_that_would_smuggle_are_refused_before_anything_leaves(
    transport: Transport, header: tuple[str, str], words: str
) -> None:
    with serving() as server:
        error = failure(BrokenError, transport, server.url, headers=[header])
        assert words in error.message
        assert "two" not in error.message
        assert not error.may_have_run
        assert server.connections == []


@pytest.mark.parametrize("method", ["", "GET /", "G\r\nET", "方法"])
def test_a_method_that_is_none_is_refused(transport: Transport, method: str) -> None:
    with serving() as server:
        assert not failure(BrokenError, transport, server.url, method=method).may_have_run
        assert server.connections == []


@pytest.mark.parametrize(
    "url",
    ["", "here", "ftp://here/", "http://", "http://[::1/", "http://here:99999/", "http://a b/", "http://me:word@here/"],
)
def test_an_address_that_is_none_is_refused_and_never_quoted(transport: Transport, url: str) -> None:
    error = failure(BrokenError, transport, url)
    assert "nothing was sent" in error.message
    assert "word@" not in error.message
    assert not error.may_have_run


# Never twice, nowhere else


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_nobody_follows_it(transport: Transport, status: int) -> None:
    with serving() as elsewhere, serving(redirect(elsewhere.url, status)) as server:
        reply = sent(transport, server.url, headers=[("X-Auth-Token", "t")])
        assert (reply.status, dict(reply.headers)["Location"]) == (status, elsewhere.url)
        assert elsewhere.connections == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_failed_is_not_tried_again(transport: Transport, status: int) -> None:
    with serving(answer(status, b"later", (("Retry-After", "0"),)), answer()) as server:
        assert sent(transport, server.url).status == status
        assert len(server.requests) == 1


def test_a_request_that_dies_on_a_kept_connection_may_have_run_and_is_not_sent_again(transport: Transport) -> None:
    with serving(answer(), reset(), answer()) as server:
        sent(transport, server.url)
        error = failure(BrokenError, transport, server.url)
        assert error.may_have_run
        assert len(server.requests) == 2
        assert len(server.connections) == 1


def test_passwords_of_netrc_are_not_looked_for(
    transport: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    (tmp_path / ".netrc").write_text("default login me password word\n", "utf-8")
    with serving() as server:
        sent(transport, server.url)
    assert server.requests[0].header("Authorization") is None


# The deadline


@pytest.mark.parametrize(
    ("step", "headers"),
    [
        pytest.param(stall(), (), id="before the answer"),
        pytest.param(stall(b"HTTP/1.1 200"), (), id="within the status"),
        pytest.param(stall(HEADERS), (), id="within the headers"),
        pytest.param(
            stall(HEADERS + b"Content-Length: 9\r\n\r\nabc"),
            (("X-Cff-Request-Id", "9f2c"), ("Content-Length", "9")),
            id="within the body",
        ),
        pytest.param(
            stall(HEADERS + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
            (("X-Cff-Request-Id", "9f2c"), ("Transfer-Encoding", "chunked")),
            id="within the chunks",
        ),
    ],
)
def test_a_server_that_stalls_is_late_and_left(transport: Transport, step: Step, headers: object) -> None:
    with serving(step) as server:
        error = failure(LateError, transport, server.url, timeout_s=SOON_S)
        assert error.may_have_run
        assert error.headers == headers
        server.ended()


@pytest.mark.parametrize("drop", [b"x", b"1\r\nx\r\n", b"HTTP/1.1 103 Early\r\n\r\n"])
def test_one_deadline_is_over_an_answer_that_drips(transport: Transport, drop: bytes) -> None:
    head = {b"x": b"Content-Length: 999\r\n\r\n", b"1": b"Transfer-Encoding: chunked\r\n\r\n"}.get(drop[:1])
    first = b"" if head is None else b"HTTP/1.1 200 OK\r\n" + head
    with serving(raw(first, *[drop] * 400, pause_s=0.01)) as server:
        assert failure(LateError, transport, server.url, timeout_s=SOON_S).may_have_run
        server.ended()


def test_a_server_that_reads_nothing_is_late(transport: Transport) -> None:
    wakes = threading.Event()
    with serving(Step(reads="head", after=wakes)) as server:
        error = failure(LateError, transport, server.url, body=bytes(40 << 20), timeout_s=SOON_S)
        assert error.may_have_run
        wakes.set()
        server.ended()


def test_a_connection_that_is_never_taken_is_late_and_nothing_was_sent(transport: Transport) -> None:
    with a_port_that_never_answers() as port:
        error = failure(LateError, transport, f"http://127.0.0.1:{port}", timeout_s=SOON_S)
    assert not error.may_have_run
    assert error.message == f"127.0.0.1:{port} does not answer: no connection came about"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_nobody_resolves_is_late_and_nothing_was_sent(
    transport: Transport, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answers = threading.Event(), threading.Event()

    def silent(*arguments: object, **more: object) -> list[object]:
        asked.set()
        answers.wait(GUARD_S)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    error = failure(LateError, transport, f"{scheme}://functiongraph.example", timeout_s=SOON_S)
    assert not error.may_have_run
    assert asked.is_set()
    answers.set()
    wait_until(lambda: not any("functiongraph.example" in each.name for each in threading.enumerate()), "it has ended")


def test_a_handshake_nobody_answers_is_late_and_nothing_was_sent(transport: Transport) -> None:
    with serving(Step(then="hold", reads="nothing")) as server:
        error = failure(LateError, transport, server.url.replace("http:", "https:"), timeout_s=SOON_S)
        assert not error.may_have_run
        assert "takes connections, but no TLS came about" in error.message
        server.ended()


def test_a_proxy_that_does_not_answer_is_late_and_nothing_was_sent() -> None:
    with serving(stall()) as proxy:
        transport = Transport({"https_proxy": proxy.url})
        error = failure(LateError, transport, "https://functiongraph.example", timeout_s=SOON_S)
        assert not error.may_have_run
        assert error.message == f"the proxy {proxy.url} (https_proxy) opened no way to functiongraph.example:443"
        proxy.ended()


# Stopping


@pytest.mark.parametrize("tls", [None, "loopback"])
@pytest.mark.parametrize("begun", [b"", HEADERS, HEADERS + b"Content-Length: 9\r\n\r\nabc"])
def test_whoever_stops_a_call_closes_its_connection(transport: Transport, begun: bytes, tls: str | None) -> None:
    cancelled = threading.Event()
    with serving(stall(begun), tls=tls) as server, ThreadPoolExecutor(1) as threads:
        ca_file = AUTHORITY if tls else None
        call = threads.submit(failure, StoppedError, transport, server.url, cancelled=cancelled, ca_file=ca_file)
        server.heard()
        cancelled.set()
        assert call.result(GUARD_S).may_have_run
        server.ended()


def test_a_call_that_is_still_connecting_is_stopped_too(transport: Transport) -> None:
    cancelled = threading.Event()
    with serving(Step(then="hold", reads="nothing")) as server, ThreadPoolExecutor(1) as threads:
        url = server.url.replace("http:", "https:")
        call = threads.submit(failure, StoppedError, transport, url, cancelled=cancelled)
        wait_until(lambda: server.connections, "it is shaking hands")
        cancelled.set()
        assert not call.result(GUARD_S).may_have_run
        server.ended()


def test_a_call_that_was_stopped_before_it_began_sends_nothing(transport: Transport) -> None:
    cancelled = threading.Event()
    cancelled.set()
    with serving() as server:
        assert not failure(StoppedError, transport, server.url, cancelled=cancelled).may_have_run
        assert server.connections == []


def test_stopping_one_call_leaves_the_others(transport: Transport) -> None:
    cancelled, answers = threading.Event(), threading.Event()
    late = Step((response(200, b"late"),), after=answers)
    with serving(late, late) as server, ThreadPoolExecutor(2) as threads:
        stopped = threads.submit(failure, StoppedError, transport, server.url, cancelled=cancelled)
        other = threads.submit(sent, transport, server.url)
        server.heard(2)
        cancelled.set()
        stopped.result(GUARD_S)
        answers.set()
        assert other.result(GUARD_S).body == b"late"


def test_closing_stops_every_call_and_takes_no_other() -> None:
    transport = Transport({})
    with serving(answer(), stall()) as server, ThreadPoolExecutor(4) as threads:
        sent(transport, server.url)
        calls = [threads.submit(failure, StoppedError, transport, server.url) for _ in range(4)]
        server.heard(5)
        transport.close()
        assert all(call.result(GUARD_S).may_have_run for call in calls)
        assert not failure(StoppedError, transport, server.url).may_have_run
        server.ended()
    transport.close()


def test_closing_what_was_never_used_is_nothing() -> None:
    transport = Transport({})
    transport.close()
    failure(StoppedError, transport, "http://127.0.0.1:9")


# Limits


def test_an_answer_over_eight_mebibytes_is_refused_with_its_headers(transport: Transport) -> None:
    whole = bytes(8 << 20)
    with serving(answer(200, whole), answer(200, whole + b"x", (("X-Cff-Request-Id", "9f2c"),))) as server:
        assert sent(transport, server.url).body == whole
        error = failure(BrokenError, transport, server.url)
        assert error.message == f"the answer of 127.0.0.1:{server.port} is larger than 8 MiB"
        assert error.may_have_run
        assert ("X-Cff-Request-Id", "9f2c") in error.headers
        server.ended()


def test_an_answer_that_says_it_is_too_large_is_not_waited_for(transport: Transport) -> None:
    with serving(stall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\nx")) as server:
        assert "larger than 8 MiB" in failure(BrokenError, transport, server.url).message


def test_chunks_without_an_end_are_cut_off(transport: Transport) -> None:
    with serving(chunked(*[bytes(1 << 20)] * 9, end=b"")) as server:
        assert "larger than 8 MiB" in failure(BrokenError, transport, server.url).message


@pytest.mark.parametrize(
    "flood",
    [b"A" * 70_000, b"X: y\r\n" * 12_000 + b"\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n"],
)
def test_headers_without_an_end_are_cut_off(transport: Transport, flood: bytes) -> None:
    start = b"" if flood.startswith(b"HTTP") else b"HTTP/1.1 200 OK\r\n"
    with serving(raw(start + flood, then="hold")) as server:
        error = failure(BrokenError, transport, server.url)
        assert error.message.endswith("its headers are larger than 65536 bytes")
        assert error.may_have_run


def test_interim_answers_without_an_end_are_cut_off(transport: Transport) -> None:
    with serving(raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 101, then="hold")) as server:
        assert "more than 100 interim responses" in failure(BrokenError, transport, server.url).message


# Where nobody is


def test_a_port_nobody_listens_at_is_named(transport: Transport) -> None:
    with a_port_nobody_listens_at() as port:
        error = failure(BrokenError, transport, f"http://127.0.0.1:{port}/secret")
    assert error.message == f"127.0.0.1:{port}: connection refused"
    assert not error.may_have_run


def test_a_name_nobody_knows_is_named(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*arguments: object, **more: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure(BrokenError, transport, "https://functiongraph.example")
    assert error.message == ("functiongraph.example:443: no address is known for that name: name or service not known")
    assert not error.may_have_run


def test_an_address_that_takes_nothing_is_passed_over(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer(200, b"second")) as server, a_port_nobody_listens_at() as port:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", each)) for each in (port, server.port)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **more: found)
        assert sent(transport, "http://functiongraph.example").body == b"second"


def test_an_address_that_swallows_what_is_sent_to_it_leaves_time_for_the_next(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "CONNECT_S", SOON_S)
    with serving(answer(200, b"second")) as server, a_port_that_never_answers() as port:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", each)) for each in (port, server.port)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **more: found)
        assert sent(transport, "http://functiongraph.example", timeout_s=LATE_BY_S).body == b"second"


def test_addresses_of_the_sixth_version_are_reached(transport: Transport) -> None:
    with ExitStack() as stack:
        try:
            server: Server = stack.enter_context(serving(host="::1"))
        except OSError:
            pytest.skip("this machine has no IPv6")
        sent(transport, server.url)
        assert server.requests[0].header("Host") == f"[::1]:{server.port}"


# Through a proxy


def test_a_tunnel_carries_https_and_the_proxy_sees_the_host_alone() -> None:
    with serving(answer(200, b"far"), tls="elsewhere") as server, serving(tunnel(server.port)) as proxy:
        transport = Transport({"HTTPS_PROXY": f"http://me:w%40rd@127.0.0.1:{proxy.port}"})
        reply = sent(transport, "https://elsewhere.example/path", ca_file=AUTHORITY, headers=[("X-Auth-Token", "t")])
        assert sent(transport, "https://elsewhere.example/", ca_file=AUTHORITY).body == reply.body == b"far"
        transport.close()
    (connect,) = proxy.requests
    assert (connect.method, connect.target) == ("CONNECT", "elsewhere.example:443")
    assert connect.header("Proxy-Authorization") == "Basic bWU6d0ByZA=="
    assert connect.header("X-Auth-Token") is None
    assert server.requests[0].header("Proxy-Authorization") is None


def test_plain_http_goes_to_the_proxy_with_its_whole_address() -> None:
    with serving(answer(200, b"far")) as proxy:
        transport = Transport({"http_proxy": f"me:word@127.0.0.1:{proxy.port}"})
        assert sent(transport, "http://elsewhere.example/path?a=1").body == b"far"
        transport.close()
    (request,) = proxy.requests
    assert (request.target, request.header("Host")) == ("http://elsewhere.example/path?a=1", "elsewhere.example")
    assert request.header("Proxy-Authorization") == "Basic bWU6d29yZA=="


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("credentials", ["", "me:word@"])
def test_a_proxy_that_wants_credentials_says_so_as_itself(scheme: str, credentials: str) -> None:
    with serving(answer(407, b"", (("Proxy-Authenticate", "Basic"),))) as proxy:
        transport = Transport({"all_proxy": f"http://{credentials}127.0.0.1:{proxy.port}"})
        error = failure(BrokenError, transport, f"{scheme}://elsewhere.example")
        transport.close()
    wants = "other credentials" if credentials else "a name and a password"
    assert error.message.startswith(f"the proxy http://127.0.0.1:{proxy.port} wants {wants} (407): all_proxy")
    assert "word" not in error.message.replace("password", "")
    assert not error.may_have_run


def test_a_proxy_that_refuses_or_is_not_there_is_named() -> None:
    with serving(answer(403)) as proxy, a_port_nobody_listens_at() as port:
        refused = failure(BrokenError, Transport({"https_proxy": proxy.url}), "https://elsewhere.example")
        absent = Transport({"https_proxy": f"http://me:word@127.0.0.1:{port}"})
        away = failure(BrokenError, absent, "https://elsewhere.example")
    assert refused.message == f"the proxy {proxy.url} (https_proxy) refused: 403 Words"
    assert away.message == f"the proxy http://127.0.0.1:{port} (https_proxy): connection refused"
    assert not refused.may_have_run
    assert not away.may_have_run


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("socks5://me:word@127.0.0.1:1080", "would be spoken to by socks5"),
        ("https://me:word@127.0.0.1:3128", "would be spoken to by https"),
        ("http://me:word@127.0.0.1:99999", "https_proxy holds no address of a proxy"),
        ("http://", "https_proxy holds no address of a proxy"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_said_without_its_password(value: str, words: str) -> None:
    error = failure(BrokenError, Transport({"https_proxy": value}), "https://elsewhere.example")
    assert words in error.message
    assert "word@" not in error.message
    assert not error.may_have_run


def test_this_machine_is_never_reached_through_a_proxy(transport: Transport) -> None:
    with serving() as proxy, serving() as server:
        through = Transport({"http_proxy": proxy.url, "all_proxy": proxy.url})
        sent(through, server.url)
        sent(through, server.url.replace("127.0.0.1", "localhost"))
        through.close()
        assert len(server.requests) == 2
        assert proxy.connections == []


# Several places


def test_two_servers_of_one_host_are_two_places(transport: Transport) -> None:
    with serving(answer(200, b"one")) as one, serving(answer(200, b"other")) as other:
        assert [sent(transport, each.url).body for each in (one, other, one, other)] == [b"one", b"other"] * 2


# Many at once


def test_sixteen_threads_share_a_transport_and_each_gets_its_own_answer(transport: Transport) -> None:
    with serving(lambda request: answer(200, request.body)) as server, ThreadPoolExecutor(16) as threads:
        bodies = [b"%d" % number for number in range(160)]
        replies = list(threads.map(lambda body: sent(transport, server.url, body=body).body, bodies))
        assert replies == bodies
        assert len(server.connections) <= 16


@given(st.binary(max_size=300), st.integers(1, 3))
def test_whatever_answers_there_is_a_reply_or_words(data: bytes, cut: int) -> None:
    transport = Transport({})
    with serving(raw(response(200, data)[:-cut], data)) as server:
        assert ended(transport, server.url) in {"200", f"127.0.0.1:{server.port}"}
    transport.close()


def test_whoever_sends_nothing_does_not_load_what_sends() -> None:
    code = "import sys; from fgtui.invoke.http.transport import Transport; Transport().close(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"urllib3", "h11", "ssl", "http.client"} & set(loaded)
