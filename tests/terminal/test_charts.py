from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.terminal.charts import bar, shows_blocks, sparkline


@pytest.mark.parametrize(
    ("counts", "drawn", "in_ascii"),
    [
        pytest.param([], "", "", id="nothing"),
        pytest.param([0, 0], "  ", "  ", id="zeros"),
        pytest.param([0, 1, 4, 8], " ▁▄█", " .=#", id="steps"),
        pytest.param([1, 1_000_000], "▁█", ".#", id="the-least-shows"),
    ],
)
def test_a_sparkline_is_as_high_as_its_counts(counts: list[int], drawn: str, in_ascii: str) -> None:
    assert sparkline(counts) == drawn
    assert sparkline(counts, blocks=False) == in_ascii


@pytest.mark.parametrize(
    ("count", "drawn", "in_ascii"),
    [(0, "", ""), (1, "▏", "#"), (50, "██", "##"), (60, "██▍", "##"), (100, "████", "####")],
)
def test_a_bar_is_as_long_as_its_count(count: int, drawn: str, in_ascii: str) -> None:
    assert bar(count, 100, 4) == drawn
    assert bar(count, 100, 4, blocks=False) == in_ascii


@given(st.floats(0, 1e300), st.floats(0, 1e300), st.integers(0, 50))
def test_no_bar_is_longer_than_its_place(count: float, highest: float, width: int) -> None:
    assert len(bar(count, highest, width)) <= width


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({}, False),
        ({"LANG": "C"}, False),
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": "zh_CN.utf8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_CTYPE": "zh_CN.GB18030"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, True),
    ],
)
def test_blocks_are_shown_where_the_locale_has_them(environment: dict[str, str], shown: bool) -> None:
    assert shows_blocks(environment) is shown
