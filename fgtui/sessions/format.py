"""Exchange ⇄ JSON: the one shape of storage, export and query (design, section 5).

``error`` says what its kind needs and is ``null`` where there is nothing to say::

    raised, init_failed   {"type", "message", "stack": [line…]}
    timed_out             {"limit_s", "stopped_processes"}
    out_of_memory         {"limit_mb"}
    crashed               {"exit_code", "signal"}
    invalid_response      {"message"}
    rejected              {"code", "message", "may_have_run"}
    unreachable           {"message", "may_have_run"}

An event that was imported and never sent has a target of the kind ``none``, without a spelling, and is ``cancelled``.
``headers`` is an object; a name that came several times has a list of its values, in order. Members this version does
not know are ignored and do not survive a rewrite; an exchange of a newer format is refused.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, assert_never

from fgtui.errors import EventError, StoreError
from fgtui.events.model import Event
from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    Exchange,
    HandlerError,
    InitFailed,
    InvalidResponse,
    Outcome,
    OutOfMemory,
    Raised,
    Rejected,
    Returned,
    TargetSummary,
    TimedOut,
    Unreachable,
)
from fgtui.sessions import strict_json
from fgtui.words import Phrase

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger

FORMAT_VERSION = 1

Json = dict[str, Any]


# Writing


def to_json(exchange: Exchange, *, texts: bool = True) -> Json:
    """The exchange as plain JSON values; without ``texts``, all but the wire text, the answer and the logs."""
    event, target, outcome = exchange.event, exchange.target, exchange.outcome
    return {
        "format": FORMAT_VERSION,
        "id": exchange.id,
        "session": exchange.session,
        "seq": exchange.seq,
        "started_at": spell_time(exchange.started_at),
        "event": {
            "trigger": event.trigger,
            "template": event.template,
            **(content_member("wire", event.wire) if texts else {}),
            "redacted": list(event.redacted),
        },
        "target": {
            "kind": target.kind,
            "spec": target.spec,
            "runtime": target.runtime,
            "code_sha256": target.code_sha256,
        },
        "outcome": {
            "kind": outcome.kind,
            **(content_member("body", outcome.body) if texts else {}),
            "status_code": outcome.status_code,
            "headers": headers_json(outcome.headers),
            "error": error_json(outcome),
            "redacted": list(outcome.redacted),
            **({"logs": outcome.logs} if texts else {}),
            "logs_truncated": outcome.logs_truncated,
            "request_id": outcome.request_id,
            "duration_ms": outcome.duration_ms,
            "init_ms": outcome.init_ms,
            "memory_mb": outcome.memory_mb,
            "cold_start": outcome.cold_start,
        },
        "replay_of": exchange.replay_of,
        "note": exchange.note,
        "tags": list(exchange.tags),
    }


def dump_line(exchange: Exchange) -> str:
    """The exchange as one line of strict JSON, without the line's end."""
    return strict_json.write(to_json(exchange))


def document(exchange: Exchange, trigger: Trigger | None = None, *, decoded: bool = False) -> Json:
    """The exchange as queries see it: with ``event.body`` and ``outcome.result``, and ``event.decoded`` when asked.

    ``trigger`` is the event's, whose schema says what is encoded; without one only what is beyond doubt is opened.
    """
    members = to_json(exchange)
    complete(members)
    if decoded:
        members["event"]["decoded"] = decoded_or_body(exchange.event.text, trigger)
    return members


def decoded_or_body(wire: str, trigger: Trigger | None) -> object:
    """``event.decoded``: the value of ``wire`` opened; where it is no JSON, what ``event.body`` is."""
    from fgtui.events.fields import decoded_value

    try:
        return decoded_value(wire, trigger)
    except EventError:
        return strict_json.read_or_text(wire)


def complete(members: Json) -> None:
    """Add to an exchange's JSON what queries see besides: the values of its texts where they are JSON."""
    event, outcome = members["event"], members["outcome"]
    event["body"] = strict_json.read_or_text(content_of(event, "wire").decode("utf-8", "surrogateescape"))
    outcome["result"] = strict_json.read_or_text(content_of(outcome, "body").decode("utf-8", "surrogateescape"))


