"""Keys that come together, as a slow line brings them, do what the same keys do one by one."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from fgtui.tui.actions import Where
from fgtui.tui.terminal.incoming import Incoming
from fgtui.tui.widgets.find_bar import FindBar
from tests.tui.bench import Bench, a_bench

ESC = events.Key("escape", "\x1b")


def send(bench: Bench, *parts: str | events.Key) -> None:
    """All at once, each part as a terminal sends it."""
    for part in parts:
        incoming = Incoming()
        for message in [part] if isinstance(part, events.Key) else [*incoming.feed(part), *incoming.pause()]:
            bench.app.post_message(message)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (["\x1bh", "old", "\t", "new"], ("old", "new")),
        (["\x1bh", "aws", "\x15", "old"], ("old", "")),
        (["\x1bh", "\x1b[200~old\x1b[201~", "\t", "new"], ("old", "new")),
    ],
    ids=["what-comes-next", "erased-before-more-is-typed", "a-paste-waits-too"],
)
async def test_what_is_typed_goes_into_the_line_that_the_key_before_brings(
    tmp_path: Path, parts: list[str], found: tuple[str, str]
) -> None:
    async with a_bench(tmp_path) as bench:
        before = bench.screen.event_pane.editor.text
        send(bench, *parts)
        await bench.until(lambda: bench.screen.query(FindBar), "the bar")
        bar = bench.screen.query_one(FindBar)
        await bench.until(lambda: (bar.find_input.value, bar.replace_input.value) == found, lambda: bench.text)
        assert bench.screen.event_pane.editor.text == before


async def test_a_dialog_is_answered_by_what_was_typed_with_the_key_that_opens_it(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        editor = bench.screen.event_pane.editor
        before = editor.text
        send(bench, "\x1bl", "7\r", "x")
        await bench.until(lambda: editor.text != before, "an x is typed")
        assert editor.area.cursor.row == 6
        assert editor.text.replace("x", "") == before.replace("x", "")


async def test_the_palette_does_what_was_typed_and_the_rest_goes_where_that_leads(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        before = bench.screen.event_pane.editor.text
        send(bench, "\x10", "find in the event", "\r", "abc")
        await bench.until(lambda: bench.screen.query(FindBar), lambda: bench.text)
        find = bench.screen.query_one(FindBar).find_input
        await bench.until(lambda: find.value == "abc", lambda: bench.text)
        assert bench.screen.event_pane.editor.text == before


async def test_what_follows_the_key_that_takes_a_line_away_is_typed_below(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        editor = bench.screen.event_pane.editor
        send(bench, "\x06", "ab", ESC, "xyz")
        await bench.until(lambda: "xyz" in editor.text, lambda: bench.text)


async def test_a_key_that_moves_and_one_that_is_typed_are_done_in_their_order(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text("one\ntwo\nthree", "blank", "event")
        await bench.pilot.pause()
        send(bench, "\x1b[B", "\x1b[C", "x", "\x1b[B", "\r", "y")
        area = bench.screen.event_pane.editor.area
        await bench.until(
            lambda: list(area.document.lines) == ["one", "txwo", "th", "yree"], lambda: str(list(area.document.lines))
        )


async def test_what_follows_a_key_that_looks_something_up_before_it_asks_is_the_answer(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.send()
        bench.screen.focus_pane(Where.SESSION)
        send(bench, "t", "red", "\r")
        await bench.until(lambda: "red" in bench.workspace.store.get("default", 1).tags, lambda: bench.text)
        assert bench.workspace.store.count("default") == 1, "r sends nothing"


async def test_a_carrier_is_chosen_by_what_was_typed_with_the_key_that_wraps(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        editor = bench.screen.event_pane.editor
        await bench.until(lambda: editor.analysis is not None, "it was read")
        send(bench, "\x1bi", "smn record-only", "\r")
        await bench.until(lambda: editor.trigger is not None and editor.trigger.key == "smn", lambda: bench.text)
        assert "smn record" not in editor.text


async def test_a_value_typed_with_the_key_that_edits_it_goes_into_its_field(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(80, 24)) as bench:
        editor = bench.screen.event_pane.editor
        editor.go_to(4, 8)
        await bench.until(lambda: editor.place is not None and editor.place.is_text, "the field is explained")
        send(bench, "\x1b[20~", "XY", "\r")
        await bench.until(lambda: "XY" in editor.text, lambda: bench.text)
        assert editor.text.splitlines()[3].strip() == '"eventVersion": "XY2.0",', editor.text


async def test_panes_are_gone_through_at_once_as_one_by_one(tmp_path: Path) -> None:
    slow = []
    async with a_bench(tmp_path / "slow", size=(80, 24)) as bench:
        await bench.until(lambda: bench.screen.event_pane.editor.analysis, "it was read")
        for _ in range(6):
            await bench.press("f6")
            slow.append(bench.screen.where)
    for times in (3, 6):
        async with a_bench(tmp_path / str(times), size=(80, 24)) as bench:
            screen, wanted = bench.screen, slow[times - 1]
            await bench.until(lambda screen=screen: screen.event_pane.editor.analysis, "it was read")
            send(bench, *["\x1b[17~"] * times)
            await bench.until(
                lambda screen=screen, wanted=wanted: screen.where is wanted,
                lambda wanted=wanted: f"{wanted} has the keys",
            )
