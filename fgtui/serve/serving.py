"""A local endpoint in front of one target: put together, started and stopped."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from fgtui.events.model import Event
from fgtui.invoke.ids import request_id as new_request_id
from fgtui.invoke.invoker import utc_now
from fgtui.invoke.model import Exchange
from fgtui.invoke.service.errors import ServiceError, error_of
from fgtui.records import Record, replace
from fgtui.serve.app import App
from fgtui.serve.async_calls import AsyncCalls
from fgtui.serve.calls import Begin, Calls, Invocation, Invoke
from fgtui.serve.gateway_side import event_of, no_such_api, response_of
from fgtui.serve.guarding import hosts_of
from fgtui.serve.invocation_api import InvocationApi, Served
from fgtui.serve.limits import DEFAULT_HOST, DEFAULT_PORT, Limits
from fgtui.serve.messages import Incoming, Outgoing
from fgtui.serve.recorder import Handled, Recorder
from fgtui.serve.routes import parse
from fgtui.serve.server import Server, is_loopback
from fgtui.serve.stored_events import StoredEvents
from fgtui.words import english

SWITCH_S = 0.0002
"""How long one thread may keep the interpreter from the one that answers while something is served."""


class ServeOptions(Record):
    """Where and how a target is served."""

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    """0 for any that is free."""
    session: str | None = "default"
    """What is recorded into; ``None`` records nothing."""
    at_once: int | None = None
    """Invocations at once; ``None`` for as many as come, up to a limit."""
    routes: tuple[str, ...] = ()
    """Paths with names in them, ``/orders/{id}``."""
    allowed_hosts: tuple[str, ...] = ()
    """Names that the endpoint is called by besides those of this machine."""
    is_guarded: bool = False
    """The target is: no page of another site may lead a browser there."""
    limits: Limits = Limits()


class Counts(Record):
    """What has been handled so far."""

    invoked: int = 0
    recorded: int = 0
    not_recorded: int = 0
    refused: int = 0
    """Answered without an invocation, with a status of an error."""


class Serving:
    """One endpoint. Bound when made, and answers between ``start`` and ``stop``, which may come from any threads."""

    def __init__(
        self,
        options: ServeOptions,
        served: Served,
        *,
        invoke: Invoke,
        begin: Begin | None = None,
        record: Callable[[Sequence[Exchange]], Iterator[Exchange]] | None,
        end: Callable[[], None] | None = None,
        tell: Callable[[Handled], None],
        trigger_of: Callable[[bytes], str],
        verify: Callable[[Incoming, threading.Event], str | None] | None = None,
        why_not: Callable[[], str | None] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """``record``, ``tell``, ``trigger_of``, ``verify`` and ``why_not`` as in ``Recorder``, ``InvocationApi`` and
        ``App``.

        ``end`` is called when nothing more is recorded.

        ``UsageError`` where the address cannot be had, or a route or name be read.
        """
        self.options = options
        self.served = served
        self._routes = parse(options.routes)
        hosts = hosts_of(options.host, options.allowed_hosts, is_guarded=options.is_guarded)
        limits = options.limits
        self._lock = threading.Lock()
        self._counts = Counts()
        self._end = end
        self._tell = tell
        self._is_stopped = False
        self._switch_s = sys.getswitchinterval()
        self._api_id = new_request_id()
        self._server = Server(host=options.host, port=options.port, limits=limits)
        self._recorder = Recorder(record, self._note)
        self.at_once = options.at_once or limits.at_once
        self._calls = Calls(invoke, self._recorder, at_once=self.at_once, waiting=limits.waiting, begin=begin)
        self._app = App(
            hosts=hosts,
            api=InvocationApi(served, AsyncCalls(now), StoredEvents(now, new_request_id), trigger_of),
            gateway=self._through_gateway,
            calls=self._calls,
            mention=self._mention,
            limits=limits,
            verify=verify,
            why_not=why_not,
        )

    @property
    def url(self) -> str:
        """Where a client on this machine reaches it, without a slash at the end."""
        address, port = self._server.addresses[0]
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 it is asked about, not bound to
        return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"

    @property
    def is_open(self) -> bool:
        """Whether other machines can reach it."""
        return not all(is_loopback(address) for address, _ in self._server.addresses)

    @property
    def counts(self) -> Counts:
        """What has been handled so far; what waits to be recorded is not among it yet."""
        return self._counts

    def start(self) -> None:
        """Begin to answer."""
        sys.setswitchinterval(min(self._switch_s, SWITCH_S))
        self._server.start(self._app, self._mention_unreadable)

    def stop(self, within_s: float | None = None) -> bool:
        """End every call as cancelled, record what happened, and answer nobody any more.

        Whether everything was recorded ``within_s`` seconds after the last answer.
        """
        with self._lock:
            if self._is_stopped:
                return True
            self._is_stopped = True
        self._calls.cancel()
        self._recorder.hurry()
        self._server.stop()
        self._calls.close()
        sys.setswitchinterval(self._switch_s)
        is_done = self._recorder.close(within_s)
        if self._end is not None and is_done:
            self._end()
        return is_done

    def _through_gateway(self, incoming: Incoming) -> Outgoing | Invocation:
        if (missing := no_such_api(incoming, self._routes)) is not None:
            return missing
        request_id = new_request_id()

        def event() -> Event:
            wire = event_of(incoming, routes=self._routes, request_id=request_id, api_id=self._api_id)
            return Event("apig", wire)

        return Invocation(request_id, incoming, event, lambda exchange: response_of(exchange.outcome))

    def _mention(self, incoming: Incoming, outgoing: Outgoing) -> None:
        error = error_of(outgoing.status, outgoing.body) if outgoing.status >= 400 else None
        self._recorder.mention(Handled(incoming.method, incoming.path, outgoing.status, error=error))

    def _mention_unreadable(self, why: str) -> None:
        error = ServiceError("FSS.0400", english("the request cannot be read: {why}", why=why))
        self._recorder.mention(Handled("?", "…", 400, error=error))

    def _note(self, handled: Handled) -> None:
        counts = self._counts
        if handled.exchange is not None:
            is_kept = handled.kept is not None
            lost = self.options.session is not None and not is_kept
            counts = replace(
                counts,
                invoked=counts.invoked + 1,
                recorded=counts.recorded + is_kept,
                not_recorded=counts.not_recorded + lost,
            )
        elif handled.status >= 400:
            counts = replace(counts, refused=counts.refused + 1)
        self._counts = counts
        self._tell(handled)
