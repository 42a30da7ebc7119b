"""Two lines to type in below a text: what to find, and what to put in its place. Imported when it is first wanted.

It finds nothing itself: it says what is wanted and shows what it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from fgtui.terminal.display import displayable
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.text.finding import Search
from fgtui.tui.widgets.safe_input import SafeInput
from fgtui.words import say

HISTORY = 50
"""Searches that are remembered while the workbench runs."""


class Sign(Static, can_focus=True):
    """A word or two to be pressed: by the mouse, or by Enter or Space where it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", show=False)]
    FOCUS_ON_CLICK = False

    @dataclass
    class Pressed(Message):
        """It was pressed."""

        sign: Sign

        @property
        def control(self) -> Sign:
            """The sign."""
            return self.sign

    def __init__(self, words: str, *, id: str, switches: bool = False) -> None:  # noqa: A002
        super().__init__(markup=False, id=id)
        self._words = words
        self._switches = switches
        self.is_on = False
        self.turn(on=False)

    def explain(self, about: str) -> None:
        """Say what pressing it does, where the mouse rests on it; raw text."""
        self.tooltip = Content(about)

    def turn(self, *, on: bool) -> None:
        """Show it as in force or not, where it switches something."""
        self.is_on = on
        self.set_class(on, "-on")
        self.update(Content(("✓" if on else " ") + self._words if self._switches else self._words))

    def action_press(self) -> None:
        """Press it."""
        if self._switches:
            self.turn(on=not self.is_on)
        self.post_message(self.Pressed(self))

    def on_click(self, event: events.Click) -> None:
        """The same by the mouse."""
        event.stop()
        self.action_press()


class HintedInput(SafeInput):
    """A line whose placeholder is the first of several that there is room for; the last one where there is for none."""

    def __init__(self, value: str = "", *, id: str) -> None:  # noqa: A002 Textual's name
        super().__init__(value, compact=True, id=id)
        self.hints: Sequence[str] = ()
        """The longest first."""

    def on_resize(self, event: events.Resize) -> None:
        """Choose the placeholder for the room there is."""
        self._fit()

    def _fit(self) -> None:
        room = self.content_size.width
        self.placeholder = next((hint for hint in self.hints if cell_len(hint) <= room), self.hints[-1])

    def hint(self, hints: Sequence[str]) -> None:
        """Have other placeholders, the longest first."""
        self.hints = hints
        self._fit()


