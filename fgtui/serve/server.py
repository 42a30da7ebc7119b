"""An HTTP server in a thread of its own: bound, started and stopped by whoever runs it, signals left alone."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import resource
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from fgtui.errors import UsageError
from fgtui.records import replace
from fgtui.serve.limits import Limits

if TYPE_CHECKING:
    import uvicorn

App = Callable[[Any, Any, Any], Awaitable[None]]
"""An application as ASGI has it."""

KEEP_ALIVE_S = 60
"""A connection without a request is closed after that."""
BACKLOG = 1024
_PORTS_TRIED = 100
"""Above one that is taken, for the next that is free."""
_HOSTS = "--host 127.0.0.1 is this machine alone, 0.0.0.0 all networks it is in"
_SILENT = logging.CRITICAL + 10
"""A level that nothing of uvicorn's reaches: it would write beside whoever owns the terminal."""


class Server:
    """Serves an application at one address, or at all that a name stands for."""

    def __init__(self, *, host: str, port: int, limits: Limits) -> None:
        """Bind, so that who calls now is answered once it is started; ``port`` 0 is any that is free.

        ``UsageError`` where that cannot be.
        """
        self._limits = limits
        self._sockets = _bound(host, port)
        self.addresses: tuple[tuple[str, int], ...] = tuple(each.getsockname()[:2] for each in self._sockets)
        """Where it listens, or listened: addresses and ports."""
        self._thread: threading.Thread | None = None
        self._is_up = threading.Event()
        self._failure: Exception | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: uvicorn.Server | None = None
        self.problem = ""
        """What the system said last that no client was told of, such as that no more files can be open."""

    def start(self, app: App, on_unreadable: Callable[[str], None] | None = None) -> None:
        """Begin to answer. ``on_unreadable`` hears why of requests that never reach ``app``, in the server's loop.

        ``UsageError`` where the system has nothing left to answer with.
        """
        import_module("fgtui.serve.connections")  # here, so that nobody waits for a thread that could not import it
        self._thread = threading.Thread(target=self._run, args=(app, on_unreadable), name="fgtui-serve", daemon=True)
        self._thread.start()
        self._is_up.wait()
        if self._failure is not None:
            self._thread.join()
            for each in self._sockets:
                each.close()
            raise UsageError(
                "the local endpoint cannot answer: {why}",
                why=str(self._failure) or type(self._failure).__name__,
                hint="too many files may be open: ulimit -n",
            ) from self._failure

    def stop(self) -> None:
        """Take no more requests, wait shortly for the answers to those that are under way, and end. From any thread."""
        loop, server, thread = self._loop, self._server, self._thread
        if loop is None or server is None or thread is None:
            for each in self._sockets:
                each.close()
            return
        with contextlib.suppress(RuntimeError):  # it has ended
            loop.call_soon_threadsafe(setattr, server, "should_exit", True)
        thread.join()

    def _run(self, app: App, on_unreadable: Callable[[str], None] | None) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._serve(app, on_unreadable))
        except Exception as error:  # noqa: BLE001 - said where somebody waits for it, or kept for whoever looks
            self._failure = error
            self.problem = str(error)
        finally:
            self._is_up.set()

    async def _serve(self, app: App, on_unreadable: Callable[[str], None] | None) -> None:
        import uvicorn

        from fgtui.serve.connections import TellingServer, limited

        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._note)
        config = uvicorn.Config(
            app,
            http=limited(replace(self._limits, connections=_connections(self._limits.connections)), on_unreadable),
            ws="none",
            lifespan="off",
            interface="asgi3",
            workers=1,  # said, so that no variable is read for it
            log_config=None,
            log_level=_SILENT,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=self._limits.stop_s,  # type: ignore[arg-type] # passed on to asyncio, which takes parts of a second
            h11_max_incomplete_event_size=self._limits.head_bytes,
        )
        self._server = TellingServer(config, self._is_up.set)
        try:
            await self._server.serve(sockets=self._sockets)
        finally:
            for connection in list(self._server.server_state.connections):
                connection.transport.abort()
            await asyncio.sleep(0)  # for what was cut off to be closed

    def _note(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.problem = str(context.get("exception") or context.get("message"))


def is_loopback(address: str) -> bool:
    """Whether nobody but this machine reaches ``address``."""
    return ip_address(address.partition("%")[0]).is_loopback


def _connections(wanted: int) -> int:
    """As many as the files allow that this process may open; handlers need some as well."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else max(8, min(wanted, soft // 2))


def _bound(host: str, port: int) -> list[socket.socket]:
    """A listening socket for each address of ``host``, all at one port."""
    bound: list[socket.socket] = []
    try:
        for family, address in _addresses(host):
            bound.append(_listening(family, address, bound[0].getsockname()[1] if bound else port))
    except OSError as error:
        for each in bound:
            each.close()
        raise _unbound(host, port, error) from error
    return bound


def _addresses(host: str) -> Iterator[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            "{host!r} is no name or address of this machine",
            host=host,
            hint=_HOSTS,
        ) from error
    yield from dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found)


def _listening(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, for asyncio to send at once
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((address, port))
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def _unbound(host: str, port: int, error: OSError) -> UsageError:
    if error.errno == errno.EADDRINUSE:
        free = _next_free(host, port)
        return UsageError(
            "port {port} of {host} is taken",
            port=port,
            host=host,
            hint="--port {free} is free" if free else "--port 0 takes any that is free",
            free=free,
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return UsageError(
            "{host} is no address of this machine",
            host=host,
            hint=_HOSTS,
        )
    return UsageError(
        "port {port} of {host} cannot be used: {why}",
        port=port,
        host=host,
        why=os.strerror(error.errno) if error.errno else str(error),
        hint="ports below 1024 are the system's: --port 9080",
    )


def _next_free(host: str, port: int) -> int:
    for each in range(port + 1, min(port + 1 + _PORTS_TRIED, 65_536)):
        with contextlib.suppress(OSError):
            for family, address in _addresses(host):
                _listening(family, address, each).close()
            return each
    return 0
