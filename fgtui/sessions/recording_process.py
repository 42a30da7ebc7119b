"""Records by a process of its own: recording takes twice as long as answering, and in one process both would wait.

Each of the two has an interpreter for itself. What one process does is as durable as in the store's own: an exchange
comes back once it is.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Sequence

from fgtui.errors import StoreError
from fgtui.invoke.model import Exchange
from fgtui.sessions import child_processes
from fgtui.sessions.process_messages import receive, send
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore, check_name
from fgtui.sessions.told_errors import unpacked

END_S = 5.0
"""For it to record what it has taken in; SQLite may have to wait for others."""


class RecordingProcess:
    """Appends to one session. For one thread, but ``close``.

    ``UsageError`` for what cannot be a session's name.
    """

    def __init__(self, store: SessionStore, redactor: Redactor, session: str) -> None:
        """``redactor`` is the one that ``store`` has the rules of; what it knows by then is kept out each time."""
        check_name(session)
        self._store = store
        self._redactor = redactor
        self._session = session
        self._process: subprocess.Popen[bytes] | None = None
        self._recipe: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        self._file: tuple[int, int] | None = None
        """The file it has recorded into: another one may take its place."""
        self._lock = threading.Lock()
        self._is_closed = False

    def prepare(self) -> None:
        """Start it while nobody waits yet."""
        self._start()

    def record(self, exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
        """Record ``exchanges``; each is yielded, as it was kept, once it is durable.

        On a StoreError what was not yielded is not recorded, or, where the process has ended, may not be.
        """
        process = self._start()
        if process is None:
            yield from self._store.append_many(self._session, exchanges)
            return
        answer = None
        if send(_input(process), ("record", self._session, list(exchanges))):
            answer = receive(_output(process))
        if answer is None:
            self._end()
            raise StoreError(
                "the process that records has ended; {count} exchanges may not be recorded", count=len(exchanges)
            )
        kept, failure = answer
        self._file = _which(self._store)
        yield from kept
        if failure is not None:
            message, hint, values = failure
            raise StoreError(message, hint=hint, **unpacked(values))

    def close(self) -> None:
        """Let it finish, and end it. From any thread."""
        with self._lock:
            self._is_closed = True
        self._end()

    def _start(self) -> subprocess.Popen[bytes] | None:
        """It, running and with all secrets known to it; ``None`` where no process can be started."""
        with self._lock:
            if self._process is None and not self._is_closed:
                try:
                    self._process = child_processes.start("fgtui.sessions.recording_host")
                except OSError:
                    return None
                self._recipe = None
            process = self._process
        if self._file is not None and self._file != _which(self._store):
            self._file = self._recipe = None
        if process is not None and self._redactor.recipe != self._recipe:
            self._recipe = self._redactor.recipe
            send(_input(process), ("open", str(self._store.file), *self._recipe))
        return process

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            child_processes.end(process, END_S)


def _which(store: SessionStore) -> tuple[int, int] | None:
    """Which file a store's is now; ``None`` where there is none."""
    try:
        status = os.stat(store.file)  # noqa: PTH116 - before each commit, for next to nothing
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _input(process: subprocess.Popen[bytes]) -> int:
    assert process.stdin is not None
    return process.stdin.fileno()


def _output(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None
    return process.stdout.fileno()
