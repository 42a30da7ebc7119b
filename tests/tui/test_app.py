"""The workbench as a program: how it starts, what it looks like, how it ends, and what a defect does."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from errno import ENOSPC
from pathlib import Path

import pytest
from textual import events
from textual.widget import Widget

from fgtui.config import load
from fgtui.tui.actions import Where
from fgtui.tui.app import DEFECT_BYTES, FgtuiApp, chosen_theme, note_defect
from fgtui.tui.remembered.drafts import Draft, Drafts
from fgtui.tui.screens.workbench import Opening
from fgtui.tui.styles.themes import ANSI, DARK, LIGHT, NAMED
from fgtui.workspace import open_workspace
from tests.tui.bench import a_bench, a_project
from tests.tui.pseudo_terminal import PseudoTerminal

SECRET = "hunter2-in-an-exception"


# The start


async def test_a_file_named_at_the_start_does_not_cost_the_unsent_text(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text('{"of": "the file"}')
    async with a_bench(tmp_path, opening=Opening()) as bench:
        bench.screen.event_pane.editor.area.replace_all("PRECIOUS")
        await bench.press("ctrl+q")
    async with a_bench(tmp_path, opening=Opening(file=Path("f.json"))) as bench:
        assert bench.screen.event_pane.editor.text == '{"of": "the file"}'
        await bench.hears("is kept as a draft")
        await bench.press("ctrl+q")
    async with a_bench(tmp_path, opening=Opening()) as bench:
        await bench.screen.perform("restore-draft")
        await bench.sees("PRECIOUS")
        await bench.press("enter")
        await bench.until(lambda: bench.screen.event_pane.editor.text == "PRECIOUS", "the text is back")


async def test_a_file_does_not_take_the_place_of_unsent_text_that_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f.json").write_text("{}")
    async with a_bench(tmp_path, opening=Opening()) as bench:
        bench.screen.event_pane.editor.area.replace_all("PRECIOUS")
        await bench.press("ctrl+q")

    def no_room(drafts: Drafts, draft: Draft) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(Drafts, "put_aside", no_room)
    async with a_bench(tmp_path, opening=Opening(file=Path("f.json"))) as bench:
        await bench.hears("so it stays: No space left on device")
        assert bench.screen.event_pane.editor.text == "PRECIOUS"


async def test_a_session_that_is_named_is_opened_whatever_was_open_last(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(session="orders")) as bench:
        bench.screen.event_pane.editor.area.replace_all("{}")
        await bench.press("ctrl+q")
    async with a_bench(tmp_path, opening=Opening()) as bench:
        assert bench.screen.session == "orders"
        await bench.press("ctrl+q")
    async with a_bench(tmp_path, opening=Opening(session="default")) as bench:
        assert bench.screen.session == "default"


# The end


async def test_unsent_text_that_cannot_be_kept_is_not_lost_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(drafts: Drafts, draft: Draft, parts: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(Drafts, "save", no_room)
    async with a_bench(tmp_path) as bench:
        bench.screen.event_pane.editor.area.replace_all("PRECIOUS")
        await bench.press("ctrl+q")
        await bench.sees("drafts are not kept: No space left on device")
        await bench.sees("what was changed in the event would be lost")
        await bench.press("ctrl+q", "n")
        await bench.until(lambda: bench.app.screen is bench.screen, "the workbench goes on")
        assert bench.screen.event_pane.editor.text == "PRECIOUS"
        await bench.press("ctrl+q")
        await bench.sees("would be lost")
        await bench.press("y")
        await bench.until(lambda: not bench.app.is_running, "it ends")


async def test_quitting_during_a_send_records_it_as_cancelled(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(target="index.slow")) as bench:
        await bench.press("ctrl+j")
        await bench.sees("under way")
        await bench.press("ctrl+q")
        await bench.until(lambda: not bench.app.is_running, "it has ended")
        last = bench.workspace.store.last("default")
    assert last is not None
    assert last.outcome.kind == "cancelled"
    assert bench.app.return_code == 0


async def test_quitting_works_under_a_dialog(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.press("f1")
        await bench.sees("Help: Event")
        await bench.press("f10")
        await bench.until(lambda: not bench.app.is_running, "it has ended")


async def test_the_first_word_about_how_to_end_counts(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.app.end(143)
        bench.app.end(0)
        await bench.until(lambda: not bench.app.is_running, "it has ended")
    assert bench.app.return_code == 143


# Defects


async def test_a_defect_in_a_thread_is_said_noted_and_survived(tmp_path: Path, own_home: Path) -> None:
    def defect() -> None:
        raise LookupError(SECRET)

    with pytest.raises(LookupError):  # the pilot's own way to tell a test
        async with a_bench(tmp_path) as bench:
            bench.screen.in_thread(defect, lambda _: None, group="test")
            await bench.hears("a defect of fgtui: LookupError")
            assert "Traceback" not in bench.text
            await bench.send()
            await bench.sees("✓ returned")
    noted = own_home / "data" / "defects.log"
    assert "LookupError" in noted.read_text()
    assert "test_app.py" in noted.read_text()
    assert SECRET not in noted.read_text()
    assert stat.S_IMODE(noted.stat().st_mode) == 0o600


def test_a_defect_elsewhere_ends_in_words_with_the_terminal_restored(tmp_path: Path) -> None:
    program = (
        "import sys; import fgtui.__main__ as m; from fgtui.tui.widgets.key_bar import KeyBar\n"
        f"def broken(self, y): raise LookupError('{SECRET}')\n"
        "KeyBar.render_line = broken; sys.argv = ['fgtui']; sys.exit(m.main())"
    )
    with PseudoTerminal(folder=tmp_path, program=(sys.executable, "-c", program)) as terminal:
        assert terminal.wait_for_end() == 70
        assert terminal.modes()["1049"] is False
        assert terminal.modes()["25"] is True
        assert terminal.attributes() == terminal.attributes_before
        assert "a defect in fgtui: LookupError" in terminal.text()
        assert "Traceback" not in terminal.text()
        assert SECRET not in terminal.text()


def test_the_file_of_defects_stays_small(tmp_path: Path) -> None:
    file = tmp_path / "defects.log"
    file.write_bytes(b"x" * DEFECT_BYTES * 2)
    note_defect(file, ValueError(SECRET))
    assert file.stat().st_size < DEFECT_BYTES * 1.1
    assert file.read_text().endswith("ValueError\n")


def test_a_defect_that_cannot_be_noted_is_no_second_one(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    note_defect(tmp_path / "in the way" / "defects.log", ValueError())


# Looks


async def test_a_message_is_shown_whole_whatever_its_length(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(80, 24)) as bench:
        for length in range(50, 58):  # 53 cells are what one row of a message has at 80 columns
            bench.screen.say("{first} {last}", first="a" * 40, last=f"end{length}".rjust(length - 41, "b"))
        for length in range(50, 58):
            await bench.sees(f"end{length}")


@pytest.mark.parametrize(
    ("wanted", "environment", "theme"),
    [
        (None, {}, DARK),
        ("light", {}, LIGHT),
        ("fgtui-light", {"COLORFGBG": "15;0"}, LIGHT),
        ("dark", {"COLORFGBG": "0;15"}, DARK),
        (None, {"COLORFGBG": "0;15"}, LIGHT),
        (None, {"COLORFGBG": "15;default;0"}, DARK),
        ("no such theme [/x]", {}, DARK),
        ("dark-contrast", {}, NAMED["dark-contrast"]),
        ("ansi", {"COLORTERM": "truecolor"}, ANSI),
        (None, {"TERM": "linux"}, ANSI),
        (None, {"TERM": "screen", "COLORTERM": "truecolor"}, DARK),
        (None, {"TERM": "xterm-256color"}, DARK),
        (None, {"TERM": "xterm-kitty", "COLORFGBG": "0;15"}, LIGHT),
        (None, {"TERM": "dumb"}, DARK),
        ("light", {"TERM": "linux"}, LIGHT),
    ],
)
def test_the_theme_is_the_settings_or_suits_the_terminal(
    wanted: str | None, environment: dict[str, str], theme: object
) -> None:
    assert chosen_theme(wanted, environment) == getattr(theme, "name", None)


def test_no_color_leaves_attributes_and_no_colours(tmp_path: Path) -> None:
    with PseudoTerminal(folder=tmp_path, environment={"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("help")
        terminal.settle()
        styles = {
            part for found in re.findall(rb"\x1b\[([0-9;]*)m", bytes(terminal.output)) for part in found.split(b";")
        }
        assert styles <= {b"", b"0", b"1", b"2", b"3", b"4", b"7", b"39", b"49"}, "39 and 49 are the terminal's own"
        assert b"7" in styles, "the cursor is told by its attribute"


async def test_keys_are_remapped_by_the_settings(tmp_path: Path) -> None:
    async with a_bench(tmp_path, settings='[keys]\nsend = "ctrl+f9"\n', opening=Opening(target="index.echo")) as bench:
        assert "Ctrl+F9 send" in bench.lines[-1]
        await bench.press("ctrl+j", "f5")
        assert bench.screen.sends.running is None
        await bench.press("ctrl+f9")
        await bench.sees("✓ returned")
        await bench.press("f1")
        await bench.sees("Ctrl+F9  ")


# Keys


async def test_keys_typed_in_one_go_reach_the_line_that_the_first_one_brings(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.focus_pane(Where.SESSION)
        await bench.pilot.pause()
        for key, character in (("slash", "/"), ("r", "r"), ("e", "e"), ("y", "y"), ("apostrophe", "'")):
            bench.app.post_message(events.Key(key, character))
        await bench.until(lambda: getattr(bench.app.focused, "value", "") == "rey'", "all of it stands there")
        assert bench.said == []


async def test_single_letters_do_nothing_where_no_list_has_the_focus(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        before = bench.screen.event_pane.editor.text
        await bench.press("y", "r", "e")
        assert bench.screen.event_pane.editor.text == "yre" + before


# Copies


@pytest.mark.parametrize("where", [Where.EVENT, Where.TRIGGERS, Where.OUTCOME])
async def test_ctrl_c_with_nothing_to_copy_says_how_to_quit(tmp_path: Path, where: Where) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.focus_pane(where)
        await bench.press("ctrl+c")
        await bench.hears("nothing is selected to copy; Ctrl+Q quits")


async def test_a_copy_says_by_which_way_it_went_and_is_redacted(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path, environment={"DISPLAY": "", "WAYLAND_DISPLAY": "", "WSL_DISTRO_NAME": ""}) as bench:
        bench.screen.open_text('{"password": "hunter2-hunter2", "x": "\\u001b[/x]"}', "blank", "secret")
        await bench.send()
        bench.screen.focus_pane(Where.OUTCOME)
        await bench.pilot.pause()
        await bench.press("y")
        await bench.sees("Copy, redacted")
        await bench.press("e")
        await bench.hears("event: no clipboard here; written to ")
    copied = (own_home / "data" / "copied.txt").read_text()
    assert "hunter2" not in copied
    assert "\\u001b[/x]" in copied, "the original text, not what was drawn"


@pytest.mark.parametrize("letter", ["r", "l", "x"])
async def test_every_part_can_be_copied(tmp_path: Path, own_home: Path, letter: str) -> None:
    async with a_bench(tmp_path, environment={"DISPLAY": "", "WAYLAND_DISPLAY": "", "WSL_DISTRO_NAME": ""}) as bench:
        await bench.send()
        bench.screen.focus_pane(Where.SESSION)
        await bench.pilot.pause()
        await bench.press("y")
        await bench.sees("Copy, redacted")
        await bench.press(letter)
        await bench.hears("written to ")
    copied = (own_home / "data" / "copied.txt").read_text()
    assert {"r": "Records", "l": "echo [/x] \x1b[31m", "x": '"format":1'}[letter] in copied.replace('": 1', '":1')


async def test_what_is_copied_in_the_editor_takes_the_same_ladder(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path, environment={"DISPLAY": "", "WAYLAND_DISPLAY": "", "WSL_DISTRO_NAME": ""}) as bench:
        bench.screen.event_pane.editor.go_to_path(("Records", 0, "eventName"))
        await bench.until(lambda: bench.screen.event_pane.holds_field, "the cursor is in a field")
        await bench.screen.perform("copy-path")
        await bench.hears("path: no clipboard here; written to ")
    assert (own_home / "data" / "copied.txt").read_text() == "Records[0].eventName"


# Start


def test_starting_imports_no_store_no_query_language_and_no_schema_library(tmp_path: Path) -> None:
    program = "import sys, fgtui.tui.app; print(*sorted({'sqlite3', 'jmespath', 'jsonschema_rs', 'pyperclip'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_app_needs_no_terminal_to_be_made(tmp_path: Path) -> None:
    workspace = open_workspace(load(a_project(tmp_path)))
    app = FgtuiApp(workspace)
    assert isinstance(app.get_default_screen(), Widget)
    assert app.terminal_writer() is None
    workspace.close()
