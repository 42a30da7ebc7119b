"""Writing files that are a person's own: private from the first byte, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it, each new one for the owner alone (reliability, section 5)."""
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def write_private(file: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace ``file`` by ``content`` in one step: written beside it, synced, renamed. Raises ``OSError``.

    A reader sees the old content or the new, never a part; a link is replaced, not followed.
    """
    make_private_folder(file.parent)
    temporary = file.with_name(f".{file.name[:100]}.{os.urandom(8).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` survive a power cut; a file system that cannot do so is left alone."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:  # some network file systems refuse to sync a folder
        pass
    finally:
        os.close(descriptor)
