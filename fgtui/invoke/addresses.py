"""URLs as targets: what is one, whether it leads to this machine, and what is said of one that leads nowhere."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

from fgtui.errors import TargetError
from fgtui.regex import regex

HOW_TO_SPELL = "spell it http://127.0.0.1:8000/invoke or https://api.example.com/v1"
INVOKE = "/invoke"
"""Where a container takes events (runtime.md section 7.3)."""
_IN_PATH = "/%:@!$&'()*+,;=~"
_IN_QUERY = _IN_PATH + "?"
_SECRET = regex(r"//[^\n]*@")
_NOT_IN_URLS = regex(r"[\x00-\x20\x7f\\]")
_PLAIN_HOST = regex(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_DEVIANT = frozenset("\u00df\u03c2\u200c\u200d")
"""Characters that the two standards for international names turn into two different names."""


class Parts(NamedTuple):
    """A URL, taken apart for a request."""

    origin: str
    """``https://host[:port]``."""
    host: str
    """As the ``Host`` header has it: with the port, where one was spelled."""
    path: str
    """Percent-encoded; empty where none was spelled."""
    query: str
    """The same, without its ``?``."""


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine, whatever a resolver says."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in {"localhost", "localhost."}


def travels_in_clear(url: str) -> bool:
    """Whether what is sent there can be read on its way: plain HTTP that leaves this machine."""
    return urlsplit(url).scheme == "http" and not is_loopback(url)


def parts_of(url: str) -> Parts:
    """The parts of a URL that ``checked`` has let pass."""
    parts = urlsplit(url)
    host = parts.netloc.removesuffix(":")
    return Parts(f"{parts.scheme}://{host}", host, quote(parts.path, safe=_IN_PATH), quote(parts.query, safe=_IN_QUERY))


def usual_family(url: str) -> Literal["container"] | None:
    """What a server is taken for that nobody has declared: a container, where its path is ``/invoke``; ``None`` leaves
    it to each event.
    """
    return "container" if urlsplit(url).path == INVOKE else None


def checked(spec: str) -> str:
    """The URL that ``spec`` is, its host in ASCII. Raises ``TargetError``, which quotes no name and no password."""
    parts = _split(spec)
    if parts.username is not None:
        raise TargetError(
            "{spec} has more than a server takes: leave out the name and password",
            spec=shown(spec),
            hint="a header of the event may carry them: headers.Authorization",
        )
    if "#" in spec:
        raise TargetError("{spec} has more than a server takes: leave out the part after #", spec=shown(spec))
    host = _ascii_host(parts, spec)
    if host == parts.hostname and spec.startswith(parts.scheme):
        return spec
    port = "" if parts.port is None else f":{parts.port}"
    return parts._replace(netloc=f"[{host}]{port}" if ":" in host else f"{host}{port}").geturl()


def shown(spec: str) -> str:
    """``spec`` without what may be a password."""
    return _SECRET.sub("//…@", spec)


def _split(spec: str) -> SplitResult:
    try:
        spec.encode()
        parts = urlsplit(spec)
        port = parts.port
    except ValueError as error:
        raise _none(spec, "" if "@" in spec else str(error)) from None  # which quotes a password
    if not parts.hostname or port == 0 or _NOT_IN_URLS.search(spec):
        raise _none(spec)
    return parts


def _ascii_host(parts: SplitResult, spec: str) -> str:
    """The host as resolvers and certificates know it (IDNA of 2003, where both standards agree)."""
    host = parts.hostname or ""
    if "[" in parts.netloc:
        return _ipv6(parts, spec)
    if not host.isascii():
        if not _DEVIANT.isdisjoint(host):
            raise TargetError(
                "{spec} may mean two hosts: standards differ about {sign!r} in names",
                spec=spec,
                sign=next(each for each in host if each in _DEVIANT),
                hint="spell its name in ASCII: xn--…",
            )
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            raise _none(spec) from None
    if len(host) > 253 or any(len(label) > 63 for label in host.split(".")) or not _PLAIN_HOST.fullmatch(host):
        raise _none(spec)
    return host


def _ipv6(parts: SplitResult, spec: str) -> str:
    try:
        address = ip_address(parts.hostname or "")
    except ValueError:
        raise _none(spec) from None
    before, _, behind = parts.netloc.rpartition("]")
    if not isinstance(address, IPv6Address) or not before.startswith("[") or behind[:1] not in {"", ":"}:
        raise _none(spec)
    return str(address)


def _none(spec: str, why: str = "") -> TargetError:
    return TargetError(
        "{spec} is no address: {why}" if why else "{spec} is no address", spec=shown(spec), why=why, hint=HOW_TO_SPELL
    )
