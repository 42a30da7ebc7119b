"""Keeping marks: the rows show them at once, the store hears of them in a thread, in the order they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgtui.errors import FgtuiError
from fgtui.sessions.model import MARK
from fgtui.terminal.display import displayable
from fgtui.tui.threads import in_thread
from fgtui.words import counted, say

if TYPE_CHECKING:
    from fgtui.tui.screens.session.pane import SessionPane
    from fgtui.workspace import Workspace


class Marking:
    """Writes marks, one transaction after the other; what comes meanwhile goes into the next."""

    def __init__(self, pane: SessionPane, workspace: Workspace) -> None:
        self._pane = pane
        self._workspace = workspace
        self._waiting: dict[tuple[str, int], bool] = {}
        self._is_writing = False

    def keep(self, session: str, seq: int, *, is_marked: bool) -> None:
        """Keep an exchange marked, or not."""
        self._waiting[session, seq] = is_marked
        if not self._is_writing:
            self._write()

    def _write(self) -> None:
        marks, self._waiting = self._waiting, {}
        self._is_writing = bool(marks)
        if not marks:
            return
        store = self._workspace.store

        def write() -> None:
            for session in dict.fromkeys(session for session, _ in marks):
                own = {seq: is_marked for (of, seq), is_marked in marks.items() if of == session}
                store.annotate(session, [seq for seq in own if own[seq]], add_tags=(MARK,))
                store.annotate(session, [seq for seq in own if not own[seq]], remove_tags=(MARK,))

        in_thread(self._pane, write, lambda _: self._write(), self._failed, group="marks")

    def _failed(self, error: FgtuiError) -> None:
        """Say that it was not kept, and show what was."""
        self._say(say("not marked: {reason}", reason=say(error.message, error.values)), is_error=True)
        self._pane.table.forget_pages()
        self._pane.read_marks()
        self._write()

    def clear(self, session: str) -> None:
        """Take all marks of a session away, and say how many there were."""
        store = self._workspace.store

        def clear() -> int:
            marked = [row.seq for row in store.iterate_rows(session) if MARK in row.tags]
            return store.annotate(session, marked, remove_tags=(MARK,)) if marked else 0

        def cleared(count: int) -> None:
            self._pane.table.forget_pages()
            self._pane.read_marks()
            self._say(say(counted(count, "1 mark cleared", "{count} marks cleared")))

        in_thread(self._pane, clear, cleared, self._failed, group="marks")

    def _say(self, words: str, *, is_error: bool = False) -> None:
        self._pane.notify(displayable(words), severity="error" if is_error else "information", markup=False)
