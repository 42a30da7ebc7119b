"""Take recordings, archives and events of files and folders into sessions: redacted, and nothing twice.

fgtui import orders.jsonl              a session that somebody exported, into one of the same name
fgtui import traffic.har               each request as an event of API Gateway, with the answer it got
fgtui import put.json delete.json      plain events, to be replayed; into the session "imported"
fgtui import events/                   all of a folder, and the folders in it, into a session of its name

A line or entry that is no exchange is told by its number and passed over. See: fgtui help files.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser
from fgtui.cli.progress import Progress
from fgtui.cli.signals import Stopped
from fgtui.errors import UsageError
from fgtui.words import plural

if TYPE_CHECKING:
    from fgtui.sessions.interchange.import_sources import Source
    from fgtui.sessions.interchange.importing import Imported
    from fgtui.workspace import Workspace

REASONS_SHOWN = 5


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("files", metavar="FILE", nargs="*", help="files and folders")
    parser.add_argument("--into", metavar="SESSION", help="the session that takes all of it")
    parser.add_argument("--dry-run", action="store_true", help="read and count; record nothing")
    parser.add_json("one JSON document: what became of each file")
    parser.add_store()
    parser.offers["into"] = "sessions"


def run(arguments: Namespace, console: Console) -> int:
    """Look at all of them, then take them in one by one."""
    if not arguments.files:
        raise UsageError("what shall be imported?", hint="name files or folders: fgtui import orders.jsonl events/")
    if arguments.into is not None:
        from fgtui.sessions.store import check_name

        check_name(arguments.into)
    workspace = console.workspace(arguments)
    try:
        sources = [_source(console, workspace, word) for word in dict.fromkeys(arguments.files)]
        for source in sources:
            source.check()
        done = [(source, _imported(arguments, console, workspace, source)) for source in sources]
    finally:
        workspace.close()
    if arguments.json:
        console.output.document([_json(source, imported) for source, imported in done])
    is_all_bad = any(source.passed_count and not imported.imported + imported.already for source, imported in done)
    return ExitCode.USAGE if is_all_bad else ExitCode.OK


def _source(console: Console, workspace: Workspace, word: str) -> Source:
    from fgtui.events.recognition import recognise
    from fgtui.sessions.interchange.import_sources import Source
    from fgtui.sessions.store import utc_now

    if not word:
        raise UsageError("the name of the file is empty")
    return Source(
        console.folder / word,
        word,
        redactor=lambda: workspace.store.redactor,
        recognise=lambda document: recognise(document, workspace.catalogue),
        clock=utc_now,
    )


def _imported(arguments: Namespace, console: Console, workspace: Workspace, source: Source) -> Imported:
    from fgtui.sessions.interchange.importing import import_exchanges

    progress = Progress(console.diagnostics, "{name}: {count} read", name=source.name)
    try:
        imported = import_exchanges(
            workspace.store,
            source,
            arguments.into or source.session,
            dry_run=arguments.dry_run,
            on_progress=progress,
        )
    except Stopped:
        console.diagnostics.note("{name}: stopped; what came in stays, and the same import goes on", name=source.name)
        raise
    finally:
        progress.end()
    _tell(console, source, imported, dry_run=arguments.dry_run)
    return imported


def _tell(console: Console, source: Source, imported: Imported, *, dry_run: bool) -> None:
    words = ["{imported} would be imported into {session}" if dry_run else "{imported} imported into {session}"]
    if imported.already:
        words.append("{already} already there")
    if source.passed_count:
        words.append("{skipped} skipped")
    console.diagnostics.note(
        "{name}: " + ", ".join(words),
        name=source.name,
        imported=f"{imported.imported:,}",
        session=imported.session,
        already=f"{imported.already:,}",
        skipped=f"{source.passed_count:,}",
    )
    for each in source.passed[:REASONS_SHOWN]:
        console.diagnostics.warn("{reason}", reason=str(each))
    left_out = source.passed_count - REASONS_SHOWN
    if left_out > 0:
        noun = plural(left_out, "reason", "reasons")
        console.diagnostics.note("{count} more {noun}; --json lists them", count=f"{left_out:,}", noun=noun)


def _json(source: Source, imported: Imported) -> dict[str, object]:
    return {
        "file": source.name,
        "session": imported.session,
        "imported": imported.imported,
        "already": imported.already,
        "skipped": source.passed_count,
        "reasons": [{"place": each.place, "reason": each.message.format_map(each.values)} for each in source.passed],
    }
