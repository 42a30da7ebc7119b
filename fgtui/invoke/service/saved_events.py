"""The test events that the console keeps with a deployed function: their rules, and reading and writing them.

Facts: runtime.md sections 8.8 and 8.9. An event's bytes come back as they went; who may be asked, and which file is
whose, is the front ends' business, but names that the service gives become paths only through ``file_name_of``.
"""

from __future__ import annotations

import binascii
import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fgtui.errors import CallError, FgtuiError, TargetError, UsageError
from fgtui.invoke.json_objects import json_object
from fgtui.invoke.service.errors import Meaning, error_of, may_have_run, meaning, profile_word
from fgtui.invoke.urns import DEFAULT_PACKAGE
from fgtui.records import Record
from fgtui.regex import regex
from fgtui.words import Phrase

if TYPE_CHECKING:
    from fgtui.invoke.http.transport import Reply
    from fgtui.invoke.service.client import ServiceClient
    from fgtui.invoke.urns import Urn

MOST_EVENTS = 10
"""Of one function."""
MOST_BYTES = 4096
"""Of one event, before it is encoded."""
NAME_RULE = Phrase("1 to 25 letters, digits, - and _, a letter first and a letter or digit last")
CALL_LIMIT_S = 30.0
FOLDER = "test-events"
"""Where events of functions are kept as files, a folder for each function."""

_NAME = regex(r"[A-Za-z](?:[A-Za-z0-9_-]{0,23}[A-Za-z0-9])?")
_ID = regex(r"[A-Za-z0-9_][A-Za-z0-9_.~-]{0,127}")
"""What can stand in a path and mean nothing else: not ``..``, which would make an event's path the function's."""
_FOLDER_WORD = regex(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,127}")
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10)))
)
"""Names that mean a device on Windows, whatever their ending."""
_PAGES = 100
_LIST = "fgtui remote-events list says what is there"
_FORBIDDEN = Meaning("who calls may not do this", "see whose credentials these are: fgtui doctor --profile {profile}")
"""What the service's table says of invocations would be wrong here."""


class SavedEvent(Record):
    """One test event as the service lists it."""

    id: str
    name: str
    """As the service has it: no file name, no text for a terminal."""
    modified_at: datetime | None = None
    """Aware and UTC."""


class UnreadableError(FgtuiError):
    """What is saved under a name is no event, and why, in words."""


class SavedEvents:
    """The test events of one function. Every call is made once; ``CallError`` where the service says no to it."""

    def __init__(
        self,
        client: ServiceClient,
        path: str,
        *,
        timeout_s: float = CALL_LIMIT_S,
        cancelled: threading.Event | None = None,
    ) -> None:
        self._client = client
        self._path = path
        """Of the function's events, percent-encoded."""
        self._timeout_s = timeout_s
        self._cancelled = cancelled

    def list(self) -> tuple[SavedEvent, ...]:
        """All of them, in the service's order, however many pages they fill.

        The last page names a marker too, so what ends the pages is their count, or that one brings nothing new.
        """
        found: dict[str, SavedEvent] = {}
        marker: object = None
        for _ in range(_PAGES):
            query = () if marker is None else (("marker", str(marker)),)
            page = _document(self._call(Phrase("list the test events"), "GET", self._path, query=query))
            new = {event.id: event for event in _events(page) if event.id not in found}
            found |= new
            count, before, marker = page.get("count"), marker, page.get("next_marker")
            is_whole = isinstance(count, int) and len(found) >= count
            if not new or is_whole or marker in (None, "", before) or not str(marker).isascii():
                break
        return tuple(found.values())

    def content(self, event: SavedEvent) -> bytes:
        """The exact bytes of ``event``. ``UnreadableError`` where they are no JSON, or cannot be told."""
        reply = self._call(Phrase("read {name}", name=event.name), "GET", self._path_of(event))
        encoded = _document(reply).get("content")
        if not isinstance(encoded, str):
            raise UnreadableError("the service gave no content")
        return checked_content(encoded)

    def create(self, name: str, content: bytes) -> None:
        """Save a new event."""
        self._call(Phrase("create {name}", name=name), "POST", self._path, {"name": name, "content": _encoded(content)})

    def replace(self, event: SavedEvent, content: bytes) -> None:
        """Save other content under the name of ``event``."""
        self._call(
            Phrase("replace {name}", name=event.name), "PUT", self._path_of(event), {"content": _encoded(content)}
        )

    def delete(self, event: SavedEvent) -> None:
        """Delete ``event``, for good."""
        self._call(Phrase("delete {name}", name=event.name), "DELETE", self._path_of(event))

    def _path_of(self, event: SavedEvent) -> str:
        if not _ID.fullmatch(event.id):
            raise CallError("{name} has an id that no address may hold: {id!r}", name=event.name, id=event.id)
        return f"{self._path}/{event.id}"

    def _call(
        self,
        what: Phrase,
        method: str,
        path: str,
        document: dict[str, str] | None = None,
        *,
        query: Sequence[tuple[str, str]] = (),
    ) -> Reply:
        """``what`` is what the call is to do, in words."""
        from fgtui.invoke.http.errors import BrokenError, LateError

        body = b"" if document is None else json.dumps(document).encode()
        is_read = method == "GET"
        try:
            reply = self._client.call(
                method, path, query=query, body=body, timeout_s=self._timeout_s, cancelled=self._cancelled
            )
        except BrokenError as error:
            lost = error.may_have_run and not is_read
            raise _unanswered(what, error.phrase, lost=lost, profile=self._client.profile) from error
        except LateError as error:
            why = Phrase("no answer within {limit:g} s", limit=self._timeout_s)
            lost = error.may_have_run and not is_read
            raise _unanswered(what, why, lost=lost, profile=self._client.profile) from error
        if reply.status // 100 != 2:
            raise _refused(what, reply, is_read=is_read, profile=self._client.profile)
        return reply


