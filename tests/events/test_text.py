"""What scan, Document and the functions beside them promise for any text at all."""

from __future__ import annotations

import json
import math
import sys
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fgtui.errors import EventError
from fgtui.events.model import Severity
from fgtui.events.text import Document, Kind, Node, is_json, quote, reformat, scan, strict_problems
from fgtui.words import say
from tests.events.json_text import TREES, broken, decorated, render, strict_text

ANY_TEXT = st.one_of(
    st.text(), st.text(st.sampled_from("{}[],:\"\\ \n/*#.…“”'‘，：01-+eEtrufalsn|>\ud800\x00")), strict_text(), broken()
)


def standard(text: str) -> object:
    """What the standard parser makes of ``text``; ValueError for its extensions too."""

    def refuse(constant: str) -> object:
        raise ValueError(constant)

    return json.loads(text, parse_constant=refuse)


def nodes(document: Document) -> list[Node]:
    return list(document.nodes_between(0, len(document.text) + 1))


# -- any text --------------------------------------------------------------------------------------------------------


@settings(max_examples=100)
@given(ANY_TEXT)
@example("\r>}")
@example('{"k":"a{}……,：}]')
@example('{"a": [1, {"b":')
@example('["\n\\"')
def test_any_text_is_read_and_every_finding_can_be_told(text: str) -> None:
    document = scan(text)
    assert document.text == text
    for problem in document.problems:
        assert say(problem.message, problem.values)
        say(problem.hint, problem.values)
        assert 0 <= problem.start <= problem.end <= len(text)
        assert (problem.line, problem.column) == document.position(problem.start)
    assert document.has_errors == any(problem.severity is Severity.ERROR for problem in document.problems)
    assert [problem.start for problem in document.problems] == sorted(problem.start for problem in document.problems)
    document.value()


@settings(max_examples=80)
@given(ANY_TEXT)
@example('{"a":1]')
@example('[{"a":]')
@example('{"')
def test_values_of_any_text_nest_and_are_found_by_place_and_path(text: str) -> None:
    document = scan(text)
    for node in nodes(document):
        parent = document.parent(node)
        begin = node.key_start if node.key_start >= 0 else node.start
        assert 0 <= begin <= node.start <= node.end <= len(text)
        if parent is None:
            assert node == document.root
            assert node.key is None
        else:
            assert parent.start <= begin
            assert node.end <= parent.end
            assert node in list(document.children(parent))
        assert document.count(node) == len(list(document.children(node)))
        if node.end > node.start:
            assert document.node_at(node.start) == node
        if node.key_start >= 0:
            assert document.node_at(node.key_start) == node
    paths = [document.path_of(node) for node in nodes(document)]
    if len(set(paths)) == len(paths):
        assert [document.find(path) for path in paths] == nodes(document)


@settings(max_examples=100)
@given(ANY_TEXT)
def test_strict_means_what_the_standard_parser_takes_and_utf_8_can_carry(text: str) -> None:
    try:
        standard(text)
        text.encode()
        takes = True
    except ValueError:
        takes = False
    assert is_json(text) == takes
    assert bool(strict_problems(scan(text))) != takes


@settings(max_examples=80)
@given(ANY_TEXT)
def test_the_wire_text_is_strict_json_or_an_error_with_its_place(text: str) -> None:
    document = scan(text)
    if document.has_errors:
        first = next(problem for problem in document.problems if problem.severity is Severity.ERROR)
        with pytest.raises(EventError) as raised:
            document.wire()
        assert (raised.value.line, raised.value.column) == (first.line, first.column)
        assert str(raised.value) == first.message.format_map(first.values)
    else:
        wire = document.wire()
        assert len(wire) == len(text) - text.startswith("\ufeff")
        assert is_json(wire)
        assert scan(wire).wire() == wire
        assert scan(wire).value() == document.value()


# -- JSON ------------------------------------------------------------------------------------------------------------


