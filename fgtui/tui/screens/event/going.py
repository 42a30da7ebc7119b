"""Asks for a place in the event: a line, or a path, whose next steps are offered while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from fgtui.errors import FgtuiError, UsageError
from fgtui.events.model import Path
from fgtui.regex import regex
from fgtui.terminal.display import displayable, displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.screens.dialogs import FRAME, Choice, ChoiceRows, error_words
from fgtui.tui.screens.modal import Modal
from fgtui.tui.text.document import Location
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.safe_input import SafeInput
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.tui.text.places import Way
    from fgtui.tui.widgets.event_editor import EventEditor

_LINE = regex(r"\s*([0-9]{1,9})(?:\s*[:,]\s*([0-9]{1,9}))?\s*")


class WayRows(ChoiceRows):
    """The ways to go on from what is typed."""

    def row_chosen(self, index: int) -> None:
        """Go there, by the mouse."""
        assert isinstance(self.screen, GoTo)
        self.screen.agree(str(self.choices[index].value))


class GoTo(Modal[Path | Location | None]):
    """One line of text. Ends with a place in the text, or with a path that leads somewhere."""

    DEFAULT_CSS = (
        FRAME.format(name="GoTo")
        + """
    GoTo { align: center top; }
    GoTo > #frame { margin-top: 2; max-height: 88%; }
    GoTo Input, GoTo Input:focus { border: none; height: 1; padding: 0; background: $panel; }
    GoTo Static { color: $foreground-muted; height: auto; }
    GoTo #why { display: none; color: $error; }
    GoTo #why.-failed { display: block; }
    GoTo ChoiceRows { margin-top: 1; max-height: 12; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.GO_TO)]

    def __init__(self, title: str, hint: str, editor: EventEditor) -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self._editor = editor
        self._line = SafeInput(compact=True)
        self._why = Static(markup=False, id="why")
        self._rows = WayRows(())
        self._offered_for = ""
        """What was typed when the rows were found."""
        self._is_chosen = False
        """Whether a row was moved to: Enter takes it then, and otherwise what was typed, where that leads somewhere."""

    def compose(self) -> ComposeResult:
        """The line, what is said about it, and the ways to go on."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(displayable_line(self._title))
            keys = keys_in(self.app, leave="go-to-leave")
            frame.border_subtitle = Content(say("Enter goes there, {leave} leaves", keys))
            yield self._line
            yield self._why
            yield Static(Content(displayable(self._hint)), markup=False)
            yield self._rows

    def on_mount(self) -> None:
        """Offer the first steps."""
        self._line.focus()
        self._offer()

    # ── what is offered ─────────────────────────────────────────────────────────────────────────────────────────────
    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._refuse("")
        self._offer()

    def _offer(self) -> None:
        """Look for the ways on from what is typed, in a thread: the value may have a million."""
        typed, analysis, trigger = self._line.value, self._editor.analysis, self._editor.trigger
        self._is_chosen = False
        if analysis is None or _LINE.fullmatch(typed):
            self._show(typed, ())
            return

        def look() -> Sequence[Way]:
            from fgtui.tui.text.places import ways_on

            return ways_on(analysis, trigger, typed)

        def show(ways: Sequence[Way]) -> None:
            if self.is_attached and self._line.value == typed:
                self._show(typed, ways)

        in_thread(self, look, show, group="ways")

    def _show(self, typed: str, ways: Sequence[Way]) -> None:
        self._offered_for = typed
        self._rows.choices = [Choice(way.path, way.path, way.about) for way in ways]
        self._rows.display = bool(ways)
        self._rows.rows_changed(cursor=0)

    def action_move(self, by: int) -> None:
        """Move through what is offered."""
        if self._rows.choices:
            self._rows.cursor += by if self._is_chosen or by < 0 else 0
            self._is_chosen = True

    def action_complete(self) -> None:
        """Take what is offered, and go on from there."""
        if self._rows.choices:
            self._line.value = str(self._rows.choices[self._rows.cursor].value)
            self._line.action_end()

    # ── the answer ──────────────────────────────────────────────────────────────────────────────────────────────────
    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        rows = self._rows
        is_fresh = self._offered_for == event.value
        offered = str(rows.choices[rows.cursor].value) if rows.choices and is_fresh else ""
        self.agree(offered if self._is_chosen else event.value, offered)

    def agree(self, typed: str, instead: str = "") -> None:
        """Go there, or where what is offered leads, or say why there is no such place."""
        try:
            self.dismiss(self._place(typed))
        except FgtuiError as error:
            if instead and typed != instead and typed.strip():
                self.agree(instead)
            else:
                self._refuse(error_words(error))

    def _place(self, typed: str) -> Path | Location:
        from fgtui.events.text import parse_path
        from fgtui.tui.text.places import refuse_path

        if found := _LINE.fullmatch(typed):
            line, column = int(found[1]), int(found[2] or 1)
            count = len(self._editor.document.lines)
            if not 1 <= line <= count:
                raise UsageError("there is no line {line}; the last one is {count}", line=line, count=count)
            return Location(line - 1, max(column, 1) - 1)
        path = parse_path(typed.strip())
        if self._editor.analysis is not None:
            refuse_path(self._editor.analysis, self._editor.trigger, path)
        return path

    def _refuse(self, why: str) -> None:
        self._why.set_class(bool(why), "-failed")
        self._why.update(Content(displayable(f"✗ {why}")))

    def action_give_up(self) -> None:
        """Go nowhere."""
        self.dismiss(None)
