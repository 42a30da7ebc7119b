"""What a server at a URL is sent for an event: the request it stands for, or the event itself.

One rule, whoever asks: an HTTP function is made a request, a container is posted the event, and where a URL does not
say which of them it is, an event of API Gateway becomes the request and any other is posted as JSON.
"""

from __future__ import annotations

from typing import Literal

from fgtui.events.model import Event
from fgtui.invoke import gateway
from fgtui.invoke.addresses import INVOKE, is_loopback, parts_of
from fgtui.invoke.gateway import Headers, Request

Kind = Literal["http", "container"] | None
"""What a server was declared to be or is taken for; see ``HttpTarget.family``."""


def becomes_request(kind: Kind, trigger: str) -> bool:
    """Whether an event of ``trigger`` is made the request it stands for, rather than posted as it is."""
    return kind == "http" or (kind is None and trigger == "apig")


def request_for(event: Event, url: str, kind: Kind, platform: Headers) -> Request:
    """The request for ``event`` to the server at ``url``; ``platform`` are headers to add.

    An HTTP function on this machine is told the host that the event names, as in the cloud; whatever may stand beside
    others behind one address is told its own.

    Raises ``gateway.UnsendableError`` for an event that stands for no request.
    """
    parts = parts_of(url)
    query = f"?{parts.query}" if parts.query else ""
    if becomes_request(kind, event.trigger):
        return gateway.request_of(
            event.wire,
            platform,
            host=parts.host,
            prefix=parts.path + query,
            is_host_fixed=kind is None or not is_loopback(url),
        )
    path = INVOKE if kind == "container" and parts.path in {"", "/"} else parts.path or "/"
    headers = [("Host", parts.host), ("Content-Type", "application/json"), *platform]
    return Request("POST", path + query, [*headers, ("Content-Length", str(len(event.wire)))], event.wire)
