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
SHORTEST_NAME = 14
"""Cells of a target's name that are shown at least: where there are fewer, what runs it makes room."""


class TargetWords(NamedTuple):
    """What the line says about a target; ``name`` is raw text."""

    name: str
    runtime: str
    """What runs it: as declared, with its version once it has run; empty before that is known."""
    memory_mb: int | None
    """``None`` where it is the function's own business."""
    timeout_s: float
    kind: str = "local"
    """``local``; ``http`` for a server that somebody else has started; ``remote`` for a deployed function."""


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
        left = self._left()
        width = self.size.width
        room = max(0, width - sum(cell_len(displayable_line(text)) for text, _ in left))
        rights = self._rights(room)
        right = next((pieces for pieces in rights if _width(pieces) < room), rights[-1])
        gap = " " * max(1, room - _width(right))
        return draw([*left, (gap, ""), *right], width, inks_of(self.app), self.rich_style)

    def _left(self) -> list[Piece]:
        return [(NAME, "strong"), (cut_to(self.session, 24), ""), (CHANGE, "muted")]

    def _rights(self, room: int) -> list[list[Piece]]:
        """The target in words, from all of them to the fewest."""
        if self.trouble:
            return [[(f"✗ {self.trouble} ", "bad")]]
        target = self.target
        if target is None:
            return [[("○ no target; F4 chooses one ", "warn")]]
        sign: list[Piece] = [("● ", "good")]
        kind: list[Piece] = [(f"{target.kind}  ", "muted")]
        name: list[Piece] = [(f"{target.name} ", "strong")]
        limits: list[Piece] = [(f" {_limits(target)} ", "muted")]
        runtime: list[Piece] = [(f" {target.runtime}", "muted")] if target.runtime else []
        left = max(SHORTEST_NAME, room - _width([*sign, *runtime, *limits]) - 2)
        end: list[Piece] = [(f"{end_of(target.name, left)} ", "strong")]
        return [
            [*sign, *kind, *name, *runtime, *limits],
            [*sign, *name, *runtime, *limits],
            [*sign, *end, *runtime, *limits],
            [*sign, *name, *limits],
            [*sign, *name],
            name,
        ]

    def on_click(self, event: events.Click) -> None:
        """Ask for another session or target."""
        left = sum(cell_len(displayable_line(text)) for text, _ in self._left())
        self.post_message(self.SessionAsked() if event.x <= left else self.TargetAsked())


def _limits(target: TargetWords) -> str:
    memory = "" if target.memory_mb is None else f"{target.memory_mb} MB "
    return f"{memory}{target.timeout_s:g} s"


def cut_to(text: str, width: int) -> str:
    """``text`` as it is when it fits, else its start and an ellipsis."""
    shown = displayable_line(text)
    return shown if cell_len(shown) <= width else cut(shown, width)


def end_of(text: str, width: int) -> str:
    """``text`` as it is when it fits, else an ellipsis and its end: the handler's name stands there."""
    shown = displayable_line(text)
    while cell_len(shown) > width:
        shown = f"…{shown.lstrip('…')[max(1, (cell_len(shown) - width) // 2) :]}"
    return shown


def _width(pieces: list[Piece]) -> int:
    return sum(cell_len(displayable_line(text)) for text, _ in pieces)
