"""Differences laid out for a person: what stood on the left, what stands on the right, and which part of it changed.

Rows are data without colours or widths; both front ends draw them, one text below the other or side by side.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from fgtui.sessions.diff.change_words import place_words
from fgtui.sessions.diff.changes import Change, Kind
from fgtui.terminal.display import displayable_line
from fgtui.words import plural, say

VALUE_LIMIT = 2000
"""Characters of one value that are shown, around what changed in it."""
CONTEXT = 2
"""Equal lines shown before and after those of a text that differ."""
_LONG_BEFORE, _BEFORE_CHANGE = 90, 30
"""Equal characters that a value may begin with, and how many of them are shown where there are more."""
_LINES_LIMIT = 200_000
"""Lines up to which two texts are compared by line."""
_MOVES_SHOWN = 50

Span = tuple[int, int]
NO_SPAN = (0, 0)


class RowKind(StrEnum):
    """What a row is."""

    PLACE = "place"
    """The path of a change, with its sign: the row's ``left``."""
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    MOVED = "moved"
    """The index of an item and where it is now."""
    SAME = "same"
    """A line of a text that is the same on both sides."""
    NOTE = "note"
    """Words of ours, in ``left``."""


class Row(NamedTuple):
    """One row: of a change the old value and the new one, each with the part that differs."""

    kind: RowKind
    sign: str = " "
    left: str = ""
    right: str = ""
    left_span: Span = NO_SPAN
    right_span: Span = NO_SPAN


SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~", Kind.MOVED: ">"}


def rows_of(changes: Iterable[Change]) -> Iterator[Row]:
    """The rows of each change: its place, then what was and what is."""
    for change in changes:
        yield Row(RowKind.PLACE, SIGNS[change.kind], place_words(change.path) or say("(all of it)"))
        yield from _value_rows(change)


def _value_rows(change: Change) -> Iterator[Row]:
    match change.kind:
        case Kind.ADDED:
            yield Row(RowKind.ADDED, "+", right=_cut(spelled(change.new), 0)[0])
        case Kind.REMOVED:
            yield Row(RowKind.REMOVED, "-", left=_cut(spelled(change.old), 0)[0])
        case Kind.MOVED:
            yield from _move_rows(change)
        case _:
            old, new = change.old, change.new
            if isinstance(old, str) and isinstance(new, str) and ("\n" in old or "\n" in new):
                yield from _text_rows(old, new)
            else:
                yield _changed_row(spelled(old), spelled(new))


def _move_rows(change: Change) -> Iterator[Row]:
    assert isinstance(change.old, list)
    assert isinstance(change.new, list)
    moves = list(zip(change.old, change.new, strict=True))
    count = len(moves)
    yield Row(
        RowKind.NOTE,
        left=say(plural(count, "1 item is in another place", "{count} items are in other places"), count=count),
    )
    for at, to in moves[:_MOVES_SHOWN]:
        yield Row(RowKind.MOVED, ">", f"[{at}]", f"[{to}]")
    if count > _MOVES_SHOWN:
        yield Row(RowKind.NOTE, left=say("and {count} more", count=count - _MOVES_SHOWN))


def _changed_row(old: str, new: str) -> Row:
    first, last = common_ends(old, new)
    left, left_at = _cut(old, first)
    right, right_at = _cut(new, first)
    return Row(
        RowKind.CHANGED,
        "~",
        left,
        right,
        _moved_span(first, len(old) - last, left_at, len(left)),
        _moved_span(first, len(new) - last, right_at, len(right)),
    )


def _moved_span(first: int, end: int, at: int, length: int) -> Span:
    return max(0, min(first - at, length)), max(0, min(end - at, length))


def common_ends(old: str, new: str) -> tuple[int, int]:
    """How many characters both begin with, and how many of the rest both end with."""
    shorter = min(len(old), len(new))
    first = _how_many(shorter, lambda count: old[:count] == new[:count])
    rest = shorter - first
    return first, _how_many(rest, lambda count: old[len(old) - count :] == new[len(new) - count :])


