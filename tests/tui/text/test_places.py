"""Places of an event as a person means them, of whatever text."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import EventError
from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.text import parse_path
from fgtui.tui.text.analysis import Analysis, analyse, turned
from fgtui.tui.text.collapsed_rows import Block, Inside
from fgtui.tui.text.document import EventDocument, Form, Location
from fgtui.tui.text.places import (
    SHOWN_BYTES,
    block_at,
    block_in_row,
    blocks_at_paths,
    blocks_below_first,
    crumbs,
    decoded_at,
    inside_of,
    laid_out,
    path_of_block,
    refuse_path,
    suffix_of,
    value_at,
    ways_on,
)

ZIPPED = b64encode(gzip.compress(b"a long enough text", mtime=0)).decode()


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


@pytest.mark.parametrize(
    ("columns", "start", "laid"),
    [
        ((8, 9), (1, 14), "\n    1,\n    2\n  "),
        ((14, 18), (1, 14), "\n    1,\n    2\n  "),
        ((7, 20), (1, 8), '\n    "b": [\n      1,\n      2\n    ]\n  '),
        ((15, 16), (1, 8), '\n    "b": [\n      1,\n      2\n    ]\n  },\n '),
        ((7, 30), (1, 8), '\n    "b": [\n      1,\n      2\n    ]\n  },\n '),
    ],
    ids=["from-its-name", "a-list", "an-object", "of-a-number-the-whole", "of-several-what-holds-them"],
)
def test_what_is_selected_is_laid_out_where_it_stands(
    columns: tuple[int, int], start: tuple[int, int], laid: str
) -> None:
    text = '{\n  "a": {"b": [1, 2]}, "c": 3\n}'
    span = (Location(1, columns[0]), Location(1, columns[1]))
    found = laid_out(text, cursor=Location(1, 3), indent=2, span=span)
    assert found.difference is not None
    assert (found.difference.start, found.difference.text) == (Location(*start), laid)
    assert found.place == Location(1, 3)


@pytest.mark.parametrize(
    ("column", "place"), [(0, (0, 0)), (3, (1, 4)), (5, (1, 6)), (6, (1, 7)), (19, (2, 10)), (28, (3, 7))]
)
def test_the_cursor_stays_with_its_character(column: int, place: tuple[int, int]) -> None:
    text = '{"abc": 1, "d": "xyz", "e": []}'
    assert laid_out(text, cursor=Location(0, column), indent=2).place == Location(*place)


def test_what_is_no_json_is_left_out_and_told() -> None:
    for text in ('{"a": 1,}\n', '{"a": 1 // c\n}'):
        assert laid_out(text, cursor=Location(0, 0), indent=2).drops
    crlf = laid_out(
        '{"z": [1,\r\n2]}', cursor=Location(0, 0), indent=2, span=(Location(0, 6), Location(1, 1))
    ).difference
    assert crlf == (Location(0, 7), Location(1, 1), "\n  1,\n  2\n")


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


def test_rows_that_can_be_hidden_are_known_by_their_first_row_and_by_their_path() -> None:
    analysis = read('{\n "a": [\n  1,\n  {"x":\n 2}\n ],\n "b": {"c": [\n]}\n}')
    blocks = {(): Block(0, 8), ("a",): Block(1, 5), ("a", 1): Block(3, 4), ("b",): Block(6, 7)}
    by_row = {block.head: block for block in blocks.values()}
    assert [block_in_row(analysis, row) for row in range(10)] == [by_row.get(row) for row in range(10)]
    assert [path_of_block(analysis, block) for block in blocks.values()] == list(blocks)
    assert path_of_block(analysis, Block(1, 4)) is None
    assert inside_of(analysis, [*blocks.values(), Block(1, 4)]) == {
        Block(0, 8): Inside(2, is_list=False),
        Block(1, 5): Inside(2, is_list=True),
        Block(3, 4): Inside(1, is_list=False),
        Block(6, 7): Inside(1, is_list=False),
    }
    paths = [("b",), ("a", 1), ("a", 0), ("zz",), ("b", "c")]
    assert blocks_at_paths(analysis, paths) == [Block(6, 7), Block(3, 4)]
    decoded = read('{\n"data": {"$base64": {"$json": {\n"k": 1}}}}', Form.DECODED)
    assert blocks_at_paths(decoded, [("data",)]) == [Block(1, 2)]
    assert path_of_block(decoded, Block(1, 2)) == ("data",)
    assert blocks_at_paths(read(""), [()]) == []


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
    assert ways('"al') == ["alpha"], "a name whose quote is still open"
    assert ways('alpha["o') == ["alpha.one", "alpha.only"]


def test_ways_on_say_what_is_there_and_what_begins_so_comes_first() -> None:
    long = "x" * 60
    analysis = read(f'{{"alpha": {{"a1": 1, "s": "{long[:58]}", "long1": "{long}", "1l": [1], "o1": {{}}}}, ')
    assert [way[:] for way in ways_on(analysis, None, "alpha.")] == [
        ("alpha.a1", "1"),
        ("alpha.s", f'"{long[:58]}"'),
        ("alpha.long1", f'"{long[:59]}…'),
        ('alpha."1l"', "[…]"),
        ("alpha.o1", "{…}"),
    ]
    assert next(way.path for way in ways_on(analysis, None, "alpha.1")) == 'alpha."1l"'
    assert ways_on(analysis, None, "nope.") == ()
    refuse_path(analysis, None, ("nope",))  # nothing is known of a text with errors


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


@pytest.mark.parametrize(
    ("at", "plain", "decoded"),
    [
        ("1.50", ("1.50", "n", "json"), ("1.50", "n", "json")),
        ("a\\n", ("a\nb", "s", ""), ("a\nb", "s", "")),
        (
            '{"k"',
            ('{"k": 1, "e": "eyJrIjogMS41MH0="}', "o", "json"),
            ('{\n  "k": 1,\n  "e": {\n    "k": 1.50\n  }\n}', "o", "opened"),
        ),
        ("H4s", (ZIPPED, "z", ""), ("a long enough text", "z", "opened")),
    ],
    ids=["number", "text", "object", "two-layers"],
)
def test_a_value_is_taken_as_it_stands_or_opened(
    at: str, plain: tuple[str, str, str], decoded: tuple[str, str, str]
) -> None:
    text = f'{{"n": 1.50, "s": "a\\nb", "o": {{"k": 1, "e": "eyJrIjogMS41MH0="}}, "z": "{ZIPPED}"}}'
    taken, opened = value_at(read(text), text.index(at)), decoded_at(read(text), None, text.index(at))
    assert taken is not None
    assert opened is not None
    assert taken[:3] == plain
    assert opened[:3] == decoded


def test_of_what_is_encoded_inside_of_what_is_encoded_the_inner_is_opened() -> None:
    inner = b64encode(b'{"k": 1}').decode()
    outer = b64encode(json.dumps({"in": inner, "more": "x"}).encode()).decode()
    decoded = turned(f'{{"data": "{outer}"}}', Form.WIRE, None)
    taken = decoded_at(read(decoded, Form.DECODED), None, decoded.index('"in"'))
    assert taken is not None
    assert taken[:3] == ('{\n  "k": 1\n}', "data.in", "opened")


def test_of_nothing_nothing_is_taken() -> None:
    assert value_at(read(""), 0) is None
    assert decoded_at(read(""), None, 0) is None


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
