"""The outcome on the workbench: what the widget shows, and what a person can do with the exchange it is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.message import Message

from fgtui.tui.actions import Where, bindings
from fgtui.tui.widgets.outcome_view import OutcomeView

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange


class OutcomePane(OutcomeView):
    """Asks for what the session's table offers for its rows, without a way back to the row."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.OUTCOME, around_list=True)]

    @dataclass
    class Asked(Message):
        """A person wants something done with the exchange that is shown."""

        exchange: Exchange

    class ReplayAsked(Asked):
        """Send its event again and compare."""

    class EditAsked(Asked):
        """Open its event in the editor."""

    class ReportAsked(Asked):
        """Make a bug report of it."""

    def action_replay_shown(self) -> None:
        """Ask for its event to be sent again."""
        self._ask(self.ReplayAsked)

    def action_edit_shown_event(self) -> None:
        """Ask for its event in the editor."""
        self._ask(self.EditAsked)

    def action_report_shown(self) -> None:
        """Ask for a bug report of it."""
        self._ask(self.ReportAsked)

    def _ask(self, kind: type[Asked]) -> None:
        if self.exchange is None:
            self.say_no_exchange()
        else:
            self.post_message(kind(self.exchange))
