"""Which rows of a text are hidden, and what row of the screen each other one is in.

A block is a row that stays in sight and the rows below it that are hidden. Blocks do not lie in each other. Finding a
row costs a bisection; so does following an edit, but for the blocks between this edit and the one before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any, NamedTuple

_TRAIL = 64
"""Characters at the end of a line that are looked at: white space and a bracket."""


class Block(NamedTuple):
    """Rows that are drawn as one."""

    head: int
    """The row that stays in sight."""
    last: int
    """The last row that is hidden."""


class Inside(NamedTuple):
    """How much the object or list of a block holds."""

    entries: int
    is_list: bool


class CollapsedRows:
    """The blocks of one text. Mutable."""

    def __init__(self) -> None:
        self._heads: list[int] = []
        self._sizes: list[int] = []
        self._inside: list[Inside | None] = []
        """What is known to be in each, while nobody has edited it."""
        self._before: list[int] = [0]
        """Rows hidden by the blocks before each, and at the end by all."""
        self._from = 0
        self._by = 0
        """The heads from ``_from`` on stand this far below what is noted: an edit moves them all, and notes this."""

    def __len__(self) -> int:
        return len(self._heads)

    def __iter__(self) -> Iterator[Block]:
        return (self._block(index) for index in range(len(self._heads)))

    @property
    def hidden(self) -> int:
        """Rows that are hidden in all."""
        return self._before[-1]

    # What is where

    def block_at(self, row: int) -> Block | None:
        """The block whose head ``row`` is."""
        index = self._index(row)
        return self._block(index) if index >= 0 and self._head(index) == row else None

    def hiding(self, row: int) -> Block | None:
        """The block that hides ``row``; None when it is in sight."""
        index = self._index(row)
        return self._block(index) if index >= 0 and self._head(index) < row <= self._last(index) else None

    def shown_row(self, row: int) -> int:
        """Rows in sight above ``row``, or above the head of the block that hides it."""
        index = self._index(row)
        if index < 0:
            return row
        if row > self._last(index):
            return row - self._before[index + 1]
        return self._head(index) - self._before[index]

    def row_of(self, shown: int) -> int:
        """The row with so many rows in sight above it: the inverse of ``shown_row``."""
        index = bisect_left(range(len(self._heads)), shown, key=lambda each: self._head(each) - self._before[each]) - 1
        return shown + self._before[index + 1]

    def ranges(self, first: int, last: int) -> list[range]:
        """The rows in sight from ``first`` to ``last``, both in sight, as few ranges."""
        found: list[range] = []
        index = bisect_left(range(len(self._heads)), first, key=self._head)
        while index < len(self._heads) and self._head(index) < last:
            found.append(range(first, self._head(index) + 1))
            first = self._last(index) + 1
            index += 1
        if first <= last:
            found.append(range(first, last + 1))
        return found

    def inside(self, row: int) -> Inside | None:
        """What is in the block whose head ``row`` is; None while that is not known."""
        index = self._index(row)
        return self._inside[index] if index >= 0 and self._head(index) == row else None

    # What changes

    def know(self, block: Block, inside: Inside) -> bool:
        """Keep what is in a block, until it is edited or shown; whether it is there, and was not known."""
        index = self._index(block.head)
        if index < 0 or self._block(index) != block or self._inside[index] == inside:
            return False
        self._inside[index] = inside
        return True

    def collapse(self, blocks: Iterable[Block]) -> None:
        """Hide these too; what lies in one of them becomes part of it, and one inside what is hidden is left out."""
        merged: list[Block] = []
        for block in sorted((*self, *blocks), key=lambda each: (each.head, -each.last)):
            if block.last > block.head and not (merged and block.head <= merged[-1].last):
                merged.append(block)
        self._set(merged)

    def expand(self, block: Block) -> None:
        """Show the rows of a block again."""
        self._set([each for each in self if each != block])

    def expand_all(self) -> None:
        """Hide nothing."""
        self._set([])

    def _set(self, blocks: list[Block]) -> None:
        known = dict(zip(self, self._inside, strict=True))
        self._inside = [known.get(block) for block in blocks]
        self._heads = [block.head for block in blocks]
        self._sizes = [block.last - block.head for block in blocks]
        self._before = list(accumulate(self._sizes, initial=0))
        self._from = self._by = 0

    def follow(self, first: int, last: int, new_last: int) -> bool:
        """Stay with the rows: those from ``first`` to ``last`` became those from ``first`` to ``new_last``.

        A block that was touched in more than the text of its head is shown; whether there was one.
        """
        index = max(self._index(first), 0)
        touched: list[Block] = []
        while index < len(self._heads) and self._head(index) <= last:
            is_in_head = first == last == new_last == self._head(index)
            if is_in_head:
                self._inside[index] = None  # what stands in the head may be a part of it
            if first <= self._last(index) and not is_in_head:
                touched.append(self._block(index))
            index += 1
        if touched:
            self._set([each for each in self if each not in touched])
        if new_last != last:
            self._shift(bisect_right(range(len(self._heads)), last, key=self._head), new_last - last)
        return bool(touched)

    def _shift(self, index: int, by: int) -> None:
        """Move the blocks from ``index`` on: those between here and the last time are noted as they stand."""
        for each in range(self._from, min(index, len(self._heads))):
            self._heads[each] += self._by
        for each in range(index, min(self._from, len(self._heads))):
            self._heads[each] -= self._by
        self._from, self._by = index, self._by + by

    def _index(self, row: int) -> int:
        """The last block whose head is ``row`` or above it; -1 when there is none."""
        return bisect_right(range(len(self._heads)), row, key=self._head) - 1

    def _head(self, index: int) -> int:
        return self._heads[index] + (self._by if index >= self._from else 0)

    def _last(self, index: int) -> int:
        return self._head(index) + self._sizes[index]

    def _block(self, index: int) -> Block:
        return Block(self._head(index), self._last(index))


def opens_block(line: Any) -> bool:
    """Whether an object or a list begins at the end of a line, which may be megabytes long."""
    end: str = line[-_TRAIL:]
    return end.rstrip().endswith(("{", "["))
