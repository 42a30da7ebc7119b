"""Runs a handler in child processes of its own: start, feed, time out, cancel, stop.

An instance is a keeper and a host, a program of ``hosts/`` for each runtime. It stays warm between events. Its limits
hold for the whole tree of processes below the keeper: time and memory are watched from here, and the keeper stops the
tree when it is told to, when the host ends, and when fgtui does. See reliability section 4 for the promises, runtime.md
for the contract.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Event as Flag
from typing import Any, NamedTuple

from fgtui.errors import TargetError
from fgtui.events.model import Event
from fgtui.invoke import platform_log, surroundings
from fgtui.invoke.channel import new_nonce
from fgtui.invoke.child import Child, Report
from fgtui.invoke.conversation import Answer, Conversation, End
from fgtui.invoke.launch import Launch
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
    TimedOut,
    Unreachable,
    summary_of,
)
from fgtui.invoke.watching import Watched
from fgtui.records import replace
from fgtui.words import Phrase

START_LIMIT_S = 15.0
"""For an interpreter to start; the handler's own limit begins after that."""
_FAREWELL = b"\0"
"""The message that asks a host to run what it has for its end."""


class _Call(NamedTuple):
    """What is known about the send under way."""

    request_id: str
    phase: str = "load"
    init_ms: float | None = None
    duration_ms: float | None = None
    is_cold: bool = True


class _Asked(NamedTuple):
    """An event that was sent, and what is to be heard of it."""

    event: Event
    call: _Call
    nonce: bytes
    started: float
    answer: Answer | None = None
    """Where it was heard already."""


