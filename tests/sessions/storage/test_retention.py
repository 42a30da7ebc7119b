"""Taking away what is too old or too much."""

from __future__ import annotations

import random
import signal
import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fgtui.errors import StoreError
from fgtui.sessions import store as store_module
from fgtui.sessions.model import MARK, Pruned
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.search import index as search_index
from fgtui.sessions.search import searching
from fgtui.sessions.storage import database, retention
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.store import SessionStore
from tests.factories import MOMENT, an_exchange
from tests.sessions.children import in_namespace, may_mount, start


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (retention, store_module):
        monkeypatch.setattr(module, "DELETED_TOGETHER", 7)
    monkeypatch.setattr(searching, "INDEXED_TOGETHER", 4)
    monkeypatch.setattr(searching, "BLOCK_SIZE", 16)
    monkeypatch.setattr(search_index, "BLOCK_BITS", 4)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


@pytest.fixture(params=[False, True], ids=["rollback", "write-ahead"])
def store(request: pytest.FixtureRequest, file: Path) -> Iterator[SessionStore]:
    with SessionStore(file, Redactor(), journal=JournalMode(request.param, "as the test wants it")) as opened:
        yield opened


def record(store: SessionStore, session: str, count: int, first: int = 1, size: int = 10) -> None:
    noise = random.Random(session)
    exchanges = [
        an_exchange(f'{{"n": "n{number}"}}', number=number, body=noise.randbytes(size).hex(), logs="Very-Visible")
        for number in range(first, first + count)
    ]
    for _ in store.append_many(session, exchanges):
        pass


def numbers(store: SessionStore, session: str) -> list[int]:
    return [exchange.seq for exchange in store.iterate(session)]


def everything(file: Path) -> bytes:
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


def test_there_is_nothing_to_take_from_a_store_that_is_not_there(store: SessionStore, file: Path) -> None:
    assert store.prune(older_than=MOMENT) == Pruned(0, 0, 0, 0)
    assert not file.exists()


def test_what_is_older_is_deleted_over_all_sessions_and_keeps_its_numbers(store: SessionStore) -> None:
    record(store, "a", 30)
    record(store, "b", 30, first=16)
    pruned = store.prune(older_than=MOMENT + timedelta(seconds=20))
    assert (pruned.exchanges, pruned.sessions) == (25, 2)
    assert numbers(store, "a") == list(range(21, 31))
    assert numbers(store, "b") == list(range(6, 31))
    assert [(each.name, each.count) for each in store.sessions()] == [("a", 10), ("b", 25)]
    assert [row.seq for row in store.page("a", limit=3)] == [30, 29, 28]
    assert store.append("a", an_exchange()).seq == 31


def test_a_session_that_has_lost_everything_is_empty_and_goes_on(store: SessionStore) -> None:
    record(store, "a", 9)
    assert store.prune(older_than=MOMENT + timedelta(days=1)).exchanges == 9
    (session,) = store.sessions()
    assert (session.count, session.last_at) == (0, None)
    assert store.last("a") is None
    assert store.append("a", an_exchange()).seq == 10


def test_marked_ones_stay_unless_they_are_meant_too(store: SessionStore) -> None:
    record(store, "a", 20)
    store.annotate("a", [3, 11], add_tags=["un" + MARK, MARK])
    store.annotate("a", [5], add_tags=["un" + MARK], note=MARK)
    assert store.prune(older_than=MOMENT + timedelta(days=1)).exchanges == 18
    assert numbers(store, "a") == [3, 11]
    assert [row.seq for row in store.iterate_rows("a")] == [3, 11]
    assert store.prune(older_than=MOMENT + timedelta(days=1), include_marked=True).exchanges == 2


def test_a_dry_run_changes_nothing_and_comes_near(store: SessionStore, file: Path) -> None:
    record(store, "a", 60, size=3000)
    before = list(store.iterate("a"))
    planned = store.prune(older_than=MOMENT + timedelta(seconds=40), dry_run=True)
    assert list(store.iterate("a")) == before
    pruned = store.prune(older_than=MOMENT + timedelta(seconds=40))
    assert (planned.exchanges, planned.sessions) == (pruned.exchanges, pruned.sessions) == (40, 1)
    assert planned.bytes_before == pruned.bytes_before
    assert 0.5 < planned.bytes_after / pruned.bytes_after < 1.5


def test_the_oldest_go_until_the_file_is_small_enough(store: SessionStore, file: Path) -> None:
    record(store, "new", 40, first=100, size=3000)
    record(store, "old", 40, size=3000)
    pruned = store.prune(max_bytes=200_000)
    assert file.stat().st_size == pruned.bytes_after <= 200_000 < pruned.bytes_before
    assert numbers(store, "old") == []
    left = numbers(store, "new")
    assert left == list(range(41 - len(left), 41))
    assert len(left) > 10
    assert store.prune(max_bytes=200_000) == Pruned(0, 0, pruned.bytes_after, pruned.bytes_after)


