"""Find and replace in the event: what the bar wants is looked for in a thread, and shown in the editor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from fgtui.errors import FgtuiError, UsageError
from fgtui.tui.actions import keys_in
from fgtui.tui.text.document import Difference, Lines, Location, Moment, Snapshot, difference
from fgtui.tui.text.finding import MATCH_LIMIT, Matches, Search, Stop, found, replaced, replacement
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.find_bar import FindBar
from fgtui.words import plural, say

if TYPE_CHECKING:
    from textual.timer import Timer

    from fgtui.tui.screens.event.view import EventView
    from fgtui.tui.widgets.code_area import CodeArea

Answer = TypeVar("Answer")

LONGEST_WANTED = 200
"""Characters of a selection that is looked for when the bar opens."""
PAUSE_SECONDS = 0.05
"""How long nothing may be typed before the text is looked through: an expression costs a process."""
ALONE = 50_000
"""Characters of plain text that are looked through at once, between two keys."""


class EventFinding:
    """One bar below one editor. Knows what was looked for last when the bar has gone."""

    def __init__(self, pane: EventView) -> None:
        self._pane = pane
        self._bar: FindBar | None = None
        self._search = Search("", *(name in pane.find_options for name in Search._fields[1:]))
        self._past: list[str] = []
        """What was looked for, the latest last."""
        self._matches: Matches | None = None
        self._of: Moment | None = None
        """The text that ``_matches`` is about."""
        self._stop = Stop()
        self._replacing = Stop()
        self._is_looking = False
        self._then = 0
        """A step that waits for matches."""
        self._origin: Location | None = None
        """Where what is being typed is looked for from."""
        self._why = ""
        self._timer: Timer | None = None

    @property
    def _area(self) -> CodeArea:
        return self._pane.editor.area

    @property
    def bar(self) -> FindBar | None:
        """The bar while it is there."""
        return self._bar

    @property
    def wanted(self) -> str:
        """What was looked for last; empty when nothing was."""
        return self._search.wanted

    @property
    def is_looking(self) -> bool:
        """Whether more may be found of what is wanted now."""
        return self._is_looking or self._timer is not None

    @property
    def options(self) -> tuple[str, ...]:
        """What is minded, as the names of ``Search``'s fields that are true."""
        return tuple(name for name in self._search._fields if getattr(self._search, name) is True)

    # ── the bar ─────────────────────────────────────────────────────────────────────────────────────────────────────
    async def open(self, *, replaces: bool) -> None:
        """Ask what to find: what is selected, else what was looked for last.

        While the bar has the keys, what is selected is a match, and what finds it stays.
        """
        area = self._area
        start, end = area.caret.span
        wanted = ""
        is_new = self._bar is None or area.has_focus
        if is_new and start.row == end.row and 0 < end.column - start.column <= LONGEST_WANTED:
            wanted = area.selected_text
        self._origin = start
        if self._bar is None:
            if wanted:
                self._search = Search(wanted, self._search.minds_case, self._search.is_word)
            self._bar = FindBar(self._search, self._past, replaces=replaces)
            await self._pane.mount(self._bar, after=self._pane.editor)
            wanted = ""
        self._bar.open(wanted, replaces=replaces)
        self._look()

    def close(self) -> None:
        """The editor has the keys again, the cursor at what was found; before anything was, where it had been."""
        bar, self._bar = self._bar, None
        if bar is not None:
            bar.remove()
        if self.is_looking and self._matches is None and self._origin is not None:
            self._area.move_to(self._origin)
        self._cancel()
        self._stop_timer()
        self._area.show_found(None)
        self._area.focus()

    def stop(self) -> None:
        """End what is under way, for good."""
        self._cancel()
        self._replacing.set()

    def changed(self, search: Search) -> None:
        """Something else is wanted: go to the first of it from where the bar was opened."""
        self._search = search
        self._matches = None
        self._why = ""
        self._origin = self._origin or self._area.caret.span[0]
        self._then = 0
        if self._is_quick(self._area.document.length):
            self._stop_timer()
            self._look()
        else:
            self._look_soon()
            self._show()

    def _is_quick(self, length: int) -> bool:
        """Whether a text of so many characters is looked through at once."""
        return length <= ALONE and not self._search.is_expression

    def text_changed(self) -> None:
        """The text is another one: the matches are no longer known."""
        if self._bar is not None and self._of != self._now:
            self._origin = None
            self._look_soon()

    @property
    def _now(self) -> Moment:
        return self._area.document.moment

    # ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _look_soon(self) -> None:
        self._cancel()
        self._stop_timer()
        self._timer = self._pane.set_timer(PAUSE_SECONDS, self._look)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _cancel(self) -> None:
        self._stop.set()
        self._is_looking = False

    def _look(self, begin: int = 0) -> None:
        """Look the whole text through, from ``begin`` on."""
        self._cancel()
        self._timer = None
        search = self._search
        if not search.wanted:
            self._matches, self._why = None, ""
            self._show()
            return
        now = self._now
        snapshot = self._area.document.snapshot()
        stop = self._stop = Stop()
        self._is_looking = True

        def told(matches: Matches | None, why: str, *, is_last: bool) -> None:
            if stop.is_set or now != self._now:
                return
            self._is_looking = not is_last
            self._why = why
            if matches is not None:
                self._matches, self._of = matches, now
            self._show()
            self._go_where_wanted()

        def tell() -> Iterator[tuple[Matches | None, str]]:
            try:
                for matches in found(_text_of(snapshot), search, begin, stop):
                    yield matches, ""
            except FgtuiError as error:
                yield None, f"✗ {say(error.message, error.values)}"

        if self._is_quick(snapshot.length):
            for matches, why in tell():
                told(matches, why, is_last=True)
            return

        def look() -> None:
            last: tuple[Matches | None, str] = (None, "")
            for last in tell():
                self._pane.call_later(partial(told, *last, is_last=False))
            self._pane.call_later(partial(told, *last, is_last=True))

        self._show()
        in_thread(self._pane, look, lambda _: None, group="find")

    def _go_where_wanted(self) -> None:
        """Carry out what has waited for matches; where the bar is being typed into, go to the first match."""
        matches = self._matches
        if matches is None:
            return
        if self._then:
            by, self._then = self._then, 0
            self.step(by)
        elif self._origin is not None and self._bar is not None:
            index = matches.first_from(self._origin)
            if index is None and not self._is_looking and len(matches):
                index = 0
            if index is not None:
                self._select(matches, index)

    def step(self, by: int) -> None:
        """Select the next match after the cursor, or before it with ``by`` -1; around the ends."""
        self._origin = None
        matches = self._matches if self._of == self._now else None
        if matches is None or (self._is_looking and not len(matches)):
            self._then = by
            if not self._is_looking:
                self._look()
            return
        start, end = self._area.caret.span
        index = self._beyond(matches, start, end) if by > 0 else matches.last_before(start)
        if index is None:
            index = self._around(matches, by)
        if index is not None:
            self._select(matches, index)

    @staticmethod
    def _beyond(matches: Matches, start: Location, end: Location) -> int | None:
        """The match after a selection; after one that was found empty, not the same again."""
        index = matches.first_from(end)
        if index is not None and matches.place(index) == (start, end):
            index = index + 1 if index + 1 < len(matches) else None
        return index

    def _around(self, matches: Matches, by: int) -> int | None:
        """The first match of all, or the last; None while it is looked for, or when there is none."""
        if by > 0 and not matches.is_complete and len(matches) == MATCH_LIMIT:
            self._then = by
            self._look(begin=matches.ends[-1])
            return None
        if matches.begin:
            self._then = by
            self._area.move_to(Location(0, 0) if by > 0 else matches.location(matches.starts[0]))
            self._look()
            return None
        if not len(matches):
            return None
        return 0 if by > 0 else len(matches) - 1

    def _select(self, matches: Matches, index: int) -> None:
        self._area.select(*matches.place(index), center=True)
        self._show()

    def _show(self) -> None:
        """Tell the bar how much there is, and mark it in the text."""
        matches = self._matches if self._of == self._now else None
        if self._bar is not None:
            self._area.show_found(matches)
            self._bar.tell(self._count(matches), self._why)
        elif matches is not None and not len(matches) and not self._is_looking:
            self._pane.notify(say("the event does not hold {wanted}", wanted=self._search.wanted), markup=False)
        elif self._why:
            self._pane.notify(self._why, markup=False)

    def _count(self, matches: Matches | None) -> str:
        if self._why or not self._search.wanted:
            return ""
        if matches is None:
            return "…"
        if not len(matches):
            return "…" if self._is_looking else say("none")
        index = matches.at(*self._area.caret.span)
        is_more = not matches.is_complete or matches.begin > 0
        if is_more and not self._is_looking:
            return say("over {count:,}", count=len(matches))
        more = "…" if self._is_looking else ""
        if index is None:
            return f"{len(matches):,}{more}"
        return say("{number:,} of {count:,}", number=index + 1, count=len(matches)) + more

    # ── replacing ───────────────────────────────────────────────────────────────────────────────────────────────────
    def replace(self, by: str, *, every: bool) -> None:
        """Replace the match at the cursor and go to the next one; or every match, as one step of the history."""
        area, search = self._area, self._search
        matches = self._matches if self._of == self._now else None
        if area.read_only or not search.wanted:
            return
        if every:
            self._replace_all(by)
            return
        index = None if matches is None else matches.at(*area.caret.span)
        if matches is None or index is None:
            self.step(1)
            return
        start, end = area.caret.span
        span = matches.starts[index], matches.ends[index]
        self._change(
            lambda text: replacement(text, search, by, *span, stop=self._replacing),
            lambda new: self._put(start, end, new),
        )

    def _put(self, start: Location, end: Location, new: str) -> None:
        self._area.replace(start, end, new)
        self._then = 1
        self._origin = None
        self._look()

    def _replace_all(self, by: str) -> None:
        """Made of the text in a thread; what differs is all that is changed, and the cursor stays with its text."""
        area, search, cursor = self._area, self._search, self._area.cursor

        def work(text: str) -> tuple[int, Difference | None, Location]:
            done = replaced(text, search, by, Lines(text).offset(cursor), self._replacing)
            return done.replaced, difference(text, done.text, "\n"), _location(done.text, done.offset)

        def put(done: tuple[int, Difference | None, Location]) -> None:
            count, found_difference, place = done
            if area.carry_out(found_difference):
                area.move_to(place)
            if not count:
                self._pane.notify(say("replaced {count:,} places", count=0), markup=False)
            else:
                one, many = "replaced {count:,} place; {key} undoes it", "replaced {count:,} places; {key} undoes it"
                undo = keys_in(self._pane.app, key="find-undo" if self._bar is not None else "undo")
                self._pane.notify(say(plural(count, one, many), undo, count=count), markup=False)
            self._origin = None
            self._look()

        self._change(work, put)

    def _change(self, work: Callable[[str], Answer], put: Callable[[Answer], None]) -> None:
        """``put`` what ``work`` makes of the text, unless that has changed meanwhile; say what went wrong."""
        now, snapshot = self._now, self._area.document.snapshot()

        def done(answer: Answer) -> None:
            if now == self._now:
                put(answer)
            else:
                self._fail(UsageError("the text has changed meanwhile; nothing was replaced"))

        if self._is_quick(snapshot.length):
            done(work(_text_of(snapshot)))
        else:
            in_thread(self._pane, lambda: work(_text_of(snapshot)), done, self._fail, group="replace")

    def _fail(self, error: FgtuiError) -> None:
        self._why = f"✗ {say(error.message, error.values)}"
        self._show()


def _text_of(snapshot: Snapshot) -> str:
    """The text with line feeds as line breaks."""
    return snapshot.text.replace("\r\n", "\n") if snapshot.newline == "\r\n" else snapshot.text


def _location(text: str, offset: int) -> Location:
    row = text.count("\n", 0, offset)
    return Location(row, offset - (text.rfind("\n", 0, offset) + 1))
