"""Notes that were being typed when the workbench ended: a private file for each, as written, until it is decided on."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fgtui.files import open_regular, write_private
from fgtui.paths import name_of_folder

FOLDER = "notes"
FORMAT_VERSION = 1
LARGEST_BYTES = 1 << 20
"""Of a file that is read; a longer note is not kept."""
KEPT = 30
"""Notes that are kept; the oldest go first."""


class Noted(NamedTuple):
    """The exchange a note is of."""

    session: str
    seq: int
    id: str


class UnfinishedNote:
    """What is typed for one note. Safe in any thread."""

    def __init__(self, data_folder: Path, store: Path, noted: Noted) -> None:
        """``store`` is the file with the exchange."""
        self._folder = data_folder / FOLDER
        self._store = str(store)
        self._noted = noted
        self._file = self._folder / f"{name_of_folder(chr(0).join((self._store, noted.session, noted.id)))}.json"
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
            **self._noted._asdict(),
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


def unfinished(data_folder: Path, store: Path) -> tuple[Noted, ...]:
    """What exchanges of ``store`` the notes that were kept are of, newest first."""
    return tuple(_of_store(data_folder / FOLDER, str(store)))


def _of_store(folder: Path, store: str) -> Iterator[Noted]:
    for file in sorted(folder.glob("*.json"), key=_changed_at, reverse=True):
        found = _read(file)
        if found is not None and found[0] == store:
            yield found[1]


def _read(file: Path) -> tuple[str, Noted, str] | None:
    """The store, the exchange and the text; ``None`` for what is not ours, torn, or newer."""
    try:
        stream = open_regular(file)
        if stream is None:
            return None
        with stream:
            document = json.loads(stream.read(LARGEST_BYTES + 1))
    except (OSError, ValueError, RecursionError):
        return None
    match document:
        case {
            "fgtui": "note",
            "format": int(version),
            "store": str(store),
            "session": str(session),
            "seq": int(seq),
            "id": str(id_),
            "text": str(text),
        } if version == FORMAT_VERSION:
            return store, Noted(session, seq, id_), text
    return None


def _changed_at(file: Path) -> int:
    try:
        return os.lstat(file).st_mtime_ns
    except OSError:  # another workbench has dropped it meanwhile
        return 0
