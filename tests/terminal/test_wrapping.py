"""Prose in lines that fit, in a language with blanks between words and in one without."""

from __future__ import annotations

from textwrap import wrap as plain_wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fgtui.terminal.wrapping import broken, wrap

PROSE = st.text(alphabet="ab ，。（）「」中文字 e.-", max_size=80)


@given(PROSE, st.integers(4, 30))
def test_no_line_is_wider_and_no_character_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(PROSE, st.integers(4, 30))
def test_columns_keep_their_blanks_but_for_one_at_a_break(text: str, width: int) -> None:
    lines = broken(text, width)
    assert all(cell_len(line) <= width for line in lines)
    rest = text
    for line in lines:
        assert rest.startswith(line)
        rest = rest[len(line) :].removeprefix(" " if rest[len(line) :] else "")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(alphabet="abc ", max_size=80), st.integers(30, 60))
def test_words_of_ascii_break_where_they_always_did(text: str, width: int) -> None:
    text = " ".join(word[:7] for word in text.split())
    assert wrap(text, width) == plain_wrap(text, width)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("选择目标，然后发送。", ["选择目", "标，然", "后发", "送。"]),
        ("他说（不）", ["他说", "（不）"]),
        ("按 Ctrl+J 发送", ["按", "Ctrl+J", "发送"]),
    ],
    ids=["no-sign-first", "no-bracket-last", "mixed"],
)
def test_chinese_breaks_between_characters_but_not_before_a_sign(text: str, lines: list[str]) -> None:
    assert wrap(text, 7 if "Ctrl" not in text else 8) == lines
