"""Where the panes stand: whatever a person has chosen, the terminal's size is used up, and nothing that is shown is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.tui.actions import Where
from fgtui.tui.arrangement import (
    DESK_PANES,
    LEAST_COLUMNS,
    LEAST_LINES,
    USUAL,
    Arrangement,
    Desk,
    Splitter,
    field_lines,
    grid_of,
    kind_of,
    moved,
    rows_of,
    share_name,
    shown_below,
    splitter_beside,
)

T, E, O, S = DESK_PANES  # noqa: E741

DESKS = st.builds(
    lambda columns, lines, front, lower: Desk(kind_of(columns, lines), lines >= 36, columns, lines - 2, front, lower),
    st.integers(1, 300),
    st.integers(3, 100),
    st.sampled_from(DESK_PANES),
    st.sampled_from((O, S)),
)
NAMES = [share_name(Desk(kind, is_tall, 100, 40), pane) for kind in ("wide", "medium") for is_tall in (False, True)
         for pane in DESK_PANES]  # fmt: skip
ARRANGEMENTS = st.builds(
    Arrangement,
    st.dictionaries(st.sampled_from(NAMES), st.floats(0, 1)),
    st.frozensets(st.sampled_from(DESK_PANES), max_size=3),
    st.booleans(),
)


def a_desk(columns: int, lines: int, *, front: Where = E, lower: Where = O) -> Desk:
    return Desk(kind_of(columns, lines), lines >= 36, columns, lines - 2, front, lower)


def counted(sizes: tuple[int | str, ...]) -> list[int]:
    return [size for size in sizes if isinstance(size, int)]


@pytest.mark.parametrize(
    ("size", "rows"),
    [
        pytest.param((160, 45), ((T, E, O), (S,)), id="wide"),
        pytest.param((120, 24), ((T, E, O), (S,)), id="just-wide"),
        pytest.param((119, 24), ((T, E), (O,)), id="medium"),
        pytest.param((80, 24), ((T, E), (O,)), id="80x24"),
        pytest.param((80, 40), ((T, E), (O,), (S,)), id="medium-tall"),
        pytest.param((79, 24), ((E,),), id="narrow"),
        pytest.param((40, 24), ((E,),), id="one-column"),
        pytest.param((160, 13), ((E,),), id="low"),
        pytest.param((20, 8), ((E,),), id="tiny"),
    ],
)
def test_each_size_of_terminal_has_its_layout(size: tuple[int, int], rows: tuple[tuple[Where, ...], ...]) -> None:
    assert rows_of(a_desk(*size), USUAL) == rows


@given(DESKS, ARRANGEMENTS)
def test_what_is_shown_is_what_is_not_hidden_and_something_always_is(desk: Desk, arrangement: Arrangement) -> None:
    shown = [pane for row in rows_of(desk, arrangement) for pane in row]
    assert shown
    assert len(set(shown)) == len(shown)
    if desk.kind != "single" and not arrangement.is_zoomed and set(shown) & set(DESK_PANES) - arrangement.hidden:
        assert not arrangement.hidden & set(shown)


@given(DESKS, ARRANGEMENTS)
def test_sizes_keep_their_least_and_leave_the_others_theirs(desk: Desk, arrangement: Arrangement) -> None:
    grid = grid_of(desk, arrangement)
    assert len(grid.lines) == len(grid.rows)
    assert len(grid.columns) == max(map(len, grid.rows))
    for pane, size in zip(grid.rows[0], grid.columns, strict=True):
        assert isinstance(size, str) or size >= LEAST_COLUMNS[pane]
    assert all(size >= LEAST_LINES for size in counted(grid.lines))
    rest = sum(LEAST_COLUMNS[pane] for pane, size in zip(grid.rows[0], grid.columns, strict=True)
               if isinstance(size, str)) if len(grid.columns) > 1 else 0  # fmt: skip
    assert sum(counted(grid.columns)) + rest <= max(desk.columns, 0) or desk.columns < 80
    assert sum(counted(grid.lines)) + LEAST_LINES <= desk.lines or desk.kind == "single"


@given(DESKS, ARRANGEMENTS, st.builds(Splitter, st.booleans(), st.integers(0, 2)), st.integers(-400, 400), st.data())
def test_a_border_moves_no_further_than_both_sides_allow(
    desk: Desk, arrangement: Arrangement, splitter: Splitter, step: int, data: st.DataObject
) -> None:
    is_upright, at = splitter
    rows = rows_of(desk, arrangement)
    panes = rows[0] if is_upright else tuple(row[0] for row in rows)
    room = desk.columns if is_upright else desk.lines
    least = [LEAST_COLUMNS.get(pane, 0) if is_upright else LEAST_LINES for pane in panes]
    if room < sum(least):
        return
    cuts = sorted(data.draw(st.integers(0, room - sum(least))) for _ in panes[1:])
    sizes = [end - start + own for (start, end), own in zip(
        pairwise([0, *cuts, room - sum(least)]), least, strict=True)]  # fmt: skip
    after = moved(desk, arrangement, splitter, sizes, step)
    assert after.hidden == arrangement.hidden
    if at >= len(panes) - 1:
        assert after == arrangement
        return
    grid = grid_of(desk, after)
    now = dict(zip(panes, grid.columns if is_upright else grid.lines, strict=True))
    for pane in panes[at : at + 2]:
        before, size = sizes[panes.index(pane)], now[pane]
        if isinstance(size, int) and share_name(desk, pane) in after.shares:
            assert least[panes.index(pane)] <= size <= sizes[at] + sizes[at + 1]
            assert (size - before) * step >= 0 or pane is panes[at + 1]


@pytest.mark.parametrize(
    ("size", "columns", "lines"),
    [
        ((160, 45), ("auto", "5fr", "4fr"), ("1fr", 16)),
        ((120, 24), ("auto", "5fr", "4fr"), ("1fr", 12)),
        ((130, 15), ("auto", "5fr", "4fr"), ("1fr", 7)),
        ((80, 40), (22, "1fr"), ("1fr", 11, 11)),
        ((80, 24), (22, "1fr"), ("1fr", 9)),
        ((100, 14), (22, "1fr"), ("1fr", 5)),
        ((79, 24), ("1fr",), ("1fr",)),
    ],
)
def test_each_pane_has_its_usual_size(
    size: tuple[int, int], columns: tuple[int | str, ...], lines: tuple[int | str, ...]
) -> None:
    assert grid_of(a_desk(*size), USUAL)[1:] == (columns, lines)


def test_what_takes_the_rest_where_the_event_is_hidden() -> None:
    assert grid_of(a_desk(160, 45), Arrangement(hidden=frozenset({E}))).columns == ("auto", "5fr")
    assert grid_of(a_desk(160, 45), Arrangement(hidden=frozenset({O}))).columns == ("auto", "1fr")
    assert grid_of(a_desk(80, 24), Arrangement(hidden=frozenset({E}))) == (((T,), (O,)), ("1fr",), ("1fr", 9))


def test_sizes_are_kept_for_each_layout_and_where_panes_take_turns_for_both() -> None:
    names = [[share_name(a_desk(*size), pane) for pane in (T, O, S)] for size in ((160, 45), (80, 24), (80, 40))]
    assert names == [
        ["wide.triggers", "wide.outcome", "wide.session"],
        ["medium.triggers", "medium.lower", "medium.lower"],
        ["medium.triggers", "medium.outcome", "medium.session"],
    ]


def test_large_sizes_give_way_to_what_others_have_to_keep_the_largest_first() -> None:
    arranged = Arrangement({"wide.triggers": 0.9, "wide.outcome": 0.5})
    assert grid_of(a_desk(130, 45), arranged).columns == (130 - 24 - 65, "1fr", 65)
    arranged = Arrangement({"wide.triggers": 0.5, "wide.outcome": 1.0})
    assert grid_of(a_desk(130, 45), arranged).columns == (65, "1fr", 130 - 24 - 65)
    arranged = Arrangement({"medium.outcome": 0.9, "medium.session": 0.9})
    assert grid_of(a_desk(80, 42), arranged).lines == ("1fr", 4, 32)


@pytest.mark.parametrize(
    ("splitter", "sizes", "step", "shares"),
    [
        (Splitter(True, 0), [30, 80, 50], 400, {"wide.triggers": (30 + 80 - 24) / 160}),
        (Splitter(True, 0), [30, 80, 50], -400, {"wide.triggers": 12 / 160}),
        (Splitter(True, 1), [30, 80, 50], 400, {"wide.outcome": 20 / 160}),
        (Splitter(True, 1), [30, 80, 50], -3, {"wide.outcome": 53 / 160}),
        (Splitter(False, 0), [27, 16], 400, {"wide.session": 4 / 43}),
        (Splitter(False, 0), [27, 16], -400, {"wide.session": (27 + 16 - 4) / 43}),
        (Splitter(True, 2), [30, 80, 50], 1, {}),
        (Splitter(True, -1), [30, 80, 50], 1, {}),
        (Splitter(True, 0), [30, 80], 1, {}),
    ],
)
def test_what_is_moved_is_kept_as_a_part_of_the_desk(
    splitter: Splitter, sizes: list[int], step: int, shares: dict[str, float]
) -> None:
    assert moved(a_desk(160, 45), USUAL, splitter, sizes, step).shares == shares


def test_the_field_keeps_its_part_and_leaves_the_text_its_least() -> None:
    assert [field_lines(share, 20) for share in (0, 0.3, 0.9, 1)] == [4, 6, 16, 16]
    assert field_lines(0.5, 6) == 4


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (80, 40)])
def test_a_chosen_size_keeps_its_part_when_the_terminal_is_resized(size: tuple[int, int]) -> None:
    desk = a_desk(*size)
    rows = rows_of(desk, USUAL)
    heights = [desk.lines - 9 * (len(rows) - 1), *[9] * (len(rows) - 1)]
    arranged = moved(desk, USUAL, Splitter(False, len(rows) - 2), heights, 1)
    assert grid_of(desk, arranged).lines[-1] == 8
    twice = desk._replace(lines=2 * desk.lines)
    assert grid_of(twice, arranged).lines[-1] == 16


@pytest.mark.parametrize(
    ("pane", "upright", "level"),
    [
        (T, Splitter(True, 0), Splitter(False, 0)),
        (E, Splitter(True, 1), Splitter(False, 0)),
        (O, Splitter(True, 1), Splitter(False, 0)),
        (S, None, Splitter(False, 0)),
    ],
)
def test_keys_move_the_border_behind_a_pane_or_else_before_it(
    pane: Where, upright: Splitter | None, level: Splitter
) -> None:
    rows = rows_of(a_desk(160, 45), USUAL)
    assert splitter_beside(rows, pane, is_upright=True) == upright
    assert splitter_beside(rows, pane, is_upright=False) == level
    assert splitter_beside(((T, E), (O,)), S, is_upright=False) is None, "it is not shown"
    alone = ((pane,),)
    assert splitter_beside(alone, pane, is_upright=True) is None
    assert splitter_beside(alone, pane, is_upright=False) is None


def test_where_panes_take_turns_the_one_that_is_not_hidden_has_it() -> None:
    assert rows_of(a_desk(80, 24), Arrangement(hidden=frozenset({O}))) == ((T, E), (S,))
    assert rows_of(a_desk(80, 24), Arrangement(hidden=frozenset({O, S}))) == ((T, E),)
    assert shown_below(a_desk(80, 24), Arrangement(hidden=frozenset({O, S}))) is O
    assert rows_of(a_desk(80, 24, lower=S), Arrangement(hidden=frozenset({T}))) == ((E,), (S,))
