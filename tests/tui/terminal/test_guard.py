"""The terminal stays the person's own: whatever ends the workbench, whatever is pasted, whoever hangs up."""

from __future__ import annotations

import json
import os
import signal
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic

import psutil
import pytest

from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
from fgtui.tui.terminal.guard import TerminalOutput
from fgtui.tui.terminal.incoming import PASTE_END, PASTE_START
from tests.tui.pseudo_terminal import GUARD_SECONDS, PseudoTerminal

READY = "help"
ENDS_WITHIN_S = 4.0
"""Twice what is promised: this machine may be busy."""
RESTORED = {
    "1049": False,
    "25": True,
    "2004": False,
    "1000": False,
    "1003": False,
    "1006": False,
    "1004": False,
    "7": True,
}

SLOW_HANDLER = """\
import subprocess, time
def handler(event, context):
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    print("under way")
    time.sleep(600)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "slow.py").write_text(SLOW_HANDLER)
    return folder


def the_modes(terminal: PseudoTerminal) -> dict[str, bool]:
    return {mode: state for mode, state in terminal.modes().items() if mode in RESTORED}


def processes_of(terminal: PseudoTerminal) -> list[psutil.Process]:
    return psutil.Process(terminal.process.pid).children(recursive=True)


@pytest.mark.parametrize("key", ["\x11", "\x1b[21~"], ids=["ctrl+q", "f10"])
def test_quitting_leaves_the_terminal_as_it_was(project: Path, key: str) -> None:
    with PseudoTerminal(folder=project) as terminal:
        terminal.wait_for(READY)
        assert terminal.modes()["1049"]
        terminal.send(key)
        assert terminal.wait_for_end() == 0
        assert the_modes(terminal) == RESTORED
        assert terminal.modes()["keys"] is False
        assert terminal.attributes() == terminal.attributes_before


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["INT", "TERM", "HUP"]
)
def test_a_signal_restores_the_terminal_and_leaves_no_handler(project: Path, number: int, code: int) -> None:
    with PseudoTerminal("--target", "slow.handler", folder=project, size=(120, 40)) as terminal:
        terminal.wait_for(READY)
        terminal.send("\n")
        terminal.wait_for("under way")
        children = processes_of(terminal)
        os.kill(terminal.process.pid, number)
        assert terminal.wait_for_end() == code
        assert the_modes(terminal) == RESTORED
        assert terminal.attributes() == terminal.attributes_before
        assert "Traceback" not in terminal.text()
    assert children
    assert psutil.wait_procs(children, timeout=5)[1] == []


def test_what_a_signal_stops_is_recorded_as_cancelled(project: Path, own_home: Path) -> None:
    with PseudoTerminal("--target", "slow.handler", folder=project, size=(120, 40)) as terminal:
        terminal.wait_for(READY)
        terminal.send("\n")
        terminal.wait_for("under way")
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.wait_for_end() == 143
    store = SessionStore(own_home / "data" / "sessions.db", Redactor())
    last = store.last("default")
    store.close()
    assert last is not None
    assert last.outcome.kind == "cancelled"


def test_unsent_text_survives_a_kill(project: Path, own_home: Path) -> None:
    with PseudoTerminal(folder=project, size=(120, 40)) as terminal:
        terminal.wait_for(READY)
        terminal.send("typed before the kill")
        terminal.wait_until(
            lambda: any(b"typed before the kill" in file.read_bytes() for file in own_home.rglob("open-*.json")),
            "the draft on the disk",
        )
        terminal.process.kill()
        assert terminal.wait_for_end() == -9
    with PseudoTerminal(folder=project, size=(120, 40)) as terminal:
        terminal.wait_for("is back")
        terminal.wait_for("typed before the kill")


TYPED = "typed before the end"
LARGE = 6_000_000


def kept_texts(own_home: Path) -> list[str]:
    """The texts of the drafts on the disk."""
    return [json.loads(file.read_bytes())["text"] for file in own_home.rglob("open-*.json")]


def just_types(terminal: PseudoTerminal) -> None:
    terminal.send(TYPED)
    terminal.wait_for("end{")


def types_and_opens_a_dialog(terminal: PseudoTerminal) -> None:
    just_types(terminal)
    terminal.send("\x1bOS")  # F4
    terminal.wait_for("index.handler, a URL")


def types_and_opens_an_editor(terminal: PseudoTerminal) -> None:
    just_types(terminal)
    terminal.send("\x1bx")  # Alt+X
    terminal.wait_for("EDITING")


def types_while_a_send_runs(terminal: PseudoTerminal) -> None:
    terminal.send("\n")
    terminal.wait_for("under way")
    just_types(terminal)


CLOSED = 0
ENDS = [
    pytest.param(just_types, signal.SIGTERM, id="typing-TERM"),
    pytest.param(types_and_opens_a_dialog, signal.SIGHUP, id="dialog-HUP"),
    pytest.param(types_and_opens_a_dialog, CLOSED, id="dialog-closed"),
    pytest.param(types_and_opens_an_editor, signal.SIGTERM, id="editor-TERM"),
    pytest.param(types_and_opens_an_editor, CLOSED, id="editor-closed"),
    pytest.param(types_while_a_send_runs, signal.SIGHUP, id="send-HUP"),
]


@pytest.mark.parametrize(("circumstance", "number"), ENDS)
def test_what_was_typed_is_kept_whatever_ends_the_workbench_and_whenever(
    project: Path, own_home: Path, circumstance: Callable[[PseudoTerminal], None], number: int
) -> None:
    editor = project / "editor"
    editor.write_text("#!/bin/sh\necho EDITING\nread line\n")
    editor.chmod(0o755)
    variables = {"EDITOR": str(editor), "VISUAL": ""}
    with PseudoTerminal("--target", "slow.handler", folder=project, size=(120, 40), environment=variables) as terminal:
        terminal.wait_for(READY)
        circumstance(terminal)
        began = monotonic()
        if number:
            os.kill(terminal.process.pid, number)
        else:
            terminal.vanish()
        code = terminal.wait_for_end()
        assert monotonic() - began < ENDS_WITHIN_S
        assert code == 128 + (number or signal.SIGHUP)
        if number:
            assert the_modes(terminal) == RESTORED
            assert terminal.modes()["keys"] is False
            assert terminal.attributes() == terminal.attributes_before
    (text,) = kept_texts(own_home)
    assert text.startswith(TYPED + "{")


@pytest.mark.parametrize(("has_room", "number"), [(True, signal.SIGTERM), (False, signal.SIGHUP)])
def test_a_signal_where_nothing_can_be_kept_leaves_a_copy_that_is_named_or_says_that_there_is_none(
    project: Path, own_home: Path, has_room: bool, number: int
) -> None:
    own_home.write_text("no folder")
    temporary = project.parent / "temporary"
    if has_room:
        temporary.mkdir()
    else:
        temporary.write_text("no folder")
    with PseudoTerminal(folder=project, size=(120, 40), environment={"TMPDIR": str(temporary)}) as terminal:
        terminal.wait_for(READY)
        just_types(terminal)
        os.kill(terminal.process.pid, number)
        assert terminal.wait_for_end() == 128 + number
        assert the_modes(terminal) == RESTORED
        left = bytes(terminal.output).rpartition(b"\x1b[?1049l")[2].decode()
    if has_room:
        (copy,) = temporary.iterdir()
        assert f"this opens it: fgtui {copy}\r\n" in left
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert copy.read_text().startswith(TYPED + "{")
    else:
        assert "the unsent event is lost, since it cannot be kept: " in left


@pytest.mark.parametrize(
    ("then", "kept"),
    [
        ('echo "[7]" > "$1"', "unsent event kept"),
        ('echo unsaved > "$1.swp"', "what was not saved in the editor is kept beside"),
    ],
    ids=["saved", "not-saved"],
)
def test_what_stands_in_an_editor_as_the_workbench_is_told_to_end_is_not_lost(
    project: Path, own_home: Path, then: str, kept: str
) -> None:
    editor = project / "editor"
    editor.write_text(f"#!/bin/sh\n{then}\necho EDITING\nread line\n")
    editor.chmod(0o755)
    variables = {"EDITOR": str(editor), "VISUAL": ""}
    with PseudoTerminal(folder=project, environment=variables) as terminal:
        terminal.wait_for(READY)
        terminal.send("\x1bx")  # Alt+X
        terminal.wait_for("EDITING")
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.wait_for_end() == 143
        assert kept in terminal.text()
    lent = sorted(file.suffix for file in (own_home / "data" / "elsewhere").iterdir())
    if "unsent" in kept:
        assert kept_texts(own_home) == ["[7]\n"]
        assert lent == []
    else:
        assert lent == [".json", ".swp"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["TERM", "KILL"])
def test_a_six_megabyte_event_is_whole_whatever_ends_the_workbench_while_it_is_kept(
    project: Path, own_home: Path, number: int
) -> None:
    (project / "large.json").write_text(json.dumps({"text": "x" * LARGE}))
    with PseudoTerminal("large.json", folder=project, size=(120, 40)) as terminal:
        terminal.wait_for(READY)
        terminal.send("1")
        drafts = own_home / "data/drafts"
        terminal.wait_until(drafts.is_dir, "a folder for drafts")
        give_up = monotonic() + GUARD_SECONDS
        while not any(drafts.rglob("*open-*.json*")) and monotonic() < give_up:
            continue  # it is being written for a twentieth of a second, perhaps
        began = monotonic()
        os.kill(terminal.process.pid, number)
        assert terminal.wait_for_end() == (143 if number == signal.SIGTERM else -9)
        assert monotonic() - began < ENDS_WITHIN_S
        if number == signal.SIGTERM:
            assert the_modes(terminal) == RESTORED
            assert "unsent event kept" in terminal.text()
    texts = kept_texts(own_home)
    assert all(len(text) >= LARGE and text.endswith('"}') for text in texts)
    if number == signal.SIGTERM:
        assert [text[:3] for text in texts] == ['1{"']


def test_a_kill_in_the_middle_of_typing_loses_less_than_the_last_second(project: Path, own_home: Path) -> None:
    with PseudoTerminal(folder=project, size=(120, 40)) as terminal:
        terminal.wait_for(READY)
        typed: list[tuple[float, int]] = []
        for count in range(1, 400):  # never a pause
            terminal.send("a")
            typed.append((monotonic(), count))
            terminal.settle(0.01)
            if typed[-1][0] - typed[0][0] > 1.6:
                break
        terminal.process.kill()
        killed = monotonic()
        assert terminal.wait_for_end() == -9
    (text,) = kept_texts(own_home)
    kept = len(text) - len(text.lstrip("a"))
    assert kept >= max(count for at, count in typed if killed - at > 1.0)


def test_leaving_says_that_an_unsent_event_is_kept(project: Path) -> None:
    with PseudoTerminal(folder=project) as terminal:
        terminal.wait_for(READY)
        terminal.send("typed")
        terminal.wait_for("typed{")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
        left = bytes(terminal.output).rpartition(b"\x1b[?1049l")[2].decode()
        assert "unsent event kept; fgtui brings it back\r\n" in left


def test_a_window_of_another_size_ends_nothing_where_a_verb_has_opened_the_workbench(project: Path) -> None:
    with PseudoTerminal("demo", str(project / "demo"), folder=project, size=(120, 40)) as terminal:
        terminal.wait_for("Tour 1/8")
        since = terminal.settle()
        terminal.resize(40, 24)
        terminal.wait_for("1/8", since=since)
        terminal.send("\x1b8")
        terminal.wait_for("2/8", since=since)
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.wait_for_end() == 143
        assert the_modes(terminal) == RESTORED


def test_a_second_signal_ends_at_once(project: Path) -> None:
    with PseudoTerminal(folder=project) as terminal:
        terminal.wait_for(READY)
        os.kill(terminal.process.pid, signal.SIGSTOP)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCONT):
            os.kill(terminal.process.pid, number)
        assert terminal.wait_for_end() in {143, 130}
        assert the_modes(terminal) == RESTORED


@pytest.mark.parametrize("controlling", [True, False], ids=["its-own", "not-its-own"])
def test_a_terminal_that_vanishes_ends_the_process(project: Path, controlling: bool) -> None:
    with PseudoTerminal("--target", "slow.handler", folder=project, controlling=controlling) as terminal:
        terminal.wait_for(READY)
        terminal.send("\n")
        terminal.wait_for("running")
        terminal.wait_until(lambda: processes_of(terminal), "a handler that runs")
        children = processes_of(terminal)
        terminal.vanish()
        assert terminal.wait_for_end() == 129
    assert psutil.wait_procs(children, timeout=5)[1] == []


def test_ctrl_z_sleeps_and_the_shell_wakes_it(project: Path) -> None:
    with PseudoTerminal(folder=project) as terminal:
        terminal.wait_for(READY)
        terminal.send("\x1a")
        process = psutil.Process(terminal.process.pid)
        terminal.wait_until(lambda: process.status() == psutil.STATUS_STOPPED, "a process that sleeps")
        terminal.settle()
        assert the_modes(terminal) == RESTORED
        assert terminal.attributes() == terminal.attributes_before
        before = len(terminal.output)
        os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.wait_for(READY, since=before)
        assert terminal.modes()["1049"]
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


def test_the_whole_screen_is_there_again_after_ctrl_z(project: Path) -> None:
    with PseudoTerminal(folder=project, size=(120, 40)) as terminal:
        terminal.wait_for(READY)
        terminal.wait_for("Nothing recorded yet")
        terminal.settle()
        terminal.send("\x1a")
        process = psutil.Process(terminal.process.pid)
        terminal.wait_until(lambda: process.status() == psutil.STATUS_STOPPED, "a process that sleeps")
        before = terminal.settle()
        os.kill(terminal.process.pid, signal.SIGCONT)
        for words in ("bundled handler", "Triggers", "OBS", '"Records"', "Nothing sent yet", "Nothing recorded", READY):
            terminal.wait_for(words, since=before)


def test_a_paste_is_text_whatever_marks_it_holds(project: Path) -> None:
    with PseudoTerminal(folder=project, size=(120, 40)) as terminal:
        terminal.wait_for(READY)
        here = terminal.settle()
        terminal.send(f"{PASTE_START}pasted{PASTE_END}\n\x11 still{PASTE_END}")
        terminal.wait_for("still", since=here)
        terminal.settle()
        assert terminal.process.poll() is None
        assert "returned" not in terminal.text()
        assert "^Q" not in terminal.text(here)


def test_what_is_typed_before_the_workbench_is_there_is_not_for_it(project: Path) -> None:
    with PseudoTerminal(folder=project, size=(120, 40)) as terminal:
        terminal.send("early\r")
        start = terminal.wait_for(READY)
        terminal.send("late")
        terminal.wait_for("late", since=start)
        own_screen = bytes(terminal.output).partition(b"\x1b[?1049h")[2]
        assert b"early" not in own_screen
        assert b"returned" not in own_screen
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
        assert terminal.attributes() == terminal.attributes_before


def test_output_to_a_terminal_that_is_gone_is_dropped() -> None:
    read, write = os.pipe()
    os.close(read)
    stream = os.fdopen(write, "w", buffering=1)
    output = TerminalOutput(stream)
    output.write("text\n")
    output.flush()
    assert output.is_gone
    output.write("more")
    with suppress(BrokenPipeError):
        stream.close()


def test_the_size_is_the_terminals_whatever_variables_say_of_another_one(project: Path) -> None:
    with PseudoTerminal(folder=project, environment={"COLUMNS": "20", "LINES": "5", "FGTUI_LANG": "en"}) as terminal:
        terminal.wait_for("Sends events to FunctionGraph functions, here")
