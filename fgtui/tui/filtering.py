"""One filter over one session as the screen follows it: runs in a thread, tells what it finds, can be stopped."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import StoreError

if TYPE_CHECKING:
    from fgtui.errors import QueryError
    from fgtui.sessions.model import ExchangeRow
    from fgtui.sessions.query.expressions import Query
    from fgtui.workspace import Workspace

BATCH_S = 0.1
"""How often the screen is told."""
FIRST_S = 0.02
"""When it is told first: the first matches are waited for."""
FIRST_ROWS = 48
"""Matches whose rows come with them, as many as a screen may show: asking for them would cost a frame more."""
NEWER_AT_ONCE = 2_000
"""Exchanges that are looked at in one go of those that were recorded after the scan."""


class Batch(NamedTuple):
    """Matches since the last time."""

    seqs: array[int]
    """Their numbers, to be appended to others at one go."""
    rows: tuple[ExchangeRow, ...] = ()
    """The rows of the first of them, where they come with them."""


class Filtering:
    """Looks for the exchanges of a session for which a query is true, newest first."""

    def __init__(self, workspace: Workspace, session: str, query: Query, newest: int = 0) -> None:
        """``newest`` is the number of the newest exchange that is known when it begins."""
        self.query = query
        self.newest = newest
        """The number up to which everything was looked at, or will have been when it has ended."""
        self.session = session
        self.looked_at = 0
        """Exchanges that were looked at so far."""
        self.untried = 0
        """Exchanges on which the query cannot be evaluated: they do not match."""
        self.first_error: QueryError | None = None
        """Why the first of them could not."""
        self.is_complete = False
        """Whether all there is was looked at; whoever follows sets it with the last that was told."""
        self._workspace = workspace
        self._stopped = threading.Event()
        self._found = array("q")
        self._told = 0
        self._due = 0.0
        self._tell: Callable[[Batch], object] = len

    def stop(self) -> None:
        """Look no further."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopped.is_set()

    def run(self, tell: Callable[[Batch], object]) -> None:
        """Hand the numbers of matches to ``tell`` until the session ends or ``stop`` is called.

        ``tell`` is called with none, too, so that whoever follows knows how many were looked at.
        """
        self._tell, self._due = tell, monotonic() + FIRST_S
        first_due = self._due
        found = self._workspace.find(
            self._workspace.store,
            self.session,
            self.query,
            newest_first=True,
            cancelled=self._stopped,
            on_error=self._count_untried,
            on_progress=self._count,
        )
        for match in found:
            self._found.append(match.seq)
            now = monotonic()
            if now >= self._due or (not self._told and now >= first_due):
                self._hand_over()
        self._hand_over()

    def look_at_newer(self, up_to: int) -> Batch:
        """The matches among what was recorded since it ended, newest first: up to a number, or so many at once.

        ``QueryError`` and ``StoreError`` as ``run``.
        """
        last = min(up_to, self.newest + NEWER_AT_ONCE)
        found = self._workspace.find(
            self._workspace.store,
            self.session,
            self.query,
            seqs=range(self.newest + 1, last + 1),
            cancelled=self._stopped,
            on_error=self._count_untried,
        )
        seqs = array("q", sorted((match.seq for match in found), reverse=True))
        if not self.is_stopped:
            self.looked_at += last - self.newest
            self.newest = last
        return Batch(seqs)

    def _count(self, looked_at: int) -> None:
        self.looked_at = looked_at
        if monotonic() >= self._due:
            self._hand_over()

    def _hand_over(self) -> None:
        found, self._found = self._found, array("q")
        self._due = monotonic() + BATCH_S
        self.looked_at = max(self.looked_at, self._told + len(found))  # what matches was looked at
        self._tell(Batch(found, self._first_rows(found)))
        self._told += len(found)

    def _first_rows(self, found: array[int]) -> tuple[ExchangeRow, ...]:
        wanted = found[: max(0, FIRST_ROWS - self._told)]
        try:
            return tuple(self._workspace.store.rows(self.session, wanted)) if wanted else ()
        except StoreError:  # told by whoever asks for the rows then
            return ()

    def _count_untried(self, seq: int, error: QueryError) -> None:
        self.untried += 1
        self.first_error = self.first_error or error
