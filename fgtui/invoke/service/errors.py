"""What the service says when it says no: its code and message, what they mean, and the way out.

Facts: runtime.md section 8.6. Spellings are those the official SDK understands.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from fgtui.words import QUOTED_LIMIT

_SPELLINGS = (
    ("error_code", "error_msg"),
    ("errorCode", "errorMsg"),
    ("code", "message"),
    ("error_code", "error_message"),
)
_DEPTH = 3
"""Levels down to which an error is looked for; the SDK's answers have it one down."""
_REDIRECTS = range(300, 400)
_LOST = frozenset({408, 499})
"""Of the statuses below 500 those after which the function may have begun."""
_NEVER_BEGAN = frozenset({501, 505})


class ServiceError(NamedTuple):
    """As the service put it."""

    code: str
    """``FSS.0404``, ``APIGW.0301``, an inner code; the status where the body names none."""
    message: str


class Meaning(NamedTuple):
    """In words for people: sentences without holes, either of which may be empty."""

    what: str
    hint: str


def error_of(status: int, body: bytes) -> ServiceError:
    """Code and message of an answer, however it spells them; its status and what it says where it has neither."""
    text = body.decode("utf-8", "replace").strip()
    try:
        found = _find(json.loads(text), _DEPTH)
    except (ValueError, RecursionError):
        found = None
    if found is not None:
        return found
    gist = text if "<" not in text[:QUOTED_LIMIT] else ""  # a page of a proxy's or of a gateway's
    return ServiceError(str(status), gist[:QUOTED_LIMIT] or _STATUS_WORDS.get(status, "no reason given"))


def _find(value: object, depth: int) -> ServiceError | None:
    if not isinstance(value, dict) or not depth:
        return None
    for code, message in _SPELLINGS:
        if value.get(code) not in (None, "") and message in value:
            return ServiceError(_plain(value[code])[:QUOTED_LIMIT], _plain(value[message]))
    inner = (_find(each, depth - 1) for each in value.values())
    return next((each for each in inner if each is not None), None)


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def may_have_run(status: int, code: str) -> bool:
    """Whether the function may have begun before the service answered ``status``: it was lost after it was accepted."""
    if code in _RAN:
        return True
    return code not in _REFUSED and (status in _LOST or (status >= 500 and status not in _NEVER_BEGAN))


def profile_word(name: str) -> str:
    """How the profile ``name`` is typed in a command; what stands for one where it has no name."""
    from shlex import quote

    return quote(name) if name else "NAME"


def meaning(code: str, status: int | None = None) -> Meaning:
    """What a code of the service's means and what to do, and of one nobody documents what its status does."""
    known = _MEANINGS.get(code) or _MEANINGS.get(_family(code))
    if known is None and status is not None:
        known = _MEANINGS.get(_by_status(status))
    return known or Meaning("", "")


def _family(code: str) -> str:
    """What a code has its meaning from that has none of its own: ``APIGW.03`` for ``APIGW.0399``."""
    return code[:8] if code.startswith("APIGW.") else ""


def _by_status(status: int) -> str:
    if status in _REDIRECTS:
        return "3xx"
    named = f"FSS.{status:04d}"
    return named if named in _MEANINGS else "5xx" if status >= 500 else ""


_STATUS_WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}

_RAN = frozenset({"FSS.1202", "FSS.1206", "4208"})
"""Said of a function's answer, or of one that was stopped."""
_REFUSED = frozenset({"FSS.0429", "150429", "150430", "150434", "4024", "4140"})
"""Said before anything begins, whatever the status."""

_SIZES = "synchronously 6 MB are taken, asynchronously 256 KB"
_CREDENTIALS = "see whose credentials these are: fgtui doctor --profile {profile}"
_WHICH = "look at package, name and version of the URN: fgtui help remote"
_LATER = "send it again later; nothing is sent twice by itself"
_CHANGE = "the function's settings in the console or its deployment say this"

