"""The event and its field: what was typed for the field is part of the event as soon as the event is used."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from fgtui.tui.actions import Where
from fgtui.tui.remembered.drafts import Draft, Drafts, OpenedFile
from fgtui.tui.screens.workbench import Opening
from fgtui.tui.text.document import Form
from fgtui.tui.widgets.event_editor import EventEditor
from fgtui.tui.widgets.field_pane import FieldPane
from fgtui.tui.widgets.outcome_view import Part
from tests.tui.bench import Bench, a_bench

TEXT = '{"name": "old", "count": 1}'


async def typed_for(bench: Bench, key: str, typed: str, text: str = TEXT) -> FieldPane:
    """The field pane with ``typed`` in it for the member ``key``, not written yet."""
    bench.screen.open_text(text, "blank", "event")
    pane = bench.screen.event_pane
    pane.editor.go_to_path((key,))
    await bench.until(lambda: pane.field and pane.field.place and pane.field.place.path == (key,), "the field is shown")
    bench.screen.focus_pane(Where.FIELD)
    await bench.until(lambda: bench.screen.where is Where.FIELD, "the field has the focus")
    assert pane.field is not None
    pane.field.area.replace_all(typed)
    await bench.pilot.pause()
    assert pane.field.is_changed
    return pane.field


async def test_what_cannot_be_written_is_not_sent_without_it(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        field = await typed_for(bench, "count", "4x")
        await bench.press("ctrl+j")
        await bench.hears("cannot be written")
        await bench.sees("✗ ")
        assert field.area.document.text == "4x", "what was typed stays to be mended"
        assert bench.screen.sends.running is None
        assert bench.workspace.store.count("default") == 0


async def test_what_was_typed_for_the_field_is_sent(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await typed_for(bench, "name", "new")
        await bench.press("ctrl+j")
        await bench.until(lambda: bench.screen.outcome_view.exchange is not None, "the send is over")
        assert json.loads(bench.screen.outcome_view.text_of(Part.RESULT).text)["name"] == "new"
        assert '"new"' in bench.screen.event_pane.editor.text


async def test_a_long_event_is_not_sent_before_the_field_is_written(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        long = json.dumps({"name": "old", "padding": ["x" * 100] * 10_000}, indent=1)
        await typed_for(bench, "name", "new", long)
        await bench.press("ctrl+j", "ctrl+j")
        await bench.until(lambda: bench.screen.sends.running is None, "no send is under way")
        await bench.until(lambda: bench.workspace.store.count("default") > 0, "it was sent")
        for seq in range(1, bench.workspace.store.count("default") + 1):
            assert '"name": "new"' in bench.workspace.store.get("default", seq).event.text


async def test_the_decoded_form_holds_what_was_typed_for_the_field(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await typed_for(bench, "name", "new")
        await bench.press("ctrl+t")
        editor = bench.screen.event_pane.editor
        await bench.until(lambda: editor.form is Form.DECODED, "the form has turned")
        assert '"new"' in editor.text


@pytest.mark.parametrize("key", ["ctrl+q", "f10"])
async def test_the_draft_holds_what_was_typed_for_the_field(tmp_path: Path, key: str) -> None:
    async with a_bench(tmp_path) as bench:
        await typed_for(bench, "name", "new")
        await bench.press(key)
        await bench.until(lambda: not bench.app.is_running, "it has ended")
    async with a_bench(tmp_path, opening=Opening()) as bench:
        assert bench.screen.event_pane.editor.text == TEXT.replace("old", "new")


async def test_new_ids_and_a_saved_file_are_of_no_use_for_an_event_opened_meanwhile(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        pane, triggers = bench.screen.event_pane, bench.workspace.catalogue
        bench.screen.open_text(triggers.get("kafka").template("default").text, "kafka", "event")
        renew, moment = pane.renewal(), pane.editor.document.moment
        assert renew is not None
        found = renew()
        assert found.difference is not None
        bench.screen.open_text(TEXT, "blank", "other")
        pane.renewed(found)
        pane.saved(moment, OpenedFile(tmp_path / "event.json", "digest"))
        assert pane.editor.text == TEXT
        assert pane.opened is None, "saving goes on in the file of the event that is open"


async def test_a_long_text_is_put_aside_with_what_was_typed_meanwhile_before_anything_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    put_aside = Drafts.put_aside

    def slow(drafts: Drafts, draft: Draft, text: Iterable[str] | None = None) -> Draft:
        assert gate.wait(10)
        return put_aside(drafts, draft, text)

    monkeypatch.setattr(Drafts, "put_aside", slow)
    long = '{"long": "' + "x" * 50_000 + '"}'
    async with a_bench(tmp_path) as bench:
        area = bench.screen.event_pane.editor.area
        area.replace_all(long)
        bench.screen.open_text('{"first": 1}', "blank", "first")
        bench.screen.open_text('{"second": 2}', "blank", "second")
        await bench.press("end", "!")
        assert area.document.text == long + "!"
        gate.set()
        await bench.until(lambda: area.document.text == '{"second": 2}', "only the last one is opened")
        await bench.hears("kept as a draft")
        assert [draft.text for draft in bench.app.drafts.aside()] == [long + "!"]

        def no_room(drafts: Drafts, draft: Draft, text: object) -> Draft:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Drafts, "put_aside", no_room)
        area.replace_all(long)
        bench.screen.open_text(TEXT, "blank", "third")
        await bench.hears("so it stays: No space left on device")
        assert area.document.text == long


@pytest.mark.parametrize("typed", ["typed for the field", '["no JSON'], ids=["a-text", "not-a-value"])
async def test_what_is_half_typed_for_the_field_is_there_again_whatever_has_ended_the_workbench(
    tmp_path: Path, own_home: Path, typed: str
) -> None:
    key = "name" if typed[0] == "t" else "count"
    async with a_bench(tmp_path) as bench:
        await typed_for(bench, key, typed)
        await bench.until(lambda: typed in kept_for_field(own_home), "it is kept while it is typed")
    async with a_bench(tmp_path) as bench:
        pane = bench.screen.event_pane
        await bench.until(lambda: pane.field and pane.field.area.document.text == typed, "it is in the field again")
        assert pane.editor.text == TEXT
        await bench.until(lambda: bench.screen.where is Where.FIELD, "the field has the focus")
        await bench.press("escape")
        await bench.until(lambda: not kept_for_field(own_home), "what is given up is kept no more")


def kept_for_field(home: Path) -> str:
    drafts = [json.loads(file.read_bytes()) for file in home.rglob("open-*.json")]
    return "".join(str(draft["unwritten"][1]) for draft in drafts if draft["unwritten"])


async def test_what_is_typed_for_a_field_goes_with_its_event_when_another_one_is_opened(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        pane = bench.screen.event_pane
        pane.editor.go_to(4, 8)
        await bench.until(lambda: pane.editor.place is not None and pane.editor.place.is_text, "it is explained")
        await bench.press("f9", "X")
        bench.screen.jumping.open_trigger("timer")
        await bench.hears("what you had changed is kept as a draft")
        assert "X" not in pane.editor.text
        (draft,) = pane.drafts.aside()
        assert '"eventVersion": "X2.0"' in draft.text


async def test_an_event_stays_while_what_is_typed_for_its_field_cannot_be_written(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text('{"size": 43}', "blank", "event")
        pane = bench.screen.event_pane
        pane.editor.go_to(1, 11)
        await bench.until(lambda: pane.holds_field, "it is explained")
        await bench.press("f9", "x")
        bench.screen.jumping.open_trigger("timer")
        await bench.hears("nothing was done: what was typed for the field cannot be written")
        assert pane.editor.text == '{"size": 43}'
        assert pane.field is not None
        assert pane.field.area.document.text == "x43"


async def test_a_place_that_is_told_as_the_workbench_ends_makes_no_field_any_more(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        pane = bench.screen.event_pane
        await bench.until(lambda: pane.field is not None and pane.field.place is not None, "it is explained")
        pane.field = None
        bench.app.exit(0)
        await pane._explain(EventEditor.CursorMoved(pane.editor.place, pane.editor))
        assert pane.field is None
