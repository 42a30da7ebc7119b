"""The exchanges of a session that an expression is true for, read while a person sees how far that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.expressions import warn_untried
from fgtui.cli.progress import Progress
from fgtui.cli.recordings import recording_of

if TYPE_CHECKING:
    from fgtui.errors import QueryError
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.query.expressions import Query
    from fgtui.sessions.query.finding import Found
    from fgtui.workspace import Workspace


class Choosing:
    """One reading of the session, or file, that a person calls ``name``."""

    def __init__(self, console: Console, workspace: Workspace, name: str) -> None:
        self._console = console
        self._workspace = workspace
        self._name = name
        self.recording = recording_of(console, workspace, name)
        self._progress = Progress(
            console.diagnostics, "{count} of {total} read ({percent} %)", total=self.recording.count(name)
        )
        self._untried = 0
        self._first: QueryError | None = None

    def exchanges(self, where: Query | None) -> Iterator[Exchange]:
        """Those for which ``where`` is true, in order; all without one."""
        if where is not None:
            yield from self.recording.exchanges(self._name, (found.seq for found in self.found(where)))
            return
        for count, exchange in enumerate(self.recording.iterate(self._name), 1):
            self._progress(count)
            yield exchange

    def found(self, where: Query | None, project: Query | None = None) -> Iterator[Found]:
        """Their numbers, with what ``project`` makes of each."""
        return self._workspace.find(
            self.recording,
            self._name,
            where,
            project=project,
            on_error=self._count,
            on_progress=self._progress,
        )

    def clear(self) -> None:
        """Take the progress away for something else that is written."""
        self._progress.end()

    def end(self) -> None:
        """Take the progress away and say what could not be tried."""
        self.clear()
        warn_untried(self._console, self._untried, self._first)
        self._untried = 0

    def _count(self, seq: int, error: QueryError) -> None:
        self._untried += 1
        self._first = self._first or error
