"""The screen that compares two exchanges: walked through by keys, laid out in two ways, at any size."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fgtui import config
from fgtui.invoke.model import Exchange, TargetSummary
from fgtui.records import replace
from fgtui.sessions.diff.comparison import Comparison
from fgtui.tui.actions import Where
from fgtui.tui.screens.session.comparing import ComparingScreen
from fgtui.workspace import Workspace, open_workspace
from tests.factories import an_exchange
from tests.tui.bench import a_bench
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until

ITEMS = [{"id": f"i{number}", "价格": number} for number in range(12)]


@pytest.fixture
def workspace(tmp_path: Path, own_home: Path) -> Iterator[Workspace]:
    environment = {"FGTUI_HOME": str(own_home), "PATH": os.environ["PATH"]}
    opened = open_workspace(config.load(tmp_path, environment, config.Flags()), environment=environment)
    yield opened
    opened.close()


def old(body: Any) -> Exchange:
    return an_exchange('{"n": 1}', body=json.dumps(body), session="orders", seq=340)


def new(body: Any) -> Exchange:
    return an_exchange('{"n": 2}', body=json.dumps(body), session="after", seq=12, number=2)


class Opened:
    """The screen on a stage."""

    def __init__(self, stage: Stage, pilot: Pilot[None], screen: ComparingScreen, copied: list[str]) -> None:
        self.stage, self.pilot, self.screen, self.copied = stage, pilot, screen, copied

    async def press(self, *keys: str) -> str:
        await self.pilot.press(*keys)
        await self.pilot.pause()
        return self.stage.screen_text()

    async def sees(self, words: str) -> str:
        await wait_until(self.pilot, lambda: words in self.stage.screen_text(), self.stage.screen_text)
        return self.stage.screen_text()


@asynccontextmanager
async def comparing(
    workspace: Workspace, one: Exchange, other: Exchange, size: tuple[int, int] = (80, 24), *rules: str
) -> AsyncIterator[Opened]:
    stage, copied = Stage(), list[str]()
    async with stage.play(size) as pilot:
        screen = ComparingScreen(workspace, one, other, Comparison.parse(rules), copied.append)
        await stage.push_screen(screen)
        yield Opened(stage, pilot, screen, copied)


CHANGED = [{**item, "价格": 99} if number % 2 else item for number, item in enumerate(ITEMS)]


async def test_it_names_the_two_and_says_how_they_differ(workspace: Workspace) -> None:
    async with comparing(workspace, old({"items": ITEMS}), new({"items": CHANGED})) as opened:
        text = await opened.sees("6 differences to orders #340")
        assert "orders #340 → after #12" in text
        assert "- orders #340 · ✓ returned" in text
        assert "+ after #12 · ✓ returned" in text
        assert '~ outcome.result.items[1]."价格"' in text
        assert "Esc closes" in text


async def test_of_two_deployed_functions_it_names_what_tells_them_apart(workspace: Workspace) -> None:
    urn = "urn:fss:cn-north-4:0123456789abcdef0123456789abcdef:function:default:thumbnail"
    one, other = (
        replace(an_exchange(session="orders", seq=seq), target=TargetSummary("remote", f"{urn}:{version}"))
        for seq, version in ((1, "latest"), (2, "!live"))
    )
    async with comparing(workspace, one, other) as opened:
        text = await opened.sees("orders #1 → orders #2")
        assert "· thumbnail:latest · " in text
        assert "· thumbnail:!live · " in text


async def test_n_and_p_walk_from_difference_to_difference_and_around(workspace: Workspace) -> None:
    async with comparing(workspace, old({"items": ITEMS}), new({"items": CHANGED}), (80, 12)) as opened:
        await opened.sees("6 differences")
        assert "1 of 6" in await opened.press("n")
        text = await opened.press("n", "n", "n", "n")
        assert "5 of 6" in text
        assert 'items[9]."价格"' in text
        assert "1 of 6" in await opened.press("n", "n")
        assert "6 of 6" in await opened.press("p")


async def test_v_lays_both_sides_beside_each_other_and_back(workspace: Workspace) -> None:
    async with comparing(workspace, old({"a": "旧", "b": 1}), new({"a": "新", "b": 1})) as opened:
        await opened.sees("1 difference")
        assert re.search('"旧" +~ "新"', await opened.press("v"))
        text = await opened.press("v")
        assert '- "旧"' in text
        assert '+ "新"' in text


async def test_v_says_that_a_narrow_window_has_no_room(workspace: Workspace) -> None:
    async with comparing(workspace, old([1]), new([2]), (60, 20)) as opened:
        await opened.sees("1 difference")
        assert "+ 2" in await opened.press("v")
        assert [each.message for each in opened.stage._notifications] == ["side by side needs a wider window"]


async def test_the_place_stays_in_sight_when_it_is_laid_out_anew(workspace: Workspace) -> None:
    async with comparing(workspace, old({"items": ITEMS}), new({"items": CHANGED}), (80, 12)) as opened:
        await opened.sees("6 differences")
        await opened.press("p")
        assert 'items[11]."价格"' in await opened.press("v")
        await opened.pilot.resize_terminal(100, 14)
        assert 'items[11]."价格"' in await opened.press()


async def test_the_events_are_compared_on_their_own_tab(workspace: Workspace) -> None:
    async with comparing(workspace, old([1]), new([1])) as opened:
        await opened.sees("= the same as orders #340")
        await opened.press("right_square_bracket")
        assert "~ event.decoded.n" in await opened.sees("1 difference")
        await opened.press("left_square_bracket")
        await opened.sees("= the same")


async def test_what_is_ignored_is_not_shown(workspace: Workspace) -> None:
    async with comparing(workspace, old({"a": 1}), new({"a": 2}), (80, 24), "~number") as opened:
        await opened.sees("= the same as orders #340")


async def test_y_copies_the_differences_and_f1_shows_the_keys(workspace: Workspace) -> None:
    async with comparing(workspace, old({"a": 1}), new({"a": 2})) as opened:
        await opened.sees("1 difference")
        assert "Go to the next difference" in await opened.press("f1")
        assert "~ outcome.result.a" in await opened.press("f1")
        assert "Go to the next difference" in await opened.press("f1")
        assert "~ outcome.result.a" in await opened.press("escape")
        await opened.press("y")
        await wait_until(opened.pilot, lambda: opened.copied, "something copied")
        assert opened.copied == ["~ 1 difference to orders #340\n\n~ outcome.result.a\n  - 1\n  + 2"]


async def test_esc_closes_while_it_still_compares(workspace: Workspace) -> None:
    async with comparing(workspace, old({"items": ITEMS * 2000}), new({"items": CHANGED * 2000})) as opened:
        await opened.press("escape")
        assert opened.stage.screen is not opened.screen


async def test_a_rule_that_takes_too_long_is_said(workspace: Workspace) -> None:
    many = "".join(map(chr, range(1000, 1600)))
    async with comparing(workspace, old([many]), new([many + "x"]), (120, 24), "~/((.?){100}){13}x/") as opened:
        await opened.sees("takes too long")


async def test_hostile_values_draw_no_control(workspace: Workspace) -> None:
    one, other = (
        an_exchange(body=json.dumps({EVERYTHING: EVERYTHING})),
        an_exchange(body=EVERYTHING.encode("utf-8", "surrogatepass")),
    )
    async with comparing(workspace, one, other, (100, 24)) as opened:
        await opened.sees("difference")
        for key in ("v", "right_square_bracket", "f1"):
            assert shows_no_control((await opened.press(key)).replace("\n", ""))


async def test_d_compares_a_replay_in_the_session_with_its_recording(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(100, 30)) as bench:
        recording = an_exchange(body='{"a": 1}', id="A")
        list(
            bench.workspace.store.append_many(
                "orders", [recording, an_exchange(body='{"a": 2}', replay_of="A", number=2)]
            )
        )
        bench.screen.set_session("orders")
        bench.screen.focus_pane(Where.SESSION)
        await bench.sees("Session orders · 2")
        await bench.press("d")
        await bench.sees("1 difference to orders #1")
        await bench.press("y")
        await bench.hears("difference: ")
        await bench.press("escape")
        await bench.sees("Session orders · 2")
