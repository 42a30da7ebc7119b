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


@pytest.mark.parametrize(
    ("key", "depth"), [("blank", 5_000), ("geminidb-dynamodb", 50_000), ("obs", 5_000), ("lts", 5_000)]
)
def test_an_event_too_deep_to_check_is_told_so(key: str, depth: int) -> None:
    text = '{"records": [{"keys": {"a": ' + '{"L": [' * depth + "]}" * depth + "}}]}"
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
