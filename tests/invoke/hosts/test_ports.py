"""Whose port it is: an event goes to our own program alone."""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import fgtui.invoke
from tests.invoke.harness import wait_until
from tests.invoke.servers import ports_are_shared

HOSTS = Path(fgtui.invoke.__file__).with_name("hosts")
CHILD = """\
import socket, sys
server = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
server.bind((sys.argv[1], int(sys.argv[2])))
server.listen()
print(server.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def ports() -> Any:
    """The module as hosts import it."""
    sys.path.insert(0, str(HOSTS))
    try:
        return importlib.import_module("ports")
    finally:
        sys.path.remove(str(HOSTS))


@pytest.fixture
def has_ipv6(ports: Any) -> None:
    if not ports.has_ipv6():
        pytest.skip("this machine has no IPv6")


@contextmanager
def ours(host: str, port: int = 0) -> Iterator[int]:
    """A process below this one that listens; its port."""
    command = [sys.executable, "-ISc", CHILD, host, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.stdin.close()


@contextmanager
def stranger(host: str, port: int) -> Iterator[None]:
    """One who listens at the same port, and is not below this process: this process itself."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if ":" in host:
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        server.bind((host, port))
        server.listen()
        yield


def is_ours(ports: Any, port: int) -> bool:
    found: bool = ports.is_ours(port, os.getpid(), unless_known=False)
    return found


def test_a_port_that_a_stranger_shares_is_not_ours(ports: Any) -> None:
    """The system would deal connections out to both."""
    with ours("127.0.0.1") as port:
        assert is_ours(ports, port)
        with stranger("127.0.0.1", port):
            assert not is_ours(ports, port)
        assert is_ours(ports, port)


@pytest.mark.usefixtures("has_ipv6")
@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_stranger_at_every_address_shares_it_too(ports: Any, host: str) -> None:
    with ours("127.0.0.1") as port, stranger(host, port):
        assert not is_ours(ports, port)


def test_a_port_of_a_stranger_alone_is_not_ours(ports: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_ours(ports, server.getsockname()[1])


def test_a_port_where_nobody_listens_is_not_ours(ports: Any) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert not is_ours(ports, bound.getsockname()[1])


@pytest.mark.usefixtures("has_ipv6")
def test_a_server_at_every_address_of_both_kinds_is_ours(ports: Any) -> None:
    """As Node.js and Go listen unless they are told where."""
    with ours("::") as port:
        assert is_ours(ports, port)
        assert f"[::]:{port}" in ports.listened(os.getpid())


def test_a_server_at_another_address_is_not_the_one_that_is_asked(ports: Any) -> None:
    with ours("127.0.0.2") as port:
        assert not is_ours(ports, port)
        assert f"127.0.0.2:{port}" in ports.listened(os.getpid())


def test_where_the_system_says_nothing_the_caller_decides(ports: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "listeners", lambda: None)
    assert ports.is_ours(1, os.getpid(), unless_known=True)
    assert not ports.is_ours(1, os.getpid(), unless_known=False)
    assert ports.listened(os.getpid()) == []


def test_a_port_that_connects_to_itself_accepts_nobody(ports: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may choose the very port that is asked as the one to ask from."""
    connected = []

    class Unlucky(socket.socket):
        def connect(self, address: Any) -> None:
            self.bind(address)
            super().connect(address)
            connected.append(address)

    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    monkeypatch.setattr(ports.socket, "socket", Unlucky)
    assert not ports.accepts(port)
    assert connected == [("127.0.0.1", port)]


def test_a_port_accepts_while_somebody_listens(ports: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert ports.accepts(port)
    wait_until(lambda: not ports.accepts(port), "the port is closed")


def test_two_instances_never_have_the_same_port(ports: Any) -> None:
    """The mark of the first keeps the second away, before either server listens."""
    with ports_are_shared():
        try:
            assert len({ports.reserve() for _ in range(5)}) == 5
        finally:
            while ports._marks:
                ports._marks.pop().close()