class LocalInstance:
    """One warm handler. Used by one thread at a time; only ``interrupt`` and ``force`` may come from another.

    Raises ``TargetError`` when the program cannot be started.
    """

    def __init__(self, target: LocalTarget, launch: Launch, now: Callable[[], datetime]) -> None:
        self.target = target
        self.summary = summary_of(target)
        self.last_used = 0.0
        self.obituary = ""
        """Of the instance before, in whose place this one was started: its first log begins with it."""
        self._launch = launch
        self._now = now
        self._is_loaded = False
        self._is_ending = False
        self._files = Watched()
        self._on_attach: Callable[[str], None] | None = None
        self._start_line = ""
        self._asked: _Asked | None = None
        self._loading_since = 0.0
        """When the host began to load the handler, in seconds of ``time.monotonic``: it may tell us late."""
        self._is_debugged = target.debug_port is not None
        self._debugger_port: int | None = None
        self._child = Child(launch, target.code_root, target.memory_mb)
        self._line = Conversation(self._child, math.inf if self._is_debugged else target.memory_mb)

    # Whether it can take another event

    @property
    def is_usable(self) -> bool:
        """Whether nothing has stopped it yet."""
        return not self._is_ending and not self._line.is_interrupted

    def is_current(self) -> bool:
        """Whether it still lives, every file it imported is as it was, and its debugger is there if it has one."""
        return (
            self.is_usable
            and self._files.are_as_they_were()
            and not self._child.has_ended()
            and not self._has_lost_its_debugger()
        )

    def _has_lost_its_debugger(self) -> bool:
        """Whether nobody is attached any more: a new instance waits for somebody."""
        if self._debugger_port is None:
            return False
        from fgtui.invoke.debugging import is_attached

        return not is_attached(self._debugger_port)

    # One event

    def invoke(
        self,
        event: Event,
        request_id: str,
        *,
        on_log: Callable[[str], None] | None = None,
        on_attach: Callable[[str], None] | None = None,
        cancelled: Flag | None = None,
    ) -> Outcome | None:
        """Send ``event`` and wait for how it ends; the first time the handler is loaded before.

        ``None`` says that a warm handler had ended before it read anything of the event, so that another may have it.
        Whatever ends without an answer stops the instance. ``on_log`` hears the log as it comes, on this thread: while
        it does not return, no limit is watched. ``on_attach`` hears where a debugger is waited for; then no limit is in
        force.
        """
        self._begin(on_log, cancelled)
        self._on_attach = on_attach
        try:
            call = _Call(request_id, phase="invoke", is_cold=False) if self._is_loaded else self._load(request_id)
            outcome = self._call(event, call) if isinstance(call, _Call) else call
            if outcome is not None:
                self._line.begin()  # what is printed from now on belongs to no event
            return outcome
        except BaseException:  # a listener's, or a signal's
            self._line.begin()
            self.stop()
            raise

    def begin(self, event: Event, request_id: str, *, cancelled: Flag | None = None) -> bool:
        """Send ``event`` to a warm handler and do not wait for how it ends, which ``finish`` tells.

        Whether it was sent: a handler that is not loaded yet, or that somebody debugs, takes its time.
        """
        if not self._is_loaded or self._is_debugged:
            return False
        self._begin(None, cancelled)
        self._asked = self._ask(event, _Call(request_id, phase="invoke", is_cold=False))
        return True

    @property
    def descriptor(self) -> int:
        """What becomes readable when there is an answer."""
        return self._child.receiver.descriptor

    def is_answered(self) -> bool:
        """Whether ``finish`` has nothing to wait for, and nothing to stop, after ``begin``."""
        assert self._asked is not None
        answer = self._line.hear_at_once(self._asked.nonce)
        if answer is None:
            return False
        self._asked = self._asked._replace(answer=answer)
        return answer.kind in {b"o", b"e"} and not self._line.goes_over(int(answer.parts[0]))

    def finish(self) -> Outcome | None:
        """How the event of ``begin`` ended, as ``invoke`` has it."""
        asked, self._asked = self._asked, None
        assert asked is not None
        try:
            outcome = self._heard(asked)
            if outcome is not None:
                self._line.begin()
            return outcome
        except BaseException:
            self._line.begin()
            self.stop()
            raise

    def _begin(self, on_log: Callable[[str], None] | None, cancelled: Flag | None) -> None:
        self._line.begin(on_log, cancelled)
        if self.obituary:
            self._line.log.add_line(self.obituary)
            self.obituary = ""

    def interrupt(self) -> None:
        """Stop the tree, from any thread; the thread that waits for an answer gets ``Cancelled``."""
        self._line.is_interrupted = True
        self._child.pull_leash()

    def force(self) -> None:
        """The same without asking the keeper, for when the waiting thread does not come back."""
        self._line.is_interrupted = True
        self._child.force()

    def take_leave(self, within_s: float) -> str:
        """Let the handler's pre-stop function run, and say what it printed; nothing where there is none.

        It has as long as an event, and ``within_s`` at most. Only for an instance that waits for an event; it is not
        usable afterwards.
        """
        if self.target.pre_stop is None or not self._is_loaded or not self.is_usable:
            return ""
        self._is_ending = True
        self._line.begin()
        nonce = new_nonce()
        self._line.ask(nonce, _FAREWELL)
        limit_s = min(within_s, self.target.timeout_s)
        if self._line.hear(nonce, time.monotonic() + limit_s) is End.TIMED_OUT:
            self._line.log.add_line(f"fgtui: the pre-stop function was stopped after {limit_s:.3g} s")
        return self._line.log.finish()[0]

    def bury(self) -> str:
        """Stop an instance that is not current; how it ended and its last words, when it has ended by itself.

        Only for one that waits for an event: what it printed since its last answer is nowhere else.
        """
        has_ended = self.is_usable and self._child.has_ended()
        report = self.stop()
        if not has_ended:
            return ""
        how = f"exit code {report.exit_code}" if report.signal is None else f"signal {report.signal}"
        said = self._line.log.finish()[0].replace(self._start_line, "").strip("\n")
        return f"fgtui: the instance before ended after its answer, {how}" + (f"; it said: {said}" if said else "")

    def stop(self) -> Report:
        """Stop the tree and everything that belongs to it; say how the host ended."""
        self._is_ending = True
        return self._line.stop()

    # Loading

    def _load(self, request_id: str) -> _Call | Outcome:
        """Import the module and run the initializer; how it ended when it did not end well."""
        nonce = new_nonce()
        call = _Call(request_id)
        if (end := self._greet(nonce)) is not None:
            return self._ended(end, call)
        started = self._loading_since
        while True:
            answer = self._line.hear(nonce, self._deadline(started))
            call = call._replace(init_ms=(time.monotonic() - started) * 1000)
            if isinstance(answer, End):
                return self._ended(answer, call)
            if answer.kind == b"d":
                self._announce(answer.parts[0].decode())
            elif answer.kind == b"i":
                call = call._replace(phase="initializer")
            elif answer.kind == b"r":
                self._files.learn(answer.parts[0])
                self._is_loaded = True
                return call._replace(phase="invoke")
            else:
                return self._not_loaded(answer, call)

    def _greet(self, nonce: bytes) -> End | None:
        """Configure the host and learn its version. Raises ``TargetError`` when it never becomes one."""
        if self._launch.attach:
            self._announce(self._launch.attach)
        asked = time.monotonic()
        self._line.ask(nonce, self._configuration())
        self.summary = replace(self.summary, code_sha256=code_sha256(self.target.file))
        answer = self._line.hear(nonce, math.inf if self._launch.attach else time.monotonic() + START_LIMIT_S)
        if isinstance(answer, Answer):
            runtime, *since = answer.parts
            self.summary = replace(self.summary, runtime=runtime.decode())
            now = time.monotonic()
            self._loading_since = min(now, max(asked, int(since[0]) / 1e9)) if since else now
            return None
        if answer in {End.PROCESS_ENDED, End.TIMED_OUT} and not self._line.is_interrupted:
            self.stop()
            raise TargetError(
                "{program} did not start: {reason}",
                program=str(self._launch.program),
                reason=_gist(self._line.log.finish()[0]),
                hint=self._launch.hint,
            )
        return answer

    def _announce(self, address: str) -> None:
        port = address.rpartition(":")[2].partition("/")[0]
        self._debugger_port = int(port) if port.isdecimal() else None
        if self._on_attach is not None:
            self._on_attach(address)

    def _configuration(self) -> bytes:
        import json

        target = self.target
        return json.dumps(
            {
                "family": target.family,
                "file": str(target.file),
                "code_root": str(target.code_root),
                "name": target.file.stem,
                "module": target.module,
                "function": target.function,
                "class_path": [str(each) for each in target.class_path],
                "debug_port": target.debug_port,
                "initializer": _own_function(target, target.initializer),
                "pre_stop": _own_function(target, target.pre_stop),
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

    def _not_loaded(self, answer: Answer, call: _Call) -> Outcome:
        if self._went_over(answer):
            return self._ended(End.OUT_OF_MEMORY, call)
        if answer.kind == b"u":
            return self._unreachable(answer, call)
        self.stop()
        _, _, body, *error = answer.parts
        return InitFailed(body=body, error=_handler_error(error), **self._facts(call))

    # Calling

    def _call(self, event: Event, call: _Call) -> Outcome | None:
        return self._heard(self._ask(event, call))

    def _ask(self, event: Event, call: _Call) -> _Asked:
        nonce = new_nonce()
        name = call.request_id.encode("ascii")
        asked_at = self._now()
        started = time.monotonic()
        self._line.ask(nonce, bytes([len(name)]) + name, event.wire)
        self._start_line = platform_log.start_line(asked_at, call.request_id, surroundings.VERSION)
        self._line.log.add_line(self._start_line)
        return _Asked(event, call, nonce, started)

    def _heard(self, asked: _Asked) -> Outcome | None:
        event, call, nonce, started, early = asked
        answer = early or self._line.hear(nonce, self._deadline(started))
        duration_ms = (time.monotonic() - started) * 1000
        call = _Call(call.request_id, call.phase, call.init_ms, duration_ms, call.is_cold)
        if answer is End.PROCESS_ENDED and not call.is_cold and self.is_usable and self._child.sender.is_unread():
            return None
        if isinstance(answer, End):
            return self._ended(answer, call)
        if self._went_over(answer):
            return self._ended(End.OUT_OF_MEMORY, call)
        if answer.kind == b"u":
            return self._unreachable(answer, call)
        self._files.learn(answer.parts[1])
        return self._answered(answer, event, call)

    def _answered(self, answer: Answer, event: Event, call: _Call) -> Outcome:
        _, _, body, *words = answer.parts
        refusal = words[0].decode("utf-8", "replace") if answer.kind == b"x" else None
        if answer.kind == b"o" and event.trigger == "apig":
            from fgtui.invoke.gateway import refusal as refused

            refusal = refused(body)
        is_raised = answer.kind == b"e"
        self._finish_line(call, "" if is_raised or refusal is not None else None)
        facts = self._facts(call)
        if is_raised:
            return Raised(body=body, error=_handler_error(words), **facts)
        if refusal is not None:
            return InvalidResponse(body=body, message=refusal, **facts)
        if words:  # an HTTP function's status and headers
            import json

            facts["status_code"] = int(words[0])
            facts["headers"] = tuple((name, value) for name, value in json.loads(words[1]))
        return Returned(body=body, **facts)

    def _unreachable(self, answer: Answer, call: _Call) -> Outcome:
        """A server takes no connection though it still runs: none of the event has left."""
        self.stop()
        self._finish_line(call, "")
        return Unreachable(message=answer.parts[2].decode("utf-8", "replace"), **self._facts(call))

    def _went_over(self, answer: Answer) -> bool:
        """Whether the host used more memory than it may, whatever it says besides."""
        is_over = self._line.goes_over(int(answer.parts[0]))
        return answer.kind == b"m" or is_over

    def _deadline(self, started: float) -> float:
        """A debugged handler has all the time there is."""
        return math.inf if self._is_debugged else started + self.target.timeout_s

    # Ending without an answer

    def _ended(self, end: End, call: _Call) -> Outcome:
        """Stop the instance and say what happened."""
        report = self.stop()
        limit = self.target.memory_mb
        if not self._launch.is_between or report.peak_mb > limit:  # else it is what our own program uses
            self._line.peak_mb = max(self._line.peak_mb, report.peak_mb)
        if self._line.is_interrupted:
            end = End.CANCELLED
        elif end is End.PROCESS_ENDED and (self._line.peak_mb > limit or self._child.was_killed_for_memory(report)):
            end = End.OUT_OF_MEMORY
        body, cause = {
            End.TIMED_OUT: (platform_log.timeout_text(call.phase, self.target.timeout_s), ""),
            End.OUT_OF_MEMORY: (platform_log.OUT_OF_MEMORY, platform_log.MEMORY_CAUSE),
            End.PROCESS_ENDED: (platform_log.EXITED, ""),
            End.CANCELLED: ("", ""),
        }[end]
        if body:
            self._line.log.add_line(platform_log.error_line(self._now(), call.request_id, body))
        self._finish_line(call, cause)
        facts = {**self._facts(call), "body": body.encode()}
        if end is End.TIMED_OUT:
            return TimedOut(limit_s=self.target.timeout_s, stopped_processes=self._stopped(report), **facts)
        if end is End.OUT_OF_MEMORY:
            return OutOfMemory(limit_mb=limit, **facts)
        if end is End.PROCESS_ENDED:
            return Crashed(exit_code=report.exit_code, signal=report.signal, **facts)
        return Cancelled(**facts)

    def _stopped(self, report: Report) -> int:
        """Processes of the handler that were stopped; a program of ours that stood between is none of them."""
        return max(1, report.stopped - 1 if self._launch.is_between else report.stopped)

    def _finish_line(self, call: _Call, failure: str | None) -> None:
        if call.duration_ms is not None:
            line = platform_log.finish_line(
                self._now(),
                call.request_id,
                duration_ms=call.duration_ms,
                memory_mb=self._line.peak_mb,
                limit_mb=self.target.memory_mb,
                failure=failure,
            )
            self._line.log.add_line(line)

    def _facts(self, call: _Call) -> dict[str, Any]:
        logs, truncated = self._line.log.finish()
        return {
            "logs": logs,
            "logs_truncated": truncated,
            "request_id": call.request_id,
            "duration_ms": call.duration_ms,
            "init_ms": None if self._is_debugged else call.init_ms,
            "memory_mb": self._line.peak_mb or None,
            "cold_start": call.is_cold,
        }


def _own_function(target: LocalTarget, spelling: str | None) -> str | None:
    """An initializer's or pre-stop's function; of Java its class as well, which may be another one."""
    if spelling is None or target.family == "java":
        return spelling
    return surroundings.function_of(spelling)


def _gist(said: str) -> str | Phrase:
    """The line that says most: an error with its name, an interpreter's last line, anybody else's first with a word."""
    lines = [line for line in said.splitlines() if any(map(str.isalpha, line))]
    if not lines:
        return Phrase("it ended without a word")
    if named := [line for line in lines if line.partition(":")[0].endswith(("Error", "Exception"))]:
        return named[-1]
    return lines[-1] if any(line.lstrip().startswith(("Traceback", "File ")) for line in lines) else lines[0]


def _handler_error(parts: list[bytes]) -> HandlerError:
    name, message, *stack = (part.decode("utf-8", "surrogatepass") for part in parts)
    return HandlerError(name, message, tuple(stack))


def code_sha256(file: Path) -> str | None:
    """The hash an exchange remembers of the code: of the handler's own file."""
    from fgtui.digests import sha256

    try:
        return sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None
