"""Structural differences between two JSON values, between two outcomes, and between two events.

Numbers are compared by what they say, however many digits that takes (see ``exact``), and are equal when they are of
one kind: ``1``, ``1.0`` and ``true`` all differ, but where a tolerance is given. The order of an object's members does
not count, that of an array's items does: items are matched first (see ``matching``), so that one item more is one
difference, and items in another order are one more. Strings that differ and beyond doubt hold JSON or base64 are opened
and compared inside. n log n in the size of both values, and without recursion.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fgtui.events.model import Path
from fgtui.records import Record, replace
from fgtui.sessions.diff.comparison import Comparison, Place, Rule
from fgtui.sessions.diff.shapes import Shapes, blanked, tokens_of
from fgtui.sessions.model import was_sent

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.codecs import Budget
    from fgtui.events.model import Event
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.redaction.redactor import Redactor

DEPTH_LIMIT = 1000
"""Levels down to which places are told apart; a value below differs as a whole."""

Same = Callable[[str, str], bool]


class Kind(StrEnum):
    """What happened to a value."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """Items of an array are in another order."""


class Change(Record):
    """One difference."""

    path: Path
    """Where it is in the old value; of what was added, the array's or object's place there and the new index or name.

    Goes on inside strings that were opened.
    """
    kind: Kind
    old: object
    """``None`` where there was nothing. Of ``MOVED``, whose place is the array, indexes of the items that moved …"""
    new: object
    """``None`` where there is nothing any more. … and the indexes where those are now."""


class Compared(Record):
    """What came of comparing two exchanges."""

    changes: tuple[Change, ...] = ()
    is_respelled: bool = False
    """Nothing differs, and nothing was passed over, but the texts do: white space, escapes, the order of members."""
    unknown: int = 0
    """Values taken as equal since they were redacted in another store, so that nobody knows."""
    is_possible: bool = True
    """Not where one of the two was never sent, and so has no outcome."""


class DiffCancelledError(Exception):
    """The difference was not wanted any more."""


def compare_outcomes(
    old: Exchange,
    new: Exchange,
    *,
    comparison: Comparison | None = None,
    redactor: Redactor | None = None,
    are_recorded: bool = False,
    cancelled: threading.Event | None = None,
) -> Compared:
    """What changed from one outcome to another of the same event: kind, result, status, headers, and what was raised.

    Nothing where one of them was never sent: it has no outcome. Paths begin with ``outcome``. Durations, memory,
    request ids and logs are not compared. With ``redactor``, that of the store that holds ``old``, a placeholder
    equals any value that is redacted to it; with ``are_recorded`` both come from that store, and are not redacted
    again where nothing in either was.
    """
    from fgtui.sessions.diff.compared import are_alike, only_one_has_a_status, outcome_document

    if not (was_sent(old) and was_sent(new)):
        return Compared(is_possible=False)
    if are_alike(old.outcome, new.outcome):
        return Compared()
    same = None if redactor is None else redactor.takes_as_equal
    if redactor is not None and not (are_recorded and not old.outcome.redacted and not new.outcome.redacted):
        old, new = map(redactor.apply, (old, new))
    walk = _Walk(comparison or Comparison(), same, cancelled, opens=True)
    is_bare = only_one_has_a_status(old.outcome, new.outcome)
    changes = walk.changes(*(outcome_document(each, exact=True, is_bare=is_bare) for each in (old, new)))
    return _compared(walk, changes, comparison, is_same_text=old.outcome.body == new.outcome.body)


def compare_events(
    old: Exchange,
    new: Exchange,
    *,
    comparison: Comparison | None = None,
    redactor: Redactor | None = None,
    are_recorded: bool = False,
    trigger_of: Callable[[Any], Trigger | None] = lambda _: None,
    cancelled: threading.Event | None = None,
) -> Compared:
    """What changed from one event to another, encoded strings opened. Paths begin with ``event``: ``event.decoded.a``.

    ``trigger_of`` gives the trigger of an event, whose schema says what is encoded.
    """
    from fgtui.sessions.diff.compared import event_document

    same = None if redactor is None else redactor.takes_as_equal
    if redactor is not None and not (are_recorded and not old.event.redacted and not new.event.redacted):
        old, new = (replace(each, event=redactor.event(each.event)) for each in (old, new))
    walk = _Walk(comparison or Comparison(), same, cancelled, opens=True)
    before, after = (event_document(each.event, trigger_of(each.event)) for each in (old, new))
    return _compared(walk, walk.changes(before, after), comparison, is_same_text=old.event.wire == new.event.wire)


def compare_texts(
    old: Event, new: Event, *, redactor: Redactor, trigger_of: Callable[[Any], Trigger | None] = lambda _: None
) -> Compared:
    """The same of two events that were not sent: paths are those of the decoded event, ``Records[0].a``.

    What ``redactor`` replaces is told by its placeholder.
    """
    from fgtui.sessions.diff.compared import decoded_event

    old, new = map(redactor.event, (old, new))
    walk = _Walk(Comparison(), redactor.takes_as_equal, None, opens=True)
    changes = walk.changes(decoded_event(old, trigger_of(old)), decoded_event(new, trigger_of(new)))
    return _compared(walk, changes, None, is_same_text=old.wire == new.wire)


def _compared(
    walk: _Walk, changes: tuple[Change, ...], comparison: Comparison | None, *, is_same_text: bool
) -> Compared:
    passes_over = walk.unknown or (comparison is not None and comparison != Comparison())
    return Compared(changes, not (changes or is_same_text or passes_over), walk.unknown)


def diff(
    old: object,
    new: object,
    comparison: Comparison | None = None,
    *,
    same: Same | None = None,
    opens: bool = False,
    cancelled: threading.Event | None = None,
) -> tuple[Change, ...]:
    """The differences from ``old`` to ``new``, in the order of ``old``; what was added stands behind it.

    ``same`` may take two different texts as equal. ``opens`` compares encoded strings by what they hold. Raises
    ``DiffCancelledError`` once ``cancelled`` is set.
    """
    return _Walk(comparison or Comparison(), same, cancelled, opens=opens).changes(old, new)


_Key = str | int | None
_Pair = tuple[_Key, Any, Any]
"""A key, the old value and the new one; without a key the two stand where the walk is already."""
_Link = tuple[Any, str | int] | None
"""A place as its parent's and its key: paths are spelled out only where something differs."""
_MISSING = object()
_ANY_INDEX = -1
"""What no rule names, so that only those of any index speak of it."""


