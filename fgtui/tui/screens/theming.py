"""The themes to choose from, each shown as the cursor comes to it. Imported when first needed."""

from __future__ import annotations

from fgtui.tui.screens.dialogs import Choice, Chooser
from fgtui.tui.styles.themes import NAMED
from fgtui.words import say, sentence

ABOUT = {
    "dark": sentence("on a dark background"),
    "light": sentence("on a light background"),
    "dark-contrast": sentence("high contrast, on black"),
    "light-contrast": sentence("high contrast, on white"),
    "ansi": sentence("the terminal's own sixteen colours"),
}
"""What each theme is, beside its name in the settings."""


class ThemeChooser(Chooser[str]):
    """Ends with the chosen theme's name in the settings; whoever leaves it has the theme from before again."""

    DEFAULT_CSS = """
    ThemeChooser { background: transparent; }  /* the theme is to be seen as it is */
    """

    def __init__(self, theme: str) -> None:
        """``theme`` is the name of the theme that is in force, as Textual knows it."""
        choices = [Choice(name, name, say(ABOUT[name]), is_current=NAMED[name].name == theme) for name in NAMED]
        super().__init__(say("Theme"), choices)
        self._before = theme

    def on_mount(self) -> None:
        """Show what the cursor is on."""
        self.watch(self.rows, "cursor", self._show_theme, init=False)

    def _show_theme(self, cursor: int) -> None:
        if self.is_current and self.rows.choices:
            self.app.theme = NAMED[self.rows.choices[min(cursor, len(self.rows.choices) - 1)].value].name

    def agree(self, choice: Choice[str]) -> None:
        """End with the theme that was chosen."""
        self._before = NAMED[choice.value].name
        super().agree(choice)

    def on_unmount(self) -> None:
        """Have the chosen theme in force, or the one from before."""
        self.app.theme = self._before
