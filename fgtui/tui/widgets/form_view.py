"""The fields of an event in rows, with a cursor: present and absent ones, what they hold, what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from fgtui.events.lexis import STRICT_NUMBER
from fgtui.events.text import Kind
from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.styles.inks import Piece, cut, cut_left, fit
from fgtui.tui.text.row_notes import SIGN_INKS, SIGNS
from fgtui.tui.widgets.row_list import RowList, hint_lines
from fgtui.tui.widgets.safe_input import SafeInput
from fgtui.words import plural, say, translated

if TYPE_CHECKING:
    from fgtui.events.forms import Entry, Form, Row
    from fgtui.events.model import Path

ROOM_FOR_MEANING = 24
"""Columns that the description of a field needs at least to stand beside its value."""
_WIDE = 84
"""Columns from which on descriptions stand beside the values."""
_WORDS = frozenset({"true", "false", "null"})
_VALUE_INKS = {
    Kind.STRING: "string", Kind.NUMBER: "number", Kind.TRUE: "literal", Kind.FALSE: "literal", Kind.NULL: "literal",
    Kind.INVALID: "bad",
}  # fmt: skip


class FormRows(RowList):
    """The rows. Says by messages what is to be done with one."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.FORM)]

    @dataclass
    class Highlighted(Message):
        """The cursor is on another row, or its row is another one than before."""

        row: Row | None

    @dataclass
    class Chosen(Message):
        """A person wants to change what a row holds."""

        row: Row

    @dataclass
    class Turned(Message):
        """An object or list is to be opened or closed."""

        path: Path
        is_open: bool

    class AllTurned(Message):
        """All objects and lists are to be opened or closed, or to be as they were at first."""

    @dataclass
    class AddAsked(Message):
        """An item, or the absent member of the row, is to be added."""

        row: Row

    @dataclass
    class RemoveAsked(Message):
        """What the row shows is to be taken out of the event."""

        row: Row

    class FilterAsked(Message):
        """A person wants to narrow the rows."""

    class UndoAsked(Message):
        """The last change of the event is to be taken back."""

    class RedoAsked(Message):
        """What was taken back last is to be done again."""

    def __init__(self) -> None:
        super().__init__()
        self.form: Form | None = None
        self.entries: Sequence[Entry] = ()
        self.is_filtered = False
        self.words = ""
        """What stands there while there are no rows; raw text."""

    # ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def show(self, form: Form | None, entries: Sequence[Entry], *, cursor: int) -> None:
        """Show the places of another form, or others of the same."""
        self.form, self.entries = form, entries
        moved = cursor != self.cursor
        self.rows_changed(cursor=cursor)
        self.show_row(self.cursor)
        if not moved:
            self.row_highlighted(self.cursor)

    def at_cursor(self) -> Row | None:
        """The row under the cursor."""
        return self.row_at(self.cursor)

    def row_at(self, index: int) -> Row | None:
        """All about one row."""
        if self.form is None or not 0 <= index < len(self.entries):
            return None
        return self.form.row(self.entries[index])

    def row_count(self) -> int:
        """How many rows there are."""
        return len(self.entries)

    def row_highlighted(self, index: int) -> None:
        """Say what the cursor is on."""
        self.post_message(self.Highlighted(self.row_at(index)))

    def row_chosen(self, index: int) -> None:
        """Open or close what leads on; ask for all else to be changed."""
        row = self.row_at(index)
        if row is None:
            return
        if row.leads_on and not self.is_filtered:
            self.post_message(self.Turned(row.path, not row.is_open))
        else:
            self.post_message(self.Chosen(row))

    def empty(self) -> Sequence[Sequence[Piece]]:
        """Why there are no rows."""
        return hint_lines(self.words, self.scrollable_content_region.width)

    def row(self, index: int, width: int) -> Sequence[Piece]:
        """Sign, name, value, and as much of the rest as fits."""
        row = self.row_at(index)
        if row is None:
            return ()
        sign = self._sign(row)
        room = max(10, min(34, width * 9 // 20)) if not self.is_filtered else max(10, width // 2)
        name = fit(self._named(row, room - 1), room)
        left = width - 2 - room - 1
        return [sign, (name, self._ink_of(row)), (" ", ""), *self._rest(row, left, width)]

    @staticmethod
    def _sign(row: Row) -> Piece:
        if row.problem is not None:
            return f"{SIGNS[row.problem.severity]} ", SIGN_INKS[row.problem.severity]
        return ("· ", "warn") if row.inside and not row.is_open else ("  ", "")

    @staticmethod
    def _ink_of(row: Row) -> str:
        return "faint" if row.is_absent or row.is_shadowed else "key"

    def _named(self, row: Row, room: int) -> str:
        star = "*" if row.info.required else ""
        if self.is_filtered:
            from fgtui.events.text import format_path

            return cut_left(displayable_line(format_path(row.path)) + star, room)
        step = 2 if room > 20 else 1
        indent = " " * min(step * row.depth, room // 2)
        mark = ("▾ " if row.is_open else "▸ ") if row.leads_on else "  "
        return f"{indent}{mark}{displayable_line(row.name)}{star}"

    def _rest(self, row: Row, room: int, width: int) -> list[Piece]:
        """The value, then what is wrong with it, or what it means where there is room."""
        value = self._value(row)
        if row.problem is not None and not row.is_absent:  # that it is not there says it all
            problem = row.problem
            words = say(problem.message, problem.values)
            return _side_by_side(value, [(f"{words}", SIGN_INKS[problem.severity])], room, least=room // 2)
        if row.is_shadowed:
            return _side_by_side(value, [(say("a later one counts"), "muted")], room, least=room // 2)
        if row.is_stranger:
            return _side_by_side(value, [(say("not in the schema"), "muted")], room, least=room // 2)
        meaning = _meaning(row)
        if width < _WIDE or not meaning or room < 2 * ROOM_FOR_MEANING:
            return value
        return _side_by_side(value, [(meaning, "muted")], room, least=room // 3, column=room // 3)

    def _value(self, row: Row) -> list[Piece]:
        if row.is_absent:
            return [(say("not in the event"), "faint")]
        chain: list[Piece] = []
        if row.codecs:
            from fgtui.events.hints import summarise

            chain = [(f"  {summarise(row.codecs)}", "muted")]
        if row.leads_on:
            of_list = plural(row.count, "{count:,} item", "{count:,} items")
            of_object = plural(row.count, "{count:,} member", "{count:,} members")
            return [(say(of_list if row.is_list else of_object, count=row.count), "muted"), *chain]
        if row.kind is Kind.STRING and not row.value:
            return [(say("empty"), "faint"), *chain]
        shown = row.value
        if row.kind is Kind.STRING and (shown in _WORDS or STRICT_NUMBER.fullmatch(shown)):
            shown = f'"{shown}"'  # else nobody could tell it from the number or the word
        return [(shown, _VALUE_INKS.get(row.kind, "") if row.kind else ""), *chain]

    # ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def action_fold(self) -> None:
        """Close what is open under the cursor, or go to what it is inside of."""
        row = self.at_cursor()
        if row is None or self.is_filtered:
            return
        if row.is_open:
            self.post_message(self.Turned(row.path, is_open=False))
            return
        for index in range(self.cursor - 1, -1, -1):
            if self.entries[index].depth < row.depth:
                self.cursor = index
                return

    def action_unfold(self) -> None:
        """Open what is closed under the cursor, or go inside what is open."""
        row = self.at_cursor()
        if row is None or self.is_filtered:
            return
        if row.is_open:
            self.cursor += 1
        elif row.leads_on:
            self.post_message(self.Turned(row.path, is_open=True))

    def action_fold_all(self) -> None:
        """Close all, or open them again."""
        self.post_message(self.AllTurned())

    def action_add(self) -> None:
        """Add what is absent, or an item to the list."""
        self._ask(self.AddAsked)

    def action_remove(self) -> None:
        """Take out what is under the cursor."""
        self._ask(self.RemoveAsked)

    def action_filter(self) -> None:
        """Narrow the rows."""
        self.post_message(self.FilterAsked())

    def action_undo(self) -> None:
        """Take back the last change."""
        self.post_message(self.UndoAsked())

    def action_redo(self) -> None:
        """Do it again."""
        self.post_message(self.RedoAsked())

    def _ask(self, kind: type[AddAsked | RemoveAsked]) -> None:
        row = self.at_cursor()
        if row is not None:
            self.post_message(kind(row))

    def _on_paste(self, event: events.Paste) -> None:
        """Say where a paste is heard, rather than lose it without a word."""
        event.stop()
        key = keys_in(self.app, key="leave-form")
        self.notify(say("the form takes no paste; {key} shows the text, which does", key), markup=False)


class FormView(Vertical):
    """The rows, and above them a line that narrows them."""

    DEFAULT_CSS = """
    FormView { width: 1fr; height: 1fr; background: $surface; }
    FormView Input, FormView Input:focus { border: none; height: 1; padding: 0 1; background: $panel; display: none; }
    FormView.-filtering Input { display: block; }
    """

    @dataclass
    class Narrowed(Message):
        """Rows are wanted that hold these words; all, where there are none."""

        wanted: str

    def __init__(self) -> None:
        super().__init__()
        self.rows = FormRows()
        self.line = SafeInput(placeholder=say("a name, a value or a meaning"), compact=True)

    def compose(self) -> ComposeResult:
        """The line, which is there while it is wanted, and the rows."""
        yield self.line
        yield self.rows

    @on(FormRows.FilterAsked)
    def _ask(self, event: FormRows.FilterAsked) -> None:
        event.stop()
        self.ask()

    def ask(self) -> None:
        """Show the line, and give it the keys."""
        self.add_class("-filtering")
        self.line.focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Narrowed(event.value.strip()))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.rows.focus()

    def widen(self) -> bool:
        """Show all rows again; whether they were narrowed."""
        was = self.has_class("-filtering")
        self.remove_class("-filtering")
        if self.line.value:
            self.line.value = ""
        return was


def _meaning(row: Row) -> str:
    """What the value means where the schema says so of it, else what the field means."""
    info = row.info
    for allowed, meaning in zip(info.allowed, info.meanings, strict=False):
        if meaning and allowed == row.value:
            return translated(meaning)
    return " ".join(translated(info.description).split())


def _side_by_side(first: list[Piece], second: list[Piece], room: int, *, least: int, column: int = 0) -> list[Piece]:
    """Both in ``room`` columns: the first may have ``least`` of them, and more where the second leaves some.

    The second begins at ``column`` or behind it, so that those of several rows line up.
    """
    needed = sum(cell_len(displayable_line(text)) for text, _ in first)
    wanted = sum(cell_len(displayable_line(text)) for text, _ in second)
    width = min(needed, max(least, room - wanted - 2))
    pieces: list[Piece] = []
    left = width
    for text, ink in first:
        shown = displayable_line(text)
        if cell_len(shown) > left:
            shown = cut(shown, left) if left > 0 else ""
        pieces.append((shown, ink))
        left -= cell_len(shown)
    used = sum(cell_len(text) for text, _ in pieces)
    return [*pieces, (" " * max(2, column + 2 - used), ""), *second]
