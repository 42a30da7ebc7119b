"""Sessions as files to share: JSON Lines, a header and then one exchange a line.

::

    {"fgtui": "session", "format": 1, "session": "orders"}
    {"format": 1, "id": "01JD…", …}

A line that is no exchange is passed over and told by its number; a file of a newer format is refused. Nothing of a
file becomes a path, and only regular files are read.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange
from fgtui.records import NOTHING, Record, replace
from fgtui.sessions import strict_json
from fgtui.sessions.format import FORMAT_VERSION, check_version, dump_line, from_json
from fgtui.sessions.interchange.saving import new_file
from fgtui.sessions.interchange.text_files import encoding_of, opened, text_pieces
from fgtui.sessions.model import ExchangeRow, Session
from fgtui.sessions.recording import row_of
from fgtui.sessions.storage.statements import in_parts

LINE_LIMIT = 64 * 1024 * 1024
"""Bytes of a line (reliability: limits)."""

_CHUNK = 1024 * 1024
_BOM = b"\xef\xbb\xbf"


# Writing


def write_jsonl(exchanges: Iterable[Exchange], file: Path, *, session: str = "", overwrite: bool = False) -> int:
    """Write a session to ``file``, whole or not at all; how many exchanges that were.

    UsageError when there is something already, unless ``overwrite``; never through a link. StoreError when it cannot be
    written.
    """
    count = -1  # the header
    with new_file(file, force=overwrite, name=str(file), private=True) as stream:
        for line in jsonl_lines(exchanges, session=session):
            stream.write(line)
            count += 1
    return count


def jsonl_lines(exchanges: Iterable[Exchange], *, session: str = "") -> Iterator[bytes]:
    """The header, then a line for each exchange."""
    header = {"fgtui": "session", "format": FORMAT_VERSION, "session": session}
    yield strict_json.write(header).encode() + b"\n"
    for exchange in exchanges:
        yield dump_line(exchange).encode() + b"\n"


# Reading


class Skipped(Record):
    """A line that is no exchange."""

    line: int
    """From 1."""
    message: str
    """Why: an English sentence with ``{named}`` holes."""
    values: Mapping[str, object] = NOTHING

    def __str__(self) -> str:
        return self.message.format_map(self.values)


def read_jsonl(file: Path) -> JsonLines:
    """The session in ``file``, to iterate over; what was passed over is in its ``skipped``."""
    return JsonLines(file)


class _Index(Record):
    """Where each exchange of a file stands."""

    offsets: array[int]
    numbers: array[int]
    """Ascending with the offsets unless the file was put together by hand."""


class JsonLines:
    """A file of JSON Lines, read like a session: a ``Recording`` that takes any name for its one session.

    Exchanges keep the numbers they were recorded with where these are there once; others follow the highest so far.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.said_name = ""
        """The session's name where the file says it, as far as it was read."""
        self._skipped: tuple[Skipped, ...] | None = None
        self._index: _Index | None = None
        self._by_number: dict[int, int] | None = None

    def __iter__(self) -> Iterator[Exchange]:
        """Every exchange, in the order of the file, while it is read."""
        for _, exchange in self._scan():
            yield exchange

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The lines that are no exchange, from the last time the file was read to its end."""
        if self._skipped is None:
            self._places()
        return self._skipped or ()

    @property
    def name(self) -> str:
        """The session's name as the file says it, else the file's own."""
        self._places()
        return self.said_name or self.file.stem

    def sessions(self) -> tuple[Session, ...]:
        """The one session."""
        places = self._places()
        if not places.offsets:
            return ()
        first, last = self._at(0), self._at(len(places.offsets) - 1)
        return (Session(self.name, len(places.offsets), first.started_at, last.started_at),)

    def count(self, session: str = "") -> int:
        """How many exchanges there are."""
        return len(self._places().offsets)

    def get(self, session: str, seq: int) -> Exchange:
        """One exchange by its number. UsageError when there is none."""
        ((_, exchange),) = exchanges_at(self.file, [(self._offset(seq), seq)])
        return exchange

    def last(self, session: str = "") -> Exchange | None:
        """The last exchange of the file."""
        return self._at(-1) if self._places().offsets else None

    def page(
        self, session: str = "", *, before: int | None = None, after: int | None = None, limit: int = 200
    ) -> tuple[ExchangeRow, ...]:
        """At most ``limit`` rows, the last of the file first; see ``SessionStore.page``."""
        numbers = self._places().numbers
        low = 0 if after is None else _place(numbers, after) + (after in numbers)
        high = len(numbers) if before is None else _place(numbers, before)
        limit = max(0, limit)
        chosen = range(low, high)[:limit] if after is not None else range(low, high)[max(0, high - low - limit) :]
        return tuple(row_of(self._at(at)) for at in reversed(chosen))

    def iterate(self, session: str = "", *, newest_first: bool = False) -> Iterator[Exchange]:
        """Every exchange, in the order of the file or backwards."""
        if not newest_first:
            yield from self
            return
        for at in range(len(self._places().offsets) - 1, -1, -1):
            yield self._at(at)

    def exchanges(self, session: str, seqs: Iterable[int]) -> Iterator[Exchange]:
        """The exchanges of these numbers, in the order asked. UsageError for one that is not there."""
        for part in in_parts(seqs, first=1):
            for _, exchange in exchanges_at(self.file, [(self._offset(seq), seq) for seq in part]):
                yield exchange

    def rows(self, session: str, seqs: Iterable[int]) -> Iterator[ExchangeRow]:
        """The rows of these numbers, in the order asked; one that is not there is left out."""
        there = self._offsets()
        return map(row_of, self.exchanges(session, (seq for seq in seqs if seq in there)))

    def iterate_rows(self, session: str = "", *, newest_first: bool = False) -> Iterator[ExchangeRow]:
        """Every row, in the order of the file or backwards."""
        return map(row_of, self.iterate(session, newest_first=newest_first))

    @property
    def places(self) -> list[tuple[int, int]]:
        """Where each exchange stands, for ``exchanges_at``, and its number; in the order of the file."""
        places = self._places()
        return list(zip(places.offsets, places.numbers, strict=True))

    def close(self) -> None:
        """Nothing is kept open."""

    def _places(self) -> _Index:
        if self._index is None:
            index = _Index(array("q"), array("q"))
            for offset, exchange in self._scan():
                index.offsets.append(offset)
                index.numbers.append(exchange.seq)
            self._index = index
        return self._index

    def _offset(self, seq: int) -> int:
        try:
            return self._offsets()[seq]
        except KeyError as error:
            raise UsageError("{file} has no exchange {seq}", file=self.file, seq=seq) from error

    def _offsets(self) -> dict[int, int]:
        """Where the exchange of each number stands."""
        if self._by_number is None:
            places = self._places()
            self._by_number = dict(zip(places.numbers, places.offsets, strict=True))
        return self._by_number

    def _at(self, at: int) -> Exchange:
        places = self._places()
        ((_, exchange),) = exchanges_at(self.file, [(places.offsets[at], places.numbers[at])])
        return exchange

    def _scan(self) -> Iterator[tuple[int, Exchange]]:
        skipped: list[Skipped] = []
        taken: set[int] = set()
        highest = 0
        for number, offset, line in _lines(self.file):
            found = _parsed(line) if line is not None else StoreError("longer than {limit} MiB", limit=LINE_LIMIT >> 20)
            if isinstance(found, Exchange):
                seq = found.seq if 0 < found.seq < _HIGHEST and found.seq not in taken else highest + 1
                taken.add(seq)
                highest = max(highest, seq)
                yield offset, found if seq == found.seq else replace(found, seq=seq)
            elif isinstance(found, dict):
                self._read_header(found, number)
            elif found is not None:
                skipped.append(Skipped(number, found.message, found.values))
        self._skipped = tuple(skipped)

    def _read_header(self, header: dict[str, object], line: int) -> None:
        try:
            check_version(header.get("format"))
        except StoreError as error:
            raise StoreError(
                "{file}:{line}: {reason}; nothing was read",
                hint="update fgtui to read it",
                file=self.file,
                line=line,
                reason=error,
            ) from error
        name = header.get("session")
        if isinstance(name, str) and not self.said_name:
            self.said_name = name


_HIGHEST = 2**62


def _place(numbers: array[int], seq: int) -> int:
    """Where the exchange with this number stands in the file, or would stand."""
    try:
        return numbers.index(seq)
    except ValueError:
        return bisect_left(numbers, seq)


def _parsed(line: bytes) -> Exchange | dict[str, object] | StoreError | None:
    """The exchange or the header of a line, or why it is neither; nothing for a blank line."""
    try:
        text = line.removeprefix(_BOM).decode().strip()
        if not text:
            return None
        value = strict_json.read(text)
        if isinstance(value, dict) and "fgtui" in value:
            return value
        return from_json(value)
    except UnicodeDecodeError as error:
        return StoreError("not UTF-8 at byte {byte}", byte=error.start + 1)
    except ValueError as error:
        if not line.endswith(b"\n"):
            return StoreError("cut short")
        return StoreError("not JSON: {reason}", reason=error)
    except StoreError as error:
        return error


def _lines(file: Path) -> Iterator[tuple[int, int, bytes | None]]:
    """Number, offset and bytes of each line; ``None`` for one that is too long. In UTF-16 the number is the offset."""
    with opened(file) as stream:
        if encoding_of(stream.read(len(_BOM)))[0] != "utf-8":
            yield from ((number, number, line) for number, line in enumerate(_utf16_lines(file), 1))
            return
        stream.seek(0)
        number = offset = 0
        while line := stream.readline(LINE_LIMIT + 1):
            number += 1
            size = len(line)
            if size > LINE_LIMIT:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(_CHUNK)
                    size += len(line)
                yield number, offset, None
            else:
                yield number, offset, line
            offset += size


def exchanges_at(file: Path, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Exchange]]:
    """The exchanges at some of a file's ``JsonLines.places``, each with the bytes of its line.

    StoreError where they are no longer there.
    """
    for line, (_, seq) in zip(_lines_at(file, [at for at, _ in places]), places, strict=True):
        exchange = _parsed(line)
        if not isinstance(exchange, Exchange):
            raise StoreError("{file} has changed while it was read", file=file)
        yield len(line), replace(exchange, seq=seq)


def _lines_at(file: Path, offsets: Sequence[int]) -> Iterator[bytes]:
    with opened(file) as stream:
        if encoding_of(stream.read(len(_BOM)))[0] == "utf-8":
            for offset in offsets:
                stream.seek(offset)
                yield stream.readline(LINE_LIMIT)
            return
    numbered = islice(enumerate(_utf16_lines(file), 1), max(offsets, default=0))
    wanted = frozenset(offsets)
    found = {number: line or b"" for number, line in numbered if number in wanted}
    yield from (found.get(offset, b"") for offset in offsets)


def _utf16_lines(file: Path) -> Iterator[bytes | None]:
    """The lines of a file in UTF-16, which some shells and editors write, in UTF-8."""
    kept: list[str] = []
    size = 0
    for piece in text_pieces(file):
        *ends, rest = piece.split("\n")
        for end in ends:
            kept.append(end)
            yield None if size + len(end) > LINE_LIMIT else ("".join(kept) + "\n").encode("utf-8", "surrogatepass")
            kept, size = [], 0
        size += len(rest)
        kept = [*kept, rest] if size <= LINE_LIMIT else []
    if size:
        yield None if size > LINE_LIMIT else "".join(kept).encode("utf-8", "surrogatepass")
