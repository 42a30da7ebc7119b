"""The records of this package."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fgtui.records import Record

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange

MARK = "marked"
"""The tag that marks an exchange: marked ones are the selection."""
MARKED = f"contains(tags, '{MARK}')"
"""The query that is true for marked exchanges."""


class Session(Record):
    """A named, append-only sequence of exchanges."""

    name: str
    count: int
    created_at: datetime
    last_at: datetime | None = None
    """When its newest exchange started; ``None`` while empty."""


class ExchangeRow(Record):
    """One line of the session table: the small columns of an exchange, read without its bodies."""

    session: str
    seq: int
    id: str
    started_at: datetime
    trigger: str
    template: str | None
    target_kind: str
    target: str
    outcome: str
    """The outcome's kind, ``returned`` and so on."""
    duration_ms: float | None
    status_code: int | None = None
    replay_of: str | None = None
    note: str = ""
    tags: tuple[str, ...] = ()


NO_TARGET = "none"
"""The kind of target of an event that was imported and never sent; its outcome is ``cancelled``."""


def was_sent(kept: Exchange | ExchangeRow) -> bool:
    """Whether there was an invocation. An event that was only imported has an outcome that nothing compares with."""
    kind = kept.target_kind if isinstance(kept, ExchangeRow) else kept.target.kind
    return kind != NO_TARGET


class Hit(Record):
    """An exchange that a search found, and where in it."""

    row: ExchangeRow
    part: str
    """``event``, ``decoded`` (inside an encoded string of it), ``result``, ``error``, ``logs``, ``headers``, ``id``,
    ``note`` or ``tags``.
    """
    excerpt: str
    """The text around what was found, blanks and line ends as one blank; foreign, so to be escaped."""
    spans: tuple[tuple[int, int], ...]
    """What was found in ``excerpt``: start and end of each, in order, apart from each other."""


class Pruned(Record):
    """What retention took away, or would."""

    exchanges: int
    sessions: int
    """How many of them lost some."""
    bytes_before: int
    """Of the file."""
    bytes_after: int
    """Of the file; when nothing was taken away yet, an estimate."""