@given(strict_text())
def test_strict_text_has_no_departure_and_is_its_own_wire_text(text: str) -> None:
    document = scan(text)
    assert document.is_strict
    assert strict_problems(document) == ()
    assert document.wire() == text


@given(strict_text())
@example('{"a": 1, "a": 2, "\\u0061": {"a": 3}}')
@example("[" * 3000 + "]" * 3000)
def test_values_are_those_of_the_standard_parser(text: str) -> None:
    document = scan(text)
    try:
        expected = standard(text)
    except RecursionError:
        expected = []
        for _ in range(2999):
            expected = [expected]
        while expected:  # comparing lists recurses as well
            [expected], value = expected, document.value()
            break
        depth = 0
        while value:
            [value], depth = value, depth + 1
        assert depth == 2999
        return
    assert document.value() == expected
    assert repr(document.value()) == repr(expected)


@given(strict_text())
def test_each_literal_alone_means_the_same_as_in_its_place(text: str) -> None:
    document = scan(text)
    for node in nodes(document):
        assert repr(scan(document.literal(node)).value()) == repr(document.value(node))
        if node.kind is Kind.STRING:
            assert document.string(node) == document.value(node)


@given(decorated())
def test_decorated_text_means_what_it_means_without_decoration(pair: tuple[str, str]) -> None:
    lenient, strict = pair
    document = scan(lenient)
    assert not document.has_errors, document.problems
    assert standard(document.wire()) == standard(strict)
    assert repr(document.value()) == repr(standard(strict))
    for node in nodes(document):
        assert is_json(document.literal(node)) or node.kind in {Kind.OBJECT, Kind.ARRAY}


def test_of_duplicate_members_the_last_is_found_and_both_are_sent() -> None:
    document = scan('{"a": 1, "b": 2, "\\u0061": 3}')
    found = document.find(("a",))
    assert found is not None
    assert document.value(found) == 3
    assert document.value() == {"a": 3, "b": 2}
    assert document.wire() == document.text


@pytest.mark.parametrize(
    "path",
    [("b",), ("a", 2), ("a", -1), ("a", "0"), (0,), ("a", 0, "x"), ("a", 0, 0), ("",)],
    ids=repr,
)
def test_a_path_that_leads_nowhere_finds_nothing(path: tuple[str | int, ...]) -> None:
    assert scan('{"a": [1, 2]}').find(path) is None


def test_an_empty_text_has_no_root_and_no_value() -> None:
    document = scan("")
    assert document.root is None
    assert document.value() is None
    assert document.find(()) is None
    assert document.node_at(0) is None


