from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.sessions.interchange.json_stream import JsonStream, NotJsonError

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


def pieces(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


def members(stream: JsonStream) -> dict[str, str | None]:
    found = {}
    for name in stream.members():
        stream.enter()
        found[name] = stream.value()
    stream.end()
    return found


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(max_size=4), values, max_size=4), st.integers(1, 9), st.sampled_from([None, 1]))
def test_every_member_comes_out_whole_wherever_the_pieces_end(
    given: dict[str, object], size: int, indent: int | None
) -> None:
    text = json.dumps(given, indent=indent)
    found = members(JsonStream(pieces(text, size), limit=10_000))
    assert {name: json.loads(value or "") for name, value in found.items()} == given


@settings(max_examples=40, deadline=None)
@given(st.lists(values, max_size=4), st.integers(1, 9))
def test_every_element_comes_out_in_order(given: list[object], size: int) -> None:
    stream = JsonStream(pieces(f" {json.dumps(given, ensure_ascii=False)}\r\n", size), limit=10_000)
    assert [json.loads(stream.value() or "") for _ in stream.elements()] == given
    stream.end()


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_what_is_beyond_the_limit_is_passed_over(size: int) -> None:
    text = json.dumps([1, "x" * 50, {"a": ['\\"]' * 20]}, "y"])
    stream = JsonStream(pieces(text, size), limit=40)
    assert [stream.value() for _ in stream.elements()] == ["1", None, None, '"y"']


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it breaks off"),
        ("{", "it breaks off"),
        ('{"a', "it breaks off"),
        ('{"a\\', "it breaks off"),
        ('{"a": [1', "it breaks off"),
        ('{"a": ', "it breaks off"),
        ("[]", "'[' stands where { is due"),
        ("{a: 1}", "'a' stands where a name is due"),
        ('{"a" 1}', "'1' stands where : is due"),
        ('{"a": }', "'}' stands where a value is due"),
        ('{"a": 1 "b": 2}', "'\"' stands where , or } is due"),
        ('{"a": 1,}', "'}' stands where a name is due"),
        ('{"a": 1} x', "'x' stands where the end is due"),
    ],
)
def test_what_is_no_json_is_said(text: str, said: str) -> None:
    for size in (1, 100):
        with pytest.raises(NotJsonError) as error:
            members(JsonStream(pieces(text, size), limit=1000))
        assert str(error.value) == said


def test_depth_is_no_obstacle() -> None:
    text = "[" * 100_000 + "]" * 100_000
    stream = JsonStream(pieces(f"[{text}]", 4096), limit=1_000_000)
    assert [stream.value() for _ in stream.elements()] == [text]


def test_a_name_with_escapes_is_read() -> None:
    assert members(JsonStream(['{"\\u00e9\\"": 1}'], limit=100)) == {'é"': "1"}


def test_no_more_is_read_than_is_asked_for() -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        yield "["
        while True:
            read += 1
            yield '{"a": "b"}, '

    stream = JsonStream(endless(), limit=1000)
    taken = []
    for _ in stream.elements():
        taken.append(stream.value())
        if len(taken) == 50:
            break
    assert taken == ['{"a": "b"}'] * 50
    assert read <= 51
    assert len(stream._text) < 50
