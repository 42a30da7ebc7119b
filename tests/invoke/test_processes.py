from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from fgtui.invoke import processes
from tests.invoke.harness import is_gone, wait_until

FAMILY = "import subprocess, sys, time; subprocess.Popen(['sleep', '1000']); x = b'x' * 30000000; print(1, flush=True); time.sleep(1000)"


@pytest.fixture
def family() -> Iterator[subprocess.Popen[bytes]]:
    """A process with 30 MB of its own and one child."""
    parent = subprocess.Popen([sys.executable, "-c", FAMILY], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    parent.stdout.readline()
    yield parent
    processes.end_descendants(os.getpid(), within_s=10)
    parent.wait()
    parent.stdout.close()


@pytest.fixture(params=["children lists", "whole table", "ps"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every way to look at processes gives the same answers; ``ps`` is the one for macOS."""
    if request.param != "children lists":
        monkeypatch.setattr(processes, "_CHILDREN_LISTED", False)
    if request.param == "ps":
        monkeypatch.setattr(processes, "HAS_PROC", False)
    return str(request.param)


def test_descendants_are_found_through_every_generation(family: subprocess.Popen[bytes], way: str) -> None:
    found = processes.descendants(os.getpid())
    assert family.pid in found
    (child,) = processes.descendants(family.pid)
    assert child in found


def test_memory_is_of_all_below(family: subprocess.Popen[bytes], way: str) -> None:
    used = processes.watch(os.getpid()).look(1000)
    assert 30 < used < 300
    assert processes.watch(family.pid).look(1000) < 20


def test_memory_of_a_first_process_of_ours_is_not_counted(way: str) -> None:
    """What stands between fgtui and a program is fgtui's own."""
    between = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {FAMILY!r}])"],
        stdout=subprocess.PIPE,
    )
    assert between.stdout is not None
    try:
        between.stdout.readline()
        (program, *_) = processes.descendants(between.pid)
        everything = processes.watch(between.pid).look(1000)
        spared = processes.watch(between.pid, spared=1).look(1000)
        assert everything > 30
        assert spared < everything - 30
        assert not is_gone(program)
    finally:
        processes.end_descendants(os.getpid(), within_s=10)
        between.wait()
        between.stdout.close()


def test_everything_below_is_ended(family: subprocess.Popen[bytes], way: str) -> None:
    (child,) = processes.descendants(family.pid)
    assert processes.end_descendants(family.pid, within_s=10) == 1
    wait_until(lambda: is_gone(child), "the child has ended")
    assert family.poll() is None


def test_what_was_seen_is_ended_even_when_nobody_adopts_it(family: subprocess.Popen[bytes], way: str) -> None:
    tree = processes.watch(family.pid)
    tree.look(1000)
    (child,) = processes.descendants(family.pid)
    family.kill()
    family.wait()
    tree.end_strays()
    wait_until(lambda: is_gone(child), "the child has ended")


def test_somebody_elses_process_of_the_same_number_is_left_alone(family: subprocess.Popen[bytes], way: str) -> None:
    stranger = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    tree = processes.watch(family.pid)
    tree.look(1000)
    tree._seen[stranger.pid] = "started at another time"
    tree.end_strays()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_shared_pages_count_once(family: subprocess.Popen[bytes]) -> None:
    program = (
        "import os, time; x = b'x' * 30000000; [os.fork() for _ in range(2)]; print(1, flush=True); time.sleep(1000)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    for _ in range(4):
        parent.stdout.readline()
    plain, shared = processes.watch(os.getpid()).look(10_000), processes.watch(os.getpid()).look(1)
    assert shared < plain - 60
    processes.end_descendants(os.getpid(), within_s=10)
    parent.wait()
    parent.stdout.close()


def test_a_process_that_is_gone_has_no_memory_and_no_descendants(way: str) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert processes.descendants(gone.pid) == []
    assert processes.watch(gone.pid).look(1) == 0
    assert processes.end_descendants(gone.pid, within_s=1) == 0
    processes.kill(gone.pid)


def test_a_listing_of_ps_is_read_line_by_line() -> None:
    listing = (
        "    1     0     1  1024 Wed Nov 25 17:31:05 2026\n  77     1    70    12 Wed Nov 25 17:31:06 2026\nnoise\n"
    )
    assert processes.parse_ps(listing) == {
        1: (0, 1, 1048576, "Wed Nov 25 17:31:05 2026"),
        77: (1, 70, 12288, "Wed Nov 25 17:31:06 2026"),
    }


@pytest.mark.parametrize(
    ("counters", "count"),
    [
        (b"nr_free_pages 5\noom_kill 7\nthp_fault_alloc 3\n", 7),
        (b"oom_kill 0\n", 0),
        (b"oom_kill_other 9\nnr_oom_kill 8\n", 0),
        (b"", 0),
    ],
)
def test_kills_for_want_of_memory_are_counted_by_the_system(
    monkeypatch: pytest.MonkeyPatch, counters: bytes, count: int
) -> None:
    asked: list[str] = []

    def read(name: str, mode: str) -> io.BytesIO:
        asked.append(name)
        return io.BytesIO(counters)

    monkeypatch.setattr(processes, "open", read, raising=False)
    assert processes.memory_kills() == count
    assert asked == ["/proc/vmstat"]


def test_a_system_that_counts_no_kills_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, mode: str) -> io.BytesIO:
        raise FileNotFoundError(name)

    monkeypatch.setattr(processes, "open", refuse, raising=False)
    assert processes.memory_kills() == 0
