"""The steps that codecs are made of: base64 in four spellings, gzip, form encoding. Strict in, exact out.

Nothing here knows JSON or guesses; ``codecs`` chains the steps.
"""

from __future__ import annotations

import binascii
import re
import zlib
from enum import StrEnum

from fgtui.regex import regex

INFLATE_LIMIT = 16 * 1024 * 1024
"""Bytes that one event's compressed strings may inflate to, together (reliability: limits)."""


class Codec(StrEnum):
    """One reversible step; its value is the key that names it in the decoded form."""

    BASE64 = "$base64"
    BASE64_NOPAD = "$base64-nopad"
    BASE64URL = "$base64url"
    BASE64URL_NOPAD = "$base64url-nopad"
    JSON = "$json"
    JSON_SPACED = "$json-spaced"
    GZIP = "$gzip"
    FORM = "$form"


BASE64_CODECS = frozenset({Codec.BASE64, Codec.BASE64_NOPAD, Codec.BASE64URL, Codec.BASE64URL_NOPAD})
_URL_CODECS = frozenset({Codec.BASE64URL, Codec.BASE64URL_NOPAD})
JSON_CODECS = frozenset({Codec.JSON, Codec.JSON_SPACED})


class Budget:
    """How many bytes may still be inflated; one for each walk over an event."""

    def __init__(self, left: int = INFLATE_LIMIT) -> None:
        self.left = left
        self.refused = 0
        """Members that did not fit: each costs the time of one that does, so after a few none is tried."""


# Text and bytes


def as_bytes(data: str | bytes) -> bytes:
    """``data`` as UTF-8."""
    return data.encode() if isinstance(data, str) else data


def as_text(data: str | bytes) -> str:
    """``data``, which is UTF-8, as text."""
    return data if isinstance(data, str) else data.decode()