def check_name(name: str) -> None:
    """``UsageError`` with the rule where no test event may have that name."""
    if not _NAME.fullmatch(name):
        raise UsageError("{name!r} is no name for a test event: {rule}", name=name, rule=NAME_RULE)


def check_size(name: str, content: bytes) -> None:
    """``UsageError`` with the rule where ``content`` is too large."""
    if len(content) > MOST_BYTES:
        raise UsageError(
            "{name} has {size} bytes; a test event has at most {most}",
            name=name,
            size=f"{len(content):,}",
            most=f"{MOST_BYTES:,}",
            hint="as it is sent; fgtui format --compact takes its white space away",
        )


def check_count(there: int, new: int) -> None:
    """``UsageError`` with the rule where ``new`` more would be too many."""
    if new and there + new > MOST_EVENTS:
        raise UsageError(
            "a function keeps at most {most} test events; it has {there}, and {new} more would be {all}",
            most=MOST_EVENTS,
            there=there,
            new=new,
            all=there + new,
            hint="delete some first: fgtui remote-events delete NAME",
        )


def checked_content(encoded: str) -> bytes:
    """What the service's ``encoded`` content stands for. ``UnreadableError`` where it is no base64 or no JSON."""
    from fgtui.events.text import is_json

    try:
        content = binascii.a2b_base64(encoded.encode("ascii"), strict_mode=True)
    except ValueError:
        raise UnreadableError("what the service has is not base64") from None
    try:
        is_event = is_json(content.decode("utf-8"))
    except UnicodeDecodeError:
        is_event = False
    if not is_event:
        raise UnreadableError("what the service has is not JSON")
    return content


def file_name_of(name: str) -> str | None:
    """The name of the file that keeps the event ``name``; ``None`` where a name of the service's could not be one."""
    return f"{name}.json" if _NAME.fullmatch(name) and name.lower() not in _DEVICES else None


def folder_of(urn: Urn) -> str:
    """Where the events of a function are kept as files, below the folder of the project.

    Versions and aliases share it, as they share the events. ``TargetError`` where its name could not be a folder's.
    """
    name = urn.function if urn.package == DEFAULT_PACKAGE else f"{urn.package}.{urn.function}"
    if not _FOLDER_WORD.fullmatch(name) or name.partition(".")[0].lower() in _DEVICES:
        raise TargetError("no folder may be called {name!r}", name=name, hint="name one: --folder F")
    return f"{FOLDER}/{name}"


def _encoded(content: bytes) -> str:
    return binascii.b2a_base64(content, newline=False).decode("ascii")


def _document(reply: Reply) -> dict[str, Any]:
    found = json_object(reply.body)
    if found is None:
        raise CallError(
            "what answered is not FunctionGraph: {said!r}",
            said=reply.body[:200].decode("utf-8", "replace"),
            hint="is the profile's endpoint the right one? fgtui config",
        )
    return found


def _events(page: dict[str, Any]) -> list[SavedEvent]:
    listed = page.get("events")
    rows = listed if isinstance(listed, list) else []
    return [
        SavedEvent(row["id"], row["name"], _moment(row.get("last_modified")))
        for row in rows
        if isinstance(row, dict) and isinstance(row.get("id"), str) and isinstance(row.get("name"), str)
    ]


def _moment(seconds: object) -> datetime | None:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _refused(what: Phrase, reply: Reply, *, is_read: bool, profile: str) -> CallError:
    error = error_of(reply.status, reply.body)
    means = _FORBIDDEN if error.code == "FSS.0403" else meaning(error.code, reply.status)
    lost = not is_read and may_have_run(reply.status, error.code)
    return CallError(
        _REFUSED[bool(means.what), lost],
        what=what,
        code=error.code,
        said=error.message,
        means=Phrase(means.what),
        may_have_run=lost,
        hint=_LIST if lost else means.hint,
        profile=profile_word(profile),
    )


_REFUSED = {
    (False, False): "the service would not {what}: {code} {said}",
    (True, False): "the service would not {what}: {code} {said} ({means})",
    (False, True): "the service would not {what}: {code} {said}; it may have been done all the same",
    (True, True): "the service would not {what}: {code} {said} ({means}); it may have been done all the same",
}
"""By whether it is known what the code means, and whether it may have been done."""


def _unanswered(what: Phrase, why: str | Phrase, *, lost: bool, profile: str) -> CallError:
    return CallError(
        "could not {what}: {why}; it may have been done all the same" if lost else "could not {what}: {why}",
        what=what,
        why=why,
        was_answered=False,
        may_have_run=lost,
        hint=_LIST if lost else "fgtui doctor --profile {profile} tests the way there",
        profile=profile_word(profile),
    )
