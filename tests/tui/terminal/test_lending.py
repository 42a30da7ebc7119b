"""An editor has the terminal to itself and leaves it as it was: on a real pseudo-terminal, whatever the editor does."""

from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import sys
import threading
from pathlib import Path

import pytest

from fgtui.tui.terminal.guard import RESTORE
from fgtui.tui.terminal.lending import LAST_WORDS, run_on_terminal
from tests.tui.hostile import EVERYTHING
from tests.tui.pseudo_terminal import PseudoTerminal

HANDLER = """\
def handler(event, context):
    raise ValueError("boom")
"""
EDITOR = """\
import os, signal, sys, termios
terminal = os.open("/dev/tty", os.O_RDWR)
modes = termios.tcgetattr(0)
is_cooked = bool(modes[3] & termios.ICANON and modes[3] & termios.ECHO)
print("EDITING", *sys.argv[1:], "cooked" if is_cooked else "raw", [os.isatty(each) for each in (0, 1, 2)], "READY", flush=True)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "index.py").write_text(HANDLER)
    return folder


def an_editor(folder: Path, then: str) -> dict[str, str]:
    """A small editor for a terminal, as the environment that names it."""
    program = folder.parent / "vim"
    program.write_text(f"#!{sys.executable}\n{EDITOR}\n{then}\n")
    program.chmod(0o755)
    return {"EDITOR": f"{shlex.quote(str(program))} -n", "VISUAL": ""}


def open_place(terminal: PseudoTerminal) -> int:
    """Send, go to the outcome, open where it failed."""
    terminal.wait_for("help")
    terminal.send("\n")
    terminal.wait_for("raised ValueError")
    terminal.send("\x1b[17~")
    terminal.wait_for("] part")
    since = terminal.settle()
    terminal.send("\r")
    return terminal.wait_for("READY", since=since)


def test_the_editor_gets_the_line_and_the_terminal_and_the_workbench_comes_back(project: Path) -> None:
    with PseudoTerminal(
        "--target", "index.handler", folder=project, environment=an_editor(project, "input()")
    ) as terminal:
        since = open_place(terminal)
        assert f"EDITING -n +2 {project}/index.py cooked [True, True, False]" in terminal.text().replace("\n", "")
        assert not terminal.modes()["1049"]
        assert not terminal.modes()["keys"]
        terminal.send("\n")
        terminal.wait_for("] part", since=since)
        terminal.wait_for("raised ValueError", since=since)
        assert terminal.modes()["1049"]
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
        assert terminal.attributes() == terminal.attributes_before


@pytest.mark.parametrize(
    ("then", "words"),
    [
        pytest.param("sys.exit(3)", "vim ended with exit code 3", id="it-fails"),
        pytest.param("sys.exit('no \\x1b[31msuch display')", "exit code 1: no \\e[31msuch", id="it-fails-and-says-why"),
        pytest.param(
            "import subprocess; subprocess.Popen(['sleep', '600']); sys.exit('left behind')",
            "exit code 1: left behind",
            id="it-leaves-somebody-behind",
        ),
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", "vim was ended by signal 9", id="it-is-killed"),
        pytest.param(
            "import tty; tty.setraw(0); print('\\x1b[?1049h\\x1b[?2004h\\x1b[?1003h', flush=True); os.abort()",
            "vim was ended by signal 6",
            id="it-leaves-the-terminal-raw",
        ),
    ],
)
def test_an_editor_that_ends_badly_is_said_and_the_terminal_is_whole(project: Path, then: str, words: str) -> None:
    with PseudoTerminal("--target", "index.handler", folder=project, environment=an_editor(project, then)) as terminal:
        open_place(terminal)
        terminal.wait_for(words)
        terminal.settle()
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
        assert terminal.attributes() == terminal.attributes_before
        assert not terminal.modes()["1049"]
        assert not terminal.modes()["1003"]


def test_an_editor_nobody_knows_is_told_of_once_since_it_gets_no_line(project: Path) -> None:
    environment = an_editor(project, "input()")
    program = Path(shlex.split(environment["EDITOR"])[0])
    other = program.rename(program.with_name("own-editor"))
    environment["EDITOR"] = str(other)
    with PseudoTerminal("--target", "index.handler", folder=project, environment=environment) as terminal:
        since = open_place(terminal)
        assert f"EDITING {project}/index.py cooked" in terminal.text().replace("\n", "")
        terminal.send("\n")
        terminal.wait_for("own-editor was", since=since)
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


def test_an_editor_that_cannot_be_started_is_said(project: Path) -> None:
    program = project.parent / "vim"
    program.write_text("no program")
    program.chmod(0o755)
    with PseudoTerminal(
        "--target", "index.handler", folder=project, environment={"VISUAL": "", "EDITOR": str(program)}
    ) as terminal:
        terminal.wait_for("help")
        terminal.send("\n")
        terminal.wait_for("raised ValueError")
        terminal.send("\x1b[17~")
        terminal.wait_for("] part")
        terminal.settle()
        terminal.send("\r")
        terminal.wait_for("could not be started: Exec format error")


def test_ctrl_c_is_the_editor_s(project: Path) -> None:
    then = "try:\n    input()\nexcept KeyboardInterrupt:\n    print('INTERRUPTED', flush=True)"
    with PseudoTerminal("--target", "index.handler", folder=project, environment=an_editor(project, then)) as terminal:
        since = open_place(terminal)
        terminal.settle()
        terminal.send("\x03")
        terminal.wait_for("INTERRUPTED", since=since)
        terminal.wait_for("] part", since=since)
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
@pytest.mark.parametrize(
    "then", ["input()", "signal.signal(signal.SIGHUP, signal.SIG_IGN); input()"], ids=["heeds", "ignores"]
)
def test_a_signal_that_ends_the_workbench_ends_the_editor_before(
    project: Path, number: signal.Signals, exit_code: int, then: str
) -> None:
    kept = project.parent / "pid"
    note = f"open({str(kept)!r}, 'w').write(str(os.getpid()))\n"
    then = then.replace("input()", note + "input()")
    with PseudoTerminal("--target", "index.handler", folder=project, environment=an_editor(project, then)) as terminal:
        open_place(terminal)
        terminal.wait_until(lambda: kept.exists() and kept.read_text(), "the editor waits")
        os.kill(terminal.process.pid, number)
        assert terminal.wait_for_end() == exit_code
        assert terminal.attributes() == terminal.attributes_before
        assert not Path("/proc", kept.read_text()).exists()


def test_a_hostile_log_is_walked_through_and_opened_with_nothing_foreign_on_the_terminal(project: Path) -> None:
    (project / "index.py").write_text(
        "import json\n"
        f"TEXT = json.loads({json.dumps(json.dumps(EVERYTHING))})\n"
        "def handler(event, context):\n"
        "    for name in (TEXT, '/etc/passwd; rm', '-rf', '\\u202egone\\x1b[31m.py', 'x' * 1000000):\n"
        "        print(f'File \"{name}\", line 1')\n"
        "    raise ValueError('boom')\n"
    )
    with PseudoTerminal("--target", "index.handler", folder=project, environment=an_editor(project, "")) as terminal:
        terminal.wait_for("help")
        terminal.send("\n")
        terminal.wait_for("raised ValueError")
        terminal.send("\x1b[17~")
        terminal.wait_for("] part")
        for key in ("]", "p", "\r", "p", "\r", "p", "o", "p", "o", "P", "P", "p"):
            terminal.send(key)
            terminal.settle()
        assert terminal.foreign_controls() == []
        assert "there is no file" in terminal.text()
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


def test_the_event_goes_to_an_editor_and_to_a_pager_and_comes_back(project: Path) -> None:
    environment = an_editor(project, "file = sys.argv[-1]; text = open(file).read(); open(file, 'w').write('[7]\\n')")
    environment["PAGER"] = environment["EDITOR"]
    with PseudoTerminal("--target", "index.handler", folder=project, environment=environment) as terminal:
        terminal.wait_for("help")
        since = terminal.settle()
        terminal.send("\x1bx")
        since = terminal.wait_for("READY", since=since)
        since = terminal.wait_for("[7]", since=since)
        since = terminal.settle()
        terminal.send("\x1br")
        since = terminal.wait_for("READY", since=since)
        assert "event-" in terminal.text()
        terminal.wait_for("help", since=since)
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


def test_what_a_program_writes_as_errors_shows_and_its_end_is_kept(tmp_path: Path) -> None:
    terminal, ours = pty.openpty()
    try:
        program = f"printf '%{2 * LAST_WORDS - 500}s' x >&2; printf 'the end' >&2; exit 3"
        lent = run_on_terminal(["sh", "-c", program], ours, folder=tmp_path, environment=os.environ)
        shown = ""
        while not shown.endswith(RESTORE):  # a terminal hands over a part at a time
            shown += os.read(terminal, 65_536).decode()
    finally:
        os.close(terminal)
        os.close(ours)
    assert (lent.exit_code, len(lent.last_words)) == (3, LAST_WORDS)
    assert lent.last_words.endswith("xthe end")
    assert "xthe end" in shown


def test_whoever_a_program_leaves_behind_writes_no_more_on_the_terminal(tmp_path: Path) -> None:
    terminal, ours = pty.openpty()
    os.mkfifo(tmp_path / "wait")
    try:
        program = "(read word <wait; echo late >&2) & echo now >&2"
        lent = run_on_terminal(["sh", "-c", program], ours, folder=tmp_path, environment=os.environ)
        (tmp_path / "wait").write_text("go\n")
        for thread in threading.enumerate():
            if thread.name == "fgtui-errors":
                thread.join(10)
        os.write(ours, b"end")
        shown = ""
        while not shown.endswith("end"):
            shown += os.read(terminal, 65_536).decode()
    finally:
        os.close(terminal)
        os.close(ours)
    assert lent.last_words == "now\n"
    assert "now" in shown
    assert "late" not in shown
