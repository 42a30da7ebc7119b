"""Runs the real program on a pseudo-terminal: keys go in, the byte stream comes out, and the end is watched."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import selectors
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from tests.tui.settling import one_is_runnable

GUARD_SECONDS = 30.0
"""Ends a hang; times nothing."""
IDLE_S = 0.03 if Path("/proc/self/task").is_dir() else 0.15
"""Longer than the sixtieth of a second after which a change is painted; more where only silence tells that all is done."""
ESCAPE = "\x1b[27u"
"""The key as the kitty protocol spells it: no beginning of another, so nothing is waited for before it is one."""

_MOVE = re.compile(rb"\x1b\[[0-9;]*H")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*)?\Z")
"""A sequence of which not all has been read yet."""
_SEQUENCE = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    rb"|\x1b[P_^X][^\x1b]*\x1b\\"  # DCS, APC, PM, SOS
    rb"|\x1b[()][0-9A-Za-z]"  # character sets
    rb"|\x1b[78=>DEHMZc]"
)


def _without_sequences(content: bytes) -> str:
    return _SEQUENCE.sub(b"", _MOVE.sub(b"\n", content)).decode("utf-8", "replace")


def unread(terminal: int) -> int:
    """How many bytes of what was typed at a terminal nobody has read."""
    return int(struct.unpack("i", fcntl.ioctl(terminal, termios.FIONREAD, bytes(4)))[0])


class PseudoTerminal:
    """One run of ``python -m fgtui``. Use it as a context; it never outlives its block."""

    def __init__(
        self,
        *arguments: str,
        folder: Path,
        size: tuple[int, int] = (80, 24),
        environment: Mapping[str, str] | None = None,
        controlling: bool = True,
        program: Sequence[str] = (sys.executable, "-m", "fgtui"),
    ) -> None:
        self.output = bytearray()
        self._master, slave = pty.openpty()
        columns, lines = size
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.attributes_before = termios.tcgetattr(slave)

        def own_terminal() -> None:
            os.setsid()
            if controlling:
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        inherited = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "LINES"}}
        self.process = subprocess.Popen(
            [*program, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            env={**inherited, "TERM": "xterm-256color", "PYTHONPATH": str(Path.cwd()), **(environment or {})},
            preexec_fn=own_terminal,  # noqa: PLW1509 a terminal of its own is the point
        )
        self._slave: int | None = slave
        self._since = self._cleaned = 0
        self._clean = ""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._master, selectors.EVENT_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.vanish()
        if self._slave is not None:
            os.close(self._slave)

    # ── what a person does ──────────────────────────────────────────────────────────────────────────────────────────
    def send(self, keys: str | bytes) -> None:
        """Type or paste."""
        content = keys.encode() if isinstance(keys, str) else keys
        while content:
            content = content[os.write(self._master, content[:4096]) :]
            self._read(0)

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the window."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.kill(self.process.pid, signal.SIGWINCH)

    def vanish(self) -> None:
        """Take the terminal away."""
        if self._master >= 0:
            if self._slave is not None:
                os.close(self._slave)
                self._slave = None
            self._selector.close()
            os.close(self._master)
            self._master = -1

    # ── what a person sees ──────────────────────────────────────────────────────────────────────────────────────────
    def wait_for(self, text: str, *, since: int = 0) -> int:
        """Wait until ``text`` has been written after the offset ``since``; the offset after all that was read."""
        self.wait_until(lambda: text in self.text(since), f"{text!r} on the screen")
        return len(self.output)

    def wait_until(self, condition: Callable[[], object], words: str) -> None:
        """Read until ``condition`` holds."""
        give_up = monotonic() + GUARD_SECONDS
        while not condition():
            has_ended = self.process.poll() is not None
            if not self._read(0.05) and not condition() and (has_ended or monotonic() > give_up):
                raise AssertionError(f"waited in vain: {words}\n{self.text()[-3000:]}")

    def settle(self, moment: float = IDLE_S) -> int:
        """Read until for ``moment``, in seconds, the program has done and said nothing; the offset after it."""
        give_up = monotonic() + GUARD_SECONDS
        while self._read(moment) or self._is_at_work():
            if monotonic() > give_up:
                raise AssertionError(f"it comes to no rest\n{self.text()[-3000:]}")
        return len(self.output)

    def _is_at_work(self) -> bool:
        """Whether there are keys it has not read, or this busy machine does not let one of its threads run (Linux)."""
        if self.process.poll() is not None:
            return False
        return (self._slave is not None and unread(self._slave) > 0) or one_is_runnable(self.process.pid)

    def text(self, since: int = 0) -> str:
        """What was written after the offset ``since``, without control sequences; cursor moves are line ends."""
        if since != self._since:
            self._since, self._cleaned, self._clean = since, since, ""
        rest = bytes(self.output[self._cleaned :])
        whole = max(0, rest.rfind(b"\x1b["))  # what is before it is complete, and stays as it is while more comes
        self._cleaned += whole
        self._clean += _without_sequences(rest[:whole])
        return self._clean + _without_sequences(rest[whole:])

    def foreign_controls(self, since: int = 0) -> list[str]:
        """Control characters that belong to no sequence of the program's own, and everything that hides."""
        whole = _UNFINISHED.sub(b"", bytes(self.output[since:]))
        rest = _SEQUENCE.sub(b"", whole).decode("utf-8", "backslashreplace")
        hostile = re.compile(
            "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029"
            "\u200b\u2060-\u2064\ufeff\u00ad\u180e\ufff9-\ufffb\U000e0000-\U000e007f]"
        )
        return sorted({f"U+{ord(found):04X}" for found in hostile.findall(rest)})

    def modes(self) -> dict[str, bool]:
        """The private modes the program has set, as they stand now; the pushed keyboard protocol is ``"keys"``."""
        modes: dict[str, bool] = {}
        for found in re.finditer(rb"\x1b\[\?([0-9;]+)([hl])|\x1b\[([<>])[0-9]*u", bytes(self.output)):
            if found[3]:
                modes["keys"] = found[3] == b">"
                continue
            for mode in found[1].split(b";"):
                modes[mode.decode()] = found[2] == b"h"
        return modes

    def attributes(self) -> list[Any]:
        """The terminal's line settings now."""
        return termios.tcgetattr(self._master)

    # ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def wait_for_end(self) -> int:
        """The exit code; negative for a signal."""
        give_up = monotonic() + GUARD_SECONDS
        while self.process.poll() is None:
            if monotonic() > give_up:
                raise AssertionError(f"it did not end\n{self.text()[-2000:]}")
            if self._master >= 0:
                self._read(0.01)
            else:
                try:
                    self.process.wait(0.01)
                except subprocess.TimeoutExpired:
                    continue
        if self._master >= 0:
            self.settle()
        return self.process.returncode

    def _read(self, seconds: float) -> bool:
        if self._master < 0 or not self._selector.select(seconds):
            return False
        try:
            content = os.read(self._master, 1 << 16)
        except OSError:  # the other end is closed
            return False
        self.output += content
        return bool(content)
