"""The filters a person has used, newest first, in a private file that several workbenches may share."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fgtui.files import make_private_folder, write_private

FILE_NAME = "filters.jsonl"
KEPT = 500
"""Filters that are remembered; the oldest go first."""
BYTES = 4_000_000
"""More than ``KEPT`` filters of the greatest length can take; of a longer file only the end is read."""


class FilterHistory:
    """One line of JSON for each filter, the newest last. A line that holds none is passed over."""

    def __init__(self, data_folder: Path) -> None:
        self._file = data_folder / FILE_NAME

    def read(self) -> tuple[str, ...]:
        """The filters, newest first; none where they cannot be read."""
        try:
            if not self._file.is_file():
                return ()
            with self._file.open("rb") as stream:
                stream.seek(max(0, self._file.stat().st_size - BYTES))
                content = stream.read(BYTES)
        except OSError:
            return ()
        found = (_text_of(line) for line in reversed(content.splitlines()))
        return tuple(dict.fromkeys(text for text in found if text))[:KEPT]

    def add(self, text: str) -> None:
        """Remember ``text`` as the newest. Raises ``OSError``."""
        if not text.strip():
            return
        with self._alone():
            kept = [text, *(each for each in self.read() if each != text)][:KEPT]
            write_private(self._file, b"".join(json.dumps(each).encode() + b"\n" for each in reversed(kept)))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from writing meanwhile: none loses what another has added."""
        make_private_folder(self._file.parent)
        descriptor = os.open(self._file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            with suppress(OSError):  # a file system without locks: what one adds may be lost, nothing worse
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _text_of(line: bytes) -> str:
    try:
        text = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    return text if isinstance(text, str) else ""
