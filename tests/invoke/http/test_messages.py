"""What becomes of bytes that are no HTTP: sentences, whatever the bytes."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.http import messages

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
NOISE = st.sampled_from([b"", b"GET / HTTP/1.1\r\n", HEAD, CHUNKED, CHUNKED + b"1\r\n", b"Content-Length: ", b"\r\n"])


def words_about(role: type[h11.CLIENT | h11.SERVER], data: bytes) -> str:
    """Why ``data`` is refused; empty when it is not."""
    http = messages.connection(role)
    if role is h11.CLIENT:
        http.send(h11.Request(method="GET", target="/", headers=[("Host", "here")]))
        http.send(h11.EndOfMessage())
    http.receive_data(data)
    try:
        while not isinstance(event := messages.next_event(http), type) and not isinstance(event, h11.EndOfMessage):
            if isinstance(event, h11.Request | h11.Response):
                messages.check(event)
    except messages.MalformedError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"SSH-2.0\r\n\r\n", "illegal status line “SSH-2.0”"),
        (b"\x15\x03\x01", "illegal status line “\\x15\\x03\\x01”"),
        (b"x" * 200 + b"\r\n\r\n", f"illegal status line “{'x' * 80}…”"),
        (HEAD + b"A\xff'\": b\r\n\r\n", "illegal header line “A\\xff\\'\": b”"),
        (HEAD + b" folded\r\n\r\n", "continuation line at start of headers"),
        (CHUNKED + b"0x1\r\n", "illegal chunk header “0x1”"),
        (CHUNKED + b"1\r\nabc\r\n", "malformed chunk footer “bc”"),
        (CHUNKED + b"0\r\n" + b"a: b\r\n" * 20_000, "a line between its chunks is larger than 65536 bytes"),
        (b"A" * 65_537, "its headers are larger than 65536 bytes"),
        (b"HTTP/1.1 101 Switch\r\n\r\n", "it switches to another protocol"),
        (b"HTTP/1.1 000 Nothing\r\n\r\n", "its status is not between 100 and 999"),
        (b"HTTP/1.2 200 OK\r\n\r\n", "it speaks HTTP/1.2"),
    ],
)
def test_a_response_that_is_none_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    assert words_about(h11.CLIENT, data) == words


@given(
    st.lists(NOISE | st.binary(max_size=20), max_size=6).map(b"".join).filter(bool),
    st.sampled_from([h11.CLIENT, h11.SERVER]),
)
def test_whatever_the_bytes_the_words_are_one_line_that_can_be_shown(
    data: bytes, role: type[h11.CLIENT | h11.SERVER]
) -> None:
    words = words_about(role, data)
    assert len(words) < 160
    assert words.isprintable()
    assert "bytearray" not in words
