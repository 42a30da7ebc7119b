"""The store: opening a large one beside a small one, and what an exchange takes on disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fgtui.sessions.format import dump_line
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore

from .examples import exchanges
from .harness import ROOT, Row, alternate, milliseconds
from .recording import Unchanged

SMALL, LARGE = 1_000, 1_000_000
RUNS = 9
OPEN = """
import json, resource, sys, time
from pathlib import Path
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
started = time.perf_counter()
store = SessionStore(Path(sys.argv[1]), Redactor())
rows = store.page("benchmark", limit=200)
count = store.count("benchmark")
took = time.perf_counter() - started
assert len(rows) == 200
print(json.dumps([took, count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def filled(file: Path, count: int) -> Path:
    """A store of ``count`` exchanges of 3 KB; without a search index, which opening does not look at."""
    store = SessionStore(file, Unchanged(), full_text=False)
    for _ in store.append_many("benchmark", exchanges(count)):
        pass
    store.close()
    return file


def opened(file: Path) -> tuple[float, float]:
    """Seconds and resident megabytes of opening ``file`` on its newest page, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    finished = subprocess.run(
        [sys.executable, "-c", OPEN, str(file)], env=environment, capture_output=True, text=True, check=True
    )
    took, _, memory = json.loads(finished.stdout)
    return took, memory


def rows() -> Iterator[Row]:
    """Every store row that is built."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = filled(folder / "small.db", SMALL), filled(folder / "large.db", LARGE)
        floor, measured = alternate(RUNS, lambda: opened(small)[0], lambda: opened(large)[0])
        yield Row(
            "store",
            f"open on the newest page, {LARGE:,} against {SMALL:,}",
            milliseconds(measured),
            f"{SMALL:,}: {milliseconds(floor)}",
            measured / floor,
            "≤ 1.5 ×",
            measured / floor <= 1.5,
        )
        floor, measured = alternate(3, lambda: opened(small)[1], lambda: opened(large)[1])
        yield Row(
            "store",
            "memory of the same",
            f"{measured:.0f} MB",
            f"{SMALL:,}: {floor:.0f} MB",
            None,
            "≤ 50 MB more",
            measured - floor <= 50,
        )
        several = 10_000
        store = SessionStore(folder / "disk.db", Redactor())
        as_json = sum(len(dump_line(kept).encode()) for kept in store.append_many("benchmark", exchanges(several)))
        store.close()
        on_disk = (folder / "disk.db").stat().st_size
        yield Row(
            "store",
            "bytes on disk for a 3 KB exchange, search index included",
            f"{on_disk / several:,.0f}",
            f"its JSON {as_json / several:,.0f}",
            on_disk / as_json,
            "≤ 2 ×",
            on_disk / as_json <= 2,
        )
