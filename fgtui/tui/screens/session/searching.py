"""Full text over the recordings: type, see what holds it as it is found, open one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from fgtui.errors import FgtuiError
from fgtui.tui.actions import Where, bindings, key_of, keys_in
from fgtui.tui.looking import Looking
from fgtui.tui.screens.dialogs import error_words
from fgtui.tui.screens.modal import Modal
from fgtui.tui.styles.inks import Piece, fit, inks_of
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.outcome_view import Part
from fgtui.tui.widgets.piece_line import PieceLine
from fgtui.tui.widgets.row_list import RowList, hint_lines
from fgtui.tui.widgets.safe_input import SafeInput
from fgtui.tui.widgets.text_view import cells_of
from fgtui.words import plural, say, sentence

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.model import Hit
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.workspace import Workspace

PAUSE_S = 0.12
"""With nothing typed for so long, the search begins."""
TICK_S = 0.1
"""How often more of what was found is shown."""
OLD_S = 0.3
"""How long what was found for another text stays where nothing is found yet for this one."""
SLOW_S = 1.0
"""How long a search takes before it is said what takes so long."""
NEAR = 100
"""Rows before the last one shown at which more are looked for."""
INDENT = "   "
GAP = "  "

PARTS = {
    "event": sentence("event"),
    "decoded": sentence("decoded event"),
    "result": sentence("result"),
    "error": sentence("error"),
    "logs": sentence("logs"),
    "headers": sentence("headers"),
    "id": sentence("id"),
    "note": sentence("note"),
    "tags": sentence("tags"),
}
"""What parts of an exchange are called."""
TABS = {"result": Part.RESULT, "error": Part.RESULT, "logs": Part.LOGS}
"""Where the outcome shows a part; all others are on the tab of the exchange, the event too, as it was sent."""
DECODED = "decoded"
"""The part that only the editor shows, since it is inside an encoded string."""


class Sought(NamedTuple):
    """What a person looked for last."""

    text: str = ""
    only_session: bool = False
    cursor: int = 0


class HitRows(RowList):
    """What was found, two lines each: which exchange, and the text around."""

    DEFAULT_CSS = """
    HitRows { height: 1fr; }
    """
    row_lines = 2

    @dataclass
    class Chosen(Message):
        """One of them is wanted."""

        hit: Hit

    @dataclass
    class MoreWanted(Message):
        """A person gets near the last one."""

    def __init__(self) -> None:
        super().__init__()
        self.can_focus = False
        self.hits: list[Hit] = []
        self.hint = ""
        """What stands there while there are none; raw text, line by line."""

    def row_count(self) -> int:
        """How many are shown."""
        return len(self.hits)

    def _cursor_style(self, index: int) -> Style | None:
        """Draw the cursor as the one keys move: they do, through the line above."""
        return inks_of(self.app)["cursor"] if index == self.cursor else None

    def row_line(self, index: int, line: int, width: int) -> Sequence[Piece]:
        """Which exchange, or what stands around the words in it."""
        hit = self.hits[index]
        return excerpt_pieces(hit, width) if line else tuple(self._which(hit, index, width))

    def _which(self, hit: Hit, index: int, width: int) -> Iterator[Piece]:
        from fgtui.invoke.outcome_words import kind_words

        row = hit.row
        kind = kind_words(row.outcome, row.status_code)
        yield (" ▸ " if index == self.cursor else "   "), "accent"
        if width >= 60:
            yield fit(row.session, min(24, width // 5)) + " ", ""
        else:
            yield f"{row.session} ", ""
        yield f"{'#' + str(row.seq):>8}", "muted"
        if width >= 60:
            yield f"{GAP}{row.started_at.astimezone():%m-%d %H:%M:%S}", "muted"
            yield GAP + fit(row.trigger, 8), ""
        yield f"{GAP}{kind.sign}", kind.ink
        yield (f" {kind.words}" if width >= 48 else ""), kind.ink

    def empty(self) -> Sequence[Sequence[Piece]]:
        """What stands there while nothing is found."""
        return hint_lines(self.hint, self.size.width)

    def row_highlighted(self, index: int) -> None:
        """Ask for more in time."""
        if index >= len(self.hits) - NEAR:
            self.post_message(self.MoreWanted())

    def row_chosen(self, index: int) -> None:
        """Say which one is wanted."""
        self.post_message(self.Chosen(self.hits[index]))


def excerpt_pieces(hit: Hit, width: int) -> Sequence[Piece]:
    """The part and the text around the words that were found, cut so that the first of them is seen; each is marked."""
    part = f"{INDENT}{say(PARTS.get(hit.part, hit.part))}{GAP}"
    text, room = hit.excerpt, width - len(part) - 1
    start = 0
    if hit.spans and cells_of(text[: hit.spans[0][1]]) > room:
        start = hit.spans[0][0]
        while start > 0 and cells_of(text[start - 1 : hit.spans[0][0]]) < room // 3:
            start -= 1
    pieces: list[Piece] = [(part, "accent"), ("…" if start else "", "muted")]
    for first, last in hit.spans:
        if last <= start:
            continue
        pieces += [(text[start:first], "muted"), (text[max(first, start) : last], "found")]
        start = last
    return [*pieces, (text[start:], "muted")]


class SearchScreen(Modal["Hit | None"]):
    """A line to type in, and what holds the words; ends with the one that is to be opened."""

    DEFAULT_CSS = """
    SearchScreen { align: center middle; background: $background 60%; }
    SearchScreen > #frame {
        width: 120; max-width: 100%; height: 94%;
        border: round $border; border-title-color: $border; border-subtitle-color: $foreground-muted;
        background: $surface;
    }
    SearchScreen Input, SearchScreen Input:focus { border: none; height: 1; padding: 0 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.SEARCH)]

    def __init__(self, workspace: Workspace, session: str, sought: Sought) -> None:
        super().__init__()
        self._workspace = workspace
        self._session = session
        self._only_session = sought.only_session
        self._cursor = sought.cursor
        self.rows = HitRows()
        """What was found."""
        self._line = SafeInput(
            sought.text,
            placeholder=say('words, "a phrase" or beg*'),
            compact=True,
            select_on_focus=True,
        )
        self._scope = PieceLine(id="scope")
        self._looking: Looking | None = None
        self._shown: Looking | None = None
        """The search whose hits the rows are."""
        self._is_running = False
        self._began = 0.0
        self._problem = ""
        self._pause: Timer | None = None
        self._tick: Timer | None = None

    @property
    def sought(self) -> Sought:
        """What is looked for, to be looked for again."""
        return Sought(self._line.value, self._only_session, self.rows.cursor)

    def compose(self) -> ComposeResult:
        """The line, where is looked and how far it is, and the rows."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(say("Search recordings"))
            keys = keys_in(self.app, scope="search-scope", leave="search-leave")
            frame.border_subtitle = Content(say("Enter opens, {scope} changes where, {leave} leaves", keys))
            yield self._line
            yield self._scope
            yield self.rows

    def on_mount(self) -> None:
        """Look for what was looked for before."""
        self._scope.show(self._scope_pieces)
        self._tick = self.set_interval(TICK_S, self._show_found, pause=True)
        self._line.focus()
        self._begin()

    def on_unmount(self) -> None:
        """Look no further."""
        self._stop()

    # ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────
    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._looking is not None and event.value.strip() == self._looking.text:
            return
        self._stop()
        if self._pause is not None:
            self._pause.stop()
        self._cursor = 0
        self._pause = self.set_timer(PAUSE_S, self._begin)

    def _begin(self) -> None:
        """Look for what is typed; what was found before stays until there is something else to show."""
        text = self._line.value.strip()
        self._stop()
        self._problem = ""
        if not text:
            self._looking = None
            self._clear(say("Type what to look for: in events as sent and decoded, results, errors, logs, notes."))
            return
        sessions = (self._session,) if self._only_session else ()
        looking = self._looking = Looking(self._workspace.store, text, sessions)
        self.set_timer(OLD_S, lambda: self._drop_old(looking))
        self._go_on(looking)

    def _drop_old(self, looking: Looking) -> None:
        """Show no longer what was found before, where ``looking`` has found nothing yet."""
        if looking is self._looking and looking is not self._shown:
            self._clear(say("looking…"))

    def _go_on(self, looking: Looking) -> None:
        self._is_running, self._began = True, monotonic()
        if self._tick is not None:
            self._tick.resume()
        self._scope.refresh()
        in_thread(
            self,
            lambda: looking.run(lambda: self.call_later(self._show_found)),
            lambda _: self._ended(looking, None),
            lambda error: self._ended(looking, error),
            group="search",
        )

    def _show_found(self) -> None:
        """Show what was found since the last time."""
        looking = self._looking
        found = [] if looking is None else looking.take()
        if found and looking is not self._shown:
            self._shown, self.rows.hits = looking, []
            self.rows.scroll_to(y=0, animate=False, force=True)
        if found:
            self.rows.hits += found
            wanted = min(self._cursor, len(self.rows.hits) - 1)
            self.rows.rows_changed(cursor=max(wanted, 0 if len(self.rows.hits) == len(found) else self.rows.cursor))
        self._scope.refresh()

    def _ended(self, looking: Looking, error: FgtuiError | None) -> None:
        """Say that there are no more, or why nobody knows."""
        if looking is not self._looking:
            return
        self._is_running = False
        if self._tick is not None:
            self._tick.pause()
        self._show_found()
        self._problem = "" if error is None else error_words(error)
        if looking is not self._shown or not self.rows.hits:
            where = say("session {session}", session=self._session) if self._only_session else say("any session")
            nothing = say("Nothing in {where} holds {text}.", where=where, text=looking.text)
            self._clear(f"✗ {self._problem}" if error is not None else nothing)
        self._scope.refresh()

    def _clear(self, hint: str) -> None:
        self._shown = self._looking
        self.rows.hits, self.rows.hint = [], hint
        self.rows.rows_changed(cursor=0)
        self._scope.refresh()

    def _stop(self) -> None:
        if self._looking is not None:
            self._looking.stop()
        self._is_running = False
        if self._tick is not None:
            self._tick.pause()

    @on(HitRows.MoreWanted)
    def _look_further(self, event: HitRows.MoreWanted) -> None:
        event.stop()
        looking = self._looking
        if looking is not None and not (self._is_running or looking.is_complete or looking.is_stopped or self._problem):
            self._go_on(looking)

    def _scope_pieces(self, width: int) -> Sequence[Piece]:
        """Where is looked, how far it is, and what went wrong."""
        where = say("in session {session}", session=self._session) if self._only_session else say("in every session")
        pieces: list[Piece] = [(f" {where}", "accent")]
        count = len(self.rows.hits) if self._looking is self._shown else 0
        if self._is_running and self._looking is not None:
            is_slow = self._looking.lacks_index and monotonic() - self._began > SLOW_S
            doing = say("indexing what is not indexed yet…") if is_slow else say("looking…")
            found = say("{count} found", count=f"{count:,}")
            pieces.append((f" · {doing} {found}", "muted"))
        elif self._looking is not None and count:
            sentence = (
                plural(count, "1 exchange", "{count} exchanges")
                if self._looking.is_complete
                else plural(count, "1 exchange and more", "{count} exchanges and more")
            )
            pieces.append((" · " + say(sentence, count=f"{count:,}"), "muted"))
        if self._problem and count:
            pieces.append((f" · ✗ {self._problem}", "bad"))
        return pieces

    # ── what a person does ──────────────────────────────────────────────────────────────────────────────────────────
    def action_toggle_scope(self) -> None:
        """Look in this session only, or in all of them."""
        self._only_session = not self._only_session
        self._cursor = 0
        self._begin()

    @on(PieceLine.Clicked)
    def _scope_clicked(self, event: PieceLine.Clicked) -> None:
        event.stop()
        self.action_toggle_scope()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        """Open what is under the cursor; of what has just been typed, wait for it first."""
        event.stop()
        if self._looking is not None and event.value.strip() == self._looking.text:
            if self._looking is self._shown:  # else the rows are those of another text
                self.rows.action_choose()
        else:
            if self._pause is not None:
                self._pause.stop()
            self._begin()

    @on(HitRows.Chosen)
    def _chosen(self, event: HitRows.Chosen) -> None:
        event.stop()
        self.dismiss(event.hit)

    def action_move(self, step: int) -> None:
        """Move the cursor of the rows."""
        self.rows.action_cursor_by(step)

    def action_page(self, direction: int) -> None:
        """Move the cursor by a window of rows."""
        self.rows.action_page(direction)

    def action_leave(self) -> None:
        """Go back without opening anything."""
        self.dismiss(None)


class Searching:
    """Opens the search and what is chosen in it; the next search begins where the last one was left."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._sought = Sought()

    async def ask(self) -> None:
        """Look for a text in the recordings."""
        screen = self._screen
        search = SearchScreen(screen.workspace, screen.session, self._sought)

        def picked(hit: Hit | None) -> None:
            self._sought = search.sought
            if hit is not None:
                self._open(hit)

        await screen.app.push_screen(search, picked)

    def _open(self, hit: Hit) -> None:
        """Show the exchange that was found, where it holds the words, and put the table's cursor on it."""
        screen, row = self._screen, hit.row
        if row.session == screen.session:
            screen.session_pane.table.go_to(row.seq)
        else:
            screen.set_session(row.session, seq=row.seq)
        first = next(iter(hit.spans), (0, 0))
        words = hit.excerpt[slice(*first)]

        def show(exchange: Exchange) -> None:
            screen.show_exchange(exchange, f"{exchange.session} #{exchange.seq}", record=exchange)
            screen.outcome_view.look_for(words, TABS.get(hit.part, Part.EXCHANGE))
            if hit.part == DECODED:
                screen.say(
                    "it is in an encoded string: {edit} opens the event in the editor, {decode} decodes it",
                    edit=key_of("edit-shown-event", screen.keymap),
                    decode=key_of("toggle-decoded", screen.keymap),
                )
            screen.focus_pane(Where.OUTCOME)

        screen.in_thread(lambda: screen.workspace.store.get(row.session, row.seq), show, group="exchange")
