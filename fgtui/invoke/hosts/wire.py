"""What fgtui and a host of ours say to each other, over descriptors 3 and 4: see ``python_host`` for the messages.

For hosts that run under fgtui's own Python and never run user code themselves.
"""

import os
import select

import keeper

NONCE_SIZE = 16
HEADER = NONCE_SIZE + 8
TEXT_LIMIT = 262144  # characters of a message for people
STACK_LIMIT = 2000  # lines of a stack that are passed on
RESULT_LIMIT = 6291456


class Wire:
    """Messages in, answers out. When fgtui is gone, so is this process."""

    def __init__(self):
        self._data = bytearray()

    def receive(self):
        """Wait for the next message; its nonce and content."""
        while True:
            message = self.take()
            if message is not None:
                return message
            self.read()

    def read(self):
        """Read once what has come; ``take`` gives the messages."""
        try:
            data = os.read(keeper.EVENTS, keeper.CHUNK)
        except OSError:
            os._exit(keeper.LOST)
        if not data:
            os._exit(0)
        self._data += data

    def has_ended(self):
        """Whether fgtui has closed its end."""
        poll = select.poll()
        poll.register(keeper.EVENTS, 0)
        return bool(poll.poll(0))

    def take(self):
        """The next message that is all here, or ``None``."""
        size = HEADER + int.from_bytes(self._data[NONCE_SIZE:HEADER], "big")
        if len(self._data) < max(HEADER, size):
            return None
        nonce, content = bytes(self._data[:NONCE_SIZE]), bytes(self._data[HEADER:size])
        del self._data[:size]
        return nonce, content

    def send(self, nonce, kind, *sections):
        """One answer, whole. fgtui always reads."""
        content = kind + b"".join(len(section).to_bytes(4, "big") + section for section in sections)
        left = memoryview(b"".join((nonce, len(content).to_bytes(8, "big"), content, nonce)))
        try:
            while left:
                left = left[os.write(keeper.ANSWERS, left) :]
        except OSError:
            os._exit(keeper.LOST)


def event_of(content):
    """Request id and wire bytes of a message; the id of the last one is empty."""
    end = 1 + content[0]
    return content[1:end].decode("ascii"), content[end:]


def encoded(text):
    """Text of an answer."""
    shown = text if len(text) <= TEXT_LIMIT else "%s… (%d characters)" % (text[:TEXT_LIMIT], len(text))
    return shown.encode("utf-8", "surrogatepass")


def result(body, *more):
    """Parts of an answer with a result. How much memory it took is seen from outside."""
    return (b"o", b"0", b"", body, *more)


def failed(kind, body, name, text, stack=()):
    """Parts of an answer about an error: ``kind`` is ``b"e"`` or ``b"f"``."""
    return (kind, b"0", b"", body, encoded(name), encoded(text), *map(encoded, stack[:STACK_LIMIT]))


def refused(text):
    """Parts of an answer that is none the platform takes."""
    return (b"x", b"0", b"", encoded(text), encoded(text))


def too_large(size):
    """The same for a result over the limit (runtime.md section 3.3, code 4004); ``size`` may be words."""
    return refused("response body size %s exceeds the limit of %d" % (size, RESULT_LIMIT))
