"""Hidden rows beside the plainest way to keep them: a list that says of each row which block hides it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fgtui.tui.text.collapsed_rows import Block, CollapsedRows, Inside

ROWS = 30
a_block = st.tuples(st.integers(0, ROWS - 2), st.integers(1, 9)).map(
    lambda pair: Block(pair[0], min(pair[0] + pair[1], ROWS - 1))
)


def hidden_rows(rows: CollapsedRows) -> set[int]:
    return {row for block in rows for row in range(block.head + 1, block.last + 1)}


def agree(rows: CollapsedRows, count: int) -> None:
    """Every answer is what counting says."""
    hidden = hidden_rows(rows)
    in_sight = [row for row in range(count) if row not in hidden]
    assert rows.hidden == len(hidden)
    for shown, row in enumerate(in_sight):
        assert rows.row_of(shown) == row
        assert rows.shown_row(row) == shown
        assert rows.hiding(row) is None
    for row in hidden:
        block = rows.hiding(row)
        assert block is not None
        assert rows.shown_row(row) == in_sight.index(block.head)
    assert [row for each in rows.ranges(in_sight[0], in_sight[-1]) for row in each] == in_sight
    heads = {block.head: block for block in rows}
    assert [rows.block_at(row) for row in range(count)] == [heads.get(row) for row in range(count)]


@given(st.lists(a_block, max_size=6))
def test_rows_in_sight_are_those_that_no_block_hides(blocks: list[Block]) -> None:
    rows = CollapsedRows()
    rows.collapse(blocks)
    agree(rows, ROWS)


@given(
    st.lists(a_block, max_size=6),
    st.lists(st.tuples(st.integers(0, ROWS - 1), st.integers(0, 5), st.integers(0, 5)), max_size=6),
)
def test_blocks_stay_with_their_rows_and_open_when_they_are_touched(
    blocks: list[Block], edits: list[tuple[int, int, int]]
) -> None:
    rows = CollapsedRows()
    rows.collapse(blocks)
    text = list(range(ROWS))  # each row is known by a number of its own
    fresh = ROWS
    for at, removed, added in edits:
        first = min(at, len(text) - 1)
        last = min(first + removed, len(text) - 1)
        before = [(text[block.head], [text[row] for row in range(block.head + 1, block.last + 1)]) for block in rows]
        new = [text[first], *range(fresh, fresh + added)]
        fresh += added
        gone = set(text[first : last + 1])
        text[first : last + 1] = new
        rows.follow(first, last, first + added)
        agree(rows, len(text))
        after = [(text[block.head], [text[row] for row in range(block.head + 1, block.last + 1)]) for block in rows]
        spared = [(head, hidden) for head, hidden in before if not gone & {head, *hidden}]
        assert set(map(str, after)) <= set(map(str, before)), "nothing is hidden that was not"
        assert set(map(str, spared)) <= set(map(str, after)), "what was not touched stays hidden"


def test_where_nothing_is_hidden_each_row_is_itself() -> None:
    rows = CollapsedRows()
    agree(rows, 3)
    assert not rows.follow(0, 1, 4)
    agree(rows, 6)


def test_typing_in_the_row_that_stays_in_sight_hides_on_and_typing_below_it_does_not() -> None:
    rows = CollapsedRows()
    rows.collapse([Block(1, 3), Block(6, 8)])
    assert not rows.follow(1, 1, 1)
    assert not rows.follow(4, 4, 5)
    assert list(rows) == [Block(1, 3), Block(7, 9)]
    assert rows.follow(2, 2, 2)
    assert list(rows) == [Block(7, 9)]


def test_how_much_is_in_a_block_is_known_until_it_is_edited_or_shown() -> None:
    rows, held = CollapsedRows(), Inside(2, is_list=True)
    rows.collapse([Block(1, 3), Block(6, 8)])
    assert rows.know(Block(6, 8), held)
    assert not rows.know(Block(6, 8), held), "that is no news"
    assert not rows.know(Block(6, 9), held), "there is no such block"
    rows.follow(4, 4, 5)
    rows.collapse([Block(2, 3), Block(11, 12)])
    assert [rows.inside(row) for row in (1, 6, 7, 8, 11)] == [None, None, held, None, None]
    rows.follow(7, 7, 7)
    assert rows.inside(7) is None, "a part of it may stand in its first row"
    assert rows.know(Block(7, 9), held)
    rows.expand(Block(7, 9))
    rows.collapse([Block(7, 9)])
    assert rows.inside(7) is None


def test_a_block_around_others_takes_them_in() -> None:
    rows = CollapsedRows()
    rows.collapse([Block(2, 4), Block(6, 8), Block(12, 13)])
    rows.collapse([Block(1, 10)])
    assert list(rows) == [Block(1, 10), Block(12, 13)]
    rows.collapse([Block(3, 5)])
    assert list(rows) == [Block(1, 10), Block(12, 13)]
    rows.expand(Block(1, 10))
    assert list(rows) == [Block(12, 13)]
