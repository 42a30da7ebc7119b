"""A bench for handlers whose end is checked: no process, no zombie, no working folder stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from fgtui.invoke.invoker import Invoker
from tests.invoke.harness import Bench, left_behind, wait_until


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setenv("TMPDIR", str(work))
    before = psutil.pids()
    invoker = Invoker()
    yield Bench(tmp_path / "code", invoker)
    invoker.close()
    wait_until(lambda: not left_behind(str(tmp_path), before), "every process has ended")
    assert list(work.iterdir()) == []
