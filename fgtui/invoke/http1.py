"""HTTP/1.1 messages as bytes: heads read, bodies unwrapped, both strictly. Nothing here touches a socket.

A cut body, a length that lies and a chunk that is none are errors, never an answer (RFC 9112). What is read comes from
a program somebody else wrote, so everything is bounded.
"""

from __future__ import annotations

import re

HEAD_LIMIT = 65536
"""Bytes of a first line and all headers; of trailers as well."""
_CHUNK_LINE_LIMIT = 4096
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9][0-9])(?: [^\r\n]*)?")
_REQUEST = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e]+) HTTP/1\.([01])")
_LENGTH = re.compile(rb"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")

Headers = list[tuple[str, str]]


class MalformedError(Exception):
    """Bytes that are no HTTP, in words that say why."""


class CutError(Exception):
    """A body that ended before it should. ``size`` bytes came of ``expected``, which is ``None`` for chunks."""

    def __init__(self, size: int, expected: int | None) -> None:
        super().__init__(size, expected)
        self.size = size
        self.expected = expected


class Head:
    """A first line and headers, names as they were written."""

    __slots__ = ("headers", "start")

    def __init__(self, start: bytes, headers: Headers) -> None:
        self.start = start
        self.headers = headers

    def all(self, name: str) -> list[str]:
        """Every value of a header, whatever its letters' case."""
        return [value for known, value in self.headers if known.lower() == name]

    def words(self, name: str) -> list[str]:
        """The parts between commas of all its values, in lower case."""
        return [word.strip().lower() for value in self.all(name) for word in value.split(",") if word.strip()]

    def status(self) -> int:
        """Of a response. Raises ``MalformedError``."""
        found = _STATUS.fullmatch(self.start)
        if found is None:
            raise MalformedError(f"it begins with {quoted(self.start)}, which is no status line")
        return int(found[1])

    def request(self) -> tuple[str, str, int]:
        """Method, target and minor version of a request. Raises ``MalformedError``."""
        found = _REQUEST.fullmatch(self.start)
        if found is None:
            raise MalformedError(f"{quoted(self.start)} is no request line")
        return found[1].decode(), found[2].decode(), int(found[3])


def take_head(buffer: bytearray) -> Head | None:
    """Take a head off the front of ``buffer``; ``None`` while it is not all there. Raises ``MalformedError``."""
    while buffer[:2] == b"\r\n":  # an empty line before a message is nothing
        del buffer[:2]
    end = re.search(rb"\r?\n\r?\n", buffer[: HEAD_LIMIT + 4])
    if end is None:
        if len(buffer) > HEAD_LIMIT:
            raise MalformedError(f"its headers are larger than {HEAD_LIMIT} bytes")
        return None
    lines = re.split(rb"\r?\n", bytes(buffer[: end.start()]))
    del buffer[: end.end()]
    return Head(lines[0], _headers(lines[1:]))


def _headers(lines: list[bytes]) -> Headers:
    found: Headers = []
    for line in lines:
        if line[:1] in {b" ", b"\t"} and found:  # a folded line goes on with the value before
            name, value = found.pop()
            found.append((name, f"{value} {_value(line)}".strip()))
            continue
        token, colon, rest = line.partition(b":")
        if not colon or not _TOKEN.fullmatch(token):
            raise MalformedError(f"{quoted(line)} is no header")
        found.append((token.decode(), _value(rest)))
    return found


def _value(data: bytes) -> str:
    if b"\0" in data or b"\r" in data:
        raise MalformedError(f"a header's value has a control character: {quoted(data)}")
    data = data.strip(b" \t")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


