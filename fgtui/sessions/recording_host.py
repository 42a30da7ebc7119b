"""The process that records for another one: redacts, compresses, indexes and writes, so that the other can answer.

Messages::

    ("open", file, keys, also)     the store, and what its redactor is made from
    ("record", session, [exchange, …])

Answers to ``record``: ``([exchange as kept, …], failure)``; ``failure`` is ``None``, or message, hint and values of the
StoreError for those that are missing.
"""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

from fgtui.errors import StoreError
from fgtui.invoke.model import Exchange
from fgtui.sessions.process_messages import receive, send
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
from fgtui.sessions.told_errors import packed


def main() -> None:
    """Record until nobody sends anything any more."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # what was taken in is recorded, whatever ends the other process
    store: SessionStore | None = None
    while (message := receive(0)) is not None:
        kind, *parts = message
        if kind == "open":
            if store is not None:
                store.close()
            file, keys, also = parts
            store = SessionStore(Path(file), Redactor(keys, also=also))
            store.prepare()
        elif store is not None and not send(1, _recorded(store, *parts)):
            return


def _recorded(store: SessionStore, session: str, exchanges: list[Exchange]) -> tuple[list[Exchange], Any]:
    kept: list[Exchange] = []
    try:
        kept.extend(store.append_many(session, exchanges))
    except StoreError as error:
        return kept, (error.message, error.hint, packed(error.values))
    return kept, None
