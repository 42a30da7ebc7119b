"""Replaying many: asks how, shows how far it is and what differs as it comes, and leaves a summary behind."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from fgtui.errors import FgtuiError, UsageError
from fgtui.invoke.model import is_started_here
from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.rerunning import KEPT, Rerun
from fgtui.tui.screens.modal import Modal
from fgtui.tui.target_words import called
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.finding_rows import FindingRows
from fgtui.tui.widgets.tally_lines import TallyLines
from fgtui.words import plural, say, spell_seconds

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange, Target
    from fgtui.sessions.replay.run import Replay
    from fgtui.tui.screens.dialogs import Choice
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.tui.selection import Selection, Shown

TICK_S = 0.1
DIFFERS = "differs"
"""The tag of what ended otherwise than its recording, once a person asks to see only that."""
FEWEST_AT_ONCE = 2
MOST_AT_ONCE = 8


class Earlier(NamedTuple):
    """A replay of the same exchanges at the same target that was stopped before its end."""

    session: str
    """Where it recorded."""
    done: int
    """How many of the selection it has sent."""
    has_other_code: bool = False
    """Whether the handler's file has changed since."""


class Plan(NamedTuple):
    """What could be replayed."""

    selection: Selection
    into: str
    """A session that is not there yet."""
    earlier: Earlier | None = None