def _how_many(most: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to ``most`` for which ``holds``, which does for all smaller ones."""
    return bisect_left(range(1, most + 1), 1, key=lambda count: not holds(count))


def _cut(text: str, first: int) -> tuple[str, int]:
    """What is shown of a value around ``first``, and how many characters before that part are left out."""
    start = first - _BEFORE_CHANGE if first > _LONG_BEFORE else 0
    start = max(0, min(start, len(text) - _BEFORE_CHANGE))
    end = start + VALUE_LIMIT
    before = "…" if start else ""
    after = "…" if end < len(text) else ""
    return f"{before}{text[start:end]}{after}", start - len(before)


def spelled(value: object) -> str:
    """A value as JSON on one line, however deep it is."""
    import json

    from fgtui.sessions import strict_json

    try:
        return json.dumps(value, ensure_ascii=False)
    except (RecursionError, TypeError):  # too deep for it, or a ``Numeral``
        return strict_json.write(value)


class Window(NamedTuple):
    """A part of a value that fits, displayable, in three pieces: before what changed, that, and after it."""

    before: str
    changed: str
    after: str


def window(text: str, span: Span, width: int, measure: Callable[[str], int]) -> Window:
    """As much of ``text`` as ``width`` cells hold, with the beginning of what changed in it."""
    first, last = span
    before, changed, after = map(displayable_line, (text[:first], text[first:last], text[last:]))
    if measure(before) + measure(changed) + measure(after) <= width:
        return Window(before, changed, after)
    room = max(width - min(measure(changed) + min(measure(after), width // 4), 3 * width // 4), width // 4)
    if measure(before) > room:
        before = "…" + _end_of(before, room - 1, measure)
    left = width - measure(before)
    if measure(changed) > left:
        return Window(before, _start_of(changed, left, measure), "")
    left -= measure(changed)
    return Window(before, changed, after if measure(after) <= left else _start_of(after, left, measure))


def _start_of(text: str, width: int, measure: Callable[[str], int]) -> str:
    """Its first ``width`` cells, the last of them an ellipsis."""
    if width < 1:
        return ""
    count = _how_many(len(text), lambda count: measure(text[:count]) < width)
    return text[:count] + "…"


def _end_of(text: str, width: int, measure: Callable[[str], int]) -> str:
    count = _how_many(len(text), lambda count: measure(text[len(text) - count :]) <= width)
    return text[len(text) - count :]


# Texts of many lines


def _text_rows(old: str, new: str) -> Iterator[Row]:
    """The lines that differ, with some around them, and how many are left out between."""
    before, after = old.split("\n"), new.split("\n")
    if len(before) + len(after) > _LINES_LIMIT:
        yield _changed_row(spelled(old), spelled(new))
        return
    left_out = 0
    waiting: list[str] = []
    after_change = 0
    for left, right in _aligned(before, after):
        if left is not None and left == right:
            if after_change:
                after_change -= 1
                yield Row(RowKind.SAME, left=_cut(left, 0)[0], right=_cut(left, 0)[0])
                continue
            waiting.append(left)
            if len(waiting) > CONTEXT:
                waiting.pop(0)
                left_out += 1
            continue
        if left_out:
            yield _left_out(left_out)
        yield from (Row(RowKind.SAME, left=_cut(line, 0)[0], right=_cut(line, 0)[0]) for line in waiting)
        left_out, waiting, after_change = 0, [], CONTEXT
        yield _line_row(left, right)
    if left_out + len(waiting):
        yield _left_out(left_out + len(waiting))


def _left_out(count: int) -> Row:
    return Row(
        RowKind.NOTE,
        left=say(plural(count, "… 1 line that is the same", "… {count} lines that are the same"), count=count),
    )


def _line_row(left: str | None, right: str | None) -> Row:
    if left is None:
        return Row(RowKind.ADDED, "+", right=_cut(right or "", 0)[0])
    if right is None:
        return Row(RowKind.REMOVED, "-", left=_cut(left, 0)[0])
    return _changed_row(left, right)


def _aligned(old: list[str], new: list[str]) -> Iterator[tuple[str | None, str | None]]:
    """The lines of both, those that stayed beside each other, what is between them in order."""
    from fgtui.sessions.diff.matching import match

    matched = match(old, new)
    moved = set(matched.moved)
    staying = [(at, to) for at, to in matched.pairs if old[at] == new[to] and (at, to) not in moved]
    last_at = last_to = 0
    for at, to in (*staying, (len(old), len(new))):
        gone, come = old[last_at:at], new[last_to:to]
        both = min(len(gone), len(come))
        yield from zip(gone, come, strict=False)
        yield from ((line, None) for line in gone[both:])
        yield from ((None, line) for line in come[both:])
        if at < len(old):
            yield old[at], new[to]
        last_at, last_to = at + 1, to + 1
