"""A text with a cursor, drawn row by row: moving, selecting, the mouse, hints beside it, signs in the gutter.

The text is an ``EventDocument``; nothing here changes it or knows what an event is. A key costs the rows it changes,
whatever the length of the text: no line is measured unless it is drawn, and nothing is parsed. Lines do not wrap but in
a short text that is to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from fgtui.tui.text import editing
from fgtui.tui.text.collapsed_rows import Block, CollapsedRows, Inside, opens_block
from fgtui.tui.text.document import START, Caret, EventDocument, Location
from fgtui.tui.text.json_highlight import LONG
from fgtui.tui.text.row_notes import Hint, Mark, Notes
from fgtui.tui.widgets import row_view
from fgtui.tui.widgets.row_painter import Row, fold_for, hints_of, paint
from fgtui.tui.widgets.row_styles import RowStyles
from fgtui.tui.widgets.row_view import FOLD, RowView
from fgtui.tui.widgets.wrapped_rows import Part, index_of, place_in, wrapped_rows
from fgtui.words import plural, say

if TYPE_CHECKING:
    from fgtui.tui.text.finding import Matches

BLINK_SECONDS = 0.5
HINTS_KEPT = 500
"""Rows above and below those that are explained whose hints are kept: a text may have as many as lines."""
PAIRED_ROWS = 1000
"""Rows in which the partner of a bracket is looked for: as many may be hidden between two rows in sight."""
CLOSING = 40
"""Characters that are shown of the last row of what is hidden: brackets and a comma."""
OPEN_HANDLE, COLLAPSED_HANDLE = "▾", "▸"


class CodeView(ScrollView, can_focus=True):
    """Shows an ``EventDocument`` and where in it the cursor is."""

    DEFAULT_CSS = """
    CodeView {
        width: 1fr;
        height: 1fr;
        color: $foreground;
        background: $surface;
        overflow-x: hidden;
        overflow-y: auto;
        pointer: text;
        scrollbar-size-vertical: 1;
        & .code-area--cursor-line { background: $foreground 6%; }
        & .code-area--cursor { text-style: reverse; }
        & .code-area--selection { background: $input-selection-background; color: $input-selection-foreground; }
        & .code-area--partner { background: $foreground 22%; text-style: bold; }
        &:nocolor .code-area--cursor { text-style: reverse bold; }
        &:nocolor .code-area--selection { text-style: reverse; }
        &:nocolor .code-area--partner { text-style: bold underline; }
        &:ansi .code-area--selection { background: transparent; color: $foreground; text-style: reverse; }
        &:ansi .code-area--cursor-line { background: transparent; }
        &:ansi .code-area--partner { background: transparent; text-style: bold underline; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "code-area--cursor-line",
        "code-area--cursor",
        "code-area--selection",
        "code-area--partner",
    }

    ALLOW_SELECT = False

    show_gutter = reactive(default=True)
    """Signs and line numbers left of the text."""
    cursor_blink = reactive(default=True)

    @dataclass
    class Moved(Message):
        """The cursor, or the other end of the selection, stands elsewhere."""

        caret: Caret
        area: CodeView

        @property
        def control(self) -> CodeView:
            """The sender."""
            return self.area

    @dataclass
    class HandleClicked(Message):
        """The sign was clicked by which what begins in a row is hidden or shown."""

        row: int
        area: CodeView

        @property
        def control(self) -> CodeView:
            """The sender."""
            return self.area

    @dataclass
    class Scrolled(Message):
        """Other rows are in sight."""

        area: CodeView

        @property
        def control(self) -> CodeView:
            """The sender."""
            return self.area

    def __init__(
        self,
        document: EventDocument | None = None,
        *,
        highlight: bool = True,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.document = document or EventDocument()
        self.wraps = False
        """Lines take as many rows as they need, in a text up to ``LONG`` that is one line or no JSON."""
        self.shows_breaks = False
        """Line ends are drawn."""
        self.caret = Caret.at(START)
        self.notes = Notes()
        self.collapsed = CollapsedRows()
        """The rows that are hidden. For its methods here, which keep the screen and the cursor right."""
        self.collapses = False
        """Whether there is a sign at what can be hidden."""
        self.found: Matches | None = None
        """What a search has found."""
        self.highlight = highlight
        """Whether the text is JSON: coloured, its brackets paired, its lines indented."""
        self._parts: tuple[tuple[EventDocument, int, int], tuple[Part, ...]] | None = None
        self._first = 0  # the column the cursor's row starts with
        self._first_row = 0  # which row that is
        self._wish = 0  # the cell that up and down aim at
        self._bracket_pair: tuple[Location, ...] = ()
        self._styles = RowStyles(self)
        self._selecting = False
        self._blink: Timer | None = None
        self._cursor_shown = True

    # The document and what is said about it

    def open(self, document: EventDocument, at: Location = START) -> None:
        """Show another document."""
        self.document = document
        self.forget()
        self.caret = Caret.at(document.clamp(at))
        self.scroll_to(0, 0, animate=False)
        self._refresh_all()
        self._first = 0
        self._remember_wish()
        self._follow_caret(center=True)
        self.post_message(self.Moved(self.caret, self))

    def forget(self) -> None:
        """Drop what was about another text: notes, what is hidden, what was found."""
        self.notes = Notes()
        self.collapsed = CollapsedRows()
        self.found = None

    def show_found(self, found: Matches | None) -> None:
        """Mark what a search has found in the rows in sight."""
        self.found = found
        self.refresh()

    def set_hints(self, hints: Mapping[int, tuple[Hint, ...]], rows: range) -> None:
        """Replace the hints of ``rows``; others nearby stay."""
        near = range(rows.start - HINTS_KEPT, rows.stop + HINTS_KEPT)
        kept = {row: found for row, found in self.notes.hints.items() if row not in rows and row in near}
        new = {**kept, **hints}
        changed = {row for row in {*self.notes.hints, *new} if self.notes.hints.get(row) != new.get(row)}
        self.notes.hints = new
        if changed:
            self._show_head()
            self._refresh_rows(changed)

    def set_marks(self, marks: Mapping[int, tuple[Mark, ...]]) -> None:
        """Replace all marks."""
        old, self.notes.marks = self.notes.marks, dict(marks)
        self._refresh_rows(row for row in {*old, *marks} if old.get(row) != marks.get(row))

    @property
    def visible_rows(self) -> range:
        """The rows of the text that are in sight."""
        if rows := self._wrapped:
            seen = rows[self.scroll_offset.y :][: max(self.size.height, 1)] or rows[-1:]
            return range(seen[0].row, seen[-1].row + 1)
        top = self.scroll_offset.y
        stop = min(top + max(self.size.height, 1), self._row_count)
        return range(self.collapsed.row_of(top), self.collapsed.row_of(max(stop - 1, 0)) + 1)

    @property
    def visible_ranges(self) -> Sequence[range]:
        """The same without the rows that are hidden among them."""
        rows = self.visible_rows
        return self.collapsed.ranges(rows.start, rows.stop - 1) if len(self.collapsed) else [rows]

    @property
    def _row_count(self) -> int:
        """Rows in sight, as many as the text has lines where nothing is hidden."""
        return len(self.document.lines) - self.collapsed.hidden

    # What is hidden

    def collapse(self, blocks: Iterable[Block]) -> None:
        """Hide the rows of these; the cursor goes to the row that stays."""
        self.collapsed.collapse(blocks)
        self._collapsed_changed()

    def open_block(self, block: Block) -> None:
        """Show the rows of a block again."""
        self.collapsed.expand(block)
        self._collapsed_changed()

    def open_all(self) -> None:
        """Hide nothing."""
        self.collapsed.expand_all()
        self._collapsed_changed()

    def blocks_in_sight(self) -> Sequence[Block]:
        """Of what is hidden between the rows in sight: that of which nobody has said how much it holds."""
        heads = [part.stop - 1 for part in self.visible_ranges] if len(self.collapsed) else []
        found = [self.collapsed.block_at(row) for row in heads if self.collapsed.inside(row) is None]
        return [block for block in found if block is not None]

    def tell_inside(self, inside: Mapping[Block, Inside]) -> None:
        """Say of blocks how much they hold."""
        self._refresh_rows([block.head for block, held in inside.items() if self.collapsed.know(block, held)])

    def _collapsed_changed(self) -> None:
        if (block := self.collapsed.hiding(self.cursor.row)) is not None:
            self.caret = Caret.at(Location(block.head, len(self.document.lines[block.head])))
            self.post_message(self.Moved(self.caret, self))
        self._refresh_all()
        self._pair_brackets()
        self._follow_caret()
        self._remember_wish()
        self.post_message(self.Scrolled(self))

    def _reveal(self, row: int) -> None:
        """Show ``row`` where it is hidden."""
        if (block := self.collapsed.hiding(row)) is not None:
            self.collapsed.expand(block)
            self._refresh_all()
            self.post_message(self.Scrolled(self))

    def _in_sight(self, target: Location, *, forward: bool) -> Location:
        """Where a move ends that would end among hidden rows: beyond them, or where they begin."""
        block = self.collapsed.hiding(target.row)
        if block is None:
            return target
        if forward and block.last + 1 < len(self.document.lines):
            return Location(block.last + 1, 0)
        return Location(block.head, len(self.document.lines[block.head]))

    # The cursor

    @property
    def cursor(self) -> Location:
        """Where typing goes."""
        return self.caret.head

    def select(self, anchor: Location, head: Location, *, center: bool = False) -> None:
        """Select from ``anchor`` to ``head`` and bring ``head`` into sight."""
        self._set_caret(Caret(self.document.clamp(anchor), self.document.clamp(head)), center=center)
        self._remember_wish()

    def move_to(self, location: Location, *, center: bool = False) -> None:
        """Put the cursor at ``location`` and bring it into sight."""
        self.select(location, location, center=center)

    @property
    def selected_text(self) -> str:
        """The selection, in the document's own line ends."""
        return self.document.between(*self.caret.span)

    def action_move(self, where: str, select: bool = False) -> None:
        """Move the cursor, with the selection's other end staying where it is on ``select``."""
        anchor, head = self.caret
        if not select and anchor != head and where in ("left", "right"):
            target = self.caret.span[0 if where == "left" else 1]
        else:
            target = self._target(where, head)
            target = self._in_sight(target, forward=target > head)
        self._set_caret(Caret(anchor if select else target, target))
        if where not in ("up", "down", "page_up", "page_down"):
            self._remember_wish()

    def action_select_line(self) -> None:
        """Select the cursor's line."""
        row = self.cursor.row
        self.select(Location(row, 0), Location(row, len(self.document.lines[row])))

    def action_select_all(self) -> None:
        """Select the text; what is in sight stays in sight."""
        self._set_caret(Caret(START, self.document.end), follow=False)
        self._remember_wish()

    def _target(self, where: str, head: Location) -> Location:
        lines, (row, column) = self.document.lines, head
        match where:
            case "left":
                if column:
                    return Location(row, row_view.step_left(lines[row], column))
                return Location(row - 1, len(lines[row - 1])) if row else head
            case "right":
                if column < len(lines[row]):
                    return Location(row, row_view.step_right(lines[row], column))
                return Location(row + 1, 0) if row + 1 < len(lines) else head
            case "word_left":
                return editing.word_left(lines, head)
            case "word_right":
                return editing.word_right(lines, head)
            case "home":
                indent = len(editing.indentation(lines[row]))
                return Location(row, 0 if column == indent else indent)
            case "end":
                return Location(row, len(lines[row]))
            case "top":
                return START
            case "bottom":
                return self.document.end
        return self._vertical(where, head)

    def _vertical(self, where: str, head: Location) -> Location:
        page = max(self.size.height - 1, 1)
        by = {"up": -1, "down": 1, "page_up": -page, "page_down": page}[where]
        if (rows := self._wrapped) and 0 <= (aim := self._screen_row + by) < len(rows):
            return place_in(rows, aim, self._wish)
        shown = self.collapsed.shown_row(head.row) + by
        if shown < 0:
            return START
        if shown >= self._row_count:
            return self.document.end
        row = self.collapsed.row_of(shown)
        line = self.document.lines[row]
        if self._wish > LONG:
            return Location(row, min(self._wish, len(line)))
        return Location(row, row_view.layout(line[: row_view.window(self._wish)]).index(self._wish))

    def _remember_wish(self) -> None:
        row, column = self.cursor
        line = self.document.lines[row]
        if rows := self._wrapped:
            self._wish = rows[self._screen_row].view.cell(column)
            return
        self._wish = column if column > LONG else row_view.layout(line[:column]).width

    def _set_caret(self, caret: Caret, *, center: bool = False, follow: bool = True) -> None:
        if follow:
            self._reveal(caret.head.row)
        old = self.caret
        if caret != old:
            self.caret = caret
            self._refresh_rows([*self._rows_in_sight(old), *self._rows_in_sight(caret)])
            self.post_message(self.Moved(caret, self))
        self._restart_blink()
        self._pair_brackets()
        if follow:
            self._follow_caret(center=center)

    def _rows_in_sight(self, caret: Caret) -> Iterable[int]:
        (first, _), (last, _) = caret.span
        if self._wrapped:
            visible = self.visible_rows
            return range(max(first, visible.start), min(last + 1, visible.stop))
        top = self.scroll_offset.y
        shown_first, shown_last = map(self.collapsed.shown_row, (first, last))
        shown = range(max(shown_first, top), min(shown_last + 1, top + max(self.size.height, 1)))
        return map(self.collapsed.row_of, shown)

    def _follow_caret(self, *, center: bool = False) -> None:
        """Bring the cursor into sight."""
        self._show_head()
        if not self.size.height:
            return
        row, top, height = self._screen_row, self.scroll_offset.y, self.size.height
        if center and not top <= row < top + height:
            top = row - height // 2
        elif row < top:
            top = row
        elif row >= top + height:
            top = row - height + 1
        self.scroll_to(y=top, animate=False, force=True)

    def _show_head(self) -> None:
        """Scroll the cursor's row sideways as far as its column needs."""
        row, column = self.cursor
        first, old = 0, self._first if row == self._first_row else 0
        self._first_row = row
        if not self._wrapped and self._fold(row) is None:
            first = row_view.first_to_show(self.document.lines[row], column, old, self._text_width)
        if first != self._first:
            self._first = first
            self._refresh_rows([row])

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the cursor is drawn on the screen, and an input method shows what is being composed."""
        row = self._screen_row
        view = self._wrapped[row].view if self._wrapped else self._view(row)
        x = self.gutter_width + view.cell(self.cursor.column)
        return self.content_region.offset + Offset(x, row - self.scroll_offset.y)

    def _pair_brackets(self) -> None:
        pair: tuple[Location, ...] = ()
        lines, rows = self.document.lines, self.visible_rows
        if self.highlight and self.caret.is_empty and (at := editing.bracket_at(lines, self.cursor)):
            first, last = max(rows.start, at.row - PAIRED_ROWS), min(rows.stop - 1, at.row + PAIRED_ROWS)
            other = editing.partner(lines, *at, lines[at.row][at.column], first=first, last=last)
            pair = (at, other) if other else ()
        if pair != self._bracket_pair:
            changed = [location.row for location in (*self._bracket_pair, *pair)]
            self._bracket_pair = pair
            self._refresh_rows(changed)

    # The mouse

    def location_at(self, offset: Offset) -> Location:
        """The place in the text that is drawn at ``offset`` of this widget."""
        row = offset.y - self.gutter.top + self.scroll_offset.y
        if row < 0:
            return START
        x = offset.x - self.gutter.left - self.gutter_width
        if rows := self._wrapped:
            return place_in(rows, row, max(x, 0)) if row < len(rows) else self.document.end
        if row >= self._row_count:
            return self._in_sight(self.document.end, forward=False)
        row = self.collapsed.row_of(row)
        return Location(row, self._view(row).column(max(x, 0)))

    async def _on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button != 1:
            return
        target = self.location_at(event.offset)
        in_gutter = event.offset.x - self.gutter.left
        if self.gutter_width - 2 <= in_gutter < self.gutter_width and self._handle(target.row) != " ":
            self.post_message(self.HandleClicked(target.row, self))
            return
        self._set_caret(Caret(self.caret.anchor if event.shift else target, target))
        self._remember_wish()
        self._selecting = True
        self.capture_mouse()

    async def _on_mouse_move(self, event: events.MouseMove) -> None:
        if self._selecting:
            self._set_caret(Caret(self.caret.anchor, self.location_at(event.offset)))

    async def _on_mouse_up(self, event: events.MouseUp) -> None:
        self._stop_selecting()

    def _on_hide(self, event: events.Hide) -> None:
        self._stop_selecting()

    def _stop_selecting(self) -> None:
        if self._selecting:
            self._selecting = False
            self.release_mouse()
            self._remember_wish()

    async def _on_click(self, event: events.Click) -> None:
        if event.chain == 2:
            row, column = self.cursor
            start, end = editing.word_at(self.document.lines[row], column)
            self.select(Location(row, start), Location(row, end))
        elif event.chain == 3:
            self.action_select_line()

    # Keeping the screen up to date

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Keep what depends on the rows in sight up to date."""
        super().watch_scroll_y(old_value, new_value)
        self._pair_brackets()
        self.post_message(self.Scrolled(self))

    def _on_mount(self, event: events.Mount) -> None:
        self._blink = self.set_interval(BLINK_SECONDS, self._blink_cursor, pause=True)
        self._refresh_all()

    def _on_resize(self) -> None:
        self._first = 0  # what had to be scrolled away where it was narrower may fit now
        self._refresh_all()
        self._follow_caret()
        self.post_message(self.Scrolled(self))

    def _on_focus(self, event: events.Focus) -> None:
        self._restart_blink()
        self._refresh_rows([self.cursor.row])

    def _on_blur(self, event: events.Blur) -> None:
        self._stop_blinking()
        self._refresh_rows([self.cursor.row])

    def _watch_cursor_blink(self, blink: bool) -> None:
        if blink:
            self._restart_blink()
        else:
            self._stop_blinking()

    def _watch_show_gutter(self) -> None:
        self._refresh_all()

    def _restart_blink(self) -> None:
        if not self._cursor_shown:
            self._toggle_cursor()
        if self._blink is not None and self.cursor_blink and self.has_focus:
            self._blink.reset()
            self._blink.resume()

    def _stop_blinking(self) -> None:
        if self._blink is not None:
            self._blink.pause()
        if not self._cursor_shown:
            self._toggle_cursor()

    def _blink_cursor(self) -> None:
        if self.screen.is_active:
            self._toggle_cursor()

    def _toggle_cursor(self) -> None:
        self._cursor_shown = not self._cursor_shown
        self._refresh_rows([self.cursor.row])

    def _refresh_rows(self, rows: Iterable[int]) -> None:
        rows = set(rows)
        if len(rows) > self.size.height or self._wrapped:
            self.refresh()
            return
        top, height = self.scroll_offset.y, self.size.height
        regions = [
            Region(0, y, self.size.width, 1) for row in rows if 0 <= (y := self.collapsed.shown_row(row) - top) < height
        ]
        if regions:
            self.refresh(*regions)

    def _refresh_all(self) -> None:
        for _ in range(2):  # the scroll bar takes its cells from a line that wraps
            size = Size(0, len(self._wrapped) or self._row_count)
            if size != self.virtual_size:
                self.virtual_size = size
                self._refresh_scrollbars()
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The rows of the whole text, where a style sheet leaves the height to it."""
        return len(self._wrapped_at(width - self.gutter_width)) or self._row_count

    def notify_style_update(self) -> None:
        """Make the styles anew: the theme, the focus or a class has changed."""
        super().notify_style_update()
        self._styles.forget()

    # Drawing

    @property
    def gutter_width(self) -> int:
        """Cells left of the text: a sign, the line number, a space."""
        return len(str(max(len(self.document.lines), 10))) + 2 if self.show_gutter else 0

    @property
    def _text_width(self) -> int:
        return max(self.scrollable_content_region.width - self.gutter_width, 2)

    @property
    def _wrapped(self) -> tuple[Part, ...]:
        """What is in each row of a text that wraps; nothing of any other."""
        return self._wrapped_at(self._text_width)

    def _wrapped_at(self, width: int) -> tuple[Part, ...]:
        lines = self.document.lines
        if not self.wraps or self.document.length > LONG or (self.highlight and len(lines) > 1):
            return ()
        key = (self.document, self.document.version, width)
        if self._parts is None or self._parts[0] != key:
            self._parts = (key, wrapped_rows(lines, width))
        return self._parts[1]

    @property
    def _screen_row(self) -> int:
        """The row the cursor is drawn in, from the top of the text."""
        rows, (row, column) = self._wrapped, self.cursor
        if not rows:
            return self.collapsed.shown_row(row)
        return index_of(rows, row, column)

    def _view(self, row: int) -> RowView:
        fold = self._fold(row)
        first = self._first if row == self.cursor.row and fold is None else 0
        return row_view.view_row(self.document.lines[row], self._text_width, first, fold)

    def _fold(self, row: int) -> tuple[int, int] | None:
        """The columns of ``row`` to hide, unless the cursor is among them or would not be in sight."""
        fold = fold_for(self.document.lines[row], self._text_width, self._hints(row), is_json=self.highlight)
        if fold is None or row != self.cursor.row:
            return fold
        column, width = self.cursor.column, self._text_width
        if fold[0] <= column <= fold[1]:
            return None
        view = row_view.view_row(self.document.lines[row], width, 0, fold)
        is_in_sight = any(part.start <= column <= part.end and part.cell(column) <= width for part in view.stretches)
        return fold if is_in_sight else None

    def _hints(self, row: int) -> tuple[Hint, ...]:
        return hints_of(self.document.lines[row], self.notes.hints.get(row, ()), is_json=self.highlight)

    def render_line(self, y: int) -> Strip:
        """One row, exactly as wide as the widget."""
        row = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if (rows := self._wrapped) and row < len(rows):
            return paint(self._part(rows, row), width, self._styles)
        if rows or row >= self._row_count:
            return Strip.blank(width, self._styles())
        return paint(self._row(self.collapsed.row_of(row)), width, self._styles)

    def _part(self, parts: tuple[Part, ...], at: int) -> Row:
        """One row of a text that wraps."""
        part = parts[at]
        row = replace(self._row(part.row), view=part.view)
        if at + 1 < len(parts) and parts[at + 1].row == part.row:
            row = replace(row, shows_break=False, selects_break=False)
        return row if at == self._screen_row else replace(row, cursor=None, is_lit=False)

    def _row(self, row: int) -> Row:
        line, cursor = self.document.lines[row], self.cursor
        (first, start), (last, end) = self.caret.span
        selection = (start if row == first else 0, end if row == last else len(line))
        has_cursor = row == cursor.row
        view = self._view(row)
        return Row(
            line=line,
            view=view,
            number=row + 1,
            gutter_width=self.gutter_width,
            is_json=self.highlight,
            hints=tuple(hint for hint in self._hints(row) if hint.end > view.stretches[0].start),
            marks=self.notes.marks.get(row, ()),
            brackets=tuple(column for at, column in self._bracket_pair if at == row),
            selection=selection if first <= row <= last else (0, 0),
            shows_break=self.shows_breaks and row + 1 < len(self.document.lines),
            selects_break=first <= row < last,
            cursor=cursor.column if has_cursor and self.has_focus and self._cursor_shown else None,
            has_cursor=has_cursor,
            is_lit=has_cursor and self.has_focus and self.caret.is_empty,
            found=self._found_in(row, view),
            handle=self._handle(row),
            summary=self._summary(row),
        )

    def _found_in(self, row: int, view: RowView) -> tuple[tuple[int, int], ...]:
        if self.found is None:
            return ()
        return tuple(span for stretch in view.stretches for span in self.found.in_row(row, stretch.start, stretch.end))

    def _handle(self, row: int) -> str:
        """The sign for hiding or showing what begins in a row; a blank where nothing does."""
        if self.collapsed.block_at(row) is not None:
            return COLLAPSED_HANDLE
        return OPEN_HANDLE if self.collapses and opens_block(self.document.lines[row]) else " "

    def _summary(self, row: int) -> str:
        """What stands for the rows that are hidden below ``row``."""
        block = self.collapsed.block_at(row)
        if block is None:
            return ""
        return f" {_summary(block, self.collapsed.inside(row))} {self.document.lines[block.last][-CLOSING:].strip()}"


def _summary(block: Block, inside: Inside | None) -> str:
    """How much is hidden: in lines, while nobody has counted what it holds."""
    count = block.last - block.head - 1 if inside is None else inside.entries
    if not count:
        return FOLD
    if inside is None:
        words = plural(count, "… {count:,} line", "… {count:,} lines")
    elif inside.is_list:
        words = plural(count, "… {count:,} item", "… {count:,} items")
    else:
        words = plural(count, "… {count:,} member", "… {count:,} members")
    return say(words, count=count)
