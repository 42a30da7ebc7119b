"""A place of an event as a person sees it: what it is, what it holds once opened, whether that can be edited.

The names that front ends need for encoded strings are gathered here: ``decode`` and ``encode``, ``decoded_value``,
``hints``, ``locate`` and ``place_at``, ``set_value`` and ``set_text``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgtui.events.codecs import JSON_CODECS, Layer
from fgtui.events.decoded import decode, encode, find_decoded, plain_path
from fgtui.events.edits import set_text, set_value
from fgtui.events.hints import Hint, hints
from fgtui.events.layout import pretty
from fgtui.events.model import Path
from fgtui.events.opened import decoded_value
from fgtui.events.reach import Spot, reach
from fgtui.events.reasons import Reason, reason_for
from fgtui.events.schema import reader
from fgtui.events.scopes import scope_of
from fgtui.events.text import Document, Kind
from fgtui.records import Record

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.schema import FieldInfo

__all__ = [
    "Hint", "Place", "decode", "decoded_value", "encode", "find_decoded", "hints", "locate", "place_at", "plain_path",
    "set_text", "set_value",
]  # fmt: skip

_BYTES_SHOWN = 4096
"""Bytes shown in hexadecimal where an encoded string holds no text."""


class Place(Record):
    """One value of an event."""

    path: Path
    start: int
    end: int
    """The span in the event's own text; of the outermost encoded string where the place is inside one."""
    kind: Kind
    literal: str
    """The value as it is written where it stands."""
    info: FieldInfo
    layers: tuple[Layer, ...]
    """The strings opened around it and, last, the value itself where it is an encoded string."""
    opened: bool
    """Whether the value itself is an encoded string that was opened: the last of ``layers``."""
    text: str
    """What a person edits: opened where it opens, JSON of a known layout pretty-printed; see ``set_text``."""
    is_text: bool
    """Whether ``text`` is taken as it is; where not, it has to be JSON."""
    editable: bool
    """Whether writing ``text`` back unchanged would change nothing."""
    reason: Reason | None
    """Why a declared encoding does not open, or why the place cannot be edited."""

    @property
    def why_not(self) -> str:
        """``reason`` in English; empty where there is none."""
        return "" if self.reason is None else str(self.reason)


def locate(document: Document, trigger: Trigger | None, path: Path) -> Place:
    """The place at ``path``, through encoded strings where it leads there. ``EventError`` says where it stops."""
    return _place(reach(document, trigger, path))


def place_at(document: Document, trigger: Trigger | None, offset: int) -> Place | None:
    """The innermost value whose span or name holds ``offset``, else the whole event; ``None`` where there is none."""
    node = document.node_at(offset) or document.root
    if node is None:
        return None
    path = document.path_of(node)
    spot = Spot((), document, scope_of(trigger, reader(document)), node, path, path, ())
    last = document.find(path)
    return _place(spot, shadowed=last is None or last.ordinal != node.ordinal)


def _place(spot: Spot, *, shadowed: bool = False) -> Place:
    node = spot.node
    outermost = spot.crossed[0].node if spot.crossed else node
    around = tuple(crossing.layer for crossing in spot.crossed)
    own = spot.layer()
    layers = (*around, own) if own else around
    editable = not shadowed and node.kind is not Kind.INVALID and all(layer.editable for layer in layers)
    return Place(
        path=spot.path,
        start=outermost.start,
        end=outermost.end,
        kind=node.kind,
        literal=spot.document.literal(node),
        info=spot.scope.info(spot.inner),
        layers=layers,
        opened=own is not None,
        text=_text(spot, own),
        is_text=node.kind is Kind.STRING,
        editable=editable,
        reason=_reason(spot, own, editable=editable, shadowed=shadowed),
    )


def _text(spot: Spot, own: Layer | None) -> str:
    if own is None:
        return spot.document.string(spot.node)
    if own.text is None:
        shown = own.raw[:_BYTES_SHOWN].hex(" ")
        return shown if len(own.raw) <= _BYTES_SHOWN else shown + " …"
    return pretty(own.text) if own.codecs and own.codecs[-1] in JSON_CODECS else own.text


def _reason(spot: Spot, own: Layer | None, *, editable: bool, shadowed: bool) -> Reason | None:
    if shadowed:
        return Reason("a member of the same name follows, and it is the one that counts; edit this one in the text", {})
    expected = spot.expected
    if spot.node.kind is Kind.STRING and expected is not None:
        reason = reason_for(spot.document.string(spot.node), expected, own)
        if reason is not None:
            return reason
    if own is not None and own.text is None:
        return Reason("{count} bytes that are not UTF-8 text", {"count": len(own.raw)})
    if not editable and spot.node.kind is not Kind.INVALID:
        return Reason("encoding it again would not give the same characters", {})
    return None
