"""The Java handler among the samples compiles with a plain ``javac`` and answers the samples of its trigger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgtui.events.model import Event
from fgtui.invoke.discovery import discover
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import LocalTarget, Outcome
from fgtui.invoke.targets import parse_local
from tests.invoke.java_bench import compile_java, needs_java, write_runtime_interfaces

pytestmark = needs_java
SAMPLES = Path(__file__).parents[2] / "samples"
PHOTO = {
    "bucket": "example-bucket",
    "from": "photos/holiday 2021/cat.png",
    "to": "thumbnails/photos/holiday 2021/cat.png",
}


class Sample:
    def __init__(self, invoker: Invoker, target: LocalTarget) -> None:
        self.invoker = invoker
        self.target = target

    def send(self, event: object) -> Outcome:
        wire = event if isinstance(event, bytes) else json.dumps(event).encode()
        return self.invoker.invoke(Event("obs", wire), self.target).outcome

    def result(self, event: object) -> Any:
        outcome = self.send(event)
        assert outcome.kind == "returned", outcome
        return json.loads(outcome.body)["thumbnails"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Laid out as Maven has it."""
    folder = tmp_path_factory.mktemp("project")
    sources = sorted((SAMPLES / "handlers" / "java").rglob("*.java"))
    compile_java([*write_runtime_interfaces(folder / "src"), *sources], folder / "target" / "classes")
    return folder


@pytest.fixture(scope="module")
def sample(project: Path) -> Iterator[Sample]:
    invoker = Invoker()
    target = parse_local(
        "demo.Thumbnails.handle",
        base=project,
        runtime="Java11",
        initializer="demo.Thumbnails.initializer",
        environment={"IMAGE_ENDINGS": ".png .tif"},
    )
    yield Sample(invoker, target)
    invoker.close()


@pytest.mark.parametrize("template", ["default", "template", "v3"])
def test_a_new_image_needs_a_thumbnail(sample: Sample, template: str) -> None:
    event = (SAMPLES / "events" / "obs" / f"{template}.json").read_bytes()
    outcome = sample.send(event)
    assert json.loads(outcome.body) == {"thumbnails": [PHOTO]}
    assert " INFO 1 of 1 objects need a thumbnail" in outcome.logs


def test_what_was_removed_needs_none(sample: Sample) -> None:
    assert sample.result((SAMPLES / "events" / "obs" / "removed.json").read_bytes()) == []


@pytest.mark.parametrize(
    ("key", "wanted"),
    [("a.TIF", True), ("a.jpg", False), ("png", False), ("thumbnails/a.png", False), ("%E4%B8%AD.png", True)],
)
def test_the_key_decides(sample: Sample, key: str, wanted: bool) -> None:
    place = {"bucket": {"name": "b"}, "object": {"key": key}}
    found = sample.result({"Records": [{"eventName": "ObjectCreated:Post", "s3": place}]})
    assert bool(found) is wanted


def test_an_event_of_another_kind_is_an_error_to_learn_from(sample: Sample) -> None:
    outcome = sample.send({"Record": []})
    assert outcome.kind == "raised"
    assert json.loads(outcome.body)["errorMessage"].startswith("NullPointerException")


def test_it_is_what_discovery_finds(project: Path) -> None:
    assert any(each.endswith("demo.Thumbnails.handle") for each in discover(project))
