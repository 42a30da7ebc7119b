"""Shows what changed from one exchange to another: a place and a sign for each difference, unified or side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, overload

from rich.cells import cell_len

from fgtui.sessions.diff.change_words import RESPELLED, unknown_sentence
from fgtui.sessions.diff.layout import NARROWEST, Line, side_line, unified
from fgtui.sessions.diff.rows import Row, RowKind, rows_of
from fgtui.tui.styles.inks import Piece
from fgtui.tui.widgets.text_view import Shown, TextView, cells_of, overlaid
from fgtui.words import plural, say

if TYPE_CHECKING:
    from fgtui.sessions.diff.changes import Change, Compared

SHOWN_CHANGES = 20_000
"""Differences that are laid out; nobody reads as many, and `fgtui diff` prints them all."""
_LINES_KEPT = 512


class Difference(NamedTuple):
    """What came of comparing one exchange with another."""

    compared: Compared
    compared_with: str
    """What the older one is called: ``orders #340``."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """The differences."""
        return self.compared.changes

    @property
    def words(self) -> str:
        """How many there are, in words."""
        if not self.compared.is_possible:
            return say("nothing to compare with {old}: only one of the two was sent", old=self.compared_with)
        if not self.changes:
            return say("the same as {old}", old=self.compared_with)
        count = len(self.changes)
        return say(
            plural(count, "1 difference to {old}", "{count} differences to {old}"),
            count=f"{count:,}",
            old=self.compared_with,
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences on what the changes do not show; ``{count}`` in them is for values that could not be compared."""
        compared = self.compared
        respelled = (RESPELLED,) if compared.is_respelled else ()
        return (*respelled, unknown_sentence(compared.unknown)) if compared.unknown else respelled


def diff_text(difference: Difference) -> Shown:
    """A difference as lines."""
    return DiffRows(difference).unified().shown


class DiffText(NamedTuple):
    """A difference laid out."""

    shown: Shown
    places: Sequence[int]
    """The line at which each change begins."""


class DiffRows:
    """The rows of a difference, made once, however they are laid out: in a thread where they may be many."""

    def __init__(self, difference: Difference) -> None:
        changes = difference.changes
        sign = ("~ ", "warn") if changes else ("= ", "good") if difference.compared.is_possible else ("· ", "muted")
        self._head: list[Line] = [(sign, (difference.words, ""))]
        self._head += [
            ((say(sentence, count=f"{difference.compared.unknown:,}"), "muted"),) for sentence in difference.remarks
        ]
        self._rows = list(rows_of(islice(changes, SHOWN_CHANGES)))
        if changes:
            self._head.append((("", ""),))
        if len(changes) > SHOWN_CHANGES:
            count = f"{len(changes) - SHOWN_CHANGES:,}"
            self._rows.append(Row(RowKind.NOTE, left=say("… and {count} more, which fgtui diff prints", count=count)))

    def unified(self) -> DiffText:
        """New values below old ones; lines as long as they are."""
        lines = [*self._head, *unified(self._rows)]
        texts = ["".join(text for text, _ in line) for line in lines]
        first = len(self._head)
        places = [index for index, line in enumerate(lines[first:], first) if not line[0][0].startswith(" ")]
        return DiffText(Shown(texts, max(map(cells_of, texts)), _Painter(lines).paint), places)

    def side_by_side(self, width: int) -> DiffText:
        """New values beside old ones, in lines of ``width`` cells, each laid out when it is looked at."""
        lines = _SideLines(self._head, self._rows, width)
        places = [index for index, row in enumerate(self._rows, len(self._head)) if row.kind is RowKind.PLACE]
        return DiffText(Shown(_Texts(lines), width, _Painter(lines).paint), places)


class _SideLines(Sequence[Line]):
    """The lines of rows side by side."""

    def __init__(self, head: list[Line], rows: list[Row], width: int) -> None:
        self._head = head
        self._rows = rows
        self._line = lru_cache(_LINES_KEPT)(lambda at: side_line(rows[at], width, cell_len))

    def __len__(self) -> int:
        return len(self._head) + len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        head = len(self._head)
        return self._head[index] if index < head else self._line(index - head)


class _Texts(Sequence[str]):
    """The text of lines that are made as they are looked at."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        return "".join(text for text, _ in self._lines[index])


class _Painter(NamedTuple):
    """Paints lines that come in pieces."""

    lines: Sequence[Line]

    def paint(self, index: int, line: str, start: int, end: int) -> Sequence[Piece]:
        """The pieces of a line between two columns."""
        pieces: list[Piece] = []
        at = 0
        for text, ink in self.lines[index]:
            part = text[max(0, start - at) : max(0, end - at)]
            if part:
                pieces.append((part, ink))
            at += len(text)
        return pieces


class DiffView(TextView):
    """A difference to walk through, change by change."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's name for it
        super().__init__(id=id)
        self._difference: DiffRows | None = None
        self._places: Sequence[int] = ()
        self._at = -1
        self.is_side_by_side = False
        """Whether new values stand beside old ones, where there is room for both."""

    @property
    def count(self) -> int:
        """How many changes are laid out."""
        return len(self._places)

    @property
    def position(self) -> int:
        """The change that was gone to, from 1; 0 before any was."""
        return self._at + 1

    @property
    def has_room(self) -> bool:
        """Whether both sides fit beside each other."""
        return self.content_region.width >= NARROWEST

    def show_rows(self, rows: DiffRows) -> None:
        """Show another difference, from its beginning."""
        self._difference, self._at = rows, -1
        self._redraw(keep_place=False)

    def show_words(self, text: Shown) -> None:
        """Show something else in its place."""
        self._difference, self._places, self._at = None, (), -1
        self.show(text)

    def switch(self, *, side_by_side: bool) -> None:
        """Lay it out the other way; the change that was gone to stays in sight."""
        self.is_side_by_side = side_by_side
        self._redraw(keep_place=True)

    def step(self, *, forward: bool) -> bool:
        """Go to the next change, or the one before, around the end; whether there is any."""
        if not self._places:
            return False
        self._at = (self._at + 1 if forward else max(self._at, 0) - 1) % len(self._places)
        self._go()
        return True

    def on_resize(self) -> None:
        """Lay out two columns anew where there is another width for them."""
        if self._difference is not None and self.is_side_by_side:
            self._redraw(keep_place=True)
        else:
            super().on_resize()

    def _redraw(self, *, keep_place: bool) -> None:
        if self._difference is None:
            return
        if self.is_side_by_side and self.has_room:
            text = self._difference.side_by_side(self.content_region.width - self.styles.scrollbar_size_vertical)
        else:
            text = self._difference.unified()
        self._places = text.places
        self.show(text.shown, keep_place=keep_place)
        if keep_place and self._at >= 0:
            self._go()

    def _go(self) -> None:
        line = self._places[self._at]
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if not top <= line < top + max(1, height - 2):
            self.scroll_to(0, max(0, line - height // 4), animate=False, force=True)
        self.refresh()

    def _pieces(self, index: int, start: int, end: int) -> Sequence[Piece]:
        """The change that was gone to is marked at its place."""
        pieces = super()._pieces(index, start, end)
        if self._at < 0 or index != self._places[self._at]:
            return pieces
        return overlaid(pieces, start, 0, len(self.shown.lines[index]), lambda _: "found")
