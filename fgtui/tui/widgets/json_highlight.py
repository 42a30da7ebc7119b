"""Finds the parts of one line of JSON, to colour it. A JSON string never spans lines, so a line is enough.

Lenient like the scanner of ``events.text``: comments, elisions and stray words get kinds of their own, and any line has
an answer. Linear on any input. Lines beyond ``LONG`` are read around the part that is looked at.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from fgtui.regex import regex

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


def tokens(line: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """The parts of ``line`` that show between columns ``start`` and ``end``, in order; white space is left out.

    A line up to ``LONG`` characters answers with all of its parts whatever the window.
    """
    if len(line) <= LONG:
        return _all_tokens(line)
    return _window_tokens(line, start, len(line) if end is None else min(end, len(line)))


@lru_cache(maxsize=4096)
def _all_tokens(line: str) -> tuple[Token, ...]:
    found: list[Token] = []
    _read(line, 0, len(line), found)
    return tuple(found)


def strings(line: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each string literal of a line up to ``LONG`` that is a value and no member name."""
    return _all_strings(line) if len(line) <= LONG else ()


@lru_cache(maxsize=4096)
def _all_strings(line: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(line) and (match := _TOKEN.match(line, start)):
        start = match.end()
        if match.lastgroup == "string" and not _COLON.match(line, start):
            found.append(match.span())
    return tuple(found)


@lru_cache(maxsize=8)  # few: each keeps a line that may be megabytes long
def _window_tokens(line: str, start: int, end: int) -> tuple[Token, ...]:
    found: list[Token] = []
    prefix = line[:start].replace("\\\\", "")
    if (prefix.count('"') - prefix.count('\\"')) % 2:
        if prefix.endswith("\\"):
            start -= 1
        rest = _REST_OF_STRING.match(line, start)
        stop = rest.end() if rest else len(line)
        _add_string(line, start, stop, end, found, closed=line.endswith('"', start, stop))
        start = stop
    _read(line, start, end, found)
    return tuple(found)


def _read(line: str, start: int, end: int, found: list[Token]) -> None:
    """Append what begins before ``end``."""
    while start < end:
        match = _TOKEN.match(line, start)
        if match is None:
            return
        stop = match.end()
        group = match.lastgroup or "wrong"
        if group == "string":
            closed = stop - start > 1 and _closes(line, start, stop)
            _add_string(line, start, stop, end, found, closed=closed)
        elif group == "number":
            right = _NUMBER.fullmatch(line, start, stop) is not None
            found.append(Token(start, stop, Kind.NUMBER if right else Kind.WRONG))
        elif group != "space":
            found.append(Token(start, stop, _SIMPLE[group]))
        start = stop


def _closes(line: str, start: int, stop: int) -> bool:
    """Whether the string literal that was read ends in its own quote, which the pattern makes optional."""
    if line[stop - 1] != '"':
        return False
    body = line[start + 1 : stop - 1]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 0


def _add_string(line: str, start: int, stop: int, end: int, found: list[Token], *, closed: bool) -> None:
    kind = Kind.STRING
    if not closed:
        kind = Kind.WRONG
    elif _COLON.match(line, stop):
        kind = Kind.CODEC if line[start + 1 : stop - 1] in _CODECS else Kind.KEY
    position, limit = start, min(stop, end)
    while (backslash := line.find("\\", position, limit)) >= 0:
        escape = _ESCAPE.match(line, backslash, stop)
        if escape is None:
            break
        if backslash > position:
            found.append(Token(position, backslash, kind))
        position = escape.end()
        found.append(Token(backslash, position, Kind.ESCAPE if escape["right"] else Kind.WRONG))
    if position < stop:
        found.append(Token(position, stop, kind))
