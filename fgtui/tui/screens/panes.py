"""The panes on the screen: where they stand at each size, which has the focus, and what their titles say."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, keys_in
from fgtui.tui.arrangement import HEIGHTS, USUAL, WIDTHS, Arrangement, kind_of, size_classes, takes_turns
from fgtui.tui.screens.event.pane import EventPane
from fgtui.tui.screens.outcome.pane import OutcomePane
from fgtui.tui.screens.session.pane import SessionPane
from fgtui.tui.widgets.desk import PaneDesk
from fgtui.tui.widgets.key_bar import KeyBar
from fgtui.tui.widgets.target_bar import TargetBar
from fgtui.tui.widgets.trigger_list import TriggerList
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.tui.remembered.drafts import Drafts
    from fgtui.tui.widgets.pane_strip import PaneStrip
    from fgtui.workspace import Workspace

OF_OUTCOME = frozenset({"replay-shown", "report-shown", "edit-shown-event", "copy-outcome"})
"""Actions that need an exchange in the outcome's pane."""
OF_EXCHANGE = frozenset(
    {"open-exchange", "replay-exchange", "edit-exchange-event", "copy-exchange", "mark-exchange", "report-exchange"}
)
"""Actions on the key bar that need one under the session's cursor."""
PANE_ORDER = (Where.TRIGGERS, Where.EVENT, Where.FIELD, Where.OUTCOME, Where.SESSION)


