"""Which encodings a schema declares, and that asking often costs little and answers the same."""

from __future__ import annotations

import pytest

from fgtui.events.schema import describe, reader
from fgtui.events.scopes import DEPTH, Scope, scope_of
from fgtui.events.text import parse_path, scan
from tests.events.encoded_text import SAMPLES, trigger


def scope(key: str, text: str) -> Scope:
    return scope_of(trigger(key), reader(scan(text)))


@pytest.mark.parametrize(("key", "file"), SAMPLES, ids=lambda each: getattr(each, "name", each))
def test_every_string_of_every_sample_is_declared_as_the_schema_describes_it(key: str, file) -> None:
    document = scan(file.read_text("utf-8"))
    asked = scope_of(trigger(key), reader(document))
    for node in document.nodes_between(0, len(document.text)):
        path = document.path_of(node)
        declared = describe(trigger(key).schema, path, reader(document)).encoding
        if node.kind.value == "string":
            assert asked.expected(path) == declared
            name = next((step for step in reversed(path) if isinstance(step, str)), None)
            assert asked.names_encoded(name) or declared is None


def test_a_condition_is_weighed_for_each_event() -> None:
    assert scope("apig", '{"isBase64Encoded":true}').expected(("body",)).base64
    assert scope("apig", '{"isBase64Encoded":false}').expected(("body",)) is None


def test_records_may_differ_where_the_schema_has_conditions() -> None:
    asked = scope("obs", '{"Records":[{"s3":{}},{"obs":{}}]}')
    assert asked.expected(parse_path("Records[0].s3.object.key")) is not None
    assert asked.expected(parse_path("Records[1].obs.object.key")) is not None
    assert asked.expected(parse_path("Records[1].s3.object.key")) is None


def test_what_an_encoded_string_holds_has_a_scope_of_its_own() -> None:
    outer = scope("lts", "{}")
    data = outer.expected(("lts", "data"))
    inner = outer.inner(data, lambda _: None)
    logs = inner.expected(("logs",))
    assert logs is not None
    assert inner.inner(logs, lambda _: None).expected((0,)) is not None  # shape C: a string of a list of strings
    assert inner.expected(("logs", 7)) is not None  # shape A: a list of strings


def test_without_a_trigger_nothing_is_declared() -> None:
    asked = scope_of(None, lambda _: None)
    assert not asked.names_encoded("data")
    assert asked.expected(("data",)) is None
    assert not asked.info(("data",)).known


def test_a_path_of_a_hundred_thousand_steps_is_declared_by_nobody() -> None:
    asked = scope("geminidb-dynamodb", "{}")
    assert asked.expected(("a",) * 100_000) is None
    assert asked.expected(("a",) * (DEPTH + 1)) is None


def test_names_that_data_makes_up_are_not_kept_for_good() -> None:
    asked = scope("geminidb-dynamodb", "{}")
    for number in range(10_000):
        asked.expected(("records", 0, "keys", f"name {number}", "B"))
    assert len(asked._answers) < 10_000
