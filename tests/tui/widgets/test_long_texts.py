"""Texts of any length: a key asks for no more than what it changes, and lines in pieces behave as any others."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pytest
from textual.pilot import Pilot

from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.tui import text_work
from fgtui.tui.text import line_store
from fgtui.tui.text.document import EventDocument, Form, Location
from fgtui.tui.text.line_store import LongLine
from fgtui.tui.widgets import event_editor
from fgtui.tui.widgets.code_area import CodeArea
from fgtui.tui.widgets.editor_status import EditorStatus
from fgtui.tui.widgets.event_editor import EventEditor
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

KEYS = (
    *("a", "enter", "b", "backspace", "backspace", "delete", "space", "quotation_mark", "{", "}", "left", "right"),
    *("up", "down", "home", "end", "ctrl+left", "ctrl+right", "shift+left", "shift+right", "shift+end", "x"),
    *("pageup", "pagedown", "ctrl+home", "ctrl+end"),
)


class Untouched(EventDocument):
    """A document whose whole text nobody may ask for."""

    @property
    def text(self) -> str:
        raise AssertionError("a key asked for the whole text")

    def snapshot(self) -> Any:
        raise AssertionError("a key copied the whole text")

    def offset(self, location: Location) -> int:
        raise AssertionError("a key counted the whole text")


@asynccontextmanager
async def showing(document: EventDocument) -> AsyncIterator[tuple[Stage, Pilot[Any], CodeArea]]:
    stage = Stage(partial(CodeArea, document))
    async with stage.play((60, 12)) as pilot:
        area = stage.the(CodeArea)
        area.focus()
        await pilot.pause()
        yield stage, pilot, area


@pytest.mark.parametrize(
    "text", ['{"a": [1, "中\x1b"]}\n' * 3000, '{"a": [1, "中\x1b"]} ' * 8000], ids=["lines", "line"]
)
async def test_no_key_asks_for_the_whole_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = LongLine.__getitem__

    def watched(line: LongLine, wanted: Any) -> str:
        part = whole(line, wanted)
        assert len(part) <= 2 * line_store.PIECE or all_is_selected
        return part

    all_is_selected = False
    monkeypatch.setattr(LongLine, "__getitem__", watched)
    async with showing(Untouched(text)) as (_, pilot, area):
        rows = len(area.document.lines)
        area.move_to(Location(rows // 2, len(area.document.lines[rows // 2]) // 2))
        for key in KEYS:
            await pilot.press(key)
        area.paste("a word")
        area.action_undo()
        area.action_redo()
        await pilot.click(area, offset=(30, 5))
        all_is_selected = True  # what is taken out is kept for undo
        await pilot.press("f7", "z")
        assert list(area.document.lines) == ["z"]


UNIT = '{"a\\n": ["中文 e\u0301 👩‍👧", "\x1b[31m\u202e", -1.5e3, null]}, '


async def test_a_line_in_pieces_looks_and_moves_like_one_in_one_piece() -> None:
    seen: list[list[tuple[object, ...]]] = []
    for piece in (16, 100_000):
        told: list[tuple[object, ...]] = []
        async with showing(EventDocument(UNIT * 12, piece=piece)) as (stage, pilot, area):
            assert isinstance(area.document.lines[0], LongLine) == (piece == 16)
            area.move_to(Location(0, 5 * len(UNIT) + 3))
            for key in [*KEYS, *["ctrl+z"] * 3, *["left"] * 12, *["right"] * 30, *["ctrl+left"] * 6, "end", "("]:
                await pilot.press(key)
                told.append((key, area.caret, stage.screen_text()))
            told.append((area.document.text,))
        seen.append(told)
    for short, long in zip(*seen, strict=True):
        assert short == long


async def test_the_size_of_a_long_string_stands_beside_its_row_until_the_row_has_scrolled_past_it() -> None:
    text = '{"data": "' + "中" * 500_000 + '"'
    async with showing(EventDocument(text + ', "b": 1}')) as (stage, pilot, area):
        assert stage.screen_lines()[0].rstrip().endswith('…", "b": 1}  ⇢ 1.5 MB')
        await pilot.press("end")
        assert stage.screen_lines()[0].rstrip().endswith('…", "b": 1}  ⇢ 1.5 MB')
        area.open(EventDocument(text + ', "b": [' + "1, " * 100 + "2]}"))
        await pilot.press("end")
        assert stage.screen_lines()[0].rstrip().endswith("1, 1, 2]}")


# Reading


@cache
def catalogue() -> Catalogue:
    return Catalogue([samples_root()])


@asynccontextmanager
async def editing(text: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[EventEditor, Pilot[Any], Stage]]:
    """An editor that takes every text for a long one."""
    monkeypatch.setattr(text_work, "LONG_TEXT", 10)
    monkeypatch.setattr(text_work, "PROMPT_CHARACTERS", 10)
    monkeypatch.setattr(event_editor, "LONG_PAUSE_SECONDS", 0.02)
    stage = Stage(partial(EventEditor, catalogue()))
    async with stage.play() as pilot:
        editor = stage.the(EventEditor)
        editor.load(text, catalogue().get("lts"))
        editor.area.focus()
        await wait_until(pilot, lambda: editor.analysis is not None, "the text to be read")
        yield editor, pilot, stage


async def test_a_long_text_is_read_in_a_process_that_ends_with_the_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = catalogue().get("lts").template().text
    async with editing(wire, monkeypatch) as (editor, pilot, stage):
        assert editor.work.reader is not None
        process = editor.work.reader._process
        assert process is not None
        await wait_until(pilot, lambda: bool(stage.heard(EventEditor.Analysed)), "word that it was read")
        assert stage.heard(EventEditor.Analysed)[-1].trigger_guess == "lts"
        editor.go_to_path(("lts", "data"))
        await wait_until(pilot, lambda: bool(editor.area.notes.hints), "the hints to come")
        await wait_until(
            pilot,
            lambda: any(m.place and m.place.path == ("lts", "data") for m in stage.heard(EventEditor.CursorMoved)),
            "the field to be explained",
        )
        assert process.poll() is None
    assert process.poll() is not None


async def test_nothing_is_said_of_a_long_text_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    async with editing("[]", monkeypatch) as (editor, pilot, _):
        monkeypatch.setattr(event_editor, "LONG_PAUSE_SECONDS", 600)  # nobody begins to
        words = editor.query_one(EditorStatus)
        editor.area.replace_all("[1, 2, 3, 4, 5]!")
        await wait_until(pilot, lambda: words.is_reading, "it is not said of it that there are no problems")
        editor.load("[]", None)
        await wait_until(pilot, lambda: not words.is_reading, "the short text is read")
        editor.load("[1, 2, 3, 4, 5]!", None)
        assert words.is_reading


async def test_the_process_goes_when_a_short_text_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    async with editing("[1, 2, 3, 4, 5]", monkeypatch) as (editor, pilot, _):
        editor.load("[]", None)
        await wait_until(pilot, lambda: editor.analysis is not None, "the text to be read")
        assert editor.work.reader is None


async def test_a_long_text_is_turned_and_its_fields_are_written_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = catalogue().get("lts").template().text
    async with editing(wire, monkeypatch) as (editor, pilot, stage):
        editor.toggle_form()
        await wait_until(pilot, lambda: editor.form is Form.DECODED, "the decoded form")
        assert not editor.stop_doing(), "it is over"
        editor.toggle_form()
        await wait_until(pilot, lambda: editor.form is Form.WIRE, "the wire text")
        assert editor.text == wire
        editor.set_field(("lts", "data", "owner"), '"me"')
        await wait_until(pilot, lambda: editor.text != wire, "the field to be written")
        editor.set_field(("lts", "nowhere"), "1")
        await wait_until(pilot, lambda: bool(stage.heard(EventEditor.FieldRefused)), "the field to be refused")
        editor.area.action_undo()
        assert editor.text == wire


async def test_what_a_long_text_waits_for_can_be_stopped_and_is_overtaken_by_a_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wire = catalogue().get("lts").template().text
    async with editing(wire, monkeypatch) as (editor, pilot, stage):
        monkeypatch.setattr(event_editor, "turned_at_cursor", _never)
        words = stage.the(EditorStatus)
        editor.toggle_form()
        await pilot.pause()
        assert words.words == "reading the text…"
        assert editor.stop_doing()
        await wait_until(pilot, lambda: "stopped" in words.words, "word that it was stopped")
        editor.toggle_form()
        await pilot.pause()
        await pilot.press("x")
        await wait_until(pilot, lambda: not words.is_reading, "the turning to end")
        assert (editor.form, editor.text) == (Form.WIRE, "x" + wire)
        assert not editor.stop_doing()


def _never(text: str, **circumstances: object) -> Any:
    asyncio.run(asyncio.sleep(60))


async def test_where_no_process_can_be_started_a_thread_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(module: str) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("fgtui.sessions.child_processes.start", fail)
    wire = catalogue().get("lts").template().text
    async with editing(wire, monkeypatch) as (editor, pilot, _):
        editor.toggle_form()
        await wait_until(pilot, lambda: editor.form is Form.DECODED, "the decoded form")
