"""The gateway in front of a function: a request as its event, and what came of it as the response.

Facts: runtime.md sections 7.1 and 9, events.md section apig. Cross-origin headers are the handler's business, as
everything in its answer. Nothing here does any input or output.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Sequence
from typing import assert_never

from fgtui.invoke import gateway
from fgtui.invoke.headers import header_of
from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    InitFailed,
    InvalidResponse,
    Outcome,
    OutOfMemory,
    Raised,
    Rejected,
    Returned,
    TimedOut,
    Unreachable,
)
from fgtui.serve.answers import refused
from fgtui.serve.messages import Incoming, Outgoing, service_error
from fgtui.serve.routes import Route, parameters_of, readable
from fgtui.words import english

STAGE = "RELEASE"
_NO_SUCH_API = "The API does not exist or has not been published in the environment."
_WRONG_RESULT = "FSS.1206"
_SERVERS_OWN = frozenset(("content-length", "date"))
_WITHOUT_BODY = frozenset((204, 304))


# From the request to the event


def event_of(
    incoming: Incoming, *, routes: Sequence[Route] = (), request_id: str, stage: str = STAGE, api_id: str
) -> bytes:
    """The event that API Gateway makes of ``incoming``: as JSON, in the order its samples have.

    The path stays percent-encoded, names and values of the query do not, unless the bytes behind are not UTF-8; the
    body is base64. ``gateway.request_of`` makes the same request of it again. What the gateway adds to the headers
    is left as the caller said it where they did, for they may be a gateway too.
    """
    path = incoming.path
    event = {
        "httpMethod": incoming.method,
        "path": path,
        "pathParameters": _parameters_of(routes, path) or {},
        "queryStringParameters": gateway.gathered(_pairs(incoming.query)),
        "headers": _headers(incoming, request_id, stage),
        "body": binascii.b2a_base64(incoming.body, newline=False).decode("ascii"),
        "isBase64Encoded": True,
        "requestContext": {
            "stage": stage,
            "requestId": request_id,
            "apiId": api_id,
            "sourceIp": incoming.client,
        },
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def no_such_api(incoming: Incoming, routes: Sequence[Route]) -> Outgoing | None:
    """What the gateway answers where an API has other paths than ``incoming`` asks for; ``None`` where it is one."""
    if _parameters_of(routes, incoming.path) is not None:
        return None
    return service_error(404, "APIG.0101", _NO_SUCH_API)


def _parameters_of(routes: Sequence[Route], path: str) -> dict[str, str] | None:
    return parameters_of(routes, path) if routes else {}


def _pairs(query: str) -> gateway.Headers:
    parts = (each.partition("=") for each in query.replace("+", " ").split("&") if each)
    return [(readable(name), readable(value)) for name, _, value in parts]


def _headers(incoming: Incoming, request_id: str, stage: str) -> dict[str, str]:
    headers = gateway.joined(gateway.end_to_end([(name, _text(value)) for name, value in incoming.headers]))
    host, port = _host(header_of(incoming.headers, "host") or "")
    forwarded = headers.get("x-forwarded-for")
    added = {
        "x-forwarded-host": host,
        "x-forwarded-port": port,
        "x-forwarded-proto": "http",
        "x-real-ip": incoming.client,
        "x-request-id": request_id,
        "x-stage": stage,
    }
    headers["x-forwarded-for"] = f"{forwarded}, {incoming.client}" if forwarded else incoming.client
    return {**headers, **{name: value for name, value in added.items() if value and name not in headers}}


def _text(value: str) -> str:
    """A header of bytes as text: UTF-8, and what is none as the Latin-1 that HTTP takes it for."""
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return value


def _host(authority: str) -> tuple[str, str]:
    """Name and port of a ``Host``; empty without one."""
    host, colon, port = authority.rpartition(":")
    if colon and port.isdecimal():
        return host, port
    return authority.removesuffix(":"), "80" if authority else ""


# From the outcome to the response


def response_of(outcome: Outcome) -> Outgoing:
    """What the caller of an API is answered when its function ended like that.

    Whatever is no answer of the required shape makes the gateway answer 500 in its own words, and so does a function
    that failed: its error body is no such answer either (runtime.md section 9).
    """
    match outcome:
        case Returned():
            outgoing = _returned(outcome)
        case InvalidResponse(message=message) if message.startswith('{"error_code":'):
            outgoing = Outgoing(500, (("content-type", "application/json"),), message.encode("utf-8", "replace"))
        case Raised() | InitFailed() | TimedOut() | OutOfMemory() | Crashed() | InvalidResponse():
            outgoing = _wrong(gateway.refusal(outcome.body)) or service_error(500, "FSS.0500", "Internal server error.")
        case Rejected() | Unreachable() | Cancelled():
            outgoing = refused(outcome)
        case _:
            assert_never(outcome)
    return outgoing


def _returned(outcome: Returned) -> Outgoing:
    if (wrong := _wrong(gateway.refusal(outcome.body))) is not None:
        return wrong
    try:
        reply = gateway.reply_of(outcome.body)
    except gateway.UnsendableError as error:
        return service_error(500, _WRONG_RESULT, english("invalid APIG trigger invocation result: {why}", why=error))
    headers = tuple(
        (name, value.encode().decode("latin-1"))
        for name, value in gateway.end_to_end(reply.headers)
        if name.lower() not in _SERVERS_OWN
    )
    return Outgoing(reply.status, headers, b"" if reply.status in _WITHOUT_BODY else reply.body)


def _wrong(words: str | None) -> Outgoing | None:
    if words is None:
        return None
    return Outgoing(500, (("content-type", "application/json"),), words.encode("utf-8", "replace"))
