"""The styles of what is drawn in a row of text, by the names ``row_painter`` calls them."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget

from fgtui.tui.styles.inks import inks_of
from fgtui.tui.text.json_highlight import Kind

INKS: dict[str, tuple[str, Style]] = {
    Kind.KEY: ("key", Style()),
    Kind.CODEC: ("accent", Style(bold=True)),
    Kind.STRING: ("string", Style()),
    Kind.ESCAPE: ("literal", Style()),
    Kind.NUMBER: ("number", Style()),
    Kind.WORD: ("literal", Style()),
    Kind.MARK: ("muted", Style()),
    Kind.COMMENT: ("muted", Style(italic=True)),
    Kind.WRONG: ("bad", Style()),
    "gutter": ("faint", Style()),
    "cursor-gutter": ("muted", Style(bold=True)),
    "hint": ("muted", Style(italic=True)),
    "fold": ("accent", Style(bold=True)),
    "found": ("found", Style()),
    "hostile": ("bad", Style(reverse=True)),
    "error": ("bad", Style(underline=True)),
    "warning": ("", Style(underline=True)),
    "error-sign": ("bad", Style(bold=True)),
    "warning-sign": ("warn", Style(bold=True)),
    "info-sign": ("muted", Style()),
}
"""The ink and the attributes of what is drawn; attributes are what NO_COLOR leaves."""
COMPONENTS = ("cursor-line", "cursor", "selection", "partner")
"""What a style sheet says of a ``code-area--`` component."""


class RowStyles:
    """The styles of one widget, made when they are first wanted."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[tuple[str, ...], Style] = {}

    def forget(self) -> None:
        """Make them anew: the theme, the focus or a class has changed."""
        self._styles = {}

    def __call__(self, *names: str) -> Style:
        """The widget's own style with those called ``names`` over it, in order."""
        style = self._styles.get(names)
        if style is None:
            inks, style = inks_of(self._widget.app), self._widget.rich_style
            for name in names:
                if name in INKS:
                    ink, attributes = INKS[name]
                    style += inks[ink] + attributes
                elif name in COMPONENTS:
                    style += self._component(f"code-area--{name}")
            self._styles[names] = style
        return style

    def _component(self, name: str) -> Style:
        """What a component declares itself, blended with what is behind it."""
        styles = self._widget.get_component_styles(name)
        full = styles.rich_style
        colour = full.color if styles.has_rule("color") and not self._widget.app.no_color else None
        return Style(color=colour, bgcolor=full.bgcolor if styles.has_rule("background") else None) + styles.text_style
