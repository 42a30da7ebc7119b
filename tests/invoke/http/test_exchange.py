"""Answers of every framing, whole and cut, right and wrong; each over a real socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fgtui.invoke.http.errors import BrokenError
from fgtui.invoke.http.transport import Reply, Transport
from tests.invoke.harness import GUARD_S
from tests.invoke.http_servers import (
    AUTHORITY,
    Server,
    Step,
    answer,
    chunked,
    early,
    raw,
    reset,
    response,
    serving,
    stall,
    truncated,
)

OK = b"HTTP/1.1 200 OK\r\n"
OLD = b"HTTP/1.0 200 OK\r\n\r\n"
ID = b"X-Cff-Request-Id: 9f2c\r\n"


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport({})
    yield made
    made.close()


def sent(transport: Transport, server: Server, *, method: str = "POST", body: bytes = b"{}") -> Reply:
    return transport.send(
        method, server.url, [], body, timeout_s=GUARD_S, ca_file=AUTHORITY if server.url.startswith("https") else None
    )


def failure(transport: Transport, server: Server, **more: object) -> str:
    with pytest.raises(BrokenError) as caught:
        sent(transport, server, **more)
    assert caught.value.may_have_run
    return caught.value.message.removeprefix(f"127.0.0.1:{server.port}: ")


# Whole answers


@pytest.mark.parametrize(
    ("step", "body"),
    [
        pytest.param(answer(200, b""), b"", id="empty"),
        pytest.param(answer(200, b"\0\xff"), b"\0\xff", id="binary"),
        pytest.param(chunked(b"abc", b"de"), b"abcde", id="chunks"),
        pytest.param(chunked(), b"", id="no chunk"),
        pytest.param(chunked(b"abc", end=b"0\r\nX-Late: 1\r\n\r\n"), b"abc", id="trailers"),
        pytest.param(chunked(*[b"x"] * 5000), b"x" * 5000, id="a chunk for each byte"),
        pytest.param(raw(OK + b"Content-Length: 3, 3\r\n\r\nabc"), b"abc", id="one length said twice"),
        pytest.param(raw(OLD + b"abc"), b"abc", id="up to the end of an old connection"),
        pytest.param(raw(OK + b"Connection: close\r\n\r\nabc"), b"abc", id="up to the end of a new one"),
        pytest.param(
            raw(OK[:9], OK[9:], b"Content-Le", b"ngth: 3\r\n\r", b"\na", b"bc", pause_s=0.002), b"abc", id="drops"
        ),
        pytest.param(raw(b"HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc"), b"abc", id="no words"),
    ],
)
def test_an_answer_is_read_to_its_end(transport: Transport, step: Step, body: bytes) -> None:
    with serving(step) as server:
        reply = sent(transport, server)
    assert (reply.status, reply.body) == (200, body)


def test_an_answer_that_ends_with_a_tls_connection_is_whole_when_tls_says_so(transport: Transport) -> None:
    with serving(raw(OLD + b"abc", then="farewell"), raw(OLD + b"abc", then="close"), tls="loopback") as server:
        assert sent(transport, server).body == b"abc"
        assert failure(transport, server) == "the connection was closed; its answer is cut short at 3 bytes"


@pytest.mark.parametrize(
    ("method", "step"),
    [
        ("HEAD", raw(OK + b"Content-Length: 99999999\r\n\r\n", then="keep")),
        ("GET", raw(b"HTTP/1.1 204 No Content\r\n\r\n", then="keep")),
        ("GET", raw(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", then="keep")),
    ],
)
def test_an_answer_that_has_no_body_is_not_waited_for(transport: Transport, method: str, step: Step) -> None:
    with serving(step) as server:
        assert sent(transport, server, method=method, body=b"").body == b""
        sent(transport, server, method=method, body=b"")
        assert len(server.connections) == 1


def test_what_comes_before_the_answer_is_passed_over(transport: Transport) -> None:
    before = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"
    with serving(raw(before + response(201, b"abc"), then="keep")) as server:
        reply = sent(transport, server)
    assert (reply.status, reply.headers, reply.body) == (201, (("Content-Length", "3"),), b"abc")


def test_headers_come_as_they_are_spelled_and_as_often(transport: Transport) -> None:
    headers = (("X-CFF-Request-Id", "9f2c"), ("set-cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Word", "订单"))
    with serving(answer(200, b"", headers)) as server:
        assert sent(transport, server).headers[:4] == headers


@pytest.mark.parametrize("then", ["reset", "close", "hold"])
@pytest.mark.parametrize("tls", [None, "loopback"])
def test_an_answer_that_comes_before_the_request_is_read_is_the_answer(
    transport: Transport, then: str, tls: str | None
) -> None:
    refusal = response(413, b'{"error_code": "FSS.0413"}', (("Connection", "close"),))
    with serving(early(refusal, then), tls=tls) as server:
        reply = sent(transport, server, body=bytes(12 << 20))
        assert (reply.status, reply.body) == (413, b'{"error_code": "FSS.0413"}')
        server.ended()


def test_a_request_is_sent_to_its_end_while_interim_answers_come(transport: Transport) -> None:
    body = bytes(range(256)) * 40_000
    with serving(lambda request: raw(b"HTTP/1.1 100 Continue\r\n\r\n" + response(200, request.body[-9:]))) as server:
        assert sent(transport, server, body=body).body == body[-9:]


# Cut answers


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (raw(), "the connection was closed before an answer"),
        (raw(b"HTTP/1.1 2"), "the connection was closed within the headers of its answer"),
        (raw(OK + b"X-A"), "the connection was closed within the headers of its answer"),
        (truncated(b"abc", 10_000), "the connection was closed; its answer is cut short at 3 of 10,000 bytes"),
        (truncated(b"", 5), "the connection was closed; its answer is cut short at 0 of 5 bytes"),
        (chunked(b"abc", end=b"", then="close"), "the connection was closed; its answer is cut short at 3 bytes"),
        (chunked(end=b"5\r\nab", then="close"), "the connection was closed; its answer is cut short at 2 bytes"),
        (chunked(b"abc", end=b"0\r\n", then="close"), "the connection was closed; its answer is cut short at 3 bytes"),
        (reset(), "connection reset by peer before an answer"),
        (reset(OLD + b"abc"), "connection reset by peer; its answer is cut short at 3 bytes"),
    ],
)
def test_a_cut_is_said_with_what_came(transport: Transport, step: Step, words: str) -> None:
    with serving(step) as server:
        assert failure(transport, server) == words


def test_a_cut_answer_still_says_which_request_it_was_about(transport: Transport) -> None:
    with serving(raw(OK + ID + b"Content-Length: 9\r\n\r\nabc")) as server, pytest.raises(BrokenError) as caught:
        sent(transport, server)
    assert caught.value.headers == (("X-Cff-Request-Id", "9f2c"), ("Content-Length", "9"))


# Answers that are none


@pytest.mark.parametrize(
    ("sent_back", "words"),
    [
        (b"SSH-2.0-OpenSSH\r\n\r\n", "illegal status line “SSH-2.0-OpenSSH”"),
        (b"HTTP/2.0 200 OK\r\n\r\n", "it speaks HTTP/2.0"),
        (b"HTTP/1.1 099 No\r\n\r\n", "its status is not between 100 and 999"),
        (OK + b"no colon\r\n\r\n", "illegal header line “no colon”"),
        (OK + b"Content-Length: abc\r\n\r\n", "bad Content-Length"),
        (OK + b"Content-Length: -1\r\n\r\n", "bad Content-Length"),
        (OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", "conflicting Content-Length headers"),
        (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n", "only Transfer-Encoding: chunked is supported"),
        (OK + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", "it has both Content-Length and"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "illegal chunk header “xyz”"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "malformed chunk footer “bc”"),
        (b"\x1b[2J\x00", "illegal status line “\\x1b[2J\\x00”"),
    ],
)
def test_what_is_no_answer_is_said_on_one_line(transport: Transport, sent_back: bytes, words: str) -> None:
    with serving(raw(sent_back, then="hold")) as server:
        assert failure(transport, server).startswith(f"its answer is no HTTP: {words}")
        server.ended()


@pytest.mark.parametrize("status", ["101 Switching Protocols\r\nUpgrade: x", "200 OK"])
def test_nobody_is_followed_into_another_protocol(transport: Transport, status: str) -> None:
    with (
        serving(raw(f"HTTP/1.1 {status}\r\n\r\n".encode(), then="hold")) as server,
        pytest.raises(BrokenError) as caught,
    ):
        headers = [("Connection", "Upgrade"), ("Upgrade", "x")] if "101" in status else []
        transport.send("GET" if headers else "CONNECT", server.url, headers, b"", timeout_s=GUARD_S)
    assert "its answer is no HTTP: it switches to another protocol" in caught.value.message


# What is left behind an answer


@pytest.mark.parametrize("excess", [b"x", b"x" * 100_000, response(200, b"forged")])
def test_what_follows_an_answer_is_no_part_of_the_next_one(transport: Transport, excess: bytes) -> None:
    with serving(raw(response(200, b"first") + excess, then="keep"), answer(200, b"second")) as server:
        assert sent(transport, server).body == b"first"
        assert sent(transport, server).body == b"second"
        assert len(server.connections) == 2


def test_a_connection_that_is_said_to_end_is_not_used_again(transport: Transport) -> None:
    with serving(answer(200, b"", (("Connection", "close"),)), answer(), stall()) as server:
        sent(transport, server)
        sent(transport, server)
        assert len(server.connections) == 2
