"""A short text in as many rows as its lines need: which part of which line each row shows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from fgtui.tui.text.document import Location
from fgtui.tui.text.line_store import Line
from fgtui.tui.widgets.row_view import RowView, wrap_row


class Part(NamedTuple):
    """What one row of a text that wraps shows of a line."""

    row: int
    """Of the text."""
    view: RowView


def wrapped_rows(lines: Sequence[Line], width: int) -> tuple[Part, ...]:
    """All rows of ``lines`` in ``width`` cells; one is left for the cursor at the end of a row."""
    room = max(width - 1, 2)
    return tuple(Part(row, view) for row, line in enumerate(lines) for view in wrap_row(line, room))


def index_of(parts: tuple[Part, ...], row: int, column: int) -> int:
    """Which row shows a place in the text."""
    return bisect_right(parts, (row, column), key=lambda part: (part.row, part.view.stretches[0].start)) - 1


def place_in(parts: tuple[Part, ...], at: int, cell: int) -> Location:
    """The place drawn at ``cell`` of a row; behind the end of a row that goes on, its last character."""
    row, view = parts[at]
    column, last = view.column(cell), view.stretches[-1]
    if column >= last.end and at + 1 < len(parts) and parts[at + 1].row == row:
        column = last.start + last.layout.index(last.cell(last.end) - 1)
    return Location(row, column)
