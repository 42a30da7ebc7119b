"""When the next recorded event is due: as soon as it can be, so many a second, or as it came.

Whoever sends asks in the order of sending, one at a time, and waits until the moment he is told.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

_WINDOW_S = 10.0
"""Seconds over which a speed is measured: long enough to be steady, short enough to follow a change."""
_SAMPLE_S = 0.25


class Pace(Protocol):
    """Says when an event may be sent."""

    def due(self, recorded_at: datetime) -> float:
        """The moment for the next event, which was first sent at ``recorded_at``; seconds of ``time.monotonic``."""


class AtOnce:
    """No waiting."""

    def due(self, recorded_at: datetime) -> float:
        """Now."""
        return 0.0


class AtRate:
    """At most ``rate`` events a second, evenly; time that was lost is not made up for."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval_s = 1 / rate
        self._clock = clock
        self._next = 0.0

    def due(self, recorded_at: datetime) -> float:
        """One interval after the one before, or now."""
        moment = max(self._clock(), self._next)
        self._next = moment + self._interval_s
        return moment


class AsRecorded:
    """The intervals of the recording, ``speed`` times as fast; what is late is sent at once and catches up."""

    def __init__(self, speed: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._speed = speed
        self._clock = clock
        self._first: datetime | None = None
        self._began = 0.0

    def due(self, recorded_at: datetime) -> float:
        """As long after the first as it was then."""
        if self._first is None:
            self._first, self._began = recorded_at, self._clock()
        return self._began + (recorded_at - self._first).total_seconds() / self._speed


def pace_of(rate: float | None, speed: float | None) -> Pace:
    """``rate`` a second, else the original intervals ``speed`` times as fast, else none."""
    if rate is not None:
        return AtRate(rate)
    return AtOnce() if speed is None else AsRecorded(speed)


class Speedometer:
    """How fast a count has grown lately."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._samples: deque[tuple[float, int]] = deque([(clock(), 0)])

    def note(self, count: int) -> None:
        """The count is ``count`` now."""
        now = self._clock()
        if now - self._samples[-1][0] >= _SAMPLE_S:
            self._samples.append((now, count))
            while now - self._samples[0][0] > _WINDOW_S:
                self._samples.popleft()

    def per_second(self, count: int) -> float | None:
        """How many a second, now that there are ``count``; ``None`` while nothing can be said."""
        since, then = self._samples[0]
        passed = self._clock() - since
        return (count - then) / passed if passed > 0 and count > then else None
