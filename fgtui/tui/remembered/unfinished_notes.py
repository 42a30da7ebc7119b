"""Notes that were being typed when the workbench ended: a private file for each, as written, until it is decided on."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from fgtui.files import open_regular, write_private
from fgtui.paths import name_of_folder

FOLDER = "notes"
FORMAT_VERSION = 1
LARGEST_BYTES = 1 << 20
"""Of a file that is read; a longer note is not kept."""
KEPT = 30
"""Notes that are kept; the oldest go first."""


class UnfinishedNote:
    """What is typed for one note. Safe in any thread."""

    def __init__(self, data_folder: Path, store: Path, exchange_id: str) -> None:
        """``store`` is the file with the exchange, in whichever session that is by then."""
        self._folder = data_folder / FOLDER
        self._store = str(store)
        self._id = exchange_id
        self._file = self._folder / f"{name_of_folder(f'{self._store}/{exchange_id}')}.json"
        self._is_over = False
        self._lock = threading.Lock()

    def read(self) -> str | None:
        """What was typed; ``None`` where nothing was kept, or nothing that can be read."""
        found = _read(self._file)
        return None if found is None else found[2]

    def write(self, text: str) -> None:
        """Keep ``text``, unless it was decided on. Raises ``OSError``."""
        document = {
            "fgtui": "note",
            "format": FORMAT_VERSION,
            "store": self._store,
            "id": self._id,
            "text": text,
        }
        content = json.dumps(document).encode("ascii")
        with self._lock:
            if self._is_over or len(content) > LARGEST_BYTES:
                return
            write_private(self._file, content)
            for file in sorted(self._folder.glob("*.json"), key=_changed_at, reverse=True)[KEPT:]:
                file.unlink(missing_ok=True)

    def drop(self) -> None:
        """It was decided on: keep nothing of it any more."""
        with self._lock:
            self._is_over = True
            self._file.unlink(missing_ok=True)


def unfinished(data_folder: Path, store: Path) -> Iterator[str]:
    """The ids of the exchanges of ``store`` that the notes which were kept are of, newest first."""
    for file in sorted((data_folder / FOLDER).glob("*.json"), key=_changed_at, reverse=True):
        found = _read(file)
        if found is not None and found[0] == str(store):
            yield found[1]


def _read(file: Path) -> tuple[str, str, str] | None:
    """The store, the exchange's id and the text; ``None`` for what is not ours, torn, or newer."""
    try:
        stream = open_regular(file)
        if stream is None:
            return None
        with stream:
            document = json.loads(stream.read(LARGEST_BYTES + 1))
    except (OSError, ValueError, RecursionError):
        return None
    match document:
        case {"fgtui": "note", "format": version, "store": str(store), "id": str(id_), "text": str(text)} if (
            version == FORMAT_VERSION
        ):
            return store, id_, text
    return None


def _changed_at(file: Path) -> int:
    try:
        return os.lstat(file).st_mtime_ns
    except OSError:  # another workbench has dropped it meanwhile
        return 0
