"""The session's table with its filter: asks the store in threads, and hands on what a person wants done."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.reactive import reactive

from fgtui.errors import FgtuiError, QueryError
from fgtui.tui.actions import Where, bindings
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.exchange_table import PAGE, ExchangeTable
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.model import ExchangeRow
    from fgtui.tui.filtering import Filtering
    from fgtui.tui.widgets.query_bar import QueryBar
    from fgtui.workspace import Workspace

EMPTY = "Nothing recorded yet. What is sent is kept here, redacted."


class Newest(NamedTuple):
    """What a session is opened with."""

    rows: tuple[ExchangeRow, ...]
    total: int


class SessionPane(Vertical):
    """One session: rows, filter, and how many match."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.SESSION, around_list=True)]

    title: reactive[str] = reactive("", init=False)
    """The session, the filter and the tally, as raw text for the pane's border."""

    def __init__(self, workspace: Workspace, session: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.table = ExchangeTable()
        """The rows."""
        self._workspace = workspace
        self.session = session
        """The session that is shown and recorded into."""
        self._filtering: Filtering | None = None
        self._is_running = False

    def compose(self) -> ComposeResult:
        """The rows; the filter's line comes when it is wanted."""
        yield self.table

    # ── the session ─────────────────────────────────────────────────────────────────────────────────────────────────
    def open(self, session: str) -> None:
        """Show a session from its newest exchange, unfiltered."""
        self._drop_filter()
        self.session = self.table.session = session
        self.table.show_session(0, hint="…")
        self._tell()
        workspace = self._workspace

        def load() -> Newest:
            """The newest two pages, which hold the whole of what is seen first."""
            store = workspace.store
            rows = store.page(session, limit=2 * PAGE)
            return Newest(rows, store.count(session))

        def show(newest: Newest) -> None:
            if session == self.session:
                self._show(newest)

        in_thread(self, load, show, lambda error: self._unreadable(session, error), group="session")

    def _show(self, newest: Newest) -> None:
        last = newest.rows[0].seq if newest.rows else 0
        self.table.show_session(last, max(1, last - newest.total + 1), hint=EMPTY)
        page = (last - 1) // PAGE if last else 0
        for number in range(max(0, page - 1), page + 1):
            self.table.add_page((number + 1) * PAGE + 1, newest.rows)
        self._tell()

    def on_descendant_focus(self) -> None:
        """Look whether somebody else has recorded into the session meanwhile."""
        session, workspace = self.session, self._workspace

        def show(rows: tuple[ExchangeRow, ...]) -> None:
            if rows and session == self.session:
                self.table.add_newest(rows[0])
                self._tell()

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

    def _unreadable(self, session: str, error: FgtuiError) -> None:
        """Say why there is nothing to show."""
        if session == self.session:
            self.table.set_hint(f"✗ {say(error.message, error.values)}")

    def add(self, exchange: Exchange) -> None:
        """Show an exchange that has just been recorded."""
        from fgtui.sessions.recording import row_of

        if exchange.session == self.session:
            self.table.add_newest(row_of(exchange))
            self._tell()

    def read(self, seq: int) -> Exchange:
        """One exchange of the session, for a thread. Raises ``StoreError``."""
        return self._workspace.store.get(self.session, seq)

    # ── the filter ──────────────────────────────────────────────────────────────────────────────────────────────────
    async def action_filter_session(self) -> None:
        """Bring the line to type a filter in."""
        from fgtui.tui.widgets.query_bar import QueryBar

        bar = self._bar()
        if bar is None:
            bar = QueryBar("" if self._filtering is None else self._filtering.query.text)
            await self.mount(bar, before=self.table)
        self.screen.set_focus(bar)  # at once: focus() waits its turn behind the keys that are meant for the bar

    def on_query_bar_applied(self, event: QueryBar.Applied) -> None:
        """Show only what matches."""
        from fgtui.tui.filtering import Filtering

        event.stop()
        self._drop_filter()
        filtering = self._filtering = Filtering(self._workspace, self.session, event.query)
        self._is_running = True
        self.table.show_matches(hint="looking…")
        self._tell()
        in_thread(
            self,
            lambda: filtering.run(lambda seqs: self.call_later(self._matched, filtering, seqs)),
            lambda _: self._filtered(filtering, None),
            lambda error: self._filtered(filtering, error),
            group="filter",
        )

    def _matched(self, filtering: Filtering, seqs: list[int]) -> None:
        """Show more matches; the bar has done its work once there are some."""
        if filtering is self._filtering:
            self.table.add_matches(seqs)
            if seqs:
                self._close_bar()
            self._tell()

    def _filtered(self, filtering: Filtering, error: FgtuiError | None) -> None:
        """Say how many matched, or why nobody knows."""
        if filtering is not self._filtering:
            return
        self._is_running = False
        bar = self._bar()
        if error is None and self.table.row_count():
            self._close_bar()
        elif bar is not None and isinstance(error, QueryError):
            bar.show_error(error)
        elif bar is not None:
            bar.show_note(_untried(filtering) or "matches nothing")
        self.table.set_hint(self._why_empty(filtering, error))
        self._tell("stopped" if filtering.is_stopped or error is not None else "")

    @staticmethod
    def _why_empty(filtering: Filtering, error: FgtuiError | None) -> str:
        if error is not None:
            return f"✗ {say(error.message, error.values)}"
        return "\n".join(filter(None, [_untried(filtering), "matches nothing; Esc shows all again"]))

    def on_query_bar_cleared(self, event: QueryBar.Cleared) -> None:
        """Show all again."""
        event.stop()
        self._close_bar()
        self._drop_filter()
        self.table.show_all()
        self.table.set_hint(EMPTY)
        self._tell()

    def on_query_bar_closed(self, event: QueryBar.Closed) -> None:
        """Leave the filter as it is."""
        event.stop()
        self._close_bar()

    def _bar(self) -> QueryBar | None:
        first = self.children[0]
        return None if first is self.table else cast("QueryBar", first)

    def _close_bar(self) -> None:
        bar = self._bar()
        if bar is not None:
            bar.remove()
            self.table.focus()

    def cancel(self) -> bool:
        """Stop the filter that runs, or drop the one in force; whether there was one."""
        filtering = self._filtering
        if filtering is None:
            return False
        if self._is_running:
            filtering.stop()
        else:
            self._drop_filter()
            self.table.show_all()
            self.table.set_hint(EMPTY)
            self._tell()
        return True

    def stop(self) -> None:
        """Look no further, for good."""
        if self._filtering is not None:
            self._filtering.stop()

    def _drop_filter(self) -> None:
        self.stop()
        self._filtering = None
        self._is_running = False

    def _tell(self, ending: str = "") -> None:
        """The pane's title: the session, the filter, how many of how many."""
        filtering, table = self._filtering, self.table
        if filtering is None:
            count = table.total
            self.title = f"Session {self.session}" + (f" · {count:,}" if count else "")
            return
        tally = f"{table.row_count():,} of {table.total:,}"
        if self._is_running or ending:
            tally += f", {filtering.looked_at:,} read"
        if ending:
            tally += f", {ending}"
        self.title = f"Session {self.session} · {tally} · where {filtering.query.text}"


def _untried(filtering: Filtering) -> str:
    """What kept the expression from being tried, if anything did."""
    error = filtering.first_error
    if error is None:
        return ""
    reason = say(error.message, error.values)
    return say("{count} could not be tried: {reason}", count=filtering.untried, reason=reason)
