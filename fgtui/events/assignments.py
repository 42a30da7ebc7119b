r"""``--set PATH=VALUE``: what a person writes to change one place of an event (design: set by path).

::

    Records[0].s3.object.key=a b.png     JSON if the value parses as JSON, else text
    Records[0].s3.object.size:=43        JSON, or an error
    body=@payload.json                   the text of a file, JSON if it parses; ``:=@`` insists on JSON
    requestId={{uuid}}                   {{now}} {{now-5m}} {{now+1h}} {{counter}} {{env:NAME}}

``\@`` at the start of a value is a plain ``@``, and ``\{{`` plain braces; files are taken as they are.
Pure: clock, ids, environment and files are arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fgtui.errors import EventError, UsageError
from fgtui.events.edits import set_value
from fgtui.events.model import Path
from fgtui.events.text import is_json, parse_path, quote, scan, strict_problems
from fgtui.records import Record
from fgtui.regex import regex
from fgtui.words import nearest

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger

EXAMPLE = "Records[0].s3.object.key=cat.png"
TEMPLATE_VALUES = "{{uuid}}, {{now}}, {{now-5m}}, {{now+1h}}, {{counter}}, {{env:NAME}}"

_TEMPLATE = regex(r"\\\{\{|\{\{([^{}]*)\}\}")
_VARIABLE = "env:"
_MOMENT = regex(r"now(?:([+-])(\d{1,9})([smhd]))?")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Assignment(Record):
    """One change, before its value is resolved."""

    path: Path
    value: str
    """As written after the sign, or the file's name."""
    must_be_json: bool = False
    from_file: bool = False


class Variables(Record):
    """What template values stand for, for one event."""

    now: datetime
    """Aware."""
    new_uuid: Callable[[], str]
    counter: int
    """The event's number in what is being sent, from 1."""
    environment: Mapping[str, str]


def parse_assignment(text: str) -> Assignment:
    """``PATH=VALUE``, ``PATH:=JSON`` or ``PATH=@file``; ``UsageError`` says what is wrong with it."""
    end = _path_end(text)
    if end == len(text):
        raise UsageError(
            '"{text}" has no = sign', hint="write PATH=VALUE, for example {example}", text=text, example=EXAMPLE
        )
    must_be_json = text[end] == ":"
    name, value = text[:end].strip(), text[end + 1 + must_be_json :]
    if not name:
        raise UsageError(
            '"{text}" names no path', hint="write PATH=VALUE, for example {example}", text=text, example=EXAMPLE
        )
    try:
        path = parse_path(name)
    except EventError as error:
        raise UsageError(error.message, hint=error.hint, **error.values) from error
    if value.startswith("@"):
        if value == "@":
            raise UsageError(
                '"{text}" names no file after the @', hint="write \\@ for a value that starts with @", text=text
            )
        return Assignment(path, value[1:], must_be_json, from_file=True)
    if value.startswith("\\@"):
        value = value[1:]
    if must_be_json and "{{" not in value:
        _check_json(value, name)
    return Assignment(path, value, must_be_json)


def _path_end(text: str) -> int:
    """Offset of the first ``=`` or ``:=`` outside quotes and brackets; the text's length where there is none."""
    quoted = bracketed = escaped = False
    for offset, character in enumerate(text):
        if escaped:
            escaped = False
        elif quoted:
            escaped, quoted = character == "\\", character != '"'
        elif character == '"':
            quoted = True
        elif character in "[]":
            bracketed = character == "["
        elif not bracketed and (character == "=" or text.startswith(":=", offset)):
            return offset
    return len(text)


def apply(
    wire: str,
    trigger: Trigger | None,
    assignments: Iterable[Assignment],
    *,
    variables: Variables,
    read_file: Callable[[str], str],
) -> str:
    """``wire`` with every change made, in order; each sees what the ones before it did.

    ``UsageError`` for a value that cannot be resolved, ``EventError`` for a path that leads nowhere.
    """
    for assignment in assignments:
        wire = set_value(wire, trigger, assignment.path, resolve(assignment, variables, read_file))
    return wire


def variables_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The names of the environment's variables that assignments may refer to."""
    names = (found[1].strip() for text in texts for found in _TEMPLATE.finditer(text) if found[1])
    return tuple(name.removeprefix(_VARIABLE) for name in names if name.startswith(_VARIABLE))


def resolve(assignment: Assignment, variables: Variables, read_file: Callable[[str], str]) -> str:
    """The JSON literal that ``assignment`` puts in its place."""
    if assignment.from_file:
        content = read_file(assignment.value)
        if assignment.must_be_json:
            return scan(content).wire().strip(" \t\r\n")
    else:
        content = _expand(assignment.value, variables)
        if assignment.must_be_json:
            _check_json(content, "")
    return content.strip(" \t\r\n") if is_json(content) else quote(content)


def _expand(value: str, variables: Variables) -> str:
    """``value`` with its templates resolved; inside the strings of a value that is JSON, escaped as JSON wants it."""
    if "{{" not in value:
        return value
    inside_json = is_json(value)

    def replace(found: re.Match[str]) -> str:
        if found[1] is None:
            return "{{"
        resolved = _template_value(found[1].strip(), variables)
        return quote(resolved)[1:-1] if inside_json else resolved

    return _TEMPLATE.sub(replace, value)


def _template_value(name: str, variables: Variables) -> str:
    if name == "uuid":
        return variables.new_uuid()
    if name == "counter":
        return str(variables.counter)
    if name.startswith(_VARIABLE):
        return _environment_value(name.removeprefix(_VARIABLE), variables.environment)
    moment = _MOMENT.fullmatch(name)
    if moment is None:
        raise UsageError(
            "{template} is no template value",
            hint="there are {known}; write \\{braces} for plain braces",
            template="{{" + name + "}}",
            known=TEMPLATE_VALUES,
            braces="{{",
        )
    return _iso(_shifted(variables.now, moment))


def _environment_value(name: str, environment: Mapping[str, str]) -> str:
    value = environment.get(name)
    if value is None:
        near = nearest(name, environment)
        raise UsageError(
            "the environment has no variable {name}",
            hint="did you mean {near}?" if near else "set it, or write the value itself",
            name=name or '""',
            near=near,
        )
    return value


def _shifted(now: datetime, moment: re.Match[str]) -> datetime:
    sign, amount, unit = moment.groups()
    if sign is None:
        return now
    try:
        span = timedelta(**{_UNITS[unit]: int(amount)})
        return now + span if sign == "+" else now - span
    except OverflowError as error:
        raise UsageError(
            "{template} is a time beyond the calendar", template="{{" + moment[0] + "}}", hint="use a shorter span"
        ) from error


def _iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as most triggers write their times (events.md, Timestamps)."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _check_json(value: str, name: str) -> None:
    if is_json(value):
        return
    problems = strict_problems(scan(value))
    place = f"{problems[0].line}:{problems[0].column}" if problems else "1:1"
    raise UsageError(
        "the value {value} is not JSON (at {place})" if not name else "the value for {name} is not JSON (at {place})",
        hint="text needs no quotes with a plain =; := wants JSON",
        name=name,
        value=value,
        place=place,
    )
