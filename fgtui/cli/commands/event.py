"""Print an event of a trigger: a template, with what you change in it."""

from __future__ import annotations

from argparse import Namespace

from fgtui.cli.console import Console
from fgtui.cli.crafting import add_changes, add_output, changed, from_trigger, write_event
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, whole

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
    add_output(parser)


def run(arguments: Namespace, console: Console) -> int:
    """Craft the event and print it, or write it to a file."""
    source = from_trigger(console.catalogue(), arguments.trigger, arguments.template)
    text = changed(console, source, arguments, count=arguments.batch)
    if arguments.decoded:
        from fgtui.events.fields import decode

        text = decode(text, source.trigger)
    write_event(console, arguments, text)
    return ExitCode.OK
