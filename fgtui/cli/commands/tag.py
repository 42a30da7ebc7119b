"""Print or change the tags of recorded exchanges. The tag `marked` is the mark that the workbench shows.

fgtui tag orders 17                                print them
fgtui tag orders 17 18 last --add slow --add retry
fgtui tag orders 17 --remove slow
fgtui tag orders 3 5 8 --mark                      the same as --add marked; --unmark takes it away
"""

from __future__ import annotations

from argparse import Namespace

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, utf8_text
from fgtui.cli.recordings import LAST, exchange_number, recording_of, stored_number
from fgtui.errors import UsageError
from fgtui.sessions.model import MARK
from fgtui.words import plural


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("session", metavar="SESSION", help="a session; to print, a .jsonl file, too")
    parser.add_argument("seqs", metavar="SEQ", nargs="+", type=exchange_number, help="numbers of exchanges, or last")
    parser.add_argument(
        "--add", metavar="T", action="append", default=[], type=utf8_text("--add"), help="a tag to add (repeatable)"
    )
    parser.add_argument(
        "--remove",
        metavar="T",
        action="append",
        default=[],
        type=utf8_text("--remove"),
        help="a tag to take away (repeatable)",
    )
    parser.add_argument("--mark", action="store_true", help="add the tag marked")
    parser.add_argument("--unmark", action="store_true", help="take the tag marked away")
    parser.offers |= {"session": "sessions", "seqs": (LAST,), "add": (MARK,), "remove": (MARK,)}
    parser.add_json("the numbers and their tags as JSON Lines")
    parser.add_store()


def run(arguments: Namespace, console: Console) -> int:
    """Print them, or change them and say so."""
    added = [*arguments.add, *([MARK] if arguments.mark else [])]
    removed = [*arguments.remove, *([MARK] if arguments.unmark else [])]
    if both := set(added) & set(removed):
        raise UsageError("the tag {tag!r} cannot be both added and taken away", tag=min(both))
    session: str = arguments.session
    if (added or removed) and session.endswith(".jsonl"):
        raise UsageError(
            "{name} is a file; tags are changed in sessions",
            name=session,
            hint="fgtui import {name} makes a session of it",
        )
    workspace = console.workspace(arguments)
    try:
        recording = recording_of(console, workspace, session)
        seqs = list(dict.fromkeys(stored_number(recording, session, seq) for seq in arguments.seqs))
        if added or removed:
            changed = workspace.store.annotate(session, seqs, add_tags=added, remove_tags=removed)
            console.diagnostics.note(
                plural(changed, "1 exchange of {session} changed", "{count} exchanges of {session} changed"),
                count=f"{changed:,}",
                session=session,
            )
        for exchange in recording.exchanges(session, seqs):
            if arguments.json:
                console.output.json_line({"session": session, "seq": exchange.seq, "tags": list(exchange.tags)})
            elif not (added or removed):
                console.output.line(f"{exchange.seq}  {', '.join(exchange.tags)}".rstrip())
        return ExitCode.OK
    finally:
        workspace.close()
