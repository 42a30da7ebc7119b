"""Placeholders that nobody has listed: found wherever they stand, and listed once the event is recorded."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from fgtui.sessions.redaction.leftovers import placeholder_paths
from fgtui.sessions.redaction.redactor import Redactor
from tests.factories import an_event, an_exchange

PLACEHOLDER = "<redacted:0123456789ab>"
INNER = json.dumps({"note": PLACEHOLDER})


def in_base64(content: bytes) -> str:
    return json.dumps({"data": base64.b64encode(content).decode()})


@pytest.mark.parametrize(
    ("wire", "paths"),
    [
        ("{}", ()),
        ("", ()),
        ("redacted: no", ()),
        (json.dumps({"password": PLACEHOLDER, "more": [1, f"Bearer {PLACEHOLDER}"]}), ("password", "more[1]")),
        (json.dumps({"body": INNER}), ("body.note",)),
        (in_base64(INNER.encode()), ("data.note",)),
        (in_base64(gzip.compress(INNER.encode(), mtime=0)), ("data.note",)),
        (f"not JSON {PLACEHOLDER}", ("",)),
    ],
)
def test_an_event_that_holds_placeholders_is_recorded_with_their_places(wire: str, paths: tuple[str, ...]) -> None:
    assert placeholder_paths(wire.encode()) == paths
    recorded = Redactor().apply(an_exchange(an_event(wire)))
    assert recorded.event.redacted == paths
    assert recorded.event.text == wire


def test_what_was_left_and_what_is_new_are_listed_together_and_a_listed_event_stays_as_it_is() -> None:
    wire = json.dumps({"note": PLACEHOLDER, "password": "hunter2-hunter2"})
    once = Redactor().apply(an_exchange(an_event(wire)))
    assert once.event.redacted == ("note", "password")
    assert Redactor().apply(once) is once
