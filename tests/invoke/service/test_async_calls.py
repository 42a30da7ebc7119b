"""Asynchronous calls, followed to their end."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable
from itertools import islice, pairwise, repeat

import pytest

from fgtui.invoke.http.transport import Transport
from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    HandlerError,
    Outcome,
    Raised,
    Rejected,
    Returned,
    TimedOut,
    Unreachable,
)
from fgtui.invoke.service.async_calls import call_asynchronously, growing_pauses
from fgtui.invoke.service.client import ServiceClient
from tests.factories import an_event
from tests.invoke.deployed import NOW, REQUEST_ID, deployed, refused
from tests.invoke.http_servers import Received, Server, Step, answer, reset, serving, stall

TAKEN = answer(202, json.dumps({"request_id": REQUEST_ID}).encode())


def status(word: str, **more: object) -> Step:
    entry = {"request_id": REQUEST_ID, "status": word, "error_code": 0, "error_message": "", **more}
    return answer(200, json.dumps({"invocations": [entry], "count": 1}).encode())


NONE = answer(200, b'{"invocations": [], "count": 0}')


def follow(
    server: Server, *, pauses: Iterable[float] | None = None, cancelled: threading.Event | None = None, **more: object
) -> Outcome:
    target = deployed(server.url, is_asynchronous=True, **more)
    transport = Transport()
    try:
        return call_asynchronously(
            an_event("{}"),
            target,
            ServiceClient(target.profile, transport, lambda: NOW),
            cancelled=cancelled,
            pauses=repeat(0.0) if pauses is None else pauses,
        )
    finally:
        transport.close()


def ending(*script: Step, **more: object) -> Outcome:
    with serving(*script) as server:
        return follow(server, **more)


def test_each_step_is_a_line_of_the_log() -> None:
    outcome = ending(TAKEN, NONE, status("WAIT"), status("WAIT"), status("RUNNING"), status("SUCCESS"))
    assert isinstance(outcome, Returned)
    assert outcome.logs == (f"fgtui: taken as request {REQUEST_ID}\nfgtui: WAIT\nfgtui: RUNNING\nfgtui: SUCCESS\n")
    assert (outcome.body, outcome.request_id) == (b"", REQUEST_ID)


def test_it_took_as_long_as_the_service_says() -> None:
    times = {"start_time": "2026-01-02T03:04:05", "end_time": "2026-01-02T03:04:07"}
    assert ending(TAKEN, status("SUCCESS", **times)).duration_ms == 2000.0
    assert ending(TAKEN, status("SUCCESS", start_time="x", end_time=3)).duration_ms is None
    assert (
        ending(TAKEN, status("SUCCESS", start_time=times["end_time"], end_time=times["end_time"])).duration_ms is None
    )


@pytest.mark.parametrize(
    ("end", "took"), [("2026-01-04T03:04:05", 172_800_000.0), ("2026-01-08T03:04:05", None), ("9999-12-31", None)]
)
def test_times_that_no_function_can_take_tell_no_duration(end: str, took: float | None) -> None:
    times = {"start_time": "2026-01-02T03:04:05", "end_time": end}
    assert ending(TAKEN, status("SUCCESS", **times)).duration_ms == took


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        (4002, "function invocation exception, error: boom", Raised),
        (4010, "call invoke timeout 3s", TimedOut),
        (4204, "runtime process is exited", Crashed),
        (0, "", Raised),
        ("odd", "odd", Raised),
    ],
)
def test_a_failure_is_told_by_its_inner_code(code: object, message: str, expected: type) -> None:
    outcome = ending(TAKEN, status("FAIL", error_code=code, error_message=message))
    assert type(outcome) is expected
    if code == 4002:
        assert isinstance(outcome, Raised)
        assert outcome.error == HandlerError("Error", "boom")


def test_what_was_given_up_in_the_service_is_rejected() -> None:
    outcome = ending(TAKEN, status("DISCARD"))
    assert isinstance(outcome, Rejected)
    assert outcome.code == "DISCARD"
    assert not outcome.may_have_run


def test_the_status_is_asked_for_by_request_and_the_event_is_sent_once() -> None:
    with serving(TAKEN, NONE, NONE, status("SUCCESS")) as server:
        follow(server)
        assert [request.method for request in server.requests] == ["POST", "GET", "GET", "GET"]
        assert server.requests[0].target.endswith("/invocations-async")
        assert server.requests[0].header("x-cff-log-type") is None
        assert server.requests[1].target.endswith(f"/async-invocations?request_id={REQUEST_ID}")


@pytest.mark.parametrize(
    "broken",
    [
        reset(),
        answer(500, b""),
        answer(404, b""),
        answer(429, b""),
        answer(200, b"no JSON"),
        answer(200, b"[]"),
        answer(200, b'{"invocations": [3, {"request_id": "other", "status": "FAIL"}]}'),
        status("\x1b[2J"),
        status("X" * 1000),
    ],
)
def test_a_question_that_comes_to_nothing_is_asked_again(broken: Step) -> None:
    outcome = ending(TAKEN, broken, status("SUCCESS"))
    assert isinstance(outcome, Returned)
    assert "\x1b" not in outcome.logs


@pytest.mark.parametrize("step", [refused(401, "APIGW.0301", "no"), refused(403, "FSS.0403", "no"), answer(302, b"")])
def test_who_may_not_ask_hears_that_it_was_taken(step: Step) -> None:
    outcome = ending(TAKEN, step)
    assert isinstance(outcome, Unreachable)
    assert outcome.may_have_run
    assert outcome.request_id == REQUEST_ID
    assert "the event was taken" in outcome.message


def test_what_never_ends_is_followed_until_the_time_is_over() -> None:
    outcome = ending(TAKEN, status("RUNNING"), timeout_s=0.2, pauses=repeat(0.02))
    assert isinstance(outcome, TimedOut)
    assert outcome.logs.endswith("fgtui: RUNNING\nfgtui: not followed any longer\n")


def test_a_service_that_keeps_no_status_is_said_to() -> None:
    assert "keeps no status of it" in ending(TAKEN, NONE, timeout_s=0.2, pauses=repeat(0.02)).logs


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (refused(500, "FSS.0500", "internal error"), "fgtui: no status: FSS.0500 internal error\n"),
        (answer(503, b"<html>down</html>"), "fgtui: no status: 503 Service Unavailable\n"),
        (answer(200, b"<html>log in</html>"), "fgtui: no status: what answered is not FunctionGraph\n"),
        (refused(429, "FSS.0429", "x" * 900), f"fgtui: no status: FSS.0429 {'x' * 200}\n"),
    ],
)
def test_a_service_that_fails_at_the_question_is_not_said_to_keep_no_status(step: Step, said: str) -> None:
    logs = ending(TAKEN, step, timeout_s=0.2, pauses=repeat(0.02)).logs
    assert logs.endswith(said + "fgtui: not followed any longer\n")


def test_cancelling_wakes_the_pause_and_says_that_the_function_goes_on() -> None:
    cancelled = threading.Event()
    with serving(TAKEN, NONE) as server:
        threading.Thread(target=lambda: (server.heard(), cancelled.set())).start()
        started = time.monotonic()
        outcome = follow(server, pauses=[600.0], cancelled=cancelled, timeout_s=900.0)
    assert isinstance(outcome, Cancelled)
    assert outcome.logs.endswith("the function goes on\n")
    assert time.monotonic() - started < 30


def test_cancelling_ends_a_question_that_hangs() -> None:
    cancelled = threading.Event()
    with serving(TAKEN, stall()) as server:
        threading.Thread(target=lambda: (server.heard(2), cancelled.set())).start()
        assert isinstance(follow(server, cancelled=cancelled), Cancelled)


@pytest.mark.parametrize("step", [refused(413, "FSS.0413", "too large"), refused(404, "FSS.1051", "no")])
def test_what_is_not_taken_is_not_followed(step: Step) -> None:
    with serving(step) as server:
        assert isinstance(follow(server), Rejected)
        assert len(server.requests) == 1


def test_a_line_that_breaks_before_the_answer_may_have_handed_it_over() -> None:
    with serving(reset()) as server:
        outcome = follow(server)
        assert isinstance(outcome, Unreachable)
        assert outcome.may_have_run
        assert len(server.requests) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b'{"request_id": 3}'])
def test_without_a_request_id_there_is_nothing_to_follow(body: bytes) -> None:
    with serving(answer(202, body)) as server:
        outcome = follow(server)
        assert isinstance(outcome, Returned)
        assert outcome.body == body
        assert len(server.requests) == 1


@pytest.mark.parametrize("said", ["\ud800", "9f2c\r\nfgtui: SUCCESS", "a b", "x" * 201, "\x1b]0;title\x07"])
def test_a_request_id_that_could_stand_in_no_address_is_none(said: str) -> None:
    outcome = ending(answer(202, json.dumps({"request_id": said}).encode()), status("SUCCESS"))
    assert outcome.logs == "fgtui: taken, without a request id to ask for\n"
    assert outcome.request_id is None


def test_the_request_id_may_come_in_a_header() -> None:
    def taken(_: Received) -> Step:
        return answer(202, b"", (("X-Cff-Request-Id", REQUEST_ID),))

    with serving(taken, status("SUCCESS")) as server:
        assert follow(server).request_id == REQUEST_ID


def test_pauses_grow_to_ten_seconds() -> None:
    pauses = list(islice(growing_pauses(), 20))
    assert pauses[0] < 1
    assert pauses[-1] == 10.0
    assert all(one <= other for one, other in pairwise(pauses))
