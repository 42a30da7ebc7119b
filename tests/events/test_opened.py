"""``event.decoded``: the plain value with every encoded string opened."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.errors import EventError
from fgtui.events.decoded import decode
from fgtui.events.opened import decoded_value
from tests.events.encoded_text import EVENTS, TRIGGERS, b64, trigger


def opened(key: str, template: str = "default"):
    known = trigger(key)
    return decoded_value(known.template(template).text, known)


@pytest.mark.parametrize("shape", ["default", "objects", "string"])
def test_all_three_shapes_of_lts_read_alike(shape: str) -> None:
    value = opened("lts", shape)
    assert value["lts"]["data"]["owner"] == "6280e170bd934f60a4d851cf5ca05129"
    assert value["lts"]["data"]["logs"][1]["line_no"] == 616


def test_the_cursor_of_dis_and_its_records_are_open() -> None:
    value = opened("dis", "typed-records")["Message"]
    assert value["next_partition_cursor"]["getIteratorParam"]["cursor-type"] == "TRIM_HORIZON"
    assert value["records"][0]["data"] == {"device": "d-1", "temp": 21.5}


def test_bytes_that_are_no_text_stay_the_string_they_came_in() -> None:
    assert opened("dis", "typed-records")["Message"]["records"][1]["data"] == "H4sIAP/+"


def test_a_body_opens_by_its_flag() -> None:
    assert opened("apig")["body"] == {"message": "hello"}
    assert opened("apig", "plain-body")["body"] == {"message": "hello"}
    assert opened("apig", "empty-body")["body"] == ""


def test_an_object_key_is_decoded() -> None:
    assert opened("obs")["Records"][0]["s3"]["object"]["key"] == "photos/holiday 2021/cat.png"
    assert opened("obs", "v3")["Records"][0]["obs"]["object"]["key"] == "photos/holiday 2021/cat.png"


def test_json_of_any_spacing_is_open() -> None:
    change = opened("gaussdb-mongo")["records"][0]["gauss_mongo"]
    assert change["full_document"]["zhangsan"] == "zhangsan"
    assert change["ns"] == {"db": "zhangsan", "coll": "zhangsan"}
    assert opened("async-destination", "failure")["response_payload"]["errorType"] == "RuntimeError"


def test_gzip_of_any_making_is_open() -> None:
    wire = json.dumps({"data": b64(gzip.compress(b'{\n"a": 1}', compresslevel=1, mtime=5))})
    assert decoded_value(wire, None) == {"data": {"a": 1}}


def test_what_looks_like_a_codec_is_data() -> None:
    assert decoded_value('{"$base64":"aGVsbG8="}', None) == {"$base64": "aGVsbG8="}


def test_large_integers_are_exact() -> None:
    wire = json.dumps({"a": '{"n":12345678901234567890123}'})
    assert decoded_value(wire, None) == {"a": {"n": 12345678901234567890123}}


def test_the_whole_event_may_be_one_string() -> None:
    assert decoded_value(json.dumps('{"a":1}'), None) == {"a": 1}
    assert decoded_value("5", None) == 5


def test_a_hundred_thousand_levels_are_an_answer() -> None:
    value = decoded_value("[" * 100_000 + '"{\\"b\\":1}"' + "]" * 100_000, trigger("lts"))
    for _ in range(100_000):
        (value,) = value
    assert value == {"b": 1}


def test_what_is_no_json_says_where() -> None:
    with pytest.raises(EventError) as caught:
        decoded_value('{"a":\n tru}', None)
    assert caught.value.line == 2


def without_codecs(value):
    """The decoded form with its codec objects taken away: what ``event.decoded`` has to agree with."""
    if isinstance(value, list):
        return [without_codecs(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((name, inside),) = value.items()
        if name == "$literal":
            return inside
        if name.startswith("$") and name not in {"$oid", "$bsae64"}:
            return without_codecs(inside)
    return {name: without_codecs(item) for name, item in value.items()}


PLAIN = st.recursive(
    st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "data", "body"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(PLAIN, st.lists(st.sampled_from(["json", "base64", "gzip"]), max_size=3), TRIGGERS)
def test_it_is_the_decoded_form_without_its_codecs(value, stack, known) -> None:
    text = json.dumps({"event": value}, separators=(",", ":"))
    for step in stack:
        if step == "base64":
            text = json.dumps({"data": b64(text)})
        elif step == "gzip":
            text = json.dumps({"data": b64(gzip.compress(text.encode(), mtime=0))})
        else:
            text = json.dumps({"message": text}, ensure_ascii=False)
    assert decoded_value(text, known) == without_codecs(json.loads(decode(text, known)))


@settings(max_examples=100)
@given(EVENTS, TRIGGERS)
def test_any_event_opens(wire, known) -> None:
    decoded_value(wire, known)
