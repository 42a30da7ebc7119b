"""What ``fgtui doctor`` finds: one row for each thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fgtui.words import Phrase


class State(StrEnum):
    """How well something works."""

    OK = "ok"
    WARN = "warn"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was looked at."""

    what: str | Phrase
    state: State
    finding: str | Phrase
    """Yet to be said where it is ours."""
    way_out: str | Phrase = ""
