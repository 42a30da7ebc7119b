from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.http1 import (
    HEAD_LIMIT,
    Body,
    CutError,
    Head,
    MalformedError,
    is_token,
    message,
    quoted,
    request_body,
    response_body,
    take_head,
)


def head_of(data: bytes) -> Head:
    head = take_head(bytearray(data))
    assert head is not None
    return head


def read(body: Body, data: bytes) -> bytes:
    """What is left behind the body."""
    buffer = bytearray(data)
    body.feed(buffer)
    return bytes(buffer)


# Heads


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"GET / HTTP/1.1\r\nno colon\r\n\r\n", id="no-colon"),
        pytest.param(b"GET / HTTP/1.1\r\nA : b\r\n\r\n", id="space-before-colon"),
        pytest.param(b"GET / HTTP/1.1\r\n: b\r\n\r\n", id="no-name"),
        pytest.param(b"GET / HTTP/1.1\r\nA\xe9: b\r\n\r\n", id="name-beyond-ascii"),
        pytest.param(b"GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", id="nul"),
        pytest.param(b"GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", id="bare-return"),
        pytest.param(b"GET / HTTP/1.1\r\n folded: first\r\n\r\n", id="fold-of-nothing"),
        pytest.param(b"A" * (HEAD_LIMIT + 1), id="no-end"),
        pytest.param(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"\r\n", id="too-many"),
    ],
)
def test_a_head_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        take_head(bytearray(data))


@pytest.mark.parametrize("data", [b"", b"\r\n", b"GET / HTTP/1.1", b"GET / HTTP/1.1\r\nA: b\r\n", b"\r"])
def test_a_head_that_is_not_all_there_is_waited_for(data: bytes) -> None:
    assert take_head(bytearray(data)) is None


def test_a_head_is_taken_off_the_front() -> None:
    buffer = bytearray(b"\r\nGET /a HTTP/1.1\r\nA:  b \r\na:\tc\n d\r\n\r\nrest")
    head = take_head(buffer)
    assert head is not None
    assert head.request() == ("GET", "/a", 1)
    assert head.headers == [("A", "b"), ("a", "c d")]
    assert head.all("a") == ["b", "c d"]
    assert buffer == b"rest"


@pytest.mark.parametrize(
    "start", [b"", b"GET /", b"GET  / HTTP/1.1", b"GET / HTTP/2.0", b"G\xc3\xa9T / HTTP/1.1", b"GET /\x01 HTTP/1.1"]
)
def test_a_first_line_that_is_no_request_is_refused(start: bytes) -> None:
    with pytest.raises(MalformedError):
        Head(start, []).request()


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1", b"HTTP/1.1 20", b"HTTP/1.1 2000", b"HTTP/1.1 099 x", b"HTTP/2 200 OK"]
)
def test_a_first_line_that_is_no_status_is_refused(start: bytes) -> None:
    with pytest.raises(MalformedError):
        Head(start, []).status()


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK", b"HTTP/1.0 200", b"HTTP/1.1 200 ", b"HTTP/1.1 200 Gr\xfc\xdfe"])
def test_a_status_needs_no_reason(start: bytes) -> None:
    assert Head(start, []).status() == 200


# Bodies


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: -1",
        b"Content-Length: 1x",
        b"Content-Length: 0x10",
        b"Content-Length: " + b"9" * 40,
        b"Content-Length: 1\r\nContent-Length: 2",
        b"Transfer-Encoding: gzip",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 3",
    ],
)
def test_a_request_framed_in_another_way_is_refused(headers: bytes) -> None:
    with pytest.raises(MalformedError):
        request_body(head_of(b"POST / HTTP/1.1\r\n" + headers + b"\r\n\r\n"), 10)


@pytest.mark.parametrize(
    "headers", [b"Content-Length: 3\r\n", b"Content-Length: 3, 3\r\n", b"content-length: 3\r\nContent-Length: 3\r\n"]
)
def test_a_length_counts_bytes(headers: bytes) -> None:
    body = request_body(head_of(b"POST / HTTP/1.1\r\n" + headers + b"\r\n"), 10)
    assert read(body, b"abcd") == b"d"
    assert body.is_done
    assert body.data == b"abc"


