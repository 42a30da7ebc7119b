"""One encoded string, opened and closed again: base64, gzip, JSON, form encoding (events.md, Encodings).

Strict on the way in, exact on the way out: what cannot be written back character by character says so. Knows single
strings only; where they stand in an event is the business of ``decoded`` and ``fields``.
"""

from __future__ import annotations

import binascii
import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from fgtui.events import text as json_text
from fgtui.events.layout import compact, spaced

if TYPE_CHECKING:
    from fgtui.events.schema import Encoding

LAYER_LIMIT = 5
"""Codecs around a value, counted from the event inwards (reliability: limits)."""
INFLATE_LIMIT = 16 * 1024 * 1024
"""Bytes that one event's compressed strings may inflate to, together (reliability: limits)."""
LITERAL = "$literal"

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"

_GUESSED_TEXT_FLOOR = 16
"""Fewest bytes of plain text for which undeclared base64 is beyond doubt: random bytes look so once in ten million."""


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
JSON_CODECS = frozenset({Codec.JSON, Codec.JSON_SPACED})


class Reason(NamedTuple):
    """Why a string stays closed: an English sentence with holes, and what fills them."""

    message: str
    values: dict[str, object]

    def __str__(self) -> str:
        return self.message.format_map(self.values)


class Budget:
    """How many bytes may still be inflated; one for each walk over an event."""

    def __init__(self, left: int = INFLATE_LIMIT) -> None:
        self.left = left


@dataclass(frozen=True, slots=True)
class Layer:
    """One encoded string, opened."""

    original: str
    codecs: tuple[Codec, ...]
    """Outermost first. Holds no JSON codec where the text is JSON of some other spacing."""
    raw: bytes
    """What the innermost codec holds, as bytes."""
    text: str | None
    """``raw`` as UTF-8; ``None`` where it is not."""
    holds_json: bool
    """``text`` is strict JSON that is worth opening: an object or list, or a scalar that the schema expects."""
    exact: bool
    """``close_string(codecs, text) == original``."""

    def reclose(self, text: str | bytes) -> str:
        """``text`` in place of ``self.text``, as it is: no JSON codec lays it out anew.

        Encoded as ``original`` is: its gzip header and level and its line breaks are kept too.
        """
        codecs = self.codecs[:-1] if self.codecs and self.codecs[-1] in JSON_CODECS else self.codecs
        if Codec.GZIP not in codecs:
            return _wrap_like(self.original, close_string(codecs, text))
        packed = codecs.index(Codec.GZIP)
        inside = close_string(codecs[packed + 1 :], text) if codecs[packed + 1 :] else text
        old = _unpack(self.original, codecs[:packed])
        return _wrap_like(self.original, close_string(codecs[:packed], _gzip_like(old, _as_bytes(inside))))

    def laid_out(self, text: str) -> str:
        """``text`` in the layout of the JSON that is here; as it is where neither is JSON of a known layout."""
        spaced_out = Codec.JSON_SPACED in self.codecs
        if not self.codecs or self.codecs[-1] not in JSON_CODECS or not json_text.is_json(text):
            return text
        return spaced(text) if spaced_out else compact(text)

    @property
    def editable(self) -> bool:
        """Whether writing ``text`` back gives the same characters."""
        return self.text is not None and (self.exact or self.reclose(self.text) == self.original)


# Opening


def open_string(
    value: str, expected: Encoding | None = None, *, limit: int = LAYER_LIMIT, budget: Budget | None = None
) -> Layer | None:
    """``value`` opened as the schema expects it, else by a guess that is beyond doubt; ``None`` where it is plain text.

    At most ``limit`` codecs deep.
    """
    if limit < 1:
        return None
    budget = budget or Budget()
    if expected is None:
        return _guess(value, limit, budget)
    if expected.base64:
        return _open_base64(value, expected, limit, budget)
    if expected.media_type == FORM_TYPE:
        return _open_form(value)
    if expected.media_type == JSON_TYPE:
        return _open_json(value, expected) or _guess(value, limit, budget)
    return _guess(value, limit, budget)


def _guess(value: str, limit: int, budget: Budget) -> Layer | None:
    if _WORTH_OPENING.match(value):
        return _open_json(value, None)
    if len(value) < 8 or not _BASE64_SHAPE.fullmatch(value):
        return None
    layer = _open_base64(value, None, limit, budget)
    return layer if layer and _beyond_doubt(layer) else None


