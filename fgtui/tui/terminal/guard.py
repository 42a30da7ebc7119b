"""Keeps the terminal a person's own: restored whatever ends the workbench, never spun on, never typed on by a paste.

Textual restores nothing on SIGTERM and SIGHUP, spins on a terminal that is gone, and reads Enter as Ctrl+J while it
starts. Its driver is extended here, at those points only, and at what ``incoming`` makes of the keys.
"""

from __future__ import annotations

import os
import selectors
import signal
import sys
import termios
import threading
import tty
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from time import monotonic
from types import FrameType
from typing import IO, Any, cast

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from fgtui.tui.actions import keys_in
from fgtui.tui.terminal.incoming import Incoming
from fgtui.words import say

READ_BYTES = 1 << 16
TICK_S = 0.1
TICKS = 3
"""How often, after input, to look whether a sequence was left unfinished; then only more input wakes the thread."""

RESTORE = (
    "\x1b[?2026l"  # no synchronised update left open
    "\x1b[?2004l\x1b[?7h\x1b[?2048l"  # bracketed paste off, line wrap on, size reports off
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # mouse off
    "\x1b[<u\x1b[?1004l\x1b[0m"  # keyboard protocol and focus reports off, plain text
    "\x1b[?1049l\x1b[?25h"  # the screen as it was, cursor on
)
"""Undoes everything the driver switches on; harmless when it has been undone already."""

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAID_S = 12.0
"""How long it is said that a terminal breaks the frames."""
LAST_S = 0.3
"""How long the last things may take after that."""
PATIENCE_S = 1.6
"""After this long the process ends even if something does not answer (reliability, section 10: within 2 s)."""


