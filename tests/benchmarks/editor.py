"""The editor: from key to painted cell, beside the plain ``TextArea``, in a pseudo-terminal."""

from __future__ import annotations

import itertools
import json
import os
import select
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .floors import PLAIN_TEXT_AREA
from .harness import FGTUI, Row, Screen, milliseconds, screen

KEYS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψω"
"""Characters that no event and no screen contains, so that seeing one is seeing the key."""


def event_of(size: int) -> str:
    """An OBS event, pretty-printed, of about ``size`` bytes."""
    record = {
        "eventVersion": "2.0",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": "photos"}, "object": {"key": "a%20b.png", "size": 43}},
    }
    one = len(json.dumps(record, indent=2)) + 40
    return json.dumps({"Records": [record] * max(1, size // one)}, indent=2)


def on_one_line(size: int) -> str:
    """The same event without a line break."""
    return json.dumps(json.loads(event_of(size)))


TO_THE_END = b"\x1b[1;5F"
PAGE_DOWN = b"\x1b[6~"
NEXT_KEY_S = 0.05
"""From what a key has painted to the next one: nothing is read in between."""
READING_S = 0.45
"""The same where a person has paused: a long text is being read by then, and its draft saved every now and then."""
KEYS_TYPED = 30
TURNS = 3


def waited(opened: Screen, seconds: float) -> None:
    """Let the screen do what it does for so long."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        opened.read(0.02)


def typed(
    command: tuple[str, ...], environment: dict[str, str], *, at_end: bool = False, every: float = 0.0
) -> list[float]:
    """The seconds from key to cell in one screen, for each key; ``every`` so often where it is given."""
    with screen(command, environment) as opened:
        opened.settle()
        if at_end:
            waited(opened, 1.5)
            os.write(opened.terminal, TO_THE_END)
            waited(opened, 0.5)
        figures = []
        for key in KEYS[:KEYS_TYPED]:
            figures.append(opened.key_to_cell(key))
            if every:
                waited(opened, every)
            else:
                opened.settle(quiet=NEXT_KEY_S)
        return figures


def paged(command: tuple[str, ...], environment: dict[str, str]) -> list[float]:
    """The seconds from Page Down to the last byte of what it shows, in one screen."""
    with screen(command, environment) as opened:
        opened.settle()
        waited(opened, 1.5)
        figures = []
        for _ in range(12):
            pressed = time.perf_counter()
            os.write(opened.terminal, PAGE_DOWN)
            opened.settle(quiet=NEXT_KEY_S)
            figures.append(opened.last_output - pressed)
        return figures


def pasted(text: str, environment: dict[str, str]) -> float:
    """The seconds from the first byte of a bracketed paste to its end on the screen, in place of a small event."""
    with screen(FGTUI, environment) as opened:
        opened.settle()
        waited(opened, 0.5)
        os.write(opened.terminal, b"\x1b[18~")  # F7: select all
        opened.settle(quiet=NEXT_KEY_S)
        left = memoryview(b"\x1b[200~" + (text + KEYS[0]).replace("\n", "\r").encode() + b"\x1b[201~")
        began, seen = time.perf_counter(), b""
        while KEYS[0].encode() not in seen:
            readable, writable, _ = select.select([opened.terminal], [opened.terminal] if left else [], [], 10)
            if writable:
                left = left[os.write(opened.terminal, left[:4096]) :]
            if readable:
                seen = seen[-16:] + opened.read(0)
            elif not writable:
                raise SystemExit("what was pasted was never painted")
        return time.perf_counter() - began


def opened_s(file: Path, environment: dict[str, str]) -> float:
    """The seconds from exec to the event's own text."""
    with screen((*FGTUI, str(file)), environment) as opened:
        return opened.painted("eventVersion")


def rows() -> Iterator[Row]:
    """The 10 KB row beside a plain ``TextArea``, and all others beside it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {
            "10 KB": event_of(10_000),
            "1 MB": event_of(1_000_000),
            "6 MB": event_of(6_000_000),
            "1 MB on one line": on_one_line(1_600_000),
            "6 MB on one line": on_one_line(9_800_000),
        }
        for what, text in files.items():
            (folder / what).write_text(text, encoding="utf-8")
        homes = (f"{folder}/home-{number}" for number in itertools.count())

        def ours(what: str, **how: Any) -> list[float]:
            return typed((*FGTUI, str(folder / what)), {"FGTUI_HOME": next(homes)}, **how)

        floors: list[float] = []
        keys: dict[str, list[float]] = {what: [] for what in files}
        reading: dict[str, list[float]] = {what: [] for what in ("10 KB", "6 MB", "6 MB on one line")}
        pages: dict[str, list[float]] = {what: [] for what in ("10 KB", "6 MB")}
        openings: list[float] = []
        pastes: list[float] = []
        small: list[float] = []
        for _ in range(TURNS):
            plain = (sys.executable, "-c", PLAIN_TEXT_AREA, str(folder / "10 KB"))
            floors.append(statistics.median(typed(plain, {})))
            small.append(statistics.median(ours("10 KB")))
            for what, figures in keys.items():
                figures.extend(ours(what, at_end=True))
            for what, figures in reading.items():
                figures.extend(ours(what, at_end=True, every=READING_S))
            for what, figures in pages.items():
                figures.extend(paged((*FGTUI, str(folder / what)), {"FGTUI_HOME": next(homes)}))
            openings.append(opened_s(folder / "6 MB", {"FGTUI_HOME": next(homes)}))
            pastes.append(pasted(files["6 MB"], {"FGTUI_HOME": next(homes)}))
        yield _beside("key to painted cell, 10 KB event", small, floors, "plain TextArea", 1.3)
        for what in list(keys)[1:]:
            yield _beside(f"key to painted cell, {what}", keys[what], keys["10 KB"], "10 KB", 1.5)
        for what in list(reading)[1:]:
            yield _beside(f"the same, {what}, while it is read", reading[what], reading["10 KB"], "10 KB", 1.5)
        yield _beside("Page Down, 6 MB", pages["6 MB"], pages["10 KB"], "10 KB", 1.5)
        yield _within("exec to the first frame of a 6 MB event", openings, 1.0)
        yield _within("paste of 6 MB, from its first byte to its end on the screen", pastes, 1.0)
        for what, figures in reading.items():
            slow = statistics.quantiles(figures, n=20)[-1]
            yield Row(
                GROUP, f"key to painted cell, {what}, while it is read, p95", milliseconds(slow), "", None, "", None
            )


GROUP = "editor"


def _beside(what: str, ours: list[float], floor: list[float], floor_name: str, budget: float) -> Row:
    measured, beside = statistics.median(ours), statistics.median(floor)
    ratio = measured / beside
    said = f"{floor_name} {milliseconds(beside)}"
    return Row(GROUP, what, milliseconds(measured), said, ratio, f"≤ {budget} ×", ratio <= budget)


def _within(what: str, figures: list[float], budget_s: float) -> Row:
    measured = statistics.median(figures)
    return Row(GROUP, what, milliseconds(measured), "", None, f"≤ {budget_s:g} s", measured <= budget_s)
