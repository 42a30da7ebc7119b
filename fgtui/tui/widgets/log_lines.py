"""Shortens log lines for the screen, so that what a person logged is seen first: ``10:13:22Z INFO Function name``.

The cloud writes 64 characters of date, time and request id before it (runtime.md sections 2.6 and 11), the same id in
every line of one exchange. The record and what is copied keep the lines as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fgtui.tui.styles.inks import Piece

ID_SHOWN = 8
"""Characters of the request id that stay in the platform's own lines."""

_STAMPED = re.compile(
    r"\d{4}-\d\d-\d\dT(?P<time>\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z "
    r"(?:(?P<verb>Start|Finish) invoke request '(?P<framed>[^']{1,64})'|(?P<id>\S{1,64}) )"
)
_LEVEL = re.compile(r"DEBUG|INFO|WARN|ERROR")
_BEFORE = "initializer"
"""Stands for the request id in what is written before an event is there (runtime.md section 2.6)."""
_SHORT = re.compile(
    r"\d\d:\d\d:\d\dZ (?:(?P<platform>(?:Start|Finish) invoke request )|(?P<level>DEBUG|INFO|WARN|ERROR) )?"
)
_LEVEL_INKS = {"DEBUG": "faint", "INFO": "muted", "WARN": "warn", "ERROR": "bad"}


def begins_invocation(line: str) -> bool:
    """Whether ``line`` is the platform's word that the handler is called: before it, an instance was being started."""
    found = _STAMPED.match(line)
    return found is not None and found["verb"] == "Start"


class LogLines:
    """Shortens the lines of one exchange, in order.

    Without a ``request_id`` the exchange is under way, and the first line that bears an id tells it.
    """

    def __init__(self, request_id: str | None = None) -> None:
        self._id = request_id

    def short(self, line: str) -> str:
        """The line as it is shown; any other than one of this exchange in the documented form stays as it is."""
        found = _STAMPED.match(line)
        if found is None:
            return line
        framed, named = found["framed"], found["id"]
        if named == _BEFORE:
            return f"{found['time']}Z {line[found.end() :]}"
        if self._id is None and (framed or _LEVEL.match(line, found.end())):
            self._id = framed or named
        if self._id is None or (framed or named) != self._id:
            return line
        rest = line[found.end() :]
        if framed is None:
            return f"{found['time']}Z {rest}"
        return f"{found['time']}Z {found['verb']} invoke request {framed[:ID_SHOWN]}{rest}"


def shortened(logs: str, request_id: str | None) -> str:
    """A whole log as it is shown; as it is when it is not known whose it is."""
    if request_id is None:
        return logs
    lines = LogLines(request_id)
    return "\n".join(map(lines.short, logs.split("\n")))


def log_colours(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
    """A shortened line: the time and the platform's words stand back, the level shows how bad it is."""
    found = _SHORT.match(line)
    if found is None:
        return ((line[start:end], ""),)
    if found["platform"]:
        return ((line[start:end], "muted"),)
    level = found["level"]
    after_time = found.start("level") if level else found.end()
    inked = ((0, after_time, "muted"), (after_time, found.end(), _LEVEL_INKS.get(level, "")), (found.end(), end, ""))
    return tuple((line[max(first, start) : min(last, end)], ink) for first, last, ink in inked if last > start)
