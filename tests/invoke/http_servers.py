"""Servers on loopback that answer as they are told: rightly, slowly, by halves, with lies, or not at all.

::

    with serving(answer(200, b"{}"), reset()) as server:  # the first request is answered, every other reset
        send(server.url)
    assert server.requests[0].path == "/"
    server.ended()                                        # the client has closed its connection

A step is what one request meets; a function from the request to a step is one too. The last step is for all requests
that follow. ``serving(..., tls="loopback")`` presents a certificate of ``tests/data/certificates``.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.invoke.harness import GUARD_S, wait_until

CERTIFICATES = Path(__file__).resolve().parents[1] / "data" / "certificates"
AUTHORITY = CERTIFICATES / "authority.pem"
"""Trust this, and ``tls="loopback"`` is right; ``elsewhere``, ``expired`` and ``early`` are signed by it and wrong."""
STRANGER = CERTIFICATES / "stranger.pem"
"""An authority that has signed none of them."""

Then = Literal["keep", "close", "reset", "hold", "farewell"]


@dataclass(frozen=True, slots=True)
class Received:
    """One request, as it came over the line."""

    raw: bytes
    """Head and body; what had come of it where the step does not read on."""
    tls_host: str | None = None
    """The name the client asked for in its handshake."""

    @property
    def method(self) -> str:
        return self.raw.split(b" ", 1)[0].decode()

    @property
    def target(self) -> str:
        """Of the request line, undecoded: a path, of a proxy a URL, of CONNECT a host with its port."""
        return self.raw.split(b" ", 2)[1].decode()

    path = target

    @property
    def headers(self) -> list[tuple[str, str]]:
        """In order, as they were spelled."""
        lines = self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    def header(self, sought: str) -> str | None:
        """The value of the one header of that name, in any case; ``None`` without one."""
        values = [value for name, value in self.headers if name.lower() == sought.lower()]
        assert len(values) < 2, f"{sought} came {len(values)} times"
        return values[0] if values else None

    @property
    def body(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[2]


@dataclass(frozen=True, slots=True)
class Step:
    """What a request meets: ``pieces`` are sent one by one, ``pause_s`` before each but the first, ``then`` what ends it."""

    pieces: tuple[bytes, ...] = ()
    then: Then = "keep"
    """Read the next request, close, reset, hold the line open until the client closes it, or end TLS as it wants."""
    reads: Literal["request", "head", "nothing"] = "request"
    pause_s: float = 0.0
    after: threading.Event | None = None
    """Nothing is sent before it is set."""
    tunnel_to: int | None = None
    """After the pieces, carry bytes to and from this port of 127.0.0.1."""


Answering = Callable[[Received], Step]


def response(
    status: int = 200, body: bytes = b"", headers: tuple[tuple[str, str], ...] = (), *, length: int | None = None
) -> bytes:
    """A whole answer as bytes; ``length`` is what it claims, when that is a lie."""
    lines = [f"HTTP/1.1 {status} Words", *(f"{name}: {value}" for name, value in headers)]
    if not any(name.lower() in {"content-length", "transfer-encoding"} for name, _ in headers):
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode("utf-8") + body


def answer(
    status: int = 200,
    body: bytes = b"",
    headers: tuple[tuple[str, str], ...] = (),
    *,
    length: int | None = None,
    then: Then = "keep",
) -> Step:
    """A whole answer, over a connection that is kept."""
    return Step((response(status, body, headers, length=length),), then)


def raw(*pieces: bytes, then: Then = "close", pause_s: float = 0.0, unasked: bool = False) -> Step:
    """These bytes, whatever they are: piece by piece where there is a pause, and before a request if ``unasked``."""
    return Step(pieces, then, reads="nothing" if unasked else "request", pause_s=pause_s)


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", headers: str = "", then: Then = "keep") -> Step:
    """An answer in chunks; ``end`` may be cut short."""
    head = f"HTTP/1.1 200 Words\r\nTransfer-Encoding: chunked\r\n{headers}\r\n".encode()
    return Step((head + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + end,), then)


def stall(sent: bytes = b"") -> Step:
    """``sent``, and then nothing, for as long as the client holds on: before, within or behind the headers."""
    return Step((sent,), "hold")


def reset(sent: bytes = b"") -> Step:
    """``sent``, and a reset."""
    return Step((sent,), "reset")


def truncated(body: bytes, length: int) -> Step:
    """A body that claims ``length`` bytes, and the end of the connection behind what there is."""
    return answer(body=body, length=length, then="close")


def redirect(to: str, status: int = 302) -> Step:
    return answer(status, b"moved", (("Location", to),))


def early(sent: bytes, then: Then = "reset") -> Step:
    """An answer to the head alone, while the body is still coming."""
    return Step((sent,), then, reads="head")


def tunnel(to: int) -> Step:
    """What a proxy does upon CONNECT, whatever host was named."""
    return Step((b"HTTP/1.1 200 Connection established\r\n\r\n",), "close", tunnel_to=to)


@dataclass(eq=False)
class Connection:
    """One connection of a client, and whether it is over."""

    line: Any
    ended: threading.Event = field(default_factory=threading.Event)
    tls_host: str | None = None
    held: bytes = b""
    """Read, and not yet part of a request."""

    def begins(self) -> bool:
        """Once a request begins to come; false when the client has closed."""
        return bool(self.held or self._more())

    def read_request(self, *, whole: bool) -> Received | None:
        """The next request; ``None`` when the client has closed. A chunked body is none of the clients'."""
        while (end := self.held.find(b"\r\n\r\n")) < 0:
            if not self._more():
                return None
        end += 4
        head = Received(self.held[:end])
        size = int(head.header("content-length") or 0) if whole else 0
        while len(self.held) < end + size:
            if not self._more():
                return None
        received, self.held = self.held[: end + size], self.held[end + size :]
        return Received(received, self.tls_host)

    def _more(self) -> bytes:
        data = self.line.recv(1 << 16)
        self.held += data
        return data

    def hold(self) -> None:
        """Until the client has closed."""
        while self.line.recv(1 << 16):
            pass

    def reset(self) -> None:
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.line.close()


