"""Paints one row: gutter, text, what lies over it, what stands beside it. Knows no widget and no document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from fgtui.events.model import Severity
from fgtui.tui.text.json_highlight import LONG, strings, tokens
from fgtui.tui.text.line_store import Line
from fgtui.tui.text.row_notes import LONG_STRING, SIGNS, Hint, Mark, gravest, sized
from fgtui.tui.widgets.row_view import CUT_LEFT, CUT_RIGHT, FOLD, RowView, Stretch, find_fold, step_right, whole

HINT_SIGN = "⇢ "
HINT_GAP = 2
LINE_END = "↵"
SHORTEST_HINT = 6
"""Cells below which a hint says nothing."""

Run = tuple[int, int, tuple[str, ...]]
"""Columns that are drawn alike, and the names of their styles, the last one on top."""
StyleOf = Callable[..., Style]
"""From names to the style they make together."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text and everything that is drawn of it. Columns count characters of the line."""

    line: Line
    view: RowView
    number: int
    """Of the line, from 1."""
    gutter_width: int
    """Cells left of the text; 0 for none."""
    is_json: bool
    """Whether the line is coloured."""
    hints: tuple[Hint, ...]
    marks: tuple[Mark, ...]
    brackets: tuple[int, ...]
    """Columns of the bracket at the cursor and of its partner."""
    selection: tuple[int, int]
    """Selected columns; the same twice for none."""
    shows_break: bool
    """Whether the line break at the end of the row is drawn."""
    selects_break: bool
    """Whether the line break is selected too."""
    cursor: int | None
    """The column of the cursor when it is drawn."""
    has_cursor: bool
    """Whether the cursor is in this row, drawn or not."""
    is_lit: bool
    """Whether the row stands out from the others."""
    found: tuple[tuple[int, int], ...] = ()
    """Columns that a search has found."""
    handle: str = " "
    """The sign between number and text by which the rows below are hidden or shown, or a blank."""
    summary: str = ""
    """What is drawn behind the text for the rows below that are hidden."""


def hints_of(line: Line, hints: tuple[Hint, ...], *, is_json: bool) -> tuple[Hint, ...]:
    """``hints``; where there are none yet, or none are due, the size of a string that takes most of a long line."""
    if hints or not is_json or len(line) < LONG_STRING:
        return hints
    start, end = max(strings(line), key=lambda span: span[1] - span[0], default=(0, 0))
    return (Hint(start, end, sized(line, start, end)),) if 2 * (end - start) > len(line) else ()


