"""SIGINT, SIGTERM and SIGHUP: whatever runs is stopped, what happened is recorded, and fgtui ends within a second.

The main thread may sit in a call that no signal handler interrupts (SQLite waiting for a lock), so a thread of its own
hears of a signal too, by the descriptor that the interpreter writes its number to, and ends the process when patience
is over. A signal that was already ignored when fgtui started (``nohup``, a background job) stays ignored.
"""

from __future__ import annotations

import os
import signal
from _thread import start_new_thread  # ``threading`` costs a short verb more than the thread does
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE_S = 0.9
"""After this long what is still waiting is left behind: fgtui ends within a second (reliability, section 10)."""

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

    with _handling(stop, _leave_soon):
        yield


class Cancellation:
    """A signal while something is being sent: cancel first, so that it is recorded; end anyway soon after."""

    def __init__(self, say: Callable[[str], None]) -> None:
        import threading

        self.requested = threading.Event()
        self._number = 0
        self._say = say

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Within it a signal sets ``requested``; a second one raises ``Stopped``."""
        with _handling(self._cancel, self._heard):
            yield

    def check(self) -> None:
        """Raise ``Stopped`` when a signal came."""
        if self._number:
            raise Stopped(self._number)

    def _cancel(self, number: int, frame: FrameType | None) -> None:
        if self._number:
            raise Stopped(number)
        self._number = number
        self.requested.set()

    def _heard(self, number: int) -> None:
        self.requested.set()
        _leave_soon(number, self._say)


def _leave_soon(number: int, say: Callable[[str], None] | None = None) -> None:
    import time

    time.sleep(PATIENCE_S)
    if say is not None:
        say("not waited for any longer: what was under way may not be recorded")
    os._exit(128 + number)


@contextmanager
def _handling(handler: _Handler, heard: Callable[[int], None]) -> Iterator[None]:
    """Within it the main thread's ``handler`` gets the signals, and ``heard``, on a thread of its own, their number."""
    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        for number, old in before.items():
            if old is not signal.SIG_IGN:
                signal.signal(number, handler)
    except ValueError:  # Python handles signals on the main thread only
        yield
        return
    outer = signal.set_wakeup_fd(_waking(), warn_on_full_buffer=False)
    _listeners.append(heard)
    try:
        yield
    finally:
        _listeners.pop()
        signal.set_wakeup_fd(outer, warn_on_full_buffer=False)
        for number, old in before.items():
            signal.signal(number, old)


_listeners: list[Callable[[int], None]] = []
"""Who is told of signals by the thread that hears of them: the last one."""


@cache
def _waking() -> int:
    """What the interpreter writes the numbers of signals to. Neither end is ever closed: the next signal, or one that
    another thread is about to write, must not meet a closed one.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    start_new_thread(_listen, (reading,))
    return writing


def _listen(reading: int) -> None:
    while byte := os.read(reading, 1):
        if byte[0] in ENDING:  # others are told of too, as that of a window with another size
            for heard in _listeners[-1:]:
                heard(byte[0])
