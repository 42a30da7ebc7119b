"""Keys as terminals send them: what arrives as bytes does what help says."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.tui.pseudo_terminal import ESCAPE, PseudoTerminal

ALT_LETTERS = [
    pytest.param("\x1bg", "Go to a path", id="alt-g-asks-for-a-path"),
    pytest.param("\x1b[C\x1b[C\x1bp", "path: ", id="alt-p-copies-the-path"),
]


@pytest.mark.parametrize(("sent", "answer"), ALT_LETTERS)
def test_alt_with_a_letter_acts_and_types_nothing(tmp_path: Path, sent: str, answer: str) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"key": "value"}')
    with PseudoTerminal("event.json", folder=tmp_path, size=(180, 40)) as terminal:
        terminal.wait_for("help")
        terminal.send(sent)
        terminal.wait_for(answer)
        terminal.send(ESCAPE)
        terminal.settle()
        assert "modified" not in terminal.text()
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


def test_alt_enter_begins_a_line(tmp_path: Path) -> None:
    with PseudoTerminal(folder=tmp_path, size=(180, 40)) as terminal:
        terminal.wait_for("help")
        terminal.send("\x1b\r")
        terminal.wait_for("modified")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


HELP = {
    "\x1bOP": "F1 of xterm",
    "\x1b[11~": "F1 of rxvt",
    "\x1b[[A": "F1 of the Linux console",
    "\x1b?": "Alt+?",
    "\x1b[63;3u": "Alt+? of the kitty protocol",
}
UNDO = {
    "\x1f": "Ctrl+/",
    "\x1b[47;5u": "Ctrl+/ of the kitty protocol",
    "\x1bu": "Alt+U",
    "\x1b[117;3u": "Alt+U of the kitty protocol",
}
SEND = {
    "\n": "Ctrl+J",
    "\x1b[106;5u": "Ctrl+J of the kitty protocol",
    "\x1b[15~": "F5",
    "\x1b[[E": "F5 of the Linux console",
    "\x1b[13;5u": "Ctrl+Enter of the kitty protocol",
    "\x1b[27;5;13~": "Ctrl+Enter of xterm",
}


def _has_lines(file: Path, count: int) -> bool:
    return len(file.read_text()) == count


def test_keys_arrive_however_a_terminal_spells_them(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    calls.touch()
    (tmp_path / "index.py").write_text(f"def handler(event, context):\n    print(file=open({str(calls)!r}, 'a'))\n")
    with PseudoTerminal("--target", "index.handler", folder=tmp_path, size=(180, 40)) as terminal:
        terminal.wait_for("help")
        for sent in HELP:
            since = terminal.settle()
            terminal.send(sent)
            terminal.wait_for("Help: Event", since=since)
            since = terminal.settle()
            terminal.send("\x1b[11~")
            terminal.wait_for("F4", since=since)
        for sent in UNDO:
            since = terminal.settle()
            terminal.send("x")
            terminal.wait_for("modified", since=since)
            since = terminal.settle()
            terminal.send(sent)
            terminal.wait_for("no problems", since=since)
        for number, sent in enumerate(SEND, 1):
            terminal.settle()
            terminal.send(sent)
            terminal.wait_until(partial(_has_lines, calls, number), SEND[sent])
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


def test_keys_that_come_in_one_go_are_told_apart(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text("{}")
    with PseudoTerminal("event.json", folder=tmp_path, size=(180, 40)) as terminal:
        terminal.wait_for("help")
        terminal.send("\x1b?\x1b[11~\x1b?")
        terminal.wait_for("Help: Event")
        terminal.settle()
        assert "modified" not in terminal.text()
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
