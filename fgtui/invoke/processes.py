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
from typing import NamedTuple

_PROC = Path("/proc")
HAS_PROC = Path("/proc/self/stat").exists()
LOOK_EVERY_S = 0.05 if HAS_PROC else 0.25
"""How often a running tree is looked at; starting ``ps`` costs milliseconds."""
_CHILDREN_LISTED = Path(f"/proc/self/task/{os.getpid()}/children").exists()
_PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1024 * 1024


class _Row(NamedTuple):
    """What a listing says of one process; memory in bytes."""

    parent: int
    group: int
    memory: int
    started: str
    """Tells it from a later process of the same number."""


class Tree:
    """What lives below a process of ours, as far as looking at it now and then tells."""

    def __init__(self, root: int, *, spared: int = 0) -> None:
        self.root = root
        self._spared = spared
        """How many generations below ``root`` are one process of ours each, whose memory is nobody's."""
        self._seen: dict[int, str] = {}

    def look(self, limit_mb: float) -> float:
        """Memory of the tree in MB; remembers who is in it.

        Pages that forked processes share count once, as far as the system says; that costs more to ask, so it is asked
        only when the plain sum is over ``limit_mb``.
        """
        found = descendants(self.root)
        counted = found[self._spared :]
        used = sum(map(_resident, counted))
        if used > limit_mb * MIB and len(counted) > 1:
            used = sum(map(_proportional, counted))
        for process in found:
            if process not in self._seen:
                self._seen[process] = _started_at(process)
        return used / MIB

    def end_strays(self) -> None:
        """Kill whatever was seen and still runs: orphans that nobody has adopted."""
        for process, started in self._seen.items():
            if started and _started_at(process) == started:
                kill(process)


class ListedTree(Tree):
    """The same by listings of ``ps``, on a system where orphans are adopted by process 1 alone."""

    def look(self, limit_mb: float) -> float:
        """Memory of the tree in MB; a process that was below once stays in it, with its process group."""
        table = _table()
        known = [process for process, started in self._seen.items() if _is_same(table, process, started)]
        parents = {process: row.parent for process, row in table.items()}
        found = {*known, *(process for root in (self.root, *known) for process in _below(root, parents))}
        groups = {table[process].group for process in found if process in table} - {os.getpgrp()}
        found.update(process for process, row in table.items() if row.group in groups)
        self._seen = {each: table[each].started for each in found - {self.root, os.getpid()} if each in table}
        return sum(table[process].memory for process in self._seen.keys() - self._own(parents)) / MIB

    def _own(self, parents: dict[int, int]) -> set[int]:
        found = {self.root}
        for _ in range(self._spared):
            found.update(process for process, parent in parents.items() if parent in found)
        return found

    def end_strays(self) -> None:
        """Kill whatever was seen and still runs, after one more look."""
        self.look(0)
        for process in self._seen:
            kill(process)


def watch(root: int, *, spared: int = 0) -> Tree:
    """The tree below ``root``, looked at as this system allows; ``spared``: processes below it that are ours."""
    return (Tree if HAS_PROC else ListedTree)(root, spared=spared)


def _is_same(table: dict[int, _Row], process: int, started: str) -> bool:
    return process in table and table[process].started == started


def descendants(root: int) -> list[int]:
    """Process ids below ``root``, nearest first; ended ones nobody has collected may be among them."""
    if not _CHILDREN_LISTED:
        return _below(root, {process: row.parent for process, row in _table().items()})
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


def _table() -> dict[int, _Row]:
    """Every process on the machine."""
    if HAS_PROC:
        found = {}
        for entry in os.listdir(_PROC):
            if entry.isdigit() and (fields := _stat_fields(int(entry))):
                found[int(entry)] = _Row(int(fields[1]), int(fields[2]), int(fields[21]) * _PAGE, fields[19].decode())
        return found
    return parse_ps(_ps("pid=,ppid=,pgid=,rss=,lstart=", "-ax"))


def parse_ps(listing: str) -> dict[int, _Row]:
    """``ps -axo pid=,ppid=,pgid=,rss=,lstart=`` by process id."""
    found = {}
    for line in listing.splitlines():
        words = line.split(None, 4)
        if len(words) == 5:
            process, parent, group, kibibytes = map(int, words[:4])
            found[process] = _Row(parent, group, kibibytes * 1024, words[4].strip())
    return found


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
