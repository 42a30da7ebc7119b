"""How far a replay is and what it has come to, in three lines, or a few more where they say why it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from fgtui.terminal.charts import bar, shows_blocks
from fgtui.terminal.display import displayable_line
from fgtui.tui.styles.inks import Piece, draw, inks_of
from fgtui.tui.widgets.text_view import wrapped
from fgtui.words import say, sentence, spell_seconds

if TYPE_CHECKING:
    from fgtui.sessions.replay.run import Tally


LEAST_WIDTH = 10
MOST_LINES = 4
"""Of how it goes; what is longer is cut."""


class TallyLines(Widget):
    """Shows a ``Tally``; its owner sets it as often as it is to be drawn."""

    DEFAULT_CSS = """
    TallyLines { height: 3; width: 1fr; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._tally: Tally | None = None
        self._how = ""
        self._is_over = False
        self._blocks = shows_blocks()

    def show(self, tally: Tally, how: str, *, is_over: bool) -> None:
        """Show a tally, and ``how`` it goes in words of the owner's: raw text."""
        if (tally, how, is_over) != (self._tally, self._how, self._is_over):
            self._tally, self._how, self._is_over = tally, how, is_over
            self._fit()
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Let what is said of the pace have the lines it needs."""
        event.stop()
        self._fit()

    def _fit(self) -> None:
        if not self.size.width:
            return  # before the first layout
        height = 2 + (1 if self._tally is None else len(self._pace(self._tally)))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        pieces: Sequence[Piece] = ()
        if self._tally is not None:
            pace = self._pace(self._tally)[y - 2 : y - 1]
            pieces = self._progress(self._tally) if y == 0 else self._counts(self._tally) if y == 1 else pace
        return draw(pieces, self.size.width, inks_of(self.app), self.rich_style)

    def _progress(self, tally: Tally) -> Sequence[Piece]:
        words = say("{done} of {total}", done=f"{tally.done:,}", total=f"{tally.total:,}")
        percent = f" {100 * tally.done // tally.total if tally.total else 100} %"
        room = max(0, self.size.width - cell_len(words) - len(percent) - 4)
        drawn = bar(tally.done, tally.total, room, blocks=self._blocks)
        return ((f" {words}  ", "strong"), (drawn, "accent"), ("░" * (room - len(drawn)), "faint"), (percent, ""))

    def _counts(self, tally: Tally) -> Sequence[Piece]:
        pieces: list[Piece] = [
            (f" = {tally.same:,} ", "good" if tally.same else "muted"),
            (say("same"), "muted"),
            (f"   ~ {tally.different:,} ", "warn" if tally.different else "muted"),
            (say("different"), "muted"),
        ]
        more = (
            (tally.failed, "✗", sentence("fail now"), "bad"),
            (tally.refused, "⊘", sentence("not sent"), "muted"),
            (tally.unrecorded, "!", sentence("not recorded"), "bad"),
            (tally.earlier, "↻", sentence("done before"), "muted"),
            (tally.first, "·", sentence("never sent before"), "muted"),
            (tally.unknown, "?", sentence("values not comparable"), "muted"),
        )
        for count, sign, words, ink in more:
            if count:
                pieces += [(f"   {sign} {count:,} ", ink), (say(words), "muted")]
        return pieces

    def _pace(self, tally: Tally) -> Sequence[Piece]:
        """A piece for each line."""
        parts = [self._how]
        if tally.per_second and not self._is_over:
            parts.append(say("{rate:,.0f}/s", rate=tally.per_second))
            if tally.seconds_left is not None:
                parts.append(say("{time} left", time=spell_seconds(tally.seconds_left)))
        words = displayable_line(" · ".join(filter(None, parts)))
        columns = wrapped(words, max(self.size.width - 2, LEAST_WIDTH))
        return [(f" {words[start:end]}", "muted") for start, end in islice(columns, MOST_LINES)]
