"""The top line: which session records, and where an event would go and within which limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from fgtui.terminal.display import displayable_line
from fgtui.tui.styles.inks import Piece, cut, draw, inks_of

NAME = " fgtui   "
CHANGE = " ▾"


class TargetWords(NamedTuple):
    """What the line says about a target; ``name`` is raw text."""

    name: str
    runtime: str
    memory_mb: int
    timeout_s: float


class TargetBar(Widget):
    """One line; a click on the session or the target asks for another."""

    DEFAULT_CSS = """
    TargetBar { height: 1; width: 1fr; background: $panel; }
    """

    session: reactive[str] = reactive("default")
    target: reactive[TargetWords | None] = reactive(None)
    trouble: reactive[str] = reactive("")
    """Why there is no target, in words; raw text."""

    @dataclass
    class SessionAsked(Message):
        """A person wants another session."""

    @dataclass
    class TargetAsked(Message):
        """A person wants another target."""

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        left, right = self._left(), self._right()
        width = self.size.width
        room = width - sum(cell_len(displayable_line(text)) for text, _ in left) - 2
        right = _shortened(right, max(0, room))
        gap = room + 2 - sum(cell_len(text) for text, _ in right)
        return draw([*left, (" " * max(1, gap), ""), *right], width, inks_of(self.app), self.rich_style)

    def _left(self) -> list[Piece]:
        return [(NAME, "strong"), (cut_to(self.session, 24), ""), (CHANGE, "muted")]

    def _right(self) -> list[Piece]:
        if self.trouble:
            return [(f"✗ {displayable_line(self.trouble)} ", "bad")]
        target = self.target
        if target is None:
            return [("○ no target; F4 chooses one ", "warn")]
        limits = f"  {target.runtime} {target.memory_mb} MB {target.timeout_s:g} s "
        return [("● ", "good"), ("local  ", "muted"), (displayable_line(target.name), "strong"), (limits, "muted")]

    def on_click(self, event: events.Click) -> None:
        """Ask for another session or target."""
        left = sum(cell_len(displayable_line(text)) for text, _ in self._left())
        self.post_message(self.SessionAsked() if event.x <= left else self.TargetAsked())


def cut_to(text: str, width: int) -> str:
    """``text`` as it is when it fits, else its start and an ellipsis."""
    shown = displayable_line(text)
    return shown if cell_len(shown) <= width else cut(shown, width)


def _shortened(pieces: list[Piece], room: int) -> list[Piece]:
    """Cut the longest piece until all fit."""
    over = sum(cell_len(text) for text, _ in pieces) - room
    if over <= 0 or not pieces:
        return pieces
    at = max(range(len(pieces)), key=lambda index: cell_len(pieces[index][0]))
    text, ink = pieces[at]
    keep = max(8, cell_len(text) - over)
    short = "…" + text[-(keep - 1) :] if len(pieces) > 1 else cut(text, keep)
    return [*pieces[:at], (short, ink), *pieces[at + 1 :]]
