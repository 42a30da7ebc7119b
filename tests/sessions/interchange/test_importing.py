from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange, Returned
from fgtui.records import replace
from fgtui.sessions.interchange.importing import Imported, import_exchanges
from fgtui.sessions.model import MARK
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
from tests.factories import an_exchange
from tests.sessions.children import start
from tests.sessions.strategies import exchanges


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        yield store


def some(count: int) -> list[Exchange]:
    return [an_exchange(number=number) for number in range(1, count + 1)]


def ids(store: SessionStore, session: str) -> list[str]:
    return [each.id for each in store.iterate(session)]


# Exchanges into a session


def test_nothing_is_imported_twice(store: SessionStore) -> None:
    assert import_exchanges(store, some(3), "orders") == Imported("orders", 3, 0)
    assert import_exchanges(store, some(4), "orders") == Imported("orders", 1, 3)
    assert ids(store, "orders") == [each.id for each in some(4)]
    assert import_exchanges(store, some(2), "other") == Imported("other", 2, 0)


def test_what_comes_twice_comes_in_once(store: SessionStore) -> None:
    assert import_exchanges(store, [*some(2), *some(2)], "orders") == Imported("orders", 2, 2)


def test_an_id_with_another_content_is_another_exchange(store: SessionStore) -> None:
    changed = an_exchange('{"key": "by hand"}')
    assert import_exchanges(store, [*some(1), changed], "orders") == Imported("orders", 2, 0)
    assert import_exchanges(store, [changed, *some(1)], "orders") == Imported("orders", 0, 2)


def test_notes_tags_and_numbers_make_no_other_exchange(store: SessionStore) -> None:
    import_exchanges(store, some(1), "orders")
    annotated = replace(some(1)[0], note="checked", tags=("slow",), session="elsewhere", seq=9)
    assert import_exchanges(store, [annotated], "orders").already == 1


def test_secrets_are_redacted_on_the_way_in_and_known_the_next_time(store: SessionStore) -> None:
    secret = an_exchange(
        '{"password": "hunter2"}', Returned(body=b'{"token": "abc"}', headers=(("X", "1"), ("Y", ""), ("X", "2")))
    )
    assert import_exchanges(store, [secret], "orders").imported == 1
    (kept,) = store.iterate("orders")
    assert b"hunter2" not in kept.event.wire
    assert kept.event.redacted == ("password",)
    assert import_exchanges(store, [secret, kept], "orders") == Imported("orders", 0, 2)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(exchanges, max_size=4))
def test_whatever_was_imported_is_known(store: SessionStore, given: list[Exchange]) -> None:
    first = import_exchanges(store, given, "any")
    assert first.imported + first.already == len(given)
    assert import_exchanges(store, given, "any") == Imported("any", 0, len(given))
    assert import_exchanges(store, list(store.iterate("any")), "any").imported == 0


def test_a_dry_run_leaves_no_store(store: SessionStore) -> None:
    assert import_exchanges(store, [*some(300), *some(300)], "orders", dry_run=True) == Imported("orders", 300, 300)
    assert not store.exists()


def test_progress_is_heard_and_no_session_made_of_nothing(store: SessionStore) -> None:
    heard: list[tuple[int, int]] = []
    import_exchanges(store, some(3), "orders")
    import_exchanges(store, some(300), "orders", on_progress=lambda *counts: heard.append(counts))
    assert heard == [(256, 253), (300, 297)]
    assert import_exchanges(store, [], "empty") == Imported("empty", 0, 0)
    assert store.count("empty") == 0


def test_what_came_before_the_source_broke_off_stays_and_the_same_import_goes_on(store: SessionStore) -> None:
    def broken() -> Iterator[Exchange]:
        yield from some(300)
        raise StoreError("the file is gone")

    with pytest.raises(StoreError, match="the file is gone"):
        import_exchanges(store, broken(), "orders")
    assert store.count("orders") == 300
    assert import_exchanges(store, some(310), "orders") == Imported("orders", 10, 300)


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x.jsonl", "x" * 300])
def test_a_session_needs_a_name(store: SessionStore, name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a session"):
        import_exchanges(store, some(1), name)


def test_whatever_was_noted_elsewhere_can_be_changed_here(store: SessionStore) -> None:
    given = an_exchange(
        note="see\r\n\x1b[1m\u202e", tags=("a,b", "a", " c ", "", ",", "x\x1by", "u\u3000v", "t" * 99, MARK)
    )
    import_exchanges(store, [given], "orders")
    kept = store.get("orders", 1)
    assert kept.note == "see\n\\e[1m\\u202e"
    assert kept.tags == ("a", "b", "c", "x\\ey", "u v", "t" * 59 + "…", MARK)
    assert import_exchanges(store, [given], "orders").already == 1
    store.annotate("orders", [1], note=kept.note, add_tags=kept.tags)
    store.annotate("orders", [1], remove_tags=kept.tags)
    assert store.get("orders", 1).tags == ()


IMPORT = """
from fgtui.sessions.interchange.importing import import_exchanges

say("ready")
sys.stdin.readline()
done = import_exchanges(store, [an_exchange(number=number) for number in range(1, 601)], "orders")
say(done.imported, done.already)
"""


def test_the_same_file_imported_by_several_at_once_comes_in_once(store: SessionStore) -> None:
    processes = [start(IMPORT, store.file, wal=False, feeds=True) for _ in range(3)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    counts = [process.communicate("go\n", timeout=60)[0].split() for process in processes]
    assert sum(int(imported) for imported, _ in counts) == 600
    assert sum(int(already) for _, already in counts) == 1200
    assert sorted(ids(store, "orders")) == [each.id for each in some(600)]


def test_an_id_that_ended_otherwise_or_replays_something_else_is_another_exchange(store: SessionStore) -> None:
    (first,) = some(1)
    ended = replace(first, outcome=Returned(body=b'{"ok": false}'))
    replays = replace(first, replay_of="what it repeats")
    assert import_exchanges(store, [first, ended, replays], "orders") == Imported("orders", 3, 0)
    assert import_exchanges(store, [replays, first, ended], "orders") == Imported("orders", 0, 3)
