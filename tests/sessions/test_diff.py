from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.model import Path
from fgtui.events.text import format_path
from fgtui.invoke.model import Crashed, HandlerError, Outcome, OutOfMemory, Raised, Returned, TimedOut
from fgtui.sessions.comparison import Comparison
from fgtui.sessions.diff import Change, Kind, diff, outcome_diff
from fgtui.sessions.redaction import Redactor
from tests.factories import an_exchange

values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, 1.5]) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=25,
)


def told(old: object, new: object, *comparison: Comparison) -> list[str]:
    """Changes in short: ``~a.b 1 2``."""
    signs = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~", Kind.MOVED: ">"}
    return [
        f"{signs[change.kind]}{format_path(change.path)} {json.dumps(change.old)} {json.dumps(change.new)}"
        for change in diff(old, new, *comparison)
    ]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (1, 1, []),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        (1, 2, ["~ 1 2"]),
        (1, True, ["~ 1 true"]),
        (0, False, ["~ 0 false"]),
        (1, 1.0, ["~ 1 1.0"]),
        ([1], {"0": 1}, ['~ [1] {"0": 1}']),
        (None, [], ["~ null []"]),
        ({"a": None}, {}, ["-a null null"]),
        ({}, {"a": None}, ["+a null null"]),
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 3}]}}, ["~a.b[1].c 2 3"]),
        ({"a": 1, "c": 1, "d": 1}, {"b": 1, "c": 2, "d": 1}, ["-a 1 null", "~c 1 2", "+b null 1"]),
        ([1, 2, 3], [1, 3], ["-[1] 2 null"]),
        ([1, 3], [1, 2, 3], ["+[1] null 2"]),
        ([], [1, 2], ["+[0] null 1", "+[1] null 2"]),
        ([{"a": 1}, {"a": 2}], [{"a": 0}, {"a": 1}, {"a": 2}], ['+[0] null {"a": 0}']),
        ([1, 2, 3, 4], [1, 9, 4], ["~[1] 2 9", "-[2] 3 null"]),
        ([[1, [2]], 5, 6], [[1, [2]], 6], ["-[1] 5 null"]),
        ([1, 1, 1], [1, 1], ["-[2] 1 null"]),
        ([True, 1], [1, True, 1], ["+[0] null 1"]),
    ],
)
def test_differences_are_told_by_path(old: object, new: object, changes: list[str]) -> None:
    assert told(old, new) == changes


def typed(value: object) -> object:
    """A value that is equal only to one of the same types all through."""
    if isinstance(value, dict):
        return {name: typed(member) for name, member in value.items()}
    return [typed(item) for item in value] if isinstance(value, list) else (type(value), value)


def applied(value: object, changes: tuple[Change, ...]) -> object:
    """``value`` with ``changes`` made to it, those inside others first: all places are those in the old value."""
    root: dict[str, Any] = {"": copy.deepcopy(value)}
    by_parent: dict[Path, list[Change]] = {}
    for change in changes:
        path = ("", *change.path)
        by_parent.setdefault(path if change.kind is Kind.MOVED else path[:-1], []).append(change)
    for parent in sorted(by_parent, key=len, reverse=True):
        place: Any = root
        for step in parent:
            place = place[step]
        for change in by_parent[parent]:
            if change.kind is Kind.CHANGED:
                place[change.path[-1] if change.path else ""] = change.new
        if isinstance(place, list):
            place[:] = rearranged(place, by_parent[parent])
            continue
        for change in by_parent[parent]:
            if change.kind is Kind.REMOVED:
                del place[change.path[-1]]
            elif change.kind is Kind.ADDED:
                place[change.path[-1]] = change.new
    return root[""]


def rearranged(items: list[Any], changes: list[Change]) -> list[Any]:
    """``items`` without what was removed, with what was added and moved at its new index, the others in order."""
    moved: Any = [(change.old, change.new) for change in changes if change.kind is Kind.MOVED]
    places = {to: items[at] for old, new in moved for at, to in zip(old, new, strict=True)}
    places |= {change.path[-1]: change.new for change in changes if change.kind is Kind.ADDED}
    gone = {change.path[-1] for change in changes if change.kind is Kind.REMOVED}
    gone |= {at for old, _ in moved for at in old}
    staying = iter([item for index, item in enumerate(items) if index not in gone])
    count = len(places) + len(items) - len(gone)
    return [places[index] if index in places else next(staying) for index in range(count)]


@given(values, values)
def test_the_differences_make_the_new_of_the_old(old: object, new: object) -> None:
    changes = diff(old, new)
    assert typed(applied(old, changes)) == typed(new)
    assert bool(changes) == (typed(old) != typed(new))


@given(values)
def test_a_value_does_not_differ_from_its_copy(value: object) -> None:
    assert diff(value, copy.deepcopy(value)) == ()


