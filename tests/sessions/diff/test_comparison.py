"""What is not compared: rules as people write them, what they mean at each place, and numbers that are near enough."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import UsageError
from fgtui.sessions.diff.changes import diff
from fgtui.sessions.diff.comparison import KINDS, NOWHERE, Comparison, Place, Tolerance, Wild, parse_rule
from fgtui.sessions.diff.exact import read


def place(rules: list[str], *path: str | int) -> Place:
    here = Comparison.parse(rules).places()
    for key in path:
        here = here.below(key)
    return here


@pytest.mark.parametrize(
    ("rule", "path", "ignored"),
    [
        ("a", ("a",), True),
        ("a", ("a", "b", 3), True),
        ("a", ("b",), False),
        ("a.b", ("a",), False),
        ("a[1]", ("a", 1), True),
        ("a[1]", ("a", 2), False),
        ("a[1]", ("a", "1"), False),
        ("a[*].b", ("a", 7, "b"), True),
        ("a[*].b", ("a", "x", "b"), False),
        ("a.*.b", ("a", "x", "b"), True),
        ("a.*.b", ("a", 7, "b"), False),
        ("**.b", ("b",), True),
        ("**.b", ("a", 0, "c", "b"), True),
        ("a.**.b", ("a", "b"), True),
        ("a.**.b", ("a", 1, 2, "b"), True),
        ("a.**.b", ("c", "b"), False),
        ("a.**.b.**.c", ("a", "b", "x", "c"), True),
        ("**[0]", ("a", 0), True),
        ("**[0]", ("a", 1), False),
        ('"[*]"', ("[*]",), True),
        ('a["b c"]', ("a", "b c"), True),
        ("x-stage", ("x-stage",), True),
        ("名称", ("名称",), True),
        ("[*]", (3,), True),
        ("*", ("any",), True),
    ],
)  # fmt: skip
def test_a_path_is_a_place_with_all_below_it(rule: str, path: tuple[str | int, ...], ignored: bool) -> None:
    assert place([rule], *path).ignored is ignored


@pytest.mark.parametrize("rule", ["", " ", "\t"])
def test_an_empty_rule_would_ignore_everything_and_is_refused(rule: str) -> None:
    with pytest.raises(UsageError, match="an empty rule would ignore everything"):
        Comparison.parse(["a", rule])


def test_places_that_no_rule_names_are_one_place_however_many_there_are() -> None:
    root = Comparison.parse(["a[*].id", "**.x"]).places()
    items = root.below("a")
    assert items.below(0) is items.below(99_999)
    assert root.below("b") is root.below("c")


def test_without_rules_nothing_is_looked_up() -> None:
    assert Comparison.parse([]).places() is NOWHERE
    assert NOWHERE.below("a") is NOWHERE


def test_a_rule_that_is_written_twice_is_one() -> None:
    assert len(Comparison.parse(["a", "a"]).rules) == 1


def blank(kind: str, value: Any) -> object:
    return KINDS[kind](value)


@pytest.mark.parametrize(
    ("kind", "old", "new", "equal"),
    [
        ("time", "2026-11-22T09:46:01.123Z", "2027-01-02T00:00:00+08:00", True),
        ("time", "2026-11-22", "2026-11-23", True),
        ("time", "Sun, 22 Nov 2026 09:46:01 GMT", "Mon, 23 Nov 2026 09:46:01 GMT", True),
        ("time", "20261122T094601Z", "20261122T094602Z", True),
        ("time", "at 09:46:01, done", "at 09:46:59, done", True),
        ("time", "at 09:46:01, done", "at 09:46:59, failed", False),
        ("time", 1_795_651_636, 1_795_651_700.5, True),
        ("time", 1_795_651_636_381, 1_795_651_636_999, True),
        ("time", "1795651636381", "1795651636999", True),
        ("time", 42, 43, False),
        ("time", 1_795_651_636, None, False),
        ("time", 10**400, 10**400 + 1, False),
        ("time", -(10**400), -1, False),
        ("time", True, False, False),
        ("uuid", "b53cf3a2-a7c2-4705-822e-085f0d325fea", "E05AC590-1d0b-42db-aa87-69065993e7b4", True),
        ("uuid", "order b53cf3a2-a7c2-4705-822e-085f0d325fea", "order e05ac590-1d0b-42db-aa87-69065993e7b4", True),
        ("uuid", "b53cf3a2", "e05ac590", False),
        ("id", "01d6067dca094e0a9ffb392cd87c99f1", "d19742b8eaaf4a5dacf1535c6fa31e89", True),
        ("id", "internationalisation", "industrialisationism", False),
        ("id", "id b53cf3a2-a7c2-4705-822e-085f0d325fea", "id e05ac590-1d0b-42db-aa87-69065993e7b4", True),
        ("number", 1, 2.5, True),
        ("number", "took 3.2 ms", "took 41 ms", True),
        ("number", "took 3.2 ms", "took 3.2 s", False),
        ("number", 1, "1", False),
        ("number", 1, True, False),
    ],
)
def test_a_kind_of_value_is_taken_out_of_both(kind: str, old: object, new: object, equal: bool) -> None:
    one, other = blank(kind, old), blank(kind, new)
    assert (type(one) is type(other) and one == other) is equal


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=60))
def test_taking_out_a_kind_never_fails_and_is_done_once(kind: str, text: str) -> None:
    assert isinstance(blank(kind, text), str)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_hostile_texts_take_no_time(kind: str) -> None:
    for piece in ("1", "a-", "2026-", "0:", "Mon, 1 Jan ", "9e", "aaaaaaaa-1111-"):
        blank(kind, piece * 50_000)


@pytest.mark.parametrize(
    ("rule", "steps", "what"),
    [
        ("a.b~time", ("a", "b"), "time"),
        ("~order", (), "order"),
        ("**.at~/v[0-9]+/", (Wild.DEPTH, "at"), "/v[0-9]+/"),
        ('"a~b"', ("a~b",), ""),
        ("items[*]~order", ("items", Wild.ITEM), "order"),
    ],
)
def test_a_rule_is_a_place_and_what_is_ignored_there(rule: str, steps: tuple[object, ...], what: str) -> None:
    read = parse_rule(rule)
    assert (read.text, read.steps, read.what) == (rule, steps, what)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("a..b", "character 3"),
        ("a.", "character 2"),
        (".a", "character 1"),
        ("a[-1]", "character 2"),
        ("a[", "character 2"),
        ("a b", "character 2"),
        ("a.0", "character 3"),
        ("a.[0]", "character 3"),
        ("**.[0]", "character 4"),
        ("a/b", "character 2"),
        ("/a", "character 1"),
        ("/a/b", "character 4"),
        ("~/a/b/", "character 5"),
        ("/a/~order", "character 4"),
        ("a~tme", "no kind of value 'tme'"),
        ("a~", "no kind of value ''"),
        ("/(/", "a group is not closed"),
        ("~/[/", "a [ is not closed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(rule: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        Comparison.parse(["fine", rule])
    assert said in str(refused.value)
    assert refused.value.hint.format_map(refused.value.values)


@pytest.mark.parametrize(
    ("tolerance", "old", "new", "near"),
    [
        ("0.2", "123456789012345678.5", "123456789012345678.6", True),
        ("0.01", "123456789012345678.5", "123456789012345678.6", False),
        ("1", "9" * 4301, "9" * 4300 + "8", True),
        ("0.5", "9" * 4301, "9" * 4300 + "8", False),
        ("1%", "1E999999999", "1.001E999999999", True),
        ("1%", "1E999999999", "1E999999998", False),
        ("1%", "1E9999999999999999999999", "1E9999999999999999999998", False),
        ("0", "0.1", "0.10000000000000000001", False),
        ("0.1", "0.1", "0.10000000000000000001", True),
    ],
)
def test_a_tolerance_counts_with_every_digit(tolerance: str, old: str, new: str, near: bool) -> None:
    assert Tolerance.parse(tolerance).covers(read(old), read(new)) is near


def test_a_number_of_many_digits_is_a_number_and_may_be_a_time() -> None:
    ignored = [Comparison.parse([rule]) for rule in ("~number", "~time")]
    values = [read(text) for text in ("1700000000.00000000001", "1700000000.00000000002", "5.00000000000000000001")]
    assert [diff(*values[:2], each) for each in ignored] == [(), ()]
    assert [bool(diff(*values[1:], each)) for each in ignored] == [False, True]


@pytest.mark.parametrize(
    ("tolerance", "old", "new", "near"),
    [
        (0.01, 1.0, 1.009, True),
        (0.01, 1.0, 1.02, False),
        ("0.01", 100, 100.005, True),
        ("1%", 100, 101, True),
        ("1%", 100, 102, False),
        ("1%", -100, -100.5, True),
        ("0", 1, 1.0, True),
        ("1%", 0, 0.0, True),
        ("0.5", True, 1, False),
        ("0.5", "1", "1", False),
        ("0.5", 10**400, 0.5, False),
        ("1%", 10**400, 10**400 + 1, False),
        ("5", 10**400, 10**400 + 1, True),
        ("1", float("1e308"), -float("1e308"), False),
    ],
)
def test_numbers_may_be_apart_by_as_much_as_is_said(tolerance: Any, old: object, new: object, near: bool) -> None:
    assert Tolerance.parse(tolerance).covers(old, new) is near


@pytest.mark.parametrize("tolerance", ["", "x", "%", "-1", "nan", "inf", "1e999", "1 %%"])
def test_a_tolerance_that_is_none_is_refused(tolerance: str) -> None:
    with pytest.raises(UsageError, match="a tolerance is a number"):
        Comparison.parse(tolerance=tolerance)
