"""Calls a deployed function through the invocation API and says how it ended (runtime.md section 8).

One request for one event, never a second one. What the service or the network does is an outcome.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from fgtui.errors import UsageError
from fgtui.events.model import Event
from fgtui.events.sizes import ASYNCHRONOUS_LIMIT, SYNCHRONOUS_LIMIT
from fgtui.invoke.http.errors import BrokenError, LateError, StoppedError
from fgtui.invoke.http.transport import Transport
from fgtui.invoke.model import Outcome, RemoteTarget
from fgtui.invoke.service.client import ServiceClient, function_path, project_header
from fgtui.invoke.service.outcomes import answered, unanswered


def call(
    event: Event,
    target: RemoteTarget,
    request_id: str,
    *,
    transport: Transport,
    now: Callable[[], datetime],
    on_log: Callable[[str], None] | None = None,
    cancelled: threading.Event | None = None,
) -> Outcome:
    """Call the function with ``event``, and follow it to its end where it is asynchronous.

    Before anything is sent ``UsageError`` for an event that is too large, and ``ConfigError`` without credentials.
    """
    check_size(event, target)
    client = ServiceClient(target.profile, transport, now)
    if target.is_asynchronous:
        from fgtui.invoke.service.async_calls import call_asynchronously

        return call_asynchronously(event, target, client, on_log=on_log, cancelled=cancelled)
    outcome = _call(event, target, client, cancelled)
    if on_log is not None and outcome.logs:
        on_log(outcome.logs)
    return outcome


def check_size(event: Event, target: RemoteTarget) -> None:
    """``UsageError`` for what the service would refuse, before it is uploaded."""
    limit = ASYNCHRONOUS_LIMIT if target.is_asynchronous else SYNCHRONOUS_LIMIT
    if len(event.wire) > limit:
        raise UsageError(
            "the event has {size:,} bytes; FunctionGraph takes at most {limit:,} asynchronously; nothing was sent"
            if target.is_asynchronous
            else "the event has {size:,} bytes; FunctionGraph takes at most {limit:,}; nothing was sent",
            size=len(event.wire),
            limit=limit,
            hint="without --async {synchronous:,} bytes can be sent" if len(event.wire) <= SYNCHRONOUS_LIMIT else "",
            synchronous=SYNCHRONOUS_LIMIT,
        )


def _call(event: Event, target: RemoteTarget, client: ServiceClient, cancelled: threading.Event | None) -> Outcome:
    headers = [("X-Cff-Log-Type", "tail")]
    if target.request_version == "v1":
        headers.append(("X-CFF-Request-Version", "v1"))
    started = time.monotonic()
    try:
        reply = client.call(
            "POST",
            function_path(target.profile, target.urn, "invocations"),
            headers=[*headers, *common_headers(target)],
            body=event.wire,
            timeout_s=target.timeout_s,
            cancelled=cancelled,
        )
    except (BrokenError, LateError, StoppedError) as error:
        return unanswered(error, target.timeout_s, duration_ms=(time.monotonic() - started) * 1000)
    return answered(
        reply,
        version=target.request_version,
        elapsed_ms=(time.monotonic() - started) * 1000,
        for_gateway=event.trigger == "apig",
    )


def common_headers(target: RemoteTarget) -> list[tuple[str, str]]:
    """What goes with every call of the function (runtime.md section 8.2)."""
    memory = [] if target.memory_mb is None else [("X-Cff-Instance-Memory", str(target.memory_mb))]
    return [*memory, project_header(target.profile, target.urn)]
