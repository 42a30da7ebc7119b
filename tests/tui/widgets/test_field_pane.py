from __future__ import annotations

from functools import cache, partial

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Input

from fgtui.errors import UsageError
from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.fields import Place, locate
from fgtui.events.model import Path
from fgtui.events.reasons import Reason
from fgtui.events.text import scan
from fgtui.records import replace
from fgtui.terminal.display import displayable, is_displayable
from fgtui.tui.widgets.field_pane import FieldPane, Paragraph, hex_dump
from fgtui.words import speak
from tests.tui.stage import Stage


@cache
def catalogue() -> Catalogue:
    return Catalogue([samples_root()])


def place(text: str, key: str, *path: str | int) -> Place:
    return locate(scan(text), catalogue().get(key), path)


def of_template(key: str, *path: str | int, template: str = "default") -> Place:
    return place(catalogue().get(key).template(template).text, key, *path)


def a_number(text: str = "43") -> Place:
    return place(f'{{"size": {text}}}', "blank", "size")


def a_text(text: str = "hello") -> Place:
    return place(f'{{"note": "{text}"}}', "blank", "note")


def stage() -> Stage:
    return Stage(FieldPane, partial(Input, id="elsewhere"))


async def type_into(pilot: Pilot[None], *keys: str) -> FieldPane:
    pane = pilot.app.query_one(FieldPane)
    pane.area.focus()
    await pilot.pause()
    await pilot.press(*keys)
    await pilot.pause()
    return pane


def applied(on: Stage) -> list[tuple[Path, str]]:
    return [(message.path, message.text) for message in on.heard(FieldPane.Applied)]


def note(on: Stage) -> str:
    return displayable(on.the(FieldPane).query_one("#note", Paragraph).words)


# What is shown


async def test_a_field_is_explained() -> None:
    on = stage()
    async with on.play(size=(100, 20)) as pilot:
        on.the(FieldPane).show(of_template("obs", "Records", 0, "eventName"))
        await pilot.pause()
        shown = on.screen_text()
        assert "Records[0].eventName  string  required" in shown
        assert 'one of "ObjectCreated:Put"' in shown
        assert "value  ObjectCreated:Put" in shown


async def test_an_encoded_field_shows_its_codecs_and_what_it_holds() -> None:
    on = stage()
    async with on.play(size=(100, 20)) as pilot:
        on.the(FieldPane).show(of_template("lts", "lts", "data"))
        await pilot.pause()
        assert "base64 → JSON" in on.screen_text()
        assert on.the(FieldPane).area.document.text.startswith('{\n  "logs"')
        assert not on.the(FieldPane).area.read_only


async def test_bytes_that_are_no_text_are_shown_in_hexadecimal_and_cannot_be_edited() -> None:
    on = stage()
    async with on.play(size=(100, 20)) as pilot:
        pane = on.the(FieldPane)
        pane.show(of_template("dis", "Message", "records", 1, "data", template="typed-records"))
        await pilot.pause()
        assert "00000000  1f 8b 08 00 ff fe" in on.screen_text()
        assert "6 bytes that are no text" in note(on)
        await type_into(pilot, "x", "enter", "ctrl+s")
        assert pane.area.document.text.startswith("00000000")
    assert applied(on) == []


async def test_what_cannot_be_edited_says_why() -> None:
    on = stage()
    async with on.play() as pilot:
        twice = place('{"a": 1}', "blank", "a")
        on.the(FieldPane).show(replace(twice, editable=False, reason=Reason("because of [/b]{x}", {"x": "\x1b"})))
        await type_into(pilot, "x")
        assert note(on) == "because of [/b]\\e"
        assert on.the(FieldPane).area.document.text == "1"


async def test_an_object_is_explained_but_edited_in_the_text() -> None:
    on = stage()
    async with on.play(size=(100, 20)) as pilot:
        on.the(FieldPane).show(of_template("obs", "Records", 0, "s3"))
        await pilot.pause()
        assert "Records[0].s3  object" in on.screen_text()
        assert note(on) == "its members are edited in the text"
        assert not on.the(FieldPane).is_changed
        on.the(FieldPane).show(a_text())
        await pilot.pause()
        assert "value  hello" in on.screen_text()


async def test_no_field_is_said() -> None:
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(None)
        await pilot.pause()
        assert "no field here" in on.screen_text()


