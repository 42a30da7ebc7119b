"""One bulk replay as the screen follows it: runs in a thread, tells what differs, and can be stopped."""

from __future__ import annotations

import threading
from array import array
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.errors import FgtuiError
    from fgtui.invoke.model import Target
    from fgtui.sessions.replay.run import Replay, Replayed, Run, Tally
    from fgtui.tui.selection import Selection
    from fgtui.workspace import Workspace


KEPT = 10_000
"""Findings that are told: who has more of them looks at the new session."""


class Finding(NamedTuple):
    """What is worth a look: an exchange that ended otherwise than before, or was not sent. Small, since many may be."""

    old: int
    """The number of the recorded exchange in its session."""
    new: int
    """That of the new one where it was recorded; 0 where there is none."""
    trigger: str
    sign: str
    """``~`` differs, ``✗`` fails now, ``⊘`` was not sent, ``!`` was not recorded."""
    before: str
    """The kind of the old outcome."""
    after: str
    """That of the new one; empty where there is none."""
    words: str
    """The first difference and how many there are more, or why there is none; raw text."""


SIGNS = {"~": "warn", "✗": "bad", "⊘": "muted", "!": "bad"}
"""With their inks."""


class Rerun:
    """Sends a selection again. ``run`` belongs to a thread, everything else to the screen."""

    def __init__(self, workspace: Workspace, selection: Selection, target: Target, replay: Replay) -> None:
        from fgtui.sessions.replay.replaying import Selection as Recorded

        self.selection = selection
        self.target = target
        self.replay = replay
        """How they are sent."""
        self.into = replay.into or ""
        """The session that takes the new exchanges."""
        self._cancelled = threading.Event()
        self._done = threading.Event()
        self._began = monotonic()
        self._ended: float | None = None
        self._found: deque[Finding] = deque()
        self.found = 0
        """How many findings there are, told or not."""
        self.different: array[int] = array("q")
        """The numbers in ``into`` of what did not end as before."""
        self._run: Run = workspace.replay(
            Recorded(workspace.store, selection.session, selection.seqs), target, replay, cancelled=self._cancelled
        )

    def run(self) -> None:
        """Send them all, or as many as there are before ``cancel``. Raises ``FgtuiError`` where that goes wrong."""
        try:
            for replayed in self._run:
                if (found := finding_of(replayed)) is not None:
                    self._keep(found)
        finally:
            self._ended = monotonic()
            self._done.set()

    def _keep(self, found: Finding) -> None:
        self.found += 1
        if self.found <= KEPT:
            self._found.append(found)
        if found.new:
            self.different.append(found.new)

    def cancel(self) -> None:
        """Stop; what was sent is kept."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether ``cancel`` was called."""
        return self._cancelled.is_set()

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return self._done.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; whether it came."""
        return self._done.wait(seconds)

    @property
    def elapsed_s(self) -> float:
        """Seconds since it began, or that it took."""
        return (self._ended or monotonic()) - self._began

    @property
    def tally(self) -> Tally:
        """What it has come to so far."""
        return self._run.tally

    @property
    def can_go_on(self) -> bool:
        """Whether something is left that can be sent without sending anything twice."""
        return self.is_over and bool(self.tally.left) and not self.tally.unrecorded and not self.has_lost_its_source

    @property
    def has_lost_its_source(self) -> bool:
        """Whether it ended since exchanges of the selection were deleted meanwhile."""
        return self.is_over and bool(self.tally.left) and not self.is_cancelled and self.stopped is None

    @property
    def stopped(self) -> FgtuiError | None:
        """Why it ended before its end, where it did by itself."""
        return self._run.stopped

    def take(self) -> list[Finding]:
        """What was found since the last call."""
        return [self._found.popleft() for _ in range(len(self._found))]


def finding_of(replayed: Replayed) -> Finding | None:
    """What there is to look at of one; ``None`` where it ended as before."""
    old, new, problem = replayed.old, replayed.new, replayed.problem
    if new is None:
        reason = "" if problem is None else say(problem.message, problem.values)
        return Finding(old.seq, 0, old.event.trigger, "⊘", old.outcome.kind, "", reason)
    if problem is None and not replayed.is_different:
        return None
    if replayed.is_first:
        words = say("never sent before: there is nothing to compare with")
    else:
        words = _first_of(replayed) if replayed.changes else say("the same as before")
    if problem is not None:
        words = say("not recorded: {reason}", reason=say(problem.message, problem.values))
    sign = "!" if problem is not None else "✗" if replayed.has_failed else "~"
    seq = 0 if problem is not None else new.seq
    return Finding(old.seq, seq, old.event.trigger, sign, old.outcome.kind, new.outcome.kind, words)


def _first_of(replayed: Replayed) -> str:
    from fgtui.events.text import format_path

    first, *others = replayed.changes
    place = format_path(first.path)
    return say("{place} and {count} more", place=place, count=len(others)) if others else place
