from __future__ import annotations

import pytest

from fgtui.events.model import Severity
from fgtui.tui.text.document import Change, Location
from fgtui.tui.text.row_notes import Hint, Mark, Notes, gravest

HINT = (Hint(0, 3, "x"),)
MARK = (Mark(2, 5, Severity.ERROR),)


def notes(*rows: int) -> Notes:
    return Notes(dict.fromkeys(rows, HINT), dict.fromkeys(rows, MARK))


@pytest.mark.parametrize(
    ("removed", "inserted", "hints", "marks"),
    [
        pytest.param("", "x", {1, 3}, {1, 2, 3}, id="typing-in-a-line"),
        pytest.param("", "\n", {1, 4}, {1, 2, 4}, id="a-line-more"),
        pytest.param("\n", "", {1}, {1, 2}, id="two-lines-joined"),
        pytest.param("a\nb\nc", "d", {1}, {1, 2}, id="lines-replaced"),
    ],
)
def test_notes_stay_with_their_lines_and_leave_the_ones_that_changed(
    removed: str, inserted: str, hints: set[int], marks: set[int]
) -> None:
    said = notes(1, 2, 3)
    said.follow(Change(Location(2, 1), removed, inserted))
    assert set(said.hints) == hints
    assert set(said.marks) == marks


def test_a_changed_line_keeps_its_sign_but_nothing_is_underlined() -> None:
    said = notes(1)
    said.follow(Change(Location(1, 0), "", "x"))
    assert said.marks == {1: (Mark(0, 0, Severity.ERROR),)}


def test_the_gravest_of_several_counts() -> None:
    marks = [Mark(0, 1, severity) for severity in (Severity.INFO, Severity.ERROR, Severity.WARNING)]
    assert gravest(marks) is Severity.ERROR
    assert gravest([]) is None
