"""Another event like this one: identifiers and times renewed, records repeated. Pure: clock and ids are arguments.

Which values those are a trigger's folder says (``Renewal``); they are reached through encoded strings, and every other
character of the event stays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from fgtui.errors import EventError, UsageError
from fgtui.events.catalogue import Trigger
from fgtui.events.codecs import Layer, open_string
from fgtui.events.identifiers import alike
from fgtui.events.model import Path
from fgtui.events.patterns import Pattern, children_at, spell
from fgtui.events.schema import Read, describe, reader
from fgtui.events.text import Document, Kind, Node, quote, scan
from fgtui.events.times import read_moment

SIZE_LIMIT = 64 * 1024 * 1024
"""Characters of a batch: no larger event can be sent (reliability: limits)."""
_TELLING = 8
"""Characters from which on the same text elsewhere is taken for the same identifier."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def freshen(wire: str, trigger: Trigger, *, now: datetime, new_id: Callable[[], str]) -> str:
    """``wire`` with new identifiers and times, each in the format of the old one.

    An identifier that occurs several times stays the same one. The first time that ``trigger`` names becomes ``now``
    (aware), the others keep their distance to it. EventError where ``wire`` is no JSON.
    """
    event = _event(wire, trigger)
    renewal = trigger.rules.renewal
    _renew(event, event.places(renewal.ids), new_id)
    _move(event.places(renewal.times), (now - _EPOCH) // timedelta(microseconds=1) * 1000)
    return event.text()


def batch(wire: str, trigger: Trigger, count: int, *, new_id: Callable[[], str]) -> str:
    """``wire`` with its records ``count`` times over; identifiers differ from one time to the next, numbers go on.

    UsageError where ``trigger`` has no records or there would be too many; EventError where ``wire`` has none.
    """
    renewal = trigger.rules.renewal
    if count < 1:
        raise UsageError("a batch repeats its records once or more, not {count} times", count=count)
    if not renewal.records:
        raise UsageError(
            "an event of {trigger} has no records to repeat", hint="send it several times instead", trigger=trigger.key
        )
    event = _event(wire, trigger)
    records = _records(event, renewal.records)
    if records is None:
        where = " or ".join(map(spell, renewal.records))
        raise EventError("the event has no records at {places} to repeat", places=where)
    items = list(records.part.document.children(records.node))
    start, end = items[0].start, items[-1].end
    if (end - start) * count > SIZE_LIMIT:
        message = "{count} times its records would be more than {limit} MiB"
        raise UsageError(message, count=count, limit=SIZE_LIMIT // 1024 // 1024)
    numbers = [[place for place in event.places([pattern]) if place.is_in(records)] for pattern in renewal.sequences]
    counted = {place for places in numbers for place in places}
    ids = [place for place in event.places(renewal.ids) if place.is_in(records) and place not in counted]
    copies = [records.part.text(start, end)]
    for repetition in range(1, count):
        _renew(event, ids, new_id, within=records)
        for places in numbers:
            _count_on(places, repetition)
        copies.append(records.part.text(start, end))
        event.forget()
    space = records.part.document.text[records.node.start + 1 : start]
    records.part.replace(start, end, ("," + space).join(copies))
    return event.text()


def _event(wire: str, trigger: Trigger) -> _Part:
    document = scan(wire)
    if document.has_errors:
        document.wire()  # says what is wrong
    return _Part(document, trigger, reader(document))


def _records(event: _Part, patterns: Iterable[Pattern]) -> _Place | None:
    """The first list with items that the event has at one of ``patterns``, which may itself be encoded."""
    for place in event.places(patterns):
        opened = place.opened()
        if opened.node.kind is Kind.ARRAY and next(opened.part.document.children(opened.node), None):
            return opened
    return None


# Changes


def _renew(event: _Part, places: Iterable[_Place], new_id: Callable[[], str], within: _Place | None = None) -> None:
    """Put new identifiers at ``places``, and wherever else one of theirs stands."""
    renewed: dict[str, str] = {}
    for place in list(places):
        old = place.text
        if place.is_writable:
            if old not in renewed:
                renewed[old] = alike(old, new_id)
            place.put(renewed[old])
    telling = {old: new for old, new in renewed.items() if len(old) >= _TELLING}
    for place in event.strings() if telling else ():
        if place.text in telling and (within is None or place.is_in(within)):
            place.put(telling[place.text])


def _move(places: Iterable[_Place], now: int) -> None:
    """Move the times at ``places`` by what makes the first of them ``now``, in nanoseconds."""
    shift: int | None = None
    for place in list(places):
        moment = read_moment(place.text) if place.is_writable else None
        if moment is None:
            continue
        if shift is None:
            shift = now - moment.nanoseconds
        try:
            place.put(moment.write(moment.nanoseconds + shift))
        except OverflowError:  # no date is that far off; it stays
            continue


def _count_on(places: list[_Place], repetition: int) -> None:
    """Let the numbers at ``places`` go on where the repetition before has ended."""
    texts = {place: place.text for place in places if place.is_writable}
    base = 10 if all(text.isdecimal() for text in texts.values()) else 16
    numbers = {place: int(text, base) for place, text in texts.items() if _is_number(text, base)}
    if not numbers:
        return
    span = max(numbers.values()) - min(numbers.values()) + 1
    for place, number in numbers.items():
        old, value = texts[place], number + repetition * span
        digits = str(value) if base == 10 else f"{value:X}" if old == old.upper() else f"{value:x}"
        place.put(digits if place.node.kind is Kind.NUMBER else digits.zfill(len(old)))


def _is_number(text: str, base: int) -> bool:
    digits = "0123456789" if base == 10 else "0123456789abcdef"
    return 0 < len(text) <= 1000 and not text.lower().strip(digits)


# Places


class _Place(NamedTuple):
    """A value of the event, maybe inside encoded strings."""

    part: _Part
    node: Node

    @property
    def text(self) -> str:
        return self.part.document.string(self.node)

    @property
    def is_writable(self) -> bool:
        """Whether it is a text with something in it, or a number of digits alone."""
        return (self.node.kind is Kind.STRING and self.text != "") or (
            self.node.kind is Kind.NUMBER and self.text.isdecimal()
        )

    def put(self, text: str) -> None:
        literal = quote(text) if self.node.kind is Kind.STRING else text
        self.part.replace(self.node.start, self.node.end, literal)

    def opened(self) -> _Place:
        """The value that the string here holds, or this place where it holds none that can be written back."""
        inner = self.part.inside(self.node)
        root = inner.document.root if inner else None
        return _Place(inner, root) if inner and root else self

    def is_in(self, other: _Place) -> bool:
        """Whether this value is part of ``other``, encoded strings between them or not."""
        part, node = self
        while part is not other.part:
            if part.outside is None:
                return False
            part, node = part.outside
        return other.node.start <= node.start < other.node.end


class _Part:
    """The event, or the JSON inside one of its strings, with the changes made so far."""

    def __init__(
        self, document: Document, trigger: Trigger, read: Read, above: Path = (), outside: _Place | None = None
    ) -> None:
        self.document = document
        self.outside = outside
        self._trigger = trigger
        self._read = read
        self._above = above
        self._edits: dict[int, tuple[int, str]] = {}
        """By where each begins: where it ends, and the new characters."""
        self._inner: dict[int, tuple[Node, Layer, _Part] | None] = {}
        """The strings that were looked into, by where each begins."""

    def places(self, patterns: Iterable[Pattern]) -> Iterator[_Place]:
        """The values at ``patterns``, which lead on through strings that hold JSON."""
        for pattern in patterns:
            found = [_Place(self, self.document.root)] if self.document.root else []
            for step in pattern:
                opened = [place.opened() for place in found]
                found = [
                    _Place(part, child) for part, node in opened for child in children_at(part.document, node, step)
                ]
            yield from found

    def strings(self) -> Iterator[_Place]:
        """Every string of the event and of what was looked into."""
        for node in self.document.nodes_between(0, len(self.document.text)):
            if node.kind is Kind.STRING:
                yield _Place(self, node)
        for inner in self._inner.values():
            if inner:
                yield from inner[2].strings()

    def inside(self, node: Node) -> _Part | None:
        """What the string ``node`` holds, where that is JSON and can be written back to the character."""
        if node.kind is not Kind.STRING:
            return None
        if node.start not in self._inner:
            self._inner[node.start] = self._look_into(node)
        inner = self._inner[node.start]
        return inner[2] if inner else None

    def _look_into(self, node: Node) -> tuple[Node, Layer, _Part] | None:
        path = (*self._above, *self.document.path_of(node))
        expected = describe(self._trigger.schema, path, self._read).encoding
        layer = open_string(self.document.string(node), expected)
        if layer is None or layer.document is None or not layer.editable:
            return None
        return node, layer, _Part(layer.document, self._trigger, self._read, path, _Place(self, node))

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
