"""Print the decoded form of an event: base64, gzip and JSON in strings opened, each under the name of its codec.

`fgtui decode FILE | fgtui encode` gives the file back, byte for byte.
"""

from __future__ import annotations

from argparse import Namespace

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser
from fgtui.cli.sources import about, read_document, shown


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_file()


def run(arguments: Namespace, console: Console) -> int:
    """Decode by the trigger the event shows itself to be of."""
    from fgtui.events.fields import decode
    from fgtui.events.recognition import recognise

    document = read_document(console, arguments.file)
    with about(shown(arguments.file)):
        wire = document.wire()
        catalogue = console.catalogue()
        trigger = catalogue.get(recognise(document, catalogue))
        console.output.json_text(decode(wire, trigger))
    return ExitCode.OK
