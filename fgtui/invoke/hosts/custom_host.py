"""Runs a custom runtime: serves the runtime API on a loopback port, starts ``bootstrap``, and stands between.

One thread, one loop over every descriptor: an event goes to exactly one of those who ask for it, and only to one who is
still there. The instance is ready when it is asked for an event for the first time. Facts: runtime.md section 6.
"""

import collections
import json
import os
import select
import socket
import time

import bootstrap
import h11
import keeper
import wire

from fgtui.invoke import error_bodies
from fgtui.invoke.http import messages

PATH = "/v1/runtime/invocation/"
CONNECTIONS_LIMIT = 64
HELD_LIMIT = 33554432  # bytes of all bodies that are under way
DRAIN_LIMIT = 67108864  # bytes of a body too large that are read to be counted, and as many that are read for nothing
BUFFER_LIMIT = 131072  # bytes that are taken in ahead of what is understood


def main():
    keeper.start(run)


def run(folder, tied):
    os.chdir(folder)
    line = wire.Wire()
    nonce, content = line.receive()
    config = json.loads(content)
    line.send(nonce, b"h", b"custom")
    late_at = bootstrap.late_at(config)
    files = bootstrap.files_of(config["code_root"])
    try:
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        address = "127.0.0.1:%d" % listener.getsockname()[1]
        program = bootstrap.start(config, folder, directory=folder, more={"RUNTIME_API_ADDR": address})
    except (bootstrap.NotStartedError, OSError) as error:
        line.send(nonce, *bootstrap.not_started(error))
        os._exit(0)
    listener.setblocking(False)
    Api(line, program, listener, nonce, files, tied).serve(late_at)


class Event:
    """What has been sent and not been answered."""

    def __init__(self, nonce, identifier, body):
        self.nonce = nonce
        self.identifier = identifier
        self.body = body
        self.is_taken = False


