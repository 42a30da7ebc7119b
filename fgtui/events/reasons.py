"""Why a string stays closed, in words that name the place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fgtui.events.codecs import FORM_TYPE, JSON_TYPE, Layer, open_string
from fgtui.events.packing import (
    FORM_ESCAPES,
    FORM_PAIRS,
    GZIP_MAGIC,
    INFLATE_LIMIT,
    LINE_BREAKS,
    STANDARD_ONLY,
    URL_ONLY,
    Codec,
    base64_codec,
    base64_decode,
    form_decode,
)
from fgtui.events.text import is_json, scan, strict_problems

if TYPE_CHECKING:
    from fgtui.events.schema import Encoding


class Reason(NamedTuple):
    """Why a string stays closed: an English sentence with holes, and what fills them."""

    message: str
    values: dict[str, object]

    def __str__(self) -> str:
        return self.message.format_map(self.values)


def reason_closed(value: str, expected: Encoding | None) -> Reason | None:
    """Why ``value`` does not open as its schema expects; ``None`` where it opens or nothing is expected."""
    return None if expected is None else reason_for(value, expected, open_string(value, expected))


def reason_for(value: str, expected: Encoding, layer: Layer | None) -> Reason | None:
    """The same for a string that was opened already: ``layer`` is what came of it."""
    if expected.base64:
        return base64_reason(value) if layer is None else _content_reason(layer, expected)
    if expected.media_type == FORM_TYPE:
        return _form_reason(value) if layer is None else None
    if expected.media_type == JSON_TYPE and layer is None:
        return _json_reason(value)
    return None


def _content_reason(layer: Layer, expected: Encoding) -> Reason | None:
    if not layer.original:
        return None
    if Codec.GZIP not in layer.codecs and layer.raw.startswith(GZIP_MAGIC):
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
    broken = next((found for found in FORM_ESCAPES.finditer(value) if found[1] is None), None)
    if broken:
        return Reason(
            "not URL-encoded: the % at character {position} is not followed by two hexadecimal digits",
            {"position": broken.start() + 1},
        )
    pairs = FORM_PAIRS.search(value)
    if pairs:
        return Reason(
            "not one URL-encoded value: {character} stands unescaped at character {position}",
            {"character": pairs[0], "position": pairs.start() + 1},
        )
    if form_decode(value) is None:
        return Reason("not URL-encoded: its bytes are not UTF-8 text", {})
    return None


def _json_reason(text: str) -> Reason | None:
    if is_json(text):
        return None  # a bare number or word that nobody asked to read as JSON
    problems = strict_problems(scan(text))
    if not text.strip() or not problems:
        return Reason("not JSON: there is nothing in it" if not text.strip() else "not JSON", {})
    first = problems[0]
    return Reason("not JSON at {line}:{column}", {"line": first.line, "column": first.column})


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
    if STANDARD_ONLY.search(text) and URL_ONLY.search(text):
        return Reason("not base64: it mixes the standard alphabet (+ /) with the URL-safe one (- _)", {})
    joined = LINE_BREAKS.sub("", text)
    if base64_codec(joined) is None:
        return Reason(
            "not base64: {length} characters, padding included, do not make groups of four", {"length": len(joined)}
        )
    return Reason("not base64: its last character holds bits that no byte needs, so something was cut or changed", {})
