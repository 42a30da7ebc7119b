"""SIGINT, SIGTERM and SIGHUP: whatever runs is stopped, what happened is recorded, and fgtui ends within a second.

A signal that was already ignored when fgtui started (``nohup``, a background job) stays ignored.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE_S = 0.9
"""After this long what is still waiting (a locked store, say) is left behind: end within a second (reliability 10)."""

_Handler = Callable[[int, FrameType | None], None]


class Stopped(BaseException):
    """A signal asked fgtui to end. Not an ``Exception``: nothing on the way may take it for a failure."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def exit_code(self) -> int:
        """128 and the signal's number, as shells have it."""
        return 128 + self.number


@contextmanager
def ending_at_once() -> Iterator[None]:
    """Within it a signal raises ``Stopped`` wherever the main thread is."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped(number)

    with _handling(stop):
        yield


class Cancellation:
    """A signal while something is being sent: cancel first, so that it is recorded; end anyway soon after."""

    def __init__(self) -> None:
        import threading

        self.requested = threading.Event()
        self._number = 0

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Within it a signal sets ``requested``; a second one raises ``Stopped``."""
        with _handling(self._cancel):
            yield

    def check(self) -> None:
        """Raise ``Stopped`` when a signal came."""
        if self.requested.is_set():
            raise Stopped(self._number)

    def _cancel(self, number: int, frame: FrameType | None) -> None:
        if self.requested.is_set():
            raise Stopped(number)
        self._number = number
        self.requested.set()
        import threading

        watchdog = threading.Timer(PATIENCE_S, os._exit, [128 + number])
        watchdog.daemon = True
        watchdog.start()


@contextmanager
def _handling(handler: _Handler) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        for number, old in before.items():
            if old is not signal.SIG_IGN:
                signal.signal(number, handler)
    except ValueError:  # Python handles signals on the main thread only
        yield
        return
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
