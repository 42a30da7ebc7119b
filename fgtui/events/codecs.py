"""One encoded string, opened and closed again: base64, gzip, JSON, form encoding (events.md, Encodings).

Strict on the way in, exact on the way out: what cannot be written back character by character says so. Knows single
strings only; where they stand in an event is the business of ``decoded`` and ``fields``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fgtui.events.layout import compact, spaced
from fgtui.events.packing import (
    BASE64_CODECS,
    BASE64_SHAPE,
    CANONICAL_GZIP,
    GZIP_MAGIC,
    INFLATE_LIMIT,
    JSON_CODECS,
    Budget,
    Codec,
    as_bytes,
    as_text,
    base64_codec,
    base64_decode,
    base64_encode,
    base64_read,
    bytes_or_none,
    form_decode,
    form_encode,
    gzip_like,
    inflate,
    text_or_none,
    wrapped_like,
)
from fgtui.events.text import Document, is_json, scan
from fgtui.records import Record
from fgtui.regex import regex

if TYPE_CHECKING:
    from fgtui.events.schema import Encoding

__all__ = [
    "BASE64_CODECS", "INFLATE_LIMIT", "JSON_CODECS", "LAYER_LIMIT", "LITERAL", "Budget", "Codec", "Layer",
    "base64_codec", "base64_decode", "base64_encode", "close_string", "inflate", "json_style", "open_string",
]  # fmt: skip

LAYER_LIMIT = 5
"""Codecs around a value, counted from the event inwards (reliability: limits)."""
LITERAL = "$literal"

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"

_GUESSED_TEXT_FLOOR = 16
"""Fewest bytes of plain text for which undeclared base64 is beyond doubt: random bytes look so once in ten million."""


class Layer(Record, uncompared=("document",)):
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
    document: Document | None = None
    """``text`` as it was scanned, where it holds JSON."""

    def reclose(self, text: str | bytes) -> str:
        """``text`` in place of ``self.text``, as it is: no JSON codec lays it out anew.

        Encoded as ``original`` is: its gzip header and level and its line breaks are kept too.
        """
        codecs = self.codecs[:-1] if self.codecs and self.codecs[-1] in JSON_CODECS else self.codecs
        data = text
        for codec, old in reversed(list(zip(codecs, _stages(self.original, codecs), strict=True))):
            if codec is Codec.GZIP:
                data = gzip_like(as_bytes(old), as_bytes(data))
            else:
                data = wrapped_like(as_text(old), close_string((codec,), data))
        return as_text(data)

    def laid_out(self, text: str) -> str:
        """``text`` in the layout of the JSON that is here; as it is where neither is JSON of a known layout."""
        spaced_out = Codec.JSON_SPACED in self.codecs
        if not self.codecs or self.codecs[-1] not in JSON_CODECS or not is_json(text):
            return text
        return spaced(text) if spaced_out else compact(text)

    @property
    def depth(self) -> int:
        """How many layers this is, of the ``LAYER_LIMIT`` that are opened: its codecs, and JSON that no codec names."""
        named = bool(self.codecs) and self.codecs[-1] in JSON_CODECS
        return len(self.codecs) + (self.holds_json and not named)

    @property
    def editable(self) -> bool:
        """Whether writing ``text`` back gives the same characters."""
        return self.text is not None and (self.exact or self.reclose(self.text) == self.original)


def _stages(value: str, codecs: tuple[Codec, ...]) -> Iterator[str | bytes]:
    """What stands before each of ``codecs``, which are known to open ``value``."""
    current: str | bytes = value
    for codec in codecs:
        yield current
        if codec is Codec.GZIP:
            current = inflate(as_bytes(current)) or b""
        elif codec in BASE64_CODECS:
            current = base64_decode(as_text(current)) or b""


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
    if WORTH_OPENING.match(value):
        return _open_json(value, None)
    if len(value) < 8 or not BASE64_SHAPE.fullmatch(value):
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
    raw = bytes_or_none(value)
    document = None if raw is None else _json_inside(value, expected, any_container=expected is not None)
    if raw is None or document is None:
        return None
    return _layer(value, (), raw, value, document, exact=True)


def _open_form(value: str) -> Layer | None:
    raw = form_decode(value)
    if raw is None:
        return None
    return _layer(value, (Codec.FORM,), raw, text_or_none(raw), None, exact=form_encode(raw) == value)


def _open_base64(value: str, expected: Encoding | None, limit: int, budget: Budget) -> Layer | None:
    """Base64 around anything: gzip, base64 again, JSON, text, bytes."""
    codecs: list[Codec] = []
    current = value
    while True:
        read = base64_read(current)
        if read is None:
            return None
        codec, raw = read
        codecs.append(codec)
        if raw.startswith(GZIP_MAGIC) and len(codecs) < limit:
            inflated = inflate(raw, budget)
            if inflated is not None:
                codecs.append(Codec.GZIP)
                raw = inflated
        text = text_or_none(raw)
        if text is None or len(codecs) >= limit or not BASE64_SHAPE.fullmatch(text):
            break
        if _guess(text, limit - len(codecs), Budget(budget.left)) is None:
            break
        current = text
    document = None
    if text is not None and len(codecs) < limit:
        named_json = expected is not None and expected.media_type == JSON_TYPE
        document = _json_inside(text, expected, any_container=named_json)
    exact = "\n" not in value and (
        Codec.GZIP not in codecs or close_string(tuple(codecs), raw if text is None else text) == value
    )
    return _layer(value, tuple(codecs), raw, text, document, exact=exact)


def _layer(
    original: str, codecs: tuple[Codec, ...], raw: bytes, text: str | None, document: Document | None, *, exact: bool
) -> Layer:
    style = json_style(text) if text is not None and document is not None else None
    return Layer(original, (*codecs, style) if style else codecs, raw, text, document is not None, exact, document)


def _json_inside(text: str, expected: Encoding | None, *, any_container: bool) -> Document | None:
    """``text`` scanned, where it is strict JSON that is worth opening."""
    if not WORTH_OPENING.match(text):
        start = _FIRST.match(text)
        if not any_container or expected is None or start is None:
            return None
        if start[1] not in "{[" and not _admits(expected.schema, start[1]):
            return None
    document = scan(text)
    return document if document.is_strict else None


def _admits(schema: dict[str, object] | None, first: str) -> bool:
    """Whether the content's own schema names the type of a scalar that starts so; unnamed ones are text."""
    wanted = (schema or {}).get("type")
    named = wanted if isinstance(wanted, list) else [wanted]
    found = {'"': {"string"}, "t": {"boolean"}, "f": {"boolean"}, "n": {"null"}}.get(first, {"number", "integer"})
    return not found.isdisjoint(named)


WORTH_OPENING = regex(r'[ \t\r\n]*(?:\{[ \t\r\n]*"|\[[ \t\r\n]*["{\[])')
"""How JSON beyond doubt begins: an object with a member, a list of anything but bare numbers and words."""
_FIRST = regex(r"[ \t\r\n]*([^ \t\r\n])")
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
            data = compact(as_text(data))
        elif codec is Codec.JSON_SPACED:
            data = spaced(as_text(data))
        elif codec is Codec.GZIP:
            data = gzip_like(CANONICAL_GZIP, as_bytes(data))
        elif codec is Codec.FORM:
            data = form_encode(as_bytes(data))
        else:
            data = base64_encode(as_bytes(data), codec)
    return as_text(data)
