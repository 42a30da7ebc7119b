"""Puts a run together: recordings to read, a store to write, an invoker to send with."""

from __future__ import annotations

import tempfile
import threading
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from zlib import crc32

from fgtui.invoke.model import Cancelled, Exchange, Rejected, Target, Unreachable
from fgtui.records import Record, replace
from fgtui.sessions.diff.changes import Compared, compare_outcomes
from fgtui.sessions.diff.noise import PAUSE_S, Proposal, SelectionNoise, merged, proposals
from fgtui.sessions.model import ExchangeRow
from fgtui.sessions.recording import Recording
from fgtui.sessions.replay.claims import claim
from fgtui.sessions.replay.run import Replay, Run
from fgtui.sessions.replay.sending import has_run
from fgtui.sessions.replay.supplying import Supplied
from fgtui.sessions.storage.statements import SEQ_BITS, SEQ_MASK
from fgtui.sessions.store import NAME_LIMIT, SessionStore, check_name

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.model import Event
    from fgtui.invoke.invoker import Invoker
    from fgtui.sessions.redaction.redactor import Redactor


_PERHAPS_NOT_RUN = frozenset({Cancelled.kind, Rejected.kind, Unreachable.kind})
"""Kinds of outcomes of which only more than their kind says whether the handler has seen the event."""


def names_after(session: str) -> Iterator[str]:
    """Names for the replays of ``session``, which may be a file of JSON Lines, in order."""
    stem = session.removesuffix(".jsonl")
    if stem != session:
        stem = stem.rpartition("/")[2]
    printable = "".join(each for each in stem.strip() if each.isprintable()) or "recordings"
    name = f"{printable[: NAME_LIMIT - 20]}-replay"
    return chain([name], (f"{name}-{number}" for number in count(2)))


class Selection(Record):
    """Which recorded exchanges are meant."""

    recording: Recording
    session: str
    seqs: Sequence[int] | None = None
    """In this order; ``None`` means the whole session."""

    @property
    def count(self) -> int:
        """How many they are."""
        return self.recording.count(self.session) if self.seqs is None else len(self.seqs)

    def rows(self) -> Iterator[ExchangeRow]:
        """Their small columns, in order."""
        if self.seqs is None:
            return self.recording.iterate_rows(self.session)
        return self.recording.rows(self.session, self.seqs)

    def exchanges(self) -> Iterator[Exchange]:
        """Them, in order."""
        if self.seqs is None:
            return self.recording.iterate(self.session)
        return self.recording.exchanges(self.session, self.seqs)


def run(
    selection: Selection,
    target: Target,
    replay: Replay,
    *,
    redactor: Redactor,
    store: SessionStore,
    invoker: Invoker,
    trigger_of: Callable[[Event], Trigger | None],
    cancelled: threading.Event | None = None,
) -> Run:
    """A run of ``selection`` at ``target``; see ``Workspace.replay``. UsageError when another one has the session."""
    cancelled = cancelled or threading.Event()
    into = replay.into
    claimed = None
    if into is not None:
        check_name(into)
        claimed = claim(store.file, into, alone=replay.resume)
    invoker.expect(replay.concurrency)

    def send(event: Event, replay_of: str) -> Exchange:
        return invoker.invoke(event, target, replay_of=replay_of, cancelled=cancelled)

    def supply(event: Event) -> Supplied:
        return replay.supplies.of(event, trigger_of(event))

    def conceal(exchange: Exchange, placeholders: Mapping[str, str]) -> Exchange:
        return redactor.supplied(placeholders).apply(exchange)

    def compare(old: Exchange, new: Exchange) -> Compared:
        return compare_outcomes(old, new, comparison=replay.comparison, redactor=redactor)

    def release() -> None:
        if claimed is not None:  # it holds as long as this function is known
            claimed.release()

    def write(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
        assert into is not None
        return store.append_many(into, exchanges)

    return Run(
        selection.exchanges(),
        replay,
        total=selection.count,
        supply=supply,
        send=send,
        conceal=conceal,
        redact=redactor.apply,
        write=None if into is None else write,
        compare=compare,
        earlier=_earlier(store, into) if into is not None and replay.resume else None,
        cancelled=cancelled,
        on_end=release,
    )


def find_noise(
    selection: Selection,
    target: Target,
    replay: Replay,
    *,
    redactor: Redactor,
    invoker: Invoker,
    trigger_of: Callable[[Event], Trigger | None],
    cancelled: threading.Event,
    on_progress: Callable[[int], object],
) -> SelectionNoise:
    """Send ``selection`` twice, recording nothing, and propose what to ignore of the differences between both answers.

    ``on_progress`` hears of every send. Raises what ends a run early.
    """
    with (
        tempfile.TemporaryDirectory(prefix="fgtui-") as folder,
        SessionStore(Path(folder) / "first.db", redactor, full_text=False) as first,
    ):
        first.check()
        more: dict[str, Any] = {
            "store": first,
            "redactor": first.redactor,
            "invoker": invoker,
            "trigger_of": trigger_of,
        }
        once = run(selection, target, replace(replay, into="first", resume=False), cancelled=cancelled, **more)
        until = monotonic() + PAUSE_S
        count = 0
        for count, _ in enumerate(once, 1):
            on_progress(count)
        if once.stopped is not None:
            raise once.stopped
        cancelled.wait(until - monotonic())
        twice = run(Selection(first, "first"), target, replace(replay, into=None), cancelled=cancelled, **more)
        found: tuple[Proposal, ...] = ()
        for number, replayed in enumerate(twice, count + 1):
            on_progress(number)
            if replayed.changes:
                found = merged((*found, *proposals(replayed.changes)))
        if twice.stopped is not None:
            raise twice.stopped
        return SelectionNoise(found, sent=twice.tally.done, refused=once.tally.refused)


def left_to_send(selection: Selection, store: SessionStore, into: str) -> int:
    """How many of ``selection`` are sent when ``into`` is gone on with."""
    done: set[str | None] = set()
    doubtful: list[int] = []
    for row in store.iterate_rows(into):
        if row.outcome in _PERHAPS_NOT_RUN:
            doubtful.append(row.seq)
        else:
            done.add(row.replay_of)
    done.update(each.replay_of for each in store.exchanges(into, doubtful) if has_run(each))
    return sum(row.id not in done for row in selection.rows())


def _earlier(store: SessionStore, into: str) -> Callable[[Sequence[Exchange]], dict[str, Exchange]]:
    """Of exchanges those that ``into`` replays, by id; 8 bytes in memory for each."""
    replays = array(
        "Q",
        sorted(_packed(row.replay_of, row.seq) for row in store.iterate_rows(into) if row.replay_of is not None),
    )

    def find(originals: Sequence[Exchange]) -> dict[str, Exchange]:
        seqs: list[int] = []
        for old in originals:
            first, last = (bisect_left(replays, _packed(old.id, seq)) for seq in (0, SEQ_MASK))
            seqs += (replays[at] & SEQ_MASK for at in range(first, last))
        found: dict[str, Exchange] = {}
        for new in store.exchanges(into, seqs) if seqs else ():
            if new.replay_of is not None and (has_run(new) or new.replay_of not in found):
                found[new.replay_of] = new
        return found

    return find


def _packed(replay_of: str, seq: int) -> int:
    """A number that is small for so much: ids that share it are told apart once the exchange is read."""
    return (crc32(replay_of.encode("utf-8", "surrogatepass")) >> 8) << SEQ_BITS | seq
