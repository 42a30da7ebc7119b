"""Expressions a person types: what Python's own says of them, in time that is bounded whatever they say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.errors import UsageError
from fgtui.sessions.diff.linear_regex import PATTERN_LIMIT, LinearRegex

atoms = st.sampled_from(
    ["a", "b", ".", r"\d", r"\W", r"\.", "[ab]", "[^a]", "[a-c0-9]", "[]a]", "[a-]", "中", r"[\d_]"]
)
patterns = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map(lambda each: f"({'|'.join(each)})")
        | st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}"])).map(
            lambda each: f"(?:{each[0]}){each[1]}"
        )
    ),
    max_leaves=8,
)


@settings(max_examples=80)
@given(patterns, st.text("ab.0_中-", max_size=10))
def test_it_says_what_the_interpreters_own_says(pattern: str, text: str) -> None:
    assert LinearRegex(pattern).fullmatch(text) == bool(re.fullmatch(pattern, text, re.DOTALL))


@pytest.mark.parametrize(
    ("pattern", "text", "stands"),
    [
        ("", "", True),
        ("^a$", "a", True),
        (r"v\d+\.\d+", "v1.20", True),
        (r"v\d+", "xv1", False),
        ("a|", "", True),
        (r"\n\t\\", "\n\t\\", True),
        ("a.c", "a\nc", True),
        ("a+?", "aa", True),
        ("()*a", "a", True),
    ],
)
def test_an_expression_stands_for_the_whole_text(pattern: str, text: str, stands: bool) -> None:
    assert LinearRegex(pattern).fullmatch(text) is stands


def test_it_tells_whether_it_stands_for_a_beginning() -> None:
    expression = LinearRegex(r"a\.b")
    assert expression.ends_at("a.b.c", {3})
    assert not expression.ends_at("a.b.c", {1, 5})


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|a)*b", "(a+a+)+b", "(.*)(.*)(.*)(.*)(.*)b", "(a|aa)+b"])
def test_what_takes_others_years_takes_it_no_time(pattern: str) -> None:
    assert not LinearRegex(pattern).fullmatch("a" * 20_000)


def test_one_that_has_to_try_too_much_says_so() -> None:
    with pytest.raises(UsageError, match="takes too long"):
        LinearRegex("((.?){100}){13}x").fullmatch("".join(map(chr, range(1000, 1600))))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(a", "character 3 a group is not closed"),
        ("a)", "character 2 a group is closed that was not opened"),
        ("[ab", "a [ is not closed"),
        ("*a", r"character 1 * means nothing there"),
        ("a|+", "character 3 + means nothing there"),
        ("a\\", "nothing follows the last"),
        (r"(a)\1", r"\1 is not known"),
        ("(?=a)", "(…) and (?:…) only"),
        ("(?P<x>a)", "(…) and (?:…) only"),
        ("a{101}", "{3}, {3,} or {3,5}, up to 100"),
        ("a{", "{3}, {3,} or {3,5}"),
        ("a{x}", "{3}, {3,} or {3,5}"),
        ("a^", "^ means nothing there"),
        ("((a{100}){100}){100}", "too large"),
        ("(" * 41 + ")" * 41, "nested deeper than 40"),
        ("a" * (PATTERN_LIMIT + 1), "longer than 500"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(pattern: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        LinearRegex(pattern)
    assert said in str(refused.value)