def _beyond_doubt(layer: Layer) -> bool:
    if layer.holds_json or len(layer.codecs) > 1:
        return True
    value, text = layer.original, layer.text
    return (
        text is not None
        and len(layer.raw) >= _GUESSED_TEXT_FLOOR
        and text.translate(_LAYOUT_CHARACTERS).isprintable()
        and value.upper() != value != value.lower()  # constants and hexadecimal digits have one case
    )


def _open_json(value: str, expected: Encoding | None) -> Layer | None:
    raw = _utf8(value)
    if raw is None or not _holds_json(value, expected, any_container=expected is not None):
        return None
    return _layer(value, (), raw, value, holds_json=True)


def _open_form(value: str) -> Layer | None:
    raw = _form_decode(value)
    if raw is None:
        return None
    return _layer(value, (Codec.FORM,), raw, _text(raw), holds_json=False)


def _open_base64(value: str, expected: Encoding | None, limit: int, budget: Budget) -> Layer | None:
    """Base64 around anything: gzip, base64 again, JSON, text, bytes."""
    codecs: list[Codec] = []
    current = value
    while True:
        codec = base64_codec(current)
        raw = base64_decode(current)
        if codec is None or raw is None:
            return None
        codecs.append(codec)
        if raw.startswith(_GZIP_MAGIC) and len(codecs) < limit:
            inflated = inflate(raw, budget)
            if inflated is not None:
                codecs.append(Codec.GZIP)
                raw = inflated
        text = _text(raw)
        if text is None or len(codecs) >= limit or not _BASE64_SHAPE.fullmatch(text):
            break
        if _guess(text, limit - len(codecs), Budget(budget.left)) is None:
            break
        current = text
    holds_json = text is not None and _holds_json(
        text, expected, any_container=expected is not None and expected.media_type == JSON_TYPE
    )
    return _layer(value, tuple(codecs), raw, text, holds_json=holds_json, limit=limit)


def _layer(
    original: str,
    codecs: tuple[Codec, ...],
    raw: bytes,
    text: str | None,
    *,
    holds_json: bool,
    limit: int = LAYER_LIMIT,
) -> Layer:
    if text is not None and holds_json and len(codecs) < limit:
        style = json_style(text)
        codecs = (*codecs, style) if style else codecs
    exact = close_string(codecs, raw if text is None else text) == original
    return Layer(original, codecs, raw, text, holds_json, exact)


def _holds_json(text: str, expected: Encoding | None, *, any_container: bool) -> bool:
    if _WORTH_OPENING.match(text):
        return json_text.is_json(text)
    if not any_container or expected is None:
        return False
    start = _FIRST.match(text)
    if start is None:
        return False
    return (start[1] in "{[" or _admits(expected.schema, start[1])) and json_text.is_json(text)


def _admits(schema: dict[str, object] | None, first: str) -> bool:
    """Whether the content's own schema names the type of a scalar that starts so; unnamed ones are text."""
    wanted = (schema or {}).get("type")
    named = wanted if isinstance(wanted, list) else [wanted]
    found = {'"': {"string"}, "t": {"boolean"}, "f": {"boolean"}, "n": {"null"}}.get(first, {"number", "integer"})
    return not found.isdisjoint(named)


_WORTH_OPENING = re.compile(r'[ \t\r\n]*(?:\{[ \t\r\n]*"|\[[ \t\r\n]*["{\[])')
"""How JSON beyond doubt begins: an object with a member, a list of anything but bare numbers and words."""
_FIRST = re.compile(r"[ \t\r\n]*([^ \t\r\n])")
_LAYOUT_CHARACTERS = dict.fromkeys(map(ord, "\t\r\n"))


def json_style(text: str) -> Codec | None:
    """The codec that writes the JSON ``text`` back as it is; ``None`` where its whitespace is neither's."""
    if compact(text) == text:
        return Codec.JSON
    return Codec.JSON_SPACED if spaced(text) == text else None


# Closing


