"""Puts a screen together without cutting wide characters of what lies above the panes, and line by line.

Textual cuts every line at every edge of every widget in it, those that are covered too, and a wide character in which
such a cut falls becomes two spaces: a card over the border of two panes would lose words. It also takes for granted
that a terminal gives every emoji the cells that Rich does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len, split_graphemes
from rich.console import Console
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from fgtui.regex import regex

ABOVE = frozenset(("Toast", "WelcomeCard"))
"""Classes of widgets that lie above the panes, opaque; by name, since they are loaded when first wanted."""

Render = tuple[Region, Region, list[Strip]]
"""A widget's region, the region it is clipped to, and its lines there."""


_DOUBTFUL = regex("[\u200d\ufe0f\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]")
"""What makes one emoji of several characters, or a wide one of a narrow: terminals differ in the cells it takes."""
_TOKEN = regex(
    r"(?P<move>\x1b\[\d+;(?P<column>\d+)H)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x1b]*\x1b\\|\n|(?P<text>[^\x1b\n]+)"
)


def placed(output: str) -> str:
    """``output``, with what follows an emoji that a terminal may measure differently put into its own column.

    Where the emoji takes less than it should, the rest is blank.
    """
    if _DOUBTFUL.search(output) is None:
        return output
    column = 1
    parts: list[str] = []
    for token in _TOKEN.finditer(output):
        if token["move"]:
            column = int(token["column"])
        text = token["text"]
        if text is None or _DOUBTFUL.search(text) is None:
            parts.append(token[0])
            column += cell_len(text or "")
            continue
        for start, end, cells in split_graphemes(text)[0]:
            cluster = text[start:end]
            if _DOUBTFUL.search(cluster):
                cluster = f"{' ' * cells}\x1b[{column}G{cluster}\x1b[{column + cells}G"
            parts.append(cluster)
            column += cells
    return "".join(parts)


class PlacedLines(LayoutUpdate):
    """All lines, with cells that are where they belong whatever a terminal makes of an emoji."""

    def render_segments(self, console: Console) -> str:
        """What is written to the terminal."""
        return placed(super().render_segments(console))


class PlacedParts(ChopsUpdate):
    """Parts of lines, likewise."""

    def render_segments(self, console: Console) -> str:
        """What is written to the terminal."""
        return placed(super().render_segments(console))


class WholeCompositor(Compositor):
    """One whose lines are not cut inside what lies above, nor moved by what a line begins with."""

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """Everything."""
        update = super().render_full_update(simplify)
        return PlacedLines(update.strips, update.region)

    def _above(self) -> list[Region]:
        """Where something lies above the panes, the topmost first."""
        return [
            region.intersection(clip)
            for widget, (region, clip) in self.visible_widgets.items()
            if type(widget).__name__ in ABOVE
        ]

    @property
    def cuts(self) -> list[list[int]]:
        """The columns at which each line is cut: none inside what lies above but the edges of what covers it."""
        if self._cuts is None:
            cuts, above = super().cuts, self._above()
            for index, region in enumerate(above):
                edges = {edge for over in above[:index] for edge in (over.x, over.right)}
                for y in range(region.y, min(region.bottom, len(cuts))):
                    cuts[y] = [cut for cut in cuts[y] if cut in edges or not region.x < cut < region.right]
            return cuts
        return self._cuts

    def render_partial_update(self) -> ChopsUpdate | None:
        """What has changed; of what lies above whole lines, since half of one could end in half a character."""
        for over in self._above():
            changed = [region.intersection(over) for region in self._dirty_regions if region.overlaps(over)]
            lines = {y for part in changed for y in part.line_range}
            self._dirty_regions |= {Region(over.x, y, over.width, 1) for y in lines}
        update = super().render_partial_update()
        return None if update is None else PlacedParts(update.chops, update.spans, update.chop_ends)

    def _get_renders(self, crop: Region | None = None) -> Iterable[Render]:
        """Of each widget the lines that ``crop`` has a part of; Textual asks every one there is for all of its own."""
        above: list[Region] = []
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            covers = [over for over in above if over.overlaps(shown)]
            is_above = type(widget).__name__ in ABOVE
            if is_above:
                above.append(shown)
            if crop is not None:
                shown = shown.intersection(Region(shown.x, crop.y, shown.width, crop.height))
            if not shown or (crop is not None and not crop.overlaps(shown)):
                continue
            strips = widget.render_lines(shown.translate(-region.offset))
            if is_above:
                strips = _filled(strips, shown)
            yield from _uncovered(shown, strips, covers) if covers else ((shown, shown, strips),)


def _filled(strips: list[Strip], shown: Region) -> list[Strip]:
    """As many lines, each as wide, as cover what is below: one that has not been laid out yet may have none."""
    blank = [Strip.blank(shown.width)] * (shown.height - len(strips))
    return [*(strip.adjust_cell_length(shown.width) for strip in strips[: shown.height]), *blank]


def _uncovered(shown: Region, strips: list[Strip], covers: list[Region]) -> Iterator[Render]:
    """The parts of a widget's lines that nothing above it covers."""
    for y, strip in zip(shown.line_range, strips, strict=False):
        start = shown.x
        for over in sorted(over for over in covers if over.y <= y < over.bottom):
            if over.x > start:
                yield _part(strip, shown.x, start, over.x, y)
            start = max(start, over.right)
        if start < shown.right:
            yield _part(strip, shown.x, start, shown.right, y)


def _part(strip: Strip, x: int, start: int, end: int, y: int) -> Render:
    part = Region(start, y, end - start, 1)
    return part, part, [strip.crop(start - x, end - x)]
