"""Paths with wildcards find places, and name the column of what is no path."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import EventError
from fgtui.events.patterns import Pattern, find_all, matches, parse_pattern, spell
from fgtui.events.text import scan


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("a", ("a",)),
        ("Records[*].s3.object.key", ("Records", None, "s3", "object", "key")),
        ("headers.x-request-id", ("headers", "x-request-id")),
        ('"a.b"[0].$oid', ("a.b", 0, "$oid")),
        ('""', ("",)),
        ("[3][*]", (3, None)),
    ],
)
def test_a_path_is_read_step_by_step(text: str, pattern: Pattern) -> None:
    assert parse_pattern(text) == pattern
    assert spell(pattern) == text


@pytest.mark.parametrize(
    ("text", "column"), [("", 1), (".a", 1), ("a.", 2), ("a[", 2), ("a[x]", 2), ("a]", 2), ('a."b', 2), ("a[-1]", 2)]
)
def test_what_is_no_step_is_named_with_its_column(text: str, column: int) -> None:
    with pytest.raises(EventError) as caught:
        parse_pattern(text)
    assert caught.value.column == column


names = st.text(alphabet=st.characters(exclude_characters='"', exclude_categories=["Cs"]), max_size=5)


@given(st.lists(st.one_of(names, st.integers(0, 999), st.none()), min_size=1).map(tuple))
def test_what_is_spelled_is_read_back(pattern: Pattern) -> None:
    assert parse_pattern(spell(pattern)) == pattern


def test_places_are_found_in_order_and_of_duplicates_the_last() -> None:
    document = scan('{"a": [0], "a": [{"b": 1}, {"b": 2, "b": 3}, 4]}')
    found = [document.literal(node) for node in find_all(document, ("a", None, "b"))]
    assert found == ["1", "3"]


@pytest.mark.parametrize("pattern", [("a", 9), ("a", "b"), (0,), ("b",), ("a", 0, "x")])
def test_a_place_that_is_not_there_is_not_found(pattern: Pattern) -> None:
    assert list(find_all(scan('{"a": [1]}'), pattern)) == []
    assert list(find_all(scan(""), pattern)) == []


@pytest.mark.parametrize(
    ("path", "fits"),
    [(("a", 0, "b"), True), (("a", 7, "b"), True), (("a", "x", "b"), False), (("a", 0), False), (("a", 0, "c"), False)],
)
def test_a_wildcard_stands_for_any_item(path: tuple[str | int, ...], fits: bool) -> None:
    assert matches(("a", None, "b"), path) is fits
