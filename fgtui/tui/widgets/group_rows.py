"""The groups of a statistics, a row each, with as many figures as there is room for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from fgtui.tui.styles.inks import Piece, fit, fit_end
from fgtui.tui.widgets.row_list import RowList
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.sessions.statistics import Group

GAP = "  "
SHORTEST_NAME = 14


class Figure(NamedTuple):
    """One column: its name, its cells, when it goes for want of room, and what it says."""

    name: str
    cells: int
    rank: int
    show: Callable[[Group], Piece]


def _count(count: int, ink: str = "") -> Piece:
    return (f"{count:,}" if count else "·", ink if count else "faint")


def _ms(value: float | None) -> Piece:
    return ("", "") if value is None else (f"{value:,.1f}", "")


FIGURES = (
    Figure("invoked", 9, 0, lambda group: _count(group.invocations)),
    Figure("errors", 8, 1, lambda group: _count(group.errors, "bad")),
    Figure("failed", 7, 2, lambda group: (f"{group.fail_percent:.1f} %", "bad" if group.errors else "muted")),
    Figure("rejected", 8, 7, lambda group: _count(group.rejections, "warn")),
    Figure("avg ms", 9, 3, lambda group: _ms(group.average_ms)),
    Figure("p50", 9, 6, lambda group: _ms(group.p50_ms)),
    Figure("p95", 9, 4, lambda group: _ms(group.p95_ms)),
    Figure("p99", 9, 8, lambda group: _ms(group.p99_ms)),
    Figure("max", 9, 5, lambda group: _ms(group.max_ms)),
)


class GroupRows(RowList):
    """Groups with their figures, the most invocations first."""

    head_lines = 1

    @dataclass
    class Highlighted(Message):
        """The cursor is on another group."""

        group: Group
        group_rows: GroupRows

        @property
        def control(self) -> GroupRows:
            """The rows it happened in."""
            return self.group_rows

    def __init__(self) -> None:
        super().__init__()
        self.groups: tuple[Group, ...] = ()
        """What is shown."""
        self.by = ""
        """What the groups have in common; raw text."""
        self.hint = ""
        """What stands there while there are none; raw text."""

    def show(self, groups: tuple[Group, ...]) -> None:
        """Show these groups; the cursor stays on the group of its name, or on the first."""
        name = self.groups[self.cursor].name if self.cursor else ""
        self.groups = groups
        names = [group.name for group in groups]
        self.rows_changed(cursor=names.index(name) if name in names else 0)
        if groups:
            self.row_highlighted(self.cursor)

    def row_count(self) -> int:
        """How many groups there are."""
        return len(self.groups)

    def row_highlighted(self, index: int) -> None:
        """Say which group the cursor is on."""
        self.post_message(self.Highlighted(self.groups[index], self))

    def head(self, line: int, width: int) -> Sequence[Piece]:
        """The names of the columns."""
        figures = self._figures(width)
        name = fit(f" {self.by}", self._name_cells(width, figures))
        return ((name + "".join(GAP + fit_end(say(figure.name), figure.cells) for figure in figures), ""),)

    def row(self, index: int, width: int) -> Sequence[Piece]:
        """One group."""
        group, figures = self.groups[index], self._figures(width)
        pieces: list[Piece] = [(fit(f" {group.name or say('all')}", self._name_cells(width, figures)), "")]
        for figure in figures:
            text, ink = figure.show(group)
            pieces += [(f"{GAP}{text:>{figure.cells}}", ink)]
        return pieces

    def empty(self) -> Sequence[Sequence[Piece]]:
        """Why there are none."""
        return tuple(((f" {line}", "muted"),) for line in self.hint.split("\n"))

    def _figures(self, width: int) -> Sequence[Figure]:
        """Those there is room for."""
        left, kept = width - SHORTEST_NAME, set[str]()
        for figure in sorted(FIGURES, key=lambda figure: figure.rank):
            left -= len(GAP) + figure.cells
            if left < 0:
                break
            kept.add(figure.name)
        return [figure for figure in FIGURES if figure.name in kept]

    @staticmethod
    def _name_cells(width: int, figures: Sequence[Figure]) -> int:
        return max(1, width - sum(len(GAP) + figure.cells for figure in figures))
