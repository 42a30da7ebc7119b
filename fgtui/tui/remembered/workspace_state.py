"""How a person left the workbench in a working folder: one small private file for each folder, beside the drafts.

Read before the first frame, written in a thread after something has changed. What cannot be read is no reason not to
open: the usual look stands in, and a person is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from fgtui.files import open_regular, write_private
from fgtui.paths import name_of_folder
from fgtui.words import say

FORMAT_VERSION = 1
FOLDER = "workspaces"
LARGEST_BYTES = 64_000
"""Of a file that is read: ours have some hundred."""
MOST_ENTRIES = 100
"""Of a list or a table in it."""
LONGEST_TEXT = 8_000
"""Characters of a text in it; a longer one is not kept."""


class EventLook(NamedTuple):
    """How the event was looked at. It means something for a text of the same length only."""

    length: int
    """Characters of the text."""
    line: int = 1
    column: int = 1
    """Where the cursor was."""
    top: int = 0
    """How far it was scrolled, in rows of the screen."""
    collapsed: tuple[str, ...] = ()
    """Paths of the objects and lists whose rows were hidden."""
    is_form: bool = False
    """Whether the form stood in the place of the text."""


class ShownExchange(NamedTuple):
    """The recorded exchange that was shown."""

    session: str
    seq: int
    id: str
    """Of another exchange that has got the number since it is not the one."""


class WorkspaceState(NamedTuple):
    """The look of a workbench; frozen. Names are raw text: who uses them passes over those that mean nothing to it."""

    shares: Mapping[str, float] = MappingProxyType({})
    """Parts of the desk, 0 to 1, by the names of ``tui.arrangement``."""
    hidden: tuple[str, ...] = ()
    """Panes that are not shown."""
    is_zoomed: bool = False
    theme: str | None = None
    """The theme that was chosen in the workbench; ``None``: the one of the settings, or of the terminal."""
    outcome_part: str | None = None
    """The part of an outcome that is shown."""
    turned_parts: tuple[str, ...] = ()
    """The parts of an outcome whose lines are cut where they would be wrapped, or the other way round."""
    is_side_by_side: bool = False
    """Whether differences stand side by side."""
    focus: str | None = None
    """The pane that had the keys; ``None``: the event."""
    event: EventLook | None = None
    filter: str | None = None
    filter_session: str | None = None
    """The filter in force, and which session it was of."""
    shown: ShownExchange | None = None
    expanded: tuple[str, ...] = ()
    """Keys of the triggers whose templates were shown."""
    find_options: tuple[str, ...] = ()
    """What find minds in the event: fields of ``finding.Search`` that are true."""
    tour: int | None = None
    """The step of the tour, from 0; -1 when it was ended."""
    others: Mapping[str, Any] = MappingProxyType({})
    """Entries that this version does not know, kept as they are."""


USUAL = WorkspaceState()


class StateFile:
    """Where the state of one working folder is kept. Several workbenches may share it: the last one to write wins."""

    def __init__(self, data_folder: Path, working_folder: Path) -> None:
        self._working_folder = str(working_folder)
        self.file = data_folder / FOLDER / f"{name_of_folder(self._working_folder)}.json"
        self.trouble = ""
        """Why it could not be read, in words; raw text."""
        self._is_writable = True
        self._written = USUAL

    def read(self) -> WorkspaceState:
        """What was kept; the usual state where there is nothing, or nothing that can be read."""
        document = self._document()
        if document is not None:
            self._written = _from_document(document)
        return self._written

    def _document(self) -> dict[str, Any] | None:
        import json

        try:
            document = json.loads(self._content())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            self._not_read(getattr(error, "strerror", None) or type(error).__name__)
            return None
        version = document.get("format") if isinstance(document, dict) else None
        if not isinstance(document, dict) or document.get("fgtui") != "workspace" or not isinstance(version, int):
            self._not_read(say("it is something else"))
            return None
        if version > FORMAT_VERSION:
            self._is_writable = False
            self._not_read(say("a newer fgtui has kept it; this one leaves it as it is"))
            return None
        return document

    def _content(self) -> bytes:
        """Of the file, or so much of it that it is no JSON. Raises ``OSError``."""
        stream = open_regular(self.file)
        if stream is None:
            return b""
        with stream:
            return stream.read(LARGEST_BYTES)

    def _not_read(self, reason: str) -> None:
        self.trouble = say("the layout kept for this folder could not be read: {reason}", reason=reason)

    def write(self, state: WorkspaceState) -> None:
        """Keep ``state``, if it is another one. Raises ``OSError``. Safe in any thread, one call at a time."""
        if state == self._written or not self._is_writable:
            return
        content = self._encoded(state)
        if len(content) > LARGEST_BYTES and state.event is not None:  # it would not be read again
            content = self._encoded(state._replace(event=state.event._replace(collapsed=())))
        write_private(self.file, content)
        self._written = state

    def _encoded(self, state: WorkspaceState) -> bytes:
        import json

        document = {**state.others, **_to_document(state, self._working_folder)}
        return (json.dumps(document, indent=1) + "\n").encode("ascii")


def _to_document(state: WorkspaceState, folder: str) -> dict[str, Any]:
    return {
        "fgtui": "workspace",
        "format": FORMAT_VERSION,
        "folder": folder,
        "shares": {name: round(share, 4) for name, share in state.shares.items()},
        "hidden": list(state.hidden),
        "zoomed": state.is_zoomed,
        "theme": state.theme,
        "outcome_part": state.outcome_part,
        "turned_parts": list(state.turned_parts),
        "side_by_side": state.is_side_by_side,
        "focus": state.focus,
        "event": None if state.event is None else state.event._asdict(),
        "filter": _short(state.filter),
        "filter_session": state.filter_session,
        "shown": None if state.shown is None else state.shown._asdict(),
        "expanded": list(state.expanded)[:MOST_ENTRIES],
        "find_options": list(state.find_options),
        "tour": state.tour,
    }


def _from_document(document: Mapping[str, Any]) -> WorkspaceState:
    """What of ``document`` makes sense; of each entry that does not, the usual."""
    known = _to_document(USUAL, "")
    shares = _table(document.get("shares"), lambda share: isinstance(share, int | float) and 0 <= share <= 1)
    return WorkspaceState(
        shares={name: float(share) for name, share in shares.items()},
        hidden=_texts(document.get("hidden")),
        is_zoomed=document.get("zoomed") is True,
        theme=_text(document.get("theme")),
        outcome_part=_text(document.get("outcome_part")),
        turned_parts=_texts(document.get("turned_parts")),
        is_side_by_side=document.get("side_by_side") is True,
        focus=_text(document.get("focus")),
        event=_event(document.get("event")),
        filter=_text(document.get("filter")),
        filter_session=_text(document.get("filter_session")),
        shown=_shown(document.get("shown")),
        expanded=_texts(document.get("expanded")),
        find_options=_texts(document.get("find_options")),
        tour=_number(document.get("tour")),
        others={name: value for name, value in document.items() if name not in known},
    )


def _event(value: object) -> EventLook | None:
    if not isinstance(value, dict):
        return None
    length, line, column, top = (_number(value.get(name)) for name in ("length", "line", "column", "top"))
    if length is None or line is None or column is None or top is None:
        return None
    collapsed = _texts(value.get("collapsed"))
    return EventLook(length, max(1, line), max(1, column), max(0, top), collapsed, value.get("is_form") is True)


def _shown(value: object) -> ShownExchange | None:
    if not isinstance(value, dict):
        return None
    session, seq, name = _text(value.get("session")), _number(value.get("seq")), _text(value.get("id"))
    return None if session is None or seq is None or name is None else ShownExchange(session, seq, name)


def _table(value: object, is_sound: Callable[[Any], bool]) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    return {name: entry for name, entry in list(value.items())[:MOST_ENTRIES] if is_sound(entry)}


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(entry for entry in value[:MOST_ENTRIES] if isinstance(entry, str))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> int | None:
    """A whole number that a computer's memory could count to."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 40 else None


def _short(text: str | None) -> str | None:
    return text if text is not None and len(text) <= LONGEST_TEXT else None
