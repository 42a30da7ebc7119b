from __future__ import annotations

import re
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pytest
from textual import events
from textual.pilot import Pilot

from fgtui.errors import EventError
from fgtui.events.catalogue import Catalogue, Trigger, samples_root
from fgtui.events.model import Path, Severity
from fgtui.tui import text_work
from fgtui.tui.text.document import Form
from fgtui.tui.widgets import event_editor
from fgtui.tui.widgets.code_area import CodeArea
from fgtui.tui.widgets.editor_status import EditorStatus
from fgtui.tui.widgets.event_editor import EventEditor
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@cache
def catalogue() -> Catalogue:
    return Catalogue([samples_root()])


def trigger(key: str) -> Trigger:
    return catalogue().get(key)


def template(key: str) -> str:
    return trigger(key).template().text


class Scene:
    """An editor on a stage, with the questions these tests ask."""

    def __init__(self, stage: Stage, pilot: Pilot[Any]) -> None:
        self.stage = stage
        self.pilot = pilot
        self.editor = stage.the(EventEditor)

    async def read(self) -> None:
        await wait_until(self.pilot, lambda: self.editor.analysis is not None, "the text to be read")
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def go_to(self, *path: str | int) -> None:
        await self.read()
        self.editor.go_to_path(path)
        await self.pilot.pause()

    @property
    def words_below(self) -> str:
        return self.stage.the(EditorStatus).words

    def places(self) -> list[Path | None]:
        return [message.place.path if message.place else None for message in self.stage.heard(EventEditor.CursorMoved)]

    async def place_is(self, *path: str | int) -> None:
        await wait_until(self.pilot, lambda: self.places()[-1:] == [path], f"the cursor to be told at {path}")

    def row(self, row: int) -> str:
        area = self.editor.area
        return area.render_line(row - area.scroll_offset.y).text


@asynccontextmanager
async def editing(text: str, key: str | None = None, size: tuple[int, int] = (90, 30)) -> AsyncIterator[Scene]:
    stage = Stage(partial(EventEditor, catalogue()))
    async with stage.play(size=size) as pilot:
        scene = Scene(stage, pilot)
        scene.editor.load(text, trigger(key) if key else None)
        scene.editor.area.focus()
        await pilot.pause()
        yield scene


# Problems


@pytest.mark.parametrize(
    "text", ["", "{", "[/b]", '{"a": "[$x]"', "\x1b]0;t\x07", '{"a": "\u202e"}', "null", "x" * 100_000]
)
async def test_any_text_is_shown_with_words_and_never_a_traceback(text: str) -> None:
    async with editing(text) as scene:
        await scene.read()
        assert scene.editor.text == text
        assert scene.words_below


async def test_a_problem_has_a_sign_at_its_line_and_words_below() -> None:
    async with editing('{\n  "a": 1,\n  "a": 2\n}') as scene:
        await scene.read()
        assert scene.row(2)[0] == "!"
        assert "line 3" in scene.words_below
        await scene.press("down", "down")
        assert scene.words_below.startswith("duplicate")


async def test_what_is_mended_is_no_problem_any_more() -> None:
    async with editing('{"a": 1') as scene:
        await scene.read()
        assert [problem.severity for problem in scene.editor.problems] == [Severity.ERROR]
        await scene.press("end", "}")
        await scene.read()
        assert scene.editor.problems == ()
        assert scene.words_below == "no problems"
    assert [len(message.problems) for message in scene.stage.heard(EventEditor.Analysed)][-2:] == [1, 0]


async def test_keys_lead_from_problem_to_problem_and_around() -> None:
    async with editing('{\n  "a": 1, // x\n  "b": 2, // y\n  "c": 3\n}') as scene:
        await scene.read()
        rows = []
        for by in (1, 1, 1, -1):
            scene.editor.go_to_problem(by)
            rows.append(scene.editor.area.cursor.row)
        assert rows == [1, 2, 1, 2]


async def test_an_answer_about_a_text_that_has_changed_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_editor, "PAUSE_SECONDS", 0.001)
    async with editing("") as scene:
        for character in '{"a": 1}':
            scene.editor.area.paste(character)
        await wait_until(scene.pilot, lambda: scene.editor.analysis, "the last text to be read")
        assert scene.editor.problems == ()
    versions = [message.analysis.version for message in scene.stage.heard(EventEditor.Analysed)]
    assert versions == sorted(set(versions))


async def test_the_trigger_of_a_pasted_event_is_guessed() -> None:
    async with editing("") as scene:
        scene.editor.area.post_message(events.Paste(template("obs")))
        await wait_until(
            scene.pilot,
            lambda: [each.trigger_guess for each in scene.stage.heard(EventEditor.Analysed)][-1:] == ["obs"],
            "the trigger to be recognised",
        )


async def test_another_trigger_reads_the_text_anew() -> None:
    async with editing('{"Records": 7}') as scene:
        await scene.read()
        assert scene.editor.problems == ()
        scene.editor.trigger = trigger("obs")
        await wait_until(scene.pilot, lambda: scene.editor.problems, "the schema of obs to find something")


