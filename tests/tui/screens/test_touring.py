"""The demo's tour goes on by itself when a step was done, shows true keys, and is ended for good."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from fgtui.tui.actions import Where
from fgtui.tui.screens.outcome.reporting import ReportScreen
from fgtui.tui.screens.touring import ENDED, STEPS
from fgtui.tui.screens.workbench import Opening
from fgtui.tui.widgets.tour_strip import TourStrip
from tests.tui.bench import Bench, a_bench, a_session

TOUR = Opening(target="index.echo", tour=True)


@asynccontextmanager
async def a_tour(folder: Path, step: int = 0, *, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Bench]:
    async with a_bench(folder, opening=TOUR, size=size) as bench:
        await bench.sees("1/8")
        assert bench.screen.touring is not None
        for _ in range(step):
            bench.screen.touring.go(1)
        await bench.pilot.pause()
        yield bench


async def reaches(bench: Bench, step: int) -> None:
    touring = bench.screen.touring
    assert touring is not None
    await bench.until(lambda: touring.step == step, lambda: f"step {step} of the tour; it is at {touring.step}")


async def test_what_a_step_speaks_of_in_the_event_comes_into_sight(tmp_path: Path) -> None:
    async with a_tour(tmp_path / "p", size=(80, 24)) as bench:
        await bench.until(lambda: bench.screen.event_pane.editor.analysis, "the event is read")
        assert "photo" not in bench.text
        await bench.press("alt+8")
        await bench.sees("URL-encoded photo")


async def test_sending_and_decoding_are_steps_that_end_by_themselves(tmp_path: Path) -> None:
    async with a_tour(tmp_path / "p") as bench:
        await bench.press("x", "backspace")
        await reaches(bench, 0)
        await bench.send()
        await reaches(bench, 1)
        await bench.sees("Tour 2/8")
        await bench.press("ctrl+t")
        await reaches(bench, 2)


async def test_opening_a_failed_recording_filtering_and_a_replay_are(tmp_path: Path) -> None:
    async with a_tour(tmp_path / "p", 2) as bench:
        await a_session(bench, 3)
        await bench.press("enter")
        await bench.until(lambda: bench.screen.record, "one that returned is shown")
        await reaches(bench, 2)
        bench.screen.targets.choose("index.boom")
        await bench.send()
        await reaches(bench, 3)
        await bench.press("slash")
        await bench.fill("outcome.kind != 'returned'", "enter")
        await reaches(bench, 4)
        await bench.press("alt+8")
        await bench.sees("Session orders · 1 of 4")
        bench.screen.focus_pane(Where.SESSION)
        await bench.press("r")
        await reaches(bench, 6)


async def test_an_event_that_was_changed_and_sent_and_a_report_are(tmp_path: Path) -> None:
    async with a_tour(tmp_path / "p", 4) as bench:
        await bench.send()
        await reaches(bench, 4)
        await bench.press("space")
        await bench.send()
        await reaches(bench, 5)
        await bench.press("alt+8")
        bench.screen.focus_pane(Where.OUTCOME)
        await bench.pilot.pause()
        await bench.press("b")
        await bench.until(lambda: isinstance(bench.app.screen, ReportScreen), "a report")
        await reaches(bench, 7)
        await bench.press("escape")
        await bench.sees("src/orders.py")
        assert all(words in bench.text for words in ("F1 explains", "F2 finds", "fgtui demo --remove"))


async def test_keys_lead_on_and_back_and_its_end_is_remembered(tmp_path: Path) -> None:
    async with a_tour(tmp_path / "p") as bench:
        await bench.press("alt+8", "alt+8", "alt+7")
        await bench.sees("Tour 2/8")
        await bench.press("alt+9")
        assert not bench.screen.query(TourStrip)
        bench.app.end(0)
        await bench.until(lambda: bench.app._exit, "it has ended")
    async with a_bench(tmp_path / "p", opening=TOUR) as bench:
        await bench.pilot.pause()
        assert bench.screen.touring is not None
        assert bench.screen.touring.step == ENDED
        assert not bench.screen.query(TourStrip)
        await bench.press("alt+8")
        await bench.sees("Tour 1/8")


async def test_the_step_is_where_it_was_left(tmp_path: Path) -> None:
    async with a_tour(tmp_path / "p") as bench:
        await bench.press("alt+8", "alt+8")
        bench.app.end(0)
        await bench.until(lambda: bench.app._exit, "it has ended")
    async with a_bench(tmp_path / "p", opening=TOUR) as bench:
        await bench.sees("Tour 3/8")


async def test_elsewhere_there_is_no_tour_and_its_actions_say_so(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "p") as bench:
        await bench.press("alt+8")
        await bench.hears("fgtui demo")
        assert not bench.screen.query(TourStrip)


async def test_keys_that_were_remapped_are_those_of_the_steps(tmp_path: Path) -> None:
    settings = "[keys]\nsend = 'ctrl+f9'\ntour-next = 'f11'\n"
    async with a_bench(tmp_path / "p", opening=TOUR, settings=settings) as bench:
        await bench.sees("Tour 1/8  Ctrl+F9 sends this event")
        await bench.sees("F11 next")


@pytest.mark.parametrize("size", [(80, 24), (40, 24)], ids=["small", "narrow"])
async def test_every_step_stands_in_two_lines_above_the_keys(tmp_path: Path, size: tuple[int, int]) -> None:
    async with a_tour(tmp_path / "p", size=size) as bench:
        for number in range(1, len(STEPS) + 1):
            await bench.sees(f"{number}/8")
            strip = bench.screen.query_one(TourStrip)
            assert strip.size.height <= 2
            assert strip.region.bottom == bench.screen.key_bar.region.y
            text = " ".join(bench.lines[strip.region.y : strip.region.bottom])
            assert "Alt+9 end" in text
            assert "…" not in text
            await bench.press("alt+8")
