"""Keeping house from the palette: names, merging, deleting and retention, each said with numbers first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fgtui.errors import UsageError
from fgtui.tui.actions import Where
from fgtui.tui.screens.session import housekeeping
from fgtui.tui.screens.session.housekeeping import limits_of
from tests.factories import an_exchange
from tests.tui.bench import Bench, a_bench

SMALL = (100, 24)


async def a_session(bench: Bench, name: str = "orders", count: int = 3) -> None:
    exchanges = [an_exchange(number=number) for number in range(1, count + 1)]
    assert len(list(bench.workspace.store.append_many(name, exchanges))) == count
    bench.screen.set_session(name)
    bench.screen.focus_pane(Where.SESSION)
    await bench.sees(f"Session {name} · {count}")


def names(bench: Bench) -> list[str]:
    return [session.name for session in bench.workspace.store.sessions()]


async def test_a_session_is_renamed_merged_and_deleted(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await a_session(bench)
        await bench.screen.perform("rename-session")
        await bench.sees("Rename orders")
        await bench.fill("bad.jsonl", "enter")
        await bench.sees("✗")
        await bench.fill("mine [/x]", "enter")
        await bench.sees("Session mine [/x] · 3")
        await bench.screen.perform("merge-session")
        await bench.sees("Append the exchanges of mine [/x] to")
        await bench.fill("all", "enter")
        await bench.sees("The 3 exchanges of mine [/x] are appended to all, which has 0.")
        await bench.press("enter")
        assert names(bench) == ["mine [/x]"]
        await bench.screen.perform("merge-session")
        await bench.sees("Append the exchanges of mine [/x] to")
        await bench.fill("all", "enter")
        await bench.sees("Append the exchanges?")
        await bench.press("y")
        await bench.hears("3 exchanges appended to all")
        await bench.sees("Session all · 3")
        await bench.screen.perform("delete-session")
        await bench.sees("Delete a session")
        await bench.sees("mine [/x]")
        await bench.fill("mine [/x]", "enter")
        await bench.sees("mine [/x] with its 3 exchanges is deleted, for good.")
        await bench.press("n")
        assert names(bench) == ["all", "mine [/x]"]
        await bench.screen.perform("delete-session")
        await bench.sees("Delete a session")
        await bench.sees("all")
        await bench.fill("all", "enter")
        await bench.sees("all with its 3 exchanges is deleted, for good.")
        await bench.press("y")
        await bench.hears("deleted all with 3 exchanges")
        await bench.sees("Session default")
        assert names(bench) == ["mine [/x]"]


async def test_a_large_session_is_deleted_by_its_name_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "TYPED_FROM", 3)
    async with a_bench(tmp_path, size=SMALL) as bench:
        await a_session(bench)
        await bench.screen.perform("delete-session")
        await bench.sees("Delete a session")
        await bench.sees("▸orders")
        await bench.press("enter")
        await bench.sees("Type its name to delete it")
        await bench.fill("order", "enter")
        await bench.sees("that is not its name")
        assert names(bench) == ["orders"]
        await bench.fill("orders", "enter")
        await bench.hears("deleted orders with 3 exchanges")


async def test_what_is_too_old_is_deleted_after_the_numbers_were_seen(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        now = datetime.now(UTC)
        for number, days in enumerate((30, 20, 0), 1):
            bench.workspace.store.append("orders", an_exchange(number=number, started_at=now - timedelta(days=days)))
        bench.screen.set_session("orders")
        bench.screen.focus_pane(Where.SESSION)
        await bench.sees("Session orders · 3")
        await bench.screen.perform("prune-recordings")
        await bench.sees("Keep recordings up to which age or size?")
        await bench.fill("soon", "enter")
        await bench.sees("is no age")
        await bench.fill("60d", "enter")
        await bench.hears("nothing is deleted")
        await bench.screen.perform("prune-recordings")
        await bench.sees("Keep recordings up to which age or size?")
        await bench.fill("10d 5GB", "enter")
        await bench.sees("2 exchanges of 1 session would be deleted, for good.")
        assert bench.workspace.store.count("orders") == 3
        await bench.press("y")
        await bench.hears("2 exchanges of 1 session deleted")
        await bench.sees("Session orders · 1")
        await bench.screen.perform("vacuum")
        await bench.hears("the file has")


def test_limits_are_ages_and_sizes() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert limits_of("30d, 2GB", now=now) == {"older_than": now - timedelta(days=30), "max_bytes": 2 * 10**9}
    assert limits_of("900kB", now=now) == {"max_bytes": 900_000}
    for typed in ("", "30", "x", "d", "B", "-1d"):
        with pytest.raises(UsageError):
            limits_of(typed, now=now)
