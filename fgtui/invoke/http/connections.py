"""Connections to where requests go: opened by urllib3 with TLS and proxies, kept, looked at before they serve again.

A new one is opened in a thread of its own, since neither a resolver nor a handshake can be hurried or stopped; the
caller waits, and leaves it alone when its time is over. Whatever is kept is used in the caller's own thread.
"""

from __future__ import annotations

import base64
import select
import socket
import ssl
import threading
import time
from contextlib import suppress
from pathlib import Path

from urllib3.connection import HTTPConnection, HTTPSConnection, ProxyConfig
from urllib3.util import Url

from fgtui.invoke.http import authorities
from fgtui.invoke.http.connection_words import (
    no_tls,
    not_connected,
    not_trusted,
    proxy_not_spoken,
    proxy_refused,
)
from fgtui.invoke.http.errors import BrokenError, Call, LateError
from fgtui.invoke.http.proxies import Proxy
from fgtui.records import Record
from fgtui.words import Phrase

SLICE_S = 0.025
"""Between two looks at whether to go on, while nothing comes."""
CONNECT_S = 10.0
"""For one of several addresses: a network that swallows what is sent to it must not use up all the time there is."""
IDLE_S = 30.0
"""A connection kept longer may have been forgotten on its way, which nobody would be told."""
KEPT = 16
"""Of one route."""
_QUICKLY = getattr(socket, "TCP_QUICKACK", None)


class Route(Record):
    """All that makes two requests able to share a connection."""

    scheme: str
    host: str
    port: int
    ca_file: Path | None = None
    ca_stamp: tuple[int, int] | None = None
    """Of the file's content: its time and size."""
    proxy: Proxy | None = None

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Connection:
    """An open line that nobody else uses."""

    def __init__(self, opened: HTTPConnection) -> None:
        self._opened = opened
        self.line: socket.socket = opened.sock
        self.line.settimeout(SLICE_S)
        if isinstance(self.line, ssl.SSLSocket):
            self.line.suppress_ragged_eofs = False  # type: ignore[attr-defined]  # an end nobody vouches for is a cut
        self._looks = select.poll()
        self._looks.register(self.line, select.POLLIN)
        self._kept_at = 0.0

    def hurry(self) -> None:
        """Say at once what has come (Linux): whoever sends an answer in two pieces may wait 40 ms for that."""
        if _QUICKLY is not None:
            with suppress(OSError):  # the other side is gone, as reading tells in words
                self.line.setsockopt(socket.IPPROTO_TCP, _QUICKLY, 1)

    def is_readable(self) -> bool:
        """Whether something has come, if only the end."""
        return bool(self._looks.poll(0)) or (isinstance(self.line, ssl.SSLSocket) and self.line.pending() > 0)

    def rest(self) -> None:
        """From now on it waits for another request."""
        self._kept_at = time.monotonic()

    def is_usable(self) -> bool:
        """Whether a request may go over it: the other side has not closed it, nor said what nobody asked."""
        return time.monotonic() - self._kept_at < IDLE_S and not self.is_readable()

    def close(self) -> None:
        """Over, for both sides."""
        self._opened.close()


class Pool:
    """Connections by route. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Route, list[Connection]] = {}
        self._contexts: dict[tuple[Path | None, tuple[int, int] | None], ssl.SSLContext] = {}
        self._is_closed = False

    def take(self, route: Route, call: Call) -> Connection:
        """A kept connection that is still good, or a new one. Raises as ``opened`` does."""
        while (kept := self._newest(route)) is not None:
            if kept.is_usable():
                return kept
            kept.close()
        return opened(route, self._context(route) if route.scheme == "https" else None, call)

    def keep(self, route: Route, connection: Connection) -> None:
        """Take ``connection`` back for another request."""
        connection.rest()
        with self._lock:
            kept = self._kept.setdefault(route, [])
            if not self._is_closed and len(kept) < KEPT:
                kept.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close what is kept, and from now on whatever comes back."""
        with self._lock:
            self._is_closed = True
            kept = [each for several in self._kept.values() for each in several]
            self._kept.clear()
        for each in kept:
            each.close()

    def _newest(self, route: Route) -> Connection | None:
        with self._lock:
            kept = self._kept.get(route)
            return kept.pop() if kept else None

    def _context(self, route: Route) -> ssl.SSLContext:
        """What is trusted: the system's authorities, and those of ``ca_file``. Raises ``BrokenError``."""
        key = (route.ca_file, route.ca_stamp)
        with self._lock:
            context = self._contexts.get(key)
        if context is None:
            context = ssl.create_default_context()
            if route.ca_file is not None and (why := authorities.trust(context, route.ca_file)) is not None:
                raise BrokenError(why)
            with self._lock:
                self._contexts[key] = context
        return context


def opened(route: Route, context: ssl.SSLContext | None, call: Call) -> Connection:
    """A new connection. Raises ``BrokenError``, and what ``call`` does once it is time."""
    opening = _Opening(route, context, call.left_s + 1)  # the deadline speaks first
    threading.Thread(target=opening.run, name=f"fgtui connects to {route}", daemon=True).start()
    try:
        while not opening.is_over.wait(SLICE_S):
            call.check()
    except LateError:
        opening.abandon()
        raise LateError(opening.missing()) from None
    except BaseException:
        opening.abandon()
        raise
    return opening.result()