def error_json(outcome: Outcome) -> Json | None:
    """What the outcome's kind has to say, as the module shows it."""
    match outcome:
        case Raised() | InitFailed():
            error = outcome.error
            return {"type": error.type, "message": error.message, "stack": list(error.stack)}
        case TimedOut():
            return {"limit_s": outcome.limit_s, "stopped_processes": outcome.stopped_processes}
        case OutOfMemory():
            return {"limit_mb": outcome.limit_mb}
        case Crashed():
            return {"exit_code": outcome.exit_code, "signal": outcome.signal}
        case InvalidResponse():
            return {"message": outcome.message}
        case Rejected():
            return {"code": outcome.code, "message": outcome.message, "may_have_run": outcome.may_have_run}
        case Unreachable():
            return {"message": outcome.message, "may_have_run": outcome.may_have_run}
        case Returned() | Cancelled():
            return None
        case _:
            assert_never(outcome)


def headers_json(headers: tuple[tuple[str, str], ...]) -> Json:
    """Header pairs as an object; a repeated name has a list."""
    members: Json = {}
    for name, value in headers:
        if name not in members:
            members[name] = value
        elif isinstance(members[name], list):
            members[name].append(value)
        else:
            members[name] = [members[name], value]
    return members


def in_json_order(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Header pairs as they come back from JSON: those of one name together, where the first of them stood."""
    if len(headers) < 2 or len({name for name, _ in headers}) == len(headers):
        return headers
    return _headers({"headers": headers_json(headers)})


def spell_time(moment: datetime) -> str:
    """``moment``, which is aware, in UTC with six decimals and ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def content_of(members: Mapping[str, Any], name: str) -> bytes:
    """The bytes that ``name``, or ``name_base64``, stands for in an exchange's JSON."""
    if name in members:
        return members[name].encode("utf-8", "surrogatepass")  # type: ignore[no-any-return]
    return binascii.a2b_base64(members[f"{name}_base64"], strict_mode=True)


def content_member(name: str, content: bytes) -> Json:
    """``content`` as the member ``name``, or ``name_base64`` where it is not UTF-8."""
    try:
        return {name: content.decode()}
    except UnicodeDecodeError:
        return {f"{name}_base64": binascii.b2a_base64(content, newline=False).decode()}


# Reading


def from_json(members: object) -> Exchange:
    """The exchange that ``to_json`` wrote; wire text and answer may be bytes.

    StoreError names the member that is missing or wrong.
    """
    if not isinstance(members, Mapping) or "format" not in members:
        raise StoreError("not an exchange: it does not say its format")
    check_version(members["format"])
    event, target, outcome = (_inner(members, name) for name in ("event", "target", "outcome"))
    return Exchange(
        id=_text(members, "id"),
        event=Event(
            trigger=_text(event, "trigger"),
            template=_optional_text(event, "template"),
            wire=_content(event, "wire"),
            redacted=_texts(event, "redacted"),
        ),
        target=TargetSummary(
            kind=_text(target, "kind"),
            spec=_text(target, "spec"),
            runtime=_optional_text(target, "runtime"),
            code_sha256=_optional_text(target, "code_sha256"),
        ),
        outcome=_outcome(outcome),
        started_at=_moment(members, "started_at"),
        session=_optional_text(members, "session") or "",
        seq=_whole(members, "seq") or 0,
        replay_of=_optional_text(members, "replay_of"),
        note=_optional_text(members, "note") or "",
        tags=_texts(members, "tags"),
    )


def check_version(found: object) -> None:
    """Refuse what a newer fgtui wrote, and what is no version at all."""
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise StoreError("not an exchange: there is no format {found!r}", found=found)
    if found > FORMAT_VERSION:
        raise StoreError(
            "written by a newer fgtui (format {found}; this one knows {known})",
            hint="update fgtui to read it",
            found=found,
            known=FORMAT_VERSION,
        )


def _outcome(members: Mapping[str, Any]) -> Outcome:
    kind = _text(members, "kind")
    make = _OUTCOMES.get(kind)
    if make is None:
        raise StoreError("not an exchange: there is no outcome {kind!r}", kind=kind)
    common: Json = {
        "body": _content(members, "body"),
        "logs": _optional_text(members, "logs") or "",
        "logs_truncated": _flag(members, "logs_truncated") or False,
        "request_id": _optional_text(members, "request_id"),
        "duration_ms": _number(members, "duration_ms"),
        "init_ms": _number(members, "init_ms"),
        "memory_mb": _number(members, "memory_mb"),
        "cold_start": _flag(members, "cold_start"),
        "status_code": _whole(members, "status_code"),
        "headers": _headers(members),
        "redacted": _texts(members, "redacted"),
    }
    has_error = make not in {Returned, Cancelled}
    return make(**common, **_ERRORS[kind](_inner(members, "error"))) if has_error else make(**common)


_OUTCOMES: dict[str, Callable[..., Outcome]] = {
    kind.kind: kind
    for kind in (
        Returned, Raised, InitFailed, TimedOut, OutOfMemory, Crashed, InvalidResponse, Rejected, Unreachable, Cancelled,
    )
}  # fmt: skip


def _handler_error(error: Mapping[str, Any]) -> Json:
    return {"error": HandlerError(_text(error, "type"), _text(error, "message"), _texts(error, "stack"))}


_ERRORS: dict[str, Callable[[Mapping[str, Any]], Json]] = {
    Raised.kind: _handler_error,
    InitFailed.kind: _handler_error,
    TimedOut.kind: lambda error: {
        "limit_s": _needed(_number(error, "limit_s"), "limit_s"),
        "stopped_processes": _needed(_whole(error, "stopped_processes"), "stopped_processes"),
    },
    OutOfMemory.kind: lambda error: {"limit_mb": _needed(_whole(error, "limit_mb"), "limit_mb")},
    Crashed.kind: lambda error: {"exit_code": _whole(error, "exit_code"), "signal": _whole(error, "signal")},
    InvalidResponse.kind: lambda error: {"message": _text(error, "message")},
    Rejected.kind: lambda error: {
        "code": _text(error, "code"),
        "message": _text(error, "message"),
        "may_have_run": _flag(error, "may_have_run") or False,
    },
    Unreachable.kind: lambda error: {
        "message": _text(error, "message"),
        "may_have_run": _flag(error, "may_have_run") or False,
    },
}


def _inner(members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = members.get(name)
    if not isinstance(value, Mapping):
        raise _wrong(name, "an object")
    return value


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str):
        raise _wrong(name, "text")
    return value


def _optional_text(members: Mapping[str, Any], name: str) -> str | None:
    return None if members.get(name) is None else _text(members, name)


def _texts(members: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = members.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(name, "a list of texts")
    return tuple(value)


def _whole(members: Mapping[str, Any], name: str) -> int | None:
    value = members.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise _wrong(name, "a whole number")
    return value


def _number(members: Mapping[str, Any], name: str) -> float | None:
    value = members.get(name)
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _wrong(name, "a number")
    try:
        return float(value)
    except OverflowError as error:
        raise _wrong(name, "a number of a sensible size") from error


def _flag(members: Mapping[str, Any], name: str) -> bool | None:
    value = members.get(name)
    if value is not None and not isinstance(value, bool):
        raise _wrong(name, "true or false")
    return value


def _needed(value: Any, name: str) -> Any:
    if value is None:
        raise _wrong(name, "a number")
    return value


def _moment(members: Mapping[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(members, name))
        if moment.tzinfo is None:
            raise _wrong(name, "a time with its offset, such as 2026-11-22T09:46:01Z")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _wrong(name, "a time such as 2026-11-22T09:46:01Z") from error


def _content(members: Mapping[str, Any], name: str) -> bytes:
    if isinstance(held := members.get(name), bytes):
        return held
    encoded = f"{name}_base64" if name not in members else name
    _text(members, encoded)
    try:
        return content_of(members, name)
    except binascii.Error as error:
        raise _wrong(encoded, "base64") from error


def _headers(members: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    value = members.get("headers")
    if value is None:
        return ()
    if not isinstance(value, Mapping):
        raise _wrong("headers", "an object")
    pairs: list[tuple[str, str]] = []
    for name, held in value.items():
        values = held if isinstance(held, list) else [held]
        if not all(isinstance(item, str) for item in values):
            raise _wrong("headers", "an object of texts")
        pairs += ((name, item) for item in values)
    return tuple(pairs)


def _wrong(name: str, expected: str) -> StoreError:
    return StoreError("not an exchange: {name} is not {expected}", name=name, expected=Phrase(expected))
