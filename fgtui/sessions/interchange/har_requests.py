"""An entry of somebody else's HTTP archive as an exchange: the event that API Gateway would have made of the request,
and the answer that a function behind it would have given.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from fgtui.errors import StoreError
from fgtui.events.model import Event
from fgtui.invoke import gateway
from fgtui.invoke.model import Exchange, Outcome, Returned, TargetSummary, Unreachable
from fgtui.invoke.service.outcomes import request_id_of
from fgtui.sessions import strict_json
from fgtui.words import Phrase

Json = dict[str, Any]
Pairs = list[tuple[str, str]]

_NOT_OF_THE_BODY = {"content-length", "content-encoding", "transfer-encoding"}
"""Headers of a body as it travelled: an archive has it as it was read."""


def exchange_of(entry: Mapping[str, Any]) -> Exchange:
    """The exchange, without an id. StoreError, in words, for what is no request to an API or cannot be read as one."""
    request = _object(entry, "request")
    url = _address(request)
    return Exchange(
        id="",
        event=Event("apig", strict_json.write(_event(request, url)).encode()),
        target=TargetSummary("http", f"{url.scheme}://{url.netloc.rpartition('@')[2]}", "http"),
        outcome=_outcome(entry),
        started_at=_moment(entry),
    )


# The request


def _address(request: Mapping[str, Any]) -> SplitResult:
    url = request.get("url")
    if not isinstance(url, str):
        raise StoreError("its request has no address")
    try:
        split = urlsplit(url)
    except ValueError as error:
        raise StoreError("its address is not valid: {reason}", reason=error) from error
    if split.scheme not in ("http", "https") or not split.netloc:
        raise StoreError("not a request over HTTP: {url}", url=url)
    return split


def _event(request: Mapping[str, Any], url: SplitResult) -> Json:
    headers = _pairs(request, "headers")
    if not any(name.lower() == "host" for name, _ in headers):
        headers.insert(0, ("Host", url.netloc.rpartition("@")[2]))
    body = _body_of(request)
    text, is_base64 = _as_text(body)
    event = {
        "httpMethod": request.get("method"),
        "path": url.path or "/",
        "pathParameters": {},
        "queryStringParameters": gateway.gathered(_query(request, url)),
        "headers": gateway.joined(headers),
        "body": text,
        "isBase64Encoded": is_base64,
        "requestContext": {"apiId": "", "requestId": "", "stage": "RELEASE"},
    }
    try:
        gateway.request_of(strict_json.write(event).encode(), [], host=url.netloc)
    except gateway.UnsendableError as error:
        raise StoreError("no event of API Gateway: {reason}", reason=error) from error
    return event


def _query(request: Mapping[str, Any], url: SplitResult) -> Pairs:
    if not url.query:
        return _pairs(request, "queryString")
    try:
        return parse_qsl(url.query, keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise StoreError("its query is not UTF-8: {reason}", reason=error) from error


def _body_of(request: Mapping[str, Any]) -> bytes:
    data = request.get("postData")
    if data is None:
        return b""
    if not isinstance(data, dict):
        raise _wrong("request.postData", "an object")
    params = data.get("params")
    if not data.get("text") and isinstance(params, list) and params:
        return _form(params)
    return _content(data, "request.postData", data.get("encoding") or data.get("_encoding"))


def _form(params: list[Any]) -> bytes:
    """The body of a form whose fields alone are there."""
    pairs: Pairs = []
    for param in params:
        if not isinstance(param, dict) or not isinstance(param.get("name"), str) or "fileName" in param:
            raise StoreError("its form has a file, whose content is not there")
        pairs.append((param["name"], str(param.get("value") or "")))
    return urlencode(pairs, errors="surrogatepass").encode()


# The response


def _outcome(entry: Mapping[str, Any]) -> Outcome:
    response = entry.get("response")
    if not isinstance(response, dict):
        response = {}
    status = response.get("status", 0)
    if not isinstance(status, int) or isinstance(status, bool) or not 0 <= status <= 999:
        raise _wrong("response.status", "a status")
    if status == 0:
        why = response.get("_error")
        return Unreachable(
            message=why if isinstance(why, str) and why else "no answer is in the archive",
            may_have_run=True,
            duration_ms=_duration(entry),
        )
    headers = [pair for pair in _pairs(response, "headers") if pair[0].lower() not in _NOT_OF_THE_BODY]
    content = response.get("content")
    body = _content(content, "response.content", content.get("encoding")) if isinstance(content, dict) else b""
    text, is_base64 = _as_text(body)
    answer = {"statusCode": status, "isBase64Encoded": is_base64, "headers": gateway.gathered(headers), "body": text}
    return Returned(
        body=strict_json.write(answer).encode(),
        status_code=status,
        headers=tuple(headers),
        request_id=request_id_of(headers),
        duration_ms=_duration(entry),
    )


def _duration(entry: Mapping[str, Any]) -> float | None:
    time = entry.get("time")
    if not isinstance(time, int | float) or isinstance(time, bool) or not 0 <= time < 1e15:
        return None
    return float(time)


def _moment(entry: Mapping[str, Any]) -> datetime:
    text = entry.get("startedDateTime")
    try:
        moment = datetime.fromisoformat(text if isinstance(text, str) else "")
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise _wrong("startedDateTime", "a time") from error


# Parts


def _object(members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = members.get(name)
    if not isinstance(value, dict):
        raise _wrong(name, "an object")
    return value


def _pairs(members: Mapping[str, Any], name: str) -> Pairs:
    """Names and values, without the ones that HTTP/2 has in place of a request line."""
    listed = members.get(name) or []
    if not isinstance(listed, list):
        raise _wrong(name, "a list")
    pairs: Pairs = []
    for each in listed:
        if not isinstance(each, dict) or not isinstance(each.get("name"), str):
            raise _wrong(name, "names and values")
        value = each.get("value")
        if not each["name"].startswith(":"):
            pairs.append((each["name"], value if isinstance(value, str) else "" if value is None else str(value)))
    return pairs


def _content(content: Mapping[str, Any], where: str, encoding: object) -> bytes:
    text = content.get("text")
    if text is None:
        return b""
    if not isinstance(text, str):
        raise _wrong(f"{where}.text", "text")
    if encoding != "base64":
        return _bytes(text)
    try:
        return binascii.a2b_base64(text.replace("\n", "").replace("\r", ""), strict_mode=True)
    except ValueError as error:
        raise StoreError("{where} is not base64: {reason}", where=where, reason=error) from error


def _bytes(text: str) -> bytes:
    """Text as it travelled; some programs write bytes that are none as halves of surrogate pairs."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _as_text(body: bytes) -> tuple[str, bool]:
    """A body as a member of an event or answer, and whether that is base64."""
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return binascii.b2a_base64(body, newline=False).decode(), True


def _wrong(name: str, wanted: str) -> StoreError:
    return StoreError("not an entry: {name} is not {wanted}", name=name, wanted=Phrase(wanted))
