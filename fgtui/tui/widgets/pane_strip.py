"""One line that says which pane of which is shown, where there is room for one at a time. A click shows another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import PANES, Where
from fgtui.tui.arrangement import DESK_PANES
from fgtui.tui.styles.inks import Piece, cut, draw, inks_of
from fgtui.words import say


class PaneStrip(Widget):
    """The panes in order with their numbers, the one that is shown in bold behind a sign; a hidden one in brackets."""

    DEFAULT_CSS = """
    PaneStrip { height: 1; width: 1fr; background: $surface; }
    """

    @dataclass
    class Picked(Message):
        """A name was clicked."""

        where: Where

    def __init__(self, keys: str) -> None:
        """``keys`` are those that lead to another pane, as a person reads them."""
        super().__init__()
        self._keys = keys
        self._front = Where.EVENT
        self._hidden: Collection[Where] = ()

    def show(self, front: Where, hidden: Collection[Where]) -> None:
        """Say that ``front`` is shown, and what a person has hidden."""
        if (front, hidden) != (self._front, self._hidden):
            self._front, self._hidden = front, hidden
            self.refresh()

    def names(self, width: int) -> list[tuple[Where, str]]:
        """What stands on the line for each pane: the words whole, or all cut alike, or those of the shown one alone."""
        words = {where: displayable_line(say(PANES[where].title)) for where in DESK_PANES}
        longest = max(map(cell_len, words.values()))
        ways = [(dict.fromkeys(words, most), gap) for most in range(longest, 2, -1) for gap in (" ", "")]
        ways += [({**dict.fromkeys(words, 0), self._front: most}, "") for most in range(longest, -1, -1)]
        lines = (
            [(where, self._spelled(where, words[where], way[where]) + gap) for where in words] for way, gap in ways
        )
        return next((line for line in lines if sum(cell_len(name) for _, name in line) <= width), [])

    def _spelled(self, where: Where, word: str, most: int) -> str:
        shown = word if cell_len(word) <= most else cut(word, most).rstrip()
        name = f"{DESK_PANES.index(where) + 1} {shown}".rstrip()
        return f"{'▸' if where is self._front else ' '}{f'({name})' if where in self._hidden else name}"

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width = self.size.width
        names = self.names(width)
        pieces: list[Piece] = [(name, "strong" if where is self._front else "muted") for where, name in names]
        left = width - sum(cell_len(name) for _, name in names) - cell_len(self._keys) - 1
        if left > 0:
            pieces += [(" " * left, ""), (self._keys, "faint")]
        return draw(pieces, width, inks_of(self.app), self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Say which name was clicked."""
        at = 0
        for where, name in self.names(self.size.width):
            at += cell_len(name)
            if event.x < at:
                self.post_message(self.Picked(where))
                return
