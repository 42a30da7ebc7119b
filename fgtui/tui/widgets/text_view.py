"""Shows text of any size and shape: only the lines and columns in the window are looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from sys import maxsize
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich._wrap import divide_line
from rich.cells import cell_len
from textual import content
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fgtui.terminal.display import displayable_line, is_displayable
from fgtui.tui.actions import Where, bindings
from fgtui.tui.styles.inks import Piece, draw, inks_of
from fgtui.tui.text.json_highlight import LONG, Kind, tokens

if TYPE_CHECKING:
    from fgtui.terminal.editor import Place

CHUNK = 1024
"""Characters between two measured places of a long line."""
COUNTED_LINES = 20_000
"""Lines of a text up to which those are counted that hold what was looked for."""
WRAP_LIMIT = 1_000_000
"""Characters of a text up to which its lines are wrapped: each of them is looked at for that."""

_FIRST_WIDE = "\u2e80"
"""As in ``terminal.wrapping``, which is imported with the first line that does not fit."""

Painter = Callable[[int, str, int, int], Sequence[Piece]]
"""Turns the part of a line between two columns into pieces; called with the line's index and text."""

_JSON_INKS = {
    Kind.KEY: "key",
    Kind.CODEC: "accent",
    Kind.STRING: "string",
    Kind.ESCAPE: "literal",
    Kind.NUMBER: "number",
    Kind.WORD: "literal",
    Kind.COMMENT: "muted",
}


