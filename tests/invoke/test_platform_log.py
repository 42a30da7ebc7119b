from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from fgtui.invoke.platform_log import error_line, finish_line, start_line, timeout_text

NOW = datetime(2026, 3, 17, 10, 13, 22, 999999, tzinfo=UTC)
PATTERN = (
    r"^(?P<t>\S+(?: \S+)*?) +Finish invoke request '(?P<id>[^']+)'(?:\(invoke Failed(?::(?P<cause>[^)]+))?\))?, "
    r"duration: (?P<d>[\d.]+)ms, billing duration: (?P<b>\d+)ms, memory used: (?P<m>[\d.]+)MB"
    r"(?:, billing memory: (?P<bm>\d+)MB)?$"
)
"""The pattern of runtime.md section 11, less what is not measured here."""


def test_the_first_line() -> None:
    assert start_line(NOW, "abc", "latest") == "2026-03-17T10:13:22Z Start invoke request 'abc', version: latest"


def test_words_of_the_platform_carry_time_and_request() -> None:
    assert error_line(NOW, "abc", "boom") == "2026-03-17T10:13:22Z abc boom"


@pytest.mark.parametrize(("duration", "billed"), [(2.049, 3), (1.26, 2), (65.828, 66), (3.0, 3)])
def test_the_last_line_bills_whole_milliseconds(duration: float, billed: int) -> None:
    line = finish_line(NOW, "abc", duration_ms=duration, memory_mb=36.535, limit_mb=128)
    assert line == (
        f"2026-03-17T10:13:22Z Finish invoke request 'abc', duration: {duration:.3f}ms, "
        f"billing duration: {billed}ms, memory used: 36.535MB, billing memory: 128MB"
    )


@pytest.mark.parametrize(("failure", "cause"), [("", None), ("RuntimeMemoryExceedLimit", "RuntimeMemoryExceedLimit")])
def test_the_last_line_of_a_failure(failure: str, cause: str | None) -> None:
    line = finish_line(NOW, "abc", duration_ms=1266.043, memory_mb=510.953, limit_mb=512, failure=failure)
    match = re.match(PATTERN, line)
    assert match
    assert "(invoke Failed" in line
    assert match["cause"] == cause
    assert (match["d"], match["b"], match["m"], match["bm"]) == ("1266.043", "1267", "510.953", "512")


@pytest.mark.parametrize(("limit", "shown"), [(3.0, "3s"), (0.25, "0.25s"), (900, "900s")])
def test_a_timeout_names_its_limit(limit: float, shown: str) -> None:
    assert timeout_text("invoke", limit) == f"call invoke timeout {shown}"
