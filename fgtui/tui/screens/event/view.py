"""How a person gets around in the event: finding, going to a place, hiding what is not looked at, copying from it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from textual import on
from textual.containers import Vertical

from fgtui.tui.actions import keys_in
from fgtui.tui.text.document import Location
from fgtui.tui.widgets.event_editor import EventEditor
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.events.catalogue import Catalogue
    from fgtui.events.model import Path
    from fgtui.tui.app import FgtuiApp
    from fgtui.tui.screens.event.finding import EventFinding
    from fgtui.tui.text.places import Taken
    from fgtui.tui.widgets.find_bar import FindBar


class EventView(Vertical):
    """The editor, and what comes below it when it is wanted."""

    def __init__(self, catalogue: Catalogue | None, *, id: str, classes: str) -> None:  # noqa: A002 Textual's name
        super().__init__(id=id, classes=classes)
        self.editor = EventEditor(catalogue)
        self.find_options: tuple[str, ...] = ()
        """What find minds when it is first wanted: names of ``Search``'s fields."""

    # ── finding ─────────────────────────────────────────────────────────────────────────────────────────────────────
    @cached_property
    def finding(self) -> EventFinding:
        """Find and replace."""
        from fgtui.tui.screens.event.finding import EventFinding

        return EventFinding(self)

    def on_unmount(self) -> None:
        """Leave no process behind."""
        if "finding" in self.__dict__:
            self.finding.stop()

    async def action_find_in_event(self) -> None:
        """Ask what to find in the text."""
        await self.finding.open(replaces=False)

    async def action_replace_in_event(self) -> None:
        """Ask what to find in the text, and what to put in its place."""
        await self.finding.open(replaces=True)

    async def action_find_next_in_event(self) -> None:
        """Select the next match after the cursor, around the end."""
        await self._step_found(1)

    async def action_find_previous_in_event(self) -> None:
        """Select the match before the cursor, around the start."""
        await self._step_found(-1)

    async def _step_found(self, by: int) -> None:
        if self.finding.wanted:
            self.finding.step(by)
        else:
            await self.finding.open(replaces=False)

    def on_find_bar_changed(self, event: FindBar.Changed) -> None:
        """Look for something else."""
        event.stop()
        self.finding.changed(event.search)

    def on_find_bar_stepped(self, event: FindBar.Stepped) -> None:
        """Go to the next match, or the one before."""
        event.stop()
        self.finding.step(event.by)

    def on_find_bar_replaced(self, event: FindBar.Replaced) -> None:
        """Replace a match, or all."""
        event.stop()
        self.finding.replace(event.by, every=event.every)

    def on_find_bar_reverted(self, event: FindBar.Reverted) -> None:
        """Undo or redo a change of the text, which keeps its bar."""
        event.stop()
        self.editor.area.action_undo() if event.by < 0 else self.editor.area.action_redo()

    def on_find_bar_closed(self, event: FindBar.Closed) -> None:
        """Give the keys back to the text."""
        event.stop()
        self.finding.close()

    @on(EventEditor.Changed)
    def _look_again(self) -> None:
        if "finding" in self.__dict__:
            self.finding.text_changed()

    # ── going somewhere ─────────────────────────────────────────────────────────────────────────────────────────────
    async def action_go_to_line(self) -> None:
        """Ask for a line, or a line and a column."""
        await self._ask_place(say("Go to a line"), say("as in 12 or 12:7, or a path"))

    async def action_go_to_path(self) -> None:
        """Ask for a path and go there."""
        hint = say(
            "as in Records[0].s3.object.key; it leads through what is encoded; {key} completes",
            keys_in(self.app, key="go-to-complete"),
        )
        await self._ask_place(say("Go to a path"), hint)

    async def _ask_place(self, title: str, hint: str) -> None:
        from fgtui.tui.screens.event.going import GoTo

        def picked(place: Path | Location | None) -> None:
            if isinstance(place, Location):
                self.editor.area.move_to(place, center=True)
            elif place is not None:
                self.editor.go_to_path(place)
            if place is not None:
                self.editor.area.focus()

        await self.app.push_screen(GoTo(title, hint, self.editor), picked)

    # ── hiding ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def action_toggle_collapsed(self) -> None:
        """Hide the rows of the object or list at the cursor, or show them."""
        self.editor.collapsing.toggle()

    def action_collapse_all(self) -> None:
        """Hide what is below the first level."""
        self.editor.collapsing.hide_all()

    def action_expand_all(self) -> None:
        """Hide nothing."""
        self.editor.area.open_all()

    # ── copying ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def action_copy_path(self) -> None:
        """Copy the path of the value at the cursor."""
        self.editor.when_read(self._copy_path)

    def _copy_path(self) -> None:
        from fgtui.events.text import format_path

        path = self.editor.path_at_cursor()
        if path is None:
            self._say_nothing_here()
        elif not path:
            self.editor.say("all of the event is at the cursor, and has no path")
        else:
            self._copy(format_path(path), "path")

    def action_copy_value(self) -> None:
        """Copy the value at the cursor."""
        self.editor.when_read(self._copy_value)

    def _copy_value(self) -> None:
        taken = self.editor.value_at_cursor()
        if taken is None:
            self._say_nothing_here()
        else:
            self._copy(taken.text, "value of {path}", path=taken.path or say("the event"))

    def action_copy_decoded(self) -> None:
        """Copy the value at the cursor with every layer of it opened."""

        def show(taken: Taken | None) -> None:
            from fgtui.tui.text.places import HOW

            if taken is None:
                self._say_nothing_here()
            else:
                how, path = say(HOW[taken.how]), taken.path or say("the event")
                self._copy(taken.text, "decoded value of {path}, {how}", path=path, how=how)

        self.editor.take_decoded(show)

    def _copy(self, text: str, what: str, **values: object) -> None:
        """Copy ``text``, and say ``what`` it was and which way it went."""
        cast("FgtuiApp", self.app).copy_as(text, say(what, values))

    def _say_nothing_here(self) -> None:
        self.editor.say("there is no value at the cursor")

    # ── layout ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def action_format_event(self) -> None:
        """Lay the event out over lines, or what is selected of it."""
        self.editor.lay_out(2)

    def action_compact_event(self) -> None:
        """Put the event on one line, or what is selected of it."""
        self.editor.lay_out(None)
