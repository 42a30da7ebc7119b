"""The SQL of the store: what it says to SQLite, in one place."""

# ruff: noqa: S608  # every statement is built from the names in this package alone

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from fgtui.errors import FgtuiError, UsageError
from fgtui.records import Record
from fgtui.sessions.model import MARK
from fgtui.sessions.storage.rows import CONTENT_COLUMNS, ROW_COLUMNS, Cell, Encoded, cell, microseconds
from fgtui.words import nearest

_Any = TypeVar("_Any")

SEQ_BITS = 40
SEQ_MASK = (1 << SEQ_BITS) - 1
"""``exchange.key`` is the session's id, then so many bits of the exchange's number in it."""
DELETED_TOGETHER = 500
"""Exchanges that are deleted in one transaction: others wait for it some 20 ms."""

_MARKED = f"instr(tags, '\"{MARK}\"') > 0"
"""Tags are a JSON list, in which a quotation mark inside a tag is escaped."""
_PLACES = ", ".join("?" for _ in ROW_COLUMNS.split(","))
_BETWEEN = "WHERE exchange.key BETWEEN ? AND ? ORDER BY exchange.key"
_EXCHANGES = (
    f"SELECT exchange.key, note, tags, {CONTENT_COLUMNS} FROM exchange"
    " LEFT JOIN content ON content.id = exchange.content"  # LEFT, so that lost content shows
)

INSERT_CONTENT = f"INSERT INTO content (id, {CONTENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
INSERT_EXCHANGE = f"INSERT INTO exchange (key, {ROW_COLUMNS}, size, content) VALUES (?, {_PLACES}, ?, ?)"

SELECT_SESSIONS = "SELECT name, count, created_us, last_us FROM session ORDER BY name"
SELECT_EXCHANGE = f"{_EXCHANGES} WHERE exchange.key = ?"
SELECT_EXCHANGES = (f"{_EXCHANGES} {_BETWEEN}", f"{_EXCHANGES} {_BETWEEN} DESC")
"""Upwards and downwards, as the following pairs."""
SELECT_SIZES = (
    f"SELECT key, size FROM exchange {_BETWEEN} LIMIT ?",
    f"SELECT key, size FROM exchange {_BETWEEN} DESC LIMIT ?",
)
SELECT_ROW = f"SELECT key, {ROW_COLUMNS} FROM exchange WHERE key = ?"
SELECT_ROWS = (
    f"SELECT key, {ROW_COLUMNS} FROM exchange {_BETWEEN} LIMIT ?",
    f"SELECT key, {ROW_COLUMNS} FROM exchange {_BETWEEN} DESC LIMIT ?",
)
SELECT_REPLAYS = (
    "SELECT replay_of, max(key) FROM exchange WHERE key BETWEEN ? AND ? AND replay_of IS NOT NULL GROUP BY replay_of"
)
SELECT_TAGS = "SELECT key, tags FROM exchange WHERE +key BETWEEN ? AND ? AND tags <> '[]' ORDER BY +key"
"""By the index of what has tags or a note, since most have none."""
SELECT_PLACE_OF_ID = (
    f"SELECT name, key FROM exchange JOIN session ON session.id = key >> {SEQ_BITS} WHERE exchange.id = ? LIMIT 1"
)


def select_exchanges_of(count: int) -> str:
    """Exchanges by so many keys, in no order."""
    return f"{_EXCHANGES} WHERE exchange.key IN ({marks(count)})"


def select_sizes_of(count: int) -> str:
    """Sizes by so many keys, in no order."""
    return f"SELECT key, size FROM exchange WHERE key IN ({marks(count)})"


def select_rows_of(count: int) -> str:
    """Rows by so many keys, in no order."""
    return f"SELECT key, {ROW_COLUMNS} FROM exchange WHERE key IN ({marks(count)})"


def select_ids_among(count: int) -> str:
    """Which of so many ids are among the exchanges from one key to another."""
    return f"SELECT DISTINCT id FROM exchange WHERE +key BETWEEN ? AND ? AND id IN ({marks(count)})"


def select_keys_of_ids(count: int) -> str:
    """Where so many ids stand among the exchanges from one key to another."""
    return f"SELECT key FROM exchange WHERE +key BETWEEN ? AND ? AND id IN ({marks(count)})"


def marks(count: int) -> str:
    """Places for so many values."""
    return ", ".join("?" * count)


def in_parts(values: Iterable[_Any], size: int = 256, *, first: int | None = None) -> Iterator[list[_Any]]:
    """``values`` in lists of at most ``size``: so many go into one statement.

    With ``first`` the lists begin as small and double, so that whoever takes them one by one need not wait for many.
    Where ``values`` breaks off, what came before counts.
    """
    part: list[_Any] = []
    wanted = size if first is None else first
    try:
        for value in values:
            part.append(value)
            if len(part) == wanted:
                whole, part, wanted = part, [], min(2 * wanted, size)
                yield whole
    except FgtuiError:
        if part:
            yield part
        raise
    if part:
        yield part


