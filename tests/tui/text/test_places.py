"""Places of an event as a person means them, of whatever text."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import EventError
from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.text import parse_path
from fgtui.tui.text.analysis import Analysis, analyse, turned
from fgtui.tui.text.collapsed_rows import Block
from fgtui.tui.text.document import EventDocument, Form, Location
from fgtui.tui.text.places import (
    SHOWN_BYTES,
    block_at,
    blocks_below_first,
    crumbs,
    decoded_at,
    laid_out,
    refuse_path,
    suffix_of,
    ways_on,
)


def read(text: str, form: Form = Form.WIRE) -> Analysis:
    return analyse(1, form, text, None, None)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(values, st.sampled_from([None, 2, 4]), st.integers(0, 200))
def test_laying_out_changes_white_space_alone_and_undoes_itself(value: object, indent: int | None, column: int) -> None:
    text = json.dumps(value, ensure_ascii=False)
    document = EventDocument(text)
    found = laid_out(text, cursor=Location(0, min(column, len(text))), indent=indent)
    if found.difference is not None:
        document.edit(found.difference.start, found.difference.end, found.difference.text, before=None)
    assert json.loads(document.text) == value
    assert not found.drops
    assert document.clamp(found.place) == found.place
    back = laid_out(document.text, cursor=found.place, indent=None)
    assert back.place.row == 0


@pytest.mark.parametrize("number", ["1.50", "-0", "1e5", "12345678901234567890.10"])
def test_numbers_and_strings_stay_as_they_are_written(number: str) -> None:
    text = f'{{"a": {number}, "b": "\\u0041\\/"}}'
    found = laid_out(text, cursor=Location(0, 0), indent=2)
    assert found.difference is not None
    assert f'"a": {number},' in f'"a": {number},{found.difference.text}'
    document = EventDocument(text)
    document.edit(found.difference.start, found.difference.end, found.difference.text, before=None)
    assert document.text == f'{{\n  "a": {number},\n  "b": "\\u0041\\/"\n}}'


def test_line_ends_stay_what_they_are() -> None:
    found = laid_out('{"a":\r\n1}', cursor=Location(1, 0), indent=2)
    assert found.difference is not None
    assert "\r" not in found.difference.text, "a document's edits have line feeds"
    assert found.place == Location(1, 7)


def test_errors_are_not_laid_out() -> None:
    with pytest.raises(EventError):
        laid_out('{"a": }', cursor=Location(0, 0), indent=2)


def test_the_innermost_rows_around_the_cursor_are_hidden() -> None:
    text = '{\n  "a": [\n    1\n  ],\n  "b": {"c": 2}\n}'
    analysis = read(text)
    assert block_at(analysis, text.index("1")) == Block(1, 3)
    assert block_at(analysis, text.index('"a"')) == Block(1, 3)
    assert block_at(analysis, text.index("c")) == Block(0, 5)
    assert blocks_below_first(analysis) == (Block(1, 3),)
    assert block_at(read("[1, 2]"), 1) is None
    assert blocks_below_first(read("")) == ()


def test_what_holds_but_one_thing_is_no_level_of_its_own() -> None:
    text = json.dumps({"Records": [{"a": {"b": 1}, "c": [2]}]}, indent=1)
    assert blocks_below_first(read(text)) == (Block(3, 5), Block(6, 8))
    assert blocks_below_first(read('{\n"a": [\n1, 2\n]\n}')) == (Block(1, 3),)


def test_an_index_stands_beside_what_it_is_of() -> None:
    path = ("Records", 0, "s3", "a b", 1, 2)
    assert crumbs(path) == (("Records[0]", path[:2]), ("s3", path[:3]), ('"a b"[1][2]', path))
    assert crumbs((0, "a")) == (("[0]", (0,)), ("a", (0, "a")))
    assert crumbs(()) == ()


def test_ways_on_are_those_of_what_was_typed_so_far() -> None:
    analysis = read('{"alpha": {"one": 1, "only": [7]}, "beta": 2, "a.b": {"x": 1}, "data": "eyJrIjogMX0="}')

    def ways(typed: str) -> list[str]:
        return [way.path for way in ways_on(analysis, None, typed)]

    assert ways("") == ["alpha", "beta", '"a.b"', "data"]
    assert ways("bet") == ["beta"]
    assert ways("alpha.on") == ["alpha.one", "alpha.only"]
    assert ways("alpha.only[") == ["alpha.only[0]"]
    assert ways("data.") == ["data.k"], "through what is encoded"
    assert ways('"a.b".') == ['"a.b".x']
    assert ways("nope.") == []
    assert ways("beta.x") == []


@given(st.text(max_size=12))
def test_whatever_is_typed_has_an_answer(typed: str) -> None:
    ways_on(read('{"a": [1, {"b": 2}]}'), None, typed)


def test_what_leads_nowhere_is_refused_with_what_is_near() -> None:
    analysis = read('{"alpha": 1}')
    refuse_path(analysis, None, parse_path("alpha"))
    with pytest.raises(EventError) as refused:
        refuse_path(analysis, None, parse_path("alhpa"))
    assert refused.value.values["near"] == "alpha"


@pytest.mark.parametrize(
    ("data", "text", "how"),
    [
        (b"\xff\x00", "ff 00", "hex"),
        (b"\xff" * (SHOWN_BYTES + 1), b64encode(b"\xff" * (SHOWN_BYTES + 1)).decode(), "base64"),
        (b"<a>text</a>", "<a>text</a>", "opened"),
    ],
    ids=["few-bytes", "many-bytes", "text"],
)
def test_a_decoded_value_says_how_it_is_shown(data: bytes, text: str, how: str) -> None:
    trigger = Catalogue([samples_root() / "events"]).get("apig")
    wire = json.dumps({"isBase64Encoded": True, "body": b64encode(data).decode()})
    analysis = analyse(1, Form.WIRE, wire, trigger, None)
    taken = decoded_at(analysis, trigger, wire.index("body") + 8)
    assert taken is not None
    assert (taken.text, taken.how) == (text, how)


def test_both_forms_give_one_decoded_value() -> None:
    wire = '{"data": "eyJrIjogMS41MH0="}'
    decoded = turned(wire, Form.WIRE, None)
    one = decoded_at(read(wire), None, wire.index("eyJ"))
    other = decoded_at(read(decoded, Form.DECODED), None, decoded.index('"data"'))
    assert one is not None
    assert other is not None
    assert one.text == '{\n  "k": 1.50\n}'
    assert (one.text, one.path) == (other.text, other.path)


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ('{"a": 1}', ".json"),
        ("[1]", ".json"),
        ("{a}", ".txt"),
        ("<?xml version='1.0'?>", ".xml"),
        ("<a/>", ".xml"),
        ("<", ".txt"),
        ("", ".txt"),
    ],
)
def test_a_file_ends_by_what_it_holds(text: str, suffix: str) -> None:
    assert suffix_of(text) == suffix
