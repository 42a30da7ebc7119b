"""Finding and replacing beside what Python's own ``re`` says of the same text."""

from __future__ import annotations

import os
import re
import signal
import threading
from time import monotonic, sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.errors import UsageError
from fgtui.tui.text import finding
from fgtui.tui.text.document import Location
from fgtui.tui.text.finding import Matches, Search, Stop, found, replaced, replacement, template_of

letters = st.text('ab_ \n"AİßéΣ', max_size=40)


def all_of(text: str, search: Search, begin: int = 0) -> Matches:
    return list(found(text, search, begin))[-1]


def spans(text: str, search: Search) -> list[tuple[int, int]]:
    matches = all_of(text, search)
    return list(zip(matches.starts, matches.ends, strict=True))


@given(letters, st.text('ab_ "é', min_size=1, max_size=3))
def test_plain_text_is_found_where_an_expression_would_find_it(text: str, wanted: str) -> None:
    assert spans(text, Search(wanted, minds_case=True)) == [m.span() for m in re.finditer(re.escape(wanted), text)]


@given(letters, st.text("ab_", min_size=1, max_size=3))
def test_a_whole_word_does_not_go_on_on_either_side(text: str, wanted: str) -> None:
    expected = [m.span() for m in re.finditer(rf"(?<!\w){wanted}(?!\w)", text)]
    assert spans(text, Search(wanted, minds_case=True, is_word=True)) == expected


@given(letters, st.text("abAéΣİ", min_size=1, max_size=2))
def test_what_is_found_whatever_its_case_is_as_long_as_what_was_wanted(text: str, wanted: str) -> None:
    for start, end in spans(text, Search(wanted)):
        assert text[start:end].lower() == wanted.lower()


@given(letters, st.text("ab", min_size=1, max_size=2), letters, st.integers(0, 40))
def test_replacing_changes_what_matches_and_nothing_else(text: str, wanted: str, by: str, offset: int) -> None:
    done = replaced(text, Search(wanted, minds_case=True), by, min(offset, len(text)))
    assert done.text == text.replace(wanted, by)
    assert done.replaced == text.count(wanted)
    offset = min(offset, len(text))
    inside = [m.start() for m in re.finditer(wanted, text) if m.start() < offset < m.end()]
    assert done.offset == len(text[: inside[0] if inside else offset].replace(wanted, by))


@given(letters, st.text("ab", min_size=1, max_size=3))
def test_places_are_rows_and_columns_of_the_text(text: str, wanted: str) -> None:
    matches, lines = all_of(text, Search(wanted)), text.split("\n")
    for index in range(len(matches)):
        (row, column), (last, end) = matches.place(index)
        assert row == last
        assert lines[row][column:end].lower() == wanted
        assert (column, end) in matches.in_row(row, 0, len(lines[row]))
        assert matches.at(Location(row, column), Location(last, end)) == index


def test_the_matches_around_a_place_are_known() -> None:
    matches = all_of("a.\n.a\na", Search("a"))
    assert [matches.first_from(Location(*place)) for place in ((0, 0), (0, 1), (2, 0), (2, 1))] == [0, 1, 2, None]
    assert [matches.last_before(Location(*place)) for place in ((0, 0), (0, 1), (2, 0), (9, 9))] == [None, 0, 1, 2]
    assert matches.at(Location(0, 0), Location(0, 2)) is matches.at(Location(2, 1), Location(2, 2)) is None
    assert matches.in_row(9, 0, 9) == ()
    assert matches.in_row(1, 0, 1) == (), "only what is in sight"
    assert matches.in_row(1, 0, 2) == ((1, 2),)
    kept = matches.until(Location(1, 1))
    assert (list(kept.starts), kept.is_complete) == ([0], False)
    assert matches.location(4) == Location(1, 1)


def test_a_text_that_would_grow_beyond_measure_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "GROWTH_LIMIT", 5)
    assert replaced("a.a", Search("a"), "bb").text == "bb.bb"
    with pytest.raises(UsageError, match="more than 5 characters"):
        replaced("a.aa", Search("a"), "bb")


@settings(max_examples=30)
@given(st.integers(1, 9), st.integers(1, 4))
def test_slices_hide_no_match(size: int, length: int) -> None:
    text, wanted = "aab" * 9, ("aab" * 2)[:length]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "SLICE", size)
        assert spans(text, Search(wanted, minds_case=True)) == [m.span() for m in re.finditer(wanted, text)]


