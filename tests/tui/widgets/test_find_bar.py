"""The find bar: what it says of its keys is whole at every width, and true of the keys in force."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import pytest

from fgtui.tui.text.finding import Search
from fgtui.tui.widgets.find_bar import FindBar
from fgtui.words import speak
from tests.tui.stage import Stage


class Remapped(Stage):
    keymap: ClassVar[Mapping[str, str]] = {"find-before": "ctrl+d"}


@pytest.mark.parametrize(
    ("language", "width", "find", "replace"),
    [
        ("en", 34, "find", "replace by"),
        ("en", 48, "find; Enter next", "replace by; Enter this one"),
        ("en", 80, "find; Enter next, Ctrl+D before", "replace by; Enter this one, Alt+Enter all"),
        ("zh", 34, "查找", "替换为"),
        ("zh", 46, "查找；Enter 下一个", "替换为；Enter 替换这个"),
        ("zh", 80, "查找；Enter 下一个，Ctrl+D 上一个", "替换为；Enter 替换这个，Alt+Enter 全部"),
    ],
)
async def test_a_placeholder_is_never_cut_and_names_the_keys_there_is_room_for(
    language: str, width: int, find: str, replace: str
) -> None:
    speak(language)
    stage = Remapped(partial(FindBar, Search(""), [], replaces=True))
    async with stage.play(size=(width, 5)) as pilot:
        first, second = stage.screen_lines()[:2]
        assert first.partition("  ")[0].strip() == find
        assert second.partition("  ")[0].strip() == replace
        assert "$1" not in second
        await stage.the(FindBar).run_action("switch('expression')")
        await pilot.pause()
        assert ("$1" in stage.screen_lines()[1]) is (width > 34 or language == "zh")
        assert "Ctrl+D" not in stage.the(FindBar).query_one("#case").tooltip
