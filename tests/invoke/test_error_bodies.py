"""What is taken from an error body, whatever a function or a server has sent (runtime.md section 2.3)."""

from __future__ import annotations

import json

import pytest

from fgtui.invoke.error_bodies import error_parts


def posted(said: object) -> tuple[str, str, tuple[str, ...]]:
    """Class, message and stack of an error body."""
    return error_parts(json.dumps(said).encode())


def test_a_posted_stack_of_many_lines_is_cut() -> None:
    assert posted({"stackTrace": list(range(5000))})[2] == tuple(map(str, range(2000)))


@pytest.mark.parametrize("kind", [None, 7, True, ["E"], {"E": 1}, ""])
def test_a_class_that_is_no_text_is_that_of_an_error_without_one(kind: object) -> None:
    assert posted({"errorType": kind, "errorMessage": "m"}) == ("Error", "m", ())
    body = json.dumps({"errorType": kind}).encode()
    assert error_parts(body, "HTTP 500")[0] == "HTTP 500"


@pytest.mark.parametrize("message", [None, 7, ["m"], {"m": 1}])
def test_a_message_that_is_no_text_shows_all_that_was_posted(message: object) -> None:
    said = {"errorType": "E", "errorMessage": message}
    assert posted(said) == ("E", json.dumps(said), ())


@pytest.mark.parametrize("stack", [None, "line", 7, {"line": 1}])
def test_a_stack_that_is_no_list_is_none(stack: object) -> None:
    assert posted({"errorType": "E", "errorMessage": "m", "stackTrace": stack}) == ("E", "m", ())


def test_a_stack_nested_as_deep_as_can_be_read_can_be_told() -> None:
    for depth in range(500, 1100):
        body = b'{"stackTrace": ' + b"[" * depth + b"]" * depth + b"}"
        assert len(error_parts(body)[2]) <= 1


def test_an_empty_message_is_one() -> None:
    assert posted({"errorType": "E", "errorMessage": ""}) == ("E", "", ())
