from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from fgtui.errors import QueryError
from fgtui.sessions import strict_json
from fgtui.sessions.query import processes as query_processes
from fgtui.sessions.query.expressions import Query, evaluate


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    before = set(psutil.Process().children(recursive=True))
    yield
    assert set(psutil.Process().children(recursive=True)) <= before


# Compiling


@pytest.mark.parametrize(
    ("expression", "words", "column"),
    [
        ("", "there is no expression", 1),
        ("   ", "not JMESPath: it is not complete", 4),
        ("outcome.logs[", "not JMESPath: it is not complete", 14),
        ("a ==", "not JMESPath: it is not complete", 5),
        ("a | | b", "not JMESPath: invalid token", 5),
        ("@ = `1`", "not JMESPath: unknown token '='", 3),
        ("'open", "not JMESPath: unclosed ' delimiter", 1),
        ("a.b c", "not JMESPath: unexpected token: c", 5),
        ("#", "not JMESPath: unknown token #", 1),
        (
            "event.body.x订单 == `1`",
            'not JMESPath: a name of other than ASCII letters stands in double quotes: "x订单"',
            13,
        ),
        ("a，b", "not JMESPath: unknown token ，", 2),
        ("\ud800", "not JMESPath: unknown token", 1),
        ("a && lenght(b)", "there is no function lenght", 6),
        ("length(a, b)", "length takes 1 arguments, not 2", 1),
        ("x.[not_null()]", "not_null takes 1 or more arguments, not 0", 4),
        ("(" * 2000, "the expression is nested too deeply", None),
        ("a" * 5000, "an expression has at most 4096 bytes; this one has 5000", None),
    ],
)
def test_what_does_not_compile_says_why_and_where(expression: str, words: str, column: int | None) -> None:
    with pytest.raises(QueryError) as caught:
        Query.compile(expression)
    assert str(caught.value).startswith(words)
    assert caught.value.column == column


def test_a_misspelled_function_gets_the_nearest() -> None:
    with pytest.raises(QueryError) as caught:
        Query.compile("lenght(a)")
    assert caught.value.hint == "did you mean {nearest}?"
    assert caught.value.values["nearest"] == "length"


@pytest.mark.parametrize(
    ("expression", "mentions"),
    [
        ("event.decoded.lts.data.owner == 'x'", True),
        ('event."d\\u0065coded"', True),
        ("[?contains(event.decoded, 'x')]", True),
        ("event.body.key == 'decoded'", False),
        ('`{"decoded": 1}`', False),
        ("event", False),
    ],
)  # fmt: skip
def test_only_an_expression_that_names_the_decoded_event_needs_it(expression: str, mentions: bool) -> None:
    assert Query.compile(expression).mentions_decoded == mentions


def evaluated(expression: str, value: object) -> object:
    return strict_json.read(evaluate(Query.compile(expression), strict_json.write(value)))


def test_the_old_spelling_of_literals_compiles_without_a_word() -> None:
    assert evaluated("`foo`", {}) == "foo"


# One value


def test_numbers_that_are_only_passed_on_are_spelled_as_they_were() -> None:
    literals = ["1E999999", "-0", "1.10", "1e5", "-1E-999999", "0.1", "7", "9" * 5000, "0.30000000000000000001"]
    text = f"[{', '.join(literals)}]"
    assert evaluate(Query.compile("@"), text) == text
    assert evaluate(Query.compile("[max(@) == [0], [2], abs([2]), [2] == `1.1`, type([0])]"), text) == (
        '[true, 1.10, 1.1, true, "number"]'
    )
    assert evaluate(Query.compile("sort(@)[:2]"), "[1.50, 1.10, 1.30]") == "[1.10, 1.30]"


def test_a_number_of_which_not_all_digits_are_kept_is_not_printed_as_another_one() -> None:
    deep = "[" * 5000 + "1E999999" + "]" * 5000
    assert evaluate(Query.compile("length(@)"), deep) == "1"
    with pytest.raises(QueryError, match="more digits than are kept"):
        evaluate(Query.compile("@"), deep)


@pytest.mark.parametrize(
    ("expression", "value", "result"),
    [
        ("a.b", {"a": {"b": [1, "\ud800", None]}}, [1, "\ud800", None]),
        ("@", 123456789012345678901234567890, 123456789012345678901234567890),
        ("@", "[/x] \x1b", "[/x] \x1b"),
        ("nothing", {}, None),
    ],
)
def test_one_value_is_evaluated(expression: str, value: object, result: object) -> None:
    assert evaluated(expression, value) == result


def test_depth_is_no_obstacle() -> None:
    deep: object = 1
    for _ in range(20_000):
        deep = [deep]
    result = evaluated("@", deep)
    for _ in range(20_000):
        assert isinstance(result, list)
        (result,) = result
    assert result == 1


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("length(a)", r"length\(\) takes string, array, object, not number"),
        ("&a", "an expression without its value is no result"),
        ("to_number('1e999')", "a number that JSON cannot say"),
        ("@|" + "|".join(["join('',[to_string(@),to_string(@)])"] * 40), "needs more than 256 MB"),
        ("@|" + "|".join(["[@,@]"] * 60), "takes longer than 1 s on one exchange and was stopped"),
        ("@|" + "|".join(["join('',[to_string(@),to_string(@)])"] * 22), "the result is larger than 16 MB"),
    ],
)
def test_what_goes_too_far_is_stopped_in_words(expression: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        evaluated(expression, {"a": 1})


def test_neither_the_working_folder_nor_a_variable_puts_code_in(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert evaluated("a", {"a": 1}) == 1


def test_a_large_value_and_a_large_result_pass_both_ways() -> None:
    text = "x" * 3_000_000
    assert evaluated("[text, text][0]", {"text": text}) == text


def test_an_evaluation_that_is_killed_from_outside_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        query_processes.Process, "give", lambda process, work: process._process.kill() or process.work.append(work)
    )
    with pytest.raises(QueryError, match=r"broke off \(-9\)"):
        evaluated("a", {})


def test_an_evaluation_that_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_processes, "HANG_S", 0.2)
    begin = query_processes.Process.begin

    def suspended(process: query_processes.Process, settings: dict[str, Any]) -> None:
        psutil.Process(process._process.pid).suspend()
        begin(process, settings)

    monkeypatch.setattr(query_processes.Process, "begin", suspended)
    with pytest.raises(QueryError, match="does not answer"):
        evaluated("a", {})
