"""Runs HTTP functions and container event functions: starts ``bootstrap``, waits for its port, and sends it requests.

An event of API Gateway becomes the request it stands for and the reply the answer the platform makes of it; a container
is sent the event itself. Every request has a connection of its own, so that none fails because an idle one was closed.
Facts: runtime.md section 7.
"""

import errno
import json
import os
import select
import socket
import time

import bootstrap
import h11
import keeper
import ports
import wire

from fgtui.invoke import error_bodies, gateway
from fgtui.invoke.http import messages

ANSWER_LIMIT = 8388608  # bytes of a body that are read
INTERIM_LIMIT = 100  # responses 1xx before the real one
PAUSE_S = (0.001, 0.02)  # between two looks at a port where nobody listens yet, longer and longer
HINT_EVERY_S = 0.5  # of waiting, until there is something to say
CLOSING_S = 0.03  # between a connection's end and its program's, when that dies
DYING_S = 0.2  # in which a program whose port is closed may end
ABSENT = (404, 405, 501)  # there is no POST /init
NO_INIT = "function initialization exception, error: "


def main():
    keeper.start(run)


def run(folder, tied):
    os.chdir(folder)
    line = wire.Wire()
    nonce, content = line.receive()
    config = json.loads(content)
    line.send(nonce, b"h", config["family"].encode())
    late_at = bootstrap.late_at(config)
    try:
        files = bootstrap.files_of(config["code_root"])
        server = start(config, folder)
        host = Host(line, config, server, tied)
        host.load(nonce, late_at)
    except (bootstrap.NotStartedError, OSError) as error:
        line.send(nonce, *bootstrap.not_started(error))
        os._exit(0)
    line.send(nonce, b"r", files)
    host.serve()


class BrokenError(Exception):
    """No whole answer came, and why; ``was_sent`` when some of the request has left."""

    def __init__(self, text, was_sent):
        super().__init__(text)
        self.text = text
        self.was_sent = was_sent


class TooLargeError(Exception):
    """The answer is larger than what is read; its size in words."""


class Server:
    """The program that was started, and where requests to it go."""

    def __init__(self, port, prefix, program):
        self.port = port
        self.prefix = prefix
        self.program = program

    @property
    def name(self):
        return "127.0.0.1:%d" % self.port


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body


def start(config, folder):
    """Start the bootstrap, with a port of its own."""
    port = ports.reserve()
    if port != ports.USUAL:
        bootstrap.say("port %d is taken on this machine; PORT names another, %d" % (ports.USUAL, port))
    program = bootstrap.start(config, folder, directory=config["code_root"], more={"PORT": str(port)})
    return Server(port, "" if config["family"] == "http" else "/invoke", program)


