"""Recordings as files: export of what is marked or shown, with a look at what is redacted first, and import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fgtui.errors import UsageError
from fgtui.tui.screens.dialogs import Notice, Prompt, Question
from fgtui.tui.screens.saving import file_stem
from fgtui.tui.screens.working import Progress, Worked, WorkScreen
from fgtui.words import Phrase, counted, plural, say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.interchange.exporting import Leaving, Replaced
    from fgtui.sessions.interchange.import_sources import Source
    from fgtui.sessions.interchange.importing import Imported
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.tui.selection import Selection, Shown

Answer = TypeVar("Answer")

LOOKED_AT = 1_000
"""Exchanges whose secrets are listed before an export; what is written is redacted to the last one."""
PLACES_SHOWN = 200
"""Redacted places that the question before an export names."""
PASSED_SHOWN = 50
"""Reasons why something was not imported that are named."""
LOOKED_BETWEEN = 50
"""Exchanges between two looks at whether a person still waits."""


class Exchanging:
    """Asks for files, and reads and writes them while a person can watch and stop it."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    # ── out ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def export(self, session: str, shown: Shown | None) -> None:
        """Ask for a file for what is marked, else for what is ``shown`` of the session."""
        from fgtui.tui.selection import select

        screen = self._screen
        screen.in_thread(partial(select, screen.workspace.store, session, shown), self._ask_file, group="selection")

    def _ask_file(self, selection: Selection) -> None:
        screen = self._screen

        def check(name: str) -> None:
            from fgtui.sessions.interchange.exporting import form_of

            form_of(name.strip())

        hint = say(
            "in {folder}; .jsonl opens elsewhere, .har is for browsers, .py is a test for pytest",
            folder=screen.workspace.settings.folder,
        )
        screen.saving.ask_file(
            say("Export {words}", words=selection.words),
            f"{file_stem(selection.session)}.jsonl",
            partial(self._look, selection),
            check=check,
            hint=hint,
        )

    def _look(self, selection: Selection, file: Path, force: bool) -> None:
        """Show what is redacted on the way out, before anything is written."""
        store = self._screen.workspace.store

        def look(progress: Progress) -> tuple[Replaced, ...]:
            from fgtui.sessions.interchange.exporting import preview

            first = islice(selection.exchanges(store), LOOKED_AT)
            return preview(_watched(first, min(LOOKED_AT, selection.total), progress), store.redactor)

        def looked(replaced: tuple[Replaced, ...]) -> None:
            def answered(agreed: bool | None) -> None:
                if agreed:
                    self._write(selection, file, force)

            go = plural(selection.total, "{words} goes to {file}.", "{words} go to {file}.")
            lines = [say(go, words=selection.words, file=file), ""]
            if selection.total > LOOKED_AT:
                lines.append(say("All are redacted as they are written. Of the first {count}:", count=f"{LOOKED_AT:,}"))
            lines += _replaced_lines(replaced)
            question = Question(say("Export?"), "\n".join(lines), yes=say("Write it"))
            self._screen.app.push_screen(question, answered)

        self._work(say("Looking at what is redacted"), look, looked)

    def _write(self, selection: Selection, file: Path, force: bool) -> None:
        workspace = self._screen.workspace

        def write(progress: Progress) -> Leaving:
            from os.path import relpath

            from fgtui.sessions.interchange.exporting import Leaving, form_of, pieces
            from fgtui.sessions.interchange.saving import new_file

            form, redactor = form_of(file.name), workspace.store.redactor
            exchanges = _watched(selection.exchanges(workspace.store), selection.total, progress)
            leaving = Leaving(exchanges, redactor, is_test=form == "pytest")
            with new_file(file, force=force, name=str(file), private=True) as stream:
                for piece in pieces(
                    leaving,
                    form,
                    session=selection.session,
                    redactor=redactor,
                    target=workspace.settings.replay_target,
                    folder=relpath(workspace.settings.folder, file.parent),
                    ignore=workspace.settings.replay_ignore,
                ):
                    stream.write(piece)
            return leaving

        def written(leaving: Leaving) -> None:
            words = plural(leaving.count, "1 exchange written to {file}", "{count} exchanges written to {file}")
            parts = [say(words, count=f"{leaving.count:,}", file=str(file))]
            if leaving.redacted:
                parts.append(say(counted(leaving.redacted, "1 value redacted", "{count} values redacted")))
            if leaving.left_out:
                parts.append(say("{count} left out, since they were never sent", count=f"{leaving.left_out:,}"))
            self._screen.say("{words}", words=" · ".join(parts))

        self._work(say("Writing {name}", name=file.name), write, written)

    # ── in ──────────────────────────────────────────────────────────────────────────────────────────────────────────
    def ask_import(self) -> None:
        """Ask for a file or folder to read recordings or events from."""
        folder = self._screen.workspace.settings.folder

        def check(answer: str) -> None:
            if not answer.strip():
                raise UsageError("a file or a folder is wanted")
            self._source(answer).check()

        def answered(answer: str | None) -> None:
            if answer is not None:
                source = self._source(answer)
                self._screen.in_thread(source.check, lambda _: self._ask_session(source), group="import")

        hint = say("from {folder}: JSON Lines, HAR, an event, or a folder of these", folder=folder)
        self._screen.app.push_screen(Prompt(say("Import a file or a folder"), hint=hint, check=check), answered)

    def _source(self, name: str) -> Source:
        from fgtui.events.recognition import recognise
        from fgtui.sessions.interchange.import_sources import Source
        from fgtui.sessions.store import utc_now

        workspace = self._screen.workspace
        return Source(
            workspace.settings.folder / Path(name.strip()).expanduser(),
            name.strip(),
            redactor=lambda: workspace.store.redactor,
            recognise=lambda document: recognise(document, workspace.catalogue),
            clock=utc_now,
        )

    def _ask_session(self, source: Source) -> None:
        from fgtui.sessions.store import check_name

        def answered(into: str | None) -> None:
            if into is not None:
                self._take_in(source, into.strip())

        prompt = Prompt(say("Into which session?"), source.session, check=lambda name: check_name(name.strip()))
        self._screen.app.push_screen(prompt, answered)

    def _take_in(self, source: Source, into: str) -> None:
        store = self._screen.workspace.store

        def take_in(progress: Progress) -> Imported:
            from fgtui.sessions.interchange.importing import import_exchanges

            return import_exchanges(store, _watched(source, None, progress), into)

        def taken_in(imported: Imported) -> None:
            count = f"{imported.imported:,}"
            parts = [say("{count} imported into {session}", count=count, session=imported.session)]
            if imported.already:
                parts.append(say("{count} already there", count=f"{imported.already:,}"))
            if source.passed_count:
                parts.append(say("{count} passed over", count=f"{source.passed_count:,}"))
            self._screen.say("{words}", words=" · ".join(parts))
            if imported.imported or imported.already:
                self._screen.set_session(imported.session)
            if source.passed_count:
                self._show_passed(source)

        self._work(say("Importing {name}", name=source.name), take_in, taken_in)

    def _show_passed(self, source: Source) -> None:
        """Name what was passed over, and why."""
        lines = [
            say("{place}: {reason}", place=each.place, reason=Phrase(each.message, each.values))
            for each in source.passed[:PASSED_SHOWN]
        ]
        if source.passed_count > PASSED_SHOWN:
            lines.append(say("… and {count} more", count=f"{source.passed_count - PASSED_SHOWN:,}"))
        self._screen.app.push_screen(Notice(say("Passed over in {name}", name=source.name), "\n".join(lines)))

    # ── doing ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def _work(self, title: str, work: Callable[[Progress], Answer], then: Callable[[Answer], None]) -> None:
        def ended(worked: Worked[Answer] | None) -> None:
            if worked is None:
                return
            if worked.error is not None:
                self._screen.say_error(worked.error)
            elif worked.answer is not None:
                then(worked.answer)

        self._screen.app.push_screen(WorkScreen(title, work), ended)


def _watched(exchanges: Iterable[Exchange], total: int | None, progress: Progress) -> Iterator[Exchange]:
    """``exchanges`` while somebody waits for them. UsageError once nobody does."""
    for count, exchange in enumerate(exchanges):
        if count % LOOKED_BETWEEN == 0:
            if progress.cancelled.is_set():
                raise UsageError("stopped after {count}, as you wished", count=f"{count:,}")
            progress.tell(
                f"{count:,}" if total is None else say("{count} of {total}", count=f"{count:,}", total=f"{total:,}")
            )
        yield exchange


def _replaced_lines(replaced: Sequence[Replaced]) -> list[str]:
    """What is redacted, a line each, the most frequent first."""
    if not replaced:
        return [say("nothing in them looks like a secret, so nothing is replaced")]
    lines = [say("these values are replaced")]
    for each in replaced[:PLACES_SHOWN]:
        where = say("in {count}", count=f"{each.exchanges:,}")
        lines.append(f"  {each.finding.path or say('(all)')}  {each.finding.words}  {where}")
    if len(replaced) > PLACES_SHOWN:
        lines.append("  " + say("… and at {count} more places", count=f"{len(replaced) - PLACES_SHOWN:,}"))
    return lines
