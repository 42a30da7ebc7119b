"""What is said about the rows of a text: hints beside them, marks under them and signs in the gutter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from fgtui.events.model import Severity
from fgtui.tui.text.document import Change
from fgtui.tui.text.line_store import Line, size_between

SIGNS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "i"}
"""One cell each, so that a colour is never all that tells them apart."""
SIGN_INKS = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: "muted"}
"""The ink of a sign and of the words behind it."""
LONG_STRING = 4096
"""Characters of a string literal whose size is said beside it."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What the encoded string in columns ``start`` to ``end`` of its row holds."""

    start: int
    end: int
    text: str


def sized(line: Line, start: int, end: int, words: str = "") -> str:
    """``words`` about the string literal between two columns, with its size before them where it is long."""
    if end - start < LONG_STRING:
        return words
    from fgtui.invoke.outcome_words import size

    return f"{size(size_between(line, start + 1, end - 1))} {words}".rstrip()


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding about columns ``start`` to ``end`` of its row; about the whole row when they are the same."""

    start: int
    end: int
    severity: Severity


@dataclass(slots=True)
class Notes:
    """Hints and marks by row. Rows move with edits; a changed row loses what is in doubt."""

    hints: dict[int, tuple[Hint, ...]] = field(default_factory=dict)
    marks: dict[int, tuple[Mark, ...]] = field(default_factory=dict)

    def follow(self, change: Change) -> None:
        """Stay with the lines they belong to."""
        first, last, new_last = change.start.row, change.end_before.row, change.end_after.row
        if first == last == new_last:  # nearly every key: the other rows stay where they are
            self.hints.pop(first, None)
            if first in self.marks:
                self.marks[first] = _as_signs(self.marks[first])
            return
        by = new_last - last
        self.hints = {_moved(row, last, by): hints for row, hints in self.hints.items() if not first <= row <= last}
        marks: dict[int, tuple[Mark, ...]] = {}
        for row, found in self.marks.items():
            changed = first <= row <= last
            at = min(row, new_last) if changed else _moved(row, last, by)
            marks[at] = (*marks.get(at, ()), *(_as_signs(found) if changed else found))
        self.marks = marks


def gravest(marks: Iterable[Mark]) -> Severity | None:
    """What the sign in the gutter says."""
    return min((mark.severity for mark in marks), key=list(Severity).index, default=None)


def _moved(row: int, last: int, by: int) -> int:
    return row + by if row > last else row


def _as_signs(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(replace(mark, start=0, end=0) for mark in marks)
