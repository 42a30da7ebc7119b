"""Rows of a difference as lines of text, each in pieces with the name of an ink: unified, or side by side.

A sign stands beside every colour. What is cut to a width keeps the part that changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from fgtui.sessions.diff.rows import Row, RowKind, Span, window
from fgtui.terminal.display import displayable_line

Piece = tuple[str, str]
Line = tuple[Piece, ...]
Measure = Callable[[str], int]
"""The cells that displayable text takes."""

NARROWEST = 60
"""Cells below which two columns show too little."""
_UNCUT = 1 << 30
_INDENT = "  "
_SIGN_INKS = {"+": "good", "-": "bad", "~": "warn", ">": "warn"}
_ON_ONE_SIDE = frozenset({RowKind.CHANGED, RowKind.REMOVED, RowKind.ADDED})


def unified(rows: Iterable[Row], *, width: int = _UNCUT, measure: Measure = len) -> Iterator[Line]:
    """Old lines above new ones, as ``diff -u`` has them."""
    room = width - len(_INDENT) - 2
    come: list[Row] = []
    for row in rows:
        if row.kind not in _ON_ONE_SIDE:
            yield from (_new_line(each, room, measure) for each in come)
            come = []
            yield _spanning(row, width, measure)
            continue
        if row.kind is not RowKind.ADDED:
            yield (_INDENT + "- ", "bad"), *_painted(row.left, row.left_span, "bad", room, measure)
        if row.kind is not RowKind.REMOVED:
            come.append(row)
    yield from (_new_line(each, room, measure) for each in come)


def _new_line(row: Row, room: int, measure: Measure) -> Line:
    return (_INDENT + "+ ", "good"), *_painted(row.right, row.right_span, "good", room, measure)


def side_by_side(rows: Iterable[Row], *, width: int, measure: Measure) -> Iterator[Line]:
    """Old values left, new ones right: a line for each row."""
    return (side_line(row, width, measure) for row in rows)


def side_line(row: Row, width: int, measure: Measure) -> Line:
    """One row in two columns, between them ``~`` where they differ, ``-`` or ``+`` where one is missing."""
    if row.kind in (RowKind.PLACE, RowKind.NOTE):
        return _spanning(row, width, measure)
    column = (width - len(_INDENT) - 3) // 2
    left_ink, right_ink = ("", "") if row.kind in (RowKind.SAME, RowKind.MOVED) else ("bad", "good")
    left = _painted(row.left, row.left_span, left_ink, column, measure)
    right = _painted(row.right, row.right_span, right_ink, column, measure)
    filling = " " * (column - sum(measure(text) for text, _ in left))
    return (
        (_INDENT, ""),
        *left,
        (f"{filling} {row.sign}{' ' if right else ''}", _SIGN_INKS.get(row.sign, "muted")),
        *right,
    )


def _spanning(row: Row, width: int, measure: Measure) -> Line:
    """A row that has no columns."""
    room = width - len(_INDENT) - 2
    match row.kind:
        case RowKind.PLACE:
            return (f"{row.sign} ", _SIGN_INKS[row.sign]), *_painted(row.left, (0, 0), "strong", width - 2, measure)
        case RowKind.MOVED:
            return (_INDENT + "> ", "warn"), (f"{row.left} → {row.right}", "")
        case RowKind.SAME:
            return (_INDENT + "  ", ""), *_painted(row.left, (0, 0), "", room, measure)
        case _:
            return (_INDENT + "  ", ""), *_painted(row.left, (0, 0), "muted", room, measure)


def _painted(text: str, span: Span, ink: str, width: int, measure: Measure) -> Line:
    if width >= _UNCUT // 2:
        first, last = span
        parts = tuple(map(displayable_line, (text[:first], text[first:last], text[last:])))
    else:
        parts = window(text, span, width, measure)
    marked = f"underlined {ink}" if ink in ("good", "bad") else ink
    return tuple(piece for piece in zip(parts, (ink, marked, ink), strict=True) if piece[0])
