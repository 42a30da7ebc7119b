"""One line drawn: exact in its cells, displayable in every piece."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual.app import App

from fgtui.tui.styles.inks import Inks, cut, draw, fit, inks_of
from fgtui.tui.styles.themes import THEMES
from tests.tui.hostile import HOSTILE, shows_no_control
from tests.tui.stage import Stage

NAMES = ("", "strong", "muted", "faint", "accent", "good", "warn", "bad", "key", "string", "number", "literal", "found",
         "cursor", "cursor-blurred", "head", "guarded")  # fmt: skip


THEMES_BY_NAME = {theme.name: theme for theme in THEMES}


def an_app(theme: str | None = None) -> App[None]:
    stage = Stage()
    for each in THEMES:
        stage.register_theme(each)
    if theme is not None:
        stage.theme = theme
    return stage


@given(st.lists(st.tuples(st.text(max_size=30), st.sampled_from(NAMES)), max_size=5), st.integers(0, 60))
def test_a_line_has_exactly_its_cells(pieces: list[tuple[str, str]], width: int) -> None:
    strip = draw(pieces, width, INKS, Style())
    assert strip.cell_length == width
    assert cell_len(strip.text) == width


INKS = Inks(an_app())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_control_character_is_drawn(text: str) -> None:
    assert shows_no_control(draw([(text, "")], 200, INKS, Style()).text)
    assert shows_no_control(fit(text, 20))


@pytest.mark.parametrize(("text", "width", "shown"), [
    ("abc", 5, "abc  "), ("abcdef", 4, "abc…"), ("对象存储", 5, "对象…"), ("对象", 3, "对…"), ("abc", 0, ""), ("abc", 1, "…"),
])  # fmt: skip
def test_a_column_is_cut_with_an_ellipsis(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


@pytest.mark.parametrize("theme", [None, *(each.name for each in THEMES)])
@pytest.mark.parametrize("colourless", [False, True])
def test_every_ink_has_a_style_in_every_theme(theme: str | None, colourless: bool) -> None:
    app = an_app(theme)
    app.no_color = colourless
    inks = Inks(app)
    for name in NAMES:
        assert isinstance(inks[name], Style)
    assert inks["cursor"] != inks[""], "the cursor must be seen"
    if colourless:
        assert all(inks[name].color is None and inks[name].bgcolor is None for name in NAMES)


def test_inks_follow_the_theme() -> None:
    app = an_app(THEMES[0].name)
    dark = inks_of(app)
    assert inks_of(app) is dark
    app.theme = THEMES[1].name
    assert inks_of(app)["good"] != dark["good"]


@pytest.mark.parametrize("theme", [each.name for each in THEMES])
def test_sixteen_colours_have_one_of_their_own_for_what_is_guarded(theme: str) -> None:
    app = an_app(theme)
    app.console = Console(color_system="standard")
    inks = Inks(app)
    numbers = {}
    for name in ("guarded", "head", "cursor", "cursor-blurred"):
        background = inks[name].bgcolor
        assert background is not None or THEMES_BY_NAME[theme].ansi
        numbers[name] = None if background is None else background.downgrade(ColorSystem.STANDARD).number
    assert numbers.pop("guarded") == 1
    assert 1 not in numbers.values()
