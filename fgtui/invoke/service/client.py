"""Calls of FunctionGraph's API, each authenticated and sent once (runtime.md section 8)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from fgtui.invoke.http.errors import LateError
from fgtui.invoke.signing import authenticated
from fgtui.words import Phrase

if TYPE_CHECKING:
    from fgtui.invoke.http.transport import Reply, Transport
    from fgtui.invoke.model import Profile
    from fgtui.invoke.urns import Urn

USER_AGENT = "fgtui"
UNAUTHORIZED = 401
SHORTEST_S = 0.001
"""What is left of a deadline at least: what is late says so itself."""
_PROJECT = "X-Project-Id"
_AS_JSON = ("Content-Type", "application/json")


class ServiceClient:
    """Speaks to one endpoint as one identity. Safe for threads."""

    def __init__(self, profile: Profile, transport: Transport, now: Callable[[], datetime]) -> None:
        self._profile = profile
        self._transport = transport
        self._now = now

    @property
    def profile(self) -> str:
        """The name of the profile that is called through; empty where it has none."""
        return self._profile.name

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        timeout_s: float,
        cancelled: threading.Event | None = None,
    ) -> Reply:
        """Send one request and give the answer, whatever its status; ``path`` is percent-encoded, ``query`` is not.

        ``timeout_s`` counts for fetching credentials too. Raises ``ConfigError`` where there are none, and what
        ``Transport.send`` raises.
        """
        deadline = time.monotonic() + timeout_s
        source = self._profile.credentials
        try:
            credentials = source.get(timeout_s=timeout_s, cancelled=cancelled)
        except LateError:
            raise LateError(Phrase("{identity}: no credentials came", identity=source.identity)) from None
        url = self._profile.endpoint.rstrip("/") + path
        if query:
            url += "?" + "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(query))
        signed = authenticated(
            method,
            url,
            [*headers, _AS_JSON, *self._project(headers), ("User-Agent", USER_AGENT)],
            body,
            credentials,
            now=self._now(),
        )
        reply = self._transport.send(
            method,
            url,
            signed,
            body,
            timeout_s=max(SHORTEST_S, deadline - time.monotonic()),
            cancelled=cancelled,
            ca_file=self._profile.ca_file,
        )
        if reply.status == UNAUTHORIZED:
            source.forget(credentials)
        return reply

    def _project(self, headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """As the SDK names it, unless the caller does."""
        project = self._profile.project_id
        if project is None or any(name == _PROJECT for name, _ in headers):
            return []
        return [(_PROJECT, project)]


def project_header(profile: Profile, urn: Urn) -> tuple[str, str]:
    """Which project a function is called in."""
    return _PROJECT, profile.project_id or urn.project_id


def function_path(profile: Profile, urn: Urn, *more: str) -> str:
    """The path of what belongs to a function, percent-encoded as the SDK does: ``more`` is what follows its URN."""
    _, project = project_header(profile, urn)
    return "/".join(("/v2", _encoded(project), "fgs", "functions", _encoded(str(urn)), *map(_encoded, more)))


def _encoded(text: str) -> str:
    return quote(text, safe="~")
