"""A screen over another ends once: what was typed ahead ends nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fgtui.tui.actions import Where
from fgtui.tui.screens.dialogs import Question
from tests.tui.bench import a_bench, a_session
from tests.tui.stage import Stage


async def test_a_second_end_is_nobody_else_s() -> None:
    stage = Stage()
    answers: list[Any] = []
    async with stage.play() as pilot:
        below, above = Question("Below?", "[/x]"), Question("Above?", "")
        await stage.push_screen(below, lambda answer: answers.append(("below", answer)))
        await stage.push_screen(above, lambda answer: answers.append(("above", answer)))
        above.dismiss(True)
        above.dismiss(False)
        below_is_left = stage.screen is below
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
    assert below_is_left
    assert answers == [("above", True), ("below", True)]


async def test_f1_says_the_keys_of_what_is_on_top_and_the_bottom_line_is_silent_meanwhile(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(80, 24)) as bench:
        await a_session(bench, 3)
        assert "r replay" in bench.lines[-1]
        await bench.press("s")
        await bench.sees("Statistics of 3 exchanges of orders")
        assert not bench.lines[-1].strip()
        await bench.press("f1")
        await bench.sees("Help: Statistics")
        await bench.sees("Group by target")
        await bench.press("slash", *"out")
        await bench.sees("Group by outcome")
        assert not any("Group by target" in line for line in bench.lines)
        await bench.press("f1")
        await bench.sees("Statistics of 3 exchanges of orders")
        await bench.press("escape")
        await bench.sees("r replay")


async def test_esc_leads_from_an_outcome_back_to_the_list_it_was_opened_from(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(80, 24)) as bench:
        await a_session(bench, 3)
        await bench.press("enter")
        await bench.until(lambda: bench.screen.where is Where.OUTCOME, "the outcome has the keys")
        await bench.press("escape")
        await bench.until(lambda: bench.screen.where is Where.SESSION, "the list has them again")


async def test_a_message_over_the_border_of_a_screen_loses_no_wide_character(tmp_path: Path) -> None:
    words = "一二三四五六七八九十" * 3
    async with a_bench(tmp_path, size=(120, 24)) as bench:
        await bench.press("f4")
        for more in ("", "1", "12", "123"):  # in one of them a character is where the border is
            bench.app.notify(words + more)
            await bench.sees(words + more)
