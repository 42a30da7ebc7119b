"""Connections of HTTP/1.1 that clients cannot keep for themselves: uvicorn's, with deadlines and a limit.

uvicorn waits for ever for a request whose head comes in drops, and for a client that does not read its answer.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from typing import Any, cast

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from fgtui.serve.limits import Limits

READ_BYTES = 16 * 1024
"""Taken from one client before it is another's turn: in chunks of a byte each that is a lot of work."""
_FINAL = tuple(b"HTTP/1.1 %d" % kind for kind in (2, 3, 4, 5))
"""How the head of a response begins that is not ``100 Continue``."""
_TLS = b"\x16\x03"
"""How https begins."""
_NOT_HTTPS = "it is https, and this endpoint speaks http"
_JOINED_BYTES = 64 * 1024
"""A longer piece is not copied for that."""


class TellingServer(uvicorn.Server):
    """uvicorn's, which says when it has begun to answer."""

    def __init__(self, config: uvicorn.Config, on_up: Callable[[], object]) -> None:
        super().__init__(config)
        self._on_up = on_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets=sockets)
        self._on_up()


class Connection(H11Protocol):
    """One connection. Its limits are in the class that ``limited`` makes."""

    limits: Limits = Limits()
    on_unreadable: Callable[[str], None] | None = None
    """Hears why a request could not be read, which no application sees."""
    used_at = 0.0
    """When something came last, in seconds of the loop's clock."""
    _late: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    _is_tls = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        cast("Any", transport).max_size = READ_BYTES  # as asyncio's own transports have it
        super().connection_made(cast("asyncio.Transport", _Joining(cast("asyncio.Transport", transport))))
        self.used_at = self.loop.time()
        self._make_room()
        self._late = self.loop.call_later(self.limits.head_s, self._cut)

    def data_received(self, data: bytes) -> None:
        """Go on with a request; its head has to be there in time."""
        self._is_tls = data.startswith(_TLS)
        super().data_received(data)
        self.used_at = self.loop.time()
        if self.conn.their_state is not h11.IDLE:
            self._late = _stopped(self._late)
        elif self._late is None:
            self._late = self.loop.call_later(self.limits.head_s, self._cut)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, or one that cannot be taken, and say why."""
        why = _NOT_HTTPS if self._is_tls else str(sys.exception() or msg).partition(":")[0]  # then it is quoted
        super().send_400_response(msg)
        if self.on_unreadable is not None:
            self.on_unreadable(why)

    def on_response_complete(self) -> None:
        """Wait for the next request, a part of whose head may be there already."""
        super().on_response_complete()
        if self._late is None and self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._late = self.loop.call_later(self.limits.head_s, self._cut)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._late = self._stuck = _stopped(self._late, self._stuck)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client reads slower than it is answered."""
        super().pause_writing()
        self._stuck = self.loop.call_later(self.limits.write_s, self._cut)

    def resume_writing(self) -> None:
        """It has read."""
        self._stuck = _stopped(self._stuck)
        super().resume_writing()

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for an answer."""
        return self.cycle is None or self.cycle.response_complete

    def _make_room(self) -> None:
        if len(self.connections) <= self.limits.connections:
            return
        others = (each for each in self.connections if isinstance(each, Connection) and each is not self)
        idle = [each for each in others if each.is_idle and not each.transport.is_closing()]  # chosen before
        if idle:
            min(idle, key=lambda each: each.used_at).transport.close()

    def _cut(self) -> None:
        self.transport.abort()


class _Joining:
    """Lets a response's head wait for the piece of its body that comes at once: one packet, and one call of the system.

    Everything else goes where it would have gone.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send ``data``, after the head that waits for it."""
        if self._head:
            self._transport.write(self._head + data if len(data) < _JOINED_BYTES else self._head)
            if len(data) >= _JOINED_BYTES:
                self._transport.write(data)
            self._head = b""
        elif data.startswith(_FINAL):
            self._head = data
        else:
            self._transport.write(data)


def limited(limits: Limits, on_unreadable: Callable[[str], None] | None = None) -> type[Connection]:
    """A connection that keeps ``limits``, and tells of requests that cannot be read."""
    hears = None if on_unreadable is None else staticmethod(on_unreadable)
    members: dict[str, Any] = {"limits": limits, "on_unreadable": hears}
    return type("LimitedConnection", (Connection,), members)


def _stopped(*timers: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Cancels ``timers``; what is left of them, which is nothing."""
    for timer in timers:
        if timer is not None:
            timer.cancel()
    return None
