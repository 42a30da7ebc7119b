"""What lies above the panes is drawn whole, whatever it and the panes below it have to show at that moment."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from fgtui.tui.terminal.compositing import WholeCompositor, placed


class Pane(Static):
    pass


class Toast(Static):
    """By this name it is known to lie above."""


class TwoPanes(Screen[None]):
    DEFAULT_CSS = """
    TwoPanes { layout: horizontal; layers: default above; }
    Pane { width: 15; height: 6; }
    Toast { layer: above; position: absolute; offset: 7 2; width: 18; height: 2; }
    """

    def __init__(self, toast: Widget) -> None:
        super().__init__()
        self._compositor = WholeCompositor()
        self._toast = toast

    def compose(self) -> ComposeResult:
        yield Pane("左" * 50)
        yield Pane("右" * 50)
        yield self._toast


class Stage(App[None]):
    def __init__(self, toast: Widget) -> None:
        super().__init__()
        self._screen = TwoPanes(toast)

    def on_mount(self) -> None:
        self.push_screen(self._screen)

    def lines(self) -> list[str]:
        return ["".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()]

    def painted(self, *, full: bool) -> str:
        self.screen._compositor._dirty_regions = {Region(0, 2, 30, 1), Region(0, 3, 30, 1)}
        update = self.screen._compositor.render_update(full=full)
        return update.render_segments(self.console) if update is not None else ""


async def test_a_wide_character_of_it_is_not_cut_where_a_pane_below_ends() -> None:
    app = Stage(Toast("上" * 18))
    async with app.run_test(size=(30, 6)):
        assert app.lines()[2] == "左左左 " + "上" * 9 + "右右 "
        for full in (True, False):
            assert "上" * 9 in app.painted(full=full)


@pytest.mark.parametrize("strips", [[], [Strip.blank(18)], [Strip.blank(3)] * 2, [Strip.blank(40)] * 3])
async def test_one_that_was_not_laid_out_yet_covers_its_place_and_nothing_else(strips: list[Strip]) -> None:
    class Late(Toast):
        def render_lines(self, crop: Region) -> list[Strip]:
            return strips

    Late.__name__ = "Toast"
    app = Stage(Late())
    async with app.run_test(size=(30, 6)):
        for _ in range(2):
            assert [cell_len(line) for line in app.lines()] == [30] * 6
            assert app.lines()[2] == app.lines()[3] == "左左左 " + " " * 18 + "右右 "
            assert app.painted(full=True)
            assert app.painted(full=False)


def test_what_follows_an_emoji_of_doubtful_width_is_put_into_its_column_and_its_cells_are_blank_before() -> None:
    plain = "\x1b[3;5H\x1b[1m中│文\x1b[0m\n"
    assert placed(plain) == plain
    assert placed("\x1b[3;5H中\x1b[1ma❤\ufe0fb1\ufe0f\u20e3│") == (
        "\x1b[3;5H中\x1b[1ma  \x1b[8G❤\ufe0f\x1b[10Gb  \x1b[11G1\ufe0f\u20e3\x1b[13G│"
    )


@given(
    st.lists(
        st.sampled_from(["中", "a", "\x1b[31m", "❤\ufe0f", "👍🏽", "🇨🇳", "\x1b]8;;x\x1b\\", "\n\x1b[2;1H"]), max_size=12
    )
)
def test_placing_adds_only_blanks_and_columns(parts: list[str]) -> None:
    output = "\x1b[1;1H" + "".join(parts)
    assert re.sub(r" *\x1b\[\d+G", "", placed(output)) == output


async def test_both_kinds_of_updates_are_placed() -> None:
    app = Stage(Toast("❤\ufe0f"))
    async with app.run_test(size=(30, 6)):
        assert all("\x1b[8G❤\ufe0f\x1b[10G" in app.painted(full=full) for full in (True, False))