def close_string(codecs: tuple[Codec, ...], text: str | bytes) -> str:
    """``text`` through ``codecs``, innermost (last) first. Under a JSON codec ``text`` is valid JSON."""
    data = text
    for codec in reversed(codecs):
        if codec is Codec.JSON:
            data = compact(_as_text(data))
        elif codec is Codec.JSON_SPACED:
            data = spaced(_as_text(data))
        elif codec is Codec.GZIP:
            data = _gzip_like(_CANONICAL_GZIP, _as_bytes(data))
        elif codec is Codec.FORM:
            data = _form_encode(_as_bytes(data))
        else:
            data = base64_encode(_as_bytes(data), codec)
    return _as_text(data)


def _as_bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def _as_text(data: str | bytes) -> str:
    return data if isinstance(data, str) else data.decode()


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _utf8(value: str) -> bytes | None:
    try:
        return value.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return None


# Base64

_BASE64_SHAPE = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_STANDARD_ONLY = re.compile(r"[+/]")
_URL_ONLY = re.compile(r"[_-]")
_LINE_BREAKS = re.compile(r"\r?\n")
_URL_TO_STANDARD = str.maketrans("-_", "+/")
_STANDARD_TO_URL = str.maketrans("+/", "-_")


def base64_codec(text: str) -> Codec | None:
    """Which of the four spellings ``text`` has, by alphabet and padding; ``None`` where it mixes or is none.

    The letters and digits that all share are read as standard. Does not look at the last bits: ``base64_decode`` does.
    """
    text = _LINE_BREAKS.sub("", text)
    if not text:
        return Codec.BASE64
    url = _URL_ONLY.search(text) is not None
    if not _BASE64_SHAPE.fullmatch(text) or (url and _STANDARD_ONLY.search(text)):
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
    codec = base64_codec(text)
    if codec is None:
        return None
    joined = _LINE_BREAKS.sub("", text)
    padded = joined.translate(_URL_TO_STANDARD) + "=" * (-len(joined) % 4)
    try:
        raw = binascii.a2b_base64(padded, strict_mode=True)
    except binascii.Error:
        return None
    return raw if base64_encode(raw, codec) == joined else None


def base64_encode(raw: bytes, codec: Codec = Codec.BASE64) -> str:
    """``raw`` in one of the four spellings."""
    encoded = binascii.b2a_base64(raw, newline=False).decode("ascii")
    if codec in {Codec.BASE64URL, Codec.BASE64URL_NOPAD}:
        encoded = encoded.translate(_STANDARD_TO_URL)
    if codec in {Codec.BASE64_NOPAD, Codec.BASE64URL_NOPAD}:
        encoded = encoded.rstrip("=")
    return encoded


def base64_reason(text: str) -> Reason | None:
    """What keeps ``text`` from being base64, in words that name the place; ``None`` where it is."""
    if base64_decode(text) is not None:
        return None
    foreign = re.search(r"[^A-Za-z0-9+/_=\r\n-]", text)
    if foreign:
        return Reason(
            "not base64: character {position} is {character}, which is in no base64 alphabet",
            {"position": foreign.start() + 1, "character": foreign[0]},
        )
    after = re.search(r"=[^=\r\n]", text)
    if after:
        return Reason("not base64: text goes on after the padding, at character {position}", {"position": after.end()})
    if _STANDARD_ONLY.search(text) and _URL_ONLY.search(text):
        return Reason("not base64: it mixes the standard alphabet (+ /) with the URL-safe one (- _)", {})
    joined = _LINE_BREAKS.sub("", text)
    if base64_codec(joined) is None:
        return Reason(
            "not base64: {length} characters, padding included, do not make groups of four", {"length": len(joined)}
        )
    return Reason("not base64: its last character holds bits that no byte needs, so something was cut or changed", {})


def _wrap_like(old: str, new: str) -> str:
    """``new`` broken into lines as ``old`` is: MIME base64 has its own width and line ending."""
    first = _LINE_BREAKS.search(old)
    if first is None or not _BASE64_SHAPE.fullmatch(new):
        return new
    width, ending = first.start(), first[0]
    if width == 0:
        return new
    lines = [new[start : start + width] for start in range(0, len(new), width)]
    return ending.join(lines) + (ending if old.endswith(ending) else "")


def _unpack(value: str, codecs: tuple[Codec, ...]) -> bytes:
    """``value`` through base64 codecs that are known to open it."""
    data = value.encode()
    for _ in codecs:
        data = base64_decode(data.decode()) or b""
    return data


