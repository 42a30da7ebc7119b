"""The one document behind the editor, its decoded form and the field pane: lines of text, and one undo history.

Lines end where JSON says they do, at a line feed; nothing else is a line break here, so U+2028 or a form feed inside a
string stays where the person put it. A text whose line ends are all CR LF keeps them.

A document is seen in one of two forms. Each step of the history belongs to the form it was made in; wherever a form
was left for the other, both texts of that moment are kept. Undo returns to the form of the step it takes back, to the
very text that stood there, and showing the other form is no step: it neither adds to the history nor cuts it off.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from fgtui.tui.text.line_store import PIECE, Line, joined, lines_of, parts_of, text_of

HISTORY_CHARACTERS = 64_000_000
"""What the history may hold in all; the oldest steps go first."""
COMPARED = 200_000
"""Characters of the longest text that is kept as it was loaded, to tell when it reads so again."""


class Form(StrEnum):
    """How an event is shown: as it is sent, or with its encoded strings opened."""

    WIRE = "wire"
    DECODED = "decoded"

    @property
    def other(self) -> Form:
        """The form that is not this one."""
        return Form.DECODED if self is Form.WIRE else Form.WIRE


class Location(NamedTuple):
    """A place between two characters: row and column from 0, in characters."""

    row: int
    column: int


class Caret(NamedTuple):
    """The selection: from ``anchor`` to ``head``, which is where the cursor stands."""

    anchor: Location
    head: Location

    @classmethod
    def at(cls, location: Location) -> Caret:
        """A cursor with nothing selected."""
        return cls(location, location)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self.anchor == self.head

    @property
    def span(self) -> tuple[Location, Location]:
        """The two ends in order of the text."""
        return (self.anchor, self.head) if self.anchor <= self.head else (self.head, self.anchor)


START = Location(0, 0)


@dataclass(frozen=True)
class Change:
    """``removed``, which began at ``start``, gave way to ``inserted``. Line breaks in both are line feeds."""

    start: Location
    removed: str
    inserted: str

    @cached_property
    def end_before(self) -> Location:
        """Where ``removed`` ended."""
        return end_of(self.start, self.removed)

    @cached_property
    def end_after(self) -> Location:
        """Where ``inserted`` ends."""
        return end_of(self.start, self.inserted)

    def moved(self, location: Location) -> Location:
        """Where a place of the text before is in the text after; inside what was removed, at most its new end.

        Its row may be shorter there: the document has ``clamp``.
        """
        if location <= self.start:
            return location
        end, new_end = self.end_before, self.end_after
        if location < end:
            return min(location, new_end)
        if location.row > end.row:
            return Location(location.row + new_end.row - end.row, location.column)
        return Location(new_end.row, new_end.column + location.column - end.column)

    @property
    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.start, self.inserted, self.removed)


def end_of(start: Location, text: str) -> Location:
    """Where ``text`` ends when it begins at ``start``."""
    breaks = text.count("\n")
    if not breaks:
        return Location(start.row, start.column + len(text))
    return Location(start.row + breaks, len(text) - text.rindex("\n") - 1)


class Difference(NamedTuple):
    """What makes one text of another: what stands between two places gives way to ``text``, as an edit has it."""

    start: Location
    end: Location
    text: str


class Moment(NamedTuple):
    """A text as it stands: another one once something was changed, or another event opened in its place."""

    document: EventDocument
    version: int


class Snapshot:
    """The text of a document as it was at one moment, for a thread: made in no time, and whole when it is asked for."""

    __slots__ = ("_lines", "length", "newline")

    def __init__(self, lines: list[Line], newline: str, length: int) -> None:
        self._lines = lines
        self.newline = newline
        self.length = length
        """Characters of the text."""

    @property
    def text(self) -> str:
        """All of it, exactly. Costs a pass over it."""
        return text_of(self._lines, self.newline)

    def take(self) -> str:
        """The text, for the last time: it is let go of here, as that would hold up the screen's thread."""
        text, self._lines = self.text, []
        return text

    def parts(self) -> Iterator[str]:
        """The same in parts, so that nobody waits long for a thread that walks through them. For the last time, too."""
        lines, self._lines = self._lines, []
        return parts_of(lines, self.newline)


