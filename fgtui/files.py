"""Files that a person names, opened to be read; and a person's own, written private from the first byte and whole."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_OPEN_ALREADY = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")


def open_regular(file: Path) -> BinaryIO | None:
    """``file`` to read; ``None`` where it is no regular one: nobody waits for whoever may write to a named pipe.

    Raises ``OSError``, and ``ValueError`` for a NUL in the name.
    """
    descriptor = _open(file)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    return None


def open_given(file: Path) -> BinaryIO | None:
    """The same, but what this process was given open, as a shell's ``<(…)`` is, may be a pipe or a terminal too."""
    if not is_given(file):
        return open_regular(file)
    descriptor = _open(file)
    os.set_blocking(descriptor, True)
    return os.fdopen(descriptor, "rb")


def is_given(file: Path) -> bool:
    """Whether ``file`` names a descriptor of this process."""
    return str(file).startswith(_OPEN_ALREADY)


def _open(file: Path) -> int:
    return os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)


def make_private_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it, each new one for the owner alone (reliability, section 5)."""
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def write_private(file: Path, content: bytes | Iterable[bytes], *, mode: int = 0o600) -> None:
    """Replace ``file`` by ``content`` or its parts in one step: written beside it, synced, renamed. Raises ``OSError``.

    A reader sees the old content or the new, never a part; a link is replaced, not followed.
    """
    make_private_folder(file.parent)
    temporary = file.with_name(f".{file.name[:100]}.{os.urandom(8).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.writelines([content] if isinstance(content, bytes) else content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


@contextmanager
def alone_with(file: Path) -> Iterator[None]:
    """Keep others who ask for the same from reading and writing ``file`` meanwhile: none loses what another has added.

    Raises ``OSError`` where its folder cannot be made.
    """
    import fcntl

    make_private_folder(file.parent)
    descriptor = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with suppress(OSError):  # a file system without locks: what one adds may be lost, nothing worse
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` survive a power cut; a file system that cannot do so is left alone."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:  # some network file systems refuse to sync a folder
        pass
    finally:
        os.close(descriptor)
