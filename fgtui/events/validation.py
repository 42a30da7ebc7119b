"""Finds what is odd about an event: its JSON, its size, its trigger's schema, its encoded strings, its trigger's rules.

Everything is a ``Problem`` with a place; nothing raises, whatever the event or a person's schema holds. The library
that knows JSON Schema is imported when the first event is checked, and its English never reaches a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from fgtui.events.catalogue import SCHEMA_FILE, Trigger
from fgtui.events.codecs import open_string
from fgtui.events.conformance import UnusableSchemaError, check
from fgtui.events.model import MORE, Problem, Severity
from fgtui.events.patterns import find_all, matches
from fgtui.events.reasons import base64_reason
from fgtui.events.sizes import ASYNCHRONOUS_LIMIT, SYNCHRONOUS_LIMIT
from fgtui.events.text import Document, Kind, Node, format_path
from fgtui.records import replace
from fgtui.words import Phrase, folded

EVENT_LIMIT = 64 * 1024 * 1024
"""Bytes of wire text that fgtui takes (reliability: limits)."""
PROBLEMS_LIMIT = 100
"""Problems told about one document, those of its text not counted; the last says that there are more."""
_MANY = 10_000


def validate(
    document: Document, trigger: Trigger, *, asynchronous: bool | None = None, thorough: bool = False
) -> tuple[Problem, ...]:
    """All problems of ``document`` as an event of ``trigger``, in order of position.

    ``asynchronous`` says how the event will be sent; ``None`` means as the trigger does. An event that is no JSON is
    not held against the schema: half of one says too little. A hundred are told of each kind; with ``thorough``, ten
    thousand.
    """
    most = _MANY if thorough else PROBLEMS_LIMIT
    problems = [*document.problems, *size_problems(document, trigger, asynchronous)]
    if document.root is not None:
        rules = _few(chain(_flags(document, trigger), _event_names(document, trigger), _placeholders(document)), most)
        told = {problem.path for problem in rules}
        if not document.has_errors:
            schema = (each for each in _against_schema(document, trigger) if each.path not in told)
            problems += [_spare_time(each, trigger) for each in _few(schema, most)]
        problems += rules
    return tuple(sorted(problems, key=lambda problem: (problem.start, problem.end)))


def _few(problems: Iterable[Problem], most: int) -> list[Problem]:
    few = list(islice(problems, most + 1))
    if len(few) > most:
        message = "there are more problems than the {count} listed"
        few[-1] = replace(few[-2], severity=Severity.INFO, code=MORE, message=message, values={"count": most})
    return few


# Size


def size_problems(document: Document, trigger: Trigger, asynchronous: bool | None = None) -> Iterator[Problem]:
    """What the platform's limits say of ``document``; ``asynchronous`` as for ``validate``."""
    if len(document.text) * 4 <= ASYNCHRONOUS_LIMIT:
        return
    text = document.text if document.has_errors else document.wire()
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if asynchronous is None:
        asynchronous = trigger.mode == "asynchronous"
    if size > EVENT_LIMIT:
        yield _about_all(
            document,
            Severity.ERROR,
            "event-too-large",
            "the event has {size} bytes; at most {limit} can be sent",
            size=size,
            limit=EVENT_LIMIT,
        )
    elif size > SYNCHRONOUS_LIMIT:
        yield _about_all(
            document,
            Severity.WARNING,
            "event-over-6-mib",
            "the event has {size} bytes; FunctionGraph takes at most {limit}",
            hint="a handler on this machine still gets it",
            size=size,
            limit=SYNCHRONOUS_LIMIT,
        )
    elif size > ASYNCHRONOUS_LIMIT and (asynchronous or trigger.mode == "either"):
        yield _about_all(
            document,
            Severity.WARNING if asynchronous else Severity.INFO,
            "event-over-256-kib",
            "the event has {size} bytes; FunctionGraph takes at most {limit} when it calls asynchronously",
            hint="a handler on this machine still gets it",
            size=size,
            limit=ASYNCHRONOUS_LIMIT,
        )


# Rules of the trigger folder