# What is sent


async def test_what_is_sent_is_what_was_written_less_its_comments() -> None:
    async with editing('{"b": 1.50, "a": 1e400} // mine') as scene:
        assert scene.editor.wire() == '{"b": 1.50, "a": 1e400}        '
        await scene.press("x")
        with pytest.raises(EventError) as caught:
            scene.editor.wire()
        assert (caught.value.line, caught.value.column) == (1, 1)


async def test_changes_are_told_and_undone() -> None:
    async with editing("{}") as scene:
        assert not scene.editor.is_modified
        await scene.press("space")
        assert scene.editor.is_modified
        await scene.press("ctrl+underscore")
        assert not scene.editor.is_modified
        assert len(scene.stage.heard(EventEditor.Changed)) == 3
        await scene.press("space", "backspace")
        await scene.read()
        assert not scene.editor.is_modified, "since it reads as it did"
    assert len(scene.stage.heard(EventEditor.Changed)) == 6


async def test_an_editor_is_opened_again_as_it_was_left() -> None:
    async with editing(template("lts"), "lts") as scene:
        scene.editor.template = "default"
        await scene.go_to("lts", "data")
        scene.editor.toggle_form()
        await scene.press("x")
        state = scene.editor.state
        scene.editor.load("{}", None)
        assert scene.editor.text == "{}"
        scene.editor.restore(state, trigger("lts"))
        assert scene.editor.state == state
        assert (state.form, state.trigger, state.template, state.modified) == (Form.DECODED, "lts", "default", True)


# Hints


async def test_an_encoded_string_has_what_it_holds_beside_it() -> None:
    async with editing(template("dis"), "dis") as scene:
        await wait_until(scene.pilot, lambda: scene.editor.area.notes.hints, "hints")
        assert scene.row(7).rstrip().endswith('"PEJ1ZmZlcj48L0J1ZmZlcj4=",  ⇢ base64 <Buffer></Buffer>')
        assert '…",  ⇢ base64 without padding → JSON {"getIt' in scene.row(3)


async def test_what_a_log_holds_is_readable_through_its_three_layers() -> None:
    async with editing(template("lts"), "lts") as scene:
        await wait_until(scene.pilot, lambda: scene.editor.area.notes.hints, "the hint")
        assert re.search(r'"data": "eyJ\w+…"  ⇢ base64 → JSON {"logs":\[{"message":"2', scene.row(2))


async def test_hints_come_for_the_lines_that_are_scrolled_to() -> None:
    records = ",\n".join('{"data": "PEJ1ZmZlcj48L0J1ZmZlcj4="}' for _ in range(300))
    async with editing(f'{{"ShardID": "s", "Message": {{"records": [\n{records}\n]}}}}', "dis") as scene:
        await wait_until(scene.pilot, lambda: 5 in scene.editor.area.notes.hints, "the first hints")
        assert 250 not in scene.editor.area.notes.hints
        scene.editor.go_to(251, 1)
        await wait_until(scene.pilot, lambda: 250 in scene.editor.area.notes.hints, "hints further down")


async def test_what_an_encoded_string_holds_can_do_nothing_to_the_screen() -> None:
    async with editing(
        '{"httpMethod": "GET", "isBase64Encoded": true,\n "body": "G1sySiBbL2JdIOKArng="}', "apig"
    ) as scene:
        await wait_until(scene.pilot, lambda: scene.editor.area.notes.hints, "the hint")
        assert "⇢ base64 \\e[2J [/b] \\u202ex" in scene.row(1)


# Two forms


async def test_the_decoded_form_and_back_is_the_same_text_and_the_same_place() -> None:
    async with editing(template("lts"), "lts") as scene:
        await scene.go_to("lts", "data")
        scene.editor.toggle_form()
        await scene.read()
        assert scene.editor.form is Form.DECODED
        assert scene.editor.path_at_cursor() == ("lts", "data")
        await scene.go_to("lts", "data", "logs", 2, "ip")
        assert scene.editor.path_at_cursor() == ("lts", "data", "logs", 2, "ip")
        assert not scene.editor.is_modified
        scene.editor.toggle_form()
        await scene.read()
        assert scene.editor.text == template("lts")
        assert scene.editor.path_at_cursor() == ("lts", "data")
        assert not scene.editor.is_modified


async def test_undo_goes_back_through_edits_made_in_the_other_form() -> None:
    async with editing(template("dis"), "dis") as scene:
        editor = scene.editor
        await scene.go_to("Tag")
        await scene.press("end", "left", "left", "x")
        editor.toggle_form()
        await scene.go_to("Message", "records", 0, "data")
        await scene.press("end", *["left"] * 3, "y")
        editor.toggle_form()
        await scene.press("ctrl+end", "enter")
        assert '"latestx"' in editor.wire()
        assert "PEJ1ZmZlcj48L0J1ZmZlcj55" in editor.wire()
        seen = []
        for _ in range(3):
            await scene.press("ctrl+underscore")
            seen.append((editor.form, "latestx" in editor.text, "Buffer>y" in editor.text))
        assert seen == [(Form.WIRE, True, False), (Form.DECODED, True, False), (Form.WIRE, False, False)]
        assert editor.text == template("dis")
        assert not editor.is_modified
        await scene.press("ctrl+y", "ctrl+y")
        assert editor.form is Form.DECODED
        assert "Buffer>y" in editor.text


