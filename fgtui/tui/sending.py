"""One send as the screen follows it: run in a thread, watched, cancelled, and asked what it has logged so far."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from fgtui.errors import FgtuiError, UsageError
from fgtui.tui.widgets.log_lines import begins_invocation
from fgtui.words import Names

if TYPE_CHECKING:
    from fgtui.events.model import Event
    from fgtui.invoke.model import Exchange, Target
    from fgtui.sessions.replay.supplying import Supplies
    from fgtui.workspace import Recorded, Workspace

WAITING_CHARACTERS = 1_000_000
"""Of a log that wait to be drawn; older ones are left to the outcome."""
LINE_CHARACTERS = 20_000
"""After which a line without an end is drawn all the same."""


class PlaceholdersError(UsageError):
    """The event holds placeholders of redacted values, and nobody has said what is to become of them."""

    def __init__(self, paths: Sequence[str], supplies: Supplies | None, why: FgtuiError | None) -> None:
        super().__init__(
            "redacted at {paths}, so it is not what was sent",
            hint="open it in the editor and complete it; [replay.secrets] can refer to the values",
            paths=Names(path or "(all)" for path in paths),
        )
        self.supplies = supplies
        """The values that the settings refer to, where there is one for each place."""
        self.why = why
        """Why there are none."""


class Sending:
    """Sends one event and remembers what it has to say. ``run`` belongs to a thread, everything else to the screen."""

    def __init__(
        self,
        workspace: Workspace,
        make_event: Callable[[], Event],
        target: Target,
        session: str,
        *,
        recording: Exchange | None = None,
        supplies: Supplies | None = None,
    ) -> None:
        self._make_event = make_event
        self.target = target
        self.session = session
        self.recording = recording
        """The exchange this is a replay of."""
        self.supplies = supplies
        """What becomes of placeholders; ``None`` while nobody has said so."""
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

    def prepare(self) -> None:
        """Make the event: what is agreed to is what is sent. For a thread; raises ``FgtuiError`` where it is none."""
        event = self._make_event()
        self._make_event = lambda: event

    def run(self) -> Recorded:
        """Make the event, send it, record, and return what came of it. Raises ``FgtuiError`` where nothing was sent,
        ``PlaceholdersError`` where a person has to be asked first.
        """
        try:
            event = self._make_event()
            self.result = self._workspace.send(
                event,
                self.target,
                session=self.session,
                replay_of=None if self.recording is None else self.recording.id,
                on_log=self._log,
                on_attach=self._wait_for_debugger,
                cancelled=self._cancelled,
                supplies=self.supplies or self._supplies_for(event),
            )
            return self.result
        finally:
            self._done.set()

    def again(self, supplies: Supplies) -> Sending:
        """The same once more, with what a person has said of its placeholders."""
        return Sending(
            self._workspace,
            self._make_event,
            self.target,
            self.session,
            recording=self.recording,
            supplies=supplies,
        )

    def _supplies_for(self, event: Event) -> Supplies | None:
        """``None`` for an event without placeholders; a recording gets the values that the settings refer to."""
        from fgtui.sessions.redaction.leftovers import placeholder_paths

        paths = event.redacted or placeholder_paths(event.wire)
        if not paths:
            return None
        supplies, why = None, None
        try:
            supplies = self._workspace.supplies()
            supplies.of(event, self._workspace.trigger_of(event))
        except FgtuiError as error:
            supplies, why = None, error
        if self.recording is not None and supplies is not None:
            return supplies
        raise PlaceholdersError(paths, supplies, why)

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
