"""The session's table with its filter: asks the store in threads, and hands on what a person wants done."""

from __future__ import annotations

import os
from dataclasses import dataclass
from time import time_ns
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer

from fgtui.errors import FgtuiError, UsageError
from fgtui.sessions.model import MARK, MARKED
from fgtui.terminal.display import displayable
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.screens.session.live_filter import LiveFilter
from fgtui.tui.screens.session.marking import Marking
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.exchange_table import PAGE, ExchangeTable
from fgtui.words import say, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fgtui.invoke.model import Exchange
    from fgtui.sessions.model import ExchangeRow
    from fgtui.sessions.storage.statements import Place
    from fgtui.tui.widgets.query_bar import QueryBar
    from fgtui.workspace import Workspace

EMPTY = sentence("Nothing recorded yet. What is sent is kept here, redacted.")
GONE = sentence("Nothing is left of it here. What is sent begins it anew.")
EMPTIED = sentence("What was recorded here was deleted. What is sent is kept, redacted.")
LOOK_S = 2.0
"""How often the file is asked whether anybody has written to it."""
FRESH_NS = 20_000_000
"""A file that was written to so shortly before may be written to again without a change of its times."""
GRACE_S = 0.3
"""How long whoever took a session away has time to open another one before it is said that it is gone."""


class Newest(NamedTuple):
    """What a session is opened with."""

    place: Place | None
    """Which session it is, and how long; ``None`` where there is none of that name."""
    rows: tuple[ExchangeRow, ...]
    oldest: int
    """The number of the first exchange that is left."""


class Stamp(NamedTuple):
    """When the store was written to, as its files say without being opened."""

    file: tuple[int, int]
    """Which one it is; zeros where there is none."""
    changes: tuple[int, ...] = ()


