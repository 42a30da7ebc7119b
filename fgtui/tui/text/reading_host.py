"""The process that reads for ``reading.ReadingProcess``: takes a function and what it is given, says what it answers.

Of the text it has read last it keeps what it found out, so that what is at the cursor can be asked for without it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

from fgtui.sessions.process_messages import receive, send
from fgtui.tui.text.analysis import Analysis, Explanation, analyse, explain
from fgtui.tui.text.document import Form, starts_of
from fgtui.tui.text.reading import DROP, ReadingDroppedError, text_among

if TYPE_CHECKING:
    from fgtui.events.catalogue import Catalogue, Trigger

NICENESS = 10
"""Keys go first where there are few cores."""

_last: list[Analysis] = []
_at_work: list[bool] = []
"""Not empty while a question is being answered, which may be dropped then."""


class Reading(NamedTuple):
    """What was found out about a text, and where its lines begin."""

    analysis: Analysis
    starts: Sequence[int] | None
    """``None`` where nobody has counted."""


def read(version: int, form: Form, text: str, trigger: Trigger | None, catalogue: Catalogue | None) -> Reading:
    """Read ``text`` and keep what was found. Never raises."""
    _last.clear()
    analysis = analyse(version, form, text, trigger, catalogue)
    analysis.document.position(0)  # has it count its lines, which would hold up keys elsewhere
    _last.append(analysis)
    return Reading(analysis, starts_of(text))


def explain_last(version: int, trigger: Trigger | None, offset: int | None, rows: range) -> Explanation | None:
    """What is at ``offset`` and beside ``rows`` of the text that was read last; ``None`` where it is another one."""
    analysis = _last[0] if _last else None
    return None if analysis is None or analysis.version != version else explain(analysis, trigger, offset, rows)


def main() -> None:
    """Answer until nobody asks any more."""
    os.nice(NICENESS)
    signal.signal(DROP, _drop)
    while (message := receive(0)) is not None:
        if not send(1, _answer(*message), text_among(message[1])):
            return


def _answer(function: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> tuple[bool, Any]:
    """Whether ``function`` answered, and what, or what it raised."""
    try:
        _at_work.append(True)
        try:
            return True, function(*given, **named)
        finally:
            _at_work.clear()
    except Exception as error:  # noqa: BLE001 - whoever asked knows which of them are to be expected
        _at_work.clear()
        return False, error


def _drop(number: int, frame: FrameType | None) -> None:
    if _at_work:
        raise ReadingDroppedError
