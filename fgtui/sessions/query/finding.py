"""Which exchanges of a recording a query is true for, and what another one makes of them, as they are found.

What the small columns of a store can say they are asked in this process, as SQL that cannot run away. Everything else
is tried in processes that can be killed: they read ranges of the recording themselves, and their answers are put in
order here. The first ranges are small, so that the first matches come at once from a session of any length.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from fgtui.errors import QueryError
from fgtui.sessions import strict_json
from fgtui.sessions.query import processes as query_processes
from fgtui.sessions.query.columns import Condition, narrowed, scan_statements
from fgtui.sessions.query.expressions import Query
from fgtui.sessions.query.prefilter import clauses
from fgtui.sessions.query.processes import LIMITS, Process, Processes, Work, processes_for, refusal
from fgtui.sessions.query.reading import require_all
from fgtui.sessions.query.tree import WHOLE, Tree, is_shallow, parts_read
from fgtui.sessions.storage.database import DamagedError
from fgtui.sessions.store import SessionStore

if TYPE_CHECKING:
    from pathlib import Path

    from fgtui.sessions.interchange.json_lines import JsonLines
    from fgtui.sessions.recording import Recording
    from fgtui.sessions.storage.statements import Place

_COLUMN_RANGE = 50_000
"""Numbers whose columns are asked at once: some milliseconds."""
_SMALLEST, _FIRST, _LARGEST = 16, 32, 2048
_QUICK_S, _SLOW_S = 0.01, 0.03
"""Ranges for the processes: their size, and how long each may take before the next ones are smaller or larger."""
_AMONG = 256
"""Numbers, or places in a file, that are given at once."""
_AHEAD = 2
"""Ranges that a process has at once, so that it never waits for the next."""
_CANCEL_S = 0.05
"""How long it may take to notice that nobody waits any more."""
_LONG = 5_000
"""Exchanges for a process from which the faster parser is worth its import."""


class Found(NamedTuple):
    """An exchange for which a query is true: one of a million, which are made quicker than records are."""

    seq: int
    value: object = None
    """What it is reshaped to, where that was asked."""


def find(
    recording: Recording,
    session: str,
    where: Query | None,
    *,
    project: Query | None = None,
    seqs: Sequence[int] | None = None,
    newest_first: bool = False,
    roots: Sequence[Path] = (),
    processes: Processes | None = None,
    cancelled: threading.Event | None = None,
    on_error: Callable[[int, QueryError], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Generator[Found, None, None]:
    """The exchanges of ``session`` for which ``where`` is true, in order, as they are found; without one, all.

    ``seqs`` are the only ones that are looked at. ``roots`` are the folders of the catalogue, for ``event.decoded``.
    Processes that ``processes`` has are used and given back; without it none is left.

    ``on_error`` hears of each that could not be tried, which is no match; without it one QueryError comes at the end.
    ``on_progress`` hears how many were looked at. ``cancelled`` ends it quietly. QueryError when an evaluation had to
    be stopped; StoreError at the end, as in ``iterate``, for what cannot be read.
    """
    with ExitStack() as stack:
        if processes is None:
            processes = stack.enter_context(Processes())
        search = _Search(where, project, session, roots, newest_first=newest_first)
        search.processes, search.cancelled = processes, cancelled
        search.on_error, search.on_progress = on_error, on_progress
        if isinstance(recording, SessionStore):
            yield from search.in_store(recording, seqs)
        else:
            yield from search.in_lines(recording, seqs)  # type: ignore[arg-type]
        search.tell_untried()


def count(recording: Recording, session: str, where: Query | None, **options: Any) -> int:
    """How many exchanges ``find`` would give, without making them where columns can say it. ``options`` are its."""
    if isinstance(recording, SessionStore):
        search = _Search(where, None, session, (), newest_first=False)
        found = search.count_in_store(recording)
        if found is not None:
            return found
    return sum(1 for _ in find(recording, session, where, **options))


class _Search:
    """Two queries over one session, and what is known of them beforehand."""

    processes: Processes
    cancelled: threading.Event | None = None
    on_error: Callable[[int, QueryError], None] | None = None
    on_progress: Callable[[int], None] | None = None

    def __init__(
        self, where: Query | None, project: Query | None, session: str, roots: Sequence[Path], *, newest_first: bool
    ) -> None:
        self._where = where
        self._project = project
        self._session = session
        self._roots = tuple(map(str, roots))
        self._newest_first = newest_first
        split = None if where is None else narrowed(where.tree)
        self._condition: Condition | None = None if split is None else split.condition
        self._rest: Tree | None = None if split is None else split.rest
        self._statements = scan_statements(self._condition, newest_first=newest_first)
        self._values = () if self._condition is None else self._condition.values
        self._looked = self._lost = 0
        self._untried = 0
        self._first_untried: QueryError | None = None

    def tell_untried(self) -> None:
        """QueryError for what could not be tried and nobody heard of."""
        if self._untried:
            raise QueryError(
                "{count} could not be tried; the first: {reason}", count=self._untried, reason=self._first_untried
            )

    # A store

    def in_store(self, store: SessionStore, seqs: Sequence[int] | None) -> Iterator[Found]:
        """Its matches in order."""
        place = store.place(self._session)
        if place is None:
            return
        if seqs is not None:
            numbers = sorted({seq for seq in seqs if 0 < seq < place.next_seq}, reverse=self._newest_first)
            yield from self._tried(self._settings(store, place), _Listed("among", numbers), len(numbers))
        else:
            low, high = 1, place.next_seq - 1
            if self._rest is None and self._project is None:
                with suppress(DamagedError):  # of what is left then, whatever can be read is tried
                    for part in self._column_ranges(low, high):
                        low, high = (1, part[1]) if self._newest_first else (part[0], high)
                        yield from self._by_columns(store, place, *part)
                    low, high = 1, 0
            ranges = _Ranges(low, high, newest_first=self._newest_first)
            if not ranges.is_empty:
                yield from self._tried(self._settings(store, place), ranges, high - low + 1)
        if self._is_cancelled:
            return
        now = store.place(self._session)
        if seqs is None and now is not None and now.id == place.id and now.count >= place.count:
            self._lost = max(self._lost, place.count - self._looked)
        if self._lost:
            raise store.lost(self._lost, place.count, self._session)

    def count_in_store(self, store: SessionStore) -> int | None:
        """By columns alone; ``None`` where they cannot say it, or not all of them can be read."""
        place = store.place(self._session)
        if place is None:
            return 0
        if self._rest is not None:
            return None
        try:
            ((there,),) = store.fetch(self._statements["count"], place.keys)
            ((matching,),) = store.fetch(self._statements["matches"], (*place.keys, *self._values))
        except DamagedError:
            return None
        return int(matching) if there >= place.count else None

    def _column_ranges(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        starts = range(low, high + 1, _COLUMN_RANGE)
        for start in reversed(starts) if self._newest_first else starts:
            yield start, min(start + _COLUMN_RANGE - 1, high)

    def _by_columns(self, store: SessionStore, place: Place, low: int, high: int) -> Iterator[Found]:
        if self._is_cancelled:
            return
        first, last = place.key(low), place.key(high)
        ((there,),) = store.fetch(self._statements["count"], (first, last))
        require_all(lambda name, keys: store.fetch(self._statements[name], keys), range(first, last + 1), there)
        found = store.fetch(self._statements["keys"], (first, last, *self._values))
        base = place.key(0)
        for (key,) in found:
            yield Found(key - base)
        self._count(there)

    def _settings(self, store: SessionStore, place: Place) -> dict[str, Any]:
        journal = store.journal
        return {
            **self._common(place.count),
            "rest": self._told(self._rest),
            "clauses": () if self._rest is None else clauses(self._rest),
            "store": {
                "file": str(store.file),
                "journal": (journal.wal, str(journal.reason)),
                "base": place.key(0),
                "statements": self._statements,
                "values": self._values,
            },
        }

    # A file of JSON Lines

    def in_lines(self, lines: JsonLines, seqs: Sequence[int] | None) -> Iterator[Found]:
        """Its matches in order."""
        wanted = None if seqs is None else frozenset(seqs)
        places = [place for place in lines.places if wanted is None or place[1] in wanted]
        if self._newest_first:
            places.reverse()
        settings = {**self._common(len(places)), "rest": None, "clauses": (), "lines": str(lines.file)}
        yield from self._tried(settings, _Listed("lines", places), len(places))

    # Either

    def _common(self, size: int) -> dict[str, Any]:
        where, project = self._where, self._project
        return {
            **LIMITS,
            "filter": None if where is None else where.told,
            "project": None if project is None else project.told,
            "parts": self._parts(self._rest),
            "all_parts": self._parts(None if where is None else where.tree),
            "documents": {
                "session": self._session,
                "decoded": any(query is not None and query.mentions_decoded for query in (where, project)),
                "roots": self._roots,
            },
            "is_long": size >= _LONG * processes_for(size),
        }

    def _parts(self, tree: Tree | None) -> frozenset[str]:
        project = None if self._project is None else self._project.tree
        if any(each is not None and not is_shallow(each) for each in (tree, project)):
            return frozenset({WHOLE})
        read = frozenset() if tree is None else parts_read(tree, keeps_result=False)
        return read if project is None else read | parts_read(project, keeps_result=True)

    def _told(self, tree: Tree | None) -> tuple[str, object] | None:
        if tree is None or self._where is None or is_shallow(tree):
            return None if tree is None else ("tree", tree)
        return self._where.told  # which was not taken apart

    def _tried(self, settings: dict[str, Any], source: _Source, size: int) -> Iterator[Found]:
        if size <= 0:
            return
        for answer in self._answers(settings, source, processes_for(size)):
            if answer.isdigit():
                yield Found(int(answer))
                continue
            number, _, value = answer.partition(b" ")
            if number.startswith(b"!"):
                self._refuse(int(number[1:]), refusal(value))
            else:
                yield Found(int(number), strict_json.read(value.decode()))

    def _refuse(self, seq: int, error: QueryError) -> None:
        if query_processes.is_out_of_memory(error):
            raise error  # as after the time limit: the next exchange would cost as much
        if self.on_error is not None:
            self.on_error(seq, error)
            return
        self._untried += 1
        self._first_untried = self._first_untried or error

    def _answers(self, settings: dict[str, Any], source: _Source, most: int) -> Iterator[bytes]:
        """What the processes say, in the order of what they were given."""
        order: deque[Work] = deque()
        at_work: list[Process] = []
        moved_at = monotonic()
        try:
            while not self._is_cancelled:
                self._hand_out(source, order, at_work, most, settings)
                while order:
                    yield from order[0].take()
                    if (failure := order[0].failure) is not None:
                        raise failure
                    if not order[0].is_done:
                        break
                    self._finish(order.popleft(), source)
                    moved_at = monotonic()
                if not order:
                    if source.is_empty:
                        return
                elif query_processes.wait(at_work, _CANCEL_S):
                    moved_at = monotonic()
                elif monotonic() - moved_at > query_processes.HANG_S:
                    raise query_processes.no_answer()
        finally:
            for process in at_work:
                self.processes.give_back(process)

    def _hand_out(
        self, source: _Source, order: deque[Work], at_work: list[Process], most: int, settings: dict[str, Any]
    ) -> None:
        while not source.is_empty:
            process = min(at_work, key=lambda each: len(each.work), default=None)
            if process is None or (process.work and len(at_work) < most):
                process = self.processes.take()
                at_work.append(process)
                process.begin(settings)
            if len(process.work) >= _AHEAD:
                return
            work = source.next()
            order.append(work)
            process.give(work)

    def _finish(self, work: Work, source: _Source) -> None:
        self._lost += work.lost
        source.learn(work.took_s)
        self._count(work.looked)

    def _count(self, looked: int) -> None:
        self._looked += looked
        if self.on_progress is not None:
            self.on_progress(self._looked)

    @property
    def _is_cancelled(self) -> bool:
        return self.cancelled is not None and self.cancelled.is_set()


# What is given to the processes


class _Source:
    """Work in order."""

    is_empty = False

    def next(self) -> Work:
        """The next piece."""
        raise NotImplementedError

    def learn(self, took_s: float) -> None:
        """How long a piece took."""


class _Ranges(_Source):
    """Ranges of numbers, as large as is quickly done."""

    def __init__(self, low: int, high: int, *, newest_first: bool) -> None:
        self._low, self._high = low, high
        self._newest_first = newest_first
        self._size = _FIRST
        self.is_empty = low > high

    def next(self) -> Work:
        if self._newest_first:
            low, high = max(self._low, self._high - self._size + 1), self._high
            self._high = low - 1
        else:
            low, high = self._low, min(self._high, self._low + self._size - 1)
            self._low = high + 1
        self.is_empty = self._low > self._high
        return Work("range", low, high)

    def learn(self, took_s: float) -> None:
        if took_s < _QUICK_S:
            self._size = min(self._size * 2, _LARGEST)
        elif took_s > _SLOW_S:
            self._size = max(self._size // 2, _SMALLEST)


class _Listed(_Source):
    """Parts of a list."""

    def __init__(self, name: str, items: Sequence[Any]) -> None:
        self._name = name
        self._items = items
        self._at = 0
        self._size = _FIRST
        self.is_empty = not items

    def next(self) -> Work:
        part = list(self._items[self._at : self._at + self._size])
        self._at += len(part)
        self._size = min(self._size * 2, _AMONG)
        self.is_empty = self._at >= len(self._items)
        return Work(self._name, part)
