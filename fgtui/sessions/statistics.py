"""FunctionGraph's own metrics over recordings (runtime.md section 10), as a whole or by group, in one pass.

Every exchange is exactly one of these; the first four are invocations, as the service counts them::

    it went well    returned, whatever status an HTTP function chose
    cancelled       a person stopped it
    error           function errors (raised, init_failed, timed_out, out_of_memory, crashed, invalid_response)
                    and system errors (rejected with a status from 500 on)
    throttled       rejected with 429: the service counts those in
    turned away     rejected with any other status or none, before a function ran
    unreachable     nobody answered, or the line broke
    never sent      imported

Rejections are all those with a status below 500 or none, the throttled among them. A rejection's time and that of what
was unreachable is the network's, so neither is a duration.

Percentiles are by nearest rank: a duration that occurred, at or below which so many percent of them lie. Of a million
exchanges some tens of megabytes wait in memory, whatever their size.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import repeat
from math import ceil
from typing import NamedTuple

from fgtui.digests import blake2b
from fgtui.invoke.model import Exchange
from fgtui.records import Record
from fgtui.sessions import strict_json
from fgtui.sessions.model import ExchangeRow, was_sent
from fgtui.sessions.recording import row_of
from fgtui.sessions.storage.rows import microseconds, moment

MOST_BUCKETS = 60
"""Of a series over time."""
MOST_GROUPS = 10_000
"""All that begin later are one group, ``OTHERS``."""
OTHERS = "…"
NOT_SET = "null"
"""The name of the group of all that have nothing there."""
NAME_LIMIT = 200
"""Characters of a group's name."""
COLUMNS: Mapping[str, str] = {
    "trigger": "trigger",
    "target": "target",
    "outcome": "outcome",
    "status": "status_code",
    "template": "template",
}
"""What to group by is called, and the column of a row that has it."""
FUNCTION_ERRORS = ("raised", "init_failed", "timed_out", "out_of_memory", "crashed", "invalid_response")
THROTTLED = 429

_SERVER_ERROR = 500
_EVERY = 1024
"""Exchanges between two looks at whether somebody still waits."""
_EDGES_MS = tuple(step * 10.0**power for power in range(-1, 9) for step in (1, 2, 5))
_WIDTHS_S = (
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
    3600, 7200, 14_400, 21_600, 43_200, 86_400,
)  # fmt: skip
_DAY_US = 86_400 * 10**6
_LATEST_US = 2**62


class Bin(Record):
    """How many durations lie from ``from_ms`` up to, and without, ``to_ms``; ``None`` for all above."""

    from_ms: float
    to_ms: float | None
    count: int


class Series(Record):
    """Invocations over time."""

    start: datetime
    bucket_s: float
    counts: tuple[int, ...]
    """How many began in each bucket, the first of which begins at ``start``."""
    errors: tuple[int, ...]
    """How many of them are errors."""


class Group(Record):
    """The metrics of some exchanges. What nothing was recorded of is ``None``."""

    name: str
    """What they have in common; empty for all there are."""
    invocations: int
    errors: int
    function_errors: int
    system_errors: int
    rejections: int
    """No invocations, but for those that were throttled."""
    throttled: int
    unreachable: int
    """What nobody answered, which is no invocation either."""
    timeouts: int
    out_of_memory: int
    cancelled: int
    never_sent: int
    """Imported events, which are no invocations."""
    outcomes: tuple[tuple[str, int], ...]
    """Each kind of outcome there is, the most frequent first."""
    min_ms: float | None
    average_ms: float | None
    max_ms: float | None
    p50_ms: float | None
    p90_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    histogram: tuple[Bin, ...]
    """In steps of 1, 2, 5, from the bin of the shortest to that of the longest."""
    concurrency: int
    """The most that ran at the same time."""
    cold_starts: int | None
    average_init_ms: float | None
    max_init_ms: float | None
    max_memory_mb: float | None
    series: Series | None
    """In the same buckets for all groups."""

    @property
    def others(self) -> int:
        """Exchanges that are no invocations."""
        return self.rejections - self.throttled + self.unreachable + self.never_sent

    @property
    def fail_percent(self) -> float:
        """Errors among the invocations."""
        return 100 * self.errors / self.invocations if self.invocations else 0.0


def to_json(group: Group) -> dict[str, object]:
    """The metrics of a group as plain JSON values."""
    members: dict[str, object] = {name: getattr(group, name) for name in Group.__match_args__}
    series = group.series
    return {
        **members,
        "fail_percent": round(group.fail_percent, 4),
        "outcomes": dict(group.outcomes),
        "histogram": [{"from_ms": each.from_ms, "to_ms": each.to_ms, "count": each.count} for each in group.histogram],
        "series": series
        and {
            "start": series.start.isoformat().removesuffix("+00:00") + "Z",
            "bucket_s": series.bucket_s,
            "counts": list(series.counts),
            "errors": list(series.errors),
        },
    }


