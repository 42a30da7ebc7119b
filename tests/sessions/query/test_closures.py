"""The quick evaluation agrees with the library: every value, its type, and every error."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jmespath
import pytest
from hypothesis import given, settings

from fgtui.sessions.query.closures import compiled, is_false
from fgtui.sessions.query.functions import options
from fgtui.sessions.query.tree import DEPTH
from tests.sessions.query_strategies import documents, expressions

SUITE = os.environ.get("FGTUI_JMESPATH_SUITE", "")
"""A folder with the files of jmespath/jmespath.test, folder ``tests``, which are not part of this repository."""


def told(evaluate: Any, document: object) -> tuple[str, str]:
    """A value with the types in it, or an error in its words."""
    try:
        return "value", repr(evaluate(document)).replace("-0.0", "0.0-")
    except Exception as error:
        return type(error).__name__, str(error)


def both(expression: str, document: object) -> tuple[tuple[str, str], tuple[str, str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = jmespath.compile(expression)
    return told(compiled(parsed.parsed), document), told(lambda value: parsed.search(value, options()), document)


@settings(max_examples=150)
@given(expressions, documents)
def test_any_expression_is_what_the_library_makes_of_it(expression: str, document: object) -> None:
    ours, theirs = both(expression, document)
    assert ours == theirs


DOCUMENT = {
    "n": 1, "z": 0, "f": 1.0, "t": True, "x": None, "s": "text", "e": "", "big": 10**30,
    "l": [3, 1, 2], "m": [1, "a"], "o": {"k": [1, 2], "v": {"w": "deep"}}, "r": [{"k": 2, "s": "b"}, {"k": 1, "s": "a"}, {"s": "c"}],
    "json": '{"a": [1]}', "b64": "SGVsbG8=", "url": "a%20b+c",
}  # fmt: skip


@pytest.mark.parametrize(
    "expression",
    [
        "n == t", "z == `false`", "f == n", "n != t", "`1` == `1.0`", "[n] == [t]", "x == nothing", "s == 's'",
        "n < s", "s < 'u'", "t < n", "x < n", "n < big", "f >= n", "l < l",
        "!z", "!f", "!x", "!e", "!l", "!t", "!o", "!s", "!`[]`",
        "z || n", "e || s", "l && s", "z && s", "x && a.b.c", "t && f || s",
        "o.k[0]", "o.k[-3]", "o[0]", "l[0].a", "l[5]", "s[0]", "l[::0]", "l[1:]", "s[1:]", "l[100000000000000000000]",
        "*", "o.*", "o.*[0]", "l.*", "*.v", "l[*]", "o[*]", "r[*].k", "r[].s", "r[?k]", "r[?k > `1`].s | [0]", "r[?nothing]", "m[?@ == 'a']",
        "[n, s]", "x.[n]", "o.{a: k, b: v.w}", "x.{a: @}", "{a: &n}", "&n", "[&n][0].a",
        "abs(s)", "abs(`-1`)", "avg(l)", "avg(`[]`)", "avg(m)", "ceil(f)", "floor(`1.5`)", "floor(to_number('1e999'))",
        "contains(l, `1`)", "contains(l, t)", "contains(s, 'ex')", "contains(s, n)", "contains(x, 'a')", "contains(o, 'k')",
        "ends_with(s, 't')", "starts_with(s, n)", "join('-', m)", "join('-', keys(o))", "keys(l)", "values(o)", "length(n)", "length(o)",
        "map(&k, r)", "map(&k, o)", "map(k, r)", "max(l)", "max(m)", "max(`[]`)", "min(l)", "merge(o, {k: n})", "merge(o, n)", "merge(n)",
        "not_null(x, n)", "not_null(x, x)", "not_null(&n)", "reverse(s)", "reverse(l)", "reverse(o)",
        "sort(l)", "sort(m)", "sort_by(r, &s)[0].k", "sort_by(r, &k)", "sort_by(r, s)", "max_by(r, &s).s", "min_by(r, &nothing)", "sort_by(`[]`, &k)",
        "sum(l)", "sum(s)", "to_array(s)", "to_array(l)", "to_number('12')", "to_number('x')", "to_number('1e3')", "to_number(t)", "to_number(l)",
        "to_string(o)", "to_string(s)", "to_string(f)", "to_string(big)", "type(x)", "type(t)", "type(n)", "type(&n)", "to_string(&n) == ''", "length(&n)",
        "from_json(json).a[0]", "from_json(s)", "from_json(n)", "powertools_json(json)", "base64_decode(b64)", "powertools_base64(s)", "url_decode(url)",
        "from_json(&n)", "gunzip(s)", "nosuch(n)", "length()", "length(s, s)", "n.length(@)", "@.n", "n | @ | @", "(o).v.w",
    ],
)  # fmt: skip
def test_each_kind_of_expression_is_what_the_library_makes_of_it(expression: str) -> None:
    ours, theirs = both(expression, DOCUMENT)
    if "_Expression" in theirs[1]:  # its place in memory is in its name
        assert ours[0] == theirs[0]
    else:
        assert ours == theirs


def test_a_deep_expression_is_the_librarys() -> None:
    expression = "!" * (DEPTH + 1) + "n"
    assert both(expression, DOCUMENT)[0] == both(expression, DOCUMENT)[1]
    assert compiled(jmespath.compile(expression).parsed).__name__ == "interpret"


@pytest.mark.parametrize("value", [None, False, "", [], {}])
def test_what_is_false(value: object) -> None:
    assert is_false(value)


@pytest.mark.parametrize("value", [True, 0, 0.0, " ", [None], {"a": None}])
def test_what_is_true(value: object) -> None:
    assert not is_false(value)


def cases() -> Iterator[Any]:
    for file in sorted(Path(SUITE).glob("*.json")):
        for group in json.loads(file.read_text("utf-8")):
            for case in group["cases"]:
                if "bench" not in case and case.get("error") not in {"syntax", "invalid-value"}:
                    yield pytest.param(group["given"], case, id=f"{file.stem}: {case['expression'][:40]}")


@pytest.mark.skipif(not SUITE, reason="FGTUI_JMESPATH_SUITE names no folder with the tests of jmespath/jmespath.test")
@pytest.mark.parametrize(("given", "case"), tuple(cases()) if SUITE else ())
def test_the_public_compliance_suite_passes(given: object, case: dict[str, Any]) -> None:
    ours, theirs = both(case["expression"], given)
    assert ours == theirs
    assert (ours[0] == "value") == ("result" in case)
    if "result" in case:
        assert compiled(jmespath.compile(case["expression"]).parsed)(given) == case["result"]


@pytest.mark.parametrize("expression", ["not_null(n, length(n))", "not_null(x, length(n))", "not_null(length(s), n)"])
def test_an_argument_that_is_not_needed_fails_as_it_does_in_the_library(expression: str) -> None:
    ours, theirs = both(expression, DOCUMENT)
    assert ours == theirs
