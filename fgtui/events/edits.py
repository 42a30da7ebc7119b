"""Changes one value of an event and nothing else, also deep inside encoded strings (design: set by path).

The innermost text is spliced, and each string around it encoded again as it was: same base64 spelling, same padding,
same gzip header, same spacing. What is missing is made, encoded as the schema declares.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fgtui.errors import EventError
from fgtui.events.affixes import common_prefix, common_suffix
from fgtui.events.codecs import FORM_TYPE, Codec, Layer, close_string
from fgtui.events.layout import compact, spaced
from fgtui.events.lexis import SURROGATE, unquote
from fgtui.events.model import Path
from fgtui.events.packing import FORM_PAIRS
from fgtui.events.path import format_path
from fgtui.events.reach import Crossing, Spot, follow, may_hold_json, reach, refuse_nowhere
from fgtui.events.scopes import DEPTH, Scope
from fgtui.events.text import Document, Kind, quote, scan, strict_problems
from fgtui.regex import regex

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.schema import Encoding

_WHITESPACE = " \t\r\n"
_SPACED_COLON = regex(r'":[ \t]')
_ESCAPES = regex(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)
"""Each stands for one character."""


def set_value(wire: str, trigger: Trigger | None, path: Path, literal: str) -> str:
    """``wire`` with the JSON value ``literal`` at ``path`` of the decoded event.

    At an encoded string ``literal`` is what the string holds: text for a JSON string, else that JSON. A missing member
    is made, with the objects it needs around it; an index one past the end appends. ``EventError`` where ``literal``
    is no JSON or the path leads nowhere.
    """
    literal = _json(literal)
    return set_at(follow(_scanned(wire), trigger, path), literal)


def set_at(spot: Spot, literal: str) -> str:
    """The whole event with the JSON value ``literal`` where ``spot`` leads; see ``set_value``."""
    if spot.rest:
        return put_back(spot.crossed, _with_new(spot, literal))
    return put_back(spot.crossed, spot.document.replace(spot.node, _value(spot, literal)))


def set_text(wire: str, trigger: Trigger | None, path: Path, text: str) -> str:
    """``wire`` with ``text`` as what the value at ``path`` holds: the inverse of ``Place.text``.

    JSON goes back in the layout it came from; text that is none goes in as it is. ``EventError`` where the place is no
    string and ``text`` no JSON, or where the path leads nowhere.
    """
    spot = reach(_scanned(wire), trigger, path)
    if spot.node.kind is not Kind.STRING:
        literal = _json(text)
    else:
        layer = spot.layer()
        literal = _spelled(spot, _closed(spot, layer, layer.laid_out(text) if layer else text))
    return put_back(spot.crossed, spot.document.replace(spot.node, literal))


def _scanned(wire: str) -> Document:
    document = scan(wire)
    if document.has_errors:
        document.wire()  # raises, and says where
    return document


def _json(literal: str) -> str:
    problems = strict_problems(scan(literal))
    if problems:
        problem = problems[0]
        raise EventError(
            "the new value is not JSON",
            hint=problem.message,
            line=problem.line,
            column=problem.column,
            **problem.values,
        )
    return literal.strip(_WHITESPACE)


def put_back(crossed: tuple[Crossing, ...], text: str) -> str:
    """``text`` back in the strings that it was taken out of, up to the whole event."""
    for crossing in reversed(crossed):
        value = crossing.layer.reclose(text)
        literal = respelled(crossing.document.literal(crossing.node), value)
        text = crossing.document.replace(crossing.node, literal)
    return text


# A value that is there


def _value(spot: Spot, literal: str) -> str:
    """The literal to put at ``spot`` so that ``literal`` is there once decoded."""
    if spot.node.kind is not Kind.STRING:
        return literal
    layer = spot.layer()
    if layer is None and spot.expected is None:
        return literal
    if literal.startswith('"'):
        return _spelled(spot, _closed(spot, layer, unquote(literal)))
    return _spelled(spot, _closed(spot, layer, _laid_like(layer, literal)))


def _closed(spot: Spot, layer: Layer | None, content: str) -> str:
    """``content`` encoded as what was there before, else as the schema declares."""
    if layer is not None:
        _check_bytes(layer.codecs, content)
        return layer.reclose(content)
    expected = spot.expected
    if expected is None or _is_whole_form(expected, spot.document.string(spot.node)):
        return content
    return _encoded(expected, content)


def _laid_like(layer: Layer | None, literal: str) -> str:
    """JSON on one line, spaced where the JSON before it was."""
    if layer is None or layer.document is None or Codec.JSON in layer.codecs:
        return compact(literal)
    return spaced(literal) if _SPACED_COLON.search(layer.text or "") else compact(literal)


def _spelled(spot: Spot, value: str) -> str:
    return respelled(spot.document.literal(spot.node), value)


def respelled(literal: str, value: str) -> str:
    r"""The literal of ``value``, spelled as ``literal`` is where they agree: ``\/`` and ``\u00e9`` stay."""
    if "\\" not in literal:
        return quote(value)
    old = unquote(literal)
    if quote(old) == literal:
        return quote(value)
    before = common_prefix(old, value)
    after = common_suffix(old[before:], value[before:])
    head = literal[: _offset(literal, before)]
    tail = literal[_offset(literal, len(old) - after) :]
    spelled = head + quote(value[before : len(value) - after])[1:-1] + tail
    return spelled if unquote(spelled) == value else quote(value)  # two halves of a surrogate pair may have met


def _offset(literal: str, count: int) -> int:
    """Where in ``literal`` the character behind the first ``count`` begins."""
    extra = 1
    for escape in _ESCAPES.finditer(literal):
        if escape.start() - extra >= count:
            break
        extra += len(escape[0]) - 1
    return count + extra


# A value that is missing


def _with_new(spot: Spot, literal: str) -> str:
    """The innermost document with what the rest of the path needs, and ``literal`` at its end."""
    node, key = spot.node, spot.rest[0]
    document = spot.document
    if node.kind is Kind.STRING:  # an empty one that may hold JSON
        made = _made(spot, spot.inner, spot.rest, literal, spot.expected)
        return document.replace(node, _spelled(spot, unquote(made)))
    at = (*spot.inner, key)
    expected = _declared(spot.scope, at)
    if node.kind is Kind.OBJECT and isinstance(key, str):
        return document.insert_member(node, key, _made(spot, at, spot.rest[1:], literal, expected))
    siblings = list(document.children(node))
    if node.kind is not Kind.ARRAY or key != len(siblings):
        refuse_nowhere(spot)
    if siblings and siblings[-1].kind is Kind.STRING:  # strings or objects, as LTS has them: follow the one before
        expected = spot.scope.expected(at)
    return document.insert_item(node, _made(spot, at, spot.rest[1:], literal, expected))


def _made(spot: Spot, at: Path, rest: Path, literal: str, expected: Encoding | None) -> str:
    """The literal of a new value at ``at``, inside which ``rest`` leads to ``literal``; strings encoded as declared."""
    keys: list[str | int] = []
    legs: list[tuple[list[str | int], Encoding]] = []  # the way in to each encoded string
    scope = spot.scope
    for key in rest:
        if expected is not None:
            legs.append((keys, expected))
            _check_inside(expected, spot)
            scope, at, keys = scope.inner(expected, lambda _: None), (), []
        _check_first(key, spot)
        keys.append(key)
        at = (*at, key) if len(at) <= DEPTH else at
        expected = _declared(scope, at)
    colon = ": " if _SPACED_COLON.search(spot.document.text) else ":"
    if expected is not None:
        content = unquote(literal) if literal.startswith('"') else compact(literal)
        literal = quote(_encoded(expected, content))
    literal = _nested(keys, literal, colon)
    for way, encoding in reversed(legs):
        literal = _nested(way, quote(_encoded(encoding, compact(literal))), colon)
    return literal


def _declared(scope: Scope, at: Path) -> Encoding | None:
    """How a new value at ``at`` has to be encoded: only where nothing but a string may stand there."""
    expected = scope.expected(at)
    return expected if expected is not None and scope.info(at).type in {"", "string"} else None


def _check_first(key: str | int, spot: Spot) -> None:
    if isinstance(key, int) and key != 0:
        raise EventError(
            "{path} asks for item [{index}] of a list that is not there",
            hint="a new list begins with [0]",
            path=format_path(spot.path),
            index=key,
        )


def _check_inside(expected: Encoding, spot: Spot) -> None:
    if not may_hold_json(expected):
        raise EventError(
            "{path} leads into a string that holds text, which has no members", path=format_path(spot.path)
        )


def _nested(keys: list[str | int], literal: str, colon: str) -> str:
    heads = ["[" if isinstance(key, int) else f"{{{quote(key)}{colon}" for key in keys]
    tails = ["]" if isinstance(key, int) else "}" for key in reversed(keys)]
    return "".join([*heads, literal, *tails])


# Encodings as declared


def codecs_declared(expected: Encoding) -> tuple[Codec, ...]:
    """The codecs of a new string of that encoding, outermost first."""
    if expected.base64:
        return (Codec.BASE64, Codec.GZIP) if expected.media_type == "application/gzip" else (Codec.BASE64,)
    return (Codec.FORM,) if expected.media_type == FORM_TYPE else ()


def _encoded(expected: Encoding, content: str) -> str:
    codecs = codecs_declared(expected)
    _check_bytes(codecs, content)
    return close_string(codecs, content)


def _is_whole_form(expected: Encoding, value: str) -> bool:
    """Whether a string is declared as one form-encoded value and holds a whole form, ``a=1&b=2``."""
    return not expected.base64 and expected.media_type == FORM_TYPE and FORM_PAIRS.search(value) is not None


def _check_bytes(codecs: tuple[Codec, ...], content: str) -> None:
    if any(codec not in {Codec.JSON, Codec.JSON_SPACED} for codec in codecs) and SURROGATE.search(content):
        raise EventError(
            "half of a surrogate pair has no bytes, so it cannot be encoded", hint="write the whole character"
        )
