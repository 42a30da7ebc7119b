"""Choosing a target, and its limits as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.errors import UsageError
from fgtui.tui.screens.dialogs import Chooser
from fgtui.tui.screens.targets import parse_limits
from fgtui.tui.screens.workbench import Opening
from tests.tui.bench import Bench, a_bench

TWO_TARGETS = """\
default_target = "second"
[targets.first]
handler = "index.count"
[targets.second]
handler = "index.echo"
"""


def row_in_force(bench: Bench) -> str:
    """The only row with the sign, if the cursor is on it."""
    chooser = bench.app.screen
    assert isinstance(chooser, Chooser)
    assert [choice.is_current for choice in chooser.rows.choices].count(True) == 1
    choice = chooser.rows.choices[chooser.rows.cursor]
    assert choice.is_current
    assert f"▸{choice.text}" in bench.text
    return choice.text


@pytest.mark.parametrize(
    ("opening", "settings", "row"),
    [
        (Opening(), "", "bundled handler"),
        (Opening(), TWO_TARGETS, "second"),
        (Opening(target="second"), TWO_TARGETS, "second"),
        (Opening(target="index.echo"), TWO_TARGETS, "index.echo"),
        (Opening(target="index.slow"), "", "index.slow"),
        (Opening(target="nosuch.handler"), "", "nosuch.handler"),
    ],
    ids=["the-bundled", "the-default", "by-name", "by-handler", "found-late", "one-that-is-not-there"],
)
async def test_agreeing_to_the_target_in_force_changes_nothing(
    tmp_path: Path, opening: Opening, settings: str, row: str
) -> None:
    async with a_bench(tmp_path, opening=opening, settings=settings, trust_project=True) as bench:
        if bench.screen.targets.target is not None:
            bench.screen.targets._limited("1.5 256")
        before = (bench.screen.targets.spec, bench.screen.targets.target, bench.lines[0])
        await bench.press("f4")
        assert row_in_force(bench) == row
        await bench.sees("index.boom")
        assert row_in_force(bench) == row
        await bench.press("enter")
        await bench.until(lambda: not isinstance(bench.app.screen, Chooser), "the list is gone")
        assert (bench.screen.targets.spec, bench.screen.targets.target, bench.lines[0]) == before


@pytest.mark.parametrize(
    ("typed", "limits"),
    [
        ("3 128", {"timeout_s": 3.0, "memory_mb": 128}),
        (" 0.5,  64 ", {"timeout_s": 0.5, "memory_mb": 64}),
        ("259200 10240", {"timeout_s": 259200.0, "memory_mb": 10240}),
    ],
)
def test_seconds_and_megabytes(typed: str, limits: dict[str, float]) -> None:
    assert parse_limits(typed) == limits


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "3",
        "x 128",
        "3 x",
        "3 128 4",
        "0 128",
        "-1 128",
        "nan 128",
        "inf 128",
        "3 1",
        "3 99999",
        "3 128.5",
        "1e9 128",
    ],
)
def test_anything_else_is_an_error_in_words(typed: str) -> None:
    with pytest.raises(UsageError, match=r"two numbers|the timeout is"):
        parse_limits(typed)
