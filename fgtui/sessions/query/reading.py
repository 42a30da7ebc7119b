"""Exchanges of a store by ranges of their numbers, for the processes that try queries on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from fgtui.sessions.storage.content import sane_size
from fgtui.sessions.storage.database import DamagedError, Database
from fgtui.sessions.storage.journal import JournalMode
from fgtui.words import Phrase

SOME = 256
"""Exchanges that are asked for at once."""
_GROUP_BYTES = 4 * 1024 * 1024
"""Bytes of them that are in memory together."""
_PROBES = 16

Cells = tuple[Any, ...]


class Group(NamedTuple):
    """Some exchanges in order."""

    rows: list[Cells | None]
    """``None`` for each that is there and cannot be read."""
    is_narrowed: bool = True
    """Whether these are only those for which the columns say yes."""
    beside: int = 0
    """How many there are besides, for which they say no."""


class Limits(Protocol):
    """What reading may use."""

    def make_room(self, size: int) -> None:
        """Before so many bytes are read together."""


class StoreRange:
    """One session on a connection of its own, which is checked as every other one is."""

    def __init__(
        self, *, file: str, journal: tuple[bool, str], base: int, statements: dict[str, str], values: tuple[Any, ...]
    ) -> None:
        """``base`` is the key of number 0; ``statements`` and ``values`` come from ``query.columns``."""
        self._base = base
        self._statements = statements
        self._values = values
        self._downwards = statements["order"] == "DESC"
        wal, reason = journal
        mode = JournalMode(wal=wal, reason=Phrase("{reason}", reason=reason))
        self._database = Database(Path(file), new_salt=bytes, journal=mode)

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    def between(self, low: int, high: int, limits: Limits) -> Iterator[Group]:
        """The exchanges from number ``low`` to ``high``. Nothing is locked between two groups."""
        first, last = self._base + low, self._base + high
        try:
            ((count,),) = self._fetch("count", (first, last))
            require_all(self._fetch, range(first, last + 1), count)
            sizes = self._fetch("sizes", (first, last, *self._values))
        except DamagedError:
            yield self._singly(range(first, last + 1))
            return
        yield from self._groups(sizes, count, limits)

    def among(self, seqs: Sequence[int], limits: Limits) -> Iterator[Group]:
        """The exchanges of these numbers, at most ``SOME`` of them."""
        keys = [self._base + seq for seq in seqs]
        some = (*keys, *[keys[0]] * (SOME - len(keys)))
        try:
            ((count,),) = self._fetch("count_of_some", some)
            sizes = self._fetch("sizes_of_some", (*some, *self._values))
        except DamagedError:
            yield self._singly(keys)
            return
        yield from self._groups(sizes, count, limits)

    def _groups(self, sizes: list[Cells], count: int, limits: Limits) -> Iterator[Group]:
        if count > len(sizes):
            yield Group([], beside=count - len(sizes))
        for keys, size in _grouped(sizes):
            limits.make_room(size)
            some = (*keys, *[keys[0]] * (SOME - len(keys)))
            try:
                yield Group([*self._fetch("contents_of_some", some)])
            except DamagedError:
                yield self._singly(keys)

    def _singly(self, keys: Sequence[int]) -> Group:
        """Whatever can be read, tried one by one; what the columns say of it is left aside."""
        rows: list[Cells | None] = []
        for key in sorted(keys, reverse=self._downwards):
            try:
                rows += self._fetch("content", (key,))
            except DamagedError:
                rows.append(None)
        return Group(rows, is_narrowed=False)

    def _fetch(self, name: str, values: tuple[Any, ...]) -> list[Cells]:
        """All rows at once: no read is left open when this returns."""
        with self._database.reading() as connection:
            return [] if connection is None else connection.execute(self._statements[name], values).fetchall()


def _grouped(sizes: list[Cells]) -> Iterator[tuple[list[int], int]]:
    """Keys with the sizes of their exchanges, in groups that fit in memory, each with its bytes."""
    keys: list[int] = []
    waiting = 0
    for key, size in sizes:
        if keys and (len(keys) == SOME or waiting + sane_size(size) > _GROUP_BYTES):
            yield keys, waiting
            keys, waiting = [], 0
        keys.append(key)
        waiting += sane_size(size)
    if keys:
        yield keys, waiting


def require_all(fetch: Callable[[str, tuple[Any, ...]], list[Cells]], keys: range, count: int) -> None:
    """DamagedError where going through ``keys`` in order met ``count`` of them, and looking them up finds more.

    A damaged part of the way is passed over in silence. Of many that are not there some are looked up.
    """
    if count == len(keys):
        return
    looked_up = keys if count else keys[:: max(1, len(keys) // _PROBES)]
    for at in range(0, len(looked_up), SOME):
        some = looked_up[at : at + SOME]
        ((there,),) = fetch("count_of_some", (*some, *[some[0]] * (SOME - len(some))))
        count -= there
    if count < 0:
        raise DamagedError("a part of the file is passed over")
