"""Hints beside encoded strings: what they hold, at the cost of what is on screen."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.events.hints import LOOKED_AT, WHOLE, hints, hints_between
from fgtui.events.text import scan
from tests.events.encoded_text import EVENTS, TRIGGERS, b64, trigger


def told(wire: str, key: str | None = None) -> list[tuple[str, str]]:
    document = scan(wire)
    return [
        (hint.summary, hint.preview)
        for hint in hints(document, trigger(key) if key else None, 1, document.line_count)
    ]  # fmt: skip


def sample(key: str, template: str = "default") -> str:
    return trigger(key).template(template).text


class TestWhatIsSaid:
    def test_records_of_dis(self) -> None:
        assert told(sample("dis", "typed-records"), "dis") == [
            ("base64 without padding → JSON", told(sample("dis"), "dis")[0][1]),
            ("base64 → JSON", '{"device":"d-1","temp":21.5}'),
            ("base64 → bytes", "1f 8b 08 00 ff fe"),
        ]
        assert told(sample("dis"), "dis")[1] == ("base64", "<Buffer></Buffer>")

    def test_an_object_key(self) -> None:
        assert told(sample("obs"), "obs") == [("URL-encoded", "photos/holiday 2021/cat.png")]

    def test_json_in_a_string(self) -> None:
        assert told(sample("gaussdb-mongo"), "gaussdb-mongo")[1] == ("JSON", '{"db": "zhangsan","coll": "zhangsan"}')

    def test_gzip(self) -> None:
        wire = json.dumps({"a": b64(gzip.compress(b'{"b": 1}', mtime=3))})
        assert told(wire) == [("base64 → gzip → JSON", '{"b": 1}')]

    def test_lines_inside_become_one_line(self) -> None:
        assert told(json.dumps({"a": '{\n  "b": 1\n}'})) == [("JSON", '{ "b": 1 }')]

    def test_json_in_strings_of_json_is_opened_where_it_stands(self) -> None:
        inner = json.dumps({"m": json.dumps({"n": 'a "b"'})})
        wire = json.dumps({"a": b64(json.dumps({"logs": [inner, "plain", "{broken", '{"x": nonsense}']}).encode())})
        (hint,) = told(wire)
        assert hint == (
            "base64 → JSON",
            r'{"logs": [{"m": {"n": "a \"b\""}}, "plain", "{broken", "{\"x\": nonsense}"]}',
        )  # fmt: skip

    @pytest.mark.parametrize("template", ["default", "string"])
    def test_lines_of_a_log_are_readable_in_each_of_their_shapes(self, template: str) -> None:
        ((summary, preview),) = told(sample("lts", template), "lts")
        assert summary == "base64 → JSON"
        assert preview.startswith('{"logs":[{"message":"2018-06-26/18:40:53 [INF]')

    def test_of_json_cut_in_a_string_of_json_the_beginning_is_opened(self) -> None:
        for length in range(360, 400):  # wherever in the escapes it is cut
            inner = json.dumps({"pad": "x" * length, "n": 'a\\"b"\\\\' * 9})
            ((_, preview),) = told(json.dumps([json.dumps({"logs": [inner]})]))
            assert preview.startswith('{"logs": [{"pad": "xxx')

    def test_an_empty_string_needs_no_hint(self) -> None:
        assert told(sample("apig", "empty-body"), "apig") == []

    def test_plain_text_needs_no_hint(self) -> None:
        assert told(sample("timer"), "timer") == []
        assert told('{"id": "1167bf8c-87b0-43ab-8f5f-26b16c64f252", "name": "notification"}') == []

    def test_characters_that_stand_as_escapes_can_be_read(self) -> None:
        assert told(r'{"\u72b6\u6001": {"a": "x\n\u6210", "b": "\u202e", "c": "plain"}}') == [
            ("", "状态"),
            ("", r"x\n成"),
        ]
        assert told(r'{"a": "{\"\\u72b6\": \"\\u202e\"}"}') == [("JSON", r'{"状": "\u202e"}')]
        assert told(json.dumps(["猫" * 9000])) == [("", "猫" * 200)]

    def test_the_hint_belongs_to_the_literal(self) -> None:
        wire = '{"a": "x", "b": "{\\"c\\":1}"}'
        (hint,) = hints(scan(wire), None, 1, 1)
        assert wire[hint.start : hint.end] == '"{\\"c\\":1}"'


class TestTheWindow:
    WIRE = json.dumps([json.dumps({"n": number}, separators=(",", ":")) for number in range(10)], indent=1)

    def test_only_the_lines_asked_for_are_told(self) -> None:
        document = scan(self.WIRE)
        assert [hint.preview for hint in hints(document, None, 3, 4)] == ['{"n":1}', '{"n":2}']
        assert hints(document, None, 1, 1) == []
        assert [hint.preview for hint in hints(document, None, 11, 99)] == ['{"n":9}']

    def test_text_that_is_no_json_yet_has_hints(self) -> None:
        assert told('{"a": tru, "b": "{\\"c\\":1}"') == [("JSON", '{"c":1}')]

    def test_a_document_on_one_line_is_not_told_to_its_end(self) -> None:
        wire = json.dumps(['{"n":1}'] * (LOOKED_AT + 50))
        assert len(told(wire)) == LOOKED_AT - 1
        assert hints_between(scan(wire), None, len(wire) - 100, len(wire))


class TestLongStrings:
    @pytest.mark.parametrize(
        ("value", "summary", "preview"),
        [
            pytest.param(b64('{"a":"' + "x" * 9000), "base64 → JSON", '{"a":"xxx', id="json"),
            pytest.param(b64("line of text " * 900), "base64", "line of text line", id="text"),
            pytest.param(b64("猫" * 9000), "base64", "猫猫", id="text-cut-in-a-character"),
            pytest.param(
                b64(gzip.compress(bytes(range(256)) * 3 + b"{" * 99999 + base64.b64encode(bytes(range(251)) * 99))),
                "base64 → gzip → bytes", "00 01 02", id="gzip-of-bytes",
            ),
            pytest.param(json.dumps({"a": ["x" * 9000]}), "JSON", '{"a": ["xxx', id="json-in-a-string"),
            pytest.param(json.dumps({"a": '"\\' * 4000}), "JSON", '{"a": "', id="escapes-across-the-cut"),
            pytest.param(b64('{"a":"' + "x" * 9001).rstrip("="), "base64 without padding → JSON", '{"a"', id="unpadded"),
            pytest.param(base64.encodebytes(b'{"a":"' + b"x" * 9000).decode(), "base64 → JSON", '{"a"', id="on-lines"),
        ],
    )  # fmt: skip
    def test_of_a_long_string_the_beginning_tells(self, value: str, summary: str, preview: str) -> None:
        wire = json.dumps({"body": value, "isBase64Encoded": True}) if "bytes" in summary else json.dumps([value])
        ((said, shown),) = told(wire, "apig" if "bytes" in summary else None)
        assert said == summary
        assert shown.startswith(preview)

    def test_a_long_word_needs_no_hint(self) -> None:
        assert told(json.dumps(["abcd" * 9000])) == []
        assert told(json.dumps(["deadbeef" * 9000])) == []
        assert told(json.dumps(["[" * 9000])) == []

    def test_no_more_than_the_beginning_is_looked_at(self) -> None:
        value = b64("x" * 9000) + " and this is no base64 at all"
        ((said, shown),) = told(json.dumps([value]))
        assert said.startswith("base64")
        assert shown == "x" * 200
        assert told(json.dumps([value[-WHOLE:]])) == []


@settings(max_examples=100)
@given(EVENTS, TRIGGERS, st.integers(0, 5), st.integers(0, 5))
def test_no_event_breaks_it(wire, known, first, last) -> None:
    document = scan(wire)
    for hint in hints(document, known, first, last):
        assert wire[hint.start] == '"'
        assert "\n" not in hint.preview
        assert hint.summary or hint.preview
