"""The processes of one instance: started with their five pipes, told to stop, collected.

The process started here is the guard of ``hosts/keeper.py``; below it are the keeper and the tree. Two pipes carry
events and answers, one what is printed, and two are the keeper's: the leash, which it feels when we pull or are gone,
and its report of how the host ended.
"""
# Plain text is the quicker path here.
# ruff: noqa: PTH100, PTH101, PTH102, PTH211

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
from collections.abc import Callable
from fcntl import F_DUPFD_CLOEXEC, fcntl
from pathlib import Path
from typing import Any, NamedTuple

from fgtui.errors import TargetError
from fgtui.invoke import processes
from fgtui.invoke.channel import CHUNK, Receiver, Sender
from fgtui.invoke.launch import Launch

REPORT_LIMIT_S = 0.25
"""For the keeper to say that the tree is stopped; after that it is done from here."""

_HOSTS = Path(__file__).with_name("hosts")
_BOOT = """\
import sys
sys.path[:] = [{folder!r}] + [entry for entry in sys.path if entry] + {packages!r}
import {host}
sys.dont_write_bytecode = True
{host}.main()
"""
"""The host's own byte code may be kept beside it; nothing is ever written beside the handler."""
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE", "SIGQUIT", "SIGCHLD")]


class Report(NamedTuple):
    """How the host ended, as its keeper says; unknown when the keeper itself was killed."""

    exit_code: int | None = None
    signal: int | None = None
    stopped: int = 1
    """Processes that were stopped with it, itself included."""
    peak_mb: float = 0.0


class Child:
    """A guard, its keeper, the tree, and our ends of the pipes. ``force`` and ``pull_leash`` may come from any thread.

    Raises ``TargetError`` when the interpreter cannot be started.
    """

    def __init__(self, launch: Launch, code_root: Path, memory_mb: int) -> None:
        self._lock = threading.Lock()
        self._is_stopped = False
        self._folder = _working_folder(code_root)
        self._outside: list[int] = []
        pipes: list[int] = []
        try:
            for _ in range(5):
                pipes += os.pipe()
            (events, to_events, answers, to_answers, log, to_log, leash, to_leash, report, to_report) = pipes
            inside = [_out_of_the_way(end) for end in (to_log, events, to_answers, leash, to_report)]
            try:
                self._guard = _start(launch, _command(launch, self._folder, memory_mb), inside)
            finally:
                _close(inside)
        except OSError as error:
            _close(pipes)
            _remove(self._folder)
            raise TargetError(
                "{program} could not be started: {reason}",
                program=str(launch.interpreter),
                reason=error.strerror or str(error),
                hint=launch.hint,
            ) from error
        _close([events, to_answers, to_log, leash, to_report])
        self._outside = [to_events, answers, log, to_leash, report]
        for descriptor in self._outside:
            os.set_blocking(descriptor, False)
        self.sender, self.receiver = Sender(to_events), Receiver(answers)
        self.log, self.report = log, report
        self._leash = to_leash
        self._report_poll = select.poll()
        self._report_poll.register(report, select.POLLIN)
        self.tree = processes.watch(self._guard, spared=2 if launch.is_between else 1)
        self._memory_kills = processes.memory_kills()

    def has_ended(self) -> bool:
        """Whether the host has ended by itself."""
        return bool(self._report_poll.poll(0))

    def read_log(self) -> bytes:
        """Some of what was printed; empty when nothing is there."""
        try:
            return os.read(self.log, CHUNK)
        except BlockingIOError:
            return b""

    def pull_leash(self) -> None:
        """Ask the keeper to stop everything, and do not wait."""
        with self._lock, contextlib.suppress(OSError):
            if not self._is_stopped:
                os.write(self._leash, b"x")

    def force(self) -> None:
        """Stop everything without asking the keeper, for when the thread that waits does not come back."""
        with self._lock:
            if not self._is_stopped:
                processes.end_descendants(self._guard, within_s=0.2)
                processes.kill(self._guard)

    def stop(self, take_log: Callable[[], object]) -> Report:
        """Stop everything and collect it; ``take_log`` is called between the two. Once more, it does nothing."""
        if self._is_stopped:
            return Report()
        self.pull_leash()
        report = self._read_report()
        if report is None:  # the handler stopped or killed the keeper
            report = Report(stopped=processes.end_descendants(self._guard, within_s=0.2))
            processes.kill(self._guard)
        self.tree.end_strays()
        take_log()
        self._collect()
        return report

    def was_killed_for_memory(self, report: Report) -> bool:
        """Whether the system seems to have ended the host for want of memory."""
        return report.signal == signal.SIGKILL and processes.memory_kills() > self._memory_kills

    def _read_report(self) -> Report | None:
        if not self._report_poll.poll(REPORT_LIMIT_S * 1000):
            return None
        words = os.read(self.report, CHUNK).split()
        if len(words) != len(Report._fields):
            return None
        code, number, stopped, peak_kib = map(int, words)
        return Report(code if code >= 0 else None, number if number >= 0 else None, stopped, peak_kib / 1024)

    def _collect(self) -> None:
        """Wait for keeper and guard, which end by themselves when they can, and clean up."""
        if not self._report_poll.poll(REPORT_LIMIT_S * 1000):
            processes.kill(self._guard)
        with self._lock:
            self._is_stopped = True
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._guard, 0)
            _close(self._outside)
        _remove(self._folder)


