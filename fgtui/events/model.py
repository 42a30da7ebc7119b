"""The records of this package: what a trigger, a template, an event and a problem are."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from fgtui.records import NOTHING, Record

Path = tuple[str | int, ...]
"""A place in a JSON value: member names and list indexes from the root. ``events.text.format_path`` spells it."""


MORE = "more-problems"
"""The code of a problem that says that there are more than are listed."""


class Severity(StrEnum):
    """How much a problem matters: no such event comes from the service, it deserves a look, or it is worth knowing.

    Text that is not JSON cannot be sent. Everything else can: handlers have to stand odd events.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Problem(Record):
    """One finding about an event, as data: front ends turn ``message`` and ``hint`` into words with ``values``."""

    severity: Severity
    code: str
    """Stable, kebab-case: ``duplicate-key``, ``trailing-comma``, ``schema-type``."""
    message: str
    """An English sentence with ``{named}`` holes."""
    line: int
    """From 1."""
    column: int
    """From 1, in characters."""
    start: int = 0
    """Offset in characters into the text the problem is about."""
    end: int = 0
    path: Path = ()
    hint: str = ""
    values: Mapping[str, object] = NOTHING


class Event(Record):
    """What a handler receives, exactly as sent, with its trigger's key; "blank" where none is known."""

    trigger: str
    wire: bytes
    """Authoritative: the bytes that were or will be sent."""
    template: str | None = None
    redacted: tuple[str, ...] = ()
    """Paths whose values were replaced before writing."""

    @property
    def text(self) -> str:
        """``wire`` as text; undecodable bytes become lone surrogates, so nothing is lost."""
        return self.wire.decode("utf-8", "surrogateescape")


JsonSchema = dict[str, Any]
"""A parsed JSON Schema 2020-12 document."""
