"""Writing what leaves to a file of a person's choosing: never over another one unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fgtui.errors import UsageError
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
