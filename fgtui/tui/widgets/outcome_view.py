"""Shows how one invocation ended: the answer as received, its logs, its difference, and what else was noted.

While one is running it shows its logs as they come. It never asks the store or the invoker for anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive

from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.styles.inks import cut
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.log_lines import LogLines, log_colours
from fgtui.tui.widgets.place_text import PlaceText
from fgtui.tui.widgets.tab_strip import TabStrip
from fgtui.tui.widgets.text_view import NOTHING, Shown, cells_of, muted, shown
from fgtui.words import say, sentence

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.terminal.editor import Place
    from fgtui.tui.widgets.diff_view import Difference, DiffRows
    from fgtui.tui.widgets.line_input import LineInput

LIVE_LINES = 2000
"""Lines of a running handler's log that stay to be looked at; the whole log comes with the outcome."""
SHORTEST_HOW = 14
SHORTEST_COLD_HOW = 24
"""Cells of a message that a title shows at least: where there are fewer, figures make room, a cold start first."""
COLD = sentence("cold start")
"""How the headline begins to say that a new instance answered."""
COLD_BRIEFLY = sentence("cold")
FAILED = frozenset({"raised", "init_failed", "timed_out", "out_of_memory", "crashed"})
"""Outcomes whose log says last what matters first."""
AROUND_TITLE = 8
"""Cells of a pane's upper border that are not the title's: corners, lines, blanks and the sign of the focus."""


class Part(IntEnum):
    """What of an outcome is shown, in the order of the tabs."""

    RESULT = 0
    LOGS = 1
    DIFF = 2
    EXCHANGE = 3


class OutcomeLook(NamedTuple):
    """How outcomes are shown; names of parts in small letters."""

    part: str
    turned: tuple[str, ...]
    """Parts whose lines are cut where they would be wrapped, or the other way round."""
    is_side_by_side: bool
    """Whether a difference stands side by side, where there is room."""


TABS = (sentence("Result"), sentence("Logs"), sentence("Diff"), sentence("Exchange"))


NOTHING_IN = {
    Part.LOGS: "No log yet: nothing has been sent, and no recording is open.",
    Part.DIFF: "Nothing to compare yet: {key} sends what was sent or recorded again and compares.",
    Part.EXCHANGE: "No exchange yet: it comes with the outcome of a send, or with a recording that is opened.",
}
"""What stands in a part while there is nothing."""


class OutcomeText(PlaceText):
    """The text of the chosen part."""


