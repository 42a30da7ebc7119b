"""How an invocation ended, in one line."""

from __future__ import annotations

import pytest

from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    InvalidResponse,
    Outcome,
    OutOfMemory,
    Rejected,
    Returned,
    TimedOut,
    Unreachable,
)
from fgtui.invoke.outcome_words import advice, headline, headline_parts, kind_words, left_open, was_taken


@pytest.mark.parametrize("init_ms", [None, 0.0, 0.049])
def test_a_new_instance_is_said_even_where_it_took_no_known_time(init_ms: float | None) -> None:
    assert headline(Returned(init_ms=init_ms, cold_start=True)) == "✓ returned · cold start"


@pytest.mark.parametrize("init_ms", [None, 0.0, 0.049])
def test_a_cold_start_that_was_cut_off_before_it_did_anything_is_left_out(init_ms: float | None) -> None:
    assert headline(Cancelled(init_ms=init_ms, cold_start=True)) == "○ cancelled"


def test_memory_that_ran_out_below_the_limit_does_not_contradict_it() -> None:
    outcome = OutOfMemory(limit_mb=512, duration_ms=676.0, memory_mb=449.0)
    assert headline(outcome) == "✗ out of memory at the limit of 512 MB · 676 ms · 449 MB"


@pytest.mark.parametrize("start", ["function result is invalid, error: ", ""])
def test_what_no_platform_takes_is_said_once(start: str) -> None:
    outcome = InvalidResponse(message=f"{start}Object of type set is not JSON serializable")
    assert headline(outcome) == "✗ invalid response: Object of type set is not JSON serializable"


@pytest.mark.parametrize(("status", "sign", "ink"), [(200, "✓", "good"), (404, "✓", "good"), (503, "!", "warn")])
def test_a_server_s_own_failure_is_no_success(status: int, sign: str, ink: str) -> None:
    words = kind_words("returned", status)
    assert (words.sign, words.words, words.ink) == (sign, "returned", ink)
    assert headline(Returned(status_code=status)) == f"{sign} returned {status}"


def test_a_cold_start_says_how_long_it_took() -> None:
    outcome = Returned(duration_ms=3.2, memory_mb=31.0, init_ms=18.04, cold_start=True)
    assert headline(outcome) == "✓ returned · 3.2 ms · 31 MB · cold start 18.0 ms"
    assert headline_parts(outcome) == ("✓ returned", "3.2 ms", "31 MB", "cold start 18.0 ms")


def test_a_warm_start_says_nothing_of_it() -> None:
    assert headline(Returned(init_ms=18.0, cold_start=False)) == "✓ returned"


def test_how_long_a_timeout_took_is_its_limit() -> None:
    assert headline(TimedOut(limit_s=3, stopped_processes=1, duration_ms=3000.0)) == (
        "◷ timed out after 3 s; 1 process stopped"
    )


def test_what_the_service_charges_for_is_said_where_it_says_so() -> None:
    headers = (("X-Cff-Invoke-Summary", '{"duration": 1.9, "billingDuration": 100}'),)
    assert headline(Returned(duration_ms=1.9, memory_mb=41.5, headers=headers)) == (
        "✓ returned · 1.9 ms · 42 MB · billed 100 ms"
    )
    assert headline(Returned(headers=(("X-Cff-Request-Id", "x"),))) == "✓ returned"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (TimedOut(limit_s=0, stopped_processes=0), "◷ timed out"),
        (OutOfMemory(limit_mb=0), "✗ out of memory"),
        (Crashed(), "✗ crashed: no answer"),
        (Crashed(exit_code=0), "✗ crashed: exit code 0, no answer"),
    ],
)
def test_what_the_service_does_not_tell_is_not_made_up(outcome: Outcome, words: str) -> None:
    assert headline(outcome) == words


MAY_HAVE_RUN = "the function may have run (request 9f2c); the event was not sent again"


@pytest.mark.parametrize(
    ("outcome", "lines"),
    [
        (Returned(), ()),
        (Cancelled(), ()),
        (Unreachable(message="x"), ()),
        (Unreachable(message="x", may_have_run=True, request_id="9f2c"), (MAY_HAVE_RUN,)),
        (
            Unreachable(message="x", may_have_run=True),
            ("the function may have run; the event was not sent again",),
        ),
        (TimedOut(limit_s=3, stopped_processes=0, request_id="9f2c"), (MAY_HAVE_RUN,)),
        (TimedOut(limit_s=3, stopped_processes=0, body=b"call invoke timeout 3s"), ()),
        (TimedOut(limit_s=3), ()),
        (Rejected(code="odd", message="x", status_code=418), ()),
        (
            Rejected(code="FSS.0502", message="x", may_have_run=True, request_id="9f2c"),
            (
                "a gateway got no proper answer from the service; send it again later; nothing is sent twice by itself",
                MAY_HAVE_RUN,
            ),
        ),
    ],
)
def test_a_failure_says_what_it_means_and_whether_the_function_may_have_run(
    outcome: Outcome, lines: tuple[str, ...]
) -> None:
    assert advice(outcome) == lines


@pytest.mark.parametrize(
    ("said", "is_told"), [("30", True), (" 7 ", True), ("Thu, 01 Jan 2026", False), ("9" * 99, False)]
)
def test_how_long_the_service_asks_to_wait_is_said(said: str, is_told: bool) -> None:
    (line,) = advice(Rejected(code="FSS.0429", message="x", status_code=429, headers=(("Retry-After", said),)))
    assert line.endswith(f"; it asks to wait {said.strip()} s") == is_told


def test_an_id_from_the_service_is_text_and_no_hole_to_fill() -> None:
    (line,) = advice(Unreachable(message="x", may_have_run=True, request_id="{0}{x}"))
    assert "(request {0}{x})" in line


@pytest.mark.parametrize(
    ("outcome", "kind", "word"),
    [
        (Cancelled(), "remote", "may have arrived"),
        (Cancelled(), "http", "may have arrived"),
        (Cancelled(logs="fgtui: taken as request 9f2c\n"), "remote", "has taken the event"),
        (Cancelled(logs="fgtui: nothing was sent\n"), "remote", "nothing has run"),
        (Unreachable(message="x"), "remote", "nothing has run"),
        (Unreachable(message="x"), "http", "nothing has run"),
    ],
)
def test_an_event_that_went_away_without_an_answer_says_what_may_have_become_of_it(
    outcome: Outcome, kind: str, word: str
) -> None:
    (line,) = left_open(outcome, kind)
    assert word in line


@pytest.mark.parametrize("kind", ["local", "none"])
def test_what_was_stopped_here_or_never_sent_leaves_nothing_open(kind: str) -> None:
    assert left_open(Cancelled(), kind) == ()


@pytest.mark.parametrize(
    ("words", "taken"), [("taken as request 1", True), ("taken, without a request id", True), ("no", False)]
)
def test_an_event_that_was_taken_to_be_run_later_is_known_by_the_first_line_of_its_log(words: str, taken: bool) -> None:
    assert was_taken(Cancelled(logs=f"fgtui: {words}\n"), "remote") is taken
    assert not was_taken(Cancelled(logs=f"fgtui: {words}\n"), "local")
