"""JSON laid out anew: only whitespace changes, whatever the text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.layout import compact, moved, pretty, spaced

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=25,
)


@given(VALUES, st.sampled_from([None, 0, 1, 4, "\t"]), st.booleans())
def test_the_two_one_line_layouts_are_those_of_the_standard_writers(value, indent, ascii_only) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert compact(text) == json.dumps(value, separators=(",", ":"), ensure_ascii=ascii_only)
    assert spaced(text) == json.dumps(value, ensure_ascii=ascii_only)


@given(VALUES, st.sampled_from(["", "  ", "\t"]), st.sampled_from(["  ", "    ", "\t"]))
def test_pretty_text_has_the_same_tokens_and_follows_its_surroundings(value, indent, unit) -> None:
    text = json.dumps(value, separators=(",", ":"))
    assert pretty(text, indent, unit) == json.dumps(value, indent=unit).replace("\n", "\n" + indent)


@given(VALUES, st.sampled_from(["", "  ", "      "]), st.sampled_from(["", "  ", "      "]))
def test_a_moved_text_stands_as_one_that_was_laid_out_there(value, before, indent) -> None:
    text = json.dumps(value)
    assert moved(pretty(text, before), indent) == pretty(text, indent)


def test_numbers_and_escapes_come_out_as_they_went_in() -> None:
    text = r'{"a":[1.10,-0,1E400,"\u0041\/,: {}"],"a":12345678901234567890123}'
    assert compact(spaced(text)) == text
    assert compact(pretty(text)) == text


def test_an_object_that_starts_with_an_inline_name_begins_on_the_line_it_is_on() -> None:
    assert pretty('{"data":{"$base64":{"$json":{"a":1}}}}', inline={'"$base64"', '"$json"'}) == (
        '{\n  "data": {"$base64": {"$json": {\n    "a": 1\n  }}}\n}'
    )


@pytest.mark.parametrize("text", ["[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000])
def test_nesting_that_would_square_the_text_stays_on_one_line(text: str) -> None:
    assert pretty(text) == text


def test_many_members_on_a_deep_line_are_still_bounded() -> None:
    text = "[" * 60 + ",".join("1" * 1 for _ in range(200_000)) + "]" * 60
    assert len(pretty(text)) <= 13 * len(text)
