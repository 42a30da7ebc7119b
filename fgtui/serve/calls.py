"""Invocations on behalf of clients: so many at once, more in order and bounded, each recorded whoever still listens."""

from __future__ import annotations

import asyncio
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
QUICK_BYTES = 8 * 1024
"""Of an event or an answer that is made in the loop: longer ones would keep it from others."""
PATIENCE_S = 0.01
"""For a warm handler to answer; after that a thread waits for it, and watches its limits."""


class Begun(Protocol):
    """An event that was sent, and did not have to be waited for until now."""

    descriptor: int
    """What becomes readable when there is an answer."""

    def is_answered(self) -> bool:
        """Whether ``wait`` returns at once."""

    def wait(self) -> Exchange:
        """How it ended."""


class Invoke(Protocol):
    """What sends an event to the target that is served."""

    def __call__(self, event: Event, *, request_id: str, memory_mb: int | None, cancelled: threading.Event) -> Exchange:
        """As ``Invoker.invoke``; ``memory_mb`` takes the place of the target's own."""


class Begin(Protocol):
    """What sends an event to a handler that is warm."""

    def __call__(
        self, event: Event, *, request_id: str, memory_mb: int | None, cancelled: threading.Event
    ) -> Begun | None:
        """As ``Invoker.begin``."""


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
    """Runs invocations: those of warm handlers that answer soon in the loop of the server, all others on threads.

    Waking a thread and the loop again takes as long as a quick handler, and both keep each other from working.
    """

    def __init__(
        self, invoke: Invoke, recorder: Recorder, *, at_once: int, waiting: int, begin: Begin | None = None
    ) -> None:
        self._invoke = invoke
        self._begin = begin
        self._recorder = recorder
        self._at_once = at_once
        self._most = at_once + waiting
        self._threads = ThreadPoolExecutor(at_once, "fgtui-call")
        self.cancelled = threading.Event()
        """Set once everything ends."""
        self._lock = threading.Lock()
        self._under_way = 0

    def submit(self, invocation: Invocation, answer: Callable[[Outgoing], None]) -> bool:
        """Run ``invocation`` when its turn comes; ``answer`` hears the reply, on any thread. In the server's loop.

        Whether there is room for it; otherwise nothing is done.
        """
        with self._lock:
            if self._under_way >= self._most:
                return False
            has_to_wait = self._under_way >= self._at_once
            self._under_way += 1
        if invocation.on_accept is not None:
            invocation.on_accept()
        if has_to_wait or not self._has_begun(invocation, answer):
            self._threads.submit(self._work, invocation, answer, None)
        return True

    @property
    def is_ending(self) -> bool:
        """Whether ``cancel`` was called: what comes now is neither run nor recorded."""
        return self.cancelled.is_set()

    def cancel(self) -> None:
        """End everything that is under way or waits as cancelled; it is recorded so."""
        self.cancelled.set()

    def close(self) -> None:
        """Wait for what is under way, which ``cancel`` makes short."""
        self._threads.shutdown()

    # In the loop

    def _has_begun(self, invocation: Invocation, answer: Callable[[Outgoing], None]) -> bool:
        """Whether a warm handler has the event; then everything else is taken care of."""
        if self._begin is None or len(invocation.incoming.body) > QUICK_BYTES:
            return False
        try:
            begun = self._begin(
                invocation.event(),
                request_id=invocation.request_id,
                memory_mb=invocation.memory_mb,
                cancelled=self.cancelled,
            )
        except Exception:  # noqa: BLE001 whatever it is, a thread meets it again and says so
            return False
        if begun is None:
            return False
        if invocation.on_begin is not None:
            invocation.on_begin()
        loop = asyncio.get_running_loop()

        def go_on() -> None:
            loop.remove_reader(begun.descriptor)
            timer.cancel()
            if begun.is_answered():
                self._end(invocation, answer, begun)
            else:
                self._threads.submit(self._work, invocation, answer, begun)

        timer = loop.call_later(PATIENCE_S, go_on)
        loop.add_reader(begun.descriptor, go_on)
        return True

    def _end(self, invocation: Invocation, answer: Callable[[Outgoing], None], begun: Begun) -> None:
        exchange = begun.wait()
        if len(exchange.outcome.body) > QUICK_BYTES:
            self._threads.submit(self._conclude, invocation, answer, exchange)
            return
        try:
            handled = _answered(invocation, answer, exchange)
        except Exception as error:  # noqa: BLE001 as on a thread
            self._threads.submit(self._fail, invocation, answer, error)
            return
        if self._recorder.put_at_once(handled):
            self._leave()
        else:
            self._threads.submit(self._keep, handled)

    # On threads

    def _work(self, invocation: Invocation, answer: Callable[[Outgoing], None], begun: Begun | None) -> None:
        try:
            self._conclude(invocation, answer, begun.wait() if begun is not None else self._invoked(invocation))
        except Exception as error:  # noqa: BLE001 a fault of ours is no reason to leave a client without an answer
            self._fail(invocation, answer, error)

    def _invoked(self, invocation: Invocation) -> Exchange:
        if invocation.on_begin is not None:
            invocation.on_begin()
        return self._invoke(
            invocation.event(),
            request_id=invocation.request_id,
            memory_mb=invocation.memory_mb,
            cancelled=self.cancelled,
        )

    def _conclude(self, invocation: Invocation, answer: Callable[[Outgoing], None], exchange: Exchange) -> None:
        self._keep(_answered(invocation, answer, exchange))

    def _fail(self, invocation: Invocation, answer: Callable[[Outgoing], None], error: Exception) -> None:
        """Nothing could be invoked, or we are at fault."""
        if isinstance(error, FgtuiError):
            problem, words = error, str(error)
        else:
            problem = FgtuiError("fgtui failed at this request: {why}", why=repr(error))
            words = "the local endpoint failed at this request"
        outgoing = service_error(500, SERVICE_FAILED, words)
        answer(outgoing)
        if invocation.on_end is not None:
            invocation.on_end(None)
        asked = invocation.incoming
        self._keep(Handled(asked.method, asked.path, outgoing.status, problem=problem))

    def _keep(self, handled: Handled) -> None:
        """Have it recorded, and wait where that is slower: until then nobody else has this turn."""
        self._recorder.put(handled)
        self._leave()

    def _leave(self) -> None:
        with self._lock:
            self._under_way -= 1


def _answered(invocation: Invocation, answer: Callable[[Outgoing], None], exchange: Exchange) -> Handled:
    """What was handled, after the client was answered."""
    outgoing = invocation.reply(exchange)
    answer(outgoing)
    if invocation.on_end is not None:
        invocation.on_end(exchange)
    return Handled(invocation.incoming.method, invocation.incoming.path, outgoing.status, exchange)
