"""Searching a store: the index and a scan agree, whatever was recorded, changed, deleted, damaged or cut short."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange
from fgtui.sessions.model import MARK
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.search import index as search_index
from fgtui.sessions.search import searching
from fgtui.sessions.search.text import indexed_words
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.store import SessionStore
from tests.factories import an_exchange
from tests.sessions import make_format_1, make_format_2
from tests.sessions.children import start

ROLLBACK = JournalMode(wal=False, reason="as the test wants it")
WAL = JournalMode(wal=True, reason="as the test wants it")


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few exchanges are enough for everything that takes thousands outside."""
    monkeypatch.setattr(searching, "INDEXED_TOGETHER", 4)
    monkeypatch.setattr(searching, "BLOCK_SIZE", 16)
    monkeypatch.setattr(search_index, "BLOCK_BITS", 4)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sessions.db"


@pytest.fixture
def store(file: Path) -> Iterator[SessionStore]:
    with SessionStore(file, Redactor(), journal=ROLLBACK) as opened:
        yield opened


@pytest.fixture
def scan(file: Path) -> Iterator[SessionStore]:
    """The same store as it is where SQLite has no full text."""
    with SessionStore(file, Redactor(), journal=ROLLBACK, full_text=False) as opened:
        yield opened


def some(count: int, first: int = 1) -> list[Exchange]:
    return [
        an_exchange(
            f'{{"n": "n{number}"}}', number=number, logs=f"{'even' if number % 2 == 0 else 'odd'} 第{number}次上传失败"
        )
        for number in range(first, first + count)
    ]


def record(store: SessionStore, session: str, exchanges: list[Exchange]) -> None:
    for _ in store.append_many(session, exchanges):
        pass


def found(store: SessionStore, text: str, *sessions: str) -> list[tuple[str, int]]:
    return [(hit.row.session, hit.row.seq) for hit in store.search(text, sessions)]


def numbers(store: SessionStore, text: str) -> list[int]:
    return [hit.row.seq for hit in store.search(text)]


def blocks(file: Path) -> dict[int, tuple[int, int]]:
    """The index's reach: first and last number by block."""
    connection = sqlite3.connect(file)
    try:
        rows = connection.execute("SELECT id, low, high FROM search_block").fetchall()
    finally:
        connection.close()
    mask = (1 << 40) - 1
    return {block & 0xFFFF: (low & mask, high & mask) for block, low, high in rows}


# What is asked


def test_a_store_that_is_not_there_has_nothing_and_is_not_made(store: SessionStore, file: Path) -> None:
    assert numbers(store, "anything") == []
    with pytest.raises(UsageError, match="there is no session orders"):
        store.search("anything", ["orders"])
    assert not file.parent.exists()


def test_what_cannot_be_asked_is_said_at_once(store: SessionStore) -> None:
    record(store, "orders", some(1))
    with pytest.raises(UsageError, match="there is nothing to look for"):
        store.search("…")
    with pytest.raises(UsageError, match="there is no session order") as caught:
        store.search("n1", ["order"])
    assert caught.value.values["nearest"] == "orders"


def test_the_newest_come_first_in_each_session_and_the_session_with_the_newest_first(store: SessionStore) -> None:
    record(store, "old", some(3))
    record(store, "new", some(20, first=10))
    store.create("empty")
    everything = found(store, "上传")
    assert everything == [("new", seq) for seq in range(20, 0, -1)] + [("old", seq) for seq in (3, 2, 1)]
    assert found(store, "上传", "old", "old") == everything[-3:]
    assert found(store, "odd", "old", "empty") == [("old", 3), ("old", 1)]


def test_chinese_is_found_by_any_part_of_a_sentence(store: SessionStore) -> None:
    record(store, "orders", some(40))
    for text in ("失败", "上传失败", "传失", "败", "第17次", "17次上传失败"):
        assert 17 in numbers(store, text)
    assert numbers(store, "第17次") == [17]
    assert numbers(store, "败上") == []


