"""Lays one line of text out in the cells of one row: wide characters, tabs, hostile characters, folds, cuts.

Every row starts at its own left edge. A line that is too long is folded in its longest string, or cut; only the row
with the cursor scrolls sideways. So a row costs what it shows, however long its line is, and no line is ever measured
for the sake of another. What is drawn has passed ``terminal.display``; the line itself is untouched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size, split_graphemes

from fgtui.terminal.display import displayable_line, is_displayable
from fgtui.tui.text.line_store import Line

TAB_CELLS = 4
FOLD = "…"
JOINER = "\u200d"
NON_JOINER = "\u200c"
WIDE_VARIANT = "\ufe0f"
_TONES = range(0x1F3FB, 0x1F400)
"""Skin tones, which have no cells of their own."""
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
"""Two of them are one flag."""
CUT_LEFT = "‹"
CUT_RIGHT = "›"
SHORTEST_FOLD = 12
"""A string shorter than this is not worth folding."""
KEPT = 8
"""Characters of a folded string that stay in sight."""


class Layout:
    """Where each character of ``text`` stands, in cells, and what is drawn for it."""

    __slots__ = ("_cells", "_pieces", "hostile", "text", "width")

    def __init__(self, text: str) -> None:
        self.text = text
        self.hostile: list[tuple[int, int]] = []
        """Spans that are drawn as escapes."""
        self._cells: list[int] | None = None
        self._pieces: list[str] | None = None
        if text.isascii() and text.isprintable():
            self.width = len(text)
        else:
            self._cells, self._pieces = [], []
            self.width = self._measure(self._cells, self._pieces)

    def cell(self, index: int) -> int:
        """Cells before the character at ``index``."""
        return index if self._cells is None else self._cells[index]

    def index(self, cell: int) -> int:
        """The character that stands at ``cell``; the length of the text beyond its end."""
        if self._cells is None:
            return min(max(cell, 0), len(self.text))
        index = max(bisect_right(self._cells, cell) - 1, 0)
        while 0 < index < len(self.text) and self._cells[index - 1] == self._cells[index]:
            index -= 1  # to the first character of a cluster
        return index

    def shown(self, start: int, end: int) -> str:
        """What is drawn for the characters from ``start`` up to ``end``."""
        return self.text[start:end] if self._pieces is None else "".join(self._pieces[start:end])

    def is_boundary(self, index: int) -> bool:
        """Whether the cursor can stand before the character at ``index``: not inside a cluster."""
        return self._cells is None or index in (0, len(self.text)) or self._cells[index] != self._cells[index - 1]

    def _measure(self, cells: list[int], pieces: list[str]) -> int:
        width = 0
        for start, end in _runs(self.text):
            run = self.text[start:end]
            hostile = _is_hostile(self.text, start)
            if hostile:
                self.hostile.append((start, end))
            for shown, length in [(_escape(run), 1)] if hostile else _clusters(run, width):
                cells.extend([width] * length)
                pieces.extend([shown] + [""] * (length - 1))
                width += cell_len(shown)
        cells.append(width)
        return width


def whole(text: str) -> str:
    """What is drawn for all of ``text``."""
    return Layout(text).shown(0, len(text))


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Spans of characters that may form clusters; a tab or hostile character is a span of its own."""
    start = 0
    if is_displayable(text) and not any(character in text for character in ("\t", "\n", JOINER, NON_JOINER)):
        yield 0, len(text)
        return
    for index, character in enumerate(text):
        if character == "\t" or _is_hostile(text, index):
            if start < index:
                yield start, index
            yield index, index + 1
            start = index + 1
    if start < len(text):
        yield start, len(text)


def _is_hostile(text: str, index: int) -> bool:
    """Whether a character is drawn as an escape: it acts on a terminal, or is a joiner with nothing to join.

    What takes a joiner's place on the screen is unclear but between two characters as emoji are, and what keeps
    letters apart does so where letters join: no wide character does.
    """
    character = text[index]
    if character not in (JOINER, NON_JOINER):
        return character == "\n" or not is_displayable(character)
    neighbours = text[index - 1 : index], text[index + 1 : index + 2]
    if character == NON_JOINER and any(map(_is_wide, neighbours)):
        return True
    return not all(map(_joins, neighbours))


