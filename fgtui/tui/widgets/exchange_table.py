"""The session's exchanges, newest first, at any length: only rows that are looked at are asked for.

A row's place gives its number, and a page is a range of numbers; where some in between were deleted, their rows say so.
Pages arrive by ``add_page`` after ``PageWanted``. The matches of a filter lie anywhere: their rows arrive by
``add_rows`` after ``RowsWanted``. What has not come yet shows its number alone.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import BindingType
from textual.message import Message

from fgtui.records import replace
from fgtui.sessions.model import MARK
from fgtui.tui.actions import Where, bindings
from fgtui.tui.selection import Shown
from fgtui.tui.styles.inks import Piece, fit, fit_end
from fgtui.tui.widgets.row_list import RowList, hint_lines
from fgtui.words import say, sentence

if TYPE_CHECKING:
    from fgtui.sessions.model import ExchangeRow

PAGE = 200
"""Exchanges asked for at once."""
KEPT_PAGES = 64
"""Pages remembered; more are asked for again when they are looked at."""
AROUND = 64
"""Matches of a filter asked for on each side of one that is looked at."""
KEPT_ROWS = 4096
"""Rows of matches remembered."""

GONE = sentence("not here: deleted, or it cannot be read")

GAP = "  "
USUAL_TARGET = 14
"""Cells of a target before notes get more."""
WITH_STATUS = {"returned", "rejected"}
"""Outcomes that an HTTP status tells apart."""


class Column(NamedTuple):
    """One column: its name, the cells it needs, when it goes for want of room, and what it says about an exchange."""

    name: str
    cells: int
    rank: int
    show: Callable[[ExchangeRow], Piece]
    is_number: bool = False


def _outcome(row: ExchangeRow) -> Piece:
    from fgtui.invoke.outcome_words import kind_words  # with a session, not with the first frame

    kind = kind_words(row.outcome, row.status_code)
    status = "" if row.status_code is None or row.outcome not in WITH_STATUS else f" {row.status_code}"
    return f"{kind.sign} {kind.words}{status}", kind.ink


def _target(row: ExchangeRow) -> Piece:
    from fgtui.tui.target_words import spec_words

    return spec_words(row.target), "muted"


def _note(row: ExchangeRow) -> Piece:
    parts = ["↻"] if row.replay_of else []
    parts += [row.note] if row.note else []
    parts += [f"#{tag}" for tag in row.tags if tag != MARK]
    return " ".join(parts), "muted"


COLUMNS = (
    Column("#", 3, 0, lambda row: (str(row.seq), "muted"), is_number=True),
    Column("when", 14, 3, lambda row: (f"{row.started_at.astimezone():%m-%d %H:%M:%S}", "muted")),
    Column("trigger", 8, 4, lambda row: (row.trigger, "")),
    Column("target", 12, 5, _target),
    Column("outcome", 18, 1, _outcome),
    Column("ms", 8, 2, lambda row: ("" if row.duration_ms is None else f"{row.duration_ms:,.1f}", ""), is_number=True),
    Column("note", 6, 6, _note),
)


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
    class RowsWanted(Message):
        """Rows of matches are looked at that are not here yet."""

        seqs: tuple[int, ...]
        exchange_table: ExchangeTable

        @property
        def control(self) -> ExchangeTable:
            """The table it happened in."""
            return self.exchange_table

    @dataclass
    class Marked(Message):
        """A person has marked an exchange, or unmarked it; the row shows it already."""

        seq: int
        is_marked: bool
        exchange_table: ExchangeTable

        @property
        def control(self) -> ExchangeTable:
            """The table it happened in."""
            return self.exchange_table

    @dataclass
    class MarksChanged(Message):
        """Others are marked than before."""

        exchange_table: ExchangeTable

        @property
        def control(self) -> ExchangeTable:
            """The table it happened in."""
            return self.exchange_table

    @dataclass
    class NothingHere(Message):
        """A person wants something done with an exchange where there is none."""

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

    class NoteAsked(Asked):
        """Write a note about it."""

    class TagsAsked(Asked):
        """Change its tags."""

    class ReportAsked(Asked):
        """Make a bug report of it."""

    class CompareAsked(Asked):
        """Show how it differs from the one it replays, else from the marked one."""

    class NoiseAsked(Asked):
        """Send its event twice and find what differs by itself."""

    @dataclass
    class SelectionAsked(Message):
        """A person wants something done with what is marked, else with all that is shown."""

        shown: Shown | None
        """The filter's matches so far; ``None`` where no filter leaves any out."""
        exchange_table: ExchangeTable

        @property
        def control(self) -> ExchangeTable:
            """The table it happened in."""
            return self.exchange_table

    class ReplaySelectionAsked(SelectionAsked):
        """Send the events again and compare."""

    class StatisticsAsked(SelectionAsked):
        """Show their statistics."""

    class ExportAsked(SelectionAsked):
        """Write them to a file."""

    @dataclass
    class ImportAsked(Message):
        """A person wants recordings or events read from a file."""

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
        self._match_rows: OrderedDict[int, ExchangeRow | None] = OrderedDict()
        """Of matches, where no page holds them; ``None`` where there is no such exchange any more."""
        self._rows_asked: set[int] = set()
        self._missing = 0
        self._hint = ""
        self.session = ""
        """The session whose rows these are."""
        self.how_far = ""
        """How far the filter has looked, in words, where it has not looked at everything."""
        self.marked: frozenset[int] = frozenset()
        """The numbers of the exchanges that are marked, as far as is known."""
        self._shown = ("", 0)

    # ── what it shows ───────────────────────────────────────────────────────────────────────────────────────────────
    def show_session(self, newest: int, oldest: int = 1, *, missing: int = 0, hint: str = "") -> None:
        """Show the exchanges from number ``oldest`` to ``newest``, unfiltered; ``hint`` stands where there are none.

        ``missing`` is how many of the numbers between have no exchange.
        """
        self._newest, self._oldest, self._missing = newest, oldest, missing
        self._matches = None
        self._hint = hint
        self.forget_pages()
        self.rows_changed(cursor=0)
        self.scroll_to(y=0, animate=False, force=True)

    def resize(self, newest: int, oldest: int, *, missing: int) -> None:
        """Show what is left, as ``show_session`` says it, with the cursor where it was."""
        seq = self.seq_at(self.cursor)
        self._newest, self._oldest, self._missing = newest, oldest, missing
        self.forget_pages()
        if self._matches is None:
            self.rows_changed(cursor=0 if seq is None or not self.cursor else newest - seq)

    def forget_pages(self) -> None:
        """Ask for everything anew when it is looked at."""
        self._pages.clear()
        self._asked.clear()
        self._match_rows.clear()
        self._rows_asked.clear()
        self.refresh()

    def add_page(self, before: int, rows: Iterable[ExchangeRow]) -> None:
        """Take the answer to ``PageWanted(before, …)``."""
        number = self._page_of(before - 1)
        self._asked.discard(number)
        self._pages[number] = {row.seq: row for row in rows if self._page_of(row.seq) == number}
        self._keep_pages()
        self.refresh()

    def _keep_pages(self) -> None:
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)

    def add_rows(self, seqs: Iterable[int], rows: Iterable[ExchangeRow]) -> None:
        """Take the answer to ``RowsWanted(seqs)``, or the rows that came with matches."""
        found = {row.seq: row for row in rows}
        for seq in seqs:
            self._rows_asked.discard(seq)
            self._match_rows[seq] = found.get(seq)
        while len(self._match_rows) > KEPT_ROWS:
            self._match_rows.popitem(last=False)
        self.refresh()

    def update_rows(self, rows: Iterable[ExchangeRow]) -> None:
        """Show notes and tags that have changed, of those rows that are here."""
        marked = set(self.marked)
        for row in rows:
            if row.session != self.session:
                continue
            page = self._pages.get(self._page_of(row.seq))
            if page is not None:
                page[row.seq] = row
            if row.seq in self._match_rows:
                self._match_rows[row.seq] = row
            (marked.add if MARK in row.tags else marked.discard)(row.seq)
        self.set_marked(frozenset(marked))
        self.refresh()

    def set_marked(self, marked: frozenset[int]) -> None:
        """Know which exchanges are marked, whether they are on the screen or not."""
        if marked != self.marked:
            self.marked = marked
            self.post_message(self.MarksChanged(self))

    def add_newest(self, *rows: ExchangeRow) -> None:
        """Show what has just been recorded, oldest first. The cursor stays on its exchange, or on the newest."""
        grown = sum(map(self._grow, rows))
        if self._matches is not None:
            self.refresh()  # a match may have been waiting for its row
        elif grown:
            follows = self.cursor == 0 or grown == self.row_count()
            self.rows_changed(cursor=0 if follows else self.cursor + grown)

    def _grow(self, row: ExchangeRow) -> int:
        """Take a row at the end; how many rows there are more."""
        if row.seq <= self._newest:
            return 0
        if row.seq > self._newest + 1:  # somebody else has recorded in between
            for number in range(self._page_of(self._newest + 1), self._page_of(row.seq) + 1):
                self._pages.pop(number, None)
                self._asked.discard(number)
        page = self._pages.get(self._page_of(row.seq))
        if page is None and row.seq == self._page_of(row.seq) * PAGE + 1:
            page = self._pages[self._page_of(row.seq)] = {}
            self._keep_pages()
        if page is not None:
            page[row.seq] = row
        grown = row.seq - self._newest if self._newest else row.seq - self._oldest + 1
        self._newest = row.seq
        return grown

    def show_matches(self, *, hint: str = "") -> None:
        """Show the matches of a filter instead, none yet."""
        self._matches = array("q")
        self._hint = hint
        self.rows_changed(cursor=0)
        self.scroll_to(y=0, animate=False, force=True)

    def add_matches(self, seqs: Iterable[int]) -> None:
        """Show more matches, newest first."""
        if self._matches is not None:
            self._matches.extend(seqs)
            self.rows_changed()

    def add_newest_matches(self, seqs: Sequence[int]) -> None:
        """Show matches among what has just been recorded, newest first; the cursor stays as with ``add_newest``."""
        if self._matches is None:
            return
        newest = self._matches[0] if self._matches else 0
        new = array("q", (seq for seq in seqs if seq > newest))
        if new:
            follows = self.cursor == 0
            self._matches = new + self._matches
            self.rows_changed(cursor=0 if follows else self.cursor + len(new))

    def show_all(self) -> None:
        """Drop the filter; the cursor stays on its exchange."""
        seq = self.seq_at(self.cursor)
        self._matches = None
        self._match_rows.clear()
        self._rows_asked.clear()
        self.rows_changed(cursor=0 if seq is None else self._newest - seq)

    def mark_shown(self, session: str, seq: int) -> None:
        """Put the sign before the exchange that is open elsewhere, in whichever session it is; 0 is none."""
        self._shown = (session, seq)
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
        return max(0, self._newest - self._oldest + 1)

    @property
    def total(self) -> int:
        """How many exchanges the session has, whatever the filter."""
        return max(0, self._newest - self._oldest + 1 - self._missing)

    @property
    def oldest(self) -> int:
        """The number of the first exchange that is left."""
        return self._oldest

    @property
    def newest(self) -> int:
        """The number of the newest exchange; 0 where there is none."""
        return self._newest

    def seq_at(self, index: int) -> int | None:
        """The number of the exchange in a row."""
        if not 0 <= index < self.row_count():
            return None
        return self._newest - index if self._matches is None else self._matches[index]

    def row_for(self, seq: int) -> ExchangeRow | None:
        """The exchange of that number, if its row is here."""
        row = self._pages.get(self._page_of(seq), {}).get(seq)
        return self._match_rows.get(seq) if row is None else row

    def go_to(self, seq: int) -> bool:
        """Put the cursor on an exchange; whether it is among those that are shown."""
        index = (
            self._newest - seq if self._matches is None else bisect_left(self._matches, -seq, key=lambda each: -each)
        )
        if self.seq_at(index) != seq:
            return False
        self.cursor = index
        return True

    @staticmethod
    def _page_of(seq: int) -> int:
        return (seq - 1) // PAGE

    def _want(self, index: int, seq: int) -> None:
        number = self._page_of(seq)
        if self._matches is not None and number not in self._pages:
            self._want_match(index, seq)
            return
        if number in self._pages:
            self._pages.move_to_end(number)
        elif number not in self._asked:
            self._asked.add(number)
            self.post_message(self.PageWanted((number + 1) * PAGE + 1, PAGE, self))

    def _want_match(self, index: int, seq: int) -> None:
        if seq in self._match_rows:
            self._match_rows.move_to_end(seq)
        elif seq not in self._rows_asked:
            assert self._matches is not None
            around = self._matches[max(0, index - AROUND) : index + AROUND]
            wanted = tuple(each for each in around if not (each in self._match_rows or each in self._rows_asked))
            self._rows_asked.update(wanted)
            self.post_message(self.RowsWanted(wanted, self))

    def _is_gone(self, seq: int) -> bool:
        """Whether the answer has come that there is no such exchange."""
        return seq in self._match_rows or (self._page_of(seq) in self._pages and seq <= self._newest)

    # ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def head(self, line: int, width: int) -> Sequence[Piece]:
        """The names of the columns."""
        names = [
            fit_end(say(column.name), cells) if column.is_number else fit(say(column.name), cells)
            for column, cells in self._columns(width)
        ]
        return (("  " + GAP.join(names), ""),)

    def row(self, index: int, width: int) -> Sequence[Piece]:
        """One exchange."""
        seq = self.seq_at(index)
        if seq is None:
            return ()
        self._want(index, seq)
        row = self.row_for(seq)
        signs = "●" if row is not None and MARK in row.tags else " "
        signs += "▸" if (self.session, seq) == self._shown else " "
        pieces: list[Piece] = [(signs, "accent")]
        for column, cells in self._columns(width):
            if row is None and column is not COLUMNS[0]:
                return [*pieces, (say(GONE) if self._is_gone(seq) else "…", "faint")]
            text, ink = (str(seq), "muted") if row is None else column.show(row)
            pieces += [(f"{text:>{cells}}" if column.is_number else fit(text, cells), ink), (GAP, "")]
        return pieces

    def _columns(self, width: int) -> Sequence[tuple[Column, int]]:
        """The columns there is room for and their cells; target and note share what is left."""
        number = max(COLUMNS[0].cells, len(str(self._newest)))
        left = width - 2 - number
        kept = {COLUMNS[0].name: number}
        for column in sorted(COLUMNS[1:], key=lambda column: column.rank):
            if left < len(GAP) + column.cells:
                break
            kept[column.name] = column.cells
            left -= len(GAP) + column.cells
        if "note" in kept:
            spare = min(left, USUAL_TARGET - kept["target"])
            kept["target"] += spare
            left -= spare
            grown = min(left * 3 // 5, 30)
            kept["target"] += grown
            kept["note"] += left - grown
        elif "target" in kept:
            kept["target"] += left
        return [(column, kept[column.name]) for column in COLUMNS if column.name in kept]

    def empty(self) -> Sequence[Sequence[Piece]]:
        """What stands there while there are no exchanges."""
        return hint_lines(self._hint, self.size.width)

    # ── what a person wants ─────────────────────────────────────────────────────────────────────────────────────────
    def action_choose(self) -> None:
        """Ask for the exchange under the cursor to be shown."""
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

    def action_mark_exchange(self) -> None:
        """Mark the exchange under the cursor or unmark it, and go on to the next."""
        seq = self.seq_at(self.cursor)
        row = None if seq is None else self.row_for(seq)
        if row is None:
            if seq is None:
                self.post_message(self.NothingHere(self))
            return
        is_marked = MARK not in row.tags
        others = tuple(tag for tag in row.tags if tag != MARK)
        self.update_rows([replace(row, tags=(*others, MARK) if is_marked else others)])
        self.cursor += 1
        self.post_message(self.Marked(row.seq, is_marked, self))

    def action_note_exchange(self) -> None:
        """Ask for a note to be written about it."""
        self._ask(self.NoteAsked)

    def action_tag_exchange(self) -> None:
        """Ask for its tags to be changed."""
        self._ask(self.TagsAsked)

    def action_report_exchange(self) -> None:
        """Ask for a bug report of it."""
        self._ask(self.ReportAsked)

    def action_compare_exchange(self) -> None:
        """Ask how it differs from another."""
        self._ask(self.CompareAsked)

    def action_find_noise(self) -> None:
        """Ask what differs by itself between two answers to its event."""
        self._ask(self.NoiseAsked)

    def action_replay_selection(self) -> None:
        """Ask for what is marked, or all that is shown, to be replayed."""
        self._ask_selection(self.ReplaySelectionAsked)

    def action_show_statistics(self) -> None:
        """Ask for the statistics of what is marked, or of all that is shown."""
        self._ask_selection(self.StatisticsAsked)

    def action_export_selection(self) -> None:
        """Ask for what is marked, or all that is shown, in a file."""
        self._ask_selection(self.ExportAsked)

    def action_import_recordings(self) -> None:
        """Ask for recordings to be read from a file."""
        self.post_message(self.ImportAsked(self))

    def _ask_selection(self, kind: type[SelectionAsked]) -> None:
        if self.row_count():
            shown = None if self._matches is None else Shown(tuple(self._matches), self.how_far)
            self.post_message(kind(shown, self))
        else:
            self.post_message(self.NothingHere(self))

    def _ask(self, kind: type[Asked]) -> None:
        seq = self.seq_at(self.cursor)
        self.post_message(self.NothingHere(self) if seq is None else kind(seq, self))
