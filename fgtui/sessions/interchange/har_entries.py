"""An exchange as an entry of an HTTP archive (HAR 1.2), and back.

An event of API Gateway is the request it stands for; any other is posted to the address that invokes its function, in
a domain that nobody has where the handler was one on a machine. What no member of HAR has room for is in ``_fgtui``:
the exchange as in JSON Lines, without the wire text and the answer where the entry has them as they are.
"""

from __future__ import annotations

import binascii
import sys
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from fgtui.errors import StoreError
from fgtui.invoke import gateway
from fgtui.invoke.headers import header_of
from fgtui.invoke.model import Cancelled, Exchange, Outcome, Rejected, Returned, Unreachable
from fgtui.invoke.outcome_words import headline
from fgtui.invoke.service.endpoints import of_region
from fgtui.sessions import strict_json
from fgtui.sessions.format import from_json, spell_time, to_json
from fgtui.words import QUOTED_LIMIT, english

Json = dict[str, Any]

OURS = "_fgtui"
NOBODY = "functiongraph.invalid"
"""A host that never answers, for what ran on somebody's machine."""

_VERSION = "HTTP/1.1"
_OK = 200
_FAILED = 500
_DEFAULT_TYPE = "application/octet-stream"


def entry_of(exchange: Exchange) -> Json:
    """The entry of ``exchange``, which is redacted already."""
    request, response = _request(exchange), _response(exchange)
    members = to_json(exchange)
    if _as_it_is(request.get("postData", {})) == members["event"].get("wire", ""):
        members["event"].pop("wire", None)
    if _as_it_is(response["content"]) == members["outcome"].get("body", ""):
        members["outcome"].pop("body", None)
    timings = _timings(exchange.outcome)
    return {
        "startedDateTime": spell_time(exchange.started_at),
        "time": min(sys.float_info.max, sum(max(0, each) for each in timings.values())),
        "request": request,
        "response": response,
        "cache": {},
        "timings": timings,
        "comment": _short(f"{exchange.event.trigger}: {headline(exchange.outcome, english)}"),
        OURS: members,
    }


def exchange_in(entry: Mapping[str, Any]) -> Exchange:
    """The exchange that ``entry_of`` made an entry of. StoreError where that is no longer one."""
    members = entry[OURS]
    if not isinstance(members, dict):
        raise StoreError("not an exchange: {name} is no object", name=OURS)
    _put_back(members.get("event"), "wire", _inner(_inner(entry, "request"), "postData"))
    _put_back(members.get("outcome"), "body", _inner(_inner(entry, "response"), "content"))
    return from_json(members)


def _as_it_is(content: Mapping[str, Any]) -> str | None:
    """The text of a body in the archive, unless it stands there in base64."""
    return None if "encoding" in content or "_encoding" in content else content.get("text", "")


def _put_back(members: object, name: str, content: Mapping[str, Any]) -> None:
    if isinstance(members, dict) and name not in members and f"{name}_base64" not in members:
        members[name] = content.get("text", "")


