"""One send as the screen follows it: run in a thread, watched, cancelled, and asked what it has logged so far."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from fgtui.tui.widgets.log_lines import begins_invocation

if TYPE_CHECKING:
    from fgtui.events.model import Event
    from fgtui.invoke.model import Exchange, LocalTarget
    from fgtui.workspace import Recorded, Workspace

WAITING_CHARACTERS = 1_000_000
"""Of a log that wait to be drawn; older ones are left to the outcome."""
LINE_CHARACTERS = 20_000
"""After which a line without an end is drawn all the same."""


class Sending:
    """Sends one event and remembers what it has to say. ``run`` belongs to a thread, everything else to the screen."""

    def __init__(
        self,
        workspace: Workspace,
        make_event: Callable[[], Event],
        target: LocalTarget,
        session: str,
        *,
        recording: Exchange | None = None,
    ) -> None:
        self._make_event = make_event
        self.target = target
        self.session = session
        self.recording = recording
        """The exchange this is a replay of."""
        self.result: Recorded | None = None
        self.is_invoked = False
        """Whether the log says that the handler was called; before that an instance is started, unless one was warm."""
        self.attach = ""
        """Where a debugger is waited for, once that is known."""
        self._workspace = workspace
        self._cancelled = threading.Event()
        self._done = threading.Event()
        self._started = monotonic()
        self._lock = threading.Lock()
        self._parts: deque[str] = deque()
        self._waiting = 0
        self._tail = ""

    def run(self) -> Recorded:
        """Make the event, send it, record, and return what came of it. Raises ``FgtuiError`` where nothing was sent."""
        try:
            self.result = self._workspace.send(
                self._make_event(),
                self.target,
                session=self.session,
                replay_of=None if self.recording is None else self.recording.id,
                on_log=self._log,
                on_attach=self._wait_for_debugger,
                cancelled=self._cancelled,
            )
            return self.result
        finally:
            self._done.set()

    def cancel(self) -> None:
        """Stop the handler; the exchange is recorded as cancelled."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether ``cancel`` was called."""
        return self._cancelled.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; whether it came."""
        return self._done.wait(seconds)

    @property
    def elapsed_s(self) -> float:
        """Seconds since it was ordered."""
        return monotonic() - self._started

    def _wait_for_debugger(self, address: str) -> None:
        self.attach = address

    def _log(self, text: str) -> None:
        with self._lock:
            self._parts.append(text)
            self._waiting += len(text)
            while self._waiting > WAITING_CHARACTERS and len(self._parts) > 1:
                self._waiting -= len(self._parts.popleft())

    def take_lines(self) -> list[str]:
        """Whole lines that were logged since the last call; a last line without an end waits for it."""
        with self._lock:
            text = self._tail + "".join(self._parts)
            self._parts.clear()
            self._waiting = 0
        *lines, self._tail = text.split("\n")
        self.is_invoked = self.is_invoked or any(map(begins_invocation, lines))
        if len(self._tail) > LINE_CHARACTERS:
            lines.append(self._tail)
            self._tail = ""
        return lines
