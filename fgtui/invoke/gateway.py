"""What stands between API Gateway and a function: which answers it accepts, and how its event is an HTTP request.

Facts: runtime.md sections 7.1, 7.2 and 9. Nothing here does any input or output.
"""

from __future__ import annotations

import re

Headers = list[tuple[str, str]]

_SHAPE = '{"statusCode":200,"isBase64Encoded":false,"headers":{},"body":""}'
_QUOTED = 200
"""Characters of the answer that a refusal quotes; the gateway quotes all of it."""


_HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
"""Headers that belong to one connection (RFC 9110 section 7.6.1)."""
_OURS = {"content-length", "expect", "host"}
"""Headers of the event that the one who sends the request decides about."""
_TARGET_LIMIT = 65536
_UNRESERVED = rb"A-Za-z0-9._~\-"
_NOT_IN_PATH = re.compile(rb"%(?![0-9A-Fa-f]{2})|[^%" + _UNRESERVED + rb"!$&'()*+,;=:@/]")
_NOT_IN_QUERY = re.compile(rb"[^" + _UNRESERVED + rb"]")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_HALVES = re.compile("[\ud800-\udfff]")


def refusal(body: bytes) -> str | None:
    """The error the gateway's caller would see instead of this answer, or ``None`` when it passes.

    Members that are missing count as empty, but ``statusCode`` has to be there; header values may be anything.
    """
    import json

    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return _wrong_type(body)
    if not isinstance(answer, dict) or not _fits(answer):
        return _wrong_type(body)
    if not answer.get("statusCode"):
        return _error("'statusCode' of APIG trigger invocation result not specified, statusCode can not be 0")
    return None


def _fits(answer: dict[str, object]) -> bool:
    kinds = {"statusCode": int, "headers": dict, "body": str, "isBase64Encoded": bool}
    return all(type(answer.get(name)) in {kind, type(None)} for name, kind in kinds.items())


def _wrong_type(body: bytes) -> str:
    shown = body[: 4 * _QUOTED].decode("utf-8", "replace")
    if len(shown) > _QUOTED:
        shown = shown[: _QUOTED - 1] + "…"
    return _error(f"invalid type of APIG trigger invocation result:[{shown}], type format must be: {_SHAPE}")


def _error(message: str) -> str:
    import json

    return json.dumps({"error_code": "FSS.1206", "error_msg": message}, ensure_ascii=False, separators=(",", ":"))


# From the request to the event


def joined(headers: Headers) -> dict[str, str]:
    """One value for each name, whatever its letters' case, as the gateway hands them on: its headers are texts."""
    spelled: dict[str, str] = {}
    values: dict[str, str] = {}
    for name, value in headers:
        first = spelled.setdefault(name.lower(), name)
        between = "; " if name.lower() == "cookie" else ", "
        values[first] = f"{values[first]}{between}{value}" if first in values else value
    return values


def gathered(pairs: Headers) -> dict[str, str | list[str]]:
    """A value for each name, or a list of those that came several times."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: each[0] if len(each) == 1 else each for name, each in values.items()}


# From the event to the request


class UnsendableError(Exception):
    """An event that is no request, or an answer that is no reply, in words that say what is wrong with it."""


class Request:
    """What an HTTP function is sent. ``target`` is path and query, ready for a request line."""

    __slots__ = ("body", "headers", "method", "target")

    def __init__(self, method: str, target: str, headers: Headers, body: bytes) -> None:
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body


class Reply:
    """What the caller of an API is answered."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Headers, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class _Number(str):
    """A number of a JSON text, as it was written."""

    __slots__ = ()


