from __future__ import annotations

import jmespath
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fgtui.errors import EventError
from fgtui.events.text import format_path, parse_path

NAMES = st.one_of(
    st.text(),
    st.text(st.sampled_from("a.[]\"\\ \n\x00'中-$0_")),
    st.sampled_from(["", "x-amz-id", "a.b", "[0]", "$base64", "中文"]),
)
PATHS = st.lists(st.one_of(NAMES, st.integers(0, 10**6)), max_size=6).map(tuple)


@given(PATHS)
@example(())
@example((0,))
@example(("", 0, ""))
@example((0, 1, "a"))
@example(("\ud800", "\u2028"))
def test_every_path_is_read_back_as_it_was(path: tuple[str | int, ...]) -> None:
    assert parse_path(format_path(path)) == path


@given(st.lists(st.one_of(NAMES, st.integers(0, 3)), min_size=1, max_size=5).map(tuple))
def test_what_is_written_is_jmespath(path: tuple[str | int, ...]) -> None:
    value: object = "found"
    for step in reversed(path):
        value = {step: value} if isinstance(step, str) else [None] * step + [value]
    assert jmespath.search(format_path(path), value) == "found"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ()),
        ("Records[0].s3.object.key", ("Records", 0, "s3", "object", "key")),
        ('Records[0].responseElements."x-amz-request-id"', ("Records", 0, "responseElements", "x-amz-request-id")),
        ("[0]", (0,)),
        ("[0][1].a", (0, 1, "a")),
        ("headers.x-stage", ("headers", "x-stage")),
        ('headers["x-stage"]', ("headers", "x-stage")),
        ('["a b"].c', ("a b", "c")),
        ("用户.名称", ("用户", "名称")),
        ("a[ 0 ]", ("a", 0)),
        ('"a\\"b"', ('a"b',)),
        ('"\\u4e2d"', ("中",)),
        ("$base64", ("$base64",)),
        ("a[007]", ("a", 7)),
    ],
)
def test_paths_are_read_as_people_write_them(text: str, path: tuple[str | int, ...]) -> None:
    assert parse_path(text) == path


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("a.", 3, "a name is missing after the last dot of a."),
        ("a..b", 3, "a name is missing in the path a..b"),
        (".a", 1, "a name is missing in the path .a"),
        ("a.[0]", 3, "a name is missing in the path a.[0]"),
        ("a[-1]", 2, "an index counts from 0; a[-1] has a negative one"),
        ("a[*]", 2, "an index such as [0] is due in the path a[*]"),
        ("a[]", 2, "an index such as [0] is due in the path a[]"),
        ("a[0:2]", 2, "an index such as [0] is due in the path a[0:2]"),
        ("a[?b]", 2, "an index such as [0] is due in the path a[?b]"),
        ("a[0", 2, "an index such as [0] is due in the path a[0"),
        ("a[99999999999999999999]", 2, "an index such as [0] is due in the path a[99999999999999999999]"),
        ("a.0", 3, "a name cannot begin with a digit in the path a.0"),
        ("a b", 2, "  is unexpected in the path a b"),
        ("a.*", 3, "a name is missing in the path a.*"),
        ("a | b", 2, "  is unexpected in the path a | b"),
        ("length(a)", 7, "( is unexpected in the path length(a)"),
        ('"a', 1, 'a name is missing in the path "a'),
        ('"a\nb"c', 6, 'c is unexpected in the path "a\nb"c'),
        ("a]", 2, "] is unexpected in the path a]"),
        ("a[0]b", 5, "b is unexpected in the path a[0]b"),
    ],
)  # fmt: skip
def test_what_names_no_single_place_is_refused_with_its_column(text: str, column: int, words: str) -> None:
    with pytest.raises(EventError) as raised:
        parse_path(text)
    assert str(raised.value) == words
    assert raised.value.column == column


@given(st.text(st.sampled_from('ab.[]"\\ 01-中*\n')))
def test_any_text_is_a_path_or_an_error_in_words(text: str) -> None:
    try:
        path = parse_path(text)
    except EventError as error:
        column = error.column
    else:
        assert parse_path(format_path(path)) == path
        column = 1
    assert column is not None
    assert 1 <= column <= len(text) + 1


def test_a_long_path_is_read_in_one_pass() -> None:
    path = (0, "a", "b c") * 30_000
    assert parse_path(format_path(path)) == path
