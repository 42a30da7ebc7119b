"""Rows as lines: unified and side by side, a sign beside every colour, wide characters aligned."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fgtui.cli.output import display_width
from fgtui.sessions.diff.changes import diff
from fgtui.sessions.diff.layout import side_by_side, unified
from fgtui.sessions.diff.rows import rows_of

OLD = {"名称": "订单" * 10, "list": ["a", "b"], "text": "one\ntwo\nthree", "gone": 1}
NEW = {"名称": "订单" * 9 + "货物", "list": ["b", "a"], "text": "one\nTWO\nthree\nfour", "come": 2}


def texts(lines: Any) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def test_new_lines_stand_below_old_ones() -> None:
    assert texts(unified(rows_of(diff(OLD, NEW)))) == [
        '~ "名称"',
        f'  - "{"订单" * 10}"',
        f'  + "{"订单" * 9}货物"',
        "> list",
        "    1 item is in another place",
        "  > [0] → [1]",
        "~ text",
        "    one",
        "  - two",
        "  + TWO",
        "    three",
        "  + four",
        "- gone",
        "  - 1",
        "+ come",
        "  + 2",
    ]


def test_new_values_stand_beside_old_ones() -> None:
    lines = texts(side_by_side(rows_of(diff(OLD, NEW)), width=45, measure=display_width))
    assert [line.rstrip() for line in lines] == [
        '~ "名称"',
        '  …单订单订单订单订单" ~ …单订单订单订单货物"',
        "> list",
        "    1 item is in another place",
        "  [0]                  > [1]",
        "~ text",
        "  one                    one",
        "  two                  ~ TWO",
        "  three                  three",
        "                       + four",
        "- gone",
        "  1                    -",
        "+ come",
        "                       + 2",
    ]


@given(
    st.lists(st.tuples(st.text("a中é\x1b\n", max_size=60), st.text("a中é\x1b\n", max_size=60)), max_size=4),
    st.integers(20, 120),
)
def test_lines_are_never_wider_than_the_window(pairs: list[tuple[str, str]], width: int) -> None:
    changes = diff([old for old, _ in pairs], [new for _, new in pairs])
    for lay_out in (unified, side_by_side):
        for line in texts(lay_out(rows_of(changes), width=width, measure=display_width)):
            assert display_width(line) <= width
            assert "\x1b" not in line
            assert "\n" not in line


def test_every_colour_has_a_sign() -> None:
    for line in unified(rows_of(diff(OLD, NEW))):
        inks = {ink.removeprefix("underlined ") for _, ink in line}
        text = "".join(text for text, _ in line).lstrip()
        assert ("good" in inks) <= text.startswith("+")
        assert ("bad" in inks) <= text.startswith("-")
