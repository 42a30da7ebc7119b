from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fgtui.invoke.model import Cancelled, HandlerError, Outcome, Raised, Returned
from fgtui.serve.async_calls import KEPT, AsyncCalls, Question, question_of
from tests.factories import an_exchange

BEGIN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.time = BEGIN

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def calls() -> AsyncCalls:
    return AsyncCalls(Clock())


def listed(calls: AsyncCalls, **asked: object) -> list[tuple[str, str]]:
    found = calls.find(Question("default:demo", **asked))["invocations"]
    return [(each["request_id"], each["status"]) for each in found]  # type: ignore[attr-defined]


def ended(calls: AsyncCalls, name: str, outcome: Outcome | None) -> dict[str, object]:
    calls.accept(name, "default:demo")
    calls.begin(name)
    calls.end(name, None if outcome is None else an_exchange(outcome=outcome))
    found = calls.find(Question("default:demo", request_id=name))["invocations"]
    return found[0]


def test_a_call_waits_runs_and_succeeds(calls: AsyncCalls) -> None:
    calls.accept("a", "default:demo")
    assert listed(calls) == [("a", "WAIT")]
    calls.begin("a")
    assert listed(calls) == [("a", "RUNNING")]
    calls.end("a", an_exchange(outcome=Returned()))
    assert calls.find(Question("default:demo")) == {
        "invocations": [
            {
                "request_id": "a",
                "status": "SUCCESS",
                "error_code": 0,
                "error_message": "",
                "start_time": "2026-01-02T03:04:07",
                "end_time": "2026-01-02T03:04:08",
            }
        ],
        "count": 1,
        "next_marker": 1,
    }


@pytest.mark.parametrize(
    ("outcome", "status", "code", "message"),
    [
        (Raised(body=b'{"errorMessage": "boom"}', error=HandlerError("E", "boom")), "FAIL", 4002,
         '{"errorMessage": "boom"}'),
        (Cancelled(), "DISCARD", 4208, ""),
        (None, "FAIL", 500, "the function could not be started"),
    ],
)  # fmt: skip
def test_a_call_that_fails_says_why(
    calls: AsyncCalls, outcome: Outcome | None, status: str, code: int, message: str
) -> None:
    told = ended(calls, "a", outcome)
    assert (told["status"], told["error_code"], told["error_message"]) == (status, code, message)


def test_calls_of_another_function_are_not_shown(calls: AsyncCalls) -> None:
    calls.accept("a", "default:other")
    assert listed(calls) == []


def test_pages_follow_each_other(calls: AsyncCalls) -> None:
    for name in "abcde":
        calls.accept(name, "default:demo")
    assert [name for name, _ in listed(calls, limit=2)] == ["a", "b"]
    assert [name for name, _ in listed(calls, limit=2, marker=4)] == ["e"]
    assert listed(calls, marker=9) == []


def test_calls_are_asked_for_by_status_and_time(calls: AsyncCalls) -> None:
    ended(calls, "a", Returned())
    calls.accept("b", "default:demo")
    assert listed(calls, statuses=("SUCCESS",)) == [("a", "SUCCESS")]
    assert listed(calls, since=BEGIN + timedelta(seconds=4)) == [("b", "WAIT")]
    assert listed(calls, until=BEGIN + timedelta(seconds=3)) == [("a", "SUCCESS")]


def test_only_so_many_are_remembered_and_those_that_have_ended_go_first(calls: AsyncCalls) -> None:
    calls.accept("waits", "default:demo")
    ended(calls, "ended", Returned())
    for number in range(KEPT - 1):
        calls.accept(str(number), "default:demo")
    known = [name for name, _ in listed(calls, limit=KEPT + 9)]
    assert (len(known), "waits" in known, "ended" in known) == (KEPT, True, False)


@pytest.mark.parametrize(
    "parameter",
    [("limit", "0"), ("limit", "501"), ("limit", "-1"), ("limit", "x"), ("limit", "٣"), ("limit", "9" * 5000),
     ("marker", "x"), ("status", "DONE"), ("query_begin_time", "yesterday"), ("query_end_time", "2026-13-01T00:00:00")],
)  # fmt: skip
def test_a_question_that_means_nothing_is_told_so_in_words(parameter: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=parameter[0]):
        question_of("f", [parameter], active=False)


def test_a_question_is_read_from_a_query() -> None:
    asked = question_of(
        "f",
        [("request_id", "r"), ("limit", "7"), ("marker", "2"), ("query_begin_time", "2026-01-02T03:04:05Z")],
        active=False,
    )
    assert asked == Question("f", request_id="r", limit=7, marker=2, since=BEGIN)


def test_active_calls_are_those_that_have_not_ended() -> None:
    assert question_of("f", [], active=True).statuses == ("WAIT", "RUNNING")
    assert question_of("f", [("status", "SUCCESS")], active=True).statuses == ()
