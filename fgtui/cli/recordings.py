"""Recorded exchanges by what a person calls them: a session of the store, or a file of JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.errors import UsageError
from fgtui.words import Names, Phrase, say

if TYPE_CHECKING:
    from datetime import datetime

    from fgtui.cli.output import Output
    from fgtui.sessions.interchange.json_lines import Skipped
    from fgtui.sessions.model import ExchangeRow
    from fgtui.sessions.recording import Recording
    from fgtui.workspace import Workspace

HEADER = (
    Phrase("#"), Phrase("when"), Phrase("trigger"), Phrase("target"), Phrase("outcome"), Phrase("ms"), Phrase("note"),
)  # fmt: skip
NUMBERS = frozenset((0, 5))
"""The columns that line up at their end."""
SKIPPED_SHOWN = 5
LAST = "last"
"""Names the newest exchange where a number is taken."""


def recording_of(console: Console, workspace: Workspace, word: str) -> Recording:
    """What ``word`` means, to be read under that name; ``UsageError`` when there is no such thing."""
    if not word.endswith(".jsonl"):
        require_session(workspace, word)
        return workspace.store
    from fgtui.sessions.interchange.json_lines import JsonLines

    lines = JsonLines(console.folder / word)
    if lines.count(word) == 0:
        reason = _reason(lines.skipped[0]) if lines.skipped else Phrase("it has no line")
        raise UsageError("{name} holds no exchange: {reason}", name=word, reason=reason)
    for skipped in lines.skipped[:SKIPPED_SHOWN]:
        console.diagnostics.warn(
            "{name}:{line}: passed over: {reason}", name=word, line=skipped.line, reason=_reason(skipped)
        )
    if len(lines.skipped) > SKIPPED_SHOWN:
        console.diagnostics.warn("{name}: {count} lines were passed over", name=word, count=len(lines.skipped))
    return lines


def _reason(skipped: Skipped) -> Phrase:
    return Phrase(skipped.message, skipped.values)


def require_session(workspace: Workspace, name: str) -> None:
    """``UsageError`` with the nearest name when the store has no session ``name``."""
    from fgtui.cli.parsing import did_you_mean

    names = [session.name for session in workspace.store.sessions()]
    if name in names:
        return
    raise UsageError(
        "there is no session {name!r}",
        name=name,
        known=Names(names),
        **did_you_mean(name, names, otherwise="there is: {known}" if names else "nothing is recorded yet"),
    )


def exchange_number(word: str) -> int | str:
    """A converter for an exchange's number, or ``last``."""
    from fgtui.cli.parsing import whole

    return LAST if word == LAST else whole("SEQ", least=1, most=10**12 - 1)(word)


def stored_number(recording: Recording, session: str, seq: int | str) -> int:
    """``seq`` itself, or the number of the newest exchange for ``last``."""
    if isinstance(seq, int):
        return seq
    newest = recording.page(session, limit=1)
    if not newest:
        raise UsageError("{session} is empty", session=session)
    return newest[0].seq


def print_rows(output: Output, rows: Iterable[ExchangeRow]) -> None:
    """The session table."""
    output.table([say(each) for each in HEADER], [_cells(row) for row in rows], right=NUMBERS)


def local_time(moment: datetime) -> str:
    """A moment where the person is, to the second."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _cells(row: ExchangeRow) -> tuple[str, ...]:
    from fgtui.invoke.outcome_words import kind_words

    kind = kind_words(row.outcome, row.status_code)
    duration = "" if row.duration_ms is None else f"{row.duration_ms:.1f}"
    return (
        str(row.seq),
        local_time(row.started_at),
        row.trigger,
        row.target,
        f"{kind.sign} {kind.words}",
        duration,
        row.note,
    )
