"""The themes: what is written can be read."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from fgtui.tui.styles.themes import THEMES

READABLE = 4.5
"""Contrast of text by the web's guidelines; what is only a hint may have less."""
VISIBLE = 3.0
"""Contrast of signs beside a text, such as line numbers, by the same guidelines."""


def contrast(one: Color, other: Color) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: Color) -> float:
    channels = [
        channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4 for channel in color.normalized
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_text_can_be_read_on_its_background(theme: Theme) -> None:
    background = Color.parse(theme.background or "")
    for name, value in theme.variables.items():
        if name.startswith("ink-") and name not in {"ink-faint", "ink-found", "ink-guarded"}:
            assert contrast(Color.parse(value), background) >= READABLE, name
    assert contrast(Color.parse(theme.foreground or ""), background) >= READABLE
    assert contrast(Color.parse(theme.variables["ink-faint"]), background) >= VISIBLE


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_guarded_target_can_be_read_and_told_from_every_other_line(theme: Theme) -> None:
    background = Color.parse(theme.variables["ink-guarded"])
    assert contrast(Color.parse(theme.foreground or ""), background) >= READABLE
    others = {
        theme.background,
        theme.panel,
        *(value for name, value in theme.variables.items() if "background" in name),
    }
    assert all(background != Color.parse(other) for other in others if other)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_cursor_can_be_read_and_told_from_its_surroundings(theme: Theme) -> None:
    background = Color.parse(theme.variables["block-cursor-background"])
    assert contrast(Color.parse(theme.variables["block-cursor-foreground"]), background) >= READABLE
    assert background != Color.parse(theme.background or "")