# -- half-written text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path", "kind", "literal"),
    [
        pytest.param('{"a": ', ("a",), Kind.INVALID, "", id="a value is about to be typed"),
        pytest.param('{"a"', ("a",), Kind.INVALID, "", id="the colon is about to be typed"),
        pytest.param('{"a": }', ("a",), Kind.INVALID, "", id="the value was deleted"),
        pytest.param('{"a": tr, "b": 1}', ("b",), Kind.NUMBER, "1", id="a word is half typed"),
        pytest.param('{"a": "x,\n "b": 1}', ("b",), Kind.NUMBER, "1", id="a string is not closed yet"),
        pytest.param('{"a": "x}', ("a",), Kind.STRING, '"x', id="a string is not closed before the bracket"),
        pytest.param('{"a": [1, 2, "b": 3}', ("b",), None, None, id="an array is not closed"),
        pytest.param('{"a": {"x": 1, "b": 3}', ("a", "b"), Kind.NUMBER, "3", id="an object is not closed"),
        pytest.param('{"a": 1 "b": 2}', ("b",), Kind.NUMBER, "2", id="a comma is missing"),
        pytest.param('{"a" 1, "b": 2}', ("a",), Kind.NUMBER, "1", id="a colon is missing"),
        pytest.param('{"a":: 1}', ("a",), Kind.NUMBER, "1", id="a colon too many"),
        pytest.param('{"a": 1,, "b": 2}', ("b",), Kind.NUMBER, "2", id="a comma too many"),
        pytest.param('{"a": {}}, "b": 2}', ("b",), Kind.NUMBER, "2", id="a bracket too many"),
        pytest.param('{"a": [1}, "b": 2}', ("a", 0), Kind.NUMBER, "1", id="the wrong bracket"),
        pytest.param('{"a": ]1, "b": 2}', ("a",), Kind.INVALID, "", id="a stray bracket"),
        pytest.param("{a: 1}", ("a",), Kind.NUMBER, "1", id="a name without quotes"),
        pytest.param("{'a': 1}", ("a",), Kind.NUMBER, "1", id="a name in apostrophes"),
        pytest.param("{“a”: 1}", ("a",), Kind.NUMBER, "1", id="a name in typographic quotes"),
        pytest.param('{"a”: 1}', ("a",), Kind.NUMBER, "1", id="a name with one typographic quote"),
        pytest.param('{"a": "x”, "b": 2}', ("b",), Kind.NUMBER, "2", id="a string with one typographic quote"),
        pytest.param('{"a": "x"y"z", "b": 2}', ("b",), Kind.NUMBER, "2", id="quotes inside a string"),
        pytest.param('{"a": http://x/y, "b": 2}', ("b",), Kind.NUMBER, "2", id="an address without quotes"),
        pytest.param("｛“a”：［1］｝", ("a", 0), Kind.NUMBER, "1", id="everything full-width"),
    ],
)
def test_what_surrounds_an_error_keeps_its_place(
    text: str, path: tuple[str | int, ...], kind: Kind, literal: str
) -> None:
    document = scan(text)
    assert document.has_errors
    found = document.find(path)
    if kind is None:
        assert found is None or document.has_errors
        return
    assert found is not None, document.value()
    assert (found.kind, document.literal(found)) == (kind, literal)


