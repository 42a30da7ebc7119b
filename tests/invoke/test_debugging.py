"""At which port a debugger attaches."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from fgtui.invoke.debugging import ANY_PORT, USUAL_PORTS, free_port_from, is_attached, is_free
from tests.invoke.harness import wait_until


@contextmanager
def taken(port: int = 0) -> Iterator[int]:
    """A port of 127.0.0.1 that somebody listens at."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_is_left_for_the_next_free_one() -> None:
    with taken() as port:
        assert not is_free(port)
        found = free_port_from(port)
        assert found == ANY_PORT or port < found < port + 100
        assert found == ANY_PORT or is_free(found)


def test_where_all_ports_around_are_taken_the_system_chooses_one() -> None:
    with ExitStack() as held:
        if is_free(65535):
            held.enter_context(taken(65535))
        assert free_port_from(65535) == ANY_PORT


def test_a_port_that_is_free_is_taken() -> None:
    with taken() as port:
        pass
    assert is_free(port)
    assert free_port_from(port) == port


def test_no_two_runtimes_share_the_port_where_editors_look() -> None:
    assert len(set(USUAL_PORTS.values())) == len(USUAL_PORTS)


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="this system lists no connections")
def test_only_who_is_connected_is_attached() -> None:
    with taken() as port:
        assert not is_attached(port)
        with socket.create_connection(("127.0.0.1", port)):
            wait_until(lambda: is_attached(port), "the connection is listed")
        wait_until(lambda: not is_attached(port), "the connection is gone")
