from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange, Returned
from fgtui.records import replace
from fgtui.sessions import store as store_module
from fgtui.sessions.redaction.redactor import PLACEHOLDER, Redactor
from fgtui.sessions.storage import reading
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.store import SessionStore
from tests.factories import MOMENT, an_event, an_exchange
from tests.sessions.strategies import exchanges

NOW = datetime(2026, 12, 1, tzinfo=UTC)

Open = Callable[..., SessionStore]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sessions.db"


@pytest.fixture(params=[False, True], ids=["rollback", "write-ahead"])
def opened(request: pytest.FixtureRequest, file: Path) -> Iterator[Open]:
    """Opens stores on one file, in both journals."""
    journal = JournalMode(request.param, "as the test wants it")
    stores: list[SessionStore] = []

    def open_store(**options: object) -> SessionStore:
        stores.append(SessionStore(file, Redactor(), clock=lambda: NOW, journal=journal, **options))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Open) -> SessionStore:
    return opened()


def some(count: int, first: int = 1) -> list[Exchange]:
    return [an_exchange(f'{{"n": {number}}}', number=number) for number in range(first, first + count)]


def numbers(exchanges: Iterable[Exchange]) -> list[int]:
    return [exchange.seq for exchange in exchanges]


# Reading what is not there


def test_reading_a_store_that_is_not_there_yields_nothing_and_makes_nothing(store: SessionStore, file: Path) -> None:
    assert store.sessions() == ()
    assert store.page("default") == ()
    assert list(store.iterate("default")) == []
    assert store.count("default") == 0
    assert store.last("default") is None
    assert store.find("01JD") is None
    assert store.redactor.text("x") == "x"
    assert not store.exists()
    with pytest.raises(UsageError, match="session default has no exchange 1"):
        store.get("default", 1)
    assert not file.parent.exists()


def test_a_session_that_is_not_there_is_empty(store: SessionStore) -> None:
    store.append("orders", an_exchange())
    assert store.page("other") == ()
    assert store.count("other") == 0
    assert list(store.iterate("\ud800")) == []
    with pytest.raises(UsageError, match="session orders has no exchange 2"):
        store.get("orders", 2)
    for seq in (0, -1, 2**70):
        with pytest.raises(UsageError):
            store.get("orders", seq)


# Recording


def test_what_is_recorded_is_redacted_and_numbered_and_comes_back(opened: Open) -> None:
    kept = opened().append("orders", an_exchange('{"password": "hunter2"}', body="ok", logs="token=hunter2"))
    assert (kept.session, kept.seq) == ("orders", 1)
    assert kept.event.redacted == ("password",)
    assert kept.outcome.redacted == ("logs",)
    assert "hunter2" not in repr(kept)
    assert opened().get("orders", 1) == kept


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(exchange=exchanges)
def test_any_exchange_comes_back_as_it_was_written(store: SessionStore, exchange: Exchange) -> None:
    kept = store.append("any", exchange)
    assert store.get("any", kept.seq) == kept
    assert kept == replace(store.redactor.apply(exchange), session="any", seq=kept.seq)
    row = store.page("any", limit=1)[0]
    assert (row.id, row.trigger, row.note, row.tags) == (kept.id, kept.event.trigger, kept.note, kept.tags)
    assert (row.started_at, row.target, row.outcome) == (kept.started_at, kept.target.spec, kept.outcome.kind)


def test_headers_that_come_twice_come_back_as_they_were_acknowledged(store: SessionStore) -> None:
    outcome = Returned(headers=(("a", "1"), ("b", "2"), ("a", "3")))
    kept = store.append("x", an_exchange(outcome=outcome))
    assert store.get("x", 1).outcome.headers == kept.outcome.headers == (("a", "1"), ("a", "3"), ("b", "2"))


@pytest.mark.parametrize("size", [0, 511, 100_000, 500_000])
def test_texts_of_any_size_come_back(store: SessionStore, size: int) -> None:
    import random

    noise = random.Random(size).randbytes(size)
    for content in (noise, b'"' + b"a" * size + b'"'):
        kept = store.append("big", an_exchange(content, body=content[::-1], logs="l" * size))
        assert store.get("big", kept.seq) == kept


