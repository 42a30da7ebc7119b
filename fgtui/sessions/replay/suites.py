"""A file of JSON Lines as a regression suite: its recorded outcomes are what is expected, until they are renewed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange
from fgtui.records import replace
from fgtui.sessions.format import dump_line, from_json
from fgtui.sessions.interchange.json_lines import JsonLines, jsonl_lines
from fgtui.sessions.interchange.saving import new_file
from fgtui.sessions.model import was_sent
from fgtui.sessions.replay.run import Replayed
from fgtui.sessions.strict_json import read


class Renewal:
    """New outcomes for the exchanges of a suite that differ; the others stay as they are.

    A context manager. UsageError when the file has lines that could not be kept.
    """

    def __init__(self, suite: JsonLines) -> None:
        if suite.skipped:
            raise UsageError(
                "{file}:{line} is no exchange, and would be lost; the file cannot be renewed",
                hint="correct the line, or take it out",
                file=suite.file,
                line=suite.skipped[0].line,
            )
        self._suite = suite
        self._lines = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this
        self._places: dict[int, tuple[str, int, int]] = {}

    @property
    def count(self) -> int:
        """How many exchanges would change."""
        return len(self._places)

    def note(self, replayed: Replayed) -> None:
        """Keep how it ended, if that differs or nothing was known of it before."""
        old, new = replayed.old, replayed.new
        if new is None or (not replayed.changes and was_sent(old)):
            return
        renewed = replace(new, session=old.session, seq=old.seq, replay_of=None, note=old.note, tags=old.tags)
        line = dump_line(renewed).encode()
        self._places[old.seq] = (old.id, self._lines.tell(), len(line))
        self._lines.write(line)

    def write(self) -> None:
        """Put the renewed file in the place of the old one, whole or not at all."""
        file = self._suite.file
        with new_file(file, force=True, name=str(file)) as stream:
            stream.writelines(jsonl_lines(self._renewed(file), session=self._suite.name))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._lines.close()

    def _renewed(self, file: Path) -> Iterator[Exchange]:
        left = dict(self._places)
        for old in JsonLines(file):
            identity, offset, size = left.pop(old.seq, ("", 0, 0))
            if not size:
                yield old
                continue
            if identity != old.id:
                left[old.seq] = identity, offset, size
                break
            self._lines.seek(offset)
            yield from_json(read(self._lines.read(size).decode()))
        if left:
            raise StoreError("{file} has changed since it was replayed; it was not renewed", file=file)
