from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.sessions import strict_json
from tests.sessions.strategies import any_text

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_what_was_written_reads_back(value: object) -> None:
    assert strict_json.read(strict_json.write(value)) == json.loads(json.dumps(value))


@given(values)
def test_nothing_written_acts_on_a_terminal_or_fails_in_utf8(value: object) -> None:
    written = strict_json.write(value)
    assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in written)
    assert written.encode()


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}', "{} {}", "", "'a'", "[1,]", "\ufeff{}"])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        strict_json.read(text)


@pytest.mark.parametrize("value", [float("nan"), [float("inf")]])
def test_a_number_json_cannot_say_is_never_written(value: object) -> None:
    with pytest.raises(ValueError):
        strict_json.write(value)


def test_a_number_beyond_a_double_stays_a_number() -> None:
    assert strict_json.write(strict_json.read("[1E400, 1.5]")).startswith("[1000")
    assert strict_json.read("123456789012345678901234567890") == 123456789012345678901234567890
    assert isinstance(strict_json.read("9" * 5000), int)


def test_depth_is_no_obstacle_in_either_direction() -> None:
    text = "[" * 50_000 + "]" * 50_000
    assert strict_json.write(strict_json.read(text)) == text
    names = '{"a": ' * 5_000 + "[1, 2]" + "}" * 5_000
    assert strict_json.write(strict_json.read(names)) == names


@pytest.mark.parametrize(("text", "value"), [("", None), ("ok", "ok"), ('"ok"', "ok"), ("1", 1), ("NaN", "NaN")])
def test_text_that_is_no_json_stands_for_itself(text: str, value: object) -> None:
    assert strict_json.read_or_text(text) == value
