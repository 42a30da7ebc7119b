"""Examples built with functions: every argument is optional, so a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fgtui.events.model import Event
from fgtui.invoke.model import Exchange, Outcome, Returned, TargetSummary
from fgtui.sessions.model import Session

MOMENT = datetime(2026, 11, 22, 9, 46, 1, 123456, tzinfo=UTC)
"""When the examples happen; the n-th of several happens n seconds later."""


def an_event(
    wire: str | bytes = '{"key": "value"}',
    trigger: str = "blank",
    *,
    template: str | None = "default",
    redacted: tuple[str, ...] = (),
) -> Event:
    return Event(trigger=trigger, wire=as_bytes(wire), template=template, redacted=redacted)


def an_exchange(
    event: Event | str | bytes | None = None,
    outcome: Outcome | None = None,
    *,
    id: str | None = None,  # noqa: A002 the record's own name
    number: int = 1,
    trigger: str = "blank",
    target: TargetSummary | None = None,
    body: str | bytes = '{"ok": true}',
    logs: str = "",
    started_at: datetime | None = None,
    session: str = "",
    seq: int = 0,
    replay_of: str | None = None,
    note: str = "",
    tags: tuple[str, ...] = (),
) -> Exchange:
    """``event`` may be wire text alone; ``body`` and ``logs`` serve when no ``outcome`` is given.

    ``number`` tells several examples apart: it moves the id and the time.
    """
    if not isinstance(event, Event):
        event = an_event(trigger=trigger) if event is None else an_event(event, trigger)
    return Exchange(
        id=f"01JD{number:022d}" if id is None else id,
        event=event,
        target=target or TargetSummary("local", "src/index.handler", "python3.11", "ab" * 32),
        outcome=outcome or Returned(body=as_bytes(body), logs=logs, request_id="7f1c0a52", duration_ms=3.25),
        started_at=started_at or MOMENT + timedelta(seconds=number - 1),
        session=session,
        seq=seq,
        replay_of=replay_of,
        note=note,
        tags=tags,
    )


def a_session(
    name: str = "default", *, count: int = 0, created_at: datetime = MOMENT, last_at: datetime | None = None
) -> Session:
    return Session(name=name, count=count, created_at=created_at, last_at=last_at)


def as_bytes(text: str | bytes) -> bytes:
    """UTF-8, with escaped bytes (lone surrogates) as the bytes they stand for."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
