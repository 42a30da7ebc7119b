"""Choosing a target, and its limits as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fgtui.errors import UsageError
from fgtui.tui.screens.dialogs import Chooser
from fgtui.tui.screens.event import pane as event_pane
from fgtui.tui.screens.send.targets import parse_limits, parse_remote_limits
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


async def test_an_unsent_event_comes_back_with_the_target_that_was_on_the_screen(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_pane, "SAVE_SECONDS", 0.05)

    def kept() -> list[object]:
        return [json.loads(file.read_bytes())["target"] for file in own_home.rglob("open-*.json")]

    async with a_bench(tmp_path, opening=Opening(), settings=TWO_TARGETS, trust_project=True) as bench:
        await bench.until(lambda: kept() == [None], "nothing typed: whatever the settings name")
        await bench.press("1")
        await bench.until(lambda: kept() == ["second"], "the target in force")
        bench.screen.targets.choose("first")
        await bench.until(lambda: kept() == ["first"], "the one that was chosen, with nothing more typed")
        bench.screen.targets.choose(None)
        await bench.until(lambda: kept() == ["second"], "the one in force again")
    settings = TWO_TARGETS.replace('"second"', '"first"', 1)
    async with a_bench(tmp_path, opening=Opening(), settings=settings, trust_project=True) as bench:
        assert "second" in bench.lines[0]


EVERY_RUNTIME = """\
[targets.table]
handler = "app.handler"
[targets.jar]
handler = "com.x.Main.handle"
runtime = "Java17"
memory_mb = 1024
"""


async def test_every_target_says_what_runs_it_and_within_which_limits(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text("exports.handler = async (event, context) => 1;\n")
    (tmp_path / "bootstrap").write_text("#!/bin/sh\n")
    (tmp_path / "bootstrap").chmod(0o755)
    async with a_bench(tmp_path, settings=EVERY_RUNTIME, trust_project=True) as bench:
        await bench.press("f4")
        await bench.sees("● app.handler · node 128 MB 3 s")
        await bench.sees("● com.x.Main.handle · Java17 1024 MB 15 s")
        await bench.sees("● node · found here")
        await bench.sees("● python · found here")
        await bench.sees("● custom · found here")


async def test_the_top_line_names_the_runtime_s_version_once_it_has_run(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text("exports.handler = async (event, context) => 1;\n")
    async with a_bench(tmp_path, opening=Opening(target="app.handler")) as bench:
        assert "app.handler  node 128 MB 3 s" in bench.lines[0]
        await bench.send()
        await bench.sees("app.handler  node2")
        await bench.press("f4")
        await bench.fill("index.echo", "enter")
        await bench.sees("index.echo  python 128 MB 3 s")


async def test_a_wrong_name_keeps_the_list_open_with_what_was_typed_and_why(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(target="index.echo")) as bench:
        await bench.press("f4")
        await bench.sees("index.boom")
        await bench.fill("nosuch.handler", "enter")
        assert isinstance(bench.app.screen, Chooser)
        await bench.sees("✗ ")
        assert "nosuch.handler" in bench.text
        assert not bench.said
        await bench.fill("index.count", "enter")
        await bench.until(lambda: not isinstance(bench.app.screen, Chooser), "the list is gone")
        assert "index.count" in bench.lines[0]


URN = "urn:fss:cn-north-4:0123456789abcdef0123456789abcdef:function:default:thumbnail"
SEVERAL_PROFILES = f"""\
[targets.orders]
urn = "{URN}:!orders"
[profiles.dev]
endpoint = "http://127.0.0.1:9"
access_key = "${{env:TEST_AK}}"
secret_key = "${{env:TEST_SK}}"
[profiles.prod]
access_key = "${{env:TEST_AK}}"
secret_key = "${{env:TEST_SK}}"
guard = true
"""


@pytest.mark.parametrize("named", [URN, "orders"], ids=["as-typed", "declared"])
async def test_a_function_that_names_no_profile_is_chosen_together_with_one_of_several(
    tmp_path: Path, named: str
) -> None:
    environment = {"TEST_AK": "FGTUIEXAMPLEAK000001", "TEST_SK": "not-a-secret"}
    async with a_bench(tmp_path, settings=SEVERAL_PROFILES, environment=environment, trust_project=True) as bench:
        await bench.press("f4")
        await bench.fill(named, "enter")
        await bench.sees("Which profile reaches it?")
        await bench.sees("dev  ● 127.0.0.1:9")
        await bench.sees("prod  ▲ GUARDED the function's region")
        await bench.press("escape")
        await bench.until(lambda: bench.app.screen is bench.screen, "nothing is chosen")
        assert "index.echo" in bench.lines[0]
        await bench.press("f4")
        await bench.fill(named, "enter")
        await bench.sees("Which profile reaches it?")
        await bench.fill("prod", "enter")
        await bench.sees("▲ GUARDED")
        assert "functiongraph.cn-north-4" in bench.lines[1]


async def test_a_urn_that_is_none_is_said_before_a_profile_is_asked_for(tmp_path: Path) -> None:
    async with a_bench(tmp_path, settings=SEVERAL_PROFILES, trust_project=True) as bench:
        await bench.press("f4")
        await bench.fill("urn:fss:cn-north-4:orders", "enter")
        await bench.sees("✗ ")
        assert isinstance(bench.app.screen, Chooser)
        assert "Which profile" not in bench.text


async def test_a_send_asks_for_the_profile_that_is_missing(tmp_path: Path) -> None:
    environment = {"TEST_AK": "FGTUIEXAMPLEAK000001", "TEST_SK": "not-a-secret"}
    opening = Opening(target=URN)
    async with a_bench(
        tmp_path, settings=SEVERAL_PROFILES, opening=opening, environment=environment, trust_project=True
    ) as bench:
        await bench.sees("✗ which profile reaches it? F4")
        await bench.press("ctrl+j")
        await bench.sees("Which profile reaches it?")
        await bench.fill("dev", "enter")
        await bench.until(lambda: bench.screen.targets.target is not None, "it is the target")
        await bench.sees("127.0.0.1:9 ·")


async def test_a_bootstrap_that_is_found_can_be_any_of_the_three_that_have_one(tmp_path: Path) -> None:
    (tmp_path / "bootstrap").write_text("#!/bin/sh\n")
    (tmp_path / "bootstrap").chmod(0o755)
    async with a_bench(tmp_path, opening=Opening(target="index.echo")) as bench:
        await bench.press("f4")
        await bench.sees("● container · found here")
        await bench.sees("● custom · found here")
        await bench.fill("http", "enter")
        await bench.sees("bootstrap  http 128 MB 3 s")
        bench.screen.targets._limited("9 256")
        await bench.sees("bootstrap  http 256 MB 9 s")
        await bench.press("f4")
        await bench.sees("● custom · found here")
        assert row_in_force(bench) == "bootstrap"
        await bench.fill("custom", "enter")
        await bench.sees("bootstrap  custom 128 MB 3 s")


@pytest.mark.parametrize("opening", ["com.x.Main.handle", "index.js:handler", "bootstrap", "http://127.0.0.1:1/invoke"])
async def test_a_target_that_is_not_there_is_said_without_harm(tmp_path: Path, opening: str) -> None:
    async with a_bench(tmp_path, opening=Opening(target=opening)) as bench:
        assert "✗" in bench.lines[0] or "● http" in bench.lines[0]


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


@pytest.mark.parametrize(
    ("typed", "limits"),
    [("120", {"timeout_s": 120.0}), (" 0.5, 512 ", {"timeout_s": 0.5, "memory_mb": 512})],
)
def test_of_a_deployed_function_the_seconds_and_if_it_may_be_asked_for_the_memory(
    typed: str, limits: dict[str, float]
) -> None:
    assert parse_remote_limits(typed) == limits


@pytest.mark.parametrize("typed", ["", "x", "120 x", "120 512 1", "0", "nan", "120 100", "120 -128", "1e9"])
def test_no_other_memory_than_functiongraph_has(typed: str) -> None:
    with pytest.raises(UsageError, match=r"seconds are wanted|the timeout is|FunctionGraph has"):
        parse_remote_limits(typed)
