"""Notes and tags."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange
from fgtui.records import replace
from fgtui.sessions.model import MARK
from fgtui.sessions.redaction.redactor import PLACEHOLDER, Redactor
from fgtui.sessions.storage.annotations import NOTE_LIMIT, TAG_LIMIT, TAGS_LIMIT, acceptable
from fgtui.sessions.store import SessionStore
from tests.factories import an_exchange
from tests.sessions.strategies import exchanges


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with SessionStore(tmp_path / "sessions.db", Redactor()) as opened:
        for _ in opened.append_many("orders", (an_exchange(number=number) for number in range(1, 6))):
            pass
        yield opened


def test_a_note_is_written_changed_and_taken_away(store: SessionStore) -> None:
    assert store.annotate("orders", [2], note="fails\non empty ids [/b] 失败") == 1
    assert store.get("orders", 2).note == "fails\non empty ids [/b] 失败"
    assert store.page("orders", before=3, limit=1)[0].note == "fails\non empty ids [/b] 失败"
    assert store.annotate("orders", [2], note="fails\non empty ids [/b] 失败") == 0
    assert store.annotate("orders", [2], note="") == 1
    assert store.get("orders", 2).note == ""


def test_tags_are_added_and_taken_away_and_stay_in_order(store: SessionStore) -> None:
    assert store.annotate("orders", [1, 2, 2], add_tags=["slow", MARK, "slow"]) == 2
    assert store.annotate("orders", range(1, 6), add_tags=[MARK, "对"], remove_tags=["slow", "never there"]) == 5
    assert [exchange.tags for exchange in store.iterate("orders")] == [(MARK, "对")] * 5
    assert store.annotate("orders", [1], remove_tags=[MARK]) == 1
    assert store.get("orders", 1).tags == ("对",)


def test_nothing_else_changes(store: SessionStore) -> None:
    before = store.get("orders", 3)
    store.annotate("orders", [3], note="n", add_tags=["t"])
    assert store.get("orders", 3) == replace(before, note="n", tags=("t",))
    assert store.annotate("orders", [], note="x") == 0
    assert store.annotate("orders", [3]) == 0


@pytest.mark.parametrize("seq", [0, 6, -1, 2**70])
def test_a_number_that_is_not_there_changes_none_of_the_others(store: SessionStore, seq: int) -> None:
    with pytest.raises(UsageError, match=f"session orders has no exchange {seq}"):
        store.annotate("orders", [1, seq], note="x")
    assert store.get("orders", 1).note == ""
    with pytest.raises(UsageError, match="there is no session order"):
        store.annotate("order", [1], note="x")


def test_secrets_are_redacted_and_can_be_taken_away_by_their_name(store: SessionStore) -> None:
    store.annotate("orders", [1], note="token=hunter2", add_tags=["password=hunter2"])
    kept = store.get("orders", 1)
    assert PLACEHOLDER.search(kept.note)
    assert PLACEHOLDER.search(kept.tags[0])
    store.annotate("orders", [1], remove_tags=["password=hunter2"])
    assert store.get("orders", 1).tags == ()


@pytest.mark.parametrize("note", ["a\x1b[2J", "a\u202eb", "\ud800", "a\0", "x" * (NOTE_LIMIT + 1)])
def test_what_cannot_be_a_note_is_refused(store: SessionStore, note: str) -> None:
    with pytest.raises(UsageError, match=r"cannot be a note|a note has at most"):
        store.annotate("orders", [1], note=note)
    assert store.get("orders", 1).note == ""


@pytest.mark.parametrize(
    "tag", ["", " ", " x", "x ", "a\nb", "a,b", "a\x1b", "\u200b", "\ud800", "x" * (TAG_LIMIT + 1)]
)
def test_what_cannot_be_a_tag_is_refused(store: SessionStore, tag: str) -> None:
    with pytest.raises(UsageError, match="cannot be a tag"):
        store.annotate("orders", [1], add_tags=["fine", tag])
    assert store.get("orders", 1).tags == ()


def test_there_is_a_limit_to_tags_and_one_that_came_in_with_more_can_lose_them(store: SessionStore) -> None:
    many = [f"t{number}" for number in range(TAGS_LIMIT + 1)]
    with pytest.raises(UsageError, match=f"an exchange can have {TAGS_LIMIT} tags, not {TAGS_LIMIT + 1}"):
        store.annotate("orders", [1], add_tags=many)
    seq = store.append("orders", an_exchange(tags=(*many, "more"))).seq
    store.annotate("orders", [seq], remove_tags=["more"])
    assert store.get("orders", seq).tags == tuple(many)


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with SessionStore(tmp_path, Redactor()) as store, pytest.raises(StoreError, match="is a folder"):
        store.annotate("orders", [1], note="x")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exchange=exchanges)
def test_whatever_an_exchange_says_it_can_be_annotated(store: SessionStore, exchange: Exchange) -> None:
    kept = store.append("any", exchange)
    store.annotate("any", [kept.seq], note="seen", add_tags=["seen-too"])
    tags = kept.tags if "seen-too" in kept.tags else (*kept.tags, "seen-too")
    assert store.get("any", kept.seq) == replace(kept, note="seen", tags=tags)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exchange=exchanges)
def test_whatever_comes_from_elsewhere_becomes_a_note_and_tags_that_people_could_have_given(
    store: SessionStore, exchange: Exchange
) -> None:
    taken = acceptable(exchange)
    assert acceptable(taken) == taken
    assert replace(taken, note="", tags=()) == replace(exchange, note="", tags=())
    store.annotate("orders", [1], note=taken.note, add_tags=taken.tags, remove_tags=store.get("orders", 1).tags)