def test_expressions_find_replace_and_take_groups() -> None:
    text = '"key": "a",\n"other": "b"'
    search = Search(r'^"(\w+)": "(?P<value>.)"', is_expression=True)
    assert spans(text, search) == [(0, 10), (12, 24)]
    assert replaced(text, search, r'"\g<value>": "\1"', len(text)).text == '"a": "key",\n"b": "other"'
    assert replacement(text, search, r"\1", 12, 24) == "other"
    assert replacement(text, search, "${value}$1 $$1 $&", 0, 10) == 'akey $1 "key": "a"'
    assert spans("key KEYS", Search("key", is_word=True, is_expression=True)) == [(0, 3)]
    assert spans("aé\n", Search("$", is_expression=True)) == [(2, 2), (3, 3)]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("$1", "b"),
        ("${1}0", "b0"),
        ("${last}", "c"),
        ("$&$&", "abcabc"),
        ("$0", "abc"),
        ("$$1", "$1"),
        (r"\$1", "$1"),
        (r"\\$1", r"\b"),
        (r"\1\g<last>", "bc"),
        ("$", "$"),
        ("$ $a ${ ${a-b} $`", "$ $a ${ ${a-b} $`"),
        (r"$\n", "$\n"),
    ],
)
def test_groups_may_be_written_as_editors_write_them(by: str, expected: str) -> None:
    match = re.fullmatch("a(b)(?P<last>c)", "abc")
    assert match
    assert match.expand(template_of(by).text) == expected


@given(st.text(r"ab\$&{}1<g>"))
def test_each_character_of_a_template_knows_the_one_that_was_typed(by: str) -> None:
    template = template_of(by)
    assert len(template.text) == len(template.places)
    assert list(template.places) == sorted(template.places)
    assert all(by[place] in {each, "$", "\\"} for each, place in zip(template.text, template.places, strict=True))
    if "$" not in by:
        assert template == (by, tuple(range(len(by))))


@pytest.mark.parametrize(
    ("wanted", "by", "words"),
    [
        pytest.param("a(b", "", r"wrong at character 2: a \( is never closed", id="never-closed"),
        pytest.param("*", "", "wrong at character 1: there is nothing to repeat", id="nothing-to-repeat"),
        pytest.param("(a)", r"\2", "replaced by is wrong at character 2", id="no-such-group"),
        pytest.param("(a)", r"$1 $& \2", "replaced by is wrong at character 8", id="no-such-group-behind-others"),
        pytest.param("(a)", "-$2", "replaced by is wrong at character 2", id="no-such-group-of-editors"),
        pytest.param("(a)", r"\g<x>", "replaced by is wrong", id="no-such-name"),
        pytest.param("a{99999999999999999999}", "", "too often", id="too-often"),
        pytest.param("(?a)(?u)a", "", "wrong at character 1: ASCII and UNICODE", id="flags-that-exclude-each-other"),
    ],
)
def test_what_is_wrong_with_an_expression_is_said_with_its_place(wanted: str, by: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        replaced("aaa", Search(wanted, is_expression=True), by)


def test_a_comment_at_the_end_of_an_expression_ends_there_in_whole_words_too() -> None:
    assert spans("aa a", Search("(?x) a  # one", is_word=True, is_expression=True)) == [(3, 4)]


def test_an_expression_whose_process_the_system_ends_is_not_called_slow() -> None:
    stop = Stop()
    search = found("a" * 5000 + "b", Search("(a+)+$", is_expression=True), stop=stop)

    def kill() -> None:
        while stop.process is None:
            sleep(0.01)
        os.kill(stop.process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(UsageError, match="more memory"):
        list(search)
    killer.join()


def test_an_expression_that_would_take_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "EXPRESSION_S", 0.2)
    with pytest.raises(UsageError, match="too long"):
        list(found("a" * 5000 + "b", Search("(a+)+$", is_expression=True)))


def test_a_search_that_nobody_waits_for_ends_without_words() -> None:
    stop = Stop()
    stop.set()
    started = monotonic()
    assert list(found("ab" * 500_000, Search("a"), stop=stop)) == []
    assert list(found("ab", Search("a", is_expression=True), stop=stop)) == []
    assert monotonic() - started < 1


def test_more_matches_than_are_kept_are_found_from_the_last_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MATCH_LIMIT", 3)
    for search in (Search("a"), Search("a", is_expression=True)):
        first = all_of("a" * 5, search)
        assert (list(first.starts), first.is_complete) == ([0, 1, 2], False)
        assert not next(found("a", Search("a", is_expression=True))).is_complete, "there could be more"
        rest = all_of("a" * 5, search, first.ends[-1])
        assert (list(rest.starts), rest.is_complete, rest.begin) == ([3, 4], True, 3)
