"""Letters that go somewhere, the list behind them, and the palette: what was wanted is there with the fewest keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.tui.actions import Where
from fgtui.tui.keymap import PRESETS
from fgtui.tui.screens.dialogs import Choice, Chooser, narrowed
from fgtui.tui.screens.jump_overlay import JumpOverlay, Letter
from fgtui.words import say
from tests.tui.bench import Bench, a_bench, a_session

SIZES = [(160, 45), (80, 24), (40, 24)]


def letters(bench: Bench) -> dict[str, tuple[int, int]]:
    """The letters that are drawn, and where."""
    return {str(each.visual): (each.region.x, each.region.y) for each in bench.app.screen.query(Letter)}


@pytest.mark.parametrize("size", SIZES, ids=["wide", "medium", "narrow"])
async def test_a_letter_goes_to_each_pane_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with a_bench(tmp_path, size=size) as bench:
        for letter, where in [("s", Where.SESSION), ("t", Where.TRIGGERS), ("o", Where.OUTCOME), ("e", Where.EVENT)]:
            await bench.press("ctrl+o")
            await bench.until(lambda: isinstance(bench.app.screen, JumpOverlay), "the letters are there")
            await bench.press(letter)
            await bench.until(lambda wanted=where: bench.screen.where is wanted, f"{where} has the focus")
            assert bench.app.screen is bench.screen


async def test_letters_stand_on_what_is_in_sight_and_all_are_named_below(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(160, 45)) as bench:
        await bench.press("ctrl+o")
        await bench.until(lambda: len(letters(bench)) > 5, "letters are drawn")
        found = letters(bench)
        for letter, where in (("t", Where.TRIGGERS), ("e", Where.EVENT), ("o", Where.OUTCOME), ("s", Where.SESSION)):
            region = bench.screen.panes()[where].region
            assert found[letter] == (region.x + 1, region.y)
        top = bench.lines[0]
        assert top[found["n"][0] : found["n"][0] + 8] == "ndefault"
        assert top[found["g"][0] : found["g"][0] + 2] in {"g●", "g○"}
        assert {"1", "2"} <= set(found)
        assert "t Triggers" in bench.lines[-1].replace("\xa0", " ")
        assert "/ list" in bench.lines[-1].replace("\xa0", " ")
        await bench.press("escape")
        await bench.until(lambda: bench.app.screen is bench.screen, "the letters are gone")
        assert not any("/ list" in line for line in bench.lines)


async def test_a_capital_letter_opens_the_trigger_it_stands_on(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(130, 40)) as bench:
        bench.screen.focus_pane(Where.SESSION)
        await bench.press("ctrl+o")
        await bench.until(lambda: "H" in letters(bench), "letters are drawn")
        x, y = letters(bench)["G"]
        assert bench.lines[y][x:].startswith("GLTS ")
        assert "A…S\xa0trigger" in bench.lines[-1]
        await bench.press("G")
        await bench.until(lambda: bench.screen.event_pane.title.startswith("LTS"), "it is open")


async def test_a_message_that_stands_on_a_letter_goes(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(40, 12)) as bench:
        bench.screen.focus_pane(Where.OUTCOME)
        bench.screen.notify("something to be read " * 12, markup=False)
        await bench.until(lambda: any(each.region for each in bench.screen.query("Toast")), "it is there")
        await bench.press("ctrl+o")
        await bench.until(lambda: isinstance(bench.app.screen, JumpOverlay), "the letters are there")
        await bench.until(lambda: not bench.said, "it has gone")


async def test_other_letters_begin_the_list_s_line(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.press("ctrl+o", *"kafka-o")
        await bench.sees("kafka-opensource default")
        await bench.press("enter")
        await bench.until(lambda: bench.screen.event_pane.title.startswith("KAFKA"), "it is open")


async def test_the_list_holds_sessions_too(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench, 2)
        await bench.press("ctrl+o", "slash")
        await bench.sees("orders")
        await bench.fill("orders", "enter")
        await bench.until(lambda: bench.screen.session == "orders", "the session is shown")


async def test_a_letter_shows_a_part_and_asks_for_a_target(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(160, 45)) as bench:
        await bench.press("ctrl+o", "2")
        await bench.until(lambda: bench.screen.outcome_view.part == 1, "the second part is shown")
        await bench.press("ctrl+o", "g")
        await bench.until(lambda: isinstance(bench.app.screen, Chooser), "targets are offered")


async def test_the_palette_begins_with_what_was_chosen_last_and_says_why_some_cannot_be(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(120, 40)) as bench:
        await bench.press("f2")
        await bench.sees("Find text in the event")
        await bench.fill("serve-stop")
        await bench.sees("nothing is served")
        await bench.press("enter")
        await bench.sees("✗ nothing is served")
        await bench.press("escape", "f2")
        await bench.fill("zoompane", "enter")
        await bench.press("f2")
        await bench.fill("zoom", "enter")
        await bench.until(lambda: bench.screen.arrangement.is_zoomed, "the pane is zoomed")
        await bench.press("f2")
        await bench.until(lambda: isinstance(bench.app.screen, Chooser), "the palette is there")
        chooser = bench.app.screen
        assert isinstance(chooser, Chooser)
        assert chooser.rows.choices[0].value == "zoom-pane"


@pytest.mark.parametrize("typed", ["lts", "log tank", "日志"])
async def test_the_palette_opens_a_trigger_by_its_key_and_its_names(tmp_path: Path, typed: str) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.press("f2")
        await bench.fill(typed)
        chooser = bench.app.screen
        assert isinstance(chooser, Chooser)
        assert chooser.rows.choices[0].text.startswith("Open trigger lts: Log Tank")
        await bench.press("enter")
        await bench.until(lambda: bench.screen.event_pane.title.startswith("LTS"), "it is open")


async def test_a_screen_above_has_a_palette_of_its_own(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(80, 24)) as bench:
        await a_session(bench, 3)
        await bench.press("s")
        await bench.sees("Statistics of 3 exchanges of orders")
        await bench.press("f2")
        await bench.fill("group outcome", "enter")
        await bench.sees("▸o outcome")


def test_words_find_what_they_begin_before_what_holds_them_and_initials_what_is_called_so() -> None:
    choices = [
        Choice("a", "Undo the zoom"),
        Choice("b", "Zoom", keys="F8"),
        Choice("c", "发送事件", also="Send the event\nsend"),
        Choice("d", "Go to a path", also="go-to-path", keys="Alt+G"),
    ]
    assert [each.value for each in narrowed(choices, "zoom")] == ["b", "a"]
    assert [each.value for each in narrowed(choices, "f8")] == ["b"]
    assert [each.value for each in narrowed(choices, "send")] == ["c"]
    assert [each.value for each in narrowed(choices, "发送")] == ["c"]
    assert [each.value for each in narrowed(choices, "gtp")] == ["d"]
    assert narrowed(choices, "zoom nothing") == []
    assert say("Go to a path") == "Go to a path"


async def test_the_ide_s_keys_are_shown_and_do_it_in_an_ide(tmp_path: Path) -> None:
    async with a_bench(tmp_path, settings="[keys]\npreset = 'ide'\n", size=(120, 40)) as bench:
        assert "Alt+S send" in bench.lines[-1]
        assert "^J" not in bench.lines[-1]
        await bench.press("alt+shift+j")
        await bench.until(lambda: isinstance(bench.app.screen, JumpOverlay), "the letters are there")
        assert "ctrl+o" in PRESETS["ide"].swallowed
