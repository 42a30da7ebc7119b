"""Where an endpoint listens, and that it can be started and stopped from anywhere."""

from __future__ import annotations

import asyncio
import signal
import socket
import urllib.request

import pytest

from fgtui.errors import UsageError
from fgtui.serve.limits import Limits
from fgtui.serve.server import Server, is_loopback


async def hello(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


def a_server(host: str = "127.0.0.1", port: int = 0) -> Server:
    return Server(host=host, port=port, limits=Limits())


def ask(server: Server) -> bytes:
    address, port = server.addresses[0]
    host = f"[{address}]" if ":" in address else address
    with urllib.request.urlopen(f"http://{host}:{port}/") as answer:
        return bytes(answer.read())


def test_a_taken_port_is_said_with_one_that_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError) as caught:
            a_server(port=port)
    error = caught.value
    assert str(error) == f"port {port} of 127.0.0.1 is taken"
    assert error.hint == "--port {free} is free"
    assert port < int(str(error.values["free"])) <= port + 100


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("192.0.2.1", "192.0.2.1 is no address of this machine"),
        ("no.such.host.invalid", "'no.such.host.invalid' is no name or address of this machine"),
        ("a" * 300, f"'{'a' * 300}' is no name or address of this machine"),
        ("\udcff", r"'\udcff' is no name or address of this machine"),
    ],
)
def test_an_address_that_cannot_be_had_is_said_in_words(host: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        a_server(host)
    assert str(caught.value) == words


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost"])
def test_it_listens_where_it_was_told_and_is_gone_afterwards(host: str) -> None:
    server = a_server(host)
    server.start(hello)
    assert ask(server) == b"hello"
    assert all(is_loopback(address) for address, _ in server.addresses)
    server.stop()
    with pytest.raises(OSError):
        ask(server)


def test_a_name_with_several_addresses_has_one_port() -> None:
    server = a_server("localhost")
    assert len({port for _, port in server.addresses}) == 1
    server.stop()


def test_a_server_that_cannot_begin_says_why_and_keeps_nothing() -> None:
    server = a_server()
    server._sockets[0].close()
    with pytest.raises(UsageError, match="the local endpoint cannot answer: "):
        server.start(hello)
    server.stop()


def test_what_was_never_started_is_stopped_too() -> None:
    server = a_server()
    port = server.addresses[0][1]
    server.stop()
    a_server(port=port).stop()


async def test_it_runs_beside_another_loop_and_leaves_signals_alone() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    server = a_server()
    server.start(hello)
    assert await asyncio.to_thread(ask, server) == b"hello"
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    await asyncio.to_thread(server.stop)


def test_it_writes_nothing_beside_whoever_owns_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    server = a_server()
    server.start(hello)
    with socket.create_connection(server.addresses[0]) as line:
        line.sendall(b"nonsense\r\n\r\n")
        assert line.recv(1000).startswith(b"HTTP/1.1 400 ")
    server.stop()
    assert capfd.readouterr() == ("", "")


def test_two_can_be_served_beside_each_other() -> None:
    servers = [a_server(), a_server()]
    for server in servers:
        server.start(hello)
    assert [ask(server) for server in servers] == [b"hello", b"hello"]
    for server in servers:
        server.stop()
