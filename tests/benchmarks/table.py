"""The session table and its filter on a pseudo-terminal: a million rows beside a thousand, typing beside a scan."""

from __future__ import annotations

import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from fgtui.events.model import Event
from fgtui.invoke.model import Exchange, Returned
from fgtui.records import replace
from fgtui.sessions.store import SessionStore

from .editor import KEYS
from .examples import TARGET, exchanges
from .harness import FGTUI, Row, Screen, milliseconds, screen
from .recording import Unchanged

SMALL, LARGE = 1_003, 1_000_003
"""Numbers that nothing else on the screen is likely to show."""
FILTERED = 100_000
RUNS = 7
PAGES = 24
STEP = 12
"""Rows that a page down moves in a window of this size."""
NEXT_PANE, PAGE_DOWN, END = b"\x1b[17~", b"\x1b[6~", b"\x1b[F"
SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
SLOW = "length(to_string(event.decoded)) < `0`"
"""True of nothing, and slow to find out."""


def filled(file: Path, source: Iterator[Exchange]) -> Path:
    """A store of what ``source`` gives."""
    store = SessionStore(file, Unchanged())
    for _ in store.append_many("benchmark", source):
        pass
    store.close()
    return file


def small_exchanges(count: int) -> Iterator[Exchange]:
    """Exchanges of a few bytes: a table reads no more of any."""
    (one,) = exchanges(1)
    event, outcome = Event("timer", b"{}", "default"), Returned(body=b"true", duration_ms=1.5)
    for number in range(1, count + 1):
        yield replace(one, id=f"01JD{number:022d}", event=event, target=TARGET, outcome=outcome)


class Table:
    """The workbench with a store, its keys in the session's table."""

    def __init__(self, opened: Screen) -> None:
        self.screen = opened
        self._text = ""

    def press(self, keys: bytes) -> float:
        """Press keys, forget what was painted before, and give the time."""
        self._text = ""
        pressed = time.perf_counter()
        os.write(self.screen.terminal, keys)
        return pressed

    def rest(self, quiet: float = 0.3) -> None:
        """Read until nothing has come for ``quiet`` seconds."""
        while self.screen.read(quiet):
            pass

    def until(self, pattern: str, since: float) -> float:
        """Seconds since ``since`` until ``pattern`` has been painted."""
        sought = re.compile(pattern)
        while not sought.search(SEQUENCE.sub("", self._text)):
            output = self.screen.read(20.0)
            if not output:
                raise SystemExit(f"{pattern!r} was never painted")
            self._text = self._text[-100_000:] + output.decode("utf-8", "replace")
        return self.screen.last_output - since

    def row(self, number: int, since: float) -> float:
        """Seconds until the row of an exchange is there with what it says."""
        return self.until(rf"(?<!\d){number} +\d\d-\d\d ", since)

    def enter(self) -> None:
        """Give the table the keys."""
        for _ in range(2):
            self.press(NEXT_PANE)
            self.rest()


def command(store: Path) -> tuple[str, ...]:
    return (*FGTUI, "--store", str(store), "--session", "benchmark")


def walked(store: Path, newest: int, home: Path) -> tuple[float, float, float]:
    """Seconds from exec to the newest row, for a page down in the median, and to the first exchange."""
    with screen(command(store), {"FGTUI_HOME": str(home)}) as opened:
        table = Table(opened)
        shown = table.row(newest, opened.started)
        opened.settle()
        table.enter()
        table.press(PAGE_DOWN)
        table.rest(0.2)
        pages = []
        for page in range(2, PAGES):
            pages.append(table.row(newest - page * STEP, table.press(PAGE_DOWN)))
            table.rest(0.05)
        end = table.row(1, table.press(END))
        return shown, statistics.median(pages), end


def table_rows(folder: Path) -> Iterator[Row]:
    """Open, page down and go to the end, a long session beside a short one."""
    stores = {count: filled(folder / f"{count}.db", small_exchanges(count)) for count in (SMALL, LARGE)}
    figures: dict[int, list[tuple[float, float, float]]] = {count: [] for count in stores}
    for run in range(RUNS):
        for count, store in stores.items():
            figures[count].append(walked(store, count, folder / f"home-{count}-{run}"))
    for index, what in enumerate(("open, exec to the newest row", "page down", "end")):
        floor, measured = (statistics.median(figure[index] for figure in figures[count]) for count in (SMALL, LARGE))
        yield Row(
            "table",
            f"{what}, {LARGE:,} rows against {SMALL:,}",
            milliseconds(measured),
            f"{SMALL:,}: {milliseconds(floor)}",
            measured / floor,
            "≤ 1.2 ×",
            measured / floor <= 1.2,
        )


def filter_rows(folder: Path) -> Iterator[Row]:
    """The first match on the screen, and typing while a scan runs."""
    store = filled(folder / "filter.db", exchanges(FILTERED))
    entered, paused = [], []
    with screen(command(store), {"FGTUI_HOME": str(folder / "home-filter")}) as opened:
        table = Table(opened)
        table.row(FILTERED, opened.started)
        opened.settle()
        table.enter()
        for number in range(FILTERED - 40, FILTERED - 40 - 20 * (RUNS + 1), -20):
            for keys, figures in ((b"\r", entered), (b"", paused)):
                sought = number if keys else number - 10
                table.press(b"/")
                table.rest(0.2)
                table.press(f"event.body.Records[0].s3.object.size == `{sought}".encode())
                table.rest(0.5)
                figures.append(table.row(sought, table.press(b"`" + keys)))  # only now it compiles
                table.rest(0.5)
                for _ in range(
                    1 if keys else 2
                ):  # closes the bar, which Enter has closed already, and drops the filter
                    table.press(b"\x1b")
                    table.rest(0.3)
    first = statistics.median(entered[1:])
    yield Row("filter", f"first match on screen after Enter, {FILTERED:,} of 3 KB", milliseconds(first), "", None, "≤ 100 ms", first <= 0.1)  # fmt: skip
    yield Row("filter", "the same after the last key, its pause included", milliseconds(statistics.median(paused[1:])), "", None, "-", None)  # fmt: skip
    calm, busy = typing(store, folder / "home-typing")
    yield Row("filter", "key to painted cell while a scan runs", milliseconds(busy), f"without {milliseconds(calm)}", busy / calm, "as without: ≤ 1.3 ×", busy / calm <= 1.3)  # fmt: skip


def typing(store: Path, home: Path) -> tuple[float, float]:
    """The median seconds from key to cell in the editor, without a scan and during one."""
    event = home.with_suffix(".json")
    event.write_text(json.dumps({"text": ""}), encoding="utf-8")
    with screen((*command(store), str(event)), {"FGTUI_HOME": str(home)}) as opened:
        table = Table(opened)
        table.row(FILTERED, opened.started)
        opened.settle()
        calm = [opened.key_to_cell(key) for key in KEYS]
        table.enter()
        table.press(b"/")
        table.rest(0.2)
        table.press(SLOW.encode())
        table.rest(0.2)  # with it, Enter would be text of a paste
        table.press(b"\r")
        table.until("looking", time.perf_counter())
        table.press(NEXT_PANE * 2)
        time.sleep(0.5)
        busy = [opened.key_to_cell(key) for key in reversed(KEYS)]
        table.until("looking|read", table.press(NEXT_PANE))  # it has not ended meanwhile
        return statistics.median(calm), statistics.median(busy)


def rows() -> Iterator[Row]:
    """The rows table and filter, as far as they are the screen's."""
    with tempfile.TemporaryDirectory() as name:
        yield from filter_rows(Path(name))
        yield from table_rows(Path(name))
