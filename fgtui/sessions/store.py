"""Sessions in one SQLite file: create, append, annotate, read, rename, merge, delete (reliability, section 5).

What is appended is redacted here: there is no unredacted way in. An exchange is durable when ``append`` returns it.
A store that is not there reads as empty and is not made by reading. From a damaged one every exchange comes that can
be read, then a StoreError that says how many cannot.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange
from fgtui.records import replace
from fgtui.sessions.format import in_json_order
from fgtui.sessions.model import Hit, Pruned
from fgtui.sessions.redaction.redactor import SALT_SIZE, Redactor
from fgtui.sessions.storage import statements
from fgtui.sessions.storage.annotations import annotation
from fgtui.sessions.storage.database import BUSY_TIMEOUT_S, Database, setting
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.storage.reading import StoreReader
from fgtui.sessions.storage.rows import Encoded, encode, microseconds
from fgtui.sessions.storage.statements import DELETED_TOGETHER, Place, in_parts
from fgtui.terminal.display import is_displayable

if TYPE_CHECKING:
    from fgtui.sessions.search.words import Wanted

NAME_LIMIT = 200
"""Characters of a session's name."""
NUMBER_LENGTH = 12
"""Digits of the longest number that is taken for an exchange's."""
GROUP_LIMIT = 256
"""Exchanges that share a commit in ``append_many``."""
GROUP_S = 0.02
"""How long the first of them waits for the others."""
GROUP_BYTES = 8 * 1024 * 1024
"""Bytes of them that wait in memory."""

_ANY_TEXT = "token=AKIA"
"""Brings the rules of redaction to work, so that they are compiled."""


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


