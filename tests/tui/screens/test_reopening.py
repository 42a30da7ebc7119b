"""The workbench opens as it was looked at when it was left; what does not fit any more gives the usual, silently."""

from __future__ import annotations

import json
from pathlib import Path

from fgtui.tui.actions import Where
from fgtui.tui.remembered.workspace_state import USUAL, EventLook, ShownExchange, StateFile, WorkspaceState
from fgtui.tui.screens.workbench import Opening
from fgtui.tui.text.document import Form
from fgtui.tui.widgets.outcome_view import Part
from tests.tui.bench import Bench, a_bench, a_session

AS_LEFT = Opening()
LINES = "\n" * 100


async def leave(bench: Bench) -> None:
    """Quit, and wait until all is kept."""
    bench.app.end(0)
    await bench.until(lambda: bench.app._exit, "it has ended")


def the_state(own_home: Path) -> dict[str, object]:
    (file,) = (own_home / "data/workspaces").glob("*.json")
    found = json.loads(file.read_bytes())
    assert isinstance(found, dict)
    return found


def kept(own_home: Path, folder: Path, state: WorkspaceState) -> None:
    folder.mkdir(exist_ok=True)
    StateFile(own_home / "data", folder).write(state)


async def test_focus_triggers_filter_exchange_and_tab_come_back(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        await a_session(bench)
        bench.screen.trigger_list.open_also(["obs", "no such trigger"])
        await bench.press("slash")
        await bench.fill("event.trigger == 'obs'", "enter")
        await bench.sees("10 of 30 · where event.trigger == 'obs'")
        await bench.press("enter")
        await bench.until(lambda: bench.screen.record, "an exchange is shown")
        seq = bench.screen.record.seq if bench.screen.record else 0
        bench.screen.outcome_view.tabs.pick(3)
        bench.screen.focus_pane(Where.SESSION)
        await bench.pilot.pause()
        await leave(bench)
    assert "n [/x]" not in json.dumps(the_state(own_home))
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        await bench.sees("Session orders · 10 of 30 · where event.trigger == 'obs'")
        await bench.until(lambda: bench.screen.record, "the exchange is shown again")
        record = bench.screen.record
        assert record is not None
        assert (record.session, record.seq) == ("orders", seq)
        assert bench.screen.outcome_view.part is Part.EXCHANGE
        await bench.until(lambda: bench.screen.where is Where.SESSION, "the session has the keys")
        assert bench.screen.trigger_list.rows.open == {"obs"}


async def test_an_event_that_was_not_changed_comes_back_where_it_was_collapsed_and_scrolled(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        editor = bench.screen.event_pane.editor
        await bench.until(lambda: editor.analysis, "it is read")
        editor.collapsing.toggle(8)
        editor.area.move_to(editor.area.cursor._replace(row=14, column=4))
        editor.area.scroll_to(y=9, animate=False, immediate=True)
        await bench.pilot.pause()
        left = (editor.area.cursor, round(editor.area.scroll_y), list(editor.area.collapsed))
        assert left[1:] == (9, [(8, 10)])
        bench.screen.event_pane.set_renewing(renews=True)
        await leave(bench)
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        editor = bench.screen.event_pane.editor
        await bench.until(lambda: list(editor.area.collapsed), "rows are hidden again")
        await bench.pilot.pause()
        assert (editor.area.cursor, round(editor.area.scroll_y), list(editor.area.collapsed)) == left
        assert bench.screen.event_pane.renews
        assert not editor.is_modified
        bench.screen.jumping.open_trigger("lts")
        assert not bench.screen.event_pane.renews, "which it had been given for that event"


async def test_the_form_and_what_find_minds_come_back(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        await bench.press("ctrl+f")
        await bench.press("alt+c")
        await bench.press("escape", "f12")
        await bench.until(lambda: bench.screen.event_pane.shows_form, "the form is shown")
        await leave(bench)
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        await bench.until(lambda: bench.screen.event_pane.shows_form, "the form is shown again")
        assert bench.screen.event_pane.finding.options == ("minds_case",)


async def test_the_decoded_form_and_an_edited_recording_come_back(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        await a_session(bench)
        await bench.press("e")
        await bench.until(lambda: "#30" in bench.screen.event_pane.title, "its event is open")
        await bench.press("ctrl+t")
        await bench.until(lambda: bench.screen.event_pane.editor.form is Form.DECODED, "it is decoded")
        await leave(bench)
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        assert "#30" in bench.screen.event_pane.title
        assert bench.screen.event_pane.editor.form is Form.DECODED
        assert not bench.screen.event_pane.editor.is_modified
        assert bench.said == []


async def test_what_does_not_fit_any_more_gives_the_usual_without_a_word(tmp_path: Path, own_home: Path) -> None:
    strange = USUAL._replace(
        focus="no such pane",
        event=EventLook(999_999, 40, 1, 12, ("Records", "[[["), is_form=True),
        filter="][",
        filter_session="default",
        shown=ShownExchange("gone", 12, "id"),
        expanded=("gone",),
        find_options=("wanted", "no such option"),
        tour=77,
    )
    kept(own_home, tmp_path / "p", strange)
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        await bench.sees("Nothing recorded yet")
        await bench.pilot.pause()
        assert bench.screen.where is Where.EVENT
        assert bench.screen.record is None
        assert bench.screen.event_pane.finding.options == ()
        assert bench.said == []


async def test_a_pane_that_was_hidden_stays_so_although_it_had_the_keys(tmp_path: Path, own_home: Path) -> None:
    kept(own_home, tmp_path / "p", USUAL._replace(focus="session", hidden=("session",)))
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        await bench.pilot.pause()
        assert bench.screen.where is Where.EVENT
        assert Where.SESSION in bench.screen.arrangement.hidden


async def test_the_exchange_that_was_shown_is_not_another_one_that_has_its_number_now(
    tmp_path: Path, own_home: Path
) -> None:
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        await bench.send()
    kept(own_home, tmp_path / "p", USUAL._replace(shown=ShownExchange("default", 1, "another")))
    async with a_bench(tmp_path / "p", opening=AS_LEFT) as bench:
        await bench.sees("Session default · 1")
        await bench.pilot.pause()
        assert bench.screen.record is None


async def test_a_file_that_is_asked_for_opens_at_its_start_and_the_rest_as_it_was_left(
    tmp_path: Path, own_home: Path
) -> None:
    folder = tmp_path / "p"
    look = EventLook(len(LINES), 4, 1, 3)
    kept(own_home, folder, USUAL._replace(event=look, expanded=("smn",)))
    (folder / "mine.json").write_text(LINES)
    async with a_bench(folder, opening=Opening(file=Path("mine.json"))) as bench:
        await bench.pilot.pause()
        assert bench.screen.event_pane.editor.area.cursor == (0, 0)
        assert bench.screen.trigger_list.rows.open == {"smn"}
