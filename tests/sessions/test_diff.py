from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import EventError
from fgtui.events.text import format_path
from fgtui.invoke.model import Crashed, HandlerError, Outcome, OutOfMemory, Raised, Returned, TimedOut
from fgtui.sessions.diff import Change, Kind, diff, outcome_diff
from fgtui.sessions.redaction import Redactor
from tests.factories import an_exchange

values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, 1.5]) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=25,
)


def told(old: object, new: object, **options: Any) -> list[str]:
    """Changes in short: ``~a.b 1 2``."""
    signs = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}
    return [
        f"{signs[change.kind]}{format_path(change.path)} {json.dumps(change.old)} {json.dumps(change.new)}"
        for change in diff(old, new, **options)
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
    """``value`` with ``changes`` made to it."""
    root = {"": copy.deepcopy(value)}

    def parent(path: tuple[str | int, ...]) -> tuple[Any, Any]:
        place: Any = root
        steps = ("", *path)
        for step in steps[:-1]:
            place = place[step]
        return place, steps[-1]

    for change in changes:
        if change.kind is Kind.CHANGED:
            place, step = parent(change.path)
            place[step] = change.new
    for change in reversed(changes):
        if change.kind is Kind.REMOVED:
            place, step = parent(change.path)
            del place[step]
    for change in changes:
        if change.kind is Kind.ADDED:
            place, step = parent(change.path)
            if isinstance(place, list):
                place.insert(step, change.new)
            else:
                place[step] = change.new
    return root[""]


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
        ([("a",), ("b",)], []),
    ],
)  # fmt: skip
def test_what_is_ignored_is_not_told(ignore: list[Any], left: list[str]) -> None:
    old = {"a": {"id": 1, "list": [{"at": 1}, {"at": 1}]}}
    new = {"a": {"id": 2, "list": [{"at": 2}, {"at": 2}]}, "b": 1}
    assert told(old, new, ignore=ignore) == left


def test_a_path_that_is_none_is_refused() -> None:
    with pytest.raises(EventError):
        diff({}, {}, ignore=["a..b"])


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
    assert changed(old, new, ignore=["outcome.result.id"]) == []


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
