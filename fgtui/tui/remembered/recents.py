"""Which events and targets a person has used last in a working folder: references, never the text of an event.

One small private file for each folder, which several workbenches may share: each writes what it adds to what it finds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from fgtui.files import alone_with, open_regular, write_private
from fgtui.paths import name_of_folder

FOLDER = "recent"
FORMAT_VERSION = 1
KEPT_EVENTS = 60
KEPT_TARGETS = 30
LARGEST_BYTES = 4_000_000
"""Of a file that is read: more than all that is kept can take."""
LONGEST_TEXT = 4_000
"""Characters of a name; what is longer is not remembered."""


class RecentTemplate(NamedTuple):
    """A trigger's template."""

    trigger: str
    template: str


class RecentFile(NamedTuple):
    """A file with an event."""

    path: str


class RecentExchange(NamedTuple):
    """The event of a recorded exchange."""

    session: str
    seq: int
    id: str
    """Tells it from another one that has got its number since."""


Reference = RecentTemplate | RecentFile | RecentExchange
_KINDS: Mapping[str, type[Reference]] = {
    "template": RecentTemplate,
    "file": RecentFile,
    "exchange": RecentExchange,
}


class RecentEvent(NamedTuple):
    """An event that was opened."""

    what: Reference
    at: datetime
    """Aware and UTC."""


class Recents(NamedTuple):
    """What was used, newest first."""

    events: tuple[RecentEvent, ...] = ()
    targets: tuple[str, ...] = ()
    """As they were spelled."""


class RecentFiles:
    """Where that is kept for one working folder."""

    def __init__(
        self, data_folder: Path, working_folder: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._working_folder = str(working_folder)
        self._clock = clock
        self.file = data_folder / FOLDER / f"{name_of_folder(self._working_folder)}.json"

    def read(self) -> Recents:
        """What is remembered; nothing where it cannot be read."""
        try:
            stream = open_regular(self.file)
            if stream is None:
                return Recents()
            with stream:
                document = json.loads(stream.read(LARGEST_BYTES))
        except (OSError, ValueError, RecursionError):
            return Recents()
        if not isinstance(document, dict) or document.get("format") != FORMAT_VERSION:
            return Recents()
        events = tuple(event for entry in _list(document.get("events")) if (event := _event(entry)) is not None)
        targets = (each for each in _list(document.get("targets")) if isinstance(each, str))
        return Recents(events[:KEPT_EVENTS], tuple(dict.fromkeys(targets))[:KEPT_TARGETS])

    def now(self) -> datetime:
        """When something is opened that is remembered later, in a thread. Aware and UTC."""
        return self._clock()

    def add_event(self, what: Reference, at: datetime | None = None) -> None:
        """Remember ``what``, opened ``at`` that moment or now, newest first. Raises ``OSError``."""
        if any(isinstance(part, str) and len(part) > LONGEST_TEXT for part in what):
            return
        with alone_with(self.file):
            known = self.read()
            others = (each for each in known.events if each.what != what)
            events = sorted([RecentEvent(what, at or self.now()), *others], key=lambda each: each.at, reverse=True)
            self._write(known._replace(events=tuple(events[:KEPT_EVENTS])))

    def add_target(self, spec: str) -> None:
        """Remember a target as the newest. Raises ``OSError``."""
        if len(spec) > LONGEST_TEXT:
            return
        with alone_with(self.file):
            known = self.read()
            others = (each for each in known.targets if each != spec)
            self._write(known._replace(targets=(spec, *others)[:KEPT_TARGETS]))

    def _write(self, recents: Recents) -> None:
        names = {kind: name for name, kind in _KINDS.items()}
        document = {
            "fgtui": "recent",
            "format": FORMAT_VERSION,
            "folder": self._working_folder,
            "events": [
                {"kind": names[type(what)], **what._asdict(), "at": at.isoformat()} for what, at in recents.events
            ],
            "targets": list(recents.targets),
        }
        write_private(self.file, (json.dumps(document, indent=1) + "\n").encode("ascii"))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _event(entry: object) -> RecentEvent | None:
    """What an entry of the file names; ``None`` for what names nothing."""
    if not isinstance(entry, dict):
        return None
    kind = _KINDS.get(str(entry.get("kind")))
    if kind is None:
        return None
    values: list[Any] = [entry.get(name) for name in kind._fields]
    wanted = [int if name == "seq" else str for name in kind._fields]
    if [type(value) for value in values] != wanted:
        return None
    try:
        at = datetime.fromisoformat(str(entry.get("at")))
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone().astimezone(UTC)
    except (ValueError, OverflowError):  # the latter for what no clock of here can show
        return None
    return RecentEvent(kind(*values), at)
