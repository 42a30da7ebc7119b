"""The bundled Node.js handler answers every trigger's samples usefully, and requests as an API should."""

from __future__ import annotations

import base64
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

    def send(self, event: object, trigger: str = "apig") -> Outcome:
        wire = event if isinstance(event, bytes) else json.dumps(event).encode()
        return self.invoker.invoke(Event(trigger, wire), self.target).outcome

    def ask(self, method: str, **members: object) -> tuple[int, Any]:
        outcome = self.send({"httpMethod": method, "path": "/hello", **members})
        assert isinstance(outcome, Returned), outcome
        answer = json.loads(outcome.body)
        assert answer["headers"]["Content-Type"] == "application/json"
        return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    invoker = Invoker()
    target = parse_local(
        "index.handler",
        base=SAMPLES / "handlers/node",
        initializer="index.initializer",
        environment={"GREETING": "Good day"},
        timeout_s=20,
    )
    yield Sample(invoker, target)
    invoker.close()


def posted(text: str) -> dict[str, object]:
    return {"body": base64.b64encode(text.encode()).decode(), "isBase64Encoded": True}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "the body is not JSON: Unexpected end of JSON input"),
        ("{name", "the body is not JSON: "),
        ("[]", "the body must be a JSON object"),
        ("null", "the body must be a JSON object"),
        ('{"name": 7}', "name must be a text"),
        ('{"name": " "}', "name must not be empty"),
        (json.dumps({"name": "x" * 41}), "name must not be longer than 40 characters"),
        ('{"name": "Ada", "age": 36}', "there is no parameter age"),
    ],
)
def test_a_body_that_is_not_as_it_must_be_is_refused(sample: Sample, body: str, problem: str) -> None:
    status, answer = sample.ask("POST", **posted(body))
    assert status == 400
    assert answer["problems"][0].startswith(problem)


def test_another_method_is_refused(sample: Sample) -> None:
    outcome = sample.send({"httpMethod": "DELETE"})
    answer = json.loads(outcome.body)
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET, POST")
    assert " WARN refused: DELETE is not allowed\n" in outcome.logs


@pytest.mark.parametrize(
    ("members", "greeting"),
    [
        ({"queryStringParameters": {"name": "Ada"}}, "Good day, Ada!"),
        ({"queryStringParameters": {}}, "Good day, world!"),
        ({}, "Good day, world!"),
    ],
)
def test_it_greets(sample: Sample, members: dict[str, object], greeting: str) -> None:
    assert sample.ask("GET", **members) == (200, {"greeting": greeting})


@pytest.mark.parametrize("body", [posted('{"name": "Ада"}'), {"body": '{"name": "Ада"}', "isBase64Encoded": False}])
def test_it_greets_whom_the_body_names(sample: Sample, body: dict[str, object]) -> None:
    assert sample.ask("POST", **body) == (201, {"greeting": "Good day, Ада!"})


@pytest.mark.parametrize(
    "file", [file for file in EVENTS if file.name != "schema.json"], ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_every_sample_gets_an_answer(sample: Sample, file: Path) -> None:
    outcome = sample.send(file.read_bytes(), file.parent.name)
    assert outcome.kind == "returned", outcome
    assert len(outcome.body) > 10
    assert " INFO " in outcome.logs


@pytest.mark.parametrize(
    ("event", "answer"),
    [
        ([1], {"keys": {"0": "number"}}),
        ("text", {"received": "string"}),
        (None, {"received": "null"}),
        ({"Records": [1, 2], "n": None}, {"keys": {"Records": "list of 2", "n": "null"}}),
    ],
)
def test_anything_else_is_described(sample: Sample, event: object, answer: object) -> None:
    assert json.loads(sample.send(event, "blank").body) == answer


def test_it_is_what_discovery_finds() -> None:
    assert discover(SAMPLES / "handlers/node") == ("index.handler",)
