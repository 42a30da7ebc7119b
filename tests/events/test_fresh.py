"""A fresh event is the old one with new identifiers and times; a batch is its records several times over."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.errors import EventError, UsageError
from fgtui.events.catalogue import Catalogue, Template, samples_root
from fgtui.events.fresh import batch, freshen, records_in, with_records
from fgtui.events.opened import decoded_value
from fgtui.events.patterns import matches
from fgtui.events.recognition import recognise
from fgtui.events.text import scan
from fgtui.events.validation import validate
from fgtui.words import say
from tests.events.own_triggers import an_own_trigger

CATALOGUE = Catalogue([samples_root()])
TEMPLATES = [template for trigger in CATALOGUE.triggers for template in trigger.templates]
NOW = datetime(2026, 11, 22, 9, 46, 1, 123456, tzinfo=UTC)


def ids(seed: int = 0) -> Callable[[], str]:
    numbers = count(seed + 1)
    return lambda: str(uuid.UUID(int=next(numbers) * 0x9E3779B97F4A7C15F39CC0605CEDC834 % (1 << 128), version=4))


def fresh(key: str, text: str | None = None, template: str = "default", now: datetime = NOW) -> Any:
    trigger = CATALOGUE.get(key)
    return json.loads(freshen(text or trigger.template(template).text, trigger, now=now, new_id=ids()))


def named(template: Template) -> str:
    return f"{template.trigger}-{template.name}"


def differences(
    old: Any, new: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict) and list(old) == list(new):
        for key in old:
            yield from differences(old[key], new[key], (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, (*path, index))
    elif old != new:
        yield path, old, new


# Fresh


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
@given(
    now=st.datetimes(datetime(2001, 9, 10), datetime(2286, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    seed=st.integers(0, 1 << 40),
)
@settings(max_examples=8)
def test_only_identifiers_and_times_change_and_nothing_else(template: Template, now: datetime, seed: int) -> None:
    trigger = CATALOGUE.get(template.trigger)
    old = template.text
    new = freshen(old, trigger, now=now, new_id=ids(seed))
    assert validate(scan(new), trigger) == ()
    assert recognise(scan(new)) == recognise(scan(old))
    renewal = trigger.rules.renewal
    for path, before, after in differences(decoded_value(old, trigger), decoded_value(new, trigger)):
        assert any(matches(pattern, path) for pattern in (*renewal.ids, *renewal.times)), path
        assert type(before) is type(after)
    kept, changed = scan(old), scan(new)
    assert kept.text.count("\n") == changed.text.count("\n")
    assert freshen(old, trigger, now=now, new_id=ids(seed)) == new


@pytest.mark.parametrize("key", ["smn", "obs", "lts", "cts", "apig", "eventgrid", "iotda", "async-destination", "dds"])
def test_what_a_trigger_calls_its_identifiers_is_renewed(key: str) -> None:
    trigger = CATALOGUE.get(key)
    old = decoded_value(trigger.template().text, trigger)
    new = decoded_value(freshen(trigger.template().text, trigger, now=NOW, new_id=ids()), trigger)
    changed = [path for path, _, _ in differences(old, new)]
    assert any(matches(pattern, path) for pattern in trigger.rules.renewal.ids for path in changed)


def test_identifiers_keep_their_form() -> None:
    new = fresh("obs")["Records"][0]["responseElements"]
    assert new["x-amz-request-id"].isupper()
    assert len(new["x-amz-request-id"]) == 32
    assert new["x-amz-id-2"].isalpha()
    assert uuid.UUID(fresh("smn")["requestId"])
    assert len(fresh("smn")["record"][0]["smn"]["message_id"]) == 32
    assert fresh("geminidb-dynamodb")["records"][0]["event_id"].startswith("00000")


def test_an_identifier_stays_one_wherever_it_stands() -> None:
    new = fresh("eventgrid", template="obs")
    assert new["id"] == new["data"]["responseElements"]["x-obs-request-id"]
    request = json.loads(CATALOGUE.get("apig").template().text)
    request["headers"]["x-trace"] = request["requestContext"]["requestId"]
    new = fresh("apig", json.dumps(request))
    assert new["headers"]["x-trace"] == new["requestContext"]["requestId"] != request["headers"]["x-trace"]


def test_a_short_identifier_is_not_taken_for_other_text() -> None:
    assert fresh("eventgrid", '{"id": "1", "specversion": "1.0", "subject": "1"}')["subject"] == "1"


TIMES = [
    ("smn", "default", "record[0].smn.timestamp", "2026-11-22T09:46:01Z"),
    ("smn", "default", "timestamp", "Sun Nov 22 2026 17:43:37 GMT+0800 (CST)"),
    ("obs", "default", "Records[0].eventTime", "2026-11-22T09:46:01.123Z"),
    ("timer", "default", "time", "2026-11-22T02:46:01-07:00"),
    ("timer", "json-user-event", "time", "2026-11-22T17:46:01+08:00"),
    ("cts", "default", "cts.time", "2026/11/22 17:46:01 GMT+08:00"),
    ("cts", "epoch-ms", "cts.record_time", 1795340761123),
    ("kafka", "default", "event_time", 1795340761),
    ("eventgrid", "obs", "time", "2026-11-22T09:46:01.123456000Z"),
    ("iotda", "default", "event_time", "20261122T094601Z"),
    ("iotda", "default", "event_time_ms", "2026-11-22T09:46:01.123Z"),
    ("async-destination", "failure", "timestamp", "2026-11-22T17:46:01.123456000+08:00"),
]


@pytest.mark.parametrize(("key", "template", "place", "expected"), TIMES)
def test_times_keep_their_format(key: str, template: str, place: str, expected: object) -> None:
    value: Any = fresh(key, template=template)
    for step in place.replace("[0]", ".0").split("."):
        value = value[int(step)] if step.isdecimal() else value[step]
    assert value == expected


def test_times_keep_their_distance() -> None:
    new = fresh("dis", template="typed-records")
    first, second = (record["timestamp"] for record in new["Message"]["records"])
    assert (first, second - first) == (1795340761123, 4)
    assert fresh("eventgrid", template="obs")["data"]["eventTime"] == "2026-11-22T17:46:00.488Z"  # eight hours ahead


def test_encoded_strings_are_reached_and_stay_encoded_as_they_were() -> None:
    for shape in ("default", "objects", "string"):
        inner = json.loads(base64.b64decode(fresh("lts", template=shape)["lts"]["data"]))
        lines = json.loads(inner["logs"]) if isinstance(inner["logs"], str) else inner["logs"]
        line = json.loads(lines[0]) if isinstance(lines[0], str) else lines[0]
        assert line["time"] == 1795340761123
        assert (shape == "default") is isinstance(lines[0], str)
    assert not fresh("dis")["Message"]["next_partition_cursor"].endswith("=")


@pytest.mark.parametrize(
    "text",
    ['{"time": "soon", "trigger_type": "TIMER"}', '{"time": null}', '{"time": ["2006-01-02T15:04:05Z"]}', '{"time": ""}', "[]", "5"],
)  # fmt: skip
def test_what_is_no_time_or_not_there_stays(text: str) -> None:
    assert freshen(text, CATALOGUE.get("timer"), now=NOW, new_id=ids()) == text


def test_a_time_that_cannot_be_written_stays() -> None:
    text = '{"event_time": "20151212T121212Z", "event_time_ms": "9999-12-31T00:00:00Z"}'
    assert fresh("iotda", text)["event_time_ms"] == "9999-12-31T00:00:00Z"


def test_numbers_and_spelling_elsewhere_stay_as_written() -> None:
    text = '{"trigger_type":"TIMER" ,"time":"2006-01-02T15:04:05Z",\n\t"n":1.10,"e":1E400,"u":"\\u00e9","n":-0}'
    new = freshen(text, CATALOGUE.get("timer"), now=NOW, new_id=ids())
    assert new == text.replace("2006-01-02T15:04:05Z", "2026-11-22T09:46:01Z")


def test_a_broken_event_says_what_is_wrong() -> None:
    with pytest.raises(EventError) as caught:
        freshen('{"time": }', CATALOGUE.get("timer"), now=NOW, new_id=ids())
    assert caught.value.line == 1
    assert caught.value.column in {9, 10}


def test_data_that_does_not_decode_stays() -> None:
    text = '{"lts": {"data": "not base64"}}'
    assert freshen(text, CATALOGUE.get("lts"), now=NOW, new_id=ids()) == text


def test_own_triggers_renew_what_their_folder_says(tmp_path: Path) -> None:
    toml = "[fresh]\nids = ['job.id', 'job.number']\ntimes = ['at']\nrecords = ['rows']\nsequences = ['rows[*].n']"
    trigger = an_own_trigger(tmp_path, toml=toml)
    text = '{"job": {"id": "ab-12", "number": 4711}, "at": 1600000000, "rows": [{"n": 1}, {"n": 2}]}'
    new = json.loads(freshen(text, trigger, now=NOW, new_id=ids()))
    assert new["job"]["id"] != "ab-12"
    assert 1000 <= new["job"]["number"] <= 9999
    assert new["at"] == 1795340761
    assert [row["n"] for row in json.loads(batch(text, trigger, 3, new_id=ids()))["rows"]] == [1, 2, 3, 4, 5, 6]


@given(st.text(max_size=40), st.datetimes(timezones=st.just(UTC)))
def test_any_identifier_and_moment_make_json_of_the_same_shape(identifier: str, now: datetime) -> None:
    event = json.loads(CATALOGUE.get("eventgrid").template().text)
    event["id"] = identifier
    new = freshen(json.dumps(event), CATALOGUE.get("eventgrid"), now=now, new_id=ids())
    assert len(json.loads(new)["id"]) == len(identifier)


# Batch

BATCHES = [
    ("smn", "default", lambda event: event["record"]),
    ("dms", "default", lambda event: event["Messages"]),
    ("dms", "snake-case", lambda event: event["messages"]),
    ("obs", "default", lambda event: event["Records"]),
    ("dis", "default", lambda event: event["Message"]["records"]),
    ("dds", "string-fields", lambda event: event["records"]),
    ("kafka", "default", lambda event: event["messages"]),
    ("kafka", "records", lambda event: event["records"]),
    ("gaussdb-mongo", "default", lambda event: event["records"]),
    ("geminidb-dynamodb", "default", lambda event: event["records"]),
    ("eventgrid", "batch", lambda event: event["events"]),
    ("lts", "default", lambda event: event["lts"]["data"]["logs"]),
    ("lts", "objects", lambda event: event["lts"]["data"]["logs"]),
    ("lts", "string", lambda event: event["lts"]["data"]["logs"]),
]


@pytest.mark.parametrize(("key", "template", "records"), BATCHES, ids=[f"{key}-{name}" for key, name, _ in BATCHES])
def test_a_batch_repeats_the_records_and_stays_what_it_was(
    key: str, template: str, records: Callable[[Any], list[Any]]
) -> None:
    trigger = CATALOGUE.get(key)
    text = trigger.template(template).text
    new = batch(text, trigger, 3, new_id=ids())
    before, after = records(decoded_value(text, trigger)), records(decoded_value(new, trigger))
    assert len(after) == 3 * len(before)
    assert after[: len(before)] == before
    assert validate(scan(new), trigger) == ()
    assert recognise(scan(new)) == key


@pytest.mark.parametrize(
    ("key", "template", "identifier"),
    [
        ("smn", "default", lambda record: record["smn"]["message_id"]),
        ("obs", "default", lambda record: record["responseElements"]["x-amz-request-id"]),
        ("dds", "string-fields", lambda record: record["dds"]["full_document"]["_id"]["$oid"]),
        ("geminidb-dynamodb", "default", lambda record: record["event_id"]),
    ],
)
def test_records_of_a_batch_have_identifiers_of_their_own(
    key: str, template: str, identifier: Callable[[Any], str]
) -> None:
    trigger = CATALOGUE.get(key)
    event: Any = decoded_value(batch(trigger.template(template).text, trigger, 20, new_id=ids()), trigger)
    records = event.get("records") or event.get("record") or event.get("Records")
    assert len({identifier(record) for record in records}) == 20


def test_lines_of_a_batch_have_identifiers_of_their_own_in_every_shape() -> None:
    trigger = CATALOGUE.get("lts")
    for shape in ("default", "objects", "string"):
        event: Any = decoded_value(batch(trigger.template(shape).text, trigger, 5, new_id=ids()), trigger)
        lines = event["lts"]["data"]["logs"]
        assert len({line["log_uid"] for line in lines}) == len(lines)


def test_sequence_numbers_go_on_from_record_to_record() -> None:
    dis = json.loads(batch(CATALOGUE.get("dis").template().text, CATALOGUE.get("dis"), 3, new_id=ids()))
    assert [record["sequence_number"] for record in dis["Message"]["records"]] == [str(n) for n in range(12)]
    obs = json.loads(batch(CATALOGUE.get("obs").template().text, CATALOGUE.get("obs"), 20, new_id=ids()))
    numbers = [record["s3"]["object"]["sequencer"] for record in obs["Records"]]
    assert numbers[10] == "000000017D3245A0F1480A5B2000000A"
    assert numbers == sorted(numbers)


def test_an_identifier_shared_within_a_record_stays_shared() -> None:
    trigger = CATALOGUE.get("smn")
    event = json.loads(trigger.template().text)
    event["record"][0]["smn"]["message"] = event["record"][0]["smn"]["message_id"]
    new = json.loads(batch(json.dumps(event), trigger, 3, new_id=ids()))
    assert all(record["smn"]["message"] == record["smn"]["message_id"] for record in new["record"])
    assert new["requestId"] == event["requestId"]


def test_the_layout_of_the_list_is_followed() -> None:
    text = '{"messages":[ "a" , "b" ], "trigger_type": "KAFKA"}'
    assert batch(text, CATALOGUE.get("kafka"), 2, new_id=ids()) == (
        '{"messages":[ "a" , "b", "a" , "b" ], "trigger_type": "KAFKA"}'
    )


def test_once_is_the_event_as_it_is() -> None:
    for template in TEMPLATES:
        trigger = CATALOGUE.get(template.trigger)
        if trigger.rules.renewal.records and (template.trigger, template.name) not in {
            ("eventgrid", "default"),
            ("eventgrid", "obs"),
        }:
            assert batch(template.text, trigger, 1, new_id=ids()) == template.text


@pytest.mark.parametrize("key", ["apig", "timer", "cts", "iotda", "async-destination", "blank"])
def test_an_event_without_records_cannot_be_a_batch(key: str) -> None:
    trigger = CATALOGUE.get(key)
    with pytest.raises(UsageError) as caught:
        batch(trigger.template().text, trigger, 2, new_id=ids())
    assert say(caught.value.message, caught.value.values) == f"an event of {key} has no records to repeat"
    assert caught.value.hint == "send it several times instead"


@pytest.mark.parametrize(
    ("key", "text"),
    [("obs", '{"Records": []}'), ("obs", '{"Records": {}}'), ("obs", "{}"), ("lts", '{"lts": {"data": "e30="}}')],
)
def test_records_that_are_not_there_are_named(key: str, text: str) -> None:
    with pytest.raises(EventError, match="to repeat"):
        batch(text, CATALOGUE.get(key), 2, new_id=ids())


@pytest.mark.parametrize("times", [0, -1])
def test_a_batch_has_something_in_it(times: int) -> None:
    with pytest.raises(UsageError):
        batch(CATALOGUE.get("obs").template().text, CATALOGUE.get("obs"), times, new_id=ids())


def test_a_batch_too_large_to_send_is_refused_before_it_is_made() -> None:
    with pytest.raises(UsageError) as caught:
        batch(CATALOGUE.get("obs").template().text, CATALOGUE.get("obs"), 10**12, new_id=ids())
    assert "64 MiB" in say(caught.value.message, caught.value.values)


def test_a_fresh_batch_is_a_batch_of_fresh_records() -> None:
    trigger = CATALOGUE.get("obs")
    new = freshen(batch(trigger.template().text, trigger, 4, new_id=ids()), trigger, now=NOW, new_id=ids(99))
    records = json.loads(new)["Records"]
    assert len({record["responseElements"]["x-amz-request-id"] for record in records}) == 4
    assert {record["eventTime"] for record in records} == {"2026-11-22T09:46:01.123Z"}


WITH_RECORDS = [trigger.key for trigger in CATALOGUE.triggers if trigger.rules.renewal.records]


@pytest.mark.parametrize("key", WITH_RECORDS)
def test_an_event_has_as_many_records_as_are_asked_for_and_one_again(key: str) -> None:
    trigger = CATALOGUE.get(key)
    text = trigger.template("batch" if key == "eventgrid" else "default").text
    one = with_records(text, trigger, 1, new_id=ids())
    assert records_in(one, trigger).count == 1
    many = with_records(text, trigger, 23, new_id=ids())
    assert records_in(many, trigger).count == 23
    assert with_records(many, trigger, 1, new_id=ids()) == one
    assert with_records(many, trigger, 23, new_id=ids()) == many


@pytest.mark.parametrize("key", WITH_RECORDS)
def test_the_size_is_told_before_the_records_are_there(key: str) -> None:
    trigger = CATALOGUE.get(key)
    text = trigger.template("batch" if key == "eventgrid" else "default").text
    told = records_in(text, trigger).size(500)
    assert told == pytest.approx(len(with_records(text, trigger, 500, new_id=ids())), rel=0.15)


def test_an_event_of_a_trigger_without_records_has_no_number_of_them() -> None:
    with pytest.raises(UsageError, match="has no records"):
        records_in(CATALOGUE.get("apig").template().text, CATALOGUE.get("apig"))
    with pytest.raises(UsageError, match="not 0"):
        with_records(CATALOGUE.get("obs").template().text, CATALOGUE.get("obs"), 0, new_id=ids())
