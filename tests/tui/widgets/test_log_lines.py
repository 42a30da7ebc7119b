"""Log lines on the screen: what a person logged comes first, and nobody else's line is touched."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke import platform_log
from fgtui.tui.widgets.log_lines import LogLines, begins_invocation, log_colours, shortened

OWN = "960d089c-2f7e-4b3f-a5e1-0123456789ab"
OTHER = "11111111-2222-3333-4444-555555555555"
NOW = datetime(2026, 3, 17, 10, 13, 22, tzinfo=UTC)
STAMP = "2026-03-17T10:13:22Z"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Hello, World!", id="printed"),
        pytest.param("", id="empty"),
        pytest.param(f"{STAMP} {OTHER} INFO of another", id="another-id"),
        pytest.param(f"{STAMP} Start invoke request '{OTHER}', version: latest", id="another-start"),
        pytest.param(f" {STAMP} {OWN} INFO indented", id="not-at-the-start"),
        pytest.param(f"{OWN} INFO no time", id="no-time"),
        pytest.param(f"{STAMP} {OWN}", id="nothing-after-the-id"),
        pytest.param(f"2026-03-17 10:13:22 {OWN} INFO old form", id="old-form"),
    ],
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    assert LogLines(OWN).short(line) == line


@pytest.mark.parametrize(
    ("line", "short"),
    [
        (f"{STAMP} {OWN} INFO Function name: demo", "10:13:22Z INFO Function name: demo"),
        (f"2026-03-17T10:13:22.748Z {OWN} ERROR bad", "10:13:22Z ERROR bad"),
        (platform_log.error_line(NOW, OWN, "call invoke timeout 3s"), "10:13:22Z call invoke timeout 3s"),
        (
            platform_log.start_line(NOW, OWN, "latest"),
            "10:13:22Z Start invoke request 960d089c, version: latest",
        ),
    ],
)
def test_date_and_request_id_make_way_for_the_words(line: str, short: str) -> None:
    assert LogLines(OWN).short(line) == short


def test_the_finish_line_keeps_its_figures_and_its_cause() -> None:
    line = platform_log.finish_line(NOW, OWN, duration_ms=2.0, memory_mb=3.0, limit_mb=128, failure="OutOfMemory")
    short = LogLines(OWN).short(line)
    assert short.startswith("10:13:22Z Finish invoke request 960d089c(invoke Failed:OutOfMemory), duration: 2.000ms")
    assert short.endswith("billing memory: 128MB")


@pytest.mark.parametrize("first", [platform_log.start_line(NOW, OWN, "latest"), f"{STAMP} {OWN} WARN while loading"])
def test_under_way_the_first_line_with_an_id_tells_whose_the_lines_are(first: str) -> None:
    lines = LogLines()
    assert lines.short("printed") == "printed"
    assert lines.short(first).startswith("10:13:22Z ")
    assert lines.short(f"{STAMP} {OWN} INFO mine") == "10:13:22Z INFO mine"
    assert lines.short(f"{STAMP} {OTHER} INFO theirs") == f"{STAMP} {OTHER} INFO theirs"


def test_a_log_that_is_nobody_s_stays_whole() -> None:
    log = f"{STAMP} {OWN} INFO a\n"
    assert shortened(log, None) == log


@given(st.text(), st.sampled_from([OWN, None]))
def test_no_line_is_lost_or_made(log: str, request_id: str | None) -> None:
    assert shortened(log, request_id) == log  # nothing in it bears the id


@given(
    st.sampled_from(["10:13:22Z INFO ", "10:13:22Z ", "10:13:22Z Start invoke request ", "10:13:22Z ERROR ", ""]),
    st.text(max_size=20),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_colours_draw_exactly_the_part_that_is_asked_for(head: str, rest: str, one: int, other: int) -> None:
    line = head + rest
    start, end = sorted((min(one, len(line)), min(other, len(line))))
    assert "".join(text for text, _ in log_colours(0, line, start, end)) == line[start:end]


def test_the_level_says_how_bad_it_is() -> None:
    line = "10:13:22Z ERROR bad"
    assert list(log_colours(0, line, 0, len(line))) == [("10:13:22Z ", "muted"), ("ERROR ", "bad"), ("bad", "")]


def test_only_the_platform_s_first_line_says_that_the_handler_was_called() -> None:
    assert begins_invocation(platform_log.start_line(NOW, OWN, "latest"))
    finish = platform_log.finish_line(NOW, OWN, duration_ms=1, memory_mb=1, limit_mb=128)
    for line in ("", "Start invoke request", f" {STAMP} Start invoke request", f"{STAMP} {OWN} INFO Start", finish):
        assert not begins_invocation(line)
