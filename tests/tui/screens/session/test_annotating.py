"""Notes and tags from the table: kept, redacted, and shown where they belong."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.errors import UsageError
from fgtui.sessions.model import MARK
from fgtui.tui.actions import Where
from fgtui.tui.screens.session.annotating import changes_of, tags_of
from fgtui.tui.screens.workbench import Opening
from fgtui.tui.widgets.code_area import CodeArea
from fgtui.tui.widgets.outcome_view import Part
from tests.factories import an_exchange
from tests.tui.bench import Bench, a_bench
from tests.tui.hostile import EVERYTHING, shows_no_control

SMALL = (100, 24)


async def a_session(bench: Bench, *tags: tuple[str, ...], note: str = "") -> None:
    exchanges = [
        an_exchange(f'{{"n": {number}}}', number=number, tags=each, note=note) for number, each in enumerate(tags, 1)
    ]
    assert len(list(bench.workspace.store.append_many("orders", exchanges))) == len(tags)
    bench.screen.set_session("orders")
    bench.screen.focus_pane(Where.SESSION)
    await bench.sees(f"Session orders · {len(tags)}")


async def test_a_note_is_written_in_place_and_its_secrets_are_not_kept(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await a_session(bench, (), ())
        await bench.press("enter")
        await bench.until(lambda: bench.screen.outcome_view.exchange is not None, "it is shown")
        bench.screen.focus_pane(Where.SESSION)
        await bench.pilot.pause()
        await bench.press("n")
        await bench.sees("Note of orders #2")
        await bench.press("x")
        await bench.sees("Enter keeps it, Esc leaves")
        await bench.press("alt+enter", "y")
        await bench.sees("F9 keeps it, Esc leaves")
        bench.app.screen.query_one(CodeArea).replace_all("see [/x]\npassword: hunter2-hunter2")
        await bench.press("ctrl+s")
        await bench.until(lambda: bench.workspace.store.get("orders", 2).note, "it is kept")
        note = bench.workspace.store.get("orders", 2).note
        assert note.startswith("see [/x]\npassword: <redacted:")
        assert "note        see [/x]\\npassword" in bench.screen.outcome_view.text_of(Part.EXCHANGE).text
        row = bench.screen.session_pane.table.row_for(2)
        assert row is not None
        assert row.note == note
        await bench.press("n")
        await bench.sees("Note of orders #2")
        await bench.press("escape")
        assert bench.workspace.store.get("orders", 2).note == note


def notes_of(home: Path) -> list[Path]:
    return list(home.rglob("notes/*.json"))


async def test_a_note_that_is_half_typed_as_the_workbench_ends_is_there_again_until_it_is_decided_on(
    tmp_path: Path, own_home: Path
) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await a_session(bench, (), note="old")
        await bench.press("n")
        await bench.press(*" and half")
        await bench.until(lambda: notes_of(own_home), "it is kept while it is typed")
        await bench.press("!", "ctrl+q")
    assert bench.app.parting_words == ("unfinished note kept; opening it again brings it back",)
    async with a_bench(tmp_path, size=SMALL, opening=Opening(session="orders")) as bench:
        await bench.hears("the note of orders #1 is unfinished; n there goes on with it")
        bench.screen.focus_pane(Where.SESSION)
        await bench.sees("Session orders · 1")
        await bench.press("n")
        await bench.hears("Esc drops it")
        await bench.sees("old and half!")
        await bench.press("enter")
        await bench.until(lambda: not notes_of(own_home), "it is recorded")
        assert bench.workspace.store.get("orders", 1).note == "old and half!"
        await bench.press("n")
        await bench.sees("Note of orders #1")
        await bench.press("x", "escape")
        assert not notes_of(own_home)
        await bench.press("n", "y", "ctrl+q")
        bench.workspace.store.delete("orders")
    assert notes_of(own_home)
    async with a_bench(tmp_path, size=SMALL) as bench:
        await bench.until(lambda: not notes_of(own_home), "nothing is kept for what is gone")


async def test_a_hostile_note_is_drawn_harmlessly_and_left_alone(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await a_session(bench, (), note=EVERYTHING)
        await bench.press("n")
        await bench.sees("Note of orders #1")
        await bench.sees("[red]x[/red]")
        assert shows_no_control(bench.text.replace("\n", ""))
        before = bench.workspace.store.get("orders", 1).note
        await bench.press("ctrl+s")
        assert bench.workspace.store.get("orders", 1).note == before


async def test_tags_of_one_exchange_and_of_all_that_are_marked(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await a_session(bench, ("old", "slow"), (), ())
        await bench.press("end", "t")
        await bench.sees("Tags of orders #1")
        await bench.sees("in use here: old, slow")
        await bench.fill("slow, 失败", "enter")
        await bench.until(lambda: bench.workspace.store.get("orders", 1).tags == ("slow", "失败"), "they are kept")
        bench.workspace.store.annotate("orders", [1, 2], add_tags=(MARK,))
        await bench.press("t")
        await bench.sees("Tags of 2 marked exchanges")
        await bench.fill("again, -slow", "enter")
        await bench.hears("2 exchanges have other tags now")
        tags = [bench.workspace.store.get("orders", seq).tags for seq in (1, 2, 3)]
        assert tags == [("失败", MARK, "again"), (MARK, "again"), ()]


def test_tags_are_what_stands_between_commas() -> None:
    assert tags_of(" slow ,, two  words,slow") == ("slow", "two words")
    assert tags_of("慢，重试、slow") == ("慢", "重试", "slow")
    assert tags_of(" ") == ()
    assert changes_of("new, -old, - older ") == (("new",), ("old", "older"))
    for typed in (MARK, f"-{MARK}"):
        with pytest.raises(UsageError, match="marking sets it"):
            changes_of(typed)
