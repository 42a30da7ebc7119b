"""Every action with its keys, what has the focus first; typing narrows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from fgtui.terminal.wrapping import wrap
from fgtui.tui.actions import (
    PANES,
    WORKBENCH,
    Action,
    Where,
    bindings,
    in_pane,
    key_of,
    keys_in,
    keys_that_arrive,
    spell_all,
)
from fgtui.tui.screens.modal import Modal
from fgtui.tui.styles.inks import Piece, pad
from fgtui.tui.widgets.line_input import LineInput
from fgtui.tui.widgets.text_view import Shown, TextView, shown
from fgtui.words import say

KEYS_WIDTH = 20
NARROW = 52
"""Columns of text below which keys and words do not fit beside each other: the words stand below the keys."""
MOVING = (
    "↑ ↓ PgUp PgDn Home End move in every pane, {next} and {previous} go from pane to pane.",
    "← → move sideways where lines are cut at the edge; in the outcome {wrap} wraps them.",
    "The top line says where an event would go, of a deployed function with endpoint, project and identity.",
    "Where it says GUARDED, each send wants the target's name. ⇄ is the port of the local endpoint.",
    "The mouse clicks, double-clicks and scrolls; with Shift held it selects as the terminal does.",
)
FILTERS = (
    "A filter is JMESPath over the exchange, as in outcome.kind != 'returned' && contains(tags, 'slow').",
    "event.body is the event as it was sent, event.decoded with its encoded strings opened, outcome.result the answer.",
    (
        "Besides JMESPath's functions there are from_json, base64_decode, gunzip and url_decode, and, as Powertools "
        "calls them, powertools_json, powertools_base64 and powertools_base64_gzip. They take text and can be nested."
    ),
    'A search finds all the words, begin* whatever begins so, and "words in quotes" as they stand.',
)
"""What is said below the keys of the session's table."""
WIDEST = 92
AROUND = 8
"""Columns of the screen beside those of the text: the frame, its padding, the bar, and what is left around it."""


KINDS: Mapping[Where, tuple[Where, ...]] = {
    Where.TRIGGERS: (Where.LIST,),
    Where.EVENT: (Where.TEXT, Where.FIND),
    Where.FORM: (Where.LIST, Where.EVENT),
    Where.FIELD: (Where.TEXT, Where.EVENT),
    Where.OUTCOME: (Where.READING,),
    Where.SESSION: (Where.LIST, Where.FILTER),
    Where.FIND: (Where.EVENT,),
    Where.FILTER: (Where.SESSION,),
}
"""What else has keys while a pane has the focus."""


def sections_of(pane: Where) -> tuple[Where, ...]:
    """All of help in the order it is wanted while ``pane`` has the focus."""
    return tuple(dict.fromkeys((pane, Where.EVERYWHERE, *KINDS.get(pane, ()), Where.PROGRAM, *WORKBENCH, *Where)))


class HelpScreen(Modal[None]):
    """The keys of some places, the first of which is what has the focus."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen > #frame {
        width: 92; max-width: 100%; height: 90%;
        border: round $border; border-title-color: $border; border-subtitle-color: $foreground-muted;
        background: $surface; padding: 0 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.HELP)]

    def __init__(self, sections: Sequence[Where], keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._sections = tuple(sections)
        self._keymap = keymap
        self._columns = 0
        self._wanted = ""

    def compose(self) -> ComposeResult:
        """The text, which scrolls."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(say("Help: {pane}", pane=say(PANES[self._sections[0]].title)))
            keys = keys_in(self.app, narrow="help-narrow", close="help-close")
            frame.border_subtitle = Content(say("{narrow} narrows, {close} closes", keys))
            yield TextView()

    def on_mount(self) -> None:
        """Put the keys where they belong."""
        self.query_one(TextView).focus()

    def on_resize(self) -> None:
        """Show it as it fits, from its start where that is otherwise than before."""
        columns = min(WIDEST, self.size.width) - AROUND
        if columns != self._columns:
            self._columns = columns
            self._show()

    def _show(self) -> None:
        text = help_text(self._sections, self._keymap, columns=self._columns, wanted=self._wanted)
        self.query_one(TextView).show(text)

    async def action_narrow(self) -> None:
        """Bring the line whose words narrow the text."""
        if not self.query(LineInput):
            line = LineInput(self._wanted, placeholder=say("an action, a key or its setting"))
            await self.query_one("#frame").mount(line, before=0)
            line.focus()

    @on(LineInput.Typed)
    def _typed(self, event: LineInput.Typed) -> None:
        event.stop()
        self._wanted = event.value
        self._show()

    @on(LineInput.Done)
    def _done(self, event: LineInput.Done) -> None:
        event.stop()
        if not event.agreed and self._wanted:
            self._wanted = ""
            self._show()
        event.line_input.remove()
        self.query_one(TextView).focus()

    def action_close(self) -> None:
        """Go back: from what was narrowed to all of it, from there to where it was asked for."""
        if self._wanted:
            self._wanted = ""
            self._show()
        else:
            self.dismiss()

    def action_keys(self) -> None:
        """Go back: what would be said stands here."""
        self.dismiss()


