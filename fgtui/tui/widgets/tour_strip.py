"""One step of the tour, in at most two lines above the keys: where it is, what to do with which key, how to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from fgtui.terminal.display import displayable_line
from fgtui.terminal.wrapping import broken
from fgtui.tui.styles.inks import Piece, cut, draw, inks_of

LINES = 2
GAP = "  "


class Wording(NamedTuple):
    """One way to say a step; raw text."""

    head: str
    words: str


class Way(NamedTuple):
    """A way to leave the step."""

    action: str
    """Id of the action that does it."""
    words: str
    """With its key, where one arrives; raw text."""
    brief: str
    """The same where there is little room."""


class Laid(NamedTuple):
    """A step as it stands."""

    head: str
    lines: Sequence[str]
    """The first one begins with the head."""
    ways: Sequence[str]


class TourStrip(Widget):
    """What ``show`` was given last. A click on a way takes it."""

    DEFAULT_CSS = """
    TourStrip { height: auto; max-height: 2; width: 1fr; background: $surface; }
    """
    can_focus = False

    @dataclass
    class Taken(Message):
        """A way was clicked."""

        action: str

    def __init__(self) -> None:
        super().__init__()
        self._wordings: Sequence[Wording] = ()
        self._ways: Sequence[Way] = ()

    def show(self, wordings: Sequence[Wording], ways: Sequence[Way]) -> None:
        """Show a step. ``wordings`` say the same, the longest first: the first that fits is taken."""
        self._wordings = [Wording(displayable_line(head), displayable_line(words)) for head, words in wordings]
        self._ways = [Way(way.action, displayable_line(way.words), displayable_line(way.brief)) for way in ways]
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many lines as the words take."""
        return len(self.laid_out(width).lines)

    def laid_out(self, width: int) -> Laid:
        """What stands in ``width`` cells: the ways have their room at the end of the last line."""
        ways = [way.words for way in self._ways], [way.brief for way in self._ways]
        for head, words in self._wordings:
            found = broken(f"{head}{GAP}{words}", width)
            for spelled in ways:
                if cell_len(found[-1]) + len(GAP) + cell_len(GAP.join(spelled)) <= width and len(found) <= LINES:
                    return Laid(head, found, spelled)
            if len(found) < LINES:
                spelled = ways[0] if cell_len(GAP.join(ways[0])) <= width else ways[1]
                return Laid(head, [*found, ""], spelled)
        head, words = self._wordings[-1] if self._wordings else Wording("", "")
        return Laid(head, [cut(f"{head}{GAP}{words}", width), ""], ways[1])

    def render_line(self, y: int) -> Strip:
        """Draw a line."""
        width = self.size.width
        head, lines, ways = self.laid_out(width)
        line = lines[y] if y < len(lines) else ""
        begins = len(head) if y == 0 else 0
        pieces: list[Piece] = [(line[:begins], "strong"), (line[begins:], "")]
        if y == len(lines) - 1:
            words = GAP.join(ways)
            pieces += [(" " * max(0, width - cell_len(line) - cell_len(words)), ""), (words, "accent")]
        return draw(pieces, width, inks_of(self.app), self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Take the way that was clicked."""
        event.stop()
        _, lines, ways = self.laid_out(self.size.width)
        if event.y != len(lines) - 1:
            return
        at = self.size.width - cell_len(GAP.join(ways))
        for way, words in zip(self._ways, ways, strict=True):
            if at <= event.x < at + cell_len(words):
                self.post_message(self.Taken(way.action))
                return
            at += cell_len(words) + len(GAP)