class Place(Record):
    """A session as the store finds it: which keys are its own."""

    id: int
    next_seq: int
    count: int

    def key(self, seq: int) -> int:
        """Of the exchange with this number."""
        return (self.id << SEQ_BITS) + seq

    @property
    def keys(self) -> tuple[int, int]:
        """The first and the last there can be."""
        return self.key(0), self.key(self.next_seq - 1)

    @property
    def all_keys(self) -> tuple[int, int]:
        """The first and the last there can ever be."""
        return self.key(0), self.key(SEQ_MASK)


def find(connection: sqlite3.Connection, name: str) -> Place | None:
    """The session ``name``."""
    row = connection.execute("SELECT id, next_seq, count FROM session WHERE name = ?", (cell(name),)).fetchone()
    return None if row is None else Place(*row)


def names_are_whole(connection: sqlite3.Connection) -> bool:
    """Whether the list of sessions is undamaged: one that is missing may be lost rather than never made."""
    (found,) = connection.execute("PRAGMA integrity_check('session')").fetchone()
    return bool(found == "ok")


def require(connection: sqlite3.Connection, name: str) -> Place:
    """The session ``name``; UsageError with the nearest when there is none."""
    place = find(connection, name)
    if place is None:
        known = [each for (each,) in connection.execute("SELECT name FROM session")]
        found = nearest(name, known)
        hint = "did you mean {nearest}?" if found else ""
        raise UsageError("there is no session {name}", hint=hint, name=name, nearest=found)
    return place


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether SQLite finds no damage in what was recorded; it reads all of it."""
    return all(
        connection.execute(f"PRAGMA quick_check('{table}')").fetchone() == ("ok",)
        for table in ("session", "exchange", "content")
    )


def newest_first(connection: sqlite3.Connection | None, names: Sequence[str]) -> list[tuple[str, Place]]:
    """The sessions of these names, or all, the one with the newest exchange first. UsageError for one not there."""
    if connection is None:
        for name in names:
            raise UsageError("there is no session {name}", hint="nothing is recorded yet", name=name)
        return []
    for name in names:
        require(connection, name)
    found = connection.execute(
        "SELECT name, id, next_seq, count FROM session ORDER BY coalesce(last_us, created_us) DESC, id DESC"
    )
    return [(name, Place(*numbers)) for name, *numbers in found if not names or name in names]


def no_exchange(session: str, place: Place | None, seq: int) -> UsageError:
    """That a session has no exchange of a number, and what its last one is."""
    return UsageError(
        "session {session} has no exchange {seq}",
        hint="its last is {last}" if place and place.count else "it is empty",
        session=session,
        seq=seq,
        last=place.next_seq - 1 if place else 0,
    )


def require_free(connection: sqlite3.Connection, name: str) -> None:
    """UsageError when there is a session ``name``."""
    if find(connection, name) is not None:
        raise UsageError("there is a session {name} already", hint="sessions merge joins two", name=name)


def create(connection: sqlite3.Connection, name: str, now: datetime) -> Place:
    """Make the session ``name``."""
    made = connection.execute("INSERT INTO session (name, created_us) VALUES (?, ?)", (name, microseconds(now)))
    assert made.lastrowid is not None
    return Place(made.lastrowid, next_seq=1, count=0)


def insert(connection: sqlite3.Connection, place: Place, encoded: Sequence[Encoded]) -> None:
    """Write exchanges to the end of a session."""
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM content").fetchone()
    connection.executemany(INSERT_CONTENT, ((at, *each.content) for at, each in enumerate(encoded, last + 1)))
    connection.executemany(
        INSERT_EXCHANGE,
        (
            (place.key(seq), *each.row, each.size, at)
            for at, (seq, each) in enumerate(enumerate(encoded, place.next_seq), last + 1)
        ),
    )


def annotate(
    connection: sqlite3.Connection,
    session: str,
    place: Place,
    seqs: Sequence[int],
    applied: Callable[[Cell, str], tuple[Cell, str]],
) -> int:
    """Change note and tags of exchanges; of how many they are others now. UsageError for a number that is not there."""
    keys = [place.key(seq) for seq in seqs if 0 < seq < place.next_seq]
    select = f"SELECT key, note, tags FROM exchange WHERE key IN ({marks(len(keys))})"
    before = {key: (note, tags) for key, note, tags in connection.execute(select, keys)}
    for seq in seqs:
        if place.key(seq) not in before:
            raise no_exchange(session, place, seq)
    after = {key: applied(*kept) for key, kept in before.items()}
    changed = [(*kept, key) for key, kept in after.items() if kept != before[key]]
    connection.executemany("UPDATE exchange SET note = ?, tags = ? WHERE key = ?", changed)
    return len(changed)


def count_in(connection: sqlite3.Connection, place: Place, added: int, last_us: int | None) -> None:
    """Let the session know of ``added`` exchanges at its end."""
    connection.execute(
        "UPDATE session SET next_seq = next_seq + ?, count = count + ?, last_us = coalesce(?, last_us) WHERE id = ?",
        (added, added, last_us, place.id),
    )


def first_keys(connection: sqlite3.Connection, place: Place, limit: int) -> list[int]:
    """The lowest keys of a session."""
    select = "SELECT key FROM exchange WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?"
    return [key for (key,) in connection.execute(select, (*place.all_keys, limit))]


def delete_some(connection: sqlite3.Connection, keys: Sequence[int], *, spare_marked: bool = False) -> int:
    """Remove exchanges, except for the index of their words; how many these were."""
    ours = f"key IN ({marks(len(keys))})" + (f" AND NOT {_MARKED}" if spare_marked else "")
    found = Counter(key >> SEQ_BITS for (key,) in connection.execute(f"SELECT key FROM exchange WHERE {ours}", keys))
    connection.execute(f"DELETE FROM content WHERE id IN (SELECT content FROM exchange WHERE {ours})", keys)
    connection.execute(f"DELETE FROM exchange WHERE {ours}", keys)
    connection.executemany(
        "UPDATE session SET count = max(0, count - ?), last_us = CASE WHEN count > ? THEN last_us END WHERE id = ?",
        ((count, count, session) for session, count in found.items()),
    )
    return found.total()


def write_nothing_new(connection: sqlite3.Connection) -> None:
    """Write a page as it is: what keeps a store from being written to shows."""
    connection.execute("UPDATE setting SET value = value")


def delete_session(connection: sqlite3.Connection, place: Place) -> None:
    """Remove a session that is empty."""
    connection.execute("DELETE FROM session WHERE id = ?", (place.id,))


def by_age(connection: sqlite3.Connection, *, include_marked: bool) -> Iterator[tuple[int, int, int]]:
    """Key, start and content's size of every exchange of every session, the oldest first."""
    where = "" if include_marked else f" WHERE NOT {_MARKED}"
    return connection.execute(f"SELECT key, started_us, size FROM exchange{where} ORDER BY started_us, key")


