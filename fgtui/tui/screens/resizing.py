"""The arrow keys move the borders of a pane, while the panes stay in sight. Imported when first needed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.strip import Strip
from textual.widget import Widget

from fgtui.tui.actions import PANES, Where, bindings, keys_in
from fgtui.tui.arrangement import rows_of, splitter_beside
from fgtui.tui.screens.modal import Modal
from fgtui.tui.styles.inks import Piece, draw, inks_of
from fgtui.tui.widgets.desk import PaneDesk
from fgtui.words import say

STEP_COLUMNS = 2
STEP_LINES = 1


class ResizeScreen(Modal[None]):
    """Stands over the panes without hiding them; ends where a person says so, with the sizes as they are then."""

    DEFAULT_CSS = """
    ResizeScreen { background: transparent; align: left bottom; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.RESIZE)]

    def __init__(self, desk: PaneDesk, where: Where) -> None:
        super().__init__()
        self._desk = desk
        self._where = where

    def compose(self) -> ComposeResult:
        """What the keys do, where the keys of the panes stand otherwise."""
        yield ResizeHint(self._where)

    def action_move(self, columns: int, lines: int) -> None:
        """Move the border beside or below the pane, or above the field."""
        if self._where is Where.FIELD and lines:
            has_moved = self._desk.move_field(lines * STEP_LINES)
        else:
            rows = rows_of(self._desk.room(), self._desk.arrangement)
            pane = Where.EVENT if self._where is Where.FIELD else self._where
            splitter = splitter_beside(rows, pane, is_upright=bool(columns))
            has_moved = splitter is not None and self._desk.move(splitter, columns * STEP_COLUMNS + lines * STEP_LINES)
        if not has_moved:
            self.app.bell()

    def action_reset(self) -> None:
        """Give all panes their usual sizes; what is hidden stays so."""
        self._desk.arrangement = self._desk.arrangement._replace(shares={})
        self._desk.lay_out()

    def action_leave(self) -> None:
        """End."""
        self.dismiss(None)


class ResizeHint(Widget):
    """The keys, in one line."""

    DEFAULT_CSS = """
    ResizeHint { height: 1; width: 1fr; background: $panel; }
    """

    def __init__(self, where: Where) -> None:
        super().__init__()
        self._where = where

    def render_line(self, y: int) -> Strip:
        """Draw it."""
        keys = keys_in(self.app, usual="resize-usual", done="resize-leave")
        arrows = keys_in(self.app, a="resize-left", b="resize-right", c="resize-up", d="resize-down")
        pieces: list[Piece] = [
            (" " + say("Resize {pane}", pane=say(PANES[self._where].title)), "strong"),
            ("  " + " ".join(arrows.values()), "accent"),
            (" " + say("move the border"), "muted"),
            ("  " + keys["usual"], "accent"),
            (" " + say("usual sizes"), "muted"),
            ("  " + keys["done"], "accent"),
            (" " + say("done"), "muted"),
        ]
        return draw(pieces, self.size.width, inks_of(self.app), self.rich_style)
