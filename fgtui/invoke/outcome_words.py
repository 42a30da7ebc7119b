"""Says how an invocation ended: a sign, a few words, and the ink they are drawn in.

A sign stands beside every colour, so nothing is told by colour alone.
"""

from __future__ import annotations

import signal
from typing import NamedTuple, Protocol, assert_never

from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    HandlerError,
    HttpTarget,
    InitFailed,
    InvalidResponse,
    Outcome,
    OutOfMemory,
    Raised,
    Rejected,
    RemoteTarget,
    Returned,
    TimedOut,
    Unreachable,
)
from fgtui.invoke.platform_log import TAKEN, UNSENT
from fgtui.regex import regex
from fgtui.words import Phrase, plural, say


class Sayer(Protocol):
    """``say``, or ``english`` where no person but a program or a file is told."""

    def __call__(self, sentence: str | Phrase, /, **values: object) -> str:
        """``sentence`` in words."""


class KindWords(NamedTuple):
    """How a kind of outcome looks in a list."""

    sign: str
    words: str
    ink: str


KINDS = {
    "returned": KindWords("✓", "returned", "good"),
    "raised": KindWords("✗", "raised", "bad"),
    "init_failed": KindWords("✗", "init failed", "bad"),
    "timed_out": KindWords("◷", "timed out", "warn"),
    "out_of_memory": KindWords("✗", "out of memory", "bad"),
    "crashed": KindWords("✗", "crashed", "bad"),
    "invalid_response": KindWords("✗", "invalid response", "bad"),
    "rejected": KindWords("✗", "rejected", "bad"),
    "unreachable": KindWords("✗", "unreachable", "warn"),
    "cancelled": KindWords("○", "cancelled", "muted"),
}
BETWEEN = " · "
"""Stands between the parts of a headline."""
SHORTEST_MS = 0.05
"""A shorter duration reads as ``0.0 ms``."""
SAID_BY_THE_SIGN = "function result is invalid, error: "
"""How FunctionGraph begins to say so (runtime.md section 2): the kind's own words are the same."""
UNKNOWN_KIND = KindWords("?", "unknown", "muted")
_SECONDS = regex(r"[0-9]{1,6}")
SERVER_ERROR = 500
"""From this status on an HTTP function has returned that it failed."""


def kind_words(kind: str, status_code: int | None = None, tell: Sayer = say) -> KindWords:
    """The sign and words of a kind, whatever it is spelled like, and of the status that was returned, if any was.

    ``tell`` is who says them: ``english`` for what a program reads.
    """
    known = KINDS.get(kind)
    words = UNKNOWN_KIND._replace(words=kind) if known is None else known._replace(words=tell(known.words))
    if kind == "returned" and status_code is not None and status_code >= SERVER_ERROR:
        return words._replace(sign="!", ink="warn")
    return words


def headline(outcome: Outcome, tell: Sayer = say) -> str:
    """How it ended in one line: ``✓ returned · 3.2 ms · 31 MB``. Raw text: errors may quote anything."""
    return BETWEEN.join(headline_parts(outcome, tell))


def headline_parts(outcome: Outcome, tell: Sayer = say) -> tuple[str, ...]:
    """The parts of the headline, the one that is missed least last."""
    parts = [f"{kind_words(outcome.kind, outcome.status_code).sign} {_how(outcome, tell)}"]
    if outcome.duration_ms is not None and not isinstance(outcome, TimedOut):
        parts.append(milliseconds(outcome.duration_ms))
    if outcome.memory_mb is not None:
        parts.append(f"{outcome.memory_mb:.0f} MB")
    if billed := _billed(outcome, tell):
        parts.append(billed)
    cold = cold_start(outcome)
    if outcome.cold_start and (cold or not isinstance(outcome, Cancelled)):
        parts.append(tell("cold start {time}", time=cold) if cold else tell("cold start"))
    return tuple(parts)


def _billed(outcome: Outcome, tell: Sayer) -> str:
    """What the service charges for, where it says so."""
    if not any(name.lower().startswith("x-cff-") for name, _ in outcome.headers):
        return ""
    from fgtui.invoke.service.invoke_summary import summary_of

    billed = summary_of(outcome.headers).billed_ms
    return "" if billed is None else tell("billed {time}", time=f"{billed:.0f} ms")


def advice(outcome: Outcome, tell: Sayer = say, *, profile: str = "") -> tuple[str, ...]:
    """What a failure means and what to do about it, each a line; nothing where the headline says all.

    ``profile`` is the name of the one that was called through, where it is known.
    """
    match outcome:
        case Rejected(code=code, status_code=status):
            from fgtui.invoke.service.errors import meaning, profile_word

            means = meaning(code, status)
            said = [tell(each, profile=profile_word(profile)) for each in (means.what, means.hint) if each]
            said += _to_wait(outcome, tell)
            return (*([tell("; ").join(said)] if said else []), *unsure(outcome, tell))
        case _:
            return unsure(outcome, tell)


def unsure(outcome: Outcome, tell: Sayer = say) -> tuple[str, ...]:
    """That a function may have run whose answer did not come, in a line; nothing where that is known."""
    match outcome:
        case Rejected(may_have_run=True) | Unreachable(may_have_run=True):
            return (_may_have_run(outcome, tell),)
        case TimedOut(stopped_processes=0, body=b""):  # nobody has said that it ended
            return (_may_have_run(outcome, tell),)
        case _:
            return ()


