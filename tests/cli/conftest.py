"""What tests of the command line share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.stage import Stage


def _environment(home: Path) -> dict[str, str]:
    return {"FGTUI_HOME": str(home), "PATH": os.environ["PATH"], "TERM": "xterm-256color"}


@pytest.fixture
def stage(tmp_path: Path, own_home: Path) -> Stage:
    """An empty working folder with a home of its own."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Stage(folder, _environment(own_home))


@pytest.fixture(scope="session")
def recorded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three exchanges in ``orders`` (two of LTS, one of OBS) and one in ``other``; made once, only copied."""
    folder = tmp_path_factory.mktemp("recorded")
    stage = Stage(folder, _environment(folder / "home"))
    stage.run("send", "lts", "--session", "orders", "--repeat", "2")
    stage.run("send", "obs", "--session", "orders")
    stage.run("send", "blank", "--session", "other")
    return folder / "home"


@pytest.fixture
def recorded(stage: Stage, recorded_home: Path) -> Stage:
    """A stage whose store holds what ``recorded_home`` does."""
    shutil.copytree(recorded_home, stage.environment["FGTUI_HOME"])
    return stage
