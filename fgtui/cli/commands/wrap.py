"""Print an event that carries another: OBS in SMN, in Kafka, in EventGrid, written inside as the carrier writes it.

What is inside stays as it is, character by character (`fgtui unwrap` gives it back), unless --compact takes its white
space out; in a string, that of a template is out already. Several become several records where the carrier has a
list of them.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.crafting import (
    Source,
    add_changes,
    add_output,
    changed,
    from_trigger,
    is_file,
    now,
    source_of,
    write_event,
)
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser
from fgtui.cli.sources import STANDARD_INPUT, about
from fgtui.errors import UsageError

if TYPE_CHECKING:
    from fgtui.events.catalogue import Catalogue, Trigger


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "carrier", metavar="CARRIER", help="a trigger whose events carry others: smn, kafka, eventgrid …"
    )
    parser.add_argument(
        "events",
        metavar="TRIGGER|FILE",
        nargs="*",
        default=(),
        help="what it carries: triggers, files, or - for standard input (default)",
    )
    parser.offers |= {"carrier": "carriers", "events": "triggers"}
    add_changes(parser)
    parser.add_argument("--compact", action="store_true", help="take the white space out of what is carried")
    add_output(parser)


def run(arguments: Namespace, console: Console) -> int:
    """Wrap, change, print; a limit that is exceeded is said."""
    from fgtui.events.chains import problems_of, template_for, wrap
    from fgtui.invoke.ids import request_id

    if arguments.events.count(STANDARD_INPUT) > 1:
        raise UsageError("standard input can be read once, and - stands there several times")
    catalogue = console.catalogue()
    carrier = catalogue.get(arguments.carrier)
    inner = [_inner(console, catalogue, carrier, word) for word in arguments.events or [None]]
    template = arguments.template or template_for(carrier, inner[0].trigger.key).name
    source = from_trigger(catalogue, carrier.key, template)
    wire = source.wire
    if arguments.fresh:
        from fgtui.events.fresh import freshen

        wire = freshen(wire, carrier, now=now(), new_id=request_id)
    texts = [_laid_out(each, carrier, compact=arguments.compact) for each in inner]
    with about(inner[0].name):
        wire = wrap(texts, carrier, wire, catalogue, new_id=request_id)
    settled = Namespace(**{**vars(arguments), "fresh": False})  # only the carrier's ids and times were meant
    wire = changed(console, Source(source.name, carrier, template, wire), settled)
    for problem in problems_of(wire, carrier, catalogue):
        console.diagnostics.problem(problem, name=source.name)
    write_event(console, arguments, wire)
    return ExitCode.OK


def _inner(console: Console, catalogue: Catalogue, carrier: Trigger, word: str | None) -> Source:
    if word is not None and not is_file(word) and (trigger := catalogue.find(word)):
        from fgtui.events.chains import usual_inner

        return from_trigger(catalogue, word, usual_inner(carrier, trigger).name)
    return source_of(console, catalogue, word, None)


def _laid_out(source: Source, carrier: Trigger, *, compact: bool) -> str:
    """The text that travels; nobody has written a template's white space, and in a string it would be in the way."""
    from fgtui.events.layout import compact as compacted
    from fgtui.events.text import scan

    wire = scan(source.wire).wire()
    rules = carrier.rules.carrying
    in_a_string = rules is None or rules.codec != "value"
    return compacted(wire) if compact or (source.template is not None and in_a_string) else wire