class Host:
    """One function behind one server."""

    def __init__(self, line, config, server, tied):
        self.line = line
        self.config = config
        self.server = server
        self.tied = tied
        self.parent = os.getppid()

    # Waiting for whatever comes first

    def wait(self, descriptor, events, timeout_s):
        """Whether something happens at ``descriptor`` before the time is up. Ends with the program and with fgtui."""
        until = None if timeout_s is None else time.monotonic() + timeout_s
        poll = select.poll()
        poll.register(keeper.EVENTS, 0)  # its end is told all the same
        if descriptor is not None:
            poll.register(descriptor, events)
        poll.register(self.server.program.woken, select.POLLIN)
        while True:
            left = -1 if until is None else max(0, until - time.monotonic()) * 1000
            ready = dict(poll.poll(left if self.tied else 1000 if left < 0 else min(left, 1000)))
            if descriptor in ready:
                return True
            if keeper.EVENTS in ready or os.getppid() != self.parent:
                os._exit(0)
            self.server.program.check()
            if until is not None and time.monotonic() >= until:
                return False

    # Loading

    def load(self, nonce, late_at):
        self.await_port(late_at)
        if self.config["family"] == "container":
            self.line.send(nonce, b"i")
            self.initialise()

    def await_port(self, late_at):
        """Wait until our own program listens: nobody else's is ever sent an event. At ``late_at`` the log says so."""
        pause_s, longest_s = PAUSE_S
        hint_at = time.monotonic() + HINT_EVERY_S
        while not self.finds_port():
            now = time.monotonic()
            is_late = late_at is not None and now > late_at
            if hint_at is not None and (is_late or now > hint_at):
                hint_at = None if self.hint() else now + HINT_EVERY_S
            if is_late:
                late_at = None
                if hint_at is not None:
                    self.say_late()
            self.wait(None, 0, pause_s)
            pause_s = min(longest_s, pause_s * 1.5)

    def finds_port(self):
        """Whether our own program listens where it should, or at the usual port in spite of PORT."""
        port = self.server.port
        if ports.accepts(port) and ports.is_ours(port, self.parent, unless_known=True):
            return True
        if port != ports.USUAL and ports.is_ours(ports.USUAL, self.parent, unless_known=False):
            self.server.port = ports.USUAL
            return True
        return False

    def hint(self):
        """Say in the log where the program listens instead; whether it does."""
        port = self.server.port
        right = {"%s:%d" % (host, port) for host in ("127.0.0.1", ports.ANYWHERE, "[::]")}
        found = [place for place in ports.listened(self.parent) if place not in right]
        if found:
            bootstrap.say("bootstrap listens on %s; events are sent to 127.0.0.1:%d" % (", ".join(found[:5]), port))
        return bool(found)

    def say_late(self):
        words = "bootstrap does not listen on 127.0.0.1:%d yet (PORT); a server has to within %g s"
        bootstrap.say(words % (self.server.port, self.config["timeout_s"]))

    def initialise(self):
        """Ask the container to get ready, if it knows how to."""
        try:
            reply = self.exchange(self.container_request("/init", b"{}", "initializer"))
        except (BrokenError, TooLargeError, messages.MalformedError) as error:
            self.check_dying()
            text = "its answer has a size %s" % error if isinstance(error, TooLargeError) else str(error)
            raise bootstrap.NotStartedError("InitError", "POST /init: " + text, NO_INIT + text) from None
        if reply.status // 100 != 2 and reply.status not in ABSENT:
            said = reply.body.decode("utf-8", "replace")
            words = "POST /init was answered with status %d: %s" % (reply.status, said)
            raise bootstrap.NotStartedError("InitError", words, NO_INIT + said)

    # Events

    def serve(self):
        while True:
            self.wait(keeper.EVENTS, select.POLLIN, None)
            self.server.program.check()  # an event that is not read can still be given to another instance
            nonce, content = self.line.receive()
            identifier, event = wire.event_of(content)
            self.line.send(nonce, *(self.answer(identifier, event) if identifier else wire.result(b"")))

    def answer(self, identifier, event):
        """The parts of the answer to one event."""
        try:
            request = self.request(identifier, event)
        except gateway.UnsendableError as error:
            text = "failed to parse request, err: %s" % error
            return wire.failed(b"e", text.encode(), "InvalidEvent", str(error))
        try:
            reply = self.exchange(request)
        except TooLargeError as error:
            return wire.too_large(error)
        except messages.MalformedError as error:
            return wire.refused("the answer is no HTTP: %s" % error)
        except BrokenError as error:
            return self.broken(error)
        if len(reply.body) > wire.RESULT_LIMIT:
            return wire.too_large(len(reply.body))
        if self.config["family"] == "container":
            return container_answer(reply)
        body = gateway.answer_of(reply.status, reply.headers, reply.body)
        return wire.result(body, b"%d" % reply.status, json.dumps(reply.headers).encode())

    def request(self, identifier, event):
        if self.config["family"] == "container":
            return self.container_request(self.server.prefix, event, identifier)
        return gateway.request_of(event, self.platform(identifier), host=self.server.name, prefix=self.server.prefix)

    def container_request(self, target, body, identifier):
        headers = [("Host", self.server.name), ("Content-Type", "application/json"), *self.platform(identifier)]
        return gateway.Request("POST", target, [*headers, ("Content-Length", str(len(body)))], body)

    def platform(self, identifier):
        config = self.config
        return gateway.platform_headers(
            identifier,
            name=config["function_name"],
            version=config["version"],
            package=config["package"],
            memory_mb=config["memory_mb"],
            timeout_s=config["timeout_s"],
        )

    def broken(self, error):
        """No whole answer, and the program is not ending."""
        self.check_dying()
        if error.was_sent:
            return wire.refused(error.text)
        return b"u", b"0", b"", wire.encoded(error.text)

    def check_dying(self):
        """End with our own program, if it is about to: its port is closed at about the same time as its connections."""
        self.server.program.check_within(CLOSING_S)
        if not ports.accepts(self.server.port):
            self.server.program.check_within(DYING_S)

    # One request

    def exchange(self, request):
        """Send it and read the reply; redirects are replies too.

        Raises ``BrokenError``, ``TooLargeError``, ``MalformedError``.
        """
        with self.connect() as line:
            return Exchange(self, line, request).run()

    def connect(self):
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        line.setblocking(False)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = line.connect_ex(("127.0.0.1", self.server.port))
        if number == errno.EINPROGRESS:
            self.wait(line.fileno(), select.POLLOUT, None)
            number = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number == 0:
            return line
        line.close()
        raise BrokenError("%s: %s" % (self.server.name, os.strerror(number).lower()), False)


