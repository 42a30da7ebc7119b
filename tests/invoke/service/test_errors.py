"""What the service's refusals mean."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.invoke.service.errors import _MEANINGS, error_of, may_have_run, meaning


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("FSS.1051", 404, "there is no such function"),
        ("FSS.0429", 429, "disabled"),
        ("FSS.0504", 504, "the function goes on"),
        ("APIGW.0301", 401, "signature or token is not accepted"),
        ("APIGW.0399", 401, "does not know who calls"),
        ("APIGW.9999", 401, "does not know who calls"),
        ("401", 401, "does not know who calls"),
        ("FSS.9999", 404, "no such function"),
        ("odd", 503, "not available at the moment"),
        ("odd", 599, "the service failed"),
        ("302", 302, "no redirect is followed"),
        ("150434", 500, "the function is disabled"),
    ],
)
def test_a_code_means_what_is_documented_and_else_what_its_status_does(code: str, status: int, words: str) -> None:
    assert words in meaning(code, status).what


@pytest.mark.parametrize(("code", "status"), [("odd", 418), ("odd", None), ("", 200)])
def test_what_nobody_documents_is_not_explained(code: str, status: int | None) -> None:
    assert meaning(code, status) == ("", "")


def test_every_meaning_is_a_sentence_with_no_hole_but_the_profile_and_says_what_next() -> None:
    for code, means in _MEANINGS.items():
        assert means.what, code
        assert means.hint, code
        for text in means:
            assert [name for _, name, _, _ in string.Formatter().parse(text) if name not in {None, "profile"}] == []


@pytest.mark.parametrize(
    ("status", "may"), [(400, False), (408, True), (429, False), (499, True), (500, True), (501, False)]
)
def test_a_status_says_whether_the_function_may_have_run(status: int, may: bool) -> None:
    assert may_have_run(status, "odd") is may


@pytest.mark.parametrize("code", ["FSS.1202", "FSS.1206", "4208"])
def test_what_is_said_of_a_functions_answer_is_said_after_it_has_run(code: str) -> None:
    assert may_have_run(200, code)


@pytest.mark.parametrize("code", ["FSS.0429", "150429", "150430", "150434", "4024", "4140"])
def test_what_is_refused_before_anything_begins_has_not_run_whatever_the_status(code: str) -> None:
    assert not may_have_run(500, code)


@pytest.mark.parametrize(
    "body",
    [
        {"error_code": "FSS.0404", "error_msg": "gone"},
        {"errorCode": "FSS.0404", "errorMsg": "gone"},
        {"code": "FSS.0404", "message": "gone"},
        {"error_code": "FSS.0404", "error_message": "gone"},
        {"error": {"code": "FSS.0404", "message": "gone"}},
    ],
)
def test_every_spelling_of_an_error_is_understood(body: dict[str, object]) -> None:
    assert error_of(404, json.dumps(body).encode()) == ("FSS.0404", "gone")


@settings(max_examples=30)
@given(st.integers(100, 599), st.binary(max_size=60))
def test_any_answer_has_a_code_and_words(status: int, body: bytes) -> None:
    error = error_of(status, body)
    assert error.code
    assert isinstance(may_have_run(status, error.code), bool)
