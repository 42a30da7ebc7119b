"""The index itself: how far it reaches, and when it refuses to say that it does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.search.index import (
    BLOCK_SIZE,
    DOWNWARDS,
    Covered,
    Words,
    among,
    block_of,
    blocks,
    check,
    covered,
    drop,
    extend,
    has_full_text,
    matching,
)
from fgtui.sessions.search.words import Wanted
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.store import SessionStore
from tests.factories import an_exchange


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """To a store with thirty exchanges and no index."""
    file = tmp_path / "sessions.db"
    with SessionStore(file, Redactor(), journal=JournalMode(False, ""), full_text=False) as store:
        for _ in store.append_many("orders", (an_exchange(number=number) for number in range(30))):
            pass
    opened = sqlite3.connect(file, isolation_level=None)
    yield opened
    opened.close()


def key(seq: int) -> int:
    return (1 << 40) + seq


def words(low: int, high: int) -> list[Words]:
    return [
        Words(key(seq), {"all", f"n{seq}", "失败", "even" if seq % 2 == 0 else "odd"}) for seq in range(low, high + 1)
    ]


def reach(low: int, high: int) -> Covered:
    return Covered(key(low), key(high))


def found(connection: sqlite3.Connection, text: str) -> list[int]:
    select = matching(block_of(key(1)), Wanted.parse(text).terms)
    assert select is not None
    rows = connection.execute(select[0] + DOWNWARDS, (select[1], key(1), key(30), 100))
    return [seq - key(0) for (seq,) in rows]


def test_an_index_grows_at_both_its_ends(connection: sqlite3.Connection) -> None:
    block = block_of(key(1))
    assert covered(connection, block) is None
    assert blocks(connection) == []
    for low, high in ((11, 20), (21, 25), (1, 10), (26, 30)):
        assert extend(connection, reach(low, high), words(low, high))
    assert covered(connection, block) == reach(1, 30)
    assert blocks(connection) == [block]
    assert found(connection, "all") == list(range(30, 0, -1))
    assert found(connection, "失败 odd n2*") == [29, 27, 25, 23, 21]
    check(connection, block)


def test_it_refuses_what_would_leave_a_gap_or_come_twice(connection: sqlite3.Connection) -> None:
    assert extend(connection, reach(11, 20), words(11, 20))
    for low, high in ((22, 25), (1, 9), (11, 20), (15, 25), (20, 21)):
        assert not extend(connection, reach(low, high), words(low, high))
    assert found(connection, "all") == list(range(20, 10, -1))


def test_it_refuses_exchanges_that_are_no_longer_all_there(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM exchange WHERE key = ?", (key(3),))
    assert not extend(connection, reach(1, 5), words(1, 5))
    assert extend(connection, reach(1, 5), [each for each in words(1, 5) if each.key != key(3)])


def test_what_is_dropped_can_be_made_anew(connection: sqlite3.Connection) -> None:
    assert extend(connection, reach(1, 30), words(1, 30))
    drop(connection, [key(7), key(8), key(BLOCK_SIZE + 1)])
    assert blocks(connection) == []
    assert extend(connection, reach(5, 6), words(5, 6))
    assert found(connection, "all") == [6, 5]


def test_keys_can_be_asked_for_singly(connection: sqlite3.Connection) -> None:
    extend(connection, reach(1, 30), words(1, 30))
    select = matching(block_of(key(1)), Wanted.parse("even").terms)
    assert select is not None
    rows = connection.execute(select[0] + among(3), (select[1], key(2), key(3), key(4)))
    assert sorted(rows) == [(key(2),), (key(4),)]


def test_where_a_term_has_no_word_the_index_cannot_help() -> None:
    sign = Wanted.parse("→ word").terms[0]
    assert matching(1, [sign]) is None
    assert matching(1, []) is None


def test_full_text_is_known_to_be_there() -> None:
    connection = sqlite3.connect(":memory:")
    assert has_full_text(connection) == any(
        "ENABLE_FTS5" in option for (option,) in connection.execute("PRAGMA compile_options")
    )
    connection.close()


def test_a_store_of_an_older_version_has_no_index() -> None:
    connection = sqlite3.connect(":memory:")
    assert covered(connection, 1) is None
    assert blocks(connection) == []
    connection.close()
