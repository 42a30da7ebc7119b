"""Print what was recorded: the exchanges of a session as a table, one exchange, or one part of it, byte for byte."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.output import padded
from fgtui.cli.parsing import Parser, one_of, whole
from fgtui.cli.recordings import local_time, print_rows, recording_of
from fgtui.errors import StoreError, UsageError
from fgtui.words import Phrase, say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.recording import Recording
    from fgtui.workspace import Workspace

PARTS = ("event", "decoded", "result", "logs")
NEWEST = 200
"""Rows a person is shown; a pipe gets all of them."""
LAST = "last"
LABEL_WIDTH = 7
"""Columns of a label before what it names; longer ones take what they need."""


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("session", metavar="SESSION", help="a session, or a .jsonl file")
    parser.offers |= {"session": "sessions", "seq": (LAST,), "part": PARTS}
    parser.add_argument("seq", metavar="SEQ", nargs="?", type=_seq, help="an exchange's number, or last")
    parser.add_argument(
        "--part", metavar="|".join(PARTS), type=one_of(Phrase("part"), PARTS), help="only this, exactly as recorded"
    )
    parser.add_json("the exchange as one JSON document; without SEQ all of them as JSON Lines")
    parser.add_store()


def _seq(word: str) -> int | str:
    return LAST if word == LAST else whole("SEQ", least=1, most=10**12 - 1)(word)


def run(arguments: Namespace, console: Console) -> int:
    """Read, and print what was asked for."""
    if arguments.json and arguments.part is not None:
        raise UsageError(
            "--part and --json do not go together", hint="--part prints that part as it is, --json the whole exchange"
        )
    workspace = console.workspace(arguments)
    try:
        if arguments.seq is None:
            return _show_all(arguments, console, workspace)
        exchange = _exchange(arguments, console, workspace)
        if arguments.json:
            from fgtui.sessions.format import to_json

            console.output.document(to_json(exchange))
        elif arguments.part is not None:
            _show_part(console, workspace, exchange, arguments.part)
        else:
            _show_exchange(console, workspace, exchange)
        return ExitCode.OK
    finally:
        workspace.close()


def _show_all(arguments: Namespace, console: Console, workspace: Workspace) -> int:
    if arguments.part is not None:
        raise UsageError("the {part} of which exchange?", part=arguments.part, hint="name its number, or last")
    recording = recording_of(console, workspace, arguments.session)
    if not arguments.json:
        _show_rows(console, recording, arguments.session)
        return ExitCode.OK
    from fgtui.sessions.format import to_json

    for exchange in recording.iterate(arguments.session):
        if console.output.closed:
            break
        console.output.json_line(to_json(exchange))
    return ExitCode.OK


def _show_rows(console: Console, recording: Recording, session: str) -> None:
    """The newest for a person, all of them for a pipe; oldest first, so that the newest stand at the prompt."""
    count = recording.count(session)
    rows = list(recording.page(session, limit=NEWEST))
    while not console.output.is_terminal and rows and len(rows) < count:
        page = recording.page(session, before=rows[-1].seq, limit=NEWEST * 10)
        if not page:
            break
        rows += page
    print_rows(console.output, reversed(rows))
    left = min(count, recording.count(session))  # others record and delete at the same time
    lost = min(left, NEWEST if console.output.is_terminal else left) - len(rows)
    if lost > 0:
        raise StoreError(
            "{lost} of {count} exchanges of {session} cannot be listed; the store is damaged and was not changed",
            lost=lost,
            count=count,
            session=session,
        )
    if len(rows) < count:
        console.diagnostics.note("the newest {shown} of {count}; a pipe gets all", shown=len(rows), count=f"{count:,}")


def _exchange(arguments: Namespace, console: Console, workspace: Workspace) -> Exchange:
    session: str = arguments.session
    recording = recording_of(console, workspace, session)
    if arguments.seq != LAST:
        return recording.get(session, arguments.seq)
    last = recording.last(session)
    if last is None:
        raise UsageError("{session} is empty", session=session)
    return last


def _show_part(console: Console, workspace: Workspace, exchange: Exchange, part: str) -> None:
    match part:
        case "event":
            console.output.data(exchange.event.wire)
        case "decoded":
            from fgtui.events.fields import decode

            console.output.json_text(decode(exchange.event.text, workspace.trigger_of(exchange.event)))
        case "result":
            console.output.data(exchange.outcome.body)
        case _:
            console.output.text(exchange.outcome.logs)


def _show_exchange(console: Console, workspace: Workspace, exchange: Exchange) -> None:
    from fgtui.invoke.outcome_words import advice, headline, left_open

    output = console.output
    event, target, outcome = exchange.event, exchange.target, exchange.outcome
    profile = workspace.targets.profile_for(target)
    means = (*advice(outcome, profile=profile), *left_open(outcome, target.kind, profile=profile))
    output.line(f"{exchange.session} {exchange.seq} · {local_time(exchange.started_at)} · {exchange.id}")
    facts = (
        (say("event"), f"{event.trigger} {event.template or ''}".rstrip()),
        (say("target"), target.spec + (f" · {target.runtime}" if target.runtime else "")),
        (say("outcome"), headline(exchange.outcome)),
        *(("", words) for words in means),
        (say("request"), exchange.outcome.request_id),
        (say("replay of"), exchange.replay_of),
        (say("note"), exchange.note),
        (say("tags"), ", ".join(exchange.tags)),
        (say("redacted"), ", ".join((*event.redacted, *exchange.outcome.redacted))),
    )
    for label, value in facts:
        if value:
            output.line(f"{padded(label, LABEL_WIDTH)} {value}")
    for title, part in ((say("event"), event.wire), (say("result"), outcome.body)):
        output.line()
        shown = _readable(part)
        if shown is None:
            output.line(f"── {title}")
            output.data(part)
        else:
            output.line("── " + say(r"{title}, with \uXXXX as characters", title=title))
            output.text(shown)
    output.line()
    output.line(f"── {say('logs')}")
    output.text(outcome.logs)


def _readable(part: bytes) -> str | None:
    """JSON with its escapes as characters; ``None`` where that is the same, or it is no JSON."""
    if b"\\u" not in part:
        return None
    from fgtui.events.readable import readable_if_json

    try:
        text = part.decode()
    except UnicodeDecodeError:
        return None
    shown = readable_if_json(text)
    return None if shown == text else shown