def test_a_size_that_cannot_be_reached_takes_what_may_go(store: SessionStore) -> None:
    record(store, "a", 20, size=3000)
    store.annotate("a", [4], add_tags=[MARK])
    assert store.prune(max_bytes=1).exchanges == 19
    assert numbers(store, "a") == [4]


def test_what_is_deleted_is_in_no_file_any_more_and_the_rest_is_found(store: SessionStore, file: Path) -> None:
    record(store, "a", 40)
    store.annotate("a", range(1, 41), note="Secretly-Noted")
    list(store.search("visible"))
    store.prune(older_than=MOMENT + timedelta(seconds=20))
    assert [hit.row.seq for hit in store.search("visible noted")] == list(range(40, 20, -1))
    store.prune(older_than=MOMENT + timedelta(days=1))
    left = everything(file).lower()
    assert b"visible" not in left
    assert b"noted" not in left


def test_without_rules_only_the_space_is_given_back(store: SessionStore, file: Path) -> None:
    record(store, "a", 40, size=3000)
    record(store, "b", 5)
    store.delete("a")
    before = file.stat().st_size
    pruned = store.prune()
    assert (pruned.exchanges, pruned.bytes_before) == (0, before)
    assert file.stat().st_size == pruned.bytes_after < before / 2
    assert numbers(store, "b") == [1, 2, 3, 4, 5]


def test_others_record_between_two_pieces(store: SessionStore, file: Path) -> None:
    record(store, "a", 30)
    other = SessionStore(file, Redactor(), journal=store.journal)
    heard: list[int] = []

    def record_another(deleted: int) -> None:
        heard.append(deleted)
        other.append("b", an_exchange(number=1000 + deleted))

    store.prune(older_than=MOMENT + timedelta(seconds=30), on_progress=record_another)
    other.close()
    assert heard == [7, 14, 21, 28, 30]
    assert store.count("b") == 5


def test_a_session_is_deleted_in_pieces_too(store: SessionStore, file: Path) -> None:
    record(store, "a", 30)
    record(store, "b", 3)
    assert store.delete("a") == 30
    assert [session.name for session in store.sessions()] == ["b"]
    assert b'"n28"' not in everything(file)


def tables(file: Path) -> list[str]:
    connection = sqlite3.connect(file)
    found = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'search_%'")]
    found += [f"block {block}" for (block,) in connection.execute("SELECT id FROM search_block")]
    connection.close()
    return found


def test_no_index_is_left_of_what_is_gone(store: SessionStore, file: Path) -> None:
    record(store, "a", 60)
    store.prune(older_than=MOMENT + timedelta(seconds=50))
    assert len(tables(file)) > 1
    list(store.search("visible"))
    store.prune(older_than=MOMENT + timedelta(days=1))
    list(store.search("visible"))
    assert tables(file) == ["search_block"]
    record(store, "a", 60)
    store.delete("a")
    assert tables(file) == ["search_block"]


def test_a_session_that_was_never_searched_is_not_indexed_for_it(store: SessionStore, file: Path) -> None:
    for number in range(1, 31):
        store.append("a", an_exchange(number=number))
    store.prune(older_than=MOMENT + timedelta(seconds=10))
    assert tables(file) == ["search_block"]


KILLED = """
from datetime import timedelta
from fgtui.sessions.storage import retention
from tests.factories import MOMENT
retention.DELETED_TOGETHER = 3
store.prune(older_than=MOMENT + timedelta(days=1), on_progress=lambda deleted: say(deleted))
"""


def test_what_is_killed_half_way_has_deleted_less_and_can_be_done_again(store: SessionStore, file: Path) -> None:
    record(store, "a", 60)
    child = start(KILLED, file, wal=store.journal.wal)
    assert child.stdout is not None
    for _ in range(3):
        child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    child.stdout.close()
    child.wait()
    left = numbers(store, "a")
    assert left == list(range(61 - len(left), 61))
    assert store.count("a") == len(left) <= 51
    assert [hit.row.seq for hit in store.search("visible")] == left[::-1]
    assert store.prune(older_than=MOMENT + timedelta(days=1)).exchanges == len(left)


