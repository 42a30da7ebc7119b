"""What can be read like a session, wherever it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from fgtui.invoke.model import Exchange
from fgtui.sessions.model import ExchangeRow, Session


class Recording(Protocol):
    """The reading half of a store. A file of JSON Lines holds one session and takes any name for it."""

    def sessions(self) -> tuple[Session, ...]:
        """Every session it holds."""

    def count(self, session: str) -> int:
        """How many exchanges a session holds; 0 when there is none of that name."""

    def get(self, session: str, seq: int) -> Exchange:
        """One exchange. UsageError when there is none of that number."""

    def last(self, session: str) -> Exchange | None:
        """The newest exchange."""

    def page(
        self, session: str, *, before: int | None = None, after: int | None = None, limit: int = 200
    ) -> tuple[ExchangeRow, ...]:
        """At most ``limit`` rows, newest first, next to a number or from the newest on."""

    def iterate(self, session: str, *, newest_first: bool = False) -> Iterator[Exchange]:
        """Every exchange in order."""

    def exchanges(self, session: str, seqs: Iterable[int]) -> Iterator[Exchange]:
        """The exchanges of these numbers, in the order asked. UsageError for one that is not there."""

    def rows(self, session: str, seqs: Iterable[int]) -> Iterator[ExchangeRow]:
        """The rows of these numbers, in the order asked; one that is not there is left out."""

    def iterate_rows(self, session: str, *, newest_first: bool = False) -> Iterator[ExchangeRow]:
        """Every row in order: the small columns only."""

    def close(self) -> None:
        """Let go of the file."""


def row_of(exchange: Exchange) -> ExchangeRow:
    """The small columns of an exchange."""
    return ExchangeRow(
        session=exchange.session,
        seq=exchange.seq,
        id=exchange.id,
        started_at=exchange.started_at,
        trigger=exchange.event.trigger,
        template=exchange.event.template,
        target_kind=exchange.target.kind,
        target=exchange.target.spec,
        outcome=exchange.outcome.kind,
        duration_ms=exchange.outcome.duration_ms,
        status_code=exchange.outcome.status_code,
        replay_of=exchange.replay_of,
        note=exchange.note,
        tags=exchange.tags,
    )
