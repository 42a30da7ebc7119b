"""What a process and the child it has started say to each other: pickled values, each behind its length."""

from __future__ import annotations

import fcntl
import os
import pickle
from contextlib import suppress
from typing import Any

_PIPE_BYTES = 1 << 20
"""What a pipe may hold, where the system lets us say so: a long message wakes its reader less often."""


def send(descriptor: int, message: object) -> bool:
    """Whether somebody took all of ``message``."""
    data = pickle.dumps(message, protocol=5)
    if len(data) > _PIPE_BYTES:
        _widen(descriptor)
    try:
        for part in (len(data).to_bytes(8, "big"), data):
            left = memoryview(part)
            while left:
                left = left[os.write(descriptor, left) :]
    except OSError:
        return False
    return True


def receive(descriptor: int) -> Any:
    """The next message; ``None`` at the end."""
    head = _read(descriptor, 8)
    data = None if head is None else _read(descriptor, int.from_bytes(head, "big"))
    return None if data is None else pickle.loads(data)  # noqa: S301 the other end is a process of ours


def _read(descriptor: int, size: int) -> bytearray | None:
    data = bytearray(size)
    left = memoryview(data)
    while left:
        count = os.readv(descriptor, [left])
        if not count:
            return None
        left = left[count:]
    return data


def _widen(pipe: int) -> None:
    with suppress(OSError, AttributeError):  # only Linux has it, and it may be too much for a person's limit
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
