"""Draws one line of a widget from pieces of text, and makes every piece displayable on the way.

Widgets that draw line by line hand their text here as it is: this is their last step before the screen
(reliability, section 2), and the only place that turns a name such as ``"muted"`` into the theme's colour.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color, ColorParseError
from textual.strip import Strip

from fgtui.terminal.display import displayable_line

Piece = tuple[str, str]
"""Raw text and the name of its ink; ``""`` is the widget's own colour."""

_WITHOUT_THEME = {
    "ink-muted": "foreground-darken-3",
    "ink-faint": "foreground-darken-3",
    "ink-accent": "primary-lighten-2",
    "ink-good": "success",
    "ink-warn": "warning",
    "ink-bad": "error",
    "ink-key": "primary-lighten-2",
    "ink-string": "success",
    "ink-number": "warning",
    "ink-literal": "secondary-lighten-2",
    "ink-found": "warning-darken-3",
    "ink-guarded": "error-darken-3",
}
"""What stands in under a theme that is not ours."""
_BACKGROUNDS = {
    "cursor": ("block-cursor-background", "block-cursor-foreground"),
    "cursor-blurred": ("block-cursor-blurred-background", ""),
    "found": ("ink-found", "foreground"),
    "head": ("panel", "ink-muted"),
    "guarded": ("ink-guarded", "foreground"),
}
"""Inks with a background, and their foreground; without one the pieces below keep theirs."""
_WITHOUT_COLOUR = {
    "cursor": Style(reverse=True),
    "cursor-blurred": Style(underline=True),
    "found": Style(reverse=True),
    "head": Style(bold=True),
    "guarded": Style(reverse=True),
    "muted": Style(dim=True),
    "faint": Style(dim=True),
    "bad": Style(bold=True),
}
"""NO_COLOR leaves attributes, so what must be told apart still is."""
_IN_ANSI = {
    "cursor": Style(reverse=True),
    "cursor-blurred": Style(underline=True),
    "found": Style(reverse=True),
    "head": Style(bold=True),
    "guarded": Style(color="bright_white", bgcolor="red", bold=True),
    "muted": Style(dim=True),
    "faint": Style(dim=True),
}
"""The terminal's own colours have no shades: attributes stand for them."""
_IN_FEW_COLOURS = {
    "guarded": Style(color="#ffffff", bgcolor="#aa0000"),
}
"""A terminal of 16 colours takes the nearest of its own, which of a dark or a pale red is a grey: this is its red."""
UNDERLINED = "underlined "
"""Before the name of an ink: the same, underlined."""


class Inks:
    """The theme's colours by name, as Rich styles."""

    def __init__(self, app: App[Any]) -> None:
        self._variables = app.get_css_variables()
        self._colourless = app.no_color
        self._is_ansi = app.current_theme.ansi
        self._has_few_colours = not app.is_headless and app.console.color_system in {"standard", "windows"}
        self._styles: dict[str, Style] = {"": Style(), "strong": Style(bold=True)}

    def __getitem__(self, name: str) -> Style:
        style = self._styles.get(name)
        if style is None:
            style = self._styles[name] = self._make(name)
        return style

    def _make(self, name: str) -> Style:
        if name.startswith(UNDERLINED):
            return self[name.removeprefix(UNDERLINED)] + Style(underline=True)
        if self._colourless:
            return _WITHOUT_COLOUR.get(name, Style())
        if self._is_ansi and name in _IN_ANSI:
            return _IN_ANSI[name]
        if self._has_few_colours and name in _IN_FEW_COLOURS:
            return _IN_FEW_COLOURS[name]
        if name in _BACKGROUNDS:
            background, foreground = _BACKGROUNDS[name]
            return Style.from_color(self._colour(foreground) if foreground else None, self._colour(background))
        return Style.from_color(self._colour(f"ink-{name}"))

    def _colour(self, variable: str) -> Any:
        value = self._variables.get(variable) or self._variables.get(_WITHOUT_THEME.get(variable, "foreground"), "")
        try:
            colour = Color.parse(value)
        except ColorParseError:  # "auto 87%": contrast with whatever is behind, which only a style sheet knows
            return None
        if colour.ansi is not None:
            return colour.rich_color
        return (Color.parse(self._variables["background"]) + colour).rich_color


_MADE: WeakKeyDictionary[App[Any], tuple[str, Inks]] = WeakKeyDictionary()


def inks_of(app: App[Any]) -> Inks:
    """The inks of the theme in force, made once for each theme."""
    made = _MADE.get(app)
    if made is None or made[0] != app.theme:
        made = _MADE[app] = (app.theme, Inks(app))
    return made[1]


def draw(pieces: Iterable[Piece], width: int, inks: Inks, base: Style, over: Style | None = None) -> Strip:
    """One line of exactly ``width`` cells; what does not fit is cut with an ellipsis.

    ``base`` is the widget's own style; ``over`` lies above every piece (a cursor).
    """
    fill = base if over is None else base + over
    segments: list[Segment] = []
    left = width
    for text, ink in pieces:
        if left <= 0:
            break
        shown = displayable_line(text)
        cells = cell_len(shown)
        if cells > left:
            shown, cells = cut(shown, left), left
        style = base + inks[ink]
        segments.append(Segment(shown, style if over is None else style + over))
        left -= cells
    if left > 0:
        segments.append(Segment(" " * left, fill))
    return Strip(segments, width)


def cut(shown: str, width: int) -> str:
    """Displayable text in exactly ``width`` cells, with an ellipsis where it was cut."""
    if cell_len(shown) <= width:
        return set_cell_size(shown, width)
    kept = set_cell_size(shown[:width], max(0, width - 1))
    if kept.endswith(" ") and shown[len(kept) - 1] != " ":  # half of a wide character: the blank goes behind the sign
        return kept[:-1] + "… "
    return kept + "…"[:width]


def cut_left(shown: str, width: int) -> str:
    """Displayable text in at most ``width`` cells: its end, with an ellipsis where it was cut."""
    if cell_len(shown) <= width:
        return shown
    while shown and cell_len(shown) > width - 1:
        shown = shown[max(1, (cell_len(shown) - width + 1) // 2) :]
    return "…" + shown


def fit(text: str, width: int) -> str:
    """Raw text as a column of exactly ``width`` cells."""
    return cut(displayable_line(text), width)


def fit_end(text: str, width: int) -> str:
    """The same at the right edge of its column, as numbers and what stands above them are."""
    shown = displayable_line(text)
    return " " * max(0, width - cell_len(shown)) + (shown if cell_len(shown) <= width else cut(shown, width))


def pad(text: str, width: int) -> str:
    """Raw text and blanks up to ``width`` cells; a longer one stays whole."""
    shown = displayable_line(text)
    return shown + " " * max(0, width - cell_len(shown))
