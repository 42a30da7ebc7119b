"""Differences as lines and as JSON."""

from __future__ import annotations

import json

from fgtui.sessions.diff.change_words import VALUE_LIMIT, change_json, change_line
from fgtui.sessions.diff.changes import diff
from fgtui.sessions.diff.exact import read

OLD = {"a": 1, "b c": ["x", True], "gone": None}
NEW = {"a": 1.0, "b c": ["失败", True], "new": "\x1b"}


def test_each_difference_is_one_line_with_a_sign() -> None:
    assert [change_line(change) for change in diff(OLD, NEW)] == [
        "~ a: 1 → 1.0",
        '~ "b c"[0]: "x" → "失败"',
        "- gone: null",
        '+ new: "\\u001b"',
    ]


def test_the_whole_and_long_values_are_cut_short() -> None:
    (change,) = diff("x" * 1000, 0)
    assert change_line(change).startswith('~ the whole: "xxx')
    assert len(change_line(change)) < VALUE_LIMIT + 30


def test_the_place_of_something_deep_is_cut_in_the_middle() -> None:
    old, new = (json.loads('{"a":[' * 100 + last + "]}" * 100) for last in ("1", "2"))
    (change,) = diff(old, new)
    assert change_line(change) == f"~ {'a[0].' * 30}…{'.a[0]' * 30}: 1 → 2"
    assert change_json(change)["path"] == ".".join(["a[0]"] * 100)


def test_a_number_is_written_as_it_was() -> None:
    (change,) = diff(read("1E999"), read("2E+999"))
    assert change_line(change) == "~ the whole: 1E999 → 2E+999"


def test_as_json_what_is_not_there_has_no_member() -> None:
    assert [change_json(change) for change in diff(OLD, NEW)] == [
        {"path": "a", "kind": "changed", "old": 1, "new": 1.0},
        {"path": '"b c"[0]', "kind": "changed", "old": "x", "new": "失败"},
        {"path": "gone", "kind": "removed", "old": None},
        {"path": "new", "kind": "added", "new": "\x1b"},
    ]
