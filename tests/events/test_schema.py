"""A schema answers for any place; an odd or hostile one gives an answer too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.model import Path
from fgtui.events.patterns import parse_pattern
from fgtui.events.schema import FieldInfo, describe, found, members, reader, view_of
from fgtui.events.text import scan
from tests.events.documented_fields import ANY_TYPE, FIELDS

CATALOGUE = Catalogue([samples_root()])


def described(key: str, place: str, template: str = "default") -> FieldInfo:
    trigger = CATALOGUE.get(key)
    return describe(trigger.schema, path_of(place), reader(scan(trigger.template(template).text)))


def path_of(place: str) -> Path:
    steps = parse_pattern(place)
    assert None not in steps
    return tuple(step for step in steps if step is not None)


def nothing(path: Path) -> object:
    return None


def test_every_trigger_has_its_documented_fields_listed() -> None:
    assert {key for key, _ in FIELDS} == {trigger.key for trigger in CATALOGUE.triggers}


@pytest.mark.parametrize(("key", "template"), FIELDS, ids=[" ".join(each) for each in FIELDS])
def test_every_documented_field_is_described_with_its_type(key: str, template: str) -> None:
    for place in FIELDS[key, template].split():
        info = described(key, place, template)
        assert info.known, place
        assert info.description.endswith((".", ")")), place
        assert info.type or place in ANY_TYPE, place


def test_a_field_nobody_documented_is_not_known() -> None:
    info = described("obs", "Records[0].s3.bucket.colour")
    assert (info.known, info.description, info.type, info.allowed, info.encoding) == (False, "", "", (), None)


@pytest.mark.parametrize(
    ("key", "place", "allowed"),
    [
        ("apig", "httpMethod", ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")),
        ("timer", "trigger_type", ("TIMER",)),
        ("iotda", "event", ("report",)),
        ("smn", "record[0].smn.subject", ()),
    ],
)
def test_allowed_values_are_listed(key: str, place: str, allowed: tuple[object, ...]) -> None:
    assert described(key, place).allowed == allowed


ENCODINGS = [
    ("apig", "default", "body", True, "application/json"),
    ("apig", "plain-body", "body", False, "application/json"),
    ("apig", "empty-body", "body", True, None),
    ("obs", "default", "Records[0].s3.object.key", False, "application/x-www-form-urlencoded"),
    ("obs", "v3", "Records[0].obs.object.key", False, "application/x-www-form-urlencoded"),
    ("dis", "default", "Message.records[0].data", True, None),
    ("dis", "default", "Message.next_partition_cursor", True, "application/json"),
    ("lts", "default", "lts.data", True, "application/json"),
    ("lts", "string", "lts.data.logs", False, "application/json"),
    ("timer", "default", "user_event", False, "application/json"),
    ("dds", "string-fields", "records[0].dds.token", False, "application/json"),
    ("gaussdb-mongo", "default", "vernier", False, "application/json"),
    ("async-destination", "failure", "response_payload", False, "application/json"),
    ("geminidb-dynamodb", "default", "records[0].new_image.Plot.B", True, None),
]


@pytest.mark.parametrize(("key", "template", "place", "base64", "media"), ENCODINGS)
def test_encodings_are_told_in_standard_words(
    key: str, template: str, place: str, base64: bool, media: str | None
) -> None:
    encoding = described(key, place, template).encoding
    assert encoding is not None
    assert (encoding.base64, encoding.media_type) == (base64, media)


def test_a_plain_string_has_no_encoding() -> None:
    assert described("smn", "record[0].smn.subject").encoding is None


def test_a_body_that_is_a_whole_form_is_left_as_it_is() -> None:
    text = '{"headers": {"content-type": "application/x-www-form-urlencoded"}, "body": "a=b", "isBase64Encoded": false}'
    info = describe(CATALOGUE.get("apig").schema, ("body",), reader(scan(text)))
    assert info.encoding is None  # a whole form is not the encoding of one value


def test_the_schema_of_decoded_content_stands_alone() -> None:
    """Its references need nothing of the schema it was taken from, so it can be described by itself."""
    encoding = described("lts", "lts.data").encoding
    assert encoding is not None
    assert encoding.schema is not None
    assert encoding.schema["type"] == "object"
    assert describe(encoding.schema, ("logs", 0, "message"), nothing).description == "Text of the line."
    inner = describe(encoding.schema, ("logs",), nothing).encoding
    assert inner is not None
    assert inner.schema is not None
    assert describe(inner.schema, (0, "time"), nothing).type == "integer"


@pytest.mark.parametrize(
    ("text", "required"),
    [('{"topic_id": "t"}', ("messages", True)), ('{"topic_id": "t"}', ("records", False)), ("{}", ("records", True))],
)
def test_what_is_required_follows_the_variant(text: str, required: tuple[str, bool]) -> None:
    name, expected = required
    assert describe(CATALOGUE.get("kafka").schema, (name,), reader(scan(text))).required is expected


def test_the_root_is_described_too() -> None:
    info = describe(CATALOGUE.get("cts").schema, (), nothing)
    assert (info.type, info.known, info.required) == ("object", True, False)


def test_members_are_named_for_suggestions() -> None:
    schema = CATALOGUE.get("dis").schema
    assert members(schema, (), nothing) == ("ShardID", "StreamName", "Tag", "Message")
    assert members(schema, ("Message", "next_partition_cursor"), nothing) == ()
    assert "partition_key" in members(schema, ("Message", "records", 3), nothing)


SHAPES: list[tuple[str, dict[str, Any], Path, str]] = [
    ("reference", {"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"x": {"type": "null"}}}}}, ("x",), "null"),
    ("escaped reference", {"$ref": "#/$defs/a~1b%20c", "$defs": {"a/b c": {"type": "null"}}}, (), "null"),
    ("reference into a list", {"$ref": "#/allOf/1", "allOf": [{}, {"type": "null"}]}, (), "null"),
    ("pattern", {"patternProperties": {"^x-": {"type": "null"}}}, ("x-y",), "null"),
    ("regular expression", {"patternProperties": {"^x+$": {"type": "null"}}}, ("xxx",), "null"),
    ("other members", {"properties": {"a": {}}, "additionalProperties": {"type": "null"}}, ("b",), "null"),
    ("not for named ones", {"properties": {"a": {}}, "additionalProperties": {"type": "null"}}, ("a",), ""),
    ("unevaluated", {"unevaluatedProperties": {"type": "null"}}, ("b",), "null"),
    ("prefix", {"prefixItems": [{}, {"type": "null"}], "items": {"type": "string"}}, (1,), "null"),
    ("items", {"prefixItems": [{}, {"type": "null"}], "items": {"type": "string"}}, (2,), "string"),
    ("all", {"allOf": [{}, {"properties": {"a": {"type": "null"}}}]}, ("a",), "null"),
    ("any that fits", {"anyOf": [{"type": "string"}, {"type": "object", "title": "x"}]}, (), "object"),
    ("none that fits", {"oneOf": [{"type": "null"}, {"type": "string"}]}, (), "null"),
    ("dependent", {"dependentSchemas": {"flag": {"properties": {"a": {"type": "null"}}}}}, ("a",), "null"),
    ("types", {"type": ["object", "null"]}, (), "object or null"),
    ("content", {"contentSchema": {"properties": {"a": {"type": "null"}}}}, ("a",), "null"),
]


@pytest.mark.parametrize(("schema", "path", "words"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES])
def test_every_way_to_say_something_about_a_place_is_understood(schema: dict[str, Any], path: Path, words: str) -> None:
    assert describe(schema, path, reader(scan('{"flag": true}'))).type == words


CONDITIONS: list[tuple[dict[str, Any], bool]] = [
    ({"properties": {"n": {"const": 1}}}, True),
    ({"properties": {"n": {"const": True}}}, False),
    ({"properties": {"n": {"enum": [3, 1]}}}, True),
    ({"properties": {"n": {"type": "integer"}}}, True),
    ({"properties": {"n": {"type": ["string", "null"]}}}, False),
    ({"properties": {"f": {"type": "integer"}}}, False),
    ({"properties": {"f": {"type": "number"}}}, True),
    ({"properties": {"t": {"const": True}}}, True),
    ({"properties": {"s": {"pattern": "^ab"}}}, True),
    ({"properties": {"s": {"pattern": "^b"}}}, False),
    ({"properties": {"s": {"pattern": "b?c$"}}}, True),
    ({"properties": {"l": {"type": "array"}}}, True),
    ({"properties": {"o": {"required": ["x"]}}}, True),
    ({"properties": {"absent": False}}, True),
    ({"required": ["n", "absent"]}, False),
    ({"not": {"required": ["absent"]}}, True),
    ({"anyOf": [{"required": ["absent"]}, {"required": ["n"]}]}, True),
    ({"allOf": [{"required": ["absent"]}, {"required": ["n"]}]}, False),
    ({"$ref": "#/$defs/has_n"}, True),
    ({"minProperties": 100}, True),
]


@pytest.mark.parametrize(("condition", "holds"), CONDITIONS)
def test_conditions_are_weighed_on_what_stands_beside(condition: dict[str, Any], holds: bool) -> None:
    schema = {
        "if": condition,
        "then": {"title": "then"},
        "else": {"type": "null"},
        "$defs": {"has_n": {"required": ["n"]}},
    }
    text = '{"n": 1, "f": 1.5, "t": true, "s": "abc", "l": [1], "o": {"x": {}}}'
    assert (describe(schema, (), reader(scan(text))).type == "") is holds


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("b", "abc", True),
        ("^abc$", "abc", True),
        ("^abc$", "abcd", False),
        ("c$", "abc", True),
        ("(", "(", False),
        ("a.c", "\ud800", False),
        (r"\u{61}|a", "a", True),
        ("^(a+)+$", "a" * 5000 + "b", False),
    ],
)
def test_patterns_never_run_away(pattern: str, text: str, expected: bool) -> None:
    assert found(pattern, text) is expected


def a_ladder(rungs: int) -> dict[str, Any]:
    """Two references a rung: what applies to one value doubles with each."""
    rung = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2, "title": str(n)} for n in range(rungs)}
    return {"$ref": "#/$defs/d0", "$defs": {**rung, f"d{rungs}": {"type": "string"}}}


HOSTILE: dict[str, Any] = {
    "refers to itself": {"$ref": "#"},
    "refers in a circle": {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
    "content in a circle": {"contentSchema": {"$ref": "#/$defs/a"}, "$defs": {"a": {"$ref": "#/$defs/a"}}, "contentMediaType": "x"},
    "condition in a circle": {"if": {"$ref": "#"}, "then": {"type": "null"}},
    "not in a circle": {"if": {"not": {"$ref": "#/if"}}, "then": {}},
    "doubles": a_ladder(40),
    "doubles in a condition": {"if": a_ladder(40), "then": {}, "$defs": a_ladder(40)["$defs"]},
    "elsewhere": {"$ref": "http://example.com/schema"},
    "a file": {"$ref": "file:///etc/passwd"},
    "nowhere": {"$ref": "#/$defs/none"},
    "wrong types": {"properties": 5, "items": "x", "required": {}, "allOf": {"a": 1}, "enum": "abc", "type": 7, "description": [], "$ref": 5, "patternProperties": [1], "prefixItems": 1, "dependentSchemas": "x", "examples": 9, "contentEncoding": [], "contentSchema": 5, "if": 1, "then": 2, "$defs": 3},
    "wrong inside": {"properties": {"a": 5}, "allOf": [1, None], "anyOf": [True, False], "oneOf": [[]], "enum": [{}], "required": [1, {}], "patternProperties": {"(": {}, "[": 5}},
    "no schema": {"properties": {"a": False}, "additionalProperties": False},
}  # fmt: skip


@pytest.mark.parametrize("schema", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", [(), ("a",), ("a", 0, "b"), (0,), ("x",) * 5000], ids=len)
def test_an_odd_schema_gives_an_answer(schema: dict[str, Any], path: Path) -> None:
    info = describe(schema, path, reader(scan('{"a": [{"b": "text"}], "x": {"x": 1}}')))
    assert isinstance(info.description, str)
    assert isinstance(members(schema, path, nothing), tuple)
    assert isinstance(view_of(schema).leads_to_content, frozenset)
    assert view_of(schema).weight >= 1


def test_a_schema_that_multiplies_itself_is_heavy() -> None:
    assert view_of(a_ladder(3)).weight == 30
    assert view_of(a_ladder(60)).weight >= 1_000_000


@pytest.mark.parametrize("trigger", CATALOGUE.triggers, ids=lambda trigger: trigger.key)
def test_packaged_schemas_are_light(trigger: Any) -> None:
    assert view_of(trigger.schema).weight < 100


keywords = st.sampled_from(
    ["properties", "items", "prefixItems", "allOf", "anyOf", "oneOf", "if", "then", "else", "not", "$ref", "$defs", "a",
     "required", "type", "enum", "const", "patternProperties", "additionalProperties", "dependentSchemas", "description",
     "contentEncoding", "contentMediaType", "contentSchema", "examples", "pattern", "unevaluatedProperties"]
)  # fmt: skip
leaves = st.sampled_from(["#", "#/$defs/a", "#/allOf/0", "a", "string", "base64", "^a", "(", 0, 1.5, True, None])
schemas = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keywords, inner, max_size=4), max_leaves=25
)


@given(
    st.dictionaries(keywords, schemas, max_size=6), st.lists(st.sampled_from(["a", "b", 0, 2]), max_size=4).map(tuple)
)
@settings(max_examples=80)
def test_no_schema_raises(schema: dict[str, Any], path: Path) -> None:
    info = describe(schema, path, reader(scan('{"a": {"a": ["a", 1]}, "b": null}')))
    json.dumps([info.description, info.type, info.meanings])
    assert view_of(schema).weight >= 1


def test_of_a_schema_that_takes_any_document_no_place_is_strange() -> None:
    free = {"properties": {"key": {"description": "one of many"}}}
    assert describe(free, ("order",), lambda _: None).known
    assert not describe({"type": "object", **free}, ("order",), lambda _: None).known
    assert not describe({}, ("order",), lambda _: None).known
