"""The panes on the screen: where they stand at each size, which has the focus, and what their titles say."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where
from fgtui.tui.screens.event_pane import EventPane
from fgtui.tui.screens.outcome_pane import OutcomePane
from fgtui.tui.screens.session_pane import SessionPane
from fgtui.tui.widgets.key_bar import KeyBar
from fgtui.tui.widgets.target_bar import TargetBar
from fgtui.tui.widgets.trigger_list import TriggerList

if TYPE_CHECKING:
    from fgtui.tui.drafts import Drafts
    from fgtui.workspace import Workspace

PANE_ORDER = (Where.TRIGGERS, Where.EVENT, Where.FIELD, Where.OUTCOME, Where.SESSION)
WIDTHS = [(0, "-narrow"), (80, "-medium"), (120, "-wide")]
HEIGHTS = [(0, "-short"), (36, "-tall")]


class PaneScreen(Screen[None]):
    """Lays out the panes and leads the focus; ``workbench.tcss`` says where each stands."""

    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    AUTO_FOCUS = "#event CodeArea"

    def __init__(self, workspace: Workspace, drafts: Drafts, session: str, keymap: Mapping[str, str]) -> None:
        super().__init__(classes=" ".join(size_classes(terminal_size())))
        self.target_bar = TargetBar()
        self.trigger_list = TriggerList(workspace.catalogue.triggers, id="triggers")
        self.event_pane = EventPane(workspace.catalogue, drafts, id="event", classes="-front")
        self.outcome_view = OutcomePane(id="outcome", classes="-lower")
        self.session_pane = SessionPane(workspace, session, id="session")
        self.key_bar = KeyBar(keymap)
        self.where = Where.EVENT
        """The pane that has the focus."""
        self.came_from: Where | None = None
        """The pane that had the focus before another one was shown in its place; where Esc leads back to."""
        self._colours: dict[Where, tuple[str, str]] = {}
        """Of each pane's border and title: setting them draws the pane, so they are set when they change."""

    def compose(self) -> ComposeResult:
        """Session and target above, keys below, the panes between."""
        yield self.target_bar
        with Container(id="desk"):
            yield self.trigger_list
            yield self.event_pane
            yield self.outcome_view
            yield self.session_pane
        yield self.key_bar

    def watch_titles(self) -> None:
        """Keep the titles true from now on."""
        self.watch(self.event_pane, "title", lambda: self._title_pane(Where.EVENT), init=False)
        self.watch(self.session_pane, "title", lambda: self._title_pane(Where.SESSION), init=False)
        self.watch(self.outcome_view, "words", lambda: self._title_pane(Where.OUTCOME), init=False)
        self.watch(self.outcome_view, "has_places", self._offer_places)
        self.app.theme_changed_signal.subscribe(self, lambda _: self.title_panes())
        self.title_panes()

    # ── which pane, and where ───────────────────────────────────────────────────────────────────────────────────────
    def panes(self) -> Mapping[Where, Widget]:
        """The panes in the order of the focus."""
        return {
            Where.TRIGGERS: self.trigger_list,
            Where.EVENT: self.event_pane,
            Where.OUTCOME: self.outcome_view,
            Where.SESSION: self.session_pane,
        }

    def stops(self) -> list[tuple[Where, Widget]]:
        """Where Tab stops, in order."""
        field = self.event_pane.field
        return [
            (Where.TRIGGERS, self.trigger_list.rows),
            (Where.EVENT, self.event_pane.editor.area),
            *([] if field is None else [(Where.FIELD, field.area)]),
            (Where.OUTCOME, self.outcome_view.text),
            (Where.SESSION, self.session_pane.table),
        ]

    def front(self, pane: Widget) -> None:
        """Let ``pane`` have the room where panes take turns."""
        self.event_pane.set_class(self.where is Where.FIELD, "-field")
        for other in self.panes().values():
            if other.has_class("-front") is not (other is pane):
                other.set_class(other is pane, "-front")
        if pane in (self.outcome_view, self.session_pane):
            self._lower(pane)

    def _lower(self, pane: Widget) -> None:
        """Let ``pane`` stand below the event where outcome and session take turns."""
        for other in (self.outcome_view, self.session_pane):
            if other.has_class("-lower") is not (other is pane):
                other.set_class(other is pane, "-lower")

    def focus_pane(self, where: Where) -> None:
        """Show a pane and focus it."""
        if where is Where.FIELD and self.event_pane.field is None:
            self.run_worker(self._focus_new_field())
            return
        self.front(self.panes()[Where.EVENT if where is Where.FIELD else where])
        if dict(self.stops())[where].region:
            self._focus(where)
        else:  # it has no place on the screen before the next layout
            self.call_after_refresh(self._focus, where)

    async def _focus_new_field(self) -> None:
        await self.event_pane.make_field()
        self.focus_pane(Where.FIELD)

    def _focus(self, where: Where) -> None:
        stops: dict[Where, Widget] = dict(self.stops())
        self.set_focus(stops.get(where, self.event_pane.editor.area))

    def show_lower(self, pane: Widget) -> None:
        """Show the outcome or the session where they take turns, without moving the focus where there is room."""
        takes_turns = self.has_class("-medium") and self.has_class("-short")
        hides_focus = takes_turns and self.where in {Where.OUTCOME, Where.SESSION} - {self._where_of(pane)}
        if self.has_class("-narrow") or self.has_class("-zoomed") or hides_focus:
            self.came_from = self.where if self.where is not self._where_of(pane) else self.came_from
            self.focus_pane(self._where_of(pane))
        else:
            self._lower(pane)

    def _where_of(self, widget: Widget | None) -> Where:
        field = self.event_pane.field
        if field is not None and widget is field.area:
            return Where.FIELD
        while widget is not None and widget is not self:
            for where, pane in self.panes().items():
                if widget is pane:
                    return where
            parent = widget.parent
            widget = parent if isinstance(parent, Widget) else None
        return self.where

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Follow the focus: the pane's keys on the key bar, its sign in its title."""
        if self._where_of(event.widget) is self.where:
            return
        self.where = self._where_of(event.widget)
        self.key_bar.pane = self.where
        self.front(self.panes()[Where.EVENT if self.where is Where.FIELD else self.where])
        self.title_panes()

    def title_panes(self) -> None:
        """Say in each title what the pane holds, and by sign and border which one has the focus."""
        for where in self.panes():
            self._title_pane(where)

    def _title_pane(self, where: Where) -> None:
        widget, outcome = self.panes()[where], self.outcome_view
        titles = {
            Where.TRIGGERS: "Triggers",
            Where.EVENT: self.event_pane.title or "Event",
            Where.OUTCOME: outcome.words or "Outcome",
            Where.SESSION: self.session_pane.title or "Session",
        }
        has_focus = where is (Where.EVENT if self.where is Where.FIELD else self.where)
        title = Content(("▸ " if has_focus else "") + displayable_line(titles[where]))
        colours = self.app.theme_variables
        # Set here rather than by :focus-within, which would style every widget of two panes anew on each Tab
        border = colours["border" if has_focus else "border-blurred"]
        ink = colours["foreground" if has_focus else "secondary"]
        if widget is outcome and outcome.words:
            ink = colours.get(f"ink-{outcome.ink}", colours["foreground"])
        if self._colours.get(where) == (border, ink) and widget is outcome:
            outcome.retitle(title)  # ten times a second while something runs
            return
        widget.border_title = title
        if self._colours.get(where) != (border, ink):
            self._colours[where] = (border, ink)
            widget.styles.border = ("round", border)
            widget.styles.border_title_color = ink

    def on_screen_suspend(self) -> None:
        """Something stands over the panes: their keys do nothing until it has gone."""
        self.key_bar.is_covered = True

    def on_screen_resume(self) -> None:
        """The keys are the panes' again."""
        self.key_bar.is_covered = False

    def _offer_places(self, has_places: bool) -> None:
        self.key_bar.idle = frozenset() if has_places else frozenset({"open-place"})

    def action_next_pane(self) -> None:
        """Focus the next pane."""
        self._step(1)

    def action_previous_pane(self) -> None:
        """Focus the pane before."""
        self._step(-1)

    def on_resize(self) -> None:
        """Let the field pane stand below the editor only where there is room for both, and keep the focus in sight."""
        self.event_pane.has_room = not (self.has_class("-medium") and self.has_class("-short"))
        self.front(self.panes()[Where.EVENT if self.where is Where.FIELD else self.where])

    def _step(self, step: int) -> None:
        order = [where for where in PANE_ORDER if where is not Where.FIELD or self.event_pane.holds_field]
        at = order.index(self.where) if self.where in order else 0
        self.focus_pane(order[(at + step) % len(order)])

    def action_zoom_pane(self) -> None:
        """Give the focused pane all the room, or share it again."""
        self.toggle_class("-zoomed")


def terminal_size() -> tuple[int, int]:
    """Columns and lines of the terminal, before Textual asks for them."""
    try:
        return os.get_terminal_size(0)
    except OSError:
        return 80, 24


def size_classes(size: tuple[int, int]) -> list[str]:
    """The classes of the layout for that size: set from the start, they need not be set, and all styled, again."""
    columns, lines = size
    widths = [name for least, name in WIDTHS if columns >= least]
    heights = [name for least, name in HEIGHTS if lines >= least]
    return [widths[-1], heights[-1]]
