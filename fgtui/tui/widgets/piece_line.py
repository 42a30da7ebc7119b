"""One line that is drawn from pieces as it is seen: hints, verdicts, tallies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from fgtui.tui.styles.inks import Piece, draw, inks_of

Pieces = Callable[[int], Sequence[Piece]]
"""Makes the pieces for a width in cells."""


def nothing(width: int) -> Sequence[Piece]:
    """An empty line."""
    return ()


class PieceLine(Widget):
    """A line of raw text in inks."""

    DEFAULT_CSS = """
    PieceLine { height: 1; width: 1fr; }
    """

    @dataclass
    class Clicked(Message):
        """The line was clicked."""

        x: int
        """The column, from 0."""
        piece_line: PieceLine

        @property
        def control(self) -> PieceLine:
            """The line it happened in."""
            return self.piece_line

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's name for it
        super().__init__(id=id)
        self._pieces: Pieces = nothing

    def show(self, pieces: Pieces = nothing) -> None:
        """Draw this from now on; ``pieces`` is asked at each drawing, so it may follow what it is about."""
        self._pieces = pieces
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width = self.size.width
        return draw(self._pieces(width), width, inks_of(self.app), self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Say where it was clicked."""
        event.stop()
        self.post_message(self.Clicked(event.x, self))
