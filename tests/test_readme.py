"""The README is true: its commands run as printed, what it links exists. Its tables: tests/cli/test_reference.py."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fgtui.config import load
from fgtui.tui.keymap import PRESETS, keymap_for

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [
    block
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    if "python3 -m venv" not in block
]
NEEDED = {"javac": "javac", ".js": "node"}
"""What a block has that needs a program not every machine has."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader follows along: the blocks build on each other."""
    folder = tmp_path_factory.mktemp("reader")
    binary = folder / "bin" / "fgtui"
    binary.parent.mkdir()
    binary.write_text(f'#!/bin/sh\nexec {sys.executable} -m fgtui "$@"\n', encoding="utf-8")
    binary.chmod(0o755)
    return folder


def test_every_command_runs_as_printed(folder: Path) -> None:
    assert len(BLOCKS) >= 3
    environment = {
        **os.environ,
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "FGTUI_HOME": str(folder / "home"),
        "PYTHONPATH": str(ROOT),
    }
    missing = set()
    for block in BLOCKS:
        if lacking := {program for sign, program in NEEDED.items() if sign in block and not shutil.which(program)}:
            missing |= lacking
            continue
        finished = subprocess.run(
            ["sh", "-e", "-c", block], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert finished.returncode == 0, f"{block}\n{finished.stdout}\n{finished.stderr}"
    if missing:
        pytest.skip(f"left out what needs {', '.join(sorted(missing))}, which is not on PATH")


@pytest.mark.parametrize("preset", ["none", *PRESETS])
def test_the_keys_it_gives_as_an_example_can_be_had(tmp_path: Path, preset: str) -> None:
    paragraph = next(each for each in README.split("\n\n") if each.startswith("**Keys.**"))
    examples = re.findall(r'`([a-z-]+ = "[^`]+")`', paragraph)
    assert examples
    lines = "\n".join(each for each in examples if not each.startswith("preset"))
    (tmp_path / "fgtui.toml").write_text(f"[keys]\npreset = '{preset}'\n{lines}\n", encoding="utf-8")
    environment = {"FGTUI_HOME": str(tmp_path / "home")}
    assert keymap_for(load(tmp_path, environment), environment)["send"] == "ctrl+j,alt+shift+s"


def test_every_picture_and_page_it_links_is_there() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert link.startswith("https://") or (ROOT / link).exists(), link


def test_the_chinese_page_shows_no_command_that_this_one_does_not_run() -> None:
    page = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    english = set(README.splitlines())
    for block in re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        assert [line for line in block.splitlines() if line not in english] == []
    for link in re.findall(r"\]\(([^)#]+)\)", page):
        assert link.startswith("https://") or (ROOT / link).exists(), link
