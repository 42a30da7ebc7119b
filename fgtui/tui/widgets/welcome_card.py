"""What stands over the workbench when it is opened for the first time: what it is, and the three keys to begin with.

It has no keys of its own and goes by itself, or with the first key, which does what it always does.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static

from fgtui.terminal.wrapping import broken
from fgtui.tui.actions import key_of
from fgtui.words import say

STAYS_S = 5.0
WIDTH = 50
AROUND = 4
"""Cells of its frame, and beside its words."""


class WelcomeCard(Static):
    """The card, at the foot of a region of the screen."""

    DEFAULT_CSS = """
    WelcomeCard {
        layer: card; position: absolute; width: auto; height: auto; padding: 0 1;
        border: round $border; border-title-color: $border; background: $surface; color: $foreground;
    }
    """
    can_focus = False

    def __init__(self, keymap: Mapping[str, str]) -> None:
        send, palette, helps = (key_of(name, keymap) for name in ("send", "palette", "help"))
        column = max(map(len, (send, palette, helps)))
        rows = ((send, say("sends this event")), (palette, say("finds any action")), (helps, say("explains the keys")))
        keys = "\n".join(f"{key:<{column}}  {words}" for key, words in rows)
        what = say("Sends events to FunctionGraph functions, here and in the cloud, and keeps what comes back.")
        more = say("{palette} has an example session to explore; fgtui demo is a tour.", palette=palette)
        super().__init__()
        self._paragraphs = (what, "", keys, "", more)
        self.border_title = Content(say("Welcome to fgtui"))

    def on_mount(self) -> None:
        """Go after a while."""
        self.set_timer(STAYS_S, self.leave)

    def leave(self) -> None:
        """Go; a second time does nothing."""
        if self.is_attached:
            self.remove()

    def place(self, over: Region) -> None:
        """Stand at the foot of ``over``, no wider than it."""
        width = min(WIDTH, over.width)
        paragraphs = "\n".join(self._paragraphs).split("\n")
        lines = [line for each in paragraphs for line in broken(each, width - AROUND) or [""]]
        self.update(Content("\n".join(lines)))
        self.styles.width = width
        self.styles.offset = (over.x + (over.width - width) // 2, max(0, over.bottom - len(lines) - 2))
