"""The lines the platform writes into a function's log (runtime.md section 11), and what it answers on its own."""

from __future__ import annotations

import math
from datetime import datetime

OUT_OF_MEMORY = "runtime memory limit exceeded"
EXITED = "runtime process is exited"
TAKEN = "taken"
"""How fgtui's own first line begins of an event that the service took to run it later (runtime.md section 8.4)."""
UNSENT = "nothing was sent"
"""How it begins of a call that a person stopped before its event had left: credentials or a connection were awaited."""
MEMORY_CAUSE = "RuntimeMemoryExceedLimit"
_last: tuple[datetime | None, str] = None, ""


def start_line(now: datetime, request_id: str, version: str) -> str:
    """The first line of an invocation."""
    return f"{_stamp(now)} Start invoke request '{request_id}', version: {version}"


def error_line(now: datetime, request_id: str, text: str) -> str:
    """The platform's own words between the two lines."""
    return f"{_stamp(now)} {request_id} {text}"


def finish_line(
    now: datetime, request_id: str, *, duration_ms: float, memory_mb: float, limit_mb: int, failure: str | None = None
) -> str:
    """The last line. ``failure`` is ``None`` for success, else a cause word or empty."""
    failed = "" if failure is None else f"(invoke Failed:{failure})" if failure else "(invoke Failed)"
    return (
        f"{_stamp(now)} Finish invoke request '{request_id}'{failed}, duration: {duration_ms:.3f}ms, "
        f"billing duration: {math.ceil(duration_ms)}ms, memory used: {memory_mb:.3f}MB, billing memory: {limit_mb}MB"
    )


def timeout_text(phase: str, limit_s: float) -> str:
    """What was still running at the limit: ``phase`` is ``invoke``, ``load`` or ``initializer``."""
    return f"call {phase} timeout {limit_s:g}s"


def _stamp(now: datetime) -> str:
    """The second of ``now``; most of an event's lines share one."""
    global _last  # noqa: PLW0603
    second = now.replace(microsecond=0)
    known, text = _last
    if second != known:
        text = second.isoformat("T", "seconds")[:19] + "Z"
        _last = second, text
    return text
