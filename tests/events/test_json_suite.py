"""The verdict on every class of JSON text that the public parsing suite knows.

The suite (nst/JSONTestSuite, folder test_parsing) is not part of this repository. ``FGTUI_JSON_SUITE`` names a folder
that holds its files to run them all; the tables here are our own and cover the same ground without them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fgtui.errors import EventError
from fgtui.events.text import is_json, read_bytes

SUITE = os.environ.get("FGTUI_JSON_SUITE", "")


def accepts(data: bytes) -> bool:
    """Whether ``data`` is what RFC 8259 calls JSON."""
    try:
        return is_json(read_bytes(data))
    except EventError:
        return False


def variants(*texts: str) -> list[bytes]:
    return [text.encode() for text in texts]


NUMBERS = [
    "0",
    "-0",
    "7",
    "-1",
    "120",
    "1.5",
    "-0.10",
    "0e1",
    "0E+1",
    "1e5",
    "1E22",
    "20e-3",
    "-1.5E-7",
    "0.000001",
    "9" * 40,
]
WORDS = ["true", "false", "null"]
STRINGS = [
    '""', '"a"', '" "', '"中é€"', '"😀"', '"\x7f"', '"\u2028\u2029"', '"\u00a0\u200b\u2064"', '"\uffff\ufdd0\U0010ffff"',
    r'"\" \\ \/ \b \f \n \r \t"', r'"\u0000"', r'"\u001f"', r'"A\u2060"', r'"\u00e9\u4E2D"', r'"\ud83d\ude00"',
    r'"\uDBFF\uDFFF"', r'"\\u0041"', r'"\\\""', '"/* no */ // comment # here"', '"[,]{:}"',
]  # fmt: skip

VALID = variants(
    *NUMBERS, *WORDS, *STRINGS,
    *[f"[{scalar}]" for scalar in [*NUMBERS, *WORDS, *STRINGS]],
    *[f"{{{name}:1}}" for name in STRINGS],
    "[]", "{}", "[[]]", "[{}]", '{"":{}}', "[[],[[]]]", "[1,2]", '{"a":1,"b":[]}', '{"a":1,"a":1}', '{"a":1,"a":2}',
    " 1 ", "\t[\n1\r\n,\r2 ]\n", ' { "a" : "b" , "c" : null } ', "[1]\n", "\n\n[]", "[-1.5e+3]",
    "[" * 500 + "]" * 500,
    '{"id":"' + "x" * 1000 + '"}',
)  # fmt: skip

WRONG_NUMBERS = [
    "+1", "++1", "-", "--1", "- 1", "01", "-01", "00", "1.", "-1.", ".5", "-.5", "1.e2", "0.1.2", "1e", "1e+", "1E-", "0e", "1eE2",
    "1e1.5", "0x1", "0x", "0x4f", "1_000", "1 000", "1a", "1e1a", "1+2", "-a", "NaN", "-NaN", "nan", "Infinity", "-Infinity",
    "Inf", "+Inf", "１", "1\u00a0", "-\u00b2", "1\ufeff", "1f", "1L", "1,5", "0b1", "0o7",
]  # fmt: skip
WRONG_WORDS = [
    "True", "TRUE", "nul", "tru", "fals", "nulll", "truefalse", "undefined", "None", "a", "é", "中", "*", "@", "<null>", "<.>", "å",
    "null\x00", "\x00", "\u2060", "(1)", "'", "`", "\\", "\\n", "\\u0020", "=", ";", "…", "...", "//", "/", "#", "1//", "1#", "1/**/",
    "/**/1", "/*", "/* */",
]  # fmt: skip
WRONG_STRINGS = [
    '"', '"""', '"a', "'a'", 'a"', '"a"b', '"\\"', '"\\', '"\\a"', '"\\x00"', '"\\0"', "\"\\'\"", '"\\\n"', '"\\\t"', '"\\😀"', '"\\U0041"',
    '"\\u"', '"\\u1"', '"\\u12"', '"\\u123"', '"\\u123g"', '"\\u-123"', '"\\u 041"', '"\\uD83D\\u"', '"\\uD83D\\uDE0"', '"\\uD83D\\x"',
    '"\t"', '"\n"', '"\r"', '"\x00"', '"\x1f"', '"a\x08"', "“a”", "«a»", "‘a’", "＂a＂", '\\"a"', '"a\\\\\\"',
]  # fmt: skip
WRONG_STRUCTURES = [
    "", " ", "\n", "[", "]", "{", "}", "[[", "[1", "[1,", "[1\n", '["a"', '["a', "[{", "[{}", "[]]", "{}}", "[1]]", "[1}", "{]", '{"a":1]',
    "[1}]", "[,", "[,]", "[,1]", "[1,]", "[1,,]", "[1,,2]", "[1 2]", "[1 true]", "[[][]]", "[1;2]", "[1:2]", '["a":1]', '["a",\n4\n,1,',
    "[1,\x0c2]", "[\x0b1]", "[1\u00a0]", "[\u2060]", "[1]x", "[1],", "[1]1", "1 2", "[][]", "{}{}", "[1]//", "[1]/*", "[1]#", "[1]/", "[1] \x00",
    '{"a"}', '{"a":}', '{"a",1}', '{"a" 1}', '{"a"::1}', '{"a":1,}', '{"a":1,,"b":2}', '{"a":1 "b":2}', '{"a":1:2}', '{"a":1;}', "{:1}",
    "{1:1}", "{null:1}", "{a:1}", "{'a':1}", "{[]:1}", "{{}}", "{,}", '{"a":1', '{"a":', '{"a"', '{"a', '{"a":"b', '{"a":[}', '{"a":1}}', '{"a":"b"}/**/',
    '{"a":"b"}#{}', '{"a":"b",}', "{\"a\":'b'}", '{"a":1}🇨🇭', "{🇨🇭}", '{"a":a}', '{"a":1 2}', "[" * 100_000, '[{"":' * 50_000, "&", "&nbsp;[]",
    '{"a"：1}', "[1，2]", "［1］", "> [1]",
]  # fmt: skip

