"""The event as a form: every change is one step of the text's history, and the form follows the text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from textual import events

from fgtui.events.forms import Row
from fgtui.events.text import format_path, parse_path
from fgtui.tui.actions import Where
from fgtui.tui.text.document import Form
from tests.tui.bench import Bench, a_bench


def rows(bench: Bench) -> list[Row]:
    view = bench.screen.event_pane.forming.view
    assert view is not None
    found = [view.rows.row_at(index) for index in range(view.rows.row_count())]
    return [row for row in found if row is not None]


def row(bench: Bench, path: str) -> Row:
    return next(each for each in rows(bench) if format_path(each.path) == path)


async def opened(bench: Bench, text: str | None = None, trigger: str = "obs") -> None:
    """The form of ``text``, else of what the bench has opened."""
    if text is not None:
        bench.screen.open_text(text, trigger, "event")
    pane = bench.screen.event_pane
    await bench.until(lambda: pane.editor.analysis, "the text is read")
    await bench.press("f12")
    await bench.until(lambda: pane.shows_form and pane.forming.view.rows.form, "the form is there")


async def on(bench: Bench, path: str) -> None:
    """The cursor on the row of ``path``."""
    view = bench.screen.event_pane.forming.view
    assert view is not None
    wanted = parse_path(path)
    view.rows.cursor = next(index for index, each in enumerate(rows(bench)) if each.path == wanted)
    field = bench.screen.event_pane.field
    await bench.until(lambda: field and field.place and field.place.path == wanted, "the row is explained")


def key_bar(bench: Bench) -> set[str]:
    return {action.label for action in bench.screen.key_bar.actions()}


def text(bench: Bench) -> str:
    return bench.screen.event_pane.editor.text


async def test_the_form_opens_on_the_field_at_the_cursor_and_leads_back_to_it(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        pane = bench.screen.event_pane
        await bench.until(lambda: pane.editor.analysis, "the text is read")
        pane.editor.go_to_path(("Records", 0, "s3", "object", "key"))
        await bench.pilot.pause()
        await opened(bench)
        shown = pane.forming.row
        assert shown is not None
        assert format_path(shown.path) == "Records[0].s3.object.key"
        await on(bench, "Records[0].eventName")
        await bench.press("escape")
        assert not pane.shows_form
        assert bench.app.focused is pane.editor.area
        await bench.until(lambda: pane.editor.path_at_cursor() == ("Records", 0, "eventName"), "the cursor is there")


async def test_the_line_below_says_the_row_s_place_though_the_text_has_it_encoded(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.jumping.open_trigger("lts")
        await opened(bench)
        await on(bench, "lts.data.logs[0].message")
        await bench.sees("✓ lts › data › logs[0] › message")
        await bench.press("escape")
        await bench.until(lambda: "✓ lts › data  " in bench.text, "the place of the cursor is said again")


async def test_a_paste_into_the_rows_is_not_lost_without_a_word(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        before = text(bench)
        bench.app.post_message(events.Paste('{"pasted": 1}'))
        await bench.hears("the form takes no paste")
        assert text(bench) == before


async def test_a_value_is_edited_decoded_and_every_other_byte_stays(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        before = text(bench)
        await on(bench, "Records[0].s3.object.key")
        await bench.press("enter")
        await bench.until(lambda: bench.screen.where is Where.FIELD, "the field has the keys")
        field = bench.screen.event_pane.field
        assert field is not None
        field.area.replace_all("a b.png")
        await bench.press("enter")
        await bench.until(lambda: "a+b.png" in text(bench), "it is written")
        assert text(bench) == before.replace("photos/holiday+2021/cat.png", "a+b.png").replace(
            "photos%2Fholiday+2021%2Fcat.png", "a+b.png"
        )
        await bench.until(lambda: row(bench, "Records[0].s3.object.key").value == "a b.png", "the form follows")
        assert bench.app.focused is bench.screen.event_pane.front_widget
        await bench.press("ctrl+underscore")
        assert text(bench) == before
        await bench.until(lambda: row(bench, "Records[0].s3.object.key").value != "a b.png", "the form follows undo")


async def test_one_of_the_allowed_values_is_chosen_with_its_meaning(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        await on(bench, "Records[0].eventName")
        await bench.press("enter")
        await bench.sees("Uploaded with PUT")
        await bench.press("down", "down", "enter")
        await bench.until(lambda: "ObjectCreated:Copy" in text(bench), "it is written")


async def test_absent_members_are_added_and_present_ones_removed(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        before = text(bench)
        await on(bench, "Records[0].eventName")
        await bench.press("d")
        await bench.until(lambda: "eventName" not in text(bench), "it is out")
        await bench.until(lambda: row(bench, "Records[0].eventName").is_absent, "the form lists it as absent")
        await bench.sees("not in the event")
        await on(bench, "Records[0].eventName")
        await bench.press("enter")
        await bench.until(lambda: '"eventName": "ObjectCreated:Put"' in text(bench), "it is there again")
        await bench.press("ctrl+underscore", "ctrl+underscore")
        assert text(bench) == before


async def test_an_item_is_added_to_the_list_that_the_row_is_in(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        await on(bench, "Records[0].eventName")
        await bench.press("a")
        await bench.until(lambda: len(json.loads(text(bench))["Records"]) == 2, "there are two records")


async def test_nothing_is_added_to_a_list_that_does_not_count(tmp_path: Path) -> None:
    shadowed = '{"Records": [{}], "Records": [{}]}'
    async with a_bench(tmp_path) as bench:
        await opened(bench, shadowed)
        view = bench.screen.event_pane.forming.view
        assert view is not None
        view.rows.cursor = 0
        await bench.press("a")
        await bench.hears("a member of the same name follows")
        assert text(bench) == shadowed


async def test_the_decoded_form_is_changed_where_it_is_shown(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        editor = bench.screen.event_pane.editor
        await bench.until(lambda: editor.analysis, "the text is read")
        await bench.press("ctrl+t")
        await bench.until(lambda: editor.form is Form.DECODED and editor.analysis, "the form has turned")
        await opened(bench)
        await on(bench, "Records[0].s3.object.versionId")
        await bench.press("delete")
        await bench.until(lambda: "versionId" not in text(bench), "it is out")
        assert editor.form is Form.DECODED
        assert '{"$form": "photos/holiday 2021/cat.png"}' in text(bench)


async def test_text_with_errors_has_no_form_and_says_where(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text('{"a": [1, 2}', "blank", "event")
        await bench.until(lambda: bench.screen.event_pane.editor.analysis, "the text is read")
        await bench.press("f12")
        await bench.sees("There is no form while the text has errors; Esc shows")
        await bench.sees("Line 1")
        assert {"add", "remove", "fold", "filter"}.isdisjoint(key_bar(bench)), "none of these could do anything"
        pane = bench.screen.event_pane
        pane.editor.area.replace_all(json.dumps(["x" * 50_000]))
        pane.forming.follow()
        assert pane.forming.view.rows.words == "reading the text…", "nothing of the text before"
        await bench.until(lambda: rows(bench), "the rows")
        await bench.press("escape")
        assert not pane.shows_form


async def test_the_key_bar_says_only_what_can_be_done_at_the_cursor(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(140, 40)) as bench:
        await opened(bench, '{"list": [{"a": 1}], "one": 1}', "blank")
        found = {}
        for path in ("list", "list[0].a", "one"):
            await on(bench, path)
            found[path] = {"add", "remove"}.intersection(key_bar(bench))
        assert found == {"list": {"add", "remove"}, "list[0].a": {"add", "remove"}, "one": {"remove"}}
        bench.screen.event_pane.editor.area.replace_all("[1, 2]")
        await bench.until(
            lambda: [format_path(each.path) for each in rows(bench)] == ["[0]", "[1]"], "the form follows"
        )
        await bench.until(lambda: "add" in key_bar(bench), "the event itself is a list")
        await bench.press("a")
        await bench.until(lambda: len(rows(bench)) == 3, "it has an item more")
        await bench.press("alt+4")
        assert {"filter"} == {"show", "replay", "edit", "copy", "filter"}.intersection(key_bar(bench)), (
            "no exchange yet"
        )
        await bench.press("slash")
        await bench.until(lambda: "filter" not in key_bar(bench), "a letter would be typed there")
        await bench.press("escape")
        await bench.until(lambda: "filter" in key_bar(bench), "the list has the keys again")


async def test_wrong_values_are_marked_in_their_rows_and_walked(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(160, 45)) as bench:
        pane = bench.screen.event_pane
        await bench.until(lambda: pane.editor.analysis, "the text is read")
        broken = text(bench).replace("ObjectCreated:Put", "ObjectCreated:Pt").replace('"size": 43', '"size": "43"')
        await opened(bench, broken)
        problem = row(bench, "Records[0].eventName").problem
        assert problem is not None
        await bench.press("ctrl+n")
        await bench.until(lambda: pane.forming.row and pane.forming.row.problem, "it is at a problem")
        await bench.press("ctrl+n")
        await bench.until(lambda: pane.forming.row and pane.forming.row.path[-1] == "size", "it is at the next")
        await bench.press("alt+q")
        await bench.until(lambda: '"size": 43' in text(bench), "it is put right")


async def test_rows_are_narrowed_by_what_is_typed(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        count = len(rows(bench))
        await bench.press("slash")
        await bench.fill("object key", "enter")
        await bench.until(lambda: 0 < len(rows(bench)) < count, "fewer rows")
        assert row(bench, "Records[0].s3.object.key").value.endswith("cat.png")
        await bench.press("escape")
        await bench.until(lambda: len(rows(bench)) == count, "all rows again")
        assert bench.screen.event_pane.shows_form


async def test_objects_are_closed_and_opened(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        count = len(rows(bench))
        await on(bench, "Records[0].s3")
        await bench.press("left")
        await bench.until(lambda: len(rows(bench)) < count, "it is closed")
        await bench.press("right")
        await bench.until(lambda: len(rows(bench)) == count, "it is open")
        await bench.press("z")
        await bench.until(lambda: len(rows(bench)) == 1, "all are closed")


async def test_ten_thousand_records_are_there_and_edited_as_one(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        record: dict[str, Any] = {"name": "x", "deep": {"n": 1}}
        await opened(bench, json.dumps({"records": [record] * 10_000}), "blank")
        view = bench.screen.event_pane.forming.view
        assert view is not None
        await bench.until(lambda: view.rows.row_count() == 10_005, "all records have a row, the first is open")
        await bench.press("end", "up", "enter")
        await bench.until(lambda: view.rows.row_count() == 10_008, "the last one is open")
        last = view.rows.row_at(10_006)
        assert last is not None
        assert (format_path(last.path), last.value) == ("records[9999].deep.n", "1")


async def test_what_acts_on_the_text_acts_on_the_row_or_brings_the_text_back(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        pane = bench.screen.event_pane
        await opened(bench)
        await on(bench, "Records[0].s3.object.size")
        await bench.until(
            lambda: pane.editor.path_at_cursor() == ("Records", 0, "s3", "object", "size"), "the text's cursor follows"
        )
        count = len(rows(bench))
        await bench.press("alt+k")
        await bench.until(lambda: len(rows(bench)) == 1, "all are closed")
        await bench.press("alt+o")
        await bench.until(lambda: len(rows(bench)) == count, "all are open")
        await bench.press("ctrl+f")
        assert pane.shows_form
        assert pane.forming.view is not None
        assert bench.app.focused is pane.forming.view.line
        await bench.press("escape", "alt+h")
        assert not pane.shows_form


async def test_the_form_follows_another_event_and_undo_of_the_whole_text(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        bench.screen.jumping.open_trigger("timer")
        await bench.until(lambda: any(each.name == "trigger_name" for each in rows(bench)), "the timer's fields")
        bench.screen.event_pane.editor.area.replace_all('{"trigger_type": "TIMER"}')
        await bench.until(lambda: any(each.is_absent for each in rows(bench)), "the new text's fields")
        await bench.press("ctrl+underscore")
        await bench.until(lambda: not any(each.is_absent for each in rows(bench)), "the old text's fields")


async def test_numbers_stay_as_they_are_typed_and_what_is_none_is_refused(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await opened(bench)
        field = bench.screen.event_pane.field
        assert field is not None
        for typed in ("1.10", "52.0", "12345678901234567890"):
            await on(bench, "Records[0].s3.object.size")
            await bench.press("enter")
            await bench.until(lambda: bench.screen.where is Where.FIELD, "the field has the keys")
            field.area.replace_all(typed)
            await bench.press("enter")
            await bench.until(lambda typed=typed: f'"size": {typed},' in text(bench), "it is written as typed")
            await bench.until(lambda: bench.screen.where is Where.EVENT, "the rows have the keys")
        await bench.sees('"null"')  # text, told from the word
        await bench.press("enter")
        await bench.until(lambda: bench.screen.where is Where.FIELD, "the field has the keys")
        field.area.replace_all("43,")
        await bench.press("enter")
        await bench.sees("✗")
        assert '"size": 12345678901234567890,' in text(bench)
        await bench.press("escape", "escape")
        assert bench.app.focused is bench.screen.event_pane.front_widget
