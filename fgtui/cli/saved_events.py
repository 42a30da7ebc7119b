"""The saved test events of a deployed function and their files here: what is where, what is asked, what was done."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.parsing import did_you_mean
from fgtui.cli.signals import Stopped
from fgtui.cli.targeting import whereabouts
from fgtui.errors import CallError, ConsentError, EventError, FgtuiError, UsageError
from fgtui.invoke.service.client import function_path
from fgtui.invoke.service.saved_events import SavedEvents, file_name_of, folder_of
from fgtui.words import english, say

if TYPE_CHECKING:
    from fgtui.events.model import Event
    from fgtui.invoke.model import RemoteTarget
    from fgtui.invoke.service.saved_events import SavedEvent
    from fgtui.sessions.diff.changes import Compared
    from fgtui.workspace import Workspace

ENDING = ".json"
MOST_LOOKED_AT = 1 << 20
"""Bytes of a file here; a larger one is no test event, whatever it says."""
CHANGES_SHOWN = 20
PLACES_SHOWN = 5


class Saved:
    """The events of one function, in the service and in a folder here, and what was done with them so far."""

    def __init__(self, arguments: Namespace, console: Console, workspace: Workspace, target: RemoteTarget) -> None:
        self.arguments = arguments
        self.console = console
        self.workspace = workspace
        self.target = target
        self.function = target.urn.function
        path = function_path(target.profile, target.urn, "events")
        self.there = SavedEvents(workspace.service(target), path)
        self.done: list[dict[str, object]] = []
        """A row for each event that something became of, for --json."""

    @property
    def folder(self) -> Path:
        """Where files are; it may not be there yet. ``UsageError`` where a link leads out of the project."""
        if self.arguments.folder is not None:
            return self.console.folder / str(self.arguments.folder)
        settings = self.workspace.settings
        project = settings.project or settings.folder
        folder = project / folder_of(self.target.urn)
        if not folder.resolve().is_relative_to(project.resolve()):
            raise UsageError(
                "{folder} leads out of the project by a link",
                folder=self.spelled(folder),
                hint="name where it leads, if you mean that: --folder F",
            )
        return folder

    def spelled(self, file: Path) -> str:
        """``file`` as a person in the working folder names it."""
        return str(file.relative_to(self.console.folder) if file.is_relative_to(self.console.folder) else file)

    def chosen(self, names: Sequence[str], saved: Sequence[SavedEvent]) -> list[SavedEvent]:
        """Those of ``saved`` that a person named, all without a name. ``UsageError`` for one that is not there."""
        known = {event.name for event in saved}
        for name in names:
            if name not in known:
                raise UsageError(
                    "{function} has no test event {name!r}",
                    function=self.function,
                    name=name,
                    **did_you_mean(name, known, otherwise="fgtui remote-events list names them"),
                )
        return [event for event in saved if not names or event.name in names]

    # What was done

    def tell(self, name: str, state: str, sentence: str, /, *, file: Path | None = None, **values: object) -> None:
        """That ``state`` is what became of an event; ``sentence`` says so, with its name and its file as holes."""
        shown = None if file is None else self.spelled(file)
        self._note(name, state, english(sentence, name=name, file=shown, **values), shown)
        self.console.diagnostics.note(sentence, name=name, file=shown, **values)

    def refuse(self, name: str, error: FgtuiError, *, file: Path | None = None) -> None:
        """That nothing became of an event, and why; ``error`` does not name it."""
        self._note(name, "failed", english(error.message, error.values), None if file is None else self.spelled(file))
        self.console.diagnostics.error(error, about=name)

    def stop(self, error: CallError | Stopped, left: Sequence[str], sentence: str) -> None:
        """That the call for the first of ``left`` came to nothing, and that the others were not touched therefore."""
        if isinstance(error, Stopped):
            self.tell(left[0], "unknown", "{name}: stopped; it may have been done all the same")
        else:
            state = "unknown" if error.may_have_run else "failed"
            self._note(left[0], state, english(error.message, error.values), None)
        for name in left[1:]:
            self.tell(name, "untouched", sentence)

    def _note(self, name: str, state: str, said: str, file: str | None) -> None:
        self.done.append({"name": name, "state": state, "file": file, "said": said})

    # What is asked

    def may_replace(self, old: bytes, new: bytes, question: str, /, **values: object) -> bool:
        """Whether ``new`` may take the place of ``old``; what differs is shown before a person is asked."""
        if self.arguments.force or self.arguments.yes:
            return True
        if not self.console.can_ask:
            return False
        from fgtui.sessions.diff.change_words import RESPELLED, change_line

        compared = self.compared(old, new)
        for change in compared.changes[:CHANGES_SHOWN]:
            self.console.diagnostics.quote(change_line(change))
        if len(compared.changes) > CHANGES_SHOWN:
            self.console.diagnostics.quote(say("… and {count} more", count=len(compared.changes) - CHANGES_SHOWN))
        if compared.is_respelled:
            self.console.diagnostics.quote(say(RESPELLED))
        return self.console.ask(question, **values)

    def confirm(self, question: str, /, **values: object) -> None:
        """Where the profile is guarded, ask for the name before anything is changed. ``ConsentError`` for a no.

        ``question`` has holes for the ``target`` and its ``name``.
        """
        if not self.target.profile.guard or self.arguments.yes_really:
            return
        from fgtui.sessions.replay.caution import names_of

        name = names_of(self.target)[0]
        if not self.console.ask_for(name, question, **values, target=whereabouts(self.target), name=name):
            raise ConsentError(
                "nothing was changed: {name} is guarded",
                name=name,
                hint="" if self.console.can_ask else "no terminal to ask on: --yes-really goes on without asking",
            )

    def warn_of_secrets(self, name: str, content: bytes, sentence: str) -> bool:
        """Say where ``content`` holds what redaction would replace; whether it does."""
        findings = self.workspace.redactor.preview(content.decode("utf-8", "surrogateescape"))
        places = list(dict.fromkeys(finding.path or say("the whole") for finding in findings))
        if places:
            shown = ", ".join(places[:PLACES_SHOWN]) + (", …" if len(places) > PLACES_SHOWN else "")
            self.console.diagnostics.warn(sentence, name=name, places=shown)
        return bool(places)

    # Events as texts

    def compared(self, old: bytes, new: bytes) -> Compared:
        """What differs between two events; secrets are told by their placeholders."""
        from fgtui.sessions.diff.changes import compare_texts

        workspace = self.workspace
        one, other = self._event_of(old), self._event_of(new)
        return compare_texts(one, other, redactor=workspace.redactor, trigger_of=workspace.trigger_of)

    def _event_of(self, wire: bytes) -> Event:
        from fgtui.events.model import Event
        from fgtui.events.recognition import recognise
        from fgtui.events.text import scan

        event = Event("", wire)
        return Event(recognise(scan(event.text), self.workspace.catalogue), wire)


def content_of(file: Path) -> bytes | None:
    """The bytes of a file here; ``None`` where there is none, and nothing where it cannot be read."""
    from fgtui.files import open_regular

    try:
        stream = open_regular(file)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return b""
    if stream is None:
        return b""
    with stream:
        return stream.read(MOST_LOOKED_AT)


def wire_of(data: bytes, name: str) -> bytes:
    """What is sent of a file: its text, less comments. ``EventError`` where it is no event."""
    from fgtui.cli.sources import about
    from fgtui.events.text import read_bytes, scan

    with about(name):
        return scan(read_bytes(data, name)).wire().encode("utf-8", "surrogatepass")


def says(data: bytes, content: bytes) -> bool:
    """Whether a file's ``data`` is ``content``, or is sent as it, byte for byte."""
    try:
        return content in (data, wire_of(data, ""))
    except EventError:
        return False


def files_in(folder: Path) -> dict[str, Path]:
    """The files in ``folder`` that a test event could be written to, by its name."""
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return {}
    return {file.stem: file for file in found if file.name == file_name_of(file.stem)}
