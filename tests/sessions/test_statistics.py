from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    Exchange,
    HandlerError,
    InitFailed,
    InvalidResponse,
    Outcome,
    OutOfMemory,
    Raised,
    Rejected,
    Returned,
    TargetSummary,
    TimedOut,
    Unreachable,
)
from fgtui.records import replace
from fgtui.sessions import statistics as module
from fgtui.sessions.model import NO_TARGET
from fgtui.sessions.recording import row_of
from fgtui.sessions.statistics import MOST_BUCKETS, OTHERS, Bin, Group, column_key, group_name, statistics, to_json
from fgtui.sessions.strict_json import write as dump_json
from tests.factories import MOMENT, an_event, an_exchange
from tests.sessions.strategies import exchanges

ERROR = HandlerError("ValueError", "boom")
NEVER_SENT = TargetSummary(NO_TARGET, "")


def over(*outcomes: Outcome) -> Group:
    """The one group of exchanges that ended so, a second apart."""
    (group,) = statistics(an_exchange(outcome=outcome, number=at) for at, outcome in enumerate(outcomes, 1))
    return group


def lasting(*durations: float | None) -> Group:
    return over(*(Returned(duration_ms=duration) for duration in durations))


def at(offsets_ms: Sequence[tuple[float, float]]) -> list[Exchange]:
    """Exchanges that began and lasted so many milliseconds."""
    return [
        an_exchange(outcome=Returned(duration_ms=lasted), started_at=MOMENT + timedelta(milliseconds=begun))
        for begun, lasted in offsets_ms
    ]


def test_of_nothing_there_is_no_group() -> None:
    assert statistics([]) == ()
    assert statistics([], []) == ()


def test_each_way_to_end_is_counted_once() -> None:
    group = over(
        Returned(status_code=500), Raised(error=ERROR), InitFailed(error=ERROR), TimedOut(limit_s=3), Cancelled(),
        OutOfMemory(limit_mb=128), Crashed(signal=9), InvalidResponse(message="a set"), Unreachable(message="refused"),
        Rejected(code="FSS.0429", message="too many", status_code=429), Rejected(code="FSS.0404", message="no"),
        Rejected(code="FSS.0503", message="no", status_code=503),
    )  # fmt: skip
    assert group.invocations == 10
    assert (group.errors, group.function_errors, group.system_errors) == (7, 6, 1)
    assert (group.rejections, group.throttled, group.unreachable, group.others) == (2, 1, 1, 2)
    assert (group.timeouts, group.out_of_memory, group.cancelled) == (1, 1, 1)
    assert group.fail_percent == pytest.approx(100 * 7 / 10)
    assert group.outcomes[0] == ("rejected", 3)
    assert sum(count for _, count in group.outcomes) == 12


def test_what_never_reached_the_function_says_nothing_of_it() -> None:
    group = over(
        Returned(duration_ms=5), Raised(error=ERROR, duration_ms=7), *[Unreachable(message="no", duration_ms=900)] * 3,
        Rejected(code="FSS.0404", message="no", status_code=404, duration_ms=300),
        Rejected(code="", message="no credentials", duration_ms=0),
        Rejected(code="FSS.0429", message="busy", status_code=429, duration_ms=100),
    )  # fmt: skip
    assert (group.invocations, group.rejections, group.throttled, group.unreachable) == (3, 3, 1, 3)
    assert (group.min_ms, group.max_ms, group.fail_percent) == (5, 7, pytest.approx(100 / 3))
    assert group.series is not None
    assert sum(group.series.counts) == 3
    only = over(Unreachable(message="no", duration_ms=900), Rejected(code="FSS.0404", message="no", status_code=404))
    assert (only.invocations, only.fail_percent, only.concurrency, only.series, only.average_ms) == (
        0,
        0,
        0,
        None,
        None,
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(exchanges, min_size=1, max_size=8))
def test_whatever_was_recorded_has_statistics(given: list[Exchange]) -> None:
    (group,) = statistics(given)
    assert group.invocations + group.others == len(given)
    succeeded = dict(group.outcomes).get("returned", 0)
    assert group.invocations == succeeded + group.errors + group.throttled + group.cancelled
    if group.series:
        assert sum(group.series.counts) == group.invocations
        assert sum(group.series.errors) == group.errors
        assert len(group.series.counts) <= MOST_BUCKETS
    assert 1 <= group.concurrency <= group.invocations or group.invocations == 0
    if group.min_ms is not None:
        quantiles = [group.min_ms, group.p50_ms, group.p90_ms, group.p95_ms, group.p99_ms, group.max_ms]
        assert quantiles == sorted(quantiles)  # type: ignore[type-var]
        recorded = [each.outcome.duration_ms for each in given if each.outcome.kind not in {"rejected", "unreachable"}]
        assert set(quantiles) <= set(recorded)
        assert sum(each.count for each in group.histogram) == len(
            [each for each in recorded if (each or -1) >= 0 or each == 0]
        )


