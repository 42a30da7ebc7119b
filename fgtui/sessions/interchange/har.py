"""Sessions as HTTP archives (HAR 1.2), which browsers and proxies read and write.

What fgtui wrote comes back exactly; of what others wrote each request becomes an event of API Gateway. An archive is
read entry by entry, so its size does not matter; an entry that is no exchange is passed over and told by its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from fgtui import __version__
from fgtui.errors import StoreError
from fgtui.invoke.model import Exchange
from fgtui.sessions import strict_json
from fgtui.sessions.format import FORMAT_VERSION, check_version
from fgtui.sessions.interchange.har_entries import OURS, entry_of, exchange_in
from fgtui.sessions.interchange.har_requests import exchange_of
from fgtui.sessions.interchange.json_lines import LINE_LIMIT, Skipped
from fgtui.sessions.interchange.json_stream import JsonStream, NotJsonError
from fgtui.sessions.interchange.text_files import text_pieces


def har_pieces(exchanges: Iterable[Exchange], *, session: str = "") -> Iterator[bytes]:
    """The text of an archive of ``exchanges``, which are redacted already, in pieces; an entry has a line."""
    log = {
        "version": "1.2",
        "creator": {"name": "fgtui", "version": __version__},
        OURS: {"format": FORMAT_VERSION, "session": session},
    }
    yield f'{{"log": {strict_json.write(log)[:-1]}, "entries": ['.encode()
    between = "\n"
    for exchange in exchanges:
        yield f"{between}{strict_json.write(entry_of(exchange))}".encode()
        between = ",\n"
    yield b"\n]}}\n"


class HarFile:
    """The exchanges of an archive, in order, read while iterating; what was passed over is in ``skipped``."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.said_name = ""
        """The session's name, where fgtui wrote the archive, as far as it was read."""
        self.skipped: list[Skipped] = []
        """Of these ``line`` is the number of the entry, from 1."""
        self._number = 0

    def __iter__(self) -> Iterator[Exchange]:
        """StoreError where the file is no archive, a newer fgtui wrote it, or it breaks off."""
        self.skipped, self._number = [], 0
        stream = JsonStream(text_pieces(self.file), limit=LINE_LIMIT)
        found = False
        try:
            for name in stream.members():
                stream.enter()
                if name == "log" and not found:
                    found = True
                    yield from self._log(stream)
                else:
                    stream.value()
            stream.end()
        except NotJsonError as error:
            raise StoreError(
                "{file} is no HTTP archive, or not all of one: {reason} after entry {number}"
                if self._number
                else "{file} is no HTTP archive, or not all of one: {reason}",
                file=self.file,
                reason=error.phrase,
                number=self._number,
            ) from error
        if not found:
            raise StoreError("{file} is no HTTP archive: it has no log", file=self.file)

    def _log(self, stream: JsonStream) -> Iterator[Exchange]:
        for name in stream.members():
            stream.enter()
            if name == "entries":
                for _ in stream.elements():
                    self._number += 1
                    yield from self._exchanges(stream.value())
            elif name == OURS:
                self._read_header(stream.value())
            else:
                stream.value()

    def _exchanges(self, text: str | None) -> Iterator[Exchange]:
        """The one of an entry, or none once it is noted why not."""
        try:
            yield _exchange(text)
        except StoreError as error:
            self.skipped.append(Skipped(self._number, error.message, error.values))

    def _read_header(self, text: str | None) -> None:
        header = strict_json.read_or_text(text or "")
        if not isinstance(header, dict):
            return
        try:
            check_version(header.get("format"))
        except StoreError as error:
            raise StoreError(
                "{file}: {reason}; nothing was read", hint="update fgtui to read it", file=self.file, reason=error
            ) from error
        name = header.get("session")
        self.said_name = name if isinstance(name, str) else ""


def _exchange(text: str | None) -> Exchange:
    if text is None:
        raise StoreError("longer than {limit} MiB", limit=LINE_LIMIT >> 20)
    try:
        entry = strict_json.read(text)
    except ValueError as error:
        raise StoreError("not JSON: {reason}", reason=error) from error
    if not isinstance(entry, dict):
        raise StoreError("not an entry: it is no object")
    return exchange_in(entry) if OURS in entry else exchange_of(entry)
