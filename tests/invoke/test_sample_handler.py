"""The bundled handler answers every trigger's samples usefully: it is the first thing people send to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgtui.events.model import Event
from fgtui.invoke.discovery import discover
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import LocalTarget, Outcome, Returned
from fgtui.invoke.targets import parse_local

SAMPLES = Path(__file__).parents[2] / "samples"
EVENTS = sorted((SAMPLES / "events").glob("*/*.json"))


class Sample:
    def __init__(self, invoker: Invoker, target: LocalTarget) -> None:
        self.invoker = invoker
        self.target = target

    def send(self, event: object, trigger: str = "blank") -> Outcome:
        wire = event if isinstance(event, bytes) else json.dumps(event).encode()
        return self.invoker.invoke(Event(trigger, wire), self.target).outcome

    def result(self, event: object, trigger: str = "blank") -> Any:
        outcome = self.send(event, trigger)
        assert isinstance(outcome, Returned), outcome
        return json.loads(outcome.body)


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    invoker = Invoker()
    target = parse_local("index.handler", base=SAMPLES / "handlers/python", initializer="index.initializer")
    yield Sample(invoker, target)
    invoker.close()


@pytest.mark.parametrize(
    "file", [file for file in EVENTS if file.name != "schema.json"], ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_every_sample_gets_an_answer(sample: Sample, file: Path) -> None:
    outcome = sample.send(file.read_bytes(), file.parent.name)
    assert outcome.kind == "returned", outcome
    assert len(outcome.body) > 10
    assert " INFO " in outcome.logs


def test_it_names_bucket_and_key_of_an_object(sample: Sample) -> None:
    record = {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "photos"}, "object": {"key": "a%2Fb+c.png"}}}
    assert sample.result({"Records": [record]})["objects"] == [
        {"event": "ObjectCreated:Put", "bucket": "photos", "key": "a/b c.png"}
    ]


@pytest.mark.parametrize("lines_as_text", [False, True])
@pytest.mark.parametrize("list_as_text", [False, True])
def test_it_counts_log_lines_by_level_in_every_shape(sample: Sample, lines_as_text: bool, list_as_text: bool) -> None:
    import base64

    lines: Any = [{"message": "[INF] a"}, {"message": "b [WRN]"}, {"message": "2026 ERROR c"}, {"message": "d"}]
    lines = [json.dumps(line) for line in lines] if lines_as_text else lines
    data = json.dumps({"logs": json.dumps(lines) if list_as_text else lines})
    result = sample.result({"lts": {"data": base64.b64encode(data.encode()).decode()}})
    assert result == {"trigger": "lts", "lines": 4, "levels": {"INFO": 1, "WARN": 1, "ERROR": 1, "OTHER": 1}}


def test_it_answers_the_gateway_in_its_form(sample: Sample) -> None:
    request = {"httpMethod": "POST", "path": "/a", "body": "eyJuIjogMX0=", "isBase64Encoded": True}
    answer = sample.result(request, "apig")
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["body"] == {"n": 1}


@pytest.mark.parametrize("event", [[1], "text", 7, None, {}, {"Records": []}, {"lts": 1}, {"headers": {}}])
def test_anything_else_is_described(sample: Sample, event: object) -> None:
    assert sample.result(event)


def test_it_is_what_discovery_finds() -> None:
    assert discover(SAMPLES / "handlers/python") == ("index.handler",)
