"""One search over a store: where the index reaches it says where to look, elsewhere everything is looked at.

What had to be looked at goes into the index, in small transactions, so that the next search finds it there; where that
cannot be written, or is damaged, the answer is the same and takes longer. Newest first, as it is found, nothing locked
between two hits.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from itertools import groupby, islice
from typing import TYPE_CHECKING

from fgtui.errors import StoreError
from fgtui.sessions.search import index as search_index
from fgtui.sessions.search.index import BLOCK_SIZE, Covered, Words, block_of
from fgtui.sessions.search.matching import hit_in
from fgtui.sessions.search.text import indexed_words
from fgtui.sessions.search.words import Term, Wanted, fold
from fgtui.sessions.storage.database import BusyError, DamagedError
from fgtui.sessions.storage.rows import text
from fgtui.sessions.storage.statements import SEQ_MASK, Place, in_parts

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.model import Hit
    from fgtui.sessions.storage.database import Database
    from fgtui.sessions.storage.reading import StoreReader

INDEXED_TOGETHER = 256
"""Exchanges that share a transaction of the index; fewer at a session's end are looked at without it."""

PATIENCE_S = 0.2
"""How long a search waits for others before it goes on without writing to the index."""

_FIRST_PAGE = 32
_LARGEST_PAGE = 1024
_ANNOTATED_PAGE = 500


class _IndexGoneError(Exception):
    """Somebody else has taken away the index that was being used."""


class IndexWriter:
    """Puts exchanges into the index of a store, as far as it can be written. An index is no reason to fail."""

    def __init__(self, database: Database, *, waits_s: float | None = None) -> None:
        self._database = database
        self._waits_s = waits_s
        self.works = True
        """Until something could not be written: then nothing is tried any more."""

    def write(self, reach: Covered, words: Sequence[Words]) -> None:
        """All there is in ``reach``, in one transaction."""
        if not self.works:
            return
        try:
            with self._database.writing(waits_s=self._waits_s) as connection:
                self.works = search_index.extend(connection, reach, words)
        except StoreError:
            self.works = False


class RecordedWords:
    """Indexes what is being recorded into one session, some of it at a time."""

    def __init__(self, database: Database, *, has_index: bool) -> None:
        self._writer = IndexWriter(database)
        self._writer.works = has_index
        self._waiting: list[Words] = []

    def add(self, place: Place, recorded: Sequence[Exchange]) -> None:
        """Take what was recorded next into the session at ``place``."""
        for exchange in recorded:
            if not self._writer.works:
                return
            key = place.key(exchange.seq)
            self._waiting.append(Words(key, indexed_words(exchange)))
            if len(self._waiting) >= INDEXED_TOGETHER or block_of(key) != block_of(key + 1):
                self._writer.write(Covered(self._waiting[0].key, key), self._waiting)
                self._waiting = []


_NOTHING = Wanted(())


