"""The real program over SSH, in a real tmux and without: what its keys copy arrives outside, byte for byte."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tui.pseudo_terminal import PseudoTerminal

TMUX = shutil.which("tmux")
EVENT = '{"键": "文 [/x] \\u0000", "n": 52.0}\r\n\n'


@pytest.fixture
def socket() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="fgtui-"))  # a socket's path must be short
    yield folder / "socket"
    subprocess.run([str(TMUX), "-S", str(folder / "socket"), "kill-server"], check=False, capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(TMUX is None, reason="no tmux here")
def test_the_event_is_copied_over_ssh_inside_tmux_to_the_terminal_outside(tmp_path: Path, socket: Path) -> None:
    (tmp_path / "event.json").write_bytes(EVENT.encode())
    (tmp_path / "index.py").write_text("def handler(event, context):\n    return event\n")
    words = ["-S", str(socket), "-f", "/dev/null", "new-session", sys.executable, "-m", "fgtui"]
    words += ["event.json", "--target", "index.handler"]
    environment = {"SSH_TTY": "/dev/pts/99", "DISPLAY": "", "WAYLAND_DISPLAY": "", "TMUX": ""}
    with PseudoTerminal(
        *words, folder=tmp_path, size=(80, 24), environment=environment, program=[str(TMUX)]
    ) as terminal:
        terminal.wait_for("event.json")
        terminal.send("\x1by")
        terminal.wait_for("the wire text")
        terminal.send("e")
        told = b"\x1b]52;;" + base64.b64encode(EVENT.encode()) + b"\x07"
        terminal.wait_until(lambda: told in terminal.output, "the terminal is told")
        terminal.wait_for("copied to a buffer of tmux")
        buffer = subprocess.run([str(TMUX), "-S", str(socket), "show-buffer"], check=True, capture_output=True)
    assert buffer.stdout == EVENT.encode()


@contextmanager
def copied(folder: Path, event: bytes, **variables: str) -> Iterator[PseudoTerminal]:
    """The program without tmux, its event copied by keys."""
    (folder / "event.json").write_bytes(event)
    (folder / "index.py").write_text("def handler(event, context):\n    return event\n")
    environment = {"SSH_TTY": "/dev/pts/99", "DISPLAY": "", "WAYLAND_DISPLAY": "", "TMUX": "", "STY": "", **variables}
    with PseudoTerminal("event.json", "--target", "index.handler", folder=folder, environment=environment) as terminal:
        terminal.wait_for("event.json")
        terminal.send("\x1by")
        terminal.wait_for("the wire text")
        terminal.send("e")
        yield terminal


def test_without_tmux_the_terminal_is_asked_for_its_clipboard(tmp_path: Path, own_home: Path) -> None:
    with copied(tmp_path, EVENT.encode()) as terminal:
        told = b"\x1b]52;c;" + base64.b64encode(EVENT.encode()) + b"\x07"
        terminal.wait_until(lambda: told in terminal.output, "the terminal is told")
        terminal.wait_for("event: sent to the terminal")
    assert (own_home / "data" / "copied.txt").read_bytes() == EVENT.encode()


def test_in_screen_the_sequence_is_handed_through_in_pieces(tmp_path: Path) -> None:
    event = json.dumps(["文 [/x]" * 100], ensure_ascii=False).encode()
    with copied(tmp_path, event, TERM="screen-256color", STY="1.pts") as terminal:
        told = b"\x1b]52;c;" + base64.b64encode(event) + b"\x07"
        terminal.wait_until(lambda: told in _handed_through(terminal.output), "screen is told")


def _handed_through(output: bytes | bytearray) -> bytes:
    """What GNU screen passes to its terminal: the content of device control strings."""
    return b"".join(re.findall(rb"\x1bP([^\x1b]*(?:\x1b(?!\\)[^\x1b]*)*)\x1b\\", output))


def test_what_is_too_long_for_a_terminal_is_written_to_a_file_that_is_named(tmp_path: Path, own_home: Path) -> None:
    event = json.dumps(["文" * 20_000], ensure_ascii=False).encode()
    with copied(tmp_path, event) as terminal:
        terminal.wait_for("event: no clipboard here; written to")
        assert b"\x1b]52;" not in terminal.output
    assert (own_home / "data" / "copied.txt").read_bytes() == event
