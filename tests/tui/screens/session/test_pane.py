"""The session's pane beside other programs: what they record comes, what they take away goes, and is said once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fgtui.config import load
from fgtui.sessions.model import MARK
from fgtui.sessions.store import SessionStore
from fgtui.tui.screens.session import pane as session_pane
from fgtui.workspace import open_workspace
from tests.factories import MOMENT, an_exchange
from tests.tui.screens.pane_stage import a_pane


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_pane, "LOOK_S", 0.02)
    monkeypatch.setattr(session_pane, "GRACE_S", 0.02)


def elsewhere(folder: Path, do: Callable[[SessionStore], object]) -> None:
    """What another program does to the same store."""
    workspace = open_workspace(load(folder))
    try:
        do(workspace.store)
    finally:
        workspace.close()


async def test_what_others_append_appears_by_itself_and_the_cursor_stays_on_its_exchange(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 9) as stage:
        table = stage.pane.table
        await stage.press("down", "down")
        assert table.seq_at(table.cursor) == 7
        elsewhere(tmp_path, lambda store: list(store.append_many("orders", [an_exchange()] * 3)))
        await stage.sees("Session orders · 12")
        await stage.until(lambda: any(line.split()[:1] == ["12"] for line in stage.lines), "its row is there")
        assert table.seq_at(table.cursor) == 7


async def test_what_others_append_while_a_filter_is_on_is_counted(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 9) as stage:
        stage.pane.open("orders", where="seq < `3`")
        await stage.sees("2 of 9")
        elsewhere(tmp_path, lambda store: store.append("orders", an_exchange()))
        await stage.sees("2 of 10 · where seq < `3`")


@pytest.mark.parametrize("how", ["deleted", "renamed", "deleted and made anew"])
async def test_a_session_that_others_take_away_is_gone_and_that_is_said_once(tmp_path: Path, how: str) -> None:
    def take_away(store: SessionStore) -> None:
        if how == "renamed":
            store.rename("orders", "other")
        else:
            store.delete("orders")
        if how == "deleted and made anew":
            store.append("orders", an_exchange())

    async with a_pane(tmp_path, 9) as stage:
        stage.pane.open("orders", where="seq > `3`")
        await stage.sees("6 of 9")
        elsewhere(tmp_path, take_away)
        await stage.hears("session orders is gone")
        pane = stage.pane
        assert pane.filter.in_force is None
        if how == "deleted and made anew":
            await stage.sees("Session orders · 1")
        else:
            await stage.sees("What is sent begins it anew")
            assert pane.table.row_count() == 0
        assert sum("gone" in words for words in stage.said) == 1


async def test_a_session_that_others_empty_shows_nothing_any_more(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 9) as stage:
        elsewhere(tmp_path, lambda store: store.prune(older_than=MOMENT.replace(year=MOMENT.year + 1)))
        await stage.sees("What was recorded here was deleted")
        await stage.press("s")
        await stage.hears("there is no exchange here yet")


async def test_a_session_that_others_shorten_shows_what_is_left(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 9) as stage:
        elsewhere(tmp_path, lambda store: store.prune(older_than=store.page("orders", after=4, limit=1)[0].started_at))
        await stage.sees("Session orders · 5")
        assert stage.pane.table.oldest == 5


async def test_a_store_that_is_removed_is_said_and_recorded_into_anew(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 9) as stage:
        file = stage.workspace.store.file
        for name in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
            name.unlink(missing_ok=True)
        await stage.hears("is gone, and with it session orders")
        assert stage.pane.table.row_count() == 0
        stage.workspace.store.append("orders", an_exchange())
        await stage.sees("Session orders · 1")
        elsewhere(tmp_path, lambda store: store.get("orders", 1))


async def test_nothing_is_read_and_nothing_drawn_while_nothing_is_written_or_seen(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 9) as stage:
        pane = stage.pane
        await stage.until(lambda: pane._seen == pane._stamp() and not pane._is_looking, "it has seen all")
        await stage.pilot.pause()
        pane._watch()
        assert (pane._is_looking, pane.table._repaint_required) == (False, False)
        pane.display = False
        await stage.pilot.pause()
        elsewhere(tmp_path, lambda store: store.append("orders", an_exchange()))
        pane._watch()
        assert not pane._is_looking


async def test_how_many_are_marked_stands_in_the_title_wherever_they_are(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 300) as stage:
        elsewhere(tmp_path, lambda store: store.annotate("orders", [2], add_tags=(MARK,)))
        stage.pane.open("orders")
        await stage.sees("Session orders · 300 · 1 marked")
        await stage.press("m")
        await stage.sees("Session orders · 300 · 2 marked")
        await stage.press("up", "m")
        await stage.sees("Session orders · 300 · 1 marked")
        stage.pane.action_clear_marks()
        await stage.hears("1 mark cleared")
        await stage.until(lambda: "marked" not in stage.pane.title, "none is marked")


async def test_what_needs_exchanges_says_that_there_are_none(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 1) as stage:
        await stage.press("M")
        await stage.hears("no exchange is marked here")
        stage.pane.open("empty")
        await stage.sees("Nothing recorded yet")
        await stage.press("g")
        await stage.hears("there is no exchange here yet")
        stage.pane.open("orders", where="seq > `3`")
        await stage.sees("0 of 1")
        await stage.press("r")
        await stage.hears("no exchange is shown; Esc drops the filter")
