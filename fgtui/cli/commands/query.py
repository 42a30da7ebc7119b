"""Print the exchanges for which a JMESPath expression is true, or what --project makes of them.

On a JSON file, print the expression's value. An exchange on which the expression cannot be tried, say the length of
null, is no match; how many there were is said. See: fgtui help queries.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.expressions import compiled, warn_untried
from fgtui.cli.parsing import Parser
from fgtui.cli.recordings import print_rows, recording_of
from fgtui.cli.sources import STANDARD_INPUT, about, read_document, shown
from fgtui.errors import QueryError, UsageError

if TYPE_CHECKING:
    from fgtui.sessions.query import Match, Query
    from fgtui.workspace import Workspace


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
    from fgtui.sessions.query import evaluate

    if arguments.count or arguments.project is not None:
        raise UsageError("--count and --project are for recordings; the expression itself can count and reshape")
    document = read_document(console, arguments.source)
    with about(shown(arguments.source)):
        document.wire()  # raises what is no JSON
    console.output.document(evaluate(query, document.value()))
    return ExitCode.OK


def _on_recordings(
    arguments: Namespace, console: Console, workspace: Workspace, query: Query, project: Query | None
) -> int:
    from fgtui.sessions.query import scan

    recording = recording_of(console, workspace, arguments.source)
    untried: list[QueryError] = []
    decoded = query.mentions_decoded or (project is not None and project.mentions_decoded)
    documents = (
        workspace.query_document(exchange, decoded=decoded) for exchange in recording.iterate(arguments.source)
    )
    matches = scan(query, documents, project=project, on_error=lambda _, error: untried.append(error))
    _print(arguments, console, matches)
    warn_untried(console, len(untried), untried[0] if untried else None)
    return ExitCode.OK


def _print(arguments: Namespace, console: Console, matches: Iterator[Match]) -> None:
    output = console.output
    if arguments.count:
        output.line(str(sum(1 for _ in matches)))
    elif arguments.project is not None or arguments.json:
        for match in matches:
            if output.closed:
                break
            output.json_line(match.value if arguments.project is not None else _as_recorded(match.document))
    else:
        from fgtui.sessions.format import from_json
        from fgtui.sessions.recording import row_of

        print_rows(output, [row_of(from_json(match.document)) for match in matches])


def _as_recorded(document: dict[str, Any]) -> dict[str, Any]:
    """``document`` without what was computed for the query."""
    event = {name: value for name, value in document["event"].items() if name not in ("body", "decoded")}
    outcome = {name: value for name, value in document["outcome"].items() if name != "result"}
    return {**document, "event": event, "outcome": outcome}
