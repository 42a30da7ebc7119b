"""What leaves as a file: written beside its place, synced and put there in one step; never over a file unasked, never
through a link (reliability, section 5).
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from fgtui.errors import FgtuiError, StoreError, UsageError
from fgtui.files import sync_folder

_OF_THE_PATH = {errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ELOOP}


def save(file: Path, content: bytes, *, force: bool, name: str, hint: str = "", private: bool = False) -> None:
    """Write ``content`` to ``file``, which messages call ``name``; ``force`` replaces a regular file.

    ``hint`` says how it could be replaced, where it is there already.
    """
    with new_file(file, force=force, name=name, hint=hint, private=private) as stream:
        stream.write(content)


@contextmanager
def new_file(file: Path, *, force: bool, name: str, hint: str = "", private: bool = False) -> Iterator[BinaryIO]:
    """What is written within the block becomes ``file`` when it ends well, and is gone when it does not.

    See ``save``. A file that replaces another is for whom that was; else a ``private`` one, as all that holds
    recordings is, for its owner alone, and any other as the umask has it.
    """
    try:
        _check_free(file, force=force, name=name, hint=hint)
        descriptor, made = tempfile.mkstemp(prefix=f".{file.name[:100]}.", dir=file.parent)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _unwritable(name, error) from error
    temporary = Path(made)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fchmod(stream.fileno(), _mode_of(file, private=private))
            os.fsync(stream.fileno())
        if force:
            temporary.replace(file)
        else:
            _take_place(temporary, file)
        sync_folder(file.parent)
    except FileExistsError as error:
        raise _exists(name, hint) from error
    except OSError as error:
        raise _unwritable(name, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _check_free(file: Path, *, force: bool, name: str, hint: str) -> None:
    if file.is_symlink():
        raise UsageError("{name} is a link; nothing was written", name=name, hint="name the file it leads to")
    if file.exists() and not file.is_file():
        raise UsageError("{name} is no regular file; nothing was written", name=name)
    if file.exists() and not force:
        raise _exists(name, hint)


def _take_place(temporary: Path, file: Path) -> None:
    """Give the file its name by a hard link, which fails when somebody was faster."""
    try:
        file.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(file):
            raise FileExistsError(file) from None
        temporary.rename(file)


def _exists(name: str, hint: str) -> UsageError:
    return UsageError("{name} exists; nothing was written", name=name, hint=hint)


def _unwritable(name: str, error: Exception) -> FgtuiError:
    number = getattr(error, "errno", errno.ENOENT)
    kind = UsageError if number in _OF_THE_PATH else StoreError
    return kind("{name} could not be written: {why}", name=name, why=getattr(error, "strerror", None) or str(error))


def _mode_of(file: Path, *, private: bool) -> int:
    try:
        return stat.S_IMODE(file.lstat().st_mode) & 0o777
    except FileNotFoundError:
        return 0o600 if private else 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
