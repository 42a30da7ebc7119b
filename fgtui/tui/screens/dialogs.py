"""The questions the workbench asks: choose one of many, type a line, agree to something.

Each is a modal screen that ends with its answer, ``None`` when a person gives up. Imported when first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from rich.cells import cell_len
from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from fgtui.errors import FgtuiError
from fgtui.terminal.display import displayable, displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.screens.modal import Modal
from fgtui.tui.styles.inks import Piece, cut, inks_of
from fgtui.tui.widgets.row_list import RowList
from fgtui.tui.widgets.safe_input import SafeInput
from fgtui.tui.widgets.text_view import TextView, shown
from fgtui.words import Uncut, say

T = TypeVar("T")

LEAST_DETAIL = 10
"""Cells below which what is left of a detail says nothing."""
FRAME = """
    {name} {{ align: center middle; background: $background 60%; }}
    {name} > #frame {{
        width: 76; max-width: 96%; height: auto; max-height: 90%;
        border: round $border; border-title-color: $border; border-subtitle-color: $foreground-muted;
        background: $surface; padding: 0 1;
    }}
"""


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One thing to choose. ``text``, ``detail`` and ``keys`` are raw text."""

    value: T
    text: str
    detail: str = ""
    keys: str = ""
    """Keys that do the same without this list, or the letter that chooses it here."""
    also: str = ""
    """Other words that find it: what it is called in settings, and in English."""
    is_current: bool = False
    """Whether it is what is in force: the cursor starts there, and choosing it changes nothing."""
    why_not: str = ""
    """Why it cannot be chosen now; it is drawn dim, and that beside it."""


class ChoiceRows(RowList):
    """The choices that are left by what was typed."""

    DEFAULT_CSS = """
    ChoiceRows { height: auto; min-height: 1; max-height: 18; }
    """

    def __init__(self, choices: Sequence[Choice[Any]]) -> None:
        super().__init__()
        self.choices = choices
        self.hint = ""
        """What stands there while no choice is left."""
        self.can_focus = False

    def on_mount(self) -> None:
        """Measure the rows, and begin at what is in force."""
        self.rows_changed(cursor=self.current())

    def current(self) -> int:
        """The row of what is in force; the first when none is."""
        return next((index for index, choice in enumerate(self.choices) if choice.is_current), 0)

    def _cursor_style(self, index: int) -> Style | None:
        """Draw the cursor as the one keys move: they do, through the line above."""
        return inks_of(self.app)["cursor"] if index == self.cursor else None

    def row_count(self) -> int:
        """How many are left."""
        return len(self.choices)

    def row(self, index: int, width: int) -> Sequence[Piece]:
        """Text, detail, and the keys at the right."""
        choice = self.choices[index]
        keys = f"{choice.keys} " if choice.keys else ""
        if cell_len(displayable_line(f"{choice.text}  {choice.why_not}{keys}")) + 2 > width:  # one key says as much
            keys = f"{choice.keys.split()[0]} " if choice.keys.split() else ""
        room = width - cell_len(displayable_line(keys)) - 1
        text = displayable_line(choice.text)
        if cell_len(text) > room - 1:  # the keys stay
            text = cut(text, max(1, room - 1))
        pieces: list[Piece] = [("▸" if choice.is_current else " ", "accent"), (text, "muted" if choice.why_not else "")]
        used = 1 + cell_len(text)
        beside = choice.why_not or choice.detail
        detail = displayable_line(f"  {beside}")
        if beside and used + min(LEAST_DETAIL, cell_len(detail)) < room:
            while cell_len(detail) > room - used:
                detail = detail[: max(1, len(detail) - (cell_len(detail) - (room - used)) - 1)] + "…"
            pieces.append((detail, "muted"))
            used += cell_len(detail)
        pieces += [(" " * max(1, width - used - cell_len(displayable_line(keys))), ""), (keys, "accent")]
        return pieces

    def empty(self) -> Sequence[Sequence[Piece]]:
        """Why there is nothing to choose."""
        return (((f" {self.hint}", "muted"),),)

    def row_chosen(self, index: int) -> None:
        """End with the choice, if it will do."""
        assert isinstance(self.screen, Chooser)
        self.screen.agree(self.choices[index])


