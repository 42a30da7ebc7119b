from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fgtui.terminal.display import is_displayable
from fgtui.tui.widgets.row_view import (
    FOLD,
    RowView,
    boundary_before,
    boundary_behind,
    find_fold,
    first_to_show,
    layout,
    step_left,
    step_right,
    view_row,
    wrap_row,
)

ANY_LINE = st.one_of(
    st.text(max_size=50),
    st.text(st.sampled_from("ab \t中文e\u0301\u200d\u200c👩\ufe0f❤\u202e\x1b\x9b\u200b\ud800\u0300"), max_size=50),
)
WIDTHS = st.integers(4, 60)


def drawn(view: RowView) -> str:
    return FOLD.join(stretch.shown(stretch.start, stretch.end) for stretch in view.stretches)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[2J", "\\e[2J", id="escape"),
        pytest.param("\x9b31m", "\\x9b31m", id="c1"),
        pytest.param("a\u202eb", "a\\u202eb", id="right-to-left-override"),
        pytest.param("a\u200bb", "a\\u200bb", id="zero-width-space"),
        pytest.param("\ud800", "\\ud800", id="lone-surrogate"),
        pytest.param("a\rb", "a\\rb", id="carriage-return"),
        pytest.param("\x07", "\\x07", id="bell"),
        pytest.param("a\u200db", "a\\u200db", id="joiner-with-nothing-to-join"),
        pytest.param("a\u2060b", "a\\u2060b", id="word-joiner"),
        pytest.param("甲\u200c乙", "甲\\u200c乙", id="non-joiner-where-nothing-joins"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="non-joiner-between-letters-that-join"),
        pytest.param("\u0301x", "◌\u0301x", id="accent-on-nothing"),
    ],
)
def test_what_could_act_on_a_terminal_is_drawn_as_text(text: str, shown: str) -> None:
    laid = layout(text)
    assert laid.shown(0, len(text)) == shown
    assert laid.width == cell_len(shown)


@given(ANY_LINE)
def test_nothing_hostile_is_ever_drawn_and_the_cells_add_up(line: str) -> None:
    laid = layout(line)
    shown = laid.shown(0, len(line))
    assert is_displayable(shown)
    assert "\t" not in shown
    assert "\n" not in shown
    assert laid.width == laid.cell(len(line))
    assert cell_len(shown) == laid.width
    boundaries = [index for index in range(len(line) + 1) if laid.is_boundary(index)]
    for start, end in pairwise(boundaries):
        assert cell_len(laid.shown(start, end)) == laid.cell(end) - laid.cell(start) > 0


@given(ANY_LINE)
def test_a_cell_leads_back_to_the_character_drawn_there(line: str) -> None:
    laid = layout(line)
    for index in range(len(line)):
        if laid.is_boundary(index) and laid.cell(index) < laid.width:
            assert laid.index(laid.cell(index)) == index
    assert laid.index(laid.width + 5) == len(line)


def test_tabs_reach_the_next_stop() -> None:
    assert layout("\ta\tb").shown(0, 4) == "    a   b"
    assert layout("中\tb").shown(0, 3) == "中  b"


@given(ANY_LINE, WIDTHS, st.integers(0, 50))
def test_a_row_never_needs_more_cells_than_it_has(line: str, width: int, first: int) -> None:
    first = min(first, len(line))
    while first and not layout(line).is_boundary(first):
        first -= 1
    view = view_row(line, width, first)
    assert view.width <= width
    assert cell_len(drawn(view)) + view.cut_left + view.cut_right == view.width
    if not view.cut_left and not view.cut_right:
        assert view.stretches[-1].end == len(line)


