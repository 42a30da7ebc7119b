from __future__ import annotations

import json

import pytest

from fgtui.invoke.gateway import refusal

SHAPE = '{"statusCode":200,"isBase64Encoded":false,"headers":{},"body":""}'


@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": 200, "isBase64Encoded": False, "headers": {}, "body": ""},
        {"statusCode": 200, "body": "text"},
        {"statusCode": 404},
        {"statusCode": 200, "headers": {"Set-Cookie": ["a", "b"]}, "body": None},
        {"statusCode": 200, "more": 1},
    ],
)
def test_an_answer_of_the_right_shape_passes(answer: object) -> None:
    assert refusal(json.dumps(answer).encode()) is None


@pytest.mark.parametrize("body", [b'"text"', b"text", b"", b"[]", b"200", b"\xff", b"[" * 100_000])
def test_an_answer_of_another_shape_is_refused_in_the_gateways_words(body: bytes) -> None:
    words = json.loads(refusal(body) or "null")
    shown = words["error_msg"].removeprefix("invalid type of APIG trigger invocation result:[")
    assert words["error_code"] == "FSS.1206"
    assert shown.endswith(f"], type format must be: {SHAPE}")
    assert len(shown) < 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("statusCode", "200"),
        ("statusCode", 200.5),
        ("statusCode", True),
        ("headers", []),
        ("headers", ""),
        ("body", {"a": 1}),
        ("body", 0),
        ("isBase64Encoded", "false"),
        ("isBase64Encoded", 0),
    ],
)
def test_a_member_of_the_wrong_type_is_refused(name: str, value: object) -> None:
    assert "invalid type" in (refusal(json.dumps({"statusCode": 200, name: value}).encode()) or "")


@pytest.mark.parametrize("answer", [{}, {"statusCode": 0}, {"statusCode": None, "body": "x"}])
def test_an_answer_without_a_status_is_refused(answer: object) -> None:
    words = json.loads(refusal(json.dumps(answer).encode()) or "null")
    assert words == {
        "error_code": "FSS.1206",
        "error_msg": "'statusCode' of APIG trigger invocation result not specified, statusCode can not be 0",
    }
