"""What expressions mean, in this process; the same functions run in the one that can be killed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jmespath
import pytest

from fgtui.errors import FgtuiError, StoreError, UsageError
from fgtui.sessions.query import processes as query_processes
from fgtui.sessions.query.closures import compiled
from fgtui.sessions.query.host import EvaluationError, failure
from fgtui.sessions.query.host import search as evaluated
from fgtui.sessions.storage.database import DamagedError

EXCHANGE = {
    "seq": 7,
    "event": {
        "trigger": "obs",
        "body": {"Records": [{"s3": {"object": {"key": "a b.png", "size": 52.0}}}, {"s3": {"object": {"key": "c", "size": 3}}}]},
    },
    "outcome": {"kind": "raised", "status_code": None, "headers": {"x-a": "1"}, "error": {"type": "KeyError"}, "logs": ""},
    "tags": ["x", "y"],
    "big": 123456789012345678901234567890,
}  # fmt: skip


def search(expression: str) -> object:
    tree: Any = jmespath.compile(expression).parsed
    return evaluated(compiled(tree), EXCHANGE)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("seq", 7),
        ("outcome.kind == 'raised'", True),
        ('outcome.kind != `"raised"`', False),
        ("event.body.Records[0].s3.object.key", "a b.png"),
        ("event.body.Records[?s3.object.size > `10`].s3.object.key | [0]", "a b.png"),
        ("event.body.Records[*].s3.object.size", [52.0, 3]),
        ("length(event.body.Records)", 2),
        ('outcome.headers."x-a"', "1"),
        ("outcome.error.type && outcome.kind", "raised"),
        ("outcome.logs || 'none'", "none"),
        ("!(outcome.status_code)", True),
        ("contains(tags, 'y')", True),
        ("{n: seq, t: event.trigger}", {"n": 7, "t": "obs"}),
        ("nothing.here[0].at.all", None),
        ("big == `123456789012345678901234567890`", True),
        ("tags[-1]", "y"),
        ("tags[::-1]", ["y", "x"]),
        ("sort_by(event.body.Records, &s3.object.size)[0].s3.object.key", "c"),
        ("`1` == `true`", False),
        ("seq < `null`", None),
        ("'a' < 'b'", True),
        ("event.body.Records[].s3.object[].key", ["a b.png", "c"]),
        ("*.trigger", ["obs"]),
        ("to_string(tags)", '["x","y"]'),
    ],
)  # fmt: skip
def test_expressions_mean_what_jmespath_says(expression: str, value: object) -> None:
    found = search(expression)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("length(seq)", "invalid type"),
        ("floor(to_number('1e999'))", "infinity"),
        ("tags[::0]", "step"),
        ("sort([`1`, 'a'])", "invalid type"),
    ],
)
def test_whatever_the_library_raises_is_one_error(expression: str, words: str) -> None:
    with pytest.raises(EvaluationError, match=words) as caught:
        search(expression)
    assert caught.value.kind == "value"


def test_what_has_no_order_is_a_kind_of_its_own() -> None:
    with pytest.raises(EvaluationError) as caught:
        search("seq < 'x'")
    assert caught.value.kind == "order"


@pytest.mark.parametrize(
    "error",
    [
        StoreError(
            "{file} has been locked for {seconds:g} s", hint="close {file}", file=Path("a/\ud800.db"), seconds=15.0
        ),
        UsageError("there is no file {file}", file="x"),
        DamagedError("{count} are lost", count=3),
    ],
)
def test_what_the_process_cannot_do_is_said_in_its_words_outside(error: FgtuiError) -> None:
    told = query_processes.failure(failure(error).encode())
    assert (str(told), told.hint) == (str(error), error.hint)
    assert isinstance(error, type(told))


def test_values_too_deep_to_be_compared_are_said_to_be_so() -> None:
    one: list[Any] = []
    other: list[Any] = []
    for _ in range(100_000):
        one, other = [one], [other]
    tree: Any = jmespath.compile("a == b").parsed
    with pytest.raises(EvaluationError) as caught:
        evaluated(compiled(tree), {"a": one, "b": other})
    assert caught.value.kind == "depth"


@pytest.mark.parametrize("expression", ["abs(@)", "sum(@)", "sort_by(@, &a)"])
def test_a_value_of_the_wrong_type_that_is_too_deep_to_be_quoted_is_refused_like_any_other(expression: str) -> None:
    deep: list[Any] = []
    for _ in range(50_000):
        deep = [deep]
    tree: Any = jmespath.compile(expression).parsed
    with pytest.raises(EvaluationError):
        evaluated(compiled(tree), deep)


def test_words_that_quote_a_large_value_stay_short() -> None:
    tree: Any = jmespath.compile("abs(@)").parsed
    with pytest.raises(EvaluationError, match="invalid type") as caught:
        evaluated(compiled(tree), ["x" * 1_000_000])
    assert len(str(caught.value)) <= 1000