def _is_wide(neighbour: str) -> bool:
    return bool(neighbour) and get_character_cell_size(neighbour) > 1


def _joins(neighbour: str) -> bool:
    if not neighbour or neighbour.isascii() or not is_displayable(neighbour):
        return False
    return get_character_cell_size(neighbour) > 0 or neighbour == WIDE_VARIANT or ord(neighbour) in _TONES


def _escape(character: str) -> str:
    return f"\\u{ord(character):04x}" if character in (JOINER, NON_JOINER) else displayable_line(character)


def _clusters(run: str, width: int) -> Iterator[tuple[str, int]]:
    """What is drawn for each cluster of ``run``, which begins at cell ``width``, and the characters it stands for."""
    if run == "\t":
        yield " " * (TAB_CELLS - width % TAB_CELLS), 1
        return
    # The end of a span overruns the text when a zero-width character is its last: the next start is what counts.
    starts: list[int] = []
    half_flag = False
    for start, _end, _cells in split_graphemes(run)[0]:
        is_letter = ord(run[start]) in _FLAG_LETTERS
        if not (half_flag and is_letter):
            starts.append(start)
        half_flag = is_letter and not half_flag
    for start, end in pairwise([*starts, len(run)]):
        cluster = run[start:end]
        yield (cluster if cell_len(cluster) else "◌" + cluster), end - start


@lru_cache(maxsize=2048)
def layout(text: str) -> Layout:
    """The layout of ``text``, remembered."""
    return Layout(text)


class Stretch(NamedTuple):
    """Columns ``start`` up to ``end`` of the line, drawn side by side from cell ``x``."""

    start: int
    end: int
    x: int
    layout: Layout
    """Of the line from ``start`` on; it may know more than is drawn."""

    def shown(self, start: int, end: int) -> str:
        """What is drawn for these columns of the line."""
        return self.layout.shown(start - self.start, end - self.start)

    def cell(self, column: int) -> int:
        """The cell of the row where ``column`` stands."""
        return self.x + self.layout.cell(column - self.start)


@dataclass(frozen=True, slots=True)
class RowView:
    """One line in its row."""

    stretches: tuple[Stretch, ...]
    fold: tuple[int, int] | None
    """The columns that one ``FOLD`` stands for, between the first stretch and the second."""
    cut_left: bool
    cut_right: bool
    width: int
    """Cells in use, signs of cuts included."""

    def cell(self, column: int) -> int:
        """The cell of ``column``; the nearest one when it is not in sight."""
        for stretch in self.stretches:
            if column <= stretch.end:
                return stretch.cell(max(column, stretch.start))
        last = self.stretches[-1]
        return last.cell(last.end)

    def column(self, cell: int) -> int:
        """The column drawn at ``cell``, or the last before it."""
        for stretch in reversed(self.stretches):
            if cell >= stretch.x:
                return min(stretch.start + stretch.layout.index(cell - stretch.x), stretch.end)
        return self.stretches[0].start


def view_row(line: Line, width: int, first: int = 0, fold: tuple[int, int] | None = None) -> RowView:
    """Lay ``line`` out in ``width`` cells, from column ``first`` on, with the columns of ``fold`` drawn as one sign."""
    width = max(width, 2)
    if fold is not None:
        return _folded(line, width, fold)
    x = 1 if first else 0
    stretch, cut = _stretch(line, first, x, width - x)
    return RowView((stretch,), None, first > 0, cut, stretch.cell(stretch.end) + cut)


def _folded(line: Line, width: int, fold: tuple[int, int]) -> RowView:
    start, end = fold
    head = Stretch(0, start, 0, layout(line[:start]))
    x = head.layout.width + 1
    tail, cut = _stretch(line, end, x, max(width - x, 1))
    return RowView((head, tail), fold, cut_left=False, cut_right=cut, width=tail.cell(tail.end) + cut)


