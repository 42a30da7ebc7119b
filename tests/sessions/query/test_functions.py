from __future__ import annotations

import base64
import gzip
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.packing import INFLATE_LIMIT
from fgtui.sessions.query.functions import base64_decode, base64_gunzip, call, from_json, gunzip, library, url_decode


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("from_json", ' {"a": [1.10, 12345678901234567890123]}', {"a": [1.10, 12345678901234567890123]}),
        ("powertools_json", '"\\ud800"', "\ud800"),
        ("base64_decode", "5aSE55CG", "处理"),
        ("base64_decode", "SGVsbG8", "Hello"),
        ("powertools_base64", "PDw_Pz8-Pg==", "<<???>>"),
        ("base64_decode", "", ""),
        ("url_decode", "a%20b+c%2F%e5%a4%84", "a b c/处"),
        ("url_decode", "", ""),
        ("url_decode", "x=1&y=%3D", "x=1&y=="),
        ("powertools_base64_gzip", packed(gzip.compress(b'{"a": 1}', mtime=0)), '{"a": 1}'),
    ],
)
def test_what_is_encoded_opens(name: str, text: str, value: object) -> None:
    assert call(name, text) == value
    assert library().call_function(name, [text]) == value


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("from_json", "", r"In function from_json\(\), the text is not JSON: Expecting value"),
        ("powertools_json", "NaN", r"In function powertools_json\(\), the text is not JSON: NaN"),
        ("from_json", "[1,]", "not JSON"),
        ("base64_decode", "SGVsbG8!", r"In function base64_decode\(\), the text is not base64"),
        ("powertools_base64", "SGVsbG9=", r"In function powertools_base64\(\), the text is not base64"),
        ("gunzip", "plain", "the text is not gzip data; .* powertools_base64_gzip opens both"),
        ("gunzip", "\ud800", "half of a surrogate pair"),
        ("powertools_base64_gzip", "SGVsbG8=", r"In function powertools_base64_gzip\(\), the text is not gzip data"),
        ("powertools_base64_gzip", packed(gzip.compress(b"x" * 100, mtime=0)[:-4]), "broken, cut short"),
        ("powertools_base64_gzip", packed(gzip.compress(b"x", mtime=0) + b"more"), "followed by something else"),
        ("url_decode", "100%", "a % is not followed by two hexadecimal digits"),
        ("url_decode", "%zz", "a % is not followed"),
    ],
)
def test_what_cannot_be_opened_says_why(name: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call(name, text)
    with pytest.raises(ValueError, match=words):
        library().call_function(name, [text])


@pytest.mark.parametrize("value", [None, 1, True, [], {}])
def test_only_text_can_be_opened(value: Any) -> None:
    with pytest.raises(ValueError, match=r"In function gunzip\(\), invalid type for value"):
        library().call_function("gunzip", [value])


def test_what_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="it holds more than 16 MiB"):
        base64_gunzip(packed(gzip.compress(b"\0" * (INFLATE_LIMIT + 1))))


def test_deep_json_opens() -> None:
    assert from_json("[" * 5000 + "]" * 5000)


@given(st.binary(max_size=60))
def test_bytes_that_are_no_text_survive_between_two_functions(data: bytes) -> None:
    assert gunzip(base64_decode(packed(gzip.compress(data)))) == base64_decode(packed(data))
    assert url_decode("".join(f"%{byte:02x}" for byte in data)) == base64_decode(packed(data))
