"""The schema library gets what it can bear: huge and deep events, and whatever a person calls a schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.model import Problem
from fgtui.events.text import scan
from fgtui.events.validation import validate
from fgtui.words import say
from tests.events.own_triggers import a_trigger_folder, an_own_trigger
from tests.events.test_schema import HOSTILE, a_ladder

PACKAGED = Catalogue([samples_root()])


def codes(found: tuple[Problem, ...]) -> set[str]:
    return {each.code for each in found}


def in_words(found: tuple[Problem, ...]) -> list[str]:
    return [say(each.message, each.values) for each in found]


@pytest.mark.parametrize("key", ["blank", "geminidb-dynamodb", "obs", "lts"])
def test_an_event_too_deep_to_check_is_told_so(key: str) -> None:
    text = '{"records": [{"keys": {"a": ' + '{"L": [' * 50_000 + "]}" * 50_000 + "}}]}"
    found = validate(scan(text), PACKAGED.get(key))
    assert "too-deep" in codes(found)
    assert codes(found) <= {"too-deep", "event-over-256-kib"}


def test_a_huge_event_that_is_all_right_has_no_problem_but_its_size() -> None:
    event = json.loads(PACKAGED.get("kafka").template().text)
    event["messages"] = ["abc"] * 200_000
    assert codes(validate(scan(json.dumps(event)), PACKAGED.get("kafka"))) == {"event-over-256-kib"}


def test_a_huge_event_that_is_all_wrong_is_told_of_some() -> None:
    event = json.loads(PACKAGED.get("kafka").template().text)
    event["messages"] = [5] * 200_000
    found = validate(scan(json.dumps(event)), PACKAGED.get("kafka"))
    assert found[1].path == ("messages", 0)
    assert codes(found) == {"event-over-256-kib", "schema-type", "more-problems"}


def test_one_wrong_value_far_into_a_huge_event_is_found() -> None:
    event = json.loads(PACKAGED.get("kafka").template().text)
    event["messages"] = ["abc"] * 100_000
    event["messages"][90_000] = 5
    found = validate(scan(json.dumps(event)), PACKAGED.get("kafka"))
    assert [each.path for each in found if each.code == "schema-type"] == [("messages", 90_000)]
    assert "checked-partly" in codes(found)


def test_a_huge_object_is_searched_once() -> None:
    event = json.loads(PACKAGED.get("apig").template().text)
    event["headers"] = {f"h{number}": number for number in range(60_000)}
    found = validate(scan(json.dumps(event)), PACKAGED.get("apig"))
    assert [each.path for each in found if each.code == "schema-type"][:2] == [("headers", "h0"), ("headers", "h1")]


def test_leaving_items_out_makes_no_problem_of_its_own(tmp_path: Path) -> None:
    schema = {"properties": {"list": {"minItems": 5000, "contains": {"const": 9}, "items": {"type": "integer"}}}}
    trigger = an_own_trigger(tmp_path, schema)
    text = json.dumps({"list": [1] * 60_000 + ["x", 9]})
    found = validate(scan(text), trigger)
    assert [each.path for each in found if each.code == "schema-type"] == [("list", 60_000)]
    assert codes(found) == {"schema-type", "checked-partly"}


def test_numbers_without_bounds_are_checked(tmp_path: Path) -> None:
    trigger = an_own_trigger(tmp_path, {"items": {"type": "number", "minimum": 0}})
    text = f"[1E400, {'9' * 6000}, 0.{'0' * 500}1, -1E999]"
    assert [each.path for each in validate(scan(text), trigger) if each.code.startswith("schema")] == [(3,)]


UNUSABLE: dict[str, tuple[Any, str]] = {
    "wrong type": (
        {"properties": {"a": {"type": 5}}},
        "what stands at properties.a.type is not what JSON Schema allows",
    ),
    "pattern": ({"properties": {"a": {"pattern": "("}}}, "what stands at properties.a.pattern is not what JSON Schema"),
    "nowhere": ({"$ref": "#/$defs/none"}, "it refers to something that is not in the file"),
    "an address": ({"$ref": "http://127.0.0.1:9/schema"}, "it refers to something that is not in the file"),
    "a file": ({"$ref": "file:///etc/passwd"}, "it refers to something that is not in the file"),
    "a neighbour": ({"$ref": "other.json"}, "it refers to something that is not in the file"),
    "multiplies": (a_ladder(30), "it applies more than 10000 schemas to one value"),
    "surrogate": ('{"description": "\\ud800"}', "it is nested too deep, or holds text that is no Unicode"),
    "deep": ('{"not":' * 5000 + "{}" + "}" * 5000, "it is nested too deep, or holds text that is no Unicode"),
    "no json": ("{", ""),
}


@pytest.mark.parametrize(("schema", "words"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_schema_that_cannot_be_used_is_one_warning_that_names_the_file(
    tmp_path: Path, schema: Any, words: str
) -> None:
    trigger = an_own_trigger(tmp_path, schema)
    (problem,) = validate(scan('{"a": 1}'), trigger)
    assert (problem.severity.value, problem.code) == ("warning", "schema-unusable")
    said = str(problem.values["reason"])
    assert said.startswith(str(trigger.folder / "schema.json"))
    assert words in said


def test_a_reference_to_a_file_beside_it_reads_nothing(tmp_path: Path) -> None:
    folder = a_trigger_folder(tmp_path, "mine", schema={"$ref": f"file://{tmp_path}/mine/default.json"})
    (folder / "default.json").write_text('{"type": "object"}')
    assert codes(validate(scan("5"), Catalogue([tmp_path]).get("mine"))) == {"schema-unusable"}


@pytest.mark.parametrize("schema", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_schema_gives_an_answer(tmp_path: Path, schema: Any) -> None:
    trigger = an_own_trigger(tmp_path, schema)
    for problem in validate(scan('{"a": [{"b": "text"}], "x": "y"}'), trigger):
        assert say(problem.message, problem.values)


def test_formats_are_never_asserted(tmp_path: Path) -> None:
    trigger = an_own_trigger(tmp_path, {"properties": {"at": {"type": "string", "format": "date-time"}}})
    assert validate(scan('{"at": "soon"}'), trigger) == ()


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
    ({"contains": {"const": 1}}, "[2]", "the event lacks an item that has to be there"),
    ({"not": {"type": "string"}}, '"a"', "the event is what it may not be"),
    ({"properties": {"a": False}}, '{"a": 1}', "a may not be there"),
    ({"prefixItems": [{}], "items": False}, "[1, 2]", "[1] may not be there"),
    ({"prefixItems": [{}], "unevaluatedItems": False}, "[1, 2]", "the event has items beyond those it may have"),
    (
        {"oneOf": [{"type": "integer"}, {"minimum": 1}]},
        "5",
        "the event fits several forms of which it may fit only one",
    ),
    ({"oneOf": [{"type": "string"}, {"minimum": 9}]}, "5", "the event is not as the schema wants it"),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "5", "the event is not as the schema wants it"),
    ({"enum": [1, "a", None, {"b": 1}]}, "5", 'the event is 5, which is none of 1, "a", null, an object'),
    ({"enum": list(range(20))}, '"x"', 'the event is "x", which is none of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …'),
    ({"const": [1]}, "{}", "the event must be a list, not an object"),
    ({"anyOf": [{"const": 1}, {"const": 2}]}, "5", "the event is 5, which is none of 1, 2"),
    ({"type": ["boolean", "null", "array"]}, "5", "the event must be a list or true or false or null, not a number"),
    ({"propertyNames": {"pattern": "^x"}}, '{"a": 1}', 'the event has a member whose name is not allowed: "a"'),
    ({"dependentRequired": {"a": ["b", "c"]}}, '{"a": 1}', "the event lacks b, c"),
    ({"unevaluatedProperties": False}, '{"a": 1}', "a is not a field that is known of"),
]


@pytest.mark.parametrize(("schema", "text", "words"), KINDS, ids=[json.dumps(each[0])[:40] for each in KINDS])
def test_every_keyword_speaks_our_words(tmp_path: Path, schema: dict[str, Any], text: str, words: str) -> None:
    found = validate(scan(text), an_own_trigger(tmp_path, schema))
    assert in_words(found) == [words]
    assert all(say(each.hint, each.values) is not None for each in found)
