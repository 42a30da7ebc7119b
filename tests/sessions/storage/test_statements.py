"""What the store says to SQLite, on a database in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fgtui.errors import UsageError
from fgtui.invoke.model import Exchange
from fgtui.sessions.model import MARK
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage import migrations, retention, statements
from fgtui.sessions.storage.rows import encode, microseconds
from fgtui.sessions.storage.statements import Place
from fgtui.sessions.store import SessionStore
from tests.factories import MOMENT, an_exchange


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    migrations.migrate(opened)
    yield opened
    opened.close()


def a_session(connection: sqlite3.Connection, name: str, *kept: Exchange) -> Place:
    place = statements.create(connection, name, MOMENT)
    statements.insert(connection, place, [encode(exchange) for exchange in kept])
    last_us = microseconds(kept[-1].started_at) if kept else None
    statements.count_in(connection, place, len(kept), last_us)
    found = statements.find(connection, name)
    assert found is not None
    return found


def some(*numbers: int, tags: tuple[str, ...] = ()) -> list[Exchange]:
    return [an_exchange(f'{{"n": {number}}}', number=number, tags=tags) for number in numbers]


def seqs(connection: sqlite3.Connection) -> list[int]:
    return [key & statements.SEQ_MASK for (key,) in connection.execute("SELECT key FROM exchange ORDER BY key")]


def contents(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM content").fetchone()[0])


def test_a_mark_is_the_tag_and_no_part_of_another(connection: sqlite3.Connection) -> None:
    tags = [(MARK,), ("a", MARK), (f"{MARK}2",), (f"un{MARK}",), (f'"{MARK}"',), (), (f"x {MARK}", MARK)]
    place = a_session(connection, "s", *(some(at, tags=each)[0] for at, each in enumerate(tags, 1)))
    unmarked = [key - place.key(0) for key, _, _ in statements.by_age(connection, include_marked=False)]
    assert unmarked == [3, 4, 5, 6]
    assert len(list(statements.by_age(connection, include_marked=True))) == len(tags)
    keys = [place.key(seq) for seq in range(1, 8)]
    assert statements.delete_some(connection, keys, spare_marked=True) == 4
    assert seqs(connection) == [1, 2, 7]
    assert contents(connection) == 3
    assert statements.delete_some(connection, keys) == 3
    assert contents(connection) == 0


def test_what_is_deleted_is_counted_in_each_session_and_nothing_else_goes(connection: sqlite3.Connection) -> None:
    one, other = a_session(connection, "one", *some(1, 2, 3)), a_session(connection, "other", *some(4, 5))
    keys = [one.key(1), one.key(9), *(other.key(seq) for seq in (1, 2))]
    assert statements.delete_some(connection, keys) == 3
    counts = {name: (count, last_us) for name, count, _, last_us in connection.execute(statements.SELECT_SESSIONS)}
    assert counts == {"one": (2, microseconds(MOMENT + timedelta(seconds=2))), "other": (0, None)}
    again = statements.find(connection, "other")
    assert again is not None
    assert again.next_seq == 3, "numbers are not given again"
    assert statements.first_keys(connection, one, 10) == [one.key(2), one.key(3)]


def test_the_oldest_come_first_over_all_sessions(connection: sqlite3.Connection) -> None:
    a_session(connection, "one", *some(5, 1))
    a_session(connection, "other", *some(3, 2))
    started = [started_us for _, started_us, _ in statements.by_age(connection, include_marked=False)]
    assert started == sorted(started)
    assert len(started) == 4
    assert statements.total_size(connection) == (
        4,
        sum(each for _, _, each in statements.by_age(connection, include_marked=True)),
    )


def test_the_same_exchange_is_known_by_id_time_and_content_in_one_session_alone(connection: sqlite3.Connection) -> None:
    first = an_exchange(number=1)
    place = a_session(connection, "s", first)
    others = [
        first,
        an_exchange(id="another"),
        an_exchange(started_at=MOMENT + timedelta(microseconds=1)),
        an_exchange('{"key": "valuX"}'),
        an_exchange(note="a note", tags=("checked",)),
    ]
    elsewhere = a_session(connection, "elsewhere", *others)
    known = [
        statements.is_among(connection, elsewhere.key(seq), place.key(0), place.key(place.next_seq))
        for seq in range(1, len(others) + 1)
    ]
    assert known == [True, False, False, False, True]
    assert not statements.is_among(connection, place.key(1), place.key(2), place.key(9))


def test_a_copy_stands_by_itself(connection: sqlite3.Connection) -> None:
    place, target = a_session(connection, "s", *some(1)), a_session(connection, "target")
    assert statements.copy(connection, place.key(1), target.key(1)) == microseconds(MOMENT)
    statements.delete_some(connection, [place.key(1)])
    rows = connection.execute(statements.SELECT_EXCHANGES[0], target.all_keys).fetchall()
    assert [row[0] for row in rows] == [target.key(1)]
    assert rows[0][-1] is not None


@pytest.mark.parametrize("seq", [0, -1, 3, 2**40])
def test_nothing_is_changed_where_one_number_is_not_there(connection: sqlite3.Connection, seq: int) -> None:
    place = a_session(connection, "s", *some(1, 2))
    a_session(connection, "next", *some(3))
    with pytest.raises(UsageError, match=f"session s has no exchange {seq}"):
        statements.annotate(connection, "s", place, [1, seq], lambda note, tags: ("changed", tags))
    assert {note for (note,) in connection.execute("SELECT note FROM exchange")} == {""}


def test_only_what_is_another_now_counts_as_changed(connection: sqlite3.Connection) -> None:
    place = a_session(connection, "s", *some(1), *some(2, tags=("old",)))
    assert statements.annotate(connection, "s", place, [1, 2], lambda note, tags: (note, '["old"]')) == 1
    assert statements.annotate(connection, "s", place, [1, 2], lambda note, tags: (note, '["old"]')) == 0


def test_sessions_end_where_the_next_one_begins(connection: sqlite3.Connection) -> None:
    one, other = a_session(connection, "one", *some(1, 2)), a_session(connection, "other", *some(3))
    assert one.all_keys[1] < other.keys[0]
    assert statements.keys_by_time(connection, [other]) == [other.key(1)]
    assert statements.keys_by_time(connection, []) == []


def test_a_name_that_is_not_there_is_said_with_the_nearest(connection: sqlite3.Connection) -> None:
    a_session(connection, "orders")
    with pytest.raises(UsageError, match="there is no session ordrs") as error:
        statements.newest_first(connection, ["ordrs"])
    assert error.value.values["nearest"] == "orders"
    with pytest.raises(UsageError, match="there is a session orders already"):
        statements.require_free(connection, "orders")


def test_what_is_marked_while_older_ones_are_deleted_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "DELETED_TOGETHER", 4)
    file = tmp_path / "sessions.db"
    with SessionStore(file, Redactor()) as store, SessionStore(file, Redactor()) as other:
        list(store.append_many("s", some(*range(1, 21))))

        def mark(*_: object) -> None:
            other.annotate("s", [15], add_tags=[MARK])

        pruned = store.prune(older_than=MOMENT + timedelta(days=1), on_progress=mark)
        assert [exchange.seq for exchange in store.iterate("s")] == [15]
        assert pruned.exchanges == 19


def test_a_plan_counts_no_marked_exchange(tmp_path: Path) -> None:
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        list(store.append_many("s", some(1, 2, 3, tags=(MARK,))))
        list(store.append_many("s", some(4)))
        planned = store.prune(older_than=MOMENT + timedelta(days=1), dry_run=True)
        assert planned.exchanges == 1
        assert store.prune(max_bytes=1, dry_run=True).exchanges == 1
        assert store.prune(max_bytes=1, dry_run=True, include_marked=True).exchanges == 4
