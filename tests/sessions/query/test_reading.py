"""Ranges of a store for the processes that try queries: in order, in groups that fit in memory, and with what is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import jmespath
import pytest

from fgtui.invoke.model import HandlerError, Raised, Returned
from fgtui.sessions.query.columns import narrowed, scan_statements
from fgtui.sessions.query.reading import SOME, Group, StoreRange, require_all
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage.database import DamagedError
from fgtui.sessions.store import SessionStore
from tests.factories import an_event, an_exchange

COUNT = 400


class Room:
    """Remembers for how many bytes at once it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def make_room(self, size: int) -> None:
        self.asked.append(size)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionStore]:
    with SessionStore(tmp_path_factory.mktemp("reading") / "sessions.db", Redactor()) as store:
        store.append("other", an_exchange())
        list(
            store.append_many(
                "s",
                (
                    an_exchange(
                        an_event(f'{{"n": {number}}}', "obs" if number % 2 else "lts"),
                        Raised(error=HandlerError("E", "m")) if number % 4 == 0 else Returned(body=b"{}"),
                        number=number,
                    )
                    for number in range(1, COUNT + 1)
                ),
            )
        )
        yield store


@pytest.fixture(scope="module")
def broken(store: SessionStore, tmp_path_factory: pytest.TempPathFactory) -> SessionStore:
    """The same with one page of its small columns overwritten."""
    store.close()
    file = tmp_path_factory.mktemp("broken") / "sessions.db"
    file.write_bytes(store.file.read_bytes())
    connection = sqlite3.connect(file)
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    try:
        pages = connection.execute("SELECT pageno FROM dbstat WHERE name = 'exchange' AND pagetype = 'leaf'").fetchall()
    except sqlite3.OperationalError:
        pytest.skip("this SQLite cannot say where its pages are")
    finally:
        connection.close()
    with file.open("r+b") as stream:
        stream.seek((sorted(pages)[len(pages) // 2][0] - 1) * size)
        stream.write(b"\xff" * size)
    return SessionStore(file, Redactor())


def a_range(store: SessionStore, expression: str = "`true`", *, newest_first: bool = False) -> StoreRange:
    condition = narrowed(jmespath.compile(expression).parsed).condition
    place = store.place("s")
    assert place is not None
    return StoreRange(
        file=str(store.file),
        journal=(store.journal.wal, store.journal.reason),
        base=place.key(0),
        statements=scan_statements(condition, newest_first=newest_first),
        values=() if condition is None else condition.values,
    )


def read(
    store: SessionStore, low: int, high: int, expression: str = "`true`", *, newest_first: bool = False
) -> list[Group]:
    range_ = a_range(store, expression, newest_first=newest_first)
    try:
        return list(range_.between(low, high, Room()))
    finally:
        range_.close()


def numbers(store: SessionStore, groups: list[Group]) -> list[int | None]:
    place = store.place("s")
    assert place is not None
    return [None if row is None else row[0] - place.key(0) for group in groups for row in group.rows]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_range_comes_in_order_in_groups_that_are_not_too_many(store: SessionStore, newest_first: bool) -> None:
    groups = read(store, 7, COUNT, newest_first=newest_first)
    expected = list(range(7, COUNT + 1))
    assert numbers(store, groups) == (expected[::-1] if newest_first else expected)
    assert [len(group.rows) for group in groups if group.rows] == [SOME, COUNT - 6 - SOME]


def test_those_for_which_the_columns_say_no_are_counted_and_not_read(store: SessionStore) -> None:
    groups = read(store, 1, 40, "outcome.kind == 'raised'")
    assert numbers(store, groups) == list(range(4, 41, 4))
    assert sum(group.beside for group in groups) == 30
    assert all(group.is_narrowed for group in groups)


def test_large_exchanges_are_not_in_memory_together(tmp_path: Path) -> None:
    room = Room()
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        list(store.append_many("s", (an_exchange("x" * 3_000_000, number=number) for number in (1, 2, 3))))
        range_ = a_range(store)
        groups = [group for group in range_.between(1, 3, room) if group.rows]
        range_.close()
    assert [len(group.rows) for group in groups] == [1, 1, 1]
    assert len(room.asked) == 3
    assert all(size > 0 for size in room.asked)


@pytest.mark.parametrize("newest_first", [False, True])
def test_of_a_broken_page_each_that_can_be_read_comes_in_order_and_each_that_cannot_is_counted(
    broken: SessionStore, newest_first: bool
) -> None:
    there = numbers(broken, read(broken, 1, COUNT, newest_first=newest_first))
    readable = [seq for seq in there if seq is not None]
    assert 0 < len(readable) < COUNT == len(there)
    assert readable == sorted(readable, reverse=newest_first)


def test_where_the_columns_could_not_be_asked_nobody_is_told_that_they_said_yes(broken: SessionStore) -> None:
    groups = read(broken, 1, COUNT, "outcome.kind == 'raised'")
    assert not any(group.is_narrowed for group in groups if group.rows)
    assert None in numbers(broken, groups)


def test_chosen_numbers_on_a_broken_page_are_told_as_lost_and_the_others_come(broken: SessionStore) -> None:
    lost = [seq for seq, row in enumerate(numbers(broken, read(broken, 1, COUNT)), 1) if row is None]
    chosen = [1, 2, lost[0], COUNT]
    range_ = a_range(broken)
    groups = list(range_.among(chosen, Room()))
    range_.close()
    assert numbers(broken, groups) == [1, 2, None, COUNT]
    assert not any(group.is_narrowed for group in groups if group.rows)


@pytest.mark.parametrize("there", [set(range(100, 700)), {650}, set()])
def test_a_part_of_the_file_that_is_passed_over_in_silence_is_noticed(there: set[int]) -> None:
    def fetch(name: str, keys: tuple[int, ...]) -> list[tuple[int]]:
        assert (name, len(keys)) == ("count_of_some", SOME)
        return [(len(there & set(keys)),)]

    require_all(fetch, range(100, 700), len(there))
    for count in {0, len(there) // 2} if len(there) > 1 else ():
        with pytest.raises(DamagedError):
            require_all(fetch, range(100, 700), count)
