"""The line between fgtui and a host: messages out, answers in, on descriptors that nothing else uses.

A message is a nonce of 16 bytes, a length of 8 and the content; an answer ends with the nonce again. Whatever else
turns up among the answers was written by a handler and is skipped: without the nonce of this very event it is none.
"""

from __future__ import annotations

import os
import sys

from fgtui.invoke.ids import random_bytes

NONCE_SIZE = 16
HEADER = NONCE_SIZE + 8
CHUNK = 65536
"""What a pipe holds."""
ANSWER_LIMIT = 16 * 1024 * 1024
"""A host never sends more: results end at 6,291,456 bytes and texts are cut."""


class DisturbedError(Exception):
    """A handler wrote into the middle of an answer."""


def new_nonce() -> bytes:
    """Known to fgtui and to whoever is asked, for one answer."""
    return random_bytes(NONCE_SIZE)


class Sender:
    """Writes messages to a descriptor that does not block."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._left: list[memoryview] = []
        self._size = 0

    @property
    def is_done(self) -> bool:
        """Whether the whole message is out."""
        return not self._left

    def start(self, nonce: bytes, *parts: bytes) -> None:
        """Begin a message whose content is ``parts``. Raises ``BrokenPipeError``."""
        size = sum(map(len, parts))
        whole = (nonce + size.to_bytes(8, "big"), *parts)
        self._size = HEADER + size
        written = 0
        try:
            written = os.writev(self.descriptor, whole)
        except BlockingIOError:
            pass
        finally:
            if written < self._size:
                self._left = _rest([memoryview(part) for part in whole], written)

    def is_unread(self) -> bool:
        """Whether nobody has read anything of the message; where the system does not tell, somebody may have."""
        from fcntl import ioctl
        from termios import FIONREAD

        try:
            waiting = int.from_bytes(ioctl(self.descriptor, FIONREAD, bytes(4)), sys.byteorder)
        except OSError:
            return False
        return waiting == self._size - sum(map(len, self._left))

    def go_on(self) -> None:
        """Write what the descriptor takes now. Raises ``BrokenPipeError``."""
        try:
            self._left = _rest(self._left, os.writev(self.descriptor, self._left))
        except BlockingIOError:
            return


def _rest(parts: list[memoryview], written: int) -> list[memoryview]:
    left = []
    for part in parts:
        taken = min(written, len(part))
        written -= taken
        if taken < len(part):
            left.append(part[taken:])
    return left


class Receiver:
    """Reads answers from a descriptor that does not block."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.received = 0
        """Bytes read so far."""
        self._buffer = bytearray()

    def receive(self, nonce: bytes) -> bytes | None:
        """The content of the answer that carries ``nonce``, once all of it is here. Raises ``DisturbedError``."""
        data = self._read()
        if not self._buffer and data.startswith(nonce):
            size = int.from_bytes(data[NONCE_SIZE:HEADER], "big")
            if len(data) == HEADER + size + NONCE_SIZE and data.endswith(nonce):
                return data[HEADER:-NONCE_SIZE]
        self._buffer += data
        return self.held(nonce)

    def held(self, nonce: bytes) -> bytes | None:
        """The same out of what has been read already: two answers may have come at once."""
        if not self._buffer:
            return None
        start = self._buffer.find(nonce)
        if start < 0:
            del self._buffer[: -NONCE_SIZE + 1]  # a nonce may have begun
            return None
        del self._buffer[:start]
        if len(self._buffer) < HEADER:
            return None
        size = int.from_bytes(self._buffer[NONCE_SIZE:HEADER], "big")
        if size > ANSWER_LIMIT:
            raise DisturbedError
        end = HEADER + size
        if len(self._buffer) < end + NONCE_SIZE:
            return None
        if self._buffer[end : end + NONCE_SIZE] != nonce:
            raise DisturbedError
        content = bytes(self._buffer[HEADER:end])
        del self._buffer[: end + NONCE_SIZE]
        return content

    def _read(self) -> bytes:
        try:
            data = os.read(self.descriptor, CHUNK)
        except BlockingIOError:
            return b""
        self.received += len(data)
        return data


def sections(content: bytes) -> list[bytes]:
    """The parts of an answer behind its kind. Raises ``DisturbedError`` when they do not add up."""
    found = []
    at = 1
    while at < len(content):
        end = at + 4 + int.from_bytes(content[at : at + 4], "big")
        if end > len(content):
            raise DisturbedError
        found.append(content[at + 4 : end])
        at = end
    return found