class Lines:
    """Text as lines, for edits that cost what they touch. Mutable; the history above it is not its business."""

    def __init__(self, text: str = "", piece: int = PIECE, newline: str | None = None) -> None:
        """``piece`` bounds the pieces of lines that are longer than two of them; the text says its own ``newline``."""
        feeds = text.count("\n")
        self.newline = newline or ("\r\n" if feeds and text.count("\r\n") == feeds else "\n")
        self.lines: list[Line] = lines_of(text.split(self.newline), piece)
        self.length = len(text)
        """Characters of ``text``."""
        self._piece = piece
        self._text: str | None = text
        self._starts: Sequence[int] | None = None

    @property
    def text(self) -> str:
        """All of it, exactly. Costs a pass over it after a change."""
        if self._text is None:
            self._text = text_of(self.lines, self.newline)
        return self._text

    @property
    def end(self) -> Location:
        """The place after the last character."""
        return Location(len(self.lines) - 1, len(self.lines[-1]))

    def between(self, start: Location, end: Location) -> str:
        """The text from ``start`` to ``end`` with line feeds as line breaks."""
        if start.row == end.row:
            return self.lines[start.row][start.column : end.column]
        middle = self.lines[start.row + 1 : end.row]
        return text_of([self.lines[start.row][start.column :], *middle, self.lines[end.row][: end.column]], "\n")

    def clamp(self, location: Location) -> Location:
        """The nearest place that exists."""
        row = min(max(location.row, 0), len(self.lines) - 1)
        return Location(row, min(max(location.column, 0), len(self.lines[row])))

    def apply(self, change: Change) -> None:
        """Carry out a change whose ``removed`` is what stands there."""
        lines, piece = self.lines, self._piece
        (row, column), (end_row, end_column), end = change.start, change.end_before, change.end_after
        head, tail = lines[row], lines[end_row]
        if end.row == row:
            lines[row] = joined(head, column, change.inserted, tail, end_column, piece=piece)
            if end_row > row:
                del lines[row + 1 : end_row + 1]
        else:
            first, *middle, last = change.inserted.split("\n")
            lines[row : end_row + 1] = [
                joined(head, column, first, "", 0, piece=piece),
                *lines_of(middle, piece),
                joined("", 0, last, tail, end_column, piece=piece),
            ]
        breaks = end.row - end_row
        self.length += len(change.inserted) - len(change.removed) + breaks * (len(self.newline) - 1)
        self._text = None
        self._starts = None

    def offset(self, location: Location) -> int:
        """Characters before ``location`` in ``text``."""
        return self._line_starts()[location.row] + location.column

    def location(self, offset: int) -> Location:
        """The place ``offset`` characters into ``text``; inside a line break it is the end of the line."""
        starts = self._line_starts()
        row = max(bisect_right(starts, offset) - 1, 0)
        return Location(row, min(max(offset - starts[row], 0), len(self.lines[row])))

    def know_starts(self, starts: Sequence[int]) -> None:
        """Take where each line begins from who has counted; see ``starts_of``."""
        if self._starts is None:
            self._starts = starts

    def _line_starts(self) -> Sequence[int]:
        if self._starts is None:
            gap = len(self.newline)
            self._starts = array("q", accumulate((len(line) + gap for line in self.lines[:-1]), initial=0))
        return self._starts


def starts_of(text: str) -> array[int]:
    """Where each line of ``text`` begins, in characters, as ``Lines`` counts them: a CR LF ends in a line feed, too."""
    lengths = (len(line) + 1 for line in text.split("\n")[:-1])
    return array("q", accumulate(lengths, initial=0))


@dataclass(frozen=True, slots=True)
class Step:
    """What one undo takes back."""

    form: Form
    changes: tuple[Change, ...]
    before: Caret
    after: Caret
    group: str = ""
    """Steps of one group that touch merge: typing a word, erasing one."""

    @property
    def size(self) -> int:
        """Characters held."""
        return sum(len(change.removed) + len(change.inserted) for change in self.changes)


class _Left(NamedTuple):
    """A text as it was left, with the line ends that the steps around it were made with."""

    text: str
    newline: str | None


@dataclass(frozen=True, slots=True)
class Reverted:
    """What undo or redo did: the changes in the order they were applied, and where the cursor was then."""

    changes: tuple[Change, ...]
    caret: Caret
    form_changed: bool