class Body:
    """Takes a body off a buffer as it comes, keeps the first ``keep`` bytes and counts them all."""

    def __init__(self, length: int | None, *, is_chunked: bool = False, keep: int = 0) -> None:
        """``length`` is ``None`` for one that lasts until the connection closes, unless it is chunked."""
        self.length = length
        self.size = 0
        self.is_done = length == 0 and not is_chunked
        self.data = bytearray()
        self._keep = keep
        self._is_chunked = is_chunked
        self._left = 0
        """Of the chunk under way, its line end included."""
        self._trailers: int | None = None

    def feed(self, buffer: bytearray) -> None:
        """Take what belongs to the body, leave the rest. Raises ``MalformedError``."""
        if self._is_chunked:
            while not self.is_done and self._feed_chunks(buffer):
                pass
        elif not self.is_done:
            self._take(buffer, len(buffer) if self.length is None else self.length - self.size)
            self.is_done = self.size == self.length

    def end(self) -> None:
        """The connection has closed. Raises ``CutError`` when there should be more."""
        if self.is_done:
            return
        if self._is_chunked or self.length is not None:
            raise CutError(self.size, self.length)
        self.is_done = True

    def _take(self, buffer: bytearray, count: int) -> int:
        piece = buffer[:count]
        del buffer[:count]
        self.size += len(piece)
        self.data += piece[: max(0, self._keep - len(self.data))]
        return len(piece)

    def _feed_chunks(self, buffer: bytearray) -> bool:
        """One step; whether there may be another with what is here."""
        if self._trailers is not None:
            return self._feed_trailers(buffer)
        if self._left > 2:
            self._left -= self._take(buffer, self._left - 2)
            return self._left == 2 and bool(buffer)
        if self._left:
            if len(buffer) < 2:
                return False
            if buffer[:2] != b"\r\n":
                raise MalformedError("a chunk of its body does not end where it says")
            del buffer[:2]
            self._left = 0
        line = _take_line(buffer, _CHUNK_LINE_LIMIT)
        if line is None:
            return False
        found = _CHUNK_SIZE.fullmatch(line)
        if found is None:
            raise MalformedError(f"{quoted(line)} is no size of a chunk")
        size = int(found[1], 16)
        if size == 0:
            self._trailers = 0
        else:
            self._left = size + 2
        return True

    def _feed_trailers(self, buffer: bytearray) -> bool:
        line = _take_line(buffer, HEAD_LIMIT)
        if line is None:
            return False
        self._trailers = (self._trailers or 0) + len(line)
        if self._trailers > HEAD_LIMIT:
            raise MalformedError(f"its trailers are larger than {HEAD_LIMIT} bytes")
        self.is_done = not line
        return not self.is_done


def _take_line(buffer: bytearray, limit: int) -> bytes | None:
    end = buffer.find(b"\n", 0, limit)
    if end < 0:
        if len(buffer) >= limit:
            raise MalformedError(f"a line of its chunks is longer than {limit} bytes")
        return None
    line = bytes(buffer[:end]).removesuffix(b"\r")
    del buffer[: end + 1]
    return line


def request_body(head: Head, keep: int) -> Body:
    """The body that follows a request's head. Raises ``MalformedError``; a message framed twice is one, it may smuggle
    another.
    """
    codings, lengths = head.words("transfer-encoding"), head.words("content-length")
    if codings:
        if codings != ["chunked"] or lengths:
            raise MalformedError("its body is framed in a way that is not understood")
        return Body(None, is_chunked=True, keep=keep)
    return Body(_length(lengths) if lengths else 0, keep=keep)


def response_body(head: Head, method: str, keep: int) -> Body:
    """The body that follows a final response's head to a request of ``method``. Raises ``MalformedError``."""
    codings, lengths = head.words("transfer-encoding"), head.words("content-length")
    if method == "HEAD" or head.status() in {204, 304}:
        return Body(0)
    if codings:
        if codings[-1] != "chunked":
            return Body(None, keep=keep)
        if codings != ["chunked"] or lengths:
            raise MalformedError("its body is framed in a way that is not understood")
        return Body(None, is_chunked=True, keep=keep)
    return Body(_length(lengths) if lengths else None, keep=keep)


def _length(values: list[str]) -> int:
    if len(set(values)) != 1 or not _LENGTH.fullmatch(values[0].encode()):
        raise MalformedError(f"its Content-Length is {quoted(', '.join(values).encode())}")
    return int(values[0])


def is_token(text: str) -> bool:
    """Whether ``text`` can be a method or a header's name."""
    return text.isascii() and _TOKEN.fullmatch(text.encode()) is not None


def message(start: str, headers: Headers, body: bytes = b"") -> bytes:
    """The bytes of a message; its parts have been checked by whoever made them."""
    lines = "".join([start, "\r\n", *(f"{name}: {value}\r\n" for name, value in headers), "\r\n"])
    return lines.encode("utf-8") + body


def quoted(data: bytes) -> str:
    """Foreign bytes in a sentence: short, and on one line."""
    text = data[:80].decode("utf-8", "replace")
    shown = "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
    return f"“{shown}…”" if len(data) > 80 else f"“{shown}”"
