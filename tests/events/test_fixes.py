"""Each problem with what puts it right: the problem is gone then, nothing grave has come, and all else stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.events import fixes as fixing
from fgtui.events.catalogue import Trigger
from fgtui.events.fields import decode, encode
from fgtui.events.fixes import FIXES, apply, fixes, mend, mend_all
from fgtui.events.flaws import FLAWS
from fgtui.events.mending import Ground
from fgtui.events.model import Problem, Severity
from fgtui.events.opened import decoded_value
from fgtui.events.text import is_json, scan
from fgtui.events.validation import validate
from fgtui.words import say
from tests.events.encoded_text import trigger
from tests.events.own_triggers import an_own_trigger

OF_TEXT = [
    ("alternatives", '{"a": true|false}', '{"a": true}'),
    ("bad-escape", '{"a": "\\\'"}', '{"a": "\'"}'),
    ("bad-escape", '{"a": "\\x41"}', '{"a": "\\u0041"}'),
    ("bad-escape", '{"a": "C:\\dir"}', '{"a": "C:\\\\dir"}'),
    ("bad-number", '{"a": +1, "b": 1.10}', '{"a": 1, "b": 1.10}'),
    ("bad-number", '{"a": ４}', '{"a": 4}'),
    ("bad-number", '{"a": －２．５}', '{"a": -2.5}'),
    ("bad-word", '{"a": ｔｒｕｅ}', '{"a": true}'),
    ("bad-word", '{"a": ＮＵＬＬ}', '{"a": null}'),
    ("bad-word", '{"a": True}', '{"a": true}'),
    ("bad-word", '{"a": None}', '{"a": null}'),
    ("bad-word", '{"a": undefined}', '{"a": null}'),
    ("bare-word", '{"a": hello world}', '{"a": "hello world"}'),
    ("bare-word", '{"a": er_1", "b": 1}', '{"a": "er_1", "b": 1}'),
    ("byte-order-mark", '\ufeff{"a": 1}', '{"a": 1}'),
    ("comment", '{"a": 1} // done', '{"a": 1}'),
    ("comment", '{\n  // first\n  "a": 1\n}', '{\n  "a": 1\n}'),
    ("comment", '{"a": /* one */ 1}', '{"a":  1}'),
    ("control-character", '{"a": "x\ty"}', '{"a": "x\\ty"}'),
    ("control-character", '{"a": "x\r\ny\r\nz"}', '{"a": "x\\r\\ny\\r\\nz"}'),
    ("duplicate-key", '{"a": 1, "b": 2, "a": 3}', '{"b": 2, "a": 3}'),
    ("elided-value", '{"a": …}', '{"a": null}'),
    ("elision", "[1, 2, ...]", "[1, 2]"),
    ("elision", "[1, …, 2]", "[1, 2]"),
    ("empty-text", "", "{}"),
    ("empty-text", "  \n", "{}  \n"),
    ("extra-text", '{"a": 1}\n{"b": 2}', '{"a": 1}'),
    ("extra-text", '{"a": 1}, "b": 2}', '{"a": 1, "b": 2}'),
    ("full-width-bracket", '｛"a": 1｝', '{"a": 1｝'),
    ("full-width-sign", '{"a"：1}', '{"a":1}'),
    ("mismatched-bracket", '{"a": [1, 2}', '{"a": [1, 2]}'),
    ("mismatched-bracket", '{"a": [1, 2}}', '{"a": [1, 2]}'),
    ("missing-colon", '{"a" 1}', '{"a": 1}'),
    ("missing-comma", '{"a": 1 "b": 2}', '{"a": 1, "b": 2}'),
    ("missing-item", '{"a": 1,, "b": 2}', '{"a": 1, "b": 2}'),
    ("missing-item", "[1,,2]", "[1,2]"),
    ("missing-value", '{"a": , "b": 1}', '{"a": null, "b": 1}'),
    ("name-without-value", '{"a", "b": 1}', '{"a": null, "b": 1}'),
    ("not-a-number", '{"a": NaN}', '{"a": null}'),
    ("not-a-number", '{"a": -Infinity}', '{"a": null}'),
    ("not-a-separator", '{"a" = 1}', '{"a" : 1}'),
    ("not-a-separator", "[1; 2]", "[1, 2]"),
    ("odd-space", '{"a":\xa01}', '{"a": 1}'),
    ("quote-marks", '> {\n>   "a": 1\n> }', '{\n  "a": 1\n}'),
    ("single-quotes", "{'a': 1}", '{"a": 1}'),
    ("single-quotes", '{"a": \'it\\\'s "so"\'}', '{"a": "it\'s \\"so\\""}'),
    ("surrogate-character", '{"a": "\ud800"}', '{"a": "\\ud800"}'),
    ("text-after-string", '{"a": "say "hi" now"}', '{"a": "say \\"hi\\" now"}'),
    ("trailing-comma", '{"a": [1, 2,]}', '{"a": [1, 2]}'),
    ("typographic-quotes", "{“a”: 1}", '{"a": 1}'),
    ("typographic-quotes", '{"a": "x”}', '{"a": "x"}'),
    ("unclosed-bracket", '{"a": 1', '{"a": 1}'),
    ("unclosed-brackets", '{\n  "a": [\n    1', '{\n  "a": [\n    1\n  ]\n}'),
    ("unclosed-brackets", '[{\n  "a": [[\n    1', '[{\n  "a": [[\n    1\n  ]]\n}]'),
    ("unclosed-comment", '{"a": 1} /* that is all', '{"a": 1} /* that is all */'),
    ("unclosed-string", '{"a": "x}', '{"a": "x"}'),
    ("unexpected-bracket", '{"a": 1}}', '{"a": 1}'),
    ("unexpected-text", '{"a": 1 ~}', '{"a": 1 }'),
    ("unquoted-name", "{a: 1}", '{"a": 1}'),
    ("unquoted-name", "{「订单」: 1}", '{"订单": 1}'),
]
"""A code, a text with it, and the text that the first fix makes of it."""


@pytest.mark.parametrize(
    ("code", "text", "wanted"), OF_TEXT, ids=[f"{at}-{each[0]}" for at, each in enumerate(OF_TEXT)]
)
def test_text_is_put_right_and_nothing_else_in_it_changes(code: str, text: str, wanted: str) -> None:
    document = scan(text)
    problem = next(each for each in document.problems if each.code == code)
    found = fixes(document, None, problem)
    assert found, f"no fix of {document.problems}"
    assert apply(text, found[0]) == wanted
    for fix in found:
        after = scan(apply(text, fix))
        assert after.tree.findings.errors <= document.tree.findings.errors
        assert say(fix.words, fix.values)
        for one, other in zip(fix.splices, fix.splices[1:], strict=False):
            assert one.end <= other.start


def test_every_code_is_decided_and_has_its_row() -> None:
    assert set(FLAWS) <= set(FIXES)
    fixable = {code for code in FLAWS if FIXES[code] is not None}
    assert {code for code, *_ in OF_TEXT} == fixable


def test_no_code_in_the_source_is_forgotten() -> None:
    import re

    folder = Path(fixes.__code__.co_filename).parent
    codes: set[str] = set()
    for name in ("validation.py", "conformance.py", "complaints.py", "findings.py"):
        source = (folder / name).read_text(encoding="utf-8")
        codes |= set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', source))
    codes -= {"utf-8"}
    undecided = {code for code in codes if code not in FIXES}
    assert undecided == set()


@pytest.mark.parametrize("text", ['{"a": "\\ud800"}', '{"a": 1E400}', '{"a": 1E-400}', "{: 1}"])
def test_what_is_sent_as_it_is_or_nobody_can_guess_has_no_fix(text: str) -> None:
    document = scan(text)
    assert document.problems
    assert fixes(document, None, document.problems[0]) == ()


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
        "name": {"type": "string"},
        "ok": {"type": "boolean"},
        "size": {"type": "number", "exclusiveMinimum": 0},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "body": {"type": "object"},
        "kind": {"enum": ["Create", "Delete"]},
        "fixed": {"const": 7},
        "version": {"type": "string", "pattern": "^v[0-9]$", "examples": ["v1"]},
        "data": {
            "type": "string",
            "contentEncoding": "base64",
            "contentMediaType": "application/json",
            "contentSchema": {
                "type": "object",
                "properties": {"level": {"type": "integer"}, "owner": {"type": "string"}},
                "required": ["owner"],
                "additionalProperties": False,
            },
        },
        "query": {"type": "string", "contentMediaType": "application/x-www-form-urlencoded"},
        "never": False,
    },
    "additionalProperties": False,
}

OF_VALUES = [
    ("schema-type", '{"count": "5"}', '{"count": 5}'),
    ("schema-type", '{"name": 1.10}', '{"name": "1.10"}'),
    ("schema-type", '{"name": 12345678901234567890}', '{"name": "12345678901234567890"}'),
    ("schema-type", '{"ok": "true"}', '{"ok": true}'),
    ("schema-type", '{"size": "52.0"}', '{"size": 52.0}'),
    ("schema-type", '{"body": "{\\"a\\": 1}"}', '{"body": {"a": 1}}'),
    ("schema-type", '{"tags": "a"}', '{"tags": ["a"]}'),
    ("schema-type", '{"name": null}', '{"name": ""}'),
    ("schema-value", '{"kind": "create"}', '{"kind": "Create"}'),
    ("schema-value", '{"kind": "Delet"}', '{"kind": "Delete"}'),
    ("schema-value", '{"fixed": 8}', '{"fixed": 7}'),
    ("schema-minimum", '{"count": 0}', '{"count": 1}'),
    ("schema-maximum", '{"count": 10}', '{"count": 9}'),
    ("schema-exclusive-minimum", '{"size": 0}', '{"size": 1}'),
    ("schema-min-items", '{"tags": []}', '{"tags": [""]}'),
    ("schema-pattern", '{"version": "1"}', '{"version": "v1"}'),
    ("schema-false-schema", '{"never": 1, "name": "x"}', '{"name": "x"}'),
    ("unknown-field", '{"nmae": "x"}', '{"name": "x"}'),
    ("unknown-field", '{"else": "x", "ok": true}', '{"ok": true}'),
    ("not-base64", '{"data": "eyJvd25lciI6ICJ4In0=="}', '{"data": "eyJvd25lciI6ICJ4In0="}'),
    ("not-base64", '{"data": "x…"}', '{"data": "eyJvd25lciI6ICIifQ=="}'),
    ("schema-type", '{"data": 5}', '{"data": "eyJvd25lciI6ICIifQ=="}'),
    ("content-not-json", '{"data": "eyJvd25lciI6ICJ4Iix9"}', '{"data": "eyJvd25lciI6ICJ4IiB9"}'),
    ("missing-field", '{"data": "e30="}', '{"data": "eyJvd25lciI6ICIifQ=="}'),
    ("unknown-field", '{"data": "eyJvd25lciI6IiIsImxldmwiOjF9"}', '{"data": "eyJvd25lciI6IiIsImxldmVsIjoxfQ=="}'),
    ("not-form-encoded", '{"query": "a%zz"}', '{"query": "a%25zz"}'),
]


@pytest.mark.parametrize(
    ("code", "text", "wanted"), OF_VALUES, ids=[f"{at}-{each[0]}" for at, each in enumerate(OF_VALUES)]
)
def test_a_value_is_put_right_and_nothing_else_in_the_text_changes(
    tmp_path: Path, code: str, text: str, wanted: str
) -> None:
    own = an_own_trigger(tmp_path, SCHEMA)
    _first_fix_makes(text, own, code, wanted)


@pytest.mark.parametrize(
    ("code", "text", "wanted"), OF_VALUES, ids=[f"{at}-{each[0]}" for at, each in enumerate(OF_VALUES)]
)
def test_a_value_is_put_right_in_the_decoded_form_too(tmp_path: Path, code: str, text: str, wanted: str) -> None:
    own = an_own_trigger(tmp_path, SCHEMA)
    if '"data"' not in text:  # behind what is encoded
        text, wanted = ('{"data": "eyJvd25lciI6IngifQ==", ' + each[1:] for each in (text, wanted))
    shown = decode(text, own)
    document = scan(shown)
    problem = next(each for each in Ground(document, own, decoded=True).problems(document) if each.code == code)
    found = fixes(document, own, problem, decoded=True)
    assert found
    assert decoded_value(encode(apply(shown, found[0])), own) == decoded_value(wanted, own)


def _first_fix_makes(text: str, own: Trigger, code: str, wanted: str) -> None:
    document = scan(text)
    problems = validate(document, own)
    problem = next((each for each in problems if each.code == code), None)
    assert problem is not None, problems
    found = fixes(document, own, problem)
    assert found
    assert apply(text, found[0]) == wanted
    for fix in found:
        after = validate(scan(apply(text, fix)), own)
        assert (code, problem.path) not in {(each.code, each.path) for each in after}
        assert _errors(after) <= _errors(problems)


def _errors(problems: tuple[Problem, ...]) -> int:
    return sum(each.severity is Severity.ERROR for each in problems)


@pytest.mark.parametrize(
    ("key", "old", "new", "code", "wanted"),
    [
        ("obs", "ObjectCreated:Put", "s3:ObjectCreated:Put", "event-name", '"ObjectCreated:Put"'),
        ("apig", '"isBase64Encoded": true', '"isBase64Encoded": false', "looks-like-base64", "true"),
        ("timer", '"TIMER"', '"…"', "placeholder", '"TIMER"'),
    ],
)
def test_what_a_trigger_has_rules_for_is_put_right(key: str, old: str, new: str, code: str, wanted: str) -> None:
    own = trigger(key)
    text = own.template("default").text.replace(old, new)
    document = scan(text)
    problem = next(each for each in validate(document, own) if each.code == code)
    found = fixes(document, own, problem)
    assert wanted in apply(text, found[0])
    assert code not in {each.code for each in validate(scan(apply(text, found[0])), own)}


def test_text_that_is_said_to_be_base64_is_encoded_or_said_to_be_none() -> None:
    own = trigger("apig")
    text = own.template("plain-body").text.replace('"isBase64Encoded": false', '"isBase64Encoded": true')
    document = scan(text)
    problem = next(each for each in validate(document, own) if each.code == "not-base64")
    said = [say(fix.words, fix.values) for fix in fixes(document, own, problem)]
    assert said == ["encode it as base64", "set isBase64Encoded to false"]


def test_a_missing_member_comes_with_what_it_has_to_hold() -> None:
    own = trigger("obs")
    text = own.template("default").text
    document = scan(text)
    node = document.find(("Records", 0, "eventName"))
    assert node is not None
    broken = document.remove(node)
    problem = next(each for each in validate(scan(broken), own) if each.code == "missing-field")
    fixed = apply(broken, fixes(scan(broken), own, problem)[0])
    assert json.loads(fixed)["Records"][0]["eventName"] == "ObjectCreated:Put"
    assert len(validate(scan(fixed), own)) == len(validate(document, own))


def test_the_decoded_form_is_put_right_as_it_is_written(tmp_path: Path) -> None:
    own = an_own_trigger(tmp_path, SCHEMA)
    shown = decode('{"data": "eyJsZXZlbCI6IjUiLCJvd25lciI6IiJ9",  "count": "5"}', own)
    assert '"level": "5"' in shown
    mended = mend_all(shown, own, decoded=True)
    assert mended.text == shown.replace('"5"', "5")
    assert mended.problems == ()


def test_the_only_fix_is_told_and_a_choice_is_not() -> None:
    document = scan('{"a": 1,}')
    fix = mend(document, None, document.problems[0])
    assert fix is not None
    assert apply(document.text, fix) == '{"a": 1}'
    document = scan("[1,,2]")
    assert mend(document, None, document.problems[0]) is None


class TestAllAtOnce:
    def test_all_that_is_certain_is_put_right(self) -> None:
        text = "\ufeff{'a': True, // yes\n b: [1, 2,], 'c'：None}"
        mended = mend_all(text, None)
        assert json.loads(mended.text) == {"a": True, "b": [1, 2], "c": None}
        assert mended.problems == ()
        assert mended.fixed["single-quotes"] == 2

    def test_what_is_not_certain_stays(self) -> None:
        mended = mend_all('{"a": NaN, "b": 1,}', None)
        assert mended.text == '{"a": NaN, "b": 1}'
        assert [each.code for each in mended.problems] == ["not-a-number"]

    def test_one_kind_is_put_right_and_the_others_stay(self) -> None:
        mended = mend_all('{"a": NaN, "b": NaN, "c": 1,}', None, code="not-a-number")
        assert mended.text == '{"a": null, "b": null, "c": 1,}'

    def test_more_problems_than_are_told_are_put_right(self) -> None:
        text = "[" + ",".join(["True"] * 450) + "]"
        mended = mend_all(text, None)
        assert json.loads(mended.text) == [True] * 450
        assert mended.fixed["bad-word"] == 450

    def test_it_ends_when_somebody_wants_it_to(self) -> None:
        mended = mend_all("[True]", None, is_cancelled=lambda: True)
        assert mended.text == "[True]"

    def test_a_string_with_a_line_break_in_each_line_is_put_right_at_once(self) -> None:
        lines = "\r\n".join(["QUJDRA=="] * 400)
        mended = mend_all(f'{{"a": "{lines}"}}', None)
        assert json.loads(mended.text) == {"a": lines}


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="{}[],:\"'\\ ntrue1.…NaN：，“”/*#\n\ufeff", max_size=24))
def test_whatever_is_written_a_fix_makes_nothing_worse(text: str) -> None:
    document = scan(text)
    for problem in document.problems[:4]:
        for fix in fixes(document, None, problem):
            after = scan(apply(text, fix))
            assert after.tree.findings.errors <= document.tree.findings.errors
            assert fix.splices == tuple(sorted(fix.splices))
    mended = mend_all(text, None)
    assert scan(mended.text).tree.findings.errors <= document.tree.findings.errors
    if document.is_strict:
        assert mended.text == text
    assert not mended.problems or not is_json(mended.text) or mended.problems[0].code in FLAWS


def test_brackets_behind_a_wide_margin_are_closed_in_a_text_no_longer_than_they_need() -> None:
    margin = " " * 20_000
    text = f"{margin}{'[' * 20_000}\n1"
    assert mend_all(text, None, code="unclosed-brackets").text == f"{text}\n{margin}{']' * 20_000}"


@pytest.mark.parametrize(
    ("before", "each", "after"),
    [
        pytest.param("", "// note\n", "[1]", id="comment"),
        pytest.param("[1", "/**/", "]", id="comment"),
        pytest.param("[", '{"a": 1,}, ', "0]", id="trailing-comma"),
        pytest.param("[", "'a', ", "0]", id="single-quotes"),
        pytest.param("[", '"a" ', "0]", id="missing-comma"),
        pytest.param("[", '{a: ""}, ', "0]", id="unquoted-name"),
        pytest.param("[", "None, ", "0]", id="bad-word"),
        pytest.param("[", "1，", "0]", id="full-width-sign"),
        pytest.param("[", "1, ...,", "0]", id="elision"),
        pytest.param("{", '"a": 1,', '"b": 2}', id="duplicate-key"),
        pytest.param("[0]", "]", "", id="unexpected-bracket"),
    ],
)
def test_any_number_of_problems_is_put_right_in_a_few_readings(
    request: pytest.FixtureRequest, before: str, each: str, after: str
) -> None:
    rounds: list[None] = []
    mended = mend_all(before + each * 2_000 + after, None, is_cancelled=lambda: bool(rounds.append(None)))
    assert is_json(mended.text)
    assert mended.problems == ()
    (code,) = mended.fixed
    assert request.node.callspec.id.startswith(code)
    assert 1_999 <= mended.fixed[code] <= 2_000
    assert len(rounds) <= 3


def test_any_number_of_values_is_put_right_in_a_few_readings() -> None:
    own = trigger("obs")
    record = json.dumps(json.loads(own.template("default").text)["Records"][0])
    text = ", ".join([record.replace("ObjectCreated:Put", "objectcreated:put")] * 150)
    mended = mend_all(f'{{"Records": [{text}]}}', own)
    assert mended.text == f'{{"Records": [{", ".join([record] * 150)}]}}'
    assert sum(mended.fixed.values()) == 150


@pytest.mark.parametrize("text", ["[“", "} ", "'\\"])
def test_a_fix_that_would_help_nothing_is_not_made(text: str) -> None:
    mended = mend_all(text, None)
    assert mended.text == text
    assert not mended.fixed


def test_no_fix_is_certain_whose_kind_is_told_never_to_be() -> None:
    found: set[str] = set()
    texts = ["[1,,2]", "{'a' b", '{"a": yes, "b"}', '["a" "b" c"d"]', "[NaN, 1|2, …, 1}", '{"a": 1}, 2', "/* {", '["a']
    for text in [*texts, "{'a': [tru, +1, x y z", '["\\x41\\q"', "﻿", '{"a": 1, "a": 2, "b":}']:
        document = scan(text)
        for problem in document.problems:
            if any(fix.is_certain for fix in fixes(document, None, problem)):
                found.add(problem.code)
    assert found
    assert not found & fixing._NEVER_CERTAIN
