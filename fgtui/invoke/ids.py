"""Identifiers: ULIDs for exchanges, UUIDs for requests. Importing ``uuid`` would cost a start more than it saves."""

from __future__ import annotations

import os
import threading
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_TIME_SHIFT = 80
_LATEST = 1 << 128

_lock = threading.Lock()
_last = 0


def ulid() -> str:
    """26 characters that sort by time, also within one millisecond of this process."""
    global _last  # noqa: PLW0603 the order of ids is the process's
    fresh = time.time_ns() // 1_000_000 << _TIME_SHIFT | int.from_bytes(os.urandom(10), "big")
    with _lock:
        _last = fresh if fresh >> _TIME_SHIFT > _last >> _TIME_SHIFT else (_last + 1) % _LATEST
        value = _last
    return "".join([_PAIRS[value >> shift & 0x3FF] for shift in range(120, -1, -10)])


def request_id() -> str:
    """A random UUID, as the platform gives each request one."""
    value = int.from_bytes(os.urandom(16), "big") & ~(0xF << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
