"""Events inside events: what a bucket reports to a topic reaches the function as an SMN event with an OBS event inside.

Where an event travels and how it is written there is said by the carrier's folder (``[carries]`` in trigger.toml). The
inner text is spliced in character by character, so ``unwrap`` gives back what ``wrap`` was given; of an event that
travels in parts (an OBS record in EventGrid), it gives those, each indented as where it stands. Pure: ids are an
argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn

from fgtui.errors import EventError, UsageError
from fgtui.events.catalogue import BLANK, Catalogue, Template, Trigger
from fgtui.events.fresh import batch
from fgtui.events.layout import moved
from fgtui.events.model import Path, Problem, Severity
from fgtui.events.packing import base64_decode, base64_encode, text_or_none
from fgtui.events.parts import Part, Place, open_event
from fgtui.events.path import format_path
from fgtui.events.patterns import Pattern, find_all, matches, spell
from fgtui.events.recognition import recognise
from fgtui.events.rules import Beside, Carrying, Inside
from fgtui.events.schema import reader
from fgtui.events.text import Document, Kind, quote, scan, strict_problems
from fgtui.records import Record
from fgtui.words import Names, Phrase

_BASE64, _VALUE = "base64", "value"


class Carried(Record):
    """An event that another one carries."""

    path: Path
    """Where it stands in the carrier, through encoded strings."""
    text: str
    """Exactly as it was carried."""
    trigger: str
    """The key of the trigger whose event it is recognised to be; ``blank`` where it is nobody's."""


def carriers(catalogue: Catalogue) -> tuple[Trigger, ...]:
    """The triggers whose events can carry others, in the catalogue's order."""
    return tuple(trigger for trigger in catalogue.triggers if trigger.rules.carrying)


def carrying_templates(carrier: Trigger) -> tuple[Template, ...]:
    """The templates of ``carrier`` that have a place for another event."""
    return tuple(each for each in carrier.templates if _place_of(each, carrier) is not None)


def template_for(carrier: Trigger, inner: str) -> Template:
    """The template in which an event of the trigger ``inner`` usually travels."""
    inside = _inside(carrier.rules.carrying, inner)
    return carrier.template(inside.template if inside and inside.template else "default")


def usual_inner(carrier: Trigger, inner: Trigger) -> Template:
    """The template of ``inner`` that travels in an event of ``carrier``."""
    inside = _inside(carrier.rules.carrying, inner.key)
    return inner.template(inside.usual if inside and inside.usual else "default")


# Wrapping


def wrap(events: Sequence[str], carrier: Trigger, wire: str, catalogue: Catalogue, *, new_id: Callable[[], str]) -> str:
    """``wire``, an event of ``carrier``, with ``events`` inside and nothing else in their place.

    Of a list of records one stays for each event, with ids of its own. UsageError where ``carrier`` carries none or
    fewer; EventError where ``wire`` has no place for them or one of them is no JSON.
    """
    rules = _rules_of(carrier, catalogue)
    pieces = [piece for text in events for piece in _pieces(text, rules, catalogue)]
    if not pieces:
        raise UsageError("there is no event to be carried")
    wire = scan(wire).wire()
    event = open_event(wire, carrier)
    pattern = _place_in(event, rules)
    if pattern is None:
        raise EventError(
            "this event of {carrier} has no place for another: nothing stands at {places}",
            carrier=carrier.key,
            places=_in_words(rules),
        )
    lists = [at for at, step in enumerate(pattern) if step is None]
    if len(pieces) > 1 and not lists:
        other = _template_of_several(carrier)
        raise UsageError(
            "an event of {carrier} carries one event at {place}, not {count}",
            hint="its template {template} carries several" if other else "wrap each by itself",
            template=other,
            carrier=carrier.key,
            place=spell(pattern),
            count=len(pieces),
        )
    for at in lists:
        _keep_first(event, pattern[:at])
    wire = event.text()
    if len(pieces) > 1:
        wire = batch(wire, carrier, len(pieces), new_id=new_id, records_at=[pattern[: lists[-1]]])
    event = open_event(wire, carrier)
    places = list(event.places([pattern]))
    if len(places) != len(pieces):
        raise EventError(
            "the first record of this event of {carrier} has no {place}", carrier=carrier.key, place=spell(pattern)
        )
    for place, (piece, inside) in zip(places, pieces, strict=True):
        codec = _codec_at(event, carrier, place)
        if codec == _VALUE and inside and inside.part:
            written = moved(piece, _indent_at(place))
        else:
            written = _written(piece, codec)
        place.part.replace(place.node.start, place.node.end, written)
        for beside in inside.beside if inside else ():
            _repeat(event, place, piece, beside)
    return event.text()


