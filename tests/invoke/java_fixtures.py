"""Compiled Java handlers and a bench for them; test modules name this one in ``pytest_plugins``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui.invoke.invoker import Invoker
from tests.invoke.harness import Bench
from tests.invoke.java_bench import JavaBench, compile_all


@pytest.fixture(scope="session")
def java_classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_all(tmp_path_factory.mktemp("java"))


@pytest.fixture(scope="module")
def warm(java_classes: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaBench]:
    """For handlers that leave nothing behind in their instance: one serves a whole module of tests."""
    invoker = Invoker()
    yield JavaBench(Bench(tmp_path_factory.mktemp("warm"), invoker), java_classes)
    invoker.close()


@pytest.fixture
def java(bench: Bench, java_classes: Path) -> JavaBench:
    return JavaBench(bench, java_classes)


@pytest.fixture
def empty_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of Maven and Gradle: a home where neither has fetched a Gson yet."""
    home = tmp_path / "person"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("GRADLE_USER_HOME", raising=False)
    return home
