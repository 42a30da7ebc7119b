"""Asking a host and hearing its answer, while its log is read and its tree watched; nothing waits for one alone.

The limits are told from here: the time an answer may take, the memory its tree may hold, and that somebody has had
enough of it.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable
from enum import Enum
from threading import Event as Flag
from typing import NamedTuple

from fgtui.invoke import processes
from fgtui.invoke.channel import CHUNK, DisturbedError, sections
from fgtui.invoke.child import Child, Report
from fgtui.invoke.logs import Log

FIRST_LOOK_S = 0.02
"""Before this an answer is not worth looking at the tree for."""


class End(Enum):
    """Why there is no answer."""

    TIMED_OUT = 1
    CANCELLED = 2
    OUT_OF_MEMORY = 3
    PROCESS_ENDED = 4


class Answer(NamedTuple):
    """A message of the host: its kind, as ``hosts/python_host.py`` lists them, and its sections."""

    kind: bytes
    parts: list[bytes]


class Conversation:
    """What is said to one child and heard from it. For one thread; only ``is_interrupted`` may be set by another."""

    def __init__(self, child: Child, limit_mb: float) -> None:
        self.log = Log()
        self.peak_mb = 0.0
        """The most memory its tree has held since ``begin``, as far as somebody has looked."""
        self.is_interrupted = False
        self._child = child
        self._limit_mb = limit_mb
        self._cancelled: Flag | None = None
        self._is_broken = False
        self._poll = select.poll()
        for descriptor in (child.receiver.descriptor, child.log, child.report):
            self._poll.register(descriptor, select.POLLIN)

    def begin(self, on_log: Callable[[str], None] | None = None, cancelled: Flag | None = None) -> None:
        """Start afresh for another event: an empty log, no memory seen."""
        self.log = Log(on_log)
        self.peak_mb = 0.0
        self._cancelled = cancelled

    def ask(self, nonce: bytes, *parts: bytes) -> None:
        """Begin to send a message of ``parts``; whether it gets through is told by what is heard."""
        try:
            self._child.sender.start(nonce, *parts)
        except BrokenPipeError:  # the keeper was killed between two events
            self._is_broken = True

    def hear(self, nonce: bytes, deadline: float) -> Answer | End:
        """The answer to ``nonce``, or why there is none. Never waits for a descriptor to close."""
        if self._is_broken:
            return End.PROCESS_ENDED
        sender = self._child.sender
        if sender.is_done:
            return self._wait(nonce, deadline)
        self._poll.register(sender.descriptor, select.POLLOUT)
        try:
            return self._wait(nonce, deadline)
        finally:
            self._poll.unregister(sender.descriptor)

    def hear_at_once(self, nonce: bytes) -> Answer | None:
        """The answer to ``nonce`` if it is there. Never waits; what else there is to hear ``hear`` hears."""
        try:
            content = self._child.receiver.receive(nonce)
            if content is None:
                return None
            self._drain()
            return Answer(content[:1], sections(content))
        except DisturbedError:
            return None

    def goes_over(self, peak_kib: int) -> bool:
        """Whether a host that says it used ``peak_kib`` KiB used more than it may; 0 lets its tree be looked at."""
        used = peak_kib / 1024 if peak_kib else self._child.tree.look(self._limit_mb)
        self.peak_mb = max(self.peak_mb, used)
        return self.peak_mb > self._limit_mb

    def stop(self) -> Report:
        """Stop the child and take in the rest of its log."""
        return self._child.stop(self._drain)

    def _wait(self, nonce: bytes, deadline: float) -> Answer | End:
        child = self._child
        look_at = time.monotonic() + FIRST_LOOK_S
        try:
            content = child.receiver.held(nonce)
            may_have_said_more = True
            while content is None:
                wait_s = min(deadline, look_at) - time.monotonic()
                ready = [descriptor for descriptor, _ in self._poll.poll(max(0.0, wait_s * 1000))]
                if child.receiver.descriptor in ready:
                    content = child.receiver.receive(nonce)
                may_have_said_more = child.log in ready and self._read_log() == CHUNK
                if content is not None:
                    break
                if child.report in ready:
                    content = self._last_words(nonce)
                    if content is None:
                        return End.PROCESS_ENDED
                    may_have_said_more = True
                    break
                if child.sender.descriptor in ready:
                    self._go_on()
                now = time.monotonic()
                if now >= deadline:
                    return End.TIMED_OUT
                if now >= look_at:
                    look_at = now + processes.LOOK_EVERY_S
                    if (end := self._look()) is not None:
                        return end
            if may_have_said_more:  # else there was nothing when the answer came, and what was printed came before
                self._drain()
            return Answer(content[:1], sections(content))
        except DisturbedError:
            self.log.add_line("fgtui: the handler wrote into the descriptor of its own answer")
            return End.PROCESS_ENDED
        except BrokenPipeError:  # it reads no more of a long event
            return End.PROCESS_ENDED

    def _go_on(self) -> None:
        sender = self._child.sender
        sender.go_on()
        if sender.is_done:  # else the poll would return at once for ever
            self._poll.modify(sender.descriptor, 0)

    def _look(self) -> End | None:
        if self.is_interrupted or (self._cancelled is not None and self._cancelled.is_set()):
            return End.CANCELLED
        return End.OUT_OF_MEMORY if self.goes_over(0) else None

    def _last_words(self, nonce: bytes) -> bytes | None:
        """The host has ended; its answer may still be in the pipe."""
        receiver = self._child.receiver
        content: bytes | None = None
        before = -1
        while content is None and receiver.received > before:
            before = receiver.received
            content = receiver.receive(nonce)
        return content

    def _drain(self) -> None:
        """Take in what was printed before now: a pipe holds little more than one piece."""
        for _ in range(16):
            if self._read_log() < CHUNK:
                return

    def _read_log(self) -> int:
        data = self._child.read_log()
        if data:
            self.log.add(data)
        return len(data)