@pytest.mark.parametrize("form", Form)
async def test_a_text_with_errors_is_not_turned_and_the_place_is_said(form: Form) -> None:
    text = '{\n  "a": {"$base64": 7},\n  "b" 1\n}' if form is Form.DECODED else '{\n  "a": 1,\n  "b" 1\n}'
    async with editing("{}") as scene:
        if form is Form.DECODED:
            scene.editor.toggle_form()
        scene.editor.area.replace_all(text)
        await scene.read()
        scene.editor.toggle_form()
        assert scene.editor.text == text
        assert scene.editor.form is form
        assert scene.editor.area.cursor.row == 2
        assert scene.words_below


async def test_a_codec_that_makes_no_sense_keeps_the_decoded_form() -> None:
    async with editing("{}") as scene:
        scene.editor.toggle_form()
        scene.editor.area.replace_all('{\n  "a": {"$base64": 7}\n}')
        scene.editor.toggle_form()
        assert scene.editor.form is Form.DECODED
        assert scene.editor.area.cursor.row == 1
        assert "$base64" in scene.words_below


async def test_a_large_text_is_turned_in_the_background_unless_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_work, "PROMPT_CHARACTERS", 10)
    async with editing(template("dis"), "dis") as scene:
        scene.editor.toggle_form()
        assert scene.editor.form is Form.WIRE
        await wait_until(scene.pilot, lambda: scene.editor.form is Form.DECODED, "the decoded form")
        scene.editor.toggle_form()
        scene.editor.area.paste(" ")
        await wait_until(scene.pilot, lambda: "changed meanwhile" in scene.words_below, "words about the change")
        assert scene.editor.form is Form.DECODED


# Places and fields


async def test_the_field_at_the_cursor_is_told() -> None:
    async with editing(template("obs"), "obs") as scene:
        await scene.read()
        await scene.press("down", "down", "down", "down", "down")
        await scene.place_is("Records", 0, "awsRegion")
        place = scene.stage.heard(EventEditor.CursorMoved)[-1].place
        assert place is not None
        assert place.info.description


async def test_a_place_that_is_asked_for_early_is_gone_to_when_the_text_is_read() -> None:
    async with editing(template("obs"), "obs") as scene:
        scene.editor.go_to_path(("Records", 0, "s3", "object", "key"))
        await wait_until(scene.pilot, lambda: scene.editor.area.cursor.row > 20, "the cursor to move")
        assert scene.editor.path_at_cursor() == ("Records", 0, "s3", "object", "key")


async def test_a_written_field_is_one_step_and_leaves_the_rest() -> None:
    async with editing(template("dis"), "dis") as scene:
        await scene.go_to("Message", "records", 2, "sequence_number")
        scene.editor.set_field(("Message", "records", 1, "data"), "a\nb [/c]")
        assert scene.editor.text.count("YQpiIFsvY10=") == 1
        await scene.read()
        assert scene.editor.path_at_cursor() == ("Message", "records", 2, "sequence_number")
        await scene.press("ctrl+underscore")
        assert scene.editor.text == template("dis")


async def test_a_field_that_cannot_be_written_is_said() -> None:
    async with editing('{"a": 1}') as scene:
        scene.editor.set_field(("a",), "4x")
        assert scene.editor.text == '{"a": 1}'
        assert "not JSON" in scene.words_below
        await scene.pilot.pause()
    assert [message.path for message in scene.stage.heard(EventEditor.FieldRefused)] == [("a",)]


async def test_value_and_path_are_those_at_the_cursor() -> None:
    async with editing('{"a b": [1.50, "x\\u001b\\n"]}') as scene:
        await scene.go_to("a b", 1)
        assert scene.editor.path_at_cursor() == ("a b", 1)
        taken = scene.editor.value_at_cursor()
        assert taken is not None
        assert (taken.text, taken.path) == ("x\x1b\n", '"a b"[1]')
        await scene.go_to("a b", 0)
        taken = scene.editor.value_at_cursor()
        assert taken is not None
        assert taken.text == "1.50"


async def test_a_large_event_opens_and_takes_keys_while_it_is_read() -> None:
    text = "[\n" + ",\n".join('  {"key": "value", "data": "PEJ1ZmZlcj48L0J1ZmZlcj4="}' for _ in range(4000)) + "\n]"
    async with editing(text) as scene:
        await scene.press("x")
        assert scene.editor.text.startswith("x[")
        assert isinstance(scene.editor.area, CodeArea)
        await scene.press("backspace")
        await scene.read()
        assert [problem for problem in scene.editor.problems if problem.severity is not Severity.INFO] == []
