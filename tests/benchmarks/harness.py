"""Measuring side by side: medians of alternated runs, printed as rows."""

from __future__ import annotations

import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FGTUI = (sys.executable, "-c", "import sys; from fgtui.__main__ import main; sys.exit(main())")
"""What the installed script does, under this interpreter."""
_NO_BYTE_CODE = "PYTHONDONTWRITEBYTECODE"
"""Left out of every environment: what is installed has its byte code, as the floors have; each first run is a rehearsal."""


@dataclass(frozen=True, slots=True)
class Row:
    """One budget: what was measured, the floor beside it, and what is allowed."""

    group: str
    what: str
    measured: str
    floor: str
    ratio: float | None
    budget: str
    holds: bool | None
    """``None`` where the design only asks for a report."""


def show(rows: Sequence[Row]) -> None:
    """Print ``rows`` as aligned columns."""
    header = ("row", "what", "measured", "floor", "ratio", "budget", "holds")
    cells = [
        (
            row.group,
            row.what,
            row.measured,
            row.floor,
            "" if row.ratio is None else f"{row.ratio:.2f}",
            row.budget,
            {True: "yes", False: "NO", None: "-"}[row.holds],
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in [header, *cells]) for column in range(len(header))]
    for line in [header, *cells]:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip(), flush=True)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds >= 0.001 else f"{seconds * 1_000_000:.3g} µs"


def alternate(runs: int, *actions: Callable[[], float]) -> list[float]:
    """The median of each action's figure, the actions taken in turn so that drift hits them alike."""
    figures: list[list[float]] = [[] for _ in actions]
    for action in actions:
        action()
    for _ in range(runs):
        for figure, action in zip(figures, actions, strict=True):
            figure.append(action())
    return [statistics.median(figure) for figure in figures]


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process and what it starts on one core, where the system allows it.

    Two processes that wake each other in turn take 15 µs on one core and 50 µs on two that have fallen asleep; which of
    both the kernel chooses for a pair would decide a ratio, not the code.
    """
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if cores:
        os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        if cores:
            os.sched_setaffinity(0, cores)


def process(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, folder: Path = ROOT
) -> Callable[[], float]:
    """The wall time of ``command`` as a whole process, in seconds; it has to succeed."""
    variables = {**os.environ, **(environment or {})}
    variables.pop(_NO_BYTE_CODE, None)

    def run() -> float:
        started = time.perf_counter()
        finished = subprocess.run(command, env=variables, capture_output=True, cwd=folder, check=False)
        took = time.perf_counter() - started
        if finished.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{finished.stderr.decode(errors='replace')}")
        return took

    return run


class Screen:
    """A program behind a pseudo-terminal of its own, read with the time each piece arrived."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str] | None = None, size: tuple[int, int] = (120, 40)
    ) -> None:
        self.started = time.perf_counter()
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.chdir(ROOT)
            os.environ.pop(_NO_BYTE_CODE, None)
            os.environ.update(environment or {})
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.execv(command[0], list(command))
        ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.pid = pid
        self.last_output = self.started

    def read(self, timeout: float) -> bytes:
        """What arrives within ``timeout`` seconds, empty when nothing does."""
        ready, _, _ = select.select([self.terminal], [], [], timeout)
        if not ready:
            return b""
        try:
            output = os.read(self.terminal, 1 << 16)
        except OSError:
            return b""
        self.last_output = time.perf_counter()
        return output

    def settle(self, quiet: float = 0.4, limit: float = 20.0) -> float:
        """Seconds from exec to the last byte before ``quiet`` seconds of silence: the complete frame."""
        seen = False
        deadline = time.perf_counter() + limit
        while time.perf_counter() < deadline:
            if self.read(quiet):
                seen = True
            elif seen:
                return self.last_output - self.started
        raise SystemExit("the screen never came to rest")

    def painted(self, sought: str, limit: float = 20.0) -> float:
        """Seconds from exec to the piece of output that holds ``sought``: the last thing a first frame draws."""
        wanted, collected = sought.encode(), b""
        while wanted not in collected:
            output = self.read(limit)
            if not output:
                raise SystemExit(f"{sought!r} was never painted")
            collected = collected[-64:] + output
        return self.last_output - self.started

    def key_to_cell(self, key: str) -> float:
        """Seconds from pressing ``key`` to its character being painted."""
        sought = key.encode()
        pressed = time.perf_counter()
        os.write(self.terminal, sought)
        collected = b""
        while sought not in collected:
            output = self.read(5.0)
            if not output:
                raise SystemExit(f"{key!r} was never painted")
            collected = collected[-16:] + output
        return self.last_output - pressed

    def memory_mb(self) -> float:
        """Resident megabytes of the program alone."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    def cpu_seconds(self) -> float:
        """Processor seconds the program has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


@contextmanager
def screen(
    command: Sequence[str], environment: Mapping[str, str] | None = None, size: tuple[int, int] = (120, 40)
) -> Iterator[Screen]:
    """A ``Screen`` that is closed at the end."""
    opened = Screen(command, environment, size)
    try:
        yield opened
    finally:
        opened.close()