@pytest.mark.parametrize(
    ("start", "method", "headers", "left"),
    [
        (b"200 OK", "HEAD", b"Content-Length: 3\r\n", b"abcd"),
        (b"204 None", "GET", b"Content-Length: 3\r\n", b"abcd"),
        (b"304 Same", "GET", b"Transfer-Encoding: chunked\r\n", b"abcd"),
        (b"200 OK", "GET", b"Content-Length: 3\r\n", b"d"),
        (b"200 OK", "GET", b"", b""),
        (b"200 OK", "GET", b"Transfer-Encoding: gzip\r\n", b""),
    ],
)
def test_a_response_ends_where_its_head_says(start: bytes, method: str, headers: bytes, left: bytes) -> None:
    body = response_body(head_of(b"HTTP/1.1 " + start + b"\r\n" + headers + b"\r\n"), method, 10)
    assert read(body, b"abcd") == left
    body.end()
    assert body.is_done


@pytest.mark.parametrize(
    "data",
    [
        b"zz\r\n",
        b"-1\r\n",
        b"\r\n",
        b"1\r\nabc\r\n",
        b"1\r\na\n0\r\n\r\n",
        b"f" * 5000,
        b"0\r\n" + b"a: b\r\n" * 20_000,
        b"0x1\r\n",
    ],
)
def test_chunks_that_are_none_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        read(Body(None, is_chunked=True), data)


@pytest.mark.parametrize(("body", "size"), [(Body(5), 3), (Body(None, is_chunked=True), 0)])
def test_a_body_cut_short_is_an_error(body: Body, size: int) -> None:
    read(body, b"abc" if body.length else b"3\r\n")
    with pytest.raises(CutError) as caught:
        body.end()
    assert (caught.value.size, caught.value.expected) == (size, body.length)


def test_what_is_not_kept_is_counted() -> None:
    body = Body(None, is_chunked=True, keep=4)
    assert read(body, b"3\r\nabc\r\n3;x=y\r\ndef\r\n0\r\nTrailer: x\r\n\r\nrest") == b"rest"
    assert (bytes(body.data), body.size, body.is_done) == (b"abcd", 6, True)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5), st.data())
def test_chunks_are_put_together_however_they_arrive(pieces: list[bytes], data: st.DataObject) -> None:
    wire = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\nrest"
    body, buffer = Body(None, is_chunked=True, keep=1000), bytearray()
    while wire:
        size = data.draw(st.integers(1, 30))
        buffer += wire[:size]
        wire = wire[size:]
        body.feed(buffer)
    assert body.is_done
    assert bytes(body.data) == b"".join(pieces)
    assert buffer == b"rest"


@given(st.binary(max_size=80))
def test_whatever_the_bytes_nothing_but_words_is_raised(data: bytes) -> None:
    buffer = bytearray(data)
    try:
        head = take_head(buffer)
        if head is not None:
            body = request_body(head, 100)
            body.feed(buffer)
            head.request()
    except MalformedError:
        return


@given(
    st.lists(st.tuples(st.from_regex(r"[A-Za-z-]{1,9}", fullmatch=True), st.from_regex(r"[!-~é]{0,9}", fullmatch=True)))
)
def test_what_is_written_can_be_read(headers: list[tuple[str, str]]) -> None:
    buffer = bytearray(message("GET /x HTTP/1.1", headers, b"body"))
    head = take_head(buffer)
    assert head is not None
    assert head.headers == headers
    assert buffer == b"body"


# Words


@pytest.mark.parametrize(
    ("text", "expected"), [("GET", True), ("", False), ("A B", False), ("é", False), ("A\n", False)]
)
def test_a_token_is_made_of_visible_letters(text: str, expected: bool) -> None:
    assert is_token(text) is expected


@pytest.mark.parametrize(
    ("data", "shown"),
    [(b"a", "“a”"), (b"a\r\n\x1b[", "“a\\r\\n\\x1b[”"), (b"\xff", "“\ufffd”"), (b"x" * 99, f"“{'x' * 80}…”")],
)
def test_foreign_bytes_are_quoted_on_one_line(data: bytes, shown: str) -> None:
    assert quoted(data) == shown
