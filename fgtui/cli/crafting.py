"""From words to the event they ask for: a template or a file, then ``--batch``, ``--fresh`` and ``--set``."""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.parsing import Parser, file_name, utf8_text
from fgtui.cli.sources import STANDARD_INPUT, about, read_document, read_text, shown
from fgtui.errors import UsageError
from fgtui.records import Record

if TYPE_CHECKING:
    from datetime import datetime

    from fgtui.events.catalogue import Catalogue, Trigger


class Source(Record):
    """The event before it is changed."""

    name: str
    """What messages call it."""
    trigger: Trigger
    template: str | None
    wire: str


def add_changes(parser: Parser) -> None:
    """``--template``, ``--set`` and ``--fresh``, for every verb that crafts an event."""
    parser.add_argument("--template", metavar="T", help="one of the trigger's templates (default: default)")
    parser.offers["template"] = "templates"
    parser.add_argument(
        "--set",
        metavar="P=V",
        type=utf8_text("--set"),
        action="append",
        default=[],
        help="change one place of the decoded event: PATH=VALUE, PATH:=JSON, PATH=@FILE; "
        "values may hold {{uuid}} {{now}} {{now-5m}} {{counter}} {{env:NAME}}",
    )
    parser.add_argument("--fresh", action="store_true", help="renew ids and times")


def add_output(parser: Parser) -> None:
    """``-o`` and ``--force``, for every verb that prints an event."""
    parser.add_argument("-o", "--output", metavar="FILE", type=file_name("-o"), help="write to a new file instead")
    parser.add_argument("--force", action="store_true", help="let -o replace an existing file")


def write_event(console: Console, arguments: Namespace, text: str) -> None:
    """Print ``text``, which is JSON, or write it to the file that ``-o`` names."""
    if arguments.output is None:
        console.output.json_text(text)
        return
    from fgtui.sessions.interchange.saving import save

    name = arguments.output
    save(console.folder / name, text.encode(), force=arguments.force, name=name, hint="--force replaces it")
    console.diagnostics.note("written to {name}", name=name)


def source_of(
    console: Console, catalogue: Catalogue, word: str | None, template: str | None, *, trigger: str | None = None
) -> Source:
    """The event ``word`` stands for: a trigger's template, a file, or standard input, read as ``trigger``'s."""
    if word is not None and not is_file(word) and catalogue.find(word):
        if trigger is not None and trigger != word:
            raise UsageError("--trigger goes with a file, not with the trigger {name}", name=word)
        return from_trigger(catalogue, word, template)
    if template is not None:
        raise UsageError("--template goes with a trigger, not with {name}", name=shown(word))
    if word is not None and not is_file(word) and not os.path.lexists(console.folder / word):
        catalogue.get(word)  # raises, and names the nearest
    return _from_file(console, catalogue, word, catalogue.get(trigger) if trigger else None)


def is_file(word: str) -> bool:
    """Whether ``word`` can only mean a file: a trigger of the same name is meant otherwise."""
    return word == STANDARD_INPUT or "/" in word or "." in word


def from_trigger(catalogue: Catalogue, key: str, template: str | None) -> Source:
    """A template of the trigger ``key``."""
    trigger = catalogue.get(key)
    chosen = trigger.template(template or "default")
    return Source(f"{key} {chosen.name}", trigger, chosen.name, chosen.text)


def _from_file(console: Console, catalogue: Catalogue, word: str | None, told: Trigger | None) -> Source:
    from fgtui.events.recognition import recognise

    document = read_document(console, word)
    with about(shown(word)):
        wire = document.wire()  # raises the first error
    for problem in document.problems[:PROBLEMS_SHOWN]:
        console.diagnostics.problem(problem, name=shown(word))
    if len(document.problems) > PROBLEMS_SHOWN:
        console.diagnostics.note(
            "{name}: {count} more problems; see: fgtui validate",
            name=shown(word),
            count=len(document.problems) - PROBLEMS_SHOWN,
        )
    return Source(shown(word), told or catalogue.get(recognise(document, catalogue)), None, wire)


PROBLEMS_SHOWN = 5


def changed(console: Console, source: Source, arguments: Namespace, *, count: int = 1, number: int = 1) -> str:
    """The wire text of ``source`` with the changes ``arguments`` ask for; ``number`` is the event's, from 1."""
    wire = source.wire
    if count > 1:
        from fgtui.events.fresh import batch
        from fgtui.invoke.ids import request_id

        wire = batch(wire, source.trigger, count, new_id=request_id)
    if arguments.fresh:
        from fgtui.events.fresh import freshen
        from fgtui.invoke.ids import request_id

        wire = freshen(wire, source.trigger, now=now(), new_id=request_id)
    if arguments.set:
        from fgtui.events.assignments import Variables, apply, parse_assignment
        from fgtui.invoke.ids import request_id

        variables = Variables(now(), request_id, number, console.environment)
        for text in arguments.set:
            with about(f"--set {text}"):
                wire = apply(
                    wire,
                    source.trigger,
                    [parse_assignment(text)],
                    variables=variables,
                    read_file=lambda name: read_text(console, name),
                )
    return wire


def now() -> datetime:
    """The clock's time, aware."""
    from datetime import UTC, datetime

    return datetime.now(UTC)
