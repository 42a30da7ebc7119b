"""Sessions in one SQLite file: create, append, page, read, rename, merge, delete (reliability, section 5).

What is appended is redacted here: there is no unredacted way in. An exchange is durable when ``append`` returns it.
A store that is not there reads as empty and is not made by reading. From a damaged one every exchange comes that can
be read, then a StoreError that says how many cannot.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange
from fgtui.records import replace
from fgtui.sessions import statements
from fgtui.sessions.database import BUSY_TIMEOUT_S, DamagedError, Database, setting
from fgtui.sessions.format import in_json_order
from fgtui.sessions.journal import JournalMode
from fgtui.sessions.model import ExchangeRow, Session
from fgtui.sessions.redaction import SALT_SIZE, Redactor
from fgtui.sessions.rows import Encoded, cell, decode, decode_row, encode, microseconds, moment
from fgtui.sessions.statements import SEQ_MASK, Place
from fgtui.terminal.display import is_displayable

NAME_LIMIT = 200
"""Characters of a session's name."""
GROUP_LIMIT = 256
"""Exchanges that share a commit in ``append_many``."""
GROUP_S = 0.02
"""How long the first of them waits for the others."""
GROUP_BYTES = 8 * 1024 * 1024
"""Bytes of them that wait in memory."""
PAGE_LIMIT = 10_000

_ANY_TEXT = "token=AKIA"
"""Brings the rules of redaction to work, so that they are compiled."""
_CHUNK = 256
_CHUNK_BYTES = 4 * 1024 * 1024


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