class Api:
    """The runtime API, for one event at a time."""

    def __init__(self, line, program, listener, nonce, files, tied):
        self.line = line
        self.program = program
        self.listener = listener
        self.hosts = {"%s:%d" % (name, listener.getsockname()[1]) for name in ("127.0.0.1", "localhost")}
        self.ready = (nonce, files)
        self.tied = tied
        self.parent = os.getppid()
        self.event = None
        self.last = ""
        self.connections = {}
        self.waiting = collections.deque()

    def serve(self, late_at):
        """Go on until there is nobody left to serve; say at ``late_at``, if at all, that nobody has come yet."""
        until = None
        while True:
            if until is None:
                status = self.program.status()
                until = None if status is None else time.monotonic() + bootstrap.LAST_WORDS_S
            if self.ready is None:
                late_at = None
            if late_at is not None and time.monotonic() >= late_at:
                late_at = None
                address = "127.0.0.1:%d" % self.listener.getsockname()[1]
                bootstrap.say("bootstrap has not asked for an event yet: GET http://%s%srequest" % (address, PATH))
            ready = self.poll(0 if until is not None else self.longest(late_at))
            if until is not None and (not ready or time.monotonic() > until):
                bootstrap.end_like(status)
            if os.getppid() != self.parent:
                os._exit(keeper.LOST)
            for descriptor, events in ready:
                self.handle(descriptor, events)
            self.hand_out()

    def longest(self, late_at):
        """How long to wait for whatever comes, in milliseconds."""
        longest = -1 if self.tied else 1000
        if late_at is None:
            return longest
        left = max(0, late_at - time.monotonic()) * 1000 + 1
        return left if self.tied else min(left, longest)

    def poll(self, timeout):
        """Descriptors at which there is something to do, but for the program's end."""
        poll = select.poll()
        poll.register(keeper.EVENTS, select.POLLIN if self.waiting else 0)  # its end is told all the same
        poll.register(self.program.woken, select.POLLIN)
        poll.register(self.listener, select.POLLIN)
        for descriptor, connection in self.connections.items():
            poll.register(descriptor, connection.interest())
        return [(each, events) for each, events in poll.poll(timeout) if each != self.program.woken]

    def handle(self, descriptor, events):
        if descriptor == keeper.EVENTS:
            self.take_event()
        elif descriptor == self.listener.fileno():
            self.accept()
        elif descriptor in self.connections:
            connection = self.connections[descriptor]
            try:
                if events & select.POLLOUT:
                    connection.flush()
                if events & ~select.POLLOUT:
                    connection.read()
                connection.advance(self)
            except OSError:
                connection.is_reset = True
            if connection.is_over or connection.is_reset:
                self.drop(connection)

    def drop(self, connection):
        """Forget it; an event that was not read to its end goes to the next who asks.

        The system resets a connection that is closed while something in it has not been read.
        """
        del self.connections[connection.socket.fileno()]
        connection.socket.close()
        if connection in self.waiting:
            self.waiting.remove(connection)
        was_read = not connection.out and not connection.is_reset
        if self.event is not None and connection.event is self.event and not was_read:
            self.event.is_taken = False

    def accept(self):
        try:
            accepted, _ = self.listener.accept()
        except OSError:  # it was quicker
            return
        if len(self.connections) >= CONNECTIONS_LIMIT:
            everybody = list(self.connections.values())
            self.drop(next((each for each in everybody if each.is_idle()), everybody[0]))
        accepted.setblocking(False)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connections[accepted.fileno()] = Connection(accepted)

    # Events

    def take_event(self):
        """Read an event once somebody is there to take it: an unread one can still be given to another instance."""
        for connection in [each for each in self.waiting if each.is_gone()]:
            self.drop(connection)
        if not self.waiting and os.getppid() == self.parent and not self.line.has_ended():
            return
        self.line.read()
        message = self.line.take()
        if message is None:
            return
        nonce, content = message
        identifier, body = wire.event_of(content)
        if not identifier:  # the last one: there is nothing to run for the end
            self.line.send(nonce, *wire.result(b""))
            return
        self.event = Event(nonce, identifier, body)

    def hand_out(self):
        """Give the event to whoever has waited longest and is still there."""
        while self.waiting and self.event is not None and not self.event.is_taken:
            connection = self.waiting.popleft()
            if connection.is_gone():
                self.drop(connection)
                continue
            self.event.is_taken = True
            connection.event = self.event
            headers = [("X-Cff-Request-Id", self.event.identifier), ("X-CFF-Invoke-Type", "sync")]
            try:
                connection.reply("200 OK", self.event.body, headers)
                connection.advance(self)
            except OSError:
                connection.is_reset = True
            if connection.is_over or connection.is_reset:
                self.drop(connection)

    def wait(self, connection):
        """``connection`` asks for an event."""
        if self.ready is not None:
            nonce, files = self.ready
            self.ready = None
            self.line.send(nonce, b"r", files)
        self.waiting.append(connection)

    def answer(self, parts):
        self.line.send(self.event.nonce, *parts)
        self.last = self.event.identifier
        self.event = None

    def give_up(self, route, body):
        """Nobody reads this body to its end."""
        if len(route) == 2 and len(self.route_answer(*route)) == 2:
            self.answer(wire.too_large(body.length or "of more than %d" % DRAIN_LIMIT))

    def held(self):
        return sum(len(each.body.data) for each in self.connections.values() if each.body is not None)

    # Requests

    def route(self, request):
        """What a request is for: ``("event",)``, ``("response" or "error", id)``, or a refusal in words."""
        hosts = set(map(str.lower, messages.values(request, "host")))
        if messages.values(request, "origin") or not hosts <= self.hosts:  # a page in a browser
            return refusal("403 Forbidden", "ForbiddenError", "this API is for bootstrap alone, at $RUNTIME_API_ADDR")
        method = request.method.decode("ascii")
        path = request.target.decode("ascii").partition("?")[0]
        kind, _, identifier = path.removeprefix(PATH).partition("/") if path.startswith(PATH) else ("", "", "")
        if (kind == "request" and not identifier) or (kind in ("response", "error") and identifier):
            wanted = "GET" if kind == "request" else "POST"
            if method != wanted:
                return refusal("405 Method Not Allowed", "MethodError", "%s wants %s, not %s" % (path, wanted, method))
            return ("event",) if kind == "request" else self.route_answer(kind, identifier)
        words = "there is nothing at %s; the runtime API has GET %srequest and POST %sresponse/ID and error/ID"
        return refusal("404 Not Found", "PathError", words % (path[:200], PATH, PATH))

    def route_answer(self, kind, identifier):
        if self.event is not None and identifier.lower() == self.event.identifier.lower():
            return kind, identifier
        if self.last and identifier.lower() == self.last.lower():
            return refusal("409 Conflict", "AnsweredError", "request %s is answered already" % identifier)
        return refusal("404 Not Found", "RequestIdError", "no request %s waits for an answer" % identifier[:200])

    def finish(self, route, body):
        """The status line and body for a request whose body is all here."""
        if len(route) == 3:
            return route[1], route[2]
        again = self.route_answer(*route)
        if len(again) == 3:  # another one was quicker
            return again[1], again[2]
        data = bytes(body.data)
        if body.size > wire.RESULT_LIMIT:
            self.answer(wire.too_large(body.size))
            words = "a result has at most %d bytes" % wire.RESULT_LIMIT
            return refusal("413 Content Too Large", "SizeError", words)[1:]
        if route[0] == "response":
            self.answer(wire.result(data))
        else:
            self.answer(wire.failed(b"e", data, *error_bodies.error_parts(data)))
        return "200 OK", b""