class _Walk:
    """One comparison of two values."""

    def __init__(
        self, comparison: Comparison, same: Same | None, cancelled: threading.Event | None, *, opens: bool
    ) -> None:
        self._comparison = comparison
        self._by_pattern = comparison.by_pattern
        self._same = same
        self._cancelled = cancelled
        self._opens = opens
        self._budget: Budget | None = None
        self._inside: list[object] = []
        """What was opened stays alive, since values are known by their identity."""
        self._shapes = Shapes()
        self._found: list[Change] = []
        self.unknown = 0
        """Texts that ``same`` took as equal."""

    def changes(self, old: object, new: object) -> tuple[Change, ...]:
        root = self._comparison.places()
        if root.ignored:
            return ()
        walks: list[tuple[Iterator[_Pair], _Link, Place]] = [(iter([(None, old, new)]), None, root)]
        while walks:
            pairs, above, place = walks[-1]
            for key, before, after in pairs:
                link = above if key is None else (above, key)
                here = place if key is None or place.is_plain else place.below(key)
                if here.ignored:
                    continue
                kind = type(before)
                if kind is type(after) and (kind is dict or kind is list):
                    if len(walks) > DEPTH_LIMIT:
                        if self._shapes.number(before, here) != self._shapes.number(after, here):
                            self._add(link, before, after)
                        continue
                    if self._cancelled is not None and self._cancelled.is_set():
                        raise DiffCancelledError
                    inner = _members(before, after) if kind is dict else self._items(before, after, link, here)
                    walks.append((inner, link, here))
                    break
                if kind is type(after) and before == after:
                    continue
                if kind is str and self._opens and type(after) is str and len(walks) <= DEPTH_LIMIT:
                    within = self._opened(before, after)
                    if within is not None:
                        walks.append((iter([(None, *within)]), link, here))
                        break
                if not self._takes_as_equal(before, after, here):
                    self._add(link, before, after)
            else:
                walks.pop()
        return tuple(self._found)

    def _opened(self, before: str, after: str) -> tuple[object, object] | None:
        """What both strings hold, where both hold something."""
        from fgtui.events.codecs import Budget
        from fgtui.sessions.diff.compared import opened

        self._budget = self._budget or Budget()
        inside = opened(before, self._budget)
        if inside is before or inside == before:
            return None
        other = opened(after, self._budget)
        if other is after or other == after:
            return None
        self._inside += inside, other
        return inside, other

    def _takes_as_equal(self, before: object, after: object, place: Place) -> bool:
        if self._same is not None and type(before) is str and type(after) is str and self._same(before, after):
            self.unknown += 1
            return True
        tolerance = self._comparison.tolerance
        if tolerance is not None and tolerance.covers(before, after):
            return True
        if not place.blanks:
            return False
        return _are_equal(blanked(before, place), blanked(after, place))

    def _add(self, link: _Link, before: Any, after: Any) -> None:
        self._keep(_change(_path(link), before, after))

    def _keep(self, change: Change) -> None:
        if not self._by_pattern or not any(_covers(rule, change) for rule in self._by_pattern):
            self._found.append(change)

    # Arrays

    def _items(self, before: list[Any], after: list[Any], link: _Link, place: Place) -> Iterator[_Pair]:
        if place.below(_ANY_INDEX).ignored:
            return  # of items that are not looked at the order is not, either
        tokens = tokens_of(before, after, place, self._shapes)
        if tokens is None:
            for index, old in enumerate(before):
                new = after[index]
                kind = type(old)
                if kind is dict or kind is list or kind is not type(new) or old != new:
                    yield index, old, new
            return
        from fgtui.sessions.diff.matching import match

        matched = match(tokens.old, tokens.new, alike=tokens.alike)
        removed = iter([*matched.removed, len(before)])
        due = next(removed)
        for at, to in matched.pairs:
            while due < at:
                yield due, before[due], _MISSING
                due = next(removed)
            if tokens.are_names or tokens.old[at] != tokens.new[to]:
                yield at, before[at], after[to]
        while due < len(before):
            yield due, before[due], _MISSING
            due = next(removed)
        for to in matched.added:
            yield to, _MISSING, after[to]
        if matched.moved and not place.ignores_order:
            old_places, new_places = map(list, zip(*matched.moved, strict=True))
            self._keep(Change(_path(link), Kind.MOVED, old_places, new_places))