def test_percentiles_are_by_nearest_rank() -> None:
    group = lasting(*range(1, 101))
    assert (group.min_ms, group.average_ms, group.max_ms) == (1, 50.5, 100)
    assert (group.p50_ms, group.p90_ms, group.p95_ms, group.p99_ms) == (50, 90, 95, 99)
    one = lasting(7)
    assert (one.p50_ms, one.p99_ms) == (7, 7)
    assert lasting(1, 2, 3).p50_ms == 2


def test_without_a_duration_there_is_none() -> None:
    group = lasting(None, None)
    assert group.invocations == 2
    assert (group.min_ms, group.average_ms, group.p99_ms, group.histogram) == (None, None, None, ())


def test_impossible_durations_are_none() -> None:
    assert lasting(-1.0).max_ms is None
    group = lasting(1e308, 1e308)
    assert group.average_ms == 1e308
    assert group.histogram == (Bin(5e8, None, 2),)


def test_the_histogram_has_the_bins_from_the_shortest_to_the_longest() -> None:
    assert lasting(0.0, 0.05).histogram == (Bin(0.0, 0.1, 2),)
    assert lasting(3, 1.0, 1.9, 11).histogram == (
        Bin(1.0, 2.0, 2),
        Bin(2.0, 5.0, 1),
        Bin(5.0, 10.0, 0),
        Bin(10.0, 20.0, 1),
    )


@pytest.mark.parametrize(
    ("offsets_ms", "most"),
    [
        pytest.param([(0, 10), (10, 10), (20, 10)], 1, id="one-after-another"),
        pytest.param([(0, 100), (10, 20), (20, 5), (50, 1)], 3, id="nested"),
        pytest.param([(5, 10), (0, 10)], 2, id="not-in-order"),
        pytest.param([(0, 10), (5, 0), (5.5, 0)], 2, id="no-time-at-all"),
    ],
)
def test_concurrency_is_the_most_that_overlap(offsets_ms: list[tuple[float, float]], most: int) -> None:
    (group,) = statistics(at(offsets_ms))
    assert group.concurrency == most


def test_cold_starts_and_memory_are_told_where_they_were_recorded() -> None:
    cold = Returned(cold_start=True, init_ms=40.0, memory_mb=31.5)
    group = over(cold, Returned(cold_start=False, memory_mb=60.0), Returned(cold_start=True, init_ms=60.0))
    assert (group.cold_starts, group.average_init_ms, group.max_init_ms) == (2, 50.0, 60.0)
    assert group.max_memory_mb == 60.0
    unknown = over(Returned())
    assert (unknown.cold_starts, unknown.average_init_ms, unknown.max_memory_mb) == (None, None, None)


def test_events_that_were_only_imported_are_no_invocations() -> None:
    imported = an_exchange(outcome=Cancelled(), target=NEVER_SENT)
    (group,) = statistics([imported, imported, an_exchange()])
    assert (group.invocations, group.cancelled, group.never_sent) == (1, 0, 2)
    (alone,) = statistics([row_of(imported)])
    assert (alone.invocations, alone.never_sent, alone.concurrency, alone.series) == (0, 1, 0, None)


