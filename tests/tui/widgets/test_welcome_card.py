"""The welcome of a first start: seen once, in nobody's way, gone with the first key, which does what it always does."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from fgtui.tui.screens.workbench import Opening
from fgtui.tui.widgets import welcome_card
from fgtui.tui.widgets.welcome_card import WelcomeCard
from tests.tui.bench import a_bench
from tests.tui.pseudo_terminal import PseudoTerminal

FIRST = Opening(is_first=True)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 24), (24, 10)], ids=["wide", "small", "narrow", "tiny"])
async def test_it_says_what_this_is_and_three_keys_and_stays_on_the_screen(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with a_bench(tmp_path / "p", opening=FIRST, size=size) as bench:
        await bench.until(lambda: bench.screen.query(WelcomeCard), "a card")
        await bench.pilot.pause()
        card = bench.screen.query_one(WelcomeCard)
        assert card.region.right <= size[0]
        if size[1] >= 24:
            assert card.region.bottom <= size[1]
            for words in ("Welcome to fgtui", "Ctrl+J", "Ctrl+P", "F1", "example session", "fgtui demo"):
                assert words in bench.text


async def test_no_wide_character_of_it_is_cut_at_the_borders_of_the_panes_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {"Welcome to fgtui": "欢迎使用欢迎使用欢迎使用欢迎使用", "sends this event": "发送事件" * 4}
    monkeypatch.setattr(welcome_card, "say", lambda sentence, **_: words.get(sentence, sentence))
    async with a_bench(tmp_path / "p", opening=FIRST, size=(75, 24)) as bench:
        await bench.until(lambda: bench.screen.query(WelcomeCard), "a card")
        for width in range(76, 86):
            bench.app.clear_notifications()
            await bench.pilot.resize_terminal(width, 24)
            await bench.until(lambda width=width: bench.app.size.width == width, "its width")
            await bench.sees("欢迎使用" * 4)
            assert "发送事件" * 4 in bench.text
            told = "一二三四五六七八九十" * 2 + str(width)
            bench.app.notify(told)
            await bench.sees(told)
            assert "欢迎使用" * 4 in bench.text
            assert {cell_len(line) for line in bench.lines} == {width}


async def test_the_first_key_takes_it_away_and_is_typed(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "p", opening=FIRST) as bench:
        await bench.until(lambda: bench.screen.query(WelcomeCard), "a card")
        await bench.press("x")
        await bench.until(lambda: not bench.screen.query(WelcomeCard), "it is gone")
        assert bench.screen.event_pane.editor.text.startswith("x{")


async def test_sending_works_at_once(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "p", opening=FIRST) as bench:
        await bench.until(lambda: bench.screen.query(WelcomeCard), "a card")
        await bench.send()
        assert bench.screen.outcome_view.words.startswith("✓ returned")
        assert not bench.screen.query(WelcomeCard)


async def test_it_goes_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(welcome_card, "STAYS_S", 0.05)
    async with a_bench(tmp_path / "p", opening=FIRST) as bench:
        await bench.until(lambda: not bench.screen.query(WelcomeCard), "it is gone")
        await bench.press("x")
        assert bench.screen.event_pane.editor.text.startswith("x{")


def test_the_second_start_has_none(tmp_path: Path) -> None:
    with PseudoTerminal(folder=tmp_path, size=(120, 40)) as terminal:
        terminal.wait_for("Welcome to fgtui")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
        assert "unsent" not in terminal.text()
    with PseudoTerminal(folder=tmp_path, size=(120, 40)) as terminal:
        terminal.wait_for("Nothing recorded yet")
        terminal.settle()
        assert "Welcome to fgtui" not in terminal.text()