def test_where_there_is_no_room_to_compact_it_is_said_and_what_was_deleted_is(
    store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(store, "a", 40, size=3000)
    monkeypatch.setattr(database, "_free_bytes", lambda place: 10_000)
    with pytest.raises(
        StoreError, match="39 exchanges were deleted, but the file could not be made smaller: compacting"
    ):
        store.prune(older_than=MOMENT + timedelta(seconds=39))
    assert numbers(store, "a") == [40]
    with pytest.raises(StoreError, match=r"needs 0\.\d MB on .*, where 0\.0 MB are free; nothing was changed"):
        store.prune()


def test_a_file_that_others_read_is_said_to_be_locked(file: Path) -> None:
    with SessionStore(file, Redactor(), journal=JournalMode(False, ""), busy_timeout_s=0.01) as store:
        record(store, "a", 9)
        reader = sqlite3.connect(file, isolation_level=None)
        reader.execute("BEGIN IMMEDIATE")
        try:
            with pytest.raises(StoreError, match="has been locked by another program"):
                store.prune(older_than=MOMENT + timedelta(days=1))
        finally:
            reader.close()
        assert store.count("a") == 9


def test_a_damaged_store_is_left_as_it_is(store: SessionStore, file: Path) -> None:
    record(store, "a", 60, size=3000)
    store.close()
    damaged = bytearray(file.read_bytes())
    damaged[40 * 4096 : 60 * 4096] = b"\xa5" * 4096 * 20
    file.write_bytes(damaged)
    with pytest.raises(StoreError, match="is damaged; nothing was changed"):
        store.prune(older_than=MOMENT + timedelta(days=1))
    store.close()
    assert file.read_bytes() == damaged


def test_words_can_be_deleted_where_sqlite_has_no_full_text(store: SessionStore, file: Path) -> None:
    record(store, "a", 20)
    record(store, "b", 20, first=100)
    store.close()
    raw = sqlite3.connect(file)
    raw.execute("PRAGMA writable_schema = ON")
    raw.execute("UPDATE sqlite_master SET sql = replace(sql, 'USING fts5', 'USING nowhere')")
    raw.commit()
    raw.close()
    assert store.delete("a") == 20
    store.delete("b")
    assert b"visible" not in everything(file).lower()


def test_reading_and_pruning_at_once_is_no_damage(store: SessionStore) -> None:
    record(store, "a", 40)
    reading = store.iterate("a")
    first = next(reading)
    pruning = threading.Thread(target=store.prune, kwargs={"older_than": MOMENT + timedelta(days=1)})
    pruning.start()
    pruning.join()
    assert first.seq == 1
    assert len(list(reading)) <= 39


def test_what_nobody_waits_for_any_more_is_whole_and_goes_on(store: SessionStore) -> None:
    record(store, "a", 40, size=3000)
    cancelled = threading.Event()
    done = store.prune(
        older_than=MOMENT + timedelta(seconds=30), on_progress=lambda _: cancelled.set(), cancelled=cancelled
    )
    assert (done.exchanges, done.bytes_after) == (7, done.bytes_before)
    assert numbers(store, "a") == list(range(8, 41))
    left = store.prune(older_than=MOMENT + timedelta(seconds=30), cancelled=cancelled)
    assert left.exchanges == 7
    assert store._database.compact(cancelled) == done.bytes_after
    assert numbers(store, "a") == list(range(15, 41))


def test_making_the_file_small_can_be_broken_off(store: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    class SetLater(threading.Event):
        times = 0

        def is_set(self) -> bool:
            self.times += 1
            return self.times > 1

    record(store, "a", 40, size=3000)
    monkeypatch.setattr(database, "_LOOKED_AFTER", 10)
    before = store.prune(dry_run=True).bytes_before
    with store._database.writing() as connection:
        connection.execute("DELETE FROM content WHERE id > 10")
        connection.execute("DELETE FROM exchange WHERE content > 10")
    cancelled = SetLater()
    assert store._database.compact(cancelled) == before
    assert cancelled.times > 1
    assert store._database.compact() < before


ON_A_SMALL_DISK = """
import subprocess
disk = Path(file).parent
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk], check=True)
exchanges = [an_exchange(number=number, body=os.urandom(2000).hex()) for number in range(100)]
for _ in store.append_many("x", exchanges):
    pass
free = os.statvfs(disk)
(disk / "fill").write_bytes(bytes(free.f_bavail * free.f_frsize - int(arguments[0])))
try:
    say(store.prune(max_bytes=200_000).exchanges > 30)
except FgtuiError as error:
    say(error)
    say(error.hint)
say(len(list(store.iterate("x"))) == store.count("x"))
"""


def test_on_a_full_disk_fewer_are_deleted_together_as_long_as_there_is_any_room(tmp_path: Path) -> None:
    if not may_mount(tmp_path):
        pytest.skip("this machine lets nobody mount a small disk")
    (tmp_path / "disk").mkdir()
    file = tmp_path / "disk" / "sessions.db"
    words, *_, is_whole = in_namespace(ON_A_SMALL_DISK, file, "90000")
    assert words == "True" or "exchanges were deleted, but the file could not be made smaller: " in words
    assert not words.startswith("0 ")
    assert is_whole == "True"
    words, hint, is_whole = in_namespace(ON_A_SMALL_DISK, file, "0")
    assert words == f"no space left on {tmp_path}/disk; 0 exchanges were deleted"
    assert hint.startswith("deleting needs some itself")
    assert is_whole == "True"
