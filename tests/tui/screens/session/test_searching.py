"""The search through the recordings: typed, found, opened; whatever was recorded is text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from fgtui.invoke.model import HandlerError, Raised
from fgtui.tui.actions import Where
from fgtui.tui.looking import Looking
from fgtui.tui.screens.session.searching import SearchScreen, Sought
from fgtui.tui.widgets.outcome_view import Part
from fgtui.workspace import Workspace
from tests.factories import an_exchange
from tests.tui.bench import Bench, a_bench
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.screens.pane_stage import PaneStage, over_nothing


def record(workspace: Workspace) -> None:
    """Two sessions, in different languages."""
    store = workspace.store
    store.append("订单", an_exchange('{"text": "上传失败，请重新处理"}', number=1, body='{"state": "处理完成"}'))
    for number in range(1, 4):
        store.append(
            "orders", an_exchange(f'{{"n": {number}}}', number=number, logs=f"line one\nfound needle{number}\n")
        )


@asynccontextmanager
async def searching(
    folder: Path, text: str, *, size: tuple[int, int] = (100, 20), fill: Callable[[Workspace], object] = record
) -> AsyncIterator[tuple[PaneStage, SearchScreen, list[Any]]]:
    """The search for ``text``, over an empty screen."""

    def make(workspace: Workspace) -> SearchScreen:
        fill(workspace)
        return SearchScreen(workspace, "订单", Sought())

    async with over_nothing(folder, make, size=size) as (stage, screen, answers):
        screen.query_one(Input).value = text
        await stage.pilot.pause()
        yield stage, screen, answers


async def search(bench: Bench, text: str) -> SearchScreen:
    """Open the search from the session's list and type ``text``."""
    bench.screen.focus_pane(Where.SESSION)
    await bench.pilot.pause()
    await bench.press("f")
    await bench.until(lambda: isinstance(bench.app.screen, SearchScreen), "the search is open")
    screen = bench.app.screen
    assert isinstance(screen, SearchScreen)
    screen.query_one(Input).value = text
    await bench.pilot.pause()
    return screen


async def test_nothing_typed_says_what_is_searched(tmp_path: Path) -> None:
    async with searching(tmp_path, "") as (stage, screen, answers):
        await stage.sees("Type what to look for")
        await stage.press("enter")
        assert stage.app.screen is screen
        await stage.press("escape")
        assert answers == [None]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("nosuchword", "Nothing in any session holds nosuchword."),
        ("[/]?", "✗ there is nothing to look for"),
        ("失败 处理 absent", "Nothing in any session holds 失败 处理 absent."),
    ],
)
async def test_what_is_not_found_is_said(tmp_path: Path, typed: str, words: str) -> None:
    async with searching(tmp_path, typed) as (stage, _, _):
        await stage.sees(words)


async def test_what_is_found_shows_which_exchange_and_the_text_around(tmp_path: Path) -> None:
    async with searching(tmp_path, "needle2") as (stage, _, _):
        await stage.sees("1 exchange")
        row = next(index for index, line in enumerate(stage.lines) if "#2" in line)
        assert "orders" in stage.lines[row]
        assert "✓" in stage.lines[row]
        assert "blank" in stage.lines[row]
        assert "logs  line one found needle2" in stage.lines[row + 1]


async def test_typing_on_replaces_what_was_found(tmp_path: Path) -> None:
    async with searching(tmp_path, "line") as (stage, screen, _):
        await stage.sees("3 exchanges")
        screen.query_one(Input).value = "needle1"
        await stage.sees("1 exchange")
        assert [hit.row.seq for hit in screen.rows.hits] == [1]


async def test_hits_of_another_text_do_not_stay_and_cannot_be_opened(tmp_path: Path) -> None:
    async with searching(tmp_path, "line") as (stage, screen, answers):
        await stage.sees("3 exchanges")
        old = screen._looking
        line = screen.query_one(Input)
        line.value = "needle1"
        await stage.press("enter")
        assert not answers or answers[0].row.seq == 1
        if not answers:
            assert screen._looking is not old
            looking = screen._looking = Looking(stage.workspace.store, "needle1")
            screen._drop_old(looking)
            assert screen.rows.hits == []
            await stage.sees("looking…")


