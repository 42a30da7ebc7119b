"""Places of an event: found through every layer, and honest about what can be edited."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.events.fields import locate, place_at, set_text
from fgtui.events.text import Kind, parse_path, scan
from fgtui.words import say
from tests.events.encoded_text import EVENTS, TRIGGERS, b64, trigger


def place(key: str, path: str, template: str = "default"):
    known = trigger(key)
    return locate(scan(known.template(template).text), known, parse_path(path))


class TestLocate:
    @pytest.mark.parametrize("shape", ["default", "objects", "string"])
    def test_a_line_of_log_is_found_in_all_three_shapes(self, shape: str) -> None:
        found = place("lts", "lts.data.logs[1].line_no", shape)
        assert (found.kind, found.text, found.literal) == (Kind.NUMBER, "616", "616")
        assert found.info.description == "Number of the line in its file."
        assert found.editable

    def test_the_layers_on_the_way_come_along_outermost_first(self) -> None:
        found = place("lts", "lts.data.logs[0].message")
        assert [len(layer.codecs) for layer in found.layers] == [2, 1]
        assert not found.opened
        wire = trigger("lts").template().text
        assert wire[found.start] == '"'
        assert wire[found.start + 1 : found.end - 1] == found.layers[0].original

    def test_an_encoded_string_itself_is_shown_as_what_it_holds(self) -> None:
        found = place("apig", "body")
        assert found.text == '{\n  "message": "hello"\n}'
        assert (found.opened, found.is_text, found.editable, found.why_not) == (True, True, True, "")
        assert found.literal == '"eyJtZXNzYWdlIjoiaGVsbG8ifQ=="'

    def test_json_of_its_own_spacing_is_shown_as_it_is(self) -> None:
        found = place("gaussdb-mongo", "records[0].gauss_mongo.ns")
        assert found.text == '{"db": "zhangsan","coll": "zhangsan"}'
        assert found.editable

    def test_a_plain_string_is_its_text(self) -> None:
        found = place("timer", "user_event")
        assert (found.text, found.is_text, found.editable) == ("用户配置事件", True, True)
        assert found.why_not.startswith("not JSON at 1:1")

    def test_an_object_is_json(self) -> None:
        found = place("dds", "records[0].dds.ns")
        assert not found.is_text
        assert json.loads(found.text) == {"db": "functiongraph", "coll": "person"}

    def test_a_body_whose_flag_lies_says_why_it_does_not_open(self) -> None:
        known = trigger("apig")
        wire = known.template("plain-body").text.replace("false", "true")
        found = locate(scan(wire), known, ("body",))
        assert found.text == '{"message":"hello"}'
        assert not found.opened
        assert "character 1 is {" in found.why_not
        assert found.reason is not None
        assert say(found.reason.message, found.reason.values) == found.why_not

    def test_bytes_are_shown_in_hexadecimal_and_not_edited(self) -> None:
        found = place("dis", "Message.records[1].data", "typed-records")
        assert found.text == "1f 8b 08 00 ff fe"
        assert not found.editable
        assert found.why_not

    def test_gzip_that_cannot_be_made_again_is_read_only(self) -> None:
        packed = bytearray(gzip.compress(b"hello hello hello", mtime=0))
        stored = b"\x1f\x8b\x08\0\0\0\0\0\0\3" + b"\1\3\0\xfc\xffabc" + bytes.fromhex("c2412435") + b"\3\0\0\0"
        assert gzip.decompress(stored) == b"abc"
        found = locate(scan(json.dumps([base64.b64encode(stored).decode()])), None, (0,))
        assert (found.text, found.editable) == ("abc", False)
        assert "would not give the same characters" in found.why_not
        assert locate(scan(json.dumps([b64(bytes(packed))])), None, (0,)).editable

    def test_an_object_key_with_small_hexadecimal_digits_is_read_only(self) -> None:
        known = trigger("obs")
        wire = known.template().text.replace("%2F", "%2f")
        found = locate(scan(wire), known, parse_path("Records[0].s3.object.key"))
        assert (found.text, found.editable) == ("photos/holiday 2021/cat.png", False)

    def test_the_whole_event_is_a_place(self) -> None:
        assert place("blank", "").kind is Kind.OBJECT


class TestPlaceAt:
    def test_the_field_at_the_cursor_is_the_innermost_one(self) -> None:
        known = trigger("obs")
        wire = known.template().text
        found = place_at(scan(wire), known, wire.index("holiday"))
        assert found is not None
        assert found.path == parse_path("Records[0].s3.object.key")
        assert found.text == "photos/holiday 2021/cat.png"
        assert found.info.known

    def test_a_name_belongs_to_its_value(self) -> None:
        found = place_at(scan('{"a": 1}'), None, 2)
        assert found is not None
        assert found.path == ("a",)

    def test_around_all_values_it_is_the_whole_event(self) -> None:
        found = place_at(scan(' {"a": 1}'), None, 0)
        assert found is not None
        assert found.path == ()

    def test_of_two_members_of_one_name_the_first_is_edited_in_the_text_only(self) -> None:
        wire = '{"a": "x", "a": "y"}'
        first = place_at(scan(wire), None, wire.index("x"))
        last = place_at(scan(wire), None, wire.index("y"))
        assert first is not None
        assert last is not None
        assert (first.text, first.editable) == ("x", False)
        assert (last.text, last.editable) == ("y", True)
        assert "the one that counts" in first.why_not

    def test_text_that_is_no_json_yet_has_places_too(self) -> None:
        found = place_at(scan('{"a": tru, "b": "x'), None, 7)
        assert found is not None
        assert (found.kind, found.editable) == (Kind.INVALID, False)

    def test_a_hundred_thousand_levels_are_an_answer(self) -> None:
        wire = '{"a":' * 100_000 + "1" + "}" * 100_000
        found = place_at(scan(wire), trigger("lts"), wire.index("1"))
        assert found is not None
        assert len(found.path) == 100_000

    @settings(max_examples=100)
    @given(EVENTS, TRIGGERS, st.integers(0, 10_000))
    def test_every_offset_of_every_event_is_a_place(self, wire, known, offset) -> None:
        found = place_at(scan(wire), known, offset % (len(wire) + 1))
        assert found is not None
        assert wire[found.start : found.end] == found.literal

    @settings(max_examples=150)
    @given(EVENTS, TRIGGERS, st.integers(0, 10_000))
    def test_what_can_be_edited_and_is_written_back_unchanged_changes_nothing(self, wire, known, offset) -> None:
        found = place_at(scan(wire), known, offset % (len(wire) + 1))
        assert found is not None
        if found.editable:
            assert set_text(wire, known, found.path, found.text) == wire
        elif found.why_not:
            assert "{" not in found.reason.message.format_map(found.reason.values) or found.reason.values