# Gzip

_GZIP_MAGIC = b"\x1f\x8b\x08"
_CANONICAL_GZIP = bytes.fromhex("1f8b0800000000000203")
"""Level 9, no time, Unix: what ``gzip.compress(data, mtime=0)`` writes. ``$gzip`` has room for one spelling only."""


def inflate(raw: bytes, budget: Budget | None = None) -> bytes | None:
    """The content of one whole gzip member with nothing after it; ``None`` where it is none, broken or too large."""
    budget = budget or Budget()
    engine = zlib.decompressobj(wbits=31)
    try:
        content = engine.decompress(raw, budget.left + 1)
    except zlib.error:
        return None
    if not engine.eof or engine.unused_data or len(content) > budget.left:
        return None
    budget.left -= len(content)
    return content


def _gzip_like(old: bytes, content: bytes) -> bytes:
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
    levels = (named, *(level for level in (6, 9, 1, 5, 4, 3, 2, 7, 8) if level != named))
    return next((level for level in levels if _deflate(content, level) == body), named)


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

_FORM_ESCAPES = re.compile(r"%([0-9A-Fa-f]{2})?")
_FORM_PAIRS = re.compile(r"[&=]")
_FORM_ENCODED = re.compile(rb"[^A-Za-z0-9*._-]")


def _form_encode(raw: bytes) -> str:
    """One value as the URL standard's form serialiser writes it: a space is ``+``, ``/`` is ``%2F``."""
    return _FORM_ENCODED.sub(lambda found: b"+" if found[0] == b" " else b"%%%02X" % found[0][0], raw).decode("ascii")


def _form_decode(value: str) -> bytes | None:
    """The bytes of one form-encoded value; ``None`` where an escape is broken, it is several, or no UTF-8."""
    raw = _utf8(value)
    if raw is None or _FORM_PAIRS.search(value) or any(found[1] is None for found in _FORM_ESCAPES.finditer(value)):
        return None
    decoded = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), raw.replace(b"+", b" "))
    return None if _text(decoded) is None else decoded


# In words


def reason_closed(value: str, expected: Encoding | None) -> Reason | None:
    """Why ``value`` does not open as its schema expects; ``None`` where it opens or nothing is expected."""
    if expected is None:
        return None
    if expected.base64:
        return base64_reason(value) or _content_reason(value, expected)
    if expected.media_type == FORM_TYPE:
        return _form_reason(value)
    if expected.media_type == JSON_TYPE and open_string(value, expected) is None:
        return _json_reason(value)
    return None


def _content_reason(value: str, expected: Encoding) -> Reason | None:
    layer = open_string(value, expected)
    if layer is None or not value:
        return None
    if Codec.GZIP not in layer.codecs and layer.raw.startswith(_GZIP_MAGIC):
        return Reason(
            "compressed, but not one whole gzip member that inflates to at most {limit} MiB",
            {"limit": INFLATE_LIMIT // 1024 // 1024},
        )
    if layer.text is None:
        return Reason("{count} bytes that are not UTF-8 text", {"count": len(layer.raw)})
    if expected.media_type == JSON_TYPE and not layer.holds_json:
        return _json_reason(layer.text)
    return None


def _form_reason(value: str) -> Reason | None:
    broken = next((found for found in _FORM_ESCAPES.finditer(value) if found[1] is None), None)
    if broken:
        return Reason(
            "not URL-encoded: the % at character {position} is not followed by two hexadecimal digits",
            {"position": broken.start() + 1},
        )
    pairs = _FORM_PAIRS.search(value)
    if pairs:
        return Reason(
            "not one URL-encoded value: {character} stands unescaped at character {position}",
            {"character": pairs[0], "position": pairs.start() + 1},
        )
    if _form_decode(value) is None:
        return Reason("not URL-encoded: its bytes are not UTF-8 text", {})
    return None


def _json_reason(text: str) -> Reason | None:
    if json_text.is_json(text):
        return None  # a bare number or word that nobody asked to read as JSON
    problems = json_text.scan(text).problems
    if not text.strip() or not problems:
        return Reason("not JSON: there is nothing in it" if not text.strip() else "not JSON", {})
    first = problems[0]
    return Reason("not JSON at {line}:{column}", {"line": first.line, "column": first.column})
