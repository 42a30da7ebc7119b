"""Replaying many from the workbench: asked for with numbers, watched, stopped, gone on with, and looked into."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from fgtui.errors import UsageError
from fgtui.sessions.model import MARK
from fgtui.tui.actions import Where
from fgtui.tui.screens.session.comparing import ComparingScreen
from fgtui.tui.screens.session.replaying import ReplayScreen, rate_of
from fgtui.tui.screens.workbench import Opening
from tests.factories import an_event, an_exchange
from tests.tui.bench import Bench, a_bench

SMALL = (100, 24)

COUNT = Opening(target="index.count")
SAME, OTHER = '{"keys": ["n"]}', '{"keys": ["m"]}'


async def a_session(bench: Bench, *bodies: str, **more: Any) -> None:
    exchanges = [
        an_exchange(f'{{"n": {number}}}', number=number, body=body, **more) for number, body in enumerate(bodies, 1)
    ]
    assert len(list(bench.workspace.store.append_many("orders", exchanges))) == len(bodies)
    bench.screen.set_session("orders")
    bench.screen.focus_pane(Where.SESSION)
    await bench.sees(f"Session orders · {len(bodies)}")


def the(bench: Bench) -> ReplayScreen:
    screen = next(screen for screen in bench.app.screen_stack if isinstance(screen, ReplayScreen))
    assert isinstance(screen, ReplayScreen)
    return screen


async def replayed(bench: Bench) -> ReplayScreen:
    await bench.until(lambda: isinstance(bench.app.screen, ReplayScreen), "the replay is shown")
    await bench.until(lambda: the(bench).rerun.is_over, "it is over")
    await bench.sees("Esc leaves")
    return the(bench)


async def test_a_session_is_replayed_and_what_differs_can_be_compared_reported_and_filtered(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL, opening=COUNT) as bench:
        await a_session(bench, SAME, OTHER, SAME)
        await bench.press("R")
        await bench.sees("Replay 3 exchanges of orders at index.count?")
        await bench.press("y")
        screen = await replayed(bench)
        await bench.sees("= 2 same   ~ 1 different")
        assert [(found.sign, found.old, found.new, found.words) for found in screen.rows.findings] == [
            ("~", 2, 2, "outcome.result.keys[0]")
        ]
        await bench.press("enter")
        await bench.until(lambda: isinstance(bench.app.screen, ComparingScreen), "the two are compared")
        await bench.press("escape")
        await bench.press("b")
        await bench.sees("Report orders-replay #2")
        await bench.press("escape")
        await bench.press("f")
        await bench.sees("Session orders-replay")
        await bench.sees("1 of 3")
        new = bench.workspace.store.get("orders-replay", 2)
        assert new.replay_of == bench.workspace.store.get("orders", 2).id
        assert new.tags == ("differs",)


async def test_only_what_is_marked_is_replayed_and_a_redacted_event_says_why_it_was_not(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL, opening=COUNT) as bench:
        await a_session(bench, SAME, SAME, SAME)
        secret = an_exchange(an_event('{"password": "hunter2-hunter2"}'), number=4, body=SAME)
        bench.workspace.store.append("orders", secret)
        bench.workspace.store.annotate("orders", [1, 4], add_tags=(MARK,))
        await bench.press("R")
        await bench.sees("Replay 2 marked exchanges of orders")
        await bench.press("y")
        screen = await replayed(bench)
        await bench.sees("⊘ 1 not sent")
        assert [found.old for found in screen.rows.findings] == [4]
        await bench.press("enter")
        await bench.hears("redacted when it was recorded: password")
        await bench.press("e")
        await bench.until(lambda: "<redacted:" in bench.screen.event_pane.editor.text, "its event is in the editor")
        assert bench.workspace.store.count("orders-replay") == 1


async def test_quitting_ends_a_replay_and_keeps_what_is_done(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL, opening=Opening(target="index.slow")) as bench:
        await a_session(bench, SAME, SAME)
        bench.screen.targets._limited("600 128")
        await bench.press("R")
        await bench.sees("Replay 2 exchanges")
        await bench.press("y")
        await bench.until(lambda: bench.screen.under_way, "it runs")
        rerun = the(bench).rerun
        bench.app.end(0)
        await bench.until(lambda: rerun.is_over, "it is over")
    assert rerun.is_cancelled


def a_gated_handler(folder: Path) -> Path:
    """A handler that answers the first two events, and the others once the file that is returned is there."""
    gate = folder / "gate"
    for name in ("gated", "other"):
        (folder / f"{name}.py").write_text(
            f"import os, time\ndef handler(event, context):\n"
            f"    while event['n'] > 2 and not os.path.exists({str(gate)!r}):\n        time.sleep(0.01)\n"
            f"    return {{'keys': ['n']}}\n"
        )
    return gate


async def a_stopped_replay(bench: Bench) -> None:
    """Replay five, and stop it when two are done."""
    await a_session(bench, *[SAME] * 5)
    await bench.press("R")
    await bench.sees("Replay 5 exchanges")
    await bench.press("y")
    await bench.until(lambda: isinstance(bench.app.screen, ReplayScreen), "it runs")
    await bench.until(lambda: the(bench).rerun.tally.done == 2, "two are done")
    await bench.sees("nothing differs so far")
    await bench.press("escape")
    await replayed(bench)
    await bench.sees("what is done is kept in orders-replay")


def assert_each_ran_once(bench: Bench) -> None:
    kept = list(bench.workspace.store.iterate("orders-replay"))
    assert sorted(each.event.text for each in kept if each.outcome.kind == "returned") == [
        f'{{"n": {number}}}' for number in range(1, 6)
    ]


async def test_a_replay_is_stopped_by_escape_and_gone_on_with(tmp_path: Path) -> None:
    gate = a_gated_handler(tmp_path)
    async with a_bench(tmp_path, size=SMALL, opening=Opening(target="gated.handler")) as bench:
        await a_stopped_replay(bench)
        await bench.press("escape")
        await bench.hears("2 of 5 replayed into orders-replay")
        gate.touch()
        await bench.press("R")
        await bench.sees("go on with orders-replay  2 of 5 are done")
        await bench.press("g")
        await replayed(bench)
        await bench.sees("↻ 2 done before")
        assert_each_ran_once(bench)


async def test_what_is_left_of_a_stopped_replay_is_one_key_away_and_other_code_is_asked_about(tmp_path: Path) -> None:
    gate = a_gated_handler(tmp_path)
    async with a_bench(tmp_path, size=SMALL, opening=Opening(target="gated.handler")) as bench:
        await a_stopped_replay(bench)
        await bench.sees("R goes on")
        with (tmp_path / "gated.py").open("a") as file:
            file.write("# mended\n")
        gate.touch()
        await bench.press("R")
        await bench.sees("The 3 that are left of 5 exchanges of orders go to gated.handler.")
        await bench.sees("The handler's file has changed since the others were sent: orders-replay")
        await bench.press("y")
        await replayed(bench)
        await bench.sees("↻ 2 done before")
        assert_each_ran_once(bench)


async def test_a_replay_is_gone_on_with_at_the_same_target_only(tmp_path: Path) -> None:
    a_gated_handler(tmp_path)
    async with a_bench(tmp_path, size=SMALL, opening=Opening(target="gated.handler")) as bench:
        await a_stopped_replay(bench)
        await bench.press("escape")
        bench.screen.targets.choose("other.handler")
        await bench.press("R")
        await bench.sees("recorded into orders-replay-2")
        assert "go on with" not in bench.text
        await bench.press("escape")
        bench.screen.targets.choose("gated.handler")
        (tmp_path / "gated.py").write_text("def handler(event, context): pass\n")
        await bench.press("R")
        await bench.sees("go on with orders-replay  2 of 5 are done, by other code")


async def test_a_session_that_is_deleted_while_it_is_replayed_is_said_to_be_gone(tmp_path: Path) -> None:
    gate = a_gated_handler(tmp_path)
    async with a_bench(tmp_path, size=SMALL, opening=Opening(target="gated.handler")) as bench:
        await a_session(bench, *[SAME] * 600)
        await bench.press("R")
        await bench.sees("Replay 600 exchanges")
        await bench.press("y")
        await bench.until(lambda: isinstance(bench.app.screen, ReplayScreen), "it runs")
        await bench.until(lambda: the(bench).rerun.tally.done == 2, "two are done")
        bench.workspace.store.delete("orders")
        gate.touch()
        await replayed(bench)
        await bench.sees("✗ the rest of orders is gone: deleted meanwhile; what is done is kept in orders-replay")
        assert "R goes on" not in bench.text


async def test_what_can_no_longer_be_recorded_is_said_on_leaving(tmp_path: Path, own_home: Path) -> None:
    gate = a_gated_handler(tmp_path)
    async with a_bench(tmp_path, size=SMALL, opening=Opening(target="gated.handler")) as bench:
        await a_session(bench, *[SAME] * 5)
        await bench.press("R")
        await bench.sees("Replay 5 exchanges")
        await bench.press("y")
        await bench.until(lambda: isinstance(bench.app.screen, ReplayScreen), "it runs")
        await bench.until(lambda: the(bench).rerun.tally.done == 2, "two are done")
        with sqlite3.connect(own_home / "data" / "sessions.db") as other:
            other.execute("DROP TABLE exchange")
        gate.touch()
        await replayed(bench)
        await bench.press("escape")
        await bench.hears(" of them not recorded: ")


async def test_settings_of_replays_are_in_force_as_soon_as_they_are_written(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL, opening=COUNT) as bench:
        await a_session(bench, SAME, OTHER)
        (tmp_path / "fgtui.toml").write_text('[replay]\nignore = ["outcome.result.keys"]\n')
        await bench.press("R")
        await bench.sees("Replay 2 exchanges")
        await bench.press("y")
        await replayed(bench)
        await bench.sees("= 2 same   ~ 0 different")
        await bench.press("escape")
        (tmp_path / "fgtui.toml").write_text("[replay\n")
        await bench.press("R")
        await bench.hears("fgtui.toml:1")
        assert not isinstance(bench.app.screen, ReplayScreen)


@pytest.mark.parametrize("typed", ["", "0", "-1", "nan", "inf", "[/x]"])
def test_a_rate_is_a_number_above_nothing(typed: str) -> None:
    assert rate_of("0.5") == 0.5
    with pytest.raises(UsageError, match="above 0"):
        rate_of(typed)
