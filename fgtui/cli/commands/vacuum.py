"""Delete what is too old or too much from all sessions, overwriting it, and give the space back to the file system.

fgtui vacuum                          delete nothing, only make the file as small as it can be
fgtui vacuum --older-than 30d         exchanges that started earlier: hours, days, weeks (12h, 30d, 2w)
fgtui vacuum --max-size 500MB         the oldest, until the file has this size or less
fgtui vacuum --older-than 30d --dry-run

It asks first, with numbers, or --yes. Marked exchanges stay, unless --include-marked. What is left keeps its numbers,
and a session that has become empty its name.
"""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser
from fgtui.cli.progress import Progress
from fgtui.cli.signals import Cancellation
from fgtui.errors import UsageError
from fgtui.sessions.storage.quantities import age, size
from fgtui.words import Phrase, plural

if TYPE_CHECKING:
    from fgtui.sessions.model import Pruned
    from fgtui.sessions.store import SessionStore


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("--older-than", metavar="AGE", type=age, help="delete what started earlier: 12h, 30d, 2w")
    parser.add_argument("--max-size", metavar="SIZE", type=size, help="delete the oldest until the file is so small")
    parser.add_argument("--include-marked", action="store_true", help="marked exchanges, too")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")
    parser.add_argument("--yes", action="store_true", help="delete without asking")
    parser.add_json("what was deleted as one JSON document")
    parser.add_store()


def run(arguments: Namespace, console: Console) -> int:
    """Count, ask, delete, make small."""
    rules: dict[str, Any] = {
        "older_than": None if arguments.older_than is None else datetime.now(UTC) - arguments.older_than,
        "max_bytes": arguments.max_size,
        "include_marked": arguments.include_marked,
    }
    workspace = console.workspace(arguments)
    store = workspace.store
    try:
        if not store.exists():
            console.diagnostics.note("nothing is recorded yet in {file}", file=workspace.settings.store)
            return ExitCode.OK
        planned = store.prune(dry_run=True, **rules)
        if arguments.dry_run:
            _say_plan(console, planned)
        else:
            if planned.exchanges and not arguments.yes:
                _ask(console, planned)
            planned = _prune(console, store, planned.exchanges, rules)
        if arguments.json:
            console.output.document(
                {
                    "exchanges": planned.exchanges,
                    "sessions": planned.sessions,
                    "bytes_before": planned.bytes_before,
                    "bytes_after": planned.bytes_after,
                    "dry_run": arguments.dry_run,
                }
            )
        return ExitCode.OK
    finally:
        workspace.close()


def _say_plan(console: Console, planned: Pruned) -> None:
    console.diagnostics.note(
        "{exchanges} of {sessions} would be deleted; the file has {before}, and about {after} afterwards",
        **_numbers(planned),
    )


def _ask(console: Console, planned: Pruned) -> None:
    question = "Delete {exchanges} of {sessions}, for good? The file has {before}, and about {after} afterwards."
    if not console.ask(question, **_numbers(planned)):
        raise UsageError(
            "nothing was deleted",
            hint="" if console.can_ask else "no terminal to ask on: --yes deletes without asking",
        )


def _prune(console: Console, store: SessionStore, planned: int, rules: dict[str, Any]) -> Pruned:
    progress = Progress(console.diagnostics, "{count} of {total} exchanges deleted", total=planned)
    deleted = 0

    def hear(count: int) -> None:
        nonlocal deleted
        deleted = count
        progress(count)

    def say_stopped(_: object = None) -> None:
        progress.end()
        console.diagnostics.note(
            plural(
                deleted,
                "stopped; 1 exchange deleted, and the file was not made small; the same vacuum goes on",
                "stopped; {count} exchanges deleted, and the file was not made small; the same vacuum goes on",
            ),
            count=f"{deleted:,}",
        )

    cancellation = Cancellation(say_stopped)
    try:
        with cancellation.on_signals():
            pruned = store.prune(on_progress=hear, cancelled=cancellation.requested, **rules)
    finally:
        progress.end()
    if cancellation.requested.is_set():
        say_stopped()
        cancellation.check()
    if pruned.exchanges:
        console.diagnostics.note("{exchanges} of {sessions} deleted", **_numbers(pruned))
    console.diagnostics.note("the file has {after} now, {before} before", **_numbers(pruned))
    return pruned


def _numbers(pruned: Pruned) -> dict[str, object]:
    from fgtui.invoke.outcome_words import size as spelled

    return {
        "exchanges": Phrase(plural(pruned.exchanges, "1 exchange", "{count} exchanges"), count=f"{pruned.exchanges:,}"),
        "sessions": Phrase(plural(pruned.sessions, "1 session", "{count} sessions"), count=f"{pruned.sessions:,}"),
        "before": spelled(pruned.bytes_before),
        "after": spelled(pruned.bytes_after),
    }