class _Opening:
    """A connection on its way, in a thread that may be left alone with it."""

    def __init__(self, route: Route, context: ssl.SSLContext | None, limit_s: float) -> None:
        self.is_over = threading.Event()
        self._route = route
        self._context = context
        self._late_at = time.monotonic() + limit_s
        self._lock = threading.Lock()
        self._is_abandoned = False
        self._has_reached = False
        self._handle: socket.socket | None = None
        """A second name of the line: TLS takes the first one away while it is being set up."""
        self._connection: Connection | None = None
        self._error: BaseException | None = None

    def result(self) -> Connection:
        """Once it is over: the connection, or why there is none."""
        if self._error is not None:
            raise self._error
        assert self._connection is not None
        return self._connection

    def missing(self) -> Phrase:
        """What it still waits for, in words."""
        if self._has_reached:
            return no_tls(str(self._route), self._route.proxy)
        return not_connected(str(self._route), TimeoutError(), self._route.proxy)

    def abandon(self) -> None:
        """Nobody waits for it any more: what is open is closed, now or as soon as it is there."""
        with self._lock:
            self._is_abandoned = True
            connection = self._connection
            if self._handle is not None:
                with suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)
        if connection is not None:
            connection.close()

    def run(self) -> None:
        connection = None
        try:
            connection = self._open()
        except BaseException as error:  # noqa: BLE001 it is raised where somebody waits for it
            self._error = error
        with self._lock:
            self._connection = connection
            is_abandoned = self._is_abandoned
            if self._handle is not None:
                self._handle.close()
                self._handle = None
        if is_abandoned and connection is not None:
            connection.close()
        self.is_over.set()

    def _open(self) -> Connection:
        route, proxy = self._route, self._route.proxy
        if proxy is not None and proxy.scheme != "http":
            raise BrokenError(proxy_not_spoken(proxy))
        opened, is_done = self._unopened(), False
        try:
            opened.sock = self._reached(*((route.host, route.port) if proxy is None else (proxy.host, proxy.port)))
            self._has_reached = True
            opened.connect()
            connection = Connection(opened)
            is_done = True
            return connection
        except (OSError, UnicodeError, ValueError) as error:
            raise BrokenError(self._in_words(error, opened)) from error
        finally:
            if not is_done:
                opened.close()

    def _unopened(self) -> HTTPConnection:
        """What urllib3 knows of the route, so that it can do the rest."""
        route, proxy = self._route, self._route.proxy
        host, port = (route.host, route.port) if proxy is None else (proxy.host, proxy.port)
        towards = None if proxy is None else Url("http", host=proxy.host, port=proxy.port)
        if self._context is None:
            return _PlainConnection(host, port, proxy=towards)
        made = _SecureConnection(
            host,
            port,
            ssl_context=self._context,
            proxy=towards,
            proxy_config=None if proxy is None else ProxyConfig(None, False, None, None),
        )
        if proxy is not None:
            made.set_tunnel(route.host, route.port, headers=dict(proxy_headers(proxy)), scheme="http")
        return made

    def _reached(self, host: str, port: int) -> socket.socket:
        """A line to the first address of ``host`` that takes one. Raises ``OSError``, of a name ``socket.gaierror``."""
        failure: OSError = OSError("it has no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            line = socket.socket(family, kind, protocol)
            try:
                line.settimeout(max(SLICE_S, min(CONNECT_S, self._late_at - time.monotonic())))
                self._watch(line)
                line.connect(address)
                line.settimeout(max(SLICE_S, self._late_at - time.monotonic()))
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return line
            except OSError as error:
                line.close()
                failure = error
        raise failure

    def _watch(self, line: socket.socket) -> None:
        """From now on this is what ``abandon`` has to end."""
        with self._lock:
            if self._handle is not None:
                self._handle.close()
            self._handle = line.dup()
            if self._is_abandoned:
                raise ConnectionAbortedError

    def _in_words(self, error: OSError | UnicodeError | ValueError, opened: HTTPConnection) -> Phrase:
        route, proxy = self._route, self._route.proxy
        if proxy is not None and (refusal := proxy_refused(proxy, error)):
            return refusal
        if isinstance(error, ssl.SSLError):
            return not_trusted(str(route), error, route.ca_file)
        return not_connected(str(route), error, None if opened.has_connected_to_proxy else proxy)


class _PlainConnection(HTTPConnection):
    """Goes on with a line that is there already."""

    def _new_conn(self) -> socket.socket:
        return self.sock


class _SecureConnection(HTTPSConnection):
    """The same."""

    def _new_conn(self) -> socket.socket:
        return self.sock


def proxy_headers(proxy: Proxy) -> list[tuple[str, str]]:
    """What the proxy wants to know of who asks."""
    if proxy.credentials is None:
        return []
    return [("Proxy-Authorization", f"Basic {base64.b64encode(proxy.credentials.encode()).decode('ascii')}")]


def stamp_of(file: Path | None) -> tuple[int, int] | None:
    """Tells one content of ``file`` from another."""
    if file is None:
        return None
    try:
        status = file.stat()
    except OSError:
        return None  # said when it is to be read
    return status.st_mtime_ns, status.st_size
