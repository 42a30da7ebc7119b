from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fgtui.tui.text import document as event_document
from fgtui.tui.text.document import (
    START,
    Caret,
    EventDocument,
    Form,
    Lines,
    Location,
    Reverted,
    difference,
    end_of,
    starts_of,
)

ORIGIN = Caret.at(START)
AWKWARD = st.text(st.sampled_from('ab"\\{\n\r\t\x85\u2028\x0c中e\u0301\ud800'), max_size=40)


def at(row: int, column: int) -> Location:
    return Location(row, column)


def typed(document: EventDocument, text: str) -> None:
    """``text`` typed at the end, one key at a time."""
    for character in text:
        document.edit(document.end, document.end, character, before=Caret.at(document.end), group="type")


# Lines


@given(AWKWARD)
def test_a_text_comes_out_as_it_went_in(text: str) -> None:
    for piece in (3, 100):
        lines = Lines(text, piece)
        assert lines.newline.join(map(str, lines.lines)) == text == lines.text
        assert lines.length == len(text)


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_only_a_line_feed_ends_a_line(character: str) -> None:
    document = EventDocument(f'{{"a": "x{character}y"}}')
    assert len(document.lines) == 1
    document.edit(at(0, 1), at(0, 1), " ", before=ORIGIN)
    assert document.text == f'{{ "a": "x{character}y"}}'


def test_windows_line_ends_survive_an_edit_and_a_copy() -> None:
    document = EventDocument("{\r\n}\r\n")
    document.edit(at(0, 1), at(0, 1), "\n  1", before=ORIGIN)
    assert document.text == "{\r\n  1\r\n}\r\n"
    assert document.between(at(0, 0), at(1, 3)) == "{\r\n  1"
    assert document.offset(at(2, 0)) == document.text.index("}")
    assert document.location(document.text.index("}")) == (2, 0)


def test_mixed_line_ends_stay_mixed() -> None:
    document = EventDocument("a\r\nb\nc")
    document.edit(at(1, 1), at(1, 1), "!", before=ORIGIN)
    assert document.text == "a\r\nb!\nc"


@given(AWKWARD, st.integers(0, 60))
def test_an_offset_and_its_location_agree(text: str, offset: int) -> None:
    lines = Lines(text)
    location = lines.location(offset)
    assert lines.clamp(location) == location
    if offset <= len(text) and "\r" not in text:
        assert lines.offset(location) == offset


@given(AWKWARD)
def test_where_lines_begin_is_the_same_for_whoever_counts(text: str) -> None:
    lines = Lines(text)
    assert [lines.offset(Location(row, 0)) for row in range(len(lines.lines))] == list(starts_of(text))


@given(AWKWARD, AWKWARD)
def test_where_a_text_ends_is_where_what_follows_begins(before: str, text: str) -> None:
    lines = Lines((before + text + "|").replace("\r", ""))
    start = end_of(START, before.replace("\r", ""))
    end = end_of(start, text.replace("\r", ""))
    assert lines.lines[end.row][end.column :] == "|"


@pytest.mark.parametrize(
    ("place", "nearest"),
    [((-1, -1), (0, 0)), ((-2, 2), (0, 2)), ((0, 9), (0, 2)), ((9, 9), (1, 1))],
    ids=["above-and-left", "above", "right", "below-and-right"],
)
def test_the_nearest_place_is_one_of_the_text(place: tuple[int, int], nearest: tuple[int, int]) -> None:
    assert Lines("ab\nc").clamp(at(*place)) == nearest


# Undo


def test_nothing_to_undo_is_no_error() -> None:
    document = EventDocument("{}")
    assert document.undo() is None
    assert document.redo() is None
    assert document.text == "{}"


def test_a_typed_word_is_one_step() -> None:
    document = EventDocument()
    typed(document, "hello world")
    document.undo()
    assert document.text == "hello "
    document.undo()
    assert document.text == ""
    document.redo()
    document.redo()
    assert document.text == "hello world"


def test_typing_elsewhere_begins_a_step_of_its_own() -> None:
    document = EventDocument("ab")
    document.edit(at(0, 0), at(0, 0), "x", before=ORIGIN, group="type")
    document.edit(at(0, 3), at(0, 3), "y", before=ORIGIN, group="type")
    document.undo()
    assert document.text == "xab"


def test_undo_puts_the_cursor_back() -> None:
    document = EventDocument("abc")
    before = Caret(at(0, 1), at(0, 3))
    document.edit(at(0, 1), at(0, 3), "", before=before)
    assert document.undo() == Reverted((event_document.Change(at(0, 1), "", "bc"),), before, form_changed=False)
    redone = document.redo()
    assert redone is not None
    assert redone.caret == Caret.at(at(0, 1))


def test_a_new_edit_ends_what_could_be_redone() -> None:
    document = EventDocument()
    typed(document, "a")
    document.undo()
    typed(document, "b")
    assert document.redo() is None
    assert document.text == "b"


