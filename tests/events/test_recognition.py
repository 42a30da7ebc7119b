"""Recognising an event follows the ordered rules of events.md; an own trigger's rules come first."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.recognition import recognise
from fgtui.events.text import scan
from tests.events.own_triggers import a_trigger_folder

PACKAGED = Catalogue([samples_root()])

RULES = [
    ('{"lts": {}, "cts": {}}', "lts", "lts before cts"),
    ('{"cts": {}, "record": [{"smn": {}}]}', "cts", "cts before smn"),
    ('{"lts": "text"}', "blank", "lts has to be an object"),
    ('{"record": [{}, {"smn": {}}], "Records": [{"s3": {}}]}', "smn", "any element with smn"),
    ('{"Records": [{"s3": {}}]}', "obs", "S3 style"),
    ('{"Records": [{"obs": {}}]}', "obs", "OBS style"),
    ('{"Records": [{}, {"s3": {}}]}', "blank", "only the first record counts"),
    ('{"Records": {"0": {"s3": {}}}}', "blank", "records have to be a list"),
    ('{"ShardID": "0", "Message": {}, "QueueID": "q"}', "dis", "dis before dms"),
    ('{"ShardID": "0", "Message": "text"}', "blank", "the message has to be an object"),
    ('{"QueueID": null, "trigger_type": "TIMER"}', "dms", "dms before timer, whatever the id is"),
    ('{"queue_id": "q"}', "dms", "snake case"),
    ('{"trigger_type": "TIMER"}', "timer", "timer"),
    ('{"trigger_type": "KAFKA"}', "kafka", "kafka"),
    ('{"trigger_type": "ROCKETMQ"}', "rocketmq", "rocketmq"),
    ('{"trigger_type": "RABBITMQ"}', "rabbitmq", "rabbitmq"),
    ('{"trigger_type": "DYNAMODB", "records": [{"dds": {}}]}', "geminidb-dynamodb", "dynamodb before dds"),
    ('{"trigger_type": "timer"}', "blank", "the type as it is spelled"),
    ('{"trigger_type": ["TIMER"]}', "blank", "the type has to be text"),
    ('{"records": [{"dds": {}}]}', "dds", "dds"),
    ('{"records": [{"gauss_mongo": {}}], "request_context": 1, "response_context": 1}', "gaussdb-mongo", "mongo"),
    ('{"request_context": 1, "response_context": 1, "specversion": "1.0"}', "async-destination", "notification"),
    ('{"request_context": 1}', "blank", "a notification needs both contexts"),
    ('{"specversion": "1.0", "notify_data": 1, "resource": 1}', "eventgrid", "eventgrid before iotda"),
    ('{"events": [{"specversion": "1.0"}]}', "eventgrid", "CloudEvents in a list"),
    ('{"events": [{}, {"specversion": "1.0"}]}', "blank", "only the first CloudEvent counts"),
    ('{"notify_data": 1, "resource": 1, "httpMethod": "GET"}', "iotda", "iotda before apig"),
    ('{"notify_data": 1}', "blank", "iotda needs its resource"),
    ('{"httpMethod": "GET"}', "apig", "a request"),
    ('{"headers": {}, "requestContext": {}}', "apig", "a request without its method"),
    ('{"headers": {}, "user_data": ""}', "apig", "an authorizer's call"),
    ('{"headers": {}, "requestContext": {}, "statusCode": 200}', "blank", "a response is no event"),
    ('{"headers": [], "requestContext": {}}', "blank", "headers have to be an object"),
    ('{"headers": {}}', "blank", "headers alone"),
    ('{"trace_name": "a", "service_type": "b", "user": {}}', "blank", "a bare trace is no event"),
    ("[]", "blank", "a list"),
    ("5", "blank", "a number"),
    ("", "blank", "nothing"),
]


@pytest.mark.parametrize(("text", "key"), [(text, key) for text, key, _ in RULES], ids=[why for _, _, why in RULES])
def test_the_first_rule_that_fits_wins(text: str, key: str) -> None:
    assert recognise(scan(text)) == key


@pytest.mark.parametrize(
    ("name", "key"), [("apig", "apig"), ("cts", "cts"), ("timer", "timer"), ("apig-response", "blank")]
)
def test_text_pasted_from_the_guide_is_recognised_though_it_is_no_json(name: str, key: str) -> None:
    text = (Path(__file__).parents[1] / "data" / "pasted" / f"{name}.txt").read_text(encoding="utf-8")
    assert recognise(scan(text)) == key


@pytest.mark.parametrize("template", ["lts", "obs", "dis", "timer", "iotda"])
def test_an_event_is_recognised_before_it_is_finished(template: str) -> None:
    text = PACKAGED.get(template).template().text
    assert recognise(scan(text.rstrip().rstrip("}").rstrip())) == template


def test_of_duplicate_members_the_last_counts() -> None:
    assert recognise(scan('{"trigger_type": "TIMER", "trigger_type": "KAFKA"}')) == "kafka"


def test_own_triggers_are_asked_first_in_the_order_of_their_rules(tmp_path: Path) -> None:
    a_trigger_folder(tmp_path, "late", toml="[recognise]\norder = 2\nany = [{ has = ['trigger_type'] }]")
    a_trigger_folder(tmp_path, "early", toml="[recognise]\norder = 1\nany = [{ has = ['trigger_type', 'shop'] }]")
    catalogue = Catalogue([samples_root(), tmp_path])
    assert recognise(scan('{"trigger_type": "TIMER"}'), catalogue) == "late"
    assert recognise(scan('{"trigger_type": "TIMER", "shop": 1}'), catalogue) == "early"
    assert recognise(scan('{"trigger_type": "TIMER"}')) == "timer"


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("equals = { n = 5 }", '{"n": 5}'),
        ("equals = { n = true }", '{"n": true}'),
        ("types = { n = 'boolean' }", '{"n": false}'),
        ("types = { n = 'null' }", '{"n": null}'),
        ("types = { n = 'number' }", '{"n": 1.5}'),
        ("types = { n = 'string' }", '{"n": ""}'),
        ("types = { 'n[*]' = 'array' }", '{"n": [1, []]}'),
        ("""has = ['"a.b"[1]']""", '{"a.b": [0, 1]}'),
        ("lacks = ['n']", "{}"),
    ],
)
def test_a_rule_can_ask_for_any_scalar_type_and_place(tmp_path: Path, condition: str, text: str) -> None:
    a_trigger_folder(tmp_path, "mine", toml=f"[recognise]\nany = [{{ {condition} }}]")
    catalogue = Catalogue([tmp_path])
    assert recognise(scan(text), catalogue) == "mine"
    assert recognise(scan('{"n": 1}'), catalogue) == "blank" or "number" in condition


def test_a_truth_value_is_no_number(tmp_path: Path) -> None:
    a_trigger_folder(tmp_path, "mine", toml="[recognise]\nany = [{ equals = { n = 1 } }]")
    assert recognise(scan('{"n": true}'), Catalogue([tmp_path])) == "blank"


@given(st.text(alphabet='{}[]":,\\ aRrecods3lt01-.tuefn\n/', max_size=60))
def test_any_text_is_recognised_as_something(text: str) -> None:
    assert PACKAGED.get(recognise(scan(text), PACKAGED))
