"""One search through recordings as the screen follows it: runs in a thread, is asked what it found, can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fgtui.sessions.model import Hit
    from fgtui.sessions.store import SessionStore

PORTION = 500
"""Hits that are looked for at a time; more when a person gets near their end."""


class Looking:
    """Looks for the exchanges that hold a text, in some sessions or, with none named, in all."""

    def __init__(self, store: SessionStore, text: str, sessions: Sequence[str] = ()) -> None:
        self.text = text
        self.is_complete = False
        """Whether there are no more."""
        self.lacks_index = False
        """Whether some of it has to be read through, since it is not in the index yet."""
        self._store = store
        self._sessions = tuple(sessions)
        self._stopped = threading.Event()
        self._source: Iterator[Hit] | None = None
        self._found: list[Hit] = []

    def stop(self) -> None:
        """Look no further."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopped.is_set()

    def run(self, tell: Callable[[], object]) -> None:
        """Find up to ``PORTION`` more; ``tell`` is called at the first. UsageError, StoreError. In one thread."""
        if self._source is None:
            self.lacks_index = lacks_index(self._store, self._sessions)
            self._source = self._store.search(self.text, self._sessions, cancelled=self._stopped)
        count = 0
        for count, hit in enumerate(islice(self._source, PORTION), 1):
            self._found.append(hit)
            if count == 1:
                tell()
            if self.is_stopped:
                return
        self.is_complete = count < PORTION

    def take(self) -> list[Hit]:
        """What was found since this was last asked. While ``run`` runs, on another thread, too."""
        found = self._found
        taken = found[: len(found)]
        del found[: len(taken)]
        return taken


def lacks_index(store: SessionStore, sessions: Sequence[str]) -> bool:
    """Whether so much of these sessions, or of all, is not indexed that a search notices. StoreError."""
    from fgtui.sessions.search.index import block_of
    from fgtui.sessions.search.searching import INDEXED_TOGETHER

    for session in sessions or [each.name for each in store.sessions()]:
        place = store.place(session)
        if place is None or not place.count:
            continue
        first, last = place.keys
        missing = last - first
        for block in range(block_of(first), block_of(last) + 1):
            reach = store.covered(block)
            if reach is not None:
                missing -= max(0, min(last, reach.high) - max(first + 1, reach.low) + 1)
        if missing >= INDEXED_TOGETHER:
            return True
    return False
