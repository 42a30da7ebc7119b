"""The tour of ``fgtui demo``: a step at a time above the keys, which goes on by itself when the step was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from fgtui.events.model import Path
from fgtui.tui.actions import action_called, key_of, keys_that_arrive, spell
from fgtui.tui.text.document import Form
from fgtui.tui.widgets.tour_strip import TourStrip, Way, Wording
from fgtui.words import say, sentence

if TYPE_CHECKING:
    from fgtui.tui.screens.workbench import WorkbenchScreen

ENDED = -1
"""What is remembered of a tour that a person has ended."""
HANDLER = "src/orders.py"
FIRST_TRIGGER = "obs"
"""Whose event the tour begins with."""


class Step(NamedTuple):
    """Something to do, and how it is known to be done."""

    words: str
    brief: str
    """The same where there is little room."""
    keys: tuple[str, ...]
    """Ids of the actions whose keys are in the words, as ``{send}``, with ``-`` as ``_``."""
    is_done: Callable[[Touring], bool]
    place: Path = ()
    """What it speaks of in the event, which is brought into sight."""


class Touring:
    """Where the tour is. ``look`` after anything a person may have done."""

    def __init__(self, screen: WorkbenchScreen, step: int | None) -> None:
        """``step`` is what was remembered: none yet, a step, or ``ENDED``."""
        self._screen = screen
        self._strip: TourStrip | None = None
        self.step = step if step is not None and ENDED <= step < len(STEPS) else 0
        self._since = datetime.now(UTC)

    @property
    def is_on(self) -> bool:
        """Whether there is a step to be done."""
        return self.step != ENDED

    def show(self) -> None:
        """Show the step, or nothing of a tour that was ended."""
        if not self.is_on:
            if self._strip is not None:
                self._strip.remove()
                self._strip = None
            return
        if self._strip is None:
            self._strip = TourStrip()
            self._screen.mount(self._strip, before=self._screen.key_bar)
        step, keymap = STEPS[self.step], self._screen.keymap
        keys = {name.replace("-", "_"): key_of(name, keymap) for name in step.keys}
        keys["actions"] = _function_key("palette", keymap)
        number = f"{self.step + 1}/{len(STEPS)}"
        head, values = say("Tour {number}", number=number), {**keys, "file": HANDLER}
        words, brief = say(step.words, values), say(step.brief, values)
        self._strip.show([Wording(head, words), Wording(number, words), Wording(number, brief)], self._ways())

    def _ways(self) -> Sequence[Way]:
        """How to go on, back and out; the last step has no next."""
        ways = [] if self.step == 0 else [("tour-back", say("back"), "←")]
        ways += [] if self.step == len(STEPS) - 1 else [("tour-next", say("next"), "→")]
        ways.append(("tour-end", say("end"), say("end")))
        return [
            Way(action, f"{key} {words}".strip(), f"{key} {sign}".strip())
            for action, words, sign in ways
            for key in (self._key(action),)
        ]

    def _key(self, action_id: str) -> str:
        keys = keys_that_arrive(action_called(action_id), self._screen.keymap)
        return spell(keys[0]) if keys else ""

    def look(self) -> None:
        """Go on where the step was done."""
        if self.is_on and STEPS[self.step].is_done(self):
            self.go(1)

    def go(self, by: int) -> None:
        """Go to the step after this one, or to the one before; from a tour that was ended, to the first."""
        self.step = 0 if not self.is_on else min(max(self.step + by, 0), len(STEPS) - 1)
        self._since = datetime.now(UTC)
        self.show()
        editor = self._screen.event_pane.editor
        if (place := STEPS[self.step].place) and editor.trigger is not None and editor.trigger.key == FIRST_TRIGGER:
            editor.go_to_path(place)
        self._screen.look_changed()

    def end(self) -> None:
        """Show no more of it, now and when the workbench is opened again."""
        self.step = ENDED
        self.show()
        self._screen.look_changed()

    # ── what was done ───────────────────────────────────────────────────────────────────────────────────────────────
    def has_sent(self) -> bool:
        """Whether an event was sent since the step began."""
        exchange = self._screen.outcome_view.exchange
        return exchange is not None and exchange.started_at >= self._since

    def has_decoded(self) -> bool:
        """Whether the decoded form is shown."""
        return self._screen.event_pane.editor.form is Form.DECODED

    def has_opened_failed(self) -> bool:
        """Whether a recording of a failure is shown."""
        record = self._screen.record
        return record is not None and record.outcome.kind != "returned"

    def has_filtered(self) -> bool:
        """Whether a filter is in force."""
        return self._screen.session_pane.filter.in_force is not None

    def has_sent_changed(self) -> bool:
        """Whether an event was sent that is another than it was opened as."""
        return self.has_sent() and self._screen.event_pane.editor.is_modified

    def has_replayed(self) -> bool:
        """Whether a recorded event was sent again."""
        exchange = self._screen.outcome_view.exchange
        return self.has_sent() and exchange is not None and exchange.replay_of is not None

    def has_opened_report(self) -> bool:
        """Whether a bug report is shown."""
        from fgtui.tui.screens.outcome.reporting import ReportScreen

        return any(isinstance(screen, ReportScreen) for screen in self._screen.app.screen_stack)


def _function_key(action_id: str, keymap: Mapping[str, str]) -> str:
    """The F key of an action where one arrives, which is found on every keyboard; else its first key."""
    keys = [key for key in keys_that_arrive(action_called(action_id), keymap) if key[:1] == "f" and key[1:].isdigit()]
    return spell(keys[0]) if keys else key_of(action_id, keymap)


STEPS = (
    Step(
        sentence("{send} sends this event to the function named at the top. How it ends shows in the outcome."),
        sentence("{send} sends this event"),
        ("send",),
        Touring.has_sent,
    ),
    Step(
        sentence("{toggle_decoded} opens what is encoded in the event, as the key of the picture is; and back again."),
        sentence("{toggle_decoded} opens what is encoded"),
        ("toggle-decoded",),
        Touring.has_decoded,
        ("Records", 0, "s3", "object", "key"),
    ),
    Step(
        sentence(
            "{next_pane} leads from pane to pane. In the session, go down to one that failed (✗) and press "
            "{open_exchange}."
        ),
        sentence("{next_pane} to the session; {open_exchange} on a ✗"),
        ("next-pane", "open-exchange"),
        Touring.has_opened_failed,
    ),
    Step(
        sentence(
            "{cancel} leads back to the session. There {filter_session} filters: type outcome.kind != 'returned' and "
            "press Enter."
        ),
        sentence("There, {filter_session} filters: outcome.kind != 'returned'"),
        ("cancel", "filter-session"),
        Touring.has_filtered,
    ),
    Step(
        sentence(
            "{edit_exchange_event} in the session opens the event of a recording. Change something in it, and send it "
            "with {send}."
        ),
        sentence("{edit_exchange_event} opens its event; change it, {send}"),
        ("edit-exchange-event", "send"),
        Touring.has_sent_changed,
    ),
    Step(
        sentence("{replay_exchange} in the session, or in the outcome, sends a recorded event again and compares."),
        sentence("{replay_exchange} sends a recording again, compares"),
        ("replay-exchange",),
        Touring.has_replayed,
    ),
    Step(
        sentence("{report_exchange} in the session or the outcome makes a report of it that another person can run."),
        sentence("{report_exchange} makes a bug report of it"),
        ("report-exchange",),
        Touring.has_opened_report,
    ),
    Step(
        sentence(
            "{help} explains the keys, {actions} finds any action. Change {file} and send again. Later, "
            "fgtui demo --remove deletes all this."
        ),
        sentence("{help} help, {actions} actions, {file}; fgtui demo --remove"),
        ("help", "palette"),
        lambda _: False,
    ),
)
