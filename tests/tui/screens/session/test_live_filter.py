"""The filter as it is typed: one scan at a time, rows that change once, completions, earlier filters."""

from __future__ import annotations

import json
from pathlib import Path

from textual.widgets import Input

from fgtui.sessions.query.expressions import Query
from fgtui.tui.actions import Where
from fgtui.tui.remembered.filter_history import FilterHistory
from fgtui.tui.widgets.exchange_table import ExchangeTable
from fgtui.tui.widgets.query_bar import QueryBar
from tests.factories import an_exchange
from tests.tui.bench import a_bench, a_session
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.screens.pane_stage import PaneStage, a_pane


async def type_in(stage: PaneStage, text: str) -> QueryBar:
    """Open the bar and put ``text`` there, without Enter."""
    await stage.press("slash")
    await stage.sees("JMESPath")
    bar = stage.pane.filter.bar()
    assert bar is not None
    bar.show_text(text)
    await stage.pilot.pause()
    return bar


async def test_what_is_typed_filters_without_enter_and_the_keys_stay_in_the_line(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        bar = await type_in(stage, "event.body.n > `37`")
        await stage.sees("Session orders · 3 of 40 · where event.body.n > `37`")
        await stage.sees("3 found in 40")
        assert bar.input.has_focus
        bar.show_text("")
        await stage.sees("Session orders · 40")
        assert bar.is_attached


async def test_what_does_not_compile_keeps_the_rows_and_carries_a_caret_below_its_column(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        bar = await type_in(stage, "seq > `37`")
        await stage.sees("3 of 40")
        bar.show_text("seq > `37` &")
        await stage.sees("column 12")
        line, verdict = next(
            (line, below) for line, below in zip(stage.lines, stage.lines[1:], strict=False) if "column 12" in below
        )
        assert verdict.index("^") == line.index("seq") + 11
        assert "3 of 40 · where seq > `37`" in stage.text


async def test_what_matches_nothing_says_in_how_many_and_all_come_back(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        await type_in(stage, "note == '失败'")
        await stage.sees("matches nothing in 40 exchanges")
        await stage.press("escape")
        await stage.sees("matches nothing in 40 exchanges; Esc shows all again")
        assert stage.pane.cancel()
        await stage.sees("Session orders · 40")


async def test_what_may_have_been_meant_is_said_below_the_line_and_where_the_rows_were(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        await type_in(stage, "outcome.knd == 'x'")
        await stage.until(lambda: stage.text.count("did you mean kind?") == 2, "it is said in both places")


async def test_a_scan_that_is_typed_over_is_stopped_and_never_shows(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        pane = stage.pane
        first = pane.filter._start(Query.compile("seq > `1`"))
        await type_in(stage, "seq > `38`")
        await stage.sees("2 of 40 · where seq > `38`")
        assert first.is_stopped or first.is_complete
        assert pane.table.row_count() == 2


async def test_a_stopped_filter_says_so_as_long_as_it_is_in_force(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        pane = stage.pane
        bar = await type_in(stage, "")
        pane.filter.apply(Query.compile("seq > `1`"), agreed=False)
        filtering = pane.filter._coming
        assert filtering is not None
        pane.filter._adopt(filtering)
        pane.filter.stop_or_close()
        await stage.sees("read, stopped · where seq > `1`")
        pane.filter.stop_or_close()
        await stage.until(lambda: not bar.is_attached, "the bar is gone")
        await stage.sees("read, stopped · where seq > `1`")
        pane.table.add_matches([7])
        await stage.press("R")
        (asked,) = stage.app.heard(ExchangeTable.ReplaySelectionAsked)
        assert asked.shown is not None
        assert asked.shown.how_far.endswith("read, stopped")
        pane.filter.apply(Query.compile("seq > `1`"), agreed=True)
        await stage.sees("39 of 40 · where seq > `1`")
        assert pane.table.how_far == ""


async def test_keys_after_enter_are_for_the_matches_and_never_for_the_line(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        await stage.press("slash")
        await stage.sees("JMESPath")
        await stage.pilot.press(*"seq", "space", "less_than_sign", "space", "grave_accent", "9", "grave_accent")
        await stage.pilot.press("enter", "n")
        await stage.sees("8 of 40 · where seq < `9`")
        assert stage.pane.table.has_focus
        assert all(asked.seq < 9 for asked in stage.app.heard(ExchangeTable.NoteAsked))


async def test_escape_stops_a_scan_and_then_closes_the_bar(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        pane = stage.pane
        await type_in(stage, "seq > `1`")
        await stage.sees("39 of 40")
        pane.filter.apply(Query.compile("seq > `2`"), agreed=False)
        pane.filter.stop_or_close()
        assert pane.filter.bar() is not None
        await stage.until(lambda: not pane.filter.is_running, "it is stopped")
        await stage.sees("39 of 40")
        await stage.press("escape")
        await stage.until(lambda: pane.filter.bar() is None, "the bar is gone")
        assert pane.table.has_focus


async def test_enter_on_what_is_shown_already_does_not_begin_anew(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        pane = stage.pane
        await type_in(stage, "seq > `37`")
        await stage.sees("3 of 40")
        before = pane.filter.in_force
        await stage.press("enter")
        await stage.until(lambda: pane.filter.bar() is None, "the bar is gone")
        assert pane.filter.in_force is before
        assert pane.table.has_focus


async def test_enter_leaves_the_keys_with_the_session_among_all_panes(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(100, 30)) as bench:
        await a_session(bench, 5)
        await bench.press("slash")
        await bench.sees("JMESPath")
        await bench.fill("seq > `2`", "enter")
        await bench.sees("3 of 5")
        await bench.until(lambda: bench.screen.session_pane.filter.bar() is None, "the bar is gone")
        await bench.press("down")
        assert (bench.app.focused, bench.screen.where) == (bench.screen.session_pane.table, Where.SESSION)
        assert bench.screen.session_pane.table.cursor == 1


async def test_tab_leaves_the_bar_where_nothing_can_follow(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 3) as stage:
        bar = await type_in(stage, "`1`")
        await stage.pilot.pause(0.1)
        assert bar._offer.candidates == ()
        await stage.press("tab")
        assert not bar.input.has_focus


async def test_earlier_filters_come_back_by_list_and_by_arrow(tmp_path: Path, own_home: Path) -> None:
    FilterHistory(own_home / "data").add("seq > `30`")
    async with a_pane(tmp_path, 40) as stage:
        await type_in(stage, "seq > `37`")
        await stage.sees("3 of 40")
        await stage.press("enter")
        await stage.until(lambda: len(FilterHistory(own_home / "data").read()) == 2, "it is remembered")
        for key in ("ctrl+r", "f7"):
            await stage.press(key)
            await stage.sees("seq > `30`")
            assert isinstance(stage.app.focused, Input)
            await stage.fill("30", "enter")
            await stage.sees("10 of 40 · where seq > `30`")
            await stage.press("escape")
            assert stage.pane.cancel()
            await stage.sees("Session orders · 40")


async def test_one_column_has_room_for_the_bar_and_rows(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 5, size=(44, 12)) as stage:
        await type_in(stage, "seq > `3`")
        await stage.sees("2 of 5")
        assert any(line.split()[:1] == ["5"] for line in stage.lines)


async def test_the_keys_of_the_exchange_under_the_cursor_complete_even_inside_what_was_encoded(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 1) as stage:
        wire = '{"lts": {"data": "eyJsb2dzIjpbeyJtZXNzYWdlIjoiYm9vbSJ9XX0="}}'
        stage.workspace.store.append("lts", an_exchange(wire, trigger="lts"))
        stage.pane.open("lts")
        await stage.sees("Session lts · 1")
        bar = await type_in(stage, "event.decoded.lts.data.lo")
        await stage.until(lambda: bar._offer.candidates, "something is offered")
        await stage.press("tab")
        assert bar.value == "event.decoded.lts.data.logs"


async def test_a_hostile_exchange_offers_its_keys_as_text(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 1) as stage:
        wire = json.dumps({EVERYTHING: 1, f"a{EVERYTHING}": 2})
        stage.workspace.store.append("evil", an_exchange(wire.encode("ascii")))
        stage.pane.open("evil")
        await stage.sees("Session evil · 1")
        bar = await type_in(stage, "event.body.")
        await stage.until(lambda: bar._offer.candidates, "something is offered")
        await stage.press("down")
        await stage.pilot.pause()
        assert shows_no_control(stage.text.replace("\n", ""))
        await stage.press("enter")
        assert shows_no_control(stage.text.replace("\n", ""))


async def test_another_session_is_opened_unfiltered_and_without_the_bar(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        await type_in(stage, "seq > `37`")
        await stage.sees("3 of 40")
        stage.pane.open("another")
        await stage.sees("Nothing recorded yet")
        pane = stage.pane
        assert (pane.filter.bar(), pane.filter.in_force) == (None, None)


async def test_a_session_is_opened_on_what_an_expression_is_true_for(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        stage.pane.open("orders", where="seq > `37`")
        await stage.sees("3 of 40 · where seq > `37`")
        stage.pane.open("orders", seq=7)
        table = stage.pane.table
        await stage.until(lambda: table.seq_at(table.cursor) == 7, "the cursor is there")


async def test_what_is_recorded_meanwhile_is_looked_at_too_and_the_cursor_stays_with_its_exchange(
    tmp_path: Path,
) -> None:
    async with a_pane(tmp_path, 40) as stage:
        pane = stage.pane
        await type_in(stage, "contains(event.body.n.to_string(@), '9')")
        await stage.sees("4 of 40")
        await stage.press("enter", "down")
        assert pane.table.seq_at(pane.table.cursor) == 29
        for number in range(41, 51):
            pane.add(stage.workspace.store.append("orders", an_exchange(f'{{"n": {number}}}', number=number)))
        await stage.sees("5 of 50 · where")
        assert [pane.table.seq_at(index) for index in range(5)] == [49, 39, 29, 19, 9]
        assert pane.table.seq_at(pane.table.cursor) == 29
        others = [an_exchange(f'{{"n": {number}}}', number=number) for number in range(51, 61)]
        assert len(list(stage.workspace.store.append_many("orders", others))) == 10
        pane.look()
        await stage.sees("6 of 60 · where")
        assert pane.filter.in_force is not None
        assert pane.filter.in_force.looked_at == 60


async def test_a_filter_that_was_stopped_looks_at_nothing_that_comes(tmp_path: Path) -> None:
    async with a_pane(tmp_path, 40) as stage:
        pane = stage.pane
        await type_in(stage, "seq > `38`")
        await stage.sees("2 of 40")
        await stage.press("enter")
        assert pane.filter.in_force is not None
        pane.filter.in_force.stop()
        pane.add(stage.workspace.store.append("orders", an_exchange('{"n": 41}', number=41)))
        await stage.sees("2 of 41, 40 read, stopped")
