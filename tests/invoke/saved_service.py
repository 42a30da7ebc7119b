"""The service's test events, on loopback: what a function keeps, by the service's rules, and every call it got.

The rules and error codes are those of runtime.md section 8.9; what an answer is instead, once, ``next_answers`` says.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from fgtui.invoke.credentials import Credentials, Keys
from fgtui.invoke.signing import refusal
from tests.invoke.http_servers import Received, Server, Step, answer, serving

PROJECT = "0123456789abcdef0123456789abcdef"
URN = f"urn:fss:cn-north-4:{PROJECT}:function:default:thumbnail:latest"
PATH = f"/v2/{PROJECT}/fgs/functions/{URN.replace(':', '%3A')}/events"
KEYS = Keys("FGTUIEXAMPLEAK000001", "fgtui-example-secret-key-0123456789abcdef")
_PATHS = PATH.replace("latest", "[a-z0-9%]+") + "(?:/([^/]*))?"
"""Versions and aliases share their events."""
SAVED_AT = 1_597_374_286


class KnownKeys:
    """Credentials of a person who has some."""

    identity = "example keys"

    def get(self, *, timeout_s: float | None = None, cancelled: threading.Event | None = None) -> Credentials:
        return KEYS

    def forget(self, refused: Credentials) -> None:
        """Nothing: they are known for good."""


@dataclass
class SavedService:
    """What one function keeps; ``events`` is by id."""

    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    page_size: int = 100
    next_answers: list[Step | None] = field(default_factory=list)
    """Of the calls that come next; ``None`` is the right one."""
    calls: list[str] = field(default_factory=list)
    """``GET``, ``PUT 3``…: the method, and the id where there is one."""
    server: Server = field(init=False)

    def save(self, name: str, content: bytes | str, *, id: str | None = None) -> str:  # noqa: A002 the field's name
        """Keep an event; ``content`` that is text is what the service gives as its base64."""
        id = id or str(len(self.events) + 1)  # noqa: A001
        encoded = content if isinstance(content, str) else base64.b64encode(content).decode()
        self.events[id] = {"id": id, "name": name, "content": encoded, "last_modified": SAVED_AT}
        return id

    def contents(self) -> dict[str, bytes]:
        """What is kept, by name."""
        return {each["name"]: base64.b64decode(each["content"]) for each in self.events.values()}

    def writes(self) -> list[str]:
        """The calls that were to change something."""
        return [call for call in self.calls if not call.startswith("GET")]

    def __call__(self, received: Received) -> Step:
        path, _, query = received.target.partition("?")
        found = re.fullmatch(_PATHS, path)
        assert found is not None, path
        id = unquote(found[1] or "")  # noqa: A001
        self.calls.append(f"{received.method} {id}".strip())
        if self.next_answers and (step := self.next_answers.pop(0)) is not None:
            return step
        if why := refusal(
            received.method, received.target, received.headers, received.body, {KEYS.access_key: KEYS}.get,
            now=datetime.now(UTC),
        ):  # fmt: skip
            return _no(401, "APIGW.0301", f"Incorrect IAM authentication information: {why}")
        body = json.loads(received.body) if received.body else {}
        match received.method, id:
            case "GET", "":
                return self._list(dict(parse_qsl(query)))
            case "POST", "":
                return self._create(body)
        if id not in self.events:
            return _no(404, "FSS.1070", "The event cannot be found.")
        return self._one(received.method, id, body)

    def _list(self, query: dict[str, str]) -> Step:
        start = int(query.get("marker", 0))
        rows = list(self.events.values())
        page = [{key: row[key] for key in row if key != "content"} for row in rows[start : start + self.page_size]]
        return _yes({"count": len(rows), "events": page, "next_marker": start + len(page)})

    def _create(self, body: dict[str, str]) -> Step:
        if len(self.events) >= 10:
            return _no(403, "FSS.1068", "The number of events configured for the function exceeds the limit.")
        if any(each["name"] == body["name"] for each in self.events.values()):
            return _no(403, "FSS.1073", "The function event already exists.")
        if not re.fullmatch(r"[A-Za-z]([A-Za-z0-9_-]{0,23}[A-Za-z0-9])?", body["name"]):
            return _no(400, "FSS.1074", "The event field is invalid.")
        return self._checked(body) or _yes({"id": self.save(body["name"], body["content"]), "name": body["name"]})

    def _one(self, method: str, id: str, body: dict[str, str]) -> Step:  # noqa: A002 the field's name
        if method == "GET":
            return _yes(self.events[id])
        if method == "DELETE":
            del self.events[id]
            return answer(204)
        if (refused := self._checked(body)) is not None:
            return refused
        self.events[id]["content"] = body["content"]
        return _yes({"id": id, "name": self.events[id]["name"]})

    def _checked(self, body: dict[str, str]) -> Step | None:
        content = base64.b64decode(body["content"], validate=True)
        json.loads(content)
        return _no(403, "FSS.1069", "The size of EventData exceeds 4 KB.") if len(content) > 4096 else None


def _yes(document: dict[str, Any]) -> Step:
    return answer(200, json.dumps(document).encode(), (("Content-Type", "application/json"),))


def _no(status: int, code: str, message: str) -> Step:
    return answer(status, json.dumps({"error_code": code, "error_msg": message}).encode())


refused = _no
"""The answer of a service that says no."""


@contextmanager
def serving_events(service: SavedService | None = None) -> Iterator[SavedService]:
    """``service``, or an empty one, at ``service.server.url``."""
    service = service or SavedService()
    with serving(service) as service.server:
        yield service
