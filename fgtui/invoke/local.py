"""Runs a handler in child processes of its own: start, feed, time out, cancel, stop.

An instance is a keeper and a host (``hosts/python_host.py``). It stays warm between events. Its limits hold for the
whole tree of processes below the keeper: time and memory are watched from here, and the keeper stops the tree when it
is told to, when the host ends, and when fgtui does. See reliability section 4 for the promises, runtime.md for the
contract.
"""
# Plain text is the quicker path, and some of these are looked at on every send.
# ruff: noqa: PTH101, PTH102, PTH116, PTH120, PTH211

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from fcntl import F_DUPFD_CLOEXEC, fcntl
from pathlib import Path
from typing import Any, NamedTuple

from fgtui.errors import TargetError
from fgtui.events.model import Event
from fgtui.invoke import platform_log, processes, surroundings
from fgtui.invoke.channel import CHUNK, DisturbedError, Receiver, Sender, new_nonce, sections
from fgtui.invoke.logs import Log
from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    HandlerError,
    InitFailed,
    InvalidResponse,
    LocalTarget,
    Outcome,
    OutOfMemory,
    Raised,
    Returned,
    TargetSummary,
    TimedOut,
)

START_LIMIT_S = 15.0
"""For an interpreter to start; the handler's own limit begins after that."""
FIRST_LOOK_S = 0.02
"""Before this an answer is not worth looking at the tree for."""
REPORT_LIMIT_S = 0.25
"""For the keeper to say that the tree is stopped; after that it is done from here."""

_HOSTS = Path(__file__).with_name("hosts")
_BOOT = """\
import sys
sys.path[:] = [{folder!r}] + [entry for entry in sys.path if entry]
import python_host
sys.dont_write_bytecode = True
python_host.main()
"""
"""The host's own byte code may be kept beside it; nothing is ever written beside the handler."""
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE", "SIGQUIT", "SIGCHLD")]
_FILE_FACTS = 3


class _End(Enum):
    """Why there is no answer."""

    TIMED_OUT = 1
    CANCELLED = 2
    OUT_OF_MEMORY = 3
    PROCESS_ENDED = 4


class _Report(NamedTuple):
    """How the host ended, as its keeper says; unknown when the keeper itself was killed."""

    exit_code: int | None = None
    signal: int | None = None
    stopped: int = 1
    peak_mb: float = 0.0


