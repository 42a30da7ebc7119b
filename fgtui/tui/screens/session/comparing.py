"""Compares two exchanges: what differs in their outcomes, or in their events, unified or side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from fgtui.errors import FgtuiError
from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.screens.modal import Modal
from fgtui.tui.styles.inks import Piece, cut
from fgtui.tui.target_words import spec_words
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.diff_view import Difference, DiffRows, DiffView
from fgtui.tui.widgets.piece_line import PieceLine
from fgtui.tui.widgets.tab_strip import TabStrip
from fgtui.tui.widgets.text_view import muted, shown
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.diff.comparison import Comparison
    from fgtui.workspace import Workspace


class Part(IntEnum):
    """What of the two is compared, in the order of the tabs."""

    OUTCOME = 0
    EVENT = 1


class ComparingScreen(Modal[None]):
    """Two exchanges and what differs. ``copy`` takes a text out of the workbench."""

    DEFAULT_CSS = """
    ComparingScreen { align: center middle; background: $background 60%; }
    ComparingScreen > #frame {
        width: 98%; height: 96%;
        border: round $border; border-title-color: $border; border-subtitle-color: $foreground-muted;
        background: $surface; padding: 0 1;
    }
    ComparingScreen PieceLine { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.COMPARE)]

    def __init__(
        self,
        workspace: Workspace,
        old: Exchange,
        new: Exchange,
        comparison: Comparison,
        copy: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._workspace = workspace
        self._old = old
        self._new = new
        self._comparison = comparison
        self._copy = copy
        self._part = Part.OUTCOME
        self._made: dict[Part, DiffRows] = {}
        self._cancelled = threading.Event()
        self._tabs = TabStrip((say("Outcome"), say("Event")))
        self.view = DiffView()
        """The differences."""

    def compose(self) -> ComposeResult:
        """Which two, the parts, the differences."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(
                displayable_line(say("{old} → {new}", old=_name(self._old), new=_name(self._new)))
            )
            for sign, exchange in (("-", self._old), ("+", self._new)):
                line = PieceLine()
                line.show(_heading(sign, exchange))
                yield line
            yield self._tabs
            yield self.view

    def on_mount(self) -> None:
        """Compare."""
        self.view.focus()
        self._show_part()

    def on_unmount(self) -> None:
        """Stop what still compares."""
        self._cancelled.set()

    def _show_part(self) -> None:
        made = self._made.get(self._part)
        if made is not None:
            self.view.show_rows(made)
            self._say_where()
            return
        self.view.show_words(shown(say("comparing…"), muted))
        self._say_where()
        part = self._part
        in_thread(
            self, lambda: self._compare(part), lambda rows: self._compared(part, rows), self._failed, group="diff"
        )

    def _compare(self, part: Part) -> DiffRows | None:
        from fgtui.sessions.diff.changes import DiffCancelledError, compare_events, compare_outcomes

        workspace, name = self._workspace, _name(self._old)
        redactor = workspace.store.redactor
        are_recorded = bool(self._old.seq and self._new.seq)
        try:
            if part is Part.OUTCOME:
                compared = compare_outcomes(
                    self._old, self._new, comparison=self._comparison, redactor=redactor,
                    are_recorded=are_recorded, cancelled=self._cancelled,
                )  # fmt: skip
            else:
                compared = compare_events(
                    self._old, self._new, comparison=self._comparison, redactor=redactor,
                    are_recorded=are_recorded, trigger_of=workspace.trigger_of, cancelled=self._cancelled,
                )  # fmt: skip
        except DiffCancelledError:
            return None
        return DiffRows(Difference(compared, name))

    def _compared(self, part: Part, rows: DiffRows | None) -> None:
        if rows is None:
            return
        self._made[part] = rows
        if part is self._part:
            self._show_part()

    def _failed(self, error: FgtuiError) -> None:
        self.view.show_words(shown(say(error.message, error.values)))

    def _say_where(self) -> None:
        """Say in the frame which difference it is, and the keys."""
        view = self.view
        words = ""
        if view.position:
            words = say("{count} of {total}", count=view.position, total=f"{view.count:,}") + " · "
        keys = keys_in(
            self.app,
            next="compare-next",
            previous="compare-previous",
            switch="compare-switch",
            copy="compare-copy",
            keys="dialog-keys",
            close="compare-close",
        )
        hint = "{next} {previous} walk · {switch} side by side · {copy} copies · {keys} keys · {close} closes"
        if view.is_side_by_side:
            hint = "{next} {previous} walk · {switch} unified · {copy} copies · {keys} keys · {close} closes"
        self.query_one("#frame").border_subtitle = Content(words + say(hint, keys))

    # ── what a person does ──────────────────────────────────────────────────────────────────────────────────────────
    def action_step(self, forward: bool) -> None:
        """Go to the next difference, or to the one before."""
        if self.view.step(forward=forward):
            self._say_where()

    def action_switch(self) -> None:
        """Lay it out the other way."""
        if not self.view.is_side_by_side and not self.view.has_room:
            self.notify(say("side by side needs a wider window"), markup=False)
            return
        self.view.switch(side_by_side=not self.view.is_side_by_side)
        self._say_where()

    def action_next_part(self, step: int) -> None:
        """Compare the other part."""
        self._choose(Part((self._part + step) % len(Part)))

    @on(TabStrip.Picked)
    def _pick(self, event: TabStrip.Picked) -> None:
        event.stop()
        self._choose(Part(event.index))

    def _choose(self, part: Part) -> None:
        self._part = part
        self._tabs.chosen = part
        self._show_part()

    def action_copy(self) -> None:
        """Copy what is shown, unified."""
        made = self._made.get(self._part)
        if made is not None:
            in_thread(self, lambda: made.unified().shown.text, self._copy, group="copy")

    def action_close(self) -> None:
        """Go back to where they were asked for."""
        self._cancelled.set()
        self.dismiss()


def _name(exchange: Exchange) -> str:
    return f"{exchange.session} #{exchange.seq}" if exchange.seq else say("what was sent last")


def _heading(sign: str, exchange: Exchange) -> Callable[[int], Sequence[Piece]]:
    """Which of the two it is: its name, how it ended, where, and when."""
    from fgtui.invoke.outcome_words import headline

    started = f"{exchange.started_at.astimezone():%Y-%m-%d %H:%M:%S}"
    words = f"{_name(exchange)} · {headline(exchange.outcome)} · {spec_words(exchange.target.spec)} · {started}"

    def pieces(width: int) -> Sequence[Piece]:
        return (f"{sign} ", "bad" if sign == "-" else "good"), (cut(displayable_line(words), max(0, width - 2)), "")

    return pieces
