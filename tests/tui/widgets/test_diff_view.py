"""What changed since a recording: a sign and a place for each difference, data as data."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from fgtui.sessions.diff.changes import Compared, diff
from fgtui.sessions.diff.rows import VALUE_LIMIT
from fgtui.terminal.display import displayable_line
from fgtui.tui.widgets.diff_view import SHOWN_CHANGES, Difference, DiffRows, diff_text
from tests.tui.hostile import EVERYTHING, shows_no_control


def lines_of(old: object, new: object) -> list[str]:
    return list(diff_text(Difference(Compared(diff(old, new)), "orders #340")).lines)


def test_the_same_is_said_in_words() -> None:
    assert lines_of({"a": 1}, {"a": 1}) == ["= the same as orders #340"]


@pytest.mark.parametrize(
    ("compared", "lines"),
    [
        pytest.param(
            Compared(is_possible=False),
            ["· nothing to compare with orders #340: only one of the two was sent"],
            id="never-sent",
        ),
        pytest.param(
            Compared(is_respelled=True),
            [
                "= the same as orders #340",
                "the texts differ, the values do not: white space, escapes or the order of members",
            ],
            id="respelled",
        ),
        pytest.param(
            Compared(unknown=1200),
            [
                "= the same as orders #340",
                "1,200 values could not be compared: they were redacted in another store",
            ],
            id="redacted-elsewhere",
        ),
    ],
)
def test_what_the_same_does_not_say_is_said_too(compared: Compared, lines: list[str]) -> None:
    assert list(diff_text(Difference(compared, "orders #340")).lines) == lines


def test_one_difference_is_one() -> None:
    assert lines_of({"a": 1}, {"a": 2})[0] == "~ 1 difference to orders #340"


def test_each_difference_has_a_sign_a_place_and_both_values() -> None:
    assert lines_of({"a": [1, "x"], "gone": None}, {"a": [2, "x"], "new-key": {"b": "[/x]"}}) == [
        "~ 3 differences to orders #340",
        "",
        "~ a[0]",
        "  - 1",
        "  + 2",
        "- gone",
        "  - null",
        '+ "new-key"',
        '  + {"b": "[/x]"}',
    ]


def test_a_huge_value_is_cut() -> None:
    lines = lines_of("x" * 1_000_000, "y")
    assert all(len(line) <= VALUE_LIMIT + 10 for line in lines)


def test_every_line_is_displayable_before_it_is_drawn() -> None:
    """A line end in a key or value must not make a line that reads like a difference of its own."""
    lines = lines_of({EVERYTHING + "\n+ forged": EVERYTHING + "\n  + forged"}, {})
    assert len(lines) == 4
    assert all(shows_no_control(displayable_line(line)) for line in lines)
    assert not any(line.startswith("+ forged") for line in lines)


def test_what_is_painted_is_the_line_itself() -> None:
    text = diff_text(Difference(Compared(diff({"a": 1, "b": 2}, {"a": 2, "c": 3})), "orders #1"))
    for index, line in enumerate(text.lines):
        assert "".join(piece for piece, _ in text.paint(index, line, 0, len(line))) == line


def test_very_many_differences_are_laid_out_as_far_as_anybody_reads() -> None:
    changes = diff(list(range(SHOWN_CHANGES + 5)), [-1 - at for at in range(SHOWN_CHANGES + 5)])
    rows = DiffRows(Difference(Compared(changes), "orders #1"))
    below = rows.unified()
    assert below.shown.lines[-1].strip() == "… and 5 more, which fgtui diff prints"
    assert len(below.places) == SHOWN_CHANGES
    beside = rows.side_by_side(80)
    assert [beside.shown.lines[at] for at in beside.places[:2]] == ["~ [0]", "~ [1]"]
    assert len(beside.shown.lines) == 2 + 2 * SHOWN_CHANGES + 1


@pytest.mark.parametrize("width", [60, 81, 200])
def test_both_sides_are_painted_as_they_are_written(width: int) -> None:
    old, new = {"名称": "订单" * 40, "b": [1]}, {"名称": "订单" * 39 + "货", "b": {"x": EVERYTHING}}
    text = DiffRows(Difference(Compared(diff(old, new)), "orders #1")).side_by_side(width).shown
    for index, line in enumerate(text.lines):
        assert cell_len(line) <= width
        for start, end in ((0, len(line)), (3, 17), (len(line), len(line) + 9)):
            assert "".join(piece for piece, _ in text.paint(index, line, start, end)) == line[start:end]
    assert text.lines[-1:] == text.lines[len(text.lines) - 1 :]
