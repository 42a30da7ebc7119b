"""Keys as terminals send them: what arrives as bytes does what help says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.pseudo_terminal import PseudoTerminal

ALT_LETTERS = [
    pytest.param("\x1bg", "Go to a path", id="alt-g-asks-for-a-path"),
    pytest.param("\x1b[B\x1bp", "path: ", id="alt-p-copies-the-path"),
]


@pytest.mark.parametrize(("sent", "answer"), ALT_LETTERS)
def test_alt_with_a_letter_acts_and_types_nothing(tmp_path: Path, sent: str, answer: str) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"key": "value"}')
    with PseudoTerminal("event.json", folder=tmp_path, size=(180, 40)) as terminal:
        terminal.wait_for("help")
        terminal.send(sent)
        terminal.wait_for(answer)
        terminal.send("\x1b")
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
