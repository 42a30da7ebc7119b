"""Print the wire text of a decoded form: what `fgtui decode` printed, edited or not."""

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
    """Encode every codec object."""
    from fgtui.events.fields import encode

    document = read_document(console, arguments.file)
    with about(shown(arguments.file)):
        console.output.json_text(encode(document.wire()))
    return ExitCode.OK
