"""A JMESPath input that speaks only when what was typed compiles, and says where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from fgtui.errors import QueryError
from fgtui.terminal.display import displayable_line
from fgtui.tui.widgets.safe_input import SafeInput
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.sessions.query import Query


ADVICE = "Enter filters, Esc closes"


class QueryBar(SafeInput):
    """Where a filter is typed. Empty means no filter."""

    DEFAULT_CSS = """
    QueryBar, QueryBar:focus {
        height: 3;
        padding: 0 1;
        background: $surface;
        border: round $border;
        border-title-color: $border;
        border-subtitle-color: $foreground-muted;
        &.-failed { border: round $error; border-title-color: $error; border-subtitle-color: $error; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False)]

    @dataclass
    class Applied(Message):
        """What was typed compiles."""

        query: Query
        query_bar: QueryBar

        @property
        def control(self) -> QueryBar:
            """The bar it was typed in."""
            return self.query_bar

    @dataclass
    class Cleared(Message):
        """No filter is wanted."""

        query_bar: QueryBar

        @property
        def control(self) -> QueryBar:
            """The bar it was cleared in."""
            return self.query_bar

    @dataclass
    class Closed(Message):
        """The bar is no longer wanted; the filter stays as it was."""

        query_bar: QueryBar

        @property
        def control(self) -> QueryBar:
            """The bar that was closed."""
            return self.query_bar

    def __init__(self, value: str = "", *, id: str | None = None) -> None:  # noqa: A002 Textual's name for it
        super().__init__(value, placeholder="outcome.kind != 'returned'", id=id)
        self._in_force = bool(value)
        self.border_title = Content("where (JMESPath)")
        self.border_subtitle = Content(ADVICE)

    @on(Input.Submitted)
    def _apply(self, event: Input.Submitted) -> None:
        from fgtui.sessions.query import Query

        event.stop()
        if not event.value.strip():
            self._in_force = False
            self.post_message(self.Cleared(self))
            return
        try:
            query = Query.compile(event.value)
        except QueryError as error:
            self.show_error(error, "; the rows are still those of the filter before" if self._in_force else "")
        else:
            self._in_force = True
            self.set_class(False, "-failed")
            self.post_message(self.Applied(query, self))

    def show_error(self, error: QueryError, then: str = "") -> None:
        """Say what is wrong and ``then`` what follows, and put the cursor where it is wrong."""
        words = say(error.message, error.values) + then
        if error.column is not None:
            words = say("column {column}: ", column=error.column) + words
            self.cursor_position = min(max(0, error.column - 1), len(self.value))
        self.add_class("-failed")
        self.border_subtitle = Content(displayable_line(words))

    def show_note(self, words: str) -> None:
        """Say something about the filter that is no error; raw text."""
        self.border_subtitle = Content(displayable_line(words))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.remove_class("-failed")
        self.border_subtitle = Content(ADVICE)

    def action_close(self) -> None:
        """Leave the filter as it was."""
        self.post_message(self.Closed(self))