class Chooser(Modal[Choice[T] | None]):
    """A list that typing narrows. ``text`` is said above it, and ``free`` makes a choice of typed text that no row
    stands for.

    ``refuse`` says why a choice will not do; the list stays open then, with what was typed.
    """

    DEFAULT_CSS = (
        FRAME.format(name="Chooser")
        + """
    Chooser { align: center top; }  /* what is typed in stays where it is, however few rows are left */
    Chooser > #frame { margin-top: 2; max-height: 88%; }
    Chooser Input, Chooser Input:focus { border: none; height: 1; padding: 0; margin-bottom: 1; background: $panel; }
    Chooser Static { display: none; height: auto; margin-top: 1; color: $error; }
    Chooser Static.-failed { display: block; }
    Chooser #about { display: block; margin: 0 0 1 0; color: $foreground; }
    Chooser.-low > #frame { margin-top: 0; }
    Chooser.-low #about { margin: 0; max-height: 30vh; }
    Chooser.-low Input { margin: 0; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.CHOOSER)]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice[T]],
        *,
        placeholder: str | None = None,
        free: Callable[[str], Choice[T]] | None = None,
        refuse: Callable[[Choice[T]], str] | None = None,
        letters: bool = False,
        text: str = "",
        typed: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._choices = tuple(choices)
        self._text = text
        self._free = free
        self._refuse = refuse
        self._letters = letters
        self.rows = ChoiceRows(self._choices)
        """The rows."""
        placeholder = say("type to narrow") if placeholder is None else placeholder
        self._line = SafeInput(typed, placeholder=placeholder, compact=True, select_on_focus=not typed)
        self._why = Static(markup=False)

    def compose(self) -> ComposeResult:
        """A line to type in, unless letters choose, and the rows."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(displayable_line(self._title))
            keys = keys_in(self.app, leave="chooser-leave")
            frame.border_subtitle = Content(say("Enter chooses, {leave} leaves", keys))
            if self._text:
                yield Static(Content(displayable(self._text)), markup=False, id="about")
            if not self._letters:
                yield self._line
            yield self.rows
            yield self._why

    def on_mount(self) -> None:
        """Put the keys where they belong."""
        if self._letters:
            self.rows.can_focus = True
            self.rows.focus()
        elif self._line.value:
            self._narrow_to(self._line.value)
            self._line.cursor_position = len(self._line.value)

    def on_key(self, event: events.Key) -> None:
        """Choose by letter, where letters choose; the key is nobody else's then."""
        if not self._letters or not event.character:
            return
        for choice in self._choices:
            if choice.keys == event.character:
                event.stop()
                self.agree(choice)
                return

    def agree(self, choice: Choice[T]) -> None:
        """End with the choice, or say why it will not do."""
        why = choice.why_not or ("" if self._refuse is None else self._refuse(choice))
        if why:
            self._why.update(Content(displayable(f"✗ {why}")))
            self._why.add_class("-failed")
        else:
            self.dismiss(choice)

    def offer(self, choices: Sequence[Choice[T]]) -> None:
        """Offer these instead; what was typed meanwhile narrows them, and the cursor stays on its choice."""
        self._choices = tuple(choices)
        if not self.is_attached:
            return
        if self._letters:
            self.rows.choices = self._choices
            self.rows.rows_changed()
            return
        before = [choice.value for choice in self.rows.choices[self.rows.cursor :][:1]]
        self._narrow_to(self._line.value)
        for index, choice in enumerate(self.rows.choices):
            if choice.value in before:
                self.rows.cursor = index

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._why.remove_class("-failed")
        self._narrow_to(event.value)

    def _narrow_to(self, typed: str) -> None:
        found: list[Choice[T]] = narrowed(self._choices, typed)
        known = any(choice.text == typed.strip() for choice in found)
        if self._free is not None and typed.strip() and not known:
            found.append(self._free(typed))
        self.rows.choices = found
        self.rows.hint = say("nothing matches") if typed.strip() else ""
        self.rows.rows_changed(cursor=0 if typed.strip() else self.rows.current())
        self.rows.refresh(layout=True)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self.rows.action_choose()

    def action_move(self, step: int) -> None:
        """Move the cursor of the rows."""
        self.rows.action_cursor_by(step)

    def action_page(self, direction: int) -> None:
        """Move the cursor by a window of rows."""
        self.rows.action_page(direction)

    def action_give_up(self) -> None:
        """End without a choice."""
        self.dismiss(None)


def narrowed(choices: Sequence[Choice[T]], typed: str) -> list[Choice[T]]:
    """The choices that hold every typed word; first what the typed key does, then what the words fit best."""
    words = typed.casefold().split()
    if not words:
        return list(choices)

    def rank(choice: Choice[T]) -> int | None:
        if typed.strip() in choice.keys.split() or words[0] in choice.keys.casefold().split():
            return -1
        text, also = choice.text.casefold(), f"{choice.detail}\n{choice.also}".casefold()
        ranks = [_rank(word, text, also, fuzzy=bool(choice.also)) for word in words]
        return None if None in ranks else sum(filter(None, ranks)) + (0 if text.startswith(words[0]) else 1)

    ranked = [(found, choice) for choice in choices if (found := rank(choice)) is not None]
    return [choice for _, choice in sorted(ranked, key=lambda each: each[0])]


def _rank(word: str, text: str, also: str, *, fuzzy: bool) -> int | None:
    """How far from what was meant ``word`` is, 0 the nearest; ``None`` where it is not found at all."""
    if word in text:
        at = text.find(word)
        return 0 if at == 0 or not text[at - 1].isalnum() or f" {word}" in text else 2
    if word in also:
        return 3
    if fuzzy:  # the first letters of words in their order, as gtp for "go to path"
        for held in (text, *also.split("\n")):
            starts = iter(each[0] for each in held.replace("-", " ").split() if each)
            if len(word) > 1 and all(letter in starts for letter in word):
                return 6
    return None


class Prompt(Modal[str | None]):
    """One line of text. ``check`` raises ``FgtuiError`` for an answer that will not do, and its words are shown."""

    DEFAULT_CSS = (
        FRAME.format(name="Prompt")
        + """
    Prompt Input, Prompt Input:focus { border: none; height: 1; padding: 0; background: $panel; }
    Prompt > #frame { overflow-y: auto; }
    Prompt Static { color: $foreground-muted; height: auto; }
    Prompt.-guarded > #frame { border: double $error; border-title-color: $error; }
    Prompt.-guarded Static { color: $foreground; }
    Prompt #why { display: none; color: $error; }
    Prompt #why.-failed { display: block; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.PROMPT)]

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        hint: str = "",
        why: str = "",
        check: Callable[[str], object] | None = None,
    ) -> None:
        """``why`` says what is wrong with ``value``, which has been tried."""
        super().__init__()
        self._title = title
        self._value = value
        self._hint = hint
        self._why = Static(markup=False, id="why")
        self._check = check
        if why:
            self._refuse(why)

    def compose(self) -> ComposeResult:
        """The line, and what is said about it."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(displayable_line(self._title))
            keys = keys_in(self.app, leave="prompt-leave")
            frame.border_subtitle = Content(say("Enter agrees, {leave} leaves", keys))
            yield SafeInput(self._value, compact=True)
            yield self._why
            yield Static(Content(displayable(self._hint)), markup=False)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            if self._check is not None:
                self._check(event.value)
        except FgtuiError as error:
            self._refuse(error_words(error))
        else:
            self.dismiss(event.value)

    def _refuse(self, why: str) -> None:
        """Say it above the hint, which still says what is wanted."""
        self._why.add_class("-failed")
        self._why.update(Content(displayable(f"✗ {why}")))

    def action_give_up(self) -> None:
        """End without an answer."""
        self.dismiss(None)


class Question(Modal[bool]):
    """A yes or a no, with what it is about to be read first. No is what Esc says, and where the focus is."""

    DEFAULT_CSS = (
        FRAME.format(name="Question")
        + """
    Question TextView { height: auto; max-height: 16; margin: 1 0; }
    Question.-low TextView { max-height: 40vh; margin: 0; }
    Question.-one-column Button { min-width: 4; margin-left: 1; }
    Question Horizontal { height: auto; align-horizontal: right; }
    Question Button { margin-left: 2; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.QUESTION)]

    def __init__(self, title: str, text: str, *, yes: str = "", no: str = "") -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._yes = yes or say("Yes")
        self._no = no or say("No")

    def compose(self) -> ComposeResult:
        """What it is about, and the two answers."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(displayable_line(self._title))
            keys = keys_in(self.app, yes="question-yes", no="question-no")
            frame.border_subtitle = Content(say("{yes} agrees, {no} does not", keys))
            yield TextView()
            with Horizontal():
                yield Button(Content(f"{self._no} (n)"), id="no", compact=True)
                yield Button(Content(f"{self._yes} (y)"), id="yes", compact=True)

    def on_mount(self) -> None:
        """Show the text; no yes by a stray Enter."""
        self.query_one(TextView).show(shown(self._text, wraps=True))
        self.query_one("#no").focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """End with the answer."""
        self.dismiss(answer)


class Notice(Modal[None]):
    """Something to be read, as long as it takes."""

    DEFAULT_CSS = (
        FRAME.format(name="Notice")
        + """
    Notice TextView { height: auto; max-height: 18; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.NOTICE)]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The text, which scrolls."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(displayable_line(self._title))
            frame.border_subtitle = Content(say("{key} leaves", keys_in(self.app, key="notice-close")))
            yield TextView()

    def on_mount(self) -> None:
        """Show it."""
        view = self.query_one(TextView)
        view.show(shown(self._text, wraps=True))
        view.focus()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()


def error_words(error: FgtuiError) -> str:
    """An error as words, with its way out; one that names flags of the command line is none here."""
    words, hint = say(error.message, error.values), say(error.hint, error.values) if error.hint else ""
    if not hint or " --" in f" {hint}":
        return words
    if words.endswith(("?", "？")):
        return f"{words}{' ' if words.isascii() else ''}{hint}"
    return say("{what}; {hint}", what=Uncut(words), hint=Uncut(hint))
