"""Edits of whole rows: what they leave, where the selection is then, and that they can be taken back by their own kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.tui.text import row_edits
from fgtui.tui.text.document import Caret, Difference, EventDocument, Location
from fgtui.tui.text.row_edits import RowEdit, commented, doubled, indented, moved, outdented

TEXT = '{\n  "a": 1,\n\n  "b": {\n    "c": 2\n  }\n}'


def carried_out(text: str, edit: RowEdit | None, caret: Caret) -> tuple[str, Caret]:
    if edit is None:
        return text, caret
    document = EventDocument(text)
    found = edit.difference
    document.edit(found.start, found.end, found.text, before=caret)
    assert [document.clamp(place) for place in edit.after] == list(edit.after), "the selection is in the text"
    return document.text, edit.after


def rows(text: str, first: int, last: int) -> Caret:
    lines = text.split("\n")
    return Caret(Location(first, 0), Location(last, len(lines[last])))


def test_rows_go_one_level_deeper_and_back() -> None:
    deeper, caret = carried_out(TEXT, indented(TEXT.split("\n"), rows(TEXT, 1, 4)), rows(TEXT, 1, 4))
    assert deeper == '{\n    "a": 1,\n\n    "b": {\n      "c": 2\n  }\n}'
    back, _ = carried_out(deeper, outdented(deeper.split("\n"), caret), caret)
    assert back == TEXT


@pytest.mark.parametrize(
    ("text", "edit", "left"),
    [
        (" a", indented, "  a"),
        ("\ta\nb", indented, "\t\ta\nb"),
        ("         a", indented, "           a"),
        (' "a"', outdented, '"a"'),
        ("//a", commented, "a"),
        ("  // a", commented, "  a"),
        ("  a", commented, "  // a"),
    ],
)
def test_one_row_is_edited_as_the_text_around_is(
    text: str, edit: Callable[[list[str], Caret], RowEdit | None], left: str
) -> None:
    caret = Caret.at(Location(0, len(text.split("\n", maxsplit=1)[0])))
    text, after = carried_out(text, edit(text.split("\n"), caret), caret)
    assert text == left
    assert after == Caret.at(Location(0, len(left.split("\n", maxsplit=1)[0]))), "the cursor stays at the end"


def test_a_selection_stays_with_its_characters_and_takes_in_what_comes_before_its_first_row() -> None:
    text, lines = "  ab\n  cd", ["  ab", "  cd"]
    inside = Caret(Location(0, 3), Location(1, 3))
    deeper = indented(lines, inside)
    assert deeper is not None
    assert deeper.after == Caret(Location(0, 5), Location(1, 5))
    assert carried_out(text, commented(lines, inside), inside)[1] == Caret(Location(0, 6), Location(1, 6))
    whole = Caret(Location(0, 0), Location(1, 4))
    deeper = indented(lines, whole)
    assert deeper is not None
    assert deeper.after == Caret(Location(0, 0), Location(1, 6))
    begin = Caret.at(Location(0, 0))
    deeper = indented(lines, begin)
    assert deeper is not None
    assert deeper.after == Caret.at(Location(0, 2)), "a cursor alone goes with the text"
    signed = commented(["  // ab"], Caret(Location(0, 3), Location(0, 6)))
    assert signed is not None
    assert signed.after == Caret(Location(0, 2), Location(0, 3))


def test_one_row_of_any_length_is_indented_and_many_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_edits, "MOST", 5)
    assert indented(["abcdefgh"], rows("abcdefgh", 0, 0)) == (
        Difference(Location(0, 0), Location(0, 0), "  "),
        Caret(Location(0, 0), Location(0, 10)),
    )
    for edit in (indented, commented, doubled):
        assert edit(["abc", "def"], rows("abc\ndef", 0, 1)) is None
        assert edit(["ab", "def"], rows("ab\ndef", 0, 1)) is not None
    assert moved(["abc", "def"], Caret.at(Location(0, 0)), 1) is None
    assert moved(["ab", "def"], Caret.at(Location(0, 0)), 1) is not None


def test_rows_become_comments_and_back() -> None:
    with_signs, caret = carried_out(TEXT, commented(TEXT.split("\n"), rows(TEXT, 1, 4)), rows(TEXT, 1, 4))
    assert with_signs == '{\n  // "a": 1,\n\n  // "b": {\n  //   "c": 2\n  }\n}'
    assert carried_out(with_signs, commented(with_signs.split("\n"), caret), caret)[0] == TEXT


@pytest.mark.parametrize(
    ("by", "left"),
    [(-1, '  "a": 1,\n{\n\n  "b": {\n    "c": 2\n  }\n}'), (1, '{\n\n  "a": 1,\n  "b": {\n    "c": 2\n  }\n}')],
    ids=["up", "down"],
)
def test_a_row_moves_past_the_next_one(by: int, left: str) -> None:
    caret = Caret.at(Location(1, 4))
    text, after = carried_out(TEXT, moved(TEXT.split("\n"), caret, by), caret)
    assert text == left
    assert after == Caret.at(Location(1 + by, 4))


def test_there_is_nothing_past_the_ends() -> None:
    lines = TEXT.split("\n")
    assert moved(lines, Caret.at(Location(0, 0)), -1) is None
    assert moved(lines, Caret.at(Location(6, 0)), 1) is None
    assert commented(["", "  "], rows("\n  ", 0, 1)) is None
    assert outdented(["a"], Caret.at(Location(0, 0))) is None


def test_what_a_selection_only_reaches_the_beginning_of_stays() -> None:
    caret = Caret(Location(1, 0), Location(2, 0))
    text, after = carried_out("a\nb\nc", doubled(["a", "b", "c"], caret), caret)
    assert text == "a\nb\nb\nc"
    assert after == Caret(Location(2, 0), Location(3, 0))


lines_of_text = st.lists(st.text(' \t/"a{', max_size=6), min_size=1, max_size=6)
EDITS: dict[str, Callable[[list[str], Caret], RowEdit | None]] = {
    "indented": indented,
    "outdented": outdented,
    "commented": commented,
    "up": lambda lines, caret: moved(lines, caret, -1),
    "down": lambda lines, caret: moved(lines, caret, 1),
    "doubled": doubled,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@given(lines_of_text, st.data())
def test_nothing_but_white_space_signs_and_order_changes(
    edit: Callable[[list[str], Caret], RowEdit | None], lines: list[str], data: st.DataObject
) -> None:
    places = [
        data.draw(
            st.integers(0, len(lines) - 1).flatmap(lambda row: st.tuples(st.just(row), st.integers(0, len(lines[row]))))
        )
        for _ in range(2)
    ]
    caret = Caret(*(Location(*place) for place in places))
    text = "\n".join(lines)
    left, _ = carried_out(text, edit(lines, caret), caret)
    said = {line.strip(" \t/") for line in left.split("\n")}
    assert said == {line.strip(" \t/") for line in lines}
