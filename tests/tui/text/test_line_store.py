from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.tui.text import line_store
from fgtui.tui.text.line_store import LongLine, joined, line_of, lines_of, parts_of, size_between, text_of

PIECE = 4
AWKWARD = st.text(st.sampled_from('ab"\\{:中\u0301\ud800 '), max_size=60)
COLUMN = st.integers(0, 70)


def in_string(text: str) -> tuple[bool, bool]:
    """Whether the end of ``text`` is inside a string, and right behind a backslash that counts."""
    inside = escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            inside = not inside
    return inside, escaped


def closing_quote(text: str, column: int) -> int | None:
    """Behind the next quote that no backslash is before."""
    while column < len(text):
        if text[column] == '"':
            return column + 1
        column += 1 + (text[column] == "\\")
    return None


@given(AWKWARD, COLUMN, COLUMN)
def test_a_line_in_pieces_is_read_as_the_string_it_is(text: str, start: int, end: int) -> None:
    start = min(start, len(text))
    line = LongLine.of(text, PIECE)
    assert (len(line), str(line)) == (len(text), text)
    assert line[start:end] == text[start:end]
    assert line[:end] == text[:end]
    assert line[-start:] == text[-start:]
    assert line.startswith(text[start:end], start) == text.startswith(text[start:end], start)
    assert size_between(line, start, end) == (size_between(text, start, end) if start < end else 0)
    if start < len(text):
        assert line[start] == text[start]
        assert line[start - len(text)] == text[start]


def test_there_is_no_character_beyond_the_end() -> None:
    line = LongLine.of("x" * 9, PIECE)
    for index in (9, -10):
        with pytest.raises(IndexError):
            line[index]


@given(AWKWARD)
def test_where_strings_are_open_is_known_at_every_column(text: str) -> None:
    line = LongLine.of(text, PIECE)
    if not text:
        return
    for column in range(len(text) + 1):
        assert line.state(column) == in_string(text[:column]), column


@given(AWKWARD, COLUMN)
def test_a_string_ends_at_its_own_quote(text: str, column: int) -> None:
    column = min(column, len(text))
    if in_string(text[:column])[1]:
        column -= 1
    assert LongLine.of(text, PIECE).string_end(column) == closing_quote(text, column)


@given(AWKWARD, AWKWARD, AWKWARD, COLUMN, COLUMN)
def test_joining_is_what_strings_do(head: str, middle: str, tail: str, until: int, since: int) -> None:
    until, since = min(until, len(head)), min(since, len(tail))
    line = joined(line_of(head, PIECE), until, middle, line_of(tail, PIECE), since, piece=PIECE)
    assert str(line) == head[:until] + middle + tail[since:]
    assert isinstance(line, str) or len(line) > PIECE
    assert isinstance(line, LongLine) or len(line) <= 2 * PIECE


@given(st.lists(st.tuples(COLUMN, st.integers(0, 9), AWKWARD), max_size=30))
def test_pieces_stay_short_whatever_is_edited(edits: list[tuple[int, int, str]]) -> None:
    line, text = line_of("x" * 40, PIECE), "x" * 40
    for column, length, new in edits:
        start, end = min(column, len(text)), min(column + length, len(text))
        line, text = joined(line, start, new, line, end, piece=PIECE), text[:start] + new + text[end:]
        assert str(line) == text
        if isinstance(line, LongLine):
            assert all(0 < len(part) <= PIECE for part in line.parts())


def test_an_edit_makes_no_string_longer_than_two_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    line = line_of('{"a": "' + "x" * 1_000_000 + '"}')
    assert isinstance(line, LongLine)
    line.state(len(line))
    before = list(line.parts())
    made: list[int] = []
    piece_class = line_store._Piece

    def counted(text: str) -> object:
        made.append(len(text))
        return piece_class(text)

    monkeypatch.setattr(line_store, "_Piece", counted)
    after = joined(line, 500_000, "y", line, 500_000)
    assert isinstance(after, LongLine)
    assert made
    assert max(made) <= 2 * line_store.PIECE
    assert len(made) <= 4
    kept = {id(part) for part in before}
    assert sum(id(part) not in kept for part in after.parts()) <= 2


@given(st.lists(AWKWARD, min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]), st.integers(1, 5))
def test_lines_give_their_text_whole_and_in_parts(texts: list[str], newline: str, rows: int) -> None:
    lines = lines_of(list(texts), PIECE)
    assert text_of(lines, newline) == newline.join(texts)
    assert "".join(parts_of(lines, newline, rows)) == newline.join(texts)