INVALID = [
    *variants(*WRONG_NUMBERS, *WRONG_WORDS, *WRONG_STRINGS, *WRONG_STRUCTURES),
    *variants(*[f"[{wrong}]" for wrong in [*WRONG_NUMBERS, *WRONG_WORDS, *WRONG_STRINGS] if wrong != "1,5"]),
    *variants(*[f'{{"a":{wrong}}}' for wrong in [*WRONG_NUMBERS, *WRONG_WORDS, *WRONG_STRINGS]]),
    *variants(*[f"{{{wrong}:1}}" for wrong in WRONG_STRINGS]),
    b"\xef\xbb\xbf",  # nothing behind a byte-order mark
    b"\xef\xbb{}",  # half a byte-order mark
    b"\xff",
    b"[\xe9]",
    b"[1\xe5]",
    b"[1e1\xe5]",
    b'["a\xff"]',
    b'["\\\xe5"]',
    b'["\\u\xe5"]',
    b'{"\xb9":"0",}',
    b"123\xe5",
]

EITHER = [
    b"\xef\xbb\xbf{}",  # with a byte-order mark
    "\ufeff[1]".encode("utf-16-le"),
    "\ufeff[1]".encode("utf-16-be"),
    "[1]".encode("utf-16-le"),
    "[1]".encode("utf-16-be"),
    "\ufeff[1]".encode("utf-32-le"),
    "\ufeff[1]".encode("utf-32-be"),
    b'["\xed\xa0\x80"]',  # a surrogate
    b'["\xc0\xaf"]',  # longer than need be
    b'["\xfc\x80\x80\x80\x80\x80"]',
    b'["\xf4\x90\x80\x80"]',  # beyond Unicode
    b'["\x81"]',
    b'["\xe2\x82"]',  # cut short
    b'["\xe0\xff"]',
    *variants(*[f'["{lone}"]' for lone in ["\\ud800", "\\udc00", "\\ud800\\ud800", "\\ud800a", "\\udc00\\ud800", "\\uD83D\\n"]]),
    *variants('{"\\udc00":1}', "[1e400]", "[-1e400]", "[1e-400]", "[0.4e00669999999999999999]", "[-" + "9" * 400 + "]"),
]  # fmt: skip


@pytest.mark.parametrize("data", VALID, ids=lambda data: ascii(data[:24]))
def test_json_is_accepted(data: bytes) -> None:
    assert accepts(data)


@pytest.mark.parametrize("data", INVALID, ids=lambda data: ascii(data[:24]))
def test_what_is_no_json_is_refused(data: bytes) -> None:
    assert not accepts(data)


@pytest.mark.parametrize("data", EITHER, ids=lambda data: ascii(data[:24]))
def test_what_parsers_may_decide_gets_a_verdict(data: bytes) -> None:
    assert accepts(data) in {True, False}


def suite_files() -> list[Path]:
    return sorted(Path(SUITE).rglob("[yni]_*.json")) if SUITE else []


@pytest.mark.skipif(not SUITE, reason="FGTUI_JSON_SUITE names no folder with the files of nst/JSONTestSuite")
def test_the_public_suite_gets_the_right_verdict_for_every_file() -> None:
    files = suite_files()
    assert len(files) >= 300, f"{SUITE} holds {len(files)} files of the suite"
    verdicts = {file.name: accepts(file.read_bytes()) for file in files}
    assert [name for name, accepted in verdicts.items() if name.startswith("y_") and not accepted] == []
    assert [name for name, accepted in verdicts.items() if name.startswith("n_") and accepted] == []