def platform_headers(
    request_id: str, *, name: str, version: str, package: str, memory_mb: int, timeout_s: float
) -> Headers:
    """The eight headers the platform adds when it is not asked for credentials (runtime.md section 7.2)."""
    return [
        ("X-CFF-Request-Id", request_id),
        ("X-CFF-Memory", str(memory_mb)),
        ("X-CFF-Timeout", str(-int(-timeout_s // 1))),
        ("X-CFF-Func-Name", name),
        ("X-CFF-Func-Version", version),
        ("X-CFF-Package", package),
        ("X-CFF-Project-Id", "sn"),
        ("X-CFF-Region", "cn"),
    ]


def request_of(event: bytes, platform: Headers, *, host: str, prefix: str = "", is_host_fixed: bool = False) -> Request:
    """The request that an event of API Gateway stands for.

    ``platform`` are headers to add, in place of the event's own of these names; ``host`` is for an event that names
    none, and for any where ``is_host_fixed``; ``prefix`` comes before its path, and may have a query. Raises
    ``UnsendableError``.
    """
    members = _members(event)
    method = members.get("httpMethod")
    if type(method) is not str or not _TOKEN.fullmatch(method):
        raise UnsendableError(_about("httpMethod", method, "the method of an HTTP request, such as GET"))
    if method.upper() == "CONNECT":
        raise UnsendableError("httpMethod is CONNECT, which no function can answer")
    body = _body(members)
    headers = _request_headers(members.get("headers"), platform, host, is_host_fixed=is_host_fixed)
    if body or method in {"POST", "PUT", "PATCH"}:
        headers.append(("Content-Length", str(len(body))))
    return Request(method, _target(members, prefix), headers, body)


def _members(event: bytes) -> dict[str, object]:
    import json

    try:
        members = json.loads(event.decode("utf-8"), parse_int=_Number, parse_float=_Number, parse_constant=_Number)
    except (ValueError, RecursionError) as error:
        raise UnsendableError(f"it is no JSON: {error}") from error
    if type(members) is not dict:
        raise UnsendableError("it is no JSON object; an HTTP function needs an event of API Gateway")
    if "httpMethod" not in members:
        raise UnsendableError("it has no httpMethod; an HTTP function needs an event of API Gateway")
    return members


def _target(members: dict[str, object], prefix: str) -> str:
    path = members.get("path")
    if type(path) is not str or not path.startswith("/"):
        raise UnsendableError(_about("path", path, 'text that begins with "/"'))
    if _CONTROL.search(path):
        raise UnsendableError("path has a control character")
    before, _, query = prefix.partition("?")
    parameters = [*([query] if query else []), *_parameters(members.get("queryStringParameters"))]
    target = before.rstrip("/") + _escaped(_NOT_IN_PATH, path, "path")
    if parameters:
        target += "?" + "&".join(parameters)
    if len(target) > _TARGET_LIMIT:
        raise UnsendableError(f"path and queryStringParameters are longer than {_TARGET_LIMIT} bytes")
    return target


def _parameters(parameters: object) -> list[str]:
    if parameters is None:
        return []
    if type(parameters) is not dict:
        raise UnsendableError(_about("queryStringParameters", parameters, "an object"))
    where = "queryStringParameters"
    return [
        f"{_escaped(_NOT_IN_QUERY, name, where)}={_escaped(_NOT_IN_QUERY, value, where)}"
        for name, values in parameters.items()
        for value in _texts(values, f"{where}.{name}")
    ]


def _request_headers(headers: object, platform: Headers, host: str, *, is_host_fixed: bool) -> Headers:
    if headers is not None and type(headers) is not dict:
        raise UnsendableError(_about("headers", headers, "an object"))
    given = [(name, value) for name, values in (headers or {}).items() for value in _texts(values, f"headers.{name}")]
    for name, value in given:
        _check_header(name, value)
    named = {word.strip().lower() for name, value in given if name.lower() == "connection" for word in value.split(",")}
    left_out = _HOP_BY_HOP | _OURS | named | {name.lower() for name, _ in platform}
    hosts = [value.strip(" \t") for name, value in given if name.lower() == "host" and value.strip(" \t")]
    kept = [(name, value.strip(" \t")) for name, value in given if name.lower() not in left_out]
    return [("Host", host if is_host_fixed or not hosts else hosts[0]), *kept, *platform]


def _check_header(name: str, value: str) -> None:
    if not _TOKEN.fullmatch(name):
        raise UnsendableError(_about("headers", name, "names made of letters, digits and -"))
    if _CONTROL.search(value):
        raise UnsendableError(f"headers.{name} has a line end or another control character in its value")
    _utf8(value, f"headers.{name}")


def _texts(values: object, where: str) -> list[str]:
    """A value, or each of a list, as text: numbers as they were written."""
    return [_text(value, where) for value in (values if type(values) is list else [values])]


def _text(value: object, where: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise UnsendableError(_about(where, value, "text or a list of texts"))
    return value


def _body(members: dict[str, object]) -> bytes:
    """The body, decoded unless ``isBase64Encoded`` says no (runtime.md section 9)."""
    body, flag = members.get("body"), members.get("isBase64Encoded")
    if body is None:
        return b""
    if type(body) is not str:
        raise UnsendableError(_about("body", body, "text; JSON in it is text too"))
    if flag in ("true", "false"):
        flag = flag == "true"
    if flag is not None and not isinstance(flag, bool):
        raise UnsendableError(_about("isBase64Encoded", flag, "true or false"))
    if flag is False:
        return _utf8(body, "body")
    if (read := _base64(body)) is None:
        raise UnsendableError(
            "body is not base64, which it is unless isBase64Encoded is false; "
            "set isBase64Encoded to false to send it as it is"
        )
    return read


def _base64(text: str) -> bytes | None:
    """What base64 with or without line ends stands for; ``None`` where it is none."""
    import binascii

    try:
        return binascii.a2b_base64(text.replace("\r", "").replace("\n", ""), strict_mode=True)
    except ValueError:
        return None


def _escaped(forbidden: re.Pattern[bytes], text: str, where: str) -> str:
    return forbidden.sub(lambda found: b"%%%02X" % found[0][0], _utf8(text, where)).decode("ascii")


def _utf8(text: str, where: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnsendableError(f"{where} has half of a surrogate pair, which has no bytes") from error


def _about(where: str, value: object, wanted: str) -> str:
    if value is None:
        return f"{where} is missing; it is {wanted}"
    import json

    from fgtui.events.readable import readable

    shown = readable(json.dumps(value, default=str))
    return f"{where} is {shown if len(shown) <= 80 else shown[:79] + '…'}; it has to be {wanted}"


# From the reply to the answer


def answer_of(status: int, headers: Headers, body: bytes) -> bytes:
    """The answer the platform makes of an HTTP function's reply: body always base64, header values always lists.

    Names are spelled and sorted as the platform does (runtime.md section 7.1; spelling inferred).
    """
    import base64
    import json

    collected: dict[str, list[str]] = {}
    for name, value in end_to_end(headers):
        collected.setdefault("-".join(part.capitalize() for part in name.split("-")), []).append(value)
    answer = {
        "body": base64.b64encode(body).decode("ascii"),
        "headers": dict(sorted(collected.items())),
        "statusCode": status,
        "isBase64Encoded": True,
    }
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def end_to_end(headers: Headers) -> Headers:
    """Without those that belong to the connection."""
    named = {
        word.strip().lower() for name, value in headers if name.lower() == "connection" for word in value.split(",")
    }
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP | named]


# From the answer to the reply


def reply_of(answer: bytes) -> Reply:
    """What an answer that ``refusal`` lets pass is in HTTP: the inverse of ``answer_of``, less what joins its headers.

    A missing ``isBase64Encoded`` is false. Halves of surrogate pairs, which have no bytes, become U+FFFD. Raises
    ``UnsendableError`` where it is no reply after all.
    """
    import json

    members = json.loads(answer, parse_int=_Number, parse_float=_Number)
    status = int(members["statusCode"])
    if not 200 <= status <= 599:
        raise UnsendableError(f"its statusCode is {status}, and none that ends a request is below 200 or above 599")
    headers: Headers = []
    for name, values in (members.get("headers") or {}).items():
        for value in _texts(values, f"headers.{name}"):
            _check_header(name, value)
            headers.append((name, value.strip(" \t")))
    body = members.get("body") or ""
    if not members.get("isBase64Encoded"):
        return Reply(status, headers, _HALVES.sub("\ufffd", body).encode())
    if (read := _base64(body)) is None:
        raise UnsendableError("its body is not base64, which isBase64Encoded says it is")
    return Reply(status, headers, read)