def test_as_many_words_as_fit_can_be_asked_for(store: SessionStore) -> None:
    many = " ".join(f"{number:x}" for number in range(800))
    record(store, "orders", [an_exchange(f'["{many}"]', number=number) for number in range(5)])
    problems: list[StoreError] = []
    assert [hit.row.seq for hit in store.search(many, on_problem=problems.append)] == [5, 4, 3, 2, 1]
    assert list(store.search(f"{many} 999999", on_problem=problems.append)) == []
    assert list(store.search(" ".join(f"{letter}*" for letter in "0123456789abcdef" * 50))) != []
    assert problems == []


def test_secrets_are_not_found_because_they_were_never_written(store: SessionStore, file: Path) -> None:
    record(store, "orders", [an_exchange('{"password": "hunter2"}', number=number) for number in range(8)])
    assert numbers(store, "hunter2") == []
    assert numbers(store, "password redacted") == list(range(8, 0, -1))
    assert b"hunter2" not in file.read_bytes()


# The index and a scan


def test_what_is_recorded_in_bulk_is_in_the_index_and_single_ones_once_they_are_enough(
    store: SessionStore, file: Path
) -> None:
    record(store, "orders", some(35))
    assert blocks(file) == {0: (1, 15), 1: (16, 31), 2: (32, 35)}
    for exchange in some(3, first=36):
        store.append("orders", exchange)
    assert numbers(store, "n37") == [37]
    assert blocks(file)[2] == (32, 35)
    store.append("orders", some(1, first=39)[0])
    assert numbers(store, "n37") == [37]
    assert blocks(file)[2] == (32, 39)


def test_a_search_that_is_stopped_leaves_what_it_has_indexed_and_the_next_goes_on(
    store: SessionStore, scan: SessionStore, file: Path
) -> None:
    record(scan, "orders", some(40))
    assert blocks(file) == {}
    assert [hit.row.seq for hit in islice(store.search("上传"), 14)] == list(range(40, 26, -1))
    assert blocks(file) == {2: (32, 40), 1: (28, 31)}
    assert numbers(store, "上传 odd") == list(range(39, 0, -2))
    assert blocks(file) == {2: (32, 40), 1: (16, 31), 0: (1, 15)}


def test_what_came_above_an_index_is_added_from_its_end(store: SessionStore, scan: SessionStore, file: Path) -> None:
    record(store, "orders", some(5))
    record(scan, "orders", some(9, first=6))
    assert blocks(file) == {0: (1, 4)}
    assert numbers(store, "上传") == list(range(14, 0, -1))
    assert blocks(file) == {0: (1, 14)}
    assert numbers(store, "n9") == [9]


def test_cancelling_ends_it_quietly(store: SessionStore, scan: SessionStore) -> None:
    record(store, "orders", some(20))
    for one in (store, scan):
        over = threading.Event()
        hits = one.search("上传", cancelled=over)
        assert next(hits).row.seq == 20
        over.set()
        assert list(hits) == []


words = st.sampled_from(["alpha", "beta", "Gamma", "alphabet", "失败", "上传失败", "处理", "a-b", "x_y", "3.5", "败"])
some_text = st.lists(words, max_size=4).map(" ".join)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    recorded=st.lists(st.tuples(some_text, some_text, some_text), min_size=1, max_size=24),
    singly=st.integers(0, 24),
    wanted=st.lists(words | words.map("{}*".format) | some_text.map('"{}"'.format), min_size=1, max_size=3).map(
        " ".join
    ),
    notes=st.dictionaries(st.integers(1, 24), some_text, max_size=6),
)
def test_both_find_the_same(  # noqa: PLR0917
    store: SessionStore,
    scan: SessionStore,
    recorded: list[tuple[str, str, str]],
    singly: int,
    wanted: str,
    notes: dict[int, str],
) -> None:
    session = f"s{len(store.sessions())}"
    exchanges = [
        an_exchange(f'{{"t": "{wire}"}}', number=number, body=body, logs=logs)
        for number, (wire, body, logs) in enumerate(recorded)
    ]
    record(store, session, exchanges[singly:])
    for exchange in exchanges[:singly]:
        store.append(session, exchange)
    if not any(character.isalnum() for character in wanted):
        return
    for seq, note in notes.items():
        if seq <= len(recorded):
            store.annotate(session, [seq], note=note, add_tags=["alpha"] if seq % 3 == 0 else [])
    expected = list(scan.search(wanted, [session]))
    assert list(store.search(wanted, [session])) == expected
    assert list(store.search(wanted, [session])) == expected


