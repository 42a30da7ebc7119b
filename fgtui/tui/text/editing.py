"""What editing keys mean in JSON text: words, indentation, brackets. Pure functions over lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from fgtui.tui.text.document import Location
from fgtui.tui.text.json_highlight import Kind, Token, tokens
from fgtui.tui.text.line_store import Line

INDENT = "  "
_WORD = re.compile(r"\w+|[^\w\s]+")
_PARTNERS = {"{": "}", "[": "]", "}": "{", "]": "["}
_REACH = 4096
"""Columns looked at to find a word or an indentation: a line may be megabytes long."""
_NEAR = 40
"""Rows looked at, above and below, to see how deep a level is."""
_DEEPEST = 8


def word_left(lines: Sequence[Line], location: Location) -> Location:
    """The start of the word before ``location``; from the start of a line, the end of the line above."""
    row, column = location
    if column == 0:
        return Location(row - 1, len(lines[row - 1])) if row else location
    begin = max(column - _REACH, 0)
    found = [match.start() for match in _WORD.finditer(lines[row][begin:column])]
    return Location(row, begin + found[-1] if found else begin)


def word_right(lines: Sequence[Line], location: Location) -> Location:
    """The end of the word after ``location``; from the end of a line, the start of the line below."""
    row, column = location
    if column == len(lines[row]):
        return Location(row + 1, 0) if row + 1 < len(lines) else location
    match = _WORD.search(lines[row][column : column + _REACH])
    return Location(row, column + match.end() if match else min(column + _REACH, len(lines[row])))


def word_at(line: Line, column: int) -> tuple[int, int]:
    """The columns of the word at ``column``; of a JSON string or number, all of it."""
    for token in tokens(line, max(column - _REACH, 0), column + _REACH):
        if token.start <= column < token.end and token.kind in (Kind.KEY, Kind.STRING, Kind.CODEC):
            return token.start + line.startswith('"', token.start), token.end - line.startswith('"', token.end - 1)
        if token.start <= column < token.end:
            return token.start, token.end
    return column, column


def indentation(line: Line) -> str:
    """The white space a line begins with."""
    head = line[:_REACH]
    return head[: len(head) - len(head.lstrip(" \t"))]


def indent_unit(lines: Sequence[Line], near: int) -> str:
    """One level of indentation: what the rows around ``near`` go deeper by most often, else those of the beginning."""
    first = max(near - _NEAR, 0)
    steps: Counter[str] = Counter()
    above = None if first else ""
    for line in lines[first : near + _NEAR]:
        own = indentation(line)
        if len(own) == len(line):
            continue
        if above is not None and own.startswith(above) and 0 < len(own) - len(above) <= _DEEPEST:
            steps[own[len(above) :]] += 1
        above = own
    if not steps:
        return indent_unit(lines, 0) if first else INDENT
    return max(steps, key=lambda step: (steps[step], -len(step)))


def after_enter(lines: Sequence[Line], location: Location) -> tuple[str, int]:
    """What Enter inserts at ``location``, and how many of its characters come after the cursor."""
    row, column = location
    before, after = lines[row][max(column - _REACH, 0) : column].rstrip(), lines[row][column : column + 1]
    own = indentation(lines[row])[:column]
    if not before or before[-1] not in "{[":
        return "\n" + own, 0
    deeper = "\n" + own + indent_unit(lines, row)
    if after == _PARTNERS[before[-1]]:
        closing = "\n" + own
        return deeper + closing, len(closing)
    return deeper, 0


def closing_indentation(lines: Sequence[Line], location: Location, bracket: str) -> str | None:
    """The indentation for a closing bracket typed first on its line: that of the line it closes. None elsewhere."""
    row, column = location
    if column > _REACH or lines[row][:column].strip():
        return None
    opened = partner(lines, row, column, bracket, first=max(row - 500, 0), last=row)
    return indentation(lines[opened.row]) if opened else None


def bracket_at(lines: Sequence[Line], location: Location) -> Location | None:
    """The bracket the cursor is on, else the one right before it."""
    row, column = location
    for candidate in (column, column - 1):
        if lines[row][candidate : candidate + 1] in _PARTNERS:  # nothing is at -1
            for token in tokens(lines[row], candidate, candidate + 1):
                if token.start == candidate and token.kind is Kind.BRACKET:
                    return Location(row, candidate)
    return None


def partner(lines: Sequence[Line], row: int, column: int, bracket: str, *, first: int, last: int) -> Location | None:
    """The bracket that ``bracket`` at ``row`` and ``column`` belongs to, if it is in the rows ``first`` to ``last``."""
    forward = bracket in "{["
    depth = 0
    rows = range(row, last + 1) if forward else range(row, first - 1, -1)
    for at in rows:
        line = lines[at]
        if at == row:
            window = (column + 1, column + _REACH) if forward else (max(column - _REACH, 0), column)
        else:
            window = (0, _REACH) if forward else (max(len(line) - _REACH, 0), len(line))
        for token in _brackets(line, *window, forward=forward):
            depth += 1 if (line[token.start] in "{[") is forward else -1
            if depth < 0:
                return Location(at, token.start) if line[token.start] == _PARTNERS[bracket] else None
    return None


def _brackets(line: Line, start: int, end: int, *, forward: bool) -> list[Token]:
    found = [t for t in tokens(line, start, end) if t.kind is Kind.BRACKET and start <= t.start < end]
    return found if forward else found[::-1]
