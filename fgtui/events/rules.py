"""What a trigger.toml says beyond names: how to tell the trigger's events, what renews them, which names they use.

And where events of other triggers travel inside them.
"""

from __future__ import annotations

from fgtui.errors import EventError
from fgtui.events.patterns import Pattern, parse_pattern
from fgtui.events.tables import Table
from fgtui.records import Record
from fgtui.words import Names


class Condition(Record):
    """What an event must look like to be a trigger's; every part has to hold."""

    has: tuple[Pattern, ...] = ()
    lacks: tuple[Pattern, ...] = ()
    types: tuple[tuple[Pattern, str], ...] = ()
    """Places, and the JSON type of each."""
    equals: tuple[tuple[Pattern, str | int | bool], ...] = ()


class Recognition(Record):
    """How to tell a trigger's events: ``order`` among all rules, first match wins; one of ``any`` has to hold."""

    order: int
    any: tuple[Condition, ...]


class Renewal(Record):
    """What differs between two events of one trigger; patterns reach through encoded strings."""

    ids: tuple[Pattern, ...] = ()
    times: tuple[Pattern, ...] = ()
    """The first that an event has becomes now; the others keep their distance to it."""
    sequences: tuple[Pattern, ...] = ()
    """Numbers, decimal or hexadecimal, that go on from record to record."""
    records: tuple[Pattern, ...] = ()
    """The array a batch is made of: the first of these that an event has."""


class EventTypes(Record):
    """Names of what can happen, in groups. A trigger that selects a group may select none of its members.

    An event says ``<group>:<member>``, never a group alone; ``foreign_prefixes`` are spellings from elsewhere.
    """

    at: tuple[Pattern, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    foreign_prefixes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name an event can hold."""
        return tuple(f"{group}:{member}" for group, members in self.groups for member in members)

    def meant_by(self, name: str) -> tuple[str, ...]:
        """The names that ``name``, a group or a spelling from elsewhere, stands for; none where nobody can tell."""
        for prefix in self.foreign_prefixes:
            name = name.removeprefix(prefix)
        for group, members in self.groups:
            full = {f"{group}:{member}": member for member in members}
            if name.lower() in {group.lower(), f"{group}:".lower(), f"{group}:*".lower()}:
                return tuple(full)
            for each, member in full.items():
                if name.lower() in {each.lower(), member.lower()}:
                    return (each,)
        return ()


class Beside(Record):
    """A member of the carrier that repeats something of the event it carries."""

    name: str
    """Of the member, which stands beside the carried event."""
    at: tuple[Pattern, ...]
    """Where in the event, or in its part; the first that it has."""
    names: tuple[tuple[str, str], ...] = ()
    """What the carrier calls each value there; without any, the same."""


class Inside(Record):
    """How the events of one trigger travel inside another's, where that is not as a whole."""

    trigger: str
    """Its key."""
    part: Pattern
    """The values of it that travel, each by itself; empty for the whole event."""
    template: str
    """The carrier's template for it; empty for any."""
    usual: str
    """The template of its own that travels so; empty for any."""
    beside: tuple[Beside, ...] = ()


class Carrying(Record):
    """Where an event of another trigger may stand inside, and how it is written there."""

    at: tuple[Pattern, ...]
    """The first that an event has is used; what a list there holds may be repeated."""
    codec: str
    """One of ``CARRYING_CODECS``."""
    limit: int = 0
    """Bytes of a carried text that the service passes on in one piece; 0 where no source says."""
    of: tuple[Inside, ...] = ()


CARRYING_CODECS = ("text", "base64", "value")
"""The event's text as a string, in base64, or as the value itself."""


class Rules(Record):
    """Everything of this module that one trigger.toml says."""

    recognition: Recognition | None
    renewal: Renewal
    event_types: EventTypes | None
    base64_flags: tuple[tuple[Pattern, Pattern], ...]
    """Strings that are base64 when the truth value at the second place says so."""
    carrying: Carrying | None = None
    """``None`` where its events carry no others."""


TYPES = ("object", "array", "string", "number", "boolean", "null")


def read_rules(table: Table) -> Rules:
    """The rules of a whole trigger.toml; EventError says what is wrong with one."""
    flags = table.table("base64_flags")
    return Rules(
        recognition=_recognition(table.table("recognise")),
        renewal=_renewal(table.table("fresh")),
        event_types=_event_types(table.table("event_types")),
        base64_flags=tuple((parse_pattern(place), parse_pattern(flags.text(place))) for place in flags),
        carrying=_carrying(table.table("carries")),
    )


def _recognition(table: Table) -> Recognition | None:
    if not table:
        return None
    recognition = Recognition(table.number("order", 0), tuple(map(_condition, table.tables("any"))))
    table.all_known()
    return recognition


def _condition(table: Table) -> Condition:
    equals = table.table("equals")
    condition = Condition(
        has=_patterns(table, "has"),
        lacks=_patterns(table, "lacks"),
        types=_types(table.table("types")),
        equals=tuple((parse_pattern(place), equals.scalar(place)) for place in equals),
    )
    table.all_known()
    if condition == Condition():
        raise EventError("a rule of {table} asks for nothing", table=table.name)
    return condition


def _types(table: Table) -> tuple[tuple[Pattern, str], ...]:
    for place in table:
        if table.text(place) not in TYPES:
            raise EventError(
                "{place} in {table} is {type}; it is one of {types}",
                place=place,
                table=table.name,
                type=table.text(place),
                types=Names(TYPES),
            )
    return tuple((parse_pattern(place), table.text(place)) for place in table)


def _renewal(table: Table) -> Renewal:
    renewal = Renewal(*(_patterns(table, key) for key in ("ids", "times", "sequences", "records")))
    table.all_known()
    return renewal


def _event_types(table: Table) -> EventTypes | None:
    if not table:
        return None
    groups = table.table("groups")
    types = EventTypes(
        at=_patterns(table, "at"),
        groups=tuple((group, groups.texts(group)) for group in groups),
        foreign_prefixes=table.texts("foreign_prefixes"),
    )
    table.all_known()
    return types


def _carrying(table: Table) -> Carrying | None:
    if not table:
        return None
    codec, each = table.text("codec", CARRYING_CODECS[0]), table.table("of")
    if codec not in CARRYING_CODECS:
        raise EventError(
            "codec in {table} is {codec}; it is one of {codecs}",
            table=table.name,
            codec=codec,
            codecs=Names(CARRYING_CODECS),
        )
    of = tuple(_inside(key, each.table(key)) for key in each)
    carrying = Carrying(_patterns(table, "at"), codec, table.number("limit", 0), of)
    table.all_known()
    if not carrying.at:
        raise EventError("{table} names no place: at is missing", table=table.name)
    return carrying


def _inside(key: str, table: Table) -> Inside:
    part, each = table.text("part"), table.table("beside")
    beside = tuple(_beside(name, each.table(name)) for name in each)
    inside = Inside(key, parse_pattern(part) if part else (), table.text("template"), table.text("usual"), beside)
    table.all_known()
    return inside


def _beside(name: str, table: Table) -> Beside:
    names = table.table("names")
    beside = Beside(name, _patterns(table, "at"), tuple((each, names.text(each)) for each in names))
    table.all_known()
    return beside


def _patterns(table: Table, key: str) -> tuple[Pattern, ...]:
    return tuple(parse_pattern(text) for text in table.texts(key))
