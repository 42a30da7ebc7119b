"""How much and how long the local endpoint takes in, waits and keeps."""

from __future__ import annotations

import threading

from fgtui.events.sizes import SYNCHRONOUS_LIMIT
from fgtui.records import Record

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 9080
"""Where a target is served unless somebody says where."""
SYNCHRONOUS_BYTES = SYNCHRONOUS_LIMIT + 100
"""Of an event in a synchronous call, which the service takes give or take so many (runtime.md section 8.8) …"""
GATEWAY_BYTES = 4 * 1024 * 1024
"""… and of a body that comes through the gateway."""


class Limits(Record):
    """What a client may take of the endpoint; tests make it less."""

    head_s: float = 10.0
    """For a request's first line and headers, from the first byte of a connection or of the request on."""
    body_s: float = 60.0
    """For the body behind them."""
    write_s: float = 60.0
    """A client that reads nothing of its answer for so long is cut off."""
    head_bytes: int = 64 * 1024
    drain_bytes: int = 16 * 1024 * 1024
    """Of a body that is too large so much is read all the same, so that its sender hears why it is not taken."""
    connections: int = 2000
    """Open at once; for one more the one that has been idle longest is closed."""
    held_bytes: int = 256 * 1024 * 1024
    """Of bodies that are being read or wait for their turn, together."""
    at_once: int = 16
    """Invocations that run at once where nobody said how many."""
    waiting: int = 1000
    """Invocations that wait for their turn besides."""
    stop_s: float = 0.5
    """For answers to what is under way when everything stops."""


class Room:
    """A number of bytes that is shared out. Safe for threads."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._lock = threading.Lock()

    def take(self, size: int) -> bool:
        """Whether there was room for ``size`` bytes, which are taken then."""
        with self._lock:
            if size > self._left:
                return False
            self._left -= size
            return True

    def give_back(self, size: int) -> None:
        """Make room again."""
        with self._lock:
            self._left += size
