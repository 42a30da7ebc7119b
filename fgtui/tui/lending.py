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

from fgtui.tui.terminal_guard import RESTORE

PATIENCE_S = 1.0
"""How long a program that was told to end may take: less than what the workbench itself has for its end."""


def run_on_terminal(words: Sequence[str], terminal: int, *, folder: Path, environment: Mapping[str, str]) -> int:
    """Run a program on the terminal behind the descriptor ``terminal`` until it ends; its exit code, or minus a signal.

    For the main thread, while nobody else reads or draws there. Raises ``OSError`` when it cannot be started.
    """
    attributes = termios.tcgetattr(terminal)
    try:
        with _watching() as watch:
            watch.process = subprocess.Popen(
                words, stdin=terminal, stdout=terminal, stderr=terminal, cwd=folder, env=dict(environment)
            )
            return watch.process.wait()
    finally:
        with suppress(OSError, termios.error):  # the terminal may be gone
            os.write(terminal, RESTORE.encode("ascii"))
            termios.tcsetattr(terminal, termios.TCSANOW, attributes)


class _Watch:
    """What signals mean while the terminal is lent: Ctrl+C is the program's; what ends us ends it first."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.before = {
            number: signal.getsignal(number)
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)
        }

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if number in {signal.SIGINT, signal.SIGQUIT}:
            return  # the terminal sent it to the program too; ignoring it instead would have been inherited
        if self.process is not None:
            self.process.send_signal(signal.SIGHUP)  # what editors keep unsaved text on
            killer = threading.Timer(PATIENCE_S, self.process.kill)
            killer.daemon = True
            killer.start()
        old = self.before[signal.Signals(number)]
        if callable(old):
            old(number, frame)


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
