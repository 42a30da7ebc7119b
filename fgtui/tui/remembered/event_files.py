"""Reading an event from a file that a person names."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

from fgtui.errors import UsageError

EVENT_LIMIT = 64 << 20
"""Bytes of an event (reliability: limits)."""


class EventFile(NamedTuple):
    """A file with an event, as it was read."""

    text: str
    digest: str
    """Of its bytes."""


def read_event_file(path: Path) -> str:
    """The exact text of a regular file. ``UsageError`` or ``EventError`` says why there is none; never waits."""
    return open_event_file(path).text


def open_event_file(path: Path) -> EventFile:
    """The same, with what tells whether the file has changed since."""
    from fgtui.digests import sha256
    from fgtui.events.text import read_bytes

    data = _read(path)
    return EventFile(read_bytes(data, path.name), sha256(data).hexdigest())


def digest_of(path: Path) -> str | None:
    """Of the file's bytes as they are now; ``None`` where it is gone or cannot be read."""
    from fgtui.digests import sha256

    try:
        return sha256(_read(path)).hexdigest()
    except UsageError:
        return None


def _read(path: Path) -> bytes:
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
    return data
