"""One request out and its answer in, over a connection that is there: h11 reads it, strictly, within our limits."""

from __future__ import annotations

import ssl
from collections.abc import Sequence

import h11

from fgtui.invoke.http import messages
from fgtui.invoke.http.connections import Connection
from fgtui.invoke.http.errors import BrokenError, Call
from fgtui.words import Phrase

BODY_LIMIT = 8 << 20
"""Bytes of an answer's body, as it comes (reliability: limits)."""
INTERIM_LIMIT = 100
"""Responses 1xx before the real one."""
_PIECE = 1 << 16


class Exchange:
    """A request that is written out, and what comes back."""

    def __init__(
        self, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes, *, place: str, call: Call
    ) -> None:
        """Raises ``BrokenError`` for what HTTP has no room for: nothing has been sent then."""
        self._place = place
        self._call = call
        self._http = messages.connection(h11.CLIENT)
        self._head: h11.Response | None = None
        self._length: int | None = None
        self._body = bytearray()
        self._interims = 0
        self._is_whole = False
        self._is_read = True
        """Whether the other side takes the request to its end."""
        try:
            encoded = [(name.encode("ascii"), value.encode()) for name, value in headers]
            self._output = b"".join(
                (
                    self._http.send(h11.Request(method=method, target=target, headers=encoded)),
                    self._http.send(h11.Data(data=body)),
                    self._http.send(h11.EndOfMessage()),
                )
            )
        except (h11.LocalProtocolError, UnicodeError) as error:
            raise BrokenError(_unsendable(error)) from None

    def run(self, connection: Connection) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        """Status, headers and body. Raises ``BrokenError``, ``LateError``, ``StoppedError``."""
        self._send(connection)
        connection.hurry()
        while not self._is_whole:
            self._receive(connection)
        assert self._head is not None
        return self._head.status_code, tuple(self._call.headers), bytes(self._body)

    @property
    def is_over(self) -> bool:
        """Whether the connection is as before, and may serve again."""
        return (
            self._is_read
            and self._http.our_state is h11.DONE
            and self._http.their_state is h11.DONE
            and not self._http.trailing_data[0]
        )

    def _send(self, connection: Connection) -> None:
        left = memoryview(self._output)
        while left:
            self._call.may_have_run = True
            try:
                left = left[connection.line.send(left) :]
            except TimeoutError:
                self._call.check()
                if connection.is_readable():  # it answers already, or says in vain that it goes on
                    self._receive(connection)
            except OSError:  # it reads no more, and may have answered
                self._is_read = False
                return
            if self._head is not None:
                self._is_read = False
                return

    def _receive(self, connection: Connection) -> None:
        self._call.check()  # each time: what drips would otherwise never be late
        try:
            piece = connection.line.recv(self._room())
        except TimeoutError:
            return
        except ssl.SSLEOFError:
            raise self._cut(_CLOSED) from None
        except OSError as error:
            raise self._cut(_lowered(str(error.strerror or error))) from None
        self._http.receive_data(piece)
        try:
            self._advance()
        except messages.MalformedError as error:
            if piece:
                words = Phrase("{place}: its answer is no HTTP: {why}", place=self._place, why=error)
                raise self._call.unusable(words) from None
            raise self._cut(_CLOSED) from None

    def _room(self) -> int:
        """Bytes to read at once: of headers no more than their limit, which h11 holds against what is incomplete."""
        return _PIECE if self._head else messages.HEAD_LIMIT + 1 - len(self._http.trailing_data[0])

    def _advance(self) -> None:
        while not self._is_whole:
            event = messages.next_event(self._http)
            if event is h11.NEED_DATA:
                return
            if isinstance(event, h11.Data):
                self._take(event.data)
            elif isinstance(event, h11.EndOfMessage):
                self._is_whole = True
            elif isinstance(event, h11.Response):
                self._call.headers = messages.headers(event)
                messages.check(event)
                self._head, self._length = event, messages.length(event)
            elif isinstance(event, h11.InformationalResponse):
                self._interims += 1
                if self._interims > INTERIM_LIMIT:
                    raise messages.MalformedError(f"it has more than {INTERIM_LIMIT} interim responses")
            else:
                raise messages.MalformedError("it switches to another protocol")

    def _take(self, piece: bytes) -> None:
        """A piece of the body; one that will be too large is not waited for."""
        self._body += piece
        if max(len(self._body), self._length or 0) > BODY_LIMIT:
            raise self._call.unusable(
                Phrase("the answer of {place} is larger than {limit} MiB", place=self._place, limit=BODY_LIMIT >> 20)
            )

    def _cut(self, reason: str | Phrase) -> BrokenError:
        """What to say of an answer that does not go on."""
        if self._head is None and not self._http.trailing_data[0]:
            words = "{place}: {reason} before an answer"
        elif self._head is None:
            words = "{place}: {reason} within the headers of its answer"
        elif self._length is None:
            words = "{place}: {reason}; its answer is cut short at {come:,} bytes"
        else:
            words = "{place}: {reason}; its answer is cut short at {come:,} of {length:,} bytes"
        return self._call.broken(
            Phrase(words, place=self._place, reason=reason, come=len(self._body), length=self._length or 0)
        )


_CLOSED = Phrase("the connection was closed")


def _lowered(reason: str) -> str:
    return reason[:1].lower() + reason[1:]


def _unsendable(error: Exception) -> Phrase:
    """In words that never quote a value: it may be a secret."""
    text = str(error)
    if isinstance(error, UnicodeEncodeError) or "header name" in text:
        return Phrase("a header's name has characters that HTTP does not allow; nothing was sent")
    if "header value" in text:
        return Phrase("a header's value has a line break, or begins or ends with a space; nothing was sent")
    if "Content-Length" in text:
        return Phrase("Content-Length is not the length of the body; nothing was sent")
    return Phrase("the request's method, path or headers are not valid in HTTP; nothing was sent")
