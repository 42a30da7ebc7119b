"""What a process and the child it has started say to each other: pickled values, each behind its length."""

from __future__ import annotations

import os
import pickle
from typing import Any


def send(descriptor: int, message: object) -> bool:
    """Whether somebody took all of ``message``."""
    data = pickle.dumps(message, protocol=5)
    left = memoryview(len(data).to_bytes(8, "big") + data)
    try:
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


def _read(descriptor: int, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = os.read(descriptor, min(size - len(data), 1 << 20))
        if not part:
            return None
        data += part
    return bytes(data)
