"""The values of an event at the places that patterns name, also inside encoded strings, and changes to them.

Changes are collected and made when the text is asked for: the innermost text is spliced, and each string around it
encoded again as it was. Every other character of the event stays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from fgtui.events.codecs import Layer, open_string
from fgtui.events.model import Path
from fgtui.events.patterns import Pattern, children_at
from fgtui.events.schema import Read, describe, reader
from fgtui.events.text import Document, Kind, Node, quote, scan

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger


def open_event(wire: str, trigger: Trigger) -> Part:
    """``wire``, to be read and changed; EventError where it is no JSON."""
    document = scan(wire)
    if document.has_errors:
        document.wire()  # says what is wrong
    return Part(document, trigger, reader(document))


class Place(NamedTuple):
    """A value of the event, maybe inside encoded strings."""

    part: Part
    node: Node

    @property
    def path(self) -> Path:
        """Names and indexes from the root of the event, through encoded strings."""
        return (*self.part.above, *self.part.document.path_of(self.node))

    @property
    def text(self) -> str:
        """What a string says; any other value as it is written."""
        return self.part.document.string(self.node)

    @property
    def is_writable(self) -> bool:
        """Whether it is a text with something in it, or a number of digits alone."""
        return (self.node.kind is Kind.STRING and self.text != "") or (
            self.node.kind is Kind.NUMBER and self.text.isdecimal()
        )

    def put(self, text: str) -> None:
        """Put a text in the place of a text, or a literal in that of any other value."""
        literal = quote(text) if self.node.kind is Kind.STRING else text
        self.part.replace(self.node.start, self.node.end, literal)

    def opened(self) -> Place:
        """The value that the string here holds, or this place where it holds none that can be written back."""
        inner = self.part.inside(self.node)
        root = inner.document.root if inner else None
        return Place(inner, root) if inner and root else self

    def is_in(self, other: Place) -> bool:
        """Whether this value is part of ``other``, encoded strings between them or not."""
        part, node = self
        while part is not other.part:
            if part.outside is None:
                return False
            part, node = part.outside
        return other.node.start <= node.start < other.node.end


class Part:
    """The event, or the JSON inside one of its strings, with the changes made so far."""

    def __init__(
        self, document: Document, trigger: Trigger, read: Read, above: Path = (), outside: Place | None = None
    ) -> None:
        self.document = document
        self.outside = outside
        self._trigger = trigger
        self._read = read
        self.above = above
        """Where the string stands whose content this is."""
        self._edits: dict[int, tuple[int, str]] = {}
        """By where each begins: where it ends, and the new characters."""
        self._inner: dict[int, tuple[Node, Layer, Part] | None] = {}
        """The strings that were looked into, by where each begins."""

    def places(self, patterns: Iterable[Pattern]) -> Iterator[Place]:
        """The values at ``patterns``, which lead on through strings that hold JSON."""
        for pattern in patterns:
            found = [Place(self, self.document.root)] if self.document.root else []
            for step in pattern:
                opened = [place.opened() for place in found]
                found = [
                    Place(part, child) for part, node in opened for child in children_at(part.document, node, step)
                ]
            yield from found

    def strings(self) -> Iterator[Place]:
        """Every string of the event and of what was looked into."""
        for node in self.document.nodes_between(0, len(self.document.text)):
            if node.kind is Kind.STRING:
                yield Place(self, node)
        for inner in self._inner.values():
            if inner:
                yield from inner[2].strings()

    def inside(self, node: Node) -> Part | None:
        """What the string ``node`` holds, where that is JSON and can be written back to the character."""
        if node.kind is not Kind.STRING:
            return None
        if node.start not in self._inner:
            self._inner[node.start] = self._look_into(node)
        inner = self._inner[node.start]
        return inner[2] if inner else None

    def _look_into(self, node: Node) -> tuple[Node, Layer, Part] | None:
        path = (*self.above, *self.document.path_of(node))
        expected = describe(self._trigger.schema, path, self._read).encoding
        layer = open_string(self.document.string(node), expected)
        if layer is None or layer.document is None or not layer.editable:
            return None
        return node, layer, Part(layer.document, self._trigger, self._read, path, Place(self, node))

    def replace(self, start: int, end: int, characters: str) -> None:
        """Put ``characters`` there when the text is asked for."""
        self._edits[start] = (end, characters)

    def forget(self) -> None:
        """Take all changes back."""
        self._edits.clear()
        for inner in self._inner.values():
            if inner:
                inner[2].forget()

    def text(self, start: int = 0, end: int | None = None) -> str:
        """The text from ``start`` to ``end`` with the changes, those inside strings included."""
        end = len(self.document.text) if end is None else end
        edits = {begin: edit for begin, edit in self._edits.items() if start <= begin < end}
        begins = sorted(edits)
        for inner in self._inner.values():
            if inner is None or not start <= inner[0].start < end:
                continue
            node, layer, part = inner
            before = bisect_right(begins, node.start) - 1
            if before >= 0 and node.start < edits[begins[before]][0]:
                continue  # written over
            changed = part.text()
            if changed != layer.text:
                edits[node.start] = (node.end, quote(layer.reclose(changed)))
        pieces: list[str] = []
        for begin in sorted(edits):
            stop, characters = edits[begin]
            pieces += (self.document.text[start:begin], characters)
            start = stop
        return "".join([*pieces, self.document.text[start:end]])
