"""What ``fgtui doctor`` finds: one row for each thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How well something works."""

    OK = "ok"
    WARN = "warn"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was looked at."""

    what: str
    state: State
    finding: str
    way_out: str = ""
