"""Which items of one list are which of another, where some were added, removed, changed or moved.

Items of objects are known by a member that names each of them on both sides; others by their value. What is left
between two items that stayed in order is paired by position. At most n log n in the number of items.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

NAMING = ("id", "key", "name", "uuid", "_id", "code", "path", "url", "title")
"""Members that usually tell one item from the others, in the order they are asked; then those that end like one."""
_ENDINGS = ("id", "Id", "ID", "_key", "Key", "Name", "_name")
_MEMBERS_ASKED = 24
"""Members of an object that are tried as its name."""


class Matched(NamedTuple):
    """Items by their indexes in both lists."""

    pairs: list[tuple[int, int]]
    """To be compared, in the order of the first list."""
    removed: list[int]
    added: list[int]
    moved: list[tuple[int, int]]
    """The pairs whose order among the others has changed, in the order of the first list: as few as can be."""


def match(
    old: Sequence[Hashable], new: Sequence[Hashable], *, alike: Callable[[int, int], bool] | None = None
) -> Matched:
    """Match items by what stands for them: equal ones are the same.

    ``alike`` says of two that are not whether they are compared for all that; without it any two in one gap are.
    """
    first, last = 0, 0
    shorter = min(len(old), len(new))
    while first < shorter and old[first] == new[first]:
        first += 1
    while last < shorter - first and old[-1 - last] == new[-1 - last]:
        last += 1
    partners = _partners(old, new, first, last)
    same = [(at, to) for at, to in enumerate(partners, first) if to >= 0]
    staying = _longest_run([to for _, to in same])
    moved = [pair for index, pair in enumerate(same) if index not in staying]
    anchors = [pair for index, pair in enumerate(same) if index in staying]
    matched_new = {to for _, to in same}
    ends = [(len(old) - each, len(new) - each) for each in range(last, 0, -1)]
    pairs, removed, added = [*((each, each) for each in range(first)), *same, *ends], list[int](), list[int]()
    at, to = first, first
    for anchor in (*anchors, (len(old) - last, len(new) - last)):
        left = [each for each in range(at, anchor[0]) if partners[each - first] < 0]
        right = [each for each in range(to, anchor[1]) if each not in matched_new]
        for gone, come in zip(left, right, strict=False):
            if alike is None or alike(gone, come):
                pairs.append((gone, come))
            else:
                removed.append(gone)
                added.append(come)
        both = min(len(left), len(right))
        removed += left[both:]
        added += right[both:]
        at, to = anchor[0] + 1, anchor[1] + 1
    pairs.sort()
    return Matched(pairs, removed, added, moved)


def _partners(old: Sequence[Hashable], new: Sequence[Hashable], first: int, last: int) -> list[int]:
    """For each item of ``old`` between the ends that are equal the index of an equal one in ``new``, or -1.

    Items there is one of on either side are surest; from those on equal neighbours belong together, as blocks of text
    do. What is left stays in its place where it can, or is taken in turn.
    """
    ends = len(old) - last, len(new) - last
    if first in ends:
        return [-1] * (ends[0] - first)
    partners = [-1] * (ends[0] - first)
    free = [True] * (ends[1] - first)

    def pair(at: int, to: int) -> bool:
        fits = first <= at < ends[0] and first <= to < ends[1]
        if not fits or partners[at - first] >= 0 or not free[to - first] or old[at] != new[to]:
            return False
        partners[at - first] = to
        free[to - first] = False
        return True

    places = _single_places(new, first, ends[1])
    sure = [(at, places[item]) for item, at in _single_places(old, first, ends[0]).items() if item in places]
    for at, to in sure:
        pair(at, to)
    if len(sure) < len(partners):
        for step, anchors in ((1, sure), (-1, reversed(sure))):
            for at, to in anchors:
                beside = step
                while pair(at + beside, to + beside):
                    beside += step
        for at in range(first, ends[0] if len(old) == len(new) else first):
            pair(at, at)
        _take_in_turn(old, new, first, partners, free)
    return partners


def _single_places(items: Sequence[Hashable], first: int, end: int) -> dict[Hashable, int]:
    """Where each item stands that there is only one of."""
    places: dict[Hashable, int] = {}
    for at in range(first, end):
        places[items[at]] = -1 if items[at] in places else at
    return {item: at for item, at in places.items() if at >= 0}


def _take_in_turn(
    old: Sequence[Hashable], new: Sequence[Hashable], first: int, partners: list[int], free: list[bool]
) -> None:
    waiting: dict[Hashable, deque[int]] = {}
    for to, is_free in enumerate(free, first):
        if is_free:
            waiting.setdefault(new[to], deque()).append(to)
    for at, partner in enumerate(partners, first):
        if partner < 0 and (left := waiting.get(old[at])):
            partners[at - first] = left.popleft()


def _longest_run(numbers: list[int]) -> set[int]:
    """The places of a longest series of ``numbers`` that rises."""
    ends: list[int] = []
    at_end: list[int] = []
    before = [-1] * len(numbers)
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before[place] = at_end[length - 1] if length else -1
        if length == len(ends):
            ends.append(number)
            at_end.append(place)
        else:
            ends[length] = number
            at_end[length] = place
    found: set[int] = set()
    place = at_end[-1] if at_end else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found


class Names(NamedTuple):
    """What a member says of each item of both lists."""

    old: list[str | int]
    new: list[str | int]
    is_usual: bool = False
    """Whether the member is called as one that names things, so that another name is another thing."""


def names_of(old: list[Any], new: list[Any], is_ignored: Callable[[str], bool]) -> Names | None:
    """The values of a member that tells the objects of each list apart and is shared by at least half of them.

    A usual name goes before any other member; of the others the one that most are matched by.
    """
    if not old or not new or set(map(type, old)) != {dict} or set(map(type, new)) != {dict}:
        return None
    best: Names | None = None
    most = (min(len(old), len(new)) + 1) // 2 - 1
    for name in _candidates(old[0]):
        if is_ignored(name):
            continue
        names = _by(name, old, new, is_usual=name in NAMING or name.endswith(_ENDINGS))
        if names is None:
            continue
        if names.old == names.new:
            return names
        shared = len(set(names.old).intersection(names.new))
        if shared > most:
            best, most = names, shared
            if name in NAMING:
                break
    return best


def _candidates(item: dict[str, Any]) -> list[str]:
    held = [name for name, value in item.items() if type(value) in (str, int)][:_MEMBERS_ASKED]
    usual = [name for name in NAMING if name in held]
    likely = [name for name in held if name not in usual and name.endswith(_ENDINGS)]
    return [*usual, *likely, *(name for name in held if name not in usual and name not in likely)]


def _by(name: str, old: list[Any], new: list[Any], *, is_usual: bool) -> Names | None:
    try:
        columns = Names(list(map(itemgetter(name), old)), list(map(itemgetter(name), new)), is_usual)
    except KeyError:
        return None
    for column in columns[:2]:
        if len(set(map(type, column))) != 1 or type(column[0]) not in (str, int) or len(set(column)) != len(column):
            return None
    return columns if type(columns.old[0]) is type(columns.new[0]) else None
