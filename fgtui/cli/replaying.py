"""Tells of a replay: what differs on stdout, how far it is and what it came to on stderr."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from fgtui.cli.console import Console
from fgtui.cli.diffing import say_unknown
from fgtui.cli.exit_codes import ExitCode, of_error
from fgtui.cli.progress import Progress
from fgtui.errors import FgtuiError
from fgtui.invoke.model import Returned, TimedOut, is_started_here
from fgtui.sessions.diff.change_words import RESPELLED, change_json, change_line
from fgtui.sessions.replay.junit import headline
from fgtui.sessions.replay.sending import may_have_run
from fgtui.words import Phrase, english, plural, say, spell_seconds

if TYPE_CHECKING:
    from fgtui.invoke.model import Target
    from fgtui.sessions.replay.run import Replayed, Run, Tally

CHANGES_SHOWN = 5
"""Of one exchange; --json has them all."""
PROGRESS = "replaying {count} of {total} · {rate}/s · {different} · {left} left"


class Telling:
    """Hears of every exchange of one run, in order, and of its end."""

    def __init__(
        self,
        console: Console,
        run: Run,
        *,
        target: Target,
        as_json: bool,
        go_on: str,
        unread: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``go_on`` is the command that goes on with the run when it ends early.

        ``unread`` are lines of the file that are no exchange.
        """
        self._console = console
        self._run = run
        self._target = target
        self._as_json = as_json
        self._go_on = go_on
        self._unread = unread
        self._other_limits: Counter[float] = Counter()
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
            self._may_have_run = self._may_have_run or may_have_run(replayed.new)
            old = replayed.old.outcome
            if isinstance(old, TimedOut) and is_started_here(self._target) and old.limit_s != self._target.timeout_s:
                self._other_limits[old.limit_s] += isinstance(replayed.new.outcome, Returned)
        if self._as_json:
            self._console.diagnostics.end_progress()
            self._console.output.json_line(replayed_json(replayed))
        elif replayed.is_different or replayed.problem is not None:
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
            different=_differ(tally),
            left="…" if left_s is None else spell_seconds(left_s),
        )

    def end(self) -> ExitCode:
        """Say what it came to; the exit code."""
        self._progress.end()
        run, tally = self._run, self._run.tally
        if self._as_json:
            self._console.output.json_line(tally_json(run, self._target.spec, unread=self._unread))
        self._console.output.flush()
        say_problem = self._console.diagnostics
        if self._refusal is not None and self._refusal.hint:
            hint = Phrase(self._refusal.hint, self._refusal.values)
            say_problem.note("not sent: {hint}", hint=hint)
        if self._unrecorded is not None:
            say_problem.not_recorded(self._unrecorded)
        elif run.stopped is not None:
            say_problem.error(run.stopped)
        code = self._code(tally)
        say_problem.outcome(self._summary(tally), good=code is ExitCode.OK)
        self._say_more(tally)
        if tally.left:
            self._say_how_to_go_on(tally)
        return code

    def _say_how_to_go_on(self, tally: Tally) -> None:
        if self._run.replay.into is None:
            self._console.diagnostics.note(
                "{left} left; nothing was recorded that --resume could go on from: name them by their numbers",
                left=f"{tally.left:,}",
            )
            return
        if not tally.cancelled:
            sentence = "{left} left; to go on: {command}"
        elif is_started_here(self._target):
            sentence = "{left} left, {cancelled} of them cancelled; to go on: {command}"
        else:
            sentence = plural(
                tally.cancelled,
                "{left} left, {cancelled} of them cancelled: it may have run, and is not sent again; "
                "to go on: {command}",
                "{left} left, {cancelled} of them cancelled: they may have run, and are not sent again; "
                "to go on: {command}",
            )
        self._console.diagnostics.note(
            sentence, left=f"{tally.left:,}", cancelled=f"{tally.cancelled:,}", command=self._go_on
        )

    def _say_more(self, tally: Tally) -> None:
        """What the numbers do not say by themselves."""
        note = self._console.diagnostics.note
        say_unknown(self._console, tally.unknown)
        if tally.respelled:
            note("{what}: {count} of them", what=Phrase(RESPELLED), count=f"{tally.respelled:,}")
        for limit_s, count in sorted(self._other_limits.items()):
            if count:
                note(
                    plural(
                        count,
                        "1 that returned was recorded as timed out after {limit} s; to replay with that: "
                        "--timeout {limit}",
                        "{count} that returned were recorded as timed out after {limit} s; to replay with that: "
                        "--timeout {limit}",
                    ),
                    count=f"{count:,}",
                    limit=f"{limit_s:g}",
                )

    def _code(self, tally: Tally) -> ExitCode:
        codes = [ExitCode.FAILED if tally.different or tally.refused or self._unread else ExitCode.OK]
        if self._may_have_run:
            codes.append(ExitCode.NO_ANSWER)
        elif self._run.stopped is not None:
            codes.append(of_error(self._run.stopped))
        return max(codes)

    def _summary(self, tally: Tally) -> str:
        sign = "✗" if tally.different or tally.refused or self._unread or self._run.stopped else "✓"
        sent = tally.done - tally.refused
        compared = sent - tally.first
        replayed = "{count} of {total} replayed" if tally.left else "{count} replayed"
        unread = plural(self._unread, "1 line could not be read", "{count} lines could not be read")
        into = self._run.replay.into
        parts = [
            f"{sign} {say(replayed, count=f'{sent:,}', total=f'{tally.total:,}')}",
            say(_differ(tally)) if tally.different else "",
            _counted(tally.failed, "{count} of them failed"),
            "" if tally.different or compared <= 0 else say("nothing differs"),
            _counted(tally.first, "{count} never sent before, so nothing to compare with"),
            _counted(tally.refused, "{count} not sent"),
            _counted(tally.earlier, "{count} of them before"),
            _counted(tally.again, "{count} cancelled before and sent again"),
            _counted(self._unread, unread),
            _counted(tally.unrecorded, "{count} not recorded"),
            say(spell_seconds(self._clock() - self._began)),
            say("recorded as {session}", session=into) if into and sent > tally.unrecorded else "",
        ]
        return " · ".join(filter(None, parts))


