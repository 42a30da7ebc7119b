"""What a fix is, and the ground that fixes are made on: a text with its trigger, in one of its forms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import EventError
from fgtui.events import altering
from fgtui.events.affixes import common_prefix, common_suffix
from fgtui.events.decoded import encode
from fgtui.events.edits import put_back, respelled, set_at
from fgtui.events.model import Path, Problem
from fgtui.events.reach import Spot, follow, reach
from fgtui.events.text import Document, quote, scan
from fgtui.records import NOTHING, Record

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.schema import FieldInfo


class Splice(NamedTuple):
    """``text`` in the place of what stands from ``start`` to ``end``, in characters."""

    start: int
    end: int
    text: str


class Fix(Record):
    """One way to put one problem right."""

    words: str
    """What it does, as a sentence with ``{named}`` holes: "take the comma out"."""
    splices: tuple[Splice, ...]
    """In order of their places; none touches another."""
    is_certain: bool = False
    """Whether what is sent stays the same by it, or can only have been meant so."""
    values: Mapping[str, object] = NOTHING


class Ground:
    """One text that has problems."""

    def __init__(self, document: Document, trigger: Trigger | None, *, decoded: bool = False) -> None:
        self.document = document
        self.trigger = trigger
        self.decoded = decoded

    @cached_property
    def wire(self) -> Document:
        """The event as it is sent. EventError where the text has errors."""
        if self.decoded:
            return scan(encode(self.document.text))
        return self.document

    @cached_property
    def lone_commas(self) -> frozenset[int]:
        """Where commas stand that divide nothing."""
        text, bounds = self.document.text, self.document.tree.blanks
        return frozenset(bounds[at] for at in range(0, len(bounds), 2) if text[bounds[at]] in ",，")

    def spot(self, path: Path) -> Spot:
        """The place in the wire text, through encoded strings."""
        return follow(self.wire, self.trigger, path)

    def inside(self, path: Path, key: str | int) -> Spot:
        """Where ``key`` would be added at ``path``: inside the string there, where that holds an object or list."""
        return self.spot((*path, key))

    def info(self, path: Path) -> FieldInfo | None:
        """What the schema says of the value at ``path``; None where the text leads to none."""
        try:
            spot = self.spot(path)
        except EventError:
            return None
        return spot.scope.info((*spot.inner, *spot.rest))

    def problems(self, document: Document, *, thorough: bool = False) -> tuple[Problem, ...]:
        """What is wrong with another state of the text; ``thorough`` as for ``validate``."""
        if self.trigger is None:
            return document.problems
        from fgtui.events.validation import validate

        if not self.decoded:
            return validate(document, self.trigger, thorough=thorough)
        try:
            wire = scan(encode(document.text))
        except EventError:  # so it is said of what is no JSON, too
            return document.problems
        found = validate(wire, self.trigger, thorough=thorough)
        return (*document.problems, *(each for each in found if each not in wire.problems))

    # ── fixes that name a path ──────────────────────────────────────────────────────────────────────────────────────
    # In the wire text what was scanned once serves all of them: a long text may have a hundred problems.

    def putting(self, path: Path, literal: str, words: str, /, *, is_certain: bool = False, **values: object) -> Fix:
        """Put what the value at ``path`` should hold, encoded as it is encoded now."""
        if self.decoded:
            text = altering.with_value(self.document.text, self.trigger, path, literal, decoded=True)
        else:
            text = set_at(self.spot(path), literal)
        return self.to_text(text, words, is_certain=is_certain, **values)

    def writing(self, path: Path, literal: str, words: str, /, *, is_certain: bool = False, **values: object) -> Fix:
        """Write ``literal`` as it is at ``path``."""
        if self.decoded:
            text = altering.with_literal(self.document.text, self.trigger, path, literal, decoded=True)
            return self.to_text(text, words, is_certain=is_certain, **values)
        spot = self._there(path)
        return Fix(words, (_splice(spot, spot.node.start, spot.node.end, literal),), is_certain, values)

    def removing(self, path: Path, words: str, /, **values: object) -> Fix:
        """Take the value at ``path`` out."""
        if self.decoded:
            text = altering.without(self.document.text, self.trigger, path, decoded=True)
        else:
            spot = self._there(path)
            text = put_back(spot.crossed, spot.document.remove(spot.node))
        return Fix(words, (splice_between(self.document.text, text),), values=values)

    def renaming(self, path: Path, name: str, words: str, /, *, is_certain: bool = False, **values: object) -> Fix:
        """Call the member at ``path`` ``name``."""
        if self.decoded:
            text = altering.with_name(self.document.text, self.trigger, path, name, decoded=True)
            return self.to_text(text, words, is_certain=is_certain, **values)
        spot = self._there(path)
        return Fix(words, (_splice(spot, spot.node.key_start, spot.node.key_end, quote(name)),), is_certain, values)

    def to_text(self, text: str, words: str, /, *, is_certain: bool = False, **values: object) -> Fix:
        """Turn the whole text into another one, by the splice between them."""
        return Fix(words, (splice_between(self.document.text, text),), is_certain, values)

    def _there(self, path: Path) -> Spot:
        return reach(self.wire, self.trigger, path)


def _splice(spot: Spot, start: int, end: int, literal: str) -> Splice:
    """``literal`` in the place of a span of the innermost document, as a splice of the event's own text."""
    if not spot.crossed:
        return Splice(start, end, literal)
    outermost = spot.crossed[0]
    text = spot.document.text
    inside = put_back(spot.crossed[1:], text[:start] + literal + text[end:])
    value = respelled(outermost.document.literal(outermost.node), outermost.layer.reclose(inside))
    return Splice(outermost.node.start, outermost.node.end, value)


def splice_between(old: str, new: str) -> Splice:
    """The one splice that turns ``old`` into ``new``."""
    head = common_prefix(old, new)
    tail = min(common_suffix(old, new), min(len(old), len(new)) - head)
    return Splice(head, len(old) - tail, new[head : len(new) - tail])
