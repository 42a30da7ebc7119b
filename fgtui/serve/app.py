"""The application behind the server: reads whole requests within limits, and answers each once (ASGI)."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fgtui.invoke.headers import header_of
from fgtui.invoke.ids import request_id as new_request_id
from fgtui.records import replace
from fgtui.serve.calls import Calls, Invocation
from fgtui.serve.guarding import Hosts, refusal
from fgtui.serve.invocation_api import InvocationApi, body_limit, speaks_to_api
from fgtui.serve.limits import GATEWAY_BYTES, Limits, Room
from fgtui.serve.messages import Incoming, Outgoing, service_error

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = tuple[tuple[str, str], ...]

QUICK_BYTES = 64 * 1024
"""A body that is looked at between two others' requests; longer ones on a thread."""
_CLOSE = ("connection", "close")
_REQUEST_ID = "x-request-id"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_IN_VALUE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
_BODYLESS = frozenset({204, 304})
_NOT_PASSED_ON = frozenset({"CONNECT", "TRACE"})
"""Methods for who stands between; no gateway lets them through."""
_OURS = frozenset({"content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer", "date"})
"""Headers of the connection or of the server's own, whoever gives them."""


class App:
    """Everything between a socket and an invocation. Runs in the server's loop."""

    def __init__(
        self,
        *,
        hosts: Hosts,
        api: InvocationApi,
        gateway: Callable[[Incoming], Outgoing | Invocation],
        calls: Calls,
        mention: Callable[[Incoming, Outgoing], None],
        limits: Limits,
        verify: Callable[[Incoming, threading.Event], str | None] | None = None,
        why_not: Callable[[], str | None] | None = None,
    ) -> None:
        """``mention`` hears of requests that are answered without an invocation; ``verify``, which may take its time,
        says why a call of the invocation API is not taken, and ``why_not``, at once, why nothing is.
        """
        self._hosts = hosts
        self._api = api
        self._gateway = gateway
        self._calls = calls
        self._mention = mention
        self._limits = limits
        self._verify = verify
        self._why_not = why_not
        self._room = Room(limits.held_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as ASGI has it."""
        if self._calls.is_ending:
            await _send(_about_ending(), send)
            return
        incoming = _incoming(scope)
        held = _Held(self._room)
        try:
            outgoing = await self._outgoing(incoming, receive, held)
            if outgoing is not None:
                await _send(outgoing, send, is_head=incoming.method == "HEAD")
        finally:
            held.release()

    async def _outgoing(self, incoming: Incoming, receive: Receive, held: _Held) -> Outgoing | None:
        """The answer; nothing for a client that has gone before its request was whole."""
        body = await self._body(incoming, receive, held)
        if body is None:
            return None
        asked = body if isinstance(body, Outgoing) else await self._asked(replace(incoming, body=body))
        if isinstance(asked, Outgoing):
            self._mention(incoming, asked)
            return _named(asked, new_request_id())
        return _named(await self._invoked(asked), asked.request_id)

    async def _asked(self, incoming: Incoming) -> Outgoing | Invocation:
        is_api = speaks_to_api(incoming.path)
        if (refused := refusal(incoming, self._hosts)) is not None:
            return service_error(refused.status, f"FSS.{refused.status:04d}", refused.message)
        if self._why_not is not None and (reason := self._why_not()) is not None:
            return service_error(403, "FSS.0403", reason)
        if not incoming.path.startswith("/") or incoming.method in _NOT_PASSED_ON:
            return _about_nothing(incoming)
        if not is_api:
            return self._gateway(incoming)
        if self._verify is not None:
            problem = await asyncio.to_thread(self._verify, incoming, self._calls.cancelled)
            if problem is not None:
                return service_error(401, "APIGW.0301", f"Incorrect IAM authentication information: {problem}")
        if len(incoming.body) <= QUICK_BYTES:
            return self._api.answer(incoming)
        return await asyncio.to_thread(self._api.answer, incoming)

    async def _invoked(self, invocation: Invocation) -> Outgoing:
        loop, here = asyncio.get_running_loop(), threading.get_ident()
        answered: asyncio.Future[Outgoing] = loop.create_future()

        def answer(outgoing: Outgoing) -> None:
            if threading.get_ident() == here:
                _settle(answered, outgoing)
                return
            with contextlib.suppress(RuntimeError):  # everything has stopped
                loop.call_soon_threadsafe(_settle, answered, outgoing)

        if not self._calls.submit(invocation, answer):
            full = service_error(429, "FSS.0429", "Too many requests: as many wait already as can wait here")
            self._mention(invocation.incoming, full)
            return full
        return invocation.accepted or await answered

    async def _body(self, incoming: Incoming, receive: Receive, held: _Held) -> bytes | Outgoing | None:
        """The whole body, or why it is not taken; ``None`` when the client has gone."""
        size, coding = (header_of(incoming.headers, name) for name in ("content-length", "transfer-encoding"))
        if size is not None and coding is not None:  # who stands between may take the end of it for another request
            return _about_framing()
        if (size is None and coding is None) or size == "0":
            return b""
        limit = body_limit(incoming.path) if speaks_to_api(incoming.path) else GATEWAY_BYTES
        readable = limit + self._limits.drain_bytes
        is_asking = header_of(incoming.headers, "expect") is not None
        if size is not None and int(size) > (limit if is_asking else readable):
            return _too_large(limit, _CLOSE)
        try:
            async with asyncio.timeout(self._limits.body_s):
                return await _read(receive, held, limit, readable)
        except TimeoutError:
            return service_error(408, "FSS.0408", f"the body did not come within {self._limits.body_s:g} s", _CLOSE)


class _Held:
    """The room that one request takes."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._size = 0

    def take(self, size: int) -> bool:
        taken = self._room.take(size)
        self._size += size if taken else 0
        return taken

    def release(self) -> None:
        if self._size:
            self._room.give_back(self._size)
            self._size = 0


async def _read(receive: Receive, held: _Held, limit: int, readable: int) -> bytes | Outgoing | None:
    parts: list[bytes] = []
    total = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        total += len(part)
        if total > readable:
            return _too_large(limit, _CLOSE)
        if total > limit:
            parts.clear()
            held.release()
        elif not held.take(len(part)):
            return service_error(503, "FSS.0503", "too much is under way here; try again later", _CLOSE)
        else:
            parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts) if total <= limit else _too_large(limit)


