"""Recording: durable exchanges a second, beside bare inserts with the same guarantees."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from fgtui.sessions.format import dump_line
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore

from .examples import exchanges
from .floors import bare_commit, bare_table
from .harness import Row

ONE_AT_A_TIME = 400
BULK = 20_000
RUNS = 3


class Unchanged(Redactor):
    """Takes nothing out: the store alone."""

    def apply(self, exchange):
        return exchange

    def salted(self, salt):
        return self


def one_at_a_time(folder: Path) -> Iterator[Row]:
    """Each exchange in a transaction of its own."""
    store = SessionStore(folder / "sessions.db", Redactor())
    examples = list(exchanges(ONE_AT_A_TIME))
    store.append("benchmark", examples[0])
    bare = bare_table(folder / "bare.db", journal_of(store))
    floors, ours = [], []
    for number, exchange in enumerate(examples):
        body = dump_line(exchange).encode()
        started = time.perf_counter()
        bare_commit(bare, number, body)
        floors.append(time.perf_counter() - started)
        started = time.perf_counter()
        store.append("benchmark", exchange)
        ours.append(time.perf_counter() - started)
    bare.close()
    store.close()
    floor, measured = 1 / statistics.median(floors), 1 / statistics.median(ours)
    yield Row(
        "recording",
        f"durable exchanges a second, one at a time ({store.journal.mode})",
        f"{measured:,.0f}",
        f"bare insert {floor:,.0f}",
        measured / floor,
        "≥ 0.6 ×",
        measured / floor >= 0.6,
    )


def bulk(folder: Path, what: str, redactor: Redactor, wanted: int, *, full_text: bool) -> Iterator[Row]:
    """Many to a transaction."""
    examples = list(exchanges(BULK))
    figures = []
    for run in range(RUNS):
        store = SessionStore(folder / f"{wanted}-{run}.db", redactor, full_text=full_text)
        started = time.perf_counter()
        written = sum(1 for _ in store.append_many("benchmark", examples))
        figures.append(written / (time.perf_counter() - started))
        store.close()
    measured = statistics.median(figures)
    yield Row("recording", what, f"{measured:,.0f}", "", None, f"≥ {wanted:,}", measured >= wanted)


def journal_of(store: SessionStore) -> str:
    """The pragma that gives a bare database the store's journal."""
    return "WAL" if store.journal.wal else "TRUNCATE"


def rows() -> Iterator[Row]:
    """Every recording row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from one_at_a_time(folder)
        yield from bulk(folder, "exchanges a second in bulk, the store alone", Unchanged(), 20_000, full_text=False)
        what = "exchanges a second in bulk, redacted, indexed and compressed"
        yield from bulk(folder, what, Redactor(), 2_000, full_text=True)
