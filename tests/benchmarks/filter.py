"""Queries over 100,000 exchanges, beside ``jq -c select`` over the same as JSON Lines; both start from nothing."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from fgtui.events.catalogue import samples_root
from fgtui.sessions.interchange.json_lines import write_jsonl
from fgtui.sessions.query.expressions import Query
from fgtui.sessions.query.finding import count, find
from fgtui.sessions.query.processes import Processes
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore

from .harness import Row, alternate, milliseconds
from .store import filled

COUNT = 100_000
FEW = 5_000
"""For what costs a hundred times as much."""
RUNS = 3

BESIDE_JQ = (
    ("a number that all have", "outcome.memory_mb > `31`", ".outcome.memory_mb > 31"),
    ("a text that a seventh has", "outcome.error.type == 'ValueError'", '.outcome.error.type == "ValueError"'),
    (
        "a number inside half of the events",
        "event.body.Records[0].s3.object.size > `0`",
        "(.event.wire | fromjson? | .Records[0]?.s3.object.size) > 0",
    ),
)
COLUMNS = (
    ("a comparison on a stored column", "outcome.duration_ms > `12.5`", ".outcome.duration_ms > 12.5"),
    ("another, all in one half", "event.trigger == 'obs'", '.event.trigger == "obs"'),
)


def rows() -> Iterator[Row]:
    """Every filter row that is built."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = SessionStore(filled(folder / "store.db", COUNT), Redactor())
        lines = folder / "store.jsonl"
        write_jsonl(store.iterate("benchmark"), lines)
        for what, expression, condition in BESIDE_JQ:
            yield _beside_jq(store, lines, what, expression, condition, times=4)
        for what, expression, condition in COLUMNS:
            yield _beside_jq(store, lines, what, expression, condition, times=40)
        yield from _reports(store)
        yield from _first_matches(store)
        store.close()


def _found(store: SessionStore, expression: str) -> int:
    return sum(1 for _ in find(store, "benchmark", Query.compile(expression), roots=[samples_root()]))


def _timed(action: Callable[[], object]) -> Callable[[], float]:
    def run() -> float:
        started = time.perf_counter()
        action()
        return time.perf_counter() - started

    return run


def _beside_jq(store: SessionStore, lines: Path, what: str, expression: str, condition: str, *, times: int) -> Row:
    command = ["jq", "-c", f"select({condition})", str(lines)]
    printed = len(subprocess.run(command, capture_output=True, check=True).stdout.splitlines())
    matching = _found(store, expression)
    if printed != matching:
        raise SystemExit(f"{expression} is true of {matching} exchanges, and for jq of {printed}")

    def jq() -> None:
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)

    floor, measured = alternate(RUNS, _timed(jq), _timed(lambda: _found(store, expression)))
    return Row(
        "filter",
        f"{COUNT:,}, {what}, all {matching:,} results",
        f"{milliseconds(measured)} ({COUNT / measured:,.0f} a second)",
        f"jq {milliseconds(floor)}",
        floor / measured,
        f"≥ {times} ×",
        floor / measured >= times,
    )


def _reports(store: SessionStore) -> Iterator[Row]:
    def decoded() -> None:
        seqs = range(1, FEW + 1)
        where = Query.compile("event.decoded.lts.data.owner")
        assert sum(1 for _ in find(store, "benchmark", where, seqs=seqs, roots=[samples_root()])) == FEW // 2

    (took,) = alternate(3, _timed(decoded))
    yield Row(
        "filter", f"event.decoded, {FEW:,}", f"{milliseconds(took)} ({FEW / took:,.0f} a second)", "", None, "-", None
    )
    (took,) = alternate(RUNS, _timed(lambda: count(store, "benchmark", Query.compile("outcome.kind == 'raised'"))))
    yield Row("filter", f"counted by a column, {COUNT:,}", milliseconds(took), "", None, "-", None)


def _first_matches(store: SessionStore) -> Iterator[Row]:
    """As the workbench asks: newest first, while another query runs that the new one cancels."""
    expression = "event.body.Records[0].s3.object.size > `0`"
    with Processes() as kept:

        def first(processes: Processes | None) -> float:
            started = time.perf_counter()
            found = find(store, "benchmark", Query.compile(expression), newest_first=True, processes=processes)
            next(found)
            took = time.perf_counter() - started
            found.close()
            return took

        def typed() -> float:
            """A key while the search of the key before is under way."""
            cancelled = threading.Event()
            before = find(store, "benchmark", Query.compile("event.body"), processes=kept, cancelled=cancelled)
            for _ in range(200):
                next(before)
            started = time.perf_counter()
            cancelled.set()
            assert not [each for each in before if each is None]
            return time.perf_counter() - started + first(kept)

        cold = statistics.median(first(None) for _ in range(RUNS))
        kept.prepare()
        warm = statistics.median(first(kept) for _ in range(RUNS))
        while_typing = statistics.median(typed() for _ in range(RUNS))
    for what, took in (
        ("first match, nothing started yet", cold),
        ("first match", warm),
        ("key to first match, during a search", while_typing),
    ):
        yield Row("filter", what, milliseconds(took), "", None, "≤ 100 ms", took <= 0.1)
