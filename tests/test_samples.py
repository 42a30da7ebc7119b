"""The packaged samples: complete, as published, described to the last field, and at peace with their own schemas."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from fgtui.events.catalogue import Catalogue, Template, Trigger, samples_root
from fgtui.events.model import Severity
from fgtui.events.recognition import recognise
from fgtui.events.schema import view_of
from fgtui.events.text import scan
from fgtui.events.validation import validate

DATA = Path(__file__).parent / "data"
CATALOGUE = Catalogue([samples_root()])
EVENTS = samples_root() / "events"

KEYS = [
    "smn", "dms", "apig", "obs", "dis", "timer", "lts", "cts", "dds", "kafka", "kafka-opensource", "rocketmq", "rabbitmq",
    "gaussdb-mongo", "geminidb-dynamodb", "eventgrid", "iotda", "async-destination", "blank",
]  # fmt: skip

TEMPLATES = {
    "smn": "record-only",
    "dms": "snake-case",
    "apig": "plain-body empty-body authorizer",
    "obs": "template removed v3",
    "dis": "template typed-records",
    "timer": "json-user-event",
    "lts": "objects string",
    "cts": "epoch-ms",
    "dds": "string-fields",
    "kafka": "records records-instance",
    "eventgrid": "obs batch",
    "async-destination": "failure",
}


def every_template() -> list[Template]:
    return [template for trigger in CATALOGUE.triggers for template in trigger.templates]


def named(templates: list[Template]) -> list[str]:
    return [f"{each.trigger}-{each.name}" for each in templates]


def test_every_trigger_is_there_in_the_order_people_meet_them() -> None:
    assert [trigger.key for trigger in CATALOGUE.triggers] == KEYS
    assert CATALOGUE.problems == ()


def test_every_variant_is_a_template() -> None:
    found = {trigger.key: [each.name for each in trigger.templates] for trigger in CATALOGUE.triggers}
    assert found == {key: ["default", *TEMPLATES.get(key, "").split()] for key in KEYS}


def test_samples_are_byte_for_byte_as_they_were_published() -> None:
    lines = (DATA / "samples.sha256").read_text().splitlines()
    expected = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {
        file.relative_to(EVENTS).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in EVENTS.rglob("*.json")
        if file.name != "schema.json"
    }
    assert found == expected


@pytest.mark.parametrize("trigger", CATALOGUE.triggers, ids=KEYS)
def test_a_trigger_says_what_it_is_in_both_languages(trigger: Trigger) -> None:
    assert trigger.builtin
    assert trigger.name != trigger.key
    assert trigger.summary.endswith(".")
    assert trigger.summary_zh.endswith("。")
    assert any("\u4e00" <= character <= "\u9fff" for character in trigger.name_zh)
    assert trigger.documentation


@pytest.mark.parametrize("template", every_template(), ids=named(every_template()))
def test_a_template_says_what_it_is_and_where_it_comes_from(template: Template) -> None:
    assert template.title != template.name
    assert template.title_zh not in {template.title, template.name}
    assert template.source


def test_guide_samples_carry_the_date_of_their_edition() -> None:
    dated = {each.trigger for each in every_template() if each.name == "default" and each.date == "2021-11-18"}
    assert dated == {"smn", "dms", "apig", "dis", "timer", "lts", "cts", "dds", "kafka"}


@pytest.mark.parametrize("trigger", CATALOGUE.triggers, ids=KEYS)
def test_packaged_folders_hold_no_unknown_key(trigger: Trigger, tmp_path: Path) -> None:
    """Read as somebody's own folder, where every key and rule is looked at."""
    copy = tmp_path / "own" / trigger.key
    copy.mkdir(parents=True)
    for file in trigger.folder.glob("*.*"):
        (copy / file.name).write_bytes(file.read_bytes())
    own = Catalogue([tmp_path / "own"])
    assert own.problems == ()
    assert own.get(trigger.key).rules == trigger.rules


@pytest.mark.parametrize("template", every_template(), ids=named(every_template()))
def test_a_sample_is_what_its_own_schema_describes(template: Template) -> None:
    """No error, no warning, no field that the schema does not know: not even inside an encoded string."""
    document = scan(template.text)
    assert document.is_strict
    assert validate(document, CATALOGUE.get(template.trigger)) == ()


@pytest.mark.parametrize("template", every_template(), ids=named(every_template()))
def test_a_sample_is_recognised_as_its_folder_says(template: Template) -> None:
    cannot_be_told = {"kafka-opensource": "kafka"}  # its event is that of kafka (events.md)
    assert recognise(scan(template.text)) == cannot_be_told.get(template.trigger, template.trigger)


def test_the_sample_that_is_wrong_on_purpose_is_told_what_is_wrong() -> None:
    text = (EVENTS / "apig" / "edge" / "flag-mismatch.json").read_text()
    (problem,) = validate(scan(text), CATALOGUE.get("apig"))
    assert (problem.severity, problem.code, problem.path) == (Severity.ERROR, "not-base64", ("body",))
    assert (problem.line, problem.column) == (16, 11)


def test_the_responses_are_what_a_function_behind_the_gateway_returns() -> None:
    responses = {file.stem: json.loads(file.read_text()) for file in (EVENTS / "apig" / "responses").glob("*.json")}
    assert sorted(responses) == ["authorizer-allow", "authorizer-deny", "base64-body", "default"]
    assert all(isinstance(each["statusCode"], int) and isinstance(each["body"], str) for each in responses.values())


@pytest.mark.parametrize("trigger", CATALOGUE.triggers, ids=KEYS)
def test_a_schema_is_json_schema_and_describes_every_field_it_names(trigger: Trigger) -> None:
    assert trigger.schema_problem is None
    assert trigger.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert jsonschema_rs.meta.is_valid(trigger.schema)
    silent = [place for place, field in fields_of(trigger.schema, "") if not says_enough(trigger.schema, field)]
    assert silent == []


def fields_of(schema: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Every declared member, except where a condition only adds to what is said elsewhere."""
    for key, inner in schema.items() if isinstance(schema, dict) else ():
        if key in {"properties", "$defs"}:
            for name, member in inner.items():
                if key == "properties":
                    yield f"{place}.{name}", member
                yield from fields_of(member, f"{place}.{name}")
        elif key not in {"if", "then", "else", "allOf"}:
            yield from fields_of(inner, f"{place}.{key}")


def says_enough(root: dict[str, Any], field: dict[str, Any]) -> bool:
    parts = [field]
    while "$ref" in parts[-1]:
        target = view_of(root).resolve(parts[-1]["$ref"])
        assert target is not None
        parts.append(target)
    known = {key for part in parts for key in part}
    anything_goes = field.get("description", "").startswith(("Id of the document", "A member of your own"))
    return "description" in known and ("type" in known or anything_goes)


def test_the_page_of_samples_is_the_one_the_folders_make() -> None:
    made = subprocess.run(
        [sys.executable, "-c", "import make_readme; print(make_readme.page(), end='')"],
        cwd=samples_root(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert (samples_root() / "README.md").read_text(encoding="utf-8") == made.stdout, (
        "run python samples/make_readme.py"
    )
