"""What could be typed next, one below the other, while a person looks through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from fgtui.tui.styles.inks import Piece
from fgtui.tui.widgets.row_list import RowList


class OfferRows(RowList):
    """What is offered, one below the other. The keys come through the line above."""

    DEFAULT_CSS = """
    OfferRows { display: none; height: auto; max-height: 4; background: $panel; }
    """
    one_click = True

    @dataclass
    class Chosen(Message):
        """One of them was clicked."""

        index: int

    def __init__(self) -> None:
        super().__init__()
        self.can_focus = False
        self.names: Sequence[str] = ()

    def row_count(self) -> int:
        """How many are offered."""
        return len(self.names)

    def row(self, index: int, width: int) -> Sequence[Piece]:
        """One name, the chosen one behind a sign."""
        return ((" ▸ " if index == self.cursor else "   ", "accent"), (self.names[index], ""))

    def row_chosen(self, index: int) -> None:
        """Say which one is wanted."""
        self.post_message(self.Chosen(index))
