from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.tui.text.json_highlight import LONG, Kind, strings, tokens
from fgtui.tui.text.line_store import LongLine, line_of

ANY_LINE = st.one_of(st.text(max_size=60), st.text(st.sampled_from('"\\{}[]:,/*#…ntrue1.-eu0中\x1b '), max_size=60))


def told(line: str) -> list[tuple[str, str]]:
    return [(line[token.start : token.end], token.kind.value) for token in tokens(line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param('"abc', [('"abc', "wrong")], id="unclosed-string"),
        pytest.param('"abc\\"', [('"abc', "wrong"), ('\\"', "escape")], id="string-closed-by-an-escaped-quote-only"),
        pytest.param('"', [('"', "wrong")], id="lone-quote"),
        pytest.param('"a\\', [('"a', "wrong"), ("\\", "wrong")], id="backslash-at-the-end"),
        pytest.param("true|false", [("true", "word"), ("|", "wrong"), ("false", "word")], id="a-choice"),
        pytest.param("NaN", [("NaN", "wrong")], id="no-number"),
        pytest.param("-01", [("-01", "wrong")], id="leading-zero"),
        pytest.param("trueish", [("trueish", "wrong")], id="longer-word"),
        pytest.param("'a'", [("'", "wrong"), ("a", "wrong"), ("'", "wrong")], id="single-quotes"),
        pytest.param('"\\x"', [('"', "string"), ("\\x", "wrong"), ('"', "string")], id="wrong-escape"),
        pytest.param('"\\u12"', [('"', "string"), ("\\u1", "wrong"), ('2"', "string")], id="short-escape"),
        pytest.param("\x1b[0m", [("\x1b", "wrong"), ("[", "bracket"), ("0", "number"), ("m", "wrong")], id="escape"),
    ],
)
def test_what_is_no_json_is_told_apart(line: str, expected: list[tuple[str, str]]) -> None:
    assert told(line) == expected


def test_every_kind_is_found() -> None:
    assert told('{"a" : "b\\n", "$base64": [-1.5e3, null]} // c') == [
        ("{", "bracket"),
        ('"a"', "key"),
        (":", "mark"),
        ('"b', "string"),
        ("\\n", "escape"),
        ('"', "string"),
        (",", "mark"),
        ('"$base64"', "codec"),
        (":", "mark"),
        ("[", "bracket"),
        ("-1.5e3", "number"),
        (",", "mark"),
        ("null", "word"),
        ("]", "bracket"),
        ("}", "bracket"),
        ("// c", "comment"),
    ]


@pytest.mark.parametrize("line", ["……", "...", "// x", "/* x */", "/* open", "# x"])
def test_elisions_and_comments_are_no_error(line: str) -> None:
    assert {token.kind for token in tokens(line)} == {Kind.COMMENT}


def test_comment_marks_inside_a_string_are_text() -> None:
    assert told('"http://x/*;q"') == [('"http://x/*;q"', "string")]


def test_full_width_marks_between_members_are_marks() -> None:
    assert told('"a"："b"，') == [('"a"', "key"), ("：", "mark"), ('"b"', "string"), ("，", "mark")]


@given(ANY_LINE)
def test_tokens_cover_everything_but_space_in_order(line: str) -> None:
    position = 0
    for token in tokens(line):
        assert not line[position : token.start].strip()
        assert position <= token.start < token.end <= len(line)
        position = token.end
    assert not line[position:].strip()


@pytest.mark.parametrize("start", [LONG - 1, LONG, LONG + 1, LONG + 7, 2 * LONG])
@pytest.mark.parametrize("unit", ['{"a": "\\\\\\"b", "c\\\\": [1, true]}, ', '"\\\\", ', '"\\"\\\\\\"": 1, '])
def test_the_middle_of_a_long_line_is_read_as_the_whole_would_be(unit: str, start: int) -> None:
    line = unit * (3 * LONG // len(unit))
    whole = {}
    for offset in range(0, len(line), len(unit)):
        for token in tokens(unit):
            whole.update(dict.fromkeys(range(offset + token.start, offset + token.end), token.kind))
    seen = {}
    for token in tokens(line, start, start + 80):
        seen.update(dict.fromkeys(range(token.start, token.end), token.kind))
    assert len(line) > LONG
    for column in range(start, start + 80):
        assert seen.get(column) == whole.get(column), (column, line[column - 5 : column + 5])


def test_the_strings_of_a_line_are_whole_whatever_is_escaped_in_them() -> None:
    line = '"key\\n": "a\\n\\"b", ["c", "open'
    assert [line[start:end] for start, end in strings(line)] == ['"a\\n\\"b"', '"c"', '"open']


@pytest.mark.parametrize("length", [LONG, 200_000])
def test_a_string_that_is_longer_than_all_else_is_found_whole(length: int) -> None:
    line = '  "data": "' + "x" * length + '", "more": ["y"]'
    assert strings(line_of(line))[0] == (10, 12 + length)
    key = '{"' + "k" * length + '": 1}'
    assert strings(line_of(key)) == ()
    unclosed = '["' + "x" * length
    assert strings(line_of(unclosed)) == ((1, len(unclosed)),)


@given(st.text(st.sampled_from('"\\{}[]:, 1eanul中'), max_size=80), st.integers(0, 80), st.integers(1, 20))
def test_a_line_in_pieces_looks_like_the_whole_line(text: str, start: int, room: int) -> None:
    start = min(start, len(text))
    end = min(start + room, len(text))
    if "\\" in text.replace('\\"', "").replace("\\\\", ""):
        return  # what a backslash outside of a string means is seen from the start of the line only
    whole = {column: t.kind for t in tokens(text) for column in range(t.start, t.end)}
    seen = {column: t.kind for t in tokens(LongLine.of(text, 8), start, end) for column in range(t.start, t.end)}
    strings_only = {Kind.STRING, Kind.KEY, Kind.WRONG, Kind.ESCAPE}
    for column in range(start, end):
        if whole.get(column) in strings_only - {Kind.WRONG}:
            assert seen.get(column) == whole[column], column


def test_the_middle_of_a_string_of_megabytes_is_a_string_and_its_key_a_key() -> None:
    line = line_of('{"data": "' + "x" * 300_000 + '\\n", "' + "k" * 100_000 + '": "open')
    assert {token.kind for token in tokens(line, 150_000, 150_080)} == {Kind.STRING}
    assert {token.kind for token in tokens(line, 350_000, 350_080)} == {Kind.KEY}
    assert {token.kind for token in tokens(line, len(line) - 3)} == {Kind.WRONG}
    assert [token.kind for token in tokens(line, 300_008, 300_012)] == [Kind.STRING, Kind.ESCAPE, Kind.STRING]


def test_no_pattern_is_compiled_before_a_line_is_drawn() -> None:
    code = "import enum, functools, re, typing; re.compile = None; import fgtui.tui.text.json_highlight"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
