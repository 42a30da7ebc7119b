"""The tables of the store, as steps from one version to the next. A step that was released is never changed.

``PRAGMA user_version`` is the number of steps a store has taken. What a page, a filter over columns or a count needs is
in ``exchange``; texts are in ``content``, so that those reads stay small. ``exchange.key`` is the session's number and
the exchange's in it, ``session << 40 | seq``: one index serves paging, and the search index uses it as its row number.

Whoever writes takes the steps first. Reading needs only the first: an older store is read as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

APPLICATION_ID = 0x66677475
""""fgtu", in the header of every store."""

_FIRST = (
    """
    CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE session (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice, so no key is either
        name TEXT NOT NULL,                    -- once: writers look first, in the same transaction
        created_us INTEGER NOT NULL,           -- microseconds since 1970, UTC
        last_us INTEGER,
        next_seq INTEGER NOT NULL DEFAULT 1,
        count INTEGER NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE exchange (                    -- text that UTF-8 cannot hold is a blob
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        started_us INTEGER NOT NULL,
        trigger TEXT NOT NULL,
        template TEXT,
        target_kind TEXT NOT NULL,
        target TEXT NOT NULL,
        outcome TEXT NOT NULL,
        duration_ms REAL,
        status_code INTEGER,
        replay_of TEXT,
        note TEXT NOT NULL,
        tags TEXT NOT NULL,                    -- a JSON list
        size INTEGER NOT NULL,                 -- of the content, unpacked
        content INTEGER NOT NULL
    )
    """,
    "CREATE INDEX exchange_id ON exchange (id)",
    """
    CREATE TABLE content (
        id INTEGER PRIMARY KEY,
        packed INTEGER NOT NULL,               -- 1: data is deflated (zlib)
        head INTEGER NOT NULL,                 -- lengths of the first three parts
        wire INTEGER NOT NULL,
        answer INTEGER NOT NULL,
        crc INTEGER NOT NULL,                  -- CRC-32 of data
        data BLOB NOT NULL                     -- the exchange's JSON without its texts, wire, answer, logs
    )
    """,
)

_SEARCH = (
    """
    CREATE TABLE search_block (                -- how far the search index reaches; its tables are made when needed
        id INTEGER PRIMARY KEY,                -- key >> 16; the words are in the table "search_" and this
        low INTEGER NOT NULL,                  -- the first and the last key it is complete for
        high INTEGER NOT NULL
    )
    """,
    "CREATE INDEX exchange_annotated ON exchange (key) WHERE note <> '' OR tags <> '[]'",
)

STEPS: tuple[tuple[str, ...], ...] = (_FIRST, _SEARCH)
SCHEMA_VERSION = len(STEPS)


def migrate(connection: sqlite3.Connection) -> None:
    """Take the steps that are missing, in the transaction that is open."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for step in STEPS[version:]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
