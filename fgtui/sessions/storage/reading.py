"""The reading half of the store: pages, rows and exchanges, of a damaged store those that can be read.

No read is left open between two calls, nor while a caller looks at what it was given: nothing waits on a reader.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fgtui.errors import StoreError
from fgtui.invoke.model import Exchange
from fgtui.sessions.model import ExchangeRow, Session
from fgtui.sessions.storage import statements
from fgtui.sessions.storage.content import sane_size
from fgtui.sessions.storage.database import DamagedError, Database
from fgtui.sessions.storage.rows import cell, decode, decode_row, moment, text
from fgtui.sessions.storage.statements import SEQ_MASK, Place, in_parts

if TYPE_CHECKING:
    from fgtui.sessions.search.index import Covered

PAGE_LIMIT = 10_000

_CHUNK = 256
_CHUNK_BYTES = 4 * 1024 * 1024
_ROWS_CHUNK = 2_000
_PROBES = 16
_DAMAGE = (StoreError, ValueError, LookupError, TypeError, AttributeError, OverflowError, zlib.error)
"""What making an exchange or a row raises where the store holds something else than was written."""


class StoreReader:
    """Every session of one file, to read. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self.file: Path = database.file
        self._database = database

    def exists(self) -> bool:
        """Whether anything was ever recorded here."""
        with self._database.reading() as connection:
            return connection is not None

    def sessions(self) -> tuple[Session, ...]:
        """All of them, by name."""
        with self._database.reading() as connection:
            if connection is None:
                return ()
            found = connection.execute(statements.SELECT_SESSIONS).fetchall()
            self._check_names(connection)
        return tuple(
            Session(name, count, moment(created_us), None if last_us is None else moment(last_us))
            for name, count, created_us, last_us in found
        )

    def count(self, session: str) -> int:
        """How many exchanges a session holds; 0 when there is none of that name."""
        place = self.place(session)
        return place.count if place else 0

    def get(self, session: str, seq: int) -> Exchange:
        """One exchange. UsageError when there is none of that number, StoreError when it cannot be read."""
        place = self.place(session)
        found = self._read(session, place, seq) if place and 0 < seq < place.next_seq else None
        if found is None:
            raise statements.no_exchange(session, place, seq)
        return found

    def last(self, session: str) -> Exchange | None:
        """The newest exchange that can be read, or ``None``. StoreError when there are some, and none can be."""
        newest = self.page(session, limit=1)
        if newest:
            return self.get(session, newest[0].seq)
        if count := self.count(session):
            raise self.lost(count, count, session)
        return None

    def find(self, id: str) -> Exchange | None:  # noqa: A002  # the record's own name
        """The exchange with this id, in whatever session: what a ``replay_of`` names."""
        rows = self.fetch(statements.SELECT_PLACE_OF_ID, (cell(id),))
        return self.get(rows[0][0], rows[0][1] & SEQ_MASK) if rows else None

    def page(
        self, session: str, *, before: int | None = None, after: int | None = None, limit: int = 200
    ) -> tuple[ExchangeRow, ...]:
        """At most ``limit`` rows, newest first; of a damaged store those that can be read.

        With ``before`` the newest of those below that number, with ``after`` the oldest of those above it, else the
        newest of all.
        """
        place = self.place(session)
        if place is None:
            return ()
        upwards = after is not None
        low = max(0, after or 0) + 1
        high = place.next_seq - 1 if before is None else min(before, place.next_seq) - 1
        limit = max(0, min(limit, PAGE_LIMIT))
        try:
            found = self.fetch(statements.SELECT_ROWS[not upwards], (place.key(low), place.key(high), limit))
            rows = [_row(session, cells) for cells in found]
        except DamagedError:
            numbers = range(low, high + 1) if upwards else range(high, low - 1, -1)
            rows = list(islice(self._readable_rows(session, place, numbers), limit))
        return tuple(reversed(rows) if upwards else rows)

    def iterate(self, session: str, *, newest_first: bool = False) -> Iterator[Exchange]:
        """Every exchange that was there at the start, oldest first unless told otherwise.

        Nothing is locked between two. What cannot be read is passed over; a StoreError at the end says how many.
        """
        place = self.place(session)
        if place is None:
            return
        read = lost = 0
        for numbers in self.groups(place, 1, place.next_seq - 1, newest_first=newest_first):
            for exchange in self.between(session, place, numbers):
                if exchange is None:
                    lost += 1
                else:
                    read += 1
                    yield exchange
        now = self.place(session)
        if now is not None and now.id == place.id and now.count >= place.count:
            lost = max(lost, place.count - read)
        if lost:
            raise self.lost(lost, place.count, session)

    def exchanges(self, session: str, seqs: Iterable[int]) -> Iterator[Exchange]:
        """The exchanges of these numbers, in the order asked, many to a read, but the first ones at once.

        UsageError for a number that is not there; what cannot be read is told by a StoreError at the end.
        """
        read = lost = 0
        for numbers in in_parts(seqs, first=1):
            place = self.place(session)
            sizes = {} if place is None else self._sizes(place, numbers)
            for group in _grouped([(seq, sizes.get(seq, 0)) for seq in numbers]):
                found = {} if place is None else self.of_numbers(session, place, group)
                for seq in group:
                    if seq not in found:
                        raise statements.no_exchange(session, place, seq)
                    exchange = found[seq]
                    if exchange is None:
                        lost += 1
                    else:
                        read += 1
                        yield exchange
        if lost:
            raise self.lost(lost, read + lost, session)

    def rows(self, session: str, seqs: Iterable[int]) -> Iterator[ExchangeRow]:
        """The rows of these numbers, in the order asked; one that is not there, or cannot be read, is left out."""
        for numbers in in_parts(seqs):
            place = self.place(session)
            if place is None:
                return
            keys = _keys(place, numbers)
            try:
                found = self.fetch(statements.select_rows_of(len(keys)), keys)
                rows = {row.seq: row for row in (_row(session, cells) for cells in found)}
            except DamagedError:
                rows = {row.seq: row for row in self._readable_rows(session, place, numbers)}
            yield from (rows[seq] for seq in numbers if seq in rows)

    def iterate_rows(self, session: str, *, newest_first: bool = False) -> Iterator[ExchangeRow]:
        """Every row that was there at the start, oldest first unless told otherwise.

        Nothing is locked between two pages; of a damaged store those rows come that can be read.
        """
        place = self.place(session)
        if place is None:
            return
        low, high = 1, place.next_seq - 1
        while low <= high:
            numbers = (range(high, low - 1, -1) if newest_first else range(low, high + 1))[:_ROWS_CHUNK]
            try:
                found = self.fetch(statements.SELECT_ROWS[newest_first], (place.key(low), place.key(high), _ROWS_CHUNK))
                rows = [_row(session, cells) for cells in found]
                last = rows[-1].seq if len(rows) == _ROWS_CHUNK else None
            except DamagedError:
                rows, last = list(self._readable_rows(session, place, numbers)), numbers[-1]
            yield from rows
            if last is None:
                return
            if newest_first:
                high = last - 1
            else:
                low = last + 1

    def replays(self, session: str) -> dict[str, int]:
        """The id of each exchange that this session replays, with the number of its newest replay."""
        place = self.place(session)
        if place is None:
            return {}
        return {text(id_): key & SEQ_MASK for id_, key in self.fetch(statements.SELECT_REPLAYS, place.keys)}

    def tags(self, session: str) -> dict[int, tuple[str, ...]]:
        """The numbers of the exchanges that have tags, in order, with their tags."""
        place = self.place(session)
        if place is None:
            return {}
        try:
            found = self.fetch(statements.SELECT_TAGS, place.keys)
            return {key & SEQ_MASK: tuple(json.loads(tags)) for key, tags in found}
        except (DamagedError, ValueError, TypeError):
            return {row.seq: row.tags for row in self.iterate_rows(session) if row.tags}

    def having(self, session: str, ids: Iterable[str]) -> set[str]:
        """Which of these exchange ids the session holds."""
        place = self.place(session)
        found: set[str] = set()
        for some in in_parts(ids if place else ()):
            assert place is not None
            cells = [cell(id_) for id_ in some]
            rows = self.fetch(statements.select_ids_among(len(cells)), (*place.keys, *cells))
            found.update(text(id_) for (id_,) in rows)
        return found

    def with_ids(self, session: str, ids: Iterable[str]) -> Iterator[Exchange]:
        """The exchanges of a session that have one of these ids, which several may share."""
        place = self.place(session)
        for some in in_parts(ids if place else ()):
            assert place is not None
            cells = [cell(id_) for id_ in some]
            found = self.fetch(statements.select_keys_of_ids(len(cells)), (*place.keys, *cells))
            yield from self.exchanges(session, [key & SEQ_MASK for (key,) in found])

    def lost(self, lost: int, count: int, session: str) -> StoreError:
        """What is said of a session of ``count`` exchanges, some of which cannot be read."""
        return StoreError(
            "{lost} of {count} exchanges of {session} cannot be read; {file} is damaged and was not changed",
            lost=lost,
            count=count,
            session=session,
            file=self.file,
        )

    # What a search reads with

    def groups(self, place: Place, low: int, high: int, *, newest_first: bool) -> Iterator[Sequence[int]]:
        """The numbers from ``low`` to ``high`` in order, as many together as may wait in memory.

        Of a damaged store every number there may be.
        """
        while low <= high:
            left = range(high, low - 1, -1) if newest_first else range(low, high + 1)
            some = left[:_CHUNK]
            try:
                found = self.fetch(statements.SELECT_SIZES[newest_first], (place.key(low), place.key(high), _CHUNK))
                groups = _grouped([(key & SEQ_MASK, size) for key, size in found])
                reached = left[: left.index(groups[-1][-1]) + 1] if len(found) == _CHUNK else left
                if len(found) < len(reached) and self._are_any(place, reached, found):
                    groups = [some]
            except DamagedError:
                groups = [some]
            yield from groups
            if not groups:
                return
            if newest_first:
                high = groups[-1][-1] - 1
            else:
                low = groups[-1][-1] + 1

    def between(self, session: str, place: Place, numbers: Sequence[int]) -> Iterator[Exchange | None]:
        """The exchanges from the first to the last number; ``None`` for each that is there and cannot be read."""
        downwards = numbers[0] > numbers[-1]
        keys = sorted((place.key(numbers[0]), place.key(numbers[-1])))
        try:
            found = self.fetch(statements.SELECT_EXCHANGES[downwards], keys)
        except DamagedError:
            found = []
        if len(found) < len(numbers):  # damaged, or deleted meanwhile
            yield from self._singly(session, place, numbers)
            return
        yield from (_exchange_or_none(session, cells) for cells in found)

    def _are_any(self, place: Place, numbers: Sequence[int], found: Sequence[tuple[int, int]]) -> bool:
        """Whether some of ``numbers`` are there besides ``found``: what is damaged may be passed over in silence."""
        keys = set(_keys(place, numbers[:: max(1, len(numbers) // _PROBES)])).difference(key for key, _ in found)
        return bool(keys) and bool(self.fetch(statements.select_sizes_of(len(keys)), tuple(keys)))

    def _singly(self, session: str, place: Place, numbers: Iterable[int]) -> Iterator[Exchange | None]:
        for seq in numbers:
            try:
                yield from filter(None, [self._read(session, place, seq)])
            except DamagedError:
                yield None

    def _sizes(self, place: Place, numbers: Sequence[int]) -> dict[int, int]:
        keys = _keys(place, numbers)
        try:
            return {key & SEQ_MASK: size for key, size in self.fetch(statements.select_sizes_of(len(keys)), keys)}
        except DamagedError:
            return {}

    def of_numbers(self, session: str, place: Place, numbers: Sequence[int]) -> dict[int, Exchange | None]:
        """The exchanges of these numbers that are there; ``None`` for each that cannot be read."""
        keys = _keys(place, numbers)
        try:
            found = self.fetch(statements.select_exchanges_of(len(keys)), keys)
        except DamagedError:
            return {seq: exchange for seq in numbers for exchange in self._singly(session, place, (seq,))}
        return {cells[0] & SEQ_MASK: _exchange_or_none(session, cells) for cells in found}

    def _readable_rows(self, session: str, place: Place, numbers: Iterable[int]) -> Iterator[ExchangeRow]:
        for seq in numbers:
            try:
                yield from [_row(session, cells) for cells in self.fetch(statements.SELECT_ROW, (place.key(seq),))]
            except DamagedError:
                continue

    def _read(self, session: str, place: Place, seq: int) -> Exchange | None:
        found = self.fetch(statements.SELECT_EXCHANGE, (place.key(seq),))
        return _exchange(session, found[0]) if found else None

    def fetch(self, select: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows at once: no read is left open when this returns."""
        with self._database.reading() as connection:
            return [] if connection is None else connection.execute(select, values).fetchall()

    def covered(self, block: int) -> Covered | None:
        """How far the search index of a block reaches."""
        from fgtui.sessions.search import index as search_index

        with self._database.reading() as connection:
            return None if connection is None else search_index.covered(connection, block)

    def fetch_indexed(
        self, select: str, values: Sequence[object], block: int
    ) -> tuple[list[tuple[Any, ...]], Covered | None]:
        """All rows, and how far the index of ``block`` reached when they were read. StoreError where it is damaged."""
        from fgtui.sessions.search import index as search_index

        with self._database.reading() as connection:
            if connection is None:
                return [], None
            connection.execute("BEGIN")
            try:
                reach = search_index.covered(connection, block)
                return ([] if reach is None else connection.execute(select, values).fetchall()), reach
            finally:
                connection.execute("ROLLBACK")

    def place(self, session: str) -> Place | None:
        """Where a session stands; ``None`` when there is none of that name."""
        with self._database.reading() as connection:
            place = None if connection is None else statements.find(connection, session)
            if place is None and connection is not None:
                self._check_names(connection)
            return place

    def _check_names(self, connection: sqlite3.Connection) -> None:
        if not statements.names_are_whole(connection):
            raise DamagedError("{file} is damaged: it no longer knows all its sessions", file=self.file)


def _keys(place: Place, numbers: Iterable[int]) -> list[int]:
    """Where these numbers would stand; nowhere for one that never was."""
    return [place.key(seq) for seq in numbers if 0 < seq < place.next_seq]


def _grouped(found: list[tuple[int, int]]) -> list[Sequence[int]]:
    """Numbers with the sizes of their exchanges, in groups that fit in memory."""
    groups: list[Sequence[int]] = []
    group: list[int] = []
    waiting = 0
    for seq, size in found:
        if not group or waiting + sane_size(size) > _CHUNK_BYTES:
            group, waiting = [], 0
            groups.append(group)
        group.append(seq)
        waiting += sane_size(size)
    return groups


def _exchange(session: str, cells: tuple[Any, ...]) -> Exchange:
    """The exchange in one row of ``SELECT_EXCHANGE``; DamagedError where it is not what was written."""
    key, note, tags, *content = cells
    try:
        return decode(session, key & SEQ_MASK, note, tags, tuple(content))
    except _DAMAGE as error:
        raise _unreadable(session, key, error) from error


def _exchange_or_none(session: str, cells: tuple[Any, ...]) -> Exchange | None:
    try:
        return _exchange(session, cells)
    except DamagedError:
        return None


def _row(session: str, cells: tuple[Any, ...]) -> ExchangeRow:
    key, *columns = cells
    try:
        return decode_row(session, key & SEQ_MASK, tuple(columns))
    except _DAMAGE as error:
        raise _unreadable(session, key, error) from error


def _unreadable(session: str, key: int, error: Exception) -> DamagedError:
    return DamagedError(
        "exchange {seq} of session {session} cannot be read: {reason}",
        seq=key & SEQ_MASK,
        session=session,
        reason=error,
    )