class PaneScreen(Screen[None]):
    """Lays out the panes and leads the focus; ``arrangement`` says where each stands."""

    AUTO_FOCUS = "#event CodeArea"

    def __init__(self, workspace: Workspace, drafts: Drafts, session: str, keymap: Mapping[str, str]) -> None:
        terminal = terminal_size()
        super().__init__(classes=" ".join(size_classes(*terminal)))
        self.target_bar = TargetBar()
        self.trigger_list = TriggerList(workspace.catalogue.triggers, id="triggers")
        self.event_pane = EventPane(workspace.catalogue, drafts, id="event", classes="")
        self.outcome_view = OutcomePane(id="outcome")
        self.session_pane = SessionPane(workspace, session, id="session")
        self.key_bar = KeyBar(keymap)
        self.desk = PaneDesk(self.panes(), terminal, lambda: self.event_pane.field)
        self._strip: PaneStrip | None = None
        """Which pane of which is shown, where one is shown at a time; made when it is first wanted."""
        self.where = Where.EVENT
        """The pane that has the focus."""
        self.came_from: Where | None = None
        """The pane that had the focus before another one was shown in its place; where Esc leads back to."""
        self._colours: dict[Where, tuple[str, str, str]] = {}
        """Of each pane's border and title: setting them draws the pane, so they are set when they change."""

    def compose(self) -> ComposeResult:
        """Session and target above, keys below, the panes between."""
        yield self.target_bar
        if self.is_single:
            yield self._make_strip()
        yield self.desk
        yield self.key_bar

    def watch_titles(self) -> None:
        """Keep the titles true from now on."""
        self.watch(self.event_pane, "title", lambda: self._title_pane(Where.EVENT), init=False)
        self.watch(self.session_pane, "title", lambda: self._title_pane(Where.SESSION), init=False)
        self.watch(self.outcome_view, "words", lambda: self._title_pane(Where.OUTCOME), init=False)
        self.watch(self.outcome_view, "has_places", self._tell_idle, init=False)
        self.watch(self.outcome_view, "words", self._tell_idle, init=False)
        self.watch(self.session_pane, "is_empty", self._tell_idle, init=False)
        self.watch(self.event_pane, "idle", self._tell_idle, init=False)
        self.watch(self.target_bar, "target", self.title_panes, init=False)
        self.app.theme_changed_signal.subscribe(self, lambda _: self.title_panes())
        self.title_panes()
        self._tell_idle()

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
            (Where.EVENT, self.event_pane.front_widget),
            *([] if field is None else [(Where.FIELD, field.area)]),
            (Where.OUTCOME, self.outcome_view.text),
            (Where.SESSION, self.session_pane.table),
        ]

    # ── where they stand ────────────────────────────────────────────────────────────────────────────────────────────
    @property
    def arrangement(self) -> Arrangement:
        """What a person has chosen: sizes, what is hidden, and whether one pane has all the room."""
        return self.desk.arrangement

    @property
    def is_single(self) -> bool:
        """Whether the terminal has room for one pane at a time."""
        return kind_of(*self.desk.terminal) == "single"

    @property
    def has_focus_pane(self) -> Where:
        """The pane on the desk that has the focus; the field is the event's."""
        return Where.EVENT if self.where is Where.FIELD else self.where

    def rearrange(self, arrangement: Arrangement) -> None:
        """Put the panes where ``arrangement`` says, keep the focus in sight, and remember it."""
        self.desk.arrangement = arrangement
        self.front(self.has_focus_pane)
        self.title_panes()
        self.arrangement_changed()

    def arrangement_changed(self) -> None:
        """Hear that a person has arranged the panes anew."""

    def front(self, where: Where) -> None:
        """Let a pane have the room where panes take turns."""
        self.event_pane.set_class(self.where is Where.FIELD, "-field")
        self.event_pane.set_class(self.arrangement.is_zoomed, "-zoomed")
        self.desk.front = where
        if where in {Where.OUTCOME, Where.SESSION}:
            self.desk.lower = where
        self.desk.lay_out()
        if self._strip is not None:
            self._strip.show(where, self.arrangement.hidden)

    def focus_pane(self, where: Where) -> None:
        """Show a pane, a hidden one too, and focus it."""
        if where is Where.FIELD and self.event_pane.field is None:
            self.run_worker(self._focus_new_field())
            return
        pane = Where.EVENT if where is Where.FIELD else where
        self.reveal(pane)
        self.front(pane)
        if dict(self.stops())[where].region:
            self._focus(where)
        else:  # it has no place on the screen before the next layout
            self.call_after_refresh(self._focus, where)

    def reveal(self, where: Where) -> None:
        """Let a hidden pane be shown again."""
        if where in self.arrangement.hidden:
            self.desk.arrangement = self.arrangement._replace(hidden=self.arrangement.hidden - {where})
            self.desk.lay_out()
            self.title_panes()
            self.arrangement_changed()

    async def _focus_new_field(self) -> None:
        await self.event_pane.make_field()
        self.focus_pane(Where.FIELD)

    def _focus(self, where: Where) -> None:
        stops: dict[Where, Widget] = dict(self.stops())
        self.set_focus(stops.get(where, self.event_pane.front_widget))

    def show_lower(self, where: Where) -> None:
        """Show the outcome or the session where they take turns, without moving the focus where there is room.

        A pane that a person has hidden stays so.
        """
        if where in self.arrangement.hidden:
            return
        room = self.desk.room()
        hides_focus = takes_turns(room) and self.where in {Where.OUTCOME, Where.SESSION} - {where}
        if room.kind == "single" or self.arrangement.is_zoomed or hides_focus:
            self.came_from = self.where if self.where is not where else self.came_from
            self.focus_pane(where)
        else:
            self.desk.lower = where
            self.desk.lay_out()

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
        where = self._where_of(event.widget)
        is_same, self.where = where is self.where, where
        is_pane = any(event.widget is widget for _, widget in self.stops())
        self.key_bar.pane = self.pane_where if is_pane else self.keys_where
        if is_same:
            return
        self.front(self.has_focus_pane)
        self.title_panes()

    @property
    def keys_where(self) -> Where:
        """Whose keys work: those of a line that is typed in, else those of the pane."""
        if self.focused is None or any(self.focused is widget for _, widget in self.stops()):
            return self.pane_where
        return getattr(self.bar, "KEYS_OF", Where.LINE)  # where letters are typed

    @property
    def bar(self) -> Widget | None:
        """What surrounds the line that is typed in and has keys of its own."""
        around = () if self.focused is None else self.focused.ancestors_with_self
        return next((node for node in around if isinstance(node, Widget) and hasattr(node, "KEYS_OF")), None)

    @property
    def pane_where(self) -> Where:
        """The pane whose keys work: the form's while it stands in the place of the text."""
        return Where.FORM if self.where is Where.EVENT and self.event_pane.shows_form else self.where

    def title_panes(self) -> None:
        """Say in each title what the pane holds, and by sign and border which one has the focus."""
        for where in self.panes():
            self._title_pane(where)

    def _title_pane(self, where: Where) -> None:
        widget, outcome = self.panes()[where], self.outcome_view
        titles = {
            Where.TRIGGERS: say("Triggers"),
            Where.EVENT: self.event_pane.title or say("Event"),
            Where.OUTCOME: outcome.words or say("Outcome"),
            Where.SESSION: self.session_pane.title or say("Session"),
        }
        if where is Where.OUTCOME:
            self._tell_hidden_outcome()
        has_focus = where is self.has_focus_pane
        words = displayable_line(titles[where])
        if has_focus and self.arrangement.is_zoomed:
            words = say("zoomed · {title}", title=words)
        title = Content(("▸ " if has_focus else "") + words)
        colours = self.app.theme_variables
        # Set here rather than by :focus-within, which would style every widget of two panes anew on each Tab
        guards = "-guarded" if self.is_guarded else ""
        border = colours.get(f"border{guards}" if has_focus else f"border-blurred{guards}", colours["error"])
        ink = colours["foreground" if has_focus else "secondary"]
        if widget is outcome and outcome.words:
            ink = colours.get(f"ink-{outcome.ink}", colours["foreground"])
        kind: Literal["double", "round"] = "double" if guards else "round"
        look = (kind, border, ink)
        if self._colours.get(where) == look and widget is outcome:
            outcome.retitle(title)  # ten times a second while something runs
            return
        widget.border_title = title
        if self._colours.get(where) != look:
            self._colours[where] = look
            widget.styles.border = (kind, border)
            widget.styles.border_title_color = ink

    @property
    def is_guarded(self) -> bool:
        """Whether the target that is chosen is of a guarded profile: all of the workbench looks different then."""
        return self.target_bar.target is not None and self.target_bar.target.is_guarded

    def _tell_hidden_outcome(self) -> None:
        """Say how the last send ended, or how it goes, at the foot of a pane that is shown while the outcome is not."""
        hidden = self.arrangement.hidden
        words = displayable_line(self.outcome_view.words) if Where.OUTCOME in hidden else ""
        key = self.key_bar.key_of("outcome-pane")
        if words and key:
            words = f"{words} · {key}"
        ink = self.app.theme_variables.get(f"ink-{self.outcome_view.ink}", "")
        tellers = (Where.EVENT, Where.SESSION, Where.TRIGGERS)
        teller = next((where for where in tellers if where not in hidden), None)
        for where in tellers:
            said = words if where is teller else ""
            pane = self.panes()[where]
            if str(pane.border_subtitle or "") != said:
                pane.border_subtitle = Content(said)
                pane.styles.border_subtitle_color = ink or self.app.theme_variables["foreground"]

    def on_screen_suspend(self) -> None:
        """Something stands over the panes: their keys do nothing until it has gone."""
        self.key_bar.is_covered = True

    def _tell_idle(self) -> None:
        """Let the key bar say only what there is something for."""
        idle = self.event_pane.idle
        if not self.outcome_view.has_places:
            idle |= {"open-place"}
        if self.outcome_view.exchange is None:
            idle |= OF_OUTCOME
        if self.session_pane.is_empty:
            idle |= OF_EXCHANGE
        self.key_bar.idle = idle

    def action_next_pane(self) -> None:
        """Focus the next pane."""
        self._step(1)

    def action_previous_pane(self) -> None:
        """Focus the pane before."""
        self._step(-1)

    def on_screen_resume(self) -> None:
        """The keys are the panes' again; the terminal may have another size than before."""
        self.key_bar.is_covered = False
        self.fit(*self.app.size)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the panes for the terminal's size."""
        self.fit(*event.size)

    def fit(self, columns: int, lines: int) -> None:
        """Lay out the panes for a terminal of that size, and keep the focus in sight.

        The field's pane stands below the editor only where there is room for both.
        """
        classes = size_classes(columns, lines)
        self.update_classes({name: name in classes for _, name in (*WIDTHS, *HEIGHTS)}, animate=False)
        self.desk.terminal = (columns, lines)
        room = self.desk.room()
        self.event_pane.has_room = not takes_turns(room) and "-low" not in classes
        self.front(self.has_focus_pane)
        self._show_strip()

    # ── one pane at a time ──────────────────────────────────────────────────────────────────────────────────────────
    def _make_strip(self) -> PaneStrip:
        from fgtui.tui.widgets.pane_strip import PaneStrip

        self._strip = PaneStrip(self.key_bar.keys_between_panes())
        self._strip.show(self.has_focus_pane, self.arrangement.hidden)
        return self._strip

    def _show_strip(self) -> None:
        wanted = self.is_single and not self.arrangement.is_zoomed
        if self._strip is not None:
            self._strip.display = wanted
        elif wanted and self.is_attached:
            self.mount(self._make_strip(), before=self.desk)

    def on_pane_strip_picked(self, event: PaneStrip.Picked) -> None:
        """Show the pane whose name was clicked."""
        event.stop()
        self.focus_pane(event.where)

    # ── what a person arranges ──────────────────────────────────────────────────────────────────────────────────────
    @on(EventPane.FieldMade)
    def _size_field(self, event: EventPane.FieldMade) -> None:
        event.stop()
        self.desk.size_field()

    @on(PaneDesk.Pointed)
    def _point(self, event: PaneDesk.Pointed) -> None:
        event.stop()
        if self.has_focus_pane is not event.where:
            self.focus_pane(event.where)

    @on(PaneDesk.Dragged)
    def _dragged(self, event: PaneDesk.Dragged) -> None:
        event.stop()
        self.arrangement_changed()

    def _step(self, step: int) -> None:
        order = [
            where
            for where in PANE_ORDER
            if (where is not Where.FIELD or self.event_pane.holds_field)
            and (Where.EVENT if where is Where.FIELD else where) not in self.arrangement.hidden
        ]
        at = order.index(self.where) if self.where in order else 0
        self.focus_pane(order[(at + step) % len(order)])

    def action_zoom_pane(self) -> None:
        """Give the focused pane all the room, or share it again."""
        self.rearrange(self.arrangement._replace(is_zoomed=not self.arrangement.is_zoomed))
        self._show_strip()

    def action_triggers_pane(self) -> None:
        """Show the triggers, go there, or hide them."""
        self._toggle(Where.TRIGGERS)

    def action_event_pane(self) -> None:
        """Show the event, go there, or hide it."""
        self._toggle(Where.EVENT)

    def action_outcome_pane(self) -> None:
        """Show the outcome, go there, or hide it."""
        self._toggle(Where.OUTCOME)

    def action_session_pane(self) -> None:
        """Show the session, go there, or hide it."""
        self._toggle(Where.SESSION)

    def _toggle(self, where: Where) -> None:
        stands_alone = self.is_single or self.arrangement.is_zoomed
        if where is self.has_focus_pane and not stands_alone:
            self.action_hide_pane()
        else:
            self.focus_pane(where)

    def action_hide_pane(self) -> None:
        """Hide the pane that has the focus; the last one stays."""
        where = self.has_focus_pane
        left = [each for each in self.panes() if each not in {where, *self.arrangement.hidden}]
        if not left:
            self.notify(say("this is the only pane that is shown, so it stays"), markup=False)
            return
        self.desk.arrangement = self.arrangement._replace(hidden=self.arrangement.hidden | {where})
        self.focus_pane(Where.EVENT if Where.EVENT in left else left[0])
        self.title_panes()
        self.arrangement_changed()

    def action_reset_layout(self) -> None:
        """Give every pane its usual place and size."""
        self.rearrange(USUAL)
        self._show_strip()

    async def action_resize_pane(self) -> None:
        """Let the arrow keys move the borders of the focused pane."""
        from fgtui.tui.screens.resizing import ResizeScreen

        if self.arrangement.is_zoomed:
            words = say("a zoomed pane has no border to move; {key} ends that", keys_in(self.app, key="zoom-pane"))
            self.notify(words, markup=False)
            return
        if self.is_single:
            self.notify(say("one pane is shown at a time here, so there is no border to move"), markup=False)
            return
        await self.app.push_screen(ResizeScreen(self.desk, self.where), lambda _: self.arrangement_changed())


def terminal_size() -> tuple[int, int]:
    """Columns and lines of the terminal, before Textual asks for them."""
    try:
        return os.get_terminal_size(0)
    except OSError:
        return 80, 24
