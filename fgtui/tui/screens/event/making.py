"""What is made of the text as it stood at one moment, in a thread: an event, a file, new ids and times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from fgtui.events.model import Event
from fgtui.invoke.ids import request_id
from fgtui.tui.text.analysis import strict_text, turned
from fgtui.tui.text.document import Difference, Form, Moment, Snapshot, difference

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger


class EventMaker:
    """The event that is sent."""

    def __init__(
        self, snapshot: Snapshot, form: Form, trigger: str, template: str | None, renewed_as: Trigger | None = None
    ) -> None:
        """``renewed_as`` says whose ids and times are made anew on the way."""
        self._snapshot = snapshot
        self._form = form
        self._trigger = trigger
        self._template = template
        self._renewed_as = renewed_as

    def __call__(self) -> Event:
        """The event; ``EventError`` says where the text is none."""
        text = strict_text(self._snapshot.text, self._form)
        if self._renewed_as is not None:
            text = _renewed(text, self._renewed_as)
        return Event(trigger=self._trigger, wire=text.encode("utf-8"), template=self._template)


class FileMaker:
    """The content of a file: the wire text."""

    def __init__(self, snapshot: Snapshot, form: Form, trigger: Trigger | None, moment: Moment) -> None:
        self._snapshot = snapshot
        self._form = form
        self._trigger = trigger
        self.moment = moment
        """The text that it is."""

    def __call__(self) -> bytes:
        """As it is typed, comments and errors too. ``EventError`` where the decoded form means no wire text."""
        text = self._snapshot.text
        if self._form is Form.DECODED:
            text = turned(text, self._form, self._trigger)
        return text.encode("utf-8", "surrogatepass")


class Renewed(NamedTuple):
    """What makes the ids and times of a text new ones, and which text that is."""

    moment: Moment
    difference: Difference | None


class Renewal:
    """The same text with new ids and times, in the form it is in."""

    def __init__(self, snapshot: Snapshot, form: Form, trigger: Trigger, moment: Moment) -> None:
        self._snapshot = snapshot
        self._form = form
        self._trigger = trigger
        self._moment = moment

    def __call__(self) -> Renewed:
        """What differs. ``EventError`` where the text is no event."""
        text = self._snapshot.text
        if self._form is Form.WIRE:
            new = _renewed(text, self._trigger)
        else:
            wire = _renewed(turned(text, self._form, self._trigger), self._trigger)
            new = turned(wire, Form.WIRE, self._trigger)
        return Renewed(self._moment, difference(text, new, self._snapshot.newline))


def _renewed(wire: str, trigger: Trigger) -> str:
    from fgtui.events.fresh import freshen  # most events are sent as they stand

    return freshen(wire, trigger, now=datetime.now(UTC), new_id=request_id)
