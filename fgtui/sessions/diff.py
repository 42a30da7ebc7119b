"""Structural differences between two JSON values, between two outcomes, and between two events.

Numbers are equal when they are of one kind: ``1``, ``1.0`` and ``true`` all differ, but where a tolerance is given. The
order of an object's members does not count, that of an array's items does: items are matched first (see ``matching``),
so that one item more is one difference, and items in another order are one more. Strings that differ and beyond doubt
hold JSON or base64 are opened and compared inside. n log n in the size of both values, and without recursion.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from fgtui.events.model import Path
from fgtui.records import Record, replace
from fgtui.sessions.comparison import Comparison, Place, Rule

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.codecs import Budget
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.redaction import Redactor

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


class DiffCancelledError(Exception):
    """The difference was not wanted any more."""


def outcome_diff(
    old: Exchange,
    new: Exchange,
    *,
    comparison: Comparison | None = None,
    redactor: Redactor | None = None,
    are_recorded: bool = False,
    cancelled: threading.Event | None = None,
) -> tuple[Change, ...]:
    """What changed from one outcome to another of the same event: kind, result, status, headers, and what was raised.

    Paths begin with ``outcome``. Durations, memory, request ids and logs are not compared. With ``redactor``, that of
    the store that holds ``old``, a placeholder equals any value that is redacted to it; with ``are_recorded`` both come
    from that store, and are not redacted again where nothing in either was.
    """
    from fgtui.sessions.compared import are_alike, outcome_document

    if are_alike(old.outcome, new.outcome):
        return ()
    same = None if redactor is None else redactor.takes_as_equal
    if redactor is not None and not (are_recorded and not old.outcome.redacted and not new.outcome.redacted):
        old, new = (replace(each, outcome=redactor.outcome(each.outcome)) for each in (old, new))
    documents = outcome_document(old), outcome_document(new)
    return diff(*documents, comparison, same=same, opens=True, cancelled=cancelled)


def event_diff(
    old: Exchange,
    new: Exchange,
    *,
    comparison: Comparison | None = None,
    redactor: Redactor | None = None,
    are_recorded: bool = False,
    trigger_of: Callable[[Any], Trigger | None] = lambda _: None,
    cancelled: threading.Event | None = None,
) -> tuple[Change, ...]:
    """What changed from one event to another, encoded strings opened. Paths begin with ``event``: ``event.decoded.a``.

    ``trigger_of`` gives the trigger of an event, whose schema says what is encoded.
    """
    from fgtui.sessions.compared import event_document

    same = None if redactor is None else redactor.takes_as_equal
    if redactor is not None and not (are_recorded and not old.event.redacted and not new.event.redacted):
        old, new = (replace(each, event=redactor.event(each.event)) for each in (old, new))
    documents = event_document(old, trigger_of(old.event)), event_document(new, trigger_of(new.event))
    return diff(*documents, comparison, same=same, opens=True, cancelled=cancelled)


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
_CONTAINERS = frozenset((dict, list))


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
        self._shapes = _Shapes()
        self._found: list[Change] = []

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
        from fgtui.sessions.compared import opened

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
            return True
        tolerance = self._comparison.tolerance
        if tolerance is not None and tolerance.covers(before, after):
            return True
        if not place.blanks:
            return False
        return _are_equal(_blanked(before, place), _blanked(after, place))

    def _add(self, link: _Link, before: Any, after: Any) -> None:
        self._keep(_change(_path(link), before, after))

    def _keep(self, change: Change) -> None:
        if not self._by_pattern or not any(_covers(rule, change) for rule in self._by_pattern):
            self._found.append(change)

    # Arrays

    def _items(self, before: list[Any], after: list[Any], link: _Link, place: Place) -> Iterator[_Pair]:
        tokens = _tokens(before, after, place, self._shapes)
        if tokens is None:
            for index, old in enumerate(before):
                new = after[index]
                kind = type(old)
                if kind is dict or kind is list or kind is not type(new) or old != new:
                    yield index, old, new
            return
        from fgtui.sessions.matching import match

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


class _Tokens(NamedTuple):
    """What stands for each item of two arrays while they are matched."""

    old: Sequence[Hashable]
    new: Sequence[Hashable]
    are_names: bool = False
    """Whether items that are matched may differ: they are known by a member."""
    alike: Callable[[int, int], bool] | None = None
    """Whether two items of different names are one that was renamed; without it any two in one gap are."""


def _tokens(before: list[Any], after: list[Any], place: Place, shapes: _Shapes) -> _Tokens | None:
    """``None`` where nothing speaks for another order than that of the places."""
    from fgtui.sessions.matching import names_of

    are_even = len(before) == len(after)
    if are_even and len(before) < 2:
        return None
    item = place.below(0)
    names = names_of(before, after, lambda name: item.below(name).ignored)
    if names is not None:
        if names.old == names.new:
            return None

        def alike(at: int, to: int) -> bool:
            return _half_the_same(before[at], after[to], item, shapes)

        return _Tokens(names.old, names.new, are_names=True, alike=alike if names.is_usual else None)
    if are_even and _are_figures(before) and _are_figures(after):
        return None
    return _Tokens(
        [shapes.number(each, place.below(index)) for index, each in enumerate(before)],
        [shapes.number(each, place.below(index)) for index, each in enumerate(after)],
    )


def _are_figures(items: list[Any]) -> bool:
    """Whether so few different values are in the array that each is known by its place: a row of a table, flags."""
    if not _CONTAINERS.isdisjoint(map(type, items)):
        return False
    return 2 * len(set(items)) <= len(items)


def _half_the_same(old: dict[str, Any], new: dict[str, Any], place: Place, shapes: _Shapes) -> bool:
    same = sum(
        name in new and shapes.number(value, place.below(name)) == shapes.number(new[name], place.below(name))
        for name, value in old.items()
    )
    return 2 * same >= max(len(old), len(new))


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


class _Shapes:
    """A number for each different value: equal values have equal numbers. Every value is looked at once.

    What the rules of a place do not look at makes no difference.
    """

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._known: dict[tuple[int, int], int] = {}
        self._places: list[Place] = []
        """Kept alive, since they are known by their identity, as values are by those who ask."""

    def number(self, value: object, place: Place) -> int:
        """Of ``value``, which stays alive as long as this does."""
        if type(value) not in _CONTAINERS:
            return self._of(value, place)
        waiting: list[tuple[Any, Place]] = [(value, place)]
        while waiting:
            item, here = waiting[-1]
            if (id(item), id(here)) in self._known:
                waiting.pop()
                continue
            inner = _inner(item, here)
            unknown = [
                (each, below)
                for _, each, below in inner
                if type(each) in _CONTAINERS and (id(each), id(below)) not in self._known
            ]
            if unknown:
                waiting += unknown
                continue
            waiting.pop()
            self._places.append(here)
            shape = self._shape(item, inner, here)
            self._known[id(item), id(here)] = self._numbers.setdefault(shape, len(self._numbers))
        return self._known[id(value), id(place)]

    def _shape(self, item: object, inner: list[tuple[str | int, Any, Place]], place: Place) -> object:
        if type(item) is dict:
            return frozenset([(name, self._of(each, below)) for name, each, below in inner])
        numbers = [self._of(each, below) for _, each, below in inner]
        return tuple(sorted(numbers) if place.ignores_order else numbers)

    def _of(self, value: object, place: Place) -> int:
        if type(value) in _CONTAINERS:
            return self._known[id(value), id(place)]
        value = _blanked(value, place)
        return self._numbers.setdefault((type(value), value), len(self._numbers))


def _inner(item: Any, place: Place) -> list[tuple[str | int, Any, Place]]:
    """What a container holds and is looked at, with its places."""
    members = item.items() if type(item) is dict else enumerate(item)
    if place.is_plain:
        return [(key, each, place) for key, each in members]
    return [(key, each, below) for key, each in members if not (below := place.below(key)).ignored]


def _blanked(value: object, place: Place) -> object:
    for blank in place.blanks:
        value = blank(value)
    return value


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
