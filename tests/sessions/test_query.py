from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from fgtui.errors import QueryError
from fgtui.sessions import query as query_module
from fgtui.sessions.format import document
from fgtui.sessions.query import Query, evaluate, scan
from tests.factories import an_exchange


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    before = set(psutil.Process().children(recursive=True))
    yield
    assert set(psutil.Process().children(recursive=True)) <= before


def documents(count: int) -> list[dict[str, Any]]:
    return [document(an_exchange(f'{{"n": {seq}}}', number=seq, seq=seq)) for seq in range(1, count + 1)]


def found(expression: str, given: Any, **options: Any) -> list[int]:
    return [match.document["seq"] for match in scan(Query.compile(expression), given, **options)]


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


def test_the_old_spelling_of_literals_compiles_without_a_word() -> None:
    assert evaluate(Query.compile("`foo`"), {}) == "foo"


# One value


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
    assert evaluate(Query.compile(expression), value) == result


def test_depth_is_no_obstacle() -> None:
    deep: object = 1
    for _ in range(20_000):
        deep = [deep]
    result = evaluate(Query.compile("@"), deep)
    for _ in range(20_000):
        assert isinstance(result, list)
        (result,) = result
    assert result == 1


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("length(a)", r"In function length\(\), invalid type for value: 1, expected one of: .*'object'"),
        ("&a", "an expression without its value is no result"),
        ("to_number('1e999')", "a number that JSON cannot say"),
        ("@|" + "|".join(["join('',[to_string(@),to_string(@)])"] * 40), "needs more than 256 MB"),
        ("@|" + "|".join(["[@,@]"] * 60), "takes longer than 1 s on one exchange and was stopped"),
        ("@|" + "|".join(["[@,@]"] * 21), "the result is larger than 16 MB"),
    ],
)
def test_what_goes_too_far_is_stopped_in_words(expression: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        evaluate(Query.compile(expression), {"a": 1})


# Many documents


def test_matches_come_in_order() -> None:
    assert found("event.body.n > `995`", documents(1000)) == [996, 997, 998, 999, 1000]
    assert found("outcome.result.ok", documents(3)) == [1, 2, 3]
    assert found("outcome.error", documents(3)) == []


def test_matches_are_reshaped() -> None:
    matches = scan(Query.compile("seq > `1`"), documents(3), project=Query.compile("{n: event.body.n}"))
    assert [match.value for match in matches] == [{"n": 2}, {"n": 3}]
    assert [match.value for match in scan(None, documents(2), project=Query.compile("seq"))] == [1, 2]


def test_matches_come_before_the_documents_end() -> None:
    endless = (document(an_exchange(seq=seq)) for seq in itertools.count(1))
    matches = scan(Query.compile("seq == `5` || seq == `3000`"), endless)
    assert [next(matches).document["seq"], next(matches).document["seq"]] == [5, 3000]
    matches.close()


def test_no_more_documents_are_read_than_are_needed() -> None:
    read = 0

    def counted() -> Iterator[dict[str, Any]]:
        nonlocal read
        for seq in itertools.count(1):
            read += 1
            yield document(an_exchange(seq=seq))

    matches = scan(Query.compile("seq"), counted())
    next(matches)
    matches.close()
    assert read <= 600


def test_large_documents_and_large_answers_pass_both_ways() -> None:
    text = "x" * 3_000_000
    given = [{"seq": seq, "text": text} for seq in range(4)]
    matches = scan(Query.compile("seq >= `0`"), given, project=Query.compile("text"))
    assert [len(match.value) for match in matches] == [3_000_000] * 4


def test_a_document_that_cannot_be_tried_does_not_match_and_is_told_at_the_end() -> None:
    given = documents(3)
    given[1]["event"]["body"] = None
    matches = scan(Query.compile("length(event.body) == `1`"), given)
    assert [next(matches).document["seq"], next(matches).document["seq"]] == [1, 3]
    with pytest.raises(QueryError, match=r"1 could not be tried; the first: In function length\(\)"):
        next(matches)


def test_whoever_wants_to_hear_of_each_does() -> None:
    given = documents(2)
    heard: list[tuple[int, str]] = []
    assert found("length(seq)", given, on_error=lambda one, error: heard.append((one["seq"], str(error)[:11]))) == []
    assert heard == [(1, "In function"), (2, "In function")]


def test_a_scan_that_is_cancelled_ends() -> None:
    cancelled = threading.Event()
    endless = (document(an_exchange(seq=seq)) for seq in itertools.count(1))
    matches = scan(Query.compile("seq"), endless, cancelled=cancelled)
    next(matches)
    cancelled.set()
    assert len(list(matches)) <= 1024


def test_an_expression_that_takes_too_long_ends_the_scan_after_the_matches_before() -> None:
    doubled = "|".join(["[@,@]"] * 60)
    matches = scan(Query.compile(f"seq < `3` || length(to_string(@|{doubled})) > `0`"), documents(5))
    assert [next(matches).document["seq"], next(matches).document["seq"]] == [1, 2]
    with pytest.raises(QueryError, match="takes longer than 1 s"):
        next(matches)


def test_an_expression_that_takes_too_much_memory_ends_the_scan_at_the_first_exchange() -> None:
    doubled = "|".join(["join('', [@, @])"] * 40)
    heard: list[object] = []
    matches = scan(
        Query.compile(f"length(to_string(@)|{doubled}) > `0`"), documents(5), on_error=lambda *told: heard.append(told)
    )
    with pytest.raises(QueryError, match="needs more than 256 MB"):
        next(matches)
    assert not heard


def test_documents_that_break_off_leave_no_process() -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield from documents(2)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        found("seq", broken())


def test_an_evaluator_that_was_killed_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def killing() -> Iterator[dict[str, Any]]:
        yield from documents(1)
        for child in psutil.Process().children():
            child.kill()
        yield from documents(1000)

    with pytest.raises(QueryError, match=r"broke off \(-9\)"):
        found("seq", killing())


def test_an_evaluator_that_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_module, "_HANG_S", 0.2)

    def stopping() -> Iterator[dict[str, Any]]:
        for child in psutil.Process().children():
            child.suspend()
        yield from documents(1000)

    with pytest.raises(QueryError, match="does not answer"):
        found("seq == `0`", stopping())


def test_neither_the_working_folder_nor_a_variable_puts_code_in(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert evaluate(Query.compile("a"), {"a": 1}) == 1
