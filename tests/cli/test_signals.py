"""Signals are heard of on a thread of their own too, each of them, and never in vain."""

from __future__ import annotations

import os
import signal
from queue import SimpleQueue

from fgtui.cli import signals


def test_every_signal_is_heard_of_by_the_innermost_that_listens() -> None:
    handled: list[int] = []
    outer: SimpleQueue[int] = SimpleQueue()
    inner: SimpleQueue[int] = SimpleQueue()

    def handle(number: int, frame: object) -> None:
        handled.append(number)

    with signals._handling(handle, outer.put):
        with signals._handling(handle, inner.put):
            for number in (signal.SIGTERM, signal.SIGHUP):  # the second met a closed pipe once
                os.kill(os.getpid(), number)
                assert inner.get(timeout=10) == number
        os.kill(os.getpid(), signal.SIGTERM)
        assert outer.get(timeout=10) == signal.SIGTERM
    assert handled == [signal.SIGTERM, signal.SIGHUP, signal.SIGTERM]
    assert inner.empty()
