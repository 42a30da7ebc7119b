"""Reading by numbers and in bulk."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange
from fgtui.sessions.interchange.json_lines import JsonLines, write_jsonl
from fgtui.sessions.query.expressions import Query
from fgtui.sessions.query.finding import find
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage import reading, statements
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.store import SessionStore
from tests.factories import MOMENT, an_exchange


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


@pytest.fixture
def store(file: Path) -> Iterator[SessionStore]:
    with SessionStore(file, Redactor(), journal=JournalMode(False, "")) as opened:
        yield opened


def record(store: SessionStore, count: int, **more: object) -> list[Exchange]:
    return list(store.append_many("orders", (an_exchange(number=number, **more) for number in range(1, count + 1))))


def seqs(found: Iterable[Any]) -> list[int]:
    return [each.seq for each in found]


def test_where_nothing_is_recorded_there_is_nothing(store: SessionStore, file: Path) -> None:
    assert list(store.exchanges("orders", [])) == []
    assert list(store.rows("orders", [1, 2])) == []
    assert list(store.iterate_rows("orders")) == []
    assert store.replays("orders") == {}
    assert store.having("orders", ["a"]) == set()
    with pytest.raises(UsageError, match="session orders has no exchange 1"):
        list(store.exchanges("orders", [1]))
    assert not file.exists()


def test_exchanges_and_rows_come_in_the_order_asked(store: SessionStore) -> None:
    kept = record(store, 600)
    wanted = [*random.Random(1).sample(range(1, 601), 600), 7, 7]
    assert list(store.exchanges("orders", wanted)) == [kept[seq - 1] for seq in wanted]
    assert seqs(store.rows("orders", iter(wanted))) == wanted


def test_large_exchanges_are_not_read_together_by_numbers_either(
    store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_CHUNK_BYTES", 1500)
    record(store, 30)
    assert seqs(store.exchanges("orders", range(30, 0, -1))) == list(range(30, 0, -1))


@pytest.mark.parametrize("seq", [0, -1, 4, 2**70])
def test_a_number_that_is_not_there_is_said_by_one_and_left_out_by_the_other(store: SessionStore, seq: int) -> None:
    record(store, 3)
    assert seqs(store.rows("orders", [3, seq, 1])) == [3, 1]
    exchanges = store.exchanges("orders", [3, seq, 1])
    assert next(exchanges).seq == 3
    with pytest.raises(UsageError, match=f"session orders has no exchange {seq}"):
        next(exchanges)


def test_all_rows_come_both_ways_and_only_those_that_were_there(
    store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_ROWS_CHUNK", 7)
    record(store, 21)
    assert seqs(store.iterate_rows("orders", newest_first=True)) == list(range(21, 0, -1))
    seen = []
    for row in store.iterate_rows("orders"):
        store.append("orders", an_exchange())
        seen.append(row.seq)
    assert seen == list(range(1, 22))
    assert list(store.iterate_rows("orders"))[:3] == list(store.page("orders", before=4))[::-1]


def test_tags_are_told_of_those_exchanges_that_have_some(store: SessionStore) -> None:
    assert store.tags("orders") == {}
    for number, tags in enumerate(((), ("失败", "b [/x]"), (), ("b [/x]",)), 1):
        store.append("orders", an_exchange(number=number, tags=tags, note="a note"))
    store.append("other", an_exchange(number=9, tags=("elsewhere",)))
    assert store.tags("orders") == {2: ("失败", "b [/x]"), 4: ("b [/x]",)}


def test_replays_name_the_newest_of_each(store: SessionStore) -> None:
    for original in ("a", "b", "a", None):
        store.append("orders", an_exchange(replay_of=original))
    store.append("other", an_exchange(replay_of="c"))
    assert store.replays("orders") == {"a": 3, "b": 2}


def test_ids_are_looked_up_in_bulk_and_in_one_session(store: SessionStore) -> None:
    kept = record(store, 600)
    store.append("other", an_exchange(id="elsewhere"))
    ids = [exchange.id for exchange in kept]
    assert store.having("orders", [*ids, "elsewhere", "\ud800", ""]) == set(ids)


def test_what_cannot_be_read_is_told_and_the_rest_comes(store: SessionStore, file: Path) -> None:
    record(store, 9)
    other = sqlite3.connect(file)
    other.execute("UPDATE content SET data = zeroblob(length(data)) WHERE id IN (2, 5)")
    other.execute("UPDATE exchange SET tags = 'no json' WHERE key & ? = 7", (statements.SEQ_MASK,))
    other.commit()
    other.close()
    read: list[int] = []
    with pytest.raises(StoreError, match="3 of 9 exchanges of orders cannot be read"):
        read.extend(exchange.seq for exchange in store.exchanges("orders", range(9, 0, -1)))
    assert read == [9, 8, 6, 4, 3, 1]
    assert seqs(store.iterate_rows("orders")) == [1, 2, 3, 4, 5, 6, 8, 9]
    assert seqs(store.iterate_rows("orders", newest_first=True)) == [9, 8, 6, 5, 4, 3, 2, 1]
    assert seqs(store.rows("orders", [7, 2])) == [2]


def test_a_file_of_lines_is_read_the_same_way(store: SessionStore, tmp_path: Path) -> None:
    kept = record(store, 5)
    write_jsonl(kept, tmp_path / "x.jsonl")
    lines = JsonLines(tmp_path / "x.jsonl")
    for newest_first in (False, True):
        assert list(lines.iterate_rows("x", newest_first=newest_first)) == list(
            store.iterate_rows("orders", newest_first=newest_first)
        )
    assert list(lines.rows("x", [4, 99, 2])) == list(store.rows("orders", [4, 99, 2]))
    assert list(lines.exchanges("x", [4, 2])) == list(store.exchanges("orders", [4, 2]))
    with pytest.raises(UsageError, match="has no exchange 99"):
        list(lines.exchanges("x", [99]))


def by_hand(store: SessionStore, statement: str) -> None:
    store.close()
    with closing(sqlite3.connect(store.file)) as connection, connection:
        connection.execute(statement)


def test_exchanges_whose_rows_are_gone_are_told_at_the_end(store: SessionStore) -> None:
    count = len(record(store, 5))
    by_hand(store, "DELETE FROM exchange WHERE key & 255 = 2")
    for newest_first in (False, True):
        seen: list[int] = []
        with pytest.raises(StoreError, match=f"1 of {count} exchanges of orders cannot be read"):
            seen.extend(exchange.seq for exchange in store.iterate("orders", newest_first=newest_first))
        assert sorted(seen) == [seq for seq in range(1, count + 1) if seq != 2]


def test_what_is_deleted_while_it_is_read_is_no_damage(store: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_CHUNK", 2)
    record(store, 9)
    exchanges = store.iterate("orders")
    assert next(exchanges).seq == 1
    with SessionStore(store.file, Redactor(), journal=store.journal) as other:
        assert other.prune(older_than=MOMENT + timedelta(days=1)).exchanges > 0
    assert seqs(exchanges) == [2]


def test_a_session_of_which_nothing_can_be_read_is_not_said_to_be_empty(store: SessionStore) -> None:
    count = len(record(store, 3))
    by_hand(store, "DELETE FROM exchange")
    with pytest.raises(StoreError, match=f"{count} of {count} exchanges of orders cannot be read"):
        store.last("orders")


def test_a_session_that_its_store_no_longer_finds_is_damage_and_not_an_empty_one(store: SessionStore) -> None:
    record(store, 3)
    store.close()
    with closing(sqlite3.connect(store.file)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'session'").fetchone()
    with store.file.open("r+b") as stream:
        stream.seek((page - 1) * size + 3)
        stream.write(b"\0\0")  # the page says that it holds nothing
    for ask in (lambda: store.count("orders"), lambda: list(store.iterate("orders")), store.sessions):
        with pytest.raises(StoreError, match="is damaged: it no longer knows all its sessions"):
            ask()


class ShortSighted(SessionStore):
    """Going through the numbers in order ends at 20 without a word, as where a part of the file's tree is damaged."""

    def fetch(self, select: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        found = super().fetch(select, values)
        is_scan = select in (*statements.SELECT_SIZES, *statements.SELECT_EXCHANGES)
        return [row for row in found if row[0] & statements.SEQ_MASK <= 20] if is_scan else found


def test_what_going_through_in_order_passes_over_is_looked_up(store: SessionStore) -> None:
    record(store, 600)
    store.close()
    with ShortSighted(store.file, Redactor()) as damaged:
        assert seqs(damaged.iterate("orders")) == list(range(1, 601))
        assert seqs(damaged.iterate("orders", newest_first=True)) == list(range(600, 0, -1))
        assert sorted(hit.row.seq for hit in damaged.search("ok")) == list(range(1, 601))


@pytest.mark.parametrize("size", ["NULL", "'x'", "-5", "1e300", str(2**62)])
def test_a_size_that_is_damaged_hides_nothing(store: SessionStore, size: str) -> None:
    record(store, 3)
    store.close()
    with closing(sqlite3.connect(store.file)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'exchange'")
        connection.commit()
    with closing(sqlite3.connect(store.file)) as connection:
        connection.execute(f"UPDATE exchange SET size = {size}")
        connection.commit()
    assert seqs(store.iterate("orders")) == [1, 2, 3]
    assert [each.seq for each in find(store, "orders", Query.compile("event.body"))] == [1, 2, 3]


def test_what_came_before_the_numbers_broke_off_is_given(store: SessionStore) -> None:
    record(store, 5)

    def numbers() -> Iterator[int]:
        yield from (1, 2, 4, 5)
        raise StoreError("the rest is lost")

    given: list[int] = []
    with pytest.raises(StoreError, match="the rest is lost"):
        given.extend(each.seq for each in store.exchanges("orders", numbers()))
    assert given == [1, 2, 4, 5]