def _differ(tally: Tally) -> Phrase:
    return Phrase(plural(tally.different, "1 differs", "{count} differ"), count=f"{tally.different:,}")


def _counted(count: int, sentence: str) -> str:
    """``sentence`` of so many; nothing of none."""
    return say(sentence, count=f"{count:,}") if count else ""


def replayed_json(replayed: Replayed) -> dict[str, Any]:
    """One line of --json."""
    old, new, problem = replayed.old, replayed.new, replayed.problem
    return {
        "seq": old.seq,
        "id": old.id,
        "verdict": _verdict(replayed),
        "failed": replayed.has_failed,
        "earlier": replayed.is_earlier,
        "again": replayed.is_again,
        "respelled": replayed.is_respelled,
        "unknown": replayed.unknown,
        "outcome": {"old": old.outcome.kind, "new": None if new is None else new.outcome.kind},
        "duration_ms": {"old": old.outcome.duration_ms, "new": None if new is None else new.outcome.duration_ms},
        "replay": None if new is None else {"id": new.id, "session": new.session or None, "seq": new.seq or None},
        "changes": [change_json(change) for change in replayed.changes],
        "problem": None if problem is None else english(problem.message, problem.values),
    }


def _verdict(replayed: Replayed) -> str:
    if replayed.new is None:
        return "refused"
    if replayed.is_different:
        return "different"
    return "first" if replayed.is_first else "same"


def tally_json(run: Run, target: str, *, unread: int) -> dict[str, Any]:
    """The last line of --json."""
    tally, stopped = run.tally, run.stopped
    names = (
        "total", "done", "same", "different", "failed", "refused", "first", "earlier", "again", "cancelled",
        "unrecorded", "respelled", "unknown",
    )  # fmt: skip
    return {
        "tally": {name: getattr(tally, name) for name in names} | {"unread": unread},
        "session": run.replay.into,
        "target": target,
        "stopped": None if stopped is None else english(stopped.message, stopped.values),
    }


def _why(problem: FgtuiError | None) -> Phrase | str:
    return "" if problem is None else Phrase(problem.message, problem.values)


def _lines(replayed: Replayed) -> Iterator[str]:
    old, problem = replayed.old, replayed.problem
    place = " ".join(filter(None, (str(old.seq), old.event.trigger, old.event.template)))
    if replayed.new is None:
        yield f"⊘ {place}  {say('not sent: {why}', why=_why(problem))}"
        return
    if not replayed.is_different:
        yield f"! {place}  {say('not recorded')}"
        return
    yield f"{'✗' if replayed.has_failed else '~'} {place}  {headline(replayed)}"
    for change in replayed.changes[:CHANGES_SHOWN]:
        yield f"    {change_line(change)}"
    if len(replayed.changes) > CHANGES_SHOWN:
        left_out = f"{len(replayed.changes) - CHANGES_SHOWN:,}"
        yield f"    {say('… {count} more; --json has them all', count=left_out)}"
