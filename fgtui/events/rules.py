"""What a trigger.toml says beyond names: how to tell the trigger's events, what renews them, which names they use."""

from __future__ import annotations

from fgtui.errors import EventError
from fgtui.events.patterns import Pattern, parse_pattern
from fgtui.events.tables import Table
from fgtui.records import Record


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


class Rules(Record):
    """Everything of this module that one trigger.toml says."""

    recognition: Recognition | None
    renewal: Renewal
    event_types: EventTypes | None
    base64_flags: tuple[tuple[Pattern, Pattern], ...]
    """Strings that are base64 when the truth value at the second place says so."""


TYPES = ("object", "array", "string", "number", "boolean", "null")


def read_rules(table: Table) -> Rules:
    """The rules of a whole trigger.toml; EventError says what is wrong with one."""
    flags = table.table("base64_flags")
    return Rules(
        recognition=_recognition(table.table("recognise")),
        renewal=_renewal(table.table("fresh")),
        event_types=_event_types(table.table("event_types")),
        base64_flags=tuple((parse_pattern(place), parse_pattern(flags.text(place))) for place in flags),
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
                types=", ".join(TYPES),
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


def _patterns(table: Table, key: str) -> tuple[Pattern, ...]:
    return tuple(parse_pattern(text) for text in table.texts(key))
