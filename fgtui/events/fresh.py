"""Another event like this one: identifiers and times renewed, records repeated. Pure: clock and ids are arguments.

Which values those are a trigger's folder says (``Renewal``); they are reached through encoded strings, and every other
character of the event stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from fgtui.errors import EventError, UsageError
from fgtui.events.catalogue import Trigger
from fgtui.events.identifiers import alike
from fgtui.events.parts import Part, Place, open_event
from fgtui.events.patterns import Pattern, spell
from fgtui.events.text import Kind
from fgtui.events.times import read_moment
from fgtui.records import Record
from fgtui.words import folded

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
    event = open_event(wire, trigger)
    renewal = trigger.rules.renewal
    _renew(event, event.places(renewal.ids), new_id)
    _move(event.places(renewal.times), (now - _EPOCH) // timedelta(microseconds=1) * 1000)
    return event.text()


def batch(
    wire: str, trigger: Trigger, count: int, *, new_id: Callable[[], str], records_at: Sequence[Pattern] = ()
) -> str:
    """``wire`` with its records ``count`` times over; identifiers differ from one time to the next, numbers go on.

    ``records_at`` says which list is meant where that is not the one that ``trigger`` names.
    UsageError where there are no records to be meant or there would be too many; EventError where ``wire`` has none.
    """
    renewal = trigger.rules.renewal
    if count < 1:
        raise UsageError("a batch repeats its records once or more, not {count} times", count=count)
    event, records = _event_records(wire, trigger, records_at)
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


class Records(Record):
    """The records of an event, as a batch has them."""

    count: int
    length: int
    """Characters of all of them as they are written in their list."""
    around: int
    """Characters of the event besides; those of encoded strings around the list are not counted as such."""
    growth: float
    """Characters of the event for each one of the list: more than 1 where the list itself is encoded."""

    def size(self, count: int) -> int:
        """About how many characters the event has with ``count`` records."""
        return round(self.around + self.growth * self.length * count / self.count)


def records_in(wire: str, trigger: Trigger) -> Records:
    """What records ``wire`` has. UsageError where ``trigger`` knows of none; EventError where ``wire`` has none."""
    _, records = _event_records(wire, trigger)
    items = list(records.part.document.children(records.node))
    length = items[-1].end - items[0].start + 1
    growth, part = 1.0, records.part
    while part.outside is not None:
        growth *= (part.outside.node.end - part.outside.node.start) / max(len(part.document.text), 1)
        part = part.outside.part
    return Records(len(items), length, max(len(wire) - round(growth * length), 0), growth)


def with_records(wire: str, trigger: Trigger, count: int, *, new_id: Callable[[], str]) -> str:
    """``wire`` with ``count`` records: the first of those it has, or those and more like them (see ``batch``)."""
    if count < 1:
        raise UsageError("an event has one record or more, not {count}", count=count)
    there = records_in(wire, trigger).count
    if count > there:
        wire = batch(wire, trigger, -(-count // there), new_id=new_id)
        there *= -(-count // there)
    if count == there:
        return wire
    event, records = _event_records(wire, trigger)
    items = list(records.part.document.children(records.node))
    records.part.replace(items[count - 1].end, items[-1].end, "")
    return event.text()


def _event_records(wire: str, trigger: Trigger, records_at: Sequence[Pattern] = ()) -> tuple[Part, Place]:
    patterns = records_at or trigger.rules.renewal.records
    if not patterns:
        raise UsageError(
            "an event of {trigger} has no records to repeat", hint="send it several times instead", trigger=trigger.key
        )
    event = open_event(wire, trigger)
    records = _records(event, patterns)
    if records is None:
        where = folded(list(map(spell, patterns)), "{these} or {this}")
        raise EventError("the event has no records at {places} to repeat", places=where)
    return event, records


def _records(event: Part, patterns: Iterable[Pattern]) -> Place | None:
    """The first list with items that the event has at one of ``patterns``, which may itself be encoded."""
    for place in event.places(patterns):
        opened = place.opened()
        if opened.node.kind is Kind.ARRAY and next(opened.part.document.children(opened.node), None):
            return opened
    return None


# Changes


def _renew(event: Part, places: Iterable[Place], new_id: Callable[[], str], within: Place | None = None) -> None:
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


def _move(places: Iterable[Place], now: int) -> None:
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


def _count_on(places: list[Place], repetition: int) -> None:
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
