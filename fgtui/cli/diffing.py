"""Prints differences: of two exchanges, or of two sessions pair by pair."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.output import display_width
from fgtui.cli.progress import Progress
from fgtui.words import plural, say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.diff import Change
    from fgtui.sessions.diff.comparison import Comparison
    from fgtui.sessions.diff.layout import Line
    from fgtui.sessions.diff.pairs import Pairs, Side
    from fgtui.workspace import Workspace

FILE = ".jsonl"
"""How the name of a file of recordings ends, which somebody else may have written."""
PIPED_WIDTH = 160
"""Columns of two values side by side where no terminal says how many there are."""


def changes_of(
    arguments: Namespace, workspace: Workspace, old: Exchange, new: Exchange, comparison: Comparison
) -> tuple[Change, ...]:
    """What differs between the outcomes, or the events, of two recordings."""
    from fgtui.sessions.diff import event_diff, outcome_diff

    redactor = workspace.store.redactor
    are_recorded = not any(word.endswith(FILE) for word in arguments.words)
    if arguments.part == "event":
        return event_diff(
            old,
            new,
            comparison=comparison,
            redactor=redactor,
            are_recorded=are_recorded,
            trigger_of=workspace.trigger_of,
        )
    return outcome_diff(old, new, comparison=comparison, redactor=redactor, are_recorded=are_recorded)


def print_changes(console: Console, changes: Sequence[Change], *, side_by_side: bool) -> None:
    """A few lines for each, as wide as the terminal; a pipe gets them as long as they are."""
    for line in _lines(console, changes, side_by_side=side_by_side):
        if console.output.closed:
            break
        console.output.pieces(line)


def _lines(console: Console, changes: Sequence[Change], *, side_by_side: bool) -> Iterator[Line]:
    from fgtui.sessions.diff import layout as diff_layout
    from fgtui.sessions.diff.rows import rows_of

    output = console.output
    rows = rows_of(changes)
    if side_by_side:
        width = output.width if output.is_terminal else PIPED_WIDTH
        return diff_layout.side_by_side(rows, width=max(width, 20), measure=display_width)
    if output.is_terminal:
        return diff_layout.unified(rows, width=max(output.width, 20), measure=display_width)
    return diff_layout.unified(rows)


def print_json(console: Console, old: Exchange, new: Exchange, changes: Sequence[Change]) -> None:
    """One document."""
    console.output.document(_json(old, new, changes))


def _json(old: Exchange | None, new: Exchange | None, changes: Sequence[Change] = ()) -> dict[str, Any]:
    from fgtui.sessions.diff.change_words import change_json

    return {"old": _summary(old), "new": _summary(new), "changes": [change_json(change) for change in changes]}


def _summary(exchange: Exchange | None) -> dict[str, Any] | None:
    return None if exchange is None else {"session": exchange.session, "seq": exchange.seq, "id": exchange.id}


def name_of(exchange: Exchange) -> str:
    """``orders #7``."""
    return f"{exchange.session} #{exchange.seq}"


def compare_sessions(
    arguments: Namespace, console: Console, workspace: Workspace, comparison: Comparison, sides: tuple[Side, Side]
) -> int:
    """Each pair, what has no partner, and a tally."""
    from fgtui.sessions.diff.pairs import exchanges_of, pair_up

    pairs = pair_up(*sides)
    different = 0
    progress = Progress(console.diagnostics, "{count} of {total} pairs compared", total=len(pairs.pairs))
    for done, (old, new) in enumerate(exchanges_of(*sides, pairs.pairs), 1):
        if console.output.closed:
            break
        progress(done)
        changes = changes_of(arguments, workspace, old, new, comparison)
        different += bool(changes)
        if arguments.json:
            console.output.json_line(_json(old, new, changes))
        elif changes:
            _print_pair(console, old, new, changes, side_by_side=arguments.side_by_side)
    progress.end()
    _print_alone(arguments, console, sides, pairs)
    _say_tally(console, sides, pairs, different)
    return ExitCode.FAILED if different or pairs.only_old or pairs.only_new else ExitCode.OK


def _print_pair(
    console: Console, old: Exchange, new: Exchange, changes: Sequence[Change], *, side_by_side: bool
) -> None:
    count = len(changes)
    words = say(
        plural(count, "{old} and {new}: 1 difference", "{old} and {new}: {count} differences"),
        old=name_of(old),
        new=name_of(new),
        count=count,
    )
    console.output.pieces([(words, "strong")])
    print_changes(console, changes, side_by_side=side_by_side)
    console.output.line()


def _print_alone(arguments: Namespace, console: Console, sides: tuple[Side, Side], pairs: Pairs) -> None:
    """What only one of both has."""
    old, new = sides
    for side, seqs, other, sign, ink in (
        (old, pairs.only_old, new, "-", "bad"),
        (new, pairs.only_new, old, "+", "good"),
    ):
        if arguments.json:
            for exchange in side.recording.exchanges(side.session, seqs):
                console.output.json_line(_json(exchange, None) if sign == "-" else _json(None, exchange))
            continue
        for seq in seqs:
            words = say(
                "{session} #{seq} has no partner in {other}", session=side.session, seq=seq, other=other.session
            )
            console.output.pieces([(f"{sign} ", ink), (words, "")])


def _say_tally(console: Console, sides: tuple[Side, Side], pairs: Pairs, different: int) -> None:
    count = len(pairs.pairs)
    console.diagnostics.note(
        "{count} compared: {same} the same, {different} different; without a partner: {alone}",
        count=f"{count:,}",
        same=f"{count - different:,}",
        different=f"{different:,}",
        alone=f"{len(pairs.only_old) + len(pairs.only_new):,}",
    )
