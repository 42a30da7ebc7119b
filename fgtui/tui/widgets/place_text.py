"""Text whose lines may name places in files: they are underlined, walked through by a key, and asked for by a click.

Which lines name places is the text's matter; where a place is and what opens it is the screen's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.message import Message

from fgtui.terminal.display import displayable_line
from fgtui.tui.styles.inks import UNDERLINED, Piece
from fgtui.tui.widgets.text_view import Shown, TextView, column_at, overlaid

if TYPE_CHECKING:
    from fgtui.terminal.editor import Place

LONGEST_LINE = 10_000
"""Characters of a line that may name a place: no stack is longer, and a result on one line is."""
STACK_GAP = 3
"""Lines without a place that may stand between two frames of one stack: the code of the frame and marks below it."""
STACK_FRAMES = 400
LOOKED_AT = 500
"""Lines at the beginning and at the end of a text that are asked whether it names places at all."""
COUNTED_LINES = 20_000
"""Lines of a text up to which its places are counted."""

Row = int
"""The number of a line, from 0."""


class PlaceText(TextView):
    """One place may be chosen: it is marked, and what opens a place opens that one."""

    @dataclass
    class Clicked(Message):
        """A place was clicked."""

        row: Row
        place: Place
        place_text: PlaceText

        @property
        def control(self) -> PlaceText:
            """The text it stands in."""
            return self.place_text

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's name for it
        super().__init__(id=id)
        self.chosen: tuple[Row, Place] | None = None
        """The place that is chosen, and its line."""
        self.went_round = False
        """Whether the last step went over an end of the text."""
        self._counted: list[tuple[Row, int]] | None = None
        """Lines and columns of all places, once they were counted."""

    def show(
        self, text: Shown, *, keep_place: bool = False, at_end: bool = False, line: int = 0, turned: bool = False
    ) -> None:
        """Show another text; a place stays chosen only where a text that grows still names it."""
        if self.chosen is not None:
            row, _ = self.chosen
            stays = keep_place and row < len(text.lines) and text.lines[row] == self.shown.lines[row]
            self.chosen = self.chosen if stays else None
        self._counted = None
        super().show(text, keep_place=keep_place, at_end=at_end, line=line, turned=turned)

    # ── which there are ─────────────────────────────────────────────────────────────────────────────────────────────
    def places_in(self, row: Row) -> Sequence[Place]:
        """The places that a line names."""
        find, line = self.shown.find_places, self.shown.lines[row]
        return () if find is None or len(line) > LONGEST_LINE or row >= self.shown.last_places else find(line)

    def names_places(self) -> bool:
        """Whether there is any place, as far as the beginning and the end of the text show."""
        count = len(self.shown.lines)
        if self.shown.find_places is None:
            return False
        ends = (*range(min(count, LOOKED_AT)), *range(max(LOOKED_AT, count - LOOKED_AT), count))
        return any(map(self.places_in, ends))

    def ordinal(self) -> tuple[int, int] | None:
        """Which place is chosen, from 1, and how many there are; ``None`` in a text too long to count them."""
        if self.chosen is None or len(self.shown.lines) > COUNTED_LINES:
            return None
        if self._counted is None:
            rows = range(len(self.shown.lines))
            self._counted = [(row, place.start) for row in rows for place in self.places_in(row)]
        row, place = self.chosen
        return self._counted.index((row, place.start)) + 1, len(self._counted)

    def stack(self) -> list[tuple[Row, Place]]:
        """The places of the stack in the window, else of the first one below it, else of the first there is."""
        top = self.top_line
        for rows in (range(top, len(self.shown.lines)), range(min(top, len(self.shown.lines)))):
            first = next((row for row in rows if self.places_in(row)), None)
            if first is not None:
                return self._stack_around(first)
        return []

    def _stack_around(self, row: Row) -> list[tuple[Row, Place]]:
        """The frames above and below ``row`` that belong to one stack with it."""
        above = self._frames(row - 1, -1)
        below = self._frames(row, 1)
        return [(each, place) for each in (*reversed(above), *below) for place in self.places_in(each)][:STACK_FRAMES]

    def _frames(self, row: Row, step: int) -> list[Row]:
        found: list[Row] = []
        gap = 0
        while 0 <= row < len(self.shown.lines) and gap <= STACK_GAP and len(found) < STACK_FRAMES:
            if self.places_in(row):
                found.append(row)
                gap = 0
            else:
                gap += 1
            row += step
        return found

    # ── which is chosen ─────────────────────────────────────────────────────────────────────────────────────────────
    def choose(self, row: Row, place: Place) -> None:
        """Choose a place, and bring it into the window."""
        self.chosen = (row, place)
        self._bring_in(row, place.start, place.end)
        self.refresh()

    def step(self, *, forward: bool) -> bool:
        """Choose the place after the chosen one, around the end, else the first in the window; whether there is any."""
        count = len(self.shown.lines)
        if self.shown.find_places is None or not count:
            return False
        at = self.chosen or (self.top_line, None)
        row = min(at[0], count - 1)
        for index in range(count + 1):
            here = (row + index if forward else row - index) % count
            places = self._beyond(here, at[1], forward=forward) if index == 0 else self.places_in(here)
            if places:
                place = places[0 if forward else -1]
                self.went_round = at[1] is not None and _is_beyond((here, place), (row, at[1]), forward=not forward)
                self.choose(here, place)
                return True
        return False

    def _beyond(self, row: Row, place: Place | None, *, forward: bool) -> Sequence[Place]:
        """The places of a line after or before one of them."""
        places = self.places_in(row)
        if place is None:
            return places if forward else ()
        return [each for each in places if (each.start > place.start if forward else each.start < place.start)]

    def on_click(self, event: events.Click) -> None:
        """Ask for the place that was clicked."""
        row, column = self._character_at(event.x, event.y)
        if row >= len(self.shown.lines):
            return
        for place in self.places_in(row):
            if place.start <= column < place.end:
                event.stop()
                self.choose(row, place)
                self.post_message(self.Clicked(row, place, self))
                return

    def _character_at(self, x: int, y: int) -> tuple[Row, int]:
        """The line and the column that are drawn at a cell of the window."""
        at = y + self.scroll_offset.y
        row = self.line_at(at)
        if row >= len(self.shown.lines):
            return row, 0
        line = self.shown.lines[row]
        if self._rows is None:
            return row, character_at(line, x + self.scroll_offset.x)
        _, start, end = self._rows[at]
        return row, start + character_at(line[start:end], x)

    # ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _pieces(self, index: Row, start: int, end: int) -> Sequence[Piece]:
        pieces = super()._pieces(index, start, end)
        for place in self.places_in(index):
            if place.start >= end or place.end <= start:
                continue
            is_chosen = self.chosen == (index, place)
            pieces = overlaid(pieces, start, place.start, place.end, _chosen_ink if is_chosen else _place_ink)
        return pieces


def _is_beyond(one: tuple[Row, Place], other: tuple[Row, Place], *, forward: bool) -> bool:
    """Whether ``one`` comes after ``other``, or before it, or is the same."""
    here, there = (one[0], one[1].start), (other[0], other[1].start)
    return here >= there if forward else here <= there


def _place_ink(name: str) -> str:
    return UNDERLINED + name


def _chosen_ink(_: str) -> str:
    return UNDERLINED + "found"


def character_at(line: str, cell: int) -> int:
    """The column of ``line`` that is drawn in the cell ``cell``; its length when that is behind its end."""
    column, at = column_at(line, cell)
    while column < len(line):
        at += cell_len(displayable_line(line[column]))
        if at > cell:
            break
        column += 1
    return column
