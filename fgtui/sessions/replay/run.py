"""Sends recorded events again, compares how they ended with how they had ended, and keeps a tally.

A run is one replay of one selection. Its exchanges come in the order of the recording, each once it is durable where
it is recorded; reading ahead, sending, recording and comparing overlap, and what waits in memory is bounded. Where the
events go is the caller's choice, never the recording's.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from fgtui.errors import FgtuiError, StoreError, TargetError
from fgtui.events.model import Event
from fgtui.invoke.model import Cancelled, Exchange, Outcome, Raised, Rejected, Returned
from fgtui.records import Record, replace
from fgtui.sessions.model import was_sent
from fgtui.sessions.replay.pacing import Speedometer, pace_of
from fgtui.sessions.replay.sending import Place, Send, Senders, has_run, may_have_run
from fgtui.sessions.replay.supplying import NO_SUPPLIES, Supplied, Supplies

if TYPE_CHECKING:
    from fgtui.sessions.diff.changes import Change, Compared
    from fgtui.sessions.diff.comparison import Comparison

GROUP_S = 0.02
"""How long a recorded exchange waits for the next one before it is written without it."""
_READ_AT_ONCE = 64

Compare = Callable[[Exchange, Exchange], "Compared"]
"""What changed from one outcome to another of the same event."""
Write = Callable[[Iterable[Exchange]], Iterator[Exchange]]
"""Records exchanges, redacted: each comes back once it is durable."""
Supply = Callable[[Event], Supplied]
"""What is sent for a recorded event; ``FgtuiError`` says why nothing is."""
Conceal = Callable[[Exchange, Mapping[str, str]], Exchange]
"""An exchange without the values that were supplied, in whose places their placeholders stand again."""
Earlier = Callable[[Sequence[Exchange]], "dict[str, Exchange]"]
"""Of some recorded exchanges those that were replayed before: id → the exchange that replays it, which may be one that
was cancelled.
"""


class Replay(Record):
    """How recorded events are sent again."""

    into: str | None = None
    """The session that takes the new exchanges; ``None`` records nothing."""
    concurrency: int = 1
    """How many at once, each on an instance of its own."""
    rate: float | None = None
    """At most so many a second."""
    speed: float | None = None
    """The original intervals, so many times as fast."""
    resume: bool = False
    """What ``into`` has replayed already is not sent again."""
    comparison: Comparison | None = None
    """What is compared, and how; ``None`` leaves that to the settings."""
    supplies: Supplies = NO_SUPPLIES
    """What takes the place of redacted values."""


class Replayed(Record):
    """One recorded exchange and what became of it."""

    old: Exchange
    new: Exchange | None
    """As recorded, or redacted in the same way; ``None`` when nothing was sent."""
    changes: tuple[Change, ...] = ()
    """From the old outcome to the new one."""
    problem: FgtuiError | None = None
    """Why it was not sent, or not recorded."""
    is_earlier: bool = False
    """It was replayed before this run went on."""
    is_again: bool = False
    """It was sent before, cancelled, and has been sent again."""
    is_respelled: bool = False
    """Nothing differs but how the answer is written: white space, escapes, the order of members."""
    unknown: int = 0
    """Values that could not be compared, since they were redacted in another store."""

    @property
    def is_first(self) -> bool:
        """Whether the event had never been sent, so that there is nothing to compare with."""
        return not was_sent(self.old)

    @property
    def has_failed(self) -> bool:
        """Whether the handler did not answer this time, and had answered or never been asked."""
        if self.new is None or isinstance(self.new.outcome, Returned):
            return False
        return self.is_first or isinstance(self.old.outcome, Returned)

    @property
    def is_different(self) -> bool:
        """Whether it ended otherwise than it had, or than an event does for the first time."""
        return bool(self.changes) or self.has_failed


class Tally(Record):
    """What a run has come to so far."""

    total: int
    done: int = 0
    """``same``, ``different`` and ``refused`` together."""
    same: int = 0
    different: int = 0
    failed: int = 0
    """Those of ``different`` that the handler did not answer this time."""
    refused: int = 0
    earlier: int = 0
    """Those of ``done`` that an interrupted run had sent."""
    unrecorded: int = 0
    """Those of ``done`` that should have been recorded and could not be."""
    first: int = 0
    """Those of ``done`` whose event had never been sent: there is nothing to compare with."""
    respelled: int = 0
    """Those of ``same`` whose texts differ though their values do not."""
    again: int = 0
    """Those of ``done`` that an interrupted run had sent and cancelled."""
    cancelled: int = 0
    """Those under way when this run was stopped; they are not ``done``."""
    unknown: int = 0
    """Values that could not be compared, since they were redacted in another store."""
    per_second: float | None = None
    """Sent lately."""

    @property
    def left(self) -> int:
        """How many are still to come."""
        return max(0, self.total - self.done)

    @property
    def seconds_left(self) -> float | None:
        """At the speed of late; ``None`` while there is none."""
        return self.left / self.per_second if self.per_second else None


class Run:
    """Iterate over it once: ``Replayed`` in the order of the recording.

    Setting ``cancelled``, from any thread, stops what is under way; that is recorded as cancelled and neither told nor
    counted. Leaving the iteration early sets it. ``stopped`` says afterwards why a run ended before its end.
    """

    def __init__(
        self,
        originals: Iterable[Exchange],
        replay: Replay,
        *,
        total: int,
        supply: Supply,
        send: Send,
        conceal: Conceal,
        redact: Callable[[Exchange], Exchange],
        write: Write | None,
        compare: Compare,
        earlier: Earlier | None = None,
        cancelled: threading.Event | None = None,
        on_end: Callable[[], object] = lambda: None,
    ) -> None:
        self.replay = replay
        self.cancelled = cancelled or threading.Event()
        self.stopped: FgtuiError | None = None
        self._unrecorded: StoreError | None = None
        self._originals = iter(originals)
        self._total = total
        self._supply = supply
        self._send = send
        self._conceal = conceal
        self._redact = redact
        self._write = write
        self._compare = compare
        self._earlier = earlier
        self._on_end = on_end
        self._counts: Counter[str] = Counter()
        self._speed = Speedometer()

    @property
    def tally(self) -> Tally:
        """So far; any thread may ask."""
        counts = dict(self._counts)
        sent = counts.get("done", 0) - counts.get("earlier", 0) - counts.get("refused", 0)
        return Tally(self._total, **counts, per_second=self._speed.per_second(sent))

    def __iter__(self) -> Generator[Replayed]:
        replay = self.replay
        senders = Senders(replay.concurrency, self._send, pace_of(replay.rate, replay.speed), self.cancelled)
        is_over = False
        try:
            for replayed in self._replayed(senders):
                self._count(replayed)
                yield replayed
            is_over = True
        finally:
            if not is_over:
                self.cancelled.set()
            senders.close()
            self._on_end()

    def _replayed(self, senders: Senders) -> Iterator[Replayed]:
        self._fill(senders)
        while (first := senders.peek()) is not None:
            if first.is_sent:
                yield from self._kept(senders)
            else:
                senders.pop()
                yield from self._unsent(first)
            self._fill(senders)

    def _fill(self, senders: Senders) -> None:
        """Read ahead as far as there is room."""
        while senders.has_room and not senders.is_halted:
            originals = self._read()
            if not originals:
                return
            earlier = self._earlier(originals) if self._earlier is not None else {}
            for old in originals:
                senders.put(self._place(old, earlier.get(old.id)))

    def _read(self) -> list[Exchange]:
        originals: list[Exchange] = []
        try:
            for old in islice(self._originals, _READ_AT_ONCE):
                originals.append(old)  # noqa: PERF402 - what was read before an error is kept
        except FgtuiError as error:
            self.stopped = error
        return originals

    def _place(self, old: Exchange, earlier: Exchange | None) -> Place:
        if earlier is not None and has_run(earlier):
            return Place(old, None, new=earlier)
        try:
            return Place(old, self._supply(old.event), is_again=earlier is not None and _is_cancelled(earlier))
        except FgtuiError as error:
            return Place(old, None, problem=error)

    def _unsent(self, place: Place) -> Iterator[Replayed]:
        """What was refused, had been replayed before, or could not even be started."""
        if place.new is not None:
            yield self._compared(place.old, place.new, is_earlier=True)
        elif place.sent is None:
            yield Replayed(place.old, None, problem=place.problem)
        else:
            self.stopped = place.problem

    def _kept(self, senders: Senders) -> Iterator[Replayed]:
        """Those that were sent and stand at the head, as they are recorded."""
        waiting: deque[tuple[Place, Exchange]] = deque()
        sent = self._sent(senders, waiting)
        try:
            for new in map(self._redact, sent) if self._write is None else self._write(sent):
                place, _ = waiting.popleft()
                yield from self._told(place, new)
        except StoreError as error:
            self.stopped = self._unrecorded = error
            self._write = None  # what is under way is still told
            senders.halt()
            for place, new in waiting:
                yield from self._told(place, self._redact(new))

    def _sent(self, senders: Senders, waiting: deque[tuple[Place, Exchange]]) -> Iterator[Exchange]:
        """The exchanges at the head, until one is not there soon or was not sent; each joins ``waiting`` first."""
        patience_s = None
        while (first := senders.peek(patience_s)) is not None and first.is_sent:
            assert first.new is not None
            senders.pop()
            patience_s = GROUP_S
            new = self._as_recorded(first, first.new)
            waiting.append((first, new))
            self._fill(senders)
            yield new

    def _as_recorded(self, place: Place, new: Exchange) -> Exchange:
        """``new`` with the event as it was recorded: what was supplied is kept nowhere."""
        assert place.sent is not None
        if place.sent.event is place.old.event:
            return new
        return self._conceal(replace(new, event=place.old.event), place.sent.placeholders)

    def _told(self, place: Place, new: Exchange) -> Iterator[Replayed]:
        old = place.old
        if _is_cancelled(new):
            self._counts["cancelled"] += 1
            return
        if may_have_run(new) and self.stopped is None:
            self.stopped = _lost(old, new)
        yield self._compared(old, new, problem=self._unrecorded, is_again=place.is_again)

    def _compared(self, old: Exchange, new: Exchange, **more: Any) -> Replayed:
        if _agree(old.outcome, new.outcome):
            return Replayed(old, new, **more)
        found = self._compare(old, new)
        return Replayed(old, new, found.changes, is_respelled=found.is_respelled, unknown=found.unknown, **more)

    def _count(self, replayed: Replayed) -> None:
        counts = self._counts
        counts["done"] += 1
        if replayed.new is None:
            counts["refused"] += 1
        else:
            counts["different" if replayed.is_different else "same"] += 1
            counts["failed"] += replayed.has_failed
            counts["first"] += replayed.is_first
            counts["respelled"] += replayed.is_respelled
            counts["unknown"] += replayed.unknown
            counts["again"] += replayed.is_again
            counts["earlier"] += replayed.is_earlier
            counts["unrecorded"] += replayed.problem is not None
        self._speed.note(counts["done"] - counts["earlier"] - counts["refused"])


def _lost(old: Exchange, new: Exchange) -> TargetError:
    """Why a run does not go on behind ``new``."""
    return TargetError(
        "stopped at exchange {seq}: the answer was {code} {answer}, and the handler may have run; it is not sent again"
        if isinstance(new.outcome, Rejected)
        else "stopped at exchange {seq}: no answer came, and the handler may have run; it is not sent again",
        hint="look what it did" if new.outcome.request_id is None else "look what request {request_id} did",
        seq=old.seq,
        code=getattr(new.outcome, "code", ""),
        answer=getattr(new.outcome, "message", ""),
        request_id=new.outcome.request_id,
    )


def _is_cancelled(exchange: Exchange) -> bool:
    return isinstance(exchange.outcome, Cancelled)


def _agree(old: Outcome, new: Outcome) -> bool:
    """Whether a glance shows that nothing differs; most outcomes are like their recording to the byte."""
    return (
        type(old) is type(new)
        and old.body == new.body
        and old.status_code == new.status_code
        and old.headers == new.headers
        and (
            isinstance(old, Returned)
            or (
                isinstance(old, Raised)
                and isinstance(new, Raised)
                and (old.error.type, old.error.message) == (new.error.type, new.error.message)
            )
        )
    )
