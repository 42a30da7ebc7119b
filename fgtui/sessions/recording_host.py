"""The process that records for another one: redacts, compresses, indexes and writes, so that the other can answer.

Messages, each a length of four bytes and a pickled tuple, only ever between a process and the child it has started::

    ("open", file, keys, also)     the store, and what its redactor is made from
    ("record", session, [exchange, …])

Answers to ``record``: ``([exchange as kept, …], failure)``; ``failure`` is ``None``, or message, hint and values of the
StoreError for those that are missing.
"""

from __future__ import annotations

import os
import pickle
import signal
from pathlib import Path
from typing import Any

from fgtui.errors import StoreError
from fgtui.invoke.model import Exchange
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore


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
        return kept, (error.message, error.hint, {name: str(value) for name, value in error.values.items()})
    return kept, None


def send(descriptor: int, message: tuple[object, ...]) -> bool:
    """Whether somebody took all of ``message``."""
    data = pickle.dumps(message, protocol=5)
    left = memoryview(len(data).to_bytes(4, "big") + data)
    try:
        while left:
            left = left[os.write(descriptor, left) :]
    except OSError:
        return False
    return True


def receive(descriptor: int) -> Any:
    """The next message; ``None`` at the end."""
    head = _read(descriptor, 4)
    data = None if head is None else _read(descriptor, int.from_bytes(head, "big"))
    return None if data is None else pickle.loads(data)  # noqa: S301 the other end is a process of ours


def _read(descriptor: int, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = os.read(descriptor, min(size - len(data), 1 << 20))
        if not part:
            return None
        data += part
    return bytes(data)
