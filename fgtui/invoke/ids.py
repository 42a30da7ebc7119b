"""Identifiers: ULIDs for exchanges, UUIDs for requests. Importing ``uuid`` would cost a start more than it saves."""

from __future__ import annotations

import os
import threading
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_OF_BYTE = (_ALPHABET * 8).encode()
_VARIANT_OF_DIGIT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
_PER_MILLISECOND = 1 << 20
_POOL_SIZE = 4096

_lock = threading.Lock()
_pool = b""
_taken = 0
_millisecond = 0
_prefix = ""
_count = 0


def random_bytes(size: int) -> bytes:
    """As ``os.urandom``, for a few bytes at a time: asking the system each time lets another thread have its turn."""
    global _pool, _taken  # noqa: PLW0603
    with _lock:
        if _taken + size > len(_pool):
            _pool, _taken = os.urandom(_POOL_SIZE), 0
        _taken += size
        return _pool[_taken - size : _taken]


def ulid() -> str:
    """26 characters that sort by time, also within one millisecond of this process.

    The last four count within a millisecond; twelve before them are random, 60 bits that tell processes apart.
    """
    global _millisecond, _prefix, _count  # noqa: PLW0603 the order of ids is the process's
    now = time.time_ns() // 1_000_000
    salt = random_bytes(12)
    with _lock:
        if now > _millisecond or _count == _PER_MILLISECOND:
            _millisecond = max(now, _millisecond + 1)
            when = [_PAIRS[_millisecond >> shift & 0x3FF] for shift in (40, 30, 20, 10, 0)]
            _prefix = "".join(when) + salt.translate(_OF_BYTE).decode()
            _count = 0
        text = _prefix + _PAIRS[_count >> 10] + _PAIRS[_count & 0x3FF]
        _count += 1
    return text


def content_id(milliseconds: int, digest: bytes) -> str:
    """An id for what has none: the same for the same time, since 1970, and digest, of which ten bytes count."""
    number = (max(0, min(milliseconds, (1 << 48) - 1)) << 80) | int.from_bytes(digest[:10])
    return "".join(_ALPHABET[number >> shift & 0x1F] for shift in range(125, -1, -5))


def request_id() -> str:
    """A random UUID, as the platform gives each request one."""
    digits = random_bytes(16).hex()
    variant = _VARIANT_OF_DIGIT[digits[16]]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
