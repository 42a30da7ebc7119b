"""What the exit code says, and which one an outcome or an error gets (design: command line)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, assert_never

from fgtui.errors import CallError, FgtuiError, StoreError
from fgtui.words import sentence

if TYPE_CHECKING:
    from fgtui.invoke.model import Outcome


class ExitCode(IntEnum):
    """An interface: a number never changes its meaning. Of several, the highest is given."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NO_ANSWER = 3
    STORE = 4
    DEFECT = 70
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: "returned, nothing differs, or an empty answer",
    ExitCode.FAILED: "the handler raised, crashed, could not start, used too much memory or answered nonsense; "
    "the service said no; or something differs",
    ExitCode.USAGE: "usage, an invalid event or file, a session or exchange that is not there, consent refused",
    ExitCode.NO_ANSWER: "timed out, or nobody answered",
    ExitCode.STORE: "recordings could not be read or written, or the output could not; wins over 0, 1 and 3",
    ExitCode.DEFECT: "a defect in fgtui itself, with its place",
    ExitCode.HUNG_UP: "SIGHUP: the terminal went away",
    ExitCode.INTERRUPTED: sentence("SIGINT: Ctrl+C"),
    ExitCode.TERMINATED: "SIGTERM",
}


def of_error(error: FgtuiError) -> ExitCode:
    """The code of what fgtui itself could not do."""
    match error:
        case StoreError():
            return ExitCode.STORE
        case CallError():
            return ExitCode.FAILED if error.was_answered else ExitCode.NO_ANSWER
    return ExitCode.USAGE


def of_outcome(outcome: Outcome) -> ExitCode:
    """The code of how an invocation ended."""
    from fgtui.invoke import model

    match outcome:
        case model.Returned():
            return ExitCode.OK
        case (
            model.Raised()
            | model.InitFailed()
            | model.OutOfMemory()
            | model.Crashed()
            | model.InvalidResponse()
            | model.Rejected()
        ):
            return ExitCode.FAILED
        case model.TimedOut() | model.Unreachable():
            return ExitCode.NO_ANSWER
        case model.Cancelled():
            return ExitCode.INTERRUPTED
        case _:
            assert_never(outcome)
