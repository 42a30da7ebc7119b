"""Every action with its keys, the focused pane's first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from fgtui.tui.actions import PANES, Where, in_pane, keys_in_force, spell_all
from fgtui.tui.styles.inks import Piece
from fgtui.tui.widgets.text_view import Shown, TextView, shown

KEYS_WIDTH = 24
MOVING = (
    "↑ ↓ PgUp PgDn Home End move in every pane, Tab and Shift+Tab go from pane to pane.",
    "The mouse clicks, double-clicks and scrolls; with Shift held it selects as the terminal does.",
)


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
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,f1,enter", "close", show=False)]

    def __init__(self, pane: Where, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._pane = pane
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """The text, which scrolls."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(f"Help: {PANES[self._pane].title}")
            frame.border_subtitle = Content("Esc closes")
            yield TextView()

    def on_mount(self) -> None:
        """Show it."""
        view = self.query_one(TextView)
        view.show(help_text(self._pane, self._keymap))
        view.focus()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()


def help_text(pane: Where, keymap: Mapping[str, str]) -> Shown:
    """The actions by pane, that pane's first, then those that work everywhere, then the rest."""
    lines: list[tuple[str, str]] = []
    for where in dict.fromkeys((pane, Where.EVERYWHERE, *Where)):
        about = PANES[where]
        lines += [(about.title, "strong"), (f"  {about.about}", "muted"), ("", "")]
        for action in in_pane(where):
            keys = spell_all(keys_in_force(action, keymap)) or "(palette)"
            lines.append((f"  {keys:<{KEYS_WIDTH}}{action.words}", "keys"))
        lines.append(("", ""))
    lines += [(line, "muted") for line in MOVING]

    def paint(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
        kind = lines[index][1]
        if kind != "keys":
            return ((line[start:end], kind),)
        split = min(max(KEYS_WIDTH + 2, start), end)
        return ((line[start:split], "accent"), (line[split:end], ""))

    return shown("\n".join(text for text, _ in lines), paint)
