"""How an invocation ended, in one line."""

from __future__ import annotations

import pytest

from fgtui.invoke.model import Cancelled, InvalidResponse, OutOfMemory, Returned, TimedOut
from fgtui.invoke.outcome_words import headline, headline_parts, kind_words


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
