"""Where the panes stand on a desk of some size: plain arithmetic over what a person has chosen.

A desk is rows of panes. Beside or above another, every pane but one has a size; the one, the event where it is shown,
takes what is left. Sizes a person has chosen are kept as parts of the desk, so that a terminal that is resized keeps
the proportions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from fgtui.tui.actions import Where

DESK_PANES = (Where.TRIGGERS, Where.EVENT, Where.OUTCOME, Where.SESSION)
"""What stands on the desk, in the order of the focus."""
WIDTHS = [(0, "-narrow"), (80, "-medium"), (120, "-wide")]
HEIGHTS = [(0, "-low"), (14, "-short"), (36, "-tall")]
"""From how many columns and lines of the terminal on there is which layout."""

LEAST_COLUMNS = {Where.TRIGGERS: 12, Where.EVENT: 24, Where.OUTCOME: 20}
LEAST_LINES = 4
"""What a pane keeps of the desk, its border included, however much others are given."""
FIELD = "field"
"""The name of the share that the field has of the event's pane."""
LEAST_FIELD_LINES = 4
LEAST_EDITOR_LINES = 4


class Arrangement(NamedTuple):
    """What a person has chosen; frozen."""

    shares: Mapping[str, float] = MappingProxyType({})
    """Parts of the desk, 0 to 1, by the name that ``share_name`` gives; what is not here has its usual size."""
    hidden: frozenset[Where] = frozenset()
    """Panes that are not shown; never all of them."""
    is_zoomed: bool = False
    """Whether the pane with the focus has the whole desk."""


USUAL = Arrangement()


class Desk(NamedTuple):
    """How much room there is, and which of the panes that take turns is the one to be shown."""

    kind: str
    """``wide`` or ``medium``; ``single`` where one pane is shown at a time."""
    is_tall: bool
    columns: int
    lines: int
    """Of the desk, without the bars above and below."""
    front: Where = Where.EVENT
    """The pane that is shown where one is shown at a time."""
    lower: Where = Where.OUTCOME
    """The pane below the event where outcome and session take turns."""


class Grid(NamedTuple):
    """The panes row by row; of the columns of the first row and of the rows, how large each is.

    A size is a number of cells, or ``"auto"`` or ``"5fr"`` as style sheets say it.
    """

    rows: tuple[tuple[Where, ...], ...]
    columns: tuple[int | str, ...]
    lines: tuple[int | str, ...]


class Splitter(NamedTuple):
    """The border between two panes of a row, or between two rows: the one before it has this index."""

    is_upright: bool
    """Whether it stands between columns."""
    at: int


def size_classes(columns: int, lines: int) -> list[str]:
    """The classes of the layout for a terminal of that size."""
    widths = [name for least, name in WIDTHS if columns >= least]
    heights = [name for least, name in HEIGHTS if lines >= least]
    return [widths[-1], heights[-1]]


def is_low(lines: int) -> bool:
    """Whether a terminal of so many lines has room for nothing beside or below another."""
    return size_classes(0, lines)[1] == "-low"


def kind_of(columns: int, lines: int) -> str:
    """Of the layout for a terminal of that size: ``wide``, ``medium``, or ``single`` for one pane at a time."""
    width, _ = size_classes(columns, lines)
    return "single" if width == "-narrow" or is_low(lines) else width.removeprefix("-")


def takes_turns(desk: Desk) -> bool:
    """Whether outcome and session take turns below the event."""
    return desk.kind == "medium" and not desk.is_tall


def rows_of(desk: Desk, arrangement: Arrangement) -> tuple[tuple[Where, ...], ...]:
    """The panes that are shown, row by row: at least one."""
    if desk.kind == "single" or arrangement.is_zoomed:
        return ((desk.front,),)
    rows: tuple[tuple[Where, ...], ...]
    if desk.kind == "wide":
        rows = ((Where.TRIGGERS, Where.EVENT, Where.OUTCOME), (Where.SESSION,))
    elif desk.is_tall:
        rows = ((Where.TRIGGERS, Where.EVENT), (Where.OUTCOME,), (Where.SESSION,))
    else:
        rows = ((Where.TRIGGERS, Where.EVENT), (shown_below(desk, arrangement),))
    shown = (tuple(pane for pane in row if pane not in arrangement.hidden) for row in rows)
    return tuple(row for row in shown if row) or ((desk.front,),)


def shown_below(desk: Desk, arrangement: Arrangement) -> Where:
    """Which of outcome and session stands below the event where they take turns: never the hidden one."""
    other = Where.SESSION if desk.lower is Where.OUTCOME else Where.OUTCOME
    return other if desk.lower in arrangement.hidden and other not in arrangement.hidden else desk.lower


def share_name(desk: Desk, pane: Where) -> str:
    """The name under which a pane's size is kept: another one for each layout, where it is another size."""
    if takes_turns(desk) and pane in {Where.OUTCOME, Where.SESSION}:
        return "medium.lower"
    return f"{desk.kind}.{pane}"


