"""Puts a run together: recordings to read, a store to write, an invoker to send with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from fgtui.invoke.model import Cancelled, Exchange, LocalTarget, Unreachable
from fgtui.records import Record
from fgtui.sessions.diff import Change, outcome_diff
from fgtui.sessions.recording import Recording
from fgtui.sessions.replay import Replay, Run
from fgtui.sessions.store import SessionStore, check_name

if TYPE_CHECKING:
    from fgtui.events.model import Event
    from fgtui.invoke.invoker import Invoker


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

    def exchanges(self) -> Iterator[Exchange]:
        """Them, in order."""
        if self.seqs is None:
            return self.recording.iterate(self.session)
        return self.recording.exchanges(self.session, self.seqs)


def run(
    selection: Selection,
    target: LocalTarget,
    replay: Replay,
    *,
    store: SessionStore,
    invoker: Invoker,
    cancelled: threading.Event | None = None,
) -> Run:
    """A run of ``selection`` at ``target``; see ``Workspace.replay``."""
    cancelled = cancelled or threading.Event()
    into = replay.into
    if into is not None:
        check_name(into)
        store.prepare()
    invoker.expect(replay.concurrency)
    redactor = store.redactor

    def send(event: Event, replay_of: str) -> Exchange:
        return invoker.invoke(event, target, replay_of=replay_of, cancelled=cancelled)

    def compare(old: Exchange, new: Exchange) -> tuple[Change, ...]:
        return outcome_diff(old, new, redactor=redactor)

    def write(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
        assert into is not None
        return store.append_many(into, exchanges)

    return Run(
        selection.exchanges(),
        replay,
        total=selection.count,
        prepare=replay.supplies.supplied,
        send=send,
        redact=redactor.apply,
        write=None if into is None else write,
        compare=compare,
        earlier=_earlier(store, into) if into is not None and replay.resume else None,
        cancelled=cancelled,
    )


def _earlier(store: SessionStore, into: str) -> Callable[[Sequence[Exchange]], dict[str, Exchange]]:
    """Of exchanges those that ``into`` replays, by id."""
    replays = store.replays(into)

    def find(originals: Sequence[Exchange]) -> dict[str, Exchange]:
        seqs = [replays[old.id] for old in originals if old.id in replays]
        found = store.exchanges(into, seqs) if seqs else ()
        return {new.replay_of: new for new in found if new.replay_of is not None and has_run(new)}

    return find


def has_run(exchange: Exchange) -> bool:
    """Whether the handler may have seen the event, so that it is not sent again."""
    outcome = exchange.outcome
    return not isinstance(outcome, Cancelled) and not (isinstance(outcome, Unreachable) and not outcome.may_have_run)
