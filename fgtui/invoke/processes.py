"""The processes below one of ours: which there are, what memory they hold, and how to end them all.

The keeper of an instance stops its tree; what is here looks at the tree while it runs, and steps in when a handler
has stopped or killed the keeper itself. Linux is read from ``/proc``; elsewhere ``ps`` is asked.
"""
# Plain text is the quicker path, and /proc is read often.
# ruff: noqa: PTH123, PTH208

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

_PROC = Path("/proc")
HAS_PROC = Path("/proc/self/stat").exists()
LOOK_EVERY_S = 0.05 if HAS_PROC else 0.25
"""How often a running tree is looked at; starting ``ps`` costs milliseconds."""
_CHILDREN_LISTED = Path(f"/proc/self/task/{os.getpid()}/children").exists()
_PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1024 * 1024


class Tree:
    """What lives below a process of ours, as far as looking at it now and then tells."""

    def __init__(self, root: int) -> None:
        self.root = root
        self._seen: dict[int, str] = {}

    def look(self, limit_mb: float) -> float:
        """Memory of the tree in MB; remembers who is in it.

        Pages that forked processes share count once, as far as the system says; that costs more to ask, so it is asked
        only when the plain sum is over ``limit_mb``.
        """
        if not HAS_PROC:
            table = _table()
            parents = {process: parent for process, (parent, _) in table.items()}
            found = {process for root in (self.root, *self._seen) for process in (root, *_below(root, parents))}
            processes = [process for process in found if process in table and process != self.root]
            used = sum(table[process][1] for process in processes)
        else:
            processes = descendants(self.root)
            used = sum(map(_resident, processes))
            if used > limit_mb * MIB and len(processes) > 1:
                used = sum(map(_proportional, processes))
        for process in processes:
            if process not in self._seen:
                self._seen[process] = _started_at(process)
        return used / MIB

    def end_strays(self) -> None:
        """Kill whatever was seen and still runs, for when nobody has adopted it."""
        for process, started in self._seen.items():
            if started and _started_at(process) == started:
                kill(process)


def descendants(root: int) -> list[int]:
    """Process ids below ``root``, nearest first; ended ones nobody has collected may be among them."""
    if not _CHILDREN_LISTED:
        return _below(root, {process: parent for process, (parent, _) in _table().items()})
    found: list[int] = []
    waiting = [root]
    while waiting:
        children = _children(waiting.pop(0))
        found += children
        waiting += children
    return found


def end_descendants(root: int, *, within_s: float) -> int:
    """Kill everything below ``root``, which stays and adopts; how many that were. Gives up after ``within_s``."""
    ended: set[int] = set()
    until = time.monotonic() + within_s
    while True:
        living = [process for process in descendants(root) if _is_alive(process)]
        if not living or time.monotonic() > until:
            return len(ended)
        for process in living:
            kill(process)
        ended.update(living)
        time.sleep(0.002)


def memory_kills() -> int:
    """How often the system has killed for want of memory since it started; 0 where it does not say."""
    try:
        with open("/proc/vmstat", "rb") as stream:
            return next((int(line.split()[1]) for line in stream if line.startswith(b"oom_kill ")), 0)
    except OSError:
        return 0


def kill(process: int) -> None:
    """SIGKILL, unless it was quicker."""
    try:
        os.kill(process, signal.SIGKILL)
    except OSError:
        return


def _started_at(process: int) -> str:
    """Something that tells ``process`` from a later one of the same number; empty when it is gone."""
    if not HAS_PROC:
        return _ps("lstart=", "-p", str(process)).strip()
    fields = _stat_fields(process)
    return fields[19].decode() if len(fields) > 19 else ""


def _children(process: int) -> list[int]:
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{task}/children", "rb") as stream:
                found += map(int, stream.read().split())
    except OSError:  # it has ended
        pass
    return found


def _resident(process: int) -> int:
    try:
        with open(f"/proc/{process}/statm", "rb") as stream:
            return int(stream.read().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _proportional(process: int) -> int:
    try:
        with open(f"/proc/{process}/smaps_rollup", "rb") as stream:
            for line in stream:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return _resident(process)


def _stat_fields(process: int) -> list[bytes]:
    """``/proc/PID/stat`` from the state on."""
    try:
        with open(f"/proc/{process}/stat", "rb") as stream:
            return stream.read().rpartition(b")")[2].split()
    except OSError:
        return []


def _is_alive(process: int) -> bool:
    if not HAS_PROC:
        return _ps("stat=", "-p", str(process)).strip()[:1] not in ("", "Z")
    return (_stat_fields(process) or [b"X"])[0] not in (b"Z", b"X")


def _table() -> dict[int, tuple[int, int]]:
    """Every process on the machine: parent and bytes of memory."""
    if HAS_PROC:
        found = {}
        for entry in os.listdir(_PROC):
            if entry.isdigit() and (fields := _stat_fields(int(entry))):
                found[int(entry)] = (int(fields[1]), int(fields[21]) * _PAGE)
        return found
    return parse_ps(_ps("pid=,ppid=,rss=", "-ax"))


def parse_ps(listing: str) -> dict[int, tuple[int, int]]:
    """``ps -axo pid=,ppid=,rss=`` as process id → parent and bytes of memory."""
    rows = (line.split() for line in listing.splitlines())
    return {int(row[0]): (int(row[1]), int(row[2]) * 1024) for row in rows if len(row) == 3}


def _ps(columns: str, *options: str) -> str:
    import subprocess

    return subprocess.run(["ps", *options, "-o", columns], capture_output=True, text=True, check=False).stdout


def _below(root: int, parents: dict[int, int]) -> list[int]:
    children: dict[int, list[int]] = {}
    for process, parent in parents.items():
        children.setdefault(parent, []).append(process)
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(0), [])
        found += below
        waiting += below
    return found
