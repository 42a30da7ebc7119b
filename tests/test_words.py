"""Sentences with holes: what is quoted in them is cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.words import QUOTED_LIMIT, say, spell_seconds


@pytest.mark.parametrize(
    "value", ["x" * 500, Path("x" * 500), ValueError("x" * 500)], ids=["text", "path", "exception"]
)
def test_whatever_is_quoted_is_cut(value: object) -> None:
    assert say("{what}", what=value) == "x" * (QUOTED_LIMIT - 1) + "…"


def test_numbers_keep_their_formats() -> None:
    assert say("{count:,} of {limit:g} s", count=10**210, limit=1.50) == f"{10**210:,} of 1.5 s"


def test_braces_in_what_is_quoted_are_no_holes() -> None:
    assert say("{what} is wrong", what="{secret}") == "{secret} is wrong"


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (7_500, "2 h 5 min")]
)
def test_a_while_is_said_in_two_units_at_most(seconds: float, said: str) -> None:
    assert spell_seconds(seconds) == said
