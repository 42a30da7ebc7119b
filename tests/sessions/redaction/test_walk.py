"""Secrets inside JSON and its layers, through the Redactor."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.sessions.redaction.keys import SecretKeys
from fgtui.sessions.redaction.redactor import PLACEHOLDER, Redactor
from fgtui.sessions.redaction.text import _SHAPES, Gate, gate
from fgtui.sessions.redaction.walk import Rules, SecretWalk, _holds_json
from tests.sessions.redaction.test_text import ENCODINGS, HOSTILE, IAM, JWT

REDACTOR = Redactor(["x-internal"], known=["own-literal"], salt=b"0123456789abcdef")
SECRET = "hunter2-hunter2"
SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "events").glob("*/*.json"))


def redacted(text: str) -> tuple[str, tuple[str, ...]]:
    """``text`` redacted, and the paths; placeholders as ``#``."""
    kept, paths = REDACTOR.document(text)
    return PLACEHOLDER.sub("#", kept), tuple(PLACEHOLDER.sub("#", path) for path in paths)


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "kept", "paths"),
    [
        ('{ "password" :\t"a" , "x": 1.10 }', '{ "password" :\t"#" , "x": 1.10 }', ("password",)),
        ('{"pass\\u0077ord": "a\\"b"}', '{"pass\\u0077ord": "#"}', ("password",)),
        ('{"token": 12345, "sk": -1E400}', '{"token": "#", "sk": "#"}', ("token", "sk")),
        ('{"a": {"X-Auth-Token": ["a", "b"]}}', '{"a": {"X-Auth-Token": ["#", "#"]}}', ('a."X-Auth-Token"[0]', 'a."X-Auth-Token"[1]')),
        ('{"password": {"S": "a", "n": [1, {"x": "b"}]}, "c": "d"}', '{"password": {"S": "#", "n": ["#", {"x": "#"}]}, "c": "d"}', ("password.S", "password.n[0]", "password.n[1].x")),
        ('{"password": "a", "password": "b"}', '{"password": "#", "password": "#"}', ("password",)),
        ('[{"name": "token", "value": "a"}, {"name": "x", "value": "b"}]', '[{"name": "token", "value": "#"}, {"name": "x", "value": "b"}]', ("[0].value",)),
        ('{"Value": ["a"], "Key": "DB_PASSWORD"}', '{"Value": ["#"], "Key": "DB_PASSWORD"}', ("Value[0]",)),
        ('{"tag_key": "sk", "tag_value": 1}', '{"tag_key": "sk", "tag_value": "#"}', ("tag_value",)),
        ('[["Host", "h"], ["Cookie", "c"], ["x", ["Cookie", "y"]]]', '[["Host", "h"], ["Cookie", "#"], ["x", ["Cookie", "#"]]]', ("[1][1]", "[2][1][1]")),
        ('{"rawHeaders": ["Host", "h", "Cookie", "a=b", "X-Note", "Cookie", "Token", "t"]}', '{"rawHeaders": ["Host", "h", "Cookie", "#", "X-Note", "Cookie", "Token", "#"]}', ("rawHeaders[3]", "rawHeaders[7]")),
        ('{"rawTrailers": ["Token", ["a", {"b": "c"}], "Token", 1], "others": ["Token", "t"]}', '{"rawTrailers": ["Token", ["#", {"b": "#"}], "Token", "#"], "others": ["Token", "t"]}', ("rawTrailers[1][0]", "rawTrailers[1][1].b", "rawTrailers[3]")),
        ('{"x-internal": "a", "INTERNAL": "b"}', '{"x-internal": "#", "INTERNAL": "b"}', ('"x-internal"',)),
        (f'{{"note": "see {JWT} and {IAM}"}}', '{"note": "see # and #"}', ("note",)),
        ('{"note": "a\\npassword=x y\\u00e9\\/z"}', '{"note": "a\\npassword=# y\\u00e9\\/z"}', ("note",)),
        ('{"u": "https://u:p\\u0040q@h"}', '{"u": "https://u:#@h"}', ("u",)),
        ('{"s": "{\\"pwd\\": 12, \\"\\u00e9\\": \\"\\\\u00e9\\"}"}', '{"s": "{\\"pwd\\": \\"#\\", \\"\\u00e9\\": \\"\\\\u00e9\\"}"}', ("s.pwd",)),
        ('{"a own-literal": "own-literal!", "n": [1]}', '{"a #": "#!", "n": [1]}', ('"a #"',)),
        ('"password=x"', '"password=#"', ("",)),
        ("password=x", "password=#", ("",)),
        ('log {"token": ["a"], "list": [{"key": "pwd", "value": 1}]}', 'log {"token": ["#"], "list": [{"key": "pwd", "value": "#"}]}', ("",)),
        ('[INFO] {"token": {"a": "b"}}\nnext: x', '[INFO] {"token": {"a": "#"}}\nnext: x', ("",)),
        ('event: {\n  "Cookie": [\n    "a",\n    "b"\n  ],\n  "h": [{\n    "name": "token",\n    "value": "c"\n  }]\n}\npwd=d', 'event: {\n  "Cookie": [\n    "#",\n    "#"\n  ],\n  "h": [{\n    "name": "token",\n    "value": "#"\n  }]\n}\npwd=#', ("",)),
        ('x [\n1, {\n  "user_data": {\n"a": "b"}}, {\n"password": "c", cut', 'x [\n1, {\n  "user_data": {\n"a": "#"}}, {\n"password": "#", cut', ("",)),
        ('\ufeff{"password": "x"}', '\ufeff{"password": "#"}', ("",)),
    ],
)  # fmt: skip
def test_a_secret_goes_and_every_other_character_stays(text: str, kept: str, paths: tuple[str, ...]) -> None:
    assert redacted(text) == (kept, paths)