def _indent_at(place: Place) -> str:
    """What the line begins with on which ``place`` does."""
    text, start = place.part.document.text, place.node.start
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _repeat(event: Part, place: Place, piece: str, beside: Beside) -> None:
    """Let the member beside ``place`` say what ``piece``, which goes there, says."""
    document = scan(piece)
    node = next((node for pattern in beside.at for node in find_all(document, pattern)), None)
    told = document.string(node) if node is not None and node.kind is Kind.STRING else None
    word = dict(beside.names).get(told or "") if beside.names else told
    member = next(event.places([(*place.path[:-1], beside.name)]), None)
    if word is not None and member is not None and member.node.kind is Kind.STRING:
        member.put(word)


def _pieces(text: str, rules: Carrying, catalogue: Catalogue) -> Iterator[tuple[str, Inside | None]]:
    """What of an event travels, and how: itself, or the parts that are said to."""
    document = scan(text)
    if not document.is_strict:
        problem = strict_problems(document)[0]
        raise EventError(
            "the event to be carried is not JSON: {reason}",
            line=problem.line,
            column=problem.column,
            reason=Phrase(problem.message, problem.values),
        )
    if rules.of:
        inside = _inside(rules, recognise(document, catalogue))
        parts = [document.literal(node) for node in find_all(document, inside.part)] if inside and inside.part else []
        yield from ((part, inside) for part in parts or [text])
    else:
        yield text, None


def _keep_first(event: Part, to_list: Pattern) -> None:
    """Leave one item in the first list there."""
    for place in event.places([to_list]):
        opened = place.opened()
        items = list(opened.part.document.children(opened.node)) if opened.node.kind is Kind.ARRAY else []
        if len(items) > 1:
            opened.part.replace(items[0].end, items[-1].end, "")
        return


def _written(text: str, codec: str) -> str:
    """The literal that carries ``text``."""
    if codec == _VALUE:
        return text.strip(" \t\r\n")
    if codec == _BASE64:
        return quote(base64_encode(text.encode()))
    return quote(text)


def problems_of(wire: str, carrier: Trigger, catalogue: Catalogue) -> tuple[Problem, ...]:
    """What the limits of the platform and of the carrier say of a wrapped event."""
    from fgtui.events.validation import size_problems

    document = scan(wire)
    problems = list(size_problems(document, carrier))
    rules = carrier.rules.carrying
    for each in carried(wire, carrier, catalogue) if rules and rules.limit else ():
        size = len(each.text.encode("utf-8", "surrogatepass"))
        if rules and size > rules.limit:
            message = "{place} carries {size} bytes; {carrier} passes on at most {limit} in one piece"
            values = {"place": format_path(each.path), "size": size, "carrier": carrier.key, "limit": rules.limit}
            problems.append(
                Problem(Severity.WARNING, "carried-too-large", message, 1, 1, path=each.path, values=values)
            )
    return tuple(problems)


# Unwrapping


def unwrap(wire: str, trigger: Trigger, catalogue: Catalogue) -> tuple[Carried, ...]:
    """The events that ``wire``, an event of ``trigger``, carries, in order; at least one.

    UsageError where events of ``trigger`` carry none; EventError where this one does not.
    """
    rules = _rules_of(trigger, catalogue)
    found = carried(wire, trigger, catalogue)
    if not found:
        _refuse_empty(_strict_event(wire, trigger), trigger, rules)
    return found


def carried(wire: str, trigger: Trigger, catalogue: Catalogue) -> tuple[Carried, ...]:
    """The same, and none where there are none. EventError where ``wire`` is no JSON."""
    rules = trigger.rules.carrying
    if rules is None:
        return ()
    event = _strict_event(wire, trigger)
    found = []
    for place in event.places(rules.at):
        text = _read(place, _codec_at(event, trigger, place))
        document = None if text is None else scan(text)
        if document is not None and document.is_strict:
            found.append(_recognised(place.path, document, rules, catalogue))
    return tuple(found)


def carrying_place(wire: str, carrier: Trigger) -> Path:
    """Where the first event stands in ``wire``, which carries one."""
    rules = carrier.rules.carrying
    place = next(_strict_event(wire, carrier).places(rules.at), None) if rules else None
    return place.path if place else ()


