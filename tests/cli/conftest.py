"""What tests of the command line share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.stage import Stage


@pytest.fixture
def stage(tmp_path: Path, own_home: Path) -> Stage:
    """An empty working folder with a home of its own."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Stage(folder, {"FGTUI_HOME": str(own_home), "PATH": os.environ["PATH"], "TERM": "xterm-256color"})
