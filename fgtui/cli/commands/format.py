"""Print an event as strict JSON, laid out anew: comments and trailing commas go, numbers and strings stay."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser
from fgtui.cli.sources import about, read_text, shown
from fgtui.errors import UsageError

if TYPE_CHECKING:
    from fgtui.events.text import Document


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_file()
    parser.add_argument("--compact", action="store_true", help="no white space at all")
    parser.add_argument("--strict", action="store_true", help="refuse whatever is not RFC 8259, say why, print nothing")


def run(arguments: Namespace, console: Console) -> int:
    """Reformat; the output ends with one newline."""
    from fgtui.events.text import reformat, scan

    name = shown(arguments.file)
    text = read_text(console, arguments.file)
    document = scan(text)
    if arguments.strict and _refuses(console, document, text, name):
        return ExitCode.USAGE
    with about(name):
        document.wire()  # raises what cannot be repaired
        console.output.json_text(reformat(document, None if arguments.compact else 2).rstrip("\n") + "\n")
    return ExitCode.OK


def _refuses(console: Console, document: Document, text: str, name: str) -> bool:
    """Say every departure from RFC 8259; whether there was one."""
    from fgtui.events.text import is_json

    if is_json(text):
        return False
    for problem in document.problems:
        console.diagnostics.problem(problem, name=name)
    console.diagnostics.error(UsageError("{name} is not strict JSON (RFC 8259); nothing was printed", name=name))
    return True