def _stretch(line: Line, start: int, x: int, room: int) -> tuple[Stretch, bool]:
    """As much of the line from ``start`` on as fits ``room`` cells, and whether it was cut."""
    text = line[start : start + window(room)]
    laid = layout(text)
    if start + len(text) == len(line) and laid.width <= room:
        return Stretch(start, len(line), x, laid), False
    return Stretch(start, start + laid.index(room - 1), x, laid), True


def wrap_row(line: Line, width: int) -> tuple[RowView, ...]:
    """All of ``line`` in rows of ``width`` cells; a row that one character is too wide for has that character."""
    rows: list[RowView] = []
    start = 0
    while True:
        text = line[start : start + window(width)]
        laid = layout(text)
        is_last = start + len(text) == len(line) and laid.width <= width
        end = len(line) if is_last else max(start + laid.index(width), step_right(line, start))
        stretch = Stretch(start, end, 0, laid)
        rows.append(RowView((stretch,), None, cut_left=False, cut_right=False, width=stretch.cell(end)))
        if end == len(line):
            return tuple(rows)
        start = end


def window(room: int) -> int:
    """Characters that are looked at to fill ``room`` cells: some have no width of their own."""
    return 4 * room + 16


def find_fold(line: Line, room: int, span: tuple[int, int]) -> tuple[int, int] | None:
    """The columns to hide of the string literal at ``span`` so that ``line`` fits ``room`` cells.

    None when it fits as it is, and when that string is too far behind to be in sight.
    """
    start, end = span
    if end - start < SHORTEST_FOLD or (len(line) <= window(room) and layout(line).width <= room):
        return None
    before = layout(line[: min(start, window(room))]).width
    if before >= room:
        return None  # it begins where nothing is in sight
    after = layout(line[end : end + window(room)]).width
    spare = room - before - after - 3  # two quotes and the sign
    content = line[start + 1 : min(end - 1, start + 1 + window(room))]
    kept = layout(content).index(max(spare, KEPT))
    hidden = (start + 1 + kept, end - 1)
    return hidden if hidden[1] - hidden[0] > 1 else None


def first_to_show(line: Line, column: int, first: int, width: int) -> int:
    """The column a row starts with so that ``column`` is in sight: ``first`` when it can stay."""
    room = max(width - 3, 1)  # the signs of both cuts, and the cursor itself
    margin = min(8, room // 4)
    if column < first + (margin if first else 0):
        first = max(column - margin, 0)
    if column - first <= window(room) and layout(line[first:column]).width <= room:
        return boundary_before(line, first)
    begin = max(column - window(room), 0)
    laid = layout(line[begin:column])
    index = laid.index(laid.width - room + margin)
    while index < len(laid.text) and laid.width - laid.cell(index) > room:
        index += 1
    return boundary_before(line, begin + index)


def boundary_before(line: Line, column: int) -> int:
    """``column``, or where the cluster begins that it is inside of."""
    begin = max(column - 16, 0)
    near = layout(line[begin : column + 16])
    while column > begin and not near.is_boundary(column - begin):
        column -= 1
    return column


def boundary_behind(line: Line, column: int) -> int:
    """``column``, or where the cluster ends that it is inside of."""
    begin = boundary_before(line, column)
    return column if begin == column else step_right(line, begin)


def step_left(line: Line, column: int) -> int:
    """The column one character to the left, however many code points it is made of."""
    begin = max(column - 64, 0)
    near = layout(line[begin : column + 16])
    column -= 1
    while column > begin and not near.is_boundary(column - begin):
        column -= 1
    return max(column, 0)


def step_right(line: Line, column: int) -> int:
    """The column one character to the right."""
    near = layout(line[max(column - 16, 0) : column + 64])
    begin = max(column - 16, 0)
    column += 1
    while column < begin + len(near.text) and not near.is_boundary(column - begin):
        column += 1
    return min(column, len(line))
