"""The copy ladder: every rung, and the words that say which one it was."""

from __future__ import annotations

import base64
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui.terminal.clipboard import OSC52_LIMIT, SCREEN_CHUNK, Route, copy, copy_native, copy_tmux, osc52
from fgtui.words import say

SSH = {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22", "PATH": "/usr/bin:/bin"}


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    """A folder with an ``xclip`` that keeps what it is given and gives it back."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "xclip"
    program.write_text(
        f'#!/bin/sh\ncase "$*" in *-o*) cat {tmp_path}/clipboard;; *) cat > {tmp_path}/clipboard;; esac\n'
    )
    program.chmod(0o755)
    return folder


def with_display(folder: Path) -> dict[str, str]:
    return {"DISPLAY": ":77", "PATH": f"{folder}:/usr/bin:/bin"}


def test_nothing_but_a_file_is_left_without_clipboard_and_terminal(tmp_path: Path) -> None:
    copied = copy("a [b] \x1b[31m", folder=tmp_path / "data", write=None, environment={})
    assert copied.route is Route.FILE
    file = tmp_path / "data" / "copied.txt"
    assert file.read_text() == "a [b] \x1b[31m"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert say(copied.message, copied.values).endswith(str(file))


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    copied = copy("x", folder=tmp_path / "data", write=None, environment={})
    assert copied.route is Route.NONE
    assert str(tmp_path / "data") in say(copied.message, copied.values)


def test_over_ssh_the_terminal_is_asked_and_a_file_kept(tmp_path: Path) -> None:
    sent: list[str] = []
    copied = copy("wörld", folder=tmp_path, write=sent.append, environment=SSH)
    assert copied.route is Route.TERMINAL
    assert copied.message.startswith("sent to the terminal")
    assert sent == [f"\x1b]52;c;{base64.b64encode('wörld'.encode()).decode()}\x07"]
    assert (tmp_path / "copied.txt").read_text() == "wörld"


def test_too_much_for_a_terminal_goes_to_the_file(tmp_path: Path) -> None:
    sent: list[str] = []
    copied = copy("x" * OSC52_LIMIT, folder=tmp_path, write=sent.append, environment=SSH)
    assert (copied.route, sent) == (Route.FILE, [])


@pytest.mark.parametrize(("size", "fits"), [(OSC52_LIMIT // 4 * 3, True), (OSC52_LIMIT // 4 * 3 + 3, False)])
def test_the_limit_counts_the_encoded_bytes(size: int, fits: bool) -> None:
    assert (osc52(b"x" * size, {}) is not None) is fits


def test_tmux_gets_the_sequence_wrapped_with_doubled_escapes() -> None:
    sequence = osc52(b"x", {"TMUX": "/tmp/tmux-0/default,1,0"})
    assert sequence is not None
    assert sequence.startswith("\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\")


@pytest.fixture
def tmux() -> Iterator[tuple[str, ...]]:
    """A tmux of its own as it comes, with a session in it; the command that talks to it."""
    program = shutil.which("tmux")
    if program is None:
        pytest.skip("no tmux here")
    folder = tempfile.mkdtemp(prefix="fgtui-")  # a socket's path must be short
    command = (program, "-S", f"{folder}/socket", "-f", "/dev/null")
    subprocess.run([*command, "new-session", "-d", "cat"], check=True)
    yield command
    subprocess.run([*command, "kill-server"], check=True)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_tmux_that_nobody_looks_at_keeps_the_text_in_its_buffer_and_a_file_does_too(
    tmux: tuple[str, ...], tmp_path: Path
) -> None:
    sent: list[str] = []
    environment = {**SSH, "TMUX": f"{tmux[2]},1,0"}
    copied = copy("wörld [x]\n\tend", folder=tmp_path, write=sent.append, environment=environment)
    assert (copied.route, copied.size) == (Route.TMUX, 15)
    words = say(copied.message, copied.values)
    assert words.startswith("copied to a buffer of tmux, perhaps no further; also kept in ")
    buffer = subprocess.run([*tmux, "show-buffer"], capture_output=True, check=True)
    assert buffer.stdout.decode() == "wörld [x]\n\tend" == (tmp_path / "copied.txt").read_text()
    assert len(sent) == 1


@pytest.mark.parametrize("path", ["/usr/bin:/bin", "/nonexistent"], ids=["no-server", "no-tmux"])
def test_a_tmux_that_cannot_be_told_is_said_with_what_it_needs(tmp_path: Path, path: str) -> None:
    environment = {"SSH_TTY": "/dev/pts/9", "TMUX": f"{tmp_path}/none,1,0", "PATH": path}
    sent: list[str] = []
    copied = copy("x", folder=tmp_path, write=sent.append, environment=environment)
    assert copied.route is Route.TERMINAL
    words = say(copied.message, copied.values)
    assert words.startswith("sent to the terminal; tmux passes it on with: set -s set-clipboard on")
    assert words.endswith(str(tmp_path / "copied.txt"))
    assert len(sent) == 1


def test_in_tmux_a_folder_that_cannot_be_written_still_says_what_tmux_needs(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    environment = {"SSH_TTY": "/dev/pts/9", "TMUX": "none,1,0", "PATH": "/nonexistent"}
    copied = copy("x", folder=tmp_path / "data", write=lambda _: None, environment=environment)
    assert say(copied.message, copied.values).endswith("set -s set-clipboard on")


def test_outside_tmux_no_tmux_is_asked() -> None:
    assert not copy_tmux(b"x", {"PATH": "/usr/bin:/bin"})


def test_screen_gets_it_in_chunks_it_does_not_cut() -> None:
    content = b"0123456789" * 100
    sequence = osc52(content, {"TERM": "screen-256color"})
    assert sequence is not None
    chunks = re.findall(r"\x1bP(.*?)\x1b\\", sequence, re.DOTALL)
    assert all(len(chunk) <= SCREEN_CHUNK for chunk in chunks)
    assert "".join(chunks) == osc52(content, {})


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has a clipboard of its own")
def test_a_local_clipboard_wins_and_takes_the_original(tmp_path: Path, tool: Path) -> None:
    sent: list[str] = []
    copied = copy("[/x] \x1b\u202e", folder=tmp_path / "data", write=sent.append, environment=with_display(tool))
    assert (copied.route, copied.message, sent) == (Route.NATIVE, "copied to the clipboard", [])
    assert (tmp_path / "clipboard").read_text() == "[/x] \x1b\u202e"
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has a clipboard of its own")
def test_a_clipboard_tool_that_fails_passes_on_to_the_terminal(tmp_path: Path, tool: Path) -> None:
    (tool / "xclip").write_text("#!/bin/sh\necho cannot open display >&2\nexit 1\n")
    sent: list[str] = []
    copied = copy("x", folder=tmp_path / "data", write=sent.append, environment=with_display(tool))
    assert copied.route is Route.TERMINAL
    assert len(sent) == 1


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has a clipboard of its own")
def test_text_that_no_clipboard_holds_passes_on_to_the_terminal(tmp_path: Path, tool: Path) -> None:
    copied = copy("\ud800", folder=tmp_path / "data", write=lambda _: None, environment=with_display(tool))
    assert copied.route is Route.TERMINAL


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has a clipboard of its own")
def test_without_a_display_no_tool_is_started(tool: Path) -> None:
    assert not copy_native(b"x", {"PATH": str(tool)})