# What changes


def test_notes_and_tags_are_found_at_once_and_no_longer_once_they_are_gone(store: SessionStore) -> None:
    record(store, "orders", some(20))
    store.annotate("orders", [3, 12], note="looks like 超时", add_tags=[MARK])
    assert numbers(store, "超时") == [12, 3]
    assert numbers(store, "超时 n12") == [12]
    assert numbers(store, "marked even looks") == [12]
    assert [hit.part for hit in store.search("超时 looks")] == ["note", "note"]
    store.annotate("orders", [12], note="", remove_tags=[MARK])
    assert numbers(store, "超时") == [3]
    assert numbers(store, "marked") == [3]


def test_many_notes_are_found_page_by_page(store: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_ANNOTATED_PAGE", 3)
    monkeypatch.setattr(searching, "_FIRST_PAGE", 2)
    record(store, "orders", some(30))
    store.annotate("orders", range(1, 31), note="seen")
    assert numbers(store, "seen") == list(range(30, 0, -1))
    assert numbers(store, "seen odd") == list(range(29, 0, -2))
    assert numbers(store, "seen n7") == [7]


def test_a_session_that_is_renamed_or_merged_is_found_as_what_it_is(store: SessionStore) -> None:
    record(store, "orders", some(20))
    store.rename("orders", "sales")
    assert found(store, "n7") == [("sales", 7)]
    store.merge(["sales"], "all")
    assert found(store, "n7") == [("all", 7), ("sales", 7)]
    assert found(store, "n7") == [("all", 7), ("sales", 7)]


@pytest.mark.parametrize("journal", [ROLLBACK, WAL], ids=["rollback", "write-ahead"])
def test_the_words_of_a_deleted_session_are_gone_from_the_file(file: Path, journal: JournalMode) -> None:
    with SessionStore(file, Redactor(), journal=journal) as store:
        record(store, "kept", some(20))
        record(store, "secret", [an_exchange('{"n": "Very-Visible-Word"}', number=number) for number in range(20)])
        assert len(numbers(store, "visible")) == 20
        store.delete("secret")
        left = b"".join(each.read_bytes() for each in file.parent.iterdir()).lower()
        assert b"visible" not in left
        assert numbers(store, "visible") == []
        assert numbers(store, "n7") == [7]


# What goes wrong


def test_a_damaged_index_is_said_and_everything_is_found_all_the_same(store: SessionStore, file: Path) -> None:
    record(store, "orders", some(40))
    store.close()
    raw = sqlite3.connect(file)
    (table,) = raw.execute(
        "SELECT name FROM sqlite_master WHERE name LIKE 'search_%_data' ORDER BY name LIMIT 1 OFFSET 1"
    ).fetchone()
    raw.execute(f"UPDATE {table} SET block = CAST(replace(hex(block), '0', 'F') AS BLOB)")
    raw.commit()
    raw.close()
    problems: list[StoreError] = []
    hits = store.search("上传", on_problem=problems.append)
    assert [hit.row.seq for hit in hits] == list(range(40, 0, -1))
    assert [str(problem) for problem in problems] == [
        "the search index of orders is damaged; every exchange was looked at instead"
    ]
    store.prune()
    assert [hit.row.seq for hit in store.search("上传", on_problem=problems.append)] == list(range(40, 0, -1))
    assert len(problems) == 1


def test_a_search_over_a_damaged_page_of_the_index_finds_everything_too(store: SessionStore, file: Path) -> None:
    record(store, "orders", some(40))
    store.close()
    raw = sqlite3.connect(file)
    try:
        found_page = raw.execute("SELECT pageno FROM dbstat WHERE name LIKE 'search_%_data' LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        pytest.skip("this SQLite does not tell its pages")
    finally:
        raw.close()
    damaged = bytearray(file.read_bytes())
    damaged[(found_page[0] - 1) * 4096 : found_page[0] * 4096] = bytes(4096)
    file.write_bytes(damaged)
    assert numbers(store, "上传") == list(range(40, 0, -1))
    with pytest.raises(StoreError, match="is damaged"):
        store.prune()
    assert store.count("orders") == 40
    assert numbers(store, "n7") == [7]


def test_an_index_that_was_taken_away_meanwhile_is_no_damage(
    store: SessionStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_FIRST_PAGE", 2)
    record(store, "orders", some(31))
    problems: list[StoreError] = []
    hits = store.search("上传", on_problem=problems.append)
    first = [next(hits).row.seq for _ in range(3)]
    with SessionStore(file, Redactor(), journal=ROLLBACK) as other, other._database.writing() as connection:
        search_index.drop(connection, [(1 << 40) + seq for seq in range(1, 32)])
    assert first + [hit.row.seq for hit in hits] == list(range(31, 0, -1))
    assert problems == []


def test_an_index_that_was_made_anew_meanwhile_and_reaches_less_far_hides_nothing(
    store: SessionStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_FIRST_PAGE", 2)
    record(store, "orders", some(31))
    hits = store.search("上传")
    first = [next(hits).row.seq for _ in range(3)]
    base = 1 << 40
    last = [search_index.Words(base + seq, indexed_words(store.get("orders", seq))) for seq in (30, 31)]
    with SessionStore(file, Redactor(), journal=ROLLBACK) as other, other._database.writing() as connection:
        search_index.drop(connection, [base + seq for seq in range(1, 32)])
        assert search_index.extend(connection, search_index.Covered(base + 30, base + 31), last)
    assert first + [hit.row.seq for hit in hits] == list(range(31, 0, -1))


def test_what_cannot_be_read_is_told_at_the_end(store: SessionStore, file: Path) -> None:
    record(store, "orders", some(20))
    other = sqlite3.connect(file)
    other.execute("UPDATE content SET data = zeroblob(length(data)) WHERE id = 2")
    other.execute("UPDATE exchange SET tags = 'no list' WHERE content = 9")
    other.commit()
    other.close()
    seen: list[int] = []
    with pytest.raises(StoreError, match="2 exchanges could not be read, and so not be searched"):
        seen.extend(hit.row.seq for hit in store.search("上传"))
    seen = []
    for hit in islice(store.search("上传"), 18):
        seen.append(hit.row.seq)
    assert seen == [seq for seq in range(20, 0, -1) if seq not in (2, 9)]


def test_a_store_that_somebody_keeps_locked_is_searched_without_waiting(
    scan: SessionStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(scan, "orders", some(20))
    lock = sqlite3.connect(file, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    try:
        monkeypatch.setattr(searching, "PATIENCE_S", 0.01)
        with SessionStore(file, Redactor(), journal=ROLLBACK, busy_timeout_s=1000) as store:
            assert numbers(store, "上传") == list(range(20, 0, -1))
        assert blocks(file) == {}
    finally:
        lock.close()


def test_where_no_space_is_left_a_search_finds_everything(store: SessionStore, scan: SessionStore, file: Path) -> None:
    record(scan, "orders", some(40))
    connection = store._database.prepared()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    assert numbers(store, "上传") == list(range(40, 0, -1))
    assert blocks(file) == {}
    assert store.count("orders") == 40


def test_recording_goes_on_where_the_index_cannot(store: SessionStore, file: Path) -> None:
    store.append("orders", some(1)[0])
    raw = sqlite3.connect(file)
    raw.execute("DROP TABLE search_block")
    raw.close()
    record(store, "orders", some(20, first=2))
    assert store.count("orders") == 21


# Older and newer stores


def test_a_store_of_format_1_is_searched_as_it_is_and_upgraded_by_whoever_writes(file: Path) -> None:
    file.parent.mkdir()
    shutil.copy(make_format_1.STORE, file)
    before = file.read_bytes()
    with SessionStore(file, Redactor(), journal=ROLLBACK, full_text=False) as store:
        assert len(numbers(store, "id*")) == 0
        assert [seq for _, seq in found(store, "ObjectCreated")] == [13, 9, 5, 1]
        assert [hit.part for hit in store.search("checked hand")] == ["note"] * 3
        assert file.read_bytes() == before
        store.append(make_format_1.SESSION, an_exchange('{"eventName": "ObjectCreated"}'))
        assert [seq for _, seq in found(store, "ObjectCreated")] == [15, 13, 9, 5, 1]


def test_a_store_of_format_2_says_the_same_as_ever(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    file.parent.mkdir()
    shutil.copy(make_format_2.STORE, file)
    with SessionStore(file, Redactor(), journal=ROLLBACK) as store:
        assert found(store, "第7次") == [(make_format_2.INDEXED, 7)]
        assert [(hit.row.seq, hit.row.tags) for hit in store.search("星期五")] == [(3, (MARK,))]
        assert len(found(store, "上传失败", make_format_2.INDEXED)) == make_format_2.COUNT
        assert blocks(file) == {0: (1, 256)}
        assert len(found(store, "ObjectCreated", make_format_1.SESSION)) == 4


# Several processes, and kills

SEARCH = """
import fgtui.sessions.search.searching as searching
searching.INDEXED_TOGETHER = 8
if arguments[0] == "record":
    for _ in store.append_many("shared", (an_exchange(number=n, logs="上传失败") for n in range(200))):
        pass
else:
    say(len(list(store.search("失败"))))
"""


def test_several_processes_search_and_record_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    file = tmp_path / "sessions.db"
    with SessionStore(file, Redactor(), journal=ROLLBACK, full_text=False) as store:
        record(store, "shared", some(300))
        children = [start(SEARCH, file, arguments=(what,)) for what in ("search", "record", "search", "search")]
        said = [child.communicate()[0].split() for child in children]
        assert [child.returncode for child in children] == [0] * 4
        assert all(300 <= int(count) <= 500 for [count] in filter(None, said))
        expected = found(store, "失败")
    assert len(expected) == 500
    with SessionStore(file, Redactor(), journal=ROLLBACK) as store:
        assert found(store, "失败") == expected
        assert found(store, "失败") == expected


KILLED = """
import fgtui.sessions.search.searching as searching
searching.INDEXED_TOGETHER = 2
for hit in store.search("失败"):
    say(hit.row.seq)
"""


@pytest.mark.parametrize("journal", ["rollback", "wal"])
def test_a_search_that_is_killed_leaves_an_index_that_tells_the_truth(
    tmp_path: Path, journal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    file = tmp_path / "sessions.db"
    mode = WAL if journal == "wal" else ROLLBACK
    with SessionStore(file, Redactor(), journal=mode, full_text=False) as store:
        record(store, "shared", some(400))
        moments = random.Random(journal)
        for _ in range(2):
            child = start(KILLED, file, wal=journal == "wal")
            assert child.stdout is not None
            for _ in range(moments.randrange(1, 150)):
                child.stdout.readline()
            child.send_signal(signal.SIGKILL)
            child.stdout.close()
            child.wait()
        expected = found(store, "失败 odd")
    with SessionStore(file, Redactor(), journal=mode) as store:
        assert found(store, "失败 odd") == expected
        assert found(store, "失败 odd") == expected
