"""Taking exchanges into a session of the store: redacted as all that is recorded, and nothing twice.

An exchange is there already when the session holds one of its id with the same event, target and outcome; its note and
tags may have changed meanwhile. What came in stays when the rest cannot be read, so the same import goes on from there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from fgtui.errors import FgtuiError
from fgtui.invoke.model import Exchange
from fgtui.records import Record, replace
from fgtui.sessions.format import in_json_order
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage.annotations import acceptable
from fgtui.sessions.store import GROUP_BYTES, GROUP_LIMIT, SessionStore, check_name


class Imported(Record):
    """What became of an import."""

    session: str
    imported: int
    already: int
    """What the session held before, or that came twice."""


def import_exchanges(
    store: SessionStore,
    exchanges: Iterable[Exchange],
    into: str,
    *,
    dry_run: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Append to the session ``into``, made when it is new, those of ``exchanges`` that it does not hold.

    Notes, tags and ids are kept, as far as they can be (see ``acceptable``), numbers are new. ``on_progress`` hears how
    many were looked at, and how many of them are in the session for the first time; ``dry_run`` only counts. UsageError
    when ``into`` is no name for a session.
    """
    check_name(into)
    if not dry_run:
        store.prepare()  # so that ids made of what is redacted are so with the salt that stays
    imported = already = 0
    seen: set[str] = set()
    """The ids of a dry run, which leaves nothing to look them up in."""
    for part in _parts(map(acceptable, exchanges)):
        if dry_run:
            fresh = [each for each in _fresh(store, into, part) if each.id not in seen]
            seen.update(each.id for each in fresh)
        else:
            fresh = _recorded(store, into, part)
        imported += len(fresh)
        already += len(part) - len(fresh)
        if on_progress is not None:
            on_progress(imported + already, imported)
    return Imported(into, imported, already)


def _parts(exchanges: Iterable[Exchange]) -> Iterator[list[Exchange]]:
    """As many together as may wait in memory."""
    part: list[Exchange] = []
    size = 0
    try:
        for exchange in exchanges:
            part.append(exchange)
            size += len(exchange.event.wire) + len(exchange.outcome.body) + len(exchange.outcome.logs)
            if len(part) >= GROUP_LIMIT or size >= GROUP_BYTES:
                whole, part, size = part, [], 0
                yield whole
    except FgtuiError:  # the rest cannot be read
        if part:
            yield part
        raise
    if part:
        yield part


def _recorded(store: SessionStore, into: str, part: Sequence[Exchange]) -> list[Exchange]:
    """Those of ``part`` that the session did not hold; it does now, whoever imports the same at the same time."""
    while True:
        place = store.place(into)
        fresh = _fresh(store, into, part)
        if not fresh or store.append_group(into, fresh, next_seq=place.next_seq if place else 1):
            return fresh


def _fresh(store: SessionStore, into: str, part: Sequence[Exchange]) -> list[Exchange]:
    """Those of ``part`` that neither the session holds nor an earlier one of ``part`` repeats."""
    ids = Counter(each.id for each in part)
    known: defaultdict[str, list[Exchange]] = defaultdict(list)
    for held in store.with_ids(into, store.having(into, ids)):
        known[held.id].append(held)
    if not known and len(ids) == len(part):
        return list(part)
    fresh: list[Exchange] = []
    for exchange in part:
        if not any(_same(exchange, other, store.redactor) for other in known[exchange.id]):
            fresh.append(exchange)
            known[exchange.id].append(exchange)
    return fresh


def _same(one: Exchange, other: Exchange, redactor: Redactor) -> bool:
    """Whether both say the same, as they are or as they would be written today."""
    return _content(one) == _content(other) or _content(redactor.apply(one)) == _content(redactor.apply(other))


def _content(exchange: Exchange) -> tuple[object, ...]:
    """What an exchange is, but for when it was and what people have said of it."""
    outcome = exchange.outcome
    headers = in_json_order(outcome.headers)
    outcome = outcome if headers is outcome.headers else replace(outcome, headers=headers)
    return exchange.event, exchange.target, outcome, exchange.replay_of
