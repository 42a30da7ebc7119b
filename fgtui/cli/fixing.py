"""``fgtui validate --fix``: an event with all put right that is certain; what was done and what is left is said."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.crafting import add_output, write_event
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser
from fgtui.errors import UsageError
from fgtui.words import Phrase, plural, sentence

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.model import Problem
    from fgtui.events.text import Document


NAMES = {
    "bad-escape": sentence("wrong escapes"),
    "bad-number": sentence("wrongly written numbers"),
    "bad-word": sentence("wrongly written words"),
    "byte-order-mark": sentence("byte-order mark"),
    "comment": sentence("comments"),
    "content-not-json": sentence("encoded content that is no JSON"),
    "control-character": sentence("control characters in strings"),
    "duplicate-key": sentence("duplicate keys"),
    "elision": sentence("elided content"),
    "event-name": sentence("event names"),
    "full-width-bracket": sentence("full-width brackets"),
    "full-width-sign": sentence("full-width signs"),
    "missing-colon": sentence("missing colons"),
    "missing-comma": sentence("missing commas"),
    "missing-item": sentence("commas with no value before them"),
    "not-a-separator": sentence("wrong separators"),
    "not-base64": sentence("text that has to be base64"),
    "odd-space": sentence("odd spaces"),
    "quote-marks": sentence("quote marks at the beginning of lines"),
    "schema-exclusive-maximum": sentence("values out of range"),
    "schema-exclusive-minimum": sentence("values out of range"),
    "schema-false-schema": sentence("fields that must not be there"),
    "schema-maximum": sentence("values out of range"),
    "schema-minimum": sentence("values out of range"),
    "schema-type": sentence("values of another type"),
    "schema-value": sentence("values that are not allowed"),
    "single-quotes": sentence("single quotes"),
    "surrogate-character": sentence("halves of surrogate pairs"),
    "trailing-comma": sentence("trailing commas"),
    "typographic-quotes": sentence("typographic quotation marks"),
    "unexpected-bracket": sentence("brackets that close nothing"),
    "unknown-field": sentence("unknown fields"),
    "unquoted-name": sentence("member names without quotes"),
}
"""What was put right, by the code of the problem."""


def add_fixing(parser: Parser) -> None:
    """``--fix``, and where its text goes."""
    parser.add_argument(
        "--fix", action="store_true", help="print the event with everything put right that is certain, not the problems"
    )
    add_output(parser)


def check_fixing(arguments: Namespace) -> None:
    """UsageError where the options make no sense together."""
    if arguments.output is not None and not arguments.fix:
        raise UsageError("-o goes with --fix: without it there is no event to write")
    if arguments.fix and arguments.json:
        raise UsageError("--fix prints an event and --json the problems; choose one of them")


def print_fixed(console: Console, document: Document, trigger: Trigger, arguments: Namespace, *, name: str) -> int:
    """Print or write the fixed text; narrate the rest. The exit code is that of what is left."""
    from fgtui.events.fixes import mend_all
    from fgtui.events.model import Severity

    mended = mend_all(document, trigger)
    for code, count in sorted(mended.fixed.items()):
        console.diagnostics.note("fixed: {what} ({count})", what=Phrase(NAMES.get(code, code)), count=count)
    if not mended.fixed:
        console.diagnostics.note("nothing was changed: no problem has a fix that is certain")
    write_event(console, arguments, mended.text)
    _say_left(console, mended.problems, name)
    is_wrong = any(problem.severity is Severity.ERROR for problem in mended.problems)
    return ExitCode.USAGE if is_wrong else ExitCode.OK


def _say_left(console: Console, problems: tuple[Problem, ...], name: str) -> None:
    for problem in problems:
        console.diagnostics.problem(problem, name=name)
    if problems:
        count = len(problems)
        sentence = plural(count, "1 problem is left", "{count} problems are left")
        console.diagnostics.note(sentence, count=count)
