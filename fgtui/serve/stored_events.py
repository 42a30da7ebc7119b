"""The test events that the console keeps with a function, kept here in memory, within the platform's rules.

Facts: runtime.md sections 8.8 and 8.9; statuses as the service's table of error codes has them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from fgtui.errors import UsageError
from fgtui.invoke.json_objects import json_object
from fgtui.invoke.service.saved_events import (
    MOST_BYTES,
    MOST_EVENTS,
    NAME_RULE,
    UnreadableError,
    check_name,
    checked_content,
)
from fgtui.invoke.urns import Urn
from fgtui.records import Record, replace
from fgtui.serve.messages import Outgoing, RefusedError, json_answer, no_such_method, service_error

MOST_FUNCTIONS = 400
"""Of one account; here, whose events are kept at all."""

_Function = tuple[str, str, str]
"""Project, package and name: versions and aliases share their events; no region, which a short spelling leaves out."""


class _Stored(Record):
    id: str
    name: str
    content: str
    """As it was sent, in base64."""
    modified: int
    """Unix seconds."""


class StoredEvents:
    """Answers requests below ``…/functions/{function_urn}/events``. Safe for threads."""

    def __init__(self, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        """``new_id`` gives ids that can stand in a path."""
        self._now = now
        self._new_id = new_id
        self._functions: dict[_Function, dict[str, _Stored]] = {}
        """By id, in the order in which they were made; a function without events is not there."""
        self._lock = threading.Lock()

    def answer(self, method: str, urn: Urn, event_id: str | None = None, body: bytes = b"") -> Outgoing:
        """To ``method`` on the events of a function, or on the one whose id the path names."""
        function = (urn.project_id, urn.package, urn.function)
        with self._lock:
            try:
                if event_id is not None:
                    return self._answer_about(method, function, event_id, body)
                if method == "GET":
                    return self._list(function)
                if method == "POST":
                    return self._create(function, body)
            except RefusedError as refused:
                return refused.answer
        return no_such_method(method, "GET", "POST")

    def _answer_about(self, method: str, function: _Function, event_id: str, body: bytes) -> Outgoing:
        if method not in {"GET", "PUT", "DELETE"}:
            return no_such_method(method, "GET", "PUT", "DELETE")
        stored = self._functions.get(function, {}).get(event_id)
        if stored is None:
            raise RefusedError(service_error(404, "FSS.1070", "The event cannot be found."))
        if method == "PUT":
            return self._update(function, stored, body)
        if method == "DELETE":
            return self._delete(function, stored)
        return json_answer(200, {**_listed(stored), "content": stored.content})

    def _list(self, function: _Function) -> Outgoing:
        events = [_listed(each) for each in self._functions.get(function, {}).values()]
        return json_answer(200, {"events": events, "next_marker": len(events), "count": len(events)})

    def _create(self, function: _Function, body: bytes) -> Outgoing:
        members = _members(body)
        name, content = _name(members), _content(members)
        there = self._functions.get(function, {})
        if any(each.name == name for each in there.values()):
            raise RefusedError(service_error(403, "FSS.1073", "The function event already exists."))
        if len(there) >= MOST_EVENTS:
            raise RefusedError(
                service_error(
                    403,
                    "FSS.1068",
                    "The number of events configured for the function exceeds the maximum allowed limit.",
                )
            )
        if not there and len(self._functions) >= MOST_FUNCTIONS:
            raise RefusedError(
                service_error(403, "FSS.1041", "The number of functions exceeds the maximum allowed limit.")
            )
        stored = _Stored(self._new_id(), name, content, self._seconds())
        self._functions.setdefault(function, {})[stored.id] = stored
        return _granted(stored)

    def _update(self, function: _Function, stored: _Stored, body: bytes) -> Outgoing:
        content = _content(_members(body))
        self._functions[function][stored.id] = replace(stored, content=content, modified=self._seconds())
        return _granted(stored)

    def _delete(self, function: _Function, stored: _Stored) -> Outgoing:
        del self._functions[function][stored.id]
        if not self._functions[function]:
            del self._functions[function]
        return Outgoing(204)

    def _seconds(self) -> int:
        return int(self._now().timestamp())


def _listed(stored: _Stored) -> dict[str, object]:
    return {"id": stored.id, "name": stored.name, "last_modified": stored.modified}


def _granted(stored: _Stored) -> Outgoing:
    return json_answer(200, {"id": stored.id, "name": stored.name})


def _members(body: bytes) -> dict[str, object]:
    members = json_object(body)
    if members is None:
        raise RefusedError(service_error(406, "FSS.0406", "The request body is not in the required JSON format."))
    return members


def _name(members: dict[str, object]) -> str:
    name = members.get("name")
    try:
        if isinstance(name, str):
            check_name(name)
            return name
    except UsageError:
        pass
    raise RefusedError(service_error(400, "FSS.1074", f"The event field is invalid: name has to be {NAME_RULE}."))


def _content(members: dict[str, object]) -> str:
    encoded = members.get("content")
    if not isinstance(encoded, str):
        raise RefusedError(
            service_error(400, "FSS.1074", "The event field is invalid: content has to be the event in base64.")
        )
    try:
        content = checked_content(encoded)
    except UnreadableError as error:
        why = "The event field is invalid: content has to be JSON in base64."
        raise RefusedError(service_error(400, "FSS.1074", why)) from error
    if len(content) > MOST_BYTES:
        raise RefusedError(service_error(403, "FSS.1069", "The size of EventData exceeds 4 KB."))
    return encoded
