"""Events inside events: written as each carrier writes them, given back character by character."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from fgtui.errors import EventError, UsageError
from fgtui.events.catalogue import BLANK, Catalogue, samples_root
from fgtui.events.chains import (
    carried,
    carried_at,
    carriers,
    carrying_place,
    carrying_templates,
    problems_of,
    template_for,
    unwrap,
    usual_inner,
    wrap,
)
from fgtui.events.fields import decode, encode
from fgtui.events.layout import compact
from fgtui.events.path import format_path
from fgtui.events.recognition import recognise
from fgtui.events.text import scan
from fgtui.events.validation import validate
from fgtui.words import say
from tests.events.encoded_text import EVENTS
from tests.events.json_text import strict_text
from tests.events.own_triggers import a_trigger_folder

CATALOGUE = Catalogue([samples_root()])
CARRIERS = [(trigger.key, template.name) for trigger in carriers(CATALOGUE) for template in carrying_templates(trigger)]
OBS = CATALOGUE.get("obs").template().text


def ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"00000000-0000-4000-8000-{next(numbers):012}"


def wrapped(key: str, *events: str, template: str | None = None) -> str:
    carrier = CATALOGUE.get(key)
    chosen = carrier.template(template or "default")
    return wrap(events, carrier, chosen.text, CATALOGUE, new_id=ids())


def texts(wire: str, key: str) -> list[str]:
    return [each.text for each in unwrap(wire, CATALOGUE.get(key), CATALOGUE)]


# What carries, and how: functiongraph/events.md, the sections of each trigger


def test_what_can_carry_is_what_the_sources_say_of_payloads_chosen_by_others() -> None:
    assert [trigger.key for trigger in carriers(CATALOGUE)] == [
        "smn", "dms", "apig", "dis", "timer", "lts", "kafka", "kafka-opensource", "rocketmq", "rabbitmq", "eventgrid",
        "async-destination",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "template", "path"),
    [
        ("smn", "default", "record[0].smn.message"),
        ("smn", "record-only", "record[0].smn.message"),
        ("dms", "default", "Messages[0].Body"),
        ("dms", "snake-case", "messages[0].body"),
        ("timer", "default", "user_event"),
        ("lts", "default", "lts.data.logs[0].message"),
        ("lts", "objects", "lts.data.logs[0].message"),
        ("lts", "string", "lts.data.logs[0].message"),
        ("kafka", "default", "messages[0]"),
        ("kafka", "records", "records[0].messages[0]"),
        ("kafka-opensource", "default", "records[0].messages[0]"),
        ("rocketmq", "default", "records[0].messages[0]"),
        ("rabbitmq", "default", "records[0].messages[0]"),
        ("async-destination", "failure", "request_payload"),
        ("dis", "default", "Message.records[0].data"),
        ("apig", "default", "body"),
        ("apig", "plain-body", "body"),
        ("eventgrid", "default", "data"),
        ("eventgrid", "batch", "events[0].data"),
    ],
)
def test_an_event_travels_where_its_carrier_has_a_place_for_payloads(key: str, template: str, path: str) -> None:
    wire = wrapped(key, '{"n":52.0}', template=template)
    (inner,) = unwrap(wire, CATALOGUE.get(key), CATALOGUE)
    assert (format_path(inner.path), inner.text, inner.trigger) == (path, '{"n":52.0}', BLANK)


@pytest.mark.parametrize(("key", "template"), CARRIERS, ids=[f"{key}-{template}" for key, template in CARRIERS])
def test_what_is_wrapped_is_an_event_of_its_carrier_without_a_new_problem(key: str, template: str) -> None:
    carrier = CATALOGUE.get(key)
    before = scan(carrier.template(template).text)
    obs = usual_inner(carrier, CATALOGUE.get("obs"))
    after = scan(wrapped(key, compact(obs.text), template=template))
    assert recognise(after, CATALOGUE) == recognise(before, CATALOGUE)
    assert {each.code for each in validate(after, carrier)} <= {each.code for each in validate(before, carrier)}


def test_a_topic_carries_the_text_of_the_event_in_a_string() -> None:
    event: Any = json.loads(wrapped("smn", compact(OBS)))
    assert event["record"][0]["smn"]["message"] == compact(OBS)
    assert event["record"][0]["smn"]["subject"] == "This is the message title of smn trigger"


def test_a_stream_carries_base64_and_only_what_was_put_in() -> None:
    event: Any = json.loads(wrapped("dis", OBS))
    (record,) = event["Message"]["records"]
    assert base64.b64decode(record["data"], validate=True).decode() == OBS


def test_a_request_carries_base64_where_its_flag_says_so() -> None:
    encoded: Any = json.loads(wrapped("apig", "[1]"))
    plain: Any = json.loads(wrapped("apig", "[1]", template="plain-body"))
    assert (encoded["body"], plain["body"]) == ("WzFd", "[1]")


def test_of_a_bucket_the_record_alone_travels_through_eventgrid_and_an_obs_event_comes_out() -> None:
    obs = CATALOGUE.get("obs").template("v3").text
    grid = CATALOGUE.get("eventgrid")
    assert template_for(grid, "obs").name == "obs"
    wire = wrapped("eventgrid", obs, template="obs")
    data = json.loads(wire)["data"]
    assert data == json.loads(obs)["Records"][0]
    (inner,) = unwrap(wire, grid, CATALOGUE)
    assert inner.trigger == "obs"
    assert json.loads(inner.text) == json.loads(obs)
    assert wrapped("eventgrid", inner.text, template="obs") == wire
    assert inner.text == obs, "as it was laid out"
    assert '"data": {\n    "eventVersion"' in wire
    assert '\n  },\n  "subject"' in wire


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ObjectCreated:Post", "OBS:DWR:ObjectCreated:POST"),
        ("ObjectRemoved:DeleteMarkerCreated", "OBS:DWR:ObjectRemoved:DeleteMarkerCreated"),
        ("ObjectSomething", "OBS:DWR:ObjectCreated:PUT"),
    ],
)
def test_eventgrid_says_of_a_bucket_what_the_record_inside_says(name: str, kind: str) -> None:
    record = {"eventName": name, "obs": {"object": {"key": 'a/中 "b.png'}}}
    event: Any = json.loads(wrapped("eventgrid", json.dumps({"Records": [record]}), template="obs"))
    assert (event["type"], event["subject"], event["data"]) == (kind, 'a/中 "b.png', record)


def test_records_of_a_bucket_travel_one_by_one() -> None:
    records = [{"obs": {"object": {"key": key}}} for key in ("a", "b")]
    event: Any = json.loads(wrapped("eventgrid", json.dumps({"Records": records}), template="batch"))
    assert [(each["subject"], each["data"]) for each in event["events"]] == [("a", records[0]), ("b", records[1])]
    with pytest.raises(UsageError, match="carries one event"):
        wrapped("eventgrid", json.dumps({"Records": records}), template="obs")


def test_the_published_eventgrid_event_of_a_bucket_unwraps_to_an_obs_event() -> None:
    text = CATALOGUE.get("eventgrid").template("obs").text
    (inner,) = unwrap(text, CATALOGUE.get("eventgrid"), CATALOGUE)
    assert inner.trigger == "obs"
    assert json.loads(inner.text)["Records"] == [json.loads(text)["data"]]


def test_the_published_notification_of_a_failure_gives_back_the_timer_event_that_failed() -> None:
    text = CATALOGUE.get("async-destination").template("failure").text
    (inner,) = unwrap(text, CATALOGUE.get("async-destination"), CATALOGUE)
    assert inner.trigger == "timer"
    assert inner.text == json.loads(text)["request_payload"]


# Exactness

HARD = '{"a": 52.0, "a": 12345678901234567890.10,\n "中文":"\\u4e2d\\/\\ud83d" , "e":[1E400,-0]}'


@pytest.mark.parametrize(("key", "template"), CARRIERS, ids=[f"{key}-{template}" for key, template in CARRIERS])
@example(text=HARD)
@example(text=" 12345678901234567890 \r\n")
@example(text='"\\ud800"')
@settings(max_examples=12)
@given(text=strict_text() | EVENTS)
def test_what_was_wrapped_unwraps_to_the_same_characters(key: str, template: str, text: str) -> None:
    parts = CATALOGUE.get(key).rules.carrying
    assert parts is not None
    whole = text.strip(" \t\r\n") if parts.codec == "value" else text
    assume(
        not parts.of or "obs" not in {recognise(scan(each), CATALOGUE) for each in (text, f'{{"Records":[{text}]}}')}
    )
    assert texts(wrapped(key, text, template=template), key) == [whole]


@settings(max_examples=15)
@given(
    text=strict_text(),
    way=st.lists(st.sampled_from(["smn", "kafka", "dis", "lts", "eventgrid", "timer"]), min_size=2, max_size=4),
)
def test_a_chain_unwraps_step_by_step(text: str, way: list[str]) -> None:
    text = text.strip(" \t\r\n")
    wire = text
    for key in way:
        wire = wrapped(key, wire)
    for key in reversed(way):
        (wire,) = (each.strip(" \t\r\n") for each in texts(wire, key))
    assert wire == text


def test_obs_in_smn_in_kafka_is_recognised_at_each_step() -> None:
    wire = wrapped("kafka", wrapped("smn", OBS), template="records")
    (first,) = unwrap(wire, CATALOGUE.get("kafka"), CATALOGUE)
    (second,) = unwrap(first.text, CATALOGUE.get(first.trigger), CATALOGUE)
    assert (first.trigger, second.trigger, second.text) == ("smn", "obs", OBS)


def test_a_compact_event_opens_inside_its_carrier_in_the_decoded_form() -> None:
    wire = wrapped("smn", compact(OBS))
    decoded = decode(wire, CATALOGUE.get("smn"))
    assert json.loads(decoded)["record"][0]["smn"]["message"]["$json"]["Records"][0]["eventSource"] == "aws:s3"
    assert encode(decoded) == wire


def test_nothing_of_the_carrier_changes_but_the_place_itself() -> None:
    template = CATALOGUE.get("smn").template().text
    assert wrapped("smn", "[1]") == template.replace('"This is the message body of smn trigger"', '"[1]"')


@pytest.mark.parametrize("key", ["smn", "dis"])
def test_half_of_a_surrogate_pair_travels_as_the_escape_it_is_in_json(key: str) -> None:
    assert texts(wrapped(key, '["\\ud800"]'), key) == ['["\\ud800"]']
    with pytest.raises(EventError, match="the event to be carried is not JSON"):
        wrapped(key, '["\ud800"]')


# Several


@pytest.mark.parametrize("key", ["smn", "dms", "dis", "lts", "kafka", "kafka-opensource", "rocketmq", "rabbitmq"])
def test_several_events_make_several_records_in_their_order(key: str) -> None:
    events = [f'{{"n": {number}}}' for number in range(3)]
    found = unwrap(wrapped(key, *events), CATALOGUE.get(key), CATALOGUE)
    assert [each.text for each in found] == events
    assert len({each.path for each in found}) == 3


def test_records_of_several_events_have_ids_of_their_own() -> None:
    smn: Any = json.loads(wrapped("smn", "[1]", "[2]"))
    dis: Any = json.loads(wrapped("dis", "[1]", "[2]"))
    assert len({record["smn"]["message_id"] for record in smn["record"]}) == 2
    assert [record["sequence_number"] for record in dis["Message"]["records"]] == ["0", "1"]


def test_what_carries_one_event_says_so_and_names_the_layout_that_carries_several() -> None:
    with pytest.raises(UsageError) as caught:
        wrapped("eventgrid", "[1]", "[2]")
    words = say(caught.value.message, caught.value.values)
    assert words == "an event of eventgrid carries one event at data, not 2"
    assert say(caught.value.hint, caught.value.values) == "its template batch carries several"
    assert texts(wrapped("eventgrid", "[1]", "[2]", template="batch"), "eventgrid") == ["[1]", "[2]"]
    with pytest.raises(UsageError) as alone:
        wrapped("timer", "[1]", "[2]")
    assert alone.value.hint == "wrap each by itself"


# Refusals


def test_what_carries_nothing_says_what_does() -> None:
    for call in (lambda: wrapped("obs", "[1]"), lambda: texts(OBS, "obs")):
        with pytest.raises(UsageError) as caught:
            call()
        assert say(caught.value.message, caught.value.values) == "an event of obs carries no other event"
        assert say(caught.value.hint, caught.value.values).startswith("these do: smn, dms, apig, dis,")


def test_an_event_with_nothing_inside_says_what_stands_there_instead() -> None:
    with pytest.raises(EventError) as caught:
        texts(CATALOGUE.get("smn").template().text, "smn")
    assert say(caught.value.message, caught.value.values) == (
        "this event of smn carries no other: what record[0].smn.message holds is no JSON"
    )
    with pytest.raises(EventError, match=r"nothing stands at"):
        texts('{"record": []}', "smn")
    assert carried('{"record": []}', CATALOGUE.get("smn"), CATALOGUE) == ()


def test_a_template_without_a_place_says_so() -> None:
    with pytest.raises(EventError) as caught:
        wrapped("apig", "[1]", template="authorizer")
    assert say(caught.value.message, caught.value.values) == (
        "this event of apig has no place for another: nothing stands at body"
    )


@pytest.mark.parametrize("text", ["", "{", "{'a': 1}", "[1,]", "\ufeff[]", "[1] // one", "NaN"])
def test_what_is_no_json_is_not_wrapped(text: str) -> None:
    with pytest.raises(EventError, match=r"the event to be carried is not JSON"):
        wrapped("smn", text)


def test_bytes_that_are_no_text_are_no_event() -> None:
    text = CATALOGUE.get("dis").template("typed-records").text
    found = carried(text, CATALOGUE.get("dis"), CATALOGUE)
    assert [format_path(each.path) for each in found] == ["Message.records[0].data"]


def test_a_place_inside_a_carried_event_belongs_to_it() -> None:
    found = carried(wrapped("smn", OBS, OBS), CATALOGUE.get("smn"), CATALOGUE)
    assert carried_at(found, ("record", 1, "smn", "message", "Records", 0)) == found[1]
    assert carried_at(found, ("record", 1, "smn")) is None


def test_the_place_of_the_first_event_is_known() -> None:
    smn = CATALOGUE.get("smn")
    assert carrying_place(wrapped("smn", OBS, OBS), smn) == ("record", 0, "smn", "message")
    assert carrying_place('{"record": [{"smn": {"message": "[1]",}}]} // sloppy', smn) == (
        "record",
        0,
        "smn",
        "message",
    )
    assert carrying_place('{"record": []}', smn) == carrying_place(OBS, CATALOGUE.get("obs")) == ()


def test_an_event_that_is_nobody_s_travels_in_the_usual_template() -> None:
    smn = CATALOGUE.get("smn")
    assert template_for(smn, BLANK).name == usual_inner(smn, CATALOGUE.get("timer")).name == "default"
    assert carrying_templates(CATALOGUE.get("obs")) == ()


# Limits


def test_more_than_the_platform_takes_is_told() -> None:
    large = json.dumps(["x" * 300_000])
    assert [each.code for each in problems_of(wrapped("smn", large), CATALOGUE.get("smn"), CATALOGUE)] == [
        "event-over-256-kib"
    ]
    huge = json.dumps(["x" * 5_000_000])
    assert [each.code for each in problems_of(wrapped("dis", huge), CATALOGUE.get("dis"), CATALOGUE)] == [
        "event-over-6-mib"
    ]


def test_a_log_line_that_would_be_split_is_told() -> None:
    line = json.dumps(["x" * 80_000])
    (problem,) = problems_of(wrapped("lts", line), CATALOGUE.get("lts"), CATALOGUE)
    assert problem.code == "carried-too-large"
    assert say(problem.message, problem.values) == (
        "lts.data.logs[0].message carries 80004 bytes; lts passes on at most 76800 in one piece"
    )
    assert (problem.line, problem.column, problem.path) == (1, 1, ("lts", "data", "logs", 0, "message"))
    most = json.dumps(["x" * (76_800 - 4)])
    for text in ("[1]", most):
        assert problems_of(wrapped("lts", text), CATALOGUE.get("lts"), CATALOGUE) == ()


# A person's own carriers


def test_a_trigger_of_ones_own_carries_by_its_toml(tmp_path: Path) -> None:
    a_trigger_folder(
        tmp_path,
        "queue",
        toml='[carries]\nat = ["items[*].payload"]\ncodec = "base64"\n',
        events={"default": '{"items": [{"payload": "", "id": 1}, {"payload": ""}]} // two'},
    )
    catalogue = Catalogue([samples_root(), tmp_path])
    queue = catalogue.get("queue")
    wire = wrap(["[1]", "[2]"], queue, queue.template().text, catalogue, new_id=ids())
    assert json.loads(wire) == {"items": [{"payload": "WzFd", "id": 1}, {"payload": "WzJd", "id": 1}]}
    assert [each.text for each in unwrap(wire, queue, catalogue)] == ["[1]", "[2]"]


@pytest.mark.parametrize("count", [1, 2])
def test_a_first_record_without_the_place_is_named(tmp_path: Path, count: int) -> None:
    a_trigger_folder(
        tmp_path,
        "queue",
        toml='[carries]\nat = ["items[*].payload"]\n',
        events={"default": '{"items": [{"id": 1}, {"payload": ""}]}'},
    )
    catalogue = Catalogue([tmp_path])
    queue = catalogue.get("queue")
    with pytest.raises(EventError) as caught:
        wrap(["[1]"] * count, queue, queue.template().text, catalogue, new_id=ids())
    assert say(caught.value.message, caught.value.values) == (
        "the first record of this event of queue has no items[*].payload"
    )


def test_a_template_that_is_no_json_is_no_place_to_travel_in(tmp_path: Path) -> None:
    a_trigger_folder(
        tmp_path, "queue", toml='[carries]\nat = ["a"]\n', events={"default": '{"a": 1}', "odd": "{", "other": "{}"}
    )
    queue = Catalogue([tmp_path]).get("queue")
    assert [template.name for template in carrying_templates(queue)] == ["default"]


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[carries]\nat = ["a"]\ncodec = "zip"\n', "codec in [carries] is zip; it is one of text, base64, value"),
        ('[carries]\ncodec = "text"\n', "[carries] names no place: at is missing"),
        ('[carries]\nat = ["a"]\nlimits = 3\n', "unknown key limits in [carries]; did you mean limit?"),
        ('[carries]\nat = ["a"]\n[carries.of.obs]\nparts = "b"\n', "unknown key parts in [carries.of.obs]"),
        ('[carries]\nat = ["a"]\n[carries.of.obs.beside.b]\nto = "b"\n', "unknown key to in [carries.of.obs.beside.b]"),
        ('[carries]\nat = ["a["]\n', "a[ is no path: nothing can be read at character 2"),
    ],
)
def test_a_wrong_table_is_named(tmp_path: Path, toml: str, words: str) -> None:
    a_trigger_folder(tmp_path, "queue", toml=toml)
    (problem,) = map(str, Catalogue([tmp_path]).problems)
    assert words in problem
