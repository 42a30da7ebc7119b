"""What leaves as a file: written beside its place, synced and put there in one step; never over a file unasked, never
through a link (reliability, section 5).
"""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from fgtui.errors import FgtuiError, StoreError, UsageError
from fgtui.files import sync_folder, write_private

_OF_THE_PATH = {errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ELOOP}


def save(file: Path, content: bytes, *, force: bool, name: str, hint: str = "") -> None:
    """Write ``content`` to ``file``, which messages call ``name``; ``force`` replaces a regular file.

    ``hint`` says how it could be replaced, where it is there already.
    """
    try:
        if file.is_symlink():
            raise UsageError("{name} is a link; nothing was written", name=name, hint="name the file it leads to")
        if file.exists() and not file.is_file():
            raise UsageError("{name} is no regular file; nothing was written", name=name)
        if file.exists() and not force:
            raise _exists(name, hint)
        file.parent.stat()  # write_private would make what is missing
        mode = 0o666 & ~_umask()
        if force:
            write_private(file, content, mode=mode)
        else:
            _write_new(file, content, mode)
    except FileExistsError as error:
        raise _exists(name, hint) from error
    except (OSError, ValueError) as error:
        raise _unwritable(name, error) from error


def _write_new(file: Path, content: bytes, mode: int) -> None:
    """Put the whole content in place by a hard link, which fails when somebody was faster."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        file.hardlink_to(temporary)
        sync_folder(file.parent)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _exists(name: str, hint: str) -> UsageError:
    return UsageError("{name} exists; nothing was written", name=name, hint=hint)


def _unwritable(name: str, error: Exception) -> FgtuiError:
    number = getattr(error, "errno", errno.ENOENT)
    kind = UsageError if number in _OF_THE_PATH else StoreError
    return kind("{name} could not be written: {why}", name=name, why=getattr(error, "strerror", None) or str(error))


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