class LocalInstance:
    """One warm handler. Used by one thread at a time; only ``interrupt`` and ``force`` may come from another.

    Raises ``TargetError`` when the interpreter cannot be started.
    """

    def __init__(self, target: LocalTarget, python: Path, now: Callable[[], datetime]) -> None:
        self.target = target
        self.summary = TargetSummary("local", target.spec)
        self.last_used = 0.0
        self._python = python
        self._now = now
        self._lock = threading.Lock()
        self._loaded = False
        self._is_ending = False
        self._stopped = False
        self._interrupted = False
        self._files: tuple[tuple[str, tuple[int, ...]], ...] = ()
        self._log = Log()
        self._cancelled: threading.Event | None = None
        self._peak_mb = 0.0
        self._folder = _working_folder(target.code_root)
        self._spawn()

    # Whether it can take another event

    @property
    def is_usable(self) -> bool:
        """Whether nothing has stopped it yet."""
        return not self._is_ending and not self._interrupted

    def is_current(self) -> bool:
        """Whether it still lives, and every file it imported is as it was."""
        if not self.is_usable:
            return False
        for file, facts in self._files:
            try:
                found = os.stat(file)
            except OSError:
                return False
            if (found.st_mtime_ns, found.st_size, found.st_ino) != facts:
                return False
        return not self._report_poll.poll(0)

    # One event

    def invoke(
        self,
        event: Event,
        request_id: str,
        *,
        on_log: Callable[[str], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> Outcome:
        """Send ``event`` and wait for how it ends; the first time the handler is loaded before.

        Whatever ends without an answer stops the instance. ``on_log`` hears the log as it comes, on this thread: while
        it does not return, no limit is watched.
        """
        self._log = Log(on_log)
        self._cancelled = cancelled
        self._peak_mb = 0.0
        try:
            return self._load_and_call(event, request_id)
        except BaseException:  # a listener's, or a signal's
            self._log = Log()
            self.stop()
            raise
        finally:
            self._cancelled = None

    def _load_and_call(self, event: Event, request_id: str) -> Outcome:
        init_ms = None
        if not self._loaded:
            loading = self._load(request_id)
            if not isinstance(loading, float):
                return loading
            init_ms = loading
        return self._call(event, request_id, init_ms)

    # Loading

    def _load(self, request_id: str) -> float | Outcome:
        """Milliseconds that import and initializer took, or how it ended there."""
        nonce = new_nonce()
        hello: bytes | _End
        try:
            self._sender.start(nonce, self._configuration())
            self.summary = TargetSummary("local", self.target.spec, None, _sha256(self.target.file))
            hello = self._await(nonce, time.monotonic() + START_LIMIT_S)
        except BrokenPipeError:
            hello = _End.PROCESS_ENDED
        if hello in {_End.PROCESS_ENDED, _End.TIMED_OUT}:
            raise self._not_started()
        if isinstance(hello, _End):
            return self._ended(hello, request_id, "load", None)
        runtime = sections(hello)[0].decode()
        self.summary = TargetSummary("local", self.target.spec, runtime, self.summary.code_sha256)
        started = time.monotonic()
        phase = "load"
        while True:
            content = self._await(nonce, started + self.target.timeout_s)
            init_ms = (time.monotonic() - started) * 1000
            if isinstance(content, _End):
                return self._ended(content, request_id, phase, None, init_ms=init_ms)
            if content[:1] == b"i":
                phase = "initializer"
                continue
            if content[:1] != b"r":
                return self._not_loaded(content, request_id, init_ms)
            self._remember(sections(content)[0])
            self._loaded = True
            return init_ms

    def _configuration(self) -> bytes:
        import json

        target = self.target
        initializer = target.initializer
        return json.dumps(
            {
                "file": str(target.file),
                "code_root": str(target.code_root),
                "name": target.file.stem,
                "function": target.function,
                "initializer": None if initializer is None else surroundings.function_of(initializer),
                "timeout_s": target.timeout_s,
                "memory_mb": target.memory_mb,
                "cpu": surroundings.cpu_millicores(target.memory_mb),
                "environment": surroundings.environment(target),
                "user_data": dict(target.environment),
                "strict_context": target.strict_context,
                "project_id": surroundings.PROJECT_ID,
                "package": surroundings.PACKAGE,
                "function_name": surroundings.function_name(target),
                "version": surroundings.VERSION,
                "instance_id": os.urandom(16).hex(),
            }
        ).encode()

    def _not_started(self) -> TargetError:
        self.stop()
        return TargetError(
            "{python} did not start: {reason}",
            python=str(self._python),
            reason=_gist(self._log.finish()[0]),
            hint="handlers need Python 3.6 or later; name an interpreter with python = … in fgtui.toml",
        )

    def _not_loaded(self, content: bytes, request_id: str, init_ms: float) -> Outcome:
        peak, *rest = sections(content)
        self._peak_mb = max(self._peak_mb, int(peak) / 1024)
        if content[:1] == b"m" or self._peak_mb > self.target.memory_mb:
            return self._ended(_End.OUT_OF_MEMORY, request_id, "load", None, init_ms=init_ms)
        self.stop()
        _, body, *error = rest
        return InitFailed(
            body=body, error=_handler_error(error), **self._facts(request_id, None, True, init_ms=init_ms)
        )

    def _remember(self, files: bytes) -> None:
        if not files:
            return
        known = []
        for entry in files.decode("utf-8", "surrogateescape").split("\0"):
            *facts, file = entry.split(" ", _FILE_FACTS)
            known.append((file, tuple(map(int, facts))))
        self._files = tuple(known)

    # Calling

    def _call(self, event: Event, request_id: str, init_ms: float | None) -> Outcome:
        nonce = new_nonce()
        name = request_id.encode("ascii")
        asked_at = self._now()
        content: bytes | _End
        started = time.monotonic()
        try:
            self._sender.start(nonce, bytes([len(name)]) + name, event.wire)
            self._log.add_line(platform_log.start_line(asked_at, request_id, surroundings.VERSION))
            content = self._await(nonce, started + self.target.timeout_s)
        except BrokenPipeError:  # the keeper was killed between two events
            content = _End.PROCESS_ENDED
        duration_ms = (time.monotonic() - started) * 1000
        if isinstance(content, _End):
            return self._ended(content, request_id, "invoke", duration_ms, init_ms=init_ms)
        peak, *rest = sections(content)
        self._peak_mb = max(self._peak_mb, int(peak) / 1024)
        if content[:1] == b"m" or self._peak_mb > self.target.memory_mb:
            return self._ended(_End.OUT_OF_MEMORY, request_id, "invoke", duration_ms, init_ms=init_ms)
        files, body, *words = rest
        self._remember(files)
        return self._answered(content[:1], body, words, event, (request_id, duration_ms, init_ms))

    def _answered(
        self, kind: bytes, body: bytes, words: list[bytes], event: Event, call: tuple[str, float, float | None]
    ) -> Outcome:
        request_id, duration_ms, init_ms = call
        refusal = words[0].decode() if kind == b"x" else None
        if kind == b"o" and event.trigger == "apig":
            from fgtui.invoke.gateway import refusal as refused

            refusal = refused(body)
        succeeded = kind == b"o" and refusal is None
        self._finish_line(request_id, duration_ms, None if succeeded else "")
        facts = self._facts(request_id, duration_ms, init_ms is not None, init_ms=init_ms)
        if kind == b"e":
            return Raised(body=body, error=_handler_error(words), **facts)
        if refusal is not None:
            return InvalidResponse(body=body, message=refusal, **facts)
        return Returned(body=body, **facts)

    # Ending without an answer

    def _ended(
        self, end: _End, request_id: str, phase: str, duration_ms: float | None, *, init_ms: float | None = None
    ) -> Outcome:
        """Stop the instance and say what happened."""
        report = self.stop()
        if self._interrupted:
            end = _End.CANCELLED
        self._peak_mb = max(self._peak_mb, report.peak_mb)
        limit = self.target.memory_mb
        if end is _End.PROCESS_ENDED and (self._peak_mb > limit or self._killed_for_memory(report)):
            end = _End.OUT_OF_MEMORY
        body, cause = {
            _End.TIMED_OUT: (platform_log.timeout_text(phase, self.target.timeout_s), ""),
            _End.OUT_OF_MEMORY: (platform_log.OUT_OF_MEMORY, platform_log.MEMORY_CAUSE),
            _End.PROCESS_ENDED: (platform_log.EXITED, ""),
            _End.CANCELLED: ("", ""),
        }[end]
        if body:
            self._log.add_line(platform_log.error_line(self._now(), request_id, body))
        if duration_ms is not None:
            self._finish_line(request_id, duration_ms, cause)
        facts = self._facts(request_id, duration_ms, phase != "invoke" or init_ms is not None, init_ms=init_ms)
        facts["body"] = body.encode()
        if end is _End.TIMED_OUT:
            return TimedOut(limit_s=self.target.timeout_s, stopped_processes=max(1, report.stopped), **facts)
        if end is _End.OUT_OF_MEMORY:
            return OutOfMemory(limit_mb=limit, **facts)
        if end is _End.PROCESS_ENDED:
            return Crashed(exit_code=report.exit_code, signal=report.signal, **facts)
        return Cancelled(**facts)

    def _killed_for_memory(self, report: _Report) -> bool:
        return report.signal == signal.SIGKILL and processes.memory_kills() > self._memory_kills

    def _finish_line(self, request_id: str, duration_ms: float, failure: str | None) -> None:
        self._log.add_line(
            platform_log.finish_line(
                self._now(),
                request_id,
                duration_ms=duration_ms,
                memory_mb=self._peak_mb,
                limit_mb=self.target.memory_mb,
                failure=failure,
            )
        )

    def _facts(
        self, request_id: str, duration_ms: float | None, cold: bool, *, init_ms: float | None
    ) -> dict[str, Any]:
        logs, truncated = self._log.finish()
        return {
            "logs": logs,
            "logs_truncated": truncated,
            "request_id": request_id,
            "duration_ms": duration_ms,
            "init_ms": init_ms,
            "memory_mb": self._peak_mb or None,
            "cold_start": cold,
        }

    # Waiting

    def _await(self, nonce: bytes, deadline: float) -> bytes | _End:
        """The answer to ``nonce``, or why there is none. Never waits for a descriptor to close."""
        if (content := self._receiver.held(nonce)) is not None:
            return content
        is_sending = not self._sender.is_done
        if is_sending:
            self._poll.register(self._sender.descriptor, select.POLLOUT)
        look_at = time.monotonic() + FIRST_LOOK_S
        try:
            while True:
                wait_s = min(deadline, look_at) - time.monotonic()
                ready = [descriptor for descriptor, _ in self._poll.poll(max(0.0, wait_s * 1000))]
                if self._receiver.descriptor in ready and (content := self._receiver.receive(nonce)) is not None:
                    self._drain()
                    return content
                if self._log_descriptor in ready:
                    self._read_log()
                if self._report_descriptor in ready:
                    return self._last_words(nonce)
                if is_sending and self._sender.descriptor in ready:
                    self._sender.go_on()
                    if self._sender.is_done:
                        is_sending = False
                        self._poll.unregister(self._sender.descriptor)
                now = time.monotonic()
                if now >= deadline:
                    return _End.TIMED_OUT
                if now >= look_at:
                    look_at = now + processes.LOOK_EVERY_S
                    if (end := self._look()) is not None:
                        return end
        except DisturbedError:
            self._log.add_line("fgtui: the handler wrote into the descriptor of its own answer")
            return _End.PROCESS_ENDED
        finally:
            if is_sending:
                self._poll.unregister(self._sender.descriptor)

    def _look(self) -> _End | None:
        if self._interrupted or (self._cancelled is not None and self._cancelled.is_set()):
            return _End.CANCELLED
        used = self._tree.look(self.target.memory_mb)
        self._peak_mb = max(self._peak_mb, used)
        return _End.OUT_OF_MEMORY if used > self.target.memory_mb else None

    def _last_words(self, nonce: bytes) -> bytes | _End:
        """The host has ended; its answer may still be on its way through the pipe."""
        self._drain()
        while select.select([self._receiver.descriptor], [], [], 0)[0]:
            before = self._receiver.received
            if (content := self._receiver.receive(nonce)) is not None:
                return content
            if self._receiver.received == before:
                break
        return _End.PROCESS_ENDED

    def _drain(self) -> None:
        """Take in what was printed before now: a pipe holds little more than one piece."""
        for _ in range(16):
            if self._read_log() < CHUNK:
                return

    def _read_log(self) -> int:
        try:
            data = os.read(self._log_descriptor, CHUNK)
        except BlockingIOError:
            return 0
        if data:
            self._log.add(data)
        return len(data)

    # Starting and stopping

    def _spawn(self) -> None:
        pipes: list[int] = []
        try:
            for _ in range(5):
                pipes += os.pipe()
            (events, to_events, answers, to_answers, log, to_log, leash, to_leash, report, to_report) = pipes
            inside = [_out_of_the_way(end) for end in (to_log, events, to_answers, leash, to_report)]
            try:
                self._keeper = _start(self._python, self._folder, inside)
            finally:
                _close(inside)
        except OSError as error:
            _close(pipes)
            _remove(self._folder)
            raise TargetError(
                "{python} could not be started: {reason}",
                python=str(self._python),
                reason=error.strerror or str(error),
                hint="name an interpreter with python = … in fgtui.toml",
            ) from error
        _close([events, to_answers, to_log, leash, to_report])
        self._outside = [to_events, answers, log, to_leash, report]
        for descriptor in self._outside:
            os.set_blocking(descriptor, False)
        self._sender, self._receiver = Sender(to_events), Receiver(answers)
        self._log_descriptor, self._leash, self._report_descriptor = log, to_leash, report
        self._poll, self._report_poll = select.poll(), select.poll()
        for descriptor in (answers, log, report):
            self._poll.register(descriptor, select.POLLIN)
        self._report_poll.register(report, select.POLLIN)
        self._tree = processes.watch(self._keeper)
        self._memory_kills = processes.memory_kills()

    def interrupt(self) -> None:
        """Stop the tree, from any thread; the thread that waits for an answer gets ``Cancelled``."""
        with self._lock:
            self._interrupted = True
            if not self._stopped:
                self._pull_leash()

    def force(self) -> None:
        """Stop the tree without asking the keeper, from any thread, for when the waiting thread does not come back."""
        with self._lock:
            self._interrupted = True
            if not self._stopped:
                processes.end_descendants(self._keeper, within_s=0.2)
                processes.kill(self._keeper)

    def stop(self) -> _Report:
        """Stop the tree and everything that belongs to it; say how the host ended. Does nothing the second time."""
        if self._stopped:
            return _Report()
        self._is_ending = True
        self._pull_leash()
        report = self._read_report()
        if report is None:  # the handler stopped or killed the keeper
            report = _Report(stopped=processes.end_descendants(self._keeper, within_s=0.2))
            processes.kill(self._keeper)
        self._tree.end_strays()
        self._drain()
        self._let_go()
        return report

    def _pull_leash(self) -> None:
        with contextlib.suppress(OSError):
            os.write(self._leash, b"x")

    def _read_report(self) -> _Report | None:
        if not self._report_poll.poll(REPORT_LIMIT_S * 1000):
            return None
        words = os.read(self._report_descriptor, CHUNK).split()
        if len(words) != len(_Report._fields):
            return None
        code, number, stopped, peak_kib = map(int, words)
        return _Report(code if code >= 0 else None, number if number >= 0 else None, stopped, peak_kib / 1024)

    def _let_go(self) -> None:
        """Collect the keeper, which ends by itself when it can, and clean up."""
        if not self._report_poll.poll(REPORT_LIMIT_S * 1000):
            processes.kill(self._keeper)
        with self._lock:
            self._stopped = True
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._keeper, 0)
            _close(self._outside)
        _remove(self._folder)


def _gist(said: str) -> str:
    """The line that says most: an interpreter's last one, anybody else's first one."""
    lines = said.strip().splitlines() or ["it ended without a word"]
    return lines[-1] if any(line.lstrip().startswith(("Traceback", "File ")) for line in lines) else lines[0]


def _handler_error(parts: list[bytes]) -> HandlerError:
    name, message, *stack = (part.decode("utf-8", "surrogatepass") for part in parts)
    return HandlerError(name, message, tuple(stack))


def _sha256(file: Path) -> str | None:
    import hashlib

    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None


def _working_folder(code_root: Path) -> str:
    """A private folder in which ``code`` leads to the package, as in the cloud; for reading only."""
    folder = f"{os.environ.get('TMPDIR', '').rstrip('/') or '/tmp'}/fgtui-{os.urandom(8).hex()}"  # noqa: S108
    try:
        os.mkdir(folder, 0o700)
        os.symlink(code_root, f"{folder}/code")
        os.chmod(folder, 0o500)
    except OSError as error:
        raise TargetError(
            "no working folder could be made in {folder}: {reason}",
            folder=os.path.dirname(folder),
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

    shutil.rmtree(folder, ignore_errors=True)


def _start(python: Path, folder: str, inside: list[int]) -> int:
    environment = dict(os.environ)
    if not any(environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
        environment["LC_CTYPE"] = "C.UTF-8"  # as Python 3.7 and later decide themselves
    log, *others = inside
    actions: list[tuple[Any, ...]] = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, log, 1),
        (os.POSIX_SPAWN_DUP2, log, 2),
        *((os.POSIX_SPAWN_DUP2, end, place) for place, end in enumerate(others, start=3)),
    ]
    command = [str(python), "-X", "faulthandler", "-c", _BOOT.format(folder=str(_HOSTS)), folder]
    options: dict[str, Any] = {"file_actions": actions, "setsigmask": (), "setsigdef": _SIGNALS}
    try:
        return os.posix_spawn(python, command, environment, setsid=True, **options)
    except NotImplementedError:  # the host makes its own session then, a little later
        return os.posix_spawn(python, command, environment, **options)


def _out_of_the_way(descriptor: int) -> int:
    """A copy above every number the child uses, so that placing one end does not overwrite another."""
    return fcntl(descriptor, F_DUPFD_CLOEXEC, 16)


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
