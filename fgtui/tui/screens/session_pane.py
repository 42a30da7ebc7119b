"""The session's table with its filter: asks the store in threads, and hands on what a person wants done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive

from fgtui.errors import FgtuiError, UsageError
from fgtui.sessions.model import MARK
from fgtui.tui.actions import Where, bindings
from fgtui.tui.screens.live_filter import LiveFilter
from fgtui.tui.screens.marking import Marking
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.exchange_table import PAGE, ExchangeTable
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.model import ExchangeRow
    from fgtui.tui.widgets.query_bar import QueryBar
    from fgtui.workspace import Workspace

EMPTY = "Nothing recorded yet. What is sent is kept here, redacted."
MARKED = f"contains(tags, '{MARK}')"
"""The filter that leaves the marked exchanges."""


class Newest(NamedTuple):
    """What a session is opened with."""

    rows: tuple[ExchangeRow, ...]
    total: int
    oldest: int
    """The number of the first exchange that is left."""


class SessionPane(Vertical):
    """One session: rows, filter, and how many match."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.SESSION, around_list=True)]

    @dataclass
    class SearchAsked(Message):
        """A person wants to search the recordings."""

    title: reactive[str] = reactive("", init=False)
    """The session, the filter and the tally, as raw text for the pane's border."""

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

    def compose(self) -> ComposeResult:
        """The rows; the filter's line comes when it is wanted."""
        yield self.table

    # ── the session ─────────────────────────────────────────────────────────────────────────────────────────────────
    def open(self, session: str, *, where: str = "", seq: int | None = None) -> None:
        """Show a session from its newest exchange, unfiltered, or what an expression is true for.

        The cursor is on the first row, or on the exchange ``seq``.
        """
        self.filter.close_bar()
        self.filter.drop()
        self.session = self.table.session = session
        self.table.show_session(0, hint="…")
        self.tell()
        workspace = self._workspace

        def load() -> Newest:
            """The newest two pages, which hold the whole of what is seen first."""
            store = workspace.store
            rows = store.page(session, limit=2 * PAGE)
            oldest = store.page(session, after=0, limit=1)
            return Newest(rows, store.count(session), oldest[0].seq if oldest else 1)

        def show(newest: Newest) -> None:
            if session == self.session:
                self._show(newest)
                if where:
                    self._show_where(where)
                elif seq is not None:
                    self.table.go_to(seq)

        in_thread(self, load, show, lambda error: self._unreadable(session, error), group="session")

    def _show(self, newest: Newest) -> None:
        last = newest.rows[0].seq if newest.rows else 0
        oldest = min(newest.oldest, last - newest.total + 1)
        missing = max(0, last - oldest + 1 - newest.total)
        self.table.show_session(last, max(1, oldest), missing=missing, hint=EMPTY)
        page = (last - 1) // PAGE if last else 0
        for number in range(max(0, page - 1), page + 1):
            self.table.add_page((number + 1) * PAGE + 1, newest.rows)
        self.tell()

    def on_descendant_focus(self) -> None:
        """Look whether somebody else has recorded into the session meanwhile."""
        session, workspace = self.session, self._workspace

        def show(rows: tuple[ExchangeRow, ...]) -> None:
            if rows and session == self.session:
                self.table.add_newest(rows[0])
                self.tell()

        in_thread(
            self,
            lambda: workspace.store.page(session, limit=1),
            show,
            lambda error: self._unreadable(session, error),
            group="newest",
        )

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

        if exchange.session == self.session:
            self.table.add_newest(row_of(exchange))
            self.tell()

    def read(self, seq: int) -> Exchange:
        """One exchange of the session, for a thread. Raises ``StoreError``."""
        return self._workspace.store.get(self.session, seq)

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
        from fgtui.sessions.query import Query

        self.filter.apply(Query.compile(text), agreed=True)

    def show_all(self) -> None:
        """Show every exchange, unfiltered."""
        self.table.show_all()
        self.table.set_hint(EMPTY)

    def cancel(self) -> bool:
        """Stop the filter that runs, or drop the one in force; whether there was one."""
        return self.filter.cancel()

    def stop(self) -> None:
        """Look no further, for good."""
        self.filter.stop()

    def tell(self, ending: str = "") -> None:
        """Bring the pane's title up to date: the session, the filter, how many of how many."""
        filtering, table = self.filter.in_force, self.table
        if filtering is None:
            count = table.total
            self.title = f"Session {self.session}" + (f" · {count:,}" if count else "")
            return
        tally = f"{table.row_count():,} of {table.total:,}"
        if self.filter.is_running or ending:
            tally += f", {filtering.looked_at:,} read"
        if ending:
            tally += f", {ending}"
        self.title = f"Session {self.session} · {tally} · where {filtering.query.text}"

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
        else:
            self.filter.close_bar()
            self._show_where(MARKED)

    def action_clear_marks(self) -> None:
        """Take all marks away."""
        self._marking.clear(self.session)

    # ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────
    async def action_go_to_exchange(self) -> None:
        """Ask for a number and go there."""
        from fgtui.tui.screens.dialogs import Prompt

        def check(answer: str) -> None:
            if not self.table.go_to(_number(answer)):
                filtered = self.filter.in_force is not None
                raise UsageError(
                    "{number} is not among the exchanges shown",
                    hint="Esc in the list drops the filter" if filtered else "they are {oldest} to {newest}",
                    number=answer,
                    oldest=self.table.oldest,
                    newest=self.table.newest,
                )

        hint = f"a number up to {self.table.newest}"
        await self.app.push_screen(Prompt("Go to exchange", hint=hint, check=check))


def _number(answer: str) -> int:
    """The number a person typed, also as ``#340`` or ``1,000``; 0 for what is none."""
    digits = answer.strip().removeprefix("#").replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else 0
