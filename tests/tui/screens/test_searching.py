"""The search through the recordings: typed, found, opened; whatever was recorded is text."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from fgtui.invoke.model import HandlerError, Raised
from fgtui.tui.actions import Where
from fgtui.tui.screens.searching import SearchScreen
from fgtui.tui.widgets.outcome_view import Part
from tests.factories import an_exchange
from tests.tui.bench import Bench, a_bench
from tests.tui.hostile import EVERYTHING, shows_no_control


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


def record(bench: Bench) -> None:
    """Two sessions, in different languages."""
    store = bench.workspace.store
    store.append("订单", an_exchange('{"text": "上传失败，请重新处理"}', number=1, body='{"state": "处理完成"}'))
    for number in range(1, 4):
        store.append(
            "orders", an_exchange(f'{{"n": {number}}}', number=number, logs=f"line one\nfound needle{number}\n")
        )


async def test_nothing_typed_says_what_is_searched(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await search(bench, "")
        await bench.sees("Type what to look for")
        await bench.press("enter")
        assert isinstance(bench.app.screen, SearchScreen)
        await bench.press("escape")
        assert bench.app.screen is bench.screen


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("nosuchword", "Nothing in any session holds nosuchword."),
        ("[/]?", "✗ there is nothing to look for"),
        ("失败 处理 absent", "Nothing in any session holds 失败 处理 absent."),
    ],
)
async def test_what_is_not_found_is_said(tmp_path: Path, typed: str, words: str) -> None:
    async with a_bench(tmp_path) as bench:
        record(bench)
        await search(bench, typed)
        await bench.sees(words)


async def test_what_is_found_shows_which_exchange_and_the_text_around(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        record(bench)
        await search(bench, "needle2")
        await bench.sees("1 exchange")
        row = next(index for index, line in enumerate(bench.lines) if "#2" in line)
        assert "orders" in bench.lines[row]
        assert "✓" in bench.lines[row]
        assert "blank" in bench.lines[row]
        assert "logs  line one found needle2" in bench.lines[row + 1]


async def test_typing_on_replaces_what_was_found(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        record(bench)
        screen = await search(bench, "line")
        await bench.sees("3 exchanges")
        screen.query_one(Input).value = "needle1"
        await bench.sees("1 exchange")
        assert [hit.row.seq for hit in screen.rows.hits] == [1]


async def test_chinese_is_found_and_opened_in_its_session_where_it_stands(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        record(bench)
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
        record(bench)
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
        record(bench)
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
    async with a_bench(tmp_path) as bench:
        record(bench)
        screen = await search(bench, "line")
        await bench.sees("3 exchanges")
        await bench.pilot.click(screen.rows, offset=(6, 3))
        assert screen.rows.cursor == 1
        await bench.pilot.click(screen.rows, offset=(6, 3), times=2)
        await bench.until(lambda: bench.app.screen is bench.screen, "it is opened")
        await bench.until(lambda: bench.screen.outcome_view.exchange, "it is shown")


@pytest.mark.parametrize("size", [(130, 40), (80, 24), (44, 16)])
async def test_no_payload_acts_at_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with a_bench(tmp_path, size=size) as bench:
        for number in (1, 2):
            exchange = an_exchange(
                '{"a": 1}',
                number=number,
                trigger=EVERYTHING,
                note=f"needle {EVERYTHING}",
                outcome=Raised(error=HandlerError(EVERYTHING, EVERYTHING, (EVERYTHING,))),
            )
            bench.workspace.store.append("evil", exchange)
        await search(bench, "needle")
        await bench.sees("2 exchanges")
        assert "▸ evil" in bench.text
        assert "note  needle" in bench.text
        assert shows_no_control(bench.text.replace("\n", ""))


async def test_found_words_are_told_apart_without_colour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with a_bench(tmp_path) as bench:
        record(bench)
        await search(bench, "needle2")
        await bench.sees("found needle2")
        strips = bench.app.screen._compositor.render_strips()
        marked = [
            segment.text for strip in strips for segment in strip if segment.style is not None and segment.style.reverse
        ]
        assert "needle2" in marked


async def test_a_store_that_cannot_be_read_is_said(tmp_path: Path, own_home: Path) -> None:
    (own_home / "data").mkdir(parents=True)
    (own_home / "data" / "sessions.db").write_text("somebody else's file, long enough to be read as one" * 10)
    async with a_bench(tmp_path) as bench:
        screen = await search(bench, "needle")
        await bench.sees("in every session")
        await bench.until(lambda: screen.rows.hint.startswith("✗ "), "the reason is said")
        assert "sessions.db" in bench.text
