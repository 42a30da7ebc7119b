"""Notices when a file below a folder changes, by looking: no library, no descriptor per file."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

INTERVAL_S = 0.25
MOST_FILES = 5_000
"""Looked at in one folder: beyond that it is no handler's folder, and looking would cost more than sending."""
MOST_FOLDERS = 2_000
DEEPEST = 32
"""Folders below the one that is watched, the nearest first: code lies near, data may lie deep."""
_CODE = (".py", ".js", ".mjs", ".cjs", ".class", ".jar", "/bootstrap")
_PASSED_OVER = {"__pycache__", "node_modules", "site-packages"}

Snapshot = dict[str, tuple[int, int]]
"""Each file's time of change and size."""


class Watcher:
    """Waits for a change among the files of ``folder`` and ``files``."""

    def __init__(self, folder: Path, files: Iterable[Path] = ()) -> None:
        self._folder = folder
        self._files = tuple(files)
        self._before = self._snapshot()

    def wait(self, ended: threading.Event) -> bool:
        """Return true after a change, false once ``ended`` is set."""
        while not ended.wait(INTERVAL_S):
            now = self._snapshot()
            if now != self._before:
                self._before = now
                return True
        return False

    def settle(self) -> None:
        """Take what the handler itself wrote, by now, for unchanged; a file of code may have been edited meanwhile."""
        before, self._before = self._before, self._snapshot()
        self._before.update({path: status for path, status in before.items() if path.endswith(_CODE)})

    def _snapshot(self) -> Snapshot:
        seen: Snapshot = {}
        for path in self._paths():
            try:
                status = os.stat(path)  # noqa: PTH116 - one string each, thousands of times
            except OSError:  # gone, or being replaced: that is a change too
                continue
            seen[path] = (status.st_mtime_ns, status.st_size)
        return seen

    def _paths(self) -> Iterator[str]:
        yield from map(str, self._files)
        count = 0
        waiting = deque([(str(self._folder), 0)])
        known = 1
        while waiting:
            folder, depth = waiting.popleft()
            for entry, is_folder in _entries(folder):
                if not is_folder:
                    if count == MOST_FILES:
                        return
                    count += 1
                    yield entry
                elif depth < DEEPEST and known < MOST_FOLDERS:
                    known += 1
                    waiting.append((entry, depth + 1))


def _entries(folder: str) -> Iterator[tuple[str, bool]]:
    """What people put into ``folder``, and whether each is a folder, which a link never is.

    Nothing of a folder that cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    except OSError:  # gone, closed to us, or a name longer than the system takes
        return
    for name, is_folder in found:
        if not name.startswith(".") and name not in _PASSED_OVER and not name.endswith((".pyc", "~")):
            yield f"{folder}/{name}", is_folder