def total_size(connection: sqlite3.Connection) -> tuple[int, int]:
    """How many exchanges there are in all, and the size of their content, unpacked."""
    count, size = connection.execute("SELECT count(*), coalesce(sum(size), 0) FROM exchange").fetchone()
    return int(count), int(size)


def keys_by_time(connection: sqlite3.Connection, places: list[Place]) -> list[int]:
    """Of all exchanges of several sessions, in order of time."""
    ours = " OR ".join("key BETWEEN ? AND ?" for _ in places) or "0"
    values: list[Any] = [key for place in places for key in place.keys]
    return [
        key for (key,) in connection.execute(f"SELECT key FROM exchange WHERE {ours} ORDER BY started_us, key", values)
    ]


def is_among(connection: sqlite3.Connection, key: int, first: int, last: int) -> bool:
    """Whether the exchange at ``key`` is also one of those from ``first`` to ``last``: id, time and content."""
    return (
        connection.execute(
            "SELECT 1 FROM exchange AS one JOIN content AS its ON its.id = one.content"
            " JOIN exchange AS other ON other.id = one.id JOIN content AS theirs ON theirs.id = other.content"
            " WHERE one.key = ? AND other.key BETWEEN ? AND ?"
            " AND one.started_us = other.started_us AND one.size = other.size AND its.crc = theirs.crc",
            (key, first, last),
        ).fetchone()
        is not None
    )


def copy(connection: sqlite3.Connection, key: int, to: int) -> int:
    """Copy the exchange at ``key``; when it started."""
    content, started_us = connection.execute(
        "SELECT content, started_us FROM exchange WHERE key = ?", (key,)
    ).fetchone()
    copied = connection.execute(
        f"INSERT INTO content ({CONTENT_COLUMNS}) SELECT {CONTENT_COLUMNS} FROM content WHERE id = ?", (content,)
    ).lastrowid
    connection.execute(
        f"INSERT INTO exchange (key, {ROW_COLUMNS}, size, content)"
        f" SELECT ?, {ROW_COLUMNS}, size, ? FROM exchange WHERE key = ?",
        (to, copied, key),
    )
    return int(started_us)
