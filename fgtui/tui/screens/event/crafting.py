"""What helps to craft an event besides its text: the form, the problems and their fixes, more records, new ids.

Nothing of it is there before it is wanted; this module passes on what is asked and heard.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from textual import on
from textual.actions import SkipAction
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from fgtui.tui.screens.event.view import EventView
from fgtui.tui.widgets.event_editor import EventEditor

if TYPE_CHECKING:
    from fgtui.events.fields import Place
    from fgtui.tui.screens.event.forming import Forming
    from fgtui.tui.screens.event.mending import Mending
    from fgtui.tui.screens.event.multiplying import Multiplying
    from fgtui.tui.widgets.editor_status import EditorStatus
    from fgtui.tui.widgets.field_pane import FieldPane
    from fgtui.tui.widgets.form_view import FormRows, FormView


class EventCrafting(EventView):
    """The editor with what helps to craft an event."""

    renews = False
    """Whether the event gets new ids and times at each send."""
    idle: reactive[frozenset[str]] = reactive(frozenset(), repaint=False)
    """Ids of the form's actions that can do nothing at its cursor."""

    class FieldMade(Message):
        """There is a pane for the field now."""

    class FieldWanted(Message):
        """A person wants to edit the field at the cursor."""

    if TYPE_CHECKING:  # what the pane has besides

        async def make_field(self) -> FieldPane:
            """The field pane."""

        def show_place(self, place: Place | None) -> None:
            """Explain a place."""

    # ── what is made when it is first wanted ────────────────────────────────────────────────────────────────────────
    @cached_property
    def forming(self) -> Forming:
        """The form."""
        from fgtui.tui.screens.event.forming import Forming

        return Forming(self)

    @cached_property
    def mending(self) -> Mending:
        """Problems and what puts them right."""
        from fgtui.tui.screens.event.mending import Mending

        return Mending(self)

    @cached_property
    def multiplying(self) -> Multiplying:
        """More records of the event."""
        from fgtui.tui.screens.event.multiplying import Multiplying

        return Multiplying(self)

    @property
    def shows_form(self) -> bool:
        """Whether the form stands in the place of the text."""
        return "forming" in self.__dict__ and self.forming.is_shown

    @property
    def front_widget(self) -> Widget:
        """What has the keys of the event: the rows of the form, or the text."""
        view = self.forming.view if self.shows_form else None
        return self.editor.area if view is None else view.rows

    # ── the form ────────────────────────────────────────────────────────────────────────────────────────────────────
    async def action_toggle_form(self) -> None:
        """Show the event as a form, or as text again."""
        await self.forming.toggle()

    def action_leave_form(self) -> None:
        """Go one step out of the form: from its field, from a filter, to the text."""
        if not self.shows_form:
            raise SkipAction
        view = self.forming.view
        if view is None or self.screen.focused in {view.rows, view.line}:
            self.forming.step_out()
        else:
            self.forming.focus()

    # ── what acts on the text acts on the form in its place, or brings the text back ────────────────────────────────
    async def action_find_in_event(self) -> None:
        """Narrow the rows of the form, or ask what to find in the text."""
        if self.shows_form:
            self.forming.ask_filter()
        else:
            await super().action_find_in_event()

    async def action_replace_in_event(self) -> None:
        """Ask what to find in the text, and what to put in its place."""
        self._bring_text()
        await super().action_replace_in_event()

    async def action_find_next_in_event(self) -> None:
        """Select the next match after the cursor."""
        self._bring_text()
        await super().action_find_next_in_event()

    async def action_find_previous_in_event(self) -> None:
        """Select the match before the cursor."""
        self._bring_text()
        await super().action_find_previous_in_event()

    async def action_go_to_line(self) -> None:
        """Ask for a line and go there."""
        self._bring_text()
        await super().action_go_to_line()

    async def action_go_to_path(self) -> None:
        """Ask for a path and go there."""
        self._bring_text()
        await super().action_go_to_path()

    def action_toggle_collapsed(self) -> None:
        """Collapse the object or list at the cursor, or expand it."""
        if self.shows_form:
            self.forming.turn()
        else:
            super().action_toggle_collapsed()

    def action_collapse_all(self) -> None:
        """Collapse everything."""
        if self.shows_form:
            self.forming.turn_all(is_open=False)
        else:
            super().action_collapse_all()

    def action_expand_all(self) -> None:
        """Expand everything."""
        if self.shows_form:
            self.forming.turn_all(is_open=True)
        else:
            super().action_expand_all()

    def _bring_text(self) -> None:
        if self.shows_form:
            self.forming.leave()

    @on(EventEditor.Analysed)
    def _follow_text(self) -> None:
        if self.shows_form:
            self.forming.follow()
        if "mending" in self.__dict__:
            self.mending.text_read()

    def on_field_pane_applied(self, event: FieldPane.Applied) -> None:
        """Go back to the rows once a field of the form was written."""
        if self.shows_form and event.pane.area.has_focus:
            self.forming.focus()

    def on_form_rows_highlighted(self, event: FormRows.Highlighted) -> None:
        """Explain another row."""
        event.stop()
        self.forming.highlighted()

    async def on_form_rows_chosen(self, event: FormRows.Chosen) -> None:
        """Change what a row holds."""
        event.stop()
        await self.forming.chosen(event.row)

    def on_form_rows_turned(self, event: FormRows.Turned) -> None:
        """Open or close an object or list."""
        event.stop()
        self.forming.turned(event)

    def on_form_rows_all_turned(self, event: FormRows.AllTurned) -> None:
        """Open or close all of them."""
        event.stop()
        self.forming.all_turned()

    def on_form_rows_add_asked(self, event: FormRows.AddAsked) -> None:
        """Add what the row lacks."""
        event.stop()
        self.forming.add(event.row)

    def on_form_rows_remove_asked(self, event: FormRows.RemoveAsked) -> None:
        """Take out what the row shows."""
        event.stop()
        self.forming.remove(event.row)

    def on_form_rows_undo_asked(self, event: FormRows.UndoAsked) -> None:
        """Take back the last change of the text."""
        event.stop()
        self.editor.area.action_undo()

    def on_form_rows_redo_asked(self, event: FormRows.RedoAsked) -> None:
        """Do it again."""
        event.stop()
        self.editor.area.action_redo()

    def on_form_view_narrowed(self, event: FormView.Narrowed) -> None:
        """Show only some rows."""
        event.stop()
        self.forming.narrowed(event.wanted)

    # ── problems ────────────────────────────────────────────────────────────────────────────────────────────────────
    def action_next_problem(self) -> None:
        """Go to the next problem."""
        self._step_problem(1)

    def action_previous_problem(self) -> None:
        """Go to the problem before."""
        self._step_problem(-1)

    def _step_problem(self, by: int) -> None:
        if self.shows_form:
            self.forming.step_problem(by)
        else:
            self.editor.go_to_problem(by)

    async def action_list_problems(self) -> None:
        """List the problems."""
        await self.mending.list()

    async def on_editor_status_problems_asked(self, event: EditorStatus.ProblemsAsked) -> None:
        """List the problems, whose count was clicked."""
        event.stop()
        await self.mending.list()

    def action_quick_fix(self) -> None:
        """Put right what is wrong at the cursor."""
        self.mending.fix_at_cursor()

    def action_fix_certain(self) -> None:
        """Put right all that is certain."""
        self.mending.fix_all()

    # ── records, ids and times ──────────────────────────────────────────────────────────────────────────────────────
    async def action_batch_event(self) -> None:
        """Ask how many records the event is to have."""
        await self.multiplying.ask()

    def action_toggle_fresh(self) -> None:
        """Give the event new ids and times at each send, or no longer."""
        self.set_renewing(renews=not self.renews)

    def set_renewing(self, *, renews: bool) -> None:
        """Give the event new ids and times at each send, or not."""
        from fgtui.tui.widgets.editor_status import EditorStatus

        self.renews = renews
        self.editor.query_one(EditorStatus).renews = renews
