"""Finds the parts of one line of JSON, to colour it. A JSON string never spans lines, so a line is enough.

Lenient like the scanner of ``events.text``: comments, elisions and stray words get kinds of their own, and any line has
an answer. Linear on any input. Lines beyond ``LONG`` are read around the part that is looked at; of a line in pieces no
more than a piece is read for it, but what the whole of it says about its strings holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from fgtui.regex import regex
from fgtui.tui.text.line_store import Line, LongLine

LONG = 4096
"""Characters up to which a line is read whole, and its parts remembered."""


class Kind(StrEnum):
    """What a part of a line is; the editor has one style for each."""

    KEY = "key"
    CODEC = "codec"
    STRING = "string"
    ESCAPE = "escape"
    NUMBER = "number"
    WORD = "word"
    BRACKET = "bracket"
    MARK = "mark"
    COMMENT = "comment"
    WRONG = "wrong"


class Token(NamedTuple):
    """``kind`` from column ``start`` up to ``end``."""

    start: int
    end: int
    kind: Kind


_STRING_BODY = r'[^"\\]*+(?:\\.[^"\\]*+)*+'
_TOKEN = regex(
    rf"""
    (?P<space>\s++)
  | (?P<string>"{_STRING_BODY}"?+)
  | (?P<comment>//.*+ | /\*.*?\*/ | /\*.*+ | \#.*+)
  | (?P<number>-?+[0-9][0-9.eE+-]*+)
  | (?P<word>(?:true|false|null)\b)
  | (?P<bracket>[\[\]{{}}])
  | (?P<mark>[:,，：])
  | (?P<elision>…++|\.{{3,}}+)
  | (?P<wrong>\w++|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_REST_OF_STRING = regex(rf'{_STRING_BODY}(?:"|\\?$)', re.DOTALL)
_ESCAPE = regex(r"\\(?:(?P<right>[\"\\/bfnrt]|u[0-9A-Fa-f]{4})|u?.?)", re.DOTALL)
_NUMBER = regex(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_COLON = regex(r"\s*+[:：]")
_CODECS = frozenset(
    [
        "$base64",
        "$base64-nopad",
        "$base64url",
        "$base64url-nopad",
        "$json",
        "$json-spaced",
        "$gzip",
        "$form",
        "$literal",
    ]
)
_SIMPLE = {
    "comment": Kind.COMMENT,
    "elision": Kind.COMMENT,
    "word": Kind.WORD,
    "bracket": Kind.BRACKET,
    "mark": Kind.MARK,
    "wrong": Kind.WRONG,
}


def tokens(line: Line, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """The parts of ``line`` that show between columns ``start`` and ``end``, in order; white space is left out.

    A line up to ``LONG`` characters answers with all of its parts whatever the window.
    """
    end = len(line) if end is None else min(end, len(line))
    if isinstance(line, LongLine):
        return _tokens_of_pieces(line, start, end)
    return _all_tokens(line) if len(line) <= LONG else _window_tokens(line, start, end)


@lru_cache(maxsize=4096)
def _all_tokens(line: str) -> tuple[Token, ...]:
    found: list[Token] = []
    _read(line, 0, len(line), found)
    return tuple(found)


def strings(line: Line) -> tuple[tuple[int, int], ...]:
    """Start and end of each string literal that is a value and no member name, as far as it begins up to ``LONG``."""
    if isinstance(line, LongLine):
        return _strings_of_pieces(line)
    return _all_strings(line) if len(line) <= LONG else _first_strings(line)


@lru_cache(maxsize=4096)
def _all_strings(line: str) -> tuple[tuple[int, int], ...]:
    return tuple(_read_strings(line, len(line)))


@lru_cache(maxsize=64)
def _first_strings(line: str) -> tuple[tuple[int, int], ...]:
    """Those that begin up to ``LONG``; one that is cut ends where ``line`` does."""
    return tuple(_read_strings(line, LONG))


@lru_cache(maxsize=64)
def _strings_of_pieces(line: LongLine) -> tuple[tuple[int, int], ...]:
    head = line[: 2 * LONG]
    found: list[tuple[int, int]] = []
    for start, stop in _first_strings(head):
        is_cut = len(head) < len(line) and _is_cut(head, stop)
        end = (line.string_end(start + 1) or len(line)) if is_cut else stop
        if not is_cut or not _COLON.match(line[end : end + LONG]):
            found.append((start, end))
    return tuple(found)


def _read_strings(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Those that begin before ``end``; one that is cut ends where ``text`` does."""
    start = 0
    while start < end and (match := _TOKEN.match(text, start)):
        start = match.end()
        if match.lastgroup == "string" and not _COLON.match(text, start):
            yield match.span()


class _Window(NamedTuple):
    """``text`` is what stands in ``line`` from column ``begin`` on."""

    line: LongLine
    begin: int
    text: str


@lru_cache(maxsize=128)  # each keeps a version of a line
def _tokens_of_pieces(line: LongLine, start: int, end: int) -> tuple[Token, ...]:
    inside, escaped = line.state(start)
    begin = start - (inside and escaped)
    text = line[begin : end + LONG]
    window = _Window(line, begin, text)
    found: list[Token] = []
    position = 0
    if inside:
        position = _read_long_string(window, 0, end - begin, found)
    while position < end - begin:
        position = _read(text, position, end - begin, found, cut=begin + len(text) < len(line))
        if position < end - begin:
            position = _read_long_string(window, position, end - begin, found)
    return tuple(Token(begin + token.start, begin + token.end, token.kind) for token in found)


def _read_long_string(window: _Window, start: int, end: int, found: list[Token]) -> int:
    """Append a string that may go on behind the window; returns where it ends."""
    line, begin, text = window
    opened = text.startswith('"', start) and not line.state(begin + start)[0]
    last = line.string_end(begin + start + opened)
    stop = len(line) if last is None else last
    kind = Kind.WRONG
    if last is not None:
        kind = Kind.KEY if _COLON.match(line[stop : stop + LONG]) else Kind.STRING
    _add_string(text, start, stop - begin, found, end=end, kind=kind)
    return stop - begin


@lru_cache(maxsize=8)
def _window_tokens(line: str, start: int, end: int) -> tuple[Token, ...]:
    found: list[Token] = []
    prefix = line[:start].replace("\\\\", "")
    if (prefix.count('"') - prefix.count('\\"')) % 2:
        if prefix.endswith("\\"):
            start -= 1
        rest = _REST_OF_STRING.match(line, start)
        stop = rest.end() if rest else len(line)
        kind = _kind(line, start, stop, closed=stop > start and _closes(line, start - 1, stop))
        _add_string(line, start, stop, found, end=end, kind=kind)
        start = stop
    _read(line, start, end, found)
    return tuple(found)


def _read(text: str, start: int, end: int, found: list[Token], *, cut: bool = False) -> int:
    """Append what begins before ``end``; returns where that ends.

    With ``cut``, where ``text`` is the beginning of a longer one, a string that may go on behind it is left.
    """
    while start < end:
        match = _TOKEN.match(text, start)
        if match is None:
            break
        stop = match.end()
        group = match.lastgroup or "wrong"
        if group == "string":
            if cut and _is_cut(text, stop):
                break
            closed = stop - start > 1 and _closes(text, start, stop)
            _add_string(text, start, stop, found, end=end, kind=_kind(text, start, stop, closed=closed))
        elif group == "number":
            right = _NUMBER.fullmatch(text, start, stop) is not None
            found.append(Token(start, stop, Kind.NUMBER if right else Kind.WRONG))
        elif group != "space":
            found.append(Token(start, stop, _SIMPLE[group]))
        start = stop
    return start


def _is_cut(text: str, stop: int) -> bool:
    """Whether a string that ends at ``stop`` may go on behind ``text``, which may end within an escape."""
    return text[stop : stop + 2] in ("", "\\")


def _closes(line: str, start: int, stop: int) -> bool:
    """Whether the string literal that was read ends in its own quote: it may be missing. Its first stands at ``start``.

    Behind ``start`` no escape may be under way.
    """
    if line[stop - 1] != '"':
        return False
    body = line[start + 1 : stop - 1]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 0


def _kind(line: str, start: int, stop: int, *, closed: bool) -> Kind:
    if not closed:
        return Kind.WRONG
    if _COLON.match(line, stop):
        return Kind.CODEC if line[start + 1 : stop - 1] in _CODECS else Kind.KEY
    return Kind.STRING


def _add_string(text: str, start: int, stop: int, found: list[Token], *, end: int, kind: Kind) -> None:
    position, limit = start, min(stop, end)
    while (backslash := text.find("\\", position, limit)) >= 0:
        escape = _ESCAPE.match(text, backslash, stop)
        if escape is None:
            break
        if backslash > position:
            found.append(Token(position, backslash, kind))
        position = escape.end()
        found.append(Token(backslash, position, Kind.ESCAPE if escape["right"] else Kind.WRONG))
    if position < stop:
        found.append(Token(position, stop, kind))