class SessionStore:
    """Every session of one file. Threads may share it; processes each have their own."""

    def __init__(
        self,
        file: Path,
        redactor: Redactor,
        *,
        clock: Callable[[], datetime] = utc_now,
        journal: JournalMode | None = None,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        self.file = file
        self._clock = clock
        self._redactor = redactor
        self._salted: Redactor | None = None
        self._database = Database(
            file, new_salt=lambda: os.urandom(SALT_SIZE), journal=journal, busy_timeout_s=busy_timeout_s
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def journal(self) -> JournalMode:
        """The journal in force, and why."""
        return self._database.journal

    @property
    def redactor(self) -> Redactor:
        """The rules with this store's salt: what makes placeholders that compare with recorded ones."""
        if self._salted is None:
            with self._database.reading() as connection:
                salt = None if connection is None else setting(connection, "salt")
            if salt is None:
                return self._redactor
            self._salted = self._redactor.salted(salt)
        return self._salted

    def exists(self) -> bool:
        """Whether anything was ever recorded here."""
        with self._database.reading() as connection:
            return connection is not None

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self._database.close()

    # Sessions

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

    def create(self, name: str) -> None:
        """Make an empty session. UsageError when the name is taken or cannot be one."""
        check_name(name)
        with self._database.writing() as connection:
            statements.require_free(connection, name)
            statements.create(connection, name, self._clock())

    def rename(self, old: str, new: str) -> None:
        """Give a session another name."""
        check_name(new)
        with self._database.writing() as connection:
            place = statements.require(connection, old)
            if new != old:
                statements.require_free(connection, new)
                connection.execute("UPDATE session SET name = ? WHERE id = ?", (new, place.id))

    def delete(self, name: str) -> int:
        """Remove a session for good, overwriting what it held; how many exchanges that were."""
        with self._database.writing() as connection:
            place = statements.require(connection, name)
            statements.delete(connection, place)
        self._database.scrub()
        return place.count

    def merge(self, sources: Sequence[str], into: str) -> int:
        """Copy the exchanges of ``sources`` to the end of ``into``, in order of time; how many came in.

        ``into`` is made when it is not there, and its own exchanges keep their numbers. The sources stay. An exchange
        that ``into`` holds already is not copied again, so a merge can be repeated.
        """
        check_name(into)
        with self._database.writing() as connection:
            places = [statements.require(connection, name) for name in dict.fromkeys(sources) if name != into]
            target = statements.find(connection, into) or statements.create(connection, into, self._clock())
            seq, last_us = target.next_seq, None
            for key in statements.keys_by_time(connection, places):
                if not statements.is_among(connection, key, target.key(0), target.key(seq)):
                    last_us = statements.copy(connection, key, target.key(seq))
                    seq += 1
            statements.count_in(connection, target, seq - target.next_seq, last_us)
            return seq - target.next_seq

    # Writing exchanges

    def prepare(self) -> None:
        """Open what ``append`` will need, while there is time and nobody waits; what is wrong is told by ``append``."""
        if self._salted is not None:
            return
        with contextlib.suppress(StoreError):
            self._database.prepare_at_once()
            self.redactor.text(_ANY_TEXT)

    def append(self, session: str, exchange: Exchange) -> Exchange:
        """Record ``exchange`` as the session's last one, making the session when it is new.

        Returns what was written, redacted, once it is durable.
        """
        check_name(session)
        kept = _kept(self._rules(), exchange)
        return self._write(session, [kept], [encode(kept)])[0]

    def append_many(self, session: str, exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
        """Record all of ``exchanges``, many to a commit; each is yielded once it is durable.

        A slow source gets a commit for each exchange, of a quick one none waits longer than ``GROUP_S``. On a
        StoreError what was not yielded is not recorded.
        """
        check_name(session)
        rules = self._rules()
        kept: list[Exchange] = []
        encoded: list[Encoded] = []
        written: list[Exchange] = []
        size, began = 0, monotonic()
        try:
            for exchange in exchanges:
                kept.append(_kept(rules, exchange))
                encoded.append(encode(kept[-1]))
                size += encoded[-1].size
                if len(kept) >= GROUP_LIMIT or size >= GROUP_BYTES or monotonic() - began >= GROUP_S:
                    group, kept, encoded = (kept, encoded), [], []
                    yield from self._write(session, *group)
                    size, began = 0, monotonic()
        finally:  # also when the source breaks off or nobody listens any more: what happened is kept
            if kept:
                written = self._write(session, kept, encoded)
        yield from written

    def _rules(self) -> Redactor:
        self._database.prepared()
        return self.redactor

    def _write(self, session: str, kept: Sequence[Exchange], encoded: Sequence[Encoded]) -> list[Exchange]:
        with self._database.writing() as connection:
            place = statements.find(connection, session) or statements.create(connection, session, self._clock())
            statements.insert(connection, place, encoded)
            statements.count_in(connection, place, len(kept), microseconds(kept[-1].started_at))
        return [replace(exchange, session=session, seq=seq) for seq, exchange in enumerate(kept, place.next_seq)]

    # Reading exchanges

    def count(self, session: str) -> int:
        """How many exchanges a session holds; 0 when there is none of that name."""
        place = self._place(session)
        return place.count if place else 0

    def get(self, session: str, seq: int) -> Exchange:
        """One exchange. UsageError when there is none of that number, StoreError when it cannot be read."""
        place = self._place(session)
        found = self._read(session, place, seq) if place and 0 < seq < place.next_seq else None
        if found is None:
            raise UsageError(
                "session {session} has no exchange {seq}",
                hint="its last is {last}" if place and place.count else "it is empty",
                session=session,
                seq=seq,
                last=place.next_seq - 1 if place else 0,
            )
        return found

    def last(self, session: str) -> Exchange | None:
        """The newest exchange that can be read, or ``None``. StoreError when there are some, and none can be."""
        newest = self.page(session, limit=1)
        if newest:
            return self.get(session, newest[0].seq)
        if count := self.count(session):
            raise self._lost(count, count, session)
        return None

    def find(self, id: str) -> Exchange | None:  # noqa: A002  # the record's own name
        """The exchange with this id, in whatever session: what a ``replay_of`` names."""
        rows = self._fetch(statements.SELECT_PLACE_OF_ID, (cell(id),))
        return self.get(rows[0][0], rows[0][1] & SEQ_MASK) if rows else None

    def page(
        self, session: str, *, before: int | None = None, after: int | None = None, limit: int = 200
    ) -> tuple[ExchangeRow, ...]:
        """At most ``limit`` rows, newest first; of a damaged store those that can be read.

        With ``before`` the newest of those below that number, with ``after`` the oldest of those above it, else the
        newest of all.
        """
        place = self._place(session)
        if place is None:
            return ()
        upwards = after is not None
        low = max(0, after or 0) + 1
        high = place.next_seq - 1 if before is None else min(before, place.next_seq) - 1
        limit = max(0, min(limit, PAGE_LIMIT))
        try:
            found = self._fetch(statements.SELECT_ROWS[not upwards], (place.key(low), place.key(high), limit))
            rows = [_row(session, cells) for cells in found]
        except DamagedError:
            numbers = range(low, high + 1) if upwards else range(high, low - 1, -1)
            rows = list(islice(self._readable_rows(session, place, numbers), limit))
        return tuple(reversed(rows) if upwards else rows)

    def iterate(self, session: str, *, newest_first: bool = False) -> Iterator[Exchange]:
        """Every exchange that was there at the start, oldest first unless told otherwise.

        Nothing is locked between two. What cannot be read is passed over; a StoreError at the end says how many.
        """
        place = self._place(session)
        if place is None:
            return
        read = lost = 0
        for numbers in self._groups(place, newest_first=newest_first):
            for exchange in self._exchanges(session, place, numbers):
                if exchange is None:
                    lost += 1
                else:
                    read += 1
                    yield exchange
        now = self._place(session)
        if now is not None and now.id == place.id and now.count >= place.count:
            lost = max(lost, place.count - read)
        if lost:
            raise self._lost(lost, place.count, session)

    def _lost(self, lost: int, count: int, session: str) -> StoreError:
        return StoreError(
            "{lost} of {count} exchanges of {session} cannot be read; {file} is damaged and was not changed",
            lost=lost,
            count=count,
            session=session,
            file=self.file,
        )

    def _groups(self, place: Place, *, newest_first: bool) -> Iterator[Sequence[int]]:
        """A session's numbers in order, as many together as may wait in memory."""
        low, high = 1, place.next_seq - 1
        while low <= high:
            try:
                found = self._fetch(statements.SELECT_SIZES[newest_first], (place.key(low), place.key(high), _CHUNK))
                groups = _grouped([(key & SEQ_MASK, size) for key, size in found])
            except DamagedError:  # then every number there may be is tried
                groups = [range(high, low - 1, -1)[:_CHUNK] if newest_first else range(low, high + 1)[:_CHUNK]]
            yield from groups
            if not groups:
                return
            if newest_first:
                high = groups[-1][-1] - 1
            else:
                low = groups[-1][-1] + 1

    def _exchanges(self, session: str, place: Place, numbers: Sequence[int]) -> Iterator[Exchange | None]:
        """The exchanges from the first to the last number; ``None`` for each that is there and cannot be read."""
        downwards = numbers[0] > numbers[-1]
        keys = sorted((place.key(numbers[0]), place.key(numbers[-1])))
        try:
            found = self._fetch(statements.SELECT_EXCHANGES[downwards], keys)
        except DamagedError:
            for seq in numbers:
                try:
                    yield from filter(None, [self._read(session, place, seq)])
                except DamagedError:
                    yield None
            return
        for cells in found:
            try:
                yield _exchange(session, cells)
            except DamagedError:
                yield None

    def _readable_rows(self, session: str, place: Place, numbers: Iterable[int]) -> Iterator[ExchangeRow]:
        for seq in numbers:
            try:
                yield from [_row(session, cells) for cells in self._fetch(statements.SELECT_ROW, (place.key(seq),))]
            except DamagedError:
                continue

    def _read(self, session: str, place: Place, seq: int) -> Exchange | None:
        found = self._fetch(statements.SELECT_EXCHANGE, (place.key(seq),))
        return _exchange(session, found[0]) if found else None

    def _fetch(self, select: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows at once: no read is left open when this returns."""
        with self._database.reading() as connection:
            return [] if connection is None else connection.execute(select, values).fetchall()

    def _place(self, session: str) -> Place | None:
        with self._database.reading() as connection:
            place = None if connection is None else statements.find(connection, session)
            if place is None and connection is not None:
                self._check_names(connection)
            return place

    def _check_names(self, connection: sqlite3.Connection) -> None:
        if not statements.names_are_whole(connection):
            raise DamagedError("{file} is damaged: it no longer knows all its sessions", file=self.file)


def check_name(name: str) -> None:
    """UsageError unless ``name`` can be a session's: visible text that does not read as a file of JSON Lines."""
    if not name.strip() or name != name.strip():
        raise UsageError("{name!r} cannot name a session: it is empty or has blanks at an end", name=name)
    if not name.isprintable() or not is_displayable(name):
        raise UsageError("{name!r} cannot name a session: it has characters that cannot be seen", name=name)
    if len(name) > NAME_LIMIT:
        raise UsageError(
            "{name!r} cannot name a session: it is longer than {limit} characters", name=name, limit=NAME_LIMIT
        )
    if name.endswith(".jsonl"):
        raise UsageError("{name!r} cannot name a session: it reads as a file of JSON Lines", name=name)


def _kept(rules: Redactor, exchange: Exchange) -> Exchange:
    """What is written of ``exchange``, and so what is read again."""
    kept = rules.apply(exchange)
    headers = in_json_order(kept.outcome.headers)
    return kept if headers is kept.outcome.headers else replace(kept, outcome=replace(kept.outcome, headers=headers))


def _grouped(found: list[tuple[int, int]]) -> list[Sequence[int]]:
    """Numbers with the sizes of their exchanges, in groups that fit in memory."""
    groups: list[Sequence[int]] = []
    group: list[int] = []
    waiting = 0
    for seq, size in found:
        if not group or waiting + size > _CHUNK_BYTES:
            group, waiting = [], 0
            groups.append(group)
        group.append(seq)
        waiting += size
    return groups


def _exchange(session: str, cells: tuple[Any, ...]) -> Exchange:
    """The exchange in one row of ``SELECT_EXCHANGE``; DamagedError where it is not what was written."""
    key, note, tags, *content = cells
    try:
        return decode(session, key & SEQ_MASK, note, tags, tuple(content))
    except (StoreError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise _unreadable(session, key, error) from error


def _row(session: str, cells: tuple[Any, ...]) -> ExchangeRow:
    key, *columns = cells
    try:
        return decode_row(session, key & SEQ_MASK, tuple(columns))
    except (ValueError, TypeError, OverflowError) as error:
        raise _unreadable(session, key, error) from error


def _unreadable(session: str, key: int, error: Exception) -> DamagedError:
    return DamagedError(
        "exchange {seq} of session {session} cannot be read: {reason}",
        seq=key & SEQ_MASK,
        session=session,
        reason=error,
    )
