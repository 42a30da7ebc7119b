"""Print the problems of an event: place, severity, words, path. Exit code 2 when one of them is an error."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.diagnostics import SEVERITIES
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.fixing import add_fixing, check_fixing, print_fixed
from fgtui.cli.parsing import Parser
from fgtui.cli.sources import named, read_document, shown
from fgtui.words import english, labelled, plural, say, with_aside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fgtui.events.catalogue import Trigger
    from fgtui.events.model import Problem


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_file()
    parser.offers["trigger"] = "triggers"
    parser.add_argument("--trigger", metavar="T", help="check as this trigger's event (default: recognised)")
    add_fixing(parser)
    parser.add_json("the problems as one JSON document")


def run(arguments: Namespace, console: Console) -> int:
    """Validate against the trigger's schema, the platform's limits and the rules between fields."""
    from fgtui.events.model import Severity
    from fgtui.events.recognition import recognise
    from fgtui.events.validation import validate

    check_fixing(arguments)
    catalogue = console.catalogue()
    told = catalogue.get(arguments.trigger) if arguments.trigger else None
    document = read_document(console, arguments.file, thorough=arguments.fix)
    trigger = told or catalogue.get(recognise(document, catalogue))
    if arguments.fix:
        return print_fixed(console, document, trigger, arguments, name=shown(arguments.file))
    problems = validate(document, trigger)
    if arguments.json:
        console.output.document(_as_json(str(named(arguments.file)), trigger, problems))
    else:
        for problem in problems:
            _print(console, problem, shown(arguments.file))
        _summary(console, trigger, problems, recognised=told is None)
    is_wrong = any(problem.severity is Severity.ERROR for problem in problems)
    return ExitCode.USAGE if is_wrong else ExitCode.OK


def _print(console: Console, problem: Problem, name: str) -> None:
    words = say(problem.message, problem.values)
    place = f"{name}:{problem.line}:{problem.column}"
    if problem.hint:
        words = with_aside(words, say(problem.hint, problem.values))
    console.output.line(f"{place}: {labelled(say(SEVERITIES[problem.severity.value]), words)}")


def _summary(console: Console, trigger: Trigger, problems: Sequence[Problem], *, recognised: bool) -> None:
    count = len(problems)
    if not count:
        sentence = "no problems in an event of {trigger}"
    else:
        sentence = plural(count, "1 problem in an event of {trigger}", "{count} problems in an event of {trigger}")
    words = say(sentence, count=count, trigger=trigger.key)
    console.diagnostics.line(say("{words} (recognised)", words=words) if recognised else words)


def _as_json(name: str, trigger: Trigger, problems: Sequence[Problem]) -> dict[str, object]:
    from fgtui.events.text import format_path

    return {
        "file": name,
        "trigger": trigger.key,
        "problems": [
            {
                "severity": problem.severity.value,
                "code": problem.code,
                "message": english(problem.message, problem.values),
                "hint": english(problem.hint, problem.values),
                "line": problem.line,
                "column": problem.column,
                "path": format_path(problem.path),
            }
            for problem in problems
        ],
    }
