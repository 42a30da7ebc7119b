"""Reading a long text in a process of its own: a thread would hold up every key that is typed meanwhile.

What is read there are pure functions and values that can be pickled; it ends with whoever started it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    import subprocess

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

DROP = signal.SIGURG
"""Has the process leave what it reads; whoever does not know it ignores it."""


class ReadingStoppedError(Exception):
    """The process that was to answer was stopped, or has ended by itself."""


class ReadingDroppedError(ReadingStoppedError):
    """The question was dropped; the process is there for the next one."""


def text_among(given: tuple[object, ...]) -> str | None:
    """The longest text of what is given, which need not be sent back."""
    return max((value for value in given if isinstance(value, str)), key=len, default=None)


class ReadingProcess:
    """A process that is started when it is first asked something, and answers one question at a time."""

    def __init__(self) -> None:
        self.is_stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def ask(self, function: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs) -> Answer:
        """What ``function`` answers there. From any thread; who comes while it reads waits.

        Raises what ``function`` raises, ``ReadingStoppedError`` after ``stop`` or where the process has ended by
        itself, ``ReadingDroppedError`` after ``drop``, and ``OSError`` where none can be started.
        """
        try:
            with self._turn:
                is_answer, value = self._asked(self._started(), (function, given, named))
        finally:
            if self.is_stopped:  # while this one had its turn, or waited for it
                self._end()
        if not is_answer:
            raise value
        return cast("Answer", value)

    def _asked(self, process: subprocess.Popen[bytes], question: tuple[Any, ...]) -> tuple[bool, Any]:
        """Whether it answered, and what, or what was raised there."""
        from fgtui.sessions.process_messages import receive, send

        heard: tuple[bool, Any] | None = None
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError):
            if send(process.stdin.fileno(), question):
                heard = receive(process.stdout.fileno(), text_among(question[1]))
        if heard is None:
            self._forget()
            raise ReadingStoppedError
        return heard

    def drop(self) -> None:
        """Have it leave the question it is at, if it is at one: nobody wants the answer. Costs next to nothing."""
        with self._lock:
            if self._process is not None and self._turn.locked():
                self._process.send_signal(DROP)

    def stop(self) -> None:
        """End it for good, whatever it does. Returns at once; who waits for an answer is told. From any thread."""
        with self._lock:
            self.is_stopped = True
            if self._process is not None:
                self._process.kill()
        self._end()

    def _end(self) -> None:
        """Let go of the process that was stopped; where somebody else has the turn, he does so after it."""
        if self._turn.acquire(blocking=False):
            try:
                self._forget()
            finally:
                self._turn.release()

    def _started(self) -> subprocess.Popen[bytes]:
        from fgtui.sessions import child_processes

        with self._lock:
            if self.is_stopped:
                raise ReadingStoppedError
            if self._process is None:
                self._process = child_processes.start("fgtui.tui.text.reading_host")
            return self._process

    def _forget(self) -> None:
        """For who has the turn: nobody else uses its pipes meanwhile."""
        from fgtui.sessions import child_processes

        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            child_processes.end(process)
