"""HTTP as the invocation API needs it: one request, one answer, never a retry, no redirect followed.

urllib3 connects (TLS, proxies), h11 speaks; between them stands what neither has: one deadline over everything,
a stop at any moment, and limits. Promises: reliability section 7. Nothing here knows what is asked of whom.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from fgtui.invoke.addresses import parts_of
from fgtui.invoke.http.errors import BrokenError, Call, Headers
from fgtui.records import Record
from fgtui.regex import regex
from fgtui.words import Phrase

if TYPE_CHECKING:
    from fgtui.invoke.http.connections import Pool, Route

_USUAL_PORTS = {"http": 80, "https": 443}
_HOST = regex(r"[!-~]+")
_HAS_A_BODY = frozenset({"POST", "PUT", "PATCH"})
"""Methods that say how long their body is, even when it is empty (RFC 9110 section 8.6)."""


class Reply(Record):
    """What came back, whatever its status."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """As they came, names as they were spelled; ``Content-Encoding`` too, though the body is open."""
    body: bytes


class Transport:
    """Sends requests over connections that are kept. Safe for threads."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        """Names the proxies, looked at once for each place."""
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._made: Pool | None = None
        self._routes: dict[tuple[str, Path | None], Route] = {}

    def prepare(self) -> None:
        """Load what sends, so that the first request takes no longer than the others."""
        import fgtui.invoke.http.exchange  # noqa: F401

        self._pool()

    def send(
        self,
        method: str,
        url: str,
        headers: Headers,
        body: bytes,
        *,
        timeout_s: float,
        cancelled: threading.Event | None = None,
        ca_file: Path | None = None,
    ) -> Reply:
        """Send one request, once, and read the answer whole, all within ``timeout_s`` seconds.

        ``headers`` go out as they are; ``Host`` and ``Content-Length`` are added where they are missing. Setting
        ``cancelled`` closes the connection within a few hundredths of a second. A body that ends with the connection
        and without TLS may have been cut, which nobody can tell; any other cut is a ``BrokenError``.

        Raises ``BrokenError``, ``LateError``, ``StoppedError``.
        """
        from fgtui.invoke.http.exchange import Exchange

        call = Call(timeout_s, cancelled, self._closing)
        call.check()
        place = _place(url)
        route = self._route(place, ca_file)
        exchange = Exchange(
            method,
            place.target if route.proxy is None or place.scheme == "https" else place.origin + place.target,
            _completed(method, headers, body, place, route),
            body,
            place=str(route),
            call=call,
        )
        pool = self._pool()
        connection = pool.take(route, call)
        try:
            status, come, content = exchange.run(connection)
        except BaseException:
            connection.close()
            raise
        if exchange.is_over:
            pool.keep(route, connection)
        else:
            connection.close()
        return self._reply(status, come, content, call, route)

    def close(self) -> None:
        """Stop everything that is under way, as ``StoppedError``, and close what is kept."""
        self._closing.set()
        with self._lock:
            if self._made is not None:
                self._made.close()

    def _pool(self) -> Pool:
        """Made when it is needed: whoever stays off the network does not load it."""
        with self._lock:
            if self._made is None:
                from fgtui.invoke.http.connections import Pool

                self._made = Pool()
                if self._closing.is_set():
                    self._made.close()
            return self._made

    def _route(self, place: _Place, ca_file: Path | None) -> Route:
        """How to get there."""
        route = self._routes.get((place.origin, ca_file))
        if route is None or ca_file is not None:  # its content may be another by now
            from fgtui.invoke.http.connection_words import no_proxy_url
            from fgtui.invoke.http.connections import Route, stamp_of
            from fgtui.invoke.http.proxies import proxy_for

            try:
                proxy = proxy_for(place.origin, self._environment)
            except ValueError as error:
                raise BrokenError(no_proxy_url(str(error))) from None
            trusted = ca_file if place.scheme == "https" else None
            route = Route(place.scheme, place.host, place.port, trusted, stamp_of(trusted), proxy)
            self._routes[place.origin, ca_file] = route
        return route

    def _reply(self, status: int, headers: Headers, body: bytes, call: Call, route: Route) -> Reply:
        """The answer with its body open."""
        if status == 407 and route.proxy is not None and route.scheme == "http":
            from fgtui.invoke.http.connection_words import proxy_says

            raise BrokenError(proxy_says(route.proxy, status), may_have_run=False, headers=headers)
        codings = [value for name, value in headers if name.lower() == "content-encoding"]
        if codings:
            from fgtui.invoke.http.inflating import InflatedError, inflated

            try:
                body = inflated(body, ",".join(codings))
            except InflatedError as error:
                raise call.unusable(Phrase("{route}: {why}", route=route, why=error.phrase)) from None
        return Reply(status, tuple(headers), body)


class _Place(NamedTuple):
    """A URL taken apart for a request."""

    scheme: str
    host: str
    port: int
    origin: str
    host_header: str
    target: str


@lru_cache(maxsize=256)
def _place(url: str) -> _Place:
    """The parts of ``url``. Raises ``BrokenError``, which does not quote it: it may hold a password."""
    try:
        split = urlsplit(url)
        port = split.port or _USUAL_PORTS[split.scheme]
        parts = parts_of(url)
    except (ValueError, KeyError):
        raise BrokenError(Phrase("the address is no URL of http or https; nothing was sent")) from None
    host = split.hostname or ""
    if not _HOST.fullmatch(host) or "@" in parts.host:
        raise BrokenError(Phrase("the address has no host, or a name and password before it; nothing was sent"))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Place(split.scheme, host, port, parts.origin, parts.host, target)


def _completed(method: str, headers: Headers, body: bytes, place: _Place, route: Route) -> list[tuple[str, str]]:
    """``headers``, and what a request cannot do without."""
    names = {name.lower() for name, _ in headers}
    completed = list(headers)
    if "host" not in names:
        completed.insert(0, ("Host", place.host_header))
    if not names & {"content-length", "transfer-encoding"} and (body or method in _HAS_A_BODY):
        completed.append(("Content-Length", str(len(body))))
    if route.proxy is not None and place.scheme == "http":
        from fgtui.invoke.http.connections import proxy_headers

        completed.extend(proxy_headers(route.proxy))
    return completed
