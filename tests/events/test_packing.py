"""The steps that codecs are made of, against independent implementations."""

from __future__ import annotations

import base64
import gzip
import re

from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.codecs import Codec
from fgtui.events.packing import INFLATE_LIMIT, Budget, base64_codec, base64_decode, base64_encode, gzip_like, inflate


@given(st.text(alphabet="ABCXYZabcxyz0189+/-_=", max_size=12))
def test_only_what_an_independent_encoder_writes_is_base64(text: str) -> None:
    plain = text.rstrip("=")
    url = re.search("[-_]", plain) is not None
    padded = plain.replace("-", "+").replace("_", "/") + "=" * (-len(plain) % 4)
    try:
        raw = base64.b64decode(padded, validate=True)
    except ValueError:
        raw = None
    if raw is not None:
        encode = base64.urlsafe_b64encode if url else base64.b64encode
        full = encode(raw).decode()
        if text not in {full, full.rstrip("=")}:
            raw = None
    assert base64_decode(text) == raw


@given(
    st.binary(max_size=40),
    st.sampled_from([Codec.BASE64, Codec.BASE64_NOPAD, Codec.BASE64URL, Codec.BASE64URL_NOPAD]),
)
def test_every_spelling_round_trips(raw: bytes, codec: Codec) -> None:
    text = base64_encode(raw, codec)
    assert base64_decode(text) == raw
    read_as = base64_codec(text)
    assert read_as is not None
    assert base64_encode(raw, read_as) == text


def test_inflation_stops_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * (INFLATE_LIMIT + 1), mtime=0)
    assert inflate(bomb) is None
    assert inflate(gzip.compress(b"\0" * INFLATE_LIMIT, mtime=0)) is not None


def test_many_members_share_one_limit() -> None:
    budget = Budget(1000)
    member = gzip.compress(b"x" * 600, mtime=0)
    assert inflate(member, budget) == b"x" * 600
    assert inflate(member, budget) is None
    assert budget.left == 400


def test_after_a_few_members_that_do_not_fit_none_is_tried() -> None:
    budget = Budget(1000)
    for _ in range(4):
        assert inflate(gzip.compress(b"x" * 1001, mtime=0), budget) is None
    assert inflate(gzip.compress(b"x", mtime=0), budget) is None


@given(st.binary(max_size=200), st.integers(0, 9), st.integers(0, 2**32 - 1), st.binary(max_size=5))
def test_a_member_is_made_again_under_any_header(content: bytes, level: int, mtime: int, extra: bytes) -> None:
    member = gzip.compress(content, compresslevel=level, mtime=mtime)
    flags = 4 | 8 | 16 | 2
    header = member[:3] + bytes([flags]) + member[4:10]
    header += len(extra).to_bytes(2, "little") + extra + b"name\0" + b"comment\0" + b"\x12\x34"
    made = gzip_like(header + member[10:], b"other content")
    assert made.startswith(header)
    assert gzip.decompress(member[:3] + b"\0" + member[4:10] + made[len(header) :]) == b"other content"
