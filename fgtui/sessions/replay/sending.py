"""Sends many events, several at once, and hands the exchanges back in the order in which they were to be sent."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from fgtui.errors import FgtuiError
from fgtui.events.model import Event
from fgtui.invoke.model import Cancelled, Exchange, LocalTarget, Rejected, TimedOut, Unreachable
from fgtui.invoke.outcome_words import was_unsent
from fgtui.sessions.replay.pacing import Pace
from fgtui.sessions.replay.supplying import Supplied

AHEAD = 256
"""Exchanges that may be between being read and being recorded."""
AHEAD_BYTES = 16 * 1024 * 1024
"""Bytes of events, and as many of answers, that may wait in memory."""

_LOOKS_UP_EVERY_S = 0.1
"""Whoever waits for the time of an event notices within so long that nothing is sent any more."""

Send = Callable[[Event, str], Exchange]
"""Sends an event that was recorded under an id; ``TargetError`` when nothing can be."""


class Place:
    """One recorded exchange on its way, and what became of it."""

    __slots__ = ("is_again", "is_done", "new", "old", "problem", "sent")

    def __init__(
        self,
        old: Exchange,
        sent: Supplied | None,
        *,
        new: Exchange | None = None,
        problem: FgtuiError | None = None,
        is_again: bool = False,
    ) -> None:
        self.old = old
        self.sent = sent
        """What is to be sent; ``None`` where nothing is."""
        self.new = new
        self.problem = problem
        self.is_again = is_again
        """It had been sent before, and was cancelled."""
        self.is_done = sent is None

    @property
    def is_sent(self) -> bool:
        """Whether it was sent, and how it ended is known."""
        return self.sent is not None and self.new is not None

    @property
    def size(self) -> int:
        """Bytes of the answer, which wait to be recorded."""
        if self.sent is None or self.new is None:
            return 0
        return len(self.new.outcome.body) + len(self.new.outcome.logs)


class Senders:
    """Threads that send what is put in, in that order, each one event at a time.

    They stop taking events once ``cancelled`` is set, once an event may have run without an answer, and when the target
    cannot be started at all; what was not sent by then comes back undone.
    """

    def __init__(self, count: int, send: Send, pace: Pace, cancelled: threading.Event) -> None:
        self._send = send
        self._pace = pace
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._has_work = threading.Condition(self._lock)
        self._has_news = threading.Condition(self._lock)
        self._all: deque[Place] = deque()
        self._unsent: deque[Place] = deque()
        self._event_bytes = 0
        self._answer_bytes = 0
        self._is_halted = False
        self._defect: BaseException | None = None
        self._under_way = 0
        self._threads = [threading.Thread(target=self._work, name="fgtui-replay", daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    @property
    def has_room(self) -> bool:
        """Whether another one may be put in."""
        return len(self._all) < AHEAD and self._event_bytes < AHEAD_BYTES

    @property
    def is_halted(self) -> bool:
        """Whether nothing more will be sent."""
        return self._is_halted or self._cancelled.is_set()

    def put(self, place: Place) -> None:
        """Take ``place`` in; what is not to be sent keeps its turn."""
        with self._lock:
            self._all.append(place)
            if place.sent is not None:
                self._event_bytes += len(place.sent.event.wire)
                self._unsent.append(place)
                self._has_work.notify()

    def peek(self, patience_s: float | None = None) -> Place | None:
        """The one whose turn it is, once it is done; ``None`` when nothing is left, or not after ``patience_s``."""
        until = None if patience_s is None else time.monotonic() + patience_s
        with self._lock:
            while self._all:
                if self._defect is not None:
                    raise self._defect
                first = self._all[0]
                if first.is_done:
                    return first
                if self.is_halted and self._under_way == 0:
                    self._all.popleft()  # it was not sent; one behind it may have been
                    continue
                left_s = None if until is None else until - time.monotonic()
                if left_s is not None and left_s <= 0:
                    return None
                self._has_news.wait(left_s)
        return None

    def pop(self) -> None:
        """Let the one that ``peek`` gave go."""
        with self._lock:
            place = self._all.popleft()
            self._answer_bytes -= place.size
            self._has_work.notify()

    def halt(self) -> None:
        """Send nothing more."""
        with self._lock:
            self._is_halted = True
            self._has_work.notify_all()

    def close(self) -> None:
        """Wait until nothing is under way, and end the threads."""
        self.halt()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (place := self._take()) is not None:
            assert place.sent is not None
            try:
                place.new = self._send(place.sent.event, place.old.id)
            except FgtuiError as error:
                place.problem = error
            except BaseException as error:  # noqa: BLE001 - a defect of ours: whoever waits has to hear of it
                self._defect = error
                self.halt()
                self._hand_back(place, undone=True)
                return
            self._hand_back(place)

    def _take(self) -> Place | None:
        """The next to be sent, at its time; ``None`` when there will be none."""
        with self._lock:
            while not self.is_halted and not (self._unsent and self._answer_bytes < AHEAD_BYTES):
                self._has_work.wait()
            if self.is_halted:
                self._has_news.notify()
                return None
            place = self._unsent.popleft()
            due = self._pace.due(place.old.started_at)
            self._under_way += 1
        if self._waited_until(due):
            return place
        self._hand_back(place, undone=True)
        return None

    def _waited_until(self, due: float) -> bool:
        """Whether it is time to send and still wanted."""
        while (left_s := due - time.monotonic()) > 0:
            if self._is_halted or self._cancelled.wait(min(left_s, _LOOKS_UP_EVERY_S)):
                return False
        return True

    def _hand_back(self, place: Place, *, undone: bool = False) -> None:
        with self._lock:
            self._under_way -= 1
            if undone:
                self._has_news.notify()
                return
            place.is_done = True
            assert place.sent is not None
            self._event_bytes -= len(place.sent.event.wire)
            self._answer_bytes += place.size
            self._is_halted = self._is_halted or place.problem is not None or may_have_run(place.new)
            self._has_news.notify()


def may_have_run(exchange: Exchange | None) -> bool:
    """Whether the handler may have run though nobody knows how it ended.

    Of what fgtui has not started only the waiting ends with a limit or a cancel; a limit of the platform's own has an
    answer that says so.
    """
    if exchange is None:
        return False
    is_elsewhere = exchange.target.kind != LocalTarget.kind
    match exchange.outcome:
        case Unreachable(may_have_run=may) | Rejected(may_have_run=may):
            return may
        case TimedOut(body=answer):
            return is_elsewhere and not answer
        case Cancelled():
            return is_elsewhere and not was_unsent(exchange.outcome)
        case _:
            return False


def has_run(exchange: Exchange) -> bool:
    """Whether the handler has seen the event, or may have, so that it is not sent again.

    What was cancelled on this machine was stopped with its handler, and is sent again; so is what nobody took.
    """
    return may_have_run(exchange) or not isinstance(exchange.outcome, Cancelled | Rejected | Unreachable)