class OutcomeView(Vertical):
    """One outcome, part by part."""

    DEFAULT_CSS = """
    OutcomeView { height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.OUTCOME)]

    part: reactive[Part] = reactive(Part.RESULT, init=False)
    """The part that is shown."""
    words: reactive[str] = reactive("", init=False, repaint=False)
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
    class PlacesAsked(Message):
        """A person wants a place in a file opened: the one of these that is nearest to where it happened."""

        places: Sequence[tuple[int, Place]]
        """Lines of what is shown, and the places they name; at least one."""
        exchange: Exchange | None
        """What names them; ``None`` while it is under way."""
        outcome_view: OutcomeView

        @property
        def control(self) -> OutcomeView:
            """The view it happened in."""
            return self.outcome_view

    @dataclass
    class LookChanged(Message):
        """A person has chosen another part, or another way in which it is laid out."""

        outcome_view: OutcomeView

        @property
        def control(self) -> OutcomeView:
            """The view it happened in."""
            return self.outcome_view

    has_places: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether what is shown names places in files, as far as that shows at its beginning and its end."""

    ink: str = "muted"
    """The ink of what is shown: ``good``, ``bad``, ``warn`` or ``muted``."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 Textual's name
        super().__init__(id=id, classes=classes)
        self.text = OutcomeText()
        """The text of the chosen part."""
        self.tabs = TabStrip([say(name) for name in TABS])
        """The names of the parts."""
        self.exchange: Exchange | None = None
        """The exchange that is shown, as it was handed over."""
        self._note = ""
        self._texts: dict[Part, Shown] = {}
        self._live: deque[str] | None = None
        self._log_lines = LogLines()
        self._left_out = 0
        self._waiting = ""
        self._parts: tuple[str, ...] = ()
        self._last_words: tuple[str, ...] = ()
        self._wanted = ""
        self._follows = False
        """Whether the log is to be shown from its end when the send has ended: a person was there."""
        self._difference: Difference | None = None
        self._is_side_by_side = False
        self._side_rows: DiffRows | None = None
        """The difference, where it is shown side by side."""
        self._turned: set[Part] = set()
        """The parts whose lines are cut where they would be wrapped, or the other way round."""

    def compose(self) -> ComposeResult:
        """Tabs above, text below."""
        yield self.tabs
        yield self.text

    # ── what is shown ───────────────────────────────────────────────────────────────────────────────────────────────
    def show_nothing(self, hint: str) -> None:
        """Show words instead of an outcome."""
        self.exchange = None
        self._difference = self._side_rows = None
        self._live = None
        self._texts = {Part.RESULT: shown(hint, muted, wraps=True)}
        self.ink = "muted"
        self._parts = ()
        self.words = ""
        self._draw()

    def show_running(self) -> None:
        """Show the logs of a send as they come; the part that was chosen comes back with the outcome."""
        self._follows = self.part is Part.LOGS and self.text.is_at_end
        self.exchange = None
        self._difference = self._side_rows = None
        self._live = deque(maxlen=LIVE_LINES)
        self._log_lines = LogLines()
        self._left_out = 0
        self._waiting = ""
        self._texts = {}
        self._parts = ()
        self.ink = "muted"
        self._draw()

    def add_logs(self, lines: Sequence[str]) -> None:
        """Show more of what a running handler has written."""
        if self._live is None or not lines:
            return
        self._left_out += max(0, len(self._live) + len(lines) - LIVE_LINES)
        self._live.extend(map(self._log_lines.short, lines))
        if self.part in {Part.RESULT, Part.LOGS}:
            self._draw(keep_place=True)

    def show_waiting(self, words: str) -> None:
        """Show words below the log of a running handler, until there are others or none."""
        if words != self._waiting and self._live is not None:
            self._waiting = words
            self._draw(keep_place=True)

    def show_exchange(
        self, exchange: Exchange, note: str = "", *, difference: Difference | None = None, profile: str = ""
    ) -> None:
        """Show an exchange; ``note`` says how it was recorded, ``profile`` through which one its function is called.

        A difference is shown first, if there is one.
        """
        from fgtui.invoke.outcome_words import headline_parts, kind_words
        from fgtui.tui.widgets.outcome_text import is_large, texts_of

        at_end, line = self._where_in_log(exchange.outcome.kind in FAILED)
        self.exchange = exchange
        self._difference, self._side_rows = difference, None
        self._note = note
        self._live = None
        self.ink = kind_words(exchange.outcome.kind, exchange.outcome.status_code).ink
        self._parts, self._last_words = headline_parts(exchange.outcome), ()
        self._say_how()
        if difference is not None:
            self.part = Part.DIFF
        elif self.part is Part.DIFF:
            self.part = Part.RESULT

        def show(texts: tuple[Shown | None, ...]) -> None:
            if self.exchange is exchange:
                self._texts = {part: text for part, text in zip(Part, texts, strict=True) if text is not None}
                self._draw(at_end=at_end, line=line)
                self._lay_out_difference()

        if is_large(exchange):
            self._texts = dict.fromkeys(Part, shown(say("laying it out…"), muted))
            self._draw()
            in_thread(self, lambda: texts_of(exchange, note, difference, profile), show, group="outcome")
        else:
            show(texts_of(exchange, note, difference, profile))

    def show_annotated(self, exchange: Exchange) -> None:
        """Show the exchange that is shown with its new note and tags."""
        from fgtui.tui.widgets.outcome_text import exchange_text

        self.exchange = exchange
        if Part.EXCHANGE in self._texts:
            self._texts[Part.EXCHANGE] = exchange_text(exchange, self._note)
            if self.part is Part.EXCHANGE:
                self._draw(keep_place=True)

    def _where_in_log(self, failed: bool) -> tuple[bool, int]:
        """Whether the log of what has ended is shown from its end, else its line at the top of the window."""
        if self._live is None or self.part is not Part.LOGS or not self.text.max_scroll_y:
            return failed or self._follows, 0
        if self.text.is_at_end:
            return True, 0
        return False, self.text.top_line + max(0, self._left_out - 1)

    def say_not_recorded(self) -> None:
        """Say beside how it ended that nothing was kept of it."""
        self._last_words = (say("not recorded"),)
        self._say_how()

    def _say_how(self) -> None:
        """Say how it ended in the parts that fit into the title: half a figure would be another figure."""
        from fgtui.invoke.outcome_words import BETWEEN

        room = self.outer_size.width - AROUND_TITLE
        how, *figures = self._parts
        figures += self._last_words
        for kept in _fewer(tuple(figures), len(self._last_words)):
            words = BETWEEN.join((how, *kept))
            left = room - cells_of(words) + cells_of(how)
            if room <= 0 or cells_of(how) <= left:
                break
            if left >= (SHORTEST_COLD_HOW if say(COLD_BRIEFLY) in kept else SHORTEST_HOW) and not _is_cold(kept):
                words = BETWEEN.join((cut(displayable_line(how), left).rstrip(), *kept))
                break
        self.words = words

    def retitle(self, title: Content) -> None:
        """Put ``title`` into the border and draw that line alone: Textual draws the whole pane for it."""
        self._border_title = title
        self.refresh(Region(0, 0, self.outer_size.width, 1).translate(-self.content_offset))

    def on_resize(self) -> None:
        """Say as much of how it ended as fits now."""
        if self._parts:
            self._say_how()
        if self._is_side_by_side:
            self.call_after_refresh(self._lay_out_difference)

    def text_of(self, part: Part) -> Shown:
        """What one part shows now."""
        if self._live is not None and part in {Part.RESULT, Part.LOGS}:
            lines: tuple[str, ...] = tuple(self._live)
            if self._left_out:
                lines = ("… " + say("{count} earlier lines, kept with the outcome", count=self._left_out), *lines)
            from fgtui.terminal.editor import find_places

            if self._waiting:
                lines = (*lines, *([""] if lines else []), *self._waiting.split("\n"))
            if not lines:
                return shown(say("no logs yet"), muted)
            return shown("\n".join(lines), log_colours, find_places, wraps=True)
        if part not in self._texts and part in NOTHING_IN:
            return shown(say(NOTHING_IN[part], keys_in(self.app, key="replay-shown")), muted, wraps=True)
        return self._texts.get(part, NOTHING)

    def action_copy_outcome(self) -> None:
        """Ask for some of the exchange on the clipboard."""
        if self.exchange is None:
            self.say_no_exchange()
        else:
            self.post_message(self.CopyAsked(self.exchange, self))

    def say_no_exchange(self) -> None:
        """Say why nothing can be done with what is shown."""
        if self._live is not None:
            self.notify(say("it has not ended yet; that can be done when it has"), markup=False)
        else:
            words = "no exchange is shown here to do that with; {key} sends the event"
            self.notify(say(words, keys_in(self.app, key="send")), markup=False)

    def action_wrap_lines(self) -> None:
        """Cut the lines of this part at the edge, or let them go on in the next row; so from now on."""
        self._turned ^= {self.part}
        self.post_message(self.LookChanged(self))
        self.text.turn(turned=self.part in self._turned)

    def action_switch_diff(self) -> None:
        """Lay the difference out the other way; so from now on, where both sides fit."""
        if self._difference is None:
            words = "there is no difference to show; {key} sends the event again and compares"
            self.notify(say(words, keys_in(self.app, key="replay-shown")), markup=False)
            return
        if self.part is Part.DIFF:
            self._is_side_by_side = not self._is_side_by_side
            self.post_message(self.LookChanged(self))
        self.part = Part.DIFF
        if self._is_side_by_side and not self._has_room:
            words = "side by side needs a wider pane; {key} gives it the whole screen"
            self.notify(say(words, keys_in(self.app, key="zoom-pane")), markup=False)
        self._lay_out_difference()

    @property
    def _has_room(self) -> bool:
        from fgtui.sessions.diff.layout import NARROWEST

        return self.text.content_region.width >= NARROWEST

    def _lay_out_difference(self) -> None:
        """Put the difference into the form that is wanted and has room, made off the screen's thread."""
        from fgtui.tui.widgets.diff_view import DiffRows

        difference, rows = self._difference, self._side_rows
        if difference is None or (rows is None and not self._is_side_by_side):
            return
        if rows is not None:
            self._show_laid_out(rows)
            return

        def made(rows: DiffRows) -> None:
            if self._difference is difference:
                self._side_rows = rows
                self._show_laid_out(rows)

        in_thread(self, lambda: DiffRows(difference), made, group="difference")

    def _show_laid_out(self, rows: DiffRows) -> None:
        is_side_by_side = self._is_side_by_side and self._has_room
        width = self.text.content_region.width - self.text.styles.scrollbar_size_vertical
        text = rows.side_by_side(width) if is_side_by_side else rows.unified()
        self._texts[Part.DIFF] = text.shown
        if self.part is Part.DIFF:
            self._draw(keep_place=True)

    def _draw(self, *, keep_place: bool = False, at_end: bool = False, line: int = 0) -> None:
        """Show the part. ``at_end`` and ``line`` say where in a log to begin."""
        if self.is_mounted:
            is_log = self.part is Part.LOGS
            self.text.show(
                self.text_of(self.part),
                keep_place=keep_place,
                at_end=at_end and is_log,
                line=line if is_log else 0,
                turned=self.part in self._turned,
            )
            self.has_places = (keep_place and self.has_places) or self.text.names_places()
            if self.text.chosen is None:
                self.border_subtitle = ""

    def on_mount(self) -> None:
        """Show what was set before there was a screen."""
        self._draw()

    @property
    def look(self) -> OutcomeLook:
        """What a person has chosen about it."""
        part = "result" if self.part is Part.DIFF and self._difference is None else self.part.name.lower()
        return OutcomeLook(part, tuple(sorted(each.name.lower() for each in self._turned)), self._is_side_by_side)

    def take(self, look: OutcomeLook) -> None:
        """Look so; names that mean nothing here are passed over. Before anything is shown."""
        parts = {part.name.lower(): part for part in Part}
        self._turned = {parts[name] for name in look.turned if name in parts}
        self._is_side_by_side = look.is_side_by_side
        self.set_reactive(OutcomeView.part, parts.get(look.part, Part.RESULT))
        self.tabs.chosen = self.part

    # ── parts ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def watch_part(self, part: Part) -> None:
        """Show another part."""
        self.tabs.chosen = part
        self.post_message(self.LookChanged(self))
        self._draw(at_end=self.exchange is not None and self.exchange.outcome.kind in FAILED)

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
    async def action_find_in_outcome(self) -> None:
        """Ask what to find in the part that is shown."""
        from fgtui.tui.widgets.line_input import LineInput

        if not self.query(LineInput):
            words = say("find; Enter goes there, {key} closes", keys_in(self.app, key="line-leave"))
            line = LineInput(self._wanted, placeholder=words)
            await self.mount(line)
            self.screen.set_focus(line)

    def look_for(self, wanted: str, part: Part) -> None:
        """Show a part of what is shown, where it holds ``wanted``; ``n`` goes on from there."""
        self._wanted = wanted
        self.part = part
        self.text.find(wanted)

    def action_find_next(self) -> None:
        """Go to the next place."""
        self._find(forward=True)

    def action_find_previous(self) -> None:
        """Go to the place before."""
        self._find(forward=False)

    def _find(self, *, forward: bool) -> None:
        if not self._wanted:
            return
        if not self.text.find(self._wanted, forward=forward):
            self.border_subtitle = ""
            self.notify(say("nothing here holds {wanted}", wanted=displayable_line(self._wanted)), markup=False)
        elif (found := self.text.ordinal_found(self._wanted)) is not None:
            self.border_subtitle = Content(say("found {number} of {count}", number=found[0], count=found[1]))

    # ── places in files ─────────────────────────────────────────────────────────────────────────────────────────────
    def action_next_place(self) -> None:
        """Choose the next place in a file that the text names."""
        self._step_place(forward=True)

    def action_previous_place(self) -> None:
        """Choose the place before."""
        self._step_place(forward=False)

    def _step_place(self, *, forward: bool) -> None:
        if not self.text.step(forward=forward):
            self._say_no_place()
            return
        place = self.text.ordinal()
        words = "" if place is None else say("place {number} of {count}", number=place[0], count=place[1])
        if self.text.went_round:
            words += " · " + (say("from the start again") if forward else say("from the end again"))
        self.border_subtitle = Content(words)

    def action_open_place(self) -> None:
        """Ask for the chosen place in the editor, or for the one where the stack in the window says it happened."""
        chosen = self.text.chosen
        places = self.text.stack() if chosen is None else [chosen]
        if places:
            self.post_message(self.PlacesAsked(places, self.exchange, self))
        else:
            self._say_no_place()

    @on(OutcomeText.Clicked)
    def _open_clicked(self, event: OutcomeText.Clicked) -> None:
        event.stop()
        self.post_message(self.PlacesAsked([(event.row, event.place)], self.exchange, self))

    def _say_no_place(self) -> None:
        self.notify(say("nothing here names a place in a file; logs and errors do"), markup=False)

    def on_line_input_done(self, event: LineInput.Done) -> None:
        """Find what was typed, if it was agreed to."""
        event.stop()
        event.line_input.remove()
        self.text.focus()
        if event.agreed and event.value:
            self._wanted = event.value
            self._find(forward=True)


def _is_cold(figures: tuple[str, ...]) -> bool:
    """Whether the figures tell of a cold start in more than a word."""
    return any(figure.startswith(say(COLD)) for figure in figures)


def _fewer(figures: tuple[str, ...], last: int) -> Iterator[tuple[str, ...]]:
    """Figures of a headline, from all in full to none but the ``last`` ones: how cold the start was goes first."""
    kept = figures[len(figures) - last :]
    figures = figures[: len(figures) - last]
    yield (*figures, *kept)
    if figures and figures[-1].startswith(say(COLD)):
        yield (*figures[:-1], say(COLD), *kept)
        yield (*figures[:-1], say(COLD_BRIEFLY), *kept)
        figures = figures[:-1]
        yield (*figures, *kept)
    while figures:
        figures = figures[:-1]
        yield (*figures, *kept)
