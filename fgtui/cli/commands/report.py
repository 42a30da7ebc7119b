"""Hand on one exchange: a bug report in Markdown, or the same as JSON, curl, a command line, Python or a test.

Whatever leaves is redacted by today's rules, and stderr says what was replaced; --preview only looks.
"""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, file_name, one_of, whole
from fgtui.cli.recordings import recording_of
from fgtui.errors import UsageError
from fgtui.words import Phrase, english, plural, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fgtui.invoke.model import Exchange
    from fgtui.sessions.recording import Recording
    from fgtui.sessions.redaction.places import Finding
    from fgtui.workspace import Workspace

FORMATS = ("markdown", "json", "curl", "cli", "python", "pytest")
LAST = "last"
PATHS_SAID = 5
"""Redacted places that one line names; --preview lists all."""


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("session", metavar="SESSION", help="a session, or a .jsonl file")
    parser.add_argument("seq", metavar="SEQ", type=_seq, help="the exchange's number, or last")
    parser.offers |= {"session": "sessions", "seq": (LAST,), "format": FORMATS}
    parser.add_argument(
        "--format",
        metavar="|".join(FORMATS),
        type=one_of(Phrase("format"), FORMATS),
        default="markdown",
        help="the form it takes (markdown, a bug report)",
    )
    parser.add_argument("--copy", action="store_true", help="put it on the clipboard instead of stdout")
    parser.add_argument("-o", "--output", metavar="FILE", type=file_name("-o"), help="write it to FILE instead")
    parser.add_argument("--force", action="store_true", help="let -o replace a file")
    parser.add_argument(
        "--preview", action="store_true", help="print it, and each value that is replaced; copy and write nothing"
    )
    parser.add_json("one JSON document: the text, and what was redacted in it")
    parser.add_store()


def _seq(word: str) -> int | str:
    return LAST if word == LAST else whole("SEQ", least=1, most=10**12 - 1)(word)


def run(arguments: Namespace, console: Console) -> int:
    """Read the exchange, put it into words, and let it leave by the way that was asked for."""
    if arguments.force and arguments.output is None:
        raise UsageError("--force replaces the file of -o, and none is named", hint="-o FILE --force")
    workspace = console.workspace(arguments)
    try:
        recording = recording_of(console, workspace, arguments.session)
        exchange = _exchange(recording, arguments)
        text = workspace.report(
            exchange,
            arguments.format,
            original=_original(recording, arguments.session, exchange),
            folder=_folder(console, workspace, arguments.output),
            tell=english if arguments.json else say,
        )
        findings = workspace.store.redactor.preview(exchange)
        _hand_over(arguments, console, text, findings)
        _say_redacted(console, findings, each=arguments.preview)
        return ExitCode.OK
    finally:
        workspace.close()


def _exchange(recording: Recording, arguments: Namespace) -> Exchange:
    if arguments.seq != LAST:
        return recording.get(arguments.session, arguments.seq)
    last = recording.last(arguments.session)
    if last is None:
        raise UsageError("{session} is empty", session=arguments.session)
    return last


def _original(recording: Recording, session: str, exchange: Exchange) -> Exchange | None:
    """What a replay repeats, where its own file has it; the store is asked by whoever reports."""
    if exchange.replay_of is None or not session.endswith(".jsonl"):
        return None
    for row in recording.iterate_rows(session):
        if row.id == exchange.replay_of:
            return recording.get(session, row.seq)
    return None


def _folder(console: Console, workspace: Workspace, output: str | None) -> str:
    """The way from the file that is written to the folder that targets are spelled from."""
    if output is None:
        return "."
    return os.path.relpath(workspace.settings.folder, (console.folder / output).parent)


def _hand_over(arguments: Namespace, console: Console, text: str, findings: Sequence[Finding]) -> None:
    is_taken = not arguments.preview and (arguments.copy or arguments.output is not None)
    if not arguments.preview and arguments.output is not None:
        from fgtui.sessions.interchange.saving import save

        content = text.encode("utf-8", "surrogatepass")
        save(
            console.folder / arguments.output,
            content,
            force=arguments.force,
            name=arguments.output,
            hint="--force replaces it",
            private=True,
        )
        console.diagnostics.note("written to {name}", name=arguments.output)
    if not arguments.preview and arguments.copy:
        _copy(console, text)
    if arguments.json:
        console.output.document(
            {"format": arguments.format, "text": text, "redacted": [_json(each) for each in findings]}
        )
    elif not is_taken:
        console.output.text(text)


def _copy(console: Console, text: str) -> None:
    from fgtui.invoke.outcome_words import size
    from fgtui.paths import data_folder
    from fgtui.terminal.clipboard import Route, copy

    write = console.output.sequence if console.output.is_terminal else None
    copied = copy(text, folder=data_folder(console.environment), write=write, environment=console.environment)
    tell = console.diagnostics.warn if copied.route is Route.NONE else console.diagnostics.note
    tell("{words} ({size})", words=Phrase(copied.message, copied.values), size=size(copied.size))


def _json(finding: Finding) -> dict[str, str]:
    return {"path": finding.path, "kind": english(finding.kind, finding.values), "placeholder": finding.placeholder}


def _say_redacted(console: Console, findings: Sequence[Finding], *, each: bool) -> None:
    console.output.flush()
    if not findings:
        console.diagnostics.note("nothing in it looked like a secret; nothing was replaced")
        return
    if each:
        for finding in findings:
            console.diagnostics.quote(f"{finding.path}: {finding.words} → {finding.placeholder}")
    paths = list(dict.fromkeys(finding.path for finding in findings))
    named = ", ".join(paths[:PATHS_SAID]) + (", …" if len(paths) > PATHS_SAID else "")
    console.diagnostics.note(
        plural(len(findings), "1 value is redacted: {paths}", "{count} values are redacted: {paths}"),
        count=len(findings),
        paths=named,
    )