def test_modified_is_a_matter_of_where_the_history_stands() -> None:
    document = EventDocument("{}")
    assert not document.is_modified
    typed(document, "x")
    assert document.is_modified
    document.undo()
    assert not document.is_modified
    document.mark_modified()
    assert document.is_modified


def test_a_text_that_reads_as_it_was_loaded_again_is_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    document = EventDocument("{}")
    assert not document.is_back(), "it was never away"
    typed(document, "x")
    assert not document.is_back()
    document.edit(at(0, 2), at(0, 3), "", before=Caret.at(at(0, 3)), group="erase")
    assert document.is_modified
    assert document.is_back()
    assert not document.is_modified
    document.undo()
    assert document.is_modified
    document.undo()
    assert document.is_back(), "there too"
    document.mark_changed_from("{}x")
    assert not document.is_back()
    document.mark_changed_from("{}")
    assert document.is_back()
    document.mark_modified()
    assert not document.is_back(), "nobody knows what it was"
    monkeypatch.setattr(event_document, "COMPARED", 1)
    document.mark_saved()
    document.mark_changed_from("{}")
    assert not document.is_back(), "a long text is not kept twice"


def test_typing_on_after_undo_to_the_start_is_not_merged_into_the_past() -> None:
    document = EventDocument()
    typed(document, "ab")
    document.undo()
    typed(document, "c")
    document.undo()
    assert document.text == ""
    assert not document.is_modified


def test_two_texts_differ_in_no_more_than_they_do() -> None:
    old = '{\n  "a": 1,\n  "b": 2\n}'
    for newline in ("\n", "\r\n"):
        before, after = old.replace("\n", newline), old.replace("2", "33").replace("\n", newline)
        assert difference(before, after, newline) == (at(2, 7), at(2, 8), "33")
        assert difference(before, before, newline) is None


def test_a_history_that_grows_too_large_forgets_its_oldest_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_document, "HISTORY_CHARACTERS", 100)
    document = EventDocument()
    for number in range(30):
        document.edit(document.end, document.end, f"[{number:08}]", before=ORIGIN)
    steps = 0
    while document.undo():
        steps += 1
    assert steps == 10
    assert document.text.startswith("[00000000]")
    assert document.is_modified


@given(AWKWARD, st.integers(0, 40), st.integers(0, 10), AWKWARD, st.integers(0, 40))
@example("long", 0, 4, "\n", 2)  # a row that has become shorter
def test_a_place_outside_a_change_stays_with_its_character(
    text: str, offset: int, length: int, inserted: str, place: int
) -> None:
    text = text.replace("\r", "")
    inserted = inserted.replace("\r", "")
    offset, place = min(offset, len(text)), min(place, len(text))
    end = min(offset + length, len(text))
    document = EventDocument(text)
    start, stop, before = document.location(offset), document.location(end), document.location(place)
    change = document.edit(start, stop, inserted, before=ORIGIN)
    after = document.offset(document.clamp(change.moved(before)))
    if place <= offset:
        assert after == place
    elif place >= end:
        assert after == place + len(inserted) - (end - offset)
    else:
        assert offset <= after <= offset + len(inserted)


# Two forms


def test_showing_the_other_form_is_no_step() -> None:
    document = EventDocument("wire")
    typed(document, "!")
    document.undo()
    document.show_other("decoded")
    assert (document.form, document.text) == (Form.DECODED, "decoded")
    assert document.can_redo
    assert not document.is_modified
    document.redo()
    assert (document.form, document.text) == (Form.WIRE, "wire!")


def test_turning_back_gives_the_very_text_that_was_left() -> None:
    document = EventDocument("wire  // with a comment")
    document.show_other("decoded")
    assert document.other_text() == "wire  // with a comment"


def test_undo_after_a_toggle_goes_back_through_edits_made_in_the_other_form() -> None:
    document = EventDocument("w")
    typed(document, "1")  # wire: w1
    document.show_other("d1")
    typed(document, "2")  # decoded: d12
    document.show_other("w12")
    typed(document, "3")  # wire: w123
    seen = []
    while document.undo():
        seen.append((document.form.value, document.text))
    assert seen == [("wire", "w12"), ("decoded", "d1"), ("wire", "w")]
    seen = []
    while document.redo():
        seen.append((document.form.value, document.text))
    assert seen == [("wire", "w1"), ("decoded", "d12"), ("wire", "w123")]


