"""The themes: what is written can be read."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from fgtui.tui.styles.themes import NAMED, THEMES

READABLE = 4.5
"""Contrast of text by the web's guidelines; what is only a hint may have less."""
VISIBLE = 3.0
"""Contrast of signs beside a text, such as line numbers, by the same guidelines."""
HIGH = 7.0
"""Contrast of all text in the themes of high contrast."""
BACKGROUND_INKS = {"ink-found", "ink-guarded"}
SHADED = [theme for theme in THEMES if not theme.ansi]
CONTRASTING = [NAMED["dark-contrast"], NAMED["light-contrast"]]


def contrast(one: Color, other: Color) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: Color) -> float:
    channels = [
        channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4 for channel in color.normalized
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def variables(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def grounds(theme: Theme) -> dict[str, Color]:
    """What text stands on, but for the cursor and the selection, which bring an ink of their own."""
    found, background = variables(theme), Color.parse(theme.background or "")
    return {
        "background": background,
        "panel": Color.parse(found["panel"]),
        "blurred cursor": Color.parse(found["block-cursor-blurred-background"]),
        "cursor's line": background + Color.parse(theme.foreground or "").with_alpha(0.06),
    }


def texts(theme: Theme) -> dict[str, Color]:
    """All that text is written in, by name."""
    found = variables(theme)
    names = {name for name in theme.variables if name.startswith("ink-")} - BACKGROUND_INKS
    names |= {"foreground", "foreground-muted", "primary", "secondary", "error", "success", "warning", "accent",
              "text-error"}  # fmt: skip
    return {name: Color.parse(found[name]) for name in names}


@pytest.mark.parametrize("theme", SHADED, ids=lambda theme: theme.name)
def test_text_can_be_read_on_all_it_stands_on(theme: Theme) -> None:
    least = HIGH if theme in CONTRASTING else READABLE
    for on, ground in grounds(theme).items():
        for name, ink in texts(theme).items():
            wanted = VISIBLE if name == "ink-faint" and theme not in CONTRASTING else least
            assert contrast(ground + ink, ground) >= wanted, (name, on)


@pytest.mark.parametrize("theme", SHADED, ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("block-cursor-foreground", "block-cursor-background"),
        ("input-selection-foreground", "input-selection-background"),
        ("foreground", "ink-found"),
        ("foreground", "ink-guarded"),
    ],
)
def test_cursor_selection_and_marks_can_be_read_and_told_from_the_background(
    theme: Theme, ink: str, ground: str
) -> None:
    found = variables(theme)
    least = HIGH if theme in CONTRASTING else READABLE
    assert contrast(Color.parse(found[ink]), Color.parse(found[ground])) >= least
    assert found[ground] != theme.background


@pytest.mark.parametrize("theme", CONTRASTING, ids=lambda theme: theme.name)
def test_borders_can_be_seen_in_high_contrast(theme: Theme) -> None:
    background = Color.parse(theme.background or "")
    for name in ("border", "border-blurred", "border-guarded", "border-blurred-guarded", "scrollbar"):
        assert contrast(Color.parse(variables(theme)[name]), background) >= VISIBLE, name


@pytest.mark.parametrize("theme", SHADED, ids=lambda theme: theme.name)
def test_the_borders_of_a_guarded_workbench_can_be_seen_and_are_other_ones(theme: Theme) -> None:
    found, background = variables(theme), Color.parse(theme.background or "")
    for name in ("border", "border-blurred"):
        assert contrast(Color.parse(found[f"{name}-guarded"]), background) >= VISIBLE, name
        assert found[f"{name}-guarded"] != found[name]


def test_the_terminals_own_colours_are_all_that_its_theme_has() -> None:
    theme = NAMED["ansi"]
    own = [theme.primary, theme.secondary, theme.accent, theme.success, theme.warning, theme.error, theme.foreground,
           theme.background, theme.surface, theme.panel, theme.boost,
           *(value for name, value in theme.variables.items() if "style" not in name)]  # fmt: skip
    assert all(value is not None and value.startswith("ansi_") for value in own)


@pytest.mark.parametrize("theme", SHADED, ids=lambda theme: theme.name)
def test_a_guarded_target_can_be_told_from_every_other_line(theme: Theme) -> None:
    background = Color.parse(theme.variables["ink-guarded"])
    others = {
        theme.background,
        theme.panel,
        *(value for name, value in theme.variables.items() if "background" in name),
    }
    assert all(background != Color.parse(other) for other in others if other)