def test_groups_are_by_key_the_largest_first_over_one_time() -> None:
    given = [an_exchange(number=number, trigger=trigger) for number, trigger in enumerate("abcbb", 1)]
    groups = statistics(given, (each.event.trigger for each in given))
    assert [(group.name, group.invocations) for group in groups] == [("b", 3), ("a", 1), ("c", 1)]
    series = [group.series for group in groups]
    assert [each.start for each in series if each] == [MOMENT.replace(microsecond=100_000)] * 3
    assert [sum(counts) for counts in zip(*(each.counts for each in series if each), strict=True)][::10] == [1] * 5


def test_a_row_is_as_good_as_its_exchange() -> None:
    given = at([(0, 3), (2, 4), (9, 1)])
    assert statistics(given) == statistics(map(row_of, given))


def test_buckets_are_as_wide_as_the_time_asks_for() -> None:
    (short,) = statistics(at([(0, 1), (59, 1)]))
    assert short.series
    assert (short.series.bucket_s, len(short.series.counts)) == (0.001, 60)
    moments = [datetime(1, 1, 1, 12, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
    (long,) = statistics(replace(an_exchange(), started_at=each) for each in moments)
    assert long.series
    assert long.series.start == datetime(1, 1, 1, tzinfo=UTC)
    assert (long.series.counts[0], long.series.counts[-1], len(long.series.counts)) == (1, 1, MOST_BUCKETS)


def test_whoever_no_longer_waits_gets_nothing() -> None:
    stopped = threading.Event()
    heard: list[int] = []

    def rows() -> object:
        for number in range(5000):
            if number == 2500:
                stopped.set()
            yield row_of(an_exchange())

    assert statistics(rows(), cancelled=stopped, on_progress=heard.append) == ()
    assert heard == [0, 1024, 2048]


def test_more_groups_than_anybody_reads_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_GROUPS", 2)
    groups = statistics((an_exchange() for _ in range(6)), "abcdab")
    assert [(group.name, group.invocations) for group in groups] == [("a", 2), ("b", 2), (OTHERS, 2)]


def test_long_keys_are_cut_and_stay_apart() -> None:
    keys = ["x" * 5000 + end for end in ("1", "2", "1", "\ud800")]
    groups = statistics((an_exchange() for _ in keys), keys)
    assert [group.invocations for group in groups] == [2, 1, 1]
    assert {len(group.name) for group in groups} == {200}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("trigger", "obs"),
        ("target", "src/index.handler"),
        ("outcome", "returned"),
        ("status", "404"),
        ("template", "null"),
    ],
)
def test_columns_are_keys(name: str, key: str) -> None:
    exchange = an_exchange(an_event("{}", "obs", template=None), Returned(status_code=404))
    assert column_key(exchange, name) == column_key(row_of(exchange), name) == key


def test_a_group_is_strict_json() -> None:
    (group,) = statistics([an_exchange(), an_exchange(outcome=Raised(error=ERROR, duration_ms=1e9))])
    found = json.loads(dump_json(to_json(group)))
    assert found["errors"] == 1
    assert found["fail_percent"] == 50.0
    assert found["outcomes"] == {"raised": 1, "returned": 1}
    assert found["series"] == {"start": "2026-11-22T09:46:01.123000Z", "bucket_s": 0.001, "counts": [2], "errors": [1]}
    assert found["histogram"][-1] == {"from_ms": 5e8, "to_ms": None, "count": 1}
    assert set(found) >= {"p50_ms", "p90_ms", "p95_ms", "p99_ms", "concurrency", "cold_starts", "max_memory_mb"}


@pytest.mark.parametrize(
    ("value", "name"),
    [("a", "a"), (None, "null"), (True, "true"), (1.5, "1.5"), ({"a": ["é\x9b"]}, '{"a": ["é\\u009b"]}')],
)
def test_what_exchanges_have_in_common_names_their_group(value: object, name: str) -> None:
    assert group_name(value) == name
