"""Python source that means exactly the value it was made of."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.sessions.export.python_text import (
    DEPTH_LIMIT,
    UnspellableError,
    bytes_literal,
    comment,
    literal,
    text_literal,
)
from fgtui.terminal.display import is_displayable
from tests.sessions.export.test_shell_words import HOSTILE
from tests.sessions.strategies import any_text

texts = any_text | st.lists(st.sampled_from([*HOSTILE, "'''", '"""', "\\", "\r\n", "\x0c", "\u2028"]), max_size=8).map(
    "".join
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(texts, st.integers(0, 3))
def test_a_text_is_itself(text: str, indent: int) -> None:
    written = text_literal(text, indent * 4)
    assert ast.literal_eval(written) == text
    assert is_displayable(written)


@given(st.binary(max_size=30) | texts.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_bytes_are_themselves(content: bytes) -> None:
    assert eval(bytes_literal(content)) == content


@given(values)
def test_a_value_is_itself_of_the_same_type(value: object) -> None:
    read = ast.literal_eval(literal(value))
    assert read == value
    assert repr(read) == repr(value)


def test_text_reads_as_it_was_written() -> None:
    assert text_literal("plain") == '"plain"'
    assert text_literal('{"a": 1}') == "'{\"a\": 1}'"
    assert text_literal('{\n  "a": "it\'s \\n"\n}') == "r'''{\n  \"a\": \"it's \\n\"\n}'''"
    assert text_literal("a\rb\n'''\n") == '(\n    "a\\r"\n    "b\\n"\n    "\'\'\'\\n"\n)'


def test_a_long_value_goes_over_several_lines() -> None:
    assert literal({"a": [1, 2]}) == '{"a": [1, 2]}'
    assert literal({"a": "x" * 120, "b": []}) == '{\n    "a": "' + "x" * 120 + '",\n    "b": [],\n}'


@pytest.mark.parametrize("value", [float("inf"), float("nan"), pytest.param(10**9000, id="long"), b"", object()])
def test_what_python_cannot_spell_is_refused(value: object) -> None:
    with pytest.raises(UnspellableError):
        literal([value])


def test_what_python_s_parser_cannot_read_is_refused() -> None:
    deep: object = 1
    for _ in range(DEPTH_LIMIT - 1):
        deep = [deep]
    assert ast.literal_eval(literal(deep)) == deep
    with pytest.raises(UnspellableError):
        literal([deep])


def test_a_comment_is_one_line() -> None:
    assert "\n" not in comment("a\r\nimport os\u2028x")
