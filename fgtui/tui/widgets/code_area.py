"""An editable text: what keys, paste and undo do to it. How it is drawn and walked through is ``CodeView``'s."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from fgtui.tui.actions import Where, bindings
from fgtui.tui.text import editing
from fgtui.tui.text.collapsed_rows import opens_block
from fgtui.tui.text.document import Caret, Change, Difference, Location, Reverted, difference
from fgtui.tui.widgets.code_view import CodeView
from fgtui.tui.widgets.safe_input import typed

if TYPE_CHECKING:
    from types import ModuleType

    from fgtui.tui.text.line_store import Line
    from fgtui.tui.text.row_edits import RowEdit


class CodeArea(CodeView):
    """Shows and edits an ``EventDocument``."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.TEXT)]

    read_only = reactive(default=False)
    """Nothing can be typed; the text can be walked through, selected and copied."""
    submits = False
    """Enter in a text of one line is for others; Alt+Enter begins a second line."""

    @dataclass
    class Edited(Message):
        """The text is another one than before."""

        area: CodeArea

        @property
        def control(self) -> CodeArea:
            """The sender."""
            return self.area

    @dataclass
    class Submitted(Message):
        """Enter was pressed in a text of one line that ``submits``."""

        area: CodeArea

        @property
        def control(self) -> CodeArea:
            """The sender."""
            return self.area

    # Editing

    def replace(
        self, start: Location, end: Location, text: str, *, group: str = "", after: Caret | None = None
    ) -> None:
        """One edit: a step of the history, or more of the last one of its ``group``. The cursor follows."""
        change = self.document.edit(start, end, text, before=self.caret, after=after, group=group)
        self._changed([change], after or Caret.at(change.end_after))

    def replace_all(self, text: str) -> bool:
        """Turn the text into ``text``, changing only what differs, as one step. False when nothing does.

        The cursor stays with what it was at.
        """
        return self.carry_out(difference(self.document.text, text, self.document.newline))

    def carry_out(self, found: Difference | None) -> bool:
        """The same where what differs is known already."""
        if found is None:
            return False
        change = self.document.edit(found.start, found.end, found.text, before=self.caret)
        self._changed([change], Caret(*(self.document.clamp(change.moved(place)) for place in self.caret)))
        return True

    def revert(self, reverted: Reverted) -> None:
        """Show what an undo or redo of the document has left."""
        if reverted.form_changed:
            self.forget()
            self._refresh_all()
        self._changed(reverted.changes, reverted.caret)

    def _changed(self, changes: Iterable[Change], caret: Caret) -> None:
        many = False
        for change in changes:
            self.notes.follow(change)
            first, last, new_last = change.start.row, change.end_before.row, change.end_after.row
            shows = len(self.collapsed) > 0 and self._follow_collapsed(first, last, new_last)
            if self.found is not None:
                self.found = self.found.until(change.start)
            many = many or shows or first != last or first != new_last
            self._refresh_rows([first])
        if many or self.wraps:
            self._refresh_all()
        self.post_message(self.Edited(self))
        self._set_caret(caret)
        self._remember_wish()

    def _follow_collapsed(self, first: int, last: int, new_last: int) -> bool:
        """Keep hidden what an edit has not touched; whether rows are in sight that were not."""
        shows = self.collapsed.follow(first, last, new_last)
        block = self.collapsed.block_at(first)
        if block is not None and not opens_block(self.document.lines[first]):
            self.collapsed.expand(block)
            return True
        return shows

    async def _on_key(self, event: events.Key) -> None:
        text = typed(event.key, event.character)
        if self.read_only:
            return
        if not (text or event.key == "enter"):
            return
        event.stop()
        event.prevent_default()
        if event.key == "enter" and self.submits and len(self.document.lines) == 1:
            self.post_message(self.Submitted(self))
        elif event.key == "enter":
            self.action_newline()
        else:
            self._type(text)

    def _type(self, character: str) -> None:
        start, end = self.caret.span
        if self.highlight and character in "}]" and start == end:
            indent = editing.closing_indentation(self.document.lines, start, character)
            if indent is not None and len(indent) < start.column:
                self.replace(Location(start.row, 0), start, indent + character)
                return
        self.replace(start, end, character, group="type")

    def action_newline(self) -> None:
        """Begin a new line, indented as JSON is."""
        if self.read_only:
            return
        start, end = self.caret.span
        if not self.highlight or start != end:
            self.replace(start, end, "\n")
            return
        inserted, behind = editing.after_enter(self.document.lines, start)
        landing = Change(start, "", inserted[: len(inserted) - behind]).end_after
        self.replace(start, end, inserted, after=Caret.at(landing))

    def action_erase(self, towards: str) -> None:
        """Delete the selection, else what lies between the cursor and the place a move would go to."""
        if self.read_only:
            return
        start, end = self.caret.span
        if start == end:
            start, end = sorted((self.cursor, self._erase_target(towards)))
        if start != end:
            self.replace(start, end, "", group="erase" if towards == "left" else "")

    def _erase_target(self, towards: str) -> Location:
        """Where deleting ends; beyond the line when there is nothing more of it."""
        row, column = self.cursor
        if towards == "home":
            return Location(row, 0) if column else self._target("left", self.cursor)
        if towards == "end" and column == len(self.document.lines[row]):
            return self._target("right", self.cursor)
        return self._target(towards, self.cursor)

    def action_erase_line(self) -> None:
        """Delete the lines the selection touches."""
        if not self.read_only:
            self._erase_rows()

    def _erase_rows(self) -> str:
        (first, _), (last, _) = self.caret.span
        if last + 1 < len(self.document.lines):
            start, end = Location(first, 0), Location(last + 1, 0)
        else:
            start, end = self._target("left", Location(first, 0)), self.document.end
        erased = self.document.between(Location(first, 0), Location(last, len(self.document.lines[last])))
        if start != end:
            self.replace(start, end, "")
        return erased + self.document.newline

    def action_cut(self) -> None:
        """Copy and delete the selection, else the line."""
        if self.read_only:
            return
        if self.caret.is_empty:
            self.app.copy_to_clipboard(self._erase_rows())
        else:
            self.app.copy_to_clipboard(self.selected_text)
            self.action_erase("left")

    def action_copy(self) -> None:
        """Copy the selection as it is in the text, whatever signs are drawn for it."""
        if self.caret.is_empty:
            raise SkipAction
        self.app.copy_to_clipboard(self.selected_text)

    def action_paste(self) -> None:
        """Paste what was copied in this application."""
        self.paste(self.app.clipboard)

    async def _on_paste(self, event: events.Paste) -> None:
        if self.read_only:  # who has no use for it either says so
            return
        event.stop()
        event.prevent_default()
        self.paste(event.text)

    def paste(self, text: str) -> None:
        """Put ``text`` in the place of the selection. Terminals send line breaks as carriage returns."""
        if not self.read_only and text:
            self.replace(*self.caret.span, text.replace("\r\n", "\n").replace("\r", "\n"))

    def action_undo(self) -> None:
        """Take the last step back."""
        if not self.read_only and (reverted := self.document.undo()):
            self.revert(reverted)

    def action_redo(self) -> None:
        """Do what was undone again."""
        if not self.read_only and (reverted := self.document.redo()):
            self.revert(reverted)

    # Whole rows

    def action_indent_rows(self) -> None:
        """Put the rows of the selection one level deeper."""
        self._edit_rows(lambda edits, lines: edits.indented(lines, self.caret))

    def action_outdent_rows(self) -> None:
        """Put the rows of the selection one level less deep."""
        self._edit_rows(lambda edits, lines: edits.outdented(lines, self.caret))

    def action_comment_rows(self) -> None:
        """Make comments of the rows of the selection, or none of them again."""
        self._edit_rows(lambda edits, lines: edits.commented(lines, self.caret))

    def action_double_rows(self) -> None:
        """Have the rows of the selection twice."""
        self._edit_rows(lambda edits, lines: edits.doubled(lines, self.caret))

    def action_move_rows(self, by: int) -> None:
        """Move the rows of the selection past the next one."""
        self._edit_rows(lambda edits, lines: edits.moved(lines, self.caret, by))

    def _edit_rows(self, edit: Callable[[ModuleType, Sequence[Line]], RowEdit | None]) -> None:
        from fgtui.tui.text import row_edits

        if self.read_only:
            return
        found = edit(row_edits, self.document.lines)
        if found is not None:
            difference, after = found
            self.replace(difference.start, difference.end, difference.text, after=after)
