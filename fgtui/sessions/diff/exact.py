"""JSON read so that no two texts that say different things come out as one value.

A number that no double stands for alone is a ``Numeral``; of a member that is there several times each stays, the last
under its name and those before it as ``name #1``, ``name #2``. White space, escapes and the order of members say
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fgtui.events.numerals import Numeral

if TYPE_CHECKING:
    from fgtui.events.text import Document

_SURE = 16
"""Characters of a number without exponent, the point among them, up to which no double stands for two."""
_DIGITS = 4300
"""Digits of the longest integer that Python reads."""
_WORDS = {"true": True, "false": False, "null": None}


def read(text: str) -> object:
    """The value of JSON text. Raises ``ValueError`` for anything that is not strictly JSON."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError):  # too deep for the standard parser, or an integer too long
        from fgtui.events.text import scan

        document = scan(text)
        if not document.is_strict:
            raise ValueError("not JSON") from None
        return value_of(document)


def read_or_text(text: str) -> object:
    """The value when ``text`` is JSON, ``None`` when it is empty, else ``text`` itself."""
    if not text:
        return None
    try:
        return read(text)
    except ValueError:
        return text


def value_of(document: Document) -> object:
    """The value of a document that was scanned, of any depth; invalid values as written."""
    tree = document.tree
    made: object = None
    inner: dict[int, list[tuple[Any, Any]]] = {}
    """Of each container that is not made yet what it holds, the last first."""
    for index in range(len(tree.starts) - 1, -1, -1):
        if tree.is_object(index):
            made = _members(inner.pop(index, [])[::-1])
        elif tree.is_array(index):
            made = [item for _, item in inner.pop(index, [])[::-1]]
        else:
            literal = tree.text[tree.starts[index] : tree.ends[index]]
            made = literal if index in tree.invalid else _scalar(literal)
        if index:
            inner.setdefault(tree.parents[index], []).append((tree.key(index), made))
    return made


def _scalar(literal: str) -> object:
    from fgtui.events.lexis import unquote

    if literal.startswith('"'):
        return unquote(literal)
    if literal in _WORDS:
        return _WORDS[literal]
    if not literal.lstrip("-").isdecimal():
        return _number(literal)
    return int(literal) if len(literal) <= _DIGITS else Numeral(literal)


def _number(literal: str) -> float | Numeral:
    """A number with a point or an exponent."""
    value = float(literal)
    if (len(literal) <= _SURE and "e" not in literal and "E" not in literal) or repr(value) == literal:
        return value
    numeral = Numeral(literal)
    return value if value - value == 0 and Numeral(repr(value)) == numeral else numeral


def _members(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    members, counts = {}, dict[str, int]()
    taken = {name for name, _ in pairs}
    for name, value in pairs:
        if name in members:
            earlier = name
            while earlier in taken:
                counts[name] = counts.get(name, 0) + 1
                earlier = f"{name} #{counts[name]}"
            taken.add(earlier)
            members[earlier] = members[name]
        members[name] = value
    return members


def _no_constant(name: str) -> object:
    raise json.JSONDecodeError(f"{name} is not JSON", name, 0)


_DECODER = json.JSONDecoder(parse_float=_number, parse_constant=_no_constant, object_pairs_hook=_members)
