"""Values for what was redacted: supplied by the person or by references in the settings, else the event is refused.

What is supplied is sent and never kept: the new exchange is recorded with the event as it was recorded before.
"""

from __future__ import annotations

from fgtui.errors import UsageError
from fgtui.events.model import Event
from fgtui.records import Record
from fgtui.sessions.secret_text import PLACEHOLDER

_NAMED = 3
"""Places that a refusal names."""
_MARK = b"<redacted:"


class Supplies(Record):
    """What takes the place of redacted values."""

    sends_placeholders: bool = False
    """They are sent as they are."""

    def supplied(self, event: Event) -> Event:
        """``event`` with its values; UsageError names the places for which there is none."""
        if self.sends_placeholders or not is_redacted(event):
            return event
        raise _refused(event)


NO_SUPPLIES = Supplies()


def is_redacted(event: Event) -> bool:
    """Whether values of it were replaced before it was written."""
    return bool(event.redacted) or (_MARK in event.wire and PLACEHOLDER.search(event.text) is not None)


def _refused(event: Event) -> UsageError:
    places = event.redacted or ("",)
    named = ", ".join(place or "the whole event" for place in places[:_NAMED])
    return UsageError(
        "redacted when it was recorded: {places}",
        hint="supply each value: --set PATH=VALUE or [replay.secrets]; or --send-redacted sends the placeholders",
        places=named + (", …" if len(places) > _NAMED else ""),
    )
