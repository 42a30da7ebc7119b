r"""Compare how two recorded exchanges ended, or the exchanges of two sessions in pairs.

fgtui diff orders 3 7              two exchanges of a session; last is a number too
fgtui diff orders 7                7 and the one it replays
fgtui diff orders 3 after 3        one of each session, or .jsonl file
fgtui diff orders.jsonl after      in pairs: replays, others by their events
fgtui diff orders 7 --find-noise   sends 7 twice and prints what to ignore

Exit code 1 when something differs, or when what replays an event that was never
sent failed: there is nothing to compare it with. Compared are the outcome's kind, status,
headers (a deployed function's are the service's, and are not), error and result;
encoded strings are opened: the body of an answer to API Gateway, JSON and base64
beyond doubt. Items of arrays are matched by a member that names them, as id does,
or by their value; that they are in another order is one difference more.

--ignore RULE, or ignore = ["RULE"] below [replay] in the settings:
  outcome.result.id              a place with all below it
  outcome.result.items[*].id     [*] any index, * any member, ** any depth
  outcome.result.at~time         while both are times: becoming null is told
  ~uuid                          anything that differs only in UUIDs
  outcome.result.items~order     that items are in another order
  /.*(At|_time)/                 places by their paths, as they are printed
  **.etag~/W.+/                  both values match
Kinds: time, uuid, id (a word of 16 or more letters and digits), number, order.
All but order are looked for inside longer texts. /…/ stands for the whole text:
. [a-z] \d \w \s ( ) | * + ? {2,5}
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, one_of
from fgtui.cli.recordings import recording_of
from fgtui.cli.targeting import add_answers, add_function_settings, add_target
from fgtui.errors import UsageError
from fgtui.words import Phrase, labelled, say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.diff.comparison import Comparison
    from fgtui.sessions.diff.pairs import Side
    from fgtui.workspace import Workspace

LAST = "last"
PARTS = ("outcome", "event")


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("words", metavar="SESSION|SEQ", nargs="+", help="sessions or .jsonl files, and numbers or last")
    parser.offers |= {"words": "sessions", "part": PARTS}
    parser.add_argument(
        "--ignore", metavar="RULE", action="append", default=[], help="a path, ~time, … (see: fgtui help diff)"
    )
    parser.add_argument("--tolerance", metavar="N", help="how far apart numbers may be: 0.01, or 1%% of the larger")
    parser.add_argument(
        "--part",
        metavar="|".join(PARTS),
        type=one_of(Phrase("part"), PARTS),
        default="outcome",
        help="what is compared (outcome)",
    )
    parser.add_argument("--side-by-side", action="store_true", help="old values left, new ones right")
    parser.add_argument("--unified", action="store_true", help="new values below old ones (default)")
    parser.add_argument("--find-noise", action="store_true", help="send the event twice and propose what to ignore")
    add_target(parser)
    add_function_settings(parser)
    add_answers(parser)
    parser.add_json("the differences as one JSON document; of two sessions a line for each pair")
    parser.add_store()


def run(arguments: Namespace, console: Console) -> int:
    """Read, compare, print."""
    if arguments.side_by_side and arguments.unified:
        raise UsageError("--side-by-side and --unified do not go together")
    workspace = console.workspace(arguments)
    try:
        comparison = workspace.comparison(arguments.ignore, tolerance=arguments.tolerance)
        if arguments.find_noise:
            from fgtui.cli.noise import find

            return find(arguments, console, workspace, _noisy(arguments, console, workspace), comparison)
        sides = _two_sessions(arguments.words, console, workspace)
        if sides is not None:
            from fgtui.cli.diffing import compare_sessions

            return compare_sessions(arguments, console, workspace, comparison, sides)
        return _compare_two(arguments, console, workspace, comparison)
    finally:
        workspace.close()


def _compare_two(arguments: Namespace, console: Console, workspace: Workspace, comparison: Comparison) -> int:
    from fgtui.cli import diffing

    old, new = _two_exchanges(arguments.words, console, workspace)
    found = diffing.compared(arguments, workspace, old, new, comparison)
    names = {"old": diffing.name_of(old), "new": diffing.name_of(new)}
    if arguments.json:
        diffing.print_json(console, old, new, found.changes)
    if (unsent := diffing.never_sent(arguments, old, new)) is not None:
        console.diagnostics.note(
            "{name} was never sent: there is no outcome to compare with", name=diffing.name_of(unsent)
        )
        return _told_alone(console, new)
    if found.changes:
        if not arguments.json:
            diffing.print_changes(console, found.changes, side_by_side=arguments.side_by_side)
    else:
        console.diagnostics.note("{new} is the same as {old}", **names)
    if found.is_respelled:
        from fgtui.sessions.diff.change_words import RESPELLED

        console.diagnostics.line(say(RESPELLED))
    diffing.say_unknown(console, found.unknown)
    return ExitCode.FAILED if found.changes else ExitCode.OK


def _told_alone(console: Console, new: Exchange) -> int:
    """Say how an exchange failed that has nothing to be compared with."""
    from fgtui.cli.diffing import fails, name_of
    from fgtui.invoke.outcome_words import headline

    if not fails(new):
        return ExitCode.OK
    console.diagnostics.outcome(labelled(name_of(new), headline(new.outcome)), good=False)
    return ExitCode.FAILED


def _is_seq(word: str) -> bool:
    return word == LAST or (word.isascii() and word.isdecimal() and len(word) <= 12)


def _two_sessions(words: list[str], console: Console, workspace: Workspace) -> tuple[Side, Side] | None:
    if len(words) != 2 or _is_seq(words[1]):
        return None
    from fgtui.sessions.diff.pairs import Side

    old, new = (Side(recording_of(console, workspace, word), word) for word in words)
    return old, new


def _noisy(arguments: Namespace, console: Console, workspace: Workspace) -> Exchange:
    if len(arguments.words) != 2 or not _is_seq(arguments.words[1]):
        raise UsageError("--find-noise wants SESSION SEQ: the exchange whose event is sent twice")
    return _exchange(console, workspace, *arguments.words)


def _two_exchanges(words: list[str], console: Console, workspace: Workspace) -> tuple[Exchange, Exchange]:
    match [_is_seq(word) for word in words], words:
        case [False, True], [session, seq]:
            new = _exchange(console, workspace, session, seq)
            return _replayed(console, workspace, session, new), new
        case [False, True, True], [session, old_seq, new_seq]:
            return _exchange(console, workspace, session, old_seq), _exchange(console, workspace, session, new_seq)
        case [False, True, False, True], [session, old_seq, other, new_seq]:
            return _exchange(console, workspace, session, old_seq), _exchange(console, workspace, other, new_seq)
    raise UsageError(
        "name what to compare: SESSION SEQ SEQ, SESSION SEQ SESSION SEQ, SESSION SEQ or SESSION SESSION",
        hint="see: fgtui diff --help",
    )


def _exchange(console: Console, workspace: Workspace, session: str, seq: str) -> Exchange:
    recording = recording_of(console, workspace, session)
    if seq != LAST:
        return recording.get(session, int(seq))
    last = recording.last(session)
    if last is None:
        raise UsageError("{session} is empty", session=session)
    return last


def _replayed(console: Console, workspace: Workspace, session: str, new: Exchange) -> Exchange:
    """The recording that ``new`` replays: in its own file, else in any session of the store."""
    if new.replay_of is None:
        raise UsageError(
            "{session} {seq} replays nothing, so there is nothing to compare it with",
            hint="name another number: fgtui diff {session} SEQ {seq}",
            session=session,
            seq=new.seq,
        )
    if session.endswith(".jsonl"):
        recording = recording_of(console, workspace, session)
        for row in recording.iterate_rows(session):
            if row.id == new.replay_of:
                return recording.get(session, row.seq)
    found = workspace.store.find(new.replay_of)
    if found is not None:
        return found
    raise UsageError("what {session} {seq} replays is not recorded here any more", session=session, seq=new.seq)
