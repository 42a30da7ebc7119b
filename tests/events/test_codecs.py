"""One encoded string at a time: strict when it opens, exact when it closes, and never opened on a mere guess."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from urllib.parse import quote_plus, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.codecs import (
    LAYER_LIMIT,
    Codec,
    close_string,
    json_style,
    open_string,
)
from fgtui.events.reasons import reason_closed
from fgtui.events.schema import Encoding

CURSOR = (
    "eyJnZXRJdGVyYXRvclBhcmFtIjp7InN0cmVhbS1uYW1lIjoiZGlzLXN3dGVzdCIsInBhcnRpdGlvbi1pZCI6InNoYXJkSWQtMDAwMDAwMDAw"
    "MCIsImN1cnNvci10eXBlIjoiVFJJTV9IT1JJWk9OIiwic3RhcnRpbmctc2VxdWVuY2UtbnVtYmVyIjoiNCJ9LCJnZW5lcmF0ZVRpbWVzdGFt"
    "cCI6MTUwOTYwNjM5MjE5MX0"
)


BASE64 = Encoding(base64=True, media_type=None, schema=None)
BASE64_JSON = Encoding(base64=True, media_type="application/json", schema=None)
JSON = Encoding(base64=False, media_type="application/json", schema=None)
FORM = Encoding(base64=False, media_type="application/x-www-form-urlencoded", schema=None)


def b64(data: str | bytes) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


class TestBase64:
    def test_the_unpadded_cursor_of_dis_opens_to_json_and_closes_without_padding(self) -> None:
        layer = open_string(CURSOR, BASE64_JSON)
        assert layer is not None
        assert layer.codecs == (Codec.BASE64_NOPAD, Codec.JSON)
        assert layer.exact
        assert json.loads(layer.text)["generateTimestamp"] == 1509606392191
        assert close_string(layer.codecs, layer.text) == CURSOR

    def test_line_breaks_are_read_and_kept_but_are_not_exact(self) -> None:
        lines = base64.encodebytes(b"x" * 200).decode()
        layer = open_string(lines, BASE64)
        assert layer is not None
        assert (layer.text, layer.exact, layer.editable) == ("x" * 200, False, True)
        assert layer.reclose("y" * 300) == base64.encodebytes(b"y" * 300).decode()

    def test_an_empty_body_is_an_empty_body(self) -> None:
        layer = open_string("", BASE64)
        assert layer is not None
        assert (layer.text, layer.codecs, layer.exact) == ("", (Codec.BASE64,), True)
        assert reason_closed("", BASE64_JSON) is None

    def test_bytes_that_are_no_text_stay_bytes(self) -> None:
        layer = open_string("/w==", BASE64)
        assert layer is not None
        assert (layer.raw, layer.text, layer.exact, layer.editable) == (b"\xff", None, True, False)
        assert str(reason_closed("/w==", BASE64)) == "1 bytes that are not UTF-8 text"


class TestJson:
    @pytest.mark.parametrize(
        ("text", "style"),
        [
            ('{"a":1,"b":[1,2]}', Codec.JSON),
            ('{"a": 1, "b": [1, 2]}', Codec.JSON_SPACED),
            ('{"a": 1,"b": 2}', None),
            ('{"a":1, "b":2}', None),
            ('{"a":1}\n', None),
            (' {"a":1}', None),
            ('{"a": 1 }', None),
            ('{\n  "a": 1\n}', None),
            ('{"a":  1}', None),
            ("{}", Codec.JSON),
            ("[]", Codec.JSON),
            ("[ ]", None),
            ("[1]", Codec.JSON),
            ('{"a, b: c":", : "}', Codec.JSON),
            ('{"a, b: c": ", : "}', Codec.JSON_SPACED),
            (r'["\",\":"]', Codec.JSON),
        ],
    )
    def test_a_style_is_named_only_where_it_writes_the_same_text(self, text: str, style: Codec | None) -> None:
        assert json_style(text) == style

    def test_json_of_another_spacing_opens_without_a_codec_and_closes_as_it_is(self) -> None:
        layer = open_string('{"_id": {"$oid":"5f61"}}')
        assert layer is not None
        assert (layer.codecs, layer.holds_json, layer.exact) == ((), True, True)
        assert layer.reclose('{"b": 2,"c":3}') == '{"b": 2,"c":3}'

    @pytest.mark.parametrize(
        "text", ["{}", "[]", "[1]", "[200, 404]", "null", "5", "true", '"x"', "[x]", "{x}", "[INFO]"]
    )
    def test_bare_scalars_and_lists_of_them_are_text_unless_declared(self, text: str) -> None:
        assert open_string(text) is None

    def test_a_declared_string_opens_any_container(self) -> None:
        for text in ("{}", "[]", "[1]"):
            layer = open_string(text, JSON)
            assert layer is not None
            assert layer.codecs == (Codec.JSON,)

    def test_a_scalar_opens_only_where_the_schema_of_the_content_names_its_type(self) -> None:
        assert open_string("5", JSON) is None
        assert (
            open_string("5", Encoding(base64=False, media_type="application/json", schema={"type": "integer"}))
            is not None
        )
        assert open_string(
            '"insert"', Encoding(base64=False, media_type="application/json", schema={"type": ["object", "string"]})
        )

    def test_nesting_of_any_depth_opens(self) -> None:
        layer = open_string("[" * 100_000 + "]" * 100_000)
        assert layer is not None
        assert layer.exact

    def test_a_declared_json_string_may_still_be_base64_beyond_doubt(self) -> None:
        layer = open_string(b64('{"order":1}'), JSON)
        assert layer is not None
        assert layer.codecs == (Codec.BASE64, Codec.JSON)


class TestGzip:
    def test_a_reproducible_member_opens_down_to_its_json(self) -> None:
        packed = b64(gzip.compress(b'{"a":1}', mtime=0))
        layer = open_string(packed)
        assert layer is not None
        assert layer.codecs == (Codec.BASE64, Codec.GZIP, Codec.JSON)
        assert close_string(layer.codecs, '{"a": 1}') == packed

    @pytest.mark.parametrize("level", [1, 6, 9])
    def test_another_header_is_read_and_kept_in_an_edit_but_is_not_exact(self, level: int) -> None:
        content = json.dumps({"lines": list(range(500))}).encode()
        engine = zlib.compressobj(level, wbits=31)
        member = engine.compress(content) + engine.flush()
        named = member[:3] + b"\x08" + b"\x01\x02\x03\x04" + member[8:10] + b"orders.json\0" + member[10:]
        layer = open_string(b64(named), BASE64)
        assert layer is not None
        assert (layer.raw, layer.exact, layer.editable) == (content, False, True)
        edited = base64.b64decode(layer.reclose('{"a":1}'))
        assert edited[:22] == named[:22]
        assert gzip.decompress(edited) == b'{"a":1}'

    @pytest.mark.parametrize(
        "damage",
        [
            pytest.param(lambda member: member[:-1], id="cut"),
            pytest.param(lambda member: member + b"x", id="something-after-it"),
            pytest.param(lambda member: member[:-5] + bytes([member[-5] ^ 1]) + member[-4:], id="wrong-checksum"),
            pytest.param(lambda member: member + member, id="two-members"),
            pytest.param(lambda member: member[:10], id="only-a-header"),
        ],
    )
    def test_a_damaged_member_stays_bytes(self, damage) -> None:
        text = b64(damage(gzip.compress(b'{"a":1}', mtime=0)))
        assert open_string(text) is None
        layer = open_string(text, BASE64)
        assert layer is not None
        assert layer.codecs == (Codec.BASE64,)
        assert "not one whole gzip member" in str(reason_closed(text, BASE64))


class TestForm:
    @pytest.mark.parametrize(
        ("text", "value", "exact"),
        [
            ("photos%2Fholiday+2021%2Fcat.png", "photos/holiday 2021/cat.png", True),
            ("cat.png", "cat.png", True),
            ("", "", True),
            ("%E7%8C%AB.png", "猫.png", True),
            ("a%2Bb", "a+b", True),
            ("photos%2fcat.png", "photos/cat.png", False),
            ("photos/cat.png", "photos/cat.png", False),
            ("a%20b", "a b", False),
            ("猫.png", "猫.png", False),
        ],
    )
    def test_a_key_opens_and_says_whether_it_can_be_written_back(self, text: str, value: str, exact: bool) -> None:
        layer = open_string(text, FORM)
        assert layer is not None
        assert (layer.text, layer.exact, layer.editable) == (value, exact, exact)

    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_it_agrees_with_the_standard_library(self, value: str) -> None:
        closed = close_string((Codec.FORM,), value)
        assert unquote_plus(closed) == value
        assert closed == quote_plus(value, safe="*").replace("~", "%7E")
        layer = open_string(closed, FORM)
        assert layer is not None
        assert layer.exact

    def test_it_is_never_guessed(self) -> None:
        assert open_string("photos%2Fholiday+2021%2Fcat.png") is None


CLOSED = [
    "",
    "a",
    "test",
    "notification",
    "latest",
    "RELEASE",
    "password",
    "username",
    "authorization",
    "functiongraph",
    "FunctionStage",
    "ObjectCreated:Put",
    "ObjectCreatedCompleteMultipartUpload",
    "TRIM_HORIZON",
    "TRIMHORIZONTRIMHORIZONTR",
    "CreateTime",
    "NEW_AND_OLD_IMAGES",
    "UnhandledInvocationError",
    "shardId-0000000000",
    "dis-swtest",
    "cn-north-4",
    "null",
    "None",
    "true",
    "12345678",
    "1530009653059",
    "1111111111111111111111111111111111111111",
    "20151212T121212Z",
    "2021-11-18T07:50:50.028Z",
    "6280e170bd934f60a4d851cf5ca05129",
    "9e107d9d372bb6826bd81d3542a419d6",
    "9E107D9D372BB6826BD81D3542A419D6",
    "000000017D3245A0F1480A5B20000000",
    "0000017D3245A0F1480A5B2C3D4E5F60",
    "825F61DE940000000129295A1004A2D9AE61206C43A5AF47CAF7C5C00C5946645F696400645F61DE944778DB5FCDED3F870004",
    "5d8c2f8e5beccb6cf5370d6a",
    "1167bf8c-87b0-43ab-8f5f-26b16c64f252",
    "1167bf8c87b043ab8f5f26b16c64f252",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",  # a SHA-256, base64
    "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",  # a SHA-1, base64
    "1B2M2Y8AsgTpgAmY7PhCfg==",  # an MD5, base64
    "ExampleHostIdExampleHostIdExampleHostIdExampleHostIdExampleHostId",
    "01JD8Q3V4W5X6Y7Z8A9BCDEFGH",  # a ULID
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00",
    "urn:fss:cn-north-1:xxxxxxx:function:xxxx:xxxx:latest",
    "arn:aws:s3:::example-bucket",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "dXNlcjE6cGFzc3dvcmQ=",  # user1:password: too short to be sure, and better closed
    "Basic dXNlcjE6cGFzc3dvcmQ=",
    "d2VsY29tZQ==",
    "H4sIAP/+",
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",  # a JWT is no base64
    "hello world!",
    "<Buffer></Buffer>",
    "{}",
    "[]",
    "[1]",
    "[INFO] started",
    "{placeholder}",
    "{'a': 1}",
    '{"a": 1',
    '{"a": 1} trailing',
    '{"a": 1}{"b": 2}',
    "photos/holiday/cat.png",
    "/test/hello",
    "https://example.com/a?b=c",
    "触发器名称",
    "ab\ud800cd",
]
OPENED = [
    (b64('{"a":1}'), (Codec.BASE64, Codec.JSON)),
    (b64('{"a": 1}').rstrip("="), (Codec.BASE64_NOPAD, Codec.JSON_SPACED)),
    (b64('{\n "a": 1\n}'), (Codec.BASE64,)),
    (b64("[info] the function returned 200"), (Codec.BASE64,)),
    (b64("第一行\r\n第二行\r\n第三行"), (Codec.BASE64,)),
    (base64.urlsafe_b64encode(b'{"a":"???>>>"}').decode(), (Codec.BASE64URL, Codec.JSON)),
    (base64.urlsafe_b64encode(b'{"abc":"???>>>"}').decode().rstrip("="), (Codec.BASE64URL_NOPAD, Codec.JSON)),
    (b64(gzip.compress(b"plain", mtime=0)), (Codec.BASE64, Codec.GZIP)),
    (b64(b64('{"a":1}')), (Codec.BASE64, Codec.BASE64, Codec.JSON)),
    ('{"a":1}', (Codec.JSON,)),
    ('["a"]', (Codec.JSON,)),
    ('[{"a": 1}]', (Codec.JSON_SPACED,)),
]


class TestGuesses:
    @pytest.mark.parametrize("value", CLOSED)
    def test_what_could_be_anything_stays_closed(self, value: str) -> None:
        assert open_string(value) is None

    @pytest.mark.parametrize(("value", "codecs"), OPENED)
    def test_what_is_beyond_doubt_opens(self, value: str, codecs: tuple[Codec, ...]) -> None:
        layer = open_string(value)
        assert layer is not None
        assert layer.codecs == codecs
        assert layer.exact

    @given(
        st.binary(min_size=16, max_size=16) | st.binary(min_size=20, max_size=20) | st.binary(min_size=32, max_size=32)
    )
    def test_digests_stay_closed_however_they_are_spelled(self, digest: bytes) -> None:
        readable = all(byte in range(32, 127) for byte in digest) or not digest.isascii()
        for spelled in (digest.hex(), digest.hex().upper()):
            assert open_string(spelled) is None
        layer = open_string(base64.b64encode(digest).decode())
        assert layer is None or readable

    @given(
        st.lists(
            st.sampled_from(
                ["function", "graph", "event", "Object", "Created", "bucket", "my", "Prod", "test", "v2", "log"]
            ),
            min_size=1,
            max_size=12,
        )
    )
    def test_names_made_of_words_stay_closed(self, words: list[str]) -> None:
        for glue in ("", "-", "_", "/", "+"):
            assert open_string(glue.join(words)) is None


WRAPS = {
    "b64": lambda _, raw: b64(raw),
    "nopad": lambda _, raw: b64(raw).rstrip("="),
    "url": lambda _, raw: base64.urlsafe_b64encode(raw).decode(),
    "gzip": lambda _, raw: b64(gzip.compress(raw, mtime=0)),
    "json": lambda text, _: json.dumps({"m": text}),
    "lines": lambda _, raw: base64.encodebytes(raw).decode(),
}


class TestLayers:
    def test_a_string_opens_no_deeper_than_it_may(self) -> None:
        text = b64(b64(b64(b64(b64(b64('{"a":1}'))))))
        for declared in (None, BASE64):
            layer = open_string(text, declared)
            assert layer is not None
            assert set(layer.codecs) == {Codec.BASE64}
            assert len(layer.codecs) <= LAYER_LIMIT
            assert (layer.holds_json, layer.exact) == (False, True)

    def test_no_room_opens_nothing(self) -> None:
        assert open_string('{"a":1}', limit=0) is None
        layer = open_string(b64('{"a":1}'), BASE64, limit=1)
        assert layer is not None
        assert layer.codecs == (Codec.BASE64,)

    CONTENTS = st.text(max_size=30) | st.recursive(
        st.none() | st.integers() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ).map(lambda value: json.dumps(value, ensure_ascii=False))

    @given(
        CONTENTS,
        st.lists(st.sampled_from(sorted(WRAPS)), max_size=4),
        st.sampled_from([None, BASE64, BASE64_JSON, JSON, FORM]),
    )
    def test_whatever_opens_closes_again_exactly_when_it_says_so(self, content, stack, declared) -> None:
        value = content
        for step in stack:
            value = WRAPS[step](value, value.encode("utf-8", "surrogatepass"))
        layer = open_string(value, declared)
        if layer is None:
            return
        content_again = layer.raw if layer.text is None else layer.text
        assert layer.exact == (close_string(layer.codecs, content_again) == value)
        if layer.editable:
            assert layer.reclose(layer.text) == value

    @given(st.text(), st.sampled_from([None, BASE64, BASE64_JSON, JSON, FORM]))
    def test_no_text_breaks_it(self, value: str, declared) -> None:
        layer = open_string(value, declared)
        reason = reason_closed(value, declared)
        if reason is not None:
            assert str(reason)
        if layer is None and declared in (BASE64, BASE64_JSON, FORM):
            assert reason is not None
