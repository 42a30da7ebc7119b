"""Records what was handled, many to a commit, and then tells of it; the answers do not wait for it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from fgtui.errors import FgtuiError, StoreError
from fgtui.invoke.model import Exchange
from fgtui.invoke.service.errors import ServiceError
from fgtui.records import Record, replace

GROUP = 256
"""Exchanges that share a commit …"""
LINGER_S = 0.005
"""… and how long the first of them waits for others."""
MOST = 1024
"""Exchanges that wait to be recorded; more have to wait before they get so far …"""
MOST_BYTES = 64 * 1024 * 1024
"""… and so do those that would hold more bytes …"""
MOST_S = 0.4
"""… or take longer to record, to judge by those before: fgtui ends within a second of a signal, and loses none."""
EACH_BYTES = 4096
"""An exchange takes as long to record as so many bytes in it, and those besides."""
_FIRST_PACE_S = 1e-7
"""For a byte, as long as nothing has been recorded."""


class Handled(Record):
    """One request that was answered, and what became of it."""

    method: str
    path: str
    """As it was sent, without the query."""
    status: int
    """What the client was answered; of an asynchronous call, what it would have been."""
    exchange: Exchange | None = None
    """As received: never written. ``None`` where nothing was invoked."""
    kept: Exchange | None = None
    """As recorded: redacted, with its session and number."""
    problem: FgtuiError | None = None
    """Why nothing could be invoked, or why it was not recorded."""
    error: ServiceError | None = None
    """What the client was told instead of being granted what it asked for."""


class Recorder:
    """One thread that records and tells, in the order of the answers.

    ``put`` waits where recording is slower than answering, so that nothing grows; where it fails, nobody waits for it.
    """

    def __init__(
        self,
        record: Callable[[Sequence[Exchange]], Iterator[Exchange]] | None,
        tell: Callable[[Handled], None],
    ) -> None:
        """``record`` yields each exchange once it is durable, ``None`` records nothing; ``tell`` is called there."""
        self._record = record
        self._tell = tell
        self._waiting: deque[Handled] = deque()
        self._bytes = 0
        self._work = 0
        """What is being recorded or waits for it, as so many bytes."""
        self._pace_s = _FIRST_PACE_S
        self._changed = threading.Condition()
        self._is_closing = False
        self._is_hurried = False
        self._is_failing = False
        self._thread = threading.Thread(target=self._run, name="fgtui-recorder", daemon=True)
        self._thread.start()

    def put(self, handled: Handled) -> None:
        """Have it recorded and told of, in its turn."""
        size = _size(handled)
        with self._changed:
            self._changed.wait_for(lambda: self._takes(size) or self._is_failing)
            if not self._takes(size):  # recording fails, and slowly: what it would have to hold is given up
                handled = replace(handled, exchange=None, problem=StoreError("too much waits to be recorded"))
                size = 0
            self._take(handled, size)

    def put_at_once(self, handled: Handled) -> bool:
        """The same unless it had to wait; whether it did so."""
        size = _size(handled)
        with self._changed:
            if not self._has_room(size):
                return False
            self._take(handled, size)
        return True

    def _take(self, handled: Handled, size: int) -> None:
        self._waiting.append(handled)
        self._bytes += size
        self._work += _work(handled)
        if len(self._waiting) in (1, GROUP):
            self._changed.notify_all()

    def mention(self, handled: Handled) -> None:
        """Have it told of, unless too much waits to be told: nothing of it has to be recorded. Never waits."""
        with self._changed:
            if len(self._waiting) < MOST:
                self._waiting.append(handled)
                self._changed.notify_all()

    def hurry(self) -> None:
        """Let nobody wait any more: no new calls are begun, and little is left to come."""
        with self._changed:
            self._is_hurried = True
            self._changed.notify_all()

    def close(self, within_s: float | None = None) -> bool:
        """Record what is there; whether that was done in time."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _takes(self, size: int) -> bool:
        return self._is_hurried or self._has_room(size)

    def _has_room(self, size: int) -> bool:
        return self._work == 0 or (
            len(self._waiting) < MOST
            and self._bytes + size <= MOST_BYTES
            and (self._work + EACH_BYTES + size) * self._pace_s <= MOST_S
        )

    def _run(self) -> None:
        while group := self._next():
            started = time.monotonic()
            exchanges = [each.exchange for each in group if each.exchange is not None]
            kept, problem = self._recorded(exchanges)
            for handled in group:
                if handled.exchange is None or self._record is None:
                    self._tell_of(handled)
                elif (one := next(kept, None)) is not None:
                    self._tell_of(replace(handled, kept=one))
                else:
                    self._tell_of(replace(handled, problem=problem))
            self._finish(group, time.monotonic() - started)

    def _finish(self, group: Sequence[Handled], seconds: float) -> None:
        """Learn from how long ``group`` took."""
        work = sum(map(_work, group))
        with self._changed:
            self._work -= work
            if work and not self._is_failing:
                self._pace_s = (self._pace_s + seconds / work) / 2
            self._changed.notify_all()

    def _tell_of(self, handled: Handled) -> None:
        with contextlib.suppress(Exception):  # a listener's fault is no reason to record nothing any more
            self._tell(handled)

    def _next(self) -> list[Handled]:
        """What is recorded together; nothing at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closing)
            if self._record is not None:
                self._changed.wait_for(lambda: len(self._waiting) >= GROUP or self._is_closing, LINGER_S)
            group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
            self._bytes -= sum(map(_size, group))
            self._changed.notify_all()
            return group

    def _recorded(self, exchanges: Sequence[Exchange]) -> tuple[Iterator[Exchange], StoreError | None]:
        kept: list[Exchange] = []
        if self._record is None or not exchanges:
            return iter(kept), None
        problem = None
        try:
            kept.extend(self._record(exchanges))
        except StoreError as error:
            problem = error
        except Exception as error:  # noqa: BLE001 - a defect of ours must not let callers wait for ever
            problem = StoreError("recording failed: {kind}", kind=type(error).__name__)
        self._is_failing = problem is not None
        return iter(kept), problem


def _work(handled: Handled) -> int:
    return 0 if handled.exchange is None else EACH_BYTES + _size(handled)


def _size(handled: Handled) -> int:
    exchange = handled.exchange
    if exchange is None:
        return 0
    return len(exchange.event.wire) + len(exchange.outcome.body) + len(exchange.outcome.logs)