def fold_for(line: Line, width: int, hints: tuple[Hint, ...], *, is_json: bool) -> tuple[int, int] | None:
    """The columns of ``line`` to hide, in its longest string, so that it and a hint fit ``width`` cells.

    The hint gets the larger part: what a string holds says more than how it is encoded.
    None when nothing has to be hidden or nothing can be; in a line beyond ``LONG`` only what begins up to there can.
    """
    if not hints and len(line) * 2 <= width:
        return None
    spans = [(hint.start, hint.end) for hint in hints if hint.start < LONG]
    if not spans and is_json and len(line) <= LONG:
        spans = list(strings(line))
    if not spans:
        return None
    room = width
    if hints:
        wanted = sum(len(hint.text) + len(HINT_SIGN) for hint in hints)
        room -= HINT_GAP + min(wanted, max(width * 3 // 5, SHORTEST_HINT))
    return find_fold(line, room, max(spans, key=lambda span: span[1] - span[0]))


def paint(row: Row, width: int, style: StyleOf) -> Strip:
    """The row in exactly ``width`` cells."""
    ground = ("cursor-line",) if row.is_lit else ()
    segments = _gutter(row, ground, style)
    if row.view.cut_left:
        segments.append(Segment(CUT_LEFT, style(*ground, "fold")))
    for index, stretch in enumerate(row.view.stretches):
        if index:
            segments.append(Segment(FOLD, style(*_fold_names(row, ground))))
        segments += [Segment(stretch.shown(a, b), style(*ground, *names)) for a, b, names in _runs(row, stretch)]
    if row.view.cut_right:
        segments.append(Segment(CUT_RIGHT, style(*ground, "fold")))
    segments += _rest(row, width - row.gutter_width - row.view.width, ground, style)
    return Strip(segments, max(width, row.gutter_width + row.view.width)).crop(0, width)


def _gutter(row: Row, ground: tuple[str, ...], style: StyleOf) -> list[Segment]:
    if not row.gutter_width:
        return []
    worst = gravest(row.marks)
    sign = Segment(SIGNS[worst], style(*ground, f"{worst}-sign")) if worst else Segment(" ", style(*ground))
    number = f"{row.number:>{row.gutter_width - 2}}"
    ink = style(*ground, "cursor-gutter" if row.has_cursor else "gutter")
    if row.handle == " ":
        return [sign, Segment(f"{number} ", ink)]
    return [sign, Segment(number, ink), Segment(row.handle, style(*ground, "fold" if row.summary else "gutter"))]


def _fold_names(row: Row, ground: tuple[str, ...]) -> tuple[str, ...]:
    start, end = row.view.fold or (0, 0)
    selected = row.selection[0] < end and start < row.selection[1]
    return (*ground, "fold", "selection") if selected else (*ground, "fold")


def _runs(row: Row, stretch: Stretch) -> list[Run]:
    start, end = stretch.start, stretch.end
    runs: list[Run] = []
    if row.is_json:
        for token in tokens(row.line, start, end):
            if token.end > start and token.start < end:
                begin = max(token.start, start)
                if begin > (position := runs[-1][1] if runs else start):
                    runs.append((position, begin, ()))
                runs.append((begin, min(token.end, end), (token.kind.value,)))
    if (position := runs[-1][1] if runs else start) < end:
        runs.append((position, end, ()))
    for begin, stop, name in _overlays(row, stretch):
        runs = _overlay(runs, max(begin, start), min(stop, end), name)
    return runs


def _overlays(row: Row, stretch: Stretch) -> list[tuple[int, int, str]]:
    """What is drawn over the colours of the text, in order."""
    found = [(mark.start, mark.end, mark.severity.value) for mark in row.marks if mark.severity is not Severity.INFO]
    found += [(stretch.start + start, stretch.start + end, "hostile") for start, end in stretch.layout.hostile]
    found += [(column, column + 1, "partner") for column in row.brackets]
    found += [(start, end, "found") for start, end in row.found]
    found.append((*row.selection, "selection"))
    if row.cursor is not None:
        found.append((row.cursor, step_right(row.line, row.cursor), "cursor"))
    return found


def _overlay(runs: list[Run], start: int, end: int, name: str) -> list[Run]:
    """The same runs, with ``name`` on top between ``start`` and ``end``."""
    if start >= end:
        return runs
    laid: list[Run] = []
    for begin, stop, names in runs:
        if stop <= start or begin >= end:
            laid.append((begin, stop, names))
            continue
        if begin < start:
            laid.append((begin, start, names))
        laid.append((max(begin, start), min(stop, end), (*names, name)))
        if stop > end:
            laid.append((end, stop, names))
    return laid


def _rest(row: Row, room: int, ground: tuple[str, ...], style: StyleOf) -> list[Segment]:
    """What follows the text: the cursor or selection at its end, the hints, the rest of the row."""
    if room <= 0:
        return []
    if row.view.cut_right:
        return [Segment(" " * room, style(*ground))]
    segments: list[Segment] = []
    end, names = (LINE_END, (*ground, "gutter")) if row.shows_break else (" ", ground)
    if row.cursor == len(row.line):
        segments.append(Segment(end, style(*names, "cursor")))
    elif row.selects_break:
        segments.append(Segment(end, style(*names, "selection")))
    elif row.shows_break:
        segments.append(Segment(end, style(*names)))
    gap = HINT_GAP - len(segments)
    if row.summary:
        summary = row.summary if cell_len(row.summary) < room else set_cell_size(row.summary, max(room - 2, 0)) + FOLD
        segments.append(Segment(summary, style(*ground, "fold")))
    used = sum(segment.cell_length for segment in segments)
    hint = _hint_text(row.hints, room - used - gap)
    if hint:
        segments += [Segment(" " * gap, style(*ground)), Segment(hint, style(*ground, "hint"))]
    left = room - sum(segment.cell_length for segment in segments)
    return [*segments, Segment(" " * left, style(*ground))] if left > 0 else segments


def _hint_text(hints: tuple[Hint, ...], room: int) -> str:
    if not hints or room < SHORTEST_HINT:
        return ""
    text = "  ".join(HINT_SIGN + whole(hint.text) for hint in hints)
    return text if cell_len(text) <= room else set_cell_size(text, room - 1) + FOLD
