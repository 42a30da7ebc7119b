"""Which proxy the environment names for a URL, as curl and the official SDK understand it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, unquote, urlsplit

from fgtui.invoke.addresses import is_loopback
from fgtui.records import Record


class Proxy(Record, uncompared=("credentials",)):
    """A proxy, and who said so."""

    scheme: str
    """``http``, or one that nothing here speaks."""
    host: str
    port: int
    variable: str
    """Of the environment, as it is spelled there."""
    credentials: str | None = None
    """``name:password``; never shown."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def proxy_for(url: str, environment: Mapping[str, str]) -> Proxy | None:
    """The proxy between here and ``url``; ``None`` without one, and always on the way to this machine.

    Raises ``ValueError``, its text the variable, when that holds no URL.
    """
    parts = urlsplit(url)
    if is_loopback(url) or _is_excluded(parts, environment):
        return None
    for name in _names(parts.scheme, environment):
        if value := environment.get(name, "").strip():
            return _proxy(name, value)
    return None


def _names(scheme: str, environment: Mapping[str, str]) -> list[str]:
    """In order. A CGI program gets ``HTTP_PROXY`` from a request's header ``Proxy``, so there it means nothing."""
    names = [f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY"]
    return [name for name in names if name != "HTTP_PROXY" or "REQUEST_METHOD" not in environment]


def _proxy(variable: str, value: str) -> Proxy:
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        port = parts.port
    except ValueError:
        raise ValueError(variable) from None  # the library's words quote a password
    if not parts.hostname:
        raise ValueError(variable)
    credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
    return Proxy(parts.scheme, parts.hostname, port or 80, variable, credentials)


def _is_excluded(parts: SplitResult, environment: Mapping[str, str]) -> bool:
    """Whether ``no_proxy`` names the host: itself, a domain above it or a network it is in; a port may follow."""
    host = (parts.hostname or "").rstrip(".")
    port = str(parts.port or (443 if parts.scheme == "https" else 80))
    listed = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    return any(_covers(entry.strip().lower(), host, port) for entry in listed.split(","))


def _covers(entry: str, host: str, port: str) -> bool:
    if entry == "*":
        return True
    named, colon, at = entry.rpartition(":")
    if colon and at.isdigit() and (":" not in named or named.endswith("]")):
        entry = named if at == port else ""
    entry = entry.removeprefix("*").strip(".[]")
    if not entry:
        return False
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:  # it is a name, or the host is
        return host == entry or host.endswith(f".{entry}")
