"""The real program in a real tmux: what is copied by its keys arrives at the terminal outside, byte for byte."""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
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
