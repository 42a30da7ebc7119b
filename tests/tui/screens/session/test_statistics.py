"""Statistics in the workbench: counted while a person looks, by whatever is asked, and over when it is left."""

from __future__ import annotations

from pathlib import Path

from fgtui.invoke.model import HandlerError, Raised, TimedOut
from fgtui.sessions.model import MARK
from fgtui.tui.actions import Where
from fgtui.tui.screens.session.statistics import StatisticsScreen
from tests.factories import an_exchange
from tests.tui.bench import Bench, a_bench

SMALL = (100, 24)


async def a_session(bench: Bench, trigger: str = "lts") -> None:
    exchanges = [
        an_exchange(
            f'{{"n": {number}, "kind": "{"even" if number % 2 == 0 else "odd"} [/x]"}}',
            Raised(error=HandlerError("ValueError", "boom"), duration_ms=20.0) if number == 3 else None,
            number=number,
            trigger=trigger if number % 2 else "obs",
            tags=(MARK,) if number == 40 else (),
        )
        for number in range(1, 40)
    ]
    exchanges.append(an_exchange(None, TimedOut(limit_s=3.0, duration_ms=3000.0), number=40, trigger="失败"))
    assert len(list(bench.workspace.store.append_many("orders", exchanges))) == 40
    bench.screen.set_session("orders")
    bench.screen.focus_pane(Where.SESSION)
    await bench.sees("Session orders · 40")


async def test_a_session_is_counted_by_trigger_outcome_and_any_expression(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await a_session(bench)
        await bench.press("s")
        await bench.sees("Statistics of 40 exchanges of orders")
        await bench.sees("40 invocations · 2 errors (5.0 %) · 1 timed out")
        await bench.sees("over time")
        await bench.press("t")
        await bench.sees("3 groups")
        assert names(bench) == ["lts", "obs", "失败"]
        await bench.press("down", "down")
        await bench.sees("1 invocation · 1 error (100.0 %)")
        await bench.press("o")
        await bench.until(lambda: names(bench)[:1] == ["returned"], "it is counted by outcome")
        await bench.press("slash")
        await bench.fill("event.body.kind", "enter")
        await bench.until(lambda: names(bench)[:1] == ["odd [/x]"], "it is counted by the expression")
        assert [group.invocations for group in the(bench).rows.groups] == [20, 19, 1]
        await bench.press("slash")
        await bench.fill("event.body.[", "enter")
        await bench.sees("✗ column ")
        await bench.press("escape", "escape")
        assert bench.app.screen is bench.screen


def the(bench: Bench) -> StatisticsScreen:
    screen = bench.app.screen
    assert isinstance(screen, StatisticsScreen)
    return screen


def names(bench: Bench) -> list[str]:
    return [group.name for group in the(bench).rows.groups]


async def test_only_what_a_filter_shows_is_counted_or_what_is_marked(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await a_session(bench)
        table = bench.screen.session_pane.table
        table.show_matches()
        table.add_matches([30, 20, 10])
        await bench.press("s")
        await bench.sees("Statistics of 3 filtered exchanges of orders")
        await bench.press("slash")
        await bench.fill("event.body.n", "enter")
        await bench.until(lambda: names(bench) == ["10", "20", "30"], lambda: bench.text)
        await bench.press("escape")
        bench.workspace.store.annotate("orders", [1, 2], add_tags=(MARK,))
        await bench.press("s")
        await bench.sees("Statistics of 2 marked exchanges of orders")
