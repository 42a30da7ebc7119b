"""Validation names what is odd about an event: where, how bad, and the way out."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.model import Problem, Severity
from fgtui.events.text import scan
from fgtui.events.validation import PROBLEMS_LIMIT, validate
from fgtui.words import say
from tests.events.own_triggers import an_own_trigger

CATALOGUE = Catalogue([samples_root()])
SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}


def event(key: str, template: str = "default") -> Any:
    return json.loads(CATALOGUE.get(key).template(template).text)


def problems(key: str, value: Any, *, asynchronous: bool | None = None) -> tuple[Problem, ...]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    return validate(scan(text), CATALOGUE.get(key), asynchronous=asynchronous)


def in_words(found: tuple[Problem, ...]) -> list[str]:
    return [f"{SEVERITY[each.severity]}: {say(each.message, each.values)}" for each in found]


def words(key: str, value: Any) -> list[str]:
    return in_words(problems(key, value))


def hints(found: tuple[Problem, ...]) -> list[str]:
    return [say(each.hint, each.values) for each in found]


# Schema


def test_a_wrong_type_is_an_error_at_its_value() -> None:
    text = '{\n  "Records": [{"eventVersion": "2.0", "eventTime": "t", "eventName": "ObjectCreated:Put",\n    "s3": {"bucket": {"name": "b"}, "object": {"key": "k",\n      "size": "43"}}}]}'
    (problem,) = problems("obs", text)
    assert (problem.severity, problem.code) == (Severity.ERROR, "schema-type")
    assert problem.path == ("Records", 0, "s3", "object", "size")
    assert (problem.line, problem.column) == (4, 15)
    assert text[problem.start : problem.end] == '"43"'
    assert in_words((problem,)) == ["error: Records[0].s3.object.size must be a whole number, not text"]


def test_an_unknown_field_is_information_at_its_name_with_the_nearest_known_one() -> None:
    value = event("obs")
    value["Records"][0]["s3"]["bucket"]["nam"] = "photos"
    (problem,) = found = problems("obs", value)
    assert problem.severity is Severity.INFO
    assert in_words(found) == ["info: Records[0].s3.bucket.nam is not a known field"]
    assert hints(found) == ["did you mean name?"]
    text = json.dumps(value, indent=1)
    assert text[problem.start : problem.end] == '"nam"'


def test_an_unknown_field_unlike_any_other_has_no_hint() -> None:
    assert hints(problems("timer", {**event("timer"), "zzzz": 1})) == [""]


def test_members_that_are_missing_are_one_warning_for_their_object() -> None:
    value = event("obs")
    del value["Records"][0]["eventTime"], value["Records"][0]["eventVersion"]
    found = problems("obs", value)
    assert in_words(found) == ["warning: Records[0] lacks eventVersion, eventTime"]
    assert (found[0].line, found[0].end - found[0].start) == (3, 1)
    assert hints(found) == ["the service always sends them"]


@pytest.mark.parametrize(
    ("key", "change", "expected"),
    [
        ("apig", {"httpMethod": "get"}, 'error: httpMethod is "get", which is none of "GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"'),
        ("timer", {"trigger_type": "TIMR"}, 'error: trigger_type must be "TIMER", not "TIMR"'),
        ("apig", {"requestContext": None}, "error: requestContext must be an object, not null"),
        ("apig", {"headers": {"n": 5}}, "error: headers.n must be text, not a number"),
        ("iotda", {"event": "update"}, 'error: event must be "report", not "update"'),
        ("obs", {"Records": []}, "error: Records must have at least 1 item"),
        ("smn", {"record": "text"}, "error: record must be a list, not text"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_allowed_says_which_are(key: str, change: dict[str, Any], expected: str) -> None:
    assert words(key, {**event(key), **change}) == [expected]


def test_the_nearest_allowed_value_is_suggested() -> None:
    assert hints(problems("apig", {**event("apig"), "httpMethod": "get"})) == ["did you mean GET?"]


@pytest.mark.parametrize(("key", "text"), [("obs", "[]"), ("timer", "5"), ("lts", '"text"'), ("cts", "null")])
def test_an_event_of_another_kind_is_one_error(key: str, text: str) -> None:
    (problem,) = problems(key, text)
    assert problem.code == "schema-type"
    assert "the event must be an object" in in_words((problem,))[0]


def test_any_json_is_a_custom_event() -> None:
    for text in ("[]", "5", '"text"', "null", '{"a": {"b": []}}'):
        assert problems("blank", text) == ()


def test_a_record_is_held_to_its_own_variant() -> None:
    """An OBS-style record is told of OBS-style members only."""
    value = event("obs", "v3")
    value["Records"][0]["awsRegion"] = value["Records"][0].pop("eventRegion")
    value["Records"][0]["obs"]["s3SchemaVersion"] = "1.0"
    assert words("obs", value) == [
        "info: Records[0].obs.s3SchemaVersion is not a known field",
        "info: Records[0].awsRegion is not a known field",
    ]


def test_layouts_of_kafka_are_told_apart() -> None:
    flat = event("kafka")
    del flat["messages"]
    assert words("kafka", flat) == ["warning: the event lacks messages"]
    assert words("kafka", {"event_version": "v1.0", "event_time": 1, "trigger_type": "KAFKA"}) == [
        "warning: the event lacks records"
    ]


@pytest.mark.parametrize("value", [1, "1576737962", "soon"])
def test_no_time_is_refused(value: Any) -> None:
    for key, place in (("kafka", "event_time"), ("timer", "time"), ("cts", "cts")):
        changed = event(key)
        changed[place] = {**changed["cts"], "time": value, "record_time": value} if key == "cts" else value
        assert [each for each in problems(key, changed) if each.severity is Severity.ERROR] == []


def test_a_lone_surrogate_is_not_in_the_way() -> None:
    text = '{"version": "v1.0", "time": "t", "trigger_type": "\\ud800", "trigger_name": "\\ud800", "user_event": "", "\\udfff": 1}'
    assert [each for each in words("timer", text) if "surrogate" not in each] == [
        'info: "\ufffd" is not a known field',
        'error: trigger_type must be "TIMER", not "\ufffd"',
    ]


def test_of_duplicate_members_the_last_is_checked() -> None:
    text = '{"version": "v1.0", "time": 5, "time": "t", "trigger_type": "TIMER", "trigger_name": "n", "user_event": ""}'
    assert [each.code for each in problems("timer", text)] == ["duplicate-key"]


# Encoded strings


def lts(inner: Any) -> dict[str, Any]:
    data = inner if isinstance(inner, bytes) else json.dumps(inner).encode()
    return {"lts": {"data": base64.b64encode(data).decode()}}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("eyJsb2dz!", "lts.data is not base64: character 9 is !, which is in no base64 alphabet"),
        ("eyJsb2dz=eyJ", "lts.data is not base64: text goes on after the padding"),
        ("eyJsb", "lts.data is not base64: 5 characters, padding included, do not make groups of four"),
        ("", "lts.data holds nothing"),
        (base64.b64encode(b"\xff\xfe").decode(), "lts.data holds bytes that are not UTF-8 text"),
        (base64.b64encode(b'{"logs": [}').decode(), "lts.data holds text that is not JSON: "),
        (base64.b64encode(b'{"logs": [],}').decode(), "lts.data holds text that is not JSON: "),
    ],
)
def test_log_data_that_does_not_decode_says_why(data: str, expected: str) -> None:
    (problem,) = found = problems("lts", {"lts": {"data": data}})
    assert (problem.severity, problem.path) == (Severity.ERROR, ("lts", "data"))
    assert in_words(found)[0].startswith(f"error: {expected}")
    assert problem.hint


def test_text_that_is_no_json_says_where_in_the_decoded_text() -> None:
    found = problems("lts", lts(b'{\n  "logs": [tru]}'))
    assert in_words(found)[0].endswith("(line 2, column 12 of it)")


def test_what_is_wrong_inside_is_told_at_the_string_with_a_path_through_it() -> None:
    value = lts({"logs": [json.dumps({"message": 5, "line": 1})], "ownr": "x"})
    found = problems("lts", value)
    assert in_words(found) == [
        "info: lts.data.ownr is not a known field",
        "error: lts.data.logs[0].message must be text, not a number",
        "info: lts.data.logs[0].line is not a known field",
    ]
    text = json.dumps(value, indent=1)
    assert {text[each.start : each.end] for each in found} == {json.dumps(value["lts"]["data"])}
    assert found[1].path == ("lts", "data", "logs", 0, "message")


@pytest.mark.parametrize("shape", ["default", "objects", "string"])
def test_all_shapes_of_logs_are_looked_into(shape: str) -> None:
    value = event("lts", shape)
    inner = json.loads(base64.b64decode(value["lts"]["data"]))
    lines = json.loads(inner["logs"]) if shape == "string" else inner["logs"]
    line = json.loads(lines[0]) if shape == "default" else lines[0]
    line["line_no"] = "615"
    lines[0] = json.dumps(line) if shape == "default" else line
    inner["logs"] = json.dumps(lines) if shape == "string" else lines
    assert words("lts", lts(inner)) == ["error: lts.data.logs[0].line_no must be a whole number, not text"]


def test_json_strings_of_a_change_are_looked_into() -> None:
    value = event("dds", "string-fields")
    value["records"][0]["dds"].update(token="abc", ns='{"db": 5}', full_document="5")
    assert words("dds", value) == [
        "error: records[0].dds.token holds text that is not JSON: abc is no JSON value (line 1, column 1 of it)",
        "error: records[0].dds.full_document must be an object, not a number",
        "error: records[0].dds.ns.db must be text, not a number",
    ]


@pytest.mark.parametrize("text", ["", "plain", "[urgent] look", "{", "5", "null", "{}", "[1, 2]"])
def test_text_that_is_json_by_convention_only_may_be_anything(text: str) -> None:
    assert problems("timer", {**event("timer"), "user_event": text}) == ()
    assert problems("async-destination", {**event("async-destination"), "response_payload": text}) == ()


def test_records_of_any_bytes_are_fine() -> None:
    value = event("dis")
    value["Message"]["records"][0]["data"] = base64.b64encode(bytes(range(256))).decode()
    value["Message"]["records"][1]["data"] = "not base64"
    (problem,) = problems("dis", value)
    assert (problem.code, problem.path) == ("not-base64", ("Message", "records", 1, "data"))


def test_an_object_key_that_is_not_url_encoded_is_a_warning() -> None:
    value = event("obs")
    value["Records"][0]["s3"]["object"]["key"] = "100% done"
    assert words("obs", value) == [
        "warning: Records[0].s3.object.key is not URL-encoded: the % at character 4 is not followed by two hexadecimal digits"
    ]


def test_strings_are_opened_five_layers_deep_and_no_deeper(tmp_path: Path) -> None:
    schema: dict[str, Any] = {"$ref": "#/$defs/a", "$defs": {"a": {"type": "string", "contentMediaType": "application/json", "contentSchema": {"$ref": "#/$defs/a"}}}}  # fmt: skip
    trigger = an_own_trigger(tmp_path, schema)
    text = "5"
    for _ in range(4):
        text = json.dumps(text)
    assert in_words(validate(scan(text), trigger)) == ["error: the event must be text, not a number"]
    for _ in range(4):
        text = json.dumps(text)
    assert validate(scan(text), trigger) == ()


# isBase64Encoded


@pytest.mark.parametrize(
    ("body", "flag", "expected"),
    [
        ('{"message":"hello"}', True, ["error: body is said to be base64 by isBase64Encoded, but is not base64: character 1 is {, which is in no base64 alphabet"]),
        ("==", True, ["error: body is said to be base64 by isBase64Encoded, but is not base64: 2 characters, padding included, do not make groups of four"]),
        ("", True, []),
        ("eyJtZXNzYWdlIjoiaGVsbG8ifQ==", True, []),
        ("/////w==", True, []),
        ("eyJtZXNzYWdlIjoiaGVsbG8ifQ==", False, ["info: body looks like base64, but isBase64Encoded is false"]),
        ("hello", False, []),
        ("hello", "true", ["error: isBase64Encoded must be true or false, not text"]),
        (5, True, ["error: body must be text, not a number"]),
        ("……", True, ["warning: body holds a placeholder, not a value"]),
        ("……", False, ["warning: body holds a placeholder, not a value"]),
    ],
)  # fmt: skip
def test_the_flag_of_a_body_is_compared_with_the_body(body: Any, flag: Any, expected: list[str]) -> None:
    assert words("apig", {**event("apig"), "body": body, "isBase64Encoded": flag}) == expected


def test_the_way_out_of_a_wrong_flag_is_named() -> None:
    found = problems("apig", {**event("apig"), "body": "{}", "isBase64Encoded": True})
    assert hints(found) == ["encode it, or set isBase64Encoded to false"]
    found = problems("apig", {**event("apig"), "body": "eyJtZXNzYWdlIjoiaGVsbG8ifQ==", "isBase64Encoded": False})
    assert hints(found) == ["set isBase64Encoded to true if it is"]


def test_a_placeholder_is_found_wherever_it_stands() -> None:
    value = event("smn")
    value["record"][0]["smn"]["subject"] = "…"
    value["record"][0]["smn"]["message"] = "and so on …"
    assert words("smn", value) == ["warning: record[0].smn.subject holds a placeholder, not a value"]


# Names of what happened


ALL_CREATED = "ObjectCreated:Put or ObjectCreated:Post or ObjectCreated:Copy or ObjectCreated:CompleteMultipartUpload"


@pytest.mark.parametrize(
    ("name", "expected", "hint"),
    [
        ("s3:ObjectCreated:Put", "s3:ObjectCreated:Put; an event spells it ObjectCreated:Put", "write ObjectCreated:Put"),
        ("Copy", "Copy; an event spells it ObjectCreated:Copy", "write ObjectCreated:Copy"),
        ("ObjectCreated", "ObjectCreated, which stands for several; an event says which one", f"write {ALL_CREATED}"),
        ("s3:ObjectRemoved:*", "s3:ObjectRemoved:*, which stands for several; an event says which one", "write ObjectRemoved:Delete or ObjectRemoved:DeleteMarkerCreated"),
        ("ObjectCreated:Putt", '"ObjectCreated:Putt", which is none of "ObjectCreated:Put"', "did you mean ObjectCreated:Put?"),
        ("renamed", '"renamed", which is none of "ObjectCreated:Put"', ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("template", ["default", "v3"])
def test_a_name_spelled_as_elsewhere_is_one_error_with_the_right_spelling(
    template: str, name: str, expected: str, hint: str
) -> None:
    value = event("obs", template)
    value["Records"][0]["eventName"] = name
    found = problems("obs", value)
    assert len(found) == 1
    assert in_words(found)[0].startswith(f"error: Records[0].eventName is {expected}")
    assert hints(found) == [hint]


def test_names_routed_by_eventgrid_are_checked_too() -> None:
    value = event("eventgrid", "obs")
    value["data"]["eventName"] = "s3:ObjectRemoved:Delete"
    assert words("eventgrid", value) == [
        "error: data.eventName is s3:ObjectRemoved:Delete; an event spells it ObjectRemoved:Delete"
    ]


# Size


def padded(size: int, ends: str = '{"key": ""}') -> str:
    text = ends.replace('""', f'"{"x" * (size - len(ends))}"')
    assert len(text.encode()) == size
    return text


KIB, MIB = 1024, 1024 * 1024


@pytest.mark.parametrize(
    ("size", "asynchronous", "expected"),
    [
        (256 * KIB, True, []),
        (256 * KIB + 1, True, [("warning", "event-over-256-kib")]),
        (256 * KIB + 1, None, [("info", "event-over-256-kib")]),
        (256 * KIB + 1, False, [("info", "event-over-256-kib")]),
        (6 * MIB, False, [("info", "event-over-256-kib")]),
        (6 * MIB + 1, False, [("warning", "event-over-6-mib")]),
        (6 * MIB + 1, True, [("warning", "event-over-6-mib")]),
    ],
)
def test_size_is_compared_with_what_the_service_takes(
    size: int, asynchronous: bool | None, expected: list[tuple[str, str]]
) -> None:
    found = problems("blank", padded(size), asynchronous=asynchronous)
    assert [(each.severity.value, each.code) for each in found] == expected


def test_an_event_beyond_what_can_be_sent_is_an_error() -> None:
    (problem,) = problems("blank", padded(64 * MIB + 1))
    assert (problem.severity, problem.code) == (Severity.ERROR, "event-too-large")
    assert in_words((problem,)) == ["error: the event has 67108865 bytes; at most 67108864 can be sent"]


def test_the_trigger_says_how_it_calls() -> None:
    value = event("smn")
    value["record"][0]["smn"]["message"] = "x" * 300_000
    assert [each.code for each in problems("smn", value)] == ["event-over-256-kib"]
    assert problems("smn", value)[0].severity is Severity.WARNING
    assert problems("smn", value, asynchronous=False) == ()


def test_size_is_counted_in_bytes_of_what_is_sent() -> None:
    assert problems("blank", '{"key": "' + "文" * 87_377 + '"}', asynchronous=True) == ()
    assert [each.code for each in problems("blank", '{"key": "' + "文" * 87_378 + '"}', asynchronous=True)] == [
        "event-over-256-kib"
    ]
    comment = "//" + "文" * 100_000 + "\n"
    assert [each.code for each in problems("blank", comment + "{}", asynchronous=True)] == ["comment"]


# Text that is no JSON


def test_an_event_that_is_no_json_is_not_held_against_the_schema() -> None:
    assert [each.code for each in problems("obs", '{"Records": [{"s3": true|false}]}')] == ["alternatives"]


def test_text_pasted_from_the_guide_is_told_apart() -> None:
    text = (Path(__file__).parents[1] / "data" / "pasted" / "apig.txt").read_text(encoding="utf-8")
    codes = [each.code for each in problems("apig", text)]
    assert codes.count("comment") == 8
    assert [code for code in codes if code != "comment"] == ["elision", "placeholder", "alternatives", "trailing-comma"]


def test_problems_come_in_order_of_position() -> None:
    text = '{\n// one\n"zzz": 1, "record": 5, "requestId": 6, "timestamp": "……"}'
    found = problems("smn", text)
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert len(found) == 5


def test_the_list_of_problems_has_an_end() -> None:
    value = {**event("kafka"), "messages": [5] * 500}
    found = problems("kafka", value)
    assert len(found) == PROBLEMS_LIMIT + 1
    assert (found[-1].code, found[-1].severity) == ("more-problems", Severity.INFO)
    assert (
        words("smn", '{"record": [], "a": [' + '"…",' * 300 + '"…"]}')[-1]
        == "info: there are more problems than the 100 listed"
    )


@given(st.text(alphabet='{}[]":,\\ Records0s3objktyeTu…/\n', max_size=80), st.sampled_from(CATALOGUE.triggers))
def test_no_text_raises(text: str, trigger: Any) -> None:
    for problem in validate(scan(text), trigger):
        assert say(problem.message, problem.values)
        say(problem.hint, problem.values)
        assert 0 <= problem.start <= problem.end <= len(text)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["Records", "s3", "data", "lts", "body", "isBase64Encoded", "headers", "eventName", "records", "Message"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(values, st.sampled_from(CATALOGUE.triggers))
def test_no_value_raises(value: Any, trigger: Any) -> None:
    for problem in validate(scan(json.dumps(value)), trigger):
        assert say(problem.message, problem.values)
        say(problem.hint, problem.values)