@pytest.mark.parametrize("width", [20, 30, 60])
async def test_a_long_path_keeps_its_end(width: int) -> None:
    on = stage()
    async with on.play(size=(width, 10)) as pilot:
        on.the(FieldPane).show(of_template("obs", "Records", 0, "s3", "bucket", "ownerIdentity", "PrincipalId"))
        await pilot.pause()
        line = on.screen_lines()[0]
        assert cell_len(line) == width
        assert "cipalId" in line


async def test_names_and_values_from_data_can_do_nothing_to_the_screen() -> None:
    hostile = '{"\\u001b[2J[/b]\\u202e": "\\u001b]52;c;aGk=\\u0007[$x]\\u200b"}'
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(place(hostile, "blank", "\x1b[2J[/b]\u202e"))
        await pilot.pause()
        shown = on.screen_text()
        assert is_displayable(shown)
        assert "\\e]52;c;aGk=\\x07[$x]\\u200b" in shown


async def test_a_value_says_how_the_strings_it_lies_in_are_encoded() -> None:
    on = stage()
    async with on.play(size=(100, 20)) as pilot:
        on.the(FieldPane).show(of_template("lts", "lts", "data", "logs", 0, "message"))
        await pilot.pause()
        assert on.screen_lines()[0].split("  ")[2:4] == ["in base64 → JSON → JSON", "required"]


async def test_types_are_said_in_the_language_of_the_screen() -> None:
    speak("zh")
    on = stage()
    async with on.play(size=(100, 20)) as pilot:
        pane, found = on.the(FieldPane), of_template("timer", "user_event")
        for types, said in (("string", "字符串"), ("object or array or null", "对象 或 数组 或 null"), ("x", "x")):
            pane.show(replace(found, info=replace(found.info, type=types)))
            await pilot.pause()
            assert on.screen_lines()[0].split("  ")[1].strip() == said


async def test_what_a_value_lies_in_is_said_rather_than_that_it_is_required() -> None:
    on = stage()
    async with on.play(size=(60, 20)) as pilot:
        on.the(FieldPane).show(of_template("lts", "lts", "data", "logs", 0, "message"))
        await pilot.pause()
        assert on.screen_lines()[0].strip() == "lts.data.logs[0].message  string  in base64 → JSON → JSON"
        assert "general configuration file↵" in on.screen_text()


async def test_a_long_line_wraps_and_its_box_is_no_higher_than_it_needs() -> None:
    on = stage()
    async with on.play(size=(40, 20)) as pilot:
        pane = on.the(FieldPane)
        pane.show(a_text("word " * 16 + "end"))
        await pilot.pause()
        assert pane.area.size.height == 3
        assert " end" in on.screen_text()
        assert "›" not in on.screen_text()
        pane.show(a_text("short"))
        await pilot.pause()
        assert pane.area.size.height == 1
        await type_into(pilot, "end", *"er and longer than one row is")
        assert pane.area.size.height == 2


async def test_a_value_of_more_lines_than_there_is_room_for_scrolls_and_leaves_the_note_in_sight() -> None:
    on = stage()
    async with on.play(size=(60, 20)) as pilot:
        pane = on.the(FieldPane)
        pane.show(a_text("\\n".join("abcdefghijklmnopqrstuvwxyz")))
        await type_into(pilot, "ctrl+end")
        assert pane.area.scroll_offset.y > 0
        assert pane.region.bottom >= pane.query_one("#note").region.bottom > pane.area.region.bottom - 1
        assert "26 lines: F9 writes them" in on.screen_text()


async def test_the_ends_of_lines_of_text_can_be_seen() -> None:
    on = stage()
    async with on.play(size=(60, 20)) as pilot:
        on.the(FieldPane).show(a_text("one\\r\\n"))
        await pilot.pause()
        assert "value  one↵" in on.screen_text()
        on.the(FieldPane).show(of_template("lts", "lts", "data"))
        await pilot.pause()
        assert "↵" not in on.screen_text()


async def test_a_sentence_is_shown_whole_where_there_is_room() -> None:
    on = stage()
    async with on.play(size=(40, 20)) as pilot:
        words = "ObjectCreated:Put is no JSON value; if it is text, write it in quotation marks"
        on.the(FieldPane).show(replace(a_text(), editable=False, reason=Reason(words, {})))
        await pilot.pause()
        assert words in " ".join(on.screen_text().split())


