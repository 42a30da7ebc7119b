"""A target behind a local endpoint: what sends, what records, what recognises events and who may call."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from fgtui.errors import CallError, FgtuiError
from fgtui.events.catalogue import BLANK, Catalogue
from fgtui.events.model import Event
from fgtui.invoke import surroundings
from fgtui.invoke.credentials import Credentials, Token
from fgtui.invoke.http.errors import UnansweredError
from fgtui.invoke.invoker import Begun, Invoker
from fgtui.invoke.model import Exchange, LocalTarget, Profile, RemoteTarget, Target
from fgtui.records import replace
from fgtui.serve.invocation_api import Served
from fgtui.serve.messages import Incoming
from fgtui.serve.recorder import Handled
from fgtui.serve.serving import ServeOptions, Serving
from fgtui.sessions.recording_process import RecordingProcess
from fgtui.words import Phrase

RECOGNISED_BYTES = 1024 * 1024
"""The trigger of a longer event is not looked for: it would keep other callers waiting."""


def serve(
    target: Target,
    options: ServeOptions,
    *,
    invoker: Invoker,
    recording: RecordingProcess | None,
    catalogue: Catalogue,
    tell: Callable[[Handled], None],
    profile: Profile | None = None,
    why_not: Callable[[], str | None] | None = None,
) -> Serving:
    """An endpoint for ``target``, not started yet. With a ``profile`` calls of the invocation API are taken from those
    who have its credentials. ``why_not``, asked before each call, says why none is passed on any more.
    """

    def invoke(event: Event, *, request_id: str, memory_mb: int | None, cancelled: threading.Event) -> Exchange:
        asked = target if memory_mb is None else replace(target, memory_mb=memory_mb)
        return invoker.invoke(event, asked, request_id=request_id, cancelled=cancelled)

    def begin(event: Event, *, request_id: str, memory_mb: int | None, cancelled: threading.Event) -> Begun | None:
        asked = target if memory_mb is None else replace(target, memory_mb=memory_mb)
        return invoker.begin(event, asked, request_id=request_id, cancelled=cancelled)

    return Serving(
        options,
        described(target),
        invoke=invoke,
        begin=begin,
        record=None if recording is None else recording.record,
        end=None if recording is None else recording.close,
        tell=tell,
        trigger_of=lambda wire: trigger_of(wire, catalogue),
        verify=None if profile is None else lambda incoming, cancelled: refusal(incoming, profile, cancelled),
        why_not=why_not,
    )


def described(target: Target) -> Served:
    """What the endpoint says of the function behind it."""
    if isinstance(target, LocalTarget):
        return Served(
            _name(surroundings.function_name(target)),
            surroundings.handler_spelling(target),
            target.runtime,
            target.memory_mb,
            target.timeout_s,
        )
    name = target.urn.function if isinstance(target, RemoteTarget) else _name(target.name or "")
    runtime = "http" if isinstance(target, RemoteTarget) else target.runtime or "http"
    return Served(name, "bootstrap", runtime, target.memory_mb or 128, target.timeout_s)


def _name(name: str) -> str:
    """``name`` where a function may have it, which a folder need not heed (runtime.md section 1.3)."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", name) else "function"


def trigger_of(wire: bytes, catalogue: Catalogue) -> str:
    """The key of the trigger that an event is of, as far as anybody can tell."""
    if len(wire) > RECOGNISED_BYTES:
        return BLANK
    from fgtui.events.recognition import recognise
    from fgtui.events.text import scan

    return recognise(scan(wire.decode("utf-8", "surrogateescape")), catalogue)


def credentials_of(profile: Profile, cancelled: threading.Event | None = None) -> Credentials:
    """Those that callers need. ``ConfigError``, and ``CallError`` where whoever issues them does not answer."""
    try:
        return profile.credentials.get(cancelled=cancelled)
    except UnansweredError as error:
        raise CallError(
            "{identity}: no credentials came: {why}",
            identity=profile.credentials.identity,
            why=error.phrase or Phrase("it was stopped"),
            was_answered=False,
        ) from error


def refusal(incoming: Incoming, profile: Profile, cancelled: threading.Event | None = None) -> str | None:
    """Why a call is not taken, in words without a secret; ``None`` when it carries the credentials of ``profile``."""
    from fgtui.invoke import signing

    try:
        credentials = credentials_of(profile, cancelled)
    except FgtuiError as error:
        return f"the credentials of profile {profile.name} cannot be had here: {error}"
    if isinstance(credentials, Token):
        return signing.token_refusal(incoming.headers, credentials)
    target = f"{incoming.path}?{incoming.query}" if incoming.query else incoming.path
    return signing.refusal(
        incoming.method,
        target,
        incoming.headers,
        incoming.body,
        lambda key: credentials if key == credentials.access_key else None,
        now=datetime.now(UTC),
    )