class Exchange:
    """A request on its way out and its reply on its way in, both at once: a server may answer before it has read."""

    def __init__(self, host, line, request):
        self.host = host
        self.line = line
        self.http = messages.connection(h11.CLIENT)
        self.left = memoryview(self.written(request))
        self.head = None
        self.length = None  # what the head says of the body
        self.body = bytearray()
        self.interims = 0
        self.was_sent = False
        self.is_done = False

    def written(self, request):
        """The request as bytes."""
        headers = messages.encoded(request.headers)
        data = self.http.send(h11.Request(method=request.method, target=request.target, headers=headers))
        if request.body:
            data += self.http.send(h11.Data(data=request.body))
        return data + self.http.send(h11.EndOfMessage())

    def run(self):
        while not self.is_done:
            self.host.wait(self.line.fileno(), select.POLLIN | (select.POLLOUT if self.left else 0), None)
            self.send()
            self.receive()
        return Reply(self.head.status_code, messages.headers(self.head), bytes(self.body))

    def send(self):
        try:
            while self.left:
                self.left = self.left[self.line.send(self.left) :]
                self.was_sent = True
        except BlockingIOError:
            pass
        except OSError:  # it reads no more, and may have answered
            self.left = memoryview(b"")

    def receive(self):
        try:
            piece = self.line.recv(keeper.CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            raise self.cut(error.strerror) from None
        self.http.receive_data(piece)
        try:
            self.advance()
        except messages.MalformedError:
            if piece:
                raise
            raise self.cut("the connection was closed") from None

    def advance(self):
        while not self.is_done:
            event = messages.next_event(self.http)
            if event is h11.NEED_DATA:
                return
            if isinstance(event, h11.Data):
                self.take(event.data)
            elif isinstance(event, h11.EndOfMessage):
                self.is_done = True
            elif isinstance(event, h11.Response):
                messages.check(event)
                self.head, self.length = event, messages.length(event)
            else:
                self.interims += 1
                if self.interims > INTERIM_LIMIT:
                    raise messages.MalformedError("it has more than %d interim responses" % INTERIM_LIMIT)

    def take(self, piece):
        """A piece of the body; one that will be too large is not waited for."""
        if (self.length or 0) > ANSWER_LIMIT:
            raise TooLargeError("%d" % self.length)
        self.body += piece
        if len(self.body) > ANSWER_LIMIT:
            raise TooLargeError("of more than %d" % ANSWER_LIMIT)

    def cut(self, reason):
        """What to say of an answer that does not go on."""
        if self.head is None:
            words = "within its headers" if self.http.trailing_data[0] else "before an answer"
        elif self.length is None:
            words = "within an answer, after %d bytes of its body" % len(self.body)
        else:
            words = "within an answer, after %d of %d bytes of its body" % (len(self.body), self.length)
        return BrokenError("%s: %s %s" % (self.host.server.name, reason[0].lower() + reason[1:], words), self.was_sent)


def container_answer(reply):
    """The body is the result, unless the status says that the function failed (code 4002)."""
    if reply.status // 100 == 2:
        return wire.result(reply.body)
    name, text, stack = error_bodies.error_parts(reply.body, "HTTP %d" % reply.status)
    return wire.failed(b"e", reply.body, name, text, stack)
