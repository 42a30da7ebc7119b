"""What has become of asynchronous calls: the status that clients ask for (runtime.md section 8.4)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Literal

from fgtui.invoke.model import Cancelled, Exchange, Outcome
from fgtui.records import Record, replace
from fgtui.serve.answers import failure_code

Status = Literal["WAIT", "RUNNING", "SUCCESS", "FAIL", "DISCARD"]
STATUSES: tuple[Status, ...] = ("WAIT", "RUNNING", "SUCCESS", "FAIL", "DISCARD")
ACTIVE: tuple[Status, ...] = ("WAIT", "RUNNING")
KEPT = 2000
"""Calls whose status is known; of more the oldest that has ended is forgotten."""
DEFAULT_LIMIT = 100
MOST_LISTED = 500
_MESSAGE_LIMIT = 2048
_TIME = "%Y-%m-%dT%H:%M:%S"


class AsyncCall(Record):
    """One asynchronous call."""

    request_id: str
    function: str
    """Package and name."""
    status: Status
    begun_at: datetime
    """When it was accepted, then when it began to run."""
    ended_at: datetime | None = None
    error_code: int = 0
    error_message: str = ""


class Question(Record):
    """Which calls are asked for."""

    function: str
    request_id: str | None = None
    statuses: tuple[Status, ...] = STATUSES
    since: datetime | None = None
    until: datetime | None = None
    limit: int = DEFAULT_LIMIT
    marker: int = 0


class AsyncCalls:
    """Every asynchronous call that is still remembered. Safe for threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._calls: dict[str, AsyncCall] = {}
        self._lock = threading.Lock()

    def accept(self, request_id: str, function: str) -> None:
        """Remember a call that waits for its turn."""
        with self._lock:
            self._calls[request_id] = AsyncCall(request_id, function, "WAIT", self._now())
            if len(self._calls) > KEPT:
                ended = (each.request_id for each in self._calls.values() if each.status not in ACTIVE)
                self._calls.pop(next(ended, request_id))

    def begin(self, request_id: str) -> None:
        """It is invoked now."""
        self._change(request_id, status="RUNNING", begun_at=self._now())

    def end(self, request_id: str, exchange: Exchange | None) -> None:
        """It has ended; ``None`` when nothing could be invoked."""
        outcome = None if exchange is None else exchange.outcome
        if isinstance(outcome, Cancelled):
            self._change(request_id, status="DISCARD", ended_at=self._now(), error_code=4208)
            return
        code = 500 if outcome is None else failure_code(outcome)
        message = "" if not code else "the function could not be started" if outcome is None else _said(outcome)
        self._change(
            request_id,
            status="FAIL" if code else "SUCCESS",
            ended_at=self._now(),
            error_code=code,
            error_message=message,
        )

    def find(self, question: Question) -> dict[str, object]:
        """The page of calls that is asked for, as the service answers."""
        with self._lock:
            calls = [each for each in self._calls.values() if _fits(each, question)]
        page = calls[question.marker : question.marker + question.limit]
        return {
            "invocations": [_listed(each) for each in page],
            "count": len(page),
            "next_marker": question.marker + len(page),
        }

    def _change(self, request_id: str, **changes: object) -> None:
        with self._lock:
            if (call := self._calls.get(request_id)) is not None:
                self._calls[request_id] = replace(call, **changes)


def _fits(call: AsyncCall, question: Question) -> bool:
    return (
        call.function == question.function
        and question.request_id in (None, call.request_id)
        and call.status in question.statuses
        and (question.since is None or call.begun_at >= question.since)
        and (question.until is None or call.begun_at <= question.until)
    )


def _listed(call: AsyncCall) -> dict[str, object]:
    listed: dict[str, object] = {
        "request_id": call.request_id,
        "status": call.status,
        "error_code": call.error_code,
        "error_message": call.error_message,
        "start_time": call.begun_at.strftime(_TIME),
    }
    if call.ended_at is not None:
        listed["end_time"] = call.ended_at.strftime(_TIME)
    return listed


def _said(outcome: Outcome) -> str:
    """What the platform said of a failure, cut."""
    message = getattr(outcome, "message", "") or outcome.body.decode("utf-8", "replace")
    return str(message)[:_MESSAGE_LIMIT]


def question_of(function: str, parameters: Iterable[tuple[str, str]], *, active: bool) -> Question:
    """What a query asks for. ``ValueError`` says in words what is wrong with it."""
    given = dict(parameters)
    limit = _whole(given, "limit", DEFAULT_LIMIT)
    if not 1 <= limit <= MOST_LISTED:
        raise ValueError(f"limit has to be a number from 1 to {MOST_LISTED}")
    status = given.get("status") or None
    if status is not None and status not in STATUSES:
        raise ValueError(f"status has to be one of {', '.join(STATUSES)}")
    wanted = ACTIVE if active else STATUSES
    return Question(
        function,
        request_id=given.get("request_id") or None,
        statuses=wanted if status is None else tuple(each for each in wanted if each == status),
        since=_time(given, "query_begin_time"),
        until=_time(given, "query_end_time"),
        limit=limit,
        marker=_whole(given, "marker", 0),
    )


def _whole(given: dict[str, str], name: str, otherwise: int) -> int:
    text = given.get(name) or str(otherwise)
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise ValueError(f"{name} has to be a whole number")
    return int(text)


def _time(given: dict[str, str], name: str) -> datetime | None:
    text = given.get(name)
    if not text:
        return None
    try:
        return datetime.strptime(text.removesuffix("Z"), _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(f"{name} has to be of the form YYYY-MM-DDTHH:mm:ss, in UTC") from None
