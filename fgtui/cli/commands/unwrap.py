"""Print the event that an event carries, exactly as it was carried. Of a chain, each call takes off one layer.

`fgtui wrap smn event.json | fgtui unwrap` gives event.json back.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.crafting import add_output, write_event
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.output import dump_json
from fgtui.cli.parsing import Parser
from fgtui.cli.sources import about, named, read_document, shown
from fgtui.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fgtui.events.chains import Carried
    from fgtui.events.model import Path

PLACES_TOLD = 5


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_file()
    parser.offers["trigger"] = "triggers"
    parser.add_argument("--trigger", metavar="T", help="read as this trigger's event (default: recognised)")
    parser.add_argument("--at", metavar="PATH", help="of several, the one at this path of the decoded event")
    parser.add_argument("--all", action="store_true", help="all of them, each on one line without white space")
    parser.add_json("what is carried, where, and of which trigger, as one JSON document")
    add_output(parser)


def run(arguments: Namespace, console: Console) -> int:
    """Unwrap one layer."""
    from fgtui.events.chains import unwrap
    from fgtui.events.recognition import recognise

    at = None if arguments.at is None else _path_of(arguments.at)
    catalogue = console.catalogue()
    told = catalogue.get(arguments.trigger) if arguments.trigger else None
    document = read_document(console, arguments.file)
    with about(shown(arguments.file)):
        wire = document.wire()
        trigger = told or catalogue.get(recognise(document, catalogue))
        found = _chosen(unwrap(wire, trigger, catalogue), at)
    if arguments.json:
        document_of_all = {"file": str(named(arguments.file)), "trigger": trigger.key, "events": _as_json(found)}
        write_event(console, arguments, dump_json(document_of_all) + "\n")
        return ExitCode.OK
    if arguments.all:
        from fgtui.events.layout import compact

        write_event(console, arguments, "".join(f"{compact(each.text)}\n" for each in found))
        return ExitCode.OK
    if len(found) > 1:
        raise UsageError(
            "{count} events are carried: at {places}",
            hint="--all prints each on a line, --at PATH the one there",
            count=len(found),
            places=", ".join([*_places(found)[:PLACES_TOLD], *(["…"] if len(found) > PLACES_TOLD else [])]),
        )
    write_event(console, arguments, found[0].text)
    console.diagnostics.note(
        "carried at {path}: an event of {trigger}", path=_places(found)[0], trigger=found[0].trigger
    )
    return ExitCode.OK


def _path_of(spelled: str) -> Path:
    """What ``--at`` names; ``EventError`` about that, not about the event."""
    from fgtui.events.text import parse_path

    with about("--at"):
        return parse_path(spelled)


def _chosen(found: Sequence[Carried], at: Path | None) -> Sequence[Carried]:
    if at is None:
        return found
    from fgtui.events.chains import carried_at
    from fgtui.events.text import format_path

    one = carried_at(found, at)
    if one is None:
        raise UsageError(
            "no event is carried at {path}",
            hint="there is one at {places}",
            path=format_path(at),
            places=", ".join(_places(found)),
        )
    return [one]


def _places(found: Sequence[Carried]) -> list[str]:
    from fgtui.events.text import format_path

    return [format_path(each.path) for each in found]


def _as_json(found: Sequence[Carried]) -> list[dict[str, str]]:
    return [
        {"path": path, "trigger": each.trigger, "wire": each.text}
        for path, each in zip(_places(found), found, strict=True)
    ]
