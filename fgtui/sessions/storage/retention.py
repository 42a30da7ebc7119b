"""Taking away what is too old or too much, and giving the space back, while others go on recording.

Deleted is in pieces, each a short transaction that leaves everything whole: what is killed half-way has deleted less,
and the next run goes on. What is deleted is overwritten (``secure_delete``); its words leave the search index with the
blocks they are in, which are then made anew. Marked exchanges stay unless told otherwise.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import StoreError
from fgtui.sessions.model import Pruned
from fgtui.sessions.search import index as search_index
from fgtui.sessions.search.searching import Search
from fgtui.sessions.storage import statements
from fgtui.sessions.storage.database import DamagedError, FullError, file_bytes, used_bytes
from fgtui.sessions.storage.rows import microseconds
from fgtui.sessions.storage.statements import DELETED_TOGETHER, SEQ_BITS

if TYPE_CHECKING:
    from fgtui.sessions.storage.database import Database
    from fgtui.sessions.storage.reading import StoreReader

_ROW_BYTES = 250
"""What an exchange takes besides its content: its row and its part of two indexes."""
_EMPTY_BYTES = 40_960
"""What a store without exchanges takes, about."""
_FEWER = 8
"""By so much the pieces get smaller where there is no room to delete."""
_ROUNDS = 5
"""How often it is looked whether the file became small enough; the estimate errs by some percent each time."""


class _Victims(NamedTuple):
    """What is to be deleted."""

    keys: array[int]
    bytes: int
    """What they take in the file, about."""


class _Done:
    """What was deleted so far."""

    def __init__(self) -> None:
        self.exchanges = 0
        self.sessions: set[int] = set()
        self.unindexed: set[int] = set()
        """Sessions whose index is no longer whole."""


class Retention:
    """Keeps one store small."""

    def __init__(self, reader: StoreReader, database: Database, *, full_text: bool = True) -> None:
        self._reader = reader
        self._database = database
        self._full_text = full_text

    def plan(self, older_than: datetime | None, max_bytes: int | None, *, include_marked: bool) -> Pruned:
        """What ``prune`` would take away, as far as it can be told before."""
        with self._database.reading() as connection:
            if connection is None:
                return Pruned(0, 0, 0, 0)
            before, used = file_bytes(connection), used_bytes(connection)
        victims = self._victims(older_than, max_bytes, include_marked=include_marked)
        return Pruned(
            exchanges=len(victims.keys),
            sessions=len({key >> SEQ_BITS for key in victims.keys}),
            bytes_before=before,
            bytes_after=min(used, max(_EMPTY_BYTES, used - victims.bytes)),
        )

    def prune(
        self,
        older_than: datetime | None,
        max_bytes: int | None,
        *,
        include_marked: bool,
        on_progress: Callable[[int], None] | None,
        cancelled: threading.Event | None = None,
    ) -> Pruned:
        """Delete, make the index anew, and give the space back. StoreError where the last cannot be.

        Once ``cancelled`` is set nothing more is deleted, and the space is not given back.

        A damaged store is left as it is, except for its search index, which can be made anew.
        """
        with self._database.reading() as connection:
            if connection is None:
                return Pruned(0, 0, 0, 0)
            if not statements.is_whole(connection):
                raise DamagedError("{file} is damaged; nothing was changed", file=self._database.file)
            before = file_bytes(connection)
        done = _Done()
        for _ in range(_ROUNDS):
            victims = self._victims(older_than, max_bytes, include_marked=include_marked).keys
            for _ in self._deleted(victims, done, include_marked=include_marked):
                if on_progress is not None:
                    on_progress(done.exchanges)
                if cancelled is not None and cancelled.is_set():
                    return self._stopped(before, done)
            if not victims:
                break
            self._index(done.unindexed, cancelled)
        self._index(self._damaged(), cancelled)
        self._database.scrub()
        after = self._compacted(done.exchanges, cancelled)
        return Pruned(done.exchanges, len(done.sessions), before, after)

    def _deleted(self, victims: array[int], done: _Done, *, include_marked: bool) -> Iterator[None]:
        """Delete them, one turn a transaction. FullError where there is no room even for small ones."""
        at, together = 0, DELETED_TOGETHER
        while at < len(victims):
            keys = victims[at : at + together]
            try:
                if together < DELETED_TOGETHER:
                    self._forget(keys, done)
                with self._database.writing() as connection:
                    dropped = search_index.drop(connection, keys)
                    deleted = statements.delete_some(connection, keys, spare_marked=not include_marked)
            except FullError as error:
                if together == 1:
                    raise FullError(
                        "no space left on {place}; {count} exchanges were deleted",
                        hint="deleting needs some itself, for a journal beside the store: a few megabytes will do",
                        place=error.values["place"],
                        count=done.exchanges,
                    ) from error
                together = max(1, together // _FEWER)
                continue
            at += len(keys)
            done.exchanges += deleted
            done.sessions.update(key >> SEQ_BITS for key in keys)
            done.unindexed.update(map(search_index.session_of, dropped))
            yield

    def _forget(self, keys: array[int], done: _Done) -> None:
        """Drop the words of these exchanges from the index in a transaction of its own, which needs less room."""
        with self._database.writing() as connection:
            dropped = search_index.drop(connection, keys)
        done.unindexed.update(map(search_index.session_of, dropped))

    def _stopped(self, before: int, done: _Done) -> Pruned:
        """What was deleted until then, and the file as large as it was."""
        with self._database.reading() as connection:
            after = before if connection is None else file_bytes(connection)
        return Pruned(done.exchanges, len(done.sessions), before, after)

    def _damaged(self) -> set[int]:
        """Sessions whose search index is damaged: what is damaged of it is dropped."""
        if not self._has_index():
            return set()
        damaged: set[int] = set()
        with self._database.writing() as connection:
            blocks = search_index.blocks(connection)
        for block in blocks:
            try:
                with self._database.writing() as connection:
                    search_index.check(connection, block)
            except StoreError:
                with self._database.writing() as connection:
                    search_index.drop_block(connection, block)
                damaged.add(search_index.session_of(block))
        return damaged

    def _victims(self, older_than: datetime | None, max_bytes: int | None, *, include_marked: bool) -> _Victims:
        """The oldest first, over all sessions."""
        if older_than is None and max_bytes is None:
            return _Victims(array("q"), 0)
        before_us = None if older_than is None else microseconds(older_than)
        with self._database.reading() as connection:
            if connection is None:
                return _Victims(array("q"), 0)
            used = used_bytes(connection)
            count, size = statements.total_size(connection)
            share = used / max(1, size + count * _ROW_BYTES)
            surplus = 0 if max_bytes is None else used - max_bytes
            keys, freed = array("q"), 0.0
            for key, started_us, content in statements.by_age(connection, include_marked=include_marked):
                if freed >= surplus and (before_us is None or started_us >= before_us):
                    break
                keys.append(key)
                freed += (content + _ROW_BYTES) * share
        return _Victims(keys, int(freed))

    def _has_index(self) -> bool:
        with self._database.reading() as connection:
            return self._full_text and connection is not None and search_index.has_full_text(connection)

    def _index(self, sessions: set[int], cancelled: threading.Event | None) -> None:
        """Make the index of these sessions whole, where there is one to be had."""
        if not sessions or not self._has_index():
            return
        with self._database.reading() as connection:
            places = statements.newest_first(connection, ())
        for name, place in places:
            if place.id in sessions:
                Search(self._reader, self._database, cancelled=cancelled).index(name, place)

    def _compacted(self, deleted: int, cancelled: threading.Event | None) -> int:
        try:
            return self._database.compact(cancelled)
        except StoreError as error:
            if not deleted:
                raise
            raise StoreError(
                "{count} exchanges were deleted, but the file could not be made smaller: {reason}",
                hint="what is recorded next takes the space; fgtui vacuum tries it again",
                count=deleted,
                reason=error,
            ) from error