class Search:
    """Looks for one thing in the sessions of a store."""

    def __init__(
        self,
        reader: StoreReader,
        database: Database,
        wanted: Wanted = _NOTHING,
        *,
        has_index: bool = True,
        cancelled: threading.Event | None = None,
        on_problem: Callable[[StoreError], None] | None = None,
        waits_s: float | None = None,
    ) -> None:
        self._reader = reader
        self._wanted = wanted
        self._has_index = has_index
        self._writer = IndexWriter(database, waits_s=waits_s)
        self._writer.works = has_index
        self._cancelled = cancelled
        self._on_problem = on_problem
        self.lost = 0
        """Exchanges that could not be read."""

    def hits(self, session: str, place: Place) -> Iterator[Hit]:
        """The hits of one session, newest first."""
        for low, high, reach in self._stretches(session, place):
            if reach is None:
                yield from self._look_at_all(session, place, low, high)
            else:
                yield from self._look_up(session, place, reach)

    def index(self, session: str, place: Place) -> None:
        """Put into the index what of one session it lacks, as a search does on its way."""
        for low, high, reach in self._stretches(session, place):
            if reach is None:
                for _ in self._all(session, place, low, high):
                    pass

    def _covered(self, session: str, block: int) -> Covered | None:
        try:
            return self._reader.covered(block)
        except DamagedError:
            self._tell(session)
            return None

    def _stretches(self, session: str, place: Place) -> Iterator[tuple[int, int, Covered | None]]:
        """From which key to which, downwards, and the index of it where there is one."""
        first, last = place.key(1), place.key(place.next_seq - 1)
        for block in range(block_of(last), block_of(first) - 1, -1) if first <= last else ():
            low, high = max(first, block * BLOCK_SIZE), min(last, (block + 1) * BLOCK_SIZE - 1)
            reach = self._covered(session, block) if self._has_index else None
            if reach is None:
                yield low, high, None
            else:
                yield reach.high + 1, high, None
                yield reach.low, reach.high, reach
                yield low, reach.low - 1, None

    def _is_over(self) -> bool:
        return self._cancelled is not None and self._cancelled.is_set()

    # Without the index

    def _look_at_all(self, session: str, place: Place, low: int, high: int, *, may_index: bool = True) -> Iterator[Hit]:
        """The hits from key ``high`` down to ``low``, all in one block."""
        for exchange in self._all(session, place, low, high, may_index=may_index):
            found = hit_in(exchange, self._wanted)
            if found is not None:
                yield found

    def _all(self, session: str, place: Place, low: int, high: int, *, may_index: bool = True) -> Iterator[Exchange]:
        """Every exchange from key ``high`` down to ``low``; where they are enough, they go into the index."""
        may_index = may_index and self._writer.works and high - low + 1 >= INDEXED_TOGETHER
        gap = _Gap(self._writer, self._covered(session, block_of(low)), low, high) if may_index else None
        for numbers in self._reader.groups(place, low & SEQ_MASK, high & SEQ_MASK, newest_first=True):
            for exchange in self._reader.between(session, place, numbers):
                if self._is_over():
                    return
                if exchange is None:
                    self.lost += 1
                    gap = None
                    continue
                if gap is not None:
                    gap.add(place.key(exchange.seq), exchange)
                yield exchange
        if gap is not None:
            gap.end()

    # With it

    def _look_up(self, session: str, place: Place, reach: Covered) -> Iterator[Hit]:
        """The hits among the exchanges in ``reach``, all of which are in the index."""
        candidates = self._candidates(block_of(reach.low), reach)
        looked_at, size = reach.high + 1, _FIRST_PAGE
        while True:
            try:
                keys = list(islice(candidates, size))
            except (_IndexGoneError, StoreError) as error:
                if isinstance(error, BusyError):
                    raise
                if isinstance(error, StoreError):
                    self._tell(session)
                yield from self._look_at_all(session, place, reach.low, looked_at - 1, may_index=False)
                return
            if not keys or self._is_over():
                return
            numbers = [key & SEQ_MASK for key in keys]
            exchanges = self._reader.of_numbers(session, place, numbers)
            for number in numbers:
                if number in exchanges:
                    yield from self._checked(exchanges[number])
                if self._is_over():
                    return
            looked_at, size = keys[-1], min(size * 2, _LARGEST_PAGE // 4)

    def _checked(self, exchange: Exchange | None) -> Iterator[Hit]:
        if exchange is None:
            self.lost += 1
            return
        found = hit_in(exchange, self._wanted)
        if found is not None:
            yield found

    def _tell(self, session: str) -> None:
        if self._on_problem is not None:
            self._on_problem(
                StoreError(
                    "the search index of {session} is damaged; every exchange was looked at instead",
                    hint="fgtui vacuum makes it anew, where the rest of the file is whole",
                    session=session,
                )
            )

    def _candidates(self, block: int, reach: Covered) -> Iterator[int]:
        """Keys of exchanges that may have all that is wanted, downwards."""
        both = merge(self._by_words(block, reach), self._by_annotations(block, reach), reverse=True)
        return (key for key, _ in groupby(both))

    def _by_words(self, block: int, reach: Covered) -> Iterator[int]:
        select = search_index.matching(block, self._wanted.terms)
        assert select is not None
        high, size = reach.high, _FIRST_PAGE
        while True:
            found = self._ask(block, reach, select[0] + search_index.DOWNWARDS, (select[1], reach.low, high, size))
            yield from (key for (key,) in found)
            if len(found) < size:
                return
            high, size = found[-1][0] - 1, min(size * 4, _LARGEST_PAGE)

    def _by_annotations(self, block: int, reach: Covered) -> Iterator[int]:
        """Those that have some of it in note and tags, which are not in the index, and the rest in the index."""
        high = reach.high
        while True:
            found = self._reader.fetch(search_index.SELECT_ANNOTATED, (reach.low, high, _ANNOTATED_PAGE))
            missing = {key: self._missing(text(note), tags) for key, note, tags in found}
            left = {terms for terms in missing.values() if 0 < len(terms) < len(self._wanted.terms)}
            complete = {key for key, terms in missing.items() if not terms}
            for terms in left:
                complete |= self._have(block, reach, terms, [key for key in missing if missing[key] == terms])
            yield from (key for key in missing if key in complete)
            if len(found) < _ANNOTATED_PAGE:
                return
            high = found[-1][0] - 1

    def _missing(self, note: str, tags: str) -> tuple[Term, ...]:
        try:
            folded = [fold(note), fold("\n".join(json.loads(tags)))]
        except (ValueError, TypeError):  # damaged, which shows when it is read
            return ()
        return tuple(term for term in self._wanted.terms if not any(map(term.is_in, folded)))

    def _have(self, block: int, reach: Covered, terms: tuple[Term, ...], keys: list[int]) -> set[int]:
        """Which of ``keys`` may have all ``terms`` in what the index knows."""
        select = search_index.matching(block, terms)
        if select is None:
            return set(keys)
        return {
            key
            for some in in_parts(keys)
            for (key,) in self._ask(block, reach, select[0] + search_index.among(len(some)), (select[1], *some))
        }

    def _ask(self, block: int, reach: Covered, select: str, values: Sequence[object]) -> list[tuple[int]]:
        """What the index says, if it still speaks for all of ``reach``: meanwhile it may have been made anew."""
        found, now = self._reader.fetch_indexed(select, values, block)
        if now is None or now.low > reach.low or now.high < reach.high:
            raise _IndexGoneError
        return found


class _Gap:
    """Exchanges that the index lacks, as they are looked at from the last to the first.

    Below what is indexed already, and where nothing is, each part goes in as soon as it is complete. Above it they
    wait for the lowest of them, where the index ends.
    """

    def __init__(self, writer: IndexWriter, reach: Covered | None, low: int, high: int) -> None:
        self._writer = writer
        self._low = low
        self._high = high
        self._at_once = reach is None or high < reach.low
        self._waiting: list[Words] = []

    def add(self, key: int, exchange: Exchange) -> None:
        self._waiting.append(Words(key, indexed_words(exchange)))
        if self._at_once and len(self._waiting) >= INDEXED_TOGETHER:
            self._write(Covered(key, self._high), self._waiting)
            self._waiting = []
            self._high = key - 1

    def end(self) -> None:
        """The lowest was added."""
        if self._at_once:
            if self._waiting:  # no table for numbers that were given and taken away again
                self._write(Covered(self._low, self._high), self._waiting)
            return
        low = self._low
        for part in in_parts(reversed(self._waiting), INDEXED_TOGETHER):
            self._write(Covered(low, part[-1].key), list(reversed(part)))
            low = part[-1].key + 1

    def _write(self, reach: Covered, downwards: list[Words]) -> None:
        if reach.low <= reach.high:
            self._writer.write(reach, downwards[::-1])
