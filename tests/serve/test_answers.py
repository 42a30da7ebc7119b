from __future__ import annotations

import base64
import json

import pytest

from fgtui.invoke.http.transport import Reply
from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    HandlerError,
    InitFailed,
    InvalidResponse,
    Outcome,
    OutOfMemory,
    Raised,
    Rejected,
    Returned,
    TimedOut,
    Unreachable,
)
from fgtui.invoke.service.outcomes import answered as understood
from fgtui.serve.answers import accepted, failure_code, sync_answer
from fgtui.serve.messages import Outgoing

ERROR = HandlerError("ValueError", "boom")
ERROR_BODY = b'{"errorMessage": "function invocation exception, error: boom", "errorType": "ValueError"}'
NOT_READY = b'{"errorMessage": "function initialization exception, error: no", "errorType": "OSError"}'
FAILURES = [
    (Raised(body=ERROR_BODY, error=ERROR), 4002),
    (InitFailed(body=NOT_READY, error=ERROR), 4009),
    (InitFailed(body=b'{"errorMessage": "function entry exception, error: no"}', error=ERROR), 4001),
    (TimedOut(body=b"call invoke timeout 3s", limit_s=3), 4010),
    (TimedOut(body=b"call load timeout 3s", limit_s=3), 4012),
    (TimedOut(body=b"call initializer timeout 3s", limit_s=3), 4211),
    (OutOfMemory(body=b"runtime memory limit exceeded", limit_mb=128), 4205),
    (Crashed(body=b"runtime process is exited", exit_code=3), 4204),
    (InvalidResponse(body=b"{}", message="function result is invalid, error: set"), 4007),
    (InvalidResponse(body=b"x", message="response body size 9 exceeds the limit of 6291456"), 4004),
]


def answer(outcome: Outcome, version: str = "v0", *, wants_log: bool = False) -> Outgoing:
    return sync_answer(outcome, request_id="r-1", memory_mb=256, version=version, wants_log=wants_log)


def headers(outgoing: Outgoing) -> dict[str, str]:
    return dict(outgoing.headers)


@pytest.mark.parametrize(("outcome", "code"), FAILURES)
def test_a_failed_function_is_status_200_and_two_headers_that_say_so(outcome: Outcome, code: int) -> None:
    answered = answer(outcome)
    assert (answered.status, answered.body) == (200, outcome.body)
    assert headers(answered)["x-func-err-code"] == str(code)
    assert headers(answered)["x-is-func-err"] == "true"


@pytest.mark.parametrize("version", ["v0", "v1"])
@pytest.mark.parametrize("outcome", [each for each, _ in FAILURES])
def test_who_calls_deployed_functions_understands_each_failure_as_what_it_was(outcome: Outcome, version: str) -> None:
    answered = answer(outcome, version)
    reply = Reply(answered.status, answered.headers, answered.body)
    assert understood(reply, version=version).kind == outcome.kind


def test_a_result_is_the_body_byte_for_byte() -> None:
    answered = answer(Returned(body=b"\xff\x00 1.10", duration_ms=1.9131, memory_mb=41.51))
    assert answered.body == b"\xff\x00 1.10"
    assert headers(answered) == {
        "content-type": "text/plain; charset=utf-8",
        "x-cff-request-id": "r-1",
        "x-cff-invoke-summary": '{"duration":1.913,"billingDuration":2,"memorySize":256,"memoryUsed":41.51}',
        "x-cff-billing-duration": "2",
        "x-cff-response-version": "v0",
        "x-func-err-code": "0",
        "x-is-func-err": "false",
    }


@pytest.mark.parametrize(
    ("body", "media"),
    [(b'{"a": 1}', "application/json"), (b"ok", "text/plain; charset=utf-8"), (b"", "text/plain; charset=utf-8"),
     (b"[" * 100_000, "text/plain; charset=utf-8")],
)  # fmt: skip
def test_json_is_called_json(body: bytes, media: str) -> None:
    assert headers(answer(Returned(body=body)))["content-type"] == media


def test_the_other_version_wraps_result_and_log_in_json() -> None:
    outcome = Returned(body='{"名": "中"}'.encode(), logs="line\n")
    assert json.loads(answer(outcome, "v1", wants_log=True).body) == {
        "request_id": "r-1",
        "result": '{"名": "中"}',
        "log": "line\n",
        "status": 200,
    }


def test_the_other_version_of_bytes_that_are_no_text_is_json_still() -> None:
    assert json.loads(answer(Returned(body=b"\xff"), "v1").body)["result"] == "\ufffd"


def test_the_log_is_its_last_2000_bytes_even_where_that_cuts_a_character() -> None:
    outcome = Returned(logs="中" * 1000)
    assert (
        base64.b64decode(headers(answer(outcome, wants_log=True))["x-cff-function-log"])
        == (("中" * 1000).encode()[-2000:])
    )
    assert json.loads(answer(outcome, "v1", wants_log=True).body)["log"] == "中" * 666


@pytest.mark.parametrize("wants_log", [True, False])
def test_no_log_is_no_header(wants_log: bool) -> None:
    outcome = Returned(logs="" if wants_log else "line\n")
    assert "x-cff-function-log" not in headers(answer(outcome, wants_log=wants_log))


def test_what_only_the_gateway_refuses_is_a_result_here() -> None:
    outcome = InvalidResponse(body=b"ok", message='{"error_code":"FSS.1206","error_msg":"invalid type"}')
    assert failure_code(outcome) == 0
    assert answer(outcome).body == b"ok"


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        (Rejected(code="FSS.0404", message="no such function", status_code=404), 404, "FSS.0404"),
        (Rejected(code="302", message="elsewhere", status_code=302), 502, "302"),
        (Rejected(code="x", message="y"), 502, "x"),
        (Unreachable(message="nobody there"), 502, "FSS.0502"),
        (Cancelled(), 503, "FSS.0503"),
    ],
)
def test_where_no_function_answered_the_service_says_so(outcome: Outcome, status: int, code: str) -> None:
    answered = answer(outcome)
    assert (answered.status, json.loads(answered.body)["error_code"]) == (status, code)
    assert headers(answered)["x-cff-request-id"] == "r-1"


def test_an_asynchronous_call_is_told_its_id() -> None:
    assert (accepted("r-2").status, json.loads(accepted("r-2").body)) == (202, {"request_id": "r-2"})