def _members(before: dict[str, Any], after: dict[str, Any]) -> Iterator[_Pair]:
    for key, old in before.items():
        new = after.get(key, _MISSING)
        kind = type(old)
        if kind is dict or kind is list or kind is not type(new) or old != new:  # most are equal, and stay here
            yield key, old, new
    if len(after) != len(before) or after.keys() != before.keys():
        for key, new in after.items():
            if key not in before:
                yield key, _MISSING, new


def _are_equal(old: object, new: object) -> bool:
    return type(old) is type(new) and old == new


def _covers(rule: Rule, change: Change) -> bool:
    """Whether a rule whose place is an expression speaks of a change."""
    assert rule.where is not None
    if rule.blank is not None and not (
        change.kind is Kind.CHANGED and _are_equal(rule.blank(change.old), rule.blank(change.new))
    ):
        return False
    from fgtui.events.text import format_path

    spelled, ends = "", set[int]()
    for step in change.path:
        between = "." if spelled and isinstance(step, str) else ""
        spelled += between + format_path((step,))
        ends.add(len(spelled))
    return rule.where.ends_at(spelled, ends)


def _change(path: Path, before: object, after: object) -> Change:
    if before is _MISSING:
        return Change(path, Kind.ADDED, None, after)
    if after is _MISSING:
        return Change(path, Kind.REMOVED, before, None)
    return Change(path, Kind.CHANGED, before, after)


def _path(link: _Link) -> Path:
    steps: list[str | int] = []
    while link is not None:
        link, key = link
        steps.append(key)
    return tuple(reversed(steps))