def _flags(document: Document, trigger: Trigger) -> Iterator[Problem]:
    """Strings that a truth value beside them says to be base64, against what they are."""
    for place, flag_place in trigger.rules.base64_flags:
        flag = next(find_all(document, flag_place), None)
        for node in find_all(document, place):
            if flag is None or node.kind is not Kind.STRING or _is_placeholder(document.string(node)):
                continue
            text = document.string(node)
            reason = base64_reason(text) if flag.kind is Kind.TRUE else None
            names = {"flag": format_path(document.path_of(flag)), "place": format_path(document.path_of(node))}
            if reason is not None:
                yield _about(
                    document,
                    node,
                    Severity.ERROR,
                    "not-base64",
                    "{place} is said to be base64 by {flag}, but is {reason}",
                    hint="encode it, or set {flag} to false",
                    **names,
                    reason=Phrase(reason.message, reason.values),
                )
            elif flag.kind is Kind.FALSE and _looks_like_base64(text):
                yield _about(
                    document,
                    node,
                    Severity.INFO,
                    "looks-like-base64",
                    "{place} looks like base64, but {flag} is false",
                    hint="set {flag} to true if it is",
                    **names,
                )


def _looks_like_base64(text: str) -> bool:
    layer = open_string(text)
    return layer is not None and bool(layer.codecs) and "base64" in layer.codecs[0]


def _event_names(document: Document, trigger: Trigger) -> Iterator[Problem]:
    """Names of what happened that are spelled as elsewhere, or name a whole group."""
    types = trigger.rules.event_types
    for place in types.at if types else ():
        for node in find_all(document, place):
            name = document.string(node)
            assert types is not None
            meant = types.meant_by(name) if node.kind is Kind.STRING and name not in types.names else ()
            if meant:
                message = "{place} is {name}; an event spells it {names}"
                group = "{place} is {name}, which stands for several; an event says which one"
                yield _about(
                    document,
                    node,
                    Severity.ERROR,
                    "event-name",
                    message if len(meant) == 1 else group,
                    hint="write {names}",
                    place=format_path(document.path_of(node)),
                    name=name,
                    names=folded(meant, "{these} or {this}"),
                )


def _placeholders(document: Document) -> Iterator[Problem]:
    """Strings that a guide left out."""
    start = document.text.find('"…')
    while start >= 0:
        node = document.node_at(start)
        if node and node.start == start and node.kind is Kind.STRING and _is_placeholder(document.string(node)):
            yield _about(
                document,
                node,
                Severity.WARNING,
                "placeholder",
                "{place} holds a placeholder, not a value",
                hint="write what the service would send",
                place=format_path(document.path_of(node)) or Phrase("the event"),
            )
        start = document.text.find('"…', start + 1)


def _is_placeholder(text: str) -> bool:
    return bool(text) and not text.strip("…")


# The schema


def _against_schema(document: Document, trigger: Trigger) -> Iterator[Problem]:
    problem = trigger.schema_problem
    reason = None if problem is None else Phrase(problem.message, problem.values)
    if problem is None and trigger.schema:
        try:
            yield from check(document, trigger.schema, trusted=trigger.builtin)
        except UnusableSchemaError as error:
            why = Phrase(error.message, error.values)
            reason = Phrase("{file}: {why}", file=trigger.folder / SCHEMA_FILE, why=why)
    if reason is not None:
        message = "not checked against the schema of {trigger}: {reason}"
        yield _about_all(document, Severity.WARNING, "schema-unusable", message, trigger=trigger.key, reason=reason)


def _spare_time(problem: Problem, trigger: Trigger) -> Problem:
    """No event is refused for a time: sources write them in too many ways (events.md, Timestamps)."""
    times = trigger.rules.renewal.times
    if problem.severity is Severity.ERROR and any(matches(pattern, problem.path) for pattern in times):
        return replace(problem, severity=Severity.WARNING)
    return problem


# Places


def _about_all(
    document: Document, severity: Severity, code: str, message: str, *, hint: str = "", **values: object
) -> Problem:
    start = document.root.start if document.root else 0
    line, column = document.position(start)
    return Problem(severity, code, message, line, column, start, start, (), hint, values)


def _about(
    document: Document, node: Node, severity: Severity, code: str, message: str, *, hint: str, **values: object
) -> Problem:
    line, column = document.position(node.start)
    return Problem(severity, code, message, line, column, node.start, node.end, document.path_of(node), hint, values)
