"""Print the exchanges for which a JMESPath expression is true, or what --project makes of them.

On a JSON file, print the expression's value. An exchange on which the expression cannot be tried, say the length of
null, is no match; how many there were is said. See: fgtui help queries.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.expressions import compiled, warn_untried
from fgtui.cli.parsing import Parser
from fgtui.cli.progress import Progress
from fgtui.cli.recordings import print_rows, recording_of
from fgtui.cli.sources import STANDARD_INPUT, about, read_document, shown
from fgtui.errors import QueryError, UsageError

if TYPE_CHECKING:
    from fgtui.sessions.query.expressions import Query
    from fgtui.sessions.query.finding import Found
    from fgtui.sessions.recording import Recording
    from fgtui.workspace import Workspace

_FLUSHED_TOGETHER = 64
"""Lines; the first ones are written at once."""


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("source", metavar="SESSION|FILE", help="a session, a .jsonl file, a .json file, or -")
    parser.add_argument("expression", metavar="EXPR", help="a JMESPath expression")
    parser.add_argument("--project", metavar="EXPR", help="print what this makes of each exchange, a line of JSON each")
    parser.add_argument("--count", action="store_true", help="print only how many there are")
    parser.add_json("the exchanges as JSON Lines")
    parser.add_store()
    parser.offers["source"] = "sessions"


def run(arguments: Namespace, console: Console) -> int:
    """Compile, try, print."""
    query = compiled(console, arguments.expression)
    project = compiled(console, arguments.project) if arguments.project is not None else None
    if query is None or (project is None and arguments.project is not None):
        return ExitCode.USAGE
    word = arguments.source
    if word == STANDARD_INPUT or (_reads_as_file(word) and os.path.lexists(console.folder / word)):
        return _on_file(arguments, console, query)
    workspace = console.workspace(arguments)
    try:
        if _is_file_after_all(word, console, workspace):
            return _on_file(arguments, console, query)
        return _on_recordings(arguments, console, workspace, query, project)
    finally:
        workspace.close()


def _reads_as_file(word: str) -> bool:
    return word.endswith(".json") or ("/" in word and not word.endswith(".jsonl"))


def _is_file_after_all(word: str, console: Console, workspace: Workspace) -> bool:
    """A path means a file and any other word a session; whichever is not there gives way to the other."""
    if word.endswith(".jsonl") or any(session.name == word for session in workspace.store.sessions()):
        return False
    return _reads_as_file(word) or os.path.isfile(console.folder / word)  # noqa: PTH113 - never raises


def _on_file(arguments: Namespace, console: Console, query: Query) -> int:
    from fgtui.events.layout import pretty
    from fgtui.sessions.query.expressions import evaluate

    if arguments.count or arguments.project is not None:
        raise UsageError("--count and --project are for recordings; the expression itself can count and reshape")
    document = read_document(console, arguments.source)
    with about(shown(arguments.source)):
        text = document.wire()  # raises what is no JSON
    console.output.json_text(pretty(evaluate(query, text)) + "\n")
    return ExitCode.OK


def _on_recordings(
    arguments: Namespace, console: Console, workspace: Workspace, query: Query, project: Query | None
) -> int:
    recording = recording_of(console, workspace, arguments.source)
    asked = _Asked(console, recording.count(arguments.source))
    try:
        if arguments.count:
            matching = workspace.count(
                recording, arguments.source, query, on_error=asked.hear, on_progress=asked.progress
            )
            asked.end()
            console.output.line(str(matching))
        else:
            found = workspace.find(
                recording,
                arguments.source,
                query,
                project=project,
                on_error=asked.hear,
                on_progress=asked.progress,
            )
            _print(arguments, console, recording, asked.counted(found))
            asked.tell_nothing(arguments.expression)
    finally:
        asked.end()
    return ExitCode.OK


class _Asked:
    """What a person is told of a query besides its answer."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._progress = Progress(console.diagnostics, "{count} of {total} looked at", total=total)
        self._looked = 0
        self._matches = 0
        self._untried = 0
        self._first: QueryError | None = None
        self._has_ended = False

    def hear(self, seq: int, error: QueryError) -> None:
        """It could not be tried."""
        self._untried += 1
        self._first = self._first or error

    def progress(self, looked: int) -> None:
        """So many were looked at."""
        self._looked = looked
        self._progress(looked)

    def counted(self, found: Iterator[Found]) -> Iterator[Found]:
        """What was found, as it comes."""
        for each in found:
            self._matches += 1
            yield each

    def tell_nothing(self, expression: str) -> None:
        """An expression that is right and matches nothing is not one that went wrong."""
        if not self._matches and not self._untried:
            self._progress.end()
            self._console.diagnostics.note(
                "nothing matches {expression}; {count} looked at", expression=expression, count=f"{self._looked:,}"
            )

    def end(self) -> None:
        """Say what could not be tried."""
        if not self._has_ended:
            self._has_ended = True
            self._progress.end()
            warn_untried(self._console, self._untried, self._first)


def _print(arguments: Namespace, console: Console, recording: Recording, found: Iterator[Found]) -> None:
    output = console.output
    if arguments.project is not None:
        for each in found:
            output.json_line(each.value)
            if output.closed:
                break
    elif arguments.json:
        from fgtui.sessions.format import to_json

        numbers = (each.seq for each in found)
        for count, exchange in enumerate(recording.exchanges(arguments.source, numbers), 1):
            output.json_line(to_json(exchange))
            if count % _FLUSHED_TOGETHER == 0 or count < _FLUSHED_TOGETHER:
                output.flush()
            if output.closed:
                break
    else:
        seqs: list[int] = []
        try:
            seqs.extend(each.seq for each in found)
        finally:  # also what was found before something went wrong
            print_rows(output, recording.rows(arguments.source, seqs))
