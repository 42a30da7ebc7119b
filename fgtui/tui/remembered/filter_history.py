"""The filters a person has used, newest first, in a private file that several workbenches may share."""

from __future__ import annotations

import json
from pathlib import Path

from fgtui.files import alone_with, write_private

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
        with alone_with(self._file):
            kept = [text, *(each for each in self.read() if each != text)][:KEPT]
            write_private(self._file, b"".join(json.dumps(each).encode() + b"\n" for each in reversed(kept)))


def _text_of(line: bytes) -> str:
    try:
        text = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    return text if isinstance(text, str) else ""
