"""A replay claims the session it records into: what goes on with that session has it alone, or nothing is sent.

A lock on a file beside the store, which the system lets go when the process ends, however it does.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from contextlib import suppress
from pathlib import Path

from fgtui.digests import blake2b
from fgtui.errors import StoreError, UsageError


class Claim:
    """Holds until it is released, or nobody knows it any more."""

    def __init__(self, file: Path, descriptor: int) -> None:
        self.release = weakref.finalize(self, _release, file, descriptor)


def claim(store: Path, session: str, *, alone: bool) -> Claim:
    """Claim ``session`` of the store in a file; ``alone`` allows no other claim beside it.

    UsageError when somebody else has one, StoreError when none can be made.
    """
    digest = blake2b(session.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    file = store.with_name(f".{store.name[:100]}.{digest}.replay")
    while True:
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError("{session} cannot be recorded into: {why}", session=session, why=error.strerror) from error
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise UsageError(
                "another replay records into {session} right now; nothing was sent, so that nothing is sent twice",
                hint="wait until it has ended, or name another session: --as NAME",
                session=session,
            ) from None
        except OSError:  # a file system without locks
            return Claim(file, descriptor)
        if _is_at(file, descriptor):
            return Claim(file, descriptor)
        os.close(descriptor)  # whoever had it has removed it meanwhile


def _is_at(file: Path, descriptor: int) -> bool:
    with suppress(OSError):
        return os.path.samestat(file.lstat(), os.fstat(descriptor))
    return False


def _release(file: Path, descriptor: int) -> None:
    with suppress(OSError):  # others have it too: the last one removes it
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_at(file, descriptor):
            file.unlink()
    os.close(descriptor)
