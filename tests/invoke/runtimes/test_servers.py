from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fgtui.invoke import hosts
from fgtui.invoke.runtimes.servers import launch
from fgtui.invoke.targets import parse_local


@pytest.mark.parametrize("runtime", ["custom", "http", "container"])
def test_a_bootstrap_lives_behind_a_program_of_ours(tmp_path: Path, runtime: str) -> None:
    bootstrap = tmp_path / "bootstrap"
    bootstrap.touch(0o755)
    found = launch(parse_local("bootstrap", base=tmp_path, runtime=runtime))
    assert found.interpreter == Path(sys.executable)
    assert found.program == bootstrap
    assert (Path(hosts.__path__[0]) / f"{found.host}.py").is_file()
    assert found.is_isolated
    assert found.is_between
    assert found.environment == found.arguments == ()
