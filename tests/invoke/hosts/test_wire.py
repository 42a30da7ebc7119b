"""What a host of ours says of a failure: bounded, and in text, whatever a function has posted (runtime.md section 2.3)."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fgtui.invoke
from fgtui.invoke.error_bodies import error_parts

HOSTS = Path(fgtui.invoke.__file__).with_name("hosts")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("half a pair: \ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
ERRORS = st.fixed_dictionaries(
    {}, optional={"errorType": JSON, "errorMessage": JSON, "stackTrace": JSON | st.lists(JSON)}
)


@pytest.fixture(scope="module")
def wire() -> Any:
    """The module as hosts import it."""
    sys.path.insert(0, str(HOSTS))
    try:
        return importlib.import_module("wire")
    finally:
        sys.path.remove(str(HOSTS))


def test_a_huge_message_is_cut_and_says_how_long_it_was(wire: Any) -> None:
    kind, peak, files, body, name, text = wire.failed(b"e", b"body", "E", "m" * 5_000_000)
    assert (kind, peak, files, body, name) == (b"e", b"0", b"", b"body", b"E")
    assert text.decode() == "m" * 262_144 + "… (5000000 characters)"


def test_a_message_of_just_the_limit_is_whole(wire: Any) -> None:
    assert wire.encoded("é" * 262_144).decode() == "é" * 262_144
    assert wire.encoded("é" * 262_145).decode().endswith("é… (262145 characters)")


def test_a_huge_class_and_each_line_of_a_stack_are_cut_too(wire: Any) -> None:
    *_, name, _, line = wire.failed(b"f", b"", "N" * 300_000, "", ["l" * 400_000])
    assert name.decode().endswith("N… (300000 characters)")
    assert line.decode().endswith("l… (400000 characters)")


def test_a_stack_of_a_million_lines_is_cut(wire: Any) -> None:
    lines = [f"line {number}" for number in range(1_000_000)]
    assert wire.failed(b"e", b"", "E", "m", lines)[6:] == tuple(line.encode() for line in lines[:2000])


def test_what_is_no_result_is_said_twice_and_cut_both_times(wire: Any) -> None:
    kind, _, _, body, text = wire.refused("w" * 1_000_000)
    assert kind == b"x"
    assert body == text
    assert text.decode().endswith("w… (1000000 characters)")


@given(body=st.binary() | ERRORS.map(lambda said: json.dumps(said).encode()))
def test_any_body_has_a_class_a_message_and_a_stack_that_can_be_sent(wire: Any, body: bytes) -> None:
    name, text, stack = error_parts(body)
    parts = wire.failed(b"e", body, name, text, stack)
    assert all(isinstance(part, bytes) for part in parts)
    assert parts[3] == body
    assert name


@given(identifier=st.text("0123456789abcdef-", max_size=255), body=st.binary())
def test_an_event_is_its_id_and_the_bytes_that_were_sent(wire: Any, identifier: str, body: bytes) -> None:
    content = bytes([len(identifier)]) + identifier.encode() + body
    assert wire.event_of(content) == (identifier, body)
