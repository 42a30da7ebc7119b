"""Invocations on behalf of clients: so many at once, more in order and bounded, each recorded whoever still listens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from fgtui.errors import FgtuiError
from fgtui.events.model import Event
from fgtui.invoke.model import Exchange
from fgtui.records import Record
from fgtui.serve.messages import Incoming, Outgoing, service_error
from fgtui.serve.recorder import Handled, Recorder

SERVICE_FAILED = "FSS.0500"


class Invoke(Protocol):
    """What sends an event to the target that is served."""

    def __call__(self, event: Event, *, request_id: str, memory_mb: int | None, cancelled: threading.Event) -> Exchange:
        """As ``Invoker.invoke``; ``memory_mb`` takes the place of the target's own."""


class Invocation(Record):
    """What a request asks for; the functions are called on the thread that invokes."""

    request_id: str
    incoming: Incoming
    event: Callable[[], Event]
    reply: Callable[[Exchange], Outgoing]
    """What the client is answered, in the end."""
    memory_mb: int | None = None
    accepted: Outgoing | None = None
    """What it is answered at once, where it does not wait for the end."""
    on_accept: Callable[[], None] | None = None
    """Called where there is room for it, before anything else happens to it."""
    on_begin: Callable[[], None] | None = None
    on_end: Callable[[Exchange | None], None] | None = None
    """Hears how it ended, or with ``None`` that nothing was invoked."""


class Calls:
    """Runs invocations. Safe for threads."""

    def __init__(self, invoke: Invoke, recorder: Recorder, *, at_once: int, waiting: int) -> None:
        self._invoke = invoke
        self._recorder = recorder
        self._most = at_once + waiting
        self._threads = ThreadPoolExecutor(at_once, "fgtui-call")
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._under_way = 0

    def submit(self, invocation: Invocation, answer: Callable[[Outgoing], None]) -> bool:
        """Run ``invocation`` when its turn comes; ``answer`` hears the reply, on any thread.

        Whether there is room for it; otherwise nothing is done.
        """
        with self._lock:
            if self._under_way >= self._most:
                return False
            self._under_way += 1
        if invocation.on_accept is not None:
            invocation.on_accept()
        self._threads.submit(self._work, invocation, answer)
        return True

    def cancel(self) -> None:
        """End everything that is under way or waits as cancelled; it is recorded so."""
        self._cancelled.set()

    def close(self) -> None:
        """Wait for what is under way, which ``cancel`` makes short."""
        self._threads.shutdown()

    def _work(self, invocation: Invocation, answer: Callable[[Outgoing], None]) -> None:
        exchange: Exchange | None = None
        problem: FgtuiError | None = None
        try:
            if invocation.on_begin is not None:
                invocation.on_begin()
            exchange = self._invoke(
                invocation.event(),
                request_id=invocation.request_id,
                memory_mb=invocation.memory_mb,
                cancelled=self._cancelled,
            )
            outgoing = invocation.reply(exchange)
        except FgtuiError as error:
            problem = error
            outgoing = service_error(500, SERVICE_FAILED, str(error))
        except Exception as error:  # noqa: BLE001 a fault of ours is no reason to leave a client without an answer
            problem = FgtuiError("fgtui failed at this request: {why}", why=repr(error))
            outgoing = service_error(500, SERVICE_FAILED, "the local endpoint failed at this request")
        finally:
            with self._lock:
                self._under_way -= 1
        answer(outgoing)
        if invocation.on_end is not None:
            invocation.on_end(exchange)
        self._recorder.put(
            Handled(invocation.incoming.method, invocation.incoming.path, outgoing.status, exchange, problem=problem)
        )