def grid_of(desk: Desk, arrangement: Arrangement) -> Grid:
    """Which panes are shown where, and how large."""
    rows = rows_of(desk, arrangement)
    return Grid(rows, _columns(desk, arrangement, rows[0]), _lines(desk, arrangement, rows))


def _columns(desk: Desk, arrangement: Arrangement, row: Sequence[Where]) -> tuple[int | str, ...]:
    if len(row) == 1:
        return ("1fr",)
    rest = _rest(row, is_upright=True)
    usual: dict[Where, int | str] = {Where.TRIGGERS: "auto" if desk.kind == "wide" else 22, Where.OUTCOME: "4fr"}
    sizes: dict[Where, int | str] = {
        pane: round(share * desk.columns)
        if (share := arrangement.shares.get(share_name(desk, pane))) is not None
        else usual.get(pane, "1fr")
        for pane in row
    }
    sizes[rest] = "5fr" if sizes.get(Where.OUTCOME) == "4fr" else "1fr"
    return _held(sizes, LEAST_COLUMNS, desk.columns)


def _lines(desk: Desk, arrangement: Arrangement, rows: Sequence[Sequence[Where]]) -> tuple[int | str, ...]:
    if len(rows) == 1:
        return ("1fr",)
    heads = [row[0] for row in rows]
    sizes: dict[Where, int | str] = {
        pane: round(share * desk.lines)
        if (share := arrangement.shares.get(share_name(desk, pane))) is not None
        else _usual_lines(desk)
        for pane in heads[1:]
    }
    return _held({heads[0]: "1fr", **sizes}, dict.fromkeys(heads, LEAST_LINES), desk.lines)


def _usual_lines(desk: Desk) -> int:
    if desk.kind == "wide":
        return 16 if desk.is_tall else min(12, max(LEAST_LINES, desk.lines * 11 // 20))
    return 11 if desk.is_tall else min(9, max(LEAST_LINES, (desk.lines * 2 + 4) // 5))


def _held(sizes: dict[Where, int | str], least: Mapping[Where, int], room: int) -> tuple[int | str, ...]:
    """The sizes, each of at least what its pane keeps, and so that all the others keep it too."""
    held = {pane: max(least[pane], size) if isinstance(size, int) else size for pane, size in sizes.items()}
    counted = {pane: size for pane, size in held.items() if isinstance(size, int)}
    over = sum(counted.values()) + sum(least[pane] for pane in held if pane not in counted) - room
    for pane, size in sorted(counted.items(), key=lambda each: each[1], reverse=True):
        if over <= 0:
            break
        given = min(over, size - least[pane])
        held[pane] = size - given
        over -= given
    return tuple(held.values())


def moved(desk: Desk, arrangement: Arrangement, splitter: Splitter, sizes: Sequence[int], step: int) -> Arrangement:
    """The arrangement with a splitter moved by ``step`` cells, or as far as both sides keep their least.

    ``sizes`` are those on the screen, in cells: of the columns of the first row, or of the rows.
    """
    rows = rows_of(desk, arrangement)
    panes = rows[0] if splitter.is_upright else tuple(row[0] for row in rows)
    room = desk.columns if splitter.is_upright else desk.lines
    if not 0 <= splitter.at < len(panes) - 1 or len(sizes) != len(panes) or room <= 0:
        return arrangement
    before, after = panes[splitter.at], panes[splitter.at + 1]
    least = LEAST_COLUMNS if splitter.is_upright else dict.fromkeys(panes, LEAST_LINES)
    now = dict(zip(panes, sizes, strict=True))
    step = max(min(step, now[after] - least[after]), least[before] - now[before])
    rest = _rest(panes, is_upright=splitter.is_upright)
    chosen = {before: now[before] + step, after: now[after] - step}
    shares = {share_name(desk, pane): size / room for pane, size in chosen.items() if pane is not rest}
    return arrangement._replace(shares=MappingProxyType({**arrangement.shares, **shares}))


def _rest(panes: Sequence[Where], *, is_upright: bool) -> Where:
    """The pane that takes what the others leave."""
    if is_upright:
        return Where.EVENT if Where.EVENT in panes else panes[-1]
    return panes[0]


def splitter_beside(rows: Sequence[Sequence[Where]], pane: Where, *, is_upright: bool) -> Splitter | None:
    """The splitter that keys move for ``pane``: behind it, or before it where it is the last; ``None`` without one."""
    if is_upright:
        row = rows[0]
        if pane not in row or len(row) < 2:
            return None
        return Splitter(True, min(row.index(pane), len(row) - 2))
    at = next((at for at, row in enumerate(rows) if pane in row), None)
    return None if at is None or len(rows) < 2 else Splitter(False, min(at, len(rows) - 2))


def field_lines(share: float, lines: int) -> int:
    """How many of the event pane's ``lines`` its field has, for its share of them."""
    return max(LEAST_FIELD_LINES, min(round(share * lines), lines - LEAST_EDITOR_LINES))
