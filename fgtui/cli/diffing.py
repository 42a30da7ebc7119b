"""Prints differences: of two exchanges, or of two sessions pair by pair."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.output import display_width
from fgtui.cli.progress import Progress
from fgtui.errors import UsageError
from fgtui.words import Phrase, plural, say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.diff.changes import Change, Compared
    from fgtui.sessions.diff.comparison import Comparison
    from fgtui.sessions.diff.layout import Line
    from fgtui.sessions.diff.pairs import Pairs, Side
    from fgtui.workspace import Workspace

ALONE_SHOWN = 20
"""Exchanges of a session without partner that are named; --json has them all."""
FILE = ".jsonl"
"""How the name of a file of recordings ends, which somebody else may have written."""
PIPED_WIDTH = 160
"""Columns of two values side by side where no terminal says how many there are."""


def compared(
    arguments: Namespace, workspace: Workspace, old: Exchange, new: Exchange, comparison: Comparison
) -> Compared:
    """What differs between the outcomes, or the events, of two recordings."""
    from fgtui.sessions.diff.changes import compare_events, compare_outcomes

    redactor = workspace.store.redactor
    are_recorded = not any(word.endswith(FILE) for word in arguments.words)
    if arguments.part == "event":
        return compare_events(
            old,
            new,
            comparison=comparison,
            redactor=redactor,
            are_recorded=are_recorded,
            trigger_of=workspace.trigger_of,
        )
    return compare_outcomes(old, new, comparison=comparison, redactor=redactor, are_recorded=are_recorded)


def never_sent(arguments: Namespace, old: Exchange, new: Exchange) -> Exchange | None:
    """The one of both that was never sent, where outcomes are compared: there is nothing to compare with."""
    from fgtui.sessions.model import was_sent

    if arguments.part == "event":
        return None
    return next((each for each in (old, new) if not was_sent(each)), None)


def fails(new: Exchange) -> bool:
    """Whether an exchange that has nothing to be compared with failed."""
    from fgtui.sessions.model import was_sent

    return was_sent(new) and new.outcome.kind != "returned"


def say_unknown(console: Console, count: int) -> None:
    """Say how many values could not be compared."""
    if count:
        from fgtui.sessions.diff.change_words import unknown_sentence

        console.diagnostics.note(unknown_sentence(count), count=f"{count:,}")


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
    if not any(pairs):
        raise _nothing_to_compare(*sides)
    tally = Counter[str](compared=len(pairs.pairs), alone=len(pairs.only_old) + len(pairs.only_new))
    progress = Progress(console.diagnostics, "{count} of {total} pairs compared", total=len(pairs.pairs))
    for done, (old, new) in enumerate(exchanges_of(*sides, pairs.pairs), 1):
        if console.output.closed:
            break
        progress(done)
        found = compared(arguments, workspace, old, new, comparison)
        tally["different"] += bool(found.changes)
        tally["respelled"] += found.is_respelled
        tally["unknown"] += found.unknown
        if never_sent(arguments, old, new) is not None:
            tally["unsent"] += 1
            tally["failed"] += fails(new)
            if fails(new) and not arguments.json:
                _print_failure(console, old, new)
        if arguments.json:
            console.output.json_line(_json(old, new, found.changes))
        elif found.changes:
            _print_pair(console, old, new, found.changes, side_by_side=arguments.side_by_side)
    progress.end()
    _print_alone(arguments, console, sides, pairs)
    _say_tally(console, tally)
    return ExitCode.FAILED if tally["different"] or tally["alone"] or tally["failed"] else ExitCode.OK


def _nothing_to_compare(old: Side, new: Side) -> UsageError:
    if old == new:
        return UsageError(
            "{session} holds no replay of its own exchanges, so there is nothing to compare it with",
            hint="name the session that replays it: fgtui diff {session} OTHER",
            session=old.session,
        )
    return UsageError("{old} and {new} are empty: there is nothing to compare", old=old.session, new=new.session)


def _print_failure(console: Console, old: Exchange, new: Exchange) -> None:
    """Of an exchange that has nothing to be compared with how it failed."""
    from fgtui.invoke.outcome_words import headline

    words = say("{new}: {how} ({old} was never sent)", old=name_of(old), new=name_of(new), how=headline(new.outcome))
    console.output.pieces([(words, "bad")])


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
        for seq in seqs[:ALONE_SHOWN]:
            words = say(
                "{session} #{seq} has no partner in {other}", session=side.session, seq=seq, other=other.session
            )
            console.output.pieces([(f"{sign} ", ink), (words, "")])
        if len(seqs) > ALONE_SHOWN:
            words = say(
                "{count} more of {session} have no partner in {other}; --json has them all",
                count=f"{len(seqs) - ALONE_SHOWN:,}",
                session=side.session,
                other=other.session,
            )
            console.output.pieces([("… ", ink), (words, "")])


def _say_tally(console: Console, tally: Counter[str]) -> None:
    count = tally["compared"] - tally["unsent"]
    clauses = [
        say(
            "{count} compared: {same} the same, {different} different",
            count=f"{count:,}",
            same=f"{count - tally['different']:,}",
            different=f"{tally['different']:,}",
        ),
        say("without a partner: {count}", count=f"{tally['alone']:,}"),
    ]
    if tally["unsent"]:
        sentence = "never sent, so nothing to compare with: {count}"
        if tally["failed"]:
            sentence = "never sent, so nothing to compare with: {count}, {failed} of them failed"
        clauses.append(say(sentence, count=f"{tally['unsent']:,}", failed=f"{tally['failed']:,}"))
    console.diagnostics.line(say("; ").join(clauses))
    if tally["respelled"]:
        from fgtui.sessions.diff.change_words import RESPELLED

        console.diagnostics.note("{what}: {count} of them", what=Phrase(RESPELLED), count=f"{tally['respelled']:,}")
    say_unknown(console, tally["unknown"])
