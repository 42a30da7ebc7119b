"""What can follow in a JMESPath expression that is being typed: the keys of a document at that place, and functions.

Walks through what was typed as far as paths go, over one document; what a function gives is not known. Nothing that was
typed is evaluated, so nothing can run away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fgtui.records import Record
from fgtui.regex import regex

SHOWN = 200
"""Candidates at most."""
_SAMPLE = 50
"""Values that are looked at for their keys."""

_TOKEN = regex(
    r"""
    (?P<blank>\s+)
    |(?P<name>[^\W\d]\w*)
    |(?P<quoted>"(?:[^"\\]|\\.)*")
    |(?P<literal>'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)
    |(?P<number>-?[0-9]+)
    |(?P<sign>\[\?|&&|\|\||[<>=!]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")
"""What needs no quotes; others are typed without them all the same, and get them with the completion."""
_REST_OF_NAME = regex(r"\w*")
_REST_OF_QUOTED = regex(r'(?:[^"\\]|\\.)*"|')


class Completions(Record):
    """What may stand in place of ``text[start:end]``, which is a name that has begun or nothing yet."""

    start: int
    end: int
    candidates: tuple[str, ...] = ()
    """As they are to be written, quoted where they have to be; functions with their bracket. Best first."""


def complete(text: str, cursor: int, document: object) -> Completions:
    """The completions of ``text`` at ``cursor``, by the keys that ``document`` has there."""
    tokens = list(_tokens(text[:cursor]))
    begun = tokens.pop() if tokens and tokens[-1].kind in {"name", "unclosed"} else None
    if begun is not None and begun.text[0] in "'`":
        return Completions(cursor, cursor)
    start = cursor if begun is None else begun.start
    walk = _Walk([document])
    for at, token in enumerate(tokens):
        walk.take(token, tokens[at + 1].text if at + 1 < len(tokens) else "" if begun is None else begun.text)
    prefix = text[start:cursor]
    found = [*map(_written, _keys(walk.values_here()))]
    if walk.starts_here and not prefix.startswith('"'):
        found += (f"{name}(" for name in _functions())
    rest = _REST_OF_QUOTED if prefix.startswith('"') else _REST_OF_NAME
    ending = rest.match(text, cursor)
    end = ending.end() if ending is not None and begun is not None else cursor
    return Completions(start, end, tuple(_matching(found, prefix))[:SHOWN])


def _matching(candidates: Iterable[str], prefix: str) -> list[str]:
    """Those that begin with ``prefix``, before those that do but for case, or are quoted."""
    wanted = prefix.lstrip('"')
    kept = list(dict.fromkeys(candidates))
    exact = [each for each in kept if each.startswith(prefix)]
    alike = [each for each in kept if each.lstrip('"').lower().startswith(wanted.lower()) and each not in exact]
    return [each for each in exact + alike if each != prefix]


def _functions() -> list[str]:
    from fgtui.sessions.query.functions import library

    return sorted(library().FUNCTION_TABLE)


def _keys(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            yield from (key for key in value if isinstance(key, str))


def _written(name: str) -> str:
    from fgtui.sessions import strict_json

    return name if _NAME.fullmatch(name) else strict_json.write(name)


# Tokens


class _Token(NamedTuple):
    kind: str
    """A group of ``_TOKEN``; ``unclosed`` for a quotation mark and all that follows it."""
    text: str
    start: int


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind == "sign" and found[0] in "\"'`":
            yield _Token("unclosed", text[found.start() :], found.start())
            return
        if kind != "blank":
            yield _Token(kind, found[0], found.start())


# The walk

_CALL, _KEY = "call", "key"
"""For what closes a frame: a function's name was read and its bracket not; a name is due that an object is to have."""


class _Frame:
    """One pair of brackets: what an expression in it starts from, and what the one at hand has come to."""

    def __init__(self, closing: str, base: list[object], then: list[object] | None = None, function: str = "") -> None:
        self.closing = closing
        self.function = function
        """Whose arguments these are."""
        self.base = self._origin = base
        self.here: list[object] | None = None
        """``None`` where an expression is to start."""
        self._then = then
        self._first: list[object] | None = None
        self._alternatives: list[object] = []

    @property
    def first(self) -> list[object]:
        """What the first of several expressions has come to."""
        return (self.here or []) if self._first is None else self._first

    def next_expression(self) -> None:
        """Behind a comma."""
        self._first = self.first
        self.base, self.here = self._origin, None

    def result(self) -> list[object]:
        """What the brackets give."""
        if self.function in _GIVE_FIRST:
            return self.first
        if self.function in _GIVE_ITEM:
            return _some(_items(self.first))
        return self._alternatives + (self.here or []) if self._then is None else self._then

    def alternative(self) -> None:
        """Behind ``||``."""
        self._alternatives += self.here or []
        self.here = None


_GIVE_FIRST = frozenset({"not_null", "reverse", "sort_by", "to_array"})
_GIVE_ITEM = frozenset({"max_by", "min_by"})


class _Walk:
    """The values that paths have led to so far."""

    def __init__(self, values: list[object]) -> None:
        self._frames = [_Frame("", values)]
        self._after_dot = False
        self._skips_to: str | None = None

    @property
    def starts_here(self) -> bool:
        """Whether an expression may start."""
        frame = self._frames[-1]
        return frame.here is None and not self._after_dot and frame.closing != _KEY

    def values_here(self) -> list[object]:
        """Whose keys may stand next."""
        frame = self._frames[-1]
        if self._after_dot:
            return frame.here or []
        if frame.here is not None or frame.closing == _KEY:
            return []
        return frame.base

    def take(self, token: _Token, following: str) -> None:
        """One token on, which ``following`` follows."""
        frame, sign = self._frames[-1], token.text
        after_dot, self._after_dot = self._after_dot, False
        if self._skips_to is not None:
            if sign == self._skips_to:
                self._skips_to = None
        elif token.kind in {"name", "quoted"}:
            self._name(token, following, after_dot=after_dot)
        elif token.kind in {"literal", "number"}:
            frame.here = []
        elif sign == ".":
            self._after_dot = True
        elif sign == "@":
            frame.here = frame.base
        elif sign == "*":
            frame.here = _some(_members(frame.here if after_dot and frame.here else frame.base))
        elif sign in {"[", "[?", "(", "{"}:
            self._open(sign, following, after_dot=after_dot)
        elif sign in {"]", ")", "}"}:
            self._close()
        else:
            self._operator(sign)

    def _name(self, token: _Token, following: str, *, after_dot: bool) -> None:
        frame = self._frames[-1]
        if frame.closing == _KEY:  # a name that the object is to have
            return
        if token.kind == "name" and following == "(":
            self._frames.append(_Frame(_CALL, frame.base, [], token.text))
            return
        name = token.text if token.kind == "name" else _unquoted(token.text)
        values = frame.here if after_dot and frame.here is not None else frame.base
        frame.here = _some(value[name] for value in values if isinstance(value, dict) and name in value)

    def _open(self, sign: str, following: str, *, after_dot: bool) -> None:
        frame = self._frames[-1]
        if frame.closing == _CALL:
            frame.closing = ")"
            return
        values = frame.base if frame.here is None else frame.here
        if sign == "[?":
            items = _some(_items(values))
            self._frames.append(_Frame("]", items, items))
        elif sign == "(":
            self._frames.append(_Frame(")", frame.base))
        elif sign == "{":
            self._frames.append(_Frame(_KEY, values, []))
        elif not after_dot and (following in {"]", "*", ":"} or following.lstrip("-").isdigit()):
            frame.here = _some(_items(values))
            self._skips_to = "]"
        else:
            self._frames.append(_Frame("]", values, []))

    def _close(self) -> None:
        if len(self._frames) == 1:
            return
        closed = self._frames.pop()
        self._frames[-1].here = closed.result()

    def _operator(self, sign: str) -> None:
        frame = self._frames[-1]
        if sign == "|":
            frame.base, frame.here = frame.here or [], None
        elif sign == "||":
            frame.alternative()
        elif sign == "&":
            frame.base = _some(_items(frame.first))
        elif sign == ":" and frame.closing == _KEY:
            frame.closing = "}"
        elif sign == ",":
            frame.next_expression()
            if frame.closing == "}":
                frame.closing = _KEY
        else:
            frame.here = None


def _some(values: Iterable[object]) -> list[object]:
    return [value for value, _ in zip(values, range(_SAMPLE), strict=False)]


def _items(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, list):
            for item in value:
                yield from item if isinstance(item, list) else (item,)


def _members(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, dict):
            yield from value.values()


def _unquoted(text: str) -> str:
    from fgtui.sessions import strict_json

    try:
        return str(strict_json.read(text))
    except ValueError:
        return text[1:-1]