def statistics(
    rows: Iterable[ExchangeRow | Exchange],
    keys: Iterable[str] | None = None,
    *,
    cancelled: threading.Event | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[Group, ...]:
    """The metrics of ``rows``, by what ``keys`` has for each of them, the most invocations first.

    Cold starts and memory are known of whole exchanges only. Without ``keys`` there is one group; without rows, none.
    ``on_progress`` hears now and then how many were counted; once ``cancelled`` is set there is no answer but ``()``.
    """
    tallies: dict[str, _Tally] = {}
    named: Iterator[tuple[ExchangeRow | Exchange, str]]
    named = zip(rows, repeat("") if keys is None else keys, strict=keys is not None)
    for count, (row, key) in enumerate(named):
        if count % _EVERY == 0:
            if cancelled is not None and cancelled.is_set():
                return ()
            if on_progress is not None:
                on_progress(count)
        tally = tallies.get(key)
        if tally is None:
            tally = _tally_of(key, tallies)
        tally.add(_facts(row))
    span = _span(tallies.values())
    groups: list[Group] = []
    for name in list(tallies):
        if cancelled is not None and cancelled.is_set():
            return ()
        groups.append(_group(name, tallies.pop(name), span))
    return tuple(sorted(groups, key=lambda group: (-group.invocations, -group.others, group.name)))


def column_key(row: ExchangeRow | Exchange, name: str) -> str:
    """What to group ``row`` by, where ``name`` is one of ``COLUMNS``."""
    value = getattr(row if isinstance(row, ExchangeRow) else row_of(row), COLUMNS[name])
    return NOT_SET if value is None else str(value)


def group_name(value: object) -> str:
    """What the exchanges are called that have ``value`` in common: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else strict_json.write(value)


def _tally_of(key: str, tallies: dict[str, _Tally]) -> _Tally:
    """Where an exchange of this key is counted that is no name of a group yet."""
    name = key if len(key) <= NAME_LIMIT else _shortened(key)
    if name not in tallies:
        name = name if len(tallies) < MOST_GROUPS else OTHERS
    return tallies.setdefault(name, _Tally())


def _shortened(key: str) -> str:
    """As much of a long key as a name has room for; different keys stay different."""
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{key[: NAME_LIMIT - len(digest) - 2]}… {digest}"


class _Facts(NamedTuple):
    is_sent: bool
    started_us: int
    outcome: str
    status_code: int | None
    duration_ms: float | None
    cold_start: bool | None
    init_ms: float | None
    memory_mb: float | None


def _facts(row: ExchangeRow | Exchange) -> _Facts:
    started_us = microseconds(row.started_at)
    if isinstance(row, ExchangeRow):
        return _Facts(was_sent(row), started_us, row.outcome, row.status_code, row.duration_ms, None, None, None)
    ended = row.outcome
    return _Facts(
        was_sent(row), started_us, ended.kind, ended.status_code, ended.duration_ms,
        ended.cold_start, ended.init_ms, ended.memory_mb,
    )  # fmt: skip


class _Tally:
    """What waits of one group: counts, and a few numbers of each exchange."""

    __slots__ = (
        "durations", "ends", "errors", "inits", "known_cold", "max_memory", "never_sent", "outcomes",
        "started_cold", "starts", "system_errors", "throttled", "turned_away",
    )  # fmt: skip

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.never_sent = self.system_errors = self.turned_away = self.throttled = 0
        self.known_cold = self.started_cold = 0
        self.starts = array("q")
        self.ends = array("q")
        self.errors = array("q")
        """When those began that are errors."""
        self.durations = array("d")
        self.inits = array("d")
        self.max_memory: float | None = None

    def add(self, facts: _Facts) -> None:
        if not facts.is_sent:
            self.never_sent += 1
            return
        outcome, duration = facts.outcome, facts.duration_ms
        self.outcomes[outcome] += 1
        if outcome == "unreachable":
            return
        if outcome == "rejected":
            duration = None
            if not self._is_invocation(facts.status_code):
                return
        self.starts.append(facts.started_us)
        lasted_us = 0
        if duration is not None and duration >= 0:
            self.durations.append(duration)
            lasted_us = int(min(duration, _LATEST_US) * 1000)
        self.ends.append(min(facts.started_us + max(1, lasted_us), _LATEST_US))
        if outcome in FUNCTION_ERRORS or (outcome == "rejected" and facts.status_code != THROTTLED):
            self.errors.append(facts.started_us)
        if facts.cold_start is not None:
            self.known_cold += 1
            self.started_cold += facts.cold_start
        if facts.init_ms is not None and facts.init_ms >= 0:
            self.inits.append(facts.init_ms)
        if facts.memory_mb is not None:
            self.max_memory = max(facts.memory_mb, self.max_memory or 0.0)

    def _is_invocation(self, status: int | None) -> bool:
        """Count a call that was rejected with ``status``; whether the service counts it as an invocation."""
        if status is not None and status >= _SERVER_ERROR:
            self.system_errors += 1
            return True
        self.turned_away += 1
        self.throttled += status == THROTTLED
        return status == THROTTLED


class _Span(NamedTuple):
    start_us: int
    width_us: int
    buckets: int


def _span(tallies: Iterable[_Tally]) -> _Span | None:
    """The buckets that hold every start there is."""
    ends = [limit for tally in tallies if tally.starts for limit in (min(tally.starts), max(tally.starts))]
    if not ends:
        return None
    first, last = min(ends), max(ends)
    for width_us in (int(width * 10**6) for width in _WIDTHS_S):
        buckets = last // width_us - first // width_us + 1
        if buckets <= MOST_BUCKETS:
            return _Span(first // width_us * width_us, width_us, buckets)
    start = first // _DAY_US * _DAY_US
    width_us = _DAY_US * ceil((last + 1 - start) / MOST_BUCKETS / _DAY_US)
    return _Span(start, width_us, (last - start) // width_us + 1)


def _group(name: str, tally: _Tally, span: _Span | None) -> Group:
    durations = array("d", sorted(tally.durations))
    outcomes = tally.outcomes
    function_errors = sum(outcomes[kind] for kind in FUNCTION_ERRORS)
    return Group(
        name=name,
        invocations=len(tally.starts),
        errors=function_errors + tally.system_errors,
        function_errors=function_errors,
        system_errors=tally.system_errors,
        rejections=tally.turned_away,
        throttled=tally.throttled,
        unreachable=outcomes["unreachable"],
        timeouts=outcomes["timed_out"],
        out_of_memory=outcomes["out_of_memory"],
        cancelled=outcomes["cancelled"],
        never_sent=tally.never_sent,
        outcomes=tuple(sorted(outcomes.items(), key=lambda pair: (-pair[1], pair[0]))),
        min_ms=durations[0] if durations else None,
        average_ms=_average(durations),
        max_ms=durations[-1] if durations else None,
        p50_ms=_percentile(durations, 50),
        p90_ms=_percentile(durations, 90),
        p95_ms=_percentile(durations, 95),
        p99_ms=_percentile(durations, 99),
        histogram=_histogram(durations),
        concurrency=_concurrency(tally.starts, tally.ends),
        cold_starts=tally.started_cold if tally.known_cold else None,
        average_init_ms=_average(tally.inits),
        max_init_ms=max(tally.inits, default=None),
        max_memory_mb=tally.max_memory,
        series=None if span is None else _series(tally, span),
    )


def _average(values: Sequence[float]) -> float | None:
    count = len(values)
    total = sum(values)
    if count and total == float("inf"):
        return sum(value / count for value in values)
    return total / count if count else None


def _percentile(ascending: Sequence[float], percent: int) -> float | None:
    return ascending[-(-len(ascending) * percent // 100) - 1] if ascending else None


def _histogram(ascending: Sequence[float]) -> tuple[Bin, ...]:
    edges = (0.0, *_EDGES_MS)
    places = [bisect_left(ascending, edge) for edge in edges[1:]]
    counts = [after - before for before, after in zip([0, *places], [*places, len(ascending)], strict=True)]
    filled = [at for at, count in enumerate(counts) if count]
    if not filled:
        return ()
    return tuple(
        Bin(edges[at], edges[at + 1] if at + 1 < len(edges) else None, counts[at])
        for at in range(filled[0], filled[-1] + 1)
    )


def _concurrency(starts: array[int], ends: array[int]) -> int:
    """The most intervals that overlap; one that ends as another starts does not meet it."""
    starts, ends = array("q", sorted(starts)), array("q", sorted(ends))
    most = over = 0
    for begun, start in enumerate(starts, 1):
        while ends[over] <= start:
            over += 1
        most = max(most, begun - over)
    return most


def _series(tally: _Tally, span: _Span) -> Series:
    return Series(
        start=moment(span.start_us),
        bucket_s=span.width_us / 10**6,
        counts=_counted(tally.starts, span),
        errors=_counted(tally.errors, span),
    )


def _counted(starts: Iterable[int], span: _Span) -> tuple[int, ...]:
    start, width, buckets = span
    found = Counter((each - start) // width for each in starts)
    return tuple(found[at] for at in range(buckets))
