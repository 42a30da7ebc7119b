"""What a local endpoint has recorded since the screen last looked: heard on its thread, drawn in one go.

However many callers there are, what waits here is small, and the screen is woken once for all of them.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fgtui.errors import FgtuiError
    from fgtui.serve.recorder import Handled
    from fgtui.sessions.model import ExchangeRow

KEPT = 512
"""Rows that wait to be drawn: more than any screen shows; those before them are read when they are looked at."""


class Arrived(NamedTuple):
    """What came since the last look."""

    rows: Sequence[ExchangeRow]
    """The newest ones, oldest first."""
    problem: FgtuiError | None
    """Why something could not be recorded, or was not invoked."""


class Arrivals:
    """Any thread may ``hear``; the screen's ``take``s."""

    def __init__(self, wake: Callable[[], object]) -> None:
        """``wake`` is called on whatever thread hears the first of what waits; it must return at once."""
        self._wake = wake
        self._lock = threading.Lock()
        self._rows: deque[ExchangeRow] = deque(maxlen=KEPT)
        self._problem: FgtuiError | None = None
        self._is_awake = False

    def hear(self, handled: Handled) -> None:
        """Take what was handled."""
        from fgtui.sessions.recording import row_of

        row = None if handled.kept is None else row_of(handled.kept)
        with self._lock:
            if row is not None:
                self._rows.append(row)
            self._problem = handled.problem or self._problem
            wakes = not self._is_awake and (row is not None or handled.problem is not None)
            self._is_awake = self._is_awake or wakes
        if wakes:
            self._wake()

    def take(self) -> Arrived:
        """What has come; the next to be heard wakes the screen again."""
        with self._lock:
            arrived = Arrived(tuple(self._rows), self._problem)
            self._rows.clear()
            self._problem = None
            self._is_awake = False
        return arrived
