"""Copies inside a real tmux, on a terminal of ours: which bytes reach the terminal outside, and what tmux keeps."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui.terminal.clipboard import OSC52_LIMIT
from tests.tui.pseudo_terminal import PseudoTerminal

TMUX = shutil.which("tmux")
pytestmark = pytest.mark.skipif(TMUX is None, reason="no tmux here")

COPIER = """\
import os, sys, time
from pathlib import Path
from fgtui.terminal.clipboard import copy
from fgtui.words import say

folder = Path(sys.argv[1])
with open("/dev/tty", "w") as terminal:
    def write(sequence):
        terminal.write(sequence)
        terminal.flush()

    copied = copy((folder / "text").read_bytes().decode(), folder=folder, write=write, environment=os.environ)
(folder / "route").write_text(f"{copied.route}: {say(copied.message, copied.values)}")
time.sleep(60)
"""
CHINESE = "空 [/x]\n\t文 \x1b[31m\x00\r\n\n"


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="fgtui-"))  # a socket's path must be short
    yield made
    subprocess.run([str(TMUX), "-S", f"{made}/socket", "kill-server"], check=False, capture_output=True)
    shutil.rmtree(made, ignore_errors=True)


class Copying:
    """One copy of ``text`` inside tmux."""

    def __init__(
        self,
        folder: Path,
        text: str,
        settings: str,
        *,
        arrivals: int,
        terminal: str = "xterm-256color",
        path: str | None = None,
    ) -> None:
        """``arrivals``: how many sequences are waited for outside."""
        (folder / "text").write_bytes(text.encode())
        (folder / "copier.py").write_text(COPIER)
        (folder / "settings").write_text(settings)
        with_path = [] if path is None else ["env", f"PATH={path}"]
        words = ["-S", f"{folder}/socket", "-f", f"{folder}/settings", "new-session"]
        words += [*with_path, sys.executable, f"{folder}/copier.py", str(folder)]
        environment = {"TERM": terminal, "SSH_TTY": "/dev/pts/99", "DISPLAY": "", "WAYLAND_DISPLAY": "", "TMUX": ""}
        with PseudoTerminal(*words, folder=folder, environment=environment, program=[str(TMUX)]) as outside:
            outside.wait_until(lambda: (folder / "route").exists() and (folder / "route").read_text(), "it is copied")
            outside.wait_until(lambda: len(_clipboard_sequences(outside)) >= arrivals, f"{arrivals} arrive outside")
            outside.settle()
            self.route, _, self.words = (folder / "route").read_text().partition(": ")
            shown = subprocess.run(
                [str(TMUX), "-S", f"{folder}/socket", "show-buffer"], check=False, capture_output=True
            )
            self.buffer = shown.stdout.decode() if shown.returncode == 0 else None
            self.arrived = _clipboard_sequences(outside)
        kept = folder / "copied.txt"
        self.kept = kept.read_bytes().decode() if kept.exists() else None


def _clipboard_sequences(outside: PseudoTerminal) -> list[bytes]:
    return re.findall(rb"\x1b\]52;[^\x07\x1b]*(?:\x07|\x1b\\)", bytes(outside.output))


def told(text: str, selection: str = "") -> bytes:
    """What asks a terminal to take ``text``; tmux names no selection, programs name the clipboard."""
    return b"\x1b]52;%s;%s\x07" % (selection.encode(), base64.b64encode(text.encode()))


@pytest.mark.parametrize("settings", ["", "set -s set-clipboard on\n"], ids=["as-it-comes", "set-clipboard-on"])
def test_the_terminal_outside_is_told_exactly_what_was_copied(folder: Path, settings: str) -> None:
    copying = Copying(folder, CHINESE, settings, arrivals=1)
    assert copying.arrived == [told(CHINESE)]
    assert copying.buffer == CHINESE
    assert (copying.route, copying.words) == ("tmux", "copied to a buffer of tmux, and sent on to the terminal")
    assert copying.kept is None


def test_a_tmux_that_shall_leave_the_clipboard_alone_keeps_the_text(folder: Path) -> None:
    copying = Copying(folder, CHINESE, "set -s set-clipboard off\n", arrivals=0)
    assert (copying.arrived, copying.buffer, copying.kept) == ([], CHINESE, CHINESE)
    assert "its set-clipboard is off; also kept in " in copying.words


def test_a_terminal_that_tmux_knows_no_way_to_is_not_claimed_to_have_it(folder: Path) -> None:
    copying = Copying(folder, CHINESE, "", arrivals=0, terminal="screen-256color")
    assert (copying.arrived, copying.buffer, copying.kept) == ([], CHINESE, CHINESE)
    assert "perhaps no further" in copying.words


def test_what_tmux_knows_no_way_for_may_still_pass_through_it(folder: Path) -> None:
    copying = Copying(folder, CHINESE, "set -g allow-passthrough on\n", arrivals=1, terminal="screen-256color")
    assert (copying.arrived, copying.buffer) == ([told(CHINESE, "c")], CHINESE)


def test_what_is_too_long_for_a_terminal_is_not_sent_there(folder: Path) -> None:
    text = "文" * (OSC52_LIMIT // 4 + 1)
    copying = Copying(folder, text, "", arrivals=0)
    assert (copying.arrived, copying.buffer, copying.kept) == ([], text, text)
    assert copying.words.startswith("copied to a buffer of tmux; it is too long to be sent on to the terminal")


@pytest.mark.parametrize(
    ("settings", "selections", "in_buffer"),
    [
        pytest.param("", [], False, id="as-it-comes"),
        pytest.param("set -s set-clipboard on\n", [""], True, id="set-clipboard-on"),
        pytest.param("set -g allow-passthrough on\n", ["c"], False, id="allow-passthrough"),
    ],
)
def test_without_its_program_tmux_takes_the_sequence_as_it_is_told_to(
    folder: Path, settings: str, selections: list[str], in_buffer: bool
) -> None:
    copying = Copying(folder, CHINESE, settings, arrivals=len(selections), path="/nonexistent")
    assert copying.arrived == [told(CHINESE, selection) for selection in selections]
    assert (copying.buffer == CHINESE) is in_buffer
    assert copying.route == "terminal"
    assert "tmux passes it on with: set -s set-clipboard on" in copying.words
    assert copying.kept == CHINESE
