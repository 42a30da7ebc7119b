"""The editor: from key to painted cell, beside the plain ``TextArea``, in a pseudo-terminal."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .floors import PLAIN_TEXT_AREA
from .harness import FGTUI, Row, milliseconds, screen

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


def typed(command: tuple[str, ...], environment: dict[str, str], *, focus: bytes = b"") -> float:
    """The median seconds from key to cell in one screen."""
    with screen(command, environment) as opened:
        opened.settle()
        if focus:
            os.write(opened.terminal, focus)
            opened.settle()
        figures = []
        for key in KEYS:
            figures.append(opened.key_to_cell(key))
            opened.settle(quiet=0.05)
        return statistics.median(figures)


def rows() -> Iterator[Row]:
    """The 10 KB row; larger documents are reported where their budget is built."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "event.json"
        file.write_text(event_of(10_000), encoding="utf-8")
        floors, ours = [], []
        for turn in range(5):
            environment = {"FGTUI_HOME": str(Path(folder) / f"home-{turn}")}
            floors.append(typed((sys.executable, "-c", PLAIN_TEXT_AREA, str(file)), {}))
            ours.append(typed((*FGTUI, str(file)), environment))
        floor, measured = statistics.median(floors), statistics.median(ours)
        yield Row(
            "editor",
            "key to painted cell, 10 KB event",
            milliseconds(measured),
            f"plain TextArea {milliseconds(floor)}",
            measured / floor,
            "≤ 1.3 ×",
            measured / floor <= 1.3,
        )