_MEANINGS = {
    "200": Meaning(
        "somebody on the way answered in the service's place",
        "a proxy, or the page to log in at one? fgtui doctor --profile {profile}",
    ),
    "3xx": Meaning(
        "the endpoint points elsewhere; no redirect is followed",
        "name the address it points to as endpoint, if you trust it with your credentials",
    ),
    "5xx": Meaning("the service failed", _LATER),
    "FSS.0400": Meaning("a parameter of the call is not valid", "the event has to be JSON, and the URN a function's"),
    "FSS.0401": Meaning("the service does not know who calls", _CREDENTIALS),
    "FSS.0403": Meaning(
        "who calls may not invoke this function", "it takes the permission functiongraph:function:invoke"
    ),
    "FSS.0404": Meaning("there is no such function", _WHICH),
    "FSS.0406": Meaning(
        "the event is no JSON, or the memory asked for is none of the allowed values",
        "fgtui validate looks at the event; --memory is for functions with dynamic memory",
    ),
    "FSS.0407": Meaning(
        "a proxy wants to know who calls", "put user and password into the proxy's variable, https_proxy"
    ),
    "FSS.0408": Meaning("the service waited too long", "the function's log says how it went on; --async does not wait"),
    "FSS.0409": Meaning("the call collides with another one", _LATER),
    "FSS.0413": Meaning("the event is too large", _SIZES),
    "FSS.0429": Meaning(
        "too many calls at once, or the function is disabled", "enable it, raise its concurrency, or send fewer at once"
    ),
    "FSS.0500": Meaning("the service failed inside", _LATER),
    "FSS.0502": Meaning("a gateway got no proper answer from the service", _LATER),
    "FSS.0503": Meaning("the service is not available at the moment", _LATER),
    "FSS.0504": Meaning(
        "nobody waits longer than the gateway, 90 s; the function goes on",
        "its log has the result; --async does not wait",
    ),
    "FSS.1003": Meaning("the function's handler is not valid", _CHANGE),
    "FSS.1005": Meaning("the function's runtime is not valid", _CHANGE),
    "FSS.1007": Meaning("the function's memory setting is not valid", _CHANGE),
    "FSS.1008": Meaning("the function's time limit is not valid", _CHANGE),
    "FSS.1009": Meaning("the function's variables are not valid", _CHANGE),
    "FSS.1015": Meaning("the version is not valid", "latest, a published name, or ! and an alias"),
    "FSS.1051": Meaning("there is no such function", _WHICH),
    "FSS.1052": Meaning("the function has no such version", _WHICH),
    "FSS.1053": Meaning("the function has no such alias", _WHICH),
    "FSS.1068": Meaning("a function keeps at most 10 test events", "delete one: fgtui remote-events delete"),
    "FSS.1069": Meaning("a test event has at most 4 KB", "keep it in a file, or in the project's .fgtui/events"),
    "FSS.1070": Meaning("there is no such test event", "fgtui remote-events list names them"),
    "FSS.1073": Meaning("there is a test event of that name", "fgtui remote-events push replaces it"),
    "FSS.1074": Meaning("name or content of the test event is not valid", "1 to 25 letters, digits, - and _"),
    "FSS.1201": Meaning("the event is too large", _SIZES),
    "FSS.1202": Meaning(
        "the result has no status code, which API Gateway needs", "return statusCode, headers and body"
    ),
    "FSS.1206": Meaning(
        "the result is not what API Gateway takes", "return statusCode, headers, body, isBase64Encoded"
    ),
    "FSS.1309": Meaning("the URN is not valid", _WHICH),
    "FSS.1404": Meaning("the function's initializer is not valid", _CHANGE),
    "FSS.1405": Meaning("the time limit of the function's initializer is not valid", _CHANGE),
    "APIGW.01": Meaning(
        "the endpoint has no such call", "is the profile's endpoint one of FunctionGraph? fgtui config"
    ),
    "APIGW.02": Meaning("the gateway could not reach the service", _LATER),
    "APIGW.03": Meaning("the gateway does not know who calls, or does not let them", _CREDENTIALS),
    "APIGW.0301": Meaning(
        "the signature or token is not accepted",
        "see whose credentials these are: fgtui doctor --profile {profile}; the clock of this machine counts too",
    ),
    "APIGW.0302": Meaning("who calls may not use this", _CREDENTIALS),
    "APIGW.0303": Meaning("the signature is not accepted", _CREDENTIALS),
    "APIGW.0305": Meaning("the token has ended, or is of another region", _CREDENTIALS),
    "APIGW.0307": Meaning("the token has ended, or is of another region", _CREDENTIALS),
    "APIGW.0308": Meaning("too many calls in a short time", "send fewer: --rate, --concurrency"),
    "APIGW.09": Meaning("the gateway failed inside", _LATER),
    "4024": Meaning("the service has no description of this function", _WHICH),
    "4140": Meaning("the event is too large", _SIZES),
    "4208": Meaning("the call was stopped in the service", "the function's log says how far it came"),
    "150429": Meaning(
        "no more instances of the function may run", "raise its limit of instances, or send fewer at once"
    ),
    "150430": Meaning("the service has too much to do", _LATER),
    "150434": Meaning("the function is disabled", "enable it in the console"),
}