@pytest.mark.parametrize("words", ["pear", "inside"])
async def test_a_hit_in_the_event_is_opened_on_the_event(tmp_path: Path, words: str) -> None:
    async with a_bench(tmp_path) as bench:
        wire = '{"lts": {"data": "eyJsb2dzIjpbeyJtZXNzYWdlIjoiaW5zaWRlIGl0In1dfQ=="}, "fruit": "pear"}'
        bench.workspace.store.append("orders", an_exchange(wire, trigger="lts", body="1"))
        await search(bench, words)
        await bench.sees("1 exchange")
        await bench.press("enter")
        view = bench.screen.outcome_view
        await bench.until(lambda: view.exchange and view.part is Part.EXCHANGE, "the event is shown")
        await bench.sees("the event as it was sent:")
        if words == "pear":
            await bench.until(lambda: view.text._found, "the words are marked")
        else:
            await bench.hears("in an encoded string: e opens the event")


async def test_chinese_is_found_and_opened_in_its_session_where_it_stands(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        record(bench.workspace)
        await search(bench, "完成")
        await bench.sees("处理完成")
        await bench.press("enter")
        await bench.sees("Session 订单 · 1")
        await bench.until(lambda: bench.screen.outcome_view.exchange, "it is shown")
        await bench.until(lambda: bench.screen.outcome_view.text._found, "the words are marked")
        assert bench.screen.outcome_view.part is Part.RESULT
        assert bench.screen.where is Where.OUTCOME


async def test_a_hit_in_the_logs_of_this_session_is_opened_in_the_logs_and_the_cursor_goes_to_its_row(
    tmp_path: Path,
) -> None:
    async with a_bench(tmp_path) as bench:
        record(bench.workspace)
        bench.screen.set_session("orders")
        await bench.sees("Session orders · 3")
        await search(bench, "needle1")
        await bench.sees("found needle1")
        await bench.press("enter")
        await bench.until(lambda: bench.screen.outcome_view.part is Part.LOGS, "the logs are shown")
        table = bench.screen.session_pane.table
        assert table.seq_at(table.cursor) == 1


async def test_the_scope_is_this_session_or_all_and_the_next_search_remembers(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        record(bench.workspace)
        bench.screen.set_session("订单")
        await search(bench, "needle1")
        await bench.sees("1 exchange")
        await bench.press("tab")
        await bench.sees("Nothing in session 订单 holds needle1.")
        await bench.press("escape")
        await bench.press("f")
        await bench.sees("Nothing in session 订单 holds needle1.")
        await bench.pilot.click("#scope")
        await bench.sees("1 exchange")


async def test_the_mouse_opens_a_hit(tmp_path: Path) -> None:
    async with searching(tmp_path, "line") as (stage, screen, answers):
        await stage.sees("3 exchanges")
        await stage.pilot.click(screen.rows, offset=(6, 3))
        assert screen.rows.cursor == 1
        await stage.pilot.click(screen.rows, offset=(6, 3), times=2)
        await stage.until(lambda: answers, "it is chosen")
        assert answers[0].row.seq == 2


@pytest.mark.parametrize("size", [(130, 40), (80, 24), (44, 16)])
async def test_no_payload_acts_at_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    def fill(workspace: Workspace) -> None:
        for number in (1, 2):
            exchange = an_exchange(
                '{"a": 1}',
                number=number,
                trigger=EVERYTHING,
                note=f"needle {EVERYTHING}",
                outcome=Raised(error=HandlerError(EVERYTHING, EVERYTHING, (EVERYTHING,))),
            )
            workspace.store.append("evil", exchange)

    async with searching(tmp_path, "needle", size=size, fill=fill) as (stage, _, _):
        await stage.sees("2 exchanges")
        assert "▸ evil" in stage.text
        assert "note  needle" in stage.text
        assert shows_no_control(stage.text.replace("\n", ""))


async def test_found_words_are_told_apart_without_colour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with searching(tmp_path, "needle2") as (stage, _, _):
        await stage.sees("found needle2")
        strips = stage.app.screen._compositor.render_strips()
        marked = [
            segment.text for strip in strips for segment in strip if segment.style is not None and segment.style.reverse
        ]
        assert "needle2" in marked


async def test_a_store_that_cannot_be_read_is_said(tmp_path: Path, own_home: Path) -> None:
    (own_home / "data").mkdir(parents=True)
    (own_home / "data" / "sessions.db").write_text("somebody else's file, long enough to be read as one" * 10)
    async with searching(tmp_path, "needle", fill=lambda _: None) as (stage, _, _):
        await stage.sees("✗ ")
        assert str(own_home)[:20] in stage.text
