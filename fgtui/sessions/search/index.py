"""The full text index inside the store: words by exchange, and how far it reaches. All of its SQL.

Each block of 65,536 numbers of a session has an FTS5 table of its own, which knows for each word only the exchanges
that have it, and a row in ``search_block`` that says from which to which key it is complete. Tables are made when there
is something to put into them and dropped with what they speak of: FTS5 would keep the words of what is deleted singly.
The words come from ``search.words``; to FTS5 they are plain text between blanks. Notes and tags change and are not in
it: ``exchange_annotated`` is the index of those who have some.
"""

# ruff: noqa: S608  # every statement is built from the names in this package and numbers

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from fgtui.sessions.storage.statements import SEQ_BITS, marks

if TYPE_CHECKING:
    from fgtui.sessions.search.words import Term

BLOCK_BITS = 16
BLOCK_SIZE = 1 << BLOCK_BITS
"""Numbers of a block."""

_ASKED = 32
"""Words that are looked up, the longest of what is looked for: they tell enough, and FTS5 does not take any number."""

SELECT_ANNOTATED = (
    "SELECT key, note, tags FROM exchange WHERE key BETWEEN ? AND ? AND (note <> '' OR tags <> '[]')"
    " ORDER BY key DESC LIMIT ?"
)


class Covered(NamedTuple):
    """From which to which key, both included, a block's index is complete."""

    low: int
    high: int


class Words(NamedTuple):
    """What the index keeps of one exchange."""

    key: int
    words: Iterable[str]


def block_of(key: int) -> int:
    """The block in which ``key`` is."""
    return key >> BLOCK_BITS


def session_of(block: int) -> int:
    """The id of the session whose block it is."""
    return block >> SEQ_BITS - BLOCK_BITS


def has_full_text(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite has FTS5."""
    try:
        connection.execute("SELECT fts5_source_id()").fetchone()
    except sqlite3.OperationalError:
        return False
    return True


def covered(connection: sqlite3.Connection, block: int) -> Covered | None:
    """How far the index of ``block`` reaches; ``None`` when it has none."""
    if not _has_blocks(connection):
        return None
    row = connection.execute("SELECT low, high FROM search_block WHERE id = ?", (block,)).fetchone()
    return None if row is None else Covered(*row)


def matching(block: int, terms: Sequence[Term]) -> tuple[str, str] | None:
    """A SELECT of the keys in ``block`` whose exchanges may have all ``terms``, to be gone on with, and what it looks
    for; ``None`` where no word of theirs is in the index.
    """
    words = {f'"{word}"' for term in terms for word in term.words}
    beginnings = {f'"{word}" *' for term in terms for word in term.beginnings}
    wanted = " ".join(sorted(words | beginnings, key=lambda word: (-len(word), word))[:_ASKED])
    return (f"SELECT rowid FROM {_table(block)} WHERE {_table(block)} MATCH ?", wanted) if wanted else None


DOWNWARDS = " AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?"


def among(count: int) -> str:
    """Goes on a SELECT of ``matching``: only so many keys."""
    return f" AND rowid IN ({marks(count)})"


def extend(connection: sqlite3.Connection, reach: Covered, words: Sequence[Words]) -> bool:
    """Put ``words`` into the index of their block: all there is from ``reach.low`` to ``reach.high``.

    False, and nothing done, where that does not go on where the index ends, or the exchanges are no longer there.
    """
    block = block_of(reach.low)
    before = covered(connection, block)
    if before is not None and reach.high + 1 != before.low and before.high + 1 != reach.low:
        return False
    count = connection.execute("SELECT count(*) FROM exchange WHERE key BETWEEN ? AND ?", reach).fetchone()
    if count != (len(words),):
        return False
    table = _table(block)
    if before is None:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"
        )
        before = reach
    connection.executemany(
        f"INSERT INTO {table} (rowid, words) VALUES (?, ?)", ((each.key, " ".join(each.words)) for each in words)
    )
    connection.execute(
        "INSERT OR REPLACE INTO search_block VALUES (?, ?, ?)",
        (block, min(reach.low, before.low), max(reach.high, before.high)),
    )
    return True


def drop(connection: sqlite3.Connection, keys: Iterable[int]) -> list[int]:
    """Forget every block in which one of ``keys`` is, and overwrite its words; which ones had an index."""
    known = [block for block in set(map(block_of, keys)) if covered(connection, block) is not None]
    for block in known:
        drop_block(connection, block)
    return known


def drop_between(connection: sqlite3.Connection, low: int, high: int) -> None:
    """Forget every block from that of the key ``low`` to that of ``high``."""
    for block in blocks(connection):
        if block_of(low) <= block <= block_of(high):
            drop_block(connection, block)


def drop_block(connection: sqlite3.Connection, block: int) -> None:
    """Forget one block, and overwrite its words."""
    _drop_table(connection, _table(block))
    connection.execute("DELETE FROM search_block WHERE id = ?", (block,))


def blocks(connection: sqlite3.Connection) -> list[int]:
    """Every block that has an index."""
    found = connection.execute("SELECT id FROM search_block") if _has_blocks(connection) else ()
    return [block for (block,) in found]


def check(connection: sqlite3.Connection, block: int) -> None:
    """Read all of a block's index; raises what SQLite raises for what is damaged."""
    connection.execute(f"INSERT INTO {_table(block)} ({_table(block)}) VALUES ('integrity-check')")


def _drop_table(connection: sqlite3.Connection, table: str) -> None:
    try:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    except sqlite3.DatabaseError:  # FTS5 does not open what is damaged, or there is none: then its words go first
        connection.execute(f"DELETE FROM {table}_idx")
        connection.execute(f"DELETE FROM {table}_data")
        connection.execute(f"INSERT INTO {table}_data VALUES (1, x''), (10, x'00000000000000')")  # as in a new one
        with suppress(sqlite3.OperationalError):
            connection.execute(f"DROP TABLE {table}")


def _has_blocks(connection: sqlite3.Connection) -> bool:
    """False for a store of an older version, which is only read."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_block'").fetchone() is not None


def _table(block: int) -> str:
    return f"search_{block}"
