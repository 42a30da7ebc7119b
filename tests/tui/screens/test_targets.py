"""Limits of a target, as they are typed."""

from __future__ import annotations

import pytest

from fgtui.errors import UsageError
from fgtui.tui.screens.targets import parse_limits


@pytest.mark.parametrize(
    ("typed", "limits"),
    [
        ("3 128", {"timeout_s": 3.0, "memory_mb": 128}),
        (" 0.5,  64 ", {"timeout_s": 0.5, "memory_mb": 64}),
        ("259200 10240", {"timeout_s": 259200.0, "memory_mb": 10240}),
    ],
)
def test_seconds_and_megabytes(typed: str, limits: dict[str, float]) -> None:
    assert parse_limits(typed) == limits


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "3",
        "x 128",
        "3 x",
        "3 128 4",
        "0 128",
        "-1 128",
        "nan 128",
        "inf 128",
        "3 1",
        "3 99999",
        "3 128.5",
        "1e9 128",
    ],
)
def test_anything_else_is_an_error_in_words(typed: str) -> None:
    with pytest.raises(UsageError, match=r"two numbers|the timeout is"):
        parse_limits(typed)
