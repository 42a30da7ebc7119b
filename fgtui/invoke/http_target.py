"""Sends one event to a server that somebody else runs: a container, an HTTP function, an API behind the gateway.

Facts: runtime.md section 7. Promises: reliability section 7; the transport keeps them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fgtui.events.model import Event
from fgtui.invoke import gateway, surroundings
from fgtui.invoke.addresses import parts_of
from fgtui.invoke.error_bodies import error_parts
from fgtui.invoke.headers import header_of
from fgtui.invoke.http.inflating import is_opened
from fgtui.invoke.http_requests import becomes_request, request_for
from fgtui.invoke.model import (
    HandlerError,
    HttpTarget,
    InvalidResponse,
    Outcome,
    Raised,
    Returned,
)

if TYPE_CHECKING:
    from fgtui.invoke.http.transport import Reply, Transport


def call(
    event: Event,
    target: HttpTarget,
    request_id: str,
    *,
    transport: Transport,
    now: Callable[[], datetime],
    on_log: Callable[[str], None] | None = None,
    cancelled: threading.Event | None = None,
) -> Outcome:
    """Send ``event`` to ``target`` once, and say how it ended; the log of a server is its own."""
    from fgtui.invoke.http.errors import BrokenError, LateError, StoppedError, UnusableError
    from fgtui.invoke.service.outcomes import request_id_of, unanswered

    platform = _platform_headers(target, request_id)
    facts: dict[str, Any] = {"request_id": request_id} if platform else {}
    try:
        request = request_for(event, target.url, target.family, platform)
    except gateway.UnsendableError as error:
        text = f"failed to parse request, err: {error}"
        return Raised(body=text.encode(), error=HandlerError("InvalidEvent", str(error)), **facts)
    started = time.monotonic()
    try:
        reply = transport.send(
            request.method,
            parts_of(target.url).origin + request.target,
            request.headers,
            request.body,
            timeout_s=target.timeout_s,
            cancelled=cancelled,
            ca_file=target.ca_file,
        )
    except UnusableError as error:
        facts.setdefault("request_id", request_id_of(error.headers))
        return _invalid(error.message, {**facts, "duration_ms": _since(started)})
    except (BrokenError, LateError, StoppedError) as error:
        return unanswered(error, target.timeout_s, duration_ms=_since(started), **facts)
    facts.setdefault("request_id", request_id_of(reply.headers))
    return _outcome(reply, event, target, {**facts, "duration_ms": _since(started)})


def _since(started: float) -> float:
    return (time.monotonic() - started) * 1000


def _platform_headers(target: HttpTarget, request_id: str) -> gateway.Headers:
    """What the platform adds (runtime.md section 7.2); an API gets it from its own platform."""
    if target.family is None:
        return []
    name = "".join(sign if sign.isprintable() else "_" for sign in target.name or "function")
    return gateway.platform_headers(
        request_id,
        name=name,
        version=surroundings.VERSION,
        package=surroundings.PACKAGE,
        memory_mb=target.memory_mb,
        timeout_s=target.timeout_s,
    )


def _outcome(reply: Reply, event: Event, target: HttpTarget, facts: dict[str, Any]) -> Outcome:
    """What the platform makes of an answer, whatever its status; no redirect is followed."""
    if len(reply.body) > surroundings.RESULT_LIMIT:
        return _invalid(f"response body size {len(reply.body)} exceeds the limit of {surroundings.RESULT_LIMIT}", facts)
    if target.family == "container":
        return _of_container(reply, event, facts)
    body = reply.body
    if becomes_request(target.family, event.trigger):
        body = gateway.answer_of(reply.status, _of_open_body(reply.headers), reply.body)
    return Returned(body=body, status_code=reply.status, headers=reply.headers, **facts)


def _of_open_body(headers: Sequence[tuple[str, str]]) -> gateway.Headers:
    """``headers`` without what they say of a body that came compressed and is open now."""
    codings = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    if not codings or not is_opened(codings):
        return list(headers)
    return [(name, value) for name, value in headers if name.lower() not in {"content-encoding", "content-length"}]


def _of_container(reply: Reply, event: Event, facts: dict[str, Any]) -> Outcome:
    """The body is the result, unless the status says that the function failed (runtime.md section 7.3)."""
    if reply.status // 100 != 2:
        name, text, stack = error_parts(reply.body, f"HTTP {reply.status}")
        return Raised(body=reply.body, error=HandlerError(name, text or _elsewhere(reply), stack), **facts)
    if event.trigger == "apig" and (refusal := gateway.refusal(reply.body)) is not None:
        return InvalidResponse(body=reply.body, message=refusal, **facts)
    return Returned(body=reply.body, **facts)


def _elsewhere(reply: Reply) -> str:
    """Where a redirect leads that is not followed."""
    place = header_of(reply.headers, "location")
    return f"redirected to {place}, which is not followed" if place and reply.status // 100 == 3 else ""


def _invalid(message: str, facts: dict[str, Any]) -> InvalidResponse:
    return InvalidResponse(body=message.encode("utf-8", "surrogatepass"), message=message, **facts)
