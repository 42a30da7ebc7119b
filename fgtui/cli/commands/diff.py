"""Compare how two recorded exchanges ended, or the exchanges of two sessions in pairs.

fgtui diff SESSION SEQ SEQ, or SESSION SEQ SESSION SEQ: these two. SESSION SEQ: that one and the one it replays.
SESSION SESSION: each replay with what it replays, others with the first that has the same event.

Exit code 1 when something differs. With --find-noise the event of SESSION SEQ is sent twice, and what differs between
the two answers is what to ignore. See: fgtui help comparing.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, one_of
from fgtui.cli.recordings import recording_of
from fgtui.cli.targeting import add_function_settings, add_target
from fgtui.errors import UsageError

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.comparison import Comparison
    from fgtui.sessions.diff_pairs import Side
    from fgtui.workspace import Workspace

LAST = "last"
PARTS = ("outcome", "event")
FORMS = "SESSION SEQ SEQ, SESSION SEQ SESSION SEQ, SESSION SEQ or SESSION SESSION"


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("words", metavar="SESSION|SEQ", nargs="+", help="sessions or .jsonl files, and numbers or last")
    parser.offers |= {"words": "sessions", "part": PARTS}
    parser.add_argument(
        "--ignore", metavar="RULE", action="append", default=[], help="a path, ~time, … (see: fgtui help comparing)"
    )
    parser.add_argument("--tolerance", metavar="N", help="how far apart numbers may be: 0.01, or 1%% of the larger")
    parser.add_argument(
        "--part",
        metavar="|".join(PARTS),
        type=one_of("part", PARTS),
        default="outcome",
        help="what is compared (outcome)",
    )
    parser.add_argument("--side-by-side", action="store_true", help="old values left, new ones right")
    parser.add_argument("--unified", action="store_true", help="new values below old ones (default)")
    parser.add_argument("--find-noise", action="store_true", help="send the event twice and propose what to ignore")
    add_target(parser)
    add_function_settings(parser)
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
    from fgtui.cli.diffing import changes_of, name_of, print_changes, print_json

    old, new = _two_exchanges(arguments.words, console, workspace)
    changes = changes_of(arguments.part, workspace, old, new, comparison)
    if arguments.json:
        print_json(console, old, new, changes)
    elif changes:
        print_changes(console, changes, side_by_side=arguments.side_by_side)
    else:
        console.diagnostics.note("{new} is the same as {old}", new=name_of(new), old=name_of(old))
    return ExitCode.FAILED if changes else ExitCode.OK


def _is_seq(word: str) -> bool:
    return word == LAST or (word.isascii() and word.isdecimal() and len(word) <= 12)


def _two_sessions(words: list[str], console: Console, workspace: Workspace) -> tuple[Side, Side] | None:
    if len(words) != 2 or _is_seq(words[1]):
        return None
    from fgtui.sessions.diff_pairs import Side

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
    raise UsageError("what is compared with what? it is {forms}", forms=FORMS, hint="see: fgtui diff --help")


def _exchange(console: Console, workspace: Workspace, session: str, seq: str) -> Exchange:
    recording = recording_of(console, workspace, session)
    if seq != LAST:
        return recording.get(session, int(seq))
    last = recording.last(session)
    if last is None:
        raise UsageError("{session} is empty", session=session)
    return last


def _replayed(console: Console, workspace: Workspace, session: str, new: Exchange) -> Exchange:
    """The recording that ``new`` replays: in its own session, else in another one."""
    if new.replay_of is None:
        raise UsageError(
            "{session} {seq} replays nothing, so it is compared with which?",
            hint="name another number: fgtui diff {session} SEQ {seq}",
            session=session,
            seq=new.seq,
        )
    recording = recording_of(console, workspace, session)
    names = [session] if session.endswith(".jsonl") else [session, *(each.name for each in recording.sessions())]
    for name in dict.fromkeys(names):
        for row in recording.iterate_rows(name):
            if row.id == new.replay_of:
                return recording.get(name, row.seq)
    raise UsageError("what {session} {seq} replays is not recorded here any more", session=session, seq=new.seq)
