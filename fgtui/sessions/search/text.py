"""What there is to be found in an exchange: its texts, with the encoded strings in them opened.

Opened is whatever base64, gzip, JSON or percent signs may have wrapped, declared or not: a wrong guess hides nothing,
since the text around it is searched as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from fgtui.events.codecs import LAYER_LIMIT
from fgtui.events.lexis import unescape
from fgtui.events.packing import BASE64_SHAPE, GZIP_MAGIC, LINE_BREAKS, Budget, base64_decode, inflate
from fgtui.invoke.model import Exchange
from fgtui.regex import regex
from fgtui.sessions.format import error_json
from fgtui.sessions.redaction.text import may_be_base64
from fgtui.sessions.search.words import words_of

_BLOB = regex(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_=-]{128,}+")
_BLOB_KEPT = 64
"""Characters of a run of base64 that are searched: what it holds is searched opened."""
_LITERAL = regex(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_SHORTEST = 8
"""Characters of base64 worth opening."""
_PERCENT = regex(r"(?:%[0-9A-Fa-f]{2})++")
_REMEMBERED = 64
"""Characters of strings that come again: names, kinds, places."""


def texts_of(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Every text of ``exchange`` with the part it belongs to, the most telling first."""
    if exchange.note:
        yield "note", exchange.note
    if exchange.tags:
        yield "tags", "\n".join(exchange.tags)
    yield from recorded_texts(exchange)


def recorded_texts(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The same without note and tags: what stays as it is, and so can be in the index."""
    outcome = exchange.outcome
    for part, inner, content in (("event", "decoded", exchange.event.wire), ("result", "result", outcome.body)):
        if content:
            text = content.decode("utf-8", "surrogateescape")
            yield part, shortened(text)
            for piece in opened(content, text):
                yield inner, shortened(piece)
    error = error_json(outcome)
    if error is not None:
        yield "error", "\n".join(_strings(error))
    if outcome.logs:
        yield "logs", shortened(outcome.logs)
    if outcome.headers:
        yield "headers", shortened("\n".join(f"{name}: {value}" for name, value in outcome.headers))
    yield "id", f"{exchange.id}\n{outcome.request_id or ''}"


def indexed_words(exchange: Exchange) -> set[str]:
    """Every word of ``recorded_texts``."""
    words: set[str] = set()
    for _, text in recorded_texts(exchange):
        words |= words_of(text)
    return words


def shortened(text: str) -> str:
    """``text`` with long runs of base64's characters cut."""
    return _BLOB.sub(lambda run: run[0][:_BLOB_KEPT] + "…", text) if len(text) >= 128 else text


def opened(content: bytes, text: str) -> Iterator[str]:
    """The texts inside the encoded strings of ``content``, which as text is ``text``, through every layer."""
    budget = Budget()
    if content.startswith(GZIP_MAGIC):
        inflated = inflate(content, budget)
        pending = [] if inflated is None else [(inflated.decode("utf-8", "surrogateescape"), 1)]
        yield from (piece for piece, _ in pending)
    else:
        pending = [(text, 0)]
    while pending:
        outer, depth = pending.pop()
        for piece in _inside(outer, budget):
            yield piece
            if depth + 1 < LAYER_LIMIT:
                pending.append((piece, depth + 1))


def _inside(text: str, budget: Budget) -> Iterator[str]:
    """The texts in the strings of ``text``, or in it as a whole when it has none, one layer down."""
    for literal in _LITERAL.findall(text) if '"' in text else (text.strip(),):
        if len(literal) <= _REMEMBERED:
            piece = _remembered(literal)
        elif "\\" in literal:
            piece = unescape(literal)
        else:
            piece = _decoded(literal, budget)
        if piece is not None:
            yield piece


@lru_cache(maxsize=8192)
def _remembered(literal: str) -> str | None:
    return unescape(literal) if "\\" in literal else _decoded(literal, Budget())


def _decoded(literal: str, budget: Budget) -> str | None:
    if "%" in literal:
        plain = _PERCENT.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), literal)
        return None if plain == literal else plain
    if len(literal) < _SHORTEST:
        return None
    joined = LINE_BREAKS.sub("", literal) if "\n" in literal else literal
    if not BASE64_SHAPE.fullmatch(joined) or not may_be_base64(joined):
        return None
    raw = base64_decode(joined)
    if raw is not None and raw.startswith(GZIP_MAGIC):
        raw = inflate(raw, budget)
    try:
        return None if raw is None else raw.decode()
    except UnicodeDecodeError:
        return None


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
