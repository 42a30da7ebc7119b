"""A search as the screen follows it: in portions, asked for what it found, stopped when told to."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.errors import UsageError
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
from fgtui.tui import looking
from fgtui.tui.looking import Looking
from tests.factories import an_exchange


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    store = SessionStore(tmp_path / "sessions.db", Redactor())
    for session in ("one", "two"):
        exchanges = (an_exchange(f'{{"word": "needle", "of": "{session}"}}', number=number) for number in range(1, 8))
        assert len(list(store.append_many(session, exchanges))) == 7
    return store


def nobody() -> None:
    return


def test_everything_is_found_in_one_session_or_all(store: SessionStore) -> None:
    for sessions, count in (((), 14), (("one",), 7)):
        search = Looking(store, "needle", sessions)
        search.run(nobody)
        assert len(search.take()) == count
        assert search.is_complete


def test_it_goes_on_where_it_stopped_after_a_portion(store: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "PORTION", 10)
    search = Looking(store, "needle")
    told: list[int] = []
    search.run(lambda: told.append(1))
    first = search.take()
    assert (len(first), search.is_complete, told) == (10, False, [1])
    assert search.take() == []
    search.run(lambda: told.append(2))
    assert (len(search.take()), search.is_complete, told) == (4, True, [1, 2])


def test_stopping_ends_it_quietly(store: SessionStore) -> None:
    search = Looking(store, "needle")
    search.run(search.stop)
    assert len(search.take()) <= 1
    assert not search.is_complete


def test_what_cannot_be_looked_for_is_an_error_of_ours(store: SessionStore) -> None:
    with pytest.raises(UsageError, match="nothing to look for"):
        Looking(store, "[/]").run(nobody)
    with pytest.raises(UsageError):
        Looking(store, "needle", ("nosuch",)).run(nobody)


def test_whether_the_index_lacks_much_is_known_before(store: SessionStore) -> None:
    assert not looking.lacks_index(store, ("one", "absent"))
    assert not looking.lacks_index(store, ())
    for number in range(300):
        store.append("unindexed", an_exchange(number=number + 1))
    assert looking.lacks_index(store, ("unindexed",))
    assert looking.lacks_index(store, ())
    search = Looking(store, "needle", ("unindexed",))
    search.run(nobody)
    assert search.lacks_index
    assert not looking.lacks_index(store, ("unindexed",))