class ReplayScreen(Modal[None]):
    """One bulk replay: how far it is, what it has come to, and a row for whatever did not end as before."""

    DEFAULT_CSS = """
    ReplayScreen { align: center middle; background: $background 60%; }
    ReplayScreen > #frame {
        width: 110; max-width: 100%; height: 94%;
        border: round $border; border-title-color: $border; border-subtitle-color: $foreground-muted;
        background: $surface; padding: 0 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.REPLAY)]

    def __init__(self, workbench: WorkbenchScreen, rerun: Rerun) -> None:
        super().__init__()
        self._workbench = workbench
        self.rerun = rerun
        """What runs, or ran."""
        self._error: FgtuiError | None = None
        self._said = ""
        """What the frame says of the keys: drawn when it changes, not ten times a second."""
        self._tally = TallyLines()
        self.rows = FindingRows()
        """What was found so far."""

    def compose(self) -> ComposeResult:
        """The tally and the findings."""
        with Vertical(id="frame") as frame:
            words = say(
                "Replay of {words} at {target}", words=self.rerun.selection.words, target=called(self.rerun.target)
            )
            frame.border_title = Content(displayable_line(words))
            yield self._tally
            yield self.rows

    def on_mount(self) -> None:
        """Begin."""
        self.rows.focus()
        self._ticking = self.set_interval(TICK_S, self._tick)
        in_thread(self, self.rerun.run, lambda _: self._end(), self._failed, group="replay")
        self._tick()

    def _end(self) -> None:
        self._ticking.stop()
        self._tick()

    def _failed(self, error: FgtuiError) -> None:
        self._error = error
        self._end()

    def _tick(self) -> None:
        rerun = self.rerun
        if found := rerun.take():
            self.rows.add(found)
        self._tally.show(rerun.tally, self._how(), is_over=rerun.is_over)
        hint = say("nothing differs") if rerun.is_over else say("nothing differs so far")
        if hint != self.rows.hint:
            self.rows.hint = hint
            self.rows.refresh()
        keys = self._keys()
        if rerun.is_over:
            of_rows = "{compare} compares · {report} report · {edit} edit · {different} only these"
            parts = [say(of_rows, keys)] if self.rows.findings else []
            parts += [say("{go_on} goes on", keys)] if rerun.can_go_on else []
            self._say(" · ".join((*parts, say("{session} opens the session · {leave} leaves", keys))))
        elif rerun.is_cancelled:
            self._say(say("stopping…"))
        else:
            self._say(say("{compare} compares, {leave} stops and keeps what is done", keys))

    def _keys(self) -> dict[str, str]:
        return keys_in(
            self.app,
            compare="list-choose",
            report="replay-report",
            edit="replay-edit",
            different="replay-different",
            go_on="replay-go-on",
            session="replay-session",
            leave="replay-leave",
        )

    def _say(self, words: str) -> None:
        if words != self._said:
            self._said = words
            self.query_one("#frame").border_subtitle = Content(displayable_line(words))

    def _how(self) -> str:
        """How it goes or went."""
        rerun = self.rerun
        if rerun.is_over and rerun.found > KEPT and not (self._error or rerun.stopped):
            return say(
                "the first {kept} of {found} are listed; {different} shows all that differ in {into}",
                self._keys(),
                kept=f"{KEPT:,}",
                found=f"{rerun.found:,}",
                into=rerun.into,
            )
        took = spell_seconds(rerun.elapsed_s)
        problem = self._error or rerun.stopped
        if problem is not None:
            from fgtui.tui.screens.dialogs import error_words

            return say("✗ {words}", words=error_words(problem))
        if not rerun.is_over:
            return say("into {into}", into=rerun.into)
        if rerun.has_lost_its_source:
            return say(
                "✗ the rest of {session} is gone: deleted meanwhile; what is done is kept in {into}",
                session=rerun.selection.session,
                into=rerun.into,
            )
        if rerun.tally.left:
            return say("stopped after {took}; what is done is kept in {into}", took=took, into=rerun.into)
        return say("finished after {took}; recorded into {into}", took=took, into=rerun.into)

    # ── one finding ─────────────────────────────────────────────────────────────────────────────────────────────────
    @on(FindingRows.Chosen)
    def _compare(self, event: FindingRows.Chosen) -> None:
        event.stop()
        found = event.finding
        if not found.new:
            self._workbench.say("#{seq}: {words}", severity="warning", seq=found.old, words=found.words)
            return
        self._workbench.counterparts.open(self.rerun.selection.session, found.old, self.rerun.into, found.new)

    def action_report(self) -> None:
        """Make a bug report of the new exchange under the cursor."""
        found = self.rows.at_cursor()
        if found is not None:
            session, seq = (self.rerun.into, found.new) if found.new else (self.rerun.selection.session, found.old)
            self._read(session, seq, self._workbench.reporting.ask)

    def action_edit(self) -> None:
        """Open the event of the exchange under the cursor in the editor, once nothing runs any more."""
        found = self.rows.at_cursor()
        if found is not None and self.rerun.is_over:
            self._read(self.rerun.selection.session, found.old, self._edit)

    def _edit(self, exchange: Exchange) -> None:
        self.dismiss()
        self._workbench.edit_exchange(exchange)

    def _read(self, session: str, seq: int, use: Callable[[Exchange], None]) -> None:
        store = self._workbench.workspace.store
        self._workbench.in_thread(lambda: store.get(session, seq), use, group="exchange")

    # ── what it leaves ──────────────────────────────────────────────────────────────────────────────────────────────
    def action_open_session(self) -> None:
        """Show the session of the new exchanges."""
        if self.rerun.is_over and self.rerun.tally.done:
            self.dismiss()
            self._workbench.set_session(self.rerun.into)

    def action_show_different(self) -> None:
        """Tag what differs, and show only that."""
        rerun, workbench = self.rerun, self._workbench
        seqs = rerun.different
        if not rerun.is_over or not seqs:
            return
        store = workbench.workspace.store

        def show(_: int) -> None:
            self.dismiss()
            workbench.set_session(rerun.into, where=f"contains(tags, '{DIFFERS}')")

        workbench.in_thread(lambda: store.annotate(rerun.into, seqs, add_tags=(DIFFERS,)), show, group="annotate")

    def action_leave(self) -> None:
        """Stop; once it has ended, go back."""
        if not self.rerun.is_over:
            self.rerun.cancel()
            self._tick()
            return
        self.dismiss()
        tally = self.rerun.tally
        problem = self._error or self.rerun.stopped
        sent = tally.done - tally.refused - tally.earlier
        if problem is not None and (tally.unrecorded or not sent):
            words = (
                "{sent} of {total} sent, {unrecorded} of them not recorded: {why}" if sent else "nothing sent: {why}"
            )
        elif not sent:
            words = "nothing was sent"
        elif problem is not None:
            words = "{done} of {total} replayed into {into}; {why}"
        else:
            words = "{done} of {total} replayed into {into}: {same} same, {different} different"
        self._workbench.say(
            words,
            severity="error" if problem is not None else "information",
            sent=f"{sent:,}",
            unrecorded=f"{tally.unrecorded:,}",
            why="" if problem is None else say(problem.message, problem.values),
            done=f"{tally.done:,}",
            total=f"{tally.total:,}",
            into=self.rerun.into,
            same=f"{tally.same:,}",
            different=f"{tally.different:,}",
        )

    def action_go_on(self) -> None:
        """Send what is left of what was stopped."""
        if self.rerun.can_go_on:
            self.dismiss()
            self._workbench.replaying.go_on(self.rerun)


class Replaying:
    """Asks for a bulk replay and starts it; one at a time."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    def ask(self, session: str, shown: Shown | None) -> None:
        """Offer to replay what is marked, else what is ``shown`` of the session, at the target that is chosen now."""
        screen = self._screen
        target = screen.targets.ready()
        if target is None:
            return
        screen.in_thread(
            partial(self._plan, session, shown, target), lambda plan: self._offer(plan, target), group="selection"
        )

    def go_on(self, rerun: Rerun) -> None:
        """Send what a replay that was stopped has left, in the same way and at the same target."""
        how = {name: getattr(rerun.replay, name) for name in ("concurrency", "rate", "speed")} | {"resume": True}

        def go_on(earlier: Earlier | None) -> None:
            plan = Plan(rerun.selection, rerun.into, earlier or Earlier(rerun.into, rerun.tally.done))
            self._confirm(plan, rerun.target, how)

        self._screen.in_thread(
            lambda: self._earlier(rerun.selection, rerun.into, rerun.target), go_on, group="selection"
        )

    def _plan(self, session: str, shown: Shown | None, target: Target) -> Plan:
        from fgtui.sessions.replay.replaying import names_after
        from fgtui.tui.selection import select

        workspace = self._screen.workspace
        workspace.renew_settings()
        selection = select(workspace.store, session, shown)
        known = {each.name for each in workspace.store.sessions()}
        names = list(takewhile(known.__contains__, names_after(session)))
        earlier = self._earlier(selection, names[-1], target) if names else None
        return Plan(selection, workspace.replay_name(session), earlier)

    def _earlier(self, selection: Selection, session: str, target: Target) -> Earlier | None:
        """What ``session`` holds of a replay of ``selection`` at ``target`` that can be gone on with."""
        from fgtui.invoke.local import code_sha256
        from fgtui.invoke.model import Cancelled
        from fgtui.tui.selection import Chosen

        store = self._screen.workspace.store
        replays = store.replays(session)
        for row in store.page(session, limit=MOST_AT_ONCE):
            if row.outcome == Cancelled.kind and row.replay_of is not None:
                replays.pop(row.replay_of, None)
        is_all = selection.why is Chosen.ALL
        done = len(replays) if is_all else sum(row.id in replays for row in selection.rows(store))
        if not 0 < done < selection.total:
            return None
        ends = {min(replays.values()), max(replays.values())}
        targets = [exchange.target for exchange in store.exchanges(session, sorted(ends))]
        if any(each.spec != store.redactor.text(target.spec) for each in targets):
            return None
        code = code_sha256(target.file) if is_started_here(target) else None
        return Earlier(session, done, any(each.code_sha256 not in (None, code) for each in targets))

    def _offer(self, plan: Plan, target: Target) -> None:
        from fgtui.tui.screens.dialogs import Choice, Chooser

        selection = plan.selection
        if not selection.total:
            self._screen.say("there is nothing to replay")
            return
        if selection.total == 1:
            self._replay_one(selection)
            return
        at_once = min(MOST_AT_ONCE, max(FEWEST_AT_ONCE, os.cpu_count() or 1))
        choices: list[Choice[dict[str, object]]] = [
            Choice({}, say("one after the other"), say("recorded into {into}", into=plan.into), "y"),
            Choice(
                {"concurrency": at_once},
                say("{count} at once", count=at_once),
                say("each on an instance of its own")
                if is_started_here(target)
                else say("what answers there gets all of them"),
                "c",
            ),
            Choice({"rate": None}, say("at most so many a second"), say("asks for the number"), "l"),
            Choice({"speed": 1.0}, say("at the original pace"), say("with the pauses between them"), "p"),
        ]
        if plan.earlier is not None:
            detail = say(
                "{done} of {total} are done, by other code"
                if plan.earlier.has_other_code
                else "{done} of {total} are done",
                done=f"{plan.earlier.done:,}",
                total=f"{selection.total:,}",
            )
            words = say("go on with {into}", into=plan.earlier.session)
            choices.insert(1, Choice({"resume": True}, words, detail, "g"))

        def picked(choice: Choice[dict[str, object]] | None) -> None:
            if choice is None:
                return
            if "rate" in choice.value:
                self._ask_rate(plan, target)
            else:
                self._confirm(plan, target, choice.value)

        title = say("Replay {words} at {target}?", words=selection.words, target=called(target))
        self._screen.app.push_screen(Chooser(title, choices, letters=True), picked)

    def _replay_one(self, selection: Selection) -> None:
        screen = self._screen

        def read() -> Exchange:
            for exchange in selection.exchanges(screen.workspace.store):
                return exchange
            raise UsageError("it has been deleted meanwhile")

        screen.in_thread(read, screen.sends.replay, group="exchange")

    def _ask_rate(self, plan: Plan, target: Target) -> None:
        from fgtui.tui.screens.dialogs import Prompt

        def answered(text: str | None) -> None:
            if text is not None:
                self._confirm(plan, target, {"rate": rate_of(text)})

        self._screen.app.push_screen(Prompt(say("At most how many a second?"), "10", check=rate_of), answered)

    # ── being sure ──────────────────────────────────────────────────────────────────────────────────────────────────
    def _confirm(self, plan: Plan, target: Target, how: dict[str, object]) -> None:
        """Ask for a yes, or for the target's name, where many events may do harm there (reliability, section 8)."""
        from fgtui.sessions.replay.caution import Caution
        from fgtui.tui.screens.send.guarding import when_agreed

        earlier = plan.earlier if how.get("resume") else None
        left = plan.selection.total - (earlier.done if earlier is not None else 0)
        caution = self._screen.workspace.caution(target, left)
        words = (
            plural(left, "{words} goes to {target}.", "{words} go to {target}.")
            if earlier is None
            else plural(
                left,
                "The one that is left of {words} goes to {target}.",
                "The {left} that are left of {words} go to {target}.",
            )
        )
        summary = say(words, left=f"{left:,}", words=plan.selection.words, target=called(target))
        if earlier is not None and earlier.has_other_code:
            summary += "\n" + say(
                "The handler's file has changed since the others were sent: {session} will hold exchanges of both.",
                session=earlier.session,
            )
            caution = Caution.YES if caution is Caution.NONE else caution
        when_agreed(
            self._screen,
            target,
            lambda: self._start(plan, target, how),
            caution=caution,
            question=say("Send them all?"),
            summary=summary,
            yes=say("Send them"),
        )

    def _start(self, plan: Plan, target: Target, how: dict[str, object]) -> None:
        screen = self._screen
        into = plan.earlier.session if plan.earlier is not None and how.get("resume") else plan.into

        def make() -> Rerun:
            from fgtui.sessions.replay.run import Replay

            replay: Replay = Replay(into=into, supplies=screen.workspace.supplies(), **how)  # type: ignore[arg-type]
            return Rerun(screen.workspace, plan.selection, target, replay)

        screen.in_thread(make, self._show, group="selection")

    def _show(self, rerun: Rerun) -> None:
        self._screen.rerun = rerun
        self._screen.app.push_screen(ReplayScreen(self._screen, rerun))


def rate_of(text: str) -> float:
    """How many a second; ``UsageError`` where that is no number above 0."""
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 1_000_000:
        raise UsageError("a number above 0 is wanted, as in 0.5 or 20")
    return rate
