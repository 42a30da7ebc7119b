"""``fgtui wrap`` and ``fgtui unwrap``."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.cli.stage import Stage

SAMPLES = Path(__file__).parents[3] / "samples" / "events"
EVENT = '{"n": 52.0, "n": 12345678901234567890,\n "中": "\\u4e2d"}\n'


def test_a_file_goes_in_and_comes_out_byte_for_byte(stage: Stage) -> None:
    (stage.folder / "event.json").write_text(EVENT)
    wrapped = stage.run("wrap", "smn", "event.json")
    assert wrapped.code == 0
    assert json.loads(wrapped.out)["record"][0]["smn"]["message"] == EVENT
    unwrapped = stage.run("unwrap", stdin=wrapped.data)
    assert (unwrapped.code, unwrapped.out) == (0, EVENT)
    assert unwrapped.said == "carried at record[0].smn.message: an event of blank\n"


def test_a_trigger_stands_for_its_template_without_white_space(stage: Stage) -> None:
    message = json.loads(stage.run("wrap", "smn", "obs").out)["record"][0]["smn"]["message"]
    assert message == stage.run("format", "--compact", stdin=stage.run("event", "obs").data).out.rstrip("\n")


def test_a_chain_is_piped_together_and_taken_apart(stage: Stage) -> None:
    obs = stage.run("event", "obs").data
    smn = stage.run("wrap", "smn", "-", stdin=obs).data
    kafka = stage.run("wrap", "kafka", "--template", "records", stdin=smn).data
    assert stage.run("unwrap", stdin=kafka).data == smn
    assert stage.run("unwrap", stdin=smn).data == obs


def test_the_record_of_a_bucket_goes_through_eventgrid_as_it_was_captured(stage: Stage) -> None:
    event = json.loads(stage.run("wrap", "eventgrid", "obs").out)
    assert event["source"] == "HC.OBS.DWR"
    assert event["data"] == json.loads((SAMPLES / "obs" / "v3.json").read_text())["Records"][0]
    assert stage.run("validate", stdin=json.dumps(event).encode()).code == 0


def test_several_events_become_several_records(stage: Stage) -> None:
    (stage.folder / "a.json").write_text("[1]")
    wrapped = stage.run("wrap", "dis", "a.json", "timer", "-", stdin=b"[ 3 ]")
    records = json.loads(wrapped.out)["Message"]["records"]
    assert base64.b64decode(records[2]["data"]) == b"[ 3 ]"
    lines = stage.run("unwrap", "--all", stdin=wrapped.data).out.splitlines()
    assert (lines[0], json.loads(lines[1])["trigger_type"], lines[2]) == ("[1]", "TIMER", "[3]")
    assert stage.run("unwrap", "--at", "Message.records[2].data", stdin=wrapped.data).out == "[ 3 ]"
    several = stage.run("unwrap", stdin=wrapped.data)
    assert several.code == 2
    assert "3 events are carried: at Message.records[0].data, Message.records[1].data" in several.said
    assert "--all prints each on a line" in several.said
    nowhere = stage.run("unwrap", "--at", "Message", stdin=wrapped.data)
    assert (nowhere.code, nowhere.data) == (2, b"")
    assert "no event is carried at Message" in nowhere.said


def test_what_is_carried_is_told_as_json(stage: Stage) -> None:
    wrapped = stage.run("wrap", "smn", "obs").data
    document = json.loads(stage.run("unwrap", "--json", stdin=wrapped).out)
    (event,) = document["events"]
    assert (document["trigger"], event["path"], event["trigger"]) == ("smn", "record[0].smn.message", "obs")
    assert json.loads(event["wire"])["Records"]
    assert stage.run("unwrap", "--json", "-o", "inside.json", stdin=wrapped).out == ""
    assert json.loads((stage.folder / "inside.json").read_text()) == document


def test_fresh_is_the_carrier_and_a_set_may_reach_inside(stage: Stage) -> None:
    wrapped = stage.run(
        "wrap", "smn", "obs", "--fresh", "--set", "record[0].smn.message.Records[0].s3.object.key=a b.png"
    )
    event = json.loads(wrapped.out)
    assert event["record"][0]["smn"]["message_id"] not in (SAMPLES / "smn" / "default.json").read_text()
    record = json.loads(event["record"][0]["smn"]["message"])["Records"][0]
    before = json.loads((SAMPLES / "obs" / "default.json").read_text())["Records"][0]
    assert record["eventTime"] == before["eventTime"]
    assert record["s3"]["object"]["key"] in ("a b.png", "a+b.png")


def test_compact_takes_the_white_space_out_and_nothing_else(stage: Stage) -> None:
    wrapped = stage.run("wrap", "smn", "--compact", stdin=EVENT.encode())
    assert json.loads(wrapped.out)["record"][0]["smn"]["message"] == (
        '{"n":52.0,"n":12345678901234567890,"中":"\\u4e2d"}'
    )


def test_a_new_file_is_written_and_none_replaced(stage: Stage) -> None:
    assert stage.run("wrap", "kafka", "obs", "-o", "chain.json").said == "written to chain.json\n"
    assert stage.run("unwrap", "chain.json", "-o", "inner.json").code == 0
    assert json.loads((stage.folder / "inner.json").read_text())["Records"]
    again = stage.run("unwrap", "chain.json", "-o", "inner.json")
    assert again.code == 2
    assert "--force replaces it" in again.said


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (("wrap", "obs", "smn"), "", "an event of obs carries no other event"),
        (("wrap", "smm", "obs"), "", "did you mean smn?"),
        (("wrap", "smn"), "{", "standard input:1:"),
        (("wrap", "smn", "nothing.json"), "", "there is no file nothing.json"),
        (("wrap", "apig", "obs", "--template", "authorizer"), "", "nothing stands at body"),
        (("wrap", "timer", "obs", "smn"), "", "an event of timer carries one event at user_event, not 2"),
        (("unwrap",), '{"record": [{"smn": {"message": "hello"}}]}', "what record[0].smn.message holds is no JSON"),
        (("wrap",), "", "fgtui wrap: CARRIER is missing"),
        (("wrap", "smn", "-", "-"), "{}", "standard input can be read once"),
        (("unwrap", "--at", "a["), '{"record": [{"smn": {"message": "{}"}}]}', "--at:2: error: an index such as [0]"),
        (("unwrap",), '{"key": "value"}', "an event of blank carries no other event"),
        (("unwrap", "--trigger", "smn"), "[]", "nothing stands at record[*].smn.message"),
    ],
)
def test_a_refusal_says_why_and_prints_nothing(stage: Stage, words: tuple[str, ...], stdin: str, said: str) -> None:
    ran = stage.run(*words, stdin=stdin.encode())
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said


def test_more_than_the_platform_takes_is_warned_of_and_still_printed(stage: Stage) -> None:
    ran = stage.run("wrap", "smn", stdin=json.dumps(["x" * 300_000]).encode())
    assert ran.code == 0
    assert ran.data
    assert "takes at most 262144 when it calls asynchronously" in ran.said
