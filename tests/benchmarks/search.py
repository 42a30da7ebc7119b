"""Search: full text over a million exchanges, the first page of what is found."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from fgtui.events.model import Event
from fgtui.invoke.model import Exchange, Returned
from fgtui.sessions.search.index import BLOCK_SIZE
from fgtui.sessions.store import SessionStore

from .examples import STARTED, TARGET
from .harness import Row, milliseconds
from .recording import Unchanged

COUNT = 1_000_000
PAGE = 50
RUNS = 9
WORDS = ("orders", "photos", "invoices", "shipping", "refund", "stock", "price", "login")

QUERIES = (
    ("a word in every exchange", "created"),
    ("two words", "refund photos"),
    ("an id, once in all", f"7f1c0a52-0000-4000-8000-{COUNT // 3:012d}"),
    ("a phrase", '"shipping of item 999983"'),
    ("a beginning", "invoi*"),
    ("a Chinese word", "失败"),
    ("nothing", "refund nowhere"),
)


def small_exchanges(count: int) -> Iterator[Exchange]:
    """``count`` short ones that differ in words and ids; one of a thousand tells of a failure in Chinese."""
    for number in range(1, count + 1):
        word, other = WORDS[number % 8], WORDS[number // 8 % 7]
        logs = f"{word} of item {number} " + ("上传失败，正在处理" if number % 1000 == 0 else "looked at")
        yield Exchange(
            id=f"01JD{number:022d}",
            event=Event("blank", b'{"name": "Created", "about": "%s", "n": %d}' % (other.encode(), number), "default"),
            target=TARGET,
            outcome=Returned(body=b"{}", logs=logs, request_id=f"7f1c0a52-0000-4000-8000-{number:012d}"),
            started_at=STARTED + timedelta(seconds=number),
        )


def first_page(file: Path, text: str) -> float:
    """Seconds until the first page of hits is there, in a store that was just opened."""
    with SessionStore(file, Unchanged()) as store:
        started = time.perf_counter()
        for _ in islice(store.search(text), PAGE):
            pass
        return time.perf_counter() - started


def rows() -> Iterator[Row]:
    """Every search row."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "sessions.db"
        with SessionStore(file, Unchanged()) as store:
            for _ in store.append_many("benchmark", small_exchanges(COUNT)):
                pass
        blocks = COUNT // BLOCK_SIZE + 1
        for what, text in QUERIES:
            took = statistics.median(first_page(file, text) for _ in range(RUNS))
            yield Row(
                "search",
                f"first {PAGE} of {COUNT:,}: {what}",
                milliseconds(took),
                f"{blocks} blocks",
                None,
                "≤ 100 ms",
                took <= 0.1,
            )
