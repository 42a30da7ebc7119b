"""The one function between data and a screen: what it escapes is written out here, not asked of it."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.terminal.display import displayable, displayable_line, is_displayable


def span(first: int, last: int) -> set[str]:
    return {chr(code) for code in range(first, last + 1)}


HOSTILE = (
    span(0x00, 0x1F) - {"\t", "\n"}
    | span(0x7F, 0x9F)
    | span(0x202A, 0x202E)
    | span(0x2066, 0x2069)
    | {"\u200e", "\u200f", "\u061c", "\u2028", "\u2029"}
    | span(0xD800, 0xDFFF)
    | span(0x2060, 0x2064)
    | {"\u200b", "\ufeff", "\u00ad", "\u180e"}
    | span(0xFFF9, 0xFFFB)
    | span(0xE0000, 0xE007F)
)
"""Everything of reliability section 2."""


def test_exactly_what_could_act_or_hide_is_escaped() -> None:
    changed = {letter for letter in map(chr, range(sys.maxunicode + 1)) if displayable(letter) != letter}
    assert changed == HOSTILE


def test_one_line_has_no_tab_and_no_newline_either() -> None:
    changed = {letter for letter in map(chr, range(sys.maxunicode + 1)) if displayable_line(letter) != letter}
    assert changed == HOSTILE | {"\t", "\n"}


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("\x1b[31m", "\\e[31m"),
        ("\x9b2J", "\\x9b2J"),
        ("a\rb\x00", "a\\rb\\x00"),
        ("\u202eevil", "\\u202eevil"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("one\ttwo\nthree", "one\ttwo\nthree"),
    ],
)
def test_an_escape_says_what_stood_there(text: str, drawn: str) -> None:
    assert displayable(text) == drawn


@pytest.mark.parametrize("text", ["👩‍👩‍👧", "क्‍ष", "می‌خواهم", "对象存储", "e\u0301"])
def test_joiners_inside_emoji_and_scripts_stay(text: str) -> None:
    assert displayable(text) == text
    assert is_displayable(text)


@given(st.text(st.characters() | st.sampled_from(sorted(HOSTILE))))
def test_nothing_hostile_is_left_of_any_text(text: str) -> None:
    assert not HOSTILE & set(displayable(text))
    assert is_displayable(text) == (not HOSTILE & set(text))
    assert "\n" not in displayable_line(text)
    assert all(unicodedata.category(letter) != "Cc" for letter in displayable_line(text))