class EventDocument:
    """A text that is edited, undone, and shown in two forms."""

    def __init__(self, text: str = "", form: Form = Form.WIRE, *, piece: int = PIECE) -> None:
        self.form = form
        self.version = 0
        """Grows with every change of the text that is shown; tells stale answers from fresh ones."""
        self._piece = piece
        self._lines = Lines(text, piece)
        self._steps: list[Step] = []
        self._states = [0]
        self._next_state = 1
        self._saved = 0
        self._loaded: tuple[Form, str] | None = None
        self._remember_loaded(form, text)
        self._position = 0
        self._bridges: dict[int, dict[Form, _Left]] = {}
        self._held = 0  # characters in steps and bridges

    # What is shown

    @property
    def moment(self) -> Moment:
        """What tells by ``==`` whether an answer about this text still is about the one in an editor."""
        return Moment(self, self.version)

    @property
    def text(self) -> str:
        """All of it, exactly, in the form that is shown. Costs a pass over it: for keys there are ``lines``."""
        return self._lines.text

    @property
    def length(self) -> int:
        """Characters of ``text``."""
        return self._lines.length

    @property
    def lines(self) -> Sequence[Line]:
        """Not to be changed."""
        return self._lines.lines

    def snapshot(self) -> Snapshot:
        """The text as it stands, for a thread."""
        return Snapshot(self._lines.lines[:], self.newline, self.length)

    @property
    def newline(self) -> str:
        """What ends a line: a line feed, or CR LF where every line ends so."""
        return self._lines.newline

    @property
    def end(self) -> Location:
        """The place after the last character."""
        return self._lines.end

    def between(self, start: Location, end: Location) -> str:
        """The text from ``start`` to ``end``, in the document's own line ends."""
        text = self._lines.between(start, end)
        return text if self.newline == "\n" else text.replace("\n", self.newline)

    def clamp(self, location: Location) -> Location:
        """The nearest place that exists."""
        return self._lines.clamp(location)

    def offset(self, location: Location) -> int:
        """Characters before ``location`` in ``text``. Costs a pass over the lines after a change."""
        return self._lines.offset(location)

    def location(self, offset: int) -> Location:
        """The place ``offset`` characters into ``text``."""
        return self._lines.location(offset)

    def know_starts(self, starts: Sequence[int]) -> None:
        """Take where each line of the text as it stands begins from who has counted (``starts_of``)."""
        self._lines.know_starts(starts)

    # What was changed

    @property
    def is_modified(self) -> bool:
        """Whether the history stands anywhere else than where the text was as it was loaded."""
        return self._state != self._saved

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._position > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back and nothing was changed since."""
        return self._position < len(self._steps)

    @property
    def _state(self) -> int:
        return self._states[self._position]

    def mark_modified(self) -> None:
        """Count the text as changed whatever is undone: it comes from a draft."""
        self._saved = -1
        self._loaded = None

    def mark_saved(self) -> None:
        """Count the text as it stands as the one that was loaded."""
        self._saved = self._state
        self._remember_loaded(self.form, self.text if self.length <= COMPARED else None)

    def mark_changed_from(self, text: str) -> None:
        """The same as ``mark_modified``; but where it reads like the wire text ``text`` again, it is not changed."""
        self._saved = -1
        self._remember_loaded(Form.WIRE, text)

    def is_back(self) -> bool:
        """Whether a text that was changed reads as it was loaded again, by whatever steps; then it counts as unchanged.

        Costs a pass over it: for a pause.
        """
        if not self.is_modified or self._loaded is None:
            return False
        form, text = self._loaded
        if form is not self.form or self.length != len(text) or self.text != text:
            return False
        self._saved = self._state
        return True

    def _remember_loaded(self, form: Form, text: str | None) -> None:
        self._loaded = None if text is None or len(text) > COMPARED else (form, text)

    def edit(
        self, start: Location, end: Location, text: str, *, before: Caret, after: Caret | None = None, group: str = ""
    ) -> Change:
        """Put ``text`` in the place of what stands between: a step, or more of the last of its ``group``."""
        start, end = self.clamp(start), self.clamp(end)
        change = Change(start, self._lines.between(start, end), text)
        change.__dict__["end_before"] = end  # known, and not to be counted
        self._lines.apply(change)
        self.version += 1
        step = Step(self.form, (change,), before, after or Caret.at(change.end_after), group)
        self._forget_redo()
        self._held += step.size
        if self._carries_on(step):
            last = self._steps[-1]
            self._steps[-1] = replace(last, changes=(*last.changes, change), after=step.after)
            self._states[-1] = self._new_state()
        else:
            self._steps.append(step)
            self._states.append(self._new_state())
            self._position += 1
        self._prune()
        return change

    def undo(self) -> Reverted | None:
        """Take back the last step, in the form it was made in; None when there is none."""
        if not self.can_undo:
            return None
        step = self._steps[self._position - 1]
        form_changed = self._return_to(step.form)
        changes = tuple(change.inverse for change in reversed(step.changes))
        return self._replay(changes, step.before, self._position - 1, form_changed=form_changed)

    def redo(self) -> Reverted | None:
        """Do again what was undone last, in the form it was made in; None when there is nothing."""
        if not self.can_redo:
            return None
        step = self._steps[self._position]
        form_changed = self._return_to(step.form)
        return self._replay(step.changes, step.after, self._position + 1, form_changed=form_changed)

    # The other form

    def other_text(self) -> str | None:
        """The text of the other form, where this state was seen in it before."""
        left = self._bridges.get(self._state, {}).get(self.form.other)
        return None if left is None else left.text

    def show_other(self, text: str) -> None:
        """Turn to the other form, in which this state of the event reads ``text``."""
        left = self._bridges.get(self._state, {}).get(self.form.other)
        self._drop_bridge(self._state)
        here = _Left(self.text, self.newline)
        self._set(self.form.other, left if left is not None and left.text == text else _Left(text, None))
        self._bridges[self._state] = {self.form.other: here, self.form: _Left(text, self.newline)}
        self._held += len(here.text) + len(text)
        self._prune()

    def forget_other(self) -> None:
        """Drop the other form's text of this state if no step needs it: it was derived under other circumstances."""
        neighbours = self._steps[max(self._position - 1, 0) : self._position + 1]
        if all(step.form is self.form for step in neighbours):
            self._drop_bridge(self._state)

    def _return_to(self, form: Form) -> bool:
        if form is self.form:
            return False
        self._set(form, self._bridges[self._state][form])
        return True

    def _set(self, form: Form, left: _Left) -> None:
        self.form = form
        self._lines = Lines(left.text, self._piece, left.newline)
        self.version += 1

    def _replay(self, changes: tuple[Change, ...], caret: Caret, position: int, *, form_changed: bool) -> Reverted:
        for change in changes:
            self._lines.apply(change)
        self.version += 1
        self._position = position
        return Reverted(changes, caret, form_changed)

    def _new_state(self) -> int:
        self._next_state += 1
        return self._next_state - 1

    def _carries_on(self, step: Step) -> bool:
        """Whether ``step`` is more of the last one: a word is typed or erased in one, unless something came between."""
        if not self._steps or self._state == self._saved or self._state in self._bridges:
            return False
        last = self._steps[-1]
        return last.form is step.form and last.group == step.group and _follows(last, step.changes[0])

    def _forget_redo(self) -> None:
        for state in self._states[self._position + 1 :]:
            self._drop_bridge(state)
        self._held -= sum(step.size for step in self._steps[self._position :])
        del self._steps[self._position :], self._states[self._position + 1 :]

    def _drop_bridge(self, state: int) -> None:
        self._held -= sum(len(left.text) for left in self._bridges.pop(state, {}).values())

    def _prune(self) -> None:
        """Let the oldest steps go when the history holds too much."""
        while self._held > HISTORY_CHARACTERS and self._position > 1:
            self._held -= self._steps.pop(0).size
            self._drop_bridge(self._states.pop(0))
            self._position -= 1


def _follows(last: Step, change: Change) -> bool:
    previous = last.changes[-1]
    if last.group == "type":
        touches = not change.removed and change.start == previous.end_after and "\n" not in change.inserted
        return touches and not (previous.inserted[-1:].isspace() and not change.inserted.isspace())
    if last.group == "erase":
        return not change.inserted and "\n" not in change.removed and change.end_before == previous.start
    return False


def difference(old: str, new: str, newline: str) -> Difference | None:
    """What makes ``new`` of the text ``old`` of a document whose lines end in ``newline``; None: they are the same."""
    if newline == "\r\n":
        old, new = old.replace("\r\n", "\n"), new.replace("\r\n", "\n")
    if old == new:
        return None
    from fgtui.events.affixes import common_prefix, common_suffix

    head = common_prefix(old, new)
    tail = min(common_suffix(old, new), len(old) - head, len(new) - head)
    start = end_of(START, old[:head])
    return Difference(start, end_of(start, old[head : len(old) - tail]), new[head : len(new) - tail])
