"""One filter over one session as the screen follows it: runs in a thread, tells what it finds, can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fgtui.errors import QueryError
    from fgtui.sessions.query import Query
    from fgtui.workspace import Workspace

BATCH_S = 0.1
"""How often matches are handed to the screen."""


class Filtering:
    """Looks for the exchanges of a session for which a query is true, newest first."""

    def __init__(self, workspace: Workspace, session: str, query: Query) -> None:
        self.query = query
        self.session = session
        self.looked_at = 0
        """Exchanges that were read so far."""
        self.untried = 0
        """Exchanges on which the query cannot be evaluated: they do not match."""
        self.first_error: QueryError | None = None
        """Why the first of them could not."""
        self._workspace = workspace
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Look no further."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopped.is_set()

    def run(self, tell: Callable[[list[int]], object]) -> None:
        """Hand the numbers of matches to ``tell`` until the session ends or ``stop`` is called."""
        from fgtui.sessions.query import scan

        found: list[int] = []
        due = monotonic() + BATCH_S / 4  # the first matches are waited for
        for match in scan(self.query, self._documents(), cancelled=self._stopped, on_error=self._count_untried):
            found.append(match.document["seq"])
            if monotonic() >= due:
                tell(found)
                found, due = [], monotonic() + BATCH_S
        tell(found)

    def _count_untried(self, document: dict[str, Any], error: QueryError) -> None:
        self.untried += 1
        self.first_error = self.first_error or error

    def _documents(self) -> Iterator[dict[str, Any]]:
        decoded = self.query.mentions_decoded
        for exchange in self._workspace.store.iterate(self.session, newest_first=True):
            self.looked_at += 1
            yield self._workspace.query_document(exchange, decoded=decoded)
