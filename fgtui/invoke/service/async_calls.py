"""Calls a deployed function asynchronously and follows it to its end (runtime.md section 8.4).

The service takes the event at once and keeps a status of it: WAIT, RUNNING, then SUCCESS, FAIL or DISCARD. The result
itself is nowhere to be had. Asking for the status again invokes nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from fgtui.events.model import Event
from fgtui.invoke.http.errors import BrokenError, LateError, StoppedError
from fgtui.invoke.http.transport import Reply
from fgtui.invoke.json_objects import json_object
from fgtui.invoke.limits import MOST_TIMEOUT_S
from fgtui.invoke.model import Cancelled, Outcome, RemoteTarget, Returned, TimedOut, Unreachable
from fgtui.invoke.platform_log import TAKEN
from fgtui.invoke.remote import common_headers
from fgtui.invoke.service.client import ServiceClient, function_path, project_header
from fgtui.invoke.service.errors import ServiceError, error_of
from fgtui.invoke.service.outcomes import answered, function_failed, rejected, request_id_of, unanswered
from fgtui.regex import regex
from fgtui.words import QUOTED_LIMIT

QUERY_LIMIT_S = 30.0
"""For one question after the status."""
_UNKNOWN = 404
"""Nothing is kept of the request, or not yet."""
_LONGEST_STATUS = 20
_ID = regex(r"[!-~]{1,200}")
_ENDS = ("SUCCESS", "FAIL", "DISCARD")


def growing_pauses() -> Iterator[float]:
    """Seconds before each question: soon at first, every ten seconds in the end."""
    pause = 0.25
    while True:
        yield pause
        pause = min(10.0, pause * 1.5)


def call_asynchronously(
    event: Event,
    target: RemoteTarget,
    client: ServiceClient,
    *,
    on_log: Callable[[str], None] | None = None,
    cancelled: threading.Event | None = None,
    pauses: Iterable[float] | None = None,
) -> Outcome:
    """Hand the event over, once, and follow it: each step is a line of the log."""
    started = time.monotonic()
    try:
        reply = client.call(
            "POST",
            function_path(target.profile, target.urn, "invocations-async"),
            headers=common_headers(target),
            body=event.wire,
            timeout_s=target.timeout_s,
            cancelled=cancelled,
        )
    except (BrokenError, LateError, StoppedError) as error:
        return unanswered(error, target.timeout_s)
    accepted = answered(reply)
    if not isinstance(accepted, Returned):
        return accepted
    followed = _Followed(target, client, reply, started + target.timeout_s, on_log, cancelled or threading.Event())
    return followed.to_its_end(growing_pauses() if pauses is None else pauses)


class _Followed:
    """One event that the service has taken."""

    def __init__(  # noqa: PLR0917 - one after the other, they are all there is
        self,
        target: RemoteTarget,
        client: ServiceClient,
        reply: Reply,
        deadline: float,
        on_log: Callable[[str], None] | None,
        cancelled: threading.Event,
    ) -> None:
        self._target = target
        self._client = client
        self._reply = reply
        self._deadline = deadline
        self._on_log = on_log
        self._cancelled = cancelled
        self._logs: list[str] = []
        self._is_unsure = False
        """A question was answered by no status and no "there is none"."""
        self._request_id = _request_id(reply)

    def to_its_end(self, pauses: Iterable[float]) -> Outcome:
        """Ask until it has ended, the time is over, or nobody wants to know any more."""
        if self._request_id is None:
            self._say(f"{TAKEN}, without a request id to ask for")
            return Returned(**{**self._facts(), "body": self._reply.body})
        self._say(f"{TAKEN} as request {self._request_id}")
        last = None
        for pause in pauses:
            left = self._deadline - time.monotonic()
            if left <= 0:
                break
            if self._cancelled.wait(min(pause, left)):
                return self._given_up()
            try:
                status = self._ask()
            except StoppedError:
                return self._given_up()
            except (BrokenError, LateError) as error:
                self._is_unsure = True
                self._say(f"no status: {error.message if isinstance(error, BrokenError) else 'no answer in time'}")
                continue
            if isinstance(status, ServiceError):
                self._say(f"its status cannot be asked for: {status.code} {status.message}")
                message = f"the event was taken, but how it ended cannot be asked for: {status.code} {status.message}"
                return Unreachable(message=message, may_have_run=True, **self._facts())
            if status:
                last = status["status"]
                self._say(last)
            if last in _ENDS:
                return self._ended(status)
        is_silent = last is None and not self._is_unsure
        self._say("the service keeps no status of it; is that switched on?" if is_silent else "not followed any longer")
        return TimedOut(limit_s=self._target.timeout_s, stopped_processes=0, **self._facts())

    def _ask(self) -> dict[str, Any] | ServiceError:
        """What the service knows of it, empty when nothing; ``ServiceError`` when it will not say."""
        assert self._request_id is not None
        reply = self._client.call(
            "GET",
            function_path(self._target.profile, self._target.urn, "async-invocations"),
            query=[("request_id", self._request_id)],
            headers=[project_header(self._target.profile, self._target.urn)],
            timeout_s=min(QUERY_LIMIT_S, max(1.0, self._deadline - time.monotonic())),
            cancelled=self._cancelled,
        )
        if 300 <= reply.status < 500 and reply.status not in {_UNKNOWN, 408, 429}:
            return error_of(reply.status, reply.body)
        if not 200 <= reply.status < 300:
            if reply.status != _UNKNOWN:
                self._is_unsure = True
                error = error_of(reply.status, reply.body)
                self._say(f"no status: {error.code} {error.message[:QUOTED_LIMIT]}")
            return {}
        if json_object(reply.body) is None:
            self._is_unsure = True
            self._say("no status: what answered is not FunctionGraph")
        return _entry(reply.body, self._request_id)

    def _ended(self, status: dict[str, Any]) -> Outcome:
        code, message = str(status.get("error_code") or ""), str(status.get("error_message") or "")
        facts = {**self._facts(), "duration_ms": _duration_ms(status)}
        match status["status"]:
            case "SUCCESS":
                return Returned(**facts)
            case "DISCARD":
                error = ServiceError(code or "DISCARD", message or "the event was given up before it was handled")
                return rejected(self._reply.status, facts, error)
            case _:
                body = message.encode("utf-8", "surrogatepass")
                return function_failed(code, self._reply.status, {**facts, "body": body})

    def _given_up(self) -> Outcome:
        self._say("not followed any longer; the function goes on")
        return Cancelled(**self._facts())

    def _say(self, words: str) -> None:
        """A line of the log, unless it says what the one before said."""
        line = f"fgtui: {words}\n"
        if self._logs[-1:] == [line]:
            return
        self._logs.append(line)
        if self._on_log is not None:
            self._on_log(line)

    def _facts(self) -> dict[str, Any]:
        return {
            "body": b"",
            "logs": "".join(self._logs),
            "request_id": self._request_id,
            "headers": self._reply.headers,
        }


def _request_id(reply: Reply) -> str | None:
    """As the body of the 202 says it, else as the headers do; ``None`` where neither could stand in an address."""
    said = ((json_object(reply.body) or {}).get("request_id"), request_id_of(reply.headers))
    return next((each for each in said if isinstance(each, str) and _ID.fullmatch(each)), None)


def _entry(body: bytes, request_id: str) -> dict[str, Any]:
    """The service's record of the request; empty where it has none that is one."""
    entries = (json_object(body) or {}).get("invocations")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("request_id") == request_id:
            status = entry.get("status")
            return entry if isinstance(status, str) and status.isalpha() and len(status) <= _LONGEST_STATUS else {}
    return {}


def _duration_ms(status: dict[str, Any]) -> float | None:
    """From its times, where both are there and, to the second as they are, tell it; no function runs longer than a
    limit allows (runtime.md section 8.8).
    """
    try:
        start, end = (datetime.fromisoformat(str(status[name])) for name in ("start_time", "end_time"))
        seconds = (end - start).total_seconds()
    except (KeyError, ValueError, TypeError):
        return None
    return seconds * 1000 if 0 < seconds <= MOST_TIMEOUT_S else None
