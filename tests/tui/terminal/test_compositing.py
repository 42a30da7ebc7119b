"""What lies above the panes is drawn whole wherever two of them meet, and what is drawn again is what was drawn."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from fgtui.tui.terminal.compositing import WholeCompositor

SIZE = Size(40, 10)


class Filled(Widget):
    """Each line full of one character of its own."""

    DEFAULT_CSS = "Filled { position: absolute; }"

    def __init__(self, signs: str, place: Region) -> None:
        super().__init__()
        self.signs, self.place = signs, place
        self.asked: set[int] = set()
        self.styles.offset = place.offset
        self.styles.width, self.styles.height = place.size

    def line(self, y: int) -> Strip:
        return Strip([Segment(self.signs[y % len(self.signs)] * self.place.width)]).crop(0, self.place.width)

    def render_line(self, y: int) -> Strip:
        return self.line(y)

    def render_lines(self, crop: Region) -> list[Strip]:
        self.asked.update(crop.translate(self.place.offset).line_range)
        return super().render_lines(crop)


class Toast(Filled):
    """By its name it is known to lie above."""


class WelcomeCard(Filled):
    """By its name, too."""


class Desk(Screen[None]):
    def __init__(self, *widgets: Filled) -> None:
        super().__init__()
        self._compositor = WholeCompositor()
        self.widgets = widgets

    def compose(self) -> ComposeResult:
        yield from self.widgets


class Shown(App[None]):
    def __init__(self, toast: type[Toast] = Toast) -> None:
        super().__init__()
        self.desk = Desk(
            Filled("甲乙丙丁", Region(0, 0, 21, 10)),
            Filled("子丑寅", Region(21, 0, 19, 10)),
            WelcomeCard("一二三", Region(13, 2, 16, 5)),  # over the border of the panes
            toast("A壹贰", Region(16, 4, 21, 4)),  # over the card and both panes
        )

    def lines(self) -> list[str]:
        return [strip.text for strip in self.desk._compositor.render_strips(SIZE)]

    def get_default_screen(self) -> Screen[None]:
        return self.desk

    def wanted(self) -> list[str]:
        """The lines as they have to be: each widget over all before it, cut only by what covers it."""
        lines = []
        for y in range(SIZE.height):
            owners = [[each for each in self.desk.widgets if each.place.contains(x, y)][-1] for x in range(SIZE.width)]
            text, x = "", 0
            while x < SIZE.width:
                owner, end = owners[x], x
                while end < SIZE.width and owners[end] is owner:
                    end += 1
                text += owner.line(y - owner.place.y).crop(x - owner.place.x, end - owner.place.x).text
                x = end
            lines.append(text)
        return lines


async def test_a_card_where_two_panes_meet_is_whole_and_so_is_a_message_over_it() -> None:
    app = Shown()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert app.lines() == app.wanted()
        assert all(cell_len(line) == SIZE.width for line in app.lines())


async def test_what_is_drawn_again_is_what_was_drawn_and_no_other_line_is_asked_for() -> None:
    app = Shown()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        compositor, wanted = app.desk._compositor, app.wanted()
        for x in range(0, SIZE.width, 3):
            for y in range(SIZE.height):
                for widget in app.desk.widgets:
                    widget.asked.clear()
                compositor._dirty_regions = {Region(x, y, 3, 1).intersection(SIZE.region)}
                update = compositor.render_partial_update()
                assert update is not None
                assert {row for widget in app.desk.widgets for row in widget.asked} == {y}
                assert {at for at, _, _ in update.spans} == {y}
                ((_, first, last),) = update.spans
                assert first <= x
                assert last >= min(x + 3, SIZE.width)
                drawn = {column: strip for column, strip in update.chops[y].items() if strip is not None}
                for column, strip in drawn.items():
                    if column < last and column + strip.cell_length > first:
                        end = column + strip.cell_length
                        assert strip.text == Strip([Segment(wanted[y])]).crop(column, end).text, (x, y, column)


@pytest.mark.parametrize("strips", [[], [Strip.blank(21)], [Strip.blank(3)] * 4, [Strip.blank(40)] * 9])
async def test_one_that_was_not_laid_out_yet_covers_its_place_and_nothing_else(strips: list[Strip]) -> None:
    class Late(Toast):
        def line(self, y: int) -> Strip:
            return Strip.blank(self.place.width)

        def render_lines(self, crop: Region) -> list[Strip]:
            return strips

    Late.__name__ = "Toast"
    app = Shown(Late)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        compositor = app.desk._compositor
        assert app.lines() == app.wanted()
        for full in (True, False):
            compositor._dirty_regions = {Region(0, y, SIZE.width, 1) for y in range(3, 9)}
            update = compositor.render_update(full=full)
            assert update is not None
            assert update.render_segments(app.console)
