"""Lines of any length. A short one is a plain string; a long one is kept in pieces, so that a key costs one of them.

A ``LongLine`` never changes: an edit makes another one, which shares the pieces that were not touched. It knows where
in it a JSON string is open without reading more than the pieces that are new, so that any window of it can be coloured.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import TypeAlias, cast, overload

PIECE = 32_768
"""Characters of the longest piece."""


class _Piece:
    """A part of a line, and what was found out about the JSON strings in it."""

    __slots__ = ("_bytes", "_found", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._bytes = -1
        self._found: list[tuple[int, bool] | None] = [None, None]

    @property
    def size(self) -> int:
        """Its bytes in UTF-8."""
        if self._bytes < 0:
            self._bytes = _size(self.text)
        return self._bytes

    def quotes(self, *, escaped: bool) -> tuple[int, bool]:
        """The quotes that open or close a string, where the piece begins ``escaped``; whether the next one does."""
        found = self._found[escaped]
        if found is None:
            text = self.text[1:] if escaped else self.text
            if "\\" in text:
                text = text.replace("\\\\", "")
            found = self._found[escaped] = text.count('"') - text.count('\\"'), text.endswith("\\")
        return found


class LongLine:
    """A line in pieces. Has what is needed of a string: length, slices (plain strings), ``startswith``."""

    __slots__ = ("_pieces", "_starts", "_states")

    def __init__(self, pieces: Iterable[_Piece]) -> None:
        self._pieces = tuple(pieces)
        self._starts = list(accumulate((len(piece.text) for piece in self._pieces), initial=0))
        self._states: list[tuple[int, bool]] = []

    @classmethod
    def of(cls, text: str, piece: int = PIECE) -> LongLine:
        """``text`` in pieces of at most ``piece`` characters."""
        return cls(_cut(text, piece))

    def __len__(self) -> int:
        return self._starts[-1]

    def __str__(self) -> str:
        return "".join(self.parts())

    @overload
    def __getitem__(self, wanted: int) -> str: ...
    @overload
    def __getitem__(self, wanted: slice) -> str: ...
    def __getitem__(self, wanted: int | slice) -> str:
        """A character, or the characters of a slice with step 1."""
        if isinstance(wanted, int):
            index = wanted + len(self) if wanted < 0 else wanted
            if not 0 <= index < len(self):
                raise IndexError(wanted)
            at = self._piece_at(index)
            return self._pieces[at].text[index - self._starts[at]]
        start, end, _ = wanted.indices(len(self))
        if start >= end:
            return ""
        first, last = self._piece_at(start), self._piece_at(end - 1)
        if first == last:
            return self._pieces[first].text[start - self._starts[first] : end - self._starts[first]]
        middle = (piece.text for piece in self._pieces[first + 1 : last])
        head, tail = self._pieces[first].text, self._pieces[last].text
        return "".join([head[start - self._starts[first] :], *middle, tail[: end - self._starts[last]]])

    def startswith(self, prefix: str, start: int = 0) -> bool:
        """Whether ``prefix`` stands at ``start``."""
        return self[start : start + len(prefix)] == prefix

    def size(self, start: int, end: int) -> int:
        """The bytes in UTF-8 of what stands between two columns."""
        end = min(end, len(self))
        return sum(piece.size for piece in self._between(start, end)) if start < end else 0

    def parts(self) -> Iterator[str]:
        """The text, a piece after the other."""
        return (piece.text for piece in self._pieces)

    # JSON strings

    def state(self, column: int) -> tuple[bool, bool]:
        """Whether ``column`` is inside a JSON string, and whether a backslash before it says what it means."""
        at = min(self._piece_at(column), len(self._pieces) - 1)
        quotes, escaped = self._state(at)
        if column > self._starts[at]:
            more, escaped = _Piece(self._pieces[at].text[: column - self._starts[at]]).quotes(escaped=escaped)
            quotes += more
        return quotes % 2 == 1, escaped

    def string_end(self, column: int) -> int | None:
        """The column behind the string that ``column`` is inside of, which no backslash is before; None: never."""
        at = self._piece_at(column)
        if at >= len(self._pieces):
            return None
        end = _closing_quote(self._pieces[at].text, column - self._starts[at])
        while end is None:
            at += 1
            while at < len(self._pieces) and self._state(at + 1)[0] == self._state(at)[0]:
                at += 1
            if at >= len(self._pieces):
                return None
            end = _closing_quote(self._pieces[at].text, int(self._state(at)[1]))
        return self._starts[at] + end + 1

    def _state(self, at: int) -> tuple[int, bool]:
        """The quotes that open or close strings before a piece, and whether it begins escaped."""
        states = self._states
        if not states:
            states.append((0, False))
        while len(states) <= at:
            quotes, escaped = states[-1]
            more, escaped = self._pieces[len(states) - 1].quotes(escaped=escaped)
            states.append((quotes + more, escaped))
        return states[at]

    # Edits

    def before(self, column: int) -> list[_Piece]:
        """What stands before ``column``."""
        return self._between(0, column)

    def behind(self, column: int) -> list[_Piece]:
        """What stands from ``column`` on."""
        return self._between(column, len(self))

    def _between(self, start: int, end: int) -> list[_Piece]:
        first, last = self._piece_at(start), self._piece_at(end)
        if first == last:
            return [_Piece(self[start:end])] if start < end else []
        pieces = list(self._pieces[first:last])
        if start > self._starts[first]:
            pieces[0] = _Piece(pieces[0].text[start - self._starts[first] :])
        if end > self._starts[last]:
            pieces.append(_Piece(self._pieces[last].text[: end - self._starts[last]]))
        return pieces

    def _piece_at(self, column: int) -> int:
        """The piece that holds ``column``; the number of pieces at the end of the line."""
        return bisect_right(self._starts, column) - 1


Line: TypeAlias = str | LongLine


def line_of(text: str, piece: int = PIECE) -> Line:
    """``text`` as a line: a plain string up to the length of two pieces."""
    return text if len(text) <= 2 * piece else LongLine.of(text, piece)


def lines_of(texts: list[str], piece: int = PIECE) -> list[Line]:
    """``texts`` as lines: the same list, where none is long."""
    if max(map(len, texts), default=0) <= 2 * piece:
        return cast("list[Line]", texts)
    return [line_of(text, piece) for text in texts]


def joined(head: Line, until: int, middle: str, tail: Line, since: int, *, piece: int = PIECE) -> Line:
    """``head`` up to column ``until``, then ``middle``, then ``tail`` from column ``since`` on."""
    if isinstance(head, str) and isinstance(tail, str) and until + len(middle) + len(tail) - since <= 2 * piece:
        return head[:until] + middle + tail[since:]
    left = head.before(until) if isinstance(head, LongLine) else _cut(head[:until], piece)
    right = tail.behind(since) if isinstance(tail, LongLine) else _cut(tail[since:], piece)
    # The pieces at the seam become one, and are cut anew: so none is long, and few are short.
    before, after = (left.pop().text if left else ""), (right.pop(0).text if right else "")
    line = LongLine([*left, *_cut(before + middle + after, piece), *right])
    return line if len(line) > piece else str(line)


def size_between(line: Line, start: int, end: int) -> int:
    """The bytes in UTF-8 of what stands between two columns of ``line``."""
    return _size(line[start:end]) if isinstance(line, str) else line.size(start, end)


def text_of(lines: Sequence[Line], newline: str) -> str:
    """All of ``lines``."""
    try:
        return newline.join(cast("Sequence[str]", lines))  # nearly always they are, and then it is quick
    except TypeError:
        return newline.join([line if isinstance(line, str) else str(line) for line in lines])


def parts_of(lines: Sequence[Line], newline: str, rows: int = 2000) -> Iterator[str]:
    """The text of ``lines`` in parts, each of so many rows, and no larger than a piece where lines are long."""
    for first in range(0, len(lines), rows):
        some = lines[first : first + rows]
        if first:
            yield newline
        if all(isinstance(line, str) for line in some):
            yield text_of(some, newline)
            continue
        for row, line in enumerate(some):
            yield from chain([newline] if row else [], [line] if isinstance(line, str) else line.parts())


def _cut(text: str, piece: int) -> list[_Piece]:
    """Pieces as long as each other, none longer than ``piece``; with room to grow where there are several."""
    if len(text) <= piece:
        return [_Piece(text)] if text else []
    count = -(-len(text) * 4 // (3 * piece))
    size = -(-len(text) // count)
    return [_Piece(text[start : start + size]) for start in range(0, len(text), size)]


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _closing_quote(text: str, start: int) -> int | None:
    """Where the first quote from ``start`` on is that no backslash is before."""
    at = text.find('"', start)
    while at >= 0:
        first = at
        while first > start and text[first - 1] == "\\":
            first -= 1
        if (at - first) % 2 == 0:
            return at
        at = text.find('"', at + 1)
    return None
