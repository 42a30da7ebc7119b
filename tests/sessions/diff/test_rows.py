"""Differences as rows: what was, what is, which part of it changed; long values around their change, texts by line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.cli.output import display_width
from fgtui.sessions.diff.changes import diff
from fgtui.sessions.diff.rows import VALUE_LIMIT, Row, RowKind, common_ends, rows_of, spelled, window


def rows(old: Any, new: Any) -> list[Row]:
    return list(rows_of(diff(old, new)))


def test_a_changed_value_has_the_part_that_changed() -> None:
    place, value = rows({"name": "order 17 done"}, {"name": "order 18 done"})
    assert (place.kind, place.sign, place.left) == (RowKind.PLACE, "~", "name")
    assert (value.left, value.right) == ('"order 17 done"', '"order 18 done"')
    assert value.left[slice(*value.left_span)] == "7"
    assert value.right[slice(*value.right_span)] == "8"


def test_the_whole_has_a_name() -> None:
    assert rows(1, 2)[0].left == "(all of it)"


def test_what_is_only_on_one_side_is_told_there() -> None:
    added, removed = rows({}, {"a": [1]}), rows({"a": [1]}, {})
    assert [(row.kind, row.sign, row.left, row.right) for row in (added[1], removed[1])] == [
        (RowKind.ADDED, "+", "", "[1]"),
        (RowKind.REMOVED, "-", "[1]", ""),
    ]


def test_items_in_another_order_are_told_by_their_indexes() -> None:
    place, note, move = rows(["a", "b", "c"], ["c", "a", "b"])
    assert (place.sign, note.left) == (">", "1 item is in another place")
    assert (move.kind, move.left, move.right) == (RowKind.MOVED, "[2]", "[0]")
    many = rows(list(range(200)), list(range(199, -1, -1)))
    assert many[-1].left == "and 149 more"


@pytest.mark.parametrize("at", [0, 500, 5_000, 99_999])
def test_a_long_value_is_cut_around_what_changed(at: int) -> None:
    old, new = "x" * at + "OLD" + "x" * (100_000 - at), "x" * at + "NEW" + "x" * (100_000 - at)
    value = rows([old], [new])[1]
    assert value.left[slice(*value.left_span)] == "OLD"
    assert value.right[slice(*value.right_span)] == "NEW"
    assert len(value.left) <= VALUE_LIMIT + 2


@given(st.text("ab", max_size=12), st.text("ab", max_size=12))
def test_common_ends_are_as_long_as_can_be(old: str, new: str) -> None:
    first, last = common_ends(old, new)
    assert old[:first] == new[:first]
    assert old[len(old) - last :] == new[len(new) - last :]
    assert first + last <= min(len(old), len(new))
    assert old[first : first + 1] != new[first : first + 1] or first == min(len(old), len(new))


def test_a_value_of_any_depth_is_spelled() -> None:
    deep: Any = []
    for _ in range(50_000):
        deep = [deep]
    assert spelled(deep).startswith("[[[")
    assert spelled("\ud800") == '"\ud800"'


# Texts of many lines


def lines(old: str, new: str) -> list[str]:
    signs = {RowKind.SAME: " ", RowKind.NOTE: "…"}
    return [
        f"{signs.get(row.kind, row.sign)}{row.left}"
        + (f"|{row.right}" if row.kind is RowKind.CHANGED else "" if row.left else row.right)
        for row in rows([old], [new])[1:]
    ]


def numbered(count: int) -> list[str]:
    return [f"line {number}" for number in range(count)]


def test_a_text_of_many_lines_differs_by_line() -> None:
    old = numbered(12)
    new = [*old[:5], "line five", *old[6:9], *old[10:], "the end"]
    assert lines("\n".join(old), "\n".join(new)) == [
        "…… 3 lines that are the same",
        " line 3",
        " line 4",
        "~line 5|line five",
        " line 6",
        " line 7",
        " line 8",
        "-line 9",
        " line 10",
        " line 11",
        "+the end",
    ]


def test_a_line_end_more_is_a_difference() -> None:
    assert lines("a\nb", "a\nb\n")[-1] == "+"
    assert lines("a", "a\nb") == [" a", "+b"]


def test_lines_that_moved_are_gone_and_come() -> None:
    assert lines("a\nb\nc", "c\na\nb") == ["+c", " a", " b", "-c"]


def test_texts_of_very_many_lines_are_told_as_one_value() -> None:
    text = "x\n" * 150_000
    assert len(rows([text], [text + "y"])) == 2


# Windows


@given(
    st.text("a中\x1b\u202e", max_size=40),
    st.text("b名", max_size=40),
    st.text("c称\n", max_size=40),
    st.integers(8, 90),
)
def test_what_is_shown_fits_and_holds_the_change(before: str, changed: str, after: str, width: int) -> None:
    shown = window(before + changed + after, (len(before), len(before) + len(changed)), width, display_width)
    assert sum(map(display_width, shown)) <= width
    assert "\x1b" not in "".join(shown)
    assert not changed or shown.changed
