"""The bottom line: the keys worth knowing where the focus is. A click presses them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from fgtui.tui.actions import Action, Where, action_called, in_pane, keys_that_arrive, spell
from fgtui.tui.arrangement import DESK_PANES
from fgtui.tui.styles.inks import Piece, draw, inks_of
from fgtui.words import say

GAP = "  "
FIRST_TO_GO = ("switch-session", "choose-target", "next-pane", "toggle-decoded")
"""Left out first where it is narrow; then the pane's own keys, the last ones first."""
LAST_TO_GO = ("palette",)
STAYS = ("send", "help")


class KeyBar(Widget):
    """Keys and a word for each; the pane's own come first, and what does not fit is left to help."""

    DEFAULT_CSS = """
    KeyBar { height: 1; width: 1fr; background: $panel; }
    """

    pane: reactive[Where] = reactive(Where.EVENT)
    """The pane that has the focus."""
    says: reactive[str] = reactive("")
    """Words that take the line's place for a while; raw text."""

    is_covered: reactive[bool] = reactive(False)
    """Whether a dialog has the keys: they are its own then, and it says them itself."""
    idle: reactive[frozenset[str]] = reactive(frozenset())
    """Ids of actions that are left out, since there is nothing they could be done to."""

    @dataclass
    class Pressed(Message):
        """A key was clicked."""

        action: Action

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap

    def actions(self) -> Sequence[Action]:
        """What is on the line, in order: nothing that has no key here."""
        send, *others = (action for action in in_pane(Where.EVERYWHERE) if action.label)
        own = [action for action in in_pane(self.pane) if action.label and action.id not in self.idle]
        return [action for action in (send, *own, *others) if self._key(action)]

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        pieces: list[Piece] = [(" ", "")]
        if self.is_covered:
            return draw(pieces, self.size.width, inks_of(self.app), self.rich_style)
        if self.says:
            pieces.append((self.says, "warn"))
        else:
            for action in self._that_fit():
                pieces += [(self._key(action), "accent"), (f" {say(action.label)}{GAP}", "muted")]
        return draw(pieces, self.size.width, inks_of(self.app), self.rich_style)

    def _that_fit(self) -> Sequence[Action]:
        """As many as fit; the ways to all the others, palette and help, stay longest."""
        actions = {action.id: action for action in self.actions()}
        own = [name for name in actions if name not in {*FIRST_TO_GO, *LAST_TO_GO, *STAYS}]
        for name in (*FIRST_TO_GO, *reversed(own), *LAST_TO_GO):
            if self._width(tuple(actions.values())) <= self.size.width:
                break
            actions.pop(name, None)
        return tuple(actions.values())

    def _width(self, actions: Sequence[Action]) -> int:
        return 1 + sum(cell_len(self._key(action)) + 1 + cell_len(say(action.label)) + len(GAP) for action in actions)

    def _key(self, action: Action) -> str:
        keys = keys_that_arrive(action, self._keymap)
        return spell(keys[0]) if keys else ""

    def key_of(self, action_id: str) -> str:
        """The first key of an action that works everywhere, as a person reads it; empty without one."""
        return self._key(action_called(action_id))

    def keys_between_panes(self) -> str:
        """The keys that lead to another pane, as a person reads them: ``Alt+1…4 F6``."""
        keys = {action.id: keys_that_arrive(action, self._keymap)[:1] for action in in_pane(Where.EVERYWHERE)}
        direct = [spell(key) for pane in DESK_PANES for key in keys[f"{pane}-pane"]]
        step = [spell(key) for key in keys["next-pane"]]
        if [key[:-1] + digit for key, digit in zip(direct, "1234", strict=False)] == direct:
            return " ".join([f"{direct[0]}…4", *step]) if len(direct) == len(DESK_PANES) else " ".join(step)
        return " ".join([*direct, *step])

    def on_click(self, event: events.Click) -> None:
        """Do what the clicked key does."""
        at = 1
        for action in self._that_fit():
            at += self._width([action]) - 1
            if event.x < at:
                self.post_message(self.Pressed(action))
                return
