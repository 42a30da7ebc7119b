"""Noticing that a handler or an event changed."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui.cli import watching
from fgtui.cli.watching import Watcher


class OneLook(threading.Event):
    """Ends after one look, without waiting for it."""

    def wait(self, timeout: float | None = None) -> bool:
        was_set = self.is_set()
        self.set()
        return was_set


def noticed(watcher: Watcher) -> bool:
    """Whether a change is there to be noticed."""
    return watcher.wait(OneLook())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "index.py").write_text("1")
    (folder / "data.json").write_text("{}")
    return folder


def test_nothing_changed_is_nothing(folder: Path) -> None:
    assert not noticed(Watcher(folder))


@pytest.mark.parametrize("name", ["src/index.py", "data.json", "src/new.py"])
def test_a_file_that_changes_or_comes_is_noticed_once(folder: Path, name: str) -> None:
    watcher = Watcher(folder)
    (folder / name).write_text("longer than before")
    assert noticed(watcher)
    assert not noticed(watcher)


def test_a_file_that_goes_is_noticed(folder: Path) -> None:
    watcher = Watcher(folder)
    (folder / "data.json").unlink()
    assert noticed(watcher)


def test_the_events_file_is_watched_wherever_it_is(folder: Path, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text("{}")
    watcher = Watcher(folder, [event])
    event.write_text('{"a": 1}')
    assert noticed(watcher)


@pytest.mark.parametrize("name", ["__pycache__/x.pyc", ".git/index", "node_modules/a.js", ".index.py.swp", "index.py~"])
def test_what_editors_and_interpreters_leave_is_no_change(folder: Path, name: str) -> None:
    watcher = Watcher(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")
    assert not noticed(watcher)


@pytest.mark.parametrize("code", ["src/index.py", "index.js", "index.mjs", "Main.class", "app.jar", "bootstrap"])
def test_what_the_handler_itself_wrote_starts_no_round_but_an_edit_meanwhile_does(folder: Path, code: str) -> None:
    (folder / code).write_text("code")
    watcher = Watcher(folder)
    (folder / "out.json").write_text("written by the handler")
    watcher.settle()
    assert not noticed(watcher)
    (folder / "out.json").write_text("written again by the handler")
    (folder / code).write_text("edited while it ran")
    watcher.settle()
    assert noticed(watcher)


@pytest.fixture
def deep(folder: Path) -> Iterator[Path]:
    """``folder`` with a tree of data in it that is deeper than a name may be long."""
    here = os.open(".", os.O_RDONLY)
    os.chdir(folder)
    for _ in range(1500):
        Path("nested").mkdir()
        os.chdir("nested")
    os.fchdir(here)
    os.close(here)
    yield folder
    subprocess.run(["rm", "-rf", folder / "nested"], check=True)  # however deep it is


def test_a_tree_that_is_deeper_than_names_may_be_long_ends_nothing(deep: Path) -> None:
    watcher = Watcher(deep)
    (deep / "src" / "index.py").write_text("longer than before")
    assert noticed(watcher)


def test_code_is_looked_at_before_data_that_lies_deeper(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MOST_FILES", 3)
    (folder / "a" / "data").mkdir(parents=True)
    for number in range(10):
        (folder / "a" / "data" / f"{number}.json").write_text("")
    watcher = Watcher(folder)
    (folder / "src" / "index.py").write_text("longer than before")
    assert noticed(watcher)


def test_the_end_ends_it(folder: Path) -> None:
    ended = threading.Event()
    ended.set()
    assert not Watcher(folder).wait(ended)
