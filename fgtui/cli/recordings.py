"""Recorded exchanges by what a person calls them: a session of the store, or a file of JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from fgtui.cli.output import Output
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.model import ExchangeRow
    from fgtui.workspace import Workspace

HEADER = ("#", "when", "trigger", "target", "outcome", "ms", "note")
NUMBERS = frozenset((0, 5))
"""The columns that line up at their end."""


def is_lines_file(word: str) -> bool:
    """Whether ``word`` means a file of JSON Lines rather than a session."""
    return word.endswith(".jsonl")


def require_session(workspace: Workspace, name: str) -> None:
    """``UsageError`` with the nearest name when the store has no session ``name``."""
    from fgtui.cli.parsing import did_you_mean

    names = [session.name for session in workspace.store.sessions()]
    if name in names:
        return
    raise UsageError(
        "there is no session {name!r}",
        name=name,
        known=", ".join(names),
        **did_you_mean(name, names, otherwise="there is: {known}" if names else "nothing is recorded yet"),
    )


def exchanges(console: Console, workspace: Workspace, word: str) -> Iterator[Exchange]:
    """Every exchange of ``word``, oldest first."""
    if not is_lines_file(word):
        require_session(workspace, word)
        yield from workspace.store.iterate(word)
        return
    from fgtui.sessions.interchange import read_jsonl

    yield from read_jsonl(console.folder / word)


def row_of(exchange: Exchange) -> ExchangeRow:
    """The small columns of ``exchange``."""
    from fgtui.sessions.model import ExchangeRow

    return ExchangeRow(
        session=exchange.session,
        seq=exchange.seq,
        id=exchange.id,
        started_at=exchange.started_at,
        trigger=exchange.event.trigger,
        template=exchange.event.template,
        target_kind=exchange.target.kind,
        target=exchange.target.spec,
        outcome=exchange.outcome.kind,
        duration_ms=exchange.outcome.duration_ms,
        status_code=exchange.outcome.status_code,
        replay_of=exchange.replay_of,
        note=exchange.note,
        tags=exchange.tags,
    )


def print_rows(output: Output, rows: Iterable[ExchangeRow]) -> None:
    """The session table."""
    output.table(HEADER, [_cells(row) for row in rows], right=NUMBERS)


def local_time(moment: datetime) -> str:
    """A moment where the person is, to the second."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _cells(row: ExchangeRow) -> tuple[str, ...]:
    from fgtui.invoke.outcome_words import kind_words

    kind = kind_words(row.outcome)
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
