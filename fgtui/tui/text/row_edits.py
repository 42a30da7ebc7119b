"""Edits of whole rows: deeper and less deep, up and down, twice, as comments. Pure functions over lines.

Each answers with what differs and where the selection is then; None where there is nothing to do. A line may be
megabytes long: only its beginning is looked at, and it is moved as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fgtui.tui.text import editing
from fgtui.tui.text.document import Caret, Difference, Location
from fgtui.tui.text.line_store import Line

COMMENT = "// "
MOST = 1_000_000
"""Characters of rows that are rewritten in one go."""


class RowEdit(NamedTuple):
    """What an edit of rows does."""

    difference: Difference
    after: Caret


def rows_of(caret: Caret) -> tuple[int, int]:
    """The first and the last row that a selection is about: not one that it only reaches the beginning of."""
    (first, _), (last, column) = caret.span
    return first, last - 1 if last > first and column == 0 else last


def indented(lines: Sequence[Line], caret: Caret) -> RowEdit | None:
    """One level deeper; empty rows stay empty."""
    first, last = rows_of(caret)
    unit = editing.indent_unit(lines, first)
    heads = [unit if len(lines[row]) else "" for row in range(first, last + 1)]
    return _with_heads(lines, caret, [(0, head) for head in heads])


def outdented(lines: Sequence[Line], caret: Caret) -> RowEdit | None:
    """One level less deep, as far as there is white space."""
    first, last = rows_of(caret)
    unit = len(editing.indent_unit(lines, first).expandtabs(4))
    heads: list[tuple[int, str]] = []
    for row in range(first, last + 1):
        margin = editing.indentation(lines[row])
        heads.append((1 if margin.startswith("\t") else min(unit, len(margin)), ""))
    return _with_heads(lines, caret, heads)


def commented(lines: Sequence[Line], caret: Caret) -> RowEdit | None:
    """A comment sign before each row that says something, at the least depth of them; where all have one, without."""
    first, last = rows_of(caret)
    rows = range(first, last + 1)
    margins = {row: len(editing.indentation(lines[row])) for row in rows}
    full = [row for row in rows if len(lines[row]) > margins[row]]
    if not full:
        return None
    depth = min(margins[row] for row in full)
    if all(lines[row][margins[row] : margins[row] + 2] == "//" for row in full):
        cuts = {row: _sign_at(lines[row], margins[row]) for row in full}
        return _spliced(lines, caret, {row: (start, end, "") for row, (start, end) in cuts.items()})
    return _spliced(lines, caret, dict.fromkeys(full, (depth, depth, COMMENT)))


def moved(lines: Sequence[Line], caret: Caret, by: int) -> RowEdit | None:
    """Past the row above, or below with ``by`` 1."""
    first, last = rows_of(caret)
    other = first - 1 if by < 0 else last + 1
    if not 0 <= other < len(lines):
        return None
    top, bottom = min(first, other), max(last, other)
    if _size(lines, top, bottom) > MOST:
        return None
    rows = [lines[row][:] for row in range(first, last + 1)]
    text = "\n".join([*rows, lines[other][:]] if by < 0 else [lines[other][:], *rows])
    difference = Difference(Location(top, 0), Location(bottom, len(lines[bottom])), text)
    last_row = len(lines) - 1
    return RowEdit(difference, Caret(*(_down(end, by, last_row, len(lines[last])) for end in caret)))


def doubled(lines: Sequence[Line], caret: Caret) -> RowEdit | None:
    """The rows once more below, where the selection goes too."""
    first, last = rows_of(caret)
    if _size(lines, first, last) > MOST:
        return None
    text = "\n".join(lines[row][:] for row in range(first, last + 1))
    end = Location(last, len(lines[last]))
    by = last - first + 1
    after = Caret(*(Location(place.row + by, place.column) for place in caret))
    return RowEdit(Difference(end, end, "\n" + text), after)


def _down(place: Location, by: int, last_row: int, width: int) -> Location:
    row = place.row + by
    return Location(row, place.column) if row <= last_row else Location(last_row, width)


def _sign_at(line: Line, margin: int) -> tuple[int, int]:
    return margin, margin + (3 if line[margin + 2 : margin + 3] == " " else 2)


def _with_heads(lines: Sequence[Line], caret: Caret, heads: Sequence[tuple[int, str]]) -> RowEdit | None:
    first, _ = rows_of(caret)
    splices = {first + at: (0, cut, new) for at, (cut, new) in enumerate(heads) if cut or new}
    return _spliced(lines, caret, splices)


def _spliced(lines: Sequence[Line], caret: Caret, splices: dict[int, tuple[int, int, str]]) -> RowEdit | None:
    """Rows with other characters between two columns each, as one change from the first of them to the last."""
    if not splices:
        return None
    top, bottom = min(splices), max(splices)
    if top == bottom:  # however long the line is
        start, end, new = splices[top]
        difference = Difference(Location(top, start), Location(top, end), new)
    else:
        if _size(lines, top, bottom) > MOST:
            return None
        rows: list[str] = []
        for row in range(top, bottom + 1):
            start, end, new = splices.get(row, (0, 0, ""))
            rows.append(lines[row][:start] + new + lines[row][end:])
        difference = Difference(Location(top, 0), Location(bottom, len(lines[bottom])), "\n".join(rows))

    def shifted(place: Location) -> Location:
        start, end, new = splices.get(place.row, (0, 0, ""))
        if place.column < start or (place.column == start and place.column == 0 and place != caret.head):
            return place
        return Location(place.row, max(place.column - (end - start), start) + len(new))

    return RowEdit(difference, Caret(shifted(caret.anchor), shifted(caret.head)))


def _size(lines: Sequence[Line], first: int, last: int) -> int:
    return sum(len(lines[row]) for row in range(first, last + 1))