@pytest.mark.parametrize(
    "text",
    [
        '{"password": null, "token": true, "secret": "", "sk": "null", "ak": "***"}',
        '{"token_count": 5, "next_token": "abc", "max_tokens": 4, "task": "t", "disk": "d", "mask": "m", "author": "a"}',
        '{"monkey": "m", "requestId": "7f1c0a52-2f0a-4c0e-8f3a-0123456789ab", "md5": "9e107d9d372bb6826bd81d3542a419d6"}',
        '{"token": {"_data": "825D8C2F4D0000001529295A100474039A3412A64BA89041DC"}}',
        '{"token": "{\\"_data\\" : \\"825D8C2F4D0000001529295A100474039A3412A64BA89041DC\\"}"}',
        '{"resumeToken": "825D8C2F4D0000001529295A100474039A3412A64BA89041DC952357FB44"}',
        '{"required": ["password", "token"]}',
        '{"name": "password"}',
        '{"data": "PEJ1ZmZlcj48L0J1ZmZlcj4=", "hex": "0123456789abcdef0123456789abcdef"}',
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert REDACTOR.document(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        (packed('{"password": "x", "b": 1}'), '{"password": "#", "b": 1}'),
        (packed("password=x;").rstrip("="), "password=#;"),
        (base64.urlsafe_b64encode(b'{"token": "x", "y": "\xc3\xbf\xc3\xbf\xc3\xbf"}').decode(), '{"token": "#", "y": "ÿÿÿ"}'),
        (packed('{"logs": "[{\\"pwd\\": \\"x\\"}]"}'), '{"logs": "[{\\"pwd\\": \\"#\\"}]"}'),
    ],
)  # fmt: skip
def test_base64_keeps_its_spelling(text: str, inside: str) -> None:
    kept = json.loads(REDACTOR.text(json.dumps({"data": text})))["data"]
    assert "=" not in kept or len(kept) % 4 == 0
    decode = base64.urlsafe_b64decode if "_" in text or "-" in text else base64.b64decode
    assert PLACEHOLDER.sub("#", decode(kept + "=" * (-len(kept) % 4)).decode()) == inside


def test_gzip_is_opened_and_packed_again() -> None:
    data = base64.b64encode(gzip.compress(b'{"secret": "x", "kept": "' + b"y" * 100 + b'"}', mtime=0)).decode()
    kept, paths = REDACTOR.document(json.dumps({"d": data}))
    inside = gzip.decompress(base64.b64decode(json.loads(kept)["d"])).decode()
    assert PLACEHOLDER.sub("#", inside) == '{"secret": "#", "kept": "' + "y" * 100 + '"}'
    assert paths == ("d.secret",)


def test_wrapped_base64_stays_wrapped() -> None:
    wrapped = base64.encodebytes(b'{"password": "x", "filler": "' + b"y" * 100 + b'"}').decode()
    kept = json.loads(REDACTOR.text(json.dumps([wrapped])))[0]
    assert PLACEHOLDER.search(base64.decodebytes(kept.encode()).decode())
    assert [len(line) for line in kept.splitlines()][:2] == [76, 76]


def test_a_bomb_is_left_alone() -> None:
    bomb = base64.b64encode(gzip.compress(b'{"password": "x"}' + b" " * 20_000_000)).decode()
    assert REDACTOR.text(json.dumps([bomb])) == json.dumps([bomb])


def test_bytes_that_are_no_text_stay() -> None:
    image = base64.b64encode(bytes(range(256)) * 20 + b"password=x").decode()
    assert REDACTOR.text(json.dumps([image])) == json.dumps([image])


def test_the_samples_hold_no_secret_but_the_authorizer_s() -> None:
    found = {sample.stem: REDACTOR.document(sample.read_text("utf-8"))[1] for sample in SAMPLES}
    assert {name: paths for name, paths in found.items() if paths} == {
        "authorizer": ("headers.Authorization", "user_data")
    }


def test_equal_secrets_stay_equal_and_others_differ() -> None:
    kept = json.loads(REDACTOR.text(json.dumps({"password": "a", "token": ["a", "b"], "log": "pwd=a"})))
    assert kept["password"] == kept["token"][0] == kept["log"].removeprefix("pwd=")
    assert kept["token"][1] != kept["password"]


def test_depth_and_size_are_no_obstacle() -> None:
    deep = '{"a": ' * 50_000 + '{"password": "x"}' + "}" * 50_000
    kept, paths = redacted(deep)
    assert kept == deep.replace('"x"', '"#"')
    assert len(paths) == 1
    many = json.dumps([{"password": str(number)} for number in range(20_000)])
    kept, paths = redacted(many)
    assert kept.count("#") == 20_000
    assert len(paths) == 1000


# What holds for all input

fragments = st.sampled_from(
    [
        *HOSTILE, "password", "token", "=", ": ", ":", '"', "'", "\\", "{", "}", "[", "]", ",", " ", "\n", "x", "1", "null",
        "own-literal", "<redacted:0123456789ab>", "<redacted:", ">", packed('{"pwd": "x"}'), packed("token=a b c d"),
        JWT, IAM, "Authorization: Bearer a1b2c3", '{"token": "x"}', "é", "@", "://u:p@h", "&", "user_data", "(", ")", "`",
    ]
)  # fmt: skip


@given(st.lists(fragments, max_size=12).map("".join))
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = REDACTOR.text(text)
    assert REDACTOR.text(once) == once


OPEN = Gate(names=True, shapes=_SHAPES, layers=True)


@given(st.lists(fragments, max_size=6).map("".join), st.sampled_from(ENCODINGS))
def test_what_is_passed_by_at_a_glance_holds_nothing(text: str, encode: Callable[[str], str]) -> None:
    text = encode(text)
    if gate(text, SecretKeys()).closed:
        walk = SecretWalk(Rules(SecretKeys(), None, REDACTOR.placeholder))
        looked = walk._in_json if _holds_json(text) else walk._in_text
        assert looked(text, lambda: (), 0, OPEN) == []


names = st.sampled_from(["a", "password", "name", "value", "Key", "data", "token", "x\u00e9", ""])
texts = st.lists(fragments, max_size=4).map("".join) | st.text(max_size=8)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


def shape(value: object) -> object:
    """The names and sizes of a value, without its scalars."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    return [shape(item) for item in value] if isinstance(value, list) else None


@given(documents, st.booleans())
def test_json_stays_json_of_the_same_shape(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    kept = Redactor(salt=b"0123456789abcdef").text(text)
    assert shape(json.loads(kept)) == shape(value)
    assert Redactor(salt=b"0123456789abcdef").text(kept) == kept


layers = st.lists(st.sampled_from(["json", "base64", "gzip", "field"]), max_size=3)
secrets = st.sampled_from(
    [
        {"password": SECRET}, {"a": [{"X-Auth-Token": [SECRET]}]}, [{"name": "sk", "value": SECRET}], f"pwd={SECRET}",
        {"log": f"Authorization: Basic {SECRET}"}, {"url": f"https://u:{SECRET}@h/"}, {"user_data": {"x": SECRET}},
    ]
)  # fmt: skip


def wrap(text: str, layer: str) -> str:
    if layer == "json":
        return json.dumps({"data": text})
    if layer == "base64":
        return json.dumps({"data": packed(text)})
    if layer == "gzip":
        return json.dumps({"data": base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()})
    return json.dumps({"data": json.loads(text)})


def unwrap(text: str, layer: str) -> str:
    inside = json.loads(text)["data"]
    if layer == "json":
        return inside
    if layer == "base64":
        return base64.b64decode(inside).decode()
    if layer == "gzip":
        return gzip.decompress(base64.b64decode(inside)).decode()
    return json.dumps(inside)


@given(secrets, layers)
def test_no_secret_survives_three_layers_down(value: object, wrapped: list[str]) -> None:
    text = json.dumps(value)
    for layer in wrapped:
        text = wrap(text, layer)
    kept, paths = REDACTOR.document(text)
    for layer in reversed(wrapped):
        kept = unwrap(kept, layer)
    assert SECRET not in kept
    assert PLACEHOLDER.search(kept)
    assert len(paths) == 1
    assert shape(json.loads(kept)) == shape(value)
