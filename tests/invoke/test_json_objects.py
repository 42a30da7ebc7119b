from __future__ import annotations

import pytest

from fgtui.invoke.json_objects import json_object


@pytest.mark.parametrize("text", [b'{"a": [1]}', '{"a": [1]}', '{"a": [1]}'.encode("utf-16")])
def test_an_object_gives_its_members(text: bytes | str) -> None:
    assert json_object(text) == {"a": [1]}


@pytest.mark.parametrize("text", [b"", b"\xff", b"[1]", b'"a"', b"null", b"{", b"[" * 200_000, "\ud800"])
def test_what_is_no_object_gives_nothing(text: bytes | str) -> None:
    assert json_object(text) is None


def test_an_empty_object_is_one() -> None:
    assert json_object(b"{}") == {}
