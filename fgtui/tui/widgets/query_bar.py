"""Where a filter is typed: it says where what was typed is wrong, and offers what could come next.

It speaks of what compiles only: at once that something else does (``Changed``), and once no more is typed for a moment,
or on Enter, that it is to be applied. Imported when it first comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from fgtui.errors import QueryError
from fgtui.sessions.query.completing import Completions
from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.styles.inks import Piece, cut, fit
from fgtui.tui.widgets.offer_rows import OfferRows
from fgtui.tui.widgets.piece_line import PieceLine
from fgtui.tui.widgets.safe_input import SafeInput
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.sessions.query.expressions import Query

PAUSE_S = 0.15
"""With nothing typed for so long, what stands there is applied, or what is wrong with it said."""
ADVICE = "JMESPath · Enter: rows · {leave}: stop, close · {down} keys · {up} {earlier} earlier"
STILL = "rows as before"
LEAST_WORDS = 24
"""Cells beside the caret that words need to be worth reading."""


NOTHING = Completions(0, 0)


class QueryInput(SafeInput):
    """The line itself; where it ends, Right takes what is offered."""

    def action_cursor_right(self, select: bool = False) -> None:
        """Move the cursor, or take what is offered."""
        bar = self.query_ancestor(QueryBar)
        if select or not (self.cursor_at_end and bar.accept()):
            super().action_cursor_right(select)


class QueryBar(Vertical):
    """Where a filter is typed. Empty means no filter."""

    DEFAULT_CSS = """
    QueryBar { height: auto; background: $panel; }
    QueryBar Horizontal { height: 1; }
    QueryBar Static { width: 7; padding: 0 1 0 1; color: $foreground-muted; }
    QueryBar Input, QueryBar Input:focus {
        width: 1fr; height: 1; border: none; padding: 0; background: $surface;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.FILTER)]
    KEYS_OF = Where.FILTER
    """Whose keys work while the focus is here, as key bar and help say them."""

    @dataclass
    class Changed(Message):
        """What is typed compiles to something else: what ran for another text is no longer wanted."""

        query: Query
        query_bar: QueryBar

        @property
        def control(self) -> QueryBar:
            """The bar it was typed in."""
            return self.query_bar

    @dataclass
    class Applied(Message):
        """A filter is wanted."""

        query: Query
        agreed: bool
        """Whether a person pressed Enter, rather than typed no more."""
        query_bar: QueryBar

        @property
        def control(self) -> QueryBar:
            """The bar it was typed in."""
            return self.query_bar

    @dataclass
    class Cleared(Message):
        """No filter is wanted."""

        agreed: bool
        """Whether a person pressed Enter."""
        query_bar: QueryBar

        @property
        def control(self) -> QueryBar:
            """The bar it was cleared in."""
            return self.query_bar

    @dataclass
    class Closed(Message):
        """A person wants what runs stopped, or else the bar gone."""

        query_bar: QueryBar

        @property
        def control(self) -> QueryBar:
            """The bar it happened in."""
            return self.query_bar

    @dataclass
    class OfferWanted(Message):
        """The cursor stands at another place: ``offer`` wants to know what could stand there."""

        text: str
        cursor: int
        query_bar: QueryBar

        @property
        def control(self) -> QueryBar:
            """The bar it is typed in."""
            return self.query_bar

    def __init__(self, value: str = "", *, id: str | None = None) -> None:  # noqa: A002 Textual's name for it
        super().__init__(id=id)
        self.input = QueryInput(value, placeholder="outcome.kind != 'returned'", compact=True)
        """The line that is typed in."""
        self._verdict = PieceLine(id="verdict")
        self._offers = PieceLine(id="offers")
        self.rows = OfferRows()
        """What is offered, while a person looks through it."""
        self._text = value
        self._in_force = bool(value)
        self._is_typing = False
        self._error: QueryError | None = None
        self._then = ""
        self._note = ""
        self._offer = NOTHING
        self._offered_for: tuple[str, int] | None = None
        self._timer: Timer | None = None
        self._history: Sequence[str] = ()
        self._at = -1
        """The place in the history, -1 for what was typed."""
        self._typed = value

    def compose(self) -> ComposeResult:
        """The line, what is said about it, and what is offered."""
        with Horizontal():
            yield Static(say("where"), markup=False)
            yield self.input
        yield self._verdict
        yield self._offers
        yield self.rows

    def on_mount(self) -> None:
        """Follow the cursor."""
        self._verdict.show(self._verdict_pieces)
        self._offers.show(self._offer_pieces)
        self.watch(self.input, "selection", self._cursor_moved)
        self.watch(self.input, "scroll_x", self._scrolled, init=False)

    def _scrolled(self) -> None:
        self._verdict.refresh()

    @property
    def value(self) -> str:
        """What is typed."""
        return self.input.value

    @property
    def text_applied(self) -> str:
        """What is typed, once it is applied; empty while more may be typed."""
        return "" if self._is_typing else self._text

    # ── typing ──────────────────────────────────────────────────────────────────────────────────────────────────────
    @on(Input.Changed)
    def _typed_in(self, event: Input.Changed) -> None:
        event.stop()
        if event.value == self._text:
            return
        self._text = event.value
        if not (self._at >= 0 and event.value == self._history[self._at]):
            self._at, self._typed = -1, event.value
        self._say(None, "")
        query = self._compiled(event.value)
        if query is not None:
            self.post_message(self.Changed(query, self))
        self._stop_timer()
        self._is_typing = True
        self._timer = self.set_timer(PAUSE_S, self._paused)

    def _paused(self) -> None:
        self._is_typing = False
        if not self._text.strip():
            self._clear(agreed=False)
            return
        query = self._compiled(self._text, say_why=True)
        if query is not None:
            self._apply(query, agreed=False)

    @on(Input.Submitted)
    def _agree(self, event: Input.Submitted) -> None:
        event.stop()
        if self.rows.display:
            self.accept(self.rows.cursor)
            return
        self._stop_timer()
        if not event.value.strip():
            self._clear(agreed=True)
            return
        query = self._compiled(event.value, say_why=True)
        if query is not None:
            self._apply(query, agreed=True)
        elif self._error is not None and self._error.column is not None:
            self.input.cursor_position = min(max(0, self._error.column - 1), len(self.value))

    def _apply(self, query: Query, *, agreed: bool) -> None:
        self._in_force = True
        self.post_message(self.Applied(query, agreed, self))

    def _clear(self, *, agreed: bool) -> None:
        self._in_force = False
        self.post_message(self.Cleared(agreed, self))

    def _compiled(self, text: str, *, say_why: bool = False) -> Query | None:
        """``text`` as a query; where it is none, the reason is said if that is wanted."""
        from fgtui.sessions.query.expressions import Query

        if not text.strip():
            return None
        try:
            return Query.compile(text)
        except QueryError as error:
            if say_why:
                self.show_error(error, f" · {say(STILL)}" if self._in_force else "")
            return None

    def _stop_timer(self) -> None:
        self._is_typing = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def show_text(self, text: str) -> None:
        """Put another text there, as if it had been typed."""
        self.input.value = text
        self.input.cursor_position = len(self.value)

    # ── what is said about it ───────────────────────────────────────────────────────────────────────────────────────
    def show_error(self, error: QueryError, then: str = "") -> None:
        """Say what is wrong and ``then`` what follows, below the column where it is wrong."""
        self._say(error, "", then)

    def show_note(self, words: str) -> None:
        """Say something about the filter that is no error; raw text."""
        self._say(None, words)

    def _say(self, error: QueryError | None, note: str, then: str = "") -> None:
        self._error, self._note, self._then = error, note, then
        self.set_class(error is not None, "-failed")
        self._verdict.refresh()

    def _verdict_pieces(self, width: int) -> Sequence[Piece]:
        error = self._error
        if error is None:
            return ((" " * self._left(), ""), (self._note, "muted"))
        words = displayable_line(say(error.message, error.values))
        if error.column is None:
            return ((f" ✗ {words}{self._then}", "bad"),)
        cell = self._cell_of(error.column)
        reason = displayable_line(say("{reason}", reason=error.values.get("reason", words)))
        kept = (*(self._in_column(error.column, each) for each in (words + self._then, words, reason)), reason)
        room = max(width - cell - 2, cell - 1)
        return caret_line(next((each for each in kept if cell_len(each) <= room), kept[-1]), cell, width)

    @staticmethod
    def _in_column(column: int, words: str) -> str:
        return displayable_line(say("column {column}: {words}", column=column, words=words))

    def _left(self) -> int:
        """The cells left of the line that is typed in."""
        return max(1, self.input.content_region.x - self.content_region.x)

    def _cell_of(self, column: int) -> int:
        """The cell below which a column, from 1, is drawn; what is scrolled away is at the edge."""
        cells = cell_len(self.value[: column - 1]) - self.input.scroll_offset.x
        return self._left() + min(max(0, cells), max(0, self.input.content_region.width - 1))

    # ── what is offered ─────────────────────────────────────────────────────────────────────────────────────────────
    def _cursor_moved(self) -> None:
        wanted = (self.value, self.input.cursor_position)
        if wanted != self._offered_for:
            self._offered_for = wanted
            self._show_offer(NOTHING)
            self.post_message(self.OfferWanted(*wanted, self))

    def offer(self, text: str, cursor: int, offer: Completions) -> None:
        """Offer what could stand at the cursor, if it is still there."""
        if (text, cursor) == (self.value, self.input.cursor_position):
            self._show_offer(offer)

    def _show_offer(self, offer: Completions) -> None:
        if offer.candidates == (self.value[offer.start : offer.end],):
            offer = NOTHING  # it stands there already
        self._offer = offer
        self.rows.names = offer.candidates
        self.rows.rows_changed(cursor=0)
        if not offer.candidates:
            self.rows.display = False
        elif self.rows.display:
            self.rows.refresh(layout=True)
        self._offers.refresh()

    def _offer_pieces(self, width: int) -> Sequence[Piece]:
        names = self._offer.candidates
        if not names or not (self.rows.display or self.value.strip()):
            return ((" " * self._left(), ""), (say(ADVICE, self._keys()), "muted"))
        if self.rows.display:
            return ((" " * self._left(), ""), (say("Enter takes it · {leave} closes the list", self._keys()), "muted"))
        keys, left = self._keys(), self._left()
        pieces: list[Piece] = [(fit(" " + keys["accept"], left), "accent"), (names[0], "")]
        if len(names) > 1:
            more = displayable_line("  ".join(names[1:8]))
            end = "  " + say("{down} lists {count}", keys, count=len(names))
            room = width - left - cell_len(displayable_line(names[0])) - cell_len(end) - 2
            if room > 0:
                pieces.append(("  " + cut(more, min(room, cell_len(more))), "muted"))
            pieces.append((end, "accent"))
        return pieces

    def _keys(self) -> dict[str, str]:
        return keys_in(
            self.app,
            leave="filter-leave",
            down="filter-down",
            up="filter-up",
            accept="filter-accept",
            earlier="filter-history",
        )

    def accept(self, index: int = 0) -> bool:
        """Put what is offered in its place; whether anything is."""
        offer, value = self._offer, self.value
        if index >= len(offer.candidates):
            return False
        taken = offer.candidates[index]
        self._show_offer(NOTHING)
        self.input.value = value[: offer.start] + taken + value[offer.end :]
        self.input.cursor_position = offer.start + len(displayable_line(taken))
        return True

    @on(OfferRows.Chosen)
    def _accept_clicked(self, event: OfferRows.Chosen) -> None:
        event.stop()
        self.accept(event.index)

    @on(PieceLine.Clicked)
    def _open_clicked(self, event: PieceLine.Clicked) -> None:
        event.stop()
        if event.control is self._offers and self._offer.candidates:
            self._open_rows()

    def _open_rows(self) -> None:
        self.rows.display = True
        self.rows.rows_changed(cursor=0)
        self._offers.refresh()

    def _close_rows(self) -> None:
        self.rows.display = False
        self._offers.refresh()

    def action_accept(self) -> None:
        """Take what is offered; with nothing typed or offered, Tab does what it does elsewhere."""
        if not (self.rows.display or self.value.strip()) or not self.accept(
            self.rows.cursor if self.rows.display else 0
        ):
            raise SkipAction

    # ── moving ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def remember(self, history: Sequence[str]) -> None:
        """Know the earlier filters, newest first: what Up brings back."""
        self._history = history
        self._at = -1

    def action_up(self) -> None:
        """Move up in the list, or bring back an earlier filter."""
        if not self.rows.display:
            self._step(1)
        elif self.rows.cursor:
            self.rows.action_cursor_by(-1)
        else:
            self._close_rows()

    def action_down(self) -> None:
        """Move down in the list, bring back a later filter, or open the list."""
        if self.rows.display:
            self.rows.action_cursor_by(1)
        elif self._at >= 0:
            self._step(-1)
        elif self._offer.candidates:
            self._open_rows()

    def _step(self, by: int) -> None:
        """Go through the earlier filters; what was typed comes first."""
        at = self._at + by
        while 0 <= at < len(self._history) and self._history[at] == self.value:
            at += by
        if -1 <= at < len(self._history):
            self._at = at
            self.show_text(self._typed if at < 0 else self._history[at])

    def action_close(self) -> None:
        """Close the list, or ask for what runs to be stopped or for the bar to be closed."""
        if self.rows.display:
            self._close_rows()
        else:
            self.post_message(self.Closed(self))


def caret_line(words: str, cell: int, width: int) -> Sequence[Piece]:
    """A line with a caret below a cell and displayable ``words`` on the side of it where they fit best."""
    right, left = width - cell - 2, cell - 1
    if cell_len(words) <= right or right >= max(left, LEAST_WORDS) or left < LEAST_WORDS:
        return ((" " * cell + "^ ", "bad"), (words, "bad"))
    shown = cut(words, min(left, cell_len(words)))
    return ((" " * max(0, cell - cell_len(shown) - 1) + shown, "bad"), (" ^", "bad"))
