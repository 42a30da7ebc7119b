"""What a handler prints, kept within bounds: the beginning, the end, and how much lies between (reliability 11)."""

from __future__ import annotations

import time
from collections.abc import Callable

HEAD = 256 * 1024
TAIL = 256 * 1024
"""Bytes kept from the beginning and from the end."""
LIVE_PIECE = 8 * 1024
LIVE_PAUSE_S = 0.1
"""After ``HEAD`` bytes a listener hears at most this much this often: it must not fall behind a flood."""


class Log:
    """Everything one invocation wrote. ``listener`` hears it as it comes, on the thread that adds it."""

    def __init__(self, listener: Callable[[str], None] | None = None) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self._total = 0
        self._live = _Live(listener) if listener is not None else None

    def add(self, data: bytes) -> None:
        """Append what was written."""
        self._total += len(data)
        room = HEAD - len(self._head)
        if len(data) <= room:
            self._head += data
        else:
            self._head += data[:room]
            self._tail += data[room:]
            if len(self._tail) > 4 * TAIL:
                del self._tail[:-TAIL]
        if self._live is not None:
            self._live.hear(data, early=room > 0)

    def add_line(self, text: str) -> None:
        """Append a line of the platform's, at the start of a line."""
        last = self._tail or self._head
        new_line = b"\n" if last and last[-1] != 0x0A else b""
        self.add(new_line + text.encode() + b"\n")

    def finish(self) -> tuple[str, bool]:
        """The text that is kept, and whether something was left out. Bytes that are no UTF-8 become escapes."""
        if self._live is not None:
            self._live.finish()
        if not self._tail:
            return _text(self._head), False
        tail = self._tail[-TAIL:]
        left_out = self._total - len(self._head) - len(tail)
        if left_out == 0:
            return _text(self._head + tail), False
        return f"{_text(_whole_start(self._head))}\n{left_out_words(left_out)}\n{_text(_whole_end(tail))}", True


def left_out_words(count: int) -> str:
    """The line that stands for bytes that were not kept."""
    return f"… {count:,} bytes left out …"


class _Live:
    """Passes text on at once while there is little, and samples a flood."""

    def __init__(self, listener: Callable[[str], None]) -> None:
        import codecs

        self._listener = listener
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._pending = bytearray()
        self._skipped = 0
        self._next = 0.0

    def hear(self, data: bytes, *, early: bool) -> None:
        if early:
            self._say(data)
            return
        self._pending += data
        if len(self._pending) > LIVE_PIECE:
            self._skipped += len(self._pending) - LIVE_PIECE
            del self._pending[:-LIVE_PIECE]
        if time.monotonic() >= self._next:
            self._release()

    def finish(self) -> None:
        self._release()
        rest = self._decoder.decode(b"", final=True)
        if rest:
            self._listener(rest)

    def _release(self) -> None:
        if self._skipped:
            self._say(f"\n{left_out_words(self._skipped)}\n".encode())
            self._skipped = 0
        if self._pending:
            self._say(bytes(self._pending))
            self._pending.clear()
        self._next = time.monotonic() + LIVE_PAUSE_S

    def _say(self, data: bytes) -> None:
        text = self._decoder.decode(data)
        if text:
            self._listener(text)


def _text(data: bytes | bytearray) -> str:
    return data.decode("utf-8", "backslashreplace")


def _whole_start(data: bytearray) -> bytearray:
    """``data`` without a character that was cut at its end."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return data[:-back] if back < needed else data
        if byte < 0x80:
            break
    return data


def _whole_end(data: bytearray) -> bytearray:
    """``data`` without the rest of a character that was cut at its beginning."""
    start = 0
    while start < min(3, len(data)) and 0x80 <= data[start] < 0xC0:
        start += 1
    return data[start:]