def _inner(members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = members.get(name)
    return value if isinstance(value, dict) else {}


# The request


def _request(exchange: Exchange) -> Json:
    event, spec = exchange.event, exchange.target.spec
    is_address = spec.startswith(("http://", "https://"))
    if event.trigger == "apig" and not (is_address and exchange.target.runtime == "container"):
        try:
            made = _gateway_request(event.wire, spec if is_address else "")
        except (gateway.UnsendableError, ValueError):  # no request after all, or an address that is none
            pass
        else:
            return made
    headers = [("Content-Type", "application/json")]
    return _described("POST", spec if is_address else invocation_url(spec), headers, event.wire)


def _gateway_request(wire: bytes, address: str) -> Json:
    split = urlsplit(address)
    prefix = f"{split.path}?{split.query}" if split.query else split.path
    made = gateway.request_of(wire, [], host=split.netloc or NOBODY, prefix=prefix)
    host, *headers = made.headers
    authority = split.netloc or host[1]
    named = {name.lower(): value for name, value in headers}
    scheme = split.scheme or (named.get("x-forwarded-proto") == "http" and "http") or "https"
    return _described(made.method, f"{scheme}://{authority}{made.target}", made.headers, made.body)


def invocation_url(spec: str) -> str:
    """Where the service takes events for the function ``spec`` (runtime.md section 8.1), as far as its URN tells."""
    parts = spec.split(":")
    is_urn = len(parts) >= 7 and parts[:2] == ["urn", "fss"]
    project = _quoted(parts[3]) if is_urn else "-"
    function = _quoted(spec) or "-"
    service = (of_region(parts[2]) if is_urn else None) or f"https://{NOBODY}"
    return f"{service}/v2/{project}/fgs/functions/{function}/invocations"


def _quoted(part: str) -> str:
    return quote(part, safe="", errors="surrogatepass")


def _described(method: str, url: str, headers: list[tuple[str, str]], body: bytes) -> Json:
    query = url.partition("?")[2]
    kind = header_of(headers, "content-type") or _DEFAULT_TYPE
    return {
        "method": method,
        "url": url,
        "httpVersion": _VERSION,
        "cookies": [],
        "headers": _named(headers),
        "queryString": _named(parse_qsl(query, keep_blank_values=True, errors="replace")),
        **({"postData": {"mimeType": kind, **_text_of(body, "_encoding")}} if body else {}),
        "headersSize": -1,
        "bodySize": len(body),
    }


# The response


def _response(exchange: Exchange) -> Json:
    status, headers, body = _reply(exchange)
    kind = header_of(headers, "content-type")
    outcome = exchange.outcome
    return {
        "status": status,
        "statusText": "OK" if status == _OK else "" if status else outcome.kind,
        "httpVersion": _VERSION,
        "cookies": [],
        "headers": _named(headers),
        "content": {"size": len(body), "mimeType": kind or "application/json", **_text_of(body, "encoding")},
        "redirectURL": header_of(headers, "location") or "",
        "headersSize": -1,
        "bodySize": len(body),
        **({} if status else {"_error": _short(headline(outcome, english))}),
    }


def _reply(exchange: Exchange) -> tuple[int, list[tuple[str, str]], bytes]:
    """What the caller of the gateway, or of the invocation, got to see."""
    outcome, is_gateway = exchange.outcome, exchange.event.trigger == "apig"
    if is_gateway and outcome.kind == "returned" and (answer := _gateway_answer(outcome.body)) is not None:
        return answer
    headers = list(outcome.headers)
    if outcome.request_id is not None:
        headers.append(("X-Cff-Request-Id", outcome.request_id))
    match outcome:
        case Unreachable() | Cancelled() | Rejected():
            return outcome.status_code or 0, headers, outcome.body
        case Returned():
            return outcome.status_code or _OK, headers, outcome.body
    headers.append(("X-Is-Func-Err", "true"))
    return outcome.status_code or (_FAILED if is_gateway else _OK), headers, outcome.body


def _gateway_answer(answer: bytes) -> tuple[int, list[tuple[str, str]], bytes] | None:
    if gateway.refusal(answer) is not None:
        return None
    members = strict_json.read_or_text(answer.decode("utf-8", "surrogateescape"))
    if not isinstance(members, dict):
        return None
    body = members.get("body") or ""
    headers = [
        (str(name), each if isinstance(each, str) else strict_json.write(each))
        for name, value in (members.get("headers") or {}).items()
        for each in (value if isinstance(value, list) else [value])
    ]
    try:
        content = binascii.a2b_base64(body, strict_mode=True) if members.get("isBase64Encoded") else body.encode()
    except ValueError:  # base64 that is none, half of a surrogate pair
        return None
    return members["statusCode"], headers, content


# Parts


def _named(pairs: Iterable[tuple[str, str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in pairs]


def _text_of(body: bytes, encoding: str) -> Json:
    """A body as text, or in base64 with the member that says so."""
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": binascii.b2a_base64(body, newline=False).decode(), encoding: "base64"}


def _timings(outcome: Outcome) -> dict[str, float]:
    """Milliseconds; a cold start is what held the request up."""
    blocked = -1 if outcome.init_ms is None else max(0, outcome.init_ms)
    return {"blocked": blocked, "send": 0, "wait": max(0, outcome.duration_ms or 0), "receive": 0}


def _short(words: str) -> str:
    return words if len(words) <= QUOTED_LIMIT else f"{words[: QUOTED_LIMIT - 1]}…"
