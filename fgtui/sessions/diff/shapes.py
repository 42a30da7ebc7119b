"""What stands for each item of two arrays while they are matched: a member that names it, else its value's number."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

from fgtui.sessions.diff.comparison import Place
from fgtui.sessions.diff.matching import names_of

CONTAINERS = frozenset((dict, list))


class Tokens(NamedTuple):
    """What stands for the items of both."""

    old: Sequence[Hashable]
    new: Sequence[Hashable]
    are_names: bool = False
    """Whether items that are matched may differ: they are known by a member."""
    alike: Callable[[int, int], bool] | None = None
    """Whether two items of different names are one that was renamed; without it any two in one gap are."""


def tokens_of(before: list[Any], after: list[Any], place: Place, shapes: Shapes) -> Tokens | None:
    """``None`` where nothing speaks for another order than that of the places."""
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

        return Tokens(names.old, names.new, are_names=True, alike=alike if names.is_usual else None)
    if are_even and _are_figures(before) and _are_figures(after):
        return None
    return Tokens(
        [shapes.number(each, place.below(index)) for index, each in enumerate(before)],
        [shapes.number(each, place.below(index)) for index, each in enumerate(after)],
    )


def _are_figures(items: list[Any]) -> bool:
    """Whether so few different values are in the array that each is known by its place: a row of a table, flags."""
    if not CONTAINERS.isdisjoint(map(type, items)):
        return False
    return 2 * len(set(items)) <= len(items)


def _half_the_same(old: dict[str, Any], new: dict[str, Any], place: Place, shapes: Shapes) -> bool:
    same = sum(
        name in new and shapes.number(value, place.below(name)) == shapes.number(new[name], place.below(name))
        for name, value in old.items()
    )
    return 2 * same >= max(len(old), len(new))


class Shapes:
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
        if type(value) not in CONTAINERS:
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
                if type(each) in CONTAINERS and (id(each), id(below)) not in self._known
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
        if type(value) in CONTAINERS:
            return self._known[id(value), id(place)]
        value = blanked(value, place)
        return self._numbers.setdefault((type(value), value), len(self._numbers))


def _inner(item: Any, place: Place) -> list[tuple[str | int, Any, Place]]:
    """What a container holds and is looked at, with its places."""
    members = item.items() if type(item) is dict else enumerate(item)
    if place.is_plain:
        return [(key, each, place) for key, each in members]
    return [(key, each, below) for key, each in members if not (below := place.below(key)).ignored]


def blanked(value: object, place: Place) -> object:
    """``value`` without what the rules of its place take out of it."""
    for blank in place.blanks:
        value = blank(value)
    return value
