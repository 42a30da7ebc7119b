"""Print, write or take away the note of a recorded exchange.

fgtui note orders 17                      print it
fgtui note orders 17 "fails on empty ids" write it; - reads it from standard input
fgtui note orders last ""                 take it away

Secrets in a note are redacted as in all that is recorded. A note is found by fgtui search and shown in the table.
"""

from __future__ import annotations

from argparse import Namespace

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, utf8_text
from fgtui.cli.recordings import LAST, exchange_number, recording_of, stored_number
from fgtui.cli.sources import STANDARD_INPUT
from fgtui.errors import UsageError


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("session", metavar="SESSION", help="a session; without TEXT a .jsonl file, too")
    parser.add_argument("seq", metavar="SEQ", type=exchange_number, help="an exchange's number, or last")
    parser.add_argument("text", metavar="TEXT", nargs="?", type=utf8_text("TEXT"), help="the note, or - to read it")
    parser.offers |= {"session": "sessions", "seq": (LAST,)}
    parser.add_json("the number and its note as one JSON document")
    parser.add_store()


def run(arguments: Namespace, console: Console) -> int:
    """Print it, or write it and say so."""
    workspace = console.workspace(arguments)
    session: str = arguments.session
    try:
        if arguments.text is not None and session.endswith(".jsonl"):
            raise UsageError(
                "{name} is a file; notes are written in sessions",
                name=session,
                hint="fgtui import {name} makes a session of it",
            )
        recording = recording_of(console, workspace, session)
        seq = stored_number(recording, session, arguments.seq)
        if arguments.text is not None:
            text = _read(console) if arguments.text == STANDARD_INPUT else arguments.text
            changed = workspace.store.annotate(session, [seq], note=text)
            _say(console, session, seq, text, changed=bool(changed))
        note = recording.get(session, seq).note
        if arguments.json:
            console.output.document({"session": session, "seq": seq, "note": note})
        elif arguments.text is None and note:
            console.output.text(note if note.endswith("\n") else note + "\n")
        elif arguments.text is None:
            console.diagnostics.note("{session} {seq} has no note", session=session, seq=seq)
        return ExitCode.OK
    finally:
        workspace.close()


def _read(console: Console) -> str:
    data = console.stdin.read() if console.stdin else b""
    try:
        return data.decode().removesuffix("\n")
    except UnicodeDecodeError as error:
        raise UsageError("the note is not UTF-8 at byte {byte}", byte=error.start + 1) from None


def _say(console: Console, session: str, seq: int, text: str, *, changed: bool) -> None:
    said = "{session} {seq} has a new note" if text else "{session} {seq} has no note any more"
    console.diagnostics.note(said if changed else "{session} {seq}: nothing to change", session=session, seq=seq)
