"""Each departure from JSON: where it is, what is said about it, what is sent instead."""

from __future__ import annotations

import json

import pytest

from fgtui.events.findings import LIMIT
from fgtui.events.flaws import BENIGN, FLAWS
from fgtui.events.model import Severity
from fgtui.events.scanner import GIVE_UP
from fgtui.events.text import format_path, scan, strict_problems
from fgtui.words import say


def told(text: str) -> list[str]:
    """Each problem as a front end might print it."""
    return [
        f"{problem.line}:{problem.column} {say(problem.message, problem.values)}"
        + (f"; {say(problem.hint, problem.values)}" if problem.hint else "")
        for problem in scan(text).problems
    ]


def codes(text: str) -> list[str]:
    return [problem.code for problem in scan(text).problems]


# -- what is repaired ------------------------------------------------------------------------------------------------


REPAIRED = [
    ('{"a": 1} // x', "comment", (1, 10), '{"a": 1}     '),
    ('{"a": 1 # x\n}', "comment", (1, 9), '{"a": 1    \n}'),
    ("[1, /* x\n y */ 2]", "comment", (1, 5), "[1,     \n      2]"),
    ("[1 /**/]", "comment", (1, 4), "[1     ]"),
    ("// x\r\n1", "comment", (1, 1), "    \r\n1"),
    ("// x\r1", "comment", (1, 1), "    \r1"),
    ('{"a" /* x */ : 1}', "comment", (1, 6), '{"a"         : 1}'),
    ('{"a": // x\n1}', "comment", (1, 7), '{"a":     \n1}'),
    ("[1,]", "trailing-comma", (1, 3), "[1 ]"),
    ('{"a": 1,\n}', "trailing-comma", (1, 8), '{"a": 1 \n}'),
    ("[1,\n……\n]", "elision", (2, 1), "[1 \n  \n]"),
    ("[1, …]", "elision", (1, 5), "[1   ]"),
    ("[1,...]", "elision", (1, 4), "[1    ]"),
    ("[1 ......]", "elision", (1, 4), "[1       ]"),
    ("[..., 1]", "elision", (1, 2), "[     1]"),
    ("[1, ..., 2]", "elision", (1, 5), "[1,      2]"),
    ("[1, …… 2]", "elision", (1, 5), "[1,    2]"),
    ('{"a": 1, ⋯}', "elision", (1, 10), '{"a": 1   }'),
    ("{……}", "elision", (1, 2), "{  }"),
    ("[1] ……", "elision", (1, 5), "[1]   "),
    ("…… [1]", "elision", (1, 1), "   [1]"),
    ("\ufeff[1]", "byte-order-mark", (1, 1), "[1]"),
    ("[1，2]", "full-width-sign", (1, 3), "[1,2]"),
    ('{"a"：1}', "full-width-sign", (1, 5), '{"a":1}'),
    ("[\u00a01]", "odd-space", (1, 2), "[ 1]"),
    ("[1\u3000\u3000]", "odd-space", (1, 3), "[1  ]"),
    ("\u2060[1]", "odd-space", (1, 1), " [1]"),
    ("[1]\x0c", "odd-space", (1, 4), "[1] "),
    ("> [1,\n>\n> 2]", "quote-marks", (1, 1), "  [1,\n \n  2]"),
    (">> 1\n\n  > 2"[:4], "quote-marks", (1, 1), "   1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "place", "wire"), REPAIRED, ids=ascii)
def test_what_is_clear_is_repaired_and_named(text: str, code: str, place: tuple[int, int], wire: str) -> None:
    document = scan(text)
    [problem] = document.problems
    assert (problem.code, (problem.line, problem.column), problem.severity) == (code, place, Severity.WARNING)
    assert strict_problems(document) == (problem,)
    assert document.wire() == wire
    assert scan(wire).is_strict


def test_a_comma_that_is_both_full_width_and_trailing_is_left_out() -> None:
    assert scan('{"a"：1，}').wire() == '{"a":1 }'


def test_each_elision_may_bring_its_comma() -> None:
    document = scan('{……, "a": 1, ……, "b": [……, ……], ……,}')
    assert not document.has_errors
    assert document.value() == {"a": 1, "b": []}


@pytest.mark.parametrize(
    "text",
    [
        '"// x"',
        '"/* x */"',
        '"# x"',
        '"……"',
        '"*/*;q=0.8"',
        '"https://x/y"',
        '{"...": "a,}"}',
        '"[1,]"',
        '">"',
        '"“，：”"',
    ],
)
def test_marks_inside_strings_are_text(text: str) -> None:
    assert scan(text).problems == ()


def test_quote_marks_stay_when_one_line_has_none() -> None:
    assert scan("> [1,\n2]").has_errors


def test_an_elision_is_told_with_what_stands_there() -> None:
    assert told('{"a": 1,\n  ……\n}') == ["2:3 content was elided here (……); it is left out"]


# -- what is sent as it is -------------------------------------------------------------------------------------------


SENT = [
    ('{"id": 1,\n\n "id": 2}', Severity.WARNING, '3:2 duplicate key "id" (first at 1:2); both are sent'),
    ('{"a": {"b": 0}, "a": 2}', Severity.WARNING, '1:17 duplicate key "a" (first at 1:2); both are sent'),
    ('{"x": 0, "a": {"b": 0}, "a": 2}', Severity.WARNING, '1:25 duplicate key "a" (first at 1:10); both are sent'),
    ('{"a": 1, "\\u0061": 2}', Severity.WARNING, '1:10 duplicate key "a" (first at 1:2); both are sent'),
    ('["\\ud800"]', Severity.INFO, "1:3 \\ud800 is half of a surrogate pair; it is sent as written"),
    ('["\\uDC00\\ud83d\\ude00"]', Severity.INFO, "1:3 \\uDC00 is half of a surrogate pair; it is sent as written"),
    ('["\\\\\\uD800"]', Severity.INFO, "1:5 \\uD800 is half of a surrogate pair; it is sent as written"),
    ("[1E400]", Severity.INFO, "1:2 1E400 is too large for a double; it is sent as written"),
    ("[-1e-400]", Severity.INFO, "1:2 -1e-400 is too small for a double; it is sent as written"),
]


@pytest.mark.parametrize(("text", "severity", "words"), SENT, ids=ascii)
def test_what_json_allows_and_people_should_know_is_told_and_sent(text: str, severity: Severity, words: str) -> None:
    document = scan(text)
    assert told(text) == [words]
    assert document.problems[0].severity is severity
    assert document.problems[0].code in BENIGN
    assert document.is_strict
    assert strict_problems(document) == ()
    assert document.wire() == text


@pytest.mark.parametrize(
    "text", ['"\\ud83d\\ude00"', '"\\\\ud800"', "[" + "9" * 308 + "]", "0e999", "0.0e-999", "1e-300"]
)
def test_what_looks_similar_and_is_fine_is_not_told(text: str) -> None:
    assert scan(text).problems == ()


# -- what cannot be sent ---------------------------------------------------------------------------------------------


REFUSED = [
    ("", "1:1 there is no value here; an event is one JSON value; type {} for an empty object"),
    (
        '{"a": false/true,  // which?\n "b": 1}',
        ("1:7 false/true is a choice of values; which one is meant cannot be guessed; "
        "write one of them, for example true"),
    ),
    ('{"a": "GET" | "POST"}', ('1:7 "GET" | "POST" is a choice of values; which one is meant cannot be guessed; '
     'write one of them, for example "GET"')),
    ("[1||2||3]", ("1:2 1||2||3 is a choice of values; which one is meant cannot be guessed; "
     "write one of them, for example 1")),
    ('{"statusCode": httpStatusCode}',
     '1:16 httpStatusCode is no JSON value; if it is text, write "httpStatusCode"'),
    ('{"u": http://a.b/c#d, "b": 1}', '1:7 http://a.b/c#d is no JSON value; if it is text, write "http://a.b/c#d"'),
    ('{"id": <your id> // or so\n}', '1:8 <your id> is no JSON value; if it is text, write "<your id>"'),
    ("[True]", "1:2 True is no JSON value; write true"),
    ("[None]", "1:2 None is no JSON value; write null"),
    ("[fals]", "1:2 fals is no JSON value; write false"),
    ("[NaN]", "1:2 NaN is no JSON number; write null, or a number"),
    ("[1, -Infinity]", "1:5 -Infinity is no JSON number; write null, or a number"),
    ("[01]", "1:2 01 is no JSON number; write 1"),
    ("[-01.50]", "1:2 -01.50 is no JSON number; write -1.50"),
    ("[+1]", "1:2 +1 is no JSON number; write 1"),
    ("[.5]", "1:2 .5 is no JSON number; write 0.5"),
    ("[1.]", "1:2 1. is no JSON number; write 1"),
    ("[1.e3]", "1:2 1.e3 is no JSON number; write 1e3"),
    ("[0x1F]", "1:2 0x1F is no JSON number; write 31"),
    ("[00]", "1:2 00 is no JSON number; write 0"),
    ("[1_000]", '1:2 1_000 is no JSON value; if it is text, write "1_000"'),
    ("[-]", '1:2 - is no JSON value; if it is text, write "-"'),
    ('{"a": ……}', "1:7 a value was elided here (……); it cannot be guessed; type the value"),
    ("{“a”: 1}", '1:2 “ is a typographic quotation mark; type " at both ends instead'),
    ("[‘a’]", '1:2 ‘ is a typographic quotation mark; type " at both ends instead'),
    ("[＂a＂]", '1:2 ＂ is a typographic quotation mark; type " at both ends instead'),
    ('["a”, 1]', '1:4 ” is a typographic quotation mark; type " at both ends instead'),
    ('["a”, "b"]', '1:4 ” is a typographic quotation mark; type " at both ends instead'),
    ('{"a”: "b"}', '1:4 ” is a typographic quotation mark; type " at both ends instead'),
    ("['it\\'s']", "1:2 a string needs double quotes, not '; type \" at both ends instead"),
    ("[`a`]", '1:2 a string needs double quotes, not `; type " at both ends instead'),
    ("{a: 1}", '1:2 the member name a has no quotes; write "a"'),
    ("{1: 1}", '1:2 the member name 1 has no quotes; write "1"'),
    ('["a\tb"]', "1:4 U+0009 cannot stand unescaped in a string; write \\t"),
    ('["a\nb"]', "1:4 U+000A cannot stand unescaped in a string; write \\n"),
    ('["\x00"]', "1:3 U+0000 cannot stand unescaped in a string; write \\u0000"),
    ('["\\x"]', "1:3 \\x is no escape that JSON knows; write \\\\ for a backslash"),
    ('["\\u12g4"]', "1:3 \\u12 is no escape that JSON knows; write \\\\ for a backslash"),
    ('["\\U0001F600"]', "1:3 \\U is no escape that JSON knows; write \\\\ for a backslash"),
    ('["\ud800"]', "1:3 U+D800 is half of a surrogate pair and has no UTF-8 form; write \\ud800"),
    ('{"\udc80": 1}', "1:3 U+DC80 is half of a surrogate pair and has no UTF-8 form; write \\udc80"),
    ("[1 2]", "1:3 a comma is missing after this value; type ,"),
    ('{"a": 1\n "b": 2}', "1:8 a comma is missing after this value; type ,"),
    ("[1; 2]", "1:3 ; cannot stand here; type , instead"),
    ('["a"、"b"]', "1:5 、 cannot stand here; type , instead"),
    ('["a": 1]', "1:5 : cannot stand here; type , instead"),
    ('{"a" 1}', "1:5 a colon is missing after this name; type :"),
    ('{"a" = 1}', "1:6 = cannot stand here; type : instead"),
    ('{"a" => 1}', "1:6 => cannot stand here; type : instead"),
    ('{"a"}', "1:5 a colon and a value are missing after this name; type : and a value"),
    ('{"a":}', "1:6 a value is missing here; type a value"),
    ("[1,,2]", "1:4 a value is missing before this comma; type a value, or take the comma out"),
    ("[,]", "1:2 a value is missing before this comma; type a value, or take the comma out"),
    ("{: 1}", '1:2 a member name is missing before :; type a name in double quotes and a colon: "name": …'),
    ("{[]}", '1:2 a member name is missing before [; type a name in double quotes and a colon: "name": …'),
    ('{"a":: 1}', "1:6 : is unexpected here"),
    ("{1}", "1:2 1 is unexpected here"),
    ("[*]", '1:2 * is no JSON value; if it is text, write "*"'),
    ("[|]", "1:2 | is unexpected here"),
    ('{"a": 1 *}', "1:9 * is unexpected here"),
    ('{"a": "x"y"z"}', '1:10 the string ended before y"z"; inside a string, a quotation mark is written \\"'),
    ('{"a": "x"y, "b": 1}', '1:10 the string ended before y; inside a string, a quotation mark is written \\"'),
    ('["a', '1:2 the string that begins here is never closed; type " at its end'),
    ("[1", "1:1 [ is never closed; type ] at the end"),
    ('{"a": [1, {"b": 2', "1:11 { is never closed; 3 brackets are still open at the end"),
    ("[1}", "1:3 } cannot close the [ opened at 1:1; ] is missing before it, or meant here"),
    ('{"a": [1}', "1:9 } cannot close the [ opened at 1:7; ] is missing before it, or meant here"),
    ("[1]]", "1:4 ] closes nothing; take it out"),
    ("] [1]", "1:1 ] closes nothing; take it out"),
    ("｛｝", "1:1 ｛ is a full-width bracket; type { instead"),
    ("[1] [2]", "1:5 the value ended at 1:4; this text comes after it; one event is one JSON value"),
    ("/* x", "1:1 the comment that begins here is never closed; type */ at its end"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=ascii)
def test_what_is_not_clear_is_an_error_in_words(text: str, words: str) -> None:
    document = scan(text)
    errors = [problem for problem in document.problems if problem.severity is Severity.ERROR]
    assert words in told(text)
    assert len(errors) == (2 if text in {'["a', "｛｝"} else 1), told(text)


def test_the_tables_above_miss_no_flaw() -> None:
    texts = [*(row[0] for row in REPAIRED), *(row[0] for row in SENT), *(row[0] for row in REFUSED)]
    assert {code for text in texts for code in codes(text)} == set(FLAWS)


def test_a_problem_says_which_value_it_is_about() -> None:
    document = scan('{"a": [1, {"b": tru}], "a": 1} x')
    assert [(problem.code, format_path(problem.path)) for problem in document.problems] == [
        ("bad-word", "a[1].b"),
        ("duplicate-key", "a"),
        ("extra-text", ""),
    ]


def test_a_long_token_is_quoted_short() -> None:
    [problem] = scan("x" * 100_000).problems
    assert len(str(problem.values)) < 1000


# -- many problems ---------------------------------------------------------------------------------------------------


def test_a_hundred_problems_are_told_and_the_last_says_how_many_more() -> None:
    problems = scan("[" + "1,// x\n" * 250 + "1]").problems
    assert len(problems) == LIMIT
    assert say(problems[-1].message, problems[-1].values) == "151 more problems are not listed"
    assert problems[-1].severity is Severity.WARNING


def test_exactly_a_hundred_problems_are_all_told() -> None:
    assert codes("[" + "1,// x\n" * LIMIT + "1]") == ["comment"] * LIMIT


def test_an_error_is_told_before_any_number_of_warnings() -> None:
    document = scan("[" + "1,// x\n" * 500 + "tru]")
    assert document.has_errors
    assert "bad-word" in [problem.code for problem in document.problems]


def test_a_departure_is_told_before_any_number_of_duplicate_keys() -> None:
    document = scan("{" + '"a": 1,' * 500 + '"b": [1,]}')
    assert [problem.code for problem in strict_problems(document)] == ["trailing-comma", "more-problems"]


def test_what_is_no_json_at_all_is_given_up() -> None:
    document = scan("[" + "tru," * (2 * GIVE_UP) + "1]")
    assert len(document.problems) == LIMIT
    last = document.problems[-1]
    assert say(last.message, last.values) == (
        f"{GIVE_UP - LIMIT + 1} more problems are not listed, and the rest of the text was not read"
    )


def test_one_string_with_a_thousand_line_breaks_is_three_problems() -> None:
    body = "\n".join(["QUJD"] * 2000)
    document = scan(f'{{"body": "{body}", "after": 1}}')
    assert [problem.code for problem in document.problems] == ["control-character"] * 3
    assert document.find(("after",)) is not None


# -- samples as they are pasted --------------------------------------------------------------------------------------

APIG = """\
    {
        "httpMethod": "GET",     //请求方法
        "pathParameters": {      //路径参数
            "proxy": "hello"
        },
        "headers": {               //请求头
            "User-Agent": "lua-resty-http/0.10 (Lua) ngx_lua/10008",
            ……
        },
        "body": "……",              //请求体
        "isBase64Encoded":false/true,  //body是否base64
        "requestContext": {
            "stage": "test"          //环境别名
        },

    }
"""


def test_the_sample_of_the_guide_is_refused_for_the_one_thing_that_cannot_be_guessed() -> None:
    document = scan(APIG)
    errors = [problem for problem in document.problems if problem.severity is Severity.ERROR]
    assert [(problem.code, problem.line, problem.column) for problem in errors] == [("alternatives", 11, 27)]
    mended = scan(APIG.replace("false/true", "false"))
    assert {problem.code for problem in mended.problems} == {"comment", "elision", "trailing-comma"}
    assert json.loads(mended.wire())["headers"] == {"User-Agent": "lua-resty-http/0.10 (Lua) ngx_lua/10008"}
    assert mended.wire().count("\n") == APIG.count("\n")


def test_the_response_of_the_guide_is_told_line_by_line() -> None:
    text = (
        '{\n"isBase64Encoded": true|false,\n"statusCode": httpStatusCode,\n"headers": {"n":"v",...},\n"body": "..."\n}'
    )
    assert [(problem.code, problem.line) for problem in scan(text).problems] == [
        ("alternatives", 2),
        ("bare-word", 3),
        ("elision", 4),
    ]
