"""Numbers for values: the same for equal ones, and what is ignored makes no difference."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given

from fgtui.sessions.diff.comparison import NOWHERE, Comparison
from fgtui.sessions.diff.shapes import Shapes, tokens_of
from tests.sessions.diff.test_changes import typed, values


@given(values, values)
def test_equal_values_have_equal_numbers_and_no_others_have(one: Any, other: Any) -> None:
    shapes = Shapes()
    assert shapes.number(one, NOWHERE) == shapes.number(copy.deepcopy(one), NOWHERE)
    assert (shapes.number(one, NOWHERE) == shapes.number(other, NOWHERE)) == (typed(one) == typed(other))


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ({"a": 1, "b": [1]}, {"a": 2, "b": [1]}, "a"),
        ({"a": 1}, {}, "a"),
        ([{"at": "2026-11-22T09:46:01Z"}], [{"at": "2026-11-22T09:46:02Z"}], "~time"),
        ([[1, 2], 3], [3, [2, 1]], "~order"),
        ([1, 2], [9, 2], "[0]"),
    ],
)
def test_what_is_ignored_makes_no_difference(one: Any, other: Any, rule: str) -> None:
    shapes, place = Shapes(), Comparison.parse([rule]).places()
    assert shapes.number(one, place) == shapes.number(other, place)
    assert shapes.number(one, NOWHERE) != shapes.number(other, NOWHERE)


@pytest.mark.parametrize(
    ("old", "new", "by_place"),
    [
        ([], [], True),
        ([1], [2], True),
        ([1, 2, 3], [2, 3, 4], False),
        ([0, 0, 1, 1], [1, 0, 1, 1], True),
        ([{"id": 1}, {"id": 2}], [{"id": 1}, {"id": 2}], True),
        ([{"id": 1}, {"id": 2}], [{"id": 2}, {"id": 1}], False),
        ([{"id": 1}], [{"id": 1}, {"id": 2}], False),
    ],
)
def test_items_stay_in_their_places_unless_something_speaks_for_others(old: Any, new: Any, by_place: bool) -> None:
    assert (tokens_of(old, new, NOWHERE, Shapes()) is None) is by_place