def help_text(
    sections: Sequence[Where], keymap: Mapping[str, str], *, columns: int = WIDEST - AROUND, wanted: str = ""
) -> Shown:
    """The actions of those places in lines that fit, with the names that settings know them by where there is room.

    With ``wanted``, those alone that have all its words in what they do, in their keys or in their name, which is said.
    """
    rows: list[list[Piece]] = []
    for where in sections:
        actions = [action for action in in_pane(where) if _is_wanted(action, keymap, wanted)]
        if wanted.strip() and not actions:
            continue
        about = PANES[where]
        rows += [[(say(about.title), "strong")], *_wrapped(say(about.about), "muted", columns), []]
        for action in sorted(actions, key=lambda action: not keys_that_arrive(action, keymap)):
            rows += _rows(action, keymap, columns, is_named=bool(wanted.strip()))
        if where is Where.SESSION and not wanted.strip():
            rows += [[], *(row for words in FILTERS for row in _wrapped(say(words), "muted", columns))]
        rows.append([])
    if not rows:
        rows = [[(say("nothing matches"), "muted")]]
    elif Where.SESSION in sections and not wanted.strip():
        names = {"next": "next-pane", "previous": "previous-pane", "wrap": "wrap-lines"}
        keys = {hole: key_of(name, keymap) for hole, name in names.items()}
        rows += [row for words in MOVING for row in _wrapped(say(words, keys), "muted", columns)]

    def paint(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
        pieces: list[Piece] = []
        at = 0
        for text, ink in rows[index]:
            pieces.append((text[max(0, start - at) : max(0, end - at)], ink))
            at += len(text)
        return pieces

    return shown("\n".join("".join(text for text, _ in row) for row in rows), paint)


def _is_wanted(action: Action, keymap: Mapping[str, str], wanted: str) -> bool:
    words = wanted.casefold().split()
    if not words:
        return True
    held = f"{say(action.words)}\n{action.words}\n{action.id}\n{spell_all(keys_that_arrive(action, keymap))}".casefold()
    return all(word in held for word in words)


def _rows(action: Action, keymap: Mapping[str, str], columns: int, *, is_named: bool) -> list[list[Piece]]:
    """Keys and words beside each other where there is room, else the words below, indented; at the right the name,
    where there is room for it or it ``is_named`` in any case.
    """
    keys = spell_all(keys_that_arrive(action, keymap)) or say("(palette)")
    name: Piece = (action.id, "muted")
    if columns < NARROW:
        return [
            *_wrapped(keys, "accent", columns),
            *([("    ", ""), (row[0][0].lstrip(), "")] for row in _wrapped(say(action.words), "", columns - 2)),
            *([[("    ", ""), name]] if is_named else []),
        ]
    rows: list[list[Piece]] = [
        [("  " + " " * KEYS_WIDTH, ""), (row[0][0].lstrip(), "")]
        for row in _wrapped(say(action.words), "", columns - KEYS_WIDTH)
    ]
    if cell_len(keys) < KEYS_WIDTH:
        rows[0][0] = ("  " + pad(keys, KEYS_WIDTH), "accent")
    else:
        rows = [*_wrapped(keys, "accent", columns), *rows]
    room = columns - sum(cell_len(text) for text, _ in rows[-1]) - len(action.id)
    if room < 2:
        if not is_named:
            return rows
        rows.append([])
        room = columns - len(action.id)
    rows[-1] += [(" " * max(0, room), ""), name]
    return rows


def _wrapped(words: str, ink: str, columns: int) -> list[list[Piece]]:
    return [[(f"  {line}", ink)] for line in wrap(words, max(20, columns - 2))]
