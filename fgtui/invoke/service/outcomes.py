"""How a call of a deployed function ended, by what the service answered or did not (runtime.md sections 8.3 and 8.6).

Whether the function failed is said by two headers, then by its body; never by the status alone.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from fgtui.invoke.error_bodies import error_parts
from fgtui.invoke.headers import header_of
from fgtui.invoke.http.errors import BrokenError, LateError, StoppedError
from fgtui.invoke.http.transport import Reply
from fgtui.invoke.json_objects import json_object
from fgtui.invoke.logs import Log
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
from fgtui.invoke.platform_log import EXITED, OUT_OF_MEMORY, UNSENT
from fgtui.invoke.service.errors import ServiceError, error_of, may_have_run
from fgtui.invoke.service.invoke_summary import summary_of
from fgtui.records import replace

LOG = "x-cff-function-log"
REQUEST_ID = "x-cff-request-id"
VERSION = "x-cff-response-version"
ERROR_CODE = "x-func-err-code"
IS_ERROR = "x-is-func-err"
"""Headers of an answer, in lower case (runtime.md section 8.3)."""
_OWN_HEADERS = ("x-cff-", "x-func-err", "x-is-func")
_INVOCATION = "function invocation exception, error: "
_NOT_LOADED = (
    "function entry exception, error: ",
    "function initialization exception, error: ",
    "function initialization exception: ",
)
_INVALID = ("function result is invalid, error: ", "response body size ")
_TIMED_OUT = r"call \w{1,20} timeout ([0-9.]{1,12})s"
_KINDS = {
    "4001": "init", "4009": "init", "4201": "init", "4202": "init",
    "4010": "time", "4012": "time", "4211": "time",
    "4004": "result", "4007": "result", "4008": "result",
    "4204": "crash", "4205": "memory",
    "4024": "service", "4140": "service", "4208": "service", "150429": "service", "150430": "service",
    "150434": "service",
}  # fmt: skip
"""Inner codes of failures that are no exception in the function (runtime.md section 8.6)."""


class _Answer(NamedTuple):
    """An answer taken apart."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Without the log."""
    body: bytes
    """The function's own answer, unwrapped."""
    logs: str
    request_id: str | None


def answered(
    reply: Reply, *, version: str = "v0", elapsed_ms: float | None = None, for_gateway: bool = False
) -> Outcome:
    """How it ended. ``version`` is the answer's form that was asked for; ``for_gateway``: API Gateway is to like it."""
    answer = _taken_apart(reply, version)
    summary = summary_of(answer.headers, answer.logs)
    logs, is_cut = _bounded(answer.logs)
    facts: dict[str, Any] = {
        "body": answer.body,
        "logs": logs,
        "logs_truncated": is_cut or (bool(logs) and "Start invoke request" not in logs),
        "request_id": answer.request_id,
        "duration_ms": elapsed_ms if summary.duration_ms is None else summary.duration_ms,
        "memory_mb": summary.memory_mb,
        "headers": answer.headers,
    }
    if 300 <= answer.status < 400:
        return rejected(answer.status, facts)
    if answer.status == 200 and _is_somebody_elses(answer):
        error = ServiceError("200", "a web page came, which is no answer of FunctionGraph's")
        return replace(rejected(answer.status, facts, error), may_have_run=True)
    code, is_failed, is_own = _failure(answer)
    if is_failed and is_own:
        return function_failed(code, answer.status, facts, limit_mb=summary.limit_mb)
    if is_failed:
        return _refused_inside(code, answer.status, facts)
    if not 200 <= answer.status < 300:
        return rejected(answer.status, facts)
    if for_gateway:
        from fgtui.invoke.gateway import refusal

        if (wrong := refusal(answer.body)) is not None:
            return InvalidResponse(message=wrong, **facts)
    return Returned(**facts)


def unanswered(error: BrokenError | LateError | StoppedError, limit_s: float, **facts: Any) -> Outcome:
    """How a call ended that no whole answer came of; a request id may have come all the same."""
    facts.setdefault("request_id", request_id_of(error.headers))
    if isinstance(error, StoppedError):
        if not error.may_have_run:
            facts["logs"] = f"fgtui: {UNSENT}\n"
        return Cancelled(**facts)
    if isinstance(error, BrokenError):
        return Unreachable(message=error.message, may_have_run=error.may_have_run, **facts)
    if error.may_have_run:
        return TimedOut(limit_s=limit_s, stopped_processes=0, **facts)
    message = error.message or "no connection came about"
    return Unreachable(message=f"{message} within {limit_s:g} s", **facts)


def request_id_of(headers: Sequence[tuple[str, str]]) -> str | None:
    """The id that the service gave the request."""
    return next((value for name in (REQUEST_ID, "x-request-id") if (value := header_of(headers, name))), None)


