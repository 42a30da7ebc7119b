"""Wrapping and unwrapping in the editor: one step of its history each, whichever form is shown."""

from __future__ import annotations

import json
from pathlib import Path

from textual.widgets import Input

from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.layout import compact
from fgtui.tui.screens.dialogs import Chooser
from fgtui.tui.text.document import Form
from tests.tui.bench import Bench, a_bench

CATALOGUE = Catalogue([samples_root()])
OBS = CATALOGUE.get("obs").template().text


async def wrap(bench: Bench, carrier: str) -> None:
    await bench.screen.perform("wrap-event")
    await bench.until(lambda: isinstance(bench.app.focused, Input), "there is a line to type in")
    await bench.fill(carrier, "enter")
    await bench.hears(f"wrapped in {carrier.partition(' ')[0]}")


def text(bench: Bench) -> str:
    return bench.screen.event_pane.editor.text


def form(bench: Bench) -> Form:
    return bench.screen.event_pane.editor.form


async def shows(bench: Bench, trigger: str) -> None:
    await bench.until(lambda: bench.screen.event_pane.title.startswith(trigger), f"it is recognised as {trigger}")


async def test_an_event_is_wrapped_as_one_step_and_undo_gives_it_back(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await wrap(bench, "smn default")
        assert json.loads(text(bench))["record"][0]["smn"]["message"] == compact(OBS)
        await shows(bench, "SMN · modified")
        editor = bench.screen.event_pane.editor
        await bench.until(lambda: editor.path_at_cursor() == ("record", 0, "smn", "message"), "the cursor is at it")
        editor.area.action_undo()
        assert text(bench) == OBS
        await shows(bench, "OBS")
        editor.area.action_redo()
        await shows(bench, "SMN")


async def test_a_carrier_that_nothing_tells_from_another_stays_the_one_that_was_chosen(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await wrap(bench, "kafka-opensource")
        editor = bench.screen.event_pane.editor
        await bench.until(lambda: editor.analysis and editor.analysis.trigger == "kafka", "it is recognised as kafka")
        await shows(bench, "KAFKA-OPENSOURCE")
        editor.area.action_undo()
        await shows(bench, "OBS")
        editor.area.action_redo()
        await shows(bench, "KAFKA-OPENSOURCE")


async def test_the_decoded_form_shows_the_event_inside_and_a_chain_is_taken_apart(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await wrap(bench, "smn default")
        await shows(bench, "SMN")
        await wrap(bench, "kafka records")
        await shows(bench, "KAFKA")
        await bench.screen.perform("toggle-decoded")
        await bench.until(lambda: form(bench) is Form.DECODED, "the decoded form is shown")
        assert '"eventSource": "aws:s3"' in text(bench)
        await bench.screen.perform("unwrap-event")
        await bench.hears("taken out: an event of smn")
        await shows(bench, "SMN")
        assert '"eventSource": "aws:s3"' in text(bench)
        await bench.screen.perform("unwrap-event")
        await bench.hears("taken out: an event of obs")
        await shows(bench, "OBS")
        assert form(bench) is Form.DECODED
        await bench.screen.perform("toggle-decoded")
        await bench.until(lambda: form(bench) is Form.WIRE, "the wire text is shown")
        assert compact(text(bench)) == compact(OBS)


async def test_of_several_events_the_one_at_the_cursor_is_taken_out_else_it_is_asked(tmp_path: Path) -> None:
    event = {"record": [{"smn": {"message": '{"n": 1.10}'}}, {"smn": {"message": "[/x]"}}, {"smn": {"message": "[2]"}}]}
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text(json.dumps(event), None, "two")
        await shows(bench, "SMN")
        await bench.until(lambda: bench.screen.event_pane.editor.analysis, "it has been read")
        await bench.screen.perform("unwrap-event")
        await bench.sees("record[2].smn.message")
        assert "record[1].smn.message" not in bench.text
        await bench.press("escape")
        editor = bench.screen.event_pane.editor
        editor.go_to_path(("record", 2, "smn", "message"))
        await bench.until(lambda: editor.path_at_cursor() == ("record", 2, "smn", "message"), "the cursor is there")
        await bench.screen.perform("unwrap-event")
        await bench.hears("taken out: an event of blank")
        assert text(bench) == "[2]\n"


REFUSED = [
    ('{"key": "value"}', "unwrap-event", "an event of blank carries no other event"),
    ('{"record": [{"smn": {"message": "[/x"}}]}', "unwrap-event", "what record[0].smn.message holds is no JSON"),
    ('{"key": ', "unwrap-event", "is never closed"),
    ('{"key": ', "wrap-event", "is never closed"),
]


async def test_what_cannot_be_done_is_said_and_changes_nothing(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        for event, action, said in REFUSED:
            bench.app.clear_notifications()
            bench.screen.open_text(event, None, "odd")
            await bench.screen.perform(action)
            await bench.hears(said)
            assert text(bench) == event
            assert not isinstance(bench.app.screen, Chooser)


async def test_a_carrier_is_chosen_with_the_template_in_which_an_event_usually_travels_first(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.screen.perform("wrap-event")
        await bench.until(lambda: isinstance(bench.app.focused, Input), "there is a line to type in")
        await bench.fill("eventgrid")
        rows = [line for line in bench.lines if "eventgrid" in line]
        assert "eventgrid obs" in rows[1]
        await bench.press("enter")
        await bench.hears("wrapped in eventgrid")
        assert json.loads(text(bench))["data"] == json.loads(OBS)["Records"][0]
        await bench.screen.perform("unwrap-event")
        await bench.hears("taken out: an event of obs")
        assert json.loads(text(bench)) == json.loads(OBS)


async def test_what_is_too_large_for_the_platform_is_said(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text(json.dumps(["x" * 300_000]), "blank", "large")
        await wrap(bench, "smn default")
        await bench.hears("takes at most 262144 when it calls asynchronously")


async def test_the_carriers_of_a_long_text_are_listed_before_it_is_read(tmp_path: Path) -> None:
    event = json.dumps(["x" * 300_000]) + "!"
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text(event, "blank", "long")
        await bench.screen.perform("wrap-event")
        await bench.until(lambda: isinstance(bench.app.focused, Input), "the list is there before the text is read")
        await bench.fill("smn default", "enter")
        await bench.hears("1:300005")
        assert text(bench) == event