class SessionPane(Vertical):
    """One session: rows, filter, and how many match."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.SESSION, around_list=True)]

    @dataclass
    class SearchAsked(Message):
        """A person wants to search the recordings."""

    title: reactive[str] = reactive("", init=False)
    """The session, the filter and the tally, as raw text for the pane's border."""
    is_empty: reactive[bool] = reactive(True, repaint=False)
    """Whether no exchange is listed."""

    def __init__(self, workspace: Workspace, session: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.table = ExchangeTable()
        """The rows."""
        self._workspace = workspace
        self.session = session
        """The session that is shown and recorded into."""
        self.filter = LiveFilter(self, workspace)
        """What is looked for in it."""
        self._marking = Marking(self, workspace)
        self._place: Place | None = None
        """The session as it was when it was last looked at."""
        self._seen = Stamp((0, 0))
        """The store's files then."""
        self._is_open = False
        """Whether what is shown is that session, rather than one that is still being opened."""
        self._is_looking = False
        self._farewell: Timer | None = None

    def compose(self) -> ComposeResult:
        """The rows; the filter's line comes when it is wanted."""
        yield self.table

    def on_mount(self) -> None:
        """See from now on what others record."""
        self.set_interval(LOOK_S, self._watch)

    # ── the session ─────────────────────────────────────────────────────────────────────────────────────────────────
    def open(self, session: str, *, where: str = "", seq: int | None = None, hint: str = EMPTY) -> None:
        """Show a session from its newest exchange, unfiltered, or what an expression is true for.

        The cursor is on the first row, or on the exchange ``seq``; ``hint`` stands where there is none.
        """
        if self._farewell is not None:
            self._farewell.stop()
        self.filter.close_bar()
        self.filter.drop()
        self.session = self.table.session = session
        self._is_open = False
        self.table.show_session(0, hint="…")
        self.table.set_marked(frozenset())
        self.tell()
        seen = self._stamp()

        def show(newest: Newest) -> None:
            if session == self.session:
                self._is_open, self._place, self._seen = True, newest.place, seen
                self._show(newest, say(hint))
                if where:
                    self._show_where(where)
                elif seq is not None:
                    self.table.go_to(seq)

        in_thread(
            self, lambda: self._load(session), show, lambda error: self._unreadable(session, error), group="session"
        )
        self.read_marks()

    def _load(self, session: str) -> Newest:
        """The newest two pages, which hold the whole of what is seen first. For a thread."""
        store = self._workspace.store
        place = store.place(session)
        if place is None:
            return Newest(None, (), 1)
        rows = store.page(session, before=place.next_seq, limit=2 * PAGE)
        oldest = store.page(session, after=0, limit=1)
        return Newest(place, rows, oldest[0].seq if oldest else 1)

    def _show(self, newest: Newest, hint: str) -> None:
        last, oldest, missing = _extent(newest)
        self.table.show_session(last, oldest, missing=missing, hint=hint)
        page = (last - 1) // PAGE if last else 0
        for number in range(max(0, page - 1), page + 1):
            self.table.add_page((number + 1) * PAGE + 1, newest.rows)
        self.tell()

    def read_marks(self) -> None:
        """See which exchanges are marked."""
        session, store = self.session, self._workspace.store

        def read() -> frozenset[int]:
            return frozenset(seq for seq, tags in store.tags(session).items() if MARK in tags)

        def show(marked: frozenset[int]) -> None:
            if session == self.session:
                self.table.set_marked(marked)

        in_thread(self, read, show, lambda error: self._unreadable(session, error), group="session")

    # ── what others do to it ────────────────────────────────────────────────────────────────────────────────────────
    def on_descendant_focus(self) -> None:
        """Look whether somebody else has recorded into the session meanwhile."""
        self.look()

    def _watch(self) -> None:
        """Look again where the rows are on the screen and the store was written to since they were read."""
        if self.screen.is_current and self.region and self._stamp() != self._seen:
            self.look()

    def _stamp(self) -> Stamp:
        file = self._workspace.store.file
        found = [status for name in (file, f"{file}-wal") if (status := _status(name)) is not None]
        if not found or _status(file) is None:
            return Stamp((0, 0))
        changes = [change for status in found for change in (status.st_mtime_ns, status.st_size)]
        return Stamp((found[0].st_dev, found[0].st_ino), tuple(changes))

    def look(self) -> None:
        """Show what others have appended or deleted; where the session is gone, say so."""
        if self._is_looking or not self._is_open:
            return
        self._is_looking = True
        session, known, seen, now = self.session, self._place, self._stamp(), time_ns()
        is_other_file = self._seen.file not in {seen.file, (0, 0)}

        def read() -> tuple[Newest, ExchangeRow | None]:
            """The session and its newest row where nothing but rows at the end came, all of it otherwise."""
            store = self._workspace.store
            if is_other_file:
                store.close()  # what it would go on to read and to write has no name any more
            place = store.place(session)
            if place == known:
                return Newest(place, (), 0), None
            was = (0, 0) if known is None else (known.next_seq - 1, known.count)
            if place is not None and place.next_seq - 1 - was[0] == place.count - was[1] > 0:
                rows = store.page(session, limit=1)
                return Newest(place, rows, 0), next(iter(rows), None)
            return self._load(session), None

        def show(found: tuple[Newest, ExchangeRow | None]) -> None:
            self._is_looking = False
            if session != self.session or not self._is_open:
                return
            self._seen = seen if all(now - change > FRESH_NS for change in seen.changes[::2]) else Stamp(seen.file)
            newest, row = found
            self._place = newest.place
            if newest.place != known:
                self._follow(known, newest, row)

        def failed(error: FgtuiError) -> None:
            self._is_looking, self._seen = False, seen
            self._unreadable(session, error)

        in_thread(self, read, show, failed, group="newest")

    def _follow(self, known: Place | None, newest: Newest, row: ExchangeRow | None) -> None:
        """Show what has become of the session."""
        place = newest.place
        if place is None or (known is not None and place.id != known.id):
            self.open(self.session, hint=GONE)
            self._farewell = self.set_timer(GRACE_S, self._say_gone)
        elif not place.count:
            self.open(self.session, hint=EMPTIED)
        elif row is not None:
            self.table.add_newest(row)
        else:
            last, oldest, missing = _extent(newest)
            self.table.resize(last, oldest, missing=missing)
        self.tell()
        self.filter.catch_up()

    def _say_gone(self) -> None:
        file = self._workspace.store.file
        sentence = (
            "session {session} is gone: somebody else has deleted or renamed it; what is sent begins it anew"
            if file.exists()
            else "{file} is gone, and with it session {session}; what is sent is recorded into a new file"
        )
        words = displayable(say(sentence, session=self.session, file=file))
        self.notify(words, severity="warning", timeout=8, markup=False)

    @on(ExchangeTable.PageWanted)
    def _want_page(self, event: ExchangeTable.PageWanted) -> None:
        event.stop()
        session, workspace = self.session, self._workspace

        def show(rows: tuple[ExchangeRow, ...]) -> None:
            if session == self.session:
                self.table.add_page(event.before, rows)

        in_thread(
            self,
            lambda: workspace.store.page(session, before=event.before, limit=event.limit),
            show,
            lambda error: self._unreadable(session, error),
            group="pages",
        )

    @on(ExchangeTable.RowsWanted)
    def _want_rows(self, event: ExchangeTable.RowsWanted) -> None:
        event.stop()
        session, workspace = self.session, self._workspace

        def show(rows: tuple[ExchangeRow, ...]) -> None:
            if session == self.session:
                self.table.add_rows(event.seqs, rows)

        in_thread(
            self,
            lambda: tuple(workspace.store.rows(session, event.seqs)),
            show,
            lambda error: self._unreadable(session, error),
            group="pages",
        )

    def _unreadable(self, session: str, error: FgtuiError) -> None:
        """Say why there is nothing to show."""
        if session == self.session:
            self.table.set_hint(f"✗ {say(error.message, error.values)}")

    def add(self, exchange: Exchange) -> None:
        """Show an exchange that has just been recorded."""
        from fgtui.sessions.recording import row_of

        self.add_rows([row_of(exchange)])

    def add_rows(self, rows: Sequence[ExchangeRow]) -> None:
        """Show exchanges that have just been recorded, oldest first, as far as they are of this session."""
        new = [row for row in rows if row.session == self.session]
        if new:
            self.table.add_newest(*new)
            self.tell()
            self.filter.catch_up()

    def read(self, seq: int) -> Exchange:
        """One exchange of the session, for a thread. Raises ``StoreError``, ``UsageError`` where it is gone."""
        try:
            return self._workspace.store.get(self.session, seq)
        except UsageError:
            self.call_later(self.look)
            raise

    # ── the filter ──────────────────────────────────────────────────────────────────────────────────────────────────
    async def action_filter_session(self) -> None:
        """Bring the line to type a filter in."""
        await self.filter.open_bar()

    async def action_filter_history(self) -> None:
        """Offer the earlier filters."""
        await self.filter.ask_earlier()

    def on_query_bar_changed(self, event: QueryBar.Changed) -> None:
        """Look no further for what stood there before."""
        event.stop()
        self.filter.typed(event.query)

    def on_query_bar_applied(self, event: QueryBar.Applied) -> None:
        """Show only what matches."""
        event.stop()
        self.filter.apply(event.query, agreed=event.agreed)

    def on_query_bar_cleared(self, event: QueryBar.Cleared) -> None:
        """Show all again."""
        event.stop()
        self.filter.clear()
        if event.agreed:
            self.filter.close_bar()

    def on_query_bar_closed(self, event: QueryBar.Closed) -> None:
        """Stop what runs, or leave the filter as it is."""
        event.stop()
        self.filter.stop_or_close()

    def on_query_bar_offer_wanted(self, event: QueryBar.OfferWanted) -> None:
        """Offer what could stand at the cursor."""
        event.stop()
        self.filter.complete(event.text, event.cursor)

    def _show_where(self, text: str) -> None:
        """Show what an expression that compiles is true for."""
        from fgtui.sessions.query.expressions import Query

        self.filter.apply(Query.compile(text), agreed=True)

    def show_all(self) -> None:
        """Show every exchange, unfiltered."""
        self.table.show_all()
        self.table.set_hint(say(EMPTY))

    def cancel(self) -> bool:
        """Stop the filter that runs, or drop the one in force; whether there was one."""
        return self.filter.cancel()

    def stop(self) -> None:
        """Look no further, for good."""
        self.filter.stop()

    def tell(self) -> None:
        """Bring the pane's title up to date: the session, the filter, how many of how many, how many are marked."""
        filtering, table = self.filter.in_force, self.table
        table.how_far = self.filter.how_far
        parts = [say("Session {session}", session=self.session)]
        if filtering is not None:
            tally = say("{count} of {total}", count=f"{table.row_count():,}", total=f"{table.total:,}")
            parts.append(", ".join(filter(None, (tally, table.how_far))))
        elif table.total:
            parts.append(f"{table.total:,}")
        if table.marked and (filtering is None or filtering.query.text != MARKED):
            parts.append(say("{count} marked", count=f"{len(table.marked):,}"))
        if filtering is not None:
            parts.append(f"{say('where')} {filtering.query.text}")
        self.title = " · ".join(parts)
        self.is_empty = not table.row_count()

    # ── the search ──────────────────────────────────────────────────────────────────────────────────────────────────
    def action_search_recordings(self) -> None:
        """Ask for a search through the recordings."""
        self.post_message(self.SearchAsked())

    # ── marks ───────────────────────────────────────────────────────────────────────────────────────────────────────
    @on(ExchangeTable.Marked)
    def _keep_mark(self, event: ExchangeTable.Marked) -> None:
        event.stop()
        self._marking.keep(self.session, event.seq, is_marked=event.is_marked)

    def action_show_marked(self) -> None:
        """Show only the marked exchanges, or all again."""
        in_force = self.filter.in_force
        if in_force is not None and in_force.query.text == MARKED:
            self.filter.clear()
        elif self.table.marked:
            self.filter.close_bar()
            self._show_where(MARKED)
        else:
            self._say_none_marked()

    def action_clear_marks(self) -> None:
        """Take all marks away."""
        if self.table.marked:
            self._marking.clear(self.session)
        else:
            self._say_none_marked()

    def _say_none_marked(self) -> None:
        words = say("no exchange is marked here; {key} marks one", keys_in(self.app, key="mark-exchange"))
        self.notify(words, markup=False)

    @on(ExchangeTable.MarksChanged)
    def _tell_marks(self, event: ExchangeTable.MarksChanged) -> None:
        event.stop()
        self.tell()

    @on(ExchangeTable.NothingHere)
    def _say_nothing_here(self, event: ExchangeTable.NothingHere) -> None:
        event.stop()
        self._say_no_exchange()

    def _say_no_exchange(self) -> None:
        if self.filter.in_force is not None and self.table.total:
            words = say("no exchange is shown; {key} drops the filter", keys_in(self.app, key="cancel"))
        else:
            words = say("there is no exchange here yet")
        self.notify(words, markup=False)

    # ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────
    async def action_go_to_exchange(self) -> None:
        """Ask for a number and go there."""
        from fgtui.tui.screens.dialogs import Prompt

        if not self.table.row_count():
            self._say_no_exchange()
            return

        def check(answer: str) -> None:
            if not self.table.go_to(_number(answer)):
                filtered = self.filter.in_force is not None
                raise UsageError(
                    "{number} is not among the exchanges shown",
                    hint="{key} in the list drops the filter" if filtered else "they are {oldest} to {newest}",
                    number=answer,
                    key=keys_in(self.app, key="cancel")["key"],
                    oldest=self.table.oldest,
                    newest=self.table.newest,
                )

        hint = say("a number up to {newest}", newest=self.table.newest)
        await self.app.push_screen(Prompt(say("Go to exchange"), hint=hint, check=check))


def _extent(newest: Newest) -> tuple[int, int, int]:
    """The last number, the first, and how many between them have no exchange."""
    last = newest.rows[0].seq if newest.rows else 0
    total = 0 if newest.place is None else newest.place.count
    oldest = min(newest.oldest, last - total + 1)
    return last, max(1, oldest), max(0, last - oldest + 1 - total)


def _status(file: Path | str) -> os.stat_result | None:
    try:
        return os.stat(file)  # noqa: PTH116 - every other second, for next to nothing
    except (OSError, ValueError):
        return None


def _number(answer: str) -> int:
    """The number a person typed, also as ``#340`` or ``1,000``; 0 for what is none."""
    digits = answer.strip().removeprefix("#").replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else 0
