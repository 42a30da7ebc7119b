"""The session's exchanges, newest first, at any length: only pages that are looked at are asked for.

Exchanges are numbered without gaps, so a row's place gives its number and a page is a range of numbers. Pages arrive by
``add_page`` after ``PageWanted``; where one has not come yet, or holds no such exchange, the row stays empty.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.message import Message

from fgtui.tui.actions import Where, bindings
from fgtui.tui.styles.inks import Piece, fit
from fgtui.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from fgtui.sessions.model import ExchangeRow

PAGE = 200
"""Exchanges asked for at once."""
KEPT_PAGES = 64
"""Pages remembered; more are asked for again when they are looked at."""

WHEN_WIDTH = 14
TRIGGER_WIDTH = 8
OUTCOME_WIDTH = 18
DURATION_WIDTH = 8


class ExchangeTable(RowList):
    """Rows of a session, or of the matches of a filter."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.SESSION)]
    head_lines = 1

    @dataclass
    class PageWanted(Message):
        """Rows are looked at that are not here yet: up to ``limit`` exchanges numbered below ``before``."""

        before: int
        limit: int
        exchange_table: ExchangeTable

        @property
        def control(self) -> ExchangeTable:
            """The table it happened in."""
            return self.exchange_table

    @dataclass
    class Asked(Message):
        """A person wants something done with one exchange."""

        seq: int
        exchange_table: ExchangeTable

        @property
        def control(self) -> ExchangeTable:
            """The table it happened in."""
            return self.exchange_table

    class OpenAsked(Asked):
        """Show it."""

    class ReplayAsked(Asked):
        """Send its event again and compare."""

    class EditAsked(Asked):
        """Open its event in the editor."""

    class CopyAsked(Asked):
        """Put some of it on the clipboard."""

    @dataclass
    class FilterAsked(Message):
        """A person wants to filter the exchanges."""

        exchange_table: ExchangeTable

        @property
        def control(self) -> ExchangeTable:
            """The table it happened in."""
            return self.exchange_table

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's name for it
        super().__init__(id=id)
        self._newest = 0
        self._oldest = 1
        self._pages: OrderedDict[int, dict[int, ExchangeRow]] = OrderedDict()
        self._asked: set[int] = set()
        self._matches: array[int] | None = None
        self._hint = ""
        self.shown_seq = 0
        """The exchange that is open elsewhere; its row carries a sign."""

    # ── what it shows ───────────────────────────────────────────────────────────────────────────────────────────────
    def show_session(self, newest: int, oldest: int = 1, *, hint: str = "") -> None:
        """Show the exchanges from number ``oldest`` to ``newest``, unfiltered; ``hint`` stands where there are none."""
        self._newest, self._oldest = newest, oldest
        self._matches = None
        self._hint = hint
        self.forget_pages()
        self.rows_changed(cursor=0)
        self.scroll_to(y=0, animate=False)

    def forget_pages(self) -> None:
        """Ask for everything anew when it is looked at."""
        self._pages.clear()
        self._asked.clear()
        self.refresh()

    def add_page(self, before: int, rows: Iterable[ExchangeRow]) -> None:
        """Take the answer to ``PageWanted(before, …)``."""
        number = self._page_of(before - 1)
        self._asked.discard(number)
        self._pages[number] = {row.seq: row for row in rows if self._page_of(row.seq) == number}
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        self.refresh()

    def add_newest(self, row: ExchangeRow) -> None:
        """Show an exchange that has just been recorded. The cursor stays on its exchange, or on the newest."""
        if row.seq <= self._newest:
            return
        page = self._pages.get(self._page_of(row.seq))
        if page is None and self._page_of(row.seq) != self._page_of(self._newest):
            page = self._pages[self._page_of(row.seq)] = {}
        if page is not None:
            page[row.seq] = row
        grown = row.seq - self._newest if self._newest else row.seq - self._oldest + 1
        self._newest = row.seq
        if self._matches is None:
            follows = self.cursor == 0 or grown == self.row_count()
            self.rows_changed(cursor=0 if follows else self.cursor + grown)

    def show_matches(self, *, hint: str = "") -> None:
        """Show the matches of a filter instead, none yet."""
        self._matches = array("q")
        self._hint = hint
        self.rows_changed(cursor=0)
        self.scroll_to(y=0, animate=False)

    def add_matches(self, seqs: Iterable[int]) -> None:
        """Show more matches, newest first."""
        if self._matches is not None:
            self._matches.extend(seqs)
            self.rows_changed()

    def show_all(self) -> None:
        """Drop the filter; the cursor stays on its exchange."""
        seq = self.seq_at(self.cursor)
        self._matches = None
        self.rows_changed(cursor=0 if seq is None else self._newest - seq)

    def mark_shown(self, seq: int) -> None:
        """Put the sign before the exchange that is open elsewhere; 0 is none."""
        self.shown_seq = seq
        self.refresh()

    def set_hint(self, hint: str) -> None:
        """Say what stands where there are no rows."""
        self._hint = hint
        self.refresh()

    # ── rows and numbers ────────────────────────────────────────────────────────────────────────────────────────────
    def row_count(self) -> int:
        """How many exchanges are shown."""
        if self._matches is not None:
            return len(self._matches)
        return self.total

    @property
    def total(self) -> int:
        """How many exchanges the session has, whatever the filter."""
        return max(0, self._newest - self._oldest + 1)

    def seq_at(self, index: int) -> int | None:
        """The number of the exchange in a row."""
        if not 0 <= index < self.row_count():
            return None
        return self._newest - index if self._matches is None else self._matches[index]

    def row_for(self, seq: int) -> ExchangeRow | None:
        """The exchange of that number, if its page is here."""
        page = self._pages.get(self._page_of(seq))
        return None if page is None else page.get(seq)

    def go_to(self, seq: int) -> None:
        """Put the cursor on an exchange."""
        if self._matches is None:
            self.cursor = self._newest - seq
        elif seq in self._matches:
            self.cursor = self._matches.index(seq)

    @staticmethod
    def _page_of(seq: int) -> int:
        return (seq - 1) // PAGE

    def _want(self, seq: int) -> None:
        number = self._page_of(seq)
        if number in self._pages:
            self._pages.move_to_end(number)
        elif number not in self._asked:
            self._asked.add(number)
            self.post_message(self.PageWanted((number + 1) * PAGE + 1, PAGE, self))

    # ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def head(self, line: int, width: int) -> Sequence[Piece]:
        """The names of the columns."""
        number, target, note = self._widths(width)
        columns = [
            f"{'#':>{number}}",
            f"{'when':<{WHEN_WIDTH}}",
            fit("trigger", TRIGGER_WIDTH),
            *([fit("target", target)] if target else []),
            fit("outcome", OUTCOME_WIDTH),
            f"{'ms':>{DURATION_WIDTH}}",
            *([fit("note", note)] if note else []),
        ]
        return ((" " + "  ".join(columns), ""),)

    def row(self, index: int, width: int) -> Sequence[Piece]:
        """One exchange."""
        from fgtui.invoke.outcome_words import kind_words  # with a session, not with the first frame

        seq = self.seq_at(index)
        if seq is None:
            return ()
        self._want(seq)
        number, target, note = self._widths(width)
        sign = "▸" if seq == self.shown_seq else " "
        row = self.row_for(seq)
        if row is None:
            return ((sign, "accent"), (f"{seq:>{number}}", "muted"), ("  …", "faint"))
        kind = kind_words(row.outcome)
        duration = "" if row.duration_ms is None else f"{row.duration_ms:,.1f}"
        again = "↻ " if row.replay_of else ""
        pieces: list[Piece] = [
            (sign, "accent"),
            (f"{seq:>{number}}  ", "muted"),
            (f"{row.started_at.astimezone():%m-%d %H:%M:%S}  ", "muted"),
            (fit(row.trigger, TRIGGER_WIDTH) + "  ", ""),
        ]
        if target:
            pieces.append((fit(row.target, target) + "  ", "muted"))
        pieces.append((fit(f"{kind.sign} {kind.words}", OUTCOME_WIDTH) + "  ", kind.ink))
        pieces.append((f"{duration:>{DURATION_WIDTH}}", ""))
        if note:
            pieces.append(("  " + again + row.note, "muted"))
        return pieces

    def empty(self) -> Sequence[Sequence[Piece]]:
        """What stands there while there are no exchanges."""
        return ((), *(((f" {line}", "muted"),) for line in self._hint.split("\n")))

    def _widths(self, width: int) -> tuple[int, int, int]:
        """Cells for the number, the target and the note; 0: left out for want of room."""
        number = max(3, len(str(self._newest)))
        fixed = 1 + number + 2 + WHEN_WIDTH + 2 + TRIGGER_WIDTH + 2 + OUTCOME_WIDTH + 2 + DURATION_WIDTH
        left = width - fixed
        if left < 14:
            return number, 0, max(0, left - 2)
        target = min(40, left - 2) if left < 30 else min(40, left * 3 // 5)
        return number, target, max(0, left - target - 4)

    # ── what a person wants ─────────────────────────────────────────────────────────────────────────────────────────
    def row_chosen(self, index: int) -> None:
        """Ask for the exchange to be shown."""
        self._ask(self.OpenAsked)

    def action_open_exchange(self) -> None:
        """Ask for the exchange under the cursor to be shown."""
        self._ask(self.OpenAsked)

    def action_replay_exchange(self) -> None:
        """Ask for its event to be sent again."""
        self._ask(self.ReplayAsked)

    def action_edit_exchange_event(self) -> None:
        """Ask for its event in the editor."""
        self._ask(self.EditAsked)

    def action_copy_exchange(self) -> None:
        """Ask for some of it on the clipboard."""
        self._ask(self.CopyAsked)

    def action_filter_session(self) -> None:
        """Ask for a filter."""
        self.post_message(self.FilterAsked(self))

    def _ask(self, kind: type[Asked]) -> None:
        seq = self.seq_at(self.cursor)
        if seq is not None:
            self.post_message(kind(seq, self))
