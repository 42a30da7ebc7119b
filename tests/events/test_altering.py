"""One place of an event changes, in either of its forms; everything else stays as it is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path as Folder
from typing import Any

import pytest

from fgtui.errors import EventError
from fgtui.events.altering import with_literal, with_name, with_sample, with_value, without
from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.fields import decode, encode
from fgtui.events.forms import Form
from fgtui.events.model import Path
from fgtui.events.opened import decoded_value
from fgtui.events.text import Kind, format_path, parse_path, scan
from fgtui.events.validation import validate
from tests.events.encoded_text import trigger
from tests.events.own_triggers import an_own_trigger

CATALOGUE = Catalogue([samples_root()])
ENCODED = {
    "type": "string",
    "contentEncoding": "base64",
    "contentMediaType": "application/json",
    "contentSchema": {"type": "string", "examples": ["hi"]},
}
KEYS = sorted(each.key for each in CATALOGUE.triggers)


@pytest.mark.parametrize("key", KEYS)
def test_every_absent_field_can_be_added_and_taken_out_again(key: str) -> None:
    own = CATALOGUE.get(key)
    text = own.template().text
    form = Form(scan(text), own)
    absent = [row.path for row in map(form.row, form.entries()) if row.is_absent]
    for path in absent:
        new, made = with_sample(text, own, path)
        assert made == path
        grown = Form(scan(new), own)
        assert path in {row.path for row in map(grown.row, grown.entries(all_open=True)) if not row.is_absent}
        assert json.loads(without(new, own, path)) == json.loads(text)


@pytest.mark.parametrize("key", KEYS)
def test_every_list_takes_one_more_item(key: str) -> None:
    own = CATALOGUE.get(key)
    text = own.template().text
    form = Form(scan(text), own)
    before = len(validate(scan(text), own))
    for row in [row for row in map(form.row, form.entries()) if row.is_list and row.leads_on]:
        new, path = with_sample(text, own, row.path, one_more=True)
        assert path == (*row.path, row.count)
        grown = Form(scan(new), own)
        assert next(each.count for each in map(grown.row, grown.entries()) if each.path == row.path) == row.count + 1
        assert len(validate(scan(new), own)) <= before


@pytest.mark.parametrize("key", KEYS)
def test_every_present_field_can_be_taken_out_in_both_forms(key: str) -> None:
    own = CATALOGUE.get(key)
    text = own.template().text
    decoded = decode(text, own)
    form = Form(scan(text), own)
    for row in [row for row in map(form.row, form.entries()) if not row.is_absent and row.path][:25]:
        wire = without(text, own, row.path)
        shown = without(decoded, own, row.path, decoded=True)
        assert decoded_value(encode(shown), own) == decoded_value(wire, own), format_path(row.path)


def test_a_value_is_put_and_written_in_both_forms() -> None:
    own = trigger("obs")
    text = own.template("default").text
    decoded = decode(text, own)
    path = parse_path("Records[0].s3.object.key")
    assert '"a+b"' in with_value(text, own, path, '"a b"')
    assert '{"$form": "a b"}' in with_value(decoded, own, path, '"a b"', decoded=True)
    assert '"key": "a b"' in with_literal(text, own, path, '"a b"')
    assert '"key": "a%20b"' in with_literal(decoded, own, path, '"a%20b"', decoded=True)


def test_in_the_decoded_form_white_space_elsewhere_stays_as_it_is() -> None:
    text = '{"a": {"$json":    {"b": 1}}, "d": 1, "l": [ 1 ]}'

    def left(change: Callable[..., str], path: Path, *given: str) -> str:
        return change(text, None, path, *given, decoded=True)

    assert left(with_value, ("d",), "2") == text.replace('"d": 1', '"d": 2')
    assert left(with_value, ("e",), "2") == text.replace("]}", '], "e": 2}')
    assert left(with_value, ("l", 1), "2") == text.replace("[ 1 ]", "[ 1, 2 ]")
    assert left(with_literal, ("d",), "2") == text.replace('"d": 1', '"d": 2')
    assert left(with_literal, ("a", "b"), "7") == text.replace('"b": 1', '"b": 7')
    assert left(with_literal, ("a",), "7") == text.replace('{"$json":    {"b": 1}}', "7")
    assert left(with_name, ("d",), "D") == text.replace('"d"', '"D"')
    assert left(without, ("d",)) == text.replace(' "d": 1,', "")


@pytest.mark.parametrize(
    ("before", "change", "given", "after"),
    [
        (' {\\"a\\":1}', with_value, ["5"], ' {\\"a\\":5}'),
        (' {\\"a\\":1}', with_literal, ["5"], ' {\\"a\\":5}'),
        (' {\\"a\\":1}', with_name, ["A"], ' {\\"A\\":1}'),
        (' {\\"a\\":1}', without, [], " {}"),
        ("{}", with_value, ["5"], None),
        ("e30=", with_value, ["5"], None),
    ],
)
def test_inside_a_string_that_the_decoded_form_leaves_closed_it_is_changed_as_on_the_wire(
    before: str, change: Callable[..., str], given: list[str], after: str | None
) -> None:
    text = f'{{  "k":   0, "o": {{"x": "{before}", "y":    1}}, "z":  {{"$json":    [2]}}}}'
    wire = change(encode(text), None, ("o", "x", "a"), *given)
    shown = change(text, None, ("o", "x", "a"), *given, decoded=True)
    assert encode(shown) == wire != encode(text)
    if after is not None:
        assert shown == text.replace(before, after)
    assert shown.startswith('{  "k":   0, "o": {"x": ')
    assert shown.endswith('"y":    1}, "z":  {"$json":    [2]}}')


def test_a_sample_holds_what_has_to_be_there_and_ends_where_that_goes_on_for_ever(tmp_path: Folder) -> None:
    deep: dict[str, Any] = {"type": "object", "properties": {"in": {"$ref": "#/$defs/deep"}}, "required": ["in"]}
    lists: dict[str, Any] = {"type": "array"}
    for _ in range(9):
        lists = {"type": "array", "items": lists, "minItems": 1}
    own = an_own_trigger(
        tmp_path,
        {
            "type": "object",
            "$defs": {"deep": deep},
            "properties": {
                "deep": {"$ref": "#/$defs/deep"},
                "list": lists,
                "tags": {"type": "array", "items": {"type": "string"}},
                "some": {"type": "array", "items": {"type": "integer"}, "minItems": 1},
                "either": {"type": ["integer", "object"], "properties": {"a": {}}, "required": ["a"]},
                "name": {"type": "string", "examples": ["Zoë"]},
                "whole": {"type": "object", "properties": {"text": ENCODED}, "required": ["text"]},
                "text": ENCODED,
            },
        },
    )

    def sample(name: str) -> str:
        return with_sample("{}", own, (name,))[0].removeprefix(f'{{"{name}": ').removesuffix("}")

    assert sample("deep") == '{"in": ' * 6 + "{}" + "}" * 6
    assert sample("list") == "[" * 7 + "]" * 7
    assert sample("tags") == "[]"
    assert sample("some") == "[0]"
    assert sample("either") == "0"
    assert sample("name") == '"Zoë"'
    assert sample("text") == '"aGk="'
    assert sample("whole") == '{"text": "aGk="}'


def test_a_list_inside_a_string_takes_one_more_item_too() -> None:
    assert with_sample('{"j": "[1]"}', None, ("j",), one_more=True) == ('{"j": "[1, null]"}', ("j", 1))


def test_an_encoded_field_is_added_encoded_in_the_decoded_form() -> None:
    own = trigger("lts")
    decoded = decode(own.template("default").text, own)
    empty = without(decoded, own, ("lts", "data"), decoded=True)
    grown, _ = with_sample(empty, own, ("lts", "data"), decoded=True)
    assert scan(encode(grown)).find(("lts", "data")) is not None
    node = scan(encode(grown)).find(("lts", "data"))
    assert node is not None
    assert node.kind is Kind.STRING


def test_a_member_is_renamed_in_both_forms_also_inside_a_string() -> None:
    own = trigger("lts")
    text = own.template("default").text
    wire = with_name(text, own, ("lts", "data", "owner"), "Owner")
    shown = with_name(decode(text, own), own, ("lts", "data", "owner"), "Owner", decoded=True)
    assert decoded_value(wire, own)["lts"]["data"]["Owner"] == decoded_value(text, own)["lts"]["data"]["owner"]
    assert encode(shown) == wire


@pytest.mark.parametrize("decoded", [False, True])
def test_what_is_not_there_is_said(decoded: bool) -> None:
    text = '{"a": [1]}'
    for path in (("b",), ("a", 7)):
        with pytest.raises(EventError):
            without(text, None, path, decoded=decoded)
        with pytest.raises(EventError):
            with_literal(text, None, path, "1", decoded=decoded)
    with pytest.raises(EventError) as of_item:
        with_name(text, None, ("a", 0), "b", decoded=decoded)
    assert of_item.value.values == {"path": "a[0]"}
    with pytest.raises(EventError) as of_all:
        with_name(text, None, (), "b", decoded=decoded)
    assert of_all.value.values == {"path": '""'}
