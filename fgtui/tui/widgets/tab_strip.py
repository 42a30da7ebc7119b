"""One line of names of which one is chosen: by click, by key, or by whoever owns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from fgtui.terminal.display import displayable_line
from fgtui.tui.styles.inks import Piece, cut, draw, inks_of

GAP = "  "


class TabStrip(Widget):
    """The names, the chosen one in bold between signs, so that it is told without colour."""

    DEFAULT_CSS = """
    TabStrip { height: 1; width: 1fr; background: $surface; }
    """

    chosen: reactive[int] = reactive(0)

    @dataclass
    class Picked(Message):
        """A name was clicked."""

        index: int
        tab_strip: TabStrip

        @property
        def control(self) -> TabStrip:
            """The strip it happened in."""
            return self.tab_strip

    def __init__(self, names: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002 Textual's name for it
        super().__init__(id=id)
        self._names = tuple(names)

    def _shown(self) -> tuple[list[str], str]:
        """The names as they fit, and what stands between them: nothing where it is narrow, then all are cut alike.

        The chosen one is cut last, so that the narrowest strip still says which it is.
        """
        names, width = [displayable_line(name) for name in self._names], self.size.width
        longest = max(map(cell_len, names), default=0)
        for most, gap in [(longest, GAP), *((most, "") for most in range(longest, 1, -1))]:
            cuts = [name if at == self.chosen or cell_len(name) <= most else cut(name, most).rstrip()
                    for at, name in enumerate(names)]  # fmt: skip
            if sum(1 + cell_len(name) + len(gap) for name in cuts) - len(gap) <= width:
                return cuts, gap
        return [name if at == self.chosen else name[:1] for at, name in enumerate(names)], ""

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        pieces: list[Piece] = []
        names, gap = self._shown()
        for index, name in enumerate(names):
            if index == self.chosen:
                pieces.append((f"▸{name}", "strong"))
            else:
                pieces.append((f" {name}", "muted"))
            pieces.append((gap, ""))
        return draw(pieces, self.size.width, inks_of(self.app), self.rich_style)

    def starts(self) -> list[int]:
        """The column at which each name begins, that of its sign; only of those that are in sight."""
        starts, at = [], 0
        names, gap = self._shown()
        for name in names:
            starts.append(at)
            at += 1 + cell_len(name) + len(gap)
        return [start for start in starts if start < self.size.width]

    def pick(self, index: int) -> None:
        """Do as if a name was clicked."""
        self.post_message(self.Picked(index, self))

    def on_click(self, event: events.Click) -> None:
        """Say which name was clicked."""
        starts = self.starts()
        index = next((index for index, start in reversed([*enumerate(starts)]) if start <= event.x), None)
        names, gap = self._shown()
        if index is not None and event.x < starts[index] + 1 + cell_len(names[index]) + len(gap):
            self.pick(index)
