"""Time and memory as the service says them, in headers or in the log's last line."""

from __future__ import annotations

import pytest

from fgtui.invoke.service.invoke_summary import InvokeSummary, summary_of
from tests.invoke.deployed import LOG, SUMMARY

OLD = (
    "2021-05-25 21:40:31.518+08:00 Finish invoke request 'x', duration: 45.204ms, billing duration: 100ms, "
    "memory used: 64.383MB."
)
FAILED = (
    "Finish invoke request 'x'(invoke Failed:RuntimeMemoryExceedLimit), duration: 1266.043ms, "
    "billing duration: 1267ms, memory used: 510.953MB, billing memory: 512MB"
)


def test_the_summary_is_read_whatever_the_spelling_of_its_header() -> None:
    assert summary_of([("x-CFF-invoke-summary", SUMMARY)]) == InvokeSummary(1.913, 100, 41.51171875, 128)


@pytest.mark.parametrize(
    ("line", "summary"),
    [
        (LOG, InvokeSummary(1.913, 2, 41.512, 128)),
        (
            OLD,
            InvokeSummary(45.204, 100, 64.383, None),
        ),
        (
            FAILED,
            InvokeSummary(1266.043, 1267, 510.953, 512),
        ),
        (
            "Finish invoke request 'x', duration: ..ms, billing duration: 1ms, memory used: 1MB",
            InvokeSummary(None, 1, 1),
        ),
        ("nothing", InvokeSummary()),
        ("Finish invoke request '" * 10_000, InvokeSummary()),
    ],
)
def test_the_last_line_of_the_log_says_it_where_no_header_does(line: str, summary: InvokeSummary) -> None:
    assert summary_of([], line) == summary


def test_headers_go_before_the_log_and_each_fills_what_the_other_leaves_out() -> None:
    headers = [("X-CFF-Billing-Duration", "7"), ("X-Cff-Invoke-Summary", '{"duration": 5}')]
    assert summary_of(headers, LOG) == InvokeSummary(5, 7, 41.512, 128)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-1", "true", "null", "[]", '"soon"', "1" + "0" * 400])
def test_what_is_no_time_or_memory_is_not_told(number: str) -> None:
    said = f'{{"duration": {number}, "billingDuration": {number}, "memorySize": {number}, "memoryUsed": {number}}}'
    assert summary_of([("X-Cff-Invoke-Summary", said)]) == InvokeSummary()
