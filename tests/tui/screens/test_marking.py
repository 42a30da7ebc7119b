"""Marks: shown at once, kept in the order they were made, all shown alone, all taken away."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from fgtui.sessions.model import MARK
from tests.tui.bench import Bench, a_bench, a_session


def marked(bench: Bench) -> list[int]:
    return [row.seq for row in bench.workspace.store.iterate_rows("orders") if MARK in row.tags]


async def test_marks_are_kept_shown_alone_and_cleared(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench, 9)
        await bench.press("m", "m", "down", "m")
        await bench.until(lambda: marked(bench) == [6, 8, 9], "they are kept")
        await bench.press("M")
        await bench.sees("3 of 9 · where contains(tags, 'marked')")
        await bench.press("M")
        await bench.sees("Session orders · 9")
        await bench.screen.perform("clear-marks")
        await bench.hears("3 marks cleared")
        assert marked(bench) == []
        await bench.until(lambda: "●   9" not in bench.text, "no row shows one")
        await bench.screen.perform("clear-marks")
        await bench.hears("0 marks cleared")


async def test_marking_and_unmarking_in_one_go_ends_as_it_was_ordered(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench, 3)
        await bench.press("m", "up", "m", "up", "m", "up", "m", "m")
        marking = bench.screen.session_pane._marking
        await bench.until(lambda: not marking._is_writing, "all is written")
        assert marked(bench) == [2]


async def test_a_mark_that_cannot_be_kept_is_said_and_not_shown(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench, 3)
        with sqlite3.connect(bench.workspace.store.file) as connection:
            connection.execute("CREATE TRIGGER no_more BEFORE UPDATE ON exchange BEGIN SELECT RAISE(FAIL, 'no'); END")
        connection.close()
        await bench.press("m")
        await bench.hears("not marked: ")
        await bench.until(lambda: "●   3" not in bench.text and "…" not in bench.lines[-4], "the row is as it was")
        assert marked(bench) == []


async def test_a_number_is_gone_to_and_one_that_is_none_is_refused(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench, 340)
        table = bench.screen.session_pane.table
        for key, typed in (("g", "#7"), ("number_sign", "300")):
            await bench.press(key)
            await bench.fill(typed, "enter")
            assert table.seq_at(table.cursor) == int(typed.removeprefix("#"))
        for typed in ("0", "1,000", "[/x]", "٣", "9" * 20):
            await bench.press("g")
            await bench.fill(typed, "enter")
            await bench.sees("is not among")
            await bench.press("escape")
        assert table.seq_at(table.cursor) == 300