def test_placeholders_are_the_same_for_everybody_who_records_here(opened: Open) -> None:
    secrets = [opened().append("x", an_exchange('{"token": "t"}')).event.wire for _ in range(2)]
    assert secrets[0] == secrets[1]
    assert opened().redactor.text("token=t").removeprefix("token=") in secrets[0].decode()
    assert PLACEHOLDER.search(secrets[0].decode())


def test_a_store_that_cannot_be_opened_is_told_by_the_first_to_record_not_before(tmp_path: Path) -> None:
    store = SessionStore(tmp_path, Redactor())  # a folder
    store.prepare()
    with pytest.raises(StoreError):
        store.append("orders", an_exchange())
    store.close()


def test_a_store_that_is_locked_is_not_waited_for_before_there_is_something_to_record(
    store: SessionStore, file: Path
) -> None:
    store.append("orders", an_exchange())
    store.close()
    lock = sqlite3.connect(file, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    patient = SessionStore(file, Redactor(), busy_timeout_s=1000)
    patient.prepare()
    lock.execute("ROLLBACK")
    lock.close()
    assert patient.append("orders", an_exchange()).seq == 2
    patient.close()


def test_a_prepared_store_waits_for_others_when_it_records(store: SessionStore, file: Path) -> None:
    store.prepare()
    lock = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    lock.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.05, lambda: lock.execute("ROLLBACK"))
    release.start()
    assert store.append("orders", an_exchange()).seq == 1
    release.join()
    lock.close()


def test_a_prepared_store_holds_no_session_yet(store: SessionStore) -> None:
    store.prepare()
    assert store.sessions() == ()
    assert store.append("orders", an_exchange()).seq == 1


def test_many_come_in_few_commits_in_order(store: SessionStore) -> None:
    kept = list(store.append_many("bulk", some(700)))
    assert numbers(kept) == list(range(1, 701))
    assert list(store.iterate("bulk")) == kept
    assert store.count("bulk") == 700


def test_no_more_share_a_commit_than_the_promised_256(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "GROUP_S", float("inf"))
    first = next(opened().append_many("bulk", some(300)))
    assert (first.seq, opened().count("bulk")) == (1, 256)


def test_each_is_durable_before_it_is_yielded(opened: Open) -> None:
    for kept in opened().append_many("bulk", some(300)):
        assert opened().get("bulk", kept.seq) == kept
        if kept.seq > 3:
            break


def test_a_source_that_breaks_off_loses_nothing_that_came_before(store: SessionStore) -> None:
    def broken() -> Iterator[Exchange]:
        yield from some(5)
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError):
        list(store.append_many("bulk", broken()))
    assert store.count("bulk") == 5


def test_a_slow_source_waits_for_no_others(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(100))
    monkeypatch.setattr(store_module, "monotonic", lambda: next(ticks))
    reader = opened()
    counts: list[int] = []

    def slow() -> Iterator[Exchange]:
        for exchange in some(3):
            counts.append(reader.count("slow"))
            yield exchange

    list(opened().append_many("slow", slow()))
    assert counts == [0, 1, 2]


def test_many_of_nothing_make_no_session(store: SessionStore) -> None:
    assert list(store.append_many("none", [])) == []
    assert store.sessions() == ()


# Pages


@pytest.fixture
def full(store: SessionStore) -> SessionStore:
    list(store.append_many("orders", some(20)))
    list(store.append_many("other", some(3, first=100)))
    return store


def test_a_page_is_the_newest_first(full: SessionStore) -> None:
    page = full.page("orders", limit=3)
    assert numbers(page) == [20, 19, 18]
    assert page[0].started_at == MOMENT + timedelta(seconds=19)
    assert page[0].target_kind == "local"
    assert page[0].duration_ms == 3.25


