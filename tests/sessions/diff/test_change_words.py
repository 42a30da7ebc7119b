"""Differences as lines and as JSON."""

from __future__ import annotations

from fgtui.sessions.diff import diff
from fgtui.sessions.diff.change_words import VALUE_LIMIT, change_json, change_line

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


def test_as_json_what_is_not_there_has_no_member() -> None:
    assert [change_json(change) for change in diff(OLD, NEW)] == [
        {"path": "a", "kind": "changed", "old": 1, "new": 1.0},
        {"path": '"b c"[0]', "kind": "changed", "old": "x", "new": "失败"},
        {"path": "gone", "kind": "removed", "old": None},
        {"path": "new", "kind": "added", "new": "\x1b"},
    ]
