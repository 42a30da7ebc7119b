"""One line that asks what to find, and goes away when it knows or when it is told to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class FindBar(Input):
    """Speaks once, when there is something to find."""

    DEFAULT_CSS = """
    FindBar, FindBar:focus { height: 1; border: none; padding: 0; background: $panel; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up", show=False)]

    @dataclass
    class Wanted(Message):
        """Text to find."""

        text: str
        find_bar: FindBar

        @property
        def control(self) -> FindBar:
            """The bar it was typed in."""
            return self.find_bar

    def __init__(self, value: str = "") -> None:
        super().__init__(value, placeholder="find; Enter goes there, Esc closes", compact=True)

    def on_mount(self) -> None:
        """Be ready to be typed in."""
        self.focus()

    @on(Input.Submitted)
    def _found_out(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value:
            self.post_message(self.Wanted(event.value, self))
        self.remove()

    def action_give_up(self) -> None:
        """Close without finding anything."""
        self.remove()

    def on_blur(self, event: events.Blur) -> None:
        """Close when something else is looked at."""
        self.remove()
