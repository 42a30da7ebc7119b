"""What the invocation API answers for an outcome, in body and headers (runtime.md sections 8.3 and 8.6)."""

from __future__ import annotations

import base64
import json
import math
from typing import assert_never

from fgtui.invoke.model import (
    Cancelled,
    Crashed,
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
from fgtui.invoke.service.invoke_summary import BILLED, SUMMARY
from fgtui.invoke.service.outcomes import ERROR_CODE, IS_ERROR, LOG, REQUEST_ID, VERSION
from fgtui.records import replace
from fgtui.serve.messages import Outgoing, json_answer, service_error

LOG_TAIL = 2000
"""Bytes of the log that go into a header."""
_NO_FAILURE = 0
_TIMEOUTS = {b"call load": 4012, b"call initializer": 4211}
"""By what the platform says was still running; anything else is the handler."""
_GATEWAYS_OWN = '"FSS.1206"'
"""Stands in the message of an answer that only API Gateway does not take."""


def sync_answer(outcome: Outcome, *, request_id: str, memory_mb: int, version: str, wants_log: bool) -> Outgoing:
    """The answer to a synchronous call; ``version`` is ``v0`` or ``v1``."""
    if isinstance(outcome, Rejected | Unreachable | Cancelled):
        return answered_by(refused(outcome), request_id)
    code = failure_code(outcome)
    log = outcome.logs.encode("utf-8", "surrogateescape")[-LOG_TAIL:] if wants_log else b""
    body = outcome.body
    headers = [("content-type", _media_type(body)), *_told(outcome, request_id, memory_mb, version, code)]
    if log:
        headers.append((LOG, base64.b64encode(log).decode("ascii")))
    if version == "v1":
        whole = {
            "request_id": request_id,
            "result": body.decode("utf-8", "replace"),
            "log": log.decode("utf-8", "ignore"),
            "status": 500 if code else 200,
        }
        headers[0] = ("content-type", "application/json")
        body = json.dumps(whole, separators=(",", ":")).encode()
    return Outgoing(200, tuple(headers), body)


def _told(outcome: Outcome, request_id: str, memory_mb: int, version: str, code: int) -> list[tuple[str, str]]:
    duration = round(outcome.duration_ms or 0.0, 3)
    billed = math.ceil(duration)
    summary = {
        "duration": duration,
        "billingDuration": billed,
        "memorySize": memory_mb,
        "memoryUsed": round(outcome.memory_mb or 0.0, 3),
    }
    return [
        (REQUEST_ID, request_id),
        (SUMMARY, json.dumps(summary, separators=(",", ":"))),
        (BILLED, str(billed)),
        (VERSION, version),
        (ERROR_CODE, str(code)),
        (IS_ERROR, "true" if code else "false"),
    ]


def _media_type(body: bytes) -> str:
    """A handler's text goes out without quotes, and so may be anything (runtime.md section 2.2)."""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return "text/plain; charset=utf-8"
    return "application/json"


def failure_code(outcome: Outcome) -> int:
    """The inner code of a function's failure (runtime.md section 8.6); 0 when it has not failed."""
    match outcome:
        case Returned():
            return _NO_FAILURE
        case Raised():
            return 4002
        case InitFailed():
            return 4009 if b"function initialization" in outcome.body[:200] else 4001
        case TimedOut():
            return _TIMEOUTS.get(outcome.body.partition(b" timeout")[0], 4010)
        case OutOfMemory():
            return 4205
        case Crashed():
            return 4204
        case InvalidResponse(message=message):
            return _NO_FAILURE if _GATEWAYS_OWN in message else 4004 if "exceeds the limit" in message else 4007
        case Rejected() | Unreachable() | Cancelled():
            return 4208
    assert_never(outcome)


def refused(outcome: Rejected | Unreachable | Cancelled) -> Outgoing:
    """The answer where no function has answered: what is served is somewhere else, or everything stops."""
    match outcome:
        case Rejected(status_code=status, code=code, message=message):
            return service_error(status if status is not None and 400 <= status < 600 else 502, code, message)
        case Unreachable(message=message):
            return service_error(502, "FSS.0502", message)
        case Cancelled():
            return service_error(503, "FSS.0503", "the local endpoint stops; the call was cancelled")


def answered_by(answer: Outgoing, request_id: str) -> Outgoing:
    """``answer`` with the id that it is asked about with."""
    return replace(answer, headers=(*answer.headers, (REQUEST_ID, request_id)))


def accepted(request_id: str) -> Outgoing:
    """The answer to an asynchronous call."""
    return answered_by(json_answer(202, {"request_id": request_id}), request_id)
