"""Texts that are in other programs: a private file for each.

Whoever has lent one removes it once it has come back. What could not be taken back stays, and so does what a window may
still show: as long as somebody may want it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from fgtui.files import write_private
from fgtui.regex import regex

FOLDER = "elsewhere"
KEPT_S = 14 * 24 * 60 * 60
"""How long a file stays that nobody has written to: an editor that shows it still holds its text."""
LONGEST_STEM = 40
_OURS = regex(rf"\.?[\w-]{{1,{LONGEST_STEM}}}-[0-9a-f]{{8}}\.\w{{1,8}}(?:\.[0-9a-f]{{16}})?")
"""What ``write`` calls a file, and what stays of one that was being written as the process was killed."""


class LentFiles:
    """Those in one data folder, of all the workbenches that share it."""

    def __init__(self, data_folder: Path, spare: Path | None = None) -> None:
        """``spare`` is the folder for temporary files, where it may be used."""
        self._folder = data_folder / FOLDER
        self._spare = spare

    def write(self, text: str, name: str, suffix: str) -> Path:
        """A new file with ``text``, called after ``name``; among the temporary ones where the data folder takes none.

        Raises ``OSError`` where those cannot take it either.
        """
        stem = "".join(each for each in name if each.isalnum() or each in "-_")[:LONGEST_STEM] or "value"
        content = text.encode("utf-8", "surrogatepass")
        file = self._folder / f"{stem}-{os.urandom(4).hex()}{suffix}"
        try:
            write_private(file, content)
        except OSError as error:
            if self._spare is None:
                raise
            file = self._spare / f"fgtui-{stem}-{os.urandom(8).hex()}{suffix}"
            try:
                write_private(file, content)
            except OSError:
                raise error from None
        return file

    def sweep(self, now: float) -> None:
        """Remove what nobody wants any more; ``now`` in seconds since 1970. Never raises ``OSError``.

        That is a regular file of ours, in the folder itself, untouched for long, beside which no editor has put a file
        of its own, as editors do while they show one. No link is followed.
        """
        with suppress(OSError):
            folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                for name in _left(folder, now - KEPT_S):
                    with suppress(OSError):  # somebody else has removed it
                        os.unlink(name, dir_fd=folder)
            finally:
                os.close(folder)


def has_company(name: str, names: Iterable[str]) -> bool:
    """Whether one of ``names`` is called after ``name``, as editors call what keeps unsaved text."""
    return any(name in other and other != name for other in names)


def _left(folder: int, since: float) -> Iterator[str]:
    """The names of what was left there before that time."""
    names = os.listdir(folder)
    for name in names:
        if not _OURS.fullmatch(name) or has_company(name, names):
            continue
        with suppress(OSError):
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            is_own = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
            if is_own and max(status.st_mtime, status.st_ctime) < since:
                yield name