@pytest.mark.parametrize("width", [12, 20, 33, 48])
async def test_a_description_that_is_cut_ends_in_an_ellipsis(width: int) -> None:
    on = stage()
    async with on.play(size=(width, 20)) as pilot:
        about = "it says 日志 [/b] of everything and of more than fits into two lines of any such window, at length"
        shown = a_text()
        on.the(FieldPane).show(replace(shown, info=replace(shown.info, description=about)))
        await pilot.pause()
        first, second = on.screen_lines()[1:3]
        assert "…" not in first
        assert second.rstrip().endswith("…")
        assert cell_len(second) == width


def test_a_hex_dump_is_cut_at_its_limit() -> None:
    assert hex_dump(b"") == ""
    assert (
        hex_dump(b"A\x00" * 16, limit=16)
        == "00000000  41 00 41 00 41 00 41 00 41 00 41 00 41 00 41 00  A.A.A.A.A.A.A.A."
    )
    assert hex_dump(bytes(range(0x7E, 0x81))).endswith("  ~..")


# Writing


async def test_enter_writes_a_value_of_one_line() -> None:
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(a_text())
        await type_into(pilot, "end", "!", "enter")
    assert applied(on) == [(("note",), "hello!")]


async def test_enter_writes_nothing_when_nothing_was_typed() -> None:
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(a_text())
        await type_into(pilot, "end", "enter", "ctrl+s")
        assert on.the(FieldPane).area.document.text == "hello"
    assert applied(on) == []


async def test_in_several_lines_enter_is_a_line_and_control_s_writes() -> None:
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(a_text("one\\ntwo"))
        await type_into(pilot, "end", "enter", "x")
        assert applied(on) == []
        await type_into(pilot, "ctrl+s")
    assert applied(on) == [(("note",), "one\nx\ntwo")]


async def test_what_is_no_json_is_not_written_where_a_number_stands() -> None:
    on = stage()
    async with on.play() as pilot:
        pane = on.the(FieldPane)
        pane.show(a_number())
        await type_into(pilot, "end", "x", "enter")
        assert note(on).startswith("✗ ")
        assert pane.has_class("-failed") or pane.query_one("#note").has_class("-failed")
        assert pane.is_changed
        await type_into(pilot, "backspace", "0", "enter")
    assert applied(on) == [(("size",), "430")]


async def test_what_was_refused_stays_as_it_was_typed() -> None:
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(a_text())
        pane = await type_into(pilot, "end", "!", "enter")
        pane.fail(UsageError("no [/room] in {place}", place="\x1b"))
        assert note(on) == "✗ no [/room] in \\e"
        assert pane.is_changed
        assert pane.area.document.text == "hello!"


async def test_leaving_writes_what_was_typed() -> None:
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(a_text())
        await type_into(pilot, "end", "!")
        on.query_one("#elsewhere").focus()
        await pilot.pause()
    assert applied(on) == [(("note",), "hello!")]


async def test_showing_another_field_writes_what_was_typed_in_the_first() -> None:
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(a_text())
        await type_into(pilot, "end", "!")
        on.the(FieldPane).show(a_number())
        await pilot.pause()
        assert on.the(FieldPane).area.document.text == "43"
    assert applied(on) == [(("note",), "hello!")]


async def test_what_could_not_be_written_is_told_when_another_field_is_shown() -> None:
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(a_number())
        await type_into(pilot, "end", "x")
        on.the(FieldPane).show(a_text())
        await pilot.pause()
        assert "size stays as it was: 43x is no JSON value" in note(on)
    assert applied(on) == []


async def test_the_same_field_shown_again_keeps_what_is_being_typed() -> None:
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(a_text())
        await type_into(pilot, "end", "!")
        on.the(FieldPane).show(a_text())
        assert on.the(FieldPane).area.document.text == "hello!"


async def test_escape_restores_the_value_and_then_is_for_others() -> None:
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(a_text())
        pane = await type_into(pilot, "end", "!", "escape")
        assert pane.area.document.text == "hello"
        assert not pane.is_changed
        await type_into(pilot, "escape")
    assert applied(on) == []


async def test_a_field_is_undone_by_itself_while_it_is_edited() -> None:
    on = stage()
    async with on.play() as pilot:
        on.the(FieldPane).show(a_text())
        pane = await type_into(pilot, "end", "!", "ctrl+underscore")
        assert pane.area.document.text == "hello"
        assert not pane.is_changed
