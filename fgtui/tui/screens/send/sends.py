"""Sending and replaying from the workbench: one at a time, watched while it runs, shown and recorded when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.timer import Timer

from fgtui.errors import EventError, FgtuiError
from fgtui.invoke.model import LocalTarget, RemoteTarget
from fgtui.invoke.outcome_words import left_open, unsure
from fgtui.records import replace
from fgtui.tui.actions import Where, key_of
from fgtui.tui.screens.send.debugging import Debugging
from fgtui.tui.sending import PlaceholdersError, Sending
from fgtui.tui.target_words import called
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange, Target
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.tui.widgets.diff_view import Difference
    from fgtui.workspace import Recorded, Workspace

TICK_S = 0.1
"""How often a running send is drawn: its time and its logs."""


class Ended(NamedTuple):
    """What a send brought."""

    recorded: Recorded
    difference: Difference | None = None
    error: FgtuiError | None = None
    """Why there is no difference although it is a replay."""


class Sends:
    """The send that runs, if one does."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._ticking: Timer | None = None
        self._debugging = Debugging(screen)
        self.running: Sending | None = None
        self._has_refused = False
        """Whether what is shown may be why the event could not be sent."""

    def send(self) -> None:
        """Send the event in the editor to the target."""
        self._send(self._ready())

    def send_debug(self) -> None:
        """The same, with a handler that waits for a debugger before it is loaded."""
        target = self._ready()
        if isinstance(target, LocalTarget):
            self._send(self._debugging.debugged(target))
        elif target is not None:
            self._screen.say(
                "not sent: {target} is not started here, so nothing waits for a debugger",
                severity="warning",
                target=called(target),
            )

    def send_async(self) -> None:
        """The same, with a service that answers at once and runs the function later: it is followed to its end."""
        target = self._ready()
        if isinstance(target, RemoteTarget):
            self._send(replace(target, is_asynchronous=True))
        elif target is not None:
            name = called(target)
            self._screen.say(
                "not sent: {name} is no deployed function, and nothing else is called asynchronously", name=name
            )

    def _ready(self) -> Target | None:
        return None if self._is_busy() else self._screen.targets.ready()

    def _send(self, target: Target | None) -> None:
        if target is not None:
            make_event = self._screen.event_pane.event_maker()
            words = say("One event goes to {target}.", target=called(target))
            sending = Sending(self._screen.workspace, make_event, target, self._screen.session)
            self._start_when_agreed(sending, words)

    def replay(self, recording: Exchange) -> None:
        """Send a recorded event again, to the target that is chosen now, and compare."""
        target = self._ready()
        if target is None:
            return
        event = recording.event
        words = say(
            "The event of {session} #{seq} goes to {target}.",
            session=recording.session,
            seq=recording.seq,
            target=called(target),
        )
        sending = Sending(self._screen.workspace, lambda: event, target, self._screen.session, recording=recording)
        self._start_when_agreed(sending, words)

    def _start_when_agreed(self, sending: Sending, words: str) -> None:
        target = sending.target
        if isinstance(target, LocalTarget):
            self._start(sending)
            return
        from fgtui.sessions.replay.caution import Caution
        from fgtui.tui.screens.send.guarding import when_agreed

        caution = self._screen.workspace.caution(target)
        if not isinstance(target, RemoteTarget) and caution is not Caution.NONE:
            words += " " + say("It is not encrypted: whoever is on the way can read it.")

        def ask(_: None) -> None:
            if self._screen.is_current:  # else something is asked already
                when_agreed(
                    self._screen,
                    target,
                    lambda: self._start(sending),
                    caution=caution,
                    question=say("Send it there?"),
                    summary=words,
                )

        if caution is Caution.NONE:
            self._start(sending)
        else:
            self._screen.in_thread(sending.prepare, ask, self._failed, group="send")

    def cancel(self) -> bool:
        """Stop what runs; whether anything did."""
        if self.running is None:
            return False
        self.running.cancel()
        return True

    def _is_busy(self) -> bool:
        if self.running is not None:
            self._screen.say("one event is under way; {key} cancels it", severity="warning", key=self._cancel_key())
        return self.running is not None

    def _start(self, sending: Sending) -> None:
        self.running = sending
        self._screen.targets.used()
        self._screen.outcome_view.show_running()
        self._screen.show_lower(Where.OUTCOME)
        self._ticking = self._screen.set_interval(TICK_S, self._tick)
        self._tick()
        workspace = self._screen.workspace

        def work() -> Ended:
            return _ended(workspace, sending.recording, sending.run())

        self._screen.in_thread(work, self._ended, self._failed, group="send")

    def _tick(self) -> None:
        if self.running is not None:
            view = self._screen.outcome_view
            view.add_logs(self.running.take_lines())
            self._debugging.tell(self.running)
            words = f"… {_doing(self.running)} · {self.running.elapsed_s:.1f} s"
            way_out = "" if self.running.is_cancelled else " · " + say("{key} cancels", key=self._cancel_key())
            view.words = words + way_out

    def _cancel_key(self) -> str:
        return key_of("cancel", self._screen.keymap)

    def _stop_ticking(self) -> None:
        if self.running is not None:
            self._debugging.end(self.running)
        self.running = None
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None

    def _ended(self, ended: Ended) -> None:
        recorded = ended.recorded
        if self.running is not None:
            self._screen.targets.learn(self.running.target, recorded.exchange.target)
            self._tell_what_is_open(self.running, recorded.exchange)
        self._stop_ticking()
        note = ""
        if recorded.problem is not None:
            reason = say(recorded.problem.message, recorded.problem.values)
            note = say("not recorded: {reason}", reason=reason)
            self._screen.say("not recorded: {reason} (the outcome is shown)", severity="error", reason=reason)
        elif recorded.kept is not None:
            note = f"{recorded.kept.session} #{recorded.kept.seq}"
            self._screen.session_pane.add(recorded.kept)
        if ended.error is not None:
            self._screen.say_error(ended.error)
        self._screen.show_exchange(recorded.exchange, note, record=recorded.kept, difference=ended.difference)
        if recorded.problem is not None:
            self._screen.outcome_view.say_not_recorded()

    def _tell_what_is_open(self, sending: Sending, exchange: Exchange) -> None:
        """Say what nobody knows of the event, where what is shown next does not: of a replay that is the difference."""
        outcome, kind = exchange.outcome, exchange.target.kind
        if sending.is_cancelled:
            for words in left_open(outcome, kind):
                self._screen.say("cancelled: {words}", severity="warning", words=words)
        elif sending.recording is not None and kind != LocalTarget.kind:
            for words in unsure(outcome):
                self._screen.say("{words}", severity="warning", words=words)

    def _failed(self, error: FgtuiError) -> None:
        sending = self.running
        self._stop_ticking()
        if isinstance(error, PlaceholdersError) and sending is not None and sending.recording is None:
            self._ask_about_placeholders(sending, error)
            return
        words = say(error.message, error.values)
        if isinstance(error, EventError) and error.line is not None:
            words = say("line {line}: {words}", line=error.line, words=words)
        self._has_refused = True
        self._screen.outcome_view.show_nothing(
            say("✗ not sent: {words}", words=words) + (f"\n  {say(error.hint, error.values)}" if error.hint else "")
        )
        if isinstance(error, EventError):
            self._screen.event_pane.show_error(error)
        self._screen.say("not sent: {words}", severity="error", words=words)

    def forget_refusal(self) -> None:
        """Show no longer why an event was not sent, now that another one is open."""
        if self._has_refused and self.running is None and self._screen.outcome_view.exchange is None:
            self._screen.show_no_outcome()
        self._has_refused = False

    def _ask_about_placeholders(self, sending: Sending, error: PlaceholdersError) -> None:
        """What was redacted is not sent as placeholders unawares (reliability, section 6)."""
        from fgtui.sessions.replay.supplying import Supplies
        from fgtui.tui.screens.dialogs import Choice, Chooser, error_words

        choices: list[Choice[Supplies | None]] = [
            Choice(None, say("go back"), say("and put the values in"), "n"),
            Choice(
                Supplies(sends_placeholders=True),
                say("send it as it is"),
                say("the handler gets the placeholders"),
                "y",
            ),
        ]
        text = say(error.message, error.values)
        if error.supplies is not None:
            filled = say("sent, and kept nowhere")
            choices.insert(0, Choice(error.supplies, say("fill them in from [replay.secrets]"), filled, "f"))
        elif self._screen.workspace.settings.replay_secrets and error.why is not None:
            text += f"\n[replay.secrets]: {error_words(error.why)}"
        else:
            text += "\n" + say("[replay.secrets] in fgtui.toml can refer to the values")
        self._has_refused = True
        self._screen.outcome_view.show_nothing(say("not sent: the event holds placeholders"))

        def picked(choice: Choice[Supplies | None] | None) -> None:
            if choice is not None and choice.value is not None and not self._is_busy():
                self._start(sending.again(choice.value))

        title = say("Send an event with placeholders?")
        self._screen.app.push_screen(Chooser(title, choices, letters=True, text=text), picked)


def _doing(sending: Sending) -> str:
    """What a send is about, as far as its log says."""
    if sending.is_cancelled:
        return say("stopping")
    if not isinstance(sending.target, LocalTarget):
        return say("calling")
    if sending.is_invoked:
        return say("running")
    return say("debugger? {address}", address=sending.attach) if sending.attach else say("starting")


def _ended(workspace: Workspace, recording: Exchange | None, recorded: Recorded) -> Ended:
    """What a send brought; a replay is compared with its recording, both as they would be recorded."""
    if recording is None:
        return Ended(recorded)
    from fgtui.sessions.diff.changes import compare_outcomes
    from fgtui.tui.widgets.diff_view import Difference

    try:
        compared = compare_outcomes(
            recording, recorded.exchange, comparison=workspace.comparison(), redactor=workspace.store.redactor
        )
    except FgtuiError as error:  # a rule that cannot be read, a store that cannot be read: it was sent all the same
        return Ended(recorded, error=error)
    return Ended(recorded, Difference(compared, f"{recording.session} #{recording.seq}"))
