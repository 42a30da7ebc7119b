"""Marks: shown at once, kept in the order they were made, all shown alone, all taken away."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from fgtui.sessions.model import MARK
from tests.tui.screens.pane_stage import PaneStage, a_pane


def marked(stage: PaneStage) -> list[int]:
    return [row.seq for row in stage.workspace.store.iterate_rows("orders") if MARK in row.tags]


async def test_marks_are_kept_shown_alone_and_cleared(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 9) as stage:
        await stage.press("m", "m", "down", "m")
        await stage.until(lambda: marked(stage) == [6, 8, 9], "they are kept")
        await stage.press("M")
        await stage.sees("3 of 9 · where contains(tags, 'marked')")
        await stage.press("M")
        await stage.sees("Session orders · 9")
        stage.pane.action_clear_marks()
        await stage.hears("3 marks cleared")
        assert marked(stage) == []
        await stage.until(lambda: "●   9" not in stage.text and not stage.pane.table.marked, "no row shows one")
        stage.pane.action_clear_marks()
        await stage.hears("no exchange is marked here")


async def test_marking_and_unmarking_in_one_go_ends_as_it_was_ordered(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 3) as stage:
        await stage.press("m", "up", "m", "up", "m", "up", "m", "m")
        marking = stage.pane._marking
        await stage.until(lambda: not marking._is_writing, "all is written")
        assert marked(stage) == [2]


async def test_a_mark_that_cannot_be_kept_is_said_and_not_shown(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 3) as stage:
        with sqlite3.connect(stage.workspace.store.file) as connection:
            connection.execute("CREATE TRIGGER no_more BEFORE UPDATE ON exchange BEGIN SELECT RAISE(FAIL, 'no'); END")
        connection.close()
        await stage.press("m")
        await stage.hears("not marked: ")
        await stage.until(lambda: "●   3" not in stage.text and "…" not in stage.lines[2], "the row is as it was")
        assert marked(stage) == []


async def test_a_number_is_gone_to_and_one_that_is_none_is_refused(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 340) as stage:
        table = stage.pane.table
        for key, typed in (("g", "#7"), ("number_sign", "300")):
            await stage.press(key)
            await stage.fill(typed, "enter")
            assert table.seq_at(table.cursor) == int(typed.removeprefix("#"))
        for typed in ("0", "1,000", "[/x]", "٣", "9" * 20):
            await stage.press("g")
            await stage.fill(typed, "enter")
            await stage.sees("is not among")
            await stage.press("escape")
        assert table.seq_at(table.cursor) == 300
