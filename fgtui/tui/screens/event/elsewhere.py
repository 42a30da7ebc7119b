"""Opening what is in the workbench in other programs: the event or a value of it in an editor, or all to be read.

What goes there is a private file that is removed when it has come back. What cannot be taken back stays, and is named;
so does what a window may still show.
"""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, cast

from fgtui.errors import FgtuiError, UsageError
from fgtui.events.reasons import Reason
from fgtui.files import open_regular
from fgtui.paths import data_folder, temporary_folder
from fgtui.terminal.display import displayable
from fgtui.tui.actions import Where
from fgtui.tui.text.places import suffix_of
from fgtui.tui.widgets.outcome_view import Part
from fgtui.words import Phrase, say

if TYPE_CHECKING:
    from fgtui.events.fields import Place
    from fgtui.terminal.editor import EditorCommand
    from fgtui.tui.app import FgtuiApp
    from fgtui.tui.screens.workbench import WorkbenchScreen

LIMIT = 64_000_000
"""Bytes that are taken back."""
AT_ONCE_S = 1.0
"""An editor that has ended before may have handed the file to a window of its own, and nobody has read it yet."""
SUFFIXES = {Part.LOGS: ".log", Part.DIFF: ".diff"}


class Lent(NamedTuple):
    """A text that is in another program."""

    file: Path
    text: str
    take: Callable[[str], None]
    """What is done with what it has become."""
    since: float
    """By ``monotonic``."""
    is_event: bool
    """Whether it is the whole event, rather than a value of it."""


class ToldToEndError(UsageError):
    """A program was ended because the workbench was told to end."""


