"""Sessions in one SQLite file: create, append, annotate, read, rename, merge, delete (reliability, section 5).

What is appended is redacted here: there is no unredacted way in. An exchange is durable when ``append`` returns it.
A store that is not there reads as empty and is not made by reading. From a damaged one every exchange comes that can
be read, then a StoreError that says how many cannot.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange
from fgtui.records import replace
from fgtui.sessions import statements
from fgtui.sessions.annotations import annotation
from fgtui.sessions.database import BUSY_TIMEOUT_S, Database, setting
from fgtui.sessions.format import in_json_order
from fgtui.sessions.journal import JournalMode
from fgtui.sessions.reading import StoreReader
from fgtui.sessions.redaction import SALT_SIZE, Redactor
from fgtui.sessions.rows import Encoded, encode, microseconds
from fgtui.sessions.statements import in_parts
from fgtui.terminal.display import is_displayable

NAME_LIMIT = 200
"""Characters of a session's name."""
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
    ) -> None:
        super().__init__(
            Database(file, new_salt=lambda: os.urandom(SALT_SIZE), journal=journal, busy_timeout_s=busy_timeout_s)
        )
        self._clock = clock
        self._redactor = redactor
        self._salted: Redactor | None = None

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
        """Close the file; the next use opens it again."""
        self._database.close()

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
        """Remove a session for good, overwriting what it held; how many exchanges that were."""
        with self._database.writing() as connection:
            place = statements.require(connection, name)
            statements.delete(connection, place)
        self._database.scrub()
        return place.count

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

    def append(self, session: str, exchange: Exchange) -> Exchange:
        """Record ``exchange`` as the session's last one, making the session when it is new.

        Returns what was written, redacted, once it is durable.
        """
        check_name(session)
        kept = _kept(self._rules(), exchange)
        return self._write(session, [kept], [encode(kept)])[0]

    def append_many(self, session: str, exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
        """Record all of ``exchanges``, many to a commit; each is yielded once it is durable.

        A slow source gets a commit for each exchange, of a quick one none waits longer than ``GROUP_S``. On a
        StoreError what was not yielded is not recorded.
        """
        check_name(session)
        rules = self._rules()
        kept: list[Exchange] = []
        encoded: list[Encoded] = []
        written: list[Exchange] = []
        size, began = 0, monotonic()
        try:
            for exchange in exchanges:
                kept.append(_kept(rules, exchange))
                encoded.append(encode(kept[-1]))
                size += encoded[-1].size
                if len(kept) >= GROUP_LIMIT or size >= GROUP_BYTES or monotonic() - began >= GROUP_S:
                    group, kept, encoded = (kept, encoded), [], []
                    yield from self._write(session, *group)
                    size, began = 0, monotonic()
        finally:  # also when the source breaks off or nobody listens any more: what happened is kept
            if kept:
                written = self._write(session, kept, encoded)
        yield from written

    def _rules(self) -> Redactor:
        self._database.prepared()
        return self.redactor

    def _write(self, session: str, kept: Sequence[Exchange], encoded: Sequence[Encoded]) -> list[Exchange]:
        with self._database.writing() as connection:
            place = statements.find(connection, session) or statements.create(connection, session, self._clock())
            statements.insert(connection, place, encoded)
            statements.count_in(connection, place, len(kept), microseconds(kept[-1].started_at))
        return [replace(exchange, session=session, seq=seq) for seq, exchange in enumerate(kept, place.next_seq)]


def check_name(name: str) -> None:
    """UsageError unless ``name`` can be a session's: visible text that does not read as a file of JSON Lines."""
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


def _kept(rules: Redactor, exchange: Exchange) -> Exchange:
    """What is written of ``exchange``, and so what is read again."""
    kept = rules.apply(exchange)
    headers = in_json_order(kept.outcome.headers)
    return kept if headers is kept.outcome.headers else replace(kept, outcome=replace(kept.outcome, headers=headers))