class Server:
    """Answers every request by the next step of its script, in a thread for each connection."""

    def __init__(self, *script: Step | Answering, tls: str | None = None, host: str = "127.0.0.1") -> None:
        self.requests: list[Received] = []
        self.connections: list[Connection] = []
        self.refused: list[str] = []
        """Handshakes that came to nothing, in OpenSSL's words."""
        self._script = list(script)
        self._lock = threading.Lock()
        self._context = _context(tls, self._name_asked) if tls else None
        self._listener = socket.create_server(
            (host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=128
        )
        self.host = host
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Without a path and without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self._context else 'http'}://{host}:{self.port}"

    def heard(self, count: int = 1) -> Received:
        """The latest request, once ``count`` have come."""
        wait_until(lambda: len(self.requests) >= count, f"{count} requests have come")
        return self.requests[-1]

    def ended(self) -> None:
        """Returns once no connection is open that a client has opened so far."""
        wait_until(lambda: all(each.ended.is_set() for each in self.connections), "every connection is closed")

    def stop(self) -> None:
        """Close everything; what still holds a line gets its end."""
        with suppress(OSError):  # macOS refuses to shut a listener down
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(GUARD_S)
        for each in self.connections:
            with suppress(OSError):
                socket.socket.shutdown(each.line, socket.SHUT_RDWR)
        self.ended()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(line)
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        try:
            if self._context and not self._shake_hands(connection):
                return
            while self._take_turn(connection):
                pass
        except OSError:
            pass  # the client is gone, or the server is being stopped
        finally:
            with suppress(OSError):
                connection.line.close()
            connection.ended.set()

    def _shake_hands(self, connection: Connection) -> bool:
        assert self._context is not None
        try:
            connection.line = self._context.wrap_socket(connection.line, server_side=True)
        except ssl.SSLError as error:
            self.refused.append(str(error))
            return False
        connection.tls_host = getattr(connection.line, "asked_for", None)
        return True

    def _name_asked(self, line: ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        line.asked_for = name  # type: ignore[attr-defined]

    def _take_turn(self, connection: Connection) -> bool:
        """Answer one request; whether another may come."""
        if self._reads_first() and not connection.begins():
            return False
        with self._lock:
            step = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if not isinstance(step, Step) or step.reads != "nothing":
            received = connection.read_request(whole=not isinstance(step, Step) or step.reads == "request")
            if received is None:
                return False
            self.requests.append(received)
            step = step if isinstance(step, Step) else step(received)
        if step.after is not None:
            step.after.wait(GUARD_S)
        for number, piece in enumerate(step.pieces):
            if number and step.pause_s:
                time.sleep(step.pause_s)
            connection.line.sendall(piece)
        if step.tunnel_to is not None:
            _carry(connection.line, step.tunnel_to)
        if step.then == "hold":
            connection.hold()
        elif step.then == "reset":
            connection.reset()
        elif step.then == "farewell":
            connection.line.unwrap()
        return step.then == "keep"

    def _reads_first(self) -> bool:
        step = self._script[0]
        return not isinstance(step, Step) or step.reads != "nothing"


def _context(certificate: str, name_asked: Callable[..., None]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    context.sni_callback = name_asked
    return context


def _carry(line: socket.socket, port: int) -> None:
    """Bytes both ways until one side has ended."""
    with socket.create_connection(("127.0.0.1", port)) as other:
        back = threading.Thread(target=_copy, args=(other, line), daemon=True)
        back.start()
        _copy(line, other)
        back.join(GUARD_S)


def _copy(source: socket.socket, into: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            into.sendall(data)
    for end in (source, into):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(*script: Step | Answering, tls: str | None = None, host: str = "127.0.0.1") -> Iterator[Server]:
    """A ``Server`` that is stopped at the end."""
    server = Server(*script or (answer(),), tls=tls, host=host)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def a_port_nobody_listens_at() -> Iterator[int]:
    """A port of 127.0.0.1 that refuses, and that nobody else is given meanwhile."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]


@contextmanager
def a_port_that_never_answers() -> Iterator[int]:
    """A port of 127.0.0.1 where a connection is neither taken nor refused: its queue is full (Linux)."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        try:
            while not waiting or _connects(waiting[-1], 0.05):
                waiting.append(socket.socket())
                waiting[-1].setblocking(False)
                waiting[-1].connect_ex(listener.getsockname())
            yield listener.getsockname()[1]
        finally:
            for each in waiting:
                each.close()


def _connects(line: socket.socket, within_s: float) -> bool:
    import select

    return bool(select.select([], [line], [], within_s)[1])
