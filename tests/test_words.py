"""Sentences with holes: what is quoted in them is cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.words import QUOTED_LIMIT, say


@pytest.mark.parametrize(
    "value", ["x" * 500, Path("x" * 500), ValueError("x" * 500)], ids=["text", "path", "exception"]
)
def test_whatever_is_quoted_is_cut(value: object) -> None:
    assert say("{what}", what=value) == "x" * (QUOTED_LIMIT - 1) + "…"


def test_numbers_keep_their_formats() -> None:
    assert say("{count:,} of {limit:g} s", count=10**210, limit=1.50) == f"{10**210:,} of 1.5 s"


def test_braces_in_what_is_quoted_are_no_holes() -> None:
    assert say("{what} is wrong", what="{secret}") == "{secret} is wrong"