def test_depth_and_size_are_no_obstacle() -> None:
    old: Any = [1, 2]
    new: Any = [1, 3, 2]
    for _ in range(50_000):
        old, new = [old, 0], [new, 0, 0]  # every list on the way differs in length
    changes = diff(old, new)
    assert [change.new for change in changes[1:]] == [0] * 1000
    assert len(changes[0].path) == 1000
    wide = [{"id": number, "name": "x"} for number in range(50_000)]
    assert told(wide, [*wide[:40_000], *wide[40_001:]]) == ['-[40000] {"id": 40000, "name": "x"} null']


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        ([], ["~a.id 1 2", "~a.list[0].at 1 2", "~a.list[1].at 1 2", "+b null 1"]),
        (["a.id"], ["~a.list[0].at 1 2", "~a.list[1].at 1 2", "+b null 1"]),
        (["a"], ["+b null 1"]),
        (["a", "b"], []),
        ([""], []),
        (["a.list[*].at"], ["~a.id 1 2", "+b null 1"]),
        (["a.list[1]", 'a."id"'], ["~a.list[0].at 1 2", "+b null 1"]),
        (['a."[*]"', "a.list.at", "a[*]", "a.list[*].at.deeper"], ["~a.id 1 2", "~a.list[0].at 1 2", "~a.list[1].at 1 2", "+b null 1"]),
    ],
)  # fmt: skip
def test_what_is_ignored_is_not_told(ignore: list[Any], left: list[str]) -> None:
    old = {"a": {"id": 1, "list": [{"at": 1}, {"at": 1}]}}
    new = {"a": {"id": 2, "list": [{"at": 2}, {"at": 2}]}, "b": 1}
    assert told(old, new, Comparison.parse(ignore)) == left


# Outcomes


def changed(old: Outcome, new: Outcome, **options: Any) -> list[str]:
    changes = outcome_diff(an_exchange(outcome=old), an_exchange(outcome=new, number=2), **options)
    return [format_path(change.path) for change in changes]


def test_what_is_new_each_time_is_no_difference() -> None:
    old = Returned(
        body=b'{"a": 1}', logs="1", request_id="1", duration_ms=1, memory_mb=1, headers=(("Date", "1"), ("A", "b"))
    )
    new = Returned(
        body=b'{ "a":1 }', logs="2", request_id="2", duration_ms=2, cold_start=True, headers=(("date", "2"), ("a", "b"))
    )
    assert changed(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        (Returned(body=b"1"), Returned(body=b"1.0"), ["outcome.result"]),
        (Returned(body=b"ok"), Returned(body=b'"ok"'), []),
        (Returned(body=b""), Returned(body=b"null"), []),
        (Returned(body=b"\xff"), Returned(body=b"\xfe"), ["outcome.result"]),
        (Returned(status_code=200), Returned(status_code=201), ["outcome.status_code"]),
        (Returned(headers=(("a", "1"),)), Returned(headers=(("a", "1"), ("A", "2"))), ["outcome.headers.a"]),
        (Returned(), Crashed(signal=11), ["outcome.kind", "outcome.error"]),
        (Crashed(signal=11), Crashed(signal=6), ["outcome.error.signal"]),
        (
            Raised(error=HandlerError("E", "1", ("line 3",))),
            Raised(error=HandlerError("E", "2", ("line 4",))),
            ["outcome.error.message"],
        ),
        (TimedOut(limit_s=3, stopped_processes=1), TimedOut(limit_s=3, stopped_processes=4), []),
        (OutOfMemory(limit_mb=128), OutOfMemory(limit_mb=256), ["outcome.error.limit_mb"]),
    ],
)
def test_what_a_caller_would_notice_is_a_difference(old: Outcome, new: Outcome, paths: list[str]) -> None:
    assert changed(old, new) == paths


def test_ignored_paths_begin_with_the_outcome() -> None:
    old, new = Returned(body=b'{"id": 1, "x": 1}'), Returned(body=b'{"id": 2, "x": 1}')
    assert changed(old, new, comparison=Comparison.parse(["outcome.result.id"])) == []


def test_a_placeholder_equals_what_is_redacted_to_it() -> None:
    redactor = Redactor(salt=b"0123456789abcdef")
    received = Returned(body=b'{"token": "t", "url": "https://u:p@h/x", "n": 1}')
    recorded = redactor.apply(an_exchange(outcome=received)).outcome
    other = Returned(body=b'{"token": "other", "url": "https://u:p@h/y", "n": 1}')
    assert changed(recorded, received, redactor=redactor) == []
    assert changed(recorded, other, redactor=redactor) == ["outcome.result.token", "outcome.result.url"]


def test_of_another_store_s_placeholders_only_the_places_are_compared() -> None:
    received = Returned(body=b'{"token": "t", "n": 1}')
    recorded = Redactor(salt=b"fedcba9876543210").apply(an_exchange(outcome=received)).outcome
    mine = Redactor(salt=b"0123456789abcdef")
    assert changed(recorded, Returned(body=b'{"token": "other", "n": 1}'), redactor=mine) == []
    assert changed(recorded, Returned(body=b'{"token": null, "n": 1}'), redactor=mine) == ["outcome.result.token"]