def _incoming(scope: Scope) -> Incoming:
    target = scope["raw_path"].decode("latin-1")
    if not target.startswith("/") and "://" in target:  # as a proxy is asked
        target = "/" + target.partition("://")[2].partition("/")[2]
    client = scope.get("client")
    return Incoming(
        scope["method"].upper(),
        target,
        scope["query_string"].decode("latin-1"),
        tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        b"",
        client[0] if client else "",
    )


def _about_nothing(incoming: Incoming) -> Outgoing:
    """``OPTIONS *`` asks for the server itself; nothing else is asked for without a path."""
    if incoming.method == "OPTIONS" and incoming.path == "*":
        return Outgoing(204)
    if incoming.method in _NOT_PASSED_ON:
        return service_error(405, "FSS.0405", f"{incoming.method} is not passed on to a function")
    return service_error(400, "FSS.0400", "the request names no path")


def _about_ending() -> Outgoing:
    return service_error(503, "FSS.0503", "the local endpoint stops; nothing was called", _CLOSE)


def _about_framing() -> Outgoing:
    return service_error(400, "FSS.0400", "the request has both a Content-Length and a Transfer-Encoding", _CLOSE)


def _too_large(limit: int, *headers: tuple[str, str]) -> Outgoing:
    return service_error(413, "FSS.0413", f"Request entity too large: at most {limit:,} bytes are taken", *headers)


def _named(outgoing: Outgoing, request_id: str) -> Outgoing:
    """``outgoing`` with the id that gateways give a request; a handler's own stays."""
    if any(name.lower() == _REQUEST_ID for name, _ in outgoing.headers):
        return outgoing
    return replace(outgoing, headers=(*outgoing.headers, (_REQUEST_ID, request_id)))


def _settle(answered: asyncio.Future[Outgoing], outgoing: Outgoing) -> None:
    if not answered.done():  # the server has stopped waiting
        answered.set_result(outgoing)


async def _send(outgoing: Outgoing, send: Send, *, is_head: bool = False) -> None:
    """Send it all; ``is_head`` says that its body is not asked for, and none is no word on how long it would be."""
    outgoing = _sendable(outgoing)
    body = b"" if outgoing.status in _BODYLESS else outgoing.body
    headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in outgoing.headers]
    if outgoing.status not in _BODYLESS and (body or not is_head):
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": outgoing.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _sendable(outgoing: Outgoing) -> Outgoing:
    """What HTTP can carry of it: a handler may have answered anything."""
    if not 200 <= outgoing.status < 600:
        return service_error(502, "FSS.0502", f"the function answered with status {outgoing.status}")
    headers = tuple(
        (name, value)
        for name, value in outgoing.headers
        if _TOKEN.fullmatch(name)
        and not _NOT_IN_VALUE.search(value)
        and (name.lower() not in _OURS or (name, value) == _CLOSE)
    )
    return outgoing if headers == outgoing.headers else replace(outgoing, headers=headers)