class TerminalOutput:
    """The terminal to write to; when it is gone, what is written is dropped rather than raised."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.is_gone = False

    def write(self, text: str) -> None:
        """Write, unless the terminal is gone."""
        self._attempt(lambda: self._stream.write(text))

    def flush(self) -> None:
        """Hand on what was written."""
        self._attempt(self._stream.flush)

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._stream.fileno()

    def _attempt(self, step: Callable[[], object]) -> None:
        if self.is_gone:
            return
        try:
            step()
        except (OSError, ValueError):
            self.is_gone = True


class WakingEvent(threading.Event):
    """An event that a selector can wait for beside a terminal, so that nobody has to look again and again."""

    def __init__(self) -> None:
        super().__init__()
        self._reader, self._writer = os.pipe()

    def fileno(self) -> int:
        """What becomes readable with the event."""
        return self._reader

    def set(self) -> None:
        """Wake whoever waits."""
        if not self.is_set():
            super().set()
            os.write(self._writer, b"!")

    def clear(self) -> None:
        """Be waited for again."""
        if self.is_set():
            os.read(self._reader, 1)
        super().clear()

    def __del__(self) -> None:
        os.close(self._reader)
        os.close(self._writer)


class WorkbenchDriver(LinuxDriver):
    """Textual's driver with a guarded input and output."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        stream = sys.__stderr__ if sys.__stderr__ is not None and sys.__stderr__.isatty() else sys.__stdout__
        self._output = TerminalOutput(cast("IO[str]", stream))
        self._file = cast("Any", self._output)
        self._ending = self.exit_event = WakingEvent()
        self._has_begun = False
        self._size = self._get_terminal_size()  # whatever COLUMNS and LINES say, which are for programs without one

    @property
    def terminal(self) -> int:
        """The descriptor of the terminal."""
        return self._output.fileno()

    def _get_terminal_size(self) -> tuple[int, int]:
        try:
            width, height = os.get_terminal_size(self._output.fileno())
        except OSError:
            return super()._get_terminal_size()
        return width or 80, height or 24

    def start_application_mode(self) -> None:
        """Begin, or come back; what was typed before the first time was meant for nobody here."""
        is_first, self._has_begun = not self._has_begun, True
        attributes = self._drop_typed_ahead() if is_first else None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_CTYPE", "LANG"))), "")
        if is_first and locale.startswith(("zh", "ja", "ko")):
            self._ask_widths()
        if attributes is not None:
            self.attrs_before = attributes

    def _ask_widths(self) -> None:
        """Have the terminal say, on the empty screen, how wide it draws what frames are made of."""
        from fgtui.terminal.widths import QUESTION

        self.write(QUESTION)

    def process_message(self, message: Message) -> None:
        """Hand on what the terminal sent; where frames must break, say so."""
        if not isinstance(message, events.CursorPosition):
            super().process_message(message)
        elif message.x > 1:
            from fgtui.terminal.widths import SIGN

            words = say(
                "this terminal draws {sign} two cells wide, which breaks the frames; fgtui doctor says what to set",
                sign=SIGN,
            )
            self._app.call_later(partial(self._app.notify, words, severity="warning", timeout=SAID_S, markup=False))

    def _drop_typed_ahead(self) -> list[Any] | None:
        """Read keys as they are from now on, and forget those before: a line-wise terminal has made Ctrl+J of
        Enter, which sends. What the terminal was like before; ``None`` where it is none.
        """
        try:
            attributes, raw = termios.tcgetattr(self.fileno), termios.tcgetattr(self.fileno)
            raw[tty.LFLAG] = self._patch_lflag(raw[tty.LFLAG])
            raw[tty.IFLAG] = self._patch_iflag(raw[tty.IFLAG])
            termios.tcsetattr(self.fileno, termios.TCSANOW, raw)
            termios.tcflush(self.fileno, termios.TCIFLUSH)
        except termios.error:
            return None
        return attributes

    def _sigtstp_application(self, *_: Any) -> None:
        """Sleep; who only wanted to undo is told how, since the key is the same in many editors."""
        if self._auto_restart:
            self.suspend_application_mode()
            self._must_signal_resume = True
            words = say("fgtui sleeps; fg wakes it. Undo is {key}.", keys_in(self._app, key="undo"))
            self._output.write(f"{words}\r\n")
            self._output.flush()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:  # EIO: the other end hung up
            self._terminal_is_gone()

    def run_input_thread(self) -> None:
        """Read keys and pastes until the app ends or the terminal is gone."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        incoming = Incoming()
        ticks = 0
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._ending, selectors.EVENT_READ)
            while True:
                ready = selector.select(incoming.patience_s or (TICK_S if ticks else None))
                if self.exit_event.is_set():
                    return
                ticks = TICKS if ready else max(0, ticks - 1)
                if ready:
                    content = os.read(self.fileno, READ_BYTES)
                    if not content:
                        self._terminal_is_gone()
                        return
                    messages = incoming.feed(decode(content))
                else:
                    messages = incoming.pause()
                for message in messages:
                    self.process_message(message)

    def _terminal_is_gone(self) -> None:
        self._output.is_gone = True
        ended = getattr(self._app, "end", None)
        if ended is not None:
            self._loop.call_soon_threadsafe(ended, 128 + signal.SIGHUP)


class Guard:
    """Ends the workbench on a signal, and ends the process if that takes too long."""

    def __init__(self, end: Callable[[int], None], *last: Callable[[], object]) -> None:
        """``last`` is tried, all at once and for a moment, where ``end`` comes to nothing; sentences of it are said."""
        self._end = end
        self._last = last
        self._attributes: list[Any] | None = None
        self._exit_code: int | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within it the ending signals end the workbench, and the terminal is left as it was found."""
        try:
            self._attributes = termios.tcgetattr(0)
        except termios.error:
            self._attributes = None
        before = {number: signal.getsignal(number) for number in ENDING_SIGNALS}
        for number, old in before.items():
            if old is not signal.SIG_IGN or number == signal.SIGINT:
                signal.signal(number, self._on_signal)
        listener = signal.set_wakeup_fd(-1)  # of the verb that opened the workbench: it would end the process its way
        try:
            yield
        finally:
            signal.set_wakeup_fd(listener, warn_on_full_buffer=False)
            for number, old in before.items():
                signal.signal(number, old)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._exit_code is not None:
            self._end_now()
        self._exit_code = 128 + number
        watchdog = threading.Timer(PATIENCE_S, self._end_now)
        watchdog.daemon = True
        watchdog.start()
        self._end(self._exit_code)

    def _end_now(self) -> None:
        """Something does not answer: do the last things, restore the terminal by hand, and go."""
        said: list[object] = []
        threads = [threading.Thread(target=lambda each=each: said.append(each()), daemon=True) for each in self._last]
        for thread in threads:
            thread.start()
        restore_terminal(self._attributes)
        give_up = monotonic() + LAST_S
        for thread in threads:
            thread.join(max(0.0, give_up - monotonic()))
        for words in filter(None, said):
            with suppress(OSError):  # the terminal may be gone, or read no more
                os.write(2, f"{words}\r\n".encode("utf-8", "replace"))
        os._exit(self._exit_code or 1)


def restore_terminal(attributes: list[Any] | None) -> None:
    """Leave the terminal as a shell expects it, without Textual's help."""
    for descriptor in (2, 1):
        if os.isatty(descriptor):
            try:
                os.set_blocking(descriptor, False)  # a terminal that does not read must not keep us
                os.write(descriptor, RESTORE.encode("ascii"))
                if attributes is not None:
                    termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
            except (OSError, termios.error):
                continue
            return
