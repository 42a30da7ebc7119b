"""Which exchanges of a recording a query is true for, and what another one makes of them, as they are found."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from fgtui.errors import QueryError
from fgtui.records import Record
from fgtui.sessions.query import Query, scan

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.model import Event
    from fgtui.sessions.recording import Recording


class Found(Record):
    """An exchange for which a query is true."""

    seq: int
    value: object = None
    """What it is reshaped to, where that was asked."""


def find(
    recording: Recording,
    session: str,
    where: Query | None,
    *,
    project: Query | None = None,
    trigger_of: Callable[[Event], Trigger | None],
    newest_first: bool = False,
    cancelled: threading.Event | None = None,
    on_error: Callable[[int, QueryError], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[Found]:
    """The exchanges of ``session`` for which ``where`` is true, in order, as they are found; without one, all.

    ``on_error`` hears of each that could not be tried, which is no match; without it one QueryError comes at the end.
    ``on_progress`` hears how many were looked at. ``cancelled`` ends it quietly. QueryError when an evaluation had to
    be stopped; StoreError at the end, as in ``iterate``, for what cannot be read.
    """
    from fgtui.sessions.format import document

    decoded = any(each is not None and each.mentions_decoded for each in (where, project))

    def documents() -> Iterator[dict[str, Any]]:
        for looked_at, exchange in enumerate(recording.iterate(session, newest_first=newest_first), 1):
            yield document(exchange, trigger_of(exchange.event), decoded=decoded)
            if on_progress is not None:
                on_progress(looked_at)

    heard = None if on_error is None else lambda one, error: on_error(one["seq"], error)
    for match in scan(where, documents(), project=project, cancelled=cancelled, on_error=heard):
        yield Found(match.document["seq"], match.value)