@given(strict_text(), st.data())
def test_cutting_a_text_short_keeps_the_values_before_the_cut(text: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    whole, part = scan(text), scan(text[:cut])
    for node in nodes(whole):
        if node.end < cut:
            twin = part.node_at(node.start)
            assert twin is not None
            assert part.path_of(twin) == whole.path_of(node)
            assert part.literal(twin) == whole.literal(node)


def test_a_value_written_into_the_gap_of_a_missing_one_completes_the_text() -> None:
    document = scan('{"a": , "b": 1}')
    gap = document.find(("a",))
    assert gap is not None
    assert scan(document.replace(gap, "2")).value() == {"a": 2, "b": 1}


# -- places ----------------------------------------------------------------------------------------------------------


@given(st.text(st.sampled_from("ab\r\n\x0b\x85\u2028中")), st.data())
def test_offsets_and_positions_are_each_others_inverse(text: str, data: st.DataObject) -> None:
    document = scan(text)
    offset = data.draw(st.integers(0, len(text)))
    line, column = document.position(offset)
    lines = text.replace("\r\n", "\n ").replace("\r", "\n").split("\n")
    assert line <= document.line_count == len(lines)
    at_line_end = text[offset - 1 : offset + 1] == "\r\n"
    assert document.offset(line, column) == offset - at_line_end


def test_places_outside_the_text_are_taken_to_its_ends() -> None:
    document = scan("[1,\n2]")
    assert document.position(-5) == (1, 1)
    assert document.position(99) == (2, 3)
    assert document.offset(0, 1) == 0
    assert document.offset(1, 0) == 0
    assert document.offset(1, 99) == 3
    assert document.offset(9, 1) == 6


def test_a_place_between_name_and_value_belongs_to_the_object() -> None:
    document = scan('{ "a" : 1 , "b": [ ] }')
    keys = [document.path_of(node) if (node := document.node_at(at)) else None for at in range(len(document.text))]
    assert keys == [(), (), *[("a",)] * 3, (), (), (), ("a",), (), (), (), *[("b",)] * 3, (), (), *[("b",)] * 3, (), ()]
    assert document.node_at(len(document.text)) is None


def test_a_window_holds_the_values_that_begin_in_it() -> None:
    document = scan('{"a": 1, "b": [2, 3], "c": 4}')
    assert [document.literal(node) for node in document.nodes_between(1, 9)] == ["1"]
    assert [node.key for node in document.nodes_between(9, 20)] == ["b", 0, 1]
    assert list(document.nodes_between(100, 200)) == []


# -- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("12345678901234567890123456789012345678901", 12345678901234567890123456789012345678901),
        ("-0", 0),
        ("1.10", 1.1),
        ("1E2", 100.0),
        ("1e-400", 0.0),
        ("1E400", 10**400),
        ("-1.5e400", -15 * 10**399),
        ("9" * 400 + ".7", int("9" * 400)),
        ("0.00001e405", 10**400),
        ("9" * 4300, int("9" * 4300)),
        ("1" * 4301, 10**4300 - 1),
        ("-1e99999999999999999999999", -(10**4300) + 1),
        ("1e-99999999999999999999999", 0.0),
        ("0e99999999999999999999999", 0.0),
        ("1.7976931348623157e308", sys.float_info.max),
        ("1.7976931348623159e308", 17976931348623159 * 10**292),
        ("5e-324", 5e-324),
        ("123e-325", 1.23e-323),
    ],
    ids=lambda value: f"{str(value)[:12]}…" if isinstance(value, str) else "",
)
def test_numbers_are_exact_or_near_and_never_infinite(literal: str, value: float) -> None:
    for text in (literal, f"[{literal} ,1e999]"):
        document = scan(text)
        assert document.wire() == text
        found = document.root if text == literal else document.find((0,))
        assert document.value(found) == value
        assert type(document.value(found)) is type(value)
    assert isinstance(value, int) or math.isfinite(value)


# -- quote -----------------------------------------------------------------------------------------------------------


@given(st.text(st.characters()))
@example("\ud800 \udc00 \udbff\x00\x1f\x7f\u2028")
def test_quote_is_the_inverse_of_string(value: str) -> None:
    literal = quote(value)
    literal.encode()
    document = scan(literal)
    assert document.is_strict
    assert document.root is not None
    joined = value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert document.string(document.root) == document.value() == joined


def test_quote_escapes_only_what_must_be() -> None:
    assert quote('"\\/\b\f\n\r\t\x00\x1f\x7f中😀\u2028\ud800\udfff') == (
        '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f中😀\u2028\\ud800\\udfff"'
    )


# -- reformat --------------------------------------------------------------------------------------------------------


@given(strict_text(), st.sampled_from([None, 0, 1, 2, 4]))
def test_reformat_changes_nothing_but_whitespace(text: str, indent: int | None) -> None:
    document = scan(text)
    formatted = scan(reformat(document, indent))
    literals = [document.literal(node) for node in nodes(document) if not is_container(node)]
    assert [formatted.literal(node) for node in nodes(formatted) if not is_container(node)] == literals
    assert [node.key for node in nodes(formatted)] == [node.key for node in nodes(document)]
    assert formatted.value() == document.value()
    assert reformat(formatted, indent) == formatted.text
    assert reformat(formatted, None) == reformat(document, None)


@given(TREES)
def test_reformat_lays_out_as_the_standard_printer_does(tree: object) -> None:
    text = render(tree, iter(lambda: "", None))
    value = standard(text)
    if json.dumps(value, separators=(",", ":"), ensure_ascii=False) == text:  # no number or escape is spelled otherwise
        assert reformat(scan(text)) == json.dumps(value, indent=2, ensure_ascii=False)
        spaced = (", ", ": ")
        assert reformat(scan(text), None, spaced) == json.dumps(value, separators=spaced, ensure_ascii=False)


