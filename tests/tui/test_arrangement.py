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
    grid_of,
    kind_of,
    moved,
    rows_of,
    share_name,
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
    alone = ((pane,),)
    assert splitter_beside(alone, pane, is_upright=True) is None
    assert splitter_beside(alone, pane, is_upright=False) is None


def test_where_panes_take_turns_the_one_that_is_not_hidden_has_it() -> None:
    assert rows_of(a_desk(80, 24), Arrangement(hidden=frozenset({O}))) == ((T, E), (S,))
    assert rows_of(a_desk(80, 24), Arrangement(hidden=frozenset({O, S}))) == ((T, E),)
    assert rows_of(a_desk(80, 24, lower=S), Arrangement(hidden=frozenset({T}))) == ((E,), (S,))
