"""Every finding of the schema library is said in our words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fgtui.events.complaints import complaints
from fgtui.events.text import scan
from fgtui.events.validation import validate
from fgtui.words import say
from tests.events.own_triggers import an_own_trigger

KINDS: list[tuple[dict[str, Any], str, str]] = [
    ({"minimum": 3}, "1", "the event is 1; the least is 3"),
    ({"maximum": 3}, "4.5", "the event is 4.5; the most is 3"),
    ({"exclusiveMinimum": 3}, "3", "the event is 3; it must be more than 3"),
    ({"exclusiveMaximum": 3}, "3", "the event is 3; it must be less than 3"),
    ({"multipleOf": 3}, "4", "the event is 4, which is no multiple of 3"),
    ({"minLength": 3}, '"a"', "the event must have at least 3 characters"),
    ({"maxLength": 1}, '"ab"', "the event may have at most 1 character"),
    ({"minItems": 2}, "[]", "the event must have at least 2 items"),
    ({"maxItems": 1}, "[1, 2]", "the event may have at most 1 item"),
    ({"minProperties": 1}, "{}", "the event must have at least 1 member"),
    ({"maxProperties": 1}, '{"a": 1, "b": 2}', "the event may have at most 1 member"),
    ({"pattern": "^a[0-9]$"}, '"b"', "the event does not match ^a[0-9]$"),
    ({"uniqueItems": True}, "[1, 1]", "the event holds the same item twice"),
    ({"contains": {"const": 1}}, "[2]", "the event lacks a required item"),
    ({"not": {"type": "string"}}, '"a"', "the event has a value that the schema rules out"),
    ({"properties": {"a": False}}, '{"a": 1}', "a is not allowed here"),
    ({"prefixItems": [{}], "items": False}, "[1, 2]", "[1] is not allowed here"),
    ({"prefixItems": [{}], "unevaluatedItems": False}, "[1, 2]", "the event has items beyond those it may have"),
    (
        {"oneOf": [{"type": "integer"}, {"minimum": 1}]},
        "5",
        "the event fits several alternatives of the schema, and may fit only one",
    ),
    ({"oneOf": [{"type": "string"}, {"minimum": 9}]}, "5", "the event does not fit the schema"),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "5", "the event does not fit the schema"),
    ({"enum": [1, "a", None, {"b": 1}]}, "5", 'the event is 5, which is none of 1, "a", null, an object'),
    ({"enum": list(range(20))}, '"x"', 'the event is "x", which is none of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …'),
    ({"const": [1]}, "{}", "the event must be a list, not an object"),
    ({"anyOf": [{"const": 1}, {"const": 2}]}, "5", "the event is 5, which is none of 1, 2"),
    ({"type": ["boolean", "null", "array"]}, "5", "the event must be a list or true or false or null, not a number"),
    ({"propertyNames": {"pattern": "^x"}}, '{"a": 1}', 'the event has a member whose name is not allowed: "a"'),
    ({"dependentRequired": {"a": ["b", "c"]}}, '{"a": 1}', "the event lacks b, c"),
    ({"unevaluatedProperties": False}, '{"a": 1}', "a is not a known field"),
]


@pytest.mark.parametrize(("schema", "text", "words"), KINDS, ids=[json.dumps(each[0])[:40] for each in KINDS])
def test_every_keyword_speaks_our_words(tmp_path: Path, schema: dict[str, Any], text: str, words: str) -> None:
    found = validate(scan(text), an_own_trigger(tmp_path, schema))
    assert [say(each.message, each.values) for each in found] == [words]
    assert all(say(each.hint, each.values) is not None for each in found)


def test_a_finding_of_a_kind_to_come_has_words_too() -> None:
    class Unheard:
        """A keyword of a later version."""

        __match_args__ = ()

    class Finding:
        instance_path = ("a", 0)
        instance = 5
        kind = Unheard()

    (complaint,) = complaints([Finding()])
    assert (complaint.code, complaint.path) == ("schema-unheard", ("a", 0))
    assert complaint.message == "{place} does not fit the schema"
