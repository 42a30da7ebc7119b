"""Problems in a list, and what puts them right; each is one step of the history."""

from __future__ import annotations

from pathlib import Path

from fgtui.tui.screens.event.mending import ProblemsScreen
from tests.tui.bench import Bench, a_bench

BROKEN = """{
  'a': True, // yes
  "b": NaN,
  "c": [1, 2,]
}
"""


async def opened(bench: Bench, text: str = BROKEN, trigger: str = "blank") -> None:
    bench.screen.open_text(text, trigger, "event")
    await bench.until(lambda: bench.screen.event_pane.editor.analysis, "the text is read")


def text(bench: Bench) -> str:
    return bench.screen.event_pane.editor.text


async def listed(bench: Bench) -> ProblemsScreen:
    await bench.press("alt+m")
    await bench.until(lambda: isinstance(bench.app.screen, ProblemsScreen), "the list is open")
    screen = bench.app.screen
    assert isinstance(screen, ProblemsScreen)
    return screen


async def test_problems_are_listed_with_place_words_and_fix_and_gone_to(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        screen = await listed(bench)
        await bench.sees("2:3")
        await bench.sees("a string needs double quotes, not '")
        await bench.sees('f  type " at both ends')
        screen.rows.cursor = next(i for i, each in enumerate(screen.rows.problems) if each.code == "not-a-number")
        await bench.press("enter")
        await bench.until(lambda: bench.screen.event_pane.editor.area.cursor == (2, 7), "the cursor is there")
        assert bench.app.focused is bench.screen.event_pane.editor.area


async def test_where_there_are_more_than_are_listed_both_counts_say_so(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text("[" + "x y, " * 200 + "1]", "blank", "event")
        await bench.sees("✗ 99+")
        await listed(bench)
        await bench.sees("over 99 problems")


async def test_one_is_put_right_then_all_that_is_certain_and_undo_takes_each_back(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        screen = await listed(bench)
        await bench.press("f")
        await bench.until(lambda: '"a"' in text(bench), "it is put right")
        await bench.until(lambda: len(screen.rows.problems) == 4, "the list follows")
        one = text(bench)
        await bench.press("A")
        await bench.until(lambda: "true,\n" in text(bench), "all are put right")
        assert text(bench) == '{\n  "a": true,\n  "b": NaN,\n  "c": [1, 2]\n}\n'
        await bench.until(lambda: len(screen.rows.problems) == 1, "the list follows")
        await bench.press("escape", "ctrl+underscore")
        assert text(bench) == one
        await bench.press("ctrl+underscore")
        assert text(bench) == BROKEN


async def test_all_of_a_kind_are_put_right(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench, '{"a": NaN, "b": [Infinity, NaN,]}')
        screen = await listed(bench)
        assert screen.rows.problems[0].code == "not-a-number"
        await bench.press("F")
        await bench.until(lambda: text(bench) == '{"a": null, "b": [null, null,]}', "all of them")


async def test_several_ways_are_offered_at_the_cursor(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench, '{"a": 1, "b": NaN}')
        await bench.press("alt+q")
        await bench.sees("write null")
        await bench.press("down", "enter")
        await bench.until(lambda: text(bench) == '{"a": 1, "b": "NaN"}', "the second way was taken")


async def test_where_nothing_is_wrong_it_is_said(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench, '{"a": 1}\n')
        await bench.press("alt+q")
        await bench.hears("nothing is wrong here")
        await bench.press("alt+m")
        await bench.hears("no problems")


async def test_what_only_a_person_can_put_right_is_said(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench, "{: 1}")
        await bench.press("alt+q")
        await bench.hears("only you can put this right")
        assert text(bench) == "{: 1}"


async def test_a_click_on_the_tally_lists_them(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        pane = bench.screen.event_pane
        await bench.until(lambda: pane.field is not None and pane.field.region, "the line stands where it stays")
        await bench.pilot.click("EditorStatus", offset=(1, 0))
        await bench.until(lambda: isinstance(bench.app.screen, ProblemsScreen), "the list is open")