def rejected(status: int, facts: dict[str, Any], error: ServiceError | None = None) -> Rejected:
    """The service's no, in its own words."""
    code, message = error or error_of(status, facts["body"])
    place = header_of(facts["headers"], "location")
    if 300 <= status < 400 and place is not None:
        message = f"the endpoint points to {place}"
    return Rejected(code=code, message=message, may_have_run=may_have_run(status, code), status_code=status, **facts)


# The answer


def _taken_apart(reply: Reply, version: str) -> _Answer:
    log = header_of(reply.headers, LOG)
    told = None if log is None else _decoded_log(log)
    headers = tuple(pair for pair in reply.headers if told is None or pair[0].lower() != LOG)
    answer = _Answer(reply.status, headers, reply.body, told or "", request_id_of(reply.headers))
    if (header_of(reply.headers, VERSION) or version).lower() == "v1":
        return _unwrapped(answer)
    return answer


def _is_somebody_elses(answer: _Answer) -> bool:
    """Whether a proxy or its login page answered: HTML, and none of the headers of section 8.3."""
    is_page = (header_of(answer.headers, "content-type") or "").lower().startswith("text/html")
    return is_page and not any(name.lower().startswith(_OWN_HEADERS) for name, _ in answer.headers)


def _decoded_log(encoded: str) -> str | None:
    """The end of a log, which may begin within a character; ``None`` where it is no base64."""
    try:
        log = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError:
        return None
    while log and log[0] & 0xC0 == 0x80:
        log = log[1:]
    return log.decode("utf-8", "backslashreplace")


def _bounded(logs: str) -> tuple[str, bool]:
    """Head and tail of what is longer than is kept of any log, and whether something was left out."""
    log = Log()
    log.add(logs.encode("utf-8", "backslashreplace"))
    return log.finish()


def _unwrapped(answer: _Answer) -> _Answer:
    """The function's own answer and log out of the JSON around them; as it is where it is none."""
    members = json_object(answer.body) or {}
    result = members.get("result")
    if not isinstance(result, str):
        return answer
    log, request_id = members.get("log"), members.get("request_id")
    return answer._replace(
        body=result.encode("utf-8", "surrogatepass"),
        logs=log if isinstance(log, str) and log else answer.logs,
        request_id=request_id if isinstance(request_id, str) and request_id else answer.request_id,
    )


# Failures of the function


def _failure(answer: _Answer) -> tuple[str, bool, bool]:
    """The inner code, whether the call has failed, and whether that is the function's failure or the service's."""
    values = {name.lower(): value.strip().lower() for name, value in answer.headers}
    code, flag = values.get(ERROR_CODE, ""), values.get(IS_ERROR, "")
    if code or flag:
        is_own = flag not in {"false", "0"} or code in _KINDS
        return code, code not in {"", "0"} or flag in {"true", "1"}, is_own
    said = json_object(answer.body) or {} if b'"errorMessage"' in answer.body else {}
    return "", isinstance(said.get("errorMessage"), str), True


def _refused_inside(code: str, status: int, facts: dict[str, Any]) -> Rejected:
    """What went wrong behind the service's door: unless its code says otherwise, the function may have begun."""
    error = ServiceError(code, error_parts(facts["body"])[1])
    return replace(rejected(status, facts, error), may_have_run=may_have_run(500, code))


def function_failed(code: str, status: int, facts: dict[str, Any], *, limit_mb: float | None = None) -> Outcome:
    """What kind of failure an inner code, or its text, stands for."""
    text = error_parts(facts["body"])[1]
    kind = _KINDS.get(code) or _kind_by(text)
    match kind:
        case "service":
            return _refused_inside(code, status, facts)
        case "init":
            return InitFailed(error=_handler_error(facts["body"]), **facts)
        case "time":
            return TimedOut(limit_s=_limit(text, facts), stopped_processes=0, **facts)
        case "memory":
            return OutOfMemory(limit_mb=int(limit_mb or 0), **facts)
        case "crash":
            return Crashed(**facts)
        case "result":
            return InvalidResponse(message=text, **facts)
        case _:
            return Raised(error=_handler_error(facts["body"]), **facts)


def _kind_by(text: str) -> str:
    """By the words of the platform, where there is no code."""
    words = text.removeprefix(_INVOCATION)
    if words.startswith(_NOT_LOADED):
        return "init"
    if words.startswith(_INVALID):
        return "result"
    if re.match(_TIMED_OUT, words):
        return "time"
    return {OUT_OF_MEMORY: "memory", EXITED: "crash"}.get(words.strip(), "")


def _limit(text: str, facts: dict[str, Any]) -> float:
    """Seconds the function had: as the platform says, else as long as it ran; 0 where nobody knows."""
    found = re.search(_TIMED_OUT, text)
    try:
        return float(found[1]) if found else (facts["duration_ms"] or 0) / 1000
    except ValueError:
        return 0.0


def _handler_error(body: bytes) -> HandlerError:
    """Type, message and stack, any of which may be missing, without the platform's words before the message."""
    name, message, stack = error_parts(body)
    for words in (_INVOCATION, *_NOT_LOADED):
        message = message.removeprefix(words)
    return HandlerError(name, message, stack)
