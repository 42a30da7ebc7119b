"""Changes to one value, and what they leave alone: everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fgtui.errors import EventError
from fgtui.events.text import Document, Kind, Node, quote, scan
from tests.events.json_text import SCALARS, decorated, strict_text

TEXTS = st.one_of(strict_text(), decorated().map(lambda pair: pair[0]))
NAMES = st.text(max_size=5)
Shape = Any
"""A literal, a list of shapes, or a tuple of pairs of name and shape: a document without its whitespace."""


def nodes(document: Document) -> list[Node]:
    return list(document.nodes_between(0, len(document.text)))


def shape(
    document: Document, node: Node | None, change: Callable[[Node, Shape], Shape] = lambda _, part: part
) -> Shape:
    """The shape of ``node``, each part of it passed through ``change``; what becomes None is left out."""
    assert node is not None
    if node.kind is Kind.OBJECT:
        members = [(child.key, shape(document, child, change)) for child in document.children(node)]
        return change(node, tuple(pair for pair in members if pair[1] is not None))
    if node.kind is Kind.ARRAY:
        items = [shape(document, child, change) for child in document.children(node)]
        return change(node, [item for item in items if item is not None])
    return change(node, document.literal(node))


def shape_of(text: str) -> Shape:
    document = scan(text)
    assert not document.has_errors, (text, document.problems)
    return shape(document, document.root)


def is_left_in(rest: str, whole: str) -> bool:
    """Whether ``rest`` is ``whole`` with some characters taken out."""
    characters = iter(whole)
    return all(character in characters for character in rest)


@given(TEXTS, SCALARS, st.data())
def test_replacing_a_value_leaves_every_other_character(text: str, literal: str, data: st.DataObject) -> None:
    document = scan(text)
    node = data.draw(st.sampled_from(nodes(document)))
    changed = document.replace(node, literal)
    assert changed == text[: node.start] + literal + text[node.end :]
    assert shape_of(changed) == shape(document, document.root, lambda each, part: literal if each == node else part)
    again = scan(changed)
    assert again.replace(again.node_at(node.start) or node, document.literal(node)) == text


@settings(max_examples=80)
@given(TEXTS, NAMES, SCALARS, st.data())
@example("{ }", "a", "1", None)
def test_inserting_puts_one_element_last_and_leaves_every_other_character(
    text: str, name: str, literal: str, data: st.DataObject | None
) -> None:
    document = scan(text)
    places = [node for node in nodes(document) if node.kind in {Kind.OBJECT, Kind.ARRAY}]
    if not places:
        return
    place = data.draw(st.sampled_from(places)) if data else places[0]
    if place.kind is Kind.OBJECT:
        changed = document.insert_member(place, name, literal)
        added: Shape = ((name, literal),)
    else:
        changed = document.insert_item(place, literal)
        added = [literal]
    assert is_left_in(text, changed)
    assert shape_of(changed) == shape(
        document, document.root, lambda each, part: part + added if each == place else part
    )
    new = Counter(changed) - Counter(text) - Counter(literal) - Counter(quote(name))
    assert set(new) <= set(",: \t\r\n>，")
    assert new[","] <= 1


@settings(max_examples=80)
@given(TEXTS, st.data())
@example("[1,2 // x\n]", None)
@example("> [\n> 1\n> ]", None)
def test_removing_takes_one_element_and_one_comma(text: str, data: st.DataObject | None) -> None:
    document = scan(text)
    places = [node for node in nodes(document) if node.key is not None]
    if not places:
        return
    node = data.draw(st.sampled_from(places)) if data else places[-1]
    changed = document.remove(node)
    assert is_left_in(changed, text)
    assert shape_of(changed) == shape(document, document.root, lambda each, part: None if each == node else part)
    begin = node.key_start if node.key_start >= 0 else node.start
    gone = Counter(text) - Counter(changed) - Counter(text[begin : node.end])
    assert set(gone) <= set(", \t\r\n>，")
    assert gone[","] + gone["，"] <= 1


@given(strict_text(), NAMES, st.data())
def test_what_was_inserted_can_be_removed_without_a_trace(text: str, name: str, data: st.DataObject) -> None:
    document = scan(text)
    places = [node for node in nodes(document) if node.kind is Kind.ARRAY and list(document.children(node))]
    if places:
        place = data.draw(st.sampled_from(places))
        longer = scan(document.insert_item(place, "0"))
        *_, last = longer.children(longer.node_at(place.start) or place)
        assert longer.remove(last) == text


# -- layout ----------------------------------------------------------------------------------------------------------

INDENTED = """\
{
  "a": 1, // one
  "b": [
    1,
    2
  ],
  "c": {}
}
"""


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        (("a",), ["{", "  // one", '  "b": [']),
        (("b",), ['  "a": 1, // one', '  "c": {}']),
        (("b", 0), ['  "b": [', "    2"]),
        (("b", 1), ["    1", "  ],"]),
        (("c",), ["    2", "  ]", "}"]),
    ],
    ids=repr,
)
def test_removing_takes_the_line_that_would_be_left_empty(path: tuple[str | int, ...], lines: list[str]) -> None:
    document = scan(INDENTED)
    node = document.find(path)
    assert node is not None
    assert "\n".join(lines) in document.remove(node)


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        ('{"a": 1, "b": 2}', ("a",), '{"b": 2}'),
        ('{"a": 1, "b": 2}', ("b",), '{"a": 1}'),
        ('{"a": 1}', ("a",), "{}"),
        ('{\n  "a": 1\n}', ("a",), "{\n}"),
        ("[1,2,3]", (1,), "[1,3]"),
        ("[ 1 , 2 ]", (0,), "[ 2 ]"),
        ("[1, /* two */ 2]", (1,), "[1 /* two */ ]"),
        ("[1 /* , */, 2]", (0,), "[/* , */ 2]"),
        ('{"a": 1, ……}', ("a",), "{……}"),
        ('{"a": 1，"b": 2}', ("a",), '{"b": 2}'),
        ("[1,\r\n 2\r\n]", (1,), "[1\r\n]"),
        ("[1,]", (0,), "[]"),
    ],
)
def test_removing_keeps_the_layout(text: str, path: tuple[str | int, ...], after: str) -> None:
    document = scan(text)
    node = document.find(path)
    assert node is not None
    assert document.remove(node) == after


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        ("{}", (), '{"k": 0}'),
        ('{"a":1}', (), '{"a":1,"k":0}'),
        ('{"a": 1}', (), '{"a": 1, "k": 0}'),
        ('{"a": 1,"b": 2}', (), '{"a": 1,"b": 2,"k": 0}'),
        ('{ "a" : 1 }', (), '{ "a" : 1, "k" : 0 }'),
        ('{"a":{}}', ("a",), '{"a":{"k":0}}'),
        ('{"a": {}}', ("a",), '{"a": {"k": 0}}'),
        ('{\n\t"a": 1\n}', (), '{\n\t"a": 1,\n\t"k": 0\n}'),
        ('{\r\n  "a": 1\r\n}', (), '{\r\n  "a": 1,\r\n  "k": 0\r\n}'),
        ('{\n  "a": {\n  }\n}', ("a",), '{\n  "a": {\n    "k": 0\n  }\n}'),
        ("{\n}", (), '{\n  "k": 0\n}'),
        ('{\n    "a": {\n    }\n}', ("a",), '{\n    "a": {\n        "k": 0\n    }\n}'),
        ('{\n  "a": 1 // one\n}', (), '{\n  "a": 1, // one\n  "k": 0\n}'),
        ('{\n  "a": 1, // one\n}', (), '{\n  "a": 1, // one\n  "k": 0\n}'),
        ('{\n  "a": 1,\n  ……\n}', (), '{\n  "a": 1,\n  "k": 0\n  ……\n}'),
        ('> {\n>   "a": 1\n> }', (), '> {\n>   "a": 1,\n>   "k": 0\n> }'),
        ('{"a"：1}', (), '{"a"：1,"k":0}'),
    ],
)
def test_a_new_member_is_laid_out_as_the_last_one(text: str, path: tuple[str | int, ...], after: str) -> None:
    document = scan(text)
    node = document.find(path)
    assert node is not None
    assert document.insert_member(node, "k", "0") == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("[]", "[0]"),
        ("[1]", "[1, 0]"),
        ("[1,2]", "[1,2,0]"),
        ("[1, 2]", "[1, 2, 0]"),
        ("[\n  1\n]", "[\n  1,\n  0\n]"),
        ("[1,]", "[1, 0]"),
        ("[1, // one\n]", "[1, 0 // one\n]"),
    ],
)
def test_a_new_item_is_laid_out_as_the_last_one(text: str, after: str) -> None:
    document = scan(text)
    assert document.root is not None
    assert document.insert_item(document.root, "0") == after


def test_a_member_name_is_escaped() -> None:
    document = scan("{}")
    assert document.root is not None
    assert document.insert_member(document.root, 'a"\n', "0") == '{"a\\"\\n": 0}'


@pytest.mark.parametrize("text", ["[]", "1", '"a"', "tru"])
def test_only_an_object_takes_a_member(text: str) -> None:
    document = scan(text)
    assert document.root is not None
    with pytest.raises(EventError, match="only an object has members"):
        document.insert_member(document.root, "a", "0")


@pytest.mark.parametrize("text", ["{}", "1", '"a"', "tru"])
def test_only_an_array_takes_an_item(text: str) -> None:
    document = scan(text)
    assert document.root is not None
    with pytest.raises(EventError, match="only an array has items"):
        document.insert_item(document.root, "0")


def test_the_whole_event_cannot_be_removed_from_itself() -> None:
    document = scan("{}")
    assert document.root is not None
    with pytest.raises(EventError, match="cannot be removed"):
        document.remove(document.root)