def plain(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
    """The text itself, in the colour of text."""
    return ((line[start:end], ""),)


def muted(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
    """Text that is a hint rather than data."""
    return ((line[start:end], "muted"),)


def json_colours(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
    """JSON, each kind of token in its ink."""
    return tuple(_coloured(line, start, end))


def _coloured(line: str, start: int, end: int) -> Iterator[Piece]:
    at = start
    for token in tokens(line, start, end):
        first, last = max(token.start, at), min(token.end, end)
        if first >= last:
            continue
        if first > at:
            yield line[at:first], ""
        yield line[first:last], _JSON_INKS.get(token.kind, "")
        at = last
    if at < end:
        yield line[at:end], ""


class Shown(NamedTuple):
    """Text as lines, with what is needed to draw a part of it."""

    lines: Sequence[str]
    width: int
    """Cells of the longest line."""
    paint: Painter = plain
    find_places: Callable[[str], Sequence[Place]] | None = None
    """What finds the places in files that a line names, where the text is one that names them."""
    wraps: bool = False
    """Whether its lines go on in the next row rather than beyond the edge, unless a person wants it otherwise."""
    last_places: int = maxsize
    """The number of lines that places are looked for in, from the first."""

    @property
    def text(self) -> str:
        """The original text."""
        return "\n".join(self.lines)


NOTHING = Shown((), 0)


def shown(
    text: str,
    paint: Painter = plain,
    find_places: Callable[[str], Sequence[Place]] | None = None,
    *,
    wraps: bool = False,
) -> Shown:
    """Prepare ``text``; the cost is that of reading it once, so large text is prepared off the screen's thread."""
    lines = text.split("\n")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    if "\t" in text:
        lines = [line.expandtabs(8) for line in lines]
    if "\r" in text:
        lines = [line.removesuffix("\r") for line in lines]
    if text.isascii() and is_displayable(text):
        return Shown(lines, max(map(len, lines)), paint, find_places, wraps)
    return Shown(lines, max(map(cells_of, lines)), paint, find_places, wraps)


def cells_of(line: str) -> int:
    """Cells that a line takes on the screen."""
    if line.isascii() and is_displayable(line):
        return len(line)
    return sum(cell_len(displayable_line(line[at : at + CHUNK])) for at in range(0, len(line), CHUNK))


def column_at(line: str, cell: int) -> tuple[int, int]:
    """A column of ``line`` at or before ``cell``, and the cell where it starts: enough to cut a part from there."""
    if line.isascii() and is_displayable(line[: cell + 1]):
        return min(cell, len(line)), min(cell, len(line))
    column = cells = 0
    while column < len(line):
        width = cell_len(displayable_line(line[column : column + CHUNK]))
        if cells + width > cell:
            break
        column += CHUNK
        cells += width
    return min(column, len(line)), cells


def wrapped(line: str, width: int) -> Iterator[tuple[int, int]]:
    """The columns between which ``line`` is drawn in rows of at most ``width`` cells: broken at blanks where it can be,
    and between Chinese characters.

    The blank of a break is in no row.
    """
    length = len(line)
    ends: list[int] | None = None
    if not (line.isascii() and is_displayable(line)):
        ends = list(accumulate(map(_cells_of_character, line)))
    start = 0
    while True:
        if ends is None:
            limit = start + width
        else:
            limit = max(start + 1, bisect_right(ends, (ends[start - 1] if start else 0) + width))
        if limit >= length:
            yield start, length
            return
        from fgtui.terminal.wrapping import break_of  # with the first line that does not fit, not with the first frame

        end, then = break_of(line, start, limit, start + (limit - start) // 4)
        yield start, end
        start = then


def breaks(text: str, width: int, fold: bool = True) -> list[int]:
    """Where Textual breaks a line of its own widgets' text, toasts and questions among them.

    Rich, which it asks, breaks at blanks alone, of which Chinese has none.
    """
    if text.isascii() or max(text) < _FIRST_WIDE:
        return divide_line(text, width, fold)
    return [start for start, _ in wrapped(text, max(width, 1))][1:]


content.divide_line = breaks  # type: ignore[attr-defined]


@lru_cache(1024)
def _cells_of_character(character: str) -> int:
    return max(cell_len(displayable_line(character)), character == "\ufe0f")  # which makes the one before it wide


def overlaid(pieces: Sequence[Piece], at: int, first: int, last: int, ink: Callable[[str], str]) -> Sequence[Piece]:
    """``pieces``, the first of which begins at the column ``at``, with other inks between ``first`` and ``last``."""
    drawn: list[Piece] = []
    for text, name in pieces:
        start, end = (min(max(column - at, 0), len(text)) for column in (first, last))
        parts = ((text[:start], name), (text[start:end], ink(name)), (text[end:], name))
        drawn += [part for part in parts if part[0]]
        at += len(text)
    return drawn


class TextView(ScrollView, can_focus=True):
    """Lines that are wrapped at the width of the window, or cut there: the rest is a scroll away then."""

    DEFAULT_CSS = """
    TextView {
        height: 1fr;
        overflow: auto;
        scrollbar-size: 0 1;  /* an ellipsis marks what is cut; a bar of one line's height looks like a selection */
        background: $surface;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.READING)]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's name for it
        super().__init__(id=id)
        self._shown = NOTHING
        self._found: tuple[int, int, int] | None = None
        self._is_turned = False
        self._rows: list[tuple[int, int, int]] | None = None
        """Of each row the line and its columns; ``None`` while every line is one row."""

    @property
    def shown(self) -> Shown:
        """What is shown now."""
        return self._shown

    @property
    def is_at_end(self) -> bool:
        """Whether there is more text than the window holds, and the window is at its end."""
        return self.max_scroll_y > 0 and self.is_vertical_scroll_end

    @property
    def top_line(self) -> int:
        """The first line of the text that is in the window."""
        return self.line_at(self.scroll_offset.y)

    def line_at(self, row: int) -> int:
        """The line that a row of the whole text belongs to; their number where the text has ended."""
        if self._rows is None:
            return row
        return self._rows[row][0] if row < len(self._rows) else len(self._shown.lines)

    def row_of(self, line: int, column: int = 0) -> int:
        """The row of the whole text in which a column of a line is drawn."""
        return line if self._rows is None else max(0, bisect_right(self._rows, (line, column, maxsize)) - 1)

    def show(
        self, text: Shown, *, keep_place: bool = False, at_end: bool = False, line: int = 0, turned: bool = False
    ) -> None:
        """Show ``text`` from ``line``, from where the window is (at its end it stays at the end), or ``at_end``.

        ``turned`` cuts the lines of a text that is wrapped, and wraps those of any other.
        """
        at_end = at_end or (keep_place and self.is_vertical_scroll_end)
        self._shown = text
        self._found = None
        self._is_turned = turned
        self._lay_out()
        if at_end:
            self.action_bottom()
        elif not keep_place:
            self.scroll_to(0, self.row_of(line), animate=False, force=True)
        self.refresh()

    def turn(self, *, turned: bool) -> None:
        """Cut the lines where they were wrapped, or the other way round; the window stays at its place."""
        self._is_turned = turned
        self.on_resize()

    def on_resize(self) -> None:
        """Wrap the lines anew; what was at the top stays there, and the end at the end."""
        at_end, top = self.is_at_end, self.scroll_offset.y
        line, column = (top, 0) if self._rows is None else self._rows[min(top, len(self._rows) - 1)][:2]
        before = self._rows
        self._lay_out()
        if before is None and self._rows is None:
            return
        if at_end:
            self.action_bottom()
        else:
            self.scroll_to(0, self.row_of(line, column), animate=False, force=True)
        self.refresh()

    def _lay_out(self) -> None:
        """Divide the lines into rows, and say how large that is."""
        text, (width, height) = self._shown, self.content_region.size
        self._rows = None
        if text.wraps is not self._is_turned and width > 1 and sum(map(len, text.lines)) <= WRAP_LIMIT:
            rows = self._wrap(width)
            if (len(text.lines) if rows is None else len(rows)) > height:
                width -= self.styles.scrollbar_size_vertical
                rows = self._wrap(width)
            self._rows = rows
        if self._rows is None:
            self.virtual_size = Size(text.width, len(text.lines))
        else:
            self.virtual_size = Size(min(text.width, width), len(self._rows))

    def _wrap(self, width: int) -> list[tuple[int, int, int]] | None:
        if self._shown.width <= width:
            return None
        return [(index, *row) for index, line in enumerate(self._shown.lines) for row in wrapped(line, width)]

    def render_line(self, y: int) -> Strip:
        """Draw the line ``y`` of the window."""
        left, top = self.scroll_offset
        width = self.scrollable_content_region.width
        inks = inks_of(self.app)
        index = self.line_at(y + top)
        if index >= len(self._shown.lines):
            return Strip.blank(width, self.rich_style)
        if self._rows is not None:
            return draw(self._pieces(*self._rows[y + top]), width, inks, self.rich_style)
        line = self._shown.lines[index]
        start, cell = column_at(line, left) if left or len(line) > LONG else (0, 0)
        end = min(len(line), start + (left - cell) + width + 1)
        pieces = self._pieces(index, start, end)
        if cell == left:
            return draw(pieces, width, inks, self.rich_style)
        return draw(pieces, left - cell + width, inks, self.rich_style).crop(left - cell, left - cell + width)

    def _pieces(self, index: int, start: int, end: int) -> Sequence[Piece]:
        """A part of the line ``index`` as it is drawn: painted, with what was found in it marked."""
        pieces = self._shown.paint(index, self._shown.lines[index], start, end)
        if self._found is None or self._found[0] != index:
            return pieces
        return overlaid(pieces, start, *self._found[1:], lambda _: "found")

    # ── finding ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def find(self, wanted: str, *, forward: bool = True) -> bool:
        """Go to the next line that holds ``wanted``, whatever its case, around the end; whether there is one."""
        wanted = wanted.casefold()
        lines = self._shown.lines
        count = len(lines)
        if not wanted or not count:
            return False
        step = 1 if forward else -1
        at = self._found[0] + step if self._found else self.top_line
        for index in range(at, at + step * count, step):
            row = index % count
            column = lines[row].casefold().find(wanted)
            if column >= 0:
                self._show_found(row, column, len(wanted))
                return True
        return False

    def ordinal_found(self, wanted: str) -> tuple[int, int] | None:
        """Which of the lines that hold ``wanted`` was found, from 1, and how many there are; None in a long text."""
        lines, wanted = self._shown.lines, wanted.casefold()
        if self._found is None or len(lines) > COUNTED_LINES or sum(map(len, lines)) > WRAP_LIMIT:
            return None
        holding = [index for index, line in enumerate(lines) if wanted in line.casefold()]
        return holding.index(self._found[0]) + 1, len(holding)

    def _show_found(self, line: int, column: int, length: int) -> None:
        self._found = (line, column, column + length)
        self._bring_in(line, column, column + length)

    def _bring_in(self, line: int, first: int, last: int) -> None:
        """Bring a part of a line into the window, away from its edges, with the line's start where there is room."""
        width, height = self.scrollable_content_region.size
        left, top = self.scroll_offset
        x, row = 0, self.row_of(line, first)
        if self._rows is None:
            text = self._shown.lines[line]
            start, end = cells_of(text[:first]), cells_of(text[:last])
            if end >= width:
                x = min(start, max(start - width // 3, end + 2 - width))
                if left <= start and (end < left + width or start == left):
                    x = left
        y = top if top <= row < top + height else max(0, row - height // 3)
        self.scroll_to(x, y, animate=False, force=True)
        self.refresh()

    # ── moving ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def action_scroll_by(self, cells: int, lines: int) -> None:
        """Move the window."""
        self.scroll_relative(cells, lines, animate=False)

    def action_page(self, direction: int) -> None:
        """Move the window by its own height."""
        height = max(1, self.scrollable_content_region.height - 1)
        self.scroll_relative(0, direction * height, animate=False)

    def action_top(self) -> None:
        """Go to the first line."""
        self.scroll_to(0, 0, animate=False, force=True)

    def action_bottom(self) -> None:
        """Go to the last line."""
        self.scroll_end(animate=False, immediate=True, x_axis=False, force=True)
