"""Lends the terminal to another program, an editor, and takes it back as it was, whatever that program does to it.

The program stays in our process group, as a shell's child would: Ctrl+Z in it stops both, and ``fg`` wakes both.
"""

from __future__ import annotations

import os
import signal
import subprocess
import termios
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from fgtui.tui.terminal.guard import RESTORE

PATIENCE_S = 1.0
"""How long a program that was told to end may take: less than what the workbench itself has for its end."""

LAST_WORDS = 2000
"""Bytes kept of what a program writes as errors."""
LISTENING_S = 0.2
"""How long its errors are waited for after its end, where it has left somebody behind who could still write some."""


class Lent(NamedTuple):
    """How a program that had the terminal ended."""

    exit_code: int
    """Minus the signal that ended it."""
    last_words: str
    """The end of what it wrote as errors, raw text."""
    is_ending: bool = False
    """Whether we were told to end meanwhile, and have ended it."""


def run_on_terminal(words: Sequence[str], terminal: int, *, folder: Path, environment: Mapping[str, str]) -> Lent:
    """Run a program on the terminal behind the descriptor ``terminal`` until it ends.

    What it writes as errors shows there too, and its end is kept: it says why, and the screen that comes back covers
    it. For the main thread, while nobody else reads or draws there. Raises ``OSError`` when it cannot be started.
    """
    attributes = termios.tcgetattr(terminal)
    reading, writing = os.pipe()
    errors = _Errors(reading, terminal)
    try:
        with _watching() as watch:
            try:
                watch.process = subprocess.Popen(
                    words, stdin=terminal, stdout=terminal, stderr=writing, cwd=folder, env=dict(environment)
                )
            finally:
                os.close(writing)
                errors.start()
            watch.begin()
            exit_code = watch.process.wait()
            return Lent(exit_code, errors.finish(), watch.is_ending)
    finally:
        with suppress(OSError, termios.error):  # the terminal may be gone
            os.write(terminal, RESTORE.encode("ascii"))
            termios.tcsetattr(terminal, termios.TCSANOW, attributes)


class _Errors(threading.Thread):
    """Passes what is written as errors on to the terminal while that is lent, and keeps its end."""

    def __init__(self, reading: int, terminal: int) -> None:
        super().__init__(name="fgtui-errors", daemon=True)
        self._reading = reading
        self._terminal = terminal
        self._is_lent = True
        self._kept = b""

    def run(self) -> None:
        """Read until nobody can write any more: whoever the program left behind must not meet a closed pipe."""
        with open(self._reading, "rb", buffering=0) as errors:  # noqa: PTH123 a descriptor
            while data := errors.read(4096):
                if self._is_lent:
                    self._kept = (self._kept + data)[-LAST_WORDS:]
                    with suppress(OSError):  # the terminal may be gone
                        os.write(self._terminal, data)

    def finish(self) -> str:
        """Stop passing on; the end of what was written."""
        self.join(LISTENING_S)
        self._is_lent = False
        return self._kept.decode("utf-8", "replace")


class _Watch:
    """What signals mean while the terminal is lent: Ctrl+C is the program's; what ends us ends it first."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.is_ending = False
        self.before = {
            number: signal.getsignal(number)
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)
        }

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if number in {signal.SIGINT, signal.SIGQUIT}:
            return  # the terminal sent it to the program too; ignoring it instead would have been inherited
        self.is_ending = True
        self.begin()
        old = self.before[signal.Signals(number)]
        if callable(old):
            old(number, frame)

    def begin(self) -> None:
        """End the program, if what ends us came while it was being started."""
        if self.is_ending and self.process is not None:
            self.process.send_signal(signal.SIGHUP)  # what editors keep unsaved text on
            killer = threading.Timer(PATIENCE_S, self.process.kill)
            killer.daemon = True
            killer.start()


@contextmanager
def _watching() -> Iterator[_Watch]:
    watch = _Watch()
    for number, old in watch.before.items():
        if old is not signal.SIG_IGN:
            signal.signal(number, watch.on_signal)
    try:
        yield watch
    finally:
        for number, old in watch.before.items():
            signal.signal(number, old)
