"""A list of any length that costs what is visible: rows are drawn as they are seen, and only then asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fgtui.tui.actions import Where, bindings
from fgtui.tui.styles.inks import Piece, draw, inks_of
from fgtui.tui.widgets.text_view import wrapped


def hint_lines(hint: str, width: int) -> Sequence[Sequence[Piece]]:
    """What stands where there are no rows: raw text in lines that fit, below an empty one."""
    lines = [line[start:end] for line in hint.split("\n") for start, end in wrapped(line, max(8, width - 2))]
    return ((), *(((f" {line}", "muted"),) for line in lines))


class RowList(ScrollView, can_focus=True):
    """Rows with a cursor. What the rows are, a subclass says: ``row_count``, ``row`` and what choosing one means."""

    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        background: $surface;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.LIST)]

    head_lines = 0
    """Lines at the top that stay while the rows scroll."""
    row_lines = 1
    """Lines of one row."""
    one_click = False
    """Whether a click chooses a row, rather than a second one."""

    cursor: reactive[int] = reactive(0, repaint=False)
    """The row that keys act on, from 0."""

    # ── what a subclass says ────────────────────────────────────────────────────────────────────────────────────────
    def row_count(self) -> int:
        """How many rows there are now; ``rows_changed`` is called after it has changed."""
        return 0

    def row(self, index: int, width: int) -> Sequence[Piece]:
        """The pieces of one row, raw text."""
        return ()

    def row_line(self, index: int, line: int, width: int) -> Sequence[Piece]:
        """The pieces of one line of a row, for rows of several lines."""
        return self.row(index, width)

    def head(self, line: int, width: int) -> Sequence[Piece]:
        """The pieces of one line that stays at the top."""
        return ()

    def empty(self) -> Sequence[Sequence[Piece]]:
        """What stands there while there are no rows."""
        return ()

    def row_highlighted(self, index: int) -> None:
        """Hear that the cursor moved to a row."""

    def row_chosen(self, index: int) -> None:
        """Hear that a row was chosen, by key or double click."""

    # ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def rows_changed(self, *, cursor: int | None = None) -> None:
        """Draw anew: the number of rows or what they say has changed. ``cursor`` moves it as well."""
        count = self.row_count()
        self.virtual_size = Size(0, self.head_lines + count * self.row_lines)
        wanted = self.cursor if cursor is None else cursor
        self.cursor = max(0, min(wanted, count - 1))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line ``y`` of the window."""
        width = self.scrollable_content_region.width
        inks = inks_of(self.app)
        base = self.rich_style
        if y < self.head_lines:
            return draw(self.head(y, width), width, inks, base, inks["head"])
        at = y - self.head_lines + self.scroll_offset.y
        index, line = divmod(at, self.row_lines)
        count = self.row_count()
        if index >= count:
            lines = self.empty() if count == 0 else ()
            pieces = lines[at] if at < len(lines) else ()
            return draw(pieces, width, inks, base)
        return draw(self.row_line(index, line, width), width, inks, base, self._cursor_style(index))

    def _cursor_style(self, index: int) -> Style | None:
        if index != self.cursor:
            return None
        return inks_of(self.app)["cursor" if self.has_focus else "cursor-blurred"]

    def first_visible(self) -> int:
        """The first row that begins in the window."""
        return -(-self.scroll_offset.y // self.row_lines)

    def visible_rows(self) -> int:
        """How many rows the window holds."""
        return max(1, (self.scrollable_content_region.height - self.head_lines) // self.row_lines)

    def in_sight(self) -> Iterator[tuple[int, Offset]]:
        """The rows that begin in the window, and the cell of the screen where each does."""
        region, first = self.scrollable_content_region, self.first_visible()
        if not region:
            return
        for index in range(first, min(self.row_count(), first + self.visible_rows())):
            yield index, Offset(region.x, region.y + self.head_lines + index * self.row_lines - self.scroll_offset.y)

    def refresh_row(self, index: int) -> None:
        """Draw one row anew, if it is visible."""
        y = index * self.row_lines + self.head_lines - self.scroll_offset.y
        if self.head_lines - self.row_lines < y < self.size.height:
            self.refresh(Region(0, y, self.size.width, self.row_lines))

    # ── the cursor ──────────────────────────────────────────────────────────────────────────────────────────────────
    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, self.row_count() - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Show where the cursor is, and say so."""
        self.refresh_row(old)
        self.refresh_row(new)
        self.show_row(new)
        if self.row_count():
            self.row_highlighted(new)

    def show_row(self, index: int) -> None:
        """Scroll just so far that a row is visible; before there is a window, not at all."""
        if not self.size:
            return
        first, height = self.first_visible(), self.visible_rows()
        if index < first:
            self.scroll_to(y=index * self.row_lines, animate=False, force=True)
        elif index >= first + height:
            self.scroll_to(y=(index - height + 1) * self.row_lines, animate=False, force=True)

    def action_cursor_by(self, step: int) -> None:
        """Move the cursor by rows."""
        self.cursor += step

    def action_page(self, direction: int) -> None:
        """Move the cursor by a window of rows."""
        self.cursor += direction * max(1, self.visible_rows() - 1)

    def action_cursor_to(self, index: int) -> None:
        """Move the cursor to a row; negative ones count from the end."""
        self.cursor = index if index >= 0 else self.row_count() + index

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self.row_count():
            self.row_chosen(self.cursor)

    def on_focus(self) -> None:
        """Show the cursor as the one that keys move."""
        self.refresh_row(self.cursor)

    def on_blur(self) -> None:
        """Show the cursor as one that waits."""
        self.refresh_row(self.cursor)

    def on_resize(self) -> None:
        """Keep the cursor in the window."""
        self.show_row(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to what was clicked; a second click chooses it."""
        place = event.get_content_offset(self)
        if place is None or place.y < self.head_lines:
            return
        index = (place.y - self.head_lines + self.scroll_offset.y) // self.row_lines
        if index < self.row_count():
            self.cursor = index
            if event.chain == 2 or self.one_click:
                self.action_choose()
