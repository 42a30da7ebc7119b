"""The bundled custom runtime, HTTP function and container answer the bundled events usefully."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgtui.events.model import Event
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import Outcome, Raised
from fgtui.invoke.targets import parse_local
from tests.invoke.servers import ports_are_shared

SAMPLES = Path(__file__).parents[2] / "samples"


class Sample:
    def __init__(self, family: str) -> None:
        self.invoker = Invoker()
        self.target = parse_local("bootstrap", base=SAMPLES / "handlers" / family, runtime=family, timeout_s=10)

    def send(self, event: object, trigger: str) -> Outcome:
        wire = event if isinstance(event, bytes) else json.dumps(event).encode()
        return self.invoker.invoke(Event(trigger, wire), self.target).outcome

    def result(self, event: object, trigger: str) -> Any:
        outcome = self.send(event, trigger)
        assert outcome.kind == "returned", outcome
        return json.loads(outcome.body)

    def request(self, method: str, path: str, **members: object) -> tuple[int, Any]:
        answer = self.result({"httpMethod": method, "path": path, **members}, "apig")
        return answer["statusCode"], json.loads(base64.b64decode(answer["body"]))


@pytest.fixture(scope="module")
def alarm() -> Iterator[Sample]:
    sample = Sample("custom")
    yield sample
    sample.invoker.close()


@pytest.fixture(scope="module")
def notes() -> Iterator[Sample]:
    with ports_are_shared():
        sample = Sample("http")
        yield sample
        sample.invoker.close()


@pytest.fixture(scope="module")
def thumbnails() -> Iterator[Sample]:
    with ports_are_shared():
        sample = Sample("container")
        yield sample
        sample.invoker.close()


def events(trigger: str) -> list[Path]:
    return [file for file in sorted((SAMPLES / "events" / trigger).glob("*.json")) if file.name != "schema.json"]


@pytest.mark.parametrize("file", events("lts"), ids=lambda file: file.stem)
def test_the_custom_runtime_reads_every_batch_of_logs(alarm: Sample, file: Path) -> None:
    result = alarm.result(file.read_bytes(), "lts")
    assert result["lines"] > 0
    assert result["alarm"] is bool(result["errors"])


def test_the_custom_runtime_raises_the_alarm(alarm: Sample) -> None:
    data = json.dumps({"logs": [{"message": "all is well"}, json.dumps({"message": "[ERROR] no disk"})]})
    result = alarm.result({"lts": {"data": base64.b64encode(data.encode()).decode()}}, "lts")
    assert result == {"alarm": True, "lines": 2, "errors": ["[ERROR] no disk"]}


@pytest.mark.parametrize("event", [{"lts": {"data": "!"}}, {"lts": 7}, {"lts": {}}])
def test_the_custom_runtime_says_what_is_no_batch_of_logs(alarm: Sample, event: object) -> None:
    outcome = alarm.send(event, "blank")
    assert isinstance(outcome, Raised)
    assert outcome.error.message.startswith("no LTS event: ")


OTHERS = [
    ([], {"received": "list"}),
    (7, {"received": "int"}),
    ({"key": "value", "n": [1]}, {"keys": {"key": "str", "n": "list"}}),
]


@pytest.mark.parametrize(("event", "result"), OTHERS)
def test_the_custom_runtime_sums_up_what_is_of_another_trigger(alarm: Sample, event: object, result: object) -> None:
    assert alarm.result(event, "blank") == result


@pytest.mark.parametrize(("event", "result"), OTHERS)
def test_the_container_sums_up_what_is_of_another_trigger(thumbnails: Sample, event: object, result: object) -> None:
    assert thumbnails.result(event, "blank") == result


def test_every_triggers_own_event_is_answered(alarm: Sample, thumbnails: Sample) -> None:
    """What ``fgtui send TRIGGER`` sends beside these handlers; API Gateway alone wants an answer of its own form."""
    for file in sorted(set(SAMPLES.glob("events/*/default.json")) - {SAMPLES / "events/apig/default.json"}):
        for sample in (alarm, thumbnails):
            assert sample.result(file.read_bytes(), file.parent.name), file


def test_the_http_function_greets_at_any_hello(notes: Sample) -> None:
    assert notes.request("GET", "/hello") == (200, {"greeting": "Hello, world!"})
    answer = notes.result((SAMPLES / "events/apig/default.json").read_bytes(), "apig")
    assert json.loads(base64.b64decode(answer["body"])) == {"greeting": "Hello, me!"}
    assert answer["statusCode"] == 200


def test_the_http_function_keeps_notes(notes: Sample) -> None:
    status, made = notes.request("POST", "/notes", body='{"text": "buy milk"}', isBase64Encoded=False)
    assert status == 201
    assert made["count"] == 1
    assert notes.request("GET", "/notes", queryStringParameters={"contains": "milk"}) == (200, ["buy milk"])
    assert notes.request("GET", "/notes", queryStringParameters={"contains": "tea"}) == (200, [])


def test_the_http_function_refuses_what_it_does_not_know(notes: Sample) -> None:
    assert notes.request("GET", "/")[0] == 404
    assert notes.request("POST", "/notes", body="", isBase64Encoded=False)[0] == 400


@pytest.mark.parametrize("file", events("apig"), ids=lambda file: file.stem)
def test_the_http_function_answers_every_request_of_the_gateway(notes: Sample, file: Path) -> None:
    outcome = notes.send(file.read_bytes(), "apig")
    assert outcome.kind == ("returned" if b"httpMethod" in file.read_bytes() else "raised")


def test_the_container_was_initialised_and_names_thumbnails(thumbnails: Sample) -> None:
    assert thumbnails.result((SAMPLES / "events/obs/default.json").read_bytes(), "obs")["thumbnails"]


@pytest.mark.parametrize("file", events("obs"), ids=lambda file: file.stem)
def test_the_container_reads_every_event_of_the_storage(thumbnails: Sample, file: Path) -> None:
    assert set(thumbnails.result(file.read_bytes(), "obs")) == {"thumbnails"}


def test_the_container_makes_no_thumbnail_of_a_thumbnail(thumbnails: Sample) -> None:
    records = [
        {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "b"}, "object": {"key": key}}}
        for key in ("thumbnails/a.png", "a.txt", "A%2Fb+c.PNG")
    ]
    assert thumbnails.result({"Records": records}, "obs") == {
        "thumbnails": [{"bucket": "b", "from": "A/b c.PNG", "to": "thumbnails/A/b c.PNG"}]
    }


def test_the_container_says_what_is_no_event_of_the_storage(thumbnails: Sample) -> None:
    outcome = thumbnails.send({"Records": [{}]}, "blank")
    assert isinstance(outcome, Raised)
    assert (outcome.error.type, outcome.error.message) == ("KeyError", "no OBS event: 'obs'")
