"""Take recordings, archives and events of files and folders into sessions: redacted, and nothing twice.

fgtui import orders.jsonl              a session that somebody exported, into one of the same name
fgtui import traffic.har               each request as an event of API Gateway, with the answer it got
fgtui import put.json delete.json      plain events, to be replayed; into the session "imported"
fgtui import events/                   all of a folder, and the folders in it, into a session of its name
zcat traffic.har.gz | fgtui import -   standard input, or <(zcat traffic.har.gz)

A line or entry that is no exchange is told by its number and passed over. See: fgtui help files.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser
from fgtui.cli.progress import Progress
from fgtui.cli.signals import Stopped
from fgtui.cli.sources import STANDARD_INPUT, named, shown
from fgtui.errors import StoreError, UsageError
from fgtui.files import is_given, open_given
from fgtui.words import Phrase, listed, plural, say

if TYPE_CHECKING:
    from fgtui.sessions.interchange.import_sources import Source
    from fgtui.sessions.interchange.importing import Imported
    from fgtui.workspace import Workspace

REASONS_SHOWN = 5


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("files", metavar="FILE", nargs="*", help="files and folders, or -")
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
    with ExitStack() as stack:
        workspace = console.workspace(arguments)
        stack.callback(workspace.close)
        sources = [_source(console, workspace, stack, word) for word in dict.fromkeys(arguments.files)]
        _check(console, sources)
        done = [(source, _imported(arguments, console, workspace, source)) for source in sources]
    if arguments.json:
        console.output.document([_json(source, imported) for source, imported in done])
    is_all_bad = any(source.passed_count and not imported.imported + imported.already for source, imported in done)
    return ExitCode.USAGE if is_all_bad else ExitCode.OK


def _check(console: Console, sources: Sequence[Source]) -> None:
    """All of them, before anything is written. UsageError where one cannot be read, and what of the others."""
    errors: list[UsageError] = []
    readable: list[str] = []
    for source in sources:
        try:
            source.check()
            readable.append(say("{name}", name=source.name))
        except UsageError as error:
            errors.append(error)
    if not errors:
        return
    if len(sources) == 1:
        raise errors[0]
    for each in errors:
        console.diagnostics.error(each)
    raise UsageError(
        "nothing was imported: {count} of {total} cannot be read",
        hint="what can be read: {readable}" if readable else "",
        count=len(errors),
        total=len(sources),
        readable=", ".join(readable),
    )


def _source(console: Console, workspace: Workspace, stack: ExitStack, word: str) -> Source:
    from fgtui.events.recognition import recognise
    from fgtui.sessions.interchange.import_sources import Source
    from fgtui.sessions.store import utc_now

    if not word:
        raise UsageError("the name of the file is empty")
    path = console.folder / word
    return Source(
        _copied(console, stack, word) if word == STANDARD_INPUT or is_given(path) else path,
        named(word),
        redactor=lambda: workspace.store.redactor,
        recognise=lambda document: recognise(document, workspace.catalogue),
        clock=utc_now,
    )


def _copied(console: Console, stack: ExitStack, word: str) -> Path:
    """What can be read only once, in a file that is there until ``stack`` is closed."""
    import shutil
    from tempfile import TemporaryDirectory

    from fgtui.sessions.interchange.import_sources import IMPORTED

    given = console.stdin if word == STANDARD_INPUT else stack.enter_context(_opened(word))
    if given is None:
        raise UsageError("{name} is closed", name=shown(word), hint="name a file instead")
    file = Path(stack.enter_context(TemporaryDirectory(prefix="fgtui-")), IMPORTED)
    try:
        with file.open("xb") as copy:
            shutil.copyfileobj(given, copy)
    except OSError as error:
        raise StoreError("{name} could not be read: {why}", name=shown(word), why=error.strerror or error) from error
    return file


def _opened(word: str) -> BinaryIO:
    """What a shell gave open."""
    try:
        stream = open_given(Path(word))
    except OSError as error:
        raise UsageError("{name} cannot be read: {why}", name=word, why=error.strerror) from error
    assert stream is not None
    return stream


def _imported(arguments: Namespace, console: Console, workspace: Workspace, source: Source) -> Imported:
    from fgtui.sessions.interchange.importing import import_exchanges

    progress = Progress(console.diagnostics, "{name}: {count} read", name=source.name)
    came_in = 0

    def hear(looked: int, imported: int) -> None:
        nonlocal came_in
        came_in = imported
        progress(looked)

    try:
        imported = import_exchanges(
            workspace.store,
            source,
            arguments.into or source.session,
            dry_run=arguments.dry_run,
            on_progress=hear,
        )
    except StoreError as error:
        if arguments.dry_run:
            raise
        values = {**error.values, "name": source.name, "reason": error, "count": f"{came_in:,}"}
        raise StoreError(
            "{name}: {reason}; {count} imported before that, and the same import goes on",
            hint=error.hint,
            **values,
        ) from error
    except Stopped:
        console.diagnostics.note("{name}: stopped; what came in stays, and the same import goes on", name=source.name)
        raise
    finally:
        progress.end()
    _tell(console, source, imported, dry_run=arguments.dry_run)
    return imported


def _tell(console: Console, source: Source, imported: Imported, *, dry_run: bool) -> None:
    taken = "{count} would be imported into {session}" if dry_run else "{count} imported into {session}"
    words = [say(taken, count=f"{imported.imported:,}", session=imported.session)]
    if imported.already:
        words.append(say("{count} already there", count=f"{imported.already:,}"))
    if source.passed_count:
        words.append(say("{count} skipped", count=f"{source.passed_count:,}"))
    console.diagnostics.note("{name}: {words}", name=source.name, words=listed(words))
    for each in source.passed[:REASONS_SHOWN]:
        console.diagnostics.warn("{place}: {reason}", place=each.place, reason=Phrase(each.message, each.values))
    left_out = source.passed_count - REASONS_SHOWN
    if left_out > 0:
        console.diagnostics.note(
            plural(left_out, "1 more reason; --json lists them", "{count} more reasons; --json lists them"),
            count=f"{left_out:,}",
        )


def _json(source: Source, imported: Imported) -> dict[str, object]:
    return {
        "file": str(source.name),
        "session": imported.session,
        "imported": imported.imported,
        "already": imported.already,
        "skipped": source.passed_count,
        "reasons": [
            {"place": str(each.place), "reason": each.message.format_map(each.values)} for each in source.passed
        ],
    }