def _working_folder(code_root: Path) -> str:
    """A private folder in which ``code`` leads to the package, as in the cloud; for reading only."""
    place = os.path.abspath(os.environ.get("TMPDIR") or "/tmp")  # noqa: S108
    folder = f"{place}/fgtui-{os.urandom(8).hex()}"
    try:
        os.mkdir(folder, 0o700)
        os.symlink(code_root, f"{folder}/code")
        os.chmod(folder, 0o500)
    except OSError as error:
        raise TargetError(
            "no working folder could be made in {folder}: {reason}",
            folder=place,
            reason=error.strerror or str(error),
            hint="set TMPDIR to a folder that can be written",
        ) from error
    return folder


def _remove(folder: str) -> None:
    """Remove the working folder; the keeper has done it already unless a handler filled it."""
    try:
        os.chmod(folder, 0o700)
    except OSError:
        return
    import shutil
    import subprocess

    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:  # thousands of folders within each other
        subprocess.run(["rm", "-rf", "--", folder], check=False, capture_output=True)


def _command(launch: Launch, folder: str, memory_mb: int) -> list[str]:
    """The command line of guard and keeper; ``hosts/program_host.py`` explains its own part of it."""
    boot = _BOOT.format(folder=str(_HOSTS), host=launch.host, packages=_packages(launch))
    options = ["-I", "-S"] if launch.is_isolated else ["-X", "faulthandler"]
    backstop = (launch.data_mb + 2 * memory_mb) * processes.MIB if launch.data_mb else 0
    limits = [str(backstop)] if launch.host == "program_host" else []
    return [str(launch.interpreter), *options, "-c", boot, folder, *limits, *launch.arguments]


def _packages(launch: Launch) -> list[str]:
    """The folders where an isolated host finds fgtui and the libraries it needs, which may lie elsewhere."""
    folders = [str(_HOSTS.parents[2])] if launch.is_isolated else []
    if launch.libraries:
        from importlib.util import find_spec

        found = filter(None, map(find_spec, launch.libraries))
        folders += [str(Path(spec.origin).parents[1]) for spec in found if spec.origin]
    return list(dict.fromkeys(folders))


def _start(launch: Launch, command: list[str], inside: list[int]) -> int:
    environment = {**os.environ, **dict(launch.environment)}
    if not any(environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
        environment["LC_CTYPE"] = "C.UTF-8"  # as Python 3.7 and later decide themselves
    log, *others = inside
    actions: list[tuple[Any, ...]] = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, log, 1),
        (os.POSIX_SPAWN_DUP2, log, 2),
        *((os.POSIX_SPAWN_DUP2, end, place) for place, end in enumerate(others, start=3)),
    ]
    options: dict[str, Any] = {"file_actions": actions, "setsigmask": (), "setsigdef": _SIGNALS}
    try:
        return os.posix_spawn(command[0], command, environment, setsid=True, **options)
    except NotImplementedError:  # the host makes its own session then, a little later
        return os.posix_spawn(command[0], command, environment, **options)


def _out_of_the_way(descriptor: int) -> int:
    """A copy above every number the child uses, so that placing one end does not overwrite another."""
    return fcntl(descriptor, F_DUPFD_CLOEXEC, 16)


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
