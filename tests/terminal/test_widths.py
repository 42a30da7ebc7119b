"""A terminal is asked how wide it draws what frames are made of, and what breaks them is said with the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.pseudo_terminal import PseudoTerminal

CHINESE = {"LC_ALL": "zh_CN.UTF-8", "FGTUI_LANG": "en", "STY": "1.screen"}
ASKED = b"\x1b[6n"


def answer(terminal: PseudoTerminal, column: int) -> None:
    terminal.wait_until(lambda: ASKED in terminal.output, "the question")
    terminal.send(f"\x1b[1;{column}R")


@pytest.mark.parametrize(("column", "said"), [(2, "takes one cell"), (3, "put cjkwidth off into ~/.screenrc")])
def test_doctor_says_how_wide_signs_are(tmp_path: Path, column: int, said: str) -> None:
    with PseudoTerminal("doctor", folder=tmp_path, environment=CHINESE) as terminal:
        answer(terminal, column)
        terminal.wait_for(said)
        assert terminal.wait_for_end() == 0
        assert terminal.attributes() == terminal.attributes_before


def test_the_workbench_says_that_the_terminal_breaks_its_frames(tmp_path: Path) -> None:
    with PseudoTerminal(folder=tmp_path, size=(120, 40), environment=CHINESE) as terminal:
        answer(terminal, 3)
        terminal.wait_for("fgtui doctor says")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
