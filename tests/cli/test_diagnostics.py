"""stderr: one or two escaped lines with place and way out; it never raises."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.cli.diagnostics import Diagnostics, wants_colour
from fgtui.errors import EventError, UsageError
from fgtui.events.model import Problem, Severity
from fgtui.terminal.display import is_displayable


def said() -> tuple[Diagnostics, io.StringIO]:
    stream = io.StringIO()
    return Diagnostics(stream), stream


def test_an_error_names_its_place_and_the_way_out() -> None:
    diagnostics, stream = said()
    error = EventError("a comma is missing", hint="put one before {key}", key="b", line=3, column=7)
    error.name = "orders.json"
    diagnostics.error(error)
    assert stream.getvalue() == "orders.json:3:7: error: a comma is missing\n  put one before b\n"


def test_a_problem_is_place_severity_words_and_hint() -> None:
    diagnostics, stream = said()
    diagnostics.problem(
        Problem(
            Severity.WARNING,
            "duplicate-key",
            'duplicate key "{key}"',
            12,
            7,
            hint="both are sent",
            values={"key": "id"},
        ),
        name="orders.json",
    )
    assert stream.getvalue() == 'orders.json:12:7: warning: duplicate key "id"\n  both are sent\n'


def test_foreign_text_is_escaped_cut_and_stays_in_its_line() -> None:
    diagnostics, stream = said()
    diagnostics.error(UsageError("no {name}", name="\x1b[2J\n\u202e" + "x" * 500))
    (line,) = stream.getvalue().splitlines()
    assert is_displayable(line)
    assert len(line) < 250


def test_logs_keep_their_lines_and_lose_what_acts() -> None:
    diagnostics, stream = said()
    diagnostics.logs("one\r\ntwo\x1b[31m")
    diagnostics.note("done")
    assert stream.getvalue() == "one\ntwo\\e[31m\ndone\n"


@given(st.text(alphabet="ab\r\n", max_size=12), st.lists(st.integers(0, 12)))
def test_logs_read_the_same_in_whatever_pieces_they_come(text: str, cuts: list[int]) -> None:
    whole, pieces = said(), said()
    whole[0].logs(text)
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    for start, end in pairwise(places):
        pieces[0].logs(text[start:end])
    for diagnostics, _ in (whole, pieces):
        diagnostics.note("done")
    assert pieces[1].getvalue() == whole[1].getvalue()
    assert whole[1].getvalue().endswith("done\n")


def test_a_caret_stands_below_its_column_beside_wide_text() -> None:
    diagnostics, stream = said()
    diagnostics.caret("对 == [", 6)
    first, second = stream.getvalue().splitlines()
    assert second.index("^") == len("  ") + 6
    assert first == "  对 == ["


def test_a_question_is_escaped_too() -> None:
    diagnostics, stream = said()
    diagnostics.ask("Delete {name}?", name="\x1b[2J\n\u202e")
    assert stream.getvalue() == "Delete \\e[2J\\n\\u202e? "


@pytest.mark.parametrize("column", [1, 60, 3999, 4001])
def test_a_caret_below_a_long_text_shows_what_is_around_it(column: int) -> None:
    text = "\x1b" + "x" * 3999
    diagnostics, stream = said()
    diagnostics.caret(text[: column - 1] + "!" + text[column:], column)
    first, second = stream.getvalue().splitlines()
    assert first[second.index("^")] == "!"
    assert len(first) < 220
    assert is_displayable(first)


@pytest.mark.parametrize("stream", [None, "closed"])
def test_nowhere_to_write_is_no_error(stream: str | None) -> None:
    target = io.StringIO()
    target.close()
    Diagnostics(target if stream else None).note("hello")


@pytest.mark.parametrize(
    ("environment", "is_terminal", "expected"),
    [
        pytest.param({"TERM": "xterm"}, True, True, id="terminal"),
        pytest.param({"TERM": "xterm"}, False, False, id="pipe"),
        pytest.param({"TERM": "xterm", "NO_COLOR": "1"}, True, False, id="no-color"),
        pytest.param({"TERM": "xterm", "NO_COLOR": ""}, True, True, id="empty-no-color"),
        pytest.param({"TERM": "dumb"}, True, False, id="dumb"),
        pytest.param({}, True, False, id="no-term"),
    ],
)
def test_colour_only_when_a_person_wants_it(environment: dict[str, str], is_terminal: bool, expected: bool) -> None:
    assert wants_colour(environment, is_terminal=is_terminal) is expected