class FindBar(Vertical):
    """What is to be found and how; with ``replaces``, by what it is to be replaced."""

    DEFAULT_CSS = """
    FindBar { height: auto; background: $panel; }
    FindBar Horizontal { height: 1; }
    FindBar Input.-textual-compact { width: 1fr; height: 1; border: none; padding: 0 1; background: $surface; }
    FindBar Input:focus { background-tint: transparent; }
    FindBar Sign { width: auto; height: 1; padding: 0 1 0 0; color: $foreground-muted; background: $panel; }
    FindBar .-press { padding: 0 1; }
    FindBar Sign.-on { color: $foreground; text-style: bold; }
    FindBar Sign:focus { text-style: reverse; }
    FindBar #count { width: auto; min-width: 6; padding: 0 1; color: $foreground; }
    FindBar #replacing { display: none; }
    FindBar.-replaces #replacing { display: block; }
    FindBar #why { display: none; height: auto; padding: 0 1; color: $error; }
    FindBar #why.-said { display: block; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.FIND)]
    KEYS_OF = Where.FIND
    """Whose keys work while the focus is here, as key bar and help say them."""

    @dataclass
    class Changed(Message):
        """Something else is to be found."""

        search: Search
        find_bar: FindBar

        @property
        def control(self) -> FindBar:
            """The bar."""
            return self.find_bar

    @dataclass
    class Stepped(Message):
        """The next match is wanted, or with ``by`` -1 the one before."""

        by: int
        find_bar: FindBar

        @property
        def control(self) -> FindBar:
            """The bar."""
            return self.find_bar

    @dataclass
    class Replaced(Message):
        """The match at the cursor is to be replaced, or every one."""

        by: str
        every: bool
        find_bar: FindBar

        @property
        def control(self) -> FindBar:
            """The bar."""
            return self.find_bar

    @dataclass
    class Reverted(Message):
        """The last change of the text is to be taken back, or with ``by`` 1 made again."""

        by: int
        find_bar: FindBar

        @property
        def control(self) -> FindBar:
            """The bar."""
            return self.find_bar

    @dataclass
    class Closed(Message):
        """No more is to be found."""

        find_bar: FindBar

        @property
        def control(self) -> FindBar:
            """The bar."""
            return self.find_bar

    def __init__(self, search: Search, past: list[str], *, replaces: bool) -> None:
        """``past`` is what was looked for before, the latest last; it grows here."""
        super().__init__()
        self.find_input = HintedInput(search.wanted, id="find")
        self.replace_input = HintedInput(id="replace")
        self._case = Sign("Aa", id="case", switches=True)
        self._word = Sign("W", id="word", switches=True)
        self._expression = Sign(".*", id="expression", switches=True)
        self._this = Sign(say("this one"), id="this")
        self._all = Sign(say("all"), id="all")
        self._count = Static(markup=False, id="count")
        self._why = Static(markup=False, id="why")
        self._case.turn(on=search.minds_case)
        self._word.turn(on=search.is_word)
        self._expression.turn(on=search.is_expression)
        self._told = search
        self._past = past
        self._at = len(past)
        self.set_class(replaces, "-replaces")

    def compose(self) -> ComposeResult:
        """One line to find by, one to replace by, and what is wrong."""
        self._explain()
        with Horizontal():
            yield self.find_input
            yield self._case
            yield self._word
            yield self._expression
            yield self._count
        with Horizontal(id="replacing"):
            yield self.replace_input
            yield self._this.add_class("-press")
            yield self._all.add_class("-press")
        yield self._why

    def _explain(self) -> None:
        """Say which keys do what."""
        keys = keys_in(self.app, before="find-before", every="find-replace-all")
        self.find_input.hint((say("find; Enter next, {before} before", keys), say("find; Enter next"), say("find")))
        groups = (
            say("replace by, $1 a group, $& the match; Enter this one, {every} all", keys),
            say("replace by, $1 a group; Enter this one, {every} all", keys),
            say("replace by, $1 a group"),
        )
        plain = (
            say("replace by; Enter this one, {every} all", keys),
            say("replace by; Enter this one"),
            say("replace by"),
        )
        self.replace_input.hint((*groups, plain[-1]) if self._expression.is_on else plain)
        self._case.explain(say("mind the case ({key})", keys_in(self.app, key="find-case")))
        self._word.explain(say("whole words only ({key})", keys_in(self.app, key="find-word")))
        self._expression.explain(say("regular expression ({key})", keys_in(self.app, key="find-expression")))
        self._this.explain(say("replace the match at the cursor (Enter)"))
        self._all.explain(say("replace every match ({every})", keys))

    @property
    def search(self) -> Search:
        """What is to be found."""
        return Search(self.find_input.value, self._case.is_on, self._word.is_on, self._expression.is_on)

    @property
    def replaces(self) -> bool:
        """Whether it takes what to replace by."""
        return self.has_class("-replaces")

    def open(self, wanted: str, *, replaces: bool) -> None:
        """Take the keys again: for ``wanted``, or for what stands there where that is empty."""
        self.set_class(replaces or self.replaces, "-replaces")
        if wanted:
            self.find_input.value = wanted
        self.screen.set_focus(self.find_input)
        self.find_input.action_select_all()

    def tell(self, count: str, why: str = "") -> None:
        """Show how much was found, and what is wrong."""
        self._count.update(Content(count))
        self._why.set_class(bool(why), "-said")
        self._why.update(Content(displayable(why)))

    # ── what a person does ──────────────────────────────────────────────────────────────────────────────────────────
    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell_changed()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input is self.replace_input:
            self.action_replace(False)
        else:
            self.action_step(1)

    @on(Sign.Pressed)
    def _pressed(self, event: Sign.Pressed) -> None:
        event.stop()
        if event.sign.id in {"this", "all"}:
            self.action_replace(event.sign.id == "all")
        else:
            self._tell_changed()

    def _tell_changed(self) -> None:
        if self.search.is_expression != self._told.is_expression:
            self._explain()
        if self.search != self._told:
            self._told = self.search
            self.post_message(self.Changed(self.search, self))

    def action_switch(self, option: str) -> None:
        """Switch an option."""
        self.query_one(f"#{option}", Sign).action_press()

    def action_step(self, by: int) -> None:
        """Go to the next match, or the one before."""
        self._keep()
        self.post_message(self.Stepped(by, self))

    def action_replace(self, every: bool) -> None:
        """Replace the match at the cursor, or all of them."""
        if self.replaces:
            self._keep()
            self.post_message(self.Replaced(self.replace_input.value, every, self))

    def action_revert(self, by: int) -> None:
        """Take the last change of the text back, or make it again."""
        self.post_message(self.Reverted(by, self))

    def action_close(self) -> None:
        """Find no more."""
        self._keep()
        self.post_message(self.Closed(self))

    def action_next(self, by: int) -> None:
        """Go to the next thing in the bar that takes keys: the lines first."""
        stops = [each for each in (*self.query(SafeInput), *self.query(Sign)) if each.region]
        at = stops.index(self.screen.focused) if self.screen.focused in stops else 0
        self.screen.set_focus(stops[(at + by) % len(stops)])

    def action_remember(self, by: int) -> None:
        """Look for what was looked for before."""
        at = self._at + by
        if 0 <= at < len(self._past):
            self._at = at
            self.find_input.value = self._past[at]
            self.find_input.action_end()

    def _keep(self) -> None:
        wanted = self.find_input.value
        if wanted:
            if wanted in self._past:
                self._past.remove(wanted)
            self._past.append(wanted)
            del self._past[:-HISTORY]
            self._at = len(self._past) - 1
