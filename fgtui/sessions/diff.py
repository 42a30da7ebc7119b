"""Structural differences between two JSON values, and between two outcomes.

Numbers are equal when they are of one kind: ``1``, ``1.0`` and ``true`` all differ. Of lists that differ in length what
is equal at both ends is passed over and the rest is compared in order, so that one item more is one difference. The
order of an object's members does not count. Linear in the size of both values, and without recursion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fgtui.events.model import Path
from fgtui.records import Record

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.redaction import Redactor

VOLATILE_HEADERS = frozenset(
    {
        "age", "date", "x-request-id", "x-cff-request-id", "x-cff-invoke-summary", "x-cff-billing-duration",
        "x-cff-function-log",
    }
)  # fmt: skip
"""Headers that are new each time (runtime.md, section 8.3)."""

DEPTH_LIMIT = 1000
"""Levels down to which places are told apart; a value below differs as a whole."""

Same = Callable[[str, str], bool]


class Kind(StrEnum):
    """What happened to a value."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Change(Record):
    """One difference."""

    path: Path
    kind: Kind
    old: object
    """``None`` where there was nothing."""
    new: object
    """``None`` where there is nothing any more."""


def outcome_diff(
    old: Exchange, new: Exchange, *, ignore: Iterable[str | Path] = (), redactor: Redactor | None = None
) -> tuple[Change, ...]:
    """What changed from one outcome to another of the same event: kind, result, status, headers, and what was raised.

    Paths begin with ``outcome``. Durations, memory, request ids and logs are not compared. With ``redactor``, that of
    the store that holds ``old``, a placeholder equals any value that is redacted to it.
    """
    if redactor is None:
        return diff(_compared(old), _compared(new), ignore=ignore)
    return diff(
        _compared(redactor.apply(old)), _compared(redactor.apply(new)), ignore=ignore, same=redactor.takes_as_equal
    )


def _compared(exchange: Exchange) -> dict[str, Any]:
    from fgtui.sessions.format import error_json, headers_json
    from fgtui.sessions.strict_json import read_or_text

    outcome = exchange.outcome
    error = error_json(outcome)
    for volatile in ("stack", "stopped_processes"):  # line numbers and chance
        if error:
            error.pop(volatile, None)
    headers = [(name.lower(), value) for name, value in outcome.headers]
    return {
        "outcome": {
            "kind": outcome.kind,
            "status_code": outcome.status_code,
            "headers": headers_json(tuple(pair for pair in headers if pair[0] not in VOLATILE_HEADERS)),
            "error": error,
            "result": read_or_text(outcome.body.decode("utf-8", "surrogateescape")),
        }
    }


def diff(
    old: object, new: object, *, ignore: Iterable[str | Path] = (), same: Same | None = None
) -> tuple[Change, ...]:
    """The differences from ``old`` to ``new``, in the order of ``old``; what was added stands behind it.

    ``ignore`` holds paths that are not looked at, with all below them; in text ``[*]`` is any index. ``same`` may take
    two different texts as equal. EventError for text that is no path.
    """
    found: list[Change] = []
    shapes = _Shapes()
    walks: list[tuple[Iterator[_Pair], _Link, _Rules]] = [(iter([(None, old, new)]), None, _rules(ignore))]
    while walks:
        pairs, above, rules = walks[-1]
        for key, before, after in pairs:
            link = None if key is None else (above, key)
            inner = _below(rules, key) if rules and key is not None else rules
            if () in inner:
                continue
            kind = type(before)
            if kind is type(after) and (kind is dict or kind is list):
                if len(walks) > DEPTH_LIMIT:
                    if shapes.number(before) != shapes.number(after):
                        found.append(_change(_path(link), before, after))
                    continue
                walks.append((_members(before, after) if kind is dict else _items(before, after, shapes), link, inner))
                break
            if kind is not type(after) or not (before == after or (same and kind is str and same(before, after))):
                found.append(_change(_path(link), before, after))
        else:
            walks.pop()
    return tuple(found)


_Key = str | int | None
_Pair = tuple[_Key, Any, Any]
"""A key, the old value and the new one."""
_Link = tuple[Any, str | int] | None
"""A place as its parent's and its key: paths are spelled out only where something differs."""
_Rules = tuple[tuple[_Key, ...], ...]
"""What is left of each path to ignore; ``None`` in it is any index, an empty one ignores."""
_MISSING = object()


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


def _items(before: list[Any], after: list[Any], shapes: _Shapes) -> Iterator[_Pair]:
    first, last_before, last_after = 0, len(before), len(after)
    if last_before != last_after:
        shorter = min(last_before, last_after)
        while first < shorter and shapes.number(before[first]) == shapes.number(after[first]):
            first += 1
        while min(last_before, last_after) > first and (
            shapes.number(before[last_before - 1]) == shapes.number(after[last_after - 1])
        ):
            last_before -= 1
            last_after -= 1
    both = min(last_before, last_after)
    for index in range(first, both):
        old, new = before[index], after[index]
        kind = type(old)
        if kind is dict or kind is list or kind is not type(new) or old != new:
            yield index, old, new
    for index in range(both, last_before):
        yield index, before[index], _MISSING
    for index in range(both, last_after):
        yield index, _MISSING, after[index]


class _Shapes:
    """A number for each different value: equal values have equal numbers. Every value is looked at once."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._known: dict[int, int] = {}

    def number(self, value: object) -> int:
        """Of ``value``, which stays alive as long as this does."""
        if type(value) is not dict and type(value) is not list:
            return self._numbers.setdefault((type(value), value), len(self._numbers))
        waiting: list[Any] = [value]
        while waiting:
            item = waiting[-1]
            if id(item) in self._known:
                waiting.pop()
                continue
            inner = item.values() if type(item) is dict else item
            unknown = [each for each in inner if type(each) in _CONTAINERS and id(each) not in self._known]
            if unknown:
                waiting += unknown
                continue
            waiting.pop()
            self._known[id(item)] = self._numbers.setdefault(self._shape(item), len(self._numbers))
        return self._known[id(value)]

    def _shape(self, item: Any) -> object:
        if type(item) is dict:
            return frozenset((name, self._of(member)) for name, member in item.items())
        return tuple(map(self._of, item))

    def _of(self, value: object) -> int:
        if type(value) in _CONTAINERS:
            return self._known[id(value)]
        return self._numbers.setdefault((type(value), value), len(self._numbers))


_CONTAINERS = (dict, list)


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


def _below(rules: _Rules, key: _Key) -> _Rules:
    return tuple(rule[1:] for rule in rules if rule and (rule[0] == key or (rule[0] is None and isinstance(key, int))))


_QUOTED_OR_ANY = re.compile(r'"(?:[^"\\]++|\\.)*+"?|\[\*\]')
_ANY_INDEX = 999_999_999_999_999_999


def _rules(ignore: Iterable[str | Path]) -> _Rules:
    return tuple(_parsed(each) if isinstance(each, str) else tuple(each) for each in ignore)


def _parsed(text: str) -> tuple[_Key, ...]:
    from fgtui.events.text import parse_path

    spelled = _QUOTED_OR_ANY.sub(lambda found: f"[{_ANY_INDEX}]" if found[0] == "[*]" else found[0], text)
    return tuple(None if step == _ANY_INDEX else step for step in parse_path(spelled))
