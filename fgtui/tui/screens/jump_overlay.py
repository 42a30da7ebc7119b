"""A letter on everything that can be gone to: pressing it goes there. Made when it is wanted, and gone with the key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Static

from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.screens.modal import Modal
from fgtui.words import say


class Goal(NamedTuple):
    """Something to go to."""

    letter: str
    words: str
    """What it is, for the line at the bottom; raw text. Empty: its letter is drawn on the screen alone."""
    go: Callable[[], None]
    at: Offset | None = None
    """Where on the screen its letter is drawn; ``None`` while it is not on the screen."""


class Letter(Static):
    """One letter, drawn over what it leads to."""

    DEFAULT_CSS = """
    Letter {
        position: absolute; width: auto; height: 1; padding: 0;
        background: $accent; color: $background; text-style: bold;
    }
    """

    def __init__(self, goal: Goal) -> None:
        assert goal.at is not None
        super().__init__(Content(goal.letter), markup=False)
        self.styles.offset = (goal.at.x, goal.at.y)


class JumpOverlay(Modal[Callable[[], None] | str | None]):
    """Ends with what goes there, with the text that begins the list's line, or with nothing."""

    DEFAULT_CSS = """
    JumpOverlay { background: transparent; }
    JumpOverlay > #goals { dock: bottom; width: 1fr; height: auto; max-height: 4; padding: 0 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.JUMP)]

    def __init__(self, goals: Sequence[Goal]) -> None:
        super().__init__()
        self._goals = tuple(goals)

    def compose(self) -> ComposeResult:
        """The letters where they belong, and below what each leads to."""
        for goal in self._goals:
            if goal.at is not None:
                yield Letter(goal)
        ways = [(goal.letter, displayable_line(goal.words)) for goal in self._goals if goal.words]
        if capitals := [goal.letter for goal in self._goals if goal.letter.isupper()]:
            ways.append((f"{capitals[0]}…{capitals[-1]}", say("trigger")))
        keys = keys_in(self.app, list="jump-list", leave="jump-leave")
        ways += [(keys["list"], say("list")), (keys["leave"], say("leave"))]
        together = str.maketrans(" ", "\u00a0")  # a line is broken between two of them only
        pieces = [
            part for key, words in ways for part in ((key, "bold $accent"), f"\u00a0{words.translate(together)}  ")
        ]
        yield Static(Content.assemble(*pieces), markup=False, id="goals")

    def on_key(self, event: events.Key) -> None:
        """Go where the letter leads; any other begins the list's line."""
        goal = next((each for each in self._goals if each.letter == event.character), None)
        if goal is not None:
            event.stop()
            self.dismiss(goal.go)
        elif event.character is not None and event.character.isalnum():
            event.stop()
            self.dismiss(event.character)

    def on_click(self, event: events.Click) -> None:
        """Go where the clicked letter leads, else leave."""
        at = Offset(event.screen_x, event.screen_y)
        goal = next((each for each in self._goals if each.at == at), None)
        self.dismiss(None if goal is None else goal.go)

    def on_resize(self, event: events.Resize) -> None:
        """Leave once the letters no longer stand where they belong."""
        if self._size_known:
            self.dismiss(None)
        self._size_known = True

    _size_known = False

    def action_list(self) -> None:
        """Show the list instead."""
        self.dismiss("")

    def action_leave(self) -> None:
        """Go nowhere."""
        self.dismiss(None)
