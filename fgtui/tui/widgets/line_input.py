"""One line to type in that comes when it is wanted and says when it is done. Imported when it first comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from fgtui.tui.actions import Where, bindings
from fgtui.tui.widgets.safe_input import SafeInput


class LineInput(SafeInput):
    """Enter and Down agree, Esc does not."""

    DEFAULT_CSS = """
    LineInput, LineInput:focus { height: 1; border: none; padding: 0 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.LINE)]

    @dataclass
    class Typed(Message):
        """Something else is typed there now."""

        value: str
        line_input: LineInput

        @property
        def control(self) -> LineInput:
            """The line it was typed in."""
            return self.line_input

    @dataclass
    class Done(Message):
        """No more is typed."""

        value: str
        agreed: bool
        line_input: LineInput
        by_enter: bool = False
        """Whether by Enter, which may do more than go on to what was found."""

        @property
        def control(self) -> LineInput:
            """The line it was typed in."""
            return self.line_input

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(value, placeholder=placeholder, compact=True)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value, self))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Done(self.value, True, self, by_enter=True))

    def action_finish(self, agreed: bool) -> None:
        """Say that no more is typed."""
        self.post_message(self.Done(self.value, agreed, self))