class SessionStore(StoreReader):
    """Every session of one file. Threads may share it; processes each have their own."""

    def __init__(
        self,
        file: Path,
        redactor: Redactor,
        *,
        clock: Callable[[], datetime] = utc_now,
        journal: JournalMode | None = None,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
        full_text: bool = True,
    ) -> None:
        super().__init__(
            Database(file, new_salt=lambda: os.urandom(SALT_SIZE), journal=journal, busy_timeout_s=busy_timeout_s)
        )
        self._clock = clock
        self._redactor = redactor
        self._salted: Redactor | None = None
        self._full_text = full_text

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def journal(self) -> JournalMode:
        """The journal in force, and why."""
        return self._database.journal

    @property
    def redactor(self) -> Redactor:
        """The rules with this store's salt: what makes placeholders that compare with recorded ones."""
        if self._salted is None:
            with self._database.reading() as connection:
                salt = None if connection is None else setting(connection, "salt")
            if salt is None:
                return self._redactor
            self._salted = self._redactor.salted(salt)
        return self._salted

    def close(self) -> None:
        """Close the file; the next use opens it again, or another one that has taken its place."""
        self._database.close()
        self._salted = None

    # Sessions

    def create(self, name: str) -> None:
        """Make an empty session. UsageError when the name is taken or cannot be one."""
        check_name(name)
        with self._database.writing() as connection:
            statements.require_free(connection, name)
            statements.create(connection, name, self._clock())

    def rename(self, old: str, new: str) -> None:
        """Give a session another name."""
        check_name(new)
        with self._database.writing() as connection:
            place = statements.require(connection, old)
            if new != old:
                statements.require_free(connection, new)
                connection.execute("UPDATE session SET name = ? WHERE id = ?", (new, place.id))

    def delete(self, name: str) -> int:
        """Remove a session for good, overwriting what it held; how many exchanges that were.

        In pieces, so that nobody waits for long: what is killed half-way has deleted the oldest.
        """
        from fgtui.sessions.search import index as search_index

        with self._database.writing() as connection:
            place = statements.require(connection, name)
        removed = 0
        while True:
            with self._database.writing() as connection:
                keys = statements.first_keys(connection, place, DELETED_TOGETHER)
                search_index.drop(connection, keys)
                removed += statements.delete_some(connection, keys)
                if len(keys) < DELETED_TOGETHER:
                    search_index.drop_between(connection, *place.all_keys)
                    statements.delete_session(connection, place)
                    break
        self._database.scrub()
        return removed

    def merge(self, sources: Sequence[str], into: str) -> int:
        """Copy the exchanges of ``sources`` to the end of ``into``, in order of time; how many came in.

        ``into`` is made when it is not there, and its own exchanges keep their numbers. The sources stay. An exchange
        that ``into`` holds already is not copied again, so a merge can be repeated.
        """
        check_name(into)
        with self._database.writing() as connection:
            places = [statements.require(connection, name) for name in dict.fromkeys(sources) if name != into]
            target = statements.find(connection, into) or statements.create(connection, into, self._clock())
            seq, last_us = target.next_seq, None
            for key in statements.keys_by_time(connection, places):
                if not statements.is_among(connection, key, target.key(0), target.key(seq)):
                    last_us = statements.copy(connection, key, target.key(seq))
                    seq += 1
            statements.count_in(connection, target, seq - target.next_seq, last_us)
            return seq - target.next_seq

    def annotate(
        self,
        session: str,
        seqs: Iterable[int],
        *,
        note: str | None = None,
        add_tags: Sequence[str] = (),
        remove_tags: Sequence[str] = (),
    ) -> int:
        """Give exchanges a note (``""`` takes it away) and other tags, redacted; how many of them that changed.

        All of them or, with a UsageError for a number that is not there, none. A tag that is not there to be removed is
        no error.
        """
        self._database.prepared()
        wanted = annotation(self.redactor, note, add_tags, remove_tags)
        with self._database.writing() as connection:
            place = statements.require(connection, session)
            return sum(
                statements.annotate(connection, session, place, some, wanted.applied)
                for some in in_parts(dict.fromkeys(seqs))
            )

    # Writing exchanges

    def prepare(self) -> None:
        """Open what ``append`` will need, while there is time and nobody waits; what is wrong is told by ``append``."""
        if self._salted is not None:
            return
        with contextlib.suppress(StoreError):
            self._database.prepare_at_once()
            self.redactor.text(_ANY_TEXT)

    def check(self) -> None:
        """StoreError unless exchanges can be recorded now: something is written. Makes the store when there is none."""
        with self._database.writing() as connection:
            statements.write_nothing_new(connection)

    def append(self, session: str, exchange: Exchange) -> Exchange:
        """Record ``exchange`` as the session's last one, making the session when it is new.

        Returns what was written, redacted, once it is durable.
        """
        check_name(session)
        kept = _kept(self._rules(), exchange)
        return self._write(session, [kept], [encode(kept)])[1][0]

    def append_many(self, session: str, exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
        """Record all of ``exchanges``, many to a commit; each is yielded once it is durable.

        A slow source gets a commit for each exchange, of a quick one none waits longer than ``GROUP_S``. On a
        StoreError what was not yielded is not recorded.
        """
        from fgtui.sessions.search.searching import RecordedWords

        check_name(session)
        rules = self._rules()
        words = RecordedWords(self._database, has_index=self._full_text)
        kept: list[Exchange] = []
        encoded: list[Encoded] = []
        last: tuple[Place, list[Exchange]] | None = None
        size, began = 0, monotonic()
        try:
            for exchange in exchanges:
                kept.append(_kept(rules, exchange))
                encoded.append(encode(kept[-1]))
                size += encoded[-1].size
                if len(kept) >= GROUP_LIMIT or size >= GROUP_BYTES or monotonic() - began >= GROUP_S:
                    group, kept, encoded = (kept, encoded), [], []
                    place, written = self._write(session, *group)
                    yield from written
                    words.add(place, written)
                    size, began = 0, monotonic()
        finally:  # also when the source breaks off or nobody listens any more: what happened is kept
            if kept:
                last = self._write(session, kept, encoded)
        if last is not None:
            yield from last[1]
            words.add(*last)

    def append_group(self, session: str, exchanges: Sequence[Exchange], *, next_seq: int) -> bool:
        """Record all of ``exchanges`` in one commit, unless the session goes on at another number by now.

        Whether they were recorded: else somebody has recorded, or deleted the session, since its ``next_seq`` was read.
        """
        from fgtui.sessions.search.searching import RecordedWords

        check_name(session)
        rules = self._rules()
        kept = [_kept(rules, exchange) for exchange in exchanges]
        try:
            place, written = self._write(session, kept, [encode(each) for each in kept], next_seq=next_seq)
        except _GrownError:
            return False
        RecordedWords(self._database, has_index=self._full_text).add(place, written)
        return True

    # Search

    def search(
        self,
        text: str,
        sessions: Sequence[str] = (),
        *,
        cancelled: threading.Event | None = None,
        on_problem: Callable[[StoreError], None] | None = None,
    ) -> Iterator[Hit]:
        """The exchanges that have every word of ``text`` (see ``search.words``), as they are found.

        Of these sessions, or of all: the one with the newest exchange first, each newest first. UsageError at once when
        there is nothing to look for or no such session; a StoreError at the end says how many could not be read.
        ``on_problem`` hears why it takes longer than it should.
        """
        from fgtui.sessions.search.index import has_full_text
        from fgtui.sessions.search.words import Wanted

        wanted = Wanted.parse(text)
        with self._database.reading() as connection:
            places = statements.newest_first(connection, tuple(dict.fromkeys(sessions)))
            has_index = self._full_text and connection is not None and has_full_text(connection)
        return self._hits(wanted, places, has_index=has_index, cancelled=cancelled, on_problem=on_problem)

    def _hits(self, wanted: Wanted, places: Sequence[tuple[str, Place]], **options: Any) -> Iterator[Hit]:
        from fgtui.sessions.search.searching import PATIENCE_S, Search

        search = Search(self, self._database, wanted, waits_s=PATIENCE_S, **options)
        for name, place in places:
            yield from search.hits(name, place)
        if search.lost:
            raise StoreError(
                "{lost} exchanges could not be read, and so not be searched; {file} is damaged and was not changed",
                lost=search.lost,
                file=self.file,
            )

    # Retention

    def prune(
        self,
        *,
        older_than: datetime | None = None,
        max_bytes: int | None = None,
        include_marked: bool = False,
        dry_run: bool = False,
        on_progress: Callable[[int], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> Pruned:
        """Delete for good what started before ``older_than``, and the oldest until the file has ``max_bytes`` or less.

        Over all sessions, marked exchanges only with ``include_marked``. Their numbers are not given again, so a
        session may begin later than at 1 and have gaps. Then the file is made as small as it can be; without
        arguments, that alone. ``dry_run`` changes nothing and estimates; ``on_progress`` hears how many are deleted.
        ``cancelled`` ends it early: what was deleted stays so, and the file as large as it was.
        """
        from fgtui.sessions.storage.retention import Retention

        retention = Retention(self, self._database, full_text=self._full_text)
        if dry_run or not self.exists():
            return retention.plan(older_than, max_bytes, include_marked=include_marked)
        return retention.prune(
            older_than, max_bytes, include_marked=include_marked, on_progress=on_progress, cancelled=cancelled
        )

    def _rules(self) -> Redactor:
        self._database.prepared()
        return self.redactor

    def _write(
        self, session: str, kept: Sequence[Exchange], encoded: Sequence[Encoded], *, next_seq: int | None = None
    ) -> tuple[Place, list[Exchange]]:
        with self._database.writing() as connection:
            place = statements.find(connection, session) or statements.create(connection, session, self._clock())
            if next_seq is not None and place.next_seq != next_seq:
                raise _GrownError
            statements.insert(connection, place, encoded)
            statements.count_in(connection, place, len(kept), microseconds(kept[-1].started_at))
        return place, [replace(exchange, session=session, seq=seq) for seq, exchange in enumerate(kept, place.next_seq)]


class _GrownError(Exception):
    """The session is not as long as it was taken for."""


def check_name(name: str) -> None:
    """UsageError unless ``name`` can be a session's: visible text that is neither a file's nor an exchange's."""
    if not name.strip() or name != name.strip():
        raise UsageError("{name!r} cannot name a session: it is empty or has blanks at an end", name=name)
    if not name.isprintable() or not is_displayable(name):
        raise UsageError("{name!r} cannot name a session: it has characters that cannot be seen", name=name)
    if len(name) > NAME_LIMIT:
        raise UsageError(
            "{name!r} cannot name a session: it is longer than {limit} characters", name=name, limit=NAME_LIMIT
        )
    if name.endswith(".jsonl"):
        raise UsageError("{name!r} cannot name a session: it reads as a file of JSON Lines", name=name)
    if name == "last" or (name.isascii() and name.isdecimal() and len(name) <= NUMBER_LENGTH):
        raise UsageError(
            "{name!r} cannot name a session: it reads as the number of an exchange",
            hint="where there is one from before: fgtui sessions rename {name} NEW",
            name=name,
        )


def _kept(rules: Redactor, exchange: Exchange) -> Exchange:
    """What is written of ``exchange``, and so what is read again."""
    kept = rules.apply(exchange)
    headers = in_json_order(kept.outcome.headers)
    return kept if headers is kept.outcome.headers else replace(kept, outcome=replace(kept.outcome, headers=headers))
