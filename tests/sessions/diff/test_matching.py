"""Which items of two lists belong together."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.sessions.diff.matching import match, names_of

tokens = st.lists(st.sampled_from("abcde"), max_size=14)


@settings(max_examples=60)
@given(tokens, tokens)
def test_every_item_is_told_once(old: list[str], new: list[str]) -> None:
    matched = match(old, new)
    assert sorted([*(at for at, _ in matched.pairs), *matched.removed]) == list(range(len(old)))
    assert sorted([*(to for _, to in matched.pairs), *matched.added]) == list(range(len(new)))
    moved = set(matched.moved)
    assert moved <= set(matched.pairs)
    staying = [to for at, to in matched.pairs if (at, to) not in moved]
    assert staying == sorted(staying)
    assert all(old[at] == new[to] for at, to in moved)


@settings(max_examples=30)
@given(st.lists(st.integers(), max_size=12, unique=True), st.randoms(use_true_random=False))
def test_items_in_another_order_are_all_the_same_items(old: list[int], chance: Any) -> None:
    new = chance.sample(old, len(old))
    matched = match(old, new)
    assert all(old[at] == new[to] for at, to in matched.pairs)
    assert (matched.removed, matched.added) == ([], [])
    assert bool(matched.moved) == (old != new)


def told(old: str, new: str) -> str:
    matched = match(list(old), list(new))
    changed = [f"{old[at]}{new[to]}" for at, to in matched.pairs if old[at] != new[to]]
    moved = [f">{old[at]}" for at, _ in matched.moved]
    return " ".join(
        [*changed, *(f"-{old[at]}" for at in matched.removed), *(f"+{new[to]}" for to in matched.added), *moved]
    )


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("", "", ""),
        ("abc", "abc", ""),
        ("abc", "", "-a -b -c"),
        ("abc", "axc", "bx"),
        ("abc", "bc", "-a"),
        ("abcdef", "fabcde", ">f"),
        ("abcdef", "bcdefg", "-a +g"),
        ("a1b1c", "xa1yb1zc", "+x +y +z"),
        ("aabb", "bbaa", ">a >a"),
        ("abcd", "abxcd", "+x"),
    ],
)  # fmt: skip
def test_as_little_as_can_be_is_changed(old: str, new: str, changes: str) -> None:
    assert told(old, new) == changes


def test_what_stands_between_repeated_lines_stays_together() -> None:
    assert told("{a}b{c}d", "x{a}b{y}{c}d") == "+x +{ +y +}"


def test_long_lists_are_matched_in_no_time() -> None:
    count = 100_000
    assert len(match(range(count), range(count - 1, -1, -1)).moved) == count - 1
    assert match([1] * count, [1] * (count - 5)).removed == list(range(count - 5, count))
    mixed = match([at % 7 for at in range(count)], [at % 5 for at in range(count)])
    assert len(mixed.pairs) + len(mixed.removed) == count


# Names


def names(old: list[Any], new: list[Any], ignored: str = "") -> tuple[list[Any], list[Any]] | None:
    found = names_of(old, new, lambda name: name == ignored)
    return None if found is None else (found.old, found.new)


A, B, C = ({"id": number, "n": f"n{number}", "same": 1} for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("old", "new", "ignored", "known_by"),
    [
        ([A, B], [B, A], "", ([1, 2], [2, 1])),
        ([A, B], [B, A], "id", (["n1", "n2"], ["n2", "n1"])),
        ([A, B, C], [C, {**A, "id": 9}], "", ([1, 2, 3], [3, 9])),
        ([A, B], [{**A, "id": 8}, {**B, "id": 9}], "", (["n1", "n2"], ["n1", "n2"])),
        ([A, B], [A, A], "", None),
        ([A, B], [A, {}], "", None),
        ([A, 1], [A, 1], "", None),
        ([], [A], "", None),
        ([{"id": True}, {"id": False}], [{"id": False}, {"id": True}], "", None),
        ([{"id": 1}, {"id": "2"}], [{"id": 1}, {"id": "2"}], "", None),
        ([{"id": [1]}], [{"id": [1]}], "", None),
        ([{"x": 1}], [{"x": "1"}], "", None),
        ([{"v": 5, "orderId": 7}, {"v": 6, "orderId": 8}], [{"v": 6, "orderId": 7}, {"v": 5, "orderId": 8}], "",
         ([7, 8], [7, 8])),
    ],
)  # fmt: skip
def test_objects_are_known_by_a_member_that_tells_them_apart(
    old: list[Any], new: list[Any], ignored: str, known_by: object
) -> None:
    assert names(old, new, ignored) == known_by
