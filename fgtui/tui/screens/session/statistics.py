"""Statistics of a session, or of a part of it: by group, as figures and as pictures; live while they are counted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from fgtui.errors import FgtuiError, QueryError
from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.counting import Counted, Counting
from fgtui.tui.screens.modal import Modal
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.group_rows import GroupRows
from fgtui.tui.widgets.group_text import group_text
from fgtui.tui.widgets.line_input import LineInput
from fgtui.tui.widgets.tab_strip import TabStrip
from fgtui.tui.widgets.text_view import NOTHING, TextView
from fgtui.words import plural, say, say_error, sentence

if TYPE_CHECKING:
    from fgtui.sessions.query.expressions import Query
    from fgtui.sessions.statistics import Group
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.tui.selection import Selection, Shown
    from fgtui.workspace import Workspace

WAYS = (
    ("a", sentence("all")),
    ("t", sentence("trigger")),
    ("g", sentence("target")),
    ("o", sentence("outcome")),
    ("/", sentence("expression")),
)
"""The letter that chooses it, and by what it groups; those between are ``COLUMNS``."""
COLUMNS = ("trigger", "target", "outcome")
EXPRESSION = len(WAYS) - 1
TICK_S = 0.2
WHY_NONE = "no group: the expression could be tried on none of them"


class StatisticsScreen(Modal[None]):
    """The groups of one selection, and all there is to say of the one under the cursor."""

    DEFAULT_CSS = """
    StatisticsScreen { align: center middle; background: $background 60%; }
    StatisticsScreen > #frame {
        width: 118; max-width: 100%; height: 94%;
        border: round $border; border-title-color: $border; border-subtitle-color: $foreground-muted;
        background: $surface; padding: 0 1;
    }
    StatisticsScreen GroupRows { height: auto; min-height: 2; max-height: 35%; }
    StatisticsScreen TextView { border-top: solid $border-blurred; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.STATISTICS)]

    def __init__(self, workspace: Workspace, selection: Selection) -> None:
        super().__init__()
        self._workspace = workspace
        self._selection = selection
        self._tabs = TabStrip([f"{letter} {say(words)}" for letter, words in WAYS])
        self.rows = GroupRows()
        """The groups."""
        self.about = TextView()
        """The group under the cursor."""
        self._counting: Counting | None = None
        self._is_counting = False
        self._typed = ""
        self._group: Group | None = None

    def compose(self) -> ComposeResult:
        """By what, the groups, the one under the cursor."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(displayable_line(say("Statistics of {words}", words=self._selection.words)))
            yield self._tabs
            yield self.rows
            yield self.about

    def on_mount(self) -> None:
        """Begin with the whole."""
        self.rows.focus()
        self.set_interval(TICK_S, self._tick)
        self.action_group(0)

    def on_unmount(self) -> None:
        """Count no further."""
        self._stop()

    # ── by what ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def action_group(self, way: int) -> None:
        """Group by one of the ways that need no expression."""
        self._tabs.chosen = way
        self._count(COLUMNS[way - 1] if way else None)

    def action_step(self, step: int) -> None:
        """Group by the next way, or the one before."""
        way = (self._tabs.chosen + step) % len(WAYS)
        if way == EXPRESSION:
            self.call_later(self.action_ask_expression)
        else:
            self.action_group(way)

    @on(TabStrip.Picked)
    async def _pick(self, event: TabStrip.Picked) -> None:
        event.stop()
        if event.index == EXPRESSION:
            await self.action_ask_expression()
        else:
            self.action_group(event.index)

    async def action_ask_expression(self) -> None:
        """Bring the line to type an expression in."""
        if not self.query(LineInput):
            line = LineInput(self._typed, placeholder=say("JMESPath, as in event.trigger"))
            await self.mount(line, after=self._tabs)
            self.set_focus(line)

    @on(LineInput.Typed)
    def _typing(self, event: LineInput.Typed) -> None:
        event.stop()

    @on(LineInput.Done)
    def _typed_expression(self, event: LineInput.Done) -> None:
        from fgtui.sessions import statistics
        from fgtui.sessions.query.expressions import Query

        event.stop()
        if event.agreed and (typed := event.value.strip()):
            self._typed = event.value
            try:
                by = typed if typed in statistics.COLUMNS else Query.compile(event.value)
            except QueryError as error:
                words = say_error(error)
                if error.column is not None:
                    words = say("column {column}: {words}", column=error.column, words=words)
                self._say(f"✗ {words}")
                event.line_input.cursor_position = max(0, (error.column or 1) - 1)
                return
            self._tabs.chosen = EXPRESSION
            self._count(by)
        event.line_input.remove()
        self.rows.focus()

    # ── counting ────────────────────────────────────────────────────────────────────────────────────────────────────
    def _count(self, by: str | Query | None) -> None:
        self._stop()
        counting = self._counting = Counting(self._workspace, self._selection, by)
        self._is_counting = True
        self.rows.hint = "…"
        self.rows.by = "" if by is None else by if isinstance(by, str) else by.text
        self.rows.show(())
        self.about.show(NOTHING)
        self._tick()
        in_thread(
            self,
            lambda: counting.run(lambda counted: self.app.call_from_thread(self._counted, counting, counted)),
            lambda _: self._over(counting, None),
            lambda error: self._over(counting, error),
            group="statistics",
        )

    def _counted(self, counting: Counting, counted: Counted) -> None:
        """Show figures, of a part at first."""
        if counting is self._counting:
            self.rows.hint = say(WHY_NONE)
            self.rows.show(counted.groups)
            self.rows.refresh(layout=True)
            if not counted.is_all:
                self._say(say("so far of {count}", count=f"{counted.of:,}"))

    def _over(self, counting: Counting, error: FgtuiError | None) -> None:
        if counting is not self._counting:
            return
        self._is_counting = False
        if error is not None:
            self.rows.hint = f"✗ {say(error.message, error.values)}"
            self.rows.refresh()
            self._say("✗")
        elif counting.untried and counting.first_error is not None:
            reason = say(counting.first_error.message, counting.first_error.values)
            self._say(say("{count} could not be tried: {reason}", count=counting.untried, reason=reason))
        else:
            count = len(self.rows.groups)
            groups = say(plural(count, "1 group", "{count} groups"), count=count)
            switch = keys_in(self.app, switch="statistics-switch")["switch"]
            self._say(f"{groups} · {switch} · {self._way_out()}")

    def _tick(self) -> None:
        if self._is_counting and self._counting is not None:
            read = say(
                "{count} of {total} read", count=f"{self._counting.looked_at:,}", total=f"{self._selection.total:,}"
            )
            self._say(f"… {read} · {self._way_out()}")

    def _way_out(self) -> str:
        return say("{key} leaves", keys_in(self.app, key="statistics-leave"))

    def _say(self, words: str) -> None:
        self.query_one("#frame").border_subtitle = Content(displayable_line(words))

    def _stop(self) -> None:
        """Count no further."""
        if self._counting is not None:
            self._counting.stop()
        self._is_counting = False

    # ── one group ───────────────────────────────────────────────────────────────────────────────────────────────────
    @on(GroupRows.Highlighted)
    def _show_group(self, event: GroupRows.Highlighted) -> None:
        event.stop()
        is_same = self._group is not None and self._group.name == event.group.name
        self._group = event.group
        self._draw_group(keep_place=is_same)

    def on_resize(self) -> None:
        """Draw the pictures as wide as there is room now."""
        self.call_after_refresh(self._draw_group, keep_place=True)

    def _draw_group(self, *, keep_place: bool) -> None:
        if self._group is not None and self.is_attached:
            text = group_text(self._group, self.about.content_region.width - 1)
            self.about.show(text, keep_place=keep_place and self.about.scroll_offset.y > 0)

    # ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def action_switch(self) -> None:
        """Let the keys move in the groups, or in the one that is shown."""
        self.set_focus(self.about if self.rows.has_focus else self.rows)

    def action_leave(self) -> None:
        """Go back; what is still counted is counted no further."""
        self.dismiss()


class StatisticsOffer:
    """Opens the statistics of what a person has chosen."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    def open(self, session: str, shown: Shown | None) -> None:
        """Show them, of what is marked, else of what is shown."""
        from fgtui.tui.selection import select

        screen = self._screen

        def opened(selection: Selection) -> None:
            screen.app.push_screen(StatisticsScreen(screen.workspace, selection))

        screen.in_thread(partial(select, screen.workspace.store, session, shown), opened, group="selection")
