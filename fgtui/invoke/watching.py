"""Tells whether the files a handler was loaded from are still as they were.

Editors replace files rather than write into them, and a file that was missing may appear beside the others: so each
file is known by time, size and inode, and each folder by the names of code in it.
"""
# Asked before every send, so as plain text.
# ruff: noqa: PTH116, PTH120

from __future__ import annotations

import os

CODE_ENDINGS = (".py", ".so", ".js", ".mjs", ".cjs", ".json", ".node", ".class", ".jar")
_FACTS_OF_FILE = 3
"""Numbers before the name in a host's list of files: time in ns, size, inode."""
_EXACTLY_NS = 1000
"""Java before 14 tells times of files in microseconds."""


class Watched:
    """The files and folders of one instance."""

    def __init__(self) -> None:
        self._files: list[tuple[str, tuple[int, ...]]] = []
        self._folders: dict[str, tuple[int, frozenset[str]]] = {}

    def learn(self, files: bytes) -> None:
        """Take over a host's list of files, unless it is empty: entries ``mtime_ns size inode path`` joined by NUL."""
        if not files:
            return
        self._files = []
        for entry in files.decode("utf-8", "surrogateescape").split("\0"):
            *facts, file = entry.split(" ", _FACTS_OF_FILE)
            changed_ns, size, inode = map(int, facts)
            self._files.append((file, (changed_ns // _EXACTLY_NS, size, inode)))
        for folder in {os.path.dirname(file) for file, _ in self._files} - self._folders.keys():
            self._folders[folder] = (_changed_at(folder), _code_in(folder))

    def are_as_they_were(self) -> bool:
        """Whether no file has changed or gone, and no code has joined it in its folder."""
        for file, facts in self._files:
            try:
                found = os.stat(file)
            except OSError:
                return False
            if (found.st_mtime_ns // _EXACTLY_NS, found.st_size, found.st_ino) != facts:
                return False
        return all(self._is_same(folder, *known) for folder, known in self._folders.items())

    def _is_same(self, folder: str, changed_at: int, code: frozenset[str]) -> bool:
        now = _changed_at(folder)
        if now == changed_at:
            return True
        self._folders[folder] = (now, code)
        return _code_in(folder) == code


def _changed_at(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return 0


def _code_in(folder: str) -> frozenset[str]:
    """Names of code files and folders; not what editors and tools leave for themselves."""
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name for entry in entries if _is_code(entry))
    except OSError:
        return frozenset()


def _is_code(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    if name.startswith((".", "__pycache__")):
        return False
    return name.endswith(CODE_ENDINGS) or entry.is_dir()
