"""Wire text to the decoded form and back: nothing is lost, and what is wrong says where."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from fgtui.errors import EventError
from fgtui.events.codecs import INFLATE_LIMIT, LAYER_LIMIT
from fgtui.events.decoded import decode, encode, find_decoded, plain_path
from fgtui.events.text import is_json, parse_path, scan
from tests.events.encoded_text import EVENTS, SAMPLES, TRIGGERS, b64, trigger


def sample(key: str, template: str = "default") -> str:
    return trigger(key).template(template).text


class TestNothingIsLost:
    @settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
    @given(EVENTS, TRIGGERS)
    def test_whatever_is_decoded_is_encoded_again_to_the_same_characters(self, wire, trigger) -> None:
        decoded = decode(wire, trigger)
        assert is_json(decoded)
        assert encode(decoded) == wire

    @settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
    @given(EVENTS)
    def test_a_decoded_form_is_an_event_like_any_other(self, wire) -> None:
        decoded = decode(wire, None)
        assert encode(decode(decoded, None)) == decoded

    @pytest.mark.parametrize(("key", "file"), SAMPLES, ids=lambda each: getattr(each, "name", each))
    def test_every_sample_round_trips_with_its_trigger_and_without(self, key: str, file: Path) -> None:
        wire = file.read_text("utf-8")
        for known in (trigger(key), None):
            assert encode(decode(wire, known)) == wire

    def test_comments_and_trailing_commas_stay_where_they_are(self) -> None:
        wire = '{ // about\n  "user_event": "{\\"a\\":1}", /* { */\n}\n'
        decoded = decode(wire, trigger("timer"))
        assert decoded == '{ // about\n  "user_event": {"$json": {\n    "a": 1\n  }}, /* { */\n}\n'
        assert encode(decoded) == wire

    def test_a_byte_order_mark_stays(self) -> None:
        wire = '\ufeff{"a":"{\\"b\\":1}"}'
        decoded = decode(wire, None)
        assert "$json" in decoded
        assert encode(decoded) == wire

    @pytest.mark.parametrize(
        "wire",
        [
            r'{"a": "{\"b\":\u0031}"}',
            r'{"a": "{\u0022b\u0022:1}"}',
            r'{"a": "eyJhIjoxfQ=\u003d"}',
            r'{"a": "https:\/\/x", "b": "[\"\/\"]"}',
        ],
    )
    def test_a_string_that_is_spelled_in_its_own_way_stays_as_it_is(self, wire: str) -> None:
        assert decode(wire, None) == wire

    def test_numbers_inside_strings_keep_their_spelling(self) -> None:
        wire = json.dumps({"a": '{"n":[52.0,1E400,-0,12345678901234567890123]}'})
        assert "1E400" in decode(wire, None)
        assert encode(decode(wire, None)) == wire


class TestWhatOpens:
    def test_shape_a_of_lts_opens_down_to_each_line(self) -> None:
        decoded = json.loads(decode(sample("lts"), trigger("lts")))
        line = decoded["lts"]["data"]["$base64"]["$json"]["logs"][0]["$json"]
        assert line["line_no"] == 615

    def test_shape_b_of_lts_is_indented_inside_so_it_opens_as_text_only(self) -> None:
        decoded = json.loads(decode(sample("lts", "objects"), trigger("lts")))
        assert decoded["lts"]["data"]["$base64"].startswith('{\n        "logs"')

    def test_shape_c_of_lts_opens_its_logs_as_one_string(self) -> None:
        decoded = json.loads(decode(sample("lts", "string"), trigger("lts")))
        assert decoded["lts"]["data"]["$base64"]["$json"]["logs"]["$json"][1]["line_no"] == 616

    def test_the_cursor_of_dis_has_no_padding(self) -> None:
        decoded = json.loads(decode(sample("dis"), trigger("dis")))
        assert (
            decoded["Message"]["next_partition_cursor"]["$base64-nopad"]["$json"]["generateTimestamp"] == 1509606392191
        )
        assert decoded["Message"]["records"][0]["data"] == {"$base64": "<Buffer></Buffer>"}

    def test_bytes_that_are_no_text_stay_encoded(self) -> None:
        decoded = json.loads(decode(sample("dis", "typed-records"), trigger("dis")))
        assert [record["data"] for record in decoded["Message"]["records"]] == [
            {"$base64": {"$json": {"device": "d-1", "temp": 21.5}}},
            "H4sIAP/+",
        ]

    def test_a_body_opens_by_its_flag(self) -> None:
        base64_body = json.loads(decode(sample("apig"), trigger("apig")))["body"]
        assert base64_body == {"$base64": {"$json": {"message": "hello"}}}
        plain_body = json.loads(decode(sample("apig", "plain-body"), trigger("apig")))["body"]
        assert plain_body == {"$json": {"message": "hello"}}
        assert json.loads(decode(sample("apig", "empty-body"), trigger("apig")))["body"] == {"$base64": ""}

    def test_a_body_whose_flag_lies_stays_as_it_is(self) -> None:
        wire = sample("apig", "plain-body").replace('"isBase64Encoded": false', '"isBase64Encoded": true')
        assert decode(wire, trigger("apig")) == wire

    def test_an_object_key_opens_only_where_the_schema_says_so(self) -> None:
        wire = sample("obs")
        assert '"key": {"$form": "photos/holiday 2021/cat.png"}' in decode(wire, trigger("obs"))
        assert decode(wire, None) == wire

    def test_mixed_spacing_cannot_be_written_back_so_it_stays(self) -> None:
        decoded = json.loads(decode(sample("gaussdb-mongo"), trigger("gaussdb-mongo")))
        change = decoded["records"][0]["gauss_mongo"]
        assert isinstance(change["full_document"], str)
        assert set(change["token"]) == {"$json-spaced"}
        assert decoded["records"][0]["event_name"] == '"insert"'

    def test_gzip_opens_inside_base64(self) -> None:
        wire = json.dumps({"data": b64(gzip.compress(b'{"a":1}', mtime=0))})
        assert json.loads(decode(wire, None)) == {"data": {"$base64": {"$gzip": {"$json": {"a": 1}}}}}

    def test_gzip_of_another_making_stays_closed(self) -> None:
        wire = json.dumps({"data": b64(gzip.compress(b'{"a":1}', mtime=1))})
        assert decode(wire, None) == wire

    def test_nothing_opens_deeper_than_the_limit(self) -> None:
        text = '{"deepest":1}'
        for _ in range(LAYER_LIMIT + 2):
            text = json.dumps({"a": text})
        wire = json.dumps({"a": text})
        decoded = decode(wire, None)
        assert decoded.count('"$json-spaced"') == LAYER_LIMIT
        assert encode(decoded) == wire

    def test_all_compressed_strings_of_an_event_share_one_limit(self) -> None:
        bomb = b64(gzip.compress(b" " * (INFLATE_LIMIT // 2 + 1), mtime=0))
        wire = json.dumps([bomb, bomb])
        opened = json.loads(decode(wire, None))
        assert isinstance(opened[0], dict)
        assert opened[1] == bomb
        assert encode(decode(wire, None)) == wire


class TestProtection:
    @pytest.mark.parametrize(
        "wire",
        [
            '{"$base64":"aGVsbG8="}',
            '{"$json":{"a":1}}',
            '{ "$form" : 5 }',
            '{"$literal":{"$base64":"x"}}',
            '{"$literal":{"$literal":{"$literal":1}}}',
            '[{"$base64":{"$json":{"$literal":1}}}]',
            r'{"\u0024base64":"x"}',
            '{"$bsae64":"x"}',
            '{"a":"{\\"$json\\":1}"}',
        ],
    )
    def test_what_looks_like_a_codec_in_an_event_is_protected(self, wire: str) -> None:
        decoded = decode(wire, None)
        assert '"$literal": ' in decoded
        assert encode(decoded) == wire

    @pytest.mark.parametrize(
        "wire",
        [
            '{"$oid":"5d8c2f8e5beccb6cf5370d6a"}',
            '{"$numberDouble":"52.0"}',
            '{"$date":1}',
            '{"$base64":"x","other":1}',
            '{"$base64":1,"$base64":2}',
            '{"$":1}',
            "{}",
        ],
    )  # fmt: skip
    def test_other_objects_are_data(self, wire: str) -> None:
        assert decode(wire, None) == wire
        assert encode(wire) == wire


class TestLayout:
    def test_what_opens_is_indented_like_its_surroundings(self) -> None:
        wire = '{\n\t"a": {\n\t\t"user": "{\\"b\\":{\\"c\\":[1]}}"\n\t}\n}'
        assert decode(wire, None) == (
            '{\n\t"a": {\n\t\t"user": {"$json": {\n\t\t\t"b": {\n\t\t\t\t"c": [\n\t\t\t\t\t1\n\t\t\t\t]\n\t\t\t}\n\t\t}}\n\t}\n}'
        )

    def test_in_an_event_on_one_line_what_opens_is_still_readable(self) -> None:
        assert decode('{"a":"{\\"b\\":1}","c":2}', None) == '{"a":{"$json": {\n  "b": 1\n}},"c":2}'

    def test_several_strings_on_one_line_share_its_margin(self) -> None:
        wire = '[\n    ["{\\"a\\":1}", "{\\"b\\":1}"]\n]'
        assert decode(wire, None).splitlines() == [
            "[", '    [{"$json": {', '        "a": 1', '    }}, {"$json": {', '        "b": 1', "    }}]", "]",
        ]  # fmt: skip


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("decoded", "place", "said"),
        [
            ('{"a": {"$base64": 5}}', (1, 19), "$base64 holds text, and this is a number"),
            ('{"a":\n {"$base64": {"b": 1}}}', (2, 14), "$base64 holds text, and this is an object"),
            ('{"$base64": [1]}', (1, 13), "$base64 holds text, and this is a list"),
            ('{"$form": null}', (1, 11), "$form holds text, and this is null"),
            ('{"$gzip": "x"}', (1, 1), "$gzip has no place here"),
            ('{"$json": {"a": {"$gzip": "x"}}}', (1, 17), "$gzip has no place here"),
            ('{"$base64": {"$json": {"$gzip": "x"}}}', (1, 23), "$gzip has no place here"),
            ('{"$base64": {"$literal": 1}}', (1, 13), "$literal protects a JSON value and has no place inside $base64"),
            ('{"$bas64": "x"}', (1, 1), "$bas64 is no codec"),
            ('{"$base64": {"$jsn": 1}}', (1, 13), "$jsn is no codec"),
            (r'{"$base64": "\ud800"}', (1, 13), "half of a surrogate pair has no bytes"),
            ('{"a": tru}', (1, 7), ""),
        ],
    )
    def test_a_codec_that_makes_no_sense_says_where(self, decoded: str, place: tuple[int, int], said: str) -> None:
        with pytest.raises(EventError) as caught:
            encode(decoded)
        assert (caught.value.line, caught.value.column) == place
        assert said in str(caught.value)

    def test_the_nearest_codec_is_named(self) -> None:
        with pytest.raises(EventError) as caught:
            encode('{"$base64-url": "x"}')
        assert caught.value.hint.format_map(caught.value.values).startswith("did you mean $base64url? ")

    def test_a_name_that_only_looks_misspelled_can_be_kept(self) -> None:
        with pytest.raises(EventError) as caught:
            encode('{"$zip": 1}')
        assert '{"$literal": {"$zip": …}}' in caught.value.hint.format_map(caught.value.values)
        assert encode('{"$literal": {"$zip": 1}}') == '{"$zip": 1}'

    def test_more_layers_than_are_opened_are_refused(self) -> None:
        decoded = '{"$json":' * (LAYER_LIMIT + 1) + "1" + "}" * (LAYER_LIMIT + 1)
        with pytest.raises(EventError, match="one layer more than the 5"):
            encode(decoded)

    def test_a_hundred_thousand_codecs_are_words_not_a_crash(self) -> None:
        with pytest.raises(EventError, match="one layer more"):
            encode('{"$base64":' * 100_000 + '"x"' + "}" * 100_000)

    def test_an_event_that_is_no_json_says_where(self) -> None:
        with pytest.raises(EventError) as caught:
            decode('{"isBase64Encoded": false/true}', None)
        assert caught.value.line == 1


class TestSize:
    @pytest.mark.parametrize(
        "wire",
        [
            pytest.param('{"a":' * 100_000 + '"{\\"b\\":1}"' + "}" * 100_000, id="objects"),
            pytest.param("[" * 100_000 + '"{\\"b\\":1}"' + "]" * 100_000, id="lists"),
            pytest.param('{"data":"x","a":' * 50_000 + "1" + "}" * 50_000, id="strings-on-every-level"),
            pytest.param(json.dumps(b64('{"a":' * 100_000 + "1" + "}" * 100_000)), id="inside-a-string"),
        ],
    )
    def test_a_hundred_thousand_levels_are_an_answer(self, wire: str) -> None:
        for known in (None, trigger("lts")):
            assert encode(decode(wire, known)) == wire

    def test_indentation_does_not_multiply_an_event(self) -> None:
        wire = json.dumps(["[" * 60 + '"a"' + "]" * 60] * 5_000)
        decoded = decode(wire, None)
        assert len(decoded) < 6 * len(wire) + (2 << 20)
        assert encode(decoded) == wire


class TestPlaces:
    @pytest.mark.parametrize(
        "path",
        [
            "lts.data.logs[0].message",
            "lts.data.logs[2]",
            "lts.data.owner",
            "lts.data",
            "lts",
        ],
    )
    def test_a_path_of_the_event_leads_through_codecs_and_back(self, path: str) -> None:
        document = scan(decode(sample("lts"), trigger("lts")))
        node = find_decoded(document, parse_path(path))
        assert node is not None
        assert plain_path(document, node) == parse_path(path)

    def test_what_is_protected_is_data(self) -> None:
        document = scan(decode('{"a":{"$base64":"x"}}', None))
        node = find_decoded(document, ("a", "$base64"))
        assert node is not None
        assert document.string(node) == "x"
        assert plain_path(document, node) == ("a", "$base64")

    def test_a_path_that_leads_nowhere_is_no_place(self) -> None:
        assert find_decoded(scan('{"a":{"$base64":"x"}}'), ("a", "b")) is None
