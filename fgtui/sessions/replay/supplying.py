"""Values for what was redacted: given by the person or by references in the settings, else an event is not sent.

What is supplied is sent and never kept: each value is known by the placeholder it took the place of, and the handler's
answer gets that placeholder back wherever it repeats the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import ConfigError, EventError, UsageError
from fgtui.events.model import Event, Path
from fgtui.events.path import format_path, parse_path
from fgtui.events.patterns import Pattern, matches, parse_pattern
from fgtui.records import NOTHING, Record
from fgtui.sessions.redaction.text import PLACEHOLDER
from fgtui.words import Phrase, folded

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger

_PLACES_NAMED = 3
_PLACES_KEPT = 1000
"""Redacted places that are kept, so that the nearest to a wrong one can be named."""
_MARKS = (b"redacted:", b"cmVkYWN0ZWQ6", b"JlZGFjdGVkO", b"yZWRhY3RlZD")
"""A placeholder as it is, and in base64, wherever in it the word begins."""


class Supplied(NamedTuple):
    """An event that can be sent."""

    event: Event
    placeholders: Mapping[str, str] = NOTHING
    """Each value that was supplied, and the placeholder in whose place it stands."""


class Supply(Record, uncompared=("value",)):
    """One value for redacted places."""

    where: Pattern
    """The places; a single name means any place with that name at its end."""
    value: str
    """Text, or where ``is_json`` a JSON literal; empty when there is a ``problem``."""
    is_json: bool = False
    """It is the whole value at a place; a text takes the place of the placeholder in it."""
    spelled: str = ""
    """The place as the person gave it."""
    problem: ConfigError | None = None
    """Why there is no value, told when it is needed."""

    def is_for(self, path: Path) -> bool:
        """Whether it is the value of the place at ``path``."""
        if len(self.where) == 1 and not self.is_json:
            name = next((step for step in reversed(path) if isinstance(step, str)), "")
            return name.lower() == str(self.where[0]).lower()  # as headers are written
        return matches(self.where, path)


class Supplies(Record):
    """Every value there is, the first that fits wins, and whether placeholders may be sent as they are."""

    values: tuple[Supply, ...] = ()
    sends_placeholders: bool = False
    withheld: bool = False
    """The project file names more, to which nobody has agreed."""

    def without_place(self, events: Iterable[Event]) -> tuple[list[Supply], set[Path]]:
        """The values given by the person that none of ``events`` has a redacted place for, and the places there are.

        Events are read until each value has one.
        """
        left = [supply for supply in self.values if supply.is_json]
        there: set[Path] = set()
        for event in events:
            if not left:
                break
            if is_redacted(event):
                places = _places_of(event)
                left = [supply for supply in left if not any(map(supply.is_for, places))]
                if len(there) < _PLACES_KEPT:
                    there.update(places)
        return left, there

    def of(self, event: Event, trigger: Trigger | None = None) -> Supplied:
        """``event`` with its values. UsageError or ConfigError when one is missing or does not fit."""
        if self.sends_placeholders or not is_redacted(event):
            return Supplied(event)
        places = _places_of(event)
        found = {path: supply for path in places if (supply := self._find(path)) is not None}
        left = [path for path in places if path not in found]
        if left and not found:
            raise self._refused(left)
        wire, placeholders = event.text, dict[str, str]()
        for path, supply in found.items():
            wire = _filled(wire, trigger, path, supply, placeholders)
        if left:
            wire, missing = _repeated(wire, trigger, left, placeholders)
            if missing:
                raise self._refused(missing)
        sent = Event(event.trigger, wire.encode("utf-8", "surrogateescape"), event.template)
        if is_redacted(sent):
            raise self._refused([])
        return Supplied(sent, placeholders)

    def _find(self, path: Path) -> Supply | None:
        return next((supply for supply in self.values if supply.is_for(path)), None)

    def _refused(self, places: list[Path]) -> UsageError:
        paths = [format_path(place) or Phrase("the whole event") for place in places[:_PLACES_NAMED]]
        named = folded([*paths, *(["…"] if len(places) > _PLACES_NAMED else [])], "{these}, {this}")
        return UsageError(
            "redacted when it was recorded: {places}" if places else "redacted when it was recorded",
            hint="fgtui.toml names values nobody agreed to: fgtui trust"
            if self.withheld
            else "supply each value: --set PATH=VALUE or [replay.secrets]; or --send-redacted sends the placeholders",
            places=named,
        )


NO_SUPPLIES = Supplies()


def given(text: str, environment: Mapping[str, str], read_file: Callable[[str], str]) -> Supply:
    """``PATH=VALUE`` as ``--set`` takes it. UsageError for anything else."""
    from fgtui.events.assignments import Variables, parse_assignment, resolve
    from fgtui.invoke.ids import request_id

    assignment = parse_assignment(text)
    variables = Variables(datetime.now(UTC), request_id, 1, environment)
    value = resolve(assignment, variables, read_file)
    return Supply(assignment.path, value, is_json=True, spelled=format_path(assignment.path))


def referred(where: str, value: str = "", problem: ConfigError | None = None) -> Supply:
    """An entry of ``[replay.secrets]``, resolved. ConfigError when ``where`` is neither a name nor a path."""
    try:
        return Supply(parse_pattern(where), value, problem=problem)
    except EventError as error:
        raise ConfigError(
            "replay.secrets: {reason}", reason=error, hint='a name, token, or a path, "Records[*].token"'
        ) from error


def is_redacted(event: Event) -> bool:
    """Whether values of it were replaced before it was written."""
    return bool(event.redacted) or (any(mark in event.wire for mark in _MARKS) and bool(_places_left(event)))


def _places_of(event: Event) -> list[Path]:
    return [parse_path(place) for place in event.redacted] or _places_left(event)


def _places_left(event: Event) -> list[Path]:
    from fgtui.sessions.redaction.places import PlaceholderWalk

    walk = PlaceholderWalk()
    walk.content(event.wire, ())
    return [parse_path(path) for path, _ in walk.findings]


def _filled(wire: str, trigger: Trigger | None, path: Path, supply: Supply, placeholders: dict[str, str]) -> str:
    """``wire`` with the value at ``path``; the value and its placeholder join ``placeholders``."""
    from fgtui.events.fields import locate, set_text, set_value
    from fgtui.events.text import scan

    if supply.problem is not None:
        raise supply.problem
    try:
        text = locate(scan(wire), trigger, path).text
        there = list(dict.fromkeys(PLACEHOLDER.findall(text)))
        if supply.is_json:
            placeholders[_said(supply.value)] = there[0] if len(there) == 1 and text == there[0] else text
            return set_value(wire, trigger, path, supply.value)
        if len(there) != 1:
            raise UsageError(
                "{count} secrets were redacted in {path}; one value cannot take their places",
                hint="supply the whole: --set PATH=VALUE",
                count=len(there),
                path=format_path(path),
            )
        placeholders[supply.value] = there[0]
        return set_text(wire, trigger, path, text.replace(there[0], supply.value))
    except EventError as error:
        raise UsageError(
            "the redacted value at {path} cannot be supplied: {reason}",
            path=format_path(path) or Phrase("the top"),
            reason=error,
            hint="--send-redacted sends the placeholders",
        ) from error


def _repeated(
    wire: str, trigger: Trigger | None, places: list[Path], placeholders: Mapping[str, str]
) -> tuple[str, list[Path]]:
    """``wire`` where ``places`` repeat what was supplied in another one, and the places that repeat nothing."""
    from fgtui.events.fields import locate, set_text
    from fgtui.events.text import scan

    values = {placeholder: value for value, placeholder in placeholders.items() if PLACEHOLDER.fullmatch(placeholder)}
    missing: list[Path] = []
    for path in places:
        try:
            text = locate(scan(wire), trigger, path).text
            there = set(PLACEHOLDER.findall(text))
            if there and there <= values.keys():
                wire = set_text(wire, trigger, path, PLACEHOLDER.sub(lambda found: values[found[0]], text))
                continue
        except EventError:
            pass
        missing.append(path)
    return wire, missing


def _said(literal: str) -> str:
    from fgtui.events.lexis import unquote

    return unquote(literal) if literal.startswith('"') else literal