@given(ANY_LINE, WIDTHS, st.integers(0, 50), st.integers(0, 50))
def test_the_cursor_is_always_in_sight(line: str, width: int, column: int, first: int) -> None:
    column = min(column, len(line))
    while column and not layout(line).is_boundary(column):
        column -= 1
    first = min(first, len(line))
    while first and not layout(line).is_boundary(first):
        first -= 1
    first = first_to_show(line, column, first, width)
    view = view_row(line, width, first)
    assert first <= column
    widest = max((cell_len(layout(line).shown(i, i + 1)) for i in range(len(line))), default=1)
    if widest <= width // 4:
        assert view.cut_left <= view.cell(column) < width
        assert column <= view.stretches[-1].end
        assert view.stretches[-1].end == len(line) or column < view.stretches[-1].end


def test_the_cursor_in_a_line_of_six_megabytes_is_in_sight() -> None:
    line = "x" * 6_000_000
    first = first_to_show(line, 5_000_000, 0, 80)
    view = view_row(line, 80, first)
    assert 0 < view.cell(5_000_000) < 79
    assert (view.cut_left, view.cut_right) == (True, True)


def test_a_long_string_is_folded_so_that_its_end_shows() -> None:
    line = '    "data": "' + "A" * 500 + '",'
    fold = find_fold(line, 40, (12, len(line) - 1))
    assert fold is not None
    view = view_row(line, 40, 0, fold)
    assert drawn(view) == '    "data": "AAAAAAAAAAAAAAAAAAAAAAAA…",'
    assert view.width == 40
    assert view.cell(line.index(",")) == 39
    assert view.column(39) == line.index(",")
    assert view.column(37) == fold[0]


def test_a_string_that_fits_is_not_folded() -> None:
    line = '"data": "PEJ1ZmZlcj48L0J1ZmZlcj4="'
    assert find_fold(line, len(line), (8, len(line))) is None


def test_a_folded_wide_string_fits_too() -> None:
    line = '"名": "' + "日志" * 100 + '"'
    fold = find_fold(line, 30, (5, len(line)))
    assert fold is not None
    assert view_row(line, 30, 0, fold).width <= 30


@pytest.mark.parametrize(
    "clusters",
    [
        ["👩🏿\u200d🚀", "x", "👍🏽"],
        ["🇭🇰", "🇨🇳", "🇭", "a", "🇭🇰"],
        ["1\ufe0f\u20e3", "❤\ufe0f", "❤", "é", "e\u0301"],
    ],
    ids=["tones", "flags", "variants"],
)
def test_what_is_drawn_as_one_is_one_step(clusters: list[str]) -> None:
    line = "".join(clusters)
    edges = [0, *accumulate(map(len, clusters))]
    assert [at for at in range(len(line) + 1) if layout(line).is_boundary(at)] == edges
    assert layout(line).shown(0, len(line)) == line
    for start, end in pairwise(edges):
        for inside in range(start + 1, end):
            assert (boundary_before(line, inside), boundary_behind(line, inside)) == (start, end)


def test_one_step_crosses_a_whole_cluster() -> None:
    family = "👩\u200d👩\u200d👧"
    line = f"a{family}e\u0301b"
    columns = [0]
    while columns[-1] < len(line):
        columns.append(step_right(line, columns[-1]))
    assert columns == [0, 1, 1 + len(family), 3 + len(family), len(line)]
    back = [len(line)]
    while back[-1]:
        back.append(step_left(line, back[-1]))
    assert back[::-1] == columns


@given(ANY_LINE, WIDTHS)
def test_a_wrapped_line_is_all_there_in_rows_that_fit(line: str, width: int) -> None:
    rows = [view.stretches[0] for view in wrap_row(line, width)]
    assert [row.start for row in rows] == [0, *(row.end for row in rows[:-1])]
    assert rows[-1].end == len(line)
    for row in rows:
        shown = row.shown(row.start, row.end)
        assert is_displayable(shown)
        assert cell_len(shown) <= width or step_right(line, row.start) == row.end


def test_a_wide_character_that_does_not_fit_begins_the_next_row() -> None:
    assert [drawn(view) for view in wrap_row("abc中d", 4)] == ["abc", "中d"]
    assert [drawn(view) for view in wrap_row("", 4)] == [""]