@pytest.mark.parametrize(
    ("keys", "seqs"),
    [
        ({"before": 4}, [3, 2, 1]),
        ({"before": 20, "limit": 2}, [19, 18]),
        ({"before": 1}, []),
        ({"before": -5}, []),
        ({"before": 2**70, "limit": 1}, [20]),
        ({"after": 17}, [20, 19, 18]),
        ({"after": 3, "limit": 2}, [5, 4]),
        ({"after": 20}, []),
        ({"after": -3, "limit": 1}, [1]),
        ({"after": 3, "before": 6}, [5, 4]),
        ({"limit": 0}, []),
        ({"limit": -1}, []),
    ],
)
def test_pages_go_on_from_a_key(full: SessionStore, keys: dict[str, int], seqs: list[int]) -> None:
    assert numbers(full.page("orders", **keys)) == seqs


def test_iterating_goes_both_ways_and_only_to_what_was_there(full: SessionStore) -> None:
    assert numbers(full.iterate("orders", newest_first=True)) == list(range(20, 0, -1))
    seen = 0
    for _ in full.iterate("orders"):
        full.append("orders", an_exchange())
        seen += 1
    assert seen == 20


def test_large_exchanges_are_not_read_together(full: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_CHUNK_BYTES", 1500)
    monkeypatch.setattr(reading, "_CHUNK", 7)
    assert numbers(full.iterate("orders")) == list(range(1, 21))
    assert numbers(full.iterate("orders", newest_first=True)) == list(range(20, 0, -1))


def test_an_exchange_is_found_by_its_id(full: SessionStore) -> None:
    found = full.find(an_exchange(number=101).id)
    assert found is not None
    assert (found.session, found.seq) == ("other", 2)


# Sessions


def test_sessions_say_what_they_hold(full: SessionStore) -> None:
    full.create("empty")
    empty, orders, other = full.sessions()
    assert (empty.name, empty.count, empty.created_at, empty.last_at) == ("empty", 0, NOW, None)
    assert (orders.name, orders.count, orders.last_at) == ("orders", 20, MOMENT + timedelta(seconds=19))
    assert other.count == 3


@pytest.mark.parametrize(
    "name", ["", " ", " x", "x ", "a\nb", "a\x1b[2Jb", "a\u202eb", "a\u200bb", "\ud800", "x" * 201, "a.jsonl", "\t", "last",
     "7", "9" * 12],
)  # fmt: skip
def test_a_name_that_cannot_be_one_is_refused_and_nothing_made(store: SessionStore, file: Path, name: str) -> None:
    for refused in (lambda: store.create(name), lambda: store.append(name, an_exchange())):
        with pytest.raises(UsageError, match="cannot name a session"):
            refused()
    assert not file.parent.exists()


def test_a_session_that_has_had_a_name_which_is_refused_now_can_be_read_and_renamed(store: SessionStore) -> None:
    store.append("x", an_exchange())
    with store._database.writing() as connection:
        connection.execute("UPDATE session SET name = '7'")
    assert store.get("7", 1).session == "7"
    store.rename("7", "seven")
    assert store.get("seven", 1).session == "seven"
    for name in ("7a", "2026-11", "9" * 13, "Last", "７"):
        store.create(name)


@pytest.mark.parametrize(
    "name", ["x" * 200, "a/../b", "[bold]", "訂單 ✓", "-x", "%s", "'; DROP TABLE session; --", "a.JSONL"]
)
def test_any_visible_text_can_be_a_name(store: SessionStore, name: str) -> None:
    assert store.append(name, an_exchange()).session == name
    assert store.sessions()[0].name == name


def test_a_taken_name_is_refused(full: SessionStore) -> None:
    for refused in (lambda: full.create("orders"), lambda: full.rename("other", "orders")):
        with pytest.raises(UsageError, match="there is a session orders already"):
            refused()
    assert full.count("other") == 3


def test_a_misspelled_name_gets_the_nearest(full: SessionStore) -> None:
    for refused in (
        lambda: full.delete("order"),
        lambda: full.rename("order", "x"),
        lambda: full.merge(["order"], "x"),
    ):
        with pytest.raises(UsageError, match="there is no session order") as caught:
            refused()
        assert caught.value.values["nearest"] == "orders"
    assert [session.name for session in full.sessions()] == ["orders", "other"]


def test_a_renamed_session_keeps_everything(full: SessionStore) -> None:
    full.rename("orders", "orders")
    full.rename("orders", "sales")
    assert full.get("sales", 20).session == "sales"
    assert full.append("sales", an_exchange()).seq == 21
    assert full.count("orders") == 0


def test_a_deleted_session_is_gone_from_the_file(opened: Open, file: Path) -> None:
    store = opened()
    for number in range(5):
        store.append("secret", an_exchange(note=f"VERY-VISIBLE-{number}", number=number))
        store.append("kept", an_exchange(number=number))
    assert store.delete("secret") == 5
    left = b"".join(each.read_bytes() for each in file.parent.iterdir())
    assert b"VERY-VISIBLE" not in left
    assert store.count("kept") == 5
    assert store.append("secret", an_exchange()).seq == 1


def test_a_merge_copies_in_order_of_time_and_can_be_repeated(store: SessionStore) -> None:
    for number, session in enumerate(["a", "b", "a", "c", "b"], 1):
        store.append(session, an_exchange(f'{{"n": {number}}}', number=number))
    assert store.merge(["b", "a", "b", "c"], "c") == 4
    merged = list(store.iterate("c"))
    assert [exchange.event.text for exchange in merged] == ['{"n": 4}', '{"n": 1}', '{"n": 2}', '{"n": 3}', '{"n": 5}']
    assert numbers(merged) == [1, 2, 3, 4, 5]
    assert store.merge(["a", "b"], "c") == 0
    assert store.merge(["a"], "new") == 2
    assert [session.count for session in store.sessions()] == [2, 2, 5, 2]


def test_a_merge_takes_for_the_same_only_what_is(store: SessionStore) -> None:
    store.append("a", an_exchange("1", id="same"))
    store.append("b", an_exchange("2", id="same"))
    assert store.merge(["a", "b"], "c") == 2


def test_a_merge_that_fails_leaves_everything(full: SessionStore) -> None:
    with pytest.raises(UsageError):
        full.merge(["orders", "nobody"], "new")
    assert [session.name for session in full.sessions()] == ["orders", "other"]


# Together


def test_threads_share_a_store(store: SessionStore) -> None:
    def work(name: str) -> None:
        for number in range(10):
            store.append("shared", an_exchange(number=number, id=f"{name}-{number}"))
            store.page("shared", limit=5)

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = list(store.iterate("shared"))
    assert numbers(found) == list(range(1, 41))
    assert len({exchange.id for exchange in found}) == 40


def test_a_closed_store_opens_again(store: SessionStore) -> None:
    store.append("x", an_exchange())
    store.close()
    assert store.count("x") == 1


def test_a_store_that_somebody_keeps_locked_says_so(opened: Open, file: Path) -> None:
    import sqlite3

    store = opened(busy_timeout_s=0.05)
    store.append("x", an_exchange())
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreError, match=r"has been locked by another program for 0\.05 s"):
            store.append("x", an_exchange())
        assert store.count("x") == 1
    finally:
        other.close()
    assert store.append("x", an_event_exchange()).seq == 2


def an_event_exchange() -> Exchange:
    return an_exchange(an_event('{"after": true}'))


def test_what_several_sources_hold_is_merged_once(store: SessionStore) -> None:
    shared = an_exchange(number=2)
    for name in ("monday", "tuesday"):
        store.append(name, shared)
        store.append(name, an_exchange(number=1 if name == "monday" else 3))
    assert store.merge(["monday", "tuesday"], "week") == 3
    assert [exchange.id for exchange in store.iterate("week")] == [an_exchange(number=each).id for each in (1, 2, 3)]
    assert store.merge(["tuesday", "monday", "week"], "week") == 0


def test_whether_it_can_be_recorded_is_found_out_by_writing(tmp_path: Path) -> None:
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        store.check()
        with sqlite3.connect(store.file) as connection:  # what an open connection meets only when it writes
            connection.execute("CREATE TRIGGER no_more BEFORE UPDATE ON setting BEGIN SELECT RAISE(FAIL, 'no'); END")
        connection.close()
        with pytest.raises(StoreError):
            store.check()
