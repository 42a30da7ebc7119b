"""The panes on the screen: hidden and shown, zoomed, resized by key and by mouse, and as they were left the last time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.geometry import Offset

from fgtui.tui.actions import Where
from fgtui.tui.arrangement import DESK_PANES
from fgtui.tui.screens.resizing import ResizeScreen
from fgtui.tui.styles.themes import NAMED
from fgtui.tui.text.document import Location
from fgtui.tui.widgets.outcome_view import Part
from fgtui.tui.widgets.pane_strip import PaneStrip
from tests.tui.bench import Bench, a_bench

SIZES = [(120, 24), (80, 40), (40, 24), (30, 10), (20, 8), (250, 70)]


def shown(bench: Bench) -> list[Where]:
    return [where for where, pane in bench.screen.panes().items() if pane.region and pane.display]


def width(bench: Bench, where: Where) -> int:
    return bench.screen.panes()[where].outer_size.width


def height(bench: Bench, where: Where) -> int:
    return bench.screen.panes()[where].outer_size.height


async def drag(bench: Bench, start: tuple[int, int], end: tuple[int, int]) -> None:
    await bench.pilot.mouse_down(offset=start)
    await bench.pilot.hover(offset=Offset(*end))
    await bench.pilot.pause()
    await bench.pilot.mouse_up(offset=end)
    await bench.pilot.pause()


def kept_state(home: Path) -> dict[str, object]:
    """What is kept of the one folder; nothing before it is."""
    texts = [file.read_text() for file in (home / "data" / "workspaces").glob("*.json")]
    found: dict[str, object] = json.loads(texts[0]) if texts else {}
    return found


# One pane at a time, beside, and below


async def test_every_size_shows_the_focused_pane_and_draws_lines_of_the_screens_width(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        for size in SIZES:
            await bench.pilot.resize_terminal(*size)
            for where in DESK_PANES:
                bench.screen.focus_pane(where)
                await bench.until(lambda where=where: bench.screen.where is where, "it has the focus")
                await bench.pilot.pause()
                assert where in shown(bench), size
                assert all(cell_len(line) == size[0] for line in bench.lines), (size, where)
                bottom = bench.screen.panes()[where].region.bottom
                assert bottom <= size[1] - 1, (size, where)


async def test_one_column_says_which_pane_of_which_is_shown_and_a_click_shows_another(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(40, 24)) as bench:
        assert bench.lines[1] == " 1 Triggers▸2 Event 3 Outcome 4 Session "
        await bench.pilot.click(PaneStrip, offset=(32, 0))
        await bench.until(lambda: bench.screen.where is Where.SESSION, "the session has the keys")
        assert bench.lines[1] == " 1 Triggers 2 Event 3 Outcome▸4 Session "
        await bench.press("alt+1")
        await bench.until(lambda: bench.screen.where is Where.TRIGGERS, "the triggers have the keys")
        await bench.press("alt+1")
        assert shown(bench) == [Where.TRIGGERS], "where there is one pane at a time, it stays"


async def test_the_terminal_may_be_resized_under_a_dialog(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.press("f1")
        await bench.pilot.resize_terminal(40, 24)
        await bench.press("escape")
        await bench.until(lambda: shown(bench) == [Where.EVENT], "one pane at a time")
        assert "▸2 Event" in bench.lines[1]


# Hidden


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_a_pane_is_hidden_and_comes_back(tmp_path: Path, size: tuple[int, int]) -> None:
    async with a_bench(tmp_path, size=size) as bench:
        for number, where in enumerate(DESK_PANES, 1):
            bench.screen.focus_pane(where)
            await bench.until(lambda where=where: bench.screen.where is where, "it has the focus")
            await bench.press(f"alt+{number}")
            await bench.until(lambda where=where: where not in shown(bench), "it is hidden")
            for _ in range(3):
                await bench.press("f6")
                assert bench.screen.has_focus_pane is not where
                assert bench.screen.has_focus_pane in shown(bench)
            await bench.press(f"alt+{number}")
            await bench.until(lambda where=where: bench.screen.where is where, "it is back, and has the keys")
            assert where in shown(bench)


@pytest.mark.parametrize("last", DESK_PANES, ids=lambda where: where.value)
async def test_the_last_pane_stays_whichever_it_is(tmp_path: Path, last: Where) -> None:
    async with a_bench(tmp_path) as bench:
        for where in (*(where for where in DESK_PANES if where is not last), last):
            bench.screen.focus_pane(where)
            await bench.until(lambda where=where: bench.screen.where is where, "it has the focus")
            await bench.screen.perform("hide-pane")
            await bench.pilot.pause()
        assert shown(bench) == [last]
        await bench.hears("this is the only pane that is shown, so it stays")
        await bench.screen.perform("reset-layout")
        await bench.pilot.pause()
        assert shown(bench) == list(DESK_PANES)


async def test_a_hidden_outcome_stays_so_and_the_event_says_how_the_send_ended(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.press("alt+3", "alt+3")
        assert Where.OUTCOME not in shown(bench)
        await bench.send()
        await bench.until(lambda: "✓ returned" in str(bench.screen.event_pane.border_subtitle), "it says so")
        assert str(bench.screen.event_pane.border_subtitle).endswith(" · Alt+3"), "and the key that shows it"
        await bench.sees("✓ returned")
        assert Where.OUTCOME not in shown(bench)
        await bench.press("alt+3")
        await bench.until(lambda: Where.OUTCOME in shown(bench), "it is back")
        assert not str(bench.screen.event_pane.border_subtitle)


async def test_opening_a_recording_shows_a_hidden_outcome(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.send()
        await bench.press("alt+3", "alt+3")
        bench.screen.focus_pane(Where.SESSION)
        await bench.press("enter")
        await bench.until(lambda: Where.OUTCOME in shown(bench), "it is shown")


# Zoomed


async def test_every_pane_can_be_zoomed_says_so_and_esc_leaves_it(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        for size in ((160, 45), (40, 24)):
            await bench.pilot.resize_terminal(*size)
            for where in DESK_PANES:
                bench.screen.focus_pane(where)
                await bench.until(lambda where=where: bench.screen.where is where, "it has the focus")
                await bench.press("f8")
                await bench.sees("▸ zoomed · ")
                assert shown(bench) == [where]
                assert height(bench, where) == size[1] - 2
                await bench.press("escape")
                await bench.until(lambda: not bench.screen.arrangement.is_zoomed, "it shares the room again")
                await bench.until(lambda: "zoomed" not in bench.text, "and says no more that it does not")


# Resized


async def test_arrow_keys_move_the_borders_of_the_focused_pane(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(160, 45)) as bench:
        before = width(bench, Where.OUTCOME), height(bench, Where.SESSION)
        await bench.press("alt+s")
        await bench.sees("Resize Event  ← → ↑ ↓ move the border")
        await bench.press("left", "left", "left", "up", "up", "enter")
        assert (width(bench, Where.OUTCOME), height(bench, Where.SESSION)) == (before[0] + 6, before[1] + 2)
        await bench.press("alt+s", "0", "escape")
        assert (width(bench, Where.OUTCOME), height(bench, Where.SESSION)) == before


async def test_what_has_nowhere_to_go_rings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_bench(tmp_path, size=(80, 24)) as bench:
        rung: list[bool] = []
        monkeypatch.setattr(bench.app, "bell", lambda: rung.append(True))
        await bench.press("alt+s", *["left"] * 40)
        assert rung
        assert isinstance(bench.app.screen, ResizeScreen)


async def test_where_no_border_is_shown_resizing_says_so(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(80, 24)) as bench:
        await bench.press("f8", "alt+s")
        await bench.hears("a zoomed pane has no border to move; F8 ends that")
        await bench.press("f8")
        await bench.pilot.resize_terminal(40, 24)
        await bench.until(lambda: bench.screen.is_single, "one pane is shown")
        await bench.press("alt+s")
        await bench.hears("one pane is shown at a time here")
        assert bench.app.screen is bench.screen


async def test_borders_are_dragged_and_hold_their_least(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(160, 45)) as bench:
        outcome = bench.screen.outcome_view.region
        await drag(bench, (outcome.x, 8), (outcome.x - 10, 8))
        assert bench.screen.outcome_view.region.x == outcome.x - 10 + 1
        session = bench.screen.session_pane.region
        await drag(bench, (40, session.y), (40, session.y - 5))
        assert bench.screen.session_pane.region.y == session.y - 5 + 1
        await drag(bench, (bench.screen.outcome_view.region.x, 8), (159, 8))
        assert width(bench, Where.OUTCOME) == 20
        await bench.pilot.resize_terminal(200, 45)
        await bench.until(lambda: width(bench, Where.OUTCOME) == 25, "the proportion is kept")


async def test_the_fields_border_moves_by_key_and_by_mouse(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(160, 45)) as bench:
        bench.screen.event_pane.editor.area.move_to(Location(3, 20))
        await bench.until(lambda: bench.screen.event_pane.holds_field, "the cursor is at a value")
        await bench.press("f9")
        await bench.until(lambda: bench.screen.where is Where.FIELD, "the field has the keys")
        field = bench.screen.event_pane.field
        assert field is not None
        before = field.outer_size.height
        await bench.press("alt+s", "up", "up", "enter")
        await bench.until(lambda: field.outer_size.height == before + 2, "it has grown")
        await drag(bench, (60, field.region.y), (60, field.region.y + 3))
        await bench.until(lambda: field.outer_size.height == before - 1, "it has shrunk")
        await drag(bench, (60, field.region.y), (60, 1))
        await bench.until(lambda: field.region.y - bench.screen.event_pane.region.y == 5, "the editor keeps its least")


async def test_a_click_on_a_title_goes_there(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        for where in (Where.SESSION, Where.TRIGGERS, Where.OUTCOME, Where.EVENT):
            region = bench.screen.panes()[where].region
            await bench.pilot.click(offset=(region.x + 4, region.y))
            await bench.until(lambda where=where: bench.screen.where is where, f"{where} has the keys")
        assert not bench.screen.arrangement.shares


# Remembered


async def test_the_workbench_opens_as_it_was_left(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path, size=(160, 45)) as bench:
        await bench.press("alt+1", "alt+1", "alt+s", "left", "left", "enter")
        bench.screen.outcome_view.part = Part.LOGS
        await bench.screen.perform("wrap-lines")
        chosen = width(bench, Where.OUTCOME)
        await bench.press("ctrl+q")
        await bench.until(lambda: not bench.app._running, "it has ended")
    assert kept_state(own_home)["hidden"] == ["triggers"]
    async with a_bench(tmp_path, size=(160, 45)) as bench:
        assert Where.TRIGGERS not in shown(bench)
        assert width(bench, Where.OUTCOME) == chosen
        assert bench.screen.outcome_view.part is Part.LOGS
        assert bench.screen.outcome_view.look.turned == ("logs",)
        assert bench.screen.where is Where.EVENT


async def test_a_change_is_kept_before_the_end(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.press("f8")
        await bench.until(lambda: kept_state(own_home).get("zoomed"), "it is kept")


async def test_a_hidden_event_does_not_have_the_keys_at_the_start(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.press("alt+2")
        await bench.press("ctrl+q")
        await bench.until(lambda: not bench.app._running, "it has ended")
    async with a_bench(tmp_path) as bench:
        await bench.until(lambda: bench.screen.where is Where.TRIGGERS, "the first pane that is shown has them")
        await bench.press("alt+2")
        await bench.until(lambda: bench.screen.where is Where.EVENT, "the event is back")


async def test_a_file_that_makes_no_sense_is_said_once(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path) as bench:
        file = bench.app.state_file.file
    file.parent.mkdir(parents=True)
    file.write_text('{"fgtui": [/red]')
    async with a_bench(tmp_path) as bench:
        await bench.hears("the layout kept for this folder could not be read: ")
        assert shown(bench) == list(DESK_PANES)


# Looks


async def test_every_theme_draws_every_pane_and_what_stands_over_them(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        for name in NAMED:
            bench.app.theme = NAMED[name].name
            await bench.screen.perform("switch-theme")
            await bench.sees("high contrast, on black")
            await bench.press("escape", "f1")
            await bench.sees("Help: ")
            await bench.press("escape")
            assert bench.app.theme == NAMED[name].name


async def test_a_theme_is_shown_as_the_cursor_comes_to_it_and_remembered_once_chosen(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.screen.perform("switch-theme")
        await bench.press("down", "down")
        await bench.until(lambda: bench.app.theme == "fgtui-dark-contrast", "it is shown")
        await bench.press("escape")
        await bench.until(lambda: bench.app.theme == "fgtui-dark", "the one from before is back")
        await bench.screen.perform("switch-theme")
        await bench.press("down", "enter")
        await bench.until(lambda: bench.app.theme == "fgtui-light", "it is chosen")
        await bench.press("ctrl+q")
        await bench.until(lambda: not bench.app._running, "it has ended")
    async with a_bench(tmp_path) as bench:
        assert bench.app.theme == "fgtui-light"
    settings = '[workbench]\ntheme = "ansi"\n'
    async with a_bench(tmp_path, settings=settings) as bench:
        assert bench.app.theme == "fgtui-ansi", "the settings have the last word"


@pytest.mark.parametrize("no_color", [False, True])
async def test_a_guarded_profile_looks_different_by_line_and_word_and_not_by_colour_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_color: bool
) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    async with a_bench(tmp_path) as bench:
        assert "╔" not in bench.text
        target = bench.screen.target_bar.target
        assert target is not None
        bench.screen.target_bar.target = target._replace(is_guarded=True)
        await bench.sees("▲ GUARDED")
        await bench.sees("╔")
        assert "╭" not in bench.text
        for theme in NAMED.values():
            bench.app.theme = theme.name
            await bench.pilot.pause()
            assert "╭" not in bench.text
            colours = {pane.styles.border_left[1].hex for pane in bench.screen.panes().values()}
            assert bench.app.theme_variables["border-blurred-guarded"].upper() in colours or theme.ansi
        bench.screen.target_bar.target = target
        await bench.until(lambda: "╔" not in bench.text, "it looks as before")
