from __future__ import annotations

import pytest

from fgtui.tui.text import editing
from fgtui.tui.text.document import Location
from fgtui.tui.text.line_store import line_of

EVENT = ["{", '  "a": [', '    "x]y",', "    1", "  ],", '  "b": {}', "}"]


def at(row: int, column: int) -> Location:
    return Location(row, column)


def partner(lines: list[str], row: int, column: int) -> Location | None:
    return editing.partner(lines, row, column, lines[row][column], first=0, last=len(lines) - 1)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        pytest.param((0, 0), (6, 0), id="over-lines"),
        pytest.param((1, 7), (4, 2), id="not-the-one-in-the-string"),
        pytest.param((5, 7), (5, 8), id="side-by-side"),
    ],
)
def test_brackets_find_their_partners_both_ways(here: tuple[int, int], there: tuple[int, int]) -> None:
    assert partner(EVENT, *here) == there
    assert partner(EVENT, *there) == here


@pytest.mark.parametrize("lines", [["{", "]"], ["{"], ["[", "{", "]"], ["}"]])
def test_a_bracket_without_a_right_partner_has_none(lines: list[str]) -> None:
    assert partner(lines, 0, 0) is None


def test_a_partner_out_of_sight_is_not_looked_for() -> None:
    assert editing.partner(EVENT, 0, 0, "{", first=0, last=5) is None


def test_the_bracket_on_the_cursor_comes_before_the_one_left_of_it() -> None:
    assert editing.bracket_at(EVENT, at(5, 8)) == (5, 8)
    assert editing.bracket_at(EVENT, at(5, 9)) == (5, 8)
    assert editing.bracket_at(EVENT, at(0, 0)) == editing.bracket_at(EVENT, at(0, 1)) == (0, 0)
    assert editing.bracket_at(["a{"], at(0, 0)) is None
    assert editing.bracket_at(EVENT, at(2, 6)) is None


@pytest.mark.parametrize(
    ("lines", "location", "inserted", "behind"),
    [
        pytest.param(['  "a": 1,'], (0, 9), "\n  ", 0, id="keeps-the-indentation"),
        pytest.param(["{"], (0, 1), "\n  ", 0, id="goes-deeper-after-a-bracket"),
        pytest.param(["{}"], (0, 1), "\n  \n", 1, id="opens-a-pair"),
        pytest.param(["{", "\t[]"], (1, 2), "\n\t\t\n\t", 2, id="indents-as-the-text-does"),
        pytest.param(["    "], (0, 2), "\n  ", 0, id="inside-white-space"),
        pytest.param([""], (0, 0), "\n", 0, id="nothing-there"),
        pytest.param(["{}"], (0, 2), "\n", 0, id="after-a-pair"),
        pytest.param(["[}"], (0, 1), "\n  ", 0, id="no-pair"),
        pytest.param(['{"a": {},'], (0, 7), "\n  \n", 1, id="opens-a-pair-before-more"),
    ],
)
def test_enter(lines: list[str], location: tuple[int, int], inserted: str, behind: int) -> None:
    assert editing.after_enter(lines, at(*location)) == (inserted, behind)


def test_a_closing_bracket_stands_under_the_line_it_closes() -> None:
    lines = ["{", '  "a": [', "    "]
    assert editing.closing_indentation(lines, at(2, 4), "]") == "  "
    assert editing.closing_indentation(lines, at(2, 4), "}") is None
    assert editing.closing_indentation(["  {", "1"], at(1, 1), "}") is None
    assert editing.closing_indentation([" {", "   "], at(1, 3), "}") == " "


def test_words_are_crossed_one_at_a_time() -> None:
    lines = ['  "ab": 12', "x"]
    stops = [at(0, 0)]
    while stops[-1] != (1, 1):
        stops.append(editing.word_right(lines, stops[-1]))
    assert stops == [(0, 0), (0, 3), (0, 5), (0, 7), (0, 10), (1, 0), (1, 1)]
    stops = [at(1, 1)]
    while stops[-1] != (0, 0):
        stops.append(editing.word_left(lines, stops[-1]))
    assert stops == [(1, 1), (1, 0), (0, 10), (0, 8), (0, 5), (0, 3), (0, 2), (0, 0)]


def test_the_ends_of_the_text_stop_words() -> None:
    assert editing.word_left(["ab"], at(0, 0)) == (0, 0)
    assert editing.word_right(["ab"], at(0, 2)) == (0, 2)


@pytest.mark.parametrize(
    ("column", "word"),
    [(4, "a b"), (8, ""), (11, "12"), (22, "true"), (28, "x")],
)
def test_the_word_of_a_double_click(column: int, word: str) -> None:
    line = '{ "a b": [12, false, true, "x"]}'
    start, end = editing.word_at(line, column)
    assert line[start:end] == word


def test_the_unit_of_indentation_is_taken_from_the_text() -> None:
    assert editing.indent_unit(["{", "    1"], 0) == "    "
    assert editing.indent_unit(["{", "\t1"], 1) == "\t"
    assert editing.indent_unit(["{}"], 0) == "  "
    assert editing.indent_unit([" {", "\t\t1"], 0) == " ", "tabs are no more of a space"
    assert editing.indent_unit(["{", " 1", "          2"], 0) == " ", "nor is what stands far to the right a level"
    assert editing.indent_unit(["{", "   ", "     ", "  1"], 2) == "  ", "nor is a row of white space"
    odd = ["{", " 1", "{", "    2", "}", "{", "    3"]
    assert editing.indent_unit(odd, 3) == "    ", "an odd row is none"


def test_deep_in_a_text_a_level_is_what_it_is_at_its_beginning() -> None:
    deep = ["{", '   "a": {', '      "b": [', *['         {"c": 1},'] * 100, '         {"d":', "            2", "}"]
    assert editing.indent_unit(deep, 60) == "   ", "nothing goes deeper near"
    assert editing.indent_unit(deep, 102) == "   ", "the depth of the first row near is no level"


def test_in_a_line_of_any_length_only_what_is_near_is_read() -> None:
    far = " " * editing._REACH
    long = line_of('["' + "x" * 100_000 + '"]')
    assert editing.word_at(long, 3) == (2, 100_002)
    assert partner(["{", "}" + far], 0, 0) == (1, 0)
    assert partner(["{" + far, "}"], 1, 0) is None
    assert partner([far + "{", "}"], 1, 0) == (0, len(far))
    assert editing.word_left([far + "  "], at(0, len(far) + 2)) == (0, 2)
    assert editing.word_right([far + "  "], at(0, 0)) == (0, len(far))
    assert editing.closing_indentation(["{", far + "  "], at(1, len(far) + 1), "}") is None
    assert editing.indentation(far + "  ") == far