@pytest.mark.parametrize(
    ("text", "start", "end", "typed_text"),
    [("a\r", (0, 2), (0, 2), "\n"), ("a\r\nb", (0, 1), (1, 0), ""), ("a\r\nb\nc", (1, 1), (2, 0), "")],
    ids=["a-feed-behind-a-return", "the-only-line-end", "the-only-bare-feed"],
)
def test_undo_after_toggles_leaves_the_line_ends_as_they_were(
    text: str, start: tuple[int, int], end: tuple[int, int], typed_text: str
) -> None:
    document = EventDocument(text)
    document.edit(Location(*start), Location(*end), typed_text, before=Caret.at(Location(*start)))
    changed = document.text
    document.show_other("d")
    document.show_other(changed)
    document.show_other("d")
    document.undo()
    assert document.text == text
    document.redo()
    assert document.text == changed


def test_undo_says_when_the_form_changed() -> None:
    document = EventDocument("w")
    typed(document, "1")
    document.show_other("d1")
    reverted = document.undo()
    assert reverted is not None
    assert reverted.form_changed


def test_a_derived_text_can_be_forgotten_unless_a_step_needs_it() -> None:
    document = EventDocument("w")
    document.show_other("d")
    document.show_other("w")
    document.forget_other()
    assert document.other_text() is None
    document.show_other("d")
    typed(document, "!")
    document.undo()
    document.show_other("w")
    document.forget_other()
    assert document.other_text() == "d"


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 30), st.integers(0, 6), AWKWARD),
        st.tuples(st.just("type"), st.integers(0, 30), st.just(0), st.sampled_from("ab \n")),
        st.tuples(st.sampled_from(["undo", "redo", "toggle"])),
    ),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(AWKWARD, ACTS)
def test_undoing_everything_and_redoing_it_all_gives_the_same_texts(text: str, acts: list) -> None:
    document = EventDocument(text)
    for act in acts:
        _perform(document, act)
    end = (document.form, document.text) if not document.can_redo else None
    while document.redo():
        pass
    final = (document.form, document.text)
    if end is not None:
        assert final == end
    while document.undo():
        pass
    if document.form is Form.WIRE:
        assert document.text == text
    while document.redo():
        pass
    if document.form is final[0]:
        assert document.text == final[1]


def _perform(document: EventDocument, act: tuple) -> None:
    if act[0] == "toggle":
        other = document.other_text()
        mirrored = document.text[::-1] if other is None else other
        document.show_other(mirrored)
    elif act[0] in ("undo", "redo"):
        getattr(document, act[0])()
    else:
        kind, offset, length, text = act
        clean = document.text
        start = document.location(min(offset, len(clean)))
        end = document.location(min(offset + length, len(clean)))
        document.edit(start, max(start, end), text, before=Caret.at(start), group="type" if kind == "type" else "")


# Against a plain string

EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 90), st.integers(0, 30), AWKWARD),
        st.tuples(st.sampled_from(["type", "erase"]), st.integers(0, 90), st.just(1), st.sampled_from('ab "中\n')),
        st.tuples(st.sampled_from(["undo", "redo"]), st.just(0), st.just(0), st.just("")),
    ),
    max_size=30,
)


@pytest.mark.parametrize("piece", [3, 10_000], ids=["in-pieces", "in-strings"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@given(text=st.text(st.sampled_from('ab"\\{\n中e\u0301'), max_size=90), edits=EDITS)
def test_edits_undo_and_redo_in_any_order_are_those_of_a_plain_string(
    piece: int, newline: str, text: str, edits: list[tuple[str, int, int, str]]
) -> None:
    has_breaks = "\n" in text
    document = EventDocument(text.replace("\n", newline), piece=piece)
    past: list[str] = []
    future: list[str] = []
    shown = text  # with line feeds, as a step holds them
    for kind, offset, length, new in edits:
        if kind == "undo":
            if (reverted := document.undo()) is not None:
                future.append(shown)
                shown = past.pop()
                assert reverted.changes
        elif kind == "redo":
            if document.redo() is not None:
                past.append(shown)
                shown = future.pop()
        else:
            inserted = "" if kind == "erase" else new.replace("\r", "")
            begin, end = min(offset, len(shown)), min(offset + length if kind != "type" else offset, len(shown))
            start, stop = end_of(START, shown[:begin]), end_of(START, shown[:end])
            document.edit(start, stop, inserted, before=Caret.at(start), group=kind if kind != "edit" else "")
            future.clear()
            if len(document._steps) > len(past):  # else it became more of the step before
                past.append(shown)
            shown = shown[:begin] + inserted + shown[end:]
        _is_text(document, shown, newline if has_breaks else document.newline)


def _is_text(document: EventDocument, shown: str, newline: str) -> None:
    expected = shown.replace("\n", newline)
    assert document.text == expected
    assert document.length == len(expected)
    snapshot = document.snapshot()
    assert snapshot.text == snapshot.take() == "".join(document.snapshot().parts()) == expected
    assert document.end == end_of(START, shown)
    assert list(map(str, document.lines)) == shown.split("\n")
    middle = end_of(START, shown[: len(shown) // 2])
    assert document.location(document.offset(middle)) == middle
    assert document.between(START, middle) == shown[: len(shown) // 2].replace("\n", newline)
