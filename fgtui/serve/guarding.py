"""Which requests a local endpoint takes at all: those of programs and pages of this machine, not of any web page.

A page from anywhere may make a browser send requests here, as a form, a picture or a script, and may point a name of
its own at this machine (DNS rebinding). Browsers say so, in ``Host``, ``Origin`` and ``Sec-Fetch-Site``; not of a plain
GET of a picture by an address of a network, where nothing tells the page from the person: only before what is guarded
is neither taken. Nothing here does any input or output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from fgtui.errors import UsageError
from fgtui.records import Record
from fgtui.serve.messages import Incoming
from fgtui.words import english

_AUTHORITY = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9_.-]+))(?::[0-9]{0,5})?")
_BROWSER = "Mozilla/"
"""How all browsers begin their ``User-Agent``, which no page can take from such a request."""
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?")


class Hosts(Record):
    """What an endpoint may be called besides the names of this machine itself."""

    names: frozenset[str] = frozenset()
    """In lower case and without a final dot; addresses as they are usually written, without brackets."""
    any_address: bool = False
    """It is bound to all addresses: each is its own. A name is not, for anybody can point one here."""
    is_guarded: bool = False
    """Behind it is what is guarded: browsers have to say that no page of another site led there."""


class Refusal(Record):
    """Why a request is not taken, in words, and the status that says it in HTTP."""

    status: int
    message: str


def hosts_of(bound: str, allowed: Iterable[str] = (), *, is_guarded: bool = False) -> Hosts:
    """Of an endpoint bound to the name or address ``bound``, for which a person allows more names.

    ``UsageError`` for what is no name.
    """
    names = [_plain_name(bound), *(_allowed_name(each) for each in allowed)]
    address = _address(names[0])
    return Hosts(frozenset(names), any_address=address is not None and address.is_unspecified, is_guarded=is_guarded)


def refusal(incoming: Incoming, hosts: Hosts) -> Refusal | None:
    """Why ``incoming`` is not taken; ``None`` when it is."""
    named = _values(incoming, "host")
    if len(named) > 1:
        return Refusal(400, "the request has several Host headers; which one is meant nobody can say")
    host = _host(named[0]) if named else None
    if named and host is None:
        return Refusal(400, english("Host is {host!r}, which is no host", host=named[0]))
    if host is not None and not _is_served(host, hosts):
        return Refusal(
            421,
            english(
                "{host!r} is not served here: any web page could have pointed that name at this machine; "
                "call it localhost, or start serve with --allow-host {host}",
                host=host,
            ),
        )
    return _origin_refusal(incoming, host, hosts)


def _origin_refusal(incoming: Incoming, host: str | None, hosts: Hosts) -> Refusal | None:
    origins = _values(incoming, "origin")
    for origin in origins:
        scheme, _, rest = origin.partition("://")
        asking = _host(rest) if scheme.lower() in {"http", "https"} else None
        if asking is None or not (asking == host or _is_served(asking, hosts)):
            return Refusal(
                403,
                english(
                    "a page of {origin!r} sent this; only pages of this machine and of the endpoint itself may call it",
                    origin=origin,
                ),
            )
    if hosts.is_guarded and not origins and _is_untold(incoming):
        return Refusal(
            403,
            "this browser does not say which page led here, and what is here is guarded; "
            "on the machine where it is served, call it localhost",
        )
    if not origins and _is_sneaked_in(incoming, hosts):
        return Refusal(
            403,
            "a page of another site sent this; such a page may lead here, but not use what is here as a part of itself",
        )
    return None


def _is_untold(incoming: Incoming) -> bool:
    """Whether a browser sent this that does not say for whom: it is old, or not sure of the way (plain HTTP)."""
    agents = _values(incoming, "user-agent")
    return any(agent.startswith(_BROWSER) for agent in agents) and not _values(incoming, "sec-fetch-site")


def _is_sneaked_in(incoming: Incoming, hosts: Hosts) -> bool:
    """Whether a browser sent this for a page elsewhere, which the person at the browser does not see happen, or sees
    when it has.
    """
    if "cross-site" not in _values(incoming, "sec-fetch-site"):
        return False
    if hosts.is_guarded:
        return True
    is_visit = _values(incoming, "sec-fetch-mode") == ["navigate"] and _values(incoming, "sec-fetch-dest") == [
        "document"
    ]
    return not (is_visit and incoming.method in {"GET", "HEAD"})


def _values(incoming: Incoming, name: str) -> list[str]:
    return [value.strip(" \t") for each, value in incoming.headers if each == name]


def _is_served(host: str, hosts: Hosts) -> bool:
    if host in hosts.names or host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and (_is_loopback(address) or (hosts.any_address and not address.is_unspecified))


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _host(authority: str) -> str | None:
    """The host of ``host[:port]``, in one spelling; ``None`` when it is no such thing."""
    found = _AUTHORITY.fullmatch(authority)
    if found is None or (found["v6"] and _address(found["v6"]) is None):
        return None
    return _plain_name(found["v6"] or found["name"])


def _plain_name(name: str) -> str:
    """``name`` in lower case, without brackets or a final dot; an address as it is usually written."""
    plain = name.strip("[]").lower().removesuffix(".")
    address = _address(plain)
    return plain if address is None else str(address)


def _allowed_name(name: str) -> str:
    plain = _plain_name(name)
    if _address(plain) is None and not _NAME.fullmatch(plain):
        raise UsageError(
            "{name!r} is no name of a host", name=name, hint="write it as it stands in a URL, without http:// and port"
        )
    return plain


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
