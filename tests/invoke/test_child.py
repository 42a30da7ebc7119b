"""The processes of an instance, before and without any handler."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from fgtui.errors import TargetError
from fgtui.invoke import processes
from fgtui.invoke.child import Child, Report
from fgtui.invoke.launch import Launch
from tests.invoke.harness import is_gone, left_behind, wait_until


def a_launch(python: Path) -> Launch:
    return Launch(interpreter=python, host="python_host", program=python, hint="another one")


class Place:
    """Where a child works, and what it printed."""

    def __init__(self, folder: Path) -> None:
        self.code = folder / "code"
        self.code.mkdir()
        self.work = folder / "work"
        self.work.mkdir()
        self.child = Child(a_launch(Path(sys.executable)), self.code, 128)

    def stop(self) -> Report:
        return self.child.stop(lambda: None)

    def processes(self) -> list[int]:
        """Guard, keeper and host, once they are there."""
        wait_until(lambda: len(processes.descendants(self.child.tree.root)) >= 2, "the keeper has started the host")
        return [self.child.tree.root, *processes.descendants(self.child.tree.root)]

    def host(self) -> int:
        return self.processes()[2]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "work"))
    place = Place(tmp_path)
    yield place
    place.stop()
    wait_until(lambda: not left_behind(str(tmp_path)), "every process has ended")
    assert list(place.work.iterdir()) == []


def test_its_folder_is_private_and_leads_to_the_code(place: Place) -> None:
    (folder,) = place.work.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o500
    assert [entry.name for entry in folder.iterdir()] == ["code"]
    assert (folder / "code").readlink() == place.code


def test_it_is_a_guard_a_keeper_and_a_host_each_in_a_session_of_its_own(place: Place) -> None:
    everybody = place.processes()
    wait_until(lambda: [os.getsid(each) for each in everybody] == everybody, "each has its session")


def test_stopping_reports_a_killed_host_once(place: Place) -> None:
    place.host()
    report = place.stop()
    assert (report.exit_code, report.signal, report.stopped) == (None, 9, 1)
    assert report.peak_mb > 1
    assert place.stop() == Report()


def test_a_host_that_ended_by_itself_is_noticed(place: Place) -> None:
    assert not place.child.has_ended()
    psutil.Process(place.host()).terminate()
    wait_until(place.child.has_ended, "its end is reported")
    report = place.stop()
    assert (report.exit_code, report.signal, report.stopped) == (None, 15, 0)
    assert not place.child.was_killed_for_memory(report)


def test_a_keeper_that_was_killed_has_no_report(place: Place) -> None:
    _, keeper, host = place.processes()
    processes.kill(keeper)
    wait_until(place.child.has_ended, "the pipe has closed")
    assert place.stop().exit_code is None
    wait_until(lambda: not psutil.pid_exists(host), "the host died with its keeper")


def test_a_guard_that_was_killed_leaves_everything_to_the_keeper(place: Place) -> None:
    guard, keeper, host = place.processes()
    processes.kill(guard)
    assert (place.stop().signal, psutil.pid_exists(host)) == (9, False)
    wait_until(lambda: is_gone(keeper), "the keeper has ended")


def test_it_can_be_stopped_before_it_has_started(place: Place) -> None:
    place.stop()
    assert left_behind(str(place.code.parent)) == []


def test_the_leash_may_be_pulled_by_another_thread_and_at_any_time(place: Place) -> None:
    place.host()
    for _ in range(2):
        thread = threading.Thread(target=place.child.pull_leash)
        thread.start()
        thread.join()
    wait_until(place.child.has_ended, "its end is reported")
    place.stop()
    place.child.pull_leash()


def test_force_needs_no_keeper(place: Place) -> None:
    guard, keeper, host = place.processes()
    for each in (guard, keeper):
        psutil.Process(each).suspend()
    place.child.force()
    wait_until(lambda: not psutil.pid_exists(host), "the host has ended")
    place.stop()
    place.child.force()


def test_what_is_printed_is_read_without_waiting(place: Place) -> None:
    assert place.child.read_log() == b""


@pytest.mark.parametrize("program", ["missing", "folder", "text"])
def test_what_cannot_be_started_is_an_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("no program")
    before = len(list(Path("/dev/fd").iterdir()))
    with pytest.raises(TargetError, match="could not be started"):
        Child(a_launch(tmp_path / program), tmp_path, 128)
    assert len(list(Path("/dev/fd").iterdir())) == before
    assert {entry.name for entry in tmp_path.iterdir()} == {"folder", "text"}
