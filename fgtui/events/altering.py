"""Alters one place of an event in either of its forms: a value put, taken out, or its member renamed.

``decoded`` says that the text is a decoded form; what is changed there stays as the person wrote it everywhere else.
Every function returns the whole text; EventError says why there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgtui.errors import EventError
from fgtui.events.decoded import decode, encode, find_decoded, plain_path
from fgtui.events.edits import put_back, set_value
from fgtui.events.model import Path
from fgtui.events.path import format_path
from fgtui.events.reach import Crossing, follow, reach
from fgtui.events.text import Document, Node, quote, scan

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger

_BEYOND = 1 << 40
"""An index that no list has."""


def with_value(text: str, trigger: Trigger | None, path: Path, literal: str, *, decoded: bool = False) -> str:
    """``text`` with the JSON value ``literal`` at ``path``, made where it is missing; see ``edits.set_value``."""
    if not decoded:
        return set_value(text, trigger, path, literal)
    shown = scan(text)
    node = find_decoded(shown, path)
    if node is not None:
        return shown.replace(node, literal)
    around = find_decoded(shown, path[:-1])
    changed = scan(decode(set_value(encode(text), trigger, path, literal), trigger))
    made = whole_decoded(changed, path)
    if around is None or not around.kind.is_container or made is None:  # inside a string that stays closed
        return _nearest_of(shown, changed, path)
    key = path[-1]
    if isinstance(key, int):
        return shown.insert_item(around, changed.literal(made))
    return shown.insert_member(around, key, changed.literal(made))


def with_sample(
    text: str, trigger: Trigger | None, path: Path, *, decoded: bool = False, one_more: bool = False
) -> tuple[str, Path]:
    """``text`` with what the schema gives for the missing place at ``path``; with ``one_more``, for an item at the end
    of the list there. Also the path of what is new.
    """
    from fgtui.events.sample_values import sample_content

    wire = scan(encode(text)) if decoded else scan(text)
    spot = follow(wire, trigger, (*path, _BEYOND) if one_more else path)
    if one_more:
        path = (*path, sum(1 for _ in spot.document.children(spot.node)))
        spot = spot._replace(rest=path[-1:])
    literal = sample_content(spot.scope, (*spot.inner, *spot.rest))
    return with_value(text, trigger, path, literal, decoded=decoded), path


def with_literal(text: str, trigger: Trigger | None, path: Path, literal: str, *, decoded: bool = False) -> str:
    """``text`` with ``literal`` as it is in the place of the value at ``path``: nothing is encoded."""
    if decoded:
        shown = scan(text)
        node = whole_decoded(shown, path)
        if node is None:  # inside a string that stays closed
            changed = decode(with_literal(encode(text), trigger, path, literal), trigger)
            return _nearest_of(shown, scan(changed), path)
        return shown.replace(node, literal)
    spot = reach(scan(text), trigger, path)
    return put_back(spot.crossed, spot.document.replace(spot.node, literal))


def without(text: str, trigger: Trigger | None, path: Path, *, decoded: bool = False) -> str:
    """``text`` without the value at ``path``, its name and one comma."""
    if decoded:
        shown = scan(text)
        node = whole_decoded(shown, path)
        if node is None:
            return _nearest_of(shown, scan(decode(without(encode(text), trigger, path), trigger)), path)
        return shown.remove(node)
    spot = reach(scan(text), trigger, path)
    return put_back(spot.crossed, spot.document.remove(spot.node))


def with_name(text: str, trigger: Trigger | None, path: Path, name: str, *, decoded: bool = False) -> str:
    """``text`` with the member at ``path`` called ``name``."""
    if decoded:
        document = scan(text)
        node = whole_decoded(document, path)
        if node is None:
            changed = decode(with_name(encode(text), trigger, path, name), trigger)
            return _nearest_of(document, scan(changed), path)
        crossed: tuple[Crossing, ...] = ()
    else:
        spot = reach(scan(text), trigger, path)
        document, node, crossed = spot.document, spot.node, spot.crossed
    if node.key_start < 0:
        raise _nowhere(path)
    return put_back(crossed, document.text[: node.key_start] + quote(name) + document.text[node.key_end :])


def whole_decoded(document: Document, path: Path) -> Node | None:
    """The value at ``path`` of a decoded form, with all the codec objects around it."""
    node = find_decoded(document, path)
    while node is not None and (around := document.parent(node)) is not None:
        if len(plain_path(document, around)) < len(path):
            break
        node = around
    return node


def _nearest_of(shown: Document, changed: Document, path: Path) -> str:
    """``shown`` with the nearest value around ``path`` that both decoded forms have, as ``changed`` has it."""
    for length in range(len(path) - 1, -1, -1):
        here, there = whole_decoded(shown, path[:length]), whole_decoded(changed, path[:length])
        if here is not None and there is not None:
            return shown.replace(here, changed.literal(there))
    return changed.text


def _nowhere(path: Path) -> EventError:
    return EventError("the event has nothing at {path}", path=format_path(path) or '""')
