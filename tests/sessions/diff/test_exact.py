"""JSON read so that what texts say differently does not come out as one value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.events.text import scan
from fgtui.sessions import strict_json
from fgtui.sessions.diff.exact import read, read_or_text, value_of

DEEP = "[" * 5_000, "]" * 5_000


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("123456789012345678.5", "123456789012345678.6"),
        ("9" * 4301, "9" * 4300 + "8"),
        ("1E999999999", "1E999999998"),
        ("1E99999999999999999999", "1E99999999999999999998"),
        ("1E999", "2E999"),
        ("1E999", "-1E999"),
        ("1E-400", "0.0"),
        ("0.1", "0.10000000000000000001"),
        ("1.0", "1"),
        ("9" * 4301 + ".0", "9" * 4301),
        ("1", "true"),
    ],
)
def test_numbers_that_say_different_things_differ(one: str, other: str) -> None:
    for around in (("[", "]"), DEEP):
        first, second = (read(f"{around[0]}{literal}{around[1]}") for literal in (one, other))
        assert strict_json.write(first) != strict_json.write(second)
    assert [read(one)] != [read(other)] or type(read(one)) is not type(read(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.10", "1.1"),
        ("1e2", "100.0"),
        ("1E999", "10e998"),
        ("-1.50E+999", "-15e998"),
        ("0e999", "0.0"),
        ("-0.0", "0.0"),
        ("0.30000000000000004", "0.300000000000000040"),
        ("123456789012345678.50", "1234567890123456785E-1"),
    ],
)
def test_spellings_of_one_number_are_one_value(one: str, other: str) -> None:
    assert read(one) == read(other)
    assert hash(read(one)) == hash(read(other))
    assert type(read(one)) is type(read(other))


finite = st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | finite | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=50)
@given(values)
def test_what_python_writes_it_reads_as_python_does_and_so_does_the_way_for_deep_texts(value: object) -> None:
    text = json.dumps(value)
    assert read(text) == value == value_of(scan(text))


@settings(max_examples=60)
@given(st.integers().filter(lambda digits: digits not in (0, -1)), st.integers(-400, 400))
def test_a_decimal_reads_as_the_number_itself(digits: int, exponent: int) -> None:
    one, other = f"{digits}e{exponent}", f"{digits}0e{exponent - 1}"
    assert read(one) == read(other)
    assert read(f"{digits + 1}e{exponent}") != read(one)


@pytest.mark.parametrize("around", [("", ""), ('{"a":' * 5000, "}" * 5000)], ids=["flat", "deep"])
def test_members_that_are_there_twice_are_kept_and_named(around: tuple[str, str]) -> None:
    value = read(f'{around[0]}{{"a": 1, "b": 0, "a": 2, "a #1": 4, "a": 3}}{around[1]}')
    while isinstance(value, dict) and "b" not in value:
        value = value["a"]
    assert value == {"a": 3, "b": 0, "a #2": 1, "a #3": 2, "a #1": 4}


def test_what_is_no_json_is_text_and_nothing_is_nothing() -> None:
    assert [read_or_text(text) for text in ("", "{,}", "NaN", "[1] 2")] == [None, "{,}", "NaN", "[1] 2"]
    assert read_or_text("[" * 100_000) == "[" * 100_000
