"""What the service says of an invocation's time and memory (runtime.md sections 8.3 and 11)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from fgtui.invoke.headers import header_of
from fgtui.invoke.json_objects import json_object

SUMMARY = "x-cff-invoke-summary"
BILLED = "x-cff-billing-duration"
_MOST = 1e12
"""More than any time or memory is."""
_FINISH_LINE = (
    r"Finish invoke request '[^'\n]{0,200}'[^,\n]{0,200}, duration: ([0-9.]{1,20})ms, "
    r"billing duration: ([0-9.]{1,20})ms, memory used: ([0-9.]{1,20})MB(?:, billing memory: ([0-9.]{1,20})MB)?"
)


class InvokeSummary(NamedTuple):
    """Milliseconds and MB; ``None`` where the service does not say."""

    duration_ms: float | None = None
    billed_ms: float | None = None
    memory_mb: float | None = None
    limit_mb: float | None = None


def summary_of(headers: Iterable[tuple[str, str]], logs: str = "") -> InvokeSummary:
    """From the answer's headers, and from the log's last line what they leave out."""
    headers = tuple(headers)
    said = json_object(header_of(headers, SUMMARY) or "") or {}
    line = re.findall(_FINISH_LINE, logs)[-1:] or [("", "", "", "")]
    found = [_number(said.get(name)) for name in ("duration", "billingDuration", "memoryUsed", "memorySize")]
    if found[1] is None:
        found[1] = _number(header_of(headers, BILLED))
    return InvokeSummary(
        *(_number(other) if number is None else number for number, other in zip(found, line[0], strict=True))
    )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= _MOST else None
