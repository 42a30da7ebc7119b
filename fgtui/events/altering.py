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
from fgtui.events.reach import Crossing, follow, refuse_nowhere
from fgtui.events.text import Document, Node, quote, scan

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger


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
    if around is None or made is None:
        return changed.text
    key = path[-1]
    if isinstance(key, int):
        return shown.insert_item(around, changed.literal(made))
    return shown.insert_member(around, key, changed.literal(made))


def with_literal(text: str, trigger: Trigger | None, path: Path, literal: str, *, decoded: bool = False) -> str:
    """``text`` with ``literal`` as it is in the place of the value at ``path``: nothing is encoded."""
    if decoded:
        shown = scan(text)
        node = whole_decoded(shown, path)
        if node is None:
            raise _nowhere(path)
        return shown.replace(node, literal)
    spot = follow(scan(text), trigger, path)
    if spot.rest:
        refuse_nowhere(spot)
    return put_back(spot.crossed, spot.document.replace(spot.node, literal))


def without(text: str, trigger: Trigger | None, path: Path, *, decoded: bool = False) -> str:
    """``text`` without the value at ``path``, its name and one comma."""
    if decoded:
        shown = scan(text)
        node = whole_decoded(shown, path)
        if node is None:
            raise _nowhere(path)
        return shown.remove(node)
    spot = follow(scan(text), trigger, path)
    if spot.rest:
        refuse_nowhere(spot)
    return put_back(spot.crossed, spot.document.remove(spot.node))


def with_name(text: str, trigger: Trigger | None, path: Path, name: str, *, decoded: bool = False) -> str:
    """``text`` with the member at ``path`` called ``name``."""
    if decoded:
        document = scan(text)
        node = whole_decoded(document, path)
        crossed: tuple[Crossing, ...] = ()
    else:
        spot = follow(scan(text), trigger, path)
        if spot.rest:
            refuse_nowhere(spot)
        document, node, crossed = spot.document, spot.node, spot.crossed
    if node is None or node.key_start < 0:
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


def _nowhere(path: Path) -> EventError:
    return EventError("the event has nothing at {path}", path=format_path(path) or '""')
