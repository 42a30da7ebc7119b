"""Print an event of a trigger: a template, with what you change in it."""

from __future__ import annotations

from argparse import Namespace

from fgtui.cli.console import Console
from fgtui.cli.crafting import add_changes, changed, from_trigger
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, file_name, whole

MOST_RECORDS = 10_000


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("trigger", metavar="TRIGGER", help="a key of `fgtui triggers`")
    parser.offers["trigger"] = "triggers"
    add_changes(parser)
    parser.add_argument(
        "--batch",
        metavar="N",
        type=whole("--batch", least=1, most=MOST_RECORDS),
        default=1,
        help="repeat the event's records N times, with distinct ids",
    )
    parser.add_argument("--decoded", action="store_true", help="print the decoded form")
    parser.add_argument("-o", "--output", metavar="FILE", type=file_name("-o"), help="write to a new file instead")
    parser.add_argument("--force", action="store_true", help="let -o replace an existing file")


def run(arguments: Namespace, console: Console) -> int:
    """Craft the event and print it, or write it to a file."""
    source = from_trigger(console.catalogue(), arguments.trigger, arguments.template)
    text = changed(console, source, arguments, count=arguments.batch)
    if arguments.decoded:
        from fgtui.events.fields import decode

        text = decode(text, source.trigger)
    if arguments.output is None:
        console.output.json_text(text)
    else:
        from fgtui.sessions.interchange.saving import save

        file, name = console.folder / arguments.output, arguments.output
        save(file, text.encode(), force=arguments.force, name=name, hint="--force replaces it")
        console.diagnostics.note("written to {name}", name=arguments.output)
    return ExitCode.OK
