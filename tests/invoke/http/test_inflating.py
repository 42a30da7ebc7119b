"""Compressed bodies: opened as they say, never beyond the limit."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.http.errors import BrokenError
from fgtui.invoke.http.inflating import INFLATED_LIMIT, InflatedError, inflated
from fgtui.invoke.http.transport import Transport
from tests.invoke.harness import GUARD_S
from tests.invoke.http_servers import answer, serving


def bare(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


PACKED = {"gzip": gzip.compress, "X-GZip": gzip.compress, "deflate": zlib.compress, "Deflate": bare}


@given(st.binary(max_size=300), st.lists(st.sampled_from(sorted(PACKED)), max_size=5))
def test_what_was_packed_comes_out(data: bytes, codings: list[str]) -> None:
    body = data
    for coding in codings:
        body = PACKED[coding](body)
    assert inflated(body, " , ".join(codings)) == data


def test_gzip_may_be_in_parts_and_filled_up() -> None:
    assert inflated(gzip.compress(b"ab", mtime=0) + gzip.compress(b"c", mtime=0) + bytes(8), "gzip") == b"abc"


@pytest.mark.parametrize("codings", ["", "identity", "br", "zstd", "aws-chunked"])
def test_what_nobody_packed_stays(codings: str) -> None:
    assert inflated(b"abc", codings) == b"abc"


def test_an_unknown_coding_stays_below_one_that_is_known() -> None:
    assert inflated(gzip.compress(b"abc", mtime=0), "br, gzip") == b"abc"
    assert inflated(gzip.compress(b"abc", mtime=0), "gzip, br") == gzip.compress(b"abc", mtime=0)


def test_an_empty_body_needs_no_opening() -> None:
    assert inflated(b"", "gzip") == b""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{}", "its body is no gzip, though its headers say so"),
        (gzip.compress(b"a" * 99, mtime=0)[:-9], "its body is cut short within its gzip"),
        (gzip.compress(b"abc", mtime=0) + b"more", "its body is no gzip, though its headers say so"),
        (gzip.compress(b"abc", mtime=0)[:-8] + bytes(8), "its body is no gzip, though its headers say so"),
    ],
)
def test_what_is_not_what_it_says_is_said(body: bytes, words: str) -> None:
    with pytest.raises(InflatedError, match=words):
        inflated(body, "gzip")


def test_a_body_may_be_as_large_as_the_limit_and_no_larger() -> None:
    assert len(inflated(gzip.compress(bytes(INFLATED_LIMIT), mtime=0), "gzip")) == INFLATED_LIMIT
    bomb = gzip.compress(bytes(INFLATED_LIMIT + 1), mtime=0)
    for body, codings in (
        (bomb, "gzip"),
        (gzip.compress(bomb, mtime=0), "gzip, gzip"),
        (gzip.compress(b"a", mtime=0) + bomb, "gzip"),
    ):
        with pytest.raises(InflatedError, match="larger than 16 MiB once it is decompressed"):
            inflated(body, codings)


def test_layers_upon_layers_are_not_opened() -> None:
    with pytest.raises(InflatedError, match="compressed 6 times, over the limit of 5"):
        inflated(b"abc", ",".join(["gzip"] * 6))


def test_an_answer_comes_open_and_its_headers_as_they_were() -> None:
    packed = gzip.compress("订单".encode())
    transport = Transport({})
    with serving(
        answer(200, packed, (("Content-Encoding", "gzip"),)), answer(200, b"{}", (("content-encoding", "gzip"),))
    ) as server:
        reply = transport.send("GET", server.url, [], b"", timeout_s=GUARD_S)
        with pytest.raises(BrokenError) as caught:
            transport.send("GET", server.url, [], b"", timeout_s=GUARD_S)
        transport.close()
    assert reply.body == "订单".encode()
    assert reply.headers == (("Content-Encoding", "gzip"), ("Content-Length", str(len(packed))))
    assert caught.value.message == f"127.0.0.1:{server.port}: its body is no gzip, though its headers say so"
    assert caught.value.may_have_run
    assert dict(caught.value.headers)["content-encoding"] == "gzip"
