from __future__ import annotations

import pytest

from fgtui.events.model import Severity
from fgtui.tui.text import row_notes
from fgtui.tui.text.document import Change, Location
from fgtui.tui.text.line_store import LongLine
from fgtui.tui.text.row_notes import Hint, Mark, Notes, gravest, sized

HINT = (Hint(0, 3, "x"),)
MARK = (Mark(2, 5, Severity.ERROR),)
SIGN = (Mark(0, 0, Severity.ERROR),)


def notes(*rows: int) -> Notes:
    return Notes(dict.fromkeys(rows, HINT), dict.fromkeys(rows, MARK))


@pytest.mark.parametrize(
    ("removed", "inserted", "hints", "marks"),
    [
        pytest.param("", "x", {1, 3}, {1: MARK, 2: SIGN, 3: MARK}, id="typing-in-a-line"),
        pytest.param("", "\n", {1, 4}, {1: MARK, 2: SIGN, 4: MARK}, id="a-line-more"),
        pytest.param("\n", "", {1}, {1: MARK, 2: SIGN * 2}, id="two-lines-joined"),
        pytest.param("a\nb\nc", "d", {1}, {1: MARK, 2: SIGN * 2}, id="lines-replaced"),
        pytest.param("a\nb", "c\nd", {1}, {1: MARK, 2: SIGN, 3: SIGN}, id="as-many-lines"),
    ],
)
def test_notes_stay_with_their_lines_and_of_one_that_changed_a_sign_is_left(
    removed: str, inserted: str, hints: set[int], marks: dict[int, tuple[Mark, ...]]
) -> None:
    said = notes(1, 2, 3)
    said.follow(Change(Location(2, 1), removed, inserted))
    assert set(said.hints) == hints
    assert said.marks == marks


def test_a_line_of_which_nothing_is_said_may_change() -> None:
    said = notes(1)
    said.follow(Change(Location(2, 0), "", "x"))
    assert (said.hints, said.marks) == ({1: HINT}, {1: MARK})


def test_the_size_is_said_of_what_is_between_the_quotes_of_a_long_string(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_notes, "LONG_STRING", 8)
    for line_like in (str, LongLine.of):
        assert sized(line_like('["12345"]'), 1, 8, "words") == "words"
        assert sized(line_like('["中12345"]'), 1, 9, "words") == "8 bytes words"
        assert sized(line_like('["中12345"]'), 1, 9) == "8 bytes"


def test_the_gravest_of_several_counts() -> None:
    marks = [Mark(0, 1, severity) for severity in (Severity.INFO, Severity.ERROR, Severity.WARNING)]
    assert gravest(marks) is Severity.ERROR
    assert gravest([]) is None
