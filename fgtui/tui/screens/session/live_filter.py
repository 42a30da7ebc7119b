"""The filter over a session's table: follows what is typed, one scan at a time, and remembers what was used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fgtui.errors import FgtuiError, QueryError
from fgtui.tui.actions import keys_in
from fgtui.tui.threads import in_thread
from fgtui.words import counted, say

if TYPE_CHECKING:
    from fgtui.sessions.query.completing import Completions
    from fgtui.sessions.query.expressions import Query
    from fgtui.tui.filtering import Batch, Filtering
    from fgtui.tui.remembered.filter_history import FilterHistory
    from fgtui.tui.screens.session.pane import SessionPane
    from fgtui.tui.widgets.query_bar import QueryBar
    from fgtui.workspace import Workspace


class LiveFilter:
    """What is looked for in the session that a pane shows.

    The rows are those of ``in_force``. A scan that has just begun takes its place once it tells for the first time, so
    that rows change once and not to nothing first.
    """

    def __init__(self, pane: SessionPane, workspace: Workspace) -> None:
        self._pane = pane
        self._workspace = workspace
        self.in_force: Filtering | None = None
        """The filter whose matches are shown."""
        self._coming: Filtering | None = None
        self._running: set[Filtering] = set()
        self._catching_up: Filtering | None = None
        """The one that looks at what was recorded since it ended."""
        self._bar: QueryBar | None = None
        self._document: tuple[tuple[str, int], Any] = (("", 0), None)
        """What completions are looked up in, and which exchange it is."""
        self._wanted: tuple[str, int] | None = None
        """The text and cursor that completions are wanted for, while earlier ones are being looked up."""
        self._is_completing = False

    # ── the bar ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def bar(self) -> QueryBar | None:
        """The line to type in, while it is there."""
        return self._bar

    async def open_bar(self) -> QueryBar:
        """Bring the line to type in, and give it the focus."""
        from fgtui.tui.widgets.query_bar import QueryBar

        bar = self.bar()
        if bar is None:
            bar = self._bar = QueryBar("" if self.in_force is None else self.in_force.query.text)
            await self._pane.mount(bar, before=self._pane.table)
            self._recall(bar)
        self._pane.screen.set_focus(bar.input)  # at once: focus() waits behind the keys that are meant for the bar
        return bar

    def close_bar(self) -> None:
        """Leave the filter as it is, and go back to the rows."""
        bar, self._bar = self._bar, None
        if bar is None:
            return
        if self.in_force is not None:
            self._remember(self.in_force.query.text)
        # at once, as above, since the next key is meant for a row; and before Textual looks for another place for it
        self._pane.screen.set_focus(self._pane.table)
        bar.remove()

    def _recall(self, bar: QueryBar) -> None:
        """Read the earlier filters, and start what an expression needs while a person looks for the first key."""

        def read() -> tuple[str, ...]:
            from fgtui.sessions.query.expressions import Query

            Query.compile("@")
            self._workspace.prepare_find()
            return self._history().read()

        in_thread(self._pane, read, bar.remember, group="history")

    def _remember(self, text: str) -> None:
        def add() -> None:
            try:
                self._history().add(text)
            except OSError:  # a full disk, a folder that is read only: the filter works all the same
                return

        in_thread(self._pane, add, lambda _: None, group="history")

    def _history(self) -> FilterHistory:
        from fgtui.paths import data_folder
        from fgtui.tui.remembered.filter_history import FilterHistory

        return FilterHistory(data_folder(self._workspace.environment))

    async def ask_earlier(self) -> None:
        """Offer the earlier filters; the one that is chosen is applied."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        pane = self._pane

        def picked(choice: Choice[str] | None) -> None:
            if choice is not None:
                pane.call_later(self.use, choice.value)

        chooser = Chooser[str](say("Earlier filters"), (), placeholder=say("a part of it"))
        await pane.app.push_screen(chooser, picked)

        def offer(texts: tuple[str, ...]) -> None:
            chooser.offer([Choice(text, text) for text in texts])

        in_thread(pane, lambda: self._history().read(), offer, group="history")

    async def use(self, text: str) -> None:
        """Put ``text`` in the bar, which applies it."""
        bar = await self.open_bar()
        bar.show_text(text)

    # ── scans ───────────────────────────────────────────────────────────────────────────────────────────────────────
    @property
    def is_running(self) -> bool:
        """Whether anything is still looked for."""
        latest = self._coming or self.in_force
        return latest is not None and latest in self._running

    def typed(self, query: Query) -> None:
        """Look no further for what another expression asked for."""
        for filtering in self._running:
            if filtering.query != query:
                filtering.stop()
        if self._coming is not None and self._coming.query != query:
            self._coming = None

    def apply(self, query: Query, *, agreed: bool) -> None:
        """Show what matches ``query``; what is being shown already goes on.

        ``agreed``: the bar is done with, and what a person does next is meant for the matches, not for the rows before.
        """
        latest = self._coming or self.in_force
        if latest is None or latest.query != query or latest.is_stopped:
            self.stop()
            latest = self._start(query)
        if agreed:
            if latest is self._coming:
                self._adopt(latest)
            self.close_bar()
        self._conclude(latest)

    def _start(self, query: Query) -> Filtering:
        from fgtui.tui.filtering import Filtering

        filtering = self._coming = Filtering(self._workspace, self._pane.session, query, self._pane.table.newest)
        self._running.add(filtering)
        in_thread(
            self._pane,
            lambda: filtering.run(lambda batch: self._pane.call_later(self._matched, filtering, batch)),
            lambda _: self._ended(filtering, None),
            lambda error: self._ended(filtering, error),
            group="filter",
        )
        return filtering

    def _adopt(self, filtering: Filtering) -> None:
        """Show its matches from now on, none yet."""
        self.in_force, self._coming = filtering, None
        self._pane.table.show_matches(hint=say("looking…"))

    def _matched(self, filtering: Filtering, batch: Batch) -> None:
        """Show more matches."""
        if filtering is self._coming and not filtering.is_stopped:
            self._adopt(filtering)
        if filtering is self.in_force:
            self._pane.table.add_rows([row.seq for row in batch.rows], batch.rows)
            self._pane.table.add_matches(batch.seqs)
            self._conclude(filtering)

    def _ended(self, filtering: Filtering, error: FgtuiError | None) -> None:
        """Say how many matched, or why nobody knows."""
        self._running.discard(filtering)
        filtering.is_complete = error is None and not filtering.is_stopped
        if filtering is self._coming and filtering.is_stopped:
            self._coming = None
        elif filtering is self._coming:
            self._adopt(filtering)
        if filtering is not self.in_force:
            return
        self._pane.table.set_hint(_why_empty(filtering, error, self._way_out()))
        bar = self.bar()
        if bar is not None and isinstance(error, QueryError) and self._coming is None:
            bar.show_error(error)
        self._conclude(filtering, is_broken=error is not None)
        self.catch_up()

    def catch_up(self) -> None:
        """Look at what was recorded since the filter in force has ended, and show what of it matches."""
        filtering, table = self.in_force, self._pane.table
        newest = table.newest
        if filtering is None or not filtering.is_complete or filtering.newest >= newest:
            return
        if self._coming is not None or self._catching_up is not None:
            return  # what comes looks at it itself, and what has caught up looks again
        self._catching_up = filtering

        def show(batch: Batch) -> None:
            self._catching_up = None
            filtering.is_complete = not filtering.is_stopped
            if filtering is self.in_force:
                table.add_newest_matches(batch.seqs)
                if filtering.newest >= table.newest:
                    filtering.looked_at = table.total  # the scan had seen some of these as they came
                table.set_hint(_why_empty(filtering, None, self._way_out()))
                self._conclude(filtering)
            self.catch_up()

        def failed(error: FgtuiError) -> None:
            self._catching_up, filtering.is_complete = None, False
            if filtering is self.in_force:
                table.set_hint(_why_empty(filtering, error, self._way_out()))
                self._conclude(filtering, is_broken=True)

        in_thread(self._pane, lambda: filtering.look_at_newer(newest), show, failed, group="filter")

    def _conclude(self, filtering: Filtering, *, is_broken: bool = False) -> None:
        """Tell how far it is."""
        bar = self.bar()
        is_told = filtering is self.in_force and not is_broken
        if is_told and bar is not None and bar.text_applied == filtering.query.text:
            bar.show_note(self._note(filtering))
        self._pane.tell()

    @property
    def how_far(self) -> str:
        """How far the filter in force has looked, in words; empty where it has looked at everything."""
        filtering = self.in_force
        if filtering is None or filtering.is_complete:
            return ""
        read = say("{count} read", count=f"{filtering.looked_at:,}")
        return read if filtering in self._running else say("{read}, stopped", read=read)

    def _note(self, filtering: Filtering) -> str:
        """What the bar says of it."""
        found, looked_at = self._pane.table.row_count(), filtering.looked_at
        values = {"found": f"{found:,}", "looked_at": f"{looked_at:,}", "key": self._way_out()}
        if filtering in self._running and not filtering.is_stopped:
            return say("looking… {found} found in {looked_at}; {key} stops", values)
        if found and filtering.is_stopped:
            return say("{found} found in {looked_at}, stopped", values)
        if found:
            return say("{found} found in {looked_at}", values)
        return _untried(filtering) or _advice(filtering) or _nothing(filtering)

    def _way_out(self) -> str:
        """The key that stops it and shows all again."""
        return keys_in(self._pane.app, key="cancel")["key"]

    def clear(self) -> None:
        """Show all again."""
        if self.drop():
            self._pane.show_all()
        self._pane.tell()

    def drop(self) -> bool:
        """Forget the filter, without a change of the rows; whether there was one."""
        self.stop()
        had_one = self.in_force is not None
        self.in_force = self._coming = None
        return had_one

    def stop(self) -> None:
        """Look no further."""
        for filtering in self._running:
            filtering.stop()
        if self._catching_up is not None:
            self._catching_up.stop()

    def stop_or_close(self) -> None:
        """Stop what runs; where nothing does, close the bar."""
        if self.is_running:
            self.stop()
        else:
            self.close_bar()

    def cancel(self) -> bool:
        """Stop what runs, or drop the filter in force; whether there was one."""
        if self._coming is None and self.in_force is None:
            return False
        if self.is_running:
            self.stop()
        else:
            self.clear()
        return True

    # ── completions ─────────────────────────────────────────────────────────────────────────────────────────────────
    def complete(self, text: str, cursor: int) -> None:
        """Offer what could stand at the cursor, by the keys of the exchange under the table's cursor."""
        self._wanted = (text, cursor)
        if not self._is_completing:
            self._complete_next()

    def _complete_next(self) -> None:
        if self._wanted is None or self.bar() is None:
            self._is_completing, self._wanted = False, None
            return
        (text, cursor), self._wanted = self._wanted, None
        self._is_completing = True
        table = self._pane.table
        key = (self._pane.session, table.seq_at(table.cursor) or table.newest)
        if table.row_count() == 0 and self._document[1] is not None and self._document[0][0] == key[0]:
            key = self._document[0]  # nothing matches yet, so what it was before is as good

        def look_up() -> Completions:
            from fgtui.sessions.query.completing import complete

            if self._document[0] != key:
                self._document = (key, self._read(*key))
            return complete(text, cursor, self._document[1])

        def offer(found: Completions) -> None:
            bar = self.bar()
            if bar is not None:
                bar.offer(text, cursor, found)
            self._complete_next()

        in_thread(self._pane, look_up, offer, lambda _: self._complete_next(), group="completions")

    def _read(self, session: str, seq: int) -> Any:
        """An exchange as queries see it; ``None`` where there is none to be read."""
        try:
            exchange = self._workspace.store.get(session, seq)
            return self._workspace.query_document(exchange, decoded=True)
        except FgtuiError:
            return None


def _untried(filtering: Filtering) -> str:
    """What kept the expression from being tried, if anything did."""
    error = filtering.first_error
    if error is None:
        return ""
    reason = say(error.message, error.values)
    return say("{count} could not be tried: {reason}", count=f"{filtering.untried:,}", reason=reason)


def _nothing(filtering: Filtering) -> str:
    count = filtering.looked_at
    words = say(counted(count, "matches nothing in 1 exchange", "matches nothing in {count} exchanges"))
    return f"{words} · {say('stopped before the end')}" if filtering.is_stopped else words


def _advice(filtering: Filtering) -> str:
    """What may have been meant instead, where everything was looked at in vain."""
    from fgtui.sessions.query.advice import advice

    return "" if filtering.is_stopped else advice(filtering.query)


def _why_empty(filtering: Filtering, error: FgtuiError | None, way_out: str) -> str:
    if error is not None:
        return f"✗ {say(error.message, error.values)}"
    nothing = say("{nothing}; {key} shows all again", nothing=_nothing(filtering), key=way_out)
    return "\n".join(filter(None, [_untried(filtering), nothing, _advice(filtering)]))
