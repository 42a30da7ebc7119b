"""Which exchange of one session is compared with which of another.

A replay goes with what it replays, in either direction; others with the first one of the same trigger and wire text
that is still alone. Of each only its id and number are kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from fgtui.digests import blake2b
from fgtui.sessions.redaction.text import PLACEHOLDER

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.recording import Recording

_READ_AT_ONCE = 64


class Side(NamedTuple):
    """A session in what it is kept in."""

    recording: Recording
    session: str


class Pairs(NamedTuple):
    """Exchanges by their numbers, each in the order of its session."""

    pairs: list[tuple[int, int]]
    only_old: list[int]
    only_new: list[int]


def pair_up(old: Side, new: Side) -> Pairs:
    """Find the partner of each exchange; what was replayed several times has as many.

    Of one session and itself the replays are paired, and nothing is left alone.
    """
    of_old, replays_old = _numbers(old)
    of_new, replays_new = (of_old, replays_old) if old == new else _numbers(new)
    pairs = [(of_old[original], seq) for seq, original in replays_new.items() if original in of_old]
    if old == new:
        return Pairs(sorted(pairs), [], [])
    taken_old, taken_new = {at for at, _ in pairs}, {to for _, to in pairs}
    for seq, original in replays_old.items():
        to = of_new.get(original, -1)
        if to >= 0 and seq not in taken_old and to not in taken_new:
            pairs.append((seq, to))
            taken_old.add(seq)
            taken_new.add(to)
    left_old = [seq for seq in of_old.values() if seq not in taken_old]
    left_new = [seq for seq in of_new.values() if seq not in taken_new]
    alike = _alike(old, new, left_old, left_new)
    taken_old, taken_new = set(alike), set(alike.values())
    return Pairs(
        sorted([*pairs, *alike.items()]),
        [seq for seq in left_old if seq not in taken_old],
        [seq for seq in left_new if seq not in taken_new],
    )


def _numbers(side: Side) -> tuple[dict[str, int], dict[int, str]]:
    """The numbers by id, and for those that are replays the id of what they replay."""
    by_id: dict[str, int] = {}
    replays: dict[int, str] = {}
    for row in side.recording.iterate_rows(side.session):
        by_id[row.id] = row.seq
        if row.replay_of is not None:
            replays[row.seq] = row.replay_of
    return by_id, replays


def _alike(old: Side, new: Side, left_old: list[int], left_new: list[int]) -> dict[int, int]:
    """Of those left alone the ones with the same event, in turn."""
    if not left_old or not left_new:
        return {}
    waiting: dict[bytes, deque[int]] = {}
    for exchange in new.recording.exchanges(new.session, left_new):
        waiting.setdefault(_digest(exchange), deque()).append(exchange.seq)
    found: dict[int, int] = {}
    for exchange in old.recording.exchanges(old.session, left_old):
        if partners := waiting.get(_digest(exchange)):
            found[exchange.seq] = partners.popleft()
    return found


def _digest(exchange: Exchange) -> bytes:
    """Of trigger and wire text; a placeholder is any, since those of other stores differ."""
    event = exchange.event
    wire = event.wire
    if b"<redacted:" in wire:
        wire = PLACEHOLDER.sub("<redacted>", event.text).encode("utf-8", "surrogateescape")
    return blake2b(event.trigger.encode("utf-8", "surrogatepass") + b"\0" + wire, digest_size=16).digest()


def exchanges_of(old: Side, new: Side, pairs: list[tuple[int, int]]) -> Iterator[tuple[Exchange, Exchange]]:
    """The exchanges of ``pairs``, read some at a time."""
    for first in range(0, len(pairs), _READ_AT_ONCE):
        some = pairs[first : first + _READ_AT_ONCE]
        yield from zip(
            old.recording.exchanges(old.session, [at for at, _ in some]),
            new.recording.exchanges(new.session, [to for _, to in some]),
            strict=True,
        )
