"""Every action with its keys, the focused pane's first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from fgtui.terminal.wrapping import wrap
from fgtui.tui.actions import PANES, Where, bindings, in_pane, keys_that_arrive, spell_all
from fgtui.tui.styles.inks import Piece, pad
from fgtui.tui.widgets.text_view import Shown, TextView, shown
from fgtui.words import say

KEYS_WIDTH = 20
NARROW = 52
"""Columns of text below which keys and words do not fit beside each other: the keys stand below the words."""
MOVING = (
    "↑ ↓ PgUp PgDn Home End move in every pane, Tab and Shift+Tab go from pane to pane.",
    "← → move sideways where lines are cut at the edge; in the outcome w wraps them.",
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


class HelpScreen(ModalScreen[None]):
    """Help for one pane, then for the others."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen > #frame {
        width: 92; max-width: 98%; height: 90%;
        border: round $border; border-title-color: $border; border-subtitle-color: $foreground-muted;
        background: $surface; padding: 0 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.HELP), *bindings(Where.DIALOG)]

    def __init__(self, pane: Where, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._pane = pane
        self._keymap = keymap
        self._columns = 0

    def compose(self) -> ComposeResult:
        """The text, which scrolls."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(say("Help: {pane}", pane=say(PANES[self._pane].title)))
            frame.border_subtitle = Content(say("Esc closes"))
            yield TextView()

    def on_mount(self) -> None:
        """Put the keys where they belong."""
        self.query_one(TextView).focus()

    def on_resize(self) -> None:
        """Show it as it fits, from its start where that is otherwise than before."""
        columns = min(WIDEST, self.size.width) - AROUND
        if columns != self._columns:
            self._columns = columns
            self.query_one(TextView).show(help_text(self._pane, self._keymap, columns=columns))

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()

    def action_keys(self) -> None:
        """Go back: what F1 would say stands here."""
        self.dismiss()


def help_text(pane: Where, keymap: Mapping[str, str], *, columns: int = WIDEST - AROUND) -> Shown:
    """The actions by pane, that pane's first, then those that work everywhere, then the rest, in lines that fit."""
    lines: list[tuple[str, str]] = []
    splits: dict[int, int] = {}
    for where in dict.fromkeys((pane, Where.EVERYWHERE, *Where)):
        about = PANES[where]
        lines += [(say(about.title), "strong"), *_wrapped(say(about.about), "muted", columns), ("", "")]
        for action in in_pane(where):
            keys = spell_all(keys_that_arrive(action, keymap)) or say("(palette)")
            if columns < NARROW:
                lines += [*_wrapped(say(action.words), "", columns), *_wrapped(keys, "accent", columns)]
            else:
                first, *more = _wrapped(say(action.words), "keys", columns - KEYS_WIDTH)
                head = "  " + pad(keys, KEYS_WIDTH)
                splits[len(lines)] = len(head)
                lines += [(head + first[0].lstrip(), "keys")]
                lines += [(" " * KEYS_WIDTH + line, "keys") for line, _ in more]
        if where is Where.SESSION:
            lines += [("", ""), *(line for words in FILTERS for line in _wrapped(say(words), "muted", columns))]
        lines.append(("", ""))
    for words in MOVING:
        lines += _wrapped(say(words), "muted", columns)

    def paint(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
        kind = lines[index][1]
        if kind != "keys":
            return ((line[start:end], kind),)
        split = min(max(splits.get(index, 0), start), end)
        return ((line[start:split], "accent"), (line[split:end], ""))

    return shown("\n".join(text for text, _ in lines), paint)


def _wrapped(words: str, ink: str, columns: int) -> list[tuple[str, str]]:
    return [(f"  {line}", ink) for line in wrap(words, max(20, columns - 2))]
