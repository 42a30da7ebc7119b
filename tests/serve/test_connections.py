"""Clients that take their time, hold lines open or do not listen: none keeps the endpoint from the next one."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from fgtui.serve.connections import READ_BYTES
from fgtui.serve.limits import Limits
from tests.invoke.harness import wait_until
from tests.serve.endpoints import Endpoint, served

HANDLER = """
def handler(event, context):
    if event["path"] == "/long":
        return {"statusCode": 200, "headers": {}, "body": "x" * 5_000_000}
    return {"statusCode": 200, "headers": {}, "body": "ok"}
"""
SOON_S = 0.2
"""The deadlines of the endpoint that is impatient."""


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    limits = Limits(head_s=SOON_S, body_s=SOON_S, write_s=SOON_S)
    with served(tmp_path_factory.mktemp("code"), HANDLER, limits=limits) as running:
        yield running


def connections(endpoint: Endpoint) -> list[Any]:
    server: Any = endpoint.serving._server._server
    return list(server.server_state.connections)


def is_served(endpoint: Endpoint) -> bool:
    return endpoint.ask("GET /").body == b"ok"


@pytest.mark.parametrize("sent", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_a_head_that_does_not_come_is_not_waited_for(impatient: Endpoint, sent: bytes) -> None:
    assert impatient.exchange(sent) == b""


def test_a_head_that_comes_in_drops_is_not_waited_for(impatient: Endpoint) -> None:
    with impatient.connect() as line:
        line.settimeout(0.05)
        ended = False
        for drop in b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"x" * 1000:
            try:
                line.send(bytes([drop]))
                ended = line.recv(1) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                ended = True
            if ended:
                break
        assert ended


def test_a_second_head_that_does_not_come_is_not_waited_for_either(impatient: Endpoint) -> None:
    received = impatient.exchange(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /")
    assert received.endswith(b"\r\n\r\nok")


@pytest.mark.parametrize("path", ["/orders", "/v2/p/fgs/functions/demo/invocations"])
def test_a_body_that_does_not_come_is_told_so_in_the_services_words(impatient: Endpoint, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n12"
    received = impatient.exchange(head.encode())
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b"FSS.0408" in received


def test_a_client_that_does_not_read_its_answer_is_cut_off(impatient: Endpoint) -> None:
    with impatient.connect() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(b"GET /long HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        wait_until(lambda: "/long" in [each.path for each in impatient.handled], "it is answered")
        wait_until(lambda: not connections(impatient), "its line is closed")
    assert is_served(impatient)


@pytest.mark.parametrize("many", [1000])
def test_idle_lines_do_not_keep_anybody_from_being_served(tmp_path_factory: pytest.TempPathFactory, many: int) -> None:
    with (
        served(tmp_path_factory.mktemp("code"), HANDLER, limits=Limits(connections=300, head_s=600)) as endpoint,
        ExitStack() as lines,
    ):
        for _ in range(many):
            lines.enter_context(endpoint.connect())
        assert is_served(endpoint)
        wait_until(lambda: len(connections(endpoint)) <= 300, "those that were idle longest are closed")


def test_lines_in_use_are_not_closed_for_others(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory.mktemp("code"), HANDLER, limits=Limits(connections=8)) as endpoint:
        with endpoint.connect() as used, ExitStack() as lines:
            used.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n1")
            wait_until(lambda: any(not each.is_idle for each in connections(endpoint)), "it is known what it is for")
            for _ in range(30):
                lines.enter_context(endpoint.connect())
            assert is_served(endpoint)
            used.sendall(b"2")
            received = b""
            while got := used.recv(65536):
                received += got
        assert received.endswith(b"ok")


def test_a_line_is_used_again_and_answers_come_in_one_piece(impatient: Endpoint) -> None:
    with impatient.connect() as line:
        for _ in range(3):
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert line.recv(65536).endswith(b"\r\n\r\nok")


def test_a_body_in_chunks_of_a_byte_is_taken_little_by_little_and_others_are_served_meanwhile(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with served(tmp_path_factory.mktemp("code"), HANDLER) as endpoint, endpoint.connect() as greedy:
        greedy.sendall(head + b"1\r\nx\r\n" * 20_000)
        assert is_served(endpoint)
        assert {each.transport.max_size for each in connections(endpoint)} == {READ_BYTES}
        greedy.sendall(b"0\r\n\r\n")
        assert greedy.recv(12) == b"HTTP/1.1 200"
