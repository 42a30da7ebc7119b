"""Sends one event to one target; keeps handlers warm, and connections open, in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fgtui.events.model import Event
from fgtui.invoke.ids import request_id, ulid
from fgtui.invoke.local import LocalInstance
from fgtui.invoke.model import Cancelled, Exchange, LocalTarget, Outcome, Target, TargetSummary, summary_of
from fgtui.invoke.runtimes import launch
from fgtui.records import replace

if TYPE_CHECKING:
    from fgtui.invoke.http.transport import Transport
    from fgtui.invoke.model import HttpTarget, RemoteTarget

IDLE_LIMIT = 8
"""Instances kept warm without work; the one that waited longest goes first."""
IDLE_LIMIT_S = 600.0
"""Seconds an instance is kept without work."""
LEAVE_LIMIT_S = 90.0
"""What a pre-stop function may take at most (runtime.md section 4)."""
CLOSE_LIMIT_S = 0.5
"""For the threads that wait for answers to notice that everything stops."""
_CALLERS = {"http": "fgtui.invoke.http_target", "remote": "fgtui.invoke.remote"}
"""What calls each kind of target that is not started here; imported when one is called, and an HTTP client with it."""


def utc_now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


class Invoker:
    """Synchronous and safe for threads: two sends at once use two instances.

    ``close`` from any thread ends every send that is under way as ``Cancelled`` and leaves no process; whoever forgets
    it leaves none either, since instances end with the process that started them.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = utc_now,
        new_id: Callable[[], str] = ulid,
        new_request_id: Callable[[], str] = request_id,
        python: Path | None = None,
        idle_limit_s: float = IDLE_LIMIT_S,
        on_leave: Callable[[LocalTarget, str], None] | None = None,
    ) -> None:
        """``on_leave`` hears what a pre-stop function printed, on any thread."""
        self._clock = clock
        self._new_id = new_id
        self._new_request_id = new_request_id
        self._python = python
        self._idle_limit_s = idle_limit_s
        self._transport_kept: Transport | None = None
        self._on_leave = on_leave
        self._at_once = 0
        self._reaper: threading.Thread | None = None
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._idle: list[LocalInstance] = []
        self._busy: list[LocalInstance] = []
        self._closed = False

    def invoke(
        self,
        event: Event,
        target: Target,
        *,
        request_id: str | None = None,
        replay_of: str | None = None,
        on_log: Callable[[str], None] | None = None,
        on_attach: Callable[[str], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> Exchange:
        """Send ``event`` once, and say how it ended; ``request_id`` is one that somebody was told already.

        What the handler does is an outcome; ``TargetError`` says that its runtime could not be started, and that
        nothing ran. ``on_log`` hears the log as it comes, and ``on_attach`` where a debugger can attach; both on this
        thread, and they must return soon. Setting ``cancelled`` stops the handler within a few hundredths of a second.
        """
        started_at = self._clock()
        name = request_id or self._new_request_id()
        outcome: Outcome
        if self._closed or (cancelled is not None and cancelled.is_set()):
            summary, outcome = summary_of(target), Cancelled(request_id=name)
        elif not isinstance(target, LocalTarget):
            summary, outcome = summary_of(target), self._call(event, target, name, on_log=on_log, cancelled=cancelled)
        else:
            listeners = {"on_log": on_log, "on_attach": on_attach, "cancelled": cancelled}
            answered = None
            while answered is None:  # an instance that ended without our knowing has read nothing of it
                summary, answered = self._ask(self._take(target), event, name, **listeners)
            outcome = answered
        return Exchange(self._new_id(), event, summary, outcome, started_at, replay_of=replay_of)

    def begin(
        self, event: Event, target: Target, *, request_id: str, cancelled: threading.Event | None = None
    ) -> Begun | None:
        """Send ``event`` to a handler that is warm, and do not wait for how it ends.

        ``None`` says that nothing was sent, since there is none, or it would take a while: ``invoke`` does it.
        """
        if not isinstance(target, LocalTarget) or (cancelled is not None and cancelled.is_set()):
            return None
        instance = self._take_idle(target)
        if instance is None:
            return None
        started_at = self._clock()
        if not (instance.is_current() and instance.begin(event, request_id, cancelled=cancelled)):
            self._give_back(instance)  # somebody who has the time looks what has become of it
            return None

        def ended(outcome: Outcome | None) -> Exchange:
            if outcome is None:  # it had ended without our knowing, and has read nothing of it
                return self.invoke(event, target, request_id=request_id, cancelled=cancelled)
            return Exchange(self._new_id(), event, instance.summary, outcome, started_at)

        return Begun(instance, self._give_back, ended)

    def _call(self, event: Event, target: HttpTarget | RemoteTarget, name: str, **listeners: Any) -> Outcome:
        """Over HTTP: nothing is started here, and nothing kept but connections."""
        caller = import_module(_CALLERS[target.kind])
        self.transport.prepare()  # whoever calls takes the time
        outcome: Outcome = caller.call(event, target, name, transport=self.transport, now=self._clock, **listeners)
        return outcome

    @property
    def transport(self) -> Transport:
        """What requests leave by: connections that are kept, until ``close``."""
        with self._lock:
            if self._transport_kept is None:
                from fgtui.invoke.http.transport import Transport

                self._transport_kept = Transport()
                if self._closed:
                    self._transport_kept.close()
            return self._transport_kept

    def _ask(
        self, instance: LocalInstance, event: Event, name: str, **listeners: Any
    ) -> tuple[TargetSummary, Outcome | None]:
        """Let ``instance`` have the event, and keep or stop it afterwards."""
        try:
            answered = instance.invoke(event, name, **listeners)
            return instance.summary, answered
        finally:
            self._give_back(instance)

    def close(self, patience_s: float = 0.0) -> None:
        """Stop every handler and all they have started. Nothing can be sent afterwards.

        Handlers with a pre-stop function have ``patience_s`` for it, together.
        """
        with self._changed:
            self._closed = True
            if self._transport_kept is not None:
                self._transport_kept.close()
            idle, self._idle = self._idle, []
            for instance in self._busy:
                instance.interrupt()
            self._changed.notify_all()
        until = time.monotonic() + patience_s
        for instance in idle:
            self._let_go(instance, until - time.monotonic())
        with self._changed:
            self._changed.wait_for(lambda: not self._busy, CLOSE_LIMIT_S)
            for instance in self._busy:
                instance.force()

    def prepare(self, target: Target) -> None:
        """Start an interpreter for ``target`` and do not wait for it, so that the next send finds it running.

        No line of the handler runs before an event is sent, and nothing is done for a target that is not started here.
        Raises ``TargetError`` as ``invoke`` does.
        """
        if isinstance(target, LocalTarget) and not self._closed:
            self._give_back(self._take(target))

    def expect(self, at_once: int) -> None:
        """Keep as many instances warm as there are about to be sends at once, where that is more than usual.

        Between two sends, while the first is recorded, all of them may wait for an event.
        """
        with self._lock:
            self._at_once = at_once

    def retire(self) -> None:
        """Let every handler that waits for an event end, and do not wait for it; ``close`` collects them.

        A later send starts a new one. Handlers with a pre-stop function stay for ``close``.
        """
        with self._lock:
            idle = tuple(instance for instance in self._idle if instance.target.pre_stop is None)
        for instance in idle:
            instance.interrupt()

    def _take(self, target: LocalTarget) -> LocalInstance:
        """A warm instance whose files have not changed, or a new one; it counts as busy."""
        obituary = ""
        while (instance := self._take_idle(target)) is not None:
            if instance.is_current():
                return instance
            obituary = instance.bury() or obituary
            self._stop(instance)
        instance = self._start(target)
        instance.obituary = obituary
        return instance

    def _take_idle(self, target: LocalTarget) -> LocalInstance | None:
        """The one that waits for an event since the shortest time; it counts as busy."""
        with self._lock:
            for instance in reversed(self._idle):
                if instance.target is target or instance.target == target:
                    self._idle.remove(instance)
                    self._busy.append(instance)
                    return instance
        return None

    def _start(self, target: LocalTarget) -> LocalInstance:
        asked = target if self._python is None else replace(target, program=self._python)
        instance = LocalInstance(target, launch(asked), self._clock)
        with self._lock:
            self._busy.append(instance)
            if self._closed:
                instance.interrupt()
        return instance

    def _give_back(self, instance: LocalInstance) -> None:
        """Keep it for the next event, if there can be one."""
        instance.last_used = time.monotonic()
        with self._lock:
            is_kept = instance.is_usable and not self._closed
            if is_kept:
                self._busy.remove(instance)
                self._idle.append(instance)
                if self._reaper is None:
                    self._reaper = threading.Thread(target=self._reap, name="fgtui-idle", daemon=True)
                    self._reaper.start()
                elif len(self._idle) > self._most_idle():
                    self._changed.notify_all()
        if not is_kept:
            self._stop(instance)

    def _most_idle(self) -> int:
        return max(IDLE_LIMIT, self._at_once)

    def _reap(self) -> None:
        """Let go of what has waited too long or is too much, until everything is closed."""
        while True:
            with self._changed:
                if self._closed:
                    return
                now = time.monotonic()
                oldest = self._idle[0].last_used if self._idle else now
                wait_s = oldest + self._idle_limit_s - now
                if wait_s > 0 and len(self._idle) <= self._most_idle():
                    self._changed.wait(wait_s)
                    continue
                instance = self._idle.pop(0)
                self._busy.append(instance)
            self._let_go(instance, LEAVE_LIMIT_S)
            self._stop(instance)

    def _let_go(self, instance: LocalInstance, within_s: float) -> None:
        """Stop an instance that waits for events, after its pre-stop function."""
        said = instance.take_leave(min(within_s, LEAVE_LIMIT_S)) if within_s > 0 else ""
        instance.stop()
        if said and self._on_leave is not None:
            self._on_leave(instance.target, said)

    def _stop(self, instance: LocalInstance) -> None:
        instance.stop()
        with self._lock:
            self._busy.remove(instance)
            self._changed.notify_all()


class Begun:
    """An event that was sent to a warm handler. One thread at a time has it, and ends it with ``wait``."""

    def __init__(
        self,
        instance: LocalInstance,
        give_back: Callable[[LocalInstance], None],
        ended: Callable[[Outcome | None], Exchange],
    ) -> None:
        self._instance = instance
        self._give_back = give_back
        self._ended = ended
        self.descriptor = instance.descriptor
        """What becomes readable when there is an answer."""

    def is_answered(self) -> bool:
        """Whether ``wait`` returns at once."""
        return self._instance.is_answered()

    def wait(self) -> Exchange:
        """How it ended, as ``Invoker.invoke`` has it."""
        try:
            outcome = self._instance.finish()
        finally:
            self._give_back(self._instance)
        return self._ended(outcome)
