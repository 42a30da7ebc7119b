"""Full text over every recording: events, decoded payloads, results, errors, logs, headers, ids, notes and tags.

fgtui search timeout orders/7.png       both words, anywhere in one exchange; punctuation as it is written
fgtui search '"not found"'              a phrase
fgtui search 'time*'                    words that begin so
fgtui search 失败                       Chinese: any part of a sentence
fgtui search refund orders shared.jsonl one word in these sessions and files

TEXT is one argument; without SESSION everything is searched. Case does not matter. What was found stands between « ».
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, whole
from fgtui.cli.recordings import local_time, recording_of
from fgtui.records import replace
from fgtui.words import Phrase, say

if TYPE_CHECKING:
    from fgtui.errors import StoreError
    from fgtui.sessions.model import Hit
    from fgtui.sessions.search.words import Wanted
    from fgtui.workspace import Workspace

SHOWN = 100
"""Hits a person is shown unless told otherwise; a pipe gets all of them."""
HEADER = (
    Phrase("session"), Phrase("#"), Phrase("when"), Phrase("trigger"), Phrase("outcome"), Phrase("in"), Phrase("text"),
)  # fmt: skip
NUMBERS = frozenset((1,))
PARTS = {
    "event": Phrase("event"),
    "decoded": Phrase("decoded"),
    "result": Phrase("result"),
    "error": Phrase("error"),
    "logs": Phrase("logs"),
    "headers": Phrase("headers"),
    "id": Phrase("id"),
    "note": Phrase("note"),
    "tags": Phrase("tags"),
}
"""What the table calls the parts of an exchange."""


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("text", metavar="TEXT", help='words, "phrases" and begin*')
    parser.add_argument(
        "sessions", metavar="SESSION", nargs="*", default=[], help="sessions or .jsonl files (all sessions)"
    )
    parser.add_argument(
        "--limit", metavar="N", type=whole("--limit", least=1, most=10**9), help="at most so many, the newest"
    )
    parser.offers["sessions"] = "sessions"
    parser.add_json("the hits as JSON Lines")
    parser.add_store()


def run(arguments: Namespace, console: Console) -> int:
    """Look, and print as it is found."""
    from fgtui.sessions.search.words import Wanted

    wanted = Wanted.parse(arguments.text)
    workspace = console.workspace(arguments)
    try:
        hits = _hits(arguments, console, workspace, wanted)
        limit = arguments.limit or (SHOWN if console.output.is_terminal and not arguments.json else None)
        shown = _print_lines(console, hits, limit) if arguments.json else _print_table(console, hits, limit)
        if not shown and not console.output.closed:
            console.diagnostics.note("{text!r} was not found", text=arguments.text)
        elif arguments.limit is None and shown == limit and next(hits, None) is not None:
            console.diagnostics.note("the newest {shown}; --limit shows more, a pipe gets all", shown=shown)
        return ExitCode.OK
    finally:
        workspace.close()


def _hits(arguments: Namespace, console: Console, workspace: Workspace, wanted: Wanted) -> Iterator[Hit]:
    """Those in the store, then those in files, as they are named."""
    from fgtui.sessions.search.matching import search_recording

    names = [name for name in arguments.sessions if not name.endswith(".jsonl")]
    files = [(name, recording_of(console, workspace, name)) for name in arguments.sessions if name not in names]

    def tell(problem: StoreError) -> None:
        console.diagnostics.warn(problem.message, **problem.values)

    if names or not files:
        for name in names:
            recording_of(console, workspace, name)
        yield from workspace.store.search(arguments.text, names, on_problem=tell)
    for name, recording in files:
        for hit in search_recording(recording, name, wanted):
            yield replace(hit, row=replace(hit.row, session=name))


def _print_lines(console: Console, hits: Iterator[Hit], limit: int | None) -> int:
    shown = 0
    for hit in islice(hits, limit):
        if console.output.closed:
            break
        console.output.json_line(_as_json(hit))
        shown += 1
    return shown


def _as_json(hit: Hit) -> dict[str, Any]:
    from fgtui.sessions.format import spell_time

    row = hit.row
    return {
        "session": row.session,
        "seq": row.seq,
        "id": row.id,
        "started_at": spell_time(row.started_at),
        "trigger": row.trigger,
        "target": row.target,
        "outcome": row.outcome,
        "part": hit.part,
        "excerpt": hit.excerpt,
        "spans": [list(span) for span in hit.spans],
    }


def _print_table(console: Console, hits: Iterator[Hit], limit: int | None) -> int:
    rows = [_cells(hit) for hit in islice(hits, limit)]
    if rows:
        console.output.table([say(each) for each in HEADER], rows, right=NUMBERS)
    return len(rows)


def _cells(hit: Hit) -> tuple[str, ...]:
    from fgtui.invoke.outcome_words import kind_words

    row = hit.row
    kind = kind_words(row.outcome, row.status_code)
    return (
        row.session,
        str(row.seq),
        local_time(row.started_at),
        row.trigger,
        f"{kind.sign} {kind.words}",
        say(PARTS[hit.part]) if hit.part in PARTS else hit.part,
        marked(hit),
    )


def marked(hit: Hit) -> str:
    """The excerpt with signs around what was found."""
    pieces: list[str] = []
    at = 0
    for start, end in hit.spans:
        pieces += (hit.excerpt[at:start], "«", hit.excerpt[start:end], "»")
        at = end
    return "".join((*pieces, hit.excerpt[at:]))