def test_reformat_keeps_numbers_escapes_and_duplicates_as_they_are_written() -> None:
    tokens = ["1E400", "1.10", "-0", "52.0", "9" * 40, "0.10e+05", r'"\u4e2d\/\ud800"', '"中"']
    text = "{" + ",".join(f'"a":{token}' for token in tokens) + "}"
    assert reformat(scan(text), None) == text
    assert reformat(scan(text)) == "{\n" + ",\n".join(f'  "a": {token}' for token in tokens) + "\n}"


def test_reformat_stops_indenting_forty_levels_deep() -> None:
    lines = reformat(scan("[" * 50 + "1" + "]" * 50)).split("\n")
    assert max(len(line) - len(line.lstrip()) for line in lines) == 80


def test_reformat_refuses_what_cannot_be_sent() -> None:
    with pytest.raises(EventError) as raised:
        reformat(scan('{"a": tru}'))
    assert (raised.value.line, raised.value.column) == (1, 7)


def is_container(node: Node) -> bool:
    return node.kind in {Kind.OBJECT, Kind.ARRAY}


# -- size ------------------------------------------------------------------------------------------------------------

DEEP = 100_000
LARGE = 2_000_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * DEEP + "]" * DEEP, id="arrays"),
        pytest.param('[{"a":' * (DEEP // 2) + "1 /* */" + "}]" * (DEEP // 2), id="both, with a comment"),
    ],
)
def test_a_hundred_thousand_levels_are_an_answer(text: str) -> None:
    document = scan(text)
    assert not document.has_errors
    wire = scan(document.wire())
    assert wire.is_strict
    middle = text.index("1") if "1" in text else DEEP - 1
    node = document.node_at(middle)
    assert node is not None
    path = document.path_of(node)
    assert len(path) >= DEEP - 1
    assert document.find(path) == node
    value, depth = document.value(), 0
    while isinstance(value, list | dict) and value:
        value, depth = next(iter(value.values())) if isinstance(value, dict) else value[0], depth + 1
    assert depth == len(path)
    assert reformat(scan(reformat(document, 2)), None) == reformat(document, None)


@pytest.mark.parametrize(
    "unit",
    [
        "[", "]", "{", '{"a":', '"\\', "/*", "*/", "#\n", "//", '"', "'", "“", '"\n', '"\n\\"', "\\", ",", ":", "[1,", "1", "-",
        "0.", "1e", "a ", "a:", '"a" ', "...", "……,", "，", "\u00a0 ", "\ufeff", ">", ">\n", "> {\n", "\r", "\n", "true|", "/1",
        '"”', '"a"b', '"\\u', '"\\ud800', "\\ud800", "\x00", '"\x00', "(", ";1", "{}", "[1}", '{"a":1,"a":2},', "\ud800",
    ],
    ids=ascii,
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "[", '{"a":"'], ids=["alone", "in an array", "in a string"])
def test_hostile_repetition_is_read_in_one_pass(unit: str, before: str) -> None:
    """Not timed: a scan that looked twice at everything would not end while anyone waits."""
    document = scan(before + unit * (60_000 // len(unit)))
    assert len(document.problems) <= 100


def test_a_large_text_is_read_whole() -> None:
    text = json.dumps([{"name": f"item {number}", "value": number} for number in range(30_000)], indent=2)
    document = scan(text)
    assert document.is_strict
    assert len(text) > LARGE // 2
    last = document.find((29_999, "value"))
    assert last is not None
    assert document.value(last) == 29_999
    assert document.position(last.start)[0] == len(text.splitlines()) - 2


def test_values_are_in_order_of_their_beginning() -> None:
    document = scan('{"a": [1, {"b": 2}], "c": 3}')
    assert all(one.start < other.start for one, other in pairwise(nodes(document)))
