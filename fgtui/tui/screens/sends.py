"""Sending and replaying from the workbench: one at a time, watched while it runs, shown and recorded when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from textual.timer import Timer

from fgtui.errors import EventError, FgtuiError, UsageError
from fgtui.tui.sending import Sending
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.tui.widgets.diff_view import Difference
    from fgtui.workspace import Recorded, Workspace

TICK_S = 0.1
"""How often a running send is drawn: its time and its logs."""
NOT_COMPARED = (
    "body",
    "logs",
    "logs_truncated",
    "redacted",
    "request_id",
    "duration_ms",
    "init_ms",
    "memory_mb",
    "cold_start",
)
"""What of an outcome says nothing about what the handler answered, or says it twice."""


class Ended(NamedTuple):
    """What a send brought."""

    recorded: Recorded
    difference: Difference | None


class Sends:
    """The send that runs, if one does."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._ticking: Timer | None = None
        self.running: Sending | None = None

    def send(self) -> None:
        """Send the event in the editor to the target."""
        target = None if self._is_busy() else self._screen.targets.ready()
        if target is not None:
            make_event = self._screen.event_pane.event_maker()
            self._start(Sending(self._screen.workspace, make_event, target, self._screen.session))

    def replay(self, recording: Exchange) -> None:
        """Send a recorded event again, to the target that is chosen now, and compare."""
        target = None if self._is_busy() else self._screen.targets.ready()
        if target is None:
            return
        if recording.event.redacted:
            self._screen.say_error(refusal(recording))
            return
        event = recording.event
        self._start(Sending(self._screen.workspace, lambda: event, target, self._screen.session, recording=recording))

    def cancel(self) -> bool:
        """Stop what runs; whether anything did."""
        if self.running is None:
            return False
        self.running.cancel()
        return True

    def _is_busy(self) -> bool:
        if self.running is not None:
            self._screen.say("one event is under way; Esc cancels it", severity="warning")
        return self.running is not None

    def _start(self, sending: Sending) -> None:
        self.running = sending
        self._screen.outcome_view.show_running()
        self._screen.show_lower(self._screen.outcome_view)
        self._ticking = self._screen.set_interval(TICK_S, self._tick)
        self._tick()
        workspace = self._screen.workspace

        def work() -> Ended:
            recorded = sending.run()
            return Ended(recorded, _difference(workspace, sending.recording, recorded))

        self._screen.in_thread(work, self._ended, self._failed, group="send")

    def _tick(self) -> None:
        if self.running is not None:
            view = self._screen.outcome_view
            view.add_logs(self.running.take_lines())
            seconds = f"{self.running.elapsed_s:.1f} s"
            view.words = (
                f"… stopping · {seconds}" if self.running.is_cancelled else f"… running · {seconds} · Esc cancels"
            )

    def _stop_ticking(self) -> None:
        self.running = None
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None

    def _ended(self, ended: Ended) -> None:
        self._stop_ticking()
        recorded = ended.recorded
        note = ""
        if recorded.problem is not None:
            reason = say(recorded.problem.message, recorded.problem.values)
            note = say("not recorded: {reason}", reason=reason)
            self._screen.say("not recorded: {reason} (the outcome is shown)", severity="error", reason=reason)
        elif recorded.kept is not None:
            note = f"{recorded.kept.session} #{recorded.kept.seq}"
            self._screen.session_pane.add(recorded.kept)
        self._screen.show_exchange(recorded.exchange, note, difference=ended.difference, seq=_seq(recorded))

    def _failed(self, error: FgtuiError) -> None:
        self._stop_ticking()
        words = say(error.message, error.values)
        self._screen.outcome_view.show_nothing(
            f"✗ not sent: {words}" + (f"\n  {say(error.hint, error.values)}" if error.hint else "")
        )
        if isinstance(error, EventError):
            self._screen.event_pane.show_error(error)
        self._screen.say("not sent: {words}", severity="error", words=words)


def refusal(recording: Exchange) -> UsageError:
    """Why a redacted event is not sent again as it is (reliability, section 6)."""
    return UsageError(
        "#{seq} was redacted at {paths}, so it is not what was sent",
        hint="e opens it in the editor, to be completed and sent",
        seq=recording.seq,
        paths=", ".join(recording.event.redacted),
    )


def _seq(recorded: Recorded) -> int:
    return 0 if recorded.kept is None else recorded.kept.seq


def _difference(workspace: Workspace, recording: Exchange | None, recorded: Recorded) -> Difference | None:
    """What changed since the recording, both as they are recorded: secrets compare as placeholders."""
    if recording is None:
        return None
    from fgtui.sessions.diff import diff
    from fgtui.tui.widgets.diff_view import Difference

    now = recorded.kept or recorded.exchange
    changes = diff(_compared(workspace, recording), _compared(workspace, now), ignore=workspace.settings.replay_ignore)
    return Difference(tuple(changes), f"{recording.session} #{recording.seq}")


def _compared(workspace: Workspace, exchange: Exchange) -> dict[str, Any]:
    outcome = workspace.query_document(exchange)["outcome"]
    return {"outcome": {key: value for key, value in outcome.items() if key not in NOT_COMPARED}}
