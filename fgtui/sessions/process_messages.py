"""What a process and the child it has started say to each other: pickled values, each behind its length."""

from __future__ import annotations

import fcntl
import os
import pickle
from contextlib import suppress
from io import BytesIO
from typing import Any

_PIPE_BYTES = 1 << 20
"""What a pipe may hold, where the system lets us say so: a long message wakes its reader less often."""


class _Pickler(pickle.Pickler):
    def __init__(self, stream: BytesIO, known: object) -> None:
        super().__init__(stream, protocol=5)
        self._known = known

    def persistent_id(self, value: object) -> str | None:
        return "known" if value is self._known else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: BytesIO, known: object) -> None:
        super().__init__(stream)
        self._known = known

    def persistent_load(self, _: object) -> object:
        return self._known


def send(descriptor: int, message: object, known: object = None) -> bool:
    """Whether somebody took all of ``message``; ``known`` is not sent where it is in it: the other end has it."""
    if known is None:
        data = pickle.dumps(message, protocol=5)
    else:
        stream = BytesIO()
        _Pickler(stream, known).dump(message)
        data = stream.getvalue()
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


def receive(descriptor: int, known: object = None) -> Any:
    """The next message, with ``known`` where its sender has left it out; ``None`` at the end."""
    head = _read(descriptor, 8)
    data = None if head is None else _read(descriptor, int.from_bytes(head, "big"))
    if data is None or known is None:
        return None if data is None else pickle.loads(data)  # noqa: S301 the other end is a process of ours
    return _Unpickler(BytesIO(data), known).load()


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
