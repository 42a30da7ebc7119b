"""The desk: puts the panes where the arrangement says, and lets a mouse drag the borders between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from textual import events
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from fgtui.tui.actions import Where
from fgtui.tui.arrangement import (
    FIELD,
    USUAL,
    Arrangement,
    Desk,
    Grid,
    Splitter,
    field_lines,
    grid_of,
    is_low,
    kind_of,
    moved,
    rows_of,
)

BARS = 2
"""Lines above and below the desk, before it is known how many there are."""


class PaneDesk(Container):
    """The panes beside and above each other; ``lay_out`` after anything it is told has changed."""

    DEFAULT_CSS = """
    PaneDesk { layout: grid; height: 1fr; }
    """

    @dataclass
    class Dragged(Message):
        """A border was dragged and let go: the arrangement is another."""

    @dataclass
    class Pointed(Message):
        """The border or the title of a pane was clicked."""

        where: Where

    def __init__(
        self, panes: Mapping[Where, Widget], terminal: tuple[int, int], field: Callable[[], Widget | None]
    ) -> None:
        """``terminal`` is how many columns and lines the terminal has; ``field`` the pane in the event's, if any."""
        super().__init__(*panes.values(), id="desk")
        self.panes = panes
        self._field = field
        self.arrangement: Arrangement = USUAL
        self.front = Where.EVENT
        """The pane that is shown where one is shown at a time."""
        self.lower = Where.OUTCOME
        """The pane below the event where outcome and session take turns."""
        self.terminal = terminal
        self._grid: Grid | None = None
        self._dragged: Splitter | Literal["field"] | None = None
        self._has_moved = False
        self.lay_out()

    def room(self) -> Desk:
        """How much room there is, and whose turn it is."""
        columns, lines = self.terminal
        own = self.size.height if self.is_attached and self.size else max(1, lines - BARS)
        return Desk(kind_of(columns, lines), lines >= 36, columns, own, self.front, self.lower)

    def shown(self) -> Sequence[Where]:
        """The panes that have a place on the desk."""
        return [pane for row in rows_of(self.room(), self.arrangement) for pane in row]

    def lay_out(self) -> None:
        """Put every pane in its place."""
        self.size_field()
        grid = grid_of(self.room(), self.arrangement)
        if grid == self._grid:
            return
        self._grid = grid
        self.styles.grid_size_columns = len(grid.columns)
        self.styles.grid_size_rows = len(grid.rows)
        self.styles.grid_columns = " ".join(map(str, grid.columns))
        self.styles.grid_rows = " ".join(map(str, grid.lines))
        spans = {pane: len(grid.columns) if len(row) < len(grid.columns) else 1 for row in grid.rows for pane in row}
        for where, pane in self.panes.items():
            if pane.display is not (where in spans):
                pane.display = where in spans
            if where in spans and pane.styles.column_span != spans[where]:
                pane.styles.column_span = spans[where]

    def on_resize(self) -> None:
        """Keep the proportions."""
        self.lay_out()

    # ── sizes ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def sizes(self, *, is_upright: bool) -> list[int]:
        """How many cells the columns of the first row have now, or the rows."""
        rows = rows_of(self.room(), self.arrangement)
        if is_upright:
            return [self.panes[pane].outer_size.width for pane in rows[0]]
        return [self.panes[row[0]].outer_size.height for row in rows]

    def move(self, splitter: Splitter, step: int) -> bool:
        """Move a border by ``step`` cells, or as far as it goes; whether it went anywhere."""
        before = self.arrangement
        sizes = self.sizes(is_upright=splitter.is_upright)
        self.arrangement = moved(self.room(), before, splitter, sizes, step)
        self.lay_out()
        return self.arrangement != before

    def size_field(self) -> None:
        """Give the field's pane its part of the event's, where a person has chosen one and there is room for both.

        Where the event has the screen to itself, the style sheet says how much of it a long value gets.
        """
        field, share = self._field(), self.arrangement.shares.get(FIELD)
        if field is None:
            return
        lines = self.panes[Where.EVENT].content_size.height
        if share is None or self.arrangement.is_zoomed or is_low(self.terminal[1]) or not lines:
            field.styles.clear_rule("height")
        else:
            field.styles.height = field_lines(share, lines)

    def move_field(self, step: int) -> bool:
        """Move the field's upper border by ``step`` lines, or as far as it goes; whether it went anywhere."""
        field, lines = self._field(), self.panes[Where.EVENT].content_size.height
        if field is None or not field.region or not lines:
            return False
        before = field.outer_size.height
        wanted = field_lines((before - step) / lines, lines)
        shares = MappingProxyType({**self.arrangement.shares, FIELD: wanted / lines})
        self.arrangement = self.arrangement._replace(shares=shares)
        self.size_field()
        return wanted != before

    # ── the mouse ───────────────────────────────────────────────────────────────────────────────────────────────────
    def _splitter_at(self, x: int, y: int) -> Splitter | None:
        """The border at a place of the screen: the last cell of a pane, or the first of the one behind it."""
        rows = rows_of(self.room(), self.arrangement)
        for index, row in enumerate(rows[1:]):
            if y in {self.panes[row[0]].region.y, self.panes[row[0]].region.y - 1}:
                return Splitter(False, index)
        for index, pane in enumerate(rows[0][1:]):
            region = self.panes[pane].region
            if x in {region.x, region.x - 1} and region.y <= y < region.bottom:
                return Splitter(True, index)
        return None

    def _pane_whose_border(self, x: int, y: int) -> Where | None:
        """The pane that has its border there, if one has."""
        for where in self.shown():
            region = self.panes[where].region
            if region.contains(x, y) and not region.shrink((1, 1, 1, 1)).contains(x, y):
                return where
        return None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of a border."""
        field = self._field()
        self._has_moved = False
        if event.button != 1:
            return
        if field is not None and field.region.contains(event.screen_x, event.screen_y):
            if event.screen_y == field.region.y:
                self._dragged = "field"
                self.capture_mouse()
            return
        where = self._pane_whose_border(event.screen_x, event.screen_y)
        if where is None:
            return
        self._dragged = self._splitter_at(event.screen_x, event.screen_y)
        if self._dragged is not None:
            self.capture_mouse()
        else:
            self.post_message(self.Pointed(where))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Let the border follow the pointer."""
        if self._dragged is None:
            return
        if self._dragged == "field":
            field = self._field()
            step = 0 if field is None else event.screen_y - field.region.y
            self._has_moved |= bool(step) and self.move_field(step)
            return
        is_upright, index = self._dragged
        rows = rows_of(self.room(), self.arrangement)
        pane = self.panes[rows[0][index] if is_upright else rows[index][0]]
        at = event.screen_x - pane.region.right + 1 if is_upright else event.screen_y - pane.region.bottom + 1
        if at and self.move(self._dragged, at):
            self._has_moved = True

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of it; where it has not moved, it was a click."""
        if self._dragged is None:
            return
        self._dragged = None
        self.release_mouse()
        if self._has_moved:
            self.post_message(self.Dragged())
            return
        for where in self.shown():
            if self.panes[where].region.contains(event.screen_x, event.screen_y):
                self.post_message(self.Pointed(where))