def _to_wait(outcome: Outcome, tell: Sayer) -> list[str]:
    """How long not to call again, where the service says it in seconds."""
    said = next((value.strip() for name, value in outcome.headers if name.lower() == "retry-after"), "")
    return [tell("it asks to wait {seconds} s", seconds=said)] if _SECONDS.fullmatch(said) else []


def left_open(outcome: Outcome, kind: str, *, profile: str = "") -> tuple[str, ...]:
    """What is known, or is not, of an event that went to somebody else's machine and has no answer; a line each.

    ``kind`` is the target's, and ``profile`` as for ``advice``.
    """
    if kind not in {HttpTarget.kind, RemoteTarget.kind}:
        return ()
    match outcome:
        case Cancelled() if was_taken(outcome, kind):
            return (say("the service has taken the event, and runs it; it is only followed no longer"),)
        case Cancelled() if was_unsent(outcome):
            return (say("nothing was sent yet, so nothing has run"),)
        case Cancelled():
            return (say("what was sent may have arrived, and run"),)
        case Unreachable(may_have_run=False) if kind == RemoteTarget.kind:
            from fgtui.invoke.service.errors import profile_word

            words = "nothing has run; fgtui doctor --profile {profile} tries the way there step by step"
            return (say(words, profile=profile_word(profile)),)
        case Unreachable(may_have_run=False, message=message):
            return (
                say("nothing has run" if "certificate" in message else "nothing has run; does something listen there?"),
            )
        case _:
            return ()


def was_taken(outcome: Outcome, kind: str) -> bool:
    """Whether the service took the event to run it later, so that its answer is nowhere; ``kind`` is the target's."""
    return kind == RemoteTarget.kind and outcome.logs.startswith(f"fgtui: {TAKEN}")


def was_unsent(outcome: Outcome) -> bool:
    """Whether a person stopped a call to somebody else's machine before its event had left."""
    return isinstance(outcome, Cancelled) and outcome.logs.startswith(f"fgtui: {UNSENT}")


def _may_have_run(outcome: Outcome, tell: Sayer) -> str:
    if outcome.request_id is None:
        return tell("the function may have run; the event was not sent again")
    return tell(
        "the function may have run (request {request}); the event was not sent again", request=outcome.request_id
    )


def cold_start(outcome: Outcome) -> str:
    """How long the cold start took; empty when that is unknown or it was cut off before it did anything."""
    if outcome.init_ms is None or outcome.init_ms < SHORTEST_MS:
        return ""
    return milliseconds(outcome.init_ms)


def _how(outcome: Outcome, tell: Sayer) -> str:
    match outcome:
        case Returned():
            return (
                tell("returned") if outcome.status_code is None else tell("returned {code}", code=outcome.status_code)
            )
        case Raised(error=error):
            return tell("raised {error}", error=_error(error))
        case InitFailed(error=error):
            return tell("init failed: {error}", error=_error(error))
        case TimedOut(limit_s=0):
            return tell("timed out")
        case TimedOut(limit_s=limit, stopped_processes=0):
            return tell("timed out after {limit:g} s", limit=limit)
        case TimedOut(limit_s=limit, stopped_processes=stopped):
            return tell(
                plural(
                    stopped,
                    "timed out after {limit:g} s; 1 process stopped",
                    "timed out after {limit:g} s; {stopped} processes stopped",
                ),
                limit=limit,
                stopped=stopped,
            )
        case OutOfMemory(limit_mb=0):
            return tell("out of memory")
        case OutOfMemory(limit_mb=limit):
            return tell("out of memory at the limit of {limit} MB", limit=limit)
        case Crashed():
            return tell("crashed: {how}", how=_crash(outcome, tell))
        case InvalidResponse(message=message):
            return tell("invalid response: {message}", message=message.removeprefix(SAID_BY_THE_SIGN))
        case Rejected(code=code, message=message):
            return tell("rejected: {code} {message}", code=code, message=message)
        case Unreachable(message=message):
            return tell("unreachable: {message}", message=message)
        case Cancelled():
            return tell("cancelled")
    assert_never(outcome)


def _error(error: HandlerError) -> str:
    return f"{error.type}: {error.message}" if error.message else error.type


def _crash(outcome: Crashed, tell: Sayer) -> str:
    if outcome.signal is not None:
        try:
            name = signal.Signals(outcome.signal).name
        except ValueError:
            name = str(outcome.signal)
        return tell("killed by {signal}", signal=name)
    if outcome.exit_code is None:
        return tell("no answer")
    return tell("exit code {code}, no answer", code=outcome.exit_code)


def milliseconds(value: float) -> str:
    """A duration as a person reads it: ``3.2 ms``, ``12 s``."""
    if value < 100:
        return f"{value:.1f} ms"
    return f"{value:.0f} ms" if value < 10_000 else f"{value / 1000:.1f} s"


def size(count: int, tell: Sayer = say) -> str:
    """A number of bytes as a person reads it."""
    if count < 1000:
        return tell(plural(count, "1 byte", "{count} bytes"), count=count)
    return f"{count / 1000:.1f} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
