"""How the workbench is looked at, beyond where its panes stand: kept, and taken up again after the first frame.

What does not fit any more, such as a trigger or an exchange that is gone, is passed over without a word.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fgtui.errors import EventError, FgtuiError
from fgtui.tui.actions import Where
from fgtui.tui.remembered.workspace_state import LONGEST_TEXT, MOST_ENTRIES, EventLook, ShownExchange, WorkspaceState
from fgtui.tui.text.document import Location

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.query.expressions import Query
    from fgtui.tui.screens.workbench import WorkbenchScreen

FIRST_PART = "result"
"""The part of an outcome that is shown unless another one was."""
FIND_OPTIONS = ("minds_case", "is_word", "is_expression")


class Reopening:
    """Takes up a remembered look once, and tells the one there is now."""

    def __init__(self, screen: WorkbenchScreen, remembered: WorkspaceState | None) -> None:
        self._screen = screen
        self._remembered = remembered
        self._awaits_filter = self._awaits_shown = False
        """Whether these are still being read: until then they count as they were left."""

    # ── as it is now ────────────────────────────────────────────────────────────────────────────────────────────────
    def state(self, state: WorkspaceState) -> WorkspaceState:
        """``state`` with how the workbench is looked at now."""
        screen, before = self._screen, self._remembered
        finding = screen.event_pane.__dict__.get("finding")
        changed = state._replace(
            outcome_part=None if state.outcome_part == FIRST_PART else state.outcome_part,
            focus=None if screen.where is Where.EVENT else str(screen.where),
            event=self._event_look(),
            expanded=tuple(sorted(screen.trigger_list.rows.open))[:MOST_ENTRIES],
        )
        if screen.touring is not None:
            changed = changed._replace(tour=screen.touring.step)
        if finding is not None:
            changed = changed._replace(find_options=finding.options)
        if before is None or not self._awaits_filter:
            filtering = screen.session_pane.filter.in_force
            text = None if filtering is None else filtering.query.text
            changed = changed._replace(filter=text, filter_session=text and screen.session)
        if before is None or not self._awaits_shown:
            record = screen.record
            changed = changed._replace(
                shown=None if record is None else ShownExchange(record.session, record.seq, record.id)
            )
        return changed

    def _event_look(self) -> EventLook | None:
        editor = self._screen.event_pane.editor
        row, column = editor.area.cursor
        look = EventLook(
            editor.document.length,
            row + 1,
            column + 1,
            round(editor.area.scroll_y),
            editor.collapsing.paths(MOST_ENTRIES),
            self._screen.event_pane.shows_form,
        )
        return None if look == EventLook(look.length) else look

    # ── as it was left ──────────────────────────────────────────────────────────────────────────────────────────────
    def reopen(self, *, is_same_event: bool) -> None:
        """Look again as it was left; open the session. ``is_same_event``: nothing else was asked for."""
        screen, before = self._screen, self._remembered
        if before is None:
            screen.session_pane.open(screen.session)
            return
        screen.trigger_list.open_also(before.expanded)
        screen.event_pane.find_options = tuple(name for name in before.find_options if name in FIND_OPTIONS)
        self._reopen_session(before)
        self._reopen_shown(before)
        screen.run_worker(self._reopen_event(before, is_same_event=is_same_event), group="reopen")

    def _reopen_session(self, before: WorkspaceState) -> None:
        screen, session, text = self._screen, self._screen.session, before.filter
        if text is None or before.filter_session != session or len(text) > LONGEST_TEXT:
            screen.session_pane.open(session)
            return

        def compiled() -> Query:
            from fgtui.sessions.query.expressions import Query

            return Query.compile(text)

        def use(where: str) -> None:
            self._awaits_filter = False
            if screen.session == session:
                screen.session_pane.open(session, where=where)

        self._awaits_filter = True
        screen.in_thread(compiled, lambda _: use(text), lambda _: use(""), group="session")

    def _reopen_shown(self, before: WorkspaceState) -> None:
        wanted, screen = before.shown, self._screen
        if wanted is None:
            return

        def show(exchange: Exchange | None) -> None:
            self._awaits_shown = False
            is_free = screen.outcome_view.exchange is None and screen.sends.running is None
            if exchange is not None and exchange.id == wanted.id and is_free:
                screen.show_again(exchange)

        def read() -> Exchange | None:
            try:
                return screen.workspace.store.get(wanted.session, wanted.seq)
            except FgtuiError:
                return None

        self._awaits_shown = True
        screen.in_thread(read, show, lambda _: show(None), group="shown")

    async def _reopen_event(self, before: WorkspaceState, *, is_same_event: bool) -> None:
        screen = self._screen
        editor, look = screen.event_pane.editor, before.event
        if look is not None and is_same_event and look.length == editor.document.length:
            at = Location(look.line - 1, look.column - 1)
            if editor.area.cursor == Location(0, 0):
                editor.area.move_to(at)
            if look.collapsed:
                paths = _paths(look.collapsed)
                editor.collapsing.hide_at(paths, then=partial(self._scroll, look))
            self._scroll(look)
            if look.is_form and not screen.event_pane.shows_form:
                await screen.event_pane.action_toggle_form()
        where = next((each for each in (*screen.panes(), Where.FIELD) if each == before.focus), None)
        is_untouched = screen.where is Where.EVENT and screen.is_current
        if where is not None and is_untouched and where not in screen.arrangement.hidden:
            screen.focus_pane(where)

    def _scroll(self, look: EventLook) -> None:
        area = self._screen.event_pane.editor.area
        area.scroll_to(y=look.top, animate=False, immediate=True)


def _paths(spelled: tuple[str, ...]) -> list[tuple[str | int, ...]]:
    from fgtui.events.text import parse_path

    found = []
    for each in spelled:
        try:
            found.append(parse_path(each))
        except EventError:  # a file that somebody has edited
            continue
    return found
