"""Which recorded exchanges a person means: by their numbers, by an expression, by their marks, or all of a session."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.choosing import Choosing
from fgtui.cli.console import Console
from fgtui.cli.expressions import compiled
from fgtui.cli.recordings import stored_number
from fgtui.errors import UsageError

if TYPE_CHECKING:
    from array import array

    from fgtui.sessions.replay.replaying import Selection
    from fgtui.workspace import Workspace


def selected(arguments: Namespace, console: Console, workspace: Workspace) -> Selection | None:
    """The exchanges of ``arguments.session`` that SEQ, --where and --marked mean.

    ``None`` once it is said that --where does not compile. UsageError for a number that is not there.
    """
    from fgtui.sessions.replay.replaying import Selection

    session: str = arguments.session
    choosing = Choosing(console, workspace, session)
    recording = choosing.recording
    if arguments.seqs:
        seqs = sorted({stored_number(recording, session, seq) for seq in arguments.seqs})
        there = {row.seq for row in recording.rows(session, seqs)}
        if missing := [seq for seq in seqs if seq not in there]:
            recording.get(session, missing[0])  # raises, and says what there is
        return Selection(recording, session, seqs)
    if arguments.where is None and not arguments.marked:
        return Selection(recording, session)
    found = _found(arguments, console, choosing)
    return None if found is None else Selection(recording, session, found)


def nothing_selected(arguments: Namespace) -> UsageError:
    """What is said when no exchange was meant."""
    if arguments.where is None and not arguments.marked:
        return UsageError("{session} is empty; nothing was sent", session=arguments.session)
    if arguments.where is None:
        sentence = "nothing is selected: no exchange of {session} is marked; nothing was sent"
    elif arguments.marked:
        sentence = (
            "nothing is selected: no exchange of {session} is one for which {where} is true, and marked; "
            "nothing was sent"
        )
    else:
        sentence = "nothing is selected: no exchange of {session} is one for which {where} is true; nothing was sent"
    return UsageError(sentence, session=arguments.session, where=arguments.where)


def _found(arguments: Namespace, console: Console, choosing: Choosing) -> array[int] | None:
    """The numbers for which --where and --marked hold."""
    from array import array

    from fgtui.sessions.model import MARKED

    where = None
    if arguments.where is not None:
        where = compiled(console, arguments.where)
        if where is None:
            return None
    if arguments.marked:
        where = compiled(console, MARKED if where is None else f"{MARKED} && ({arguments.where})")
    try:
        return array("q", (each.seq for each in choosing.found(where)))
    finally:
        choosing.end()
