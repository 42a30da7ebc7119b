"""Which exchanges are meant: the marked ones, else those that are shown, else all."""

from __future__ import annotations

from pathlib import Path

from fgtui.sessions.model import MARK
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
from fgtui.tui.selection import Chosen, Shown, select
from tests.factories import an_exchange


def test_marks_come_before_a_filter_and_a_filter_before_all(tmp_path: Path) -> None:
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        for number in range(1, 6):
            store.append("orders", an_exchange(number=number))
        everything = select(store, "orders", None)
        assert (everything.why, everything.words) == (Chosen.ALL, "5 exchanges of orders")
        assert [row.seq for row in everything.rows(store)] == [1, 2, 3, 4, 5]
        shown = select(store, "orders", Shown((4, 2)))
        assert shown.words == "2 filtered exchanges of orders"
        assert [exchange.seq for exchange in shown.exchanges(store)] == [2, 4], "in the order they were recorded"
        store.annotate("orders", [3], add_tags=(MARK,))
        marked = select(store, "orders", Shown((4, 2)))
        assert marked.words == "1 marked exchange of orders (not the 2 filtered)"
        assert select(store, "orders", None).words == "1 marked exchange of orders"
        assert select(store, "orders", Shown((3,))).words == "1 marked exchange of orders"
        assert [row.seq for row in marked.rows(store)] == [3]


def test_a_filter_that_has_not_looked_at_everything_is_never_taken_for_one_that_has(tmp_path: Path) -> None:
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        store.append("orders", an_exchange())
        assert select(store, "orders", Shown((1,), "1 read, stopped")).words == (
            "1 filtered exchange of orders (1 read, stopped)"
        )


def test_a_session_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        nothing = select(store, "absent [/x]", None)
        assert (nothing.total, list(nothing.exchanges(store)), nothing.words) == (0, [], "0 exchanges of absent [/x]")
