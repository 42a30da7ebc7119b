"""Draws what is on a Textual screen as an SVG: every cell where a terminal would put it, nothing fetched from afar.

Textual's own export loads a font from the network and squeezes wide characters into half their room. Here the same
screen always gives the same text: there is no clock, id or path in it, and colours are written as such, so that a diff
of two pictures shows which words or colours have changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from importlib.metadata import version
from itertools import groupby
from typing import Any, NamedTuple

from rich.cells import cell_len, split_graphemes
from rich.color import Color, blend_rgb
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.strip import Strip

FONT_SIZE = 20
CELL_WIDTH = 12.04
"""What DejaVu Sans Mono and Menlo take at that size; other fonts are stretched to it by ``textLength``."""
CELL_HEIGHT = 23
BASELINE = 18
MARGIN = 12
FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', 'PingFang SC', 'Microsoft YaHei', monospace"
_TOGETHER = re.compile("[!-\u024f\u2500-\u259f]+(?: [!-\u024f\u2500-\u259f]+)*")
"""Letters and lines that every monospaced font has in one width. Anything else gets a place of its own."""


class Look(NamedTuple):
    """How a cell looks; colours as ``#rrggbb``."""

    ink: str
    paper: str
    attributes: str = ""
    """As SVG attributes, each with a space before it."""


class Run(NamedTuple):
    """Cells of one row, side by side, that look alike."""

    column: int
    text: str
    look: Look

    @property
    def cells(self) -> int:
        """How many there are."""
        return cell_len(self.text)


def draw(app: App[Any], title: str) -> str:
    """The screen of ``app`` with everything that lies on it, as the text of an SVG."""
    width, height = app.size
    # As App.export_screenshot gets at it; there is no public way to the cells themselves
    update: Any = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)  # noqa: SLF001
    colours = app.theme_variables
    page = Look(colours["foreground"].lower(), colours["background"].lower())
    wide, high = width * CELL_WIDTH + 2 * MARGIN, height * CELL_HEIGHT + 2 * MARGIN
    box = f'viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}"'
    font = f'font-family="{FONTS}" font-size="{FONT_SIZE}" xml:space="preserve"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} {font}>',
        f"<title>{escape(title)}</title>",
        f"<desc>fgtui on Textual {textual_version()}</desc>",
        f'<rect width="{wide:g}" height="{high:g}" rx="8" fill="{page.paper}"/>',
        f'<g transform="translate({MARGIN},{MARGIN})">',
        *svg_lines((Strip.join(strips) for strips in update.strips[:height]), page),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def svg_lines(strips: Iterable[Strip], page: Look) -> Iterator[str]:
    """Rows of a screen as SVG elements, one a line: backgrounds that differ from the page's, then words."""
    rows = [list(_runs(strip.simplify(), page)) for strip in strips]
    for y, row in enumerate(rows):
        yield from _papers(row, y, page)
    for y, row in enumerate(rows):
        yield from _words(row, y)


def textual_version() -> str:
    """The Textual that draws, without its last number: what that changes is not on the screen."""
    return ".".join(version("textual").split(".")[:2])


def made_with(svg: str) -> str:
    """The Textual a picture was taken with."""
    found = re.search("<desc>fgtui on Textual (.*)</desc>", svg)
    return found[1] if found else ""


def words(svg: str) -> list[str]:
    """What a picture says, a line for each row with anything on it, without how it looks."""
    placed = re.findall(r'<text x="[^"]*" y="([^"]*)"[^>]*>([^<]*)</text>', svg)
    return [" ".join(text for _, text in row) for _, row in groupby(placed, key=lambda each: each[0])]


def _runs(segments: Iterable[Segment], page: Look) -> Iterator[Run]:
    column = 0
    for segment in segments:
        if not segment.control and segment.text:
            yield Run(column, segment.text, _look(segment.style or Style(), page))
            column += segment.cell_length


def _look(style: Style, page: Look) -> Look:
    ink, paper = _triplet(style.color, page.ink), _triplet(style.bgcolor, page.paper)
    if style.reverse:
        ink, paper = paper, ink
    if style.dim:
        ink = blend_rgb(ink, paper, 0.4)
    attributes = ""
    if style.bold:
        attributes += ' font-weight="bold"'
    if style.italic:
        attributes += ' font-style="italic"'
    lines = [line for line, is_drawn in (("underline", style.underline), ("line-through", style.strike)) if is_drawn]
    if lines:
        attributes += f' text-decoration="{" ".join(lines)}"'
    return Look(ink.hex, paper.hex, attributes)


def _triplet(colour: Color | None, otherwise: str) -> ColorTriplet:
    if colour is None or colour.is_default:
        colour = Color.parse(otherwise)
    return colour.get_truecolor()


def _papers(row: list[Run], y: int, page: Look) -> Iterator[str]:
    """The backgrounds that differ from the page's."""
    for paper, group in groupby(row, key=lambda run: run.look.paper):
        runs = list(group)
        if paper != page.paper:
            width = sum(run.cells for run in runs) * CELL_WIDTH
            x = runs[0].column * CELL_WIDTH
            yield f'<rect x="{x:.7g}" y="{y * CELL_HEIGHT}" width="{width:.7g}" height="{CELL_HEIGHT}" fill="{paper}"/>'


def _words(row: list[Run], y: int) -> Iterator[str]:
    baseline = y * CELL_HEIGHT + BASELINE
    for run in row:
        for column, text in _placed(run):
            cells = cell_len(text)
            x, width = column * CELL_WIDTH, cells * CELL_WIDTH
            place = f'x="{x:.7g}" y="{baseline}" textLength="{width:.7g}" lengthAdjust="spacingAndGlyphs"'
            if not _TOGETHER.fullmatch(text):
                place = f'x="{x + width / 2:.7g}" y="{baseline}" text-anchor="middle"'
            yield f'<text {place} fill="{run.look.ink}"{run.look.attributes}>{escape(text)}</text>'


def _placed(run: Run) -> Iterator[tuple[int, str]]:
    """The parts of a run that are drawn in one go, each with its column: words, and any sign by itself."""
    column, at = run.column, 0
    while at < len(run.text):
        found = _TOGETHER.match(run.text, at)
        part = found[0] if found else _first_cluster(run.text[at:])
        if not part.isspace():
            yield column, part
        column += cell_len(part)
        at += len(part)


def _first_cluster(text: str) -> str:
    """The first character with whatever joins it to one sign."""
    spans = split_graphemes(text)[0]
    return text[: spans[1][0]] if len(spans) > 1 else text
