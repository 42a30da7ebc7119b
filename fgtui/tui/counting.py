"""Statistics of a selection as a screen follows them: counted in a thread, first of a part of it, then of all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, tee
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from fgtui.errors import QueryError
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.model import ExchangeRow
    from fgtui.sessions.query.expressions import Query
    from fgtui.sessions.statistics import Group
    from fgtui.tui.selection import Selection
    from fgtui.workspace import Workspace

    Rows = Iterable[ExchangeRow | Exchange]

FIRST_LOOK = 2_000
"""Exchanges that are counted before all are, and told."""
GROWTH = 10
AT_ONCE = 500
"""Exchanges that wait for what they are grouped by."""
WHOLE = 20_000
"""Exchanges up to which each is read whole: cold starts and memory are no columns."""


class Counted(NamedTuple):
    """What there is to show."""

    groups: tuple[Group, ...]
    of: int
    """How many exchanges were counted for them."""
    is_all: bool


class Counting:
    """Counts a selection, as a whole or by groups. ``run`` belongs to a thread, everything else to the screen."""

    def __init__(self, workspace: Workspace, selection: Selection, by: str | Query | None) -> None:
        self._workspace = workspace
        self._selection = selection
        self._by = by
        self._stopped = threading.Event()
        self.looked_at = 0
        """Exchanges of the pass that is under way."""
        self.untried = 0
        """Exchanges the expression could not be tried on: they are in no group."""
        self.first_error: QueryError | None = None
        """Why the first of them could not."""

    def stop(self) -> None:
        """Count no further."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopped.is_set()

    def run(self, tell: Callable[[Counted], object]) -> None:
        """Hand ever better figures to ``tell``, the last ones of all exchanges, until ``stop`` is called."""
        limit, total = FIRST_LOOK, self._selection.total
        while not self.is_stopped:
            is_all = total <= limit
            groups = self._counted(None if is_all else limit)
            if not self.is_stopped:
                tell(Counted(groups, total if is_all else limit, is_all))
            if is_all:
                return
            limit *= GROWTH

    def _counted(self, limit: int | None) -> tuple[Group, ...]:
        from fgtui.sessions.statistics import statistics

        self.untried = 0
        rows, keys = self._rows_and_keys(limit)
        return statistics(rows, keys, cancelled=self._stopped, on_progress=self._note)

    def _note(self, looked_at: int) -> None:
        self.looked_at = looked_at

    def _rows_and_keys(self, limit: int | None) -> tuple[Rows, Iterable[str] | None]:
        from fgtui.sessions.statistics import column_key

        selection, by = self._selection, self._by
        if by is None:
            return islice(self._read(selection.seqs), limit), None
        if isinstance(by, str):
            rows, others = tee(islice(self._read(selection.seqs), limit))  # read in turns, so next to nothing waits
            return rows, (column_key(row, by) for row in others)
        pairs, more = tee(self._named(islice(self._values(by), limit)))
        return (row for row, _ in pairs), (name for _, name in more)

    def _named(self, values: Iterator[tuple[int, Any]]) -> Iterator[tuple[ExchangeRow | Exchange, str]]:
        """Exchanges with the names of their groups; those that were deleted meanwhile are left out."""
        from fgtui.sessions.statistics import group_name

        while names := {seq: group_name(value) for seq, value in islice(values, AT_ONCE)}:
            yield from ((row, names[row.seq]) for row in self._read(names))

    def _read(self, seqs: Iterable[int] | None) -> Rows:
        """The exchanges of these numbers, whole where they are not too many for that; ``None``: the session."""
        store, session = self._workspace.store, self._selection.session
        if self._selection.total <= WHOLE:
            return store.iterate(session) if seqs is None else store.exchanges(session, seqs)
        return store.iterate_rows(session) if seqs is None else store.rows(session, seqs)

    def _values(self, query: Query) -> Iterator[tuple[int, Any]]:
        """The numbers of the exchanges, and what the expression makes of each."""
        found = self._workspace.find(
            self._workspace.store,
            self._selection.session,
            None,
            project=query,
            seqs=self._selection.seqs,
            cancelled=self._stopped,
            on_error=lambda _, error: self._count_untried(error),
        )
        return ((each.seq, each.value) for each in found)

    def _count_untried(self, error: QueryError) -> None:
        self.untried += 1
        self.first_error = self.first_error or error
