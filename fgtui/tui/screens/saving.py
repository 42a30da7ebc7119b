"""Writing what leaves to a file of a person's choosing: never over another one unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fgtui.errors import EventError, FgtuiError, UsageError
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.tui.screens.workbench import WorkbenchScreen

STEM_LIMIT = 60
"""Characters, of up to four bytes each: a file's name has at most 255 bytes."""


class Saving:
    """Asks for a file and writes a text there."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    def ask(self, title: str, name: str, text: str) -> None:
        """Ask for the file, beginning with ``name``, and write ``text`` to it, for its owner alone."""
        content = text.encode("utf-8", "surrogatepass")

        def write(file: Path, force: bool) -> None:
            from fgtui.sessions.interchange.saving import save

            def work() -> None:
                save(file, content, force=force, name=file.name, private=True)

            self._screen.in_thread(work, lambda _: self._screen.say("written to {file}", file=str(file)), group="save")

        self.ask_file(title, name, write)

    # ── the event ───────────────────────────────────────────────────────────────────────────────────────────────────
    def save_event(self) -> None:
        """Write the event back to its file; where it has none, or that is not as it was, ask."""
        from fgtui.tui.remembered.event_files import digest_of

        pane = self._screen.event_pane
        opened, document = pane.opened, pane.editor.document
        if opened is None:
            self.save_event_as()
            return

        def go_on(digest: str | None) -> None:
            if pane.editor.document is not document:
                self._screen.say("the text has changed meanwhile; nothing was done", severity="warning")
            elif digest in {opened.digest, None}:
                self._write_event(opened.path, digest is not None)
            else:
                self._ask_about_change(opened.path)

        self._screen.in_thread(lambda: digest_of(opened.path), go_on, group="save")

    def save_event_as(self) -> None:
        """Ask for a file and write the event to it, which is its file from then on."""
        pane, folder = self._screen.event_pane, self._screen.workspace.settings.folder
        if pane.opened is not None:
            name = str(pane.opened.path)
            if pane.opened.path.is_relative_to(folder):
                name = str(pane.opened.path.relative_to(folder))
        else:
            parts = (pane.editor.trigger.key if pane.editor.trigger else "event", pane.editor.template or "")
            name = file_stem("-".join(filter(None, parts))) + ".json"
        self.ask_file(say("Save the event"), name, self._write_event)

    def _write_event(self, file: Path, force: bool) -> None:
        make, pane = self._screen.event_pane.file_maker(), self._screen.event_pane

        def work() -> str:
            from fgtui.digests import sha256
            from fgtui.sessions.interchange.saving import save

            content = make()
            save(file, content, force=force, name=file.name)
            return sha256(content).hexdigest()

        def tell(digest: str) -> None:
            from fgtui.tui.remembered.drafts import OpenedFile

            pane.saved(make.moment, OpenedFile(file, digest))
            self._screen.say("saved to {file}", file=str(file))
            self._screen.recent.note_file(file)

        def failed(error: FgtuiError) -> None:
            if isinstance(error, EventError):
                pane.show_error(error)
            self._screen.say_error(error)

        self._screen.in_thread(work, tell, failed, group="save")

    def _ask_about_change(self, file: Path) -> None:
        """The file holds something else than the event was opened with: nothing of it goes unasked."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        choices = [
            Choice("back", say("go back"), say("the file stays as it is"), "n"),
            Choice("other", say("save to another file"), "", "o"),
            Choice("replace", say("replace it"), say("what others have written there would be gone"), "y"),
        ]

        def picked(choice: Choice[str] | None) -> None:
            if choice is not None and choice.value == "other":
                self.save_event_as()
            elif choice is not None and choice.value == "replace":
                self._write_event(file, True)

        text = say("{file} has changed since the event was opened from it.", file=file)
        self._screen.app.push_screen(
            Chooser(say("Save over what others have written?"), choices, letters=True, text=text), picked
        )

    # ── any file ────────────────────────────────────────────────────────────────────────────────────────────────────
    def ask_file(
        self,
        title: str,
        name: str,
        write: Callable[[Path, bool], object],
        *,
        check: Callable[[str], object] | None = None,
        hint: str = "",
    ) -> None:
        """Ask for a file, then whether it may be replaced if it is there; ``write`` gets it, and that.

        ``check`` raises ``FgtuiError`` for a name that will not do.
        """
        from fgtui.tui.screens.dialogs import Prompt

        folder = self._screen.workspace.settings.folder

        def check_file(answer: str) -> None:
            _usable(folder / Path(answer.strip()).expanduser(), answer)
            if check is not None:
                check(answer)

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._ask_to_replace(folder / Path(answer.strip()).expanduser(), write)

        prompt = Prompt(title, name, hint=hint or say("in {folder}", folder=folder), check=check_file)
        self._screen.app.push_screen(prompt, answered)

    def _ask_to_replace(self, file: Path, write: Callable[[Path, bool], object]) -> None:
        if not file.exists():
            write(file, False)
            return
        from fgtui.tui.screens.dialogs import Question

        def answered(agreed: bool | None) -> None:
            if agreed:
                write(file, True)

        words = say("{file} is there already. What it holds would be gone.", file=file)
        self._screen.app.push_screen(Question(say("Replace the file?"), words, yes=say("Replace it")), answered)


def _usable(file: Path, answer: str) -> None:
    """UsageError where no file can be; what else may be in the way shows when it is written."""
    if not answer.strip() or file.is_dir():
        raise UsageError("a file is wanted")
    if not file.parent.is_dir():
        raise UsageError("there is no folder {folder}", folder=file.parent)


def file_stem(session: str) -> str:
    """A name for files of a session, without what means something else in one: separators, a dot or dash in front."""
    name = "".join(sign if sign.isprintable() and sign not in '/\\:*?"<>|' else "-" for sign in session)
    return name.strip().lstrip(".-~ ")[:STEM_LIMIT] or "recordings"