def text_or_none(raw: bytes) -> str | None:
    """``raw`` as text; ``None`` where it is not UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def bytes_or_none(value: str) -> bytes | None:
    """``value`` as UTF-8; ``None`` where it holds a lone surrogate."""
    try:
        return value.encode()
    except UnicodeEncodeError:
        return None


# Base64

BASE64_SHAPE = regex(r"[A-Za-z0-9+/_-]+={0,2}")
STANDARD_ONLY = regex(r"[+/]")
URL_ONLY = regex(r"[_-]")
LINE_BREAKS = regex(r"\r?\n")
_URL_TO_STANDARD = str.maketrans("-_", "+/")
_STANDARD_TO_URL = str.maketrans("+/", "-_")


def base64_codec(text: str) -> Codec | None:
    """Which of the four spellings ``text`` has, by alphabet and padding; ``None`` where it mixes or is none.

    The letters and digits that all share are read as standard. Does not look at the last bits: ``base64_decode`` does.
    """
    if "\n" in text:
        text = LINE_BREAKS.sub("", text)
    if not text:
        return Codec.BASE64
    url = URL_ONLY.search(text) is not None
    if not BASE64_SHAPE.fullmatch(text) or (url and STANDARD_ONLY.search(text)):
        return None
    if len(text) % 4 == 0:
        return Codec.BASE64URL if url else Codec.BASE64
    if len(text) % 4 == 1 or text.endswith("="):
        return None
    return Codec.BASE64URL_NOPAD if url else Codec.BASE64_NOPAD


def base64_decode(text: str) -> bytes | None:
    """The bytes of strict base64 in any of the four spellings, line breaks allowed; ``None`` where it is none.

    One alphabet, right length, nothing after the padding, no bits lost in the last character.
    """
    read = base64_read(text)
    return None if read is None else read[1]


def base64_read(text: str) -> tuple[Codec, bytes] | None:
    """The same with its spelling: writing the bytes in it gives the same characters, less line breaks."""
    joined = LINE_BREAKS.sub("", text) if "\n" in text else text
    codec = base64_codec(joined)
    if codec is None:
        return None
    padded = joined.translate(_URL_TO_STANDARD) if codec in _URL_CODECS else joined
    try:
        raw = binascii.a2b_base64(padded + "=" * (-len(joined) % 4), strict_mode=True)
    except binascii.Error:
        return None
    odd = len(raw) % 3  # only the last character of these can hold bits too many
    return (codec, raw) if not odd or joined.endswith(base64_encode(raw[-odd:], codec)) else None


def base64_encode(raw: bytes, codec: Codec = Codec.BASE64) -> str:
    """``raw`` in one of the four spellings."""
    encoded = binascii.b2a_base64(raw, newline=False).decode("ascii")
    if codec in _URL_CODECS:
        encoded = encoded.translate(_STANDARD_TO_URL)
    if codec in {Codec.BASE64_NOPAD, Codec.BASE64URL_NOPAD}:
        encoded = encoded.rstrip("=")
    return encoded


def wrapped_like(old: str, new: str) -> str:
    """``new`` broken into lines as ``old`` is: MIME base64 has its own width and line ending."""
    first = LINE_BREAKS.search(old) if "\n" in old else None
    if first is None or first.start() == 0 or not BASE64_SHAPE.fullmatch(new):
        return new
    ending = first[0]
    width = first.start() if first.end() < len(old) else len(new)
    lines = [new[start : start + width] for start in range(0, len(new), width)]
    return ending.join(lines) + (ending if old.endswith(ending) else "")


# Gzip

GZIP_MAGIC = b"\x1f\x8b\x08"
_REFUSED = 3
_TRIED = 1 << 16
"""Bytes of content that tell most compression levels apart."""
CANONICAL_GZIP = bytes.fromhex("1f8b0800000000000203")
"""Level 9, no time, Unix: what ``gzip.compress(data, mtime=0)`` writes. ``$gzip`` has room for one spelling only."""


def inflate(raw: bytes, budget: Budget | None = None) -> bytes | None:
    """The content of one whole gzip member with nothing after it; ``None`` where it is none, broken or too large."""
    budget = budget or Budget()
    if budget.refused > _REFUSED:
        return None
    engine = zlib.decompressobj(wbits=31)
    try:
        content = engine.decompress(raw, budget.left + 1)
    except zlib.error:
        return None
    if len(content) > budget.left:
        budget.refused += 1
        return None
    if not engine.eof or engine.unused_data:
        return None
    budget.left -= len(content)
    return content


def gzip_like(old: bytes, content: bytes) -> bytes:
    """``content`` compressed under the header of ``old``, at the level that reproduces ``old`` or its header names."""
    header = old[: _header_length(old)]
    trailer = zlib.crc32(content).to_bytes(4, "little") + (len(content) & 0xFFFFFFFF).to_bytes(4, "little")
    return header + _deflate(content, _level_of(old, len(header))) + trailer


def _level_of(old: bytes, header_length: int) -> int:
    named = {2: 9, 4: 1}.get(old[8], 6)
    body = old[header_length:-8]
    if not body:
        return named
    content = zlib.decompressobj(wbits=-15).decompress(body, INFLATE_LIMIT)
    levels = [named, *(level for level in (6, 9, 1, 5, 4, 3, 2, 7, 8) if level != named)]
    likely = (level for level in levels if body.startswith(_deflate_start(content, level)))
    return next((level for level in likely if _deflate(content, level) == body), named)


def _deflate_start(content: bytes, level: int) -> bytes:
    return zlib.compressobj(level, wbits=-15).compress(content[:_TRIED])


def _deflate(content: bytes, level: int) -> bytes:
    engine = zlib.compressobj(level, wbits=-15)
    return engine.compress(content) + engine.flush()


def _header_length(member: bytes) -> int:
    """Bytes before the compressed data of a valid member: RFC 1952, section 2.3."""
    flags, length = member[3], 10
    if flags & 4:
        length += 2 + int.from_bytes(member[length : length + 2], "little")
    for flag in (8, 16):
        if flags & flag:
            length = member.index(0, length) + 1
    return length + 2 if flags & 2 else length


# Form encoding

FORM_ESCAPES = regex(r"%([0-9A-Fa-f]{2})?")
FORM_PAIRS = regex(r"[&=]")
_FORM_ENCODED = regex(rb"[^A-Za-z0-9*._-]")


def form_encode(raw: bytes) -> str:
    """One value as the URL standard's form serialiser writes it: a space is ``+``, ``/`` is ``%2F``."""
    return _FORM_ENCODED.sub(lambda found: b"+" if found[0] == b" " else b"%%%02X" % found[0][0], raw).decode("ascii")


def form_decode(value: str) -> bytes | None:
    """The bytes of one form-encoded value; ``None`` where an escape is broken, it is several, or no UTF-8."""
    raw = bytes_or_none(value)
    if raw is None or FORM_PAIRS.search(value) or any(found[1] is None for found in FORM_ESCAPES.finditer(value)):
        return None
    decoded = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), raw.replace(b"+", b" "))
    return None if text_or_none(decoded) is None else decoded
