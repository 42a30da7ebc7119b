"""The exchange that is shown can be used where it is shown, without a way back to its row."""

from __future__ import annotations

from pathlib import Path

from fgtui.tui.actions import Where
from fgtui.tui.screens.workbench import Opening
from tests.factories import an_exchange
from tests.tui.bench import Bench, a_bench

SMALL = (80, 24)


async def shown_from_its_row(bench: Bench) -> None:
    """The second of three exchanges, opened by Enter, which leads the focus to the outcome here."""
    exchanges = [an_exchange(f'{{"n": {number}}}', number=number, body="{}") for number in (1, 2, 3)]
    assert len(list(bench.workspace.store.append_many("orders", exchanges))) == 3
    bench.screen.set_session("orders")
    bench.screen.focus_pane(Where.SESSION)
    await bench.sees("Session orders · 3")
    await bench.press("down", "enter")
    await bench.until(lambda: bench.screen.where is Where.OUTCOME, "the outcome has the focus")


async def test_where_nothing_was_sent_the_keys_that_need_an_exchange_are_not_offered_and_say_why(
    tmp_path: Path,
) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await bench.send()
        bench.screen.open_text("{{", "blank", "event")
        await bench.press("f5")
        await bench.sees("✗ not sent")
        bench.screen.focus_pane(Where.OUTCOME)
        await bench.pilot.pause()
        assert "report" not in bench.lines[-1]
        for key in "reby":
            await bench.press(key)
            await bench.hears("no exchange is shown here to do that with")
            bench.app.clear_notifications()
        await bench.press("enter")
        await bench.hears("nothing here names a place in a file")
        assert bench.screen.sends.running is None
        assert bench.screen.event_pane.editor.text == "{{"


async def test_what_was_not_recorded_is_not_replayed_but_can_be_edited(tmp_path: Path, own_home: Path) -> None:
    (own_home / "data").mkdir(parents=True)
    (own_home / "data" / "sessions.db").write_text("somebody else's file, long enough to be read as one" * 10)
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text('{"n": 1}', "blank", "event")
        await bench.send()
        bench.screen.focus_pane(Where.OUTCOME)
        await bench.press("r")
        await bench.hears("this was not recorded")
        bench.screen.event_pane.editor.area.replace_all("{}")
        await bench.press("e")
        await bench.until(lambda: bench.screen.event_pane.editor.text == '{"n": 1}', "the event is in the editor")


async def test_r_sends_what_is_shown_again_and_compares(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL, opening=Opening(target="index.count")) as bench:
        await shown_from_its_row(bench)
        assert "r replay" in bench.lines[-1]
        await bench.press("r")
        await bench.sees("to orders #2")
        last = bench.workspace.store.last("orders")
        assert last is not None
        assert last.replay_of == bench.workspace.store.get("orders", 2).id


async def test_e_opens_the_event_of_what_is_shown(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await shown_from_its_row(bench)
        await bench.press("e")
        await bench.until(lambda: bench.screen.event_pane.editor.text == '{"n": 2}', "the event is in the editor")
        assert bench.screen.event_pane.title.endswith("#2")