def refusal(status, name, words):
    return "refused", status, json.dumps({"errorType": name, "errorMessage": words}).encode()


class Body:
    """What came of a body: the first ``keep`` bytes of it, and how many there were."""

    def __init__(self, length, keep):
        self.length = length  # what its head says
        self.keep = keep
        self.size = 0
        self.data = bytearray()

    def add(self, piece):
        self.size += len(piece)
        self.data += piece[: max(0, self.keep - len(self.data))]


class Connection:
    """One client: what came of its request, and what has not yet gone out to it."""

    def __init__(self, accepted):
        self.socket = accepted
        self.http = messages.connection(h11.SERVER)
        self.out = b""
        self.method = b""
        self.route = None
        self.body = None
        self.event = None  # what it was given last, until it asks for something else
        self.is_waiting = False
        self.is_last = False
        self.is_shut = False
        self.is_over = False
        self.is_reset = False
        self.has_ended = False
        self.ignored_size = 0  # bytes that came after the last reply

    def interest(self):
        """What to poll for: never more input than is made use of."""
        events = select.POLLOUT if self.out else 0
        if not self.has_ended and (self.is_last or len(self.http.trailing_data[0]) < BUFFER_LIMIT):
            events |= select.POLLIN
        return events

    def is_idle(self):
        return not self.is_waiting and not self.out and self.route is None

    def is_gone(self):
        """Whether the client has left while it waited."""
        try:
            return self.has_ended or self.socket.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def read(self):
        try:
            piece = self.socket.recv(keeper.CHUNK)
        except BlockingIOError:
            return
        self.has_ended = not piece
        if not self.is_last:
            self.hear(piece)
            return
        self.ignored_size += len(piece)
        self.is_reset = self.is_reset or self.ignored_size > DRAIN_LIMIT

    def hear(self, piece):
        """Take in what has come. Empty lines before a request are nothing (RFC 9112 section 2.2)."""
        if self.http.their_state is h11.IDLE and not self.http.trailing_data[0]:
            piece = piece.lstrip(b"\r\n")
        if piece:
            self.http.receive_data(piece)

    def flush(self):
        try:
            while self.out:
                self.out = self.out[self.socket.send(self.out) :]
        except BlockingIOError:
            pass

    def reply(self, status, body, headers=(), closes=False):
        """Begin to send a response."""
        code, _, reason = status.partition(" ")
        more = [*headers, ("Content-Length", str(len(body)))]
        if body:
            more.insert(0, ("Content-Type", "application/json"))
        if closes:
            more.append(("Connection", "close"))
        head = h11.Response(status_code=int(code), reason=reason, headers=messages.encoded(more))
        data = self.http.send(head)
        if body and self.method != b"HEAD":
            data += self.http.send(h11.Data(data=body))
        self.out = memoryview(data + self.http.send(h11.EndOfMessage()))
        self.is_last = self.http.our_state is not h11.DONE
        if not self.is_last:
            ahead, _ = self.http.trailing_data
            self.http = messages.connection(h11.SERVER)
            self.hear(ahead)
        self.method, self.route, self.body = b"", None, None
        self.is_waiting = False
        self.flush()

    def advance(self, api):
        """Do what can be done with what is here. A connection is over when its client has closed it."""
        try:
            while not self.out and not self.is_last and not self.is_waiting and self.step(api):
                pass
        except messages.MalformedError as error:
            _, status, body = refusal("400 Bad Request", "HttpError", str(error))
            self.reply(status, body, closes=True)
        if self.is_last and not self.out and not self.is_shut:
            self.is_shut = True
            self.socket.shutdown(socket.SHUT_WR)
        if self.has_ended and not self.out:
            self.is_over = True

    def step(self, api):
        """One step of reading a request; whether there may be another."""
        event = messages.next_event(self.http)
        if isinstance(event, h11.Request):
            self.begin(api, event)
        elif isinstance(event, h11.Data):
            self.take(api, event.data)
        elif isinstance(event, h11.EndOfMessage):
            self.end(api)
        else:
            return False
        return True

    def begin(self, api, request):
        self.event = None
        self.method = request.method
        messages.check(request)
        self.route = api.route(request)
        keep = wire.RESULT_LIMIT if self.route[0] in ("response", "error") else 0
        self.body = Body(messages.length(request), keep)
        if self.http.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, reason="Continue", headers=[])
            self.socket.send(self.http.send(go_on))

    def take(self, api, piece):
        self.body.add(piece)
        if self.body.size > DRAIN_LIMIT:
            api.give_up(self.route, self.body)
        if self.body.size > DRAIN_LIMIT or api.held() > HELD_LIMIT:
            raise messages.MalformedError("its body is too large")

    def end(self, api):
        if self.route == ("event",):
            self.is_waiting = True
            api.wait(self)
        else:
            self.reply(*api.finish(self.route, self.body))
