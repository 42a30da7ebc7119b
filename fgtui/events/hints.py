r"""What strings hold that cannot be read as they are written, in a few words: encoded ones, and those with ``\uXXXX``.

Cost follows the window: of a long string only its beginning is decoded, and only strings that begin on the lines asked
for are looked at.
"""

from __future__ import annotations

import codecs as text_codecs
import zlib
from itertools import islice
from typing import TYPE_CHECKING

from fgtui.events.codecs import LAYER_LIMIT, WORTH_OPENING, Budget, Codec, Layer, open_string
from fgtui.events.decoded import expected_at, worth_a_look
from fgtui.events.lexis import STRICT_STRING, unescape
from fgtui.events.packing import GZIP_MAGIC, base64_codec, base64_decode
from fgtui.events.readable import has_escapes, readable
from fgtui.events.schema import reader
from fgtui.events.scopes import scope_of
from fgtui.events.text import Document, Kind, Node, is_json
from fgtui.records import Record
from fgtui.regex import regex

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.schema import Encoding

WHOLE = 4096
"""Characters of the longest literal that is opened whole; of longer ones, how many are looked at."""
LOOKED_AT = 5000
"""Values weighed for one window: a document on a single line has all of them on it."""
_PREVIEW = 200
_NAMES = {
    Codec.BASE64: "base64",
    Codec.BASE64_NOPAD: "base64 without padding",
    Codec.BASE64URL: "base64url",
    Codec.BASE64URL_NOPAD: "base64url without padding",
    Codec.GZIP: "gzip",
    Codec.JSON: "JSON",
    Codec.JSON_SPACED: "JSON",
    Codec.FORM: "URL-encoded",
}
_SPACES = regex(r"\s+")
_WHOLE_ESCAPES = regex(r"(?:[^\\]|\\u[0-9a-fA-F]{4}|\\[^u])*+")
_BASE64_START = regex(r"[A-Za-z0-9+/_-]*+")
_LINE_BREAKS = regex(r"\r?\n")


class Hint(Record):
    """What one string holds, where that cannot be read as it is written."""

    start: int
    end: int
    """The span of its literal."""
    summary: str
    """``base64 → gzip → JSON``; empty where characters stand as escapes and nothing is encoded."""
    preview: str
    """The beginning of what it holds, on one line, with the JSON in strings of JSON opened in their place.

    Not yet fit for a screen: ``terminal.display`` makes it so.
    """


def hints(document: Document, trigger: Trigger | None, first: int, last: int) -> list[Hint]:
    """Of the strings whose literals begin on the lines ``first`` to ``last``, counted from 1."""
    end = document.offset(last + 1, 1) if last < document.line_count else len(document.text)
    return hints_between(document, trigger, document.offset(first, 1), end)


def hints_between(document: Document, trigger: Trigger | None, start: int, end: int) -> list[Hint]:
    """Of the strings that begin, the names of their members included, from ``start`` to before ``end``."""
    scope = scope_of(trigger, reader(document))
    budget = Budget(WHOLE * 64)
    found: list[Hint] = []
    for node in islice(document.nodes_between(start, end), LOOKED_AT):
        if node.key_start >= 0 and (name := _of_escapes(document.text, node.key_start, node.key_end)) is not None:
            found.append(name)
        if node.kind is not Kind.STRING or not document.text.startswith('"', node.start):
            continue
        expected = expected_at(document.tree, node.ordinal, scope)
        hint = None
        if expected is not None or worth_a_look(document.text, node.start, node.end):
            hint = _hint(document, node, expected, budget)
        hint = hint or _of_escapes(document.text, node.start, node.end)
        if hint is not None:
            found.append(hint)
    return found


def summarise(steps: tuple[Codec, ...], inside: str = "") -> str:
    """The codecs of a string in words, outermost first, and what is innermost where it is no text."""
    return " → ".join([*(_NAMES[step] for step in steps), *([inside] if inside else [])])


def _hint(document: Document, node: Node, expected: Encoding | None, budget: Budget) -> Hint | None:
    if node.end - node.start > WHOLE:
        told = _of_beginning(document, node, expected)
    else:
        layer = open_string(document.string(node), expected, limit=LAYER_LIMIT, budget=budget)
        told = _of_layer(layer) if layer is not None and layer.original else None
    return None if told is None else Hint(node.start, node.end, *told)


