"""Reading an event from a file that a person names."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from fgtui.errors import UsageError

EVENT_LIMIT = 64 << 20
"""Bytes of an event (reliability: limits)."""


def read_event_file(path: Path) -> str:
    """The exact text of a regular file. ``UsageError`` or ``EventError`` says why there is none; never waits."""
    from fgtui.events.text import read_bytes

    name = path.name
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UsageError("{name} is no regular file", name=name)
            data = stream.read(EVENT_LIMIT + 1)
    except FileNotFoundError as error:
        raise UsageError("there is no file {path}", path=str(path)) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError("{name} cannot be read: {reason}", name=name, reason=reason) from error
    if len(data) > EVENT_LIMIT:
        raise UsageError("{name} is larger than 64 MiB, more than an event can be", name=name)
    return read_bytes(data, name)