class Elsewhere:
    """Lends texts to other programs and takes them back."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._windows: list[tuple[EditorCommand, Lent]] = []
        """Editors that are waited for, and what they show."""
        self._left: list[Lent] = []
        """What has not come back, and may have been changed."""

    def parting_words(self) -> Iterator[str]:
        """What to know of texts that are in other programs as the workbench ends. Reads files."""
        for command, lent in self._windows:
            sentence = (
                "{editor} still shows the event in {file}; once it is saved there, this opens it: fgtui {argument}"
                if lent.is_event
                else "{editor} still shows a value of the event in {file}; what is saved there stays in it"
            )
            yield say(sentence, editor=command.name, file=lent.file, argument=shlex.quote(str(lent.file)))
        for lent in self._left:
            try:
                is_changed = _read_back(lent) != lent.text
            except FgtuiError:  # what is no text any more is there all the same
                is_changed = lent.file.exists()
            if is_changed:
                yield say("what was edited is kept in {file}", file=lent.file)
            elif _is_in_company(lent.file):
                yield say("what was not saved in the editor is kept beside {file}", file=lent.file)

    # ── in an editor ────────────────────────────────────────────────────────────────────────────────────────────────
    def edit(self) -> None:
        """Open the event in an editor; where the field below has the focus, its value alone."""
        if self._screen.where is Where.FIELD:
            self.edit_field()
        else:
            self.edit_event()

    def edit_event(self) -> None:
        """Open the whole event, in the form that is shown; what comes back is one step of the history."""
        editor = self._screen.event_pane.editor
        moment = editor.document.moment

        def take(text: str) -> None:
            if editor.document.moment != moment:
                raise UsageError("the event has changed meanwhile")
            editor.area.replace_all(text)

        row, column = editor.area.cursor
        self._lend(editor.text, "event", ".json", take, line=row + 1, column=column + 1, is_event=True)

    def edit_field(self) -> None:
        """Open what stands in the field that has the focus; what comes back is written into the event."""
        field = self._screen.event_pane.field
        if field is None or field.place is None:
            self._screen.say("there is no value at the cursor", severity="warning")
            return
        place = field.place

        def take(text: str) -> None:
            if field.place is None or field.place.path != place.path:
                raise UsageError("the event has changed meanwhile")
            field.area.replace_all(text)
            field.action_write()

        self._lend_value(place, field.area.document.text, take)

    def edit_value(self) -> None:
        """Open the value at the cursor, decoded; what comes back is encoded as it was."""
        editor = self._screen.event_pane.editor
        place = editor.place
        if place is None:
            why = "there is no value at the cursor" if editor.analysis else "the text is still being read"
            self._screen.say(why, severity="warning")
            return
        moment = editor.document.moment

        def take(text: str) -> None:
            if editor.document.moment != moment:
                raise UsageError("the event has changed meanwhile")
            editor.set_field(place.path, text)

        self._lend_value(place, place.text, take)

    def _lend_value(self, place: Place, text: str, take: Callable[[str], None]) -> None:
        if not place.editable:
            why = place.reason or Reason("this value cannot be edited by itself", {})
            self._screen.say_error(UsageError("{reason}", reason=Phrase(why.message, why.values)))
            return
        name = str(place.path[-1]) if place.path else "event"
        self._lend(text, name, suffix_of(text) if place.is_text else ".json", take)

    def _lend(
        self,
        text: str,
        name: str,
        suffix: str,
        take: Callable[[str], None],
        *,
        line: int = 1,
        column: int = 1,
        is_event: bool = False,
    ) -> None:
        from fgtui.terminal.editor import editor_command

        screen = self._screen
        try:
            lent = Lent(self._written(text, name, suffix), text, take, monotonic(), is_event=is_event)
        except FgtuiError as error:
            screen.say_error(error)
            return
        try:
            command = editor_command(lent.file, line, column, screen.workspace.environment, waits=True)
        except FgtuiError as error:
            lent.file.unlink(missing_ok=True)
            screen.say_error(error)
            return
        if command.is_graphical:
            screen.say("open in {editor}; what is saved there comes back when the file is closed", editor=command.name)
            self._wait_for_window(command, lent)
        else:
            problem = self._on_terminal(command)
            if isinstance(problem, ToldToEndError):
                self._keep_at_the_end(lent)
            else:
                self._take_back(command, lent, problem)

    def _written(self, text: str, name: str, suffix: str) -> Path:
        """A private file with ``text``. UsageError where it cannot be written."""
        from fgtui.tui.remembered.lent_files import LentFiles

        environment = self._screen.workspace.environment
        folder = data_folder(environment)
        try:
            return LentFiles(folder, temporary_folder(environment)).write(text, name, suffix)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UsageError("{file} cannot be written: {reason}", file=folder, reason=reason) from error

    def _on_terminal(self, command: EditorCommand) -> FgtuiError | None:
        """Lend the terminal to a program until it ends; why that went wrong."""
        from fgtui.tui.screens.outcome.places import how_it_ended, not_started

        try:
            lent = cast("FgtuiApp", self._screen.app).lend_terminal(command.words)
            if lent.is_ending:
                return ToldToEndError("{name} was told to end", name=command.name)
        except OSError as error:
            return not_started(command.name, error)
        except FgtuiError as error:
            return error
        return how_it_ended(command.name, lent.exit_code, lent.last_words)

    def _wait_for_window(self, command: EditorCommand, lent: Lent) -> None:
        """Wait for an editor with a window in a thread that keeps nobody from quitting."""
        screen = self._screen
        self._windows.append((command, lent))

        def wait() -> None:
            import subprocess

            from fgtui.tui.screens.outcome.places import how_it_ended, not_started

            problem: FgtuiError | None
            try:
                done = subprocess.run(
                    command.words,
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd=screen.workspace.settings.folder,
                    env=dict(screen.workspace.environment),
                    start_new_session=True,
                )
                problem = how_it_ended(command.name, done.returncode, "")
            except OSError as error:
                problem = not_started(command.name, error)
            screen.call_later(self._window_closed, command, lent, problem)

        threading.Thread(target=wait, name="fgtui-window", daemon=True).start()

    def _window_closed(self, command: EditorCommand, lent: Lent, problem: FgtuiError | None) -> None:
        self._windows.remove((command, lent))
        self._take_back(command, lent, problem)

    def _take_back(self, command: EditorCommand, lent: Lent, problem: FgtuiError | None) -> None:
        """Use what the file holds now and remove it; what cannot be used stays where it is, and is named."""
        screen = self._screen
        try:
            text = _read_back(lent)
        except FgtuiError as error:
            self._left.append(lent)
            screen.say_error(problem or error)
            return
        if text == lent.text:
            self._give_up(command, lent, problem)
            return
        try:
            if problem is not None:
                raise problem
            lent.take(text)
        except FgtuiError as error:
            self._left.append(lent)
            screen.say_error(error)
            screen.say("what was edited is kept in {file}", severity="error", file=lent.file)
        else:
            lent.file.unlink(missing_ok=True)

    def _keep_at_the_end(self, lent: Lent) -> None:
        """Keep as the unsent event what was saved before the workbench was told to end; what cannot be is named then.

        A file that is as it was stays too: editors keep beside it what was not saved.
        """
        with suppress(FgtuiError):
            text = _read_back(lent)
            if lent.is_event and text != lent.text:
                lent.take(text)
                if self._screen.event_pane.save_now():
                    lent.file.unlink(missing_ok=True)
        self._left.append(lent)

    def _give_up(self, command: EditorCommand, lent: Lent, problem: FgtuiError | None) -> None:
        """Nothing came back: remove the file, unless a window that nobody waits for may show it."""
        ended_at_once = monotonic() - lent.since < AT_ONCE_S
        if problem is not None:
            self._screen.say_error(problem)
        elif ended_at_once:
            self._screen.say(
                "{editor} has ended at once; if a window of it is open, what is saved there stays in {file}",
                editor=command.name,
                file=lent.file,
            )
        if problem is not None or (command.takes_line and not ended_at_once):
            lent.file.unlink(missing_ok=True)
        else:
            self._left.append(lent)

    # ── in a pager ──────────────────────────────────────────────────────────────────────────────────────────────────
    def read(self) -> None:
        """Show the event page by page; where the outcome has the focus, the part of it that is shown."""
        from fgtui.terminal.editor import pager_command

        screen = self._screen
        if screen.where is Where.OUTCOME:
            part = screen.outcome_view.part
            text, name = screen.outcome_view.text_of(part).text, part.name.lower()
            suffix = SUFFIXES.get(part) or suffix_of(text)
        else:
            text, name, suffix = screen.event_pane.editor.text, "event", ".json"
        try:
            file = self._written(displayable(text), name, suffix)
        except FgtuiError as error:
            screen.say_error(error)
            return
        try:
            problem = self._on_terminal(pager_command(file, screen.workspace.environment))
        except FgtuiError as error:
            problem = error
        file.unlink(missing_ok=True)
        if problem is not None:
            screen.say_error(problem)


def _is_in_company(file: Path) -> bool:
    from fgtui.tui.remembered.lent_files import has_company

    with suppress(OSError):
        return has_company(file.name, (each.name for each in file.parent.iterdir()))
    return False


def _read_back(lent: Lent) -> str:
    """What the file holds now, as the text that was lent would have it. UsageError names the file."""
    file = lent.file
    try:
        stream = open_regular(file)  # a program may have put anything in its place
        if stream is None:
            raise UsageError("{file} is no regular file", file=file)
        with stream:
            content = stream.read(LIMIT + 1)
        if len(content) > LIMIT:
            raise UsageError("what was edited is too long to be taken back; it is in {file}", file=file)
        text = content.decode("utf-8", "surrogatepass")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            "{file} cannot be read back: {reason}; nothing was changed", file=file, reason=reason
        ) from error
    except UnicodeDecodeError:
        raise UsageError("what was edited is not UTF-8; nothing was changed, and it is in {file}", file=file) from None
    if not lent.text.startswith("\ufeff"):
        text = text.removeprefix("\ufeff")
    if "\r\n" in text and "\r\n" not in lent.text:
        text = text.replace("\r\n", "\n")
    if not lent.text.endswith("\n"):  # editors end the last line
        text = text.removesuffix("\n")
    return text
