"""Paths lead through every layer, and say how far they go where they lead nowhere."""

from __future__ import annotations

import json

import pytest

from fgtui.errors import EventError
from fgtui.events.fields import locate, place_at
from fgtui.events.text import Kind, parse_path, scan
from tests.events.encoded_text import trigger


def reach(key: str, path: str):
    known = trigger(key)
    return locate(scan(known.template().text), known, parse_path(path))


def test_text_that_nobody_would_open_unasked_opens_for_a_path() -> None:
    found = locate(scan('{"a":"[1, {\\"b\\":5}]"}'), None, ("a", 1, "b"))
    assert found.text == "5"
    assert locate(scan('["WzVd"]'), None, (0, 0)).text == "5"  # base64 of [5]


@pytest.mark.parametrize(
    ("key", "path", "said", "hint"),
    [
        ("lts", "lts.dat", "lts has no member dat", "did you mean data?"),
        ("lts", "lts.data.log[0]", "lts.data has no member log", "did you mean logs?"),
        ("lts", "lts.data.logs[7].time", "lts.data.logs has no item [7]; it has 3", "[3] adds one"),
        ("lts", "lts.data.logs.message", "lts.data.logs is a list and has no member message", "lts.data.logs[0].message"),
        ("lts", "lts[0]", "lts is an object and has no item [0]", ""),
        ("apig", "isBase64Encoded.x", "isBase64Encoded is true, so x cannot be inside it", "set isBase64Encoded itself"),
        ("apig", "path.x", "path is text that holds no object or list", "set path itself"),
        ("timer", "user_event.job", "user_event does not open, so job cannot be inside it: not JSON at 1:1", ""),
        ("dis", "Message.records[0].data.x", "Message.records[0].data is text that holds no object or list", ""),
        ("blank", "nothing", "the event has no member nothing", "its members: key"),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_says_how_far_it_goes(key: str, path: str, said: str, hint: str) -> None:
    with pytest.raises(EventError) as caught:
        reach(key, path)
    assert said in str(caught.value)
    assert hint in caught.value.hint.format_map(caught.value.values)


def test_a_lying_flag_is_named_where_a_path_leads_into_the_body() -> None:
    known = trigger("apig")
    wire = known.template("plain-body").text.replace("false", "true")
    with pytest.raises(EventError, match="body does not open, so message cannot be inside it: not base64"):
        locate(scan(wire), known, parse_path("body.message"))


def test_no_path_leads_deeper_than_the_limit() -> None:
    text, path = "1", []
    for _ in range(7):
        text = json.dumps({"a": text})
        path.append("a")
    document = scan(text)
    assert locate(document, None, tuple(path[:6])).kind is Kind.STRING
    with pytest.raises(EventError, match="5 layers of encoding deep"):
        locate(document, None, tuple(path))


def test_an_empty_document_has_no_places() -> None:
    with pytest.raises(EventError, match="no value"):
        locate(scan(""), None, ("a",))
    assert place_at(scan(""), None, 0) is None
