"""What of an exchange is compared: its outcome without what is new each time, or its event; decoded where declared."""

from __future__ import annotations

import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.codecs import Budget
    from fgtui.events.model import Event
    from fgtui.invoke.model import Exchange, Outcome

Read = Callable[[str], object]
"""Makes a value of JSON text; ``ValueError`` where it is none."""

VOLATILE_HEADERS = frozenset(
    {
        "age", "date", "x-request-id", "x-cff-request-id", "x-cff-invoke-summary", "x-cff-billing-duration",
        "x-cff-function-log",
    }
)  # fmt: skip
"""Headers that are new each time (runtime.md, section 8.3)."""
_VOLATILE_ERROR = ("stack", "stopped_processes")
"""Line numbers and chance."""


def are_alike(old: Outcome, new: Outcome) -> bool:
    """Whether two outcomes are surely the same in all that is compared: most replays are, and need no reading."""
    from fgtui.sessions.format import error_json

    return (
        old.body == new.body
        and old.kind == new.kind
        and old.status_code == new.status_code
        and old.headers == new.headers
        and error_json(old) == error_json(new)
    )


def only_one_has_a_status(old: Outcome, new: Outcome) -> bool:
    """Whether one of two results came over HTTP, with a status of success, and the other as a function gave it."""
    given = [outcome.status_code for outcome in (old, new) if outcome.status_code is not None]
    return old.kind == new.kind == "returned" and len(given) == 1 and given[0] // 100 == 2


def outcome_document(exchange: Exchange, *, exact: bool = False, is_bare: bool = False) -> dict[str, Any]:
    """``{"outcome": {"kind", "status_code", "headers", "error", "result"}}``, header names in lower case.

    The body of an answer to API Gateway is opened as the answer says it is encoded. Status and headers that such an
    answer tells itself, as that of an HTTP function does, are not told again, nor the headers of a deployed function's
    answer, which are the service's. ``exact`` tells numbers and members apart that plain values of Python do not (see
    ``exact``); ``is_bare`` leaves out status and headers.
    """
    from fgtui.sessions import strict_json
    from fgtui.sessions.diff import exact as exactly
    from fgtui.sessions.format import error_json, headers_json

    outcome = exchange.outcome
    error = error_json(outcome)
    for volatile in _VOLATILE_ERROR:
        if error:
            error.pop(volatile, None)
    reader = exactly if exact else strict_json
    result = reader.read_or_text(outcome.body.decode("utf-8", "surrogateescape"))
    is_told = outcome.status_code is not None and _status_in(result) == outcome.status_code
    if is_told:
        result = _without_volatile(result)
    is_told = is_told or is_bare
    has_own_headers = not is_told and exchange.target.kind != "remote"
    headers = [(name.lower(), value) for name, value in outcome.headers] if has_own_headers else []
    return {
        "outcome": {
            "kind": outcome.kind,
            "status_code": None if is_told else outcome.status_code,
            "headers": headers_json(tuple(pair for pair in headers if pair[0] not in VOLATILE_HEADERS)),
            "error": error,
            "result": _carried(result, reader.read),
        }
    }


def event_document(event: Event, trigger: Trigger | None) -> dict[str, Any]:
    """``{"event": {"trigger", "decoded"}}``."""
    return {"event": {"trigger": event.trigger, "decoded": decoded_event(event, trigger)}}


def decoded_event(event: Event, trigger: Trigger | None) -> object:
    """The event, read exactly, its strings opened; text where it is no JSON."""
    from fgtui.errors import EventError
    from fgtui.events.fields import decoded_value
    from fgtui.sessions.diff.exact import value_of

    try:
        return decoded_value(event.text, trigger, value_of)
    except EventError:
        return event.text


def _status_in(result: object) -> object:
    """The status in an answer to API Gateway."""
    if type(result) is not dict or not {"statusCode", "headers", "body"} <= result.keys():
        return None
    return result["statusCode"]


def _without_volatile(answer: object) -> object:
    """An answer that was made of a reply, without headers that are new each time."""
    if type(answer) is not dict or type(answer["headers"]) is not dict:
        return answer
    headers = {name: value for name, value in answer["headers"].items() if name.lower() not in VOLATILE_HEADERS}
    return {**answer, "headers": headers}


def _carried(result: object, read: Read) -> object:
    """``result`` with the body opened, where it is an answer to API Gateway (runtime.md section 7.1)."""
    if type(result) is not dict or type(result.get("body")) is not str:
        return result
    flag = result.get("isBase64Encoded")
    if type(flag) is not bool and type(result.get("statusCode")) is not int:
        return result
    body = _text_of(result["body"]) if flag else result["body"]
    return {**result, "body": _read_container(body, read)}


def _text_of(encoded: str) -> str:
    """The text in strict base64, or ``encoded`` where it is none."""
    try:
        return binascii.a2b_base64(encoded, strict_mode=True).decode("utf-8")
    except ValueError:
        return encoded


def _read_container(text: str, read: Read) -> object:
    if text.lstrip(" \t\r\n")[:1] not in ("{", "["):
        return text
    try:
        return read(text)
    except ValueError:
        return text


def opened(text: str, budget: Budget) -> object:
    """What a string holds, one layer down, where that is beyond doubt: a value, or a text that base64 stood for.

    Read exactly. ``text`` itself where it is plain.
    """
    from fgtui.events.codecs import WORTH_OPENING, open_string
    from fgtui.sessions.diff.exact import read

    if WORTH_OPENING.match(text):
        return _read_container(text, read)
    layer = open_string(text, None, budget=budget)
    if layer is None or layer.text is None:
        return text
    return _read_container(layer.text, read) if layer.holds_json else layer.text
