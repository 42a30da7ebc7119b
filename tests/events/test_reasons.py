"""A string that stays closed says where and why."""

from __future__ import annotations

import pytest

from fgtui.events.codecs import open_string
from fgtui.events.packing import base64_decode
from fgtui.events.reasons import reason_closed
from fgtui.events.schema import Encoding

BASE64 = Encoding(base64=True, media_type=None, schema=None)
JSON = Encoding(base64=False, media_type="application/json", schema=None)
FORM = Encoding(base64=False, media_type="application/x-www-form-urlencoded", schema=None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('{"message":"hello"}', "character 1 is {,", id="json-under-a-wrong-flag"),
        pytest.param("aGVs bG8=", "character 5 is  ,", id="space"),
        pytest.param("aGVsbG8=\n!", "character 10 is !,", id="foreign-after-a-line-break"),
        pytest.param("aGVsbG8…", "character 8 is …,", id="cut-by-documentation"),
        pytest.param("==", "2 characters, padding included", id="only-padding"),
        pytest.param("aGVsbG8", None, id="missing-padding-is-fine"),
        pytest.param("aGVsb", "5 characters, padding included", id="one-character-too-many"),
        pytest.param("aGVsbG8==", "9 characters, padding included", id="too-much-padding"),
        pytest.param("aGVsbG=", "7 characters, padding included", id="too-little-padding"),
        pytest.param("aGVsbG8=aGVsbG8=", "goes on after the padding, at character 9", id="two-glued-together"),
        pytest.param("ab+/_-==", "mixes the standard alphabet", id="two-alphabets"),
        pytest.param("aGVsbG9=", "bits that no byte needs", id="bits-lost"),
        pytest.param("aGVsbG9", "bits that no byte needs", id="bits-lost-unpadded"),
        pytest.param("", None, id="empty"),
        pytest.param("aGVs\r\nbG8=\r\n", None, id="line-breaks"),
        pytest.param("é", "is é,", id="not-ascii"),
        pytest.param("\ud800", "no base64 alphabet", id="lone-surrogate"),
    ],
)
def test_what_is_not_base64_says_where_and_why(text: str, said: str | None) -> None:
    reason = reason_closed(text, BASE64)
    if said is None:
        assert reason is None
        assert base64_decode(text) is not None
    else:
        assert base64_decode(text) is None
        assert said in str(reason)


def test_what_is_not_json_says_line_and_column() -> None:
    assert str(reason_closed('{"a": 1,\n "b": tru}', JSON)).startswith("not JSON at 2:")
    assert reason_closed('{"a": 1}', JSON) is None
    assert str(reason_closed("", JSON)) == "not JSON: there is nothing in it"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("100%", "the % at character 4"),
        ("a%zz", "the % at character 2"),
        ("%FF", "not UTF-8"),
        ("a=1&b=2", "= stands unescaped at character 2"),
    ],
)
def test_a_broken_escape_says_where(text: str, said: str) -> None:
    assert open_string(text, FORM) is None
    assert said in str(reason_closed(text, FORM))


def test_nothing_is_said_where_nothing_is_expected() -> None:
    assert reason_closed("anything", None) is None
