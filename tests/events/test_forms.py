"""An event as rows: what its fields mean and hold, through what is encoded, and which of them are absent."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings

from fgtui.events.fields import locate, set_text
from fgtui.events.forms import SHOWN, WEIGHED, Form, Row
from fgtui.events.text import Kind, format_path, parse_path, scan
from fgtui.events.validation import validate
from tests.events.encoded_text import EVENTS, TRIGGERS, trigger
from tests.events.own_triggers import an_own_trigger

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "Who it is."},
        "kind": {"oneOf": [{"const": "a", "description": "The first."}, {"const": "b"}]},
        "count": {"type": "integer", "description": "How many."},
    },
    "required": ["count"],
}


def rows(text: str, own: Any = None, **asked: Any) -> dict[str, Row]:
    document = scan(text)
    form = Form(document, own, validate(document, own) if own else ())
    return {format_path(row.path): row for row in map(form.row, form.entries(**asked))}


def test_fields_say_what_they_mean_and_may_hold(tmp_path: Path) -> None:
    found = rows('{"kind": "a", "else": 1.10}', an_own_trigger(tmp_path, SCHEMA))
    assert list(found) == ["kind", "else", "count", "name"], "the absent ones last, what has to be there first"
    assert (found["kind"].info.allowed, found["kind"].info.meanings) == (("a", "b"), ("The first.", ""))
    assert found["count"].is_absent
    assert found["count"].info.required
    assert found["name"].info.description == "Who it is."
    assert found["else"].is_stranger
    assert found["else"].value == "1.10"


def test_what_is_encoded_is_shown_decoded_with_its_codecs() -> None:
    found = rows(trigger("lts").template("default").text, trigger("lts"))
    assert found["lts.data"].codecs == ("$base64", "$json")
    assert found["lts.data"].count == 4
    assert found["lts.data.logs[0].line_no"].value == "615"
    assert rows(trigger("obs").template("default").text, trigger("obs"))["Records[0].s3.object.key"].codecs == (
        "$form",
    )


def test_a_string_no_schema_speaks_of_is_opened_wherever_it_stands() -> None:
    filler = "x" * (WEIGHED + 1)
    found = rows(f'{{"filler": "{filler}", "data": "eyJrIjogMX0=", "list": "W3siayI6IDF9LCAyXQ==", "text": "x"}}')
    assert found["filler"].value == "x" * (SHOWN - 1)
    assert (found["data.k"].value, found["data"].is_list, found["data"].count) == ("1", False, 1)
    assert (found["list[1]"].value, found["list"].is_list, found["list"].count) == ("2", True, 2)
    assert not found["text"].is_list


def test_of_bytes_the_first_are_shown(tmp_path: Path) -> None:
    own = an_own_trigger(tmp_path, {"properties": {"raw": {"type": "string", "contentEncoding": "base64"}}})
    text = json.dumps({"raw": b64encode(b"\xff\x00" * SHOWN).decode()})
    assert rows(text, own)["raw"].value == " ".join(["ff 00"] * (SHOWN // 2))


def test_problems_are_told_at_their_rows_and_counted_around_them(tmp_path: Path) -> None:
    found = rows('{"count": "x", "kind": "a"}', an_own_trigger(tmp_path, SCHEMA))
    problem = found["count"].problem
    assert problem is not None
    assert problem.code == "schema-type"
    text = trigger("obs").template("default").text.replace("ObjectCreated:Put", "ObjectCreated:Pt")
    found = rows(text, trigger("obs"))
    assert (found["Records"].inside, found["Records[0]"].inside) == (1, 1)
    assert found["Records[0].eventName"].problem is not None


def test_what_has_to_be_there_and_is_absent_is_a_problem_of_its_row(tmp_path: Path) -> None:
    found = rows('{"kind": "a"}', an_own_trigger(tmp_path, SCHEMA))
    problem = found["count"].problem
    assert problem is not None
    assert problem.code == "missing-field"
    assert found["name"].problem is None


def test_of_two_members_of_one_name_the_last_counts() -> None:
    document = scan('{"a": 1, "a": 2}')
    form = Form(document, None)
    assert [(row.value, row.is_shadowed) for row in map(form.row, form.entries())] == [("1", True), ("2", False)]


def test_what_is_inside_a_member_that_does_not_count_does_not_count_either() -> None:
    own = trigger("obs")
    form = Form(scan('{"Records": [{"eventName": "x"}], "Records": [{}]}'), own)
    found = [row for row in map(form.row, form.entries(all_open=True)) if not row.is_absent]
    assert [(format_path(row.path), row.is_shadowed) for row in found] == [
        ("Records", True),
        ("Records[0]", True),
        ("Records[0].eventName", True),
        ("Records", False),
        ("Records[0]", False),
    ]
    absent = [row.path for row in map(form.row, form.entries(all_open=True)) if row.is_absent]
    assert len(absent) == len(set(absent)), "what the one that counts lacks, once"


def test_a_closed_list_is_one_row_and_a_long_one_shows_its_first_item() -> None:
    text = json.dumps({"items": [{"n": each} for each in range(100)]})
    assert len(rows(text)) == 1 + 100 + 1
    assert len(rows(text, is_open=lambda path: False if path == ("items",) else None)) == 1
    assert len(rows(text, is_open=lambda path: True if path == ("items", 5) else None)) == 1 + 100 + 2
    assert rows(text)["items"].count == 100


@pytest.mark.parametrize("text", ["5", '"x"', "null"])
def test_an_event_that_is_one_value_is_one_row(text: str) -> None:
    assert list(rows(text)) == [""]


def test_text_without_a_value_has_no_rows() -> None:
    assert rows("") == {}


def test_rows_are_found_by_path_value_and_description(tmp_path: Path) -> None:
    form = Form(scan('{"name": "Ada", "else": [{"deep": "Zoë"}]}'), an_own_trigger(tmp_path, SCHEMA))

    def found(wanted: str) -> list[str]:
        return [format_path(entry.path) for entry in form.matching(wanted)]

    assert found("ada") == ["name"]
    assert found("deep zoë") == ["else[0].deep"]
    assert found("who it IS") == ["name"]
    assert found("count") == ["count"]
    assert found("nothing of it") == []


def test_deep_nesting_ends() -> None:
    assert len(rows("[" * 5000 + "]" * 5000)) < 100


@settings(max_examples=40, deadline=None)
@given(EVENTS, TRIGGERS)
@example('{"a":[0],"a":0}', None)
def test_every_row_can_be_written_back_and_changes_nothing(text: str, own: Any) -> None:
    document = scan(text)
    form = Form(document, own)
    for row in map(form.row, form.entries(all_open=True)[:60]):
        assert parse_path(format_path(row.path)) == row.path
        if row.is_absent or row.is_shadowed or row.kind in {Kind.OBJECT, Kind.ARRAY}:
            continue
        place = locate(document, own, row.path)
        assert place.kind is row.kind
        if place.editable:
            assert set_text(text, own, row.path, place.text) == text
