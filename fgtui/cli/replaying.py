"""Tells of a replay: what differs on stdout, how far it is and what it came to on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode, of_error
from fgtui.cli.progress import Progress
from fgtui.errors import FgtuiError
from fgtui.invoke.model import Unreachable
from fgtui.sessions.diff.change_words import change_json, change_line
from fgtui.sessions.replay.junit import headline
from fgtui.words import plural, say, spell_seconds

if TYPE_CHECKING:
    from fgtui.sessions.replay import Replayed, Run, Tally

CHANGES_SHOWN = 5
"""Of one exchange; --json has them all."""
PROGRESS = "replaying {count} of {total} · {rate}/s · {different} {differ} · {left} left"


class Telling:
    """Hears of every exchange of one run, in order, and of its end."""

    def __init__(
        self,
        console: Console,
        run: Run,
        *,
        target: str,
        as_json: bool,
        go_on: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``go_on`` is the command that goes on with the run when it ends early."""
        self._console = console
        self._run = run
        self._target = target
        self._as_json = as_json
        self._go_on = go_on
        self._clock = clock
        self._began = clock()
        self._progress = Progress(console.diagnostics, PROGRESS, total=run.tally.total, clock=clock)
        self._refusal: FgtuiError | None = None
        self._unrecorded: FgtuiError | None = None
        self._may_have_run = False

    def tell(self, replayed: Replayed) -> None:
        """Print what there is to say about one exchange."""
        if replayed.new is None:
            self._refusal = self._refusal or replayed.problem
        else:
            self._unrecorded = self._unrecorded or replayed.problem
            outcome = replayed.new.outcome
            self._may_have_run = self._may_have_run or (isinstance(outcome, Unreachable) and outcome.may_have_run)
        if self._as_json:
            self._console.diagnostics.end_progress()
            self._console.output.json_line(replayed_json(replayed))
        elif replayed.changes or replayed.problem is not None:
            self._console.diagnostics.end_progress()
            for line in _lines(replayed):
                self._console.output.line(line)
        if self._progress.is_due:
            self._tell_progress()

    def _tell_progress(self) -> None:
        tally = self._run.tally
        left_s = tally.seconds_left
        self._progress(
            tally.done,
            rate="…" if tally.per_second is None else f"{tally.per_second:,.0f}",
            different=f"{tally.different:,}",
            differ=plural(tally.different, "differs", "differ"),
            left="…" if left_s is None else spell_seconds(left_s),
        )

    def end(self) -> ExitCode:
        """Say what it came to; the exit code."""
        self._progress.end()
        run, tally = self._run, self._run.tally
        if self._as_json:
            self._console.output.json_line(tally_json(run, self._target))
        self._console.output.flush()
        say_problem = self._console.diagnostics
        if self._refusal is not None and self._refusal.hint:
            say_problem.note("not sent: " + self._refusal.hint, **self._refusal.values)
        if self._unrecorded is not None:
            say_problem.not_recorded(self._unrecorded)
        elif run.stopped is not None:
            say_problem.error(run.stopped)
        code = self._code(tally)
        say_problem.outcome(self._summary(tally), good=code is ExitCode.OK)
        if tally.left and run.replay.into is not None:
            say_problem.note("{left} left; to go on: {command}", left=f"{tally.left:,}", command=self._go_on)
        return code

    def _code(self, tally: Tally) -> ExitCode:
        codes = [ExitCode.FAILED if tally.different or tally.refused else ExitCode.OK]
        if self._may_have_run:
            codes.append(ExitCode.NO_ANSWER)
        elif self._run.stopped is not None:
            codes.append(of_error(self._run.stopped))
        return max(codes)

    def _summary(self, tally: Tally) -> str:
        sign = "✗" if tally.different or tally.refused or self._run.stopped else "✓"
        sent = tally.done - tally.refused
        parts = [
            f"{sign} {sent:,} of {tally.total:,} replayed" if tally.left else f"{sign} {sent:,} replayed",
            f"{tally.different:,} {plural(tally.different, 'differs', 'differ')}" if tally.different else "",
            f"{tally.failed:,} of them failed" if tally.failed else "",
            "" if tally.different or not sent else "nothing differs",
            f"{tally.refused:,} not sent" if tally.refused else "",
            f"{tally.earlier:,} of them before" if tally.earlier else "",
            f"{tally.unrecorded:,} not recorded" if tally.unrecorded else "",
            spell_seconds(self._clock() - self._began),
            f"recorded as {self._run.replay.into}" if self._run.replay.into and sent > tally.unrecorded else "",
        ]
        return " · ".join(filter(None, parts))


def replayed_json(replayed: Replayed) -> dict[str, Any]:
    """One line of --json."""
    old, new, problem = replayed.old, replayed.new, replayed.problem
    return {
        "seq": old.seq,
        "id": old.id,
        "verdict": "refused" if new is None else "different" if replayed.changes else "same",
        "failed": replayed.has_failed,
        "earlier": replayed.is_earlier,
        "outcome": {"old": old.outcome.kind, "new": None if new is None else new.outcome.kind},
        "duration_ms": {"old": old.outcome.duration_ms, "new": None if new is None else new.outcome.duration_ms},
        "replay": None if new is None else {"id": new.id, "session": new.session or None, "seq": new.seq or None},
        "changes": [change_json(change) for change in replayed.changes],
        "problem": None if problem is None else say(problem.message, problem.values),
    }


def tally_json(run: Run, target: str) -> dict[str, Any]:
    """The last line of --json."""
    tally, stopped = run.tally, run.stopped
    names = ("total", "done", "same", "different", "failed", "refused", "earlier", "unrecorded")
    return {
        "tally": {name: getattr(tally, name) for name in names},
        "session": run.replay.into,
        "target": target,
        "stopped": None if stopped is None else say(stopped.message, stopped.values),
    }


def _lines(replayed: Replayed) -> Iterator[str]:
    old, problem = replayed.old, replayed.problem
    place = " ".join(filter(None, (str(old.seq), old.event.trigger, old.event.template)))
    if replayed.new is None:
        yield f"⊘ {place}  not sent: {say(problem.message, problem.values) if problem else ''}"
        return
    if not replayed.changes:
        yield f"! {place}  not recorded"
        return
    yield f"{'✗' if replayed.has_failed else '~'} {place}  {headline(replayed)}"
    for change in replayed.changes[:CHANGES_SHOWN]:
        yield f"    {change_line(change)}"
    if len(replayed.changes) > CHANGES_SHOWN:
        yield f"    … {len(replayed.changes) - CHANGES_SHOWN:,} more; --json has them all"
