"""Shows how one invocation ended: the answer as received, its logs, its difference, and what else was noted.

While one is running it shows its logs as they come. It never asks the store or the invoker for anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive

from fgtui.invoke.model import Exchange
from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings
from fgtui.tui.outcome_words import headline
from fgtui.tui.widgets.diff_view import Difference, diff_text
from fgtui.tui.widgets.find_bar import FindBar
from fgtui.tui.widgets.outcome_text import LARGE, exchange_text, logs_text, muted, result_text
from fgtui.tui.widgets.tab_strip import TabStrip
from fgtui.tui.widgets.text_view import NOTHING, Shown, TextView, shown
from fgtui.words import say

LIVE_LINES = 2000
"""Lines of a running handler's log that stay to be looked at; the whole log comes with the outcome."""


class Part(IntEnum):
    """What of an outcome is shown, in the order of the tabs."""

    RESULT = 0
    LOGS = 1
    DIFF = 2
    EXCHANGE = 3


TABS = ("Result", "Logs", "Diff", "Exchange")


class OutcomeText(TextView):
    """The text of the chosen part."""


class OutcomeView(Vertical):
    """One outcome, part by part."""

    DEFAULT_CSS = """
    OutcomeView { height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.OUTCOME)]

    part: reactive[Part] = reactive(Part.RESULT, init=False)
    """The part that is shown."""
    words: reactive[str] = reactive("", init=False)
    """How it ended, in one line of raw text; the owner shows it as the pane's title."""

    @dataclass
    class CopyAsked(Message):
        """A person wants some of the exchange that is shown."""

        exchange: Exchange
        outcome_view: OutcomeView

        @property
        def control(self) -> OutcomeView:
            """The view it happened in."""
            return self.outcome_view

    @dataclass
    class _Prepared(Message):
        exchange: Exchange
        text: Shown

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's name for it
        super().__init__(id=id)
        self.exchange: Exchange | None = None
        """The exchange that is shown, as it was handed over."""
        self._texts: dict[Part, Shown] = {}
        self._live: deque[str] | None = None
        self._left_out = 0
        self._wanted = ""

    def compose(self) -> ComposeResult:
        """Tabs above, text below."""
        yield TabStrip(TABS)
        yield OutcomeText()

    # ── what is shown ───────────────────────────────────────────────────────────────────────────────────────────────
    def show_nothing(self, hint: str) -> None:
        """Show words instead of an outcome."""
        self.exchange = None
        self._live = None
        self._texts = {Part.RESULT: shown(hint, muted)}
        self.words = ""
        self._draw()

    def show_running(self) -> None:
        """Show the logs of a send as they come; the part that was chosen comes back with the outcome."""
        self.exchange = None
        self._live = deque(maxlen=LIVE_LINES)
        self._left_out = 0
        self._texts = {}
        self._draw()

    def add_logs(self, lines: Sequence[str]) -> None:
        """Show more of what a running handler has written."""
        if self._live is None:
            return
        self._left_out += max(0, len(self._live) + len(lines) - LIVE_LINES)
        self._live.extend(lines)
        if self.part in {Part.RESULT, Part.LOGS}:
            self._draw(keep_place=True)

    def show_exchange(self, exchange: Exchange, note: str = "", *, difference: Difference | None = None) -> None:
        """Show an exchange; ``note`` says how it was recorded. A difference is shown first, if there is one."""
        self.exchange = exchange
        self._live = None
        self._texts = {
            Part.LOGS: logs_text(exchange.outcome),
            Part.DIFF: diff_text(difference),
            Part.EXCHANGE: exchange_text(exchange, note),
        }
        self.words = headline(exchange.outcome)
        if difference is not None:
            self.part = Part.DIFF
        if len(exchange.outcome.body) < LARGE:
            self._texts[Part.RESULT] = result_text(exchange.outcome)
        else:
            self._texts[Part.RESULT] = shown("laying out the answer…", muted)
            self.run_worker(lambda: self._prepare(exchange), thread=True, group="result", exclusive=True)
        self._draw()

    def _prepare(self, exchange: Exchange) -> None:
        self.post_message(self._Prepared(exchange, result_text(exchange.outcome)))

    def on_outcome_view__prepared(self, event: _Prepared) -> None:
        """Show a large answer that a worker has laid out."""
        event.stop()
        if self.exchange is event.exchange:
            self._texts[Part.RESULT] = event.text
            if self.part is Part.RESULT:
                self._draw()

    def note(self, words: str) -> None:
        """Say anew how the exchange that is shown was recorded."""
        if self.exchange is not None:
            self._texts[Part.EXCHANGE] = exchange_text(self.exchange, words)
            if self.part is Part.EXCHANGE:
                self._draw(keep_place=True)

    def text_of(self, part: Part) -> Shown:
        """What one part shows now."""
        if self._live is not None and part in {Part.RESULT, Part.LOGS}:
            lines: tuple[str, ...] = tuple(self._live)
            if self._left_out:
                lines = (f"… {self._left_out} earlier lines, kept with the outcome", *lines)
            return shown("\n".join(lines)) if lines else shown("running; no logs yet", muted)
        return self._texts.get(part, NOTHING)

    def action_copy_outcome(self) -> None:
        """Ask for some of the exchange on the clipboard."""
        if self.exchange is not None:
            self.post_message(self.CopyAsked(self.exchange, self))

    def _draw(self, *, keep_place: bool = False) -> None:
        if self.is_mounted:
            self.query_one(OutcomeText).show(self.text_of(self.part), keep_place=keep_place)

    def on_mount(self) -> None:
        """Show what was set before there was a screen."""
        self._draw()

    # ── parts ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def watch_part(self, part: Part) -> None:
        """Show another part."""
        self.query_one(TabStrip).chosen = part
        self._draw()

    @on(TabStrip.Picked)
    def _pick(self, event: TabStrip.Picked) -> None:
        event.stop()
        self.part = Part(event.index)

    def action_next_tab(self) -> None:
        """Show the next part."""
        self.part = Part((self.part + 1) % len(Part))

    def action_previous_tab(self) -> None:
        """Show the part before."""
        self.part = Part((self.part - 1) % len(Part))

    # ── finding ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def action_find_in_outcome(self) -> None:
        """Ask what to find in the part that is shown."""
        if not self.query(FindBar):
            self.mount(FindBar(self._wanted))

    def action_find_next(self) -> None:
        """Go to the next place."""
        self._find(forward=True)

    def action_find_previous(self) -> None:
        """Go to the place before."""
        self._find(forward=False)

    def _find(self, *, forward: bool) -> None:
        text = self.query_one(OutcomeText)
        if self._wanted and not text.find(self._wanted, forward=forward):
            self.notify(say("nothing here holds {wanted}", wanted=displayable_line(self._wanted)), markup=False)

    @on(FindBar.Wanted)
    def _find_first(self, event: FindBar.Wanted) -> None:
        event.stop()
        self._wanted = event.text
        self.query_one(OutcomeText).focus()
        self._find(forward=True)