def carried_at(events: Sequence[Carried], path: Path) -> Carried | None:
    """Which of ``events`` the place ``path`` belongs to: the event's own place, or one inside it."""
    return next((each for each in events if path[: len(each.path)] == each.path), None)


def _read(place: Place, codec: str) -> str | None:
    """The text that is carried at ``place``; ``None`` where none is."""
    if codec == _VALUE:
        return place.part.document.literal(place.node)
    if place.node.kind is not Kind.STRING:
        return None
    text = place.text
    if codec == _BASE64:
        raw = base64_decode(text)
        return None if raw is None else text_or_none(raw)
    return text


def _recognised(path: Path, document: Document, rules: Carrying, catalogue: Catalogue) -> Carried:
    text, key = document.text, recognise(document, catalogue)
    for inside in rules.of if key == BLANK else ():
        whole = _around(text, inside.part)
        if inside.part and recognise(scan(whole), catalogue) == inside.trigger:
            return Carried(path, whole, inside.trigger)
    return Carried(path, text, key)


def _around(text: str, pattern: Pattern) -> str:
    """The smallest event that has ``text`` at ``pattern``, laid out where that is."""
    if "\n" in text:
        return _laid_around(text, pattern)
    for step in reversed(pattern):
        text = f"{{{quote(step)}:{text}}}" if isinstance(step, str) else f"[{text}]"
    return text


def _laid_around(text: str, pattern: Pattern) -> str:
    opening, closing, indent = "", "\n", ""
    for step in pattern:
        opens, closes = (f"{{\n{indent}  {quote(step)}: ", "}") if isinstance(step, str) else (f"[\n{indent}  ", "]")
        opening, closing = opening + opens, f"\n{indent}{closes}{closing}"
        indent += "  "
    return opening + moved(text, indent) + closing


# Rules, and refusals in words


def _strict_event(wire: str, trigger: Trigger) -> Part:
    """``wire`` as strict JSON, read once where it is."""
    document = scan(wire)
    if not document.is_strict:
        document = scan(document.wire())
    return Part(document, trigger, reader(document))


def _rules_of(trigger: Trigger, catalogue: Catalogue) -> Carrying:
    rules = trigger.rules.carrying
    if rules is None:
        raise UsageError(
            "an event of {trigger} carries no other event",
            hint="these do: {carriers}",
            trigger=trigger.key,
            carriers=Names(each.key for each in carriers(catalogue)),
        )
    return rules


def _inside(rules: Carrying | None, key: str) -> Inside | None:
    return next((each for each in rules.of if each.trigger == key), None) if rules else None


def _place_in(event: Part, rules: Carrying) -> Pattern | None:
    """The first of the carrier's places that ``event`` has."""
    return next((pattern for pattern in rules.at if next(event.places([pattern]), None)), None)


def _place_of(template: Template, carrier: Trigger) -> Pattern | None:
    """The same of a template; none of one that cannot be read."""
    rules = carrier.rules.carrying
    try:
        return None if rules is None else _place_in(open_event(template.text, carrier), rules)
    except EventError:
        return None


def _codec_at(event: Part, trigger: Trigger, place: Place) -> str:
    """How an event is written at ``place``; a flag beside it may say base64."""
    for pattern, flag in trigger.rules.base64_flags:
        if matches(pattern, place.path):
            told = next(event.places([flag]), None)
            return _BASE64 if told is not None and told.node.kind is Kind.TRUE else "text"
    rules = trigger.rules.carrying
    assert rules is not None
    return rules.codec


def _in_words(rules: Carrying) -> str:
    return ", ".join(map(spell, rules.at))


def _template_of_several(carrier: Trigger) -> str:
    """The name of a template with a list to carry events in; empty where none has one."""
    for template in carrier.templates:
        if None in (_place_of(template, carrier) or ()):
            return template.name
    return ""


def _refuse_empty(event: Part, trigger: Trigger, rules: Carrying) -> NoReturn:
    place = next(event.places(rules.at), None)
    if place is None:
        raise EventError(
            "this event of {trigger} carries no other: nothing stands at {places}",
            trigger=trigger.key,
            places=_in_words(rules),
        )
    line, column = (1, 1) if place.part.outside else event.document.position(place.node.start)
    raise EventError(
        "this event of {trigger} carries no other: what {place} holds is no JSON",
        line=line,
        column=column,
        trigger=trigger.key,
        place=format_path(place.path),
    )
