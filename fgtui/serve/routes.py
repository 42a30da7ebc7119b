"""Paths with names in them, such as ``/orders/{id}``: which of an API's paths a request asks for, and with what.

Patterns are spelled as API Gateway spells them. Nothing here does any input or output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from fgtui.errors import UsageError
from fgtui.records import Record
from fgtui.words import Phrase

HOW_TO_SPELL = "spell it like /orders, /orders/{{id}} or /files/{{path+}}"

_PARAMETER = re.compile(r"\{([A-Za-z][A-Za-z0-9_.-]*)(\+?)\}")
_LITERAL, _ONE, _REST = 2, 1, 0
"""How exactly a segment says what it stands for."""


class Segment(Record):
    """What stands between two slashes."""

    text: str
    """The name of a parameter, or the segment itself, not percent-encoded."""
    weight: int = _LITERAL


class Route(Record):
    """A path of an API; ``{name}`` stands for one segment of it, ``{name+}`` at its end for all that is left."""

    pattern: str
    """As the person spelled it."""
    segments: tuple[Segment, ...]


def parse(patterns: Iterable[str]) -> tuple[Route, ...]:
    """The routes that ``patterns`` spell, the most exact first. ``UsageError`` says what is wrong with which."""
    routes: dict[tuple[object, ...], Route] = {}
    for pattern in patterns:
        route = _parsed(pattern)
        kind = tuple(each.weight if each.weight != _LITERAL else each.text for each in route.segments)
        if (other := routes.setdefault(kind, route)) is not route:
            raise UsageError(
                "route {pattern} leads where {other} does",
                pattern=pattern,
                other=other.pattern,
                hint="give one of them",
            )
    return tuple(sorted(routes.values(), key=_exactness, reverse=True))


def _exactness(route: Route) -> tuple[tuple[int, ...], int]:
    """Sorts routes: segment by segment, what is said exactly comes before what is left open; longer before shorter."""
    return tuple(each.weight for each in route.segments), len(route.segments)


def parameters_of(routes: Iterable[Route], path: str) -> dict[str, str] | None:
    """What the names in the first route that ``path`` takes stand for, decoded; ``None`` when it takes none.

    ``path`` is percent-encoded. A value whose bytes are not UTF-8 stays percent-encoded.
    """
    segments = path.split("/")[1:]
    decoded = [readable(each) for each in segments]
    found = (_matched(route.segments, decoded) for route in routes)
    return next((each for each in found if each is not None), None)


def readable(text: str) -> str:
    """``text`` without its percent-encoding, or as it is where the bytes behind that are not UTF-8."""
    if "%" not in text:
        return text
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return text


def _matched(route: tuple[Segment, ...], given: list[str]) -> dict[str, str] | None:
    has_rest = route[-1].weight == _REST
    if len(given) < len(route) or (len(given) > len(route) and not has_rest):
        return None
    parameters: dict[str, str] = {}
    for place, segment in enumerate(route):
        value = given[place]
        if segment.weight == _REST:
            parameters[segment.text] = "/".join(given[place:])
        elif segment.weight == _ONE and value:
            parameters[segment.text] = value
        elif segment.weight == _ONE or segment.text != value:
            return None
    return parameters


def _parsed(pattern: str) -> Route:
    if not pattern.startswith("/"):
        raise _wrong(pattern, "it has to begin with /")
    if found := re.search(r"[?#\s\x00-\x1f\x7f]", pattern):
        raise _wrong(pattern, "a path has no {sign!r}", sign=found[0])
    segments = tuple(_segment(pattern, each) for each in pattern.split("/")[1:])
    if any(each.weight == _REST for each in segments[:-1]):
        raise _wrong(pattern, "only the last of its parameters may have a +")
    names = [each.text for each in segments if each.weight != _LITERAL]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise _wrong(pattern, "it has two parameters named {name}", name=twice)
    return Route(pattern, segments)


def _segment(pattern: str, text: str) -> Segment:
    if "{" not in text and "}" not in text:
        if "*" in text:
            raise _wrong(pattern, "* means nothing here; {{proxy+}} takes all that is left of a path")
        return Segment(readable(text))
    if found := _PARAMETER.fullmatch(text):
        return Segment(found[1], _REST if found[2] else _ONE)
    if text.count("{") != text.count("}"):
        raise _wrong(pattern, "{text!r} has a brace without its other", text=text)
    raise _wrong(
        pattern,
        "{text!r} is no parameter: one is a whole segment, and its name is letters, digits, - . and _ after a letter",
        text=text,
    )


def _wrong(pattern: str, why: str, **values: str) -> UsageError:
    return UsageError("route {pattern!r}: {why}", pattern=pattern, why=Phrase(why, values), hint=HOW_TO_SPELL)
