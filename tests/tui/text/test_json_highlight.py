from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fgtui.tui.text import json_highlight
from fgtui.tui.text.json_highlight import LONG, Kind, _first_strings, strings, tokens
from fgtui.tui.text.line_store import Line, LongLine, line_of

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
        pytest.param('"\\n\\n', [('"', "wrong"), ("\\n", "escape"), ("\\n", "escape")], id="escapes-and-no-end"),
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


words = st.text(st.sampled_from('"\\/\n{}[]:,x中'), max_size=30)
JSON_LINE = st.tuples(
    st.recursive(words, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=3)).map(
        partial(json.dumps, ensure_ascii=False)
    ),
    st.integers(0, 20),
).map(lambda drawn: drawn[0][: len(drawn[0]) - drawn[1]])
"""JSON on one line, and the beginnings of such lines."""


@pytest.mark.parametrize("line_like", [str, lambda text: LongLine.of(text, 8)], ids=["in-one", "in-pieces"])
@given(text=JSON_LINE, room=st.integers(1, 30))
@example(text='{":::::\\"": "::::::::::::::\\"\\""}', room=2)  # what is read ends within an escape
@example(text='["", ":::::::::::::\\"\\"\\"\\"\\"\\"\\""]', room=1)
@example(text='[{":": ":::::::\\"', room=1)  # an escaped quote closes nothing
def test_every_window_of_a_long_line_looks_as_it_does_in_the_whole(
    line_like: Callable[[str], Line], text: str, room: int
) -> None:
    whole = {column: t.kind for t in tokens(text) for column in range(t.start, t.end)}
    values = strings(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_highlight, "LONG", 16)
        _first_strings.cache_clear()
        line = line_like(text)
        for start in range(0, len(text), 3):
            end = min(start + room, len(text))
            found = tokens(line, start, end)
            assert all(before.end <= after.start < after.end for before, after in pairwise(found))
            seen = {column: t.kind for t in found for column in range(t.start, t.end)}
            columns = range(start, end)
            assert {at: seen.get(at) for at in columns} == {at: whole.get(at) for at in columns}
        assert strings(line) == (values if len(text) <= 16 else tuple(each for each in values if each[0] < 16))
    _first_strings.cache_clear()


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
