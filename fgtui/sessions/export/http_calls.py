"""The one HTTP request that repeats an exchange: a call of the service, an API's request, or the event as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import TargetError
from fgtui.invoke.model import Exchange
from fgtui.invoke.outcome_words import was_taken
from fgtui.invoke.targets import is_url
from fgtui.invoke.urns import looks_like_urn

if TYPE_CHECKING:
    from fgtui.invoke.gateway import Request
    from fgtui.invoke.http_requests import Kind

ADDRESS = "FGTUI_URL"
"""The variable for an address that no recording can know …"""
WHERE = "the address that runs the function, such as http://127.0.0.1:8000/invoke"
"""… of a function …"""
WHERE_API = "the address of the API without its path, such as https://example.com"
"""… of what stands before it …"""
WHERE_SERVICE = "the endpoint of FunctionGraph there, such as https://functiongraph.cn-north-4.myhuaweicloud.com"
"""… or of the service, in a region nobody has told of."""
TOKEN = "X_AUTH_TOKEN"  # noqa: S105 the variable's name
BODILESS = frozenset({"GET", "HEAD"})
_JSON = ("Content-Type", "application/json")


class Reach(NamedTuple):
    """How a deployed function is reached from where its exchange is told of, as far as the settings say."""

    endpoint: str = ""
    """Where its region's usual one is not it."""
    project_id: str = ""
    """Where the profile names another one than the URN."""
    profile: str | None = ""
    """What has to be named as profile; nothing where none has to be, ``None`` where a person has to know."""


HERE = Reach()
"""As the environment alone says it."""


class HttpCall(NamedTuple):
    """What is sent over HTTP to repeat an exchange."""

    method: str
    address: str
    """Where to; empty where the person has to say, in ``$FGTUI_URL``."""
    path: str
    """Goes behind the address; has the query too."""
    headers: list[tuple[str, str]]
    body: bytes
    needs_token: bool = False
    where: str = WHERE
    """What ``$FGTUI_URL`` is, in words."""


def http_call(exchange: Exchange, reach: Reach = HERE) -> HttpCall:
    """The request to make."""
    spec, event = exchange.target.spec, exchange.event
    found = None
    if is_url(spec):
        found = _server_call(exchange)
    elif looks_like_urn(spec):
        found = _service_call(exchange, reach)
    elif event.trigger == "apig":
        found = _gateway_call(exchange)
    return found or HttpCall("POST", spec if is_url(spec) else "", "", [_JSON], event.wire)


def family_of(url: str, runtime: str | None) -> Kind:
    """What the server at a target's URL is: as recorded, else as its URL says."""
    from fgtui.invoke.addresses import usual_family

    if runtime in {"http", "container"}:
        return "http" if runtime == "http" else "container"
    try:
        return usual_family(url)
    except ValueError:
        return None


def _service_call(exchange: Exchange, reach: Reach) -> HttpCall | None:
    """The call of the invocation API (runtime.md section 8.1); ``None`` where no function has that URN."""
    from fgtui.invoke.service.endpoints import of_region
    from fgtui.invoke.urns import parse

    try:
        urn = parse(exchange.target.spec)
    except TargetError:
        return None
    address = reach.endpoint or of_region(urn.region) or ""
    what = "invocations-async" if was_taken(exchange.outcome, exchange.target.kind) else "invocations"
    function = str(urn).replace("!", "%21")
    path = f"/v2/{reach.project_id or urn.project_id}/fgs/functions/{function}/{what}"
    return HttpCall("POST", address, path, [_JSON], exchange.event.wire, needs_token=True, where=WHERE_SERVICE)


def _server_call(exchange: Exchange) -> HttpCall | None:
    """What the server at the target's URL was sent; ``None`` where that cannot be told."""
    from fgtui.invoke.addresses import parts_of
    from fgtui.invoke.gateway import UnsendableError
    from fgtui.invoke.http_requests import request_for

    spec = exchange.target.spec
    try:
        request = request_for(exchange.event, spec, family_of(spec, exchange.target.runtime), [])
        return _called(request, parts_of(spec).origin)
    except (UnsendableError, ValueError):
        return None


def _gateway_call(exchange: Exchange) -> HttpCall | None:
    """The request that an event of API Gateway stands for; ``None`` when it stands for none."""
    from fgtui.invoke.gateway import UnsendableError, request_of

    try:
        request = request_of(exchange.event.wire, [], host="")
    except (UnsendableError, ValueError):
        return None
    return _called(request, "")


def _called(request: Request, origin: str) -> HttpCall:
    """The call that sends ``request``, without the headers that whoever sends it adds by itself."""
    host = origin.partition("://")[2]
    headers = [
        (name, value)
        for name, value in request.headers
        if name.lower() != "content-length" and not (name.lower() == "host" and value == (host or value))
    ]
    has_body = bool(request.body) or request.method not in BODILESS
    if has_body and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", ""))  # curl would say that it is a form
    return HttpCall(request.method, origin, request.target, headers, request.body, where=WHERE_API)
