"""The values of one text as parallel arrays: half a million values in a few megabytes, and no recursion anywhere."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from fgtui.events import lexis
from fgtui.events.findings import Findings
from fgtui.events.model import Path


class Tree:
    """What a scan found, value by value in the order they begin. Offsets are in characters."""

    __slots__ = (
        "_items", "blanks", "ends", "exact_numbers", "findings", "invalid", "key_ends", "key_starts", "parents",
        "plain_names", "signs", "starts", "text",
    )  # fmt: skip

    def __init__(self, text: str, *, thorough: bool = False) -> None:
        code = "i" if len(text) < 1 << 31 else "q"
        self.text = text
        """What was scanned: the text with Markdown quote marks blanked."""
        self.starts: array[int] = array(code)
        self.ends: array[int] = array(code)
        self.key_starts: array[int] = array(code)
        """Of a member's name; -1 for an item, for the root and for a member without a name."""
        self.key_ends: array[int] = array(code)
        """Of a member's name; of an item, its index."""
        self.parents: array[int] = array(code)
        self.invalid: set[int] = set()
        self.blanks: array[int] = array(code)
        """Start and end of each stretch that becomes spaces in the wire text."""
        self.signs: array[int] = array(code)
        """Where a full-width comma or colon becomes the ASCII one."""
        self.plain_names = True
        """Whether each member name is spelled as itself between double quotes."""
        self.exact_numbers = True
        """Whether every number fits a double, and every integer the digits Python converts."""
        self.findings = Findings(thorough=thorough)
        self._items: dict[int, array[int]] = {}

    def blank(self, start: int, end: int) -> None:
        """Leave what is there out of the wire text."""
        self.blanks.extend((start, end))

    def key(self, index: int) -> str | int | None:
        """Member name, or index in an array; None for the root."""
        start, end = self.key_starts[index], self.key_ends[index]
        if start >= 0:
            return self.text[start + 1 : end - 1] if self.plain_names else lexis.unquote(self.text[start:end])
        parent = self.parents[index]
        if parent < 0:
            return None
        return "" if self.is_object(parent) else end

    def is_object(self, index: int) -> bool:
        """Whether the value is an object."""
        return self.text.startswith(("{", "｛"), self.starts[index]) and index not in self.invalid

    def is_array(self, index: int) -> bool:
        """Whether the value is an array."""
        return self.text.startswith(("[", "［", "【"), self.starts[index]) and index not in self.invalid

    def begin(self, index: int) -> int:
        """Where the value begins, its member name included."""
        key_start = self.key_starts[index]
        return key_start if key_start >= 0 else self.starts[index]

    def after(self, index: int) -> int:
        """The first value behind the value and all its descendants."""
        following = index + 1
        if following == len(self.starts) or self.parents[following] != index:
            return following
        end = self.ends[index]
        if self.text.startswith(("}", "]", "｝", "］", "】"), end - 1):
            return bisect_left(self.starts, end, following)
        # Never closed: what ends with it may be a missing value, which is empty and begins where it ends.
        return bisect_right(self.starts, end, following)

    def children(self, index: int) -> Iterator[int]:
        """The members or items of the value."""
        child, count, parents = index + 1, len(self.starts), self.parents
        while child < count and parents[child] == index:
            yield child
            child = self.after(child)

    def count(self, index: int) -> int:
        """How many members or items the value has."""
        return self.parents[index + 1 : self.after(index)].count(index)

    def items(self, index: int) -> array[int]:
        """The same as a list, kept for the next time."""
        items = self._items.get(index)
        if items is None:
            items = self._items[index] = array(self.starts.typecode, self.children(index))
        return items

    def step(self, index: int, key: str | int) -> int:
        """The member or item ``key`` of the value, of duplicates the last; -1 when there is none."""
        if isinstance(key, int):
            items = self.items(index) if self.is_array(index) else ()
            return items[key] if 0 <= key < len(items) else -1
        found = -1
        if self.is_object(index):
            for child in self.children(index):
                if self._is_named(child, key):
                    found = child
        return found

    def _is_named(self, index: int, name: str) -> bool:
        start = self.key_starts[index]
        if start >= 0 and self.plain_names:
            return self.key_ends[index] - start == len(name) + 2 and self.text.startswith(name, start + 1)
        return self.key(index) == name

    def path(self, index: int) -> Path:
        """The keys from the root to the value."""
        steps: list[str | int] = []
        while self.parents[index] >= 0:
            key = self.key(index)
            assert key is not None
            steps.append(key)
            index = self.parents[index]
        return tuple(reversed(steps))

    def deeper_than(self, index: int, limit: int) -> bool:
        """Whether the value has more than ``limit`` values around it."""
        for _ in range(limit + 1):
            index = self.parents[index]
            if index < 0:
                return False
        return True

    def first_from(self, offset: int) -> int:
        """The first value that begins, name included, at ``offset`` or behind it."""
        return bisect_left(range(len(self.starts)), offset, key=self.begin)

    def at(self, offset: int) -> int:
        """The innermost value whose span, or whose member name's span, holds ``offset``; -1 when there is none."""
        index = bisect_right(range(len(self.starts)), offset, key=self.begin) - 1
        while index >= 0:
            if self.starts[index] <= offset < self.ends[index]:
                break
            if 0 <= self.key_starts[index] <= offset < self.key_ends[index]:
                break
            index = self.parents[index]
        return index