def _of_escapes(text: str, start: int, end: int) -> Hint | None:
    """Of a literal in which characters stand as escapes, where they can be shown as themselves."""
    cut = min(end, start + WHOLE)
    if not has_escapes(text, start, cut) or not text.startswith('"', start):
        return None
    inside = _whole_escapes(text[start + 1 : cut - (cut == end)])
    said = readable(inside)
    return Hint(start, end, "", _SPACES.sub(" ", said)[:_PREVIEW]) if said != inside else None


def _of_layer(layer: Layer) -> tuple[str, str]:
    if layer.text is None:
        return summarise(layer.codecs, "bytes"), layer.raw[:24].hex(" ")
    unnamed_json = layer.holds_json and Codec.JSON not in layer.codecs and Codec.JSON_SPACED not in layer.codecs
    return summarise(layer.codecs, "JSON" if unnamed_json else ""), _preview(layer.text, holds_json=layer.holds_json)


def _preview(text: str, *, holds_json: bool) -> str:
    beginning = text[: 2 * _PREVIEW]
    if holds_json:
        beginning = readable(_with_inner_json(beginning, cut=len(beginning) < len(text), depth=LAYER_LIMIT))
    return _SPACES.sub(" ", beginning)[:_PREVIEW]


def _with_inner_json(text: str, *, cut: bool, depth: int) -> str:
    """The beginning of a JSON text, with what its strings hold in their place where that is JSON too.

    ``cut`` when the text goes on; then the string at its end may be cut as well.
    """
    parts: list[str] = []
    position = 0
    while depth and (start := text.find('"', position)) >= 0:
        literal = STRICT_STRING.match(text, start)
        if literal is None and not cut:
            break
        end = literal.end() if literal else len(text)
        inside = unescape(text[start + 1 : end - 1] if literal else _whole_escapes(text[start + 1 :]))
        if WORTH_OPENING.match(inside) and (literal is None or is_json(inside)):
            inside = _with_inner_json(inside, cut=literal is None, depth=depth - 1)
            parts += [text[position:start], inside]
        else:
            parts.append(text[position:end])
        position = end
    return "".join([*parts, text[position:]])


def _whole_escapes(text: str) -> str:
    """The inside of a string literal that was cut anywhere, without half an escape at its end."""
    whole = _WHOLE_ESCAPES.match(text)
    return whole[0] if whole else ""


# Strings too long to be opened for a hint


def _of_beginning(document: Document, node: Node, expected: Encoding | None) -> tuple[str, str] | None:
    inside = document.text[node.start + 1 : min(node.start + 1 + WHOLE, node.end - 1)]
    beginning = unescape(_whole_escapes(inside))
    if WORTH_OPENING.match(beginning) and not (expected and expected.base64):
        closed = document.text[node.end - 2 : node.end - 1] in {"}", "]"}
        return ("JSON", _preview(beginning, holds_json=True)) if closed or expected else None
    if expected is None or expected.base64 or expected.media_type == "application/json":
        return _of_base64(document, node, beginning, expected)
    return None


def _of_base64(document: Document, node: Node, beginning: str, expected: Encoding | None) -> tuple[str, str] | None:
    joined = _LINE_BREAKS.sub("", beginning)
    raw = base64_decode(joined[: len(joined) // 4 * 4])
    if not raw:
        return None
    padded = "=" * (document.text[node.end - 3 : node.end - 1].count("="))
    missing = padded or (node.end - node.start - 2) % 4 == 0 or len(joined) < len(beginning)
    spelling = base64_codec(joined if missing else joined[: len(joined) // 4 * 4] + "AA")
    steps = [spelling or Codec.BASE64]
    if raw.startswith(GZIP_MAGIC):
        try:
            raw = zlib.decompressobj(wbits=31).decompress(raw, WHOLE)
        except zlib.error:
            return None
        steps.append(Codec.GZIP)
    try:
        text = text_codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        known = expected is not None and expected.base64
        return (summarise(tuple(steps), "bytes"), raw[:24].hex(" ")) if known else None
    holds_json = WORTH_OPENING.match(text) is not None
    if holds_json:
        steps.append(Codec.JSON)
    elif expected is None and not _reads_as_text(text):
        return None
    return summarise(tuple(steps)), _preview(text, holds_json=holds_json)


def _reads_as_text(text: str) -> bool:
    return _SPACES.sub(" ", text).isprintable()
