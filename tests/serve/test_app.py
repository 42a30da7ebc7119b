"""What stands between a request and an invocation: room, turns, and answers that HTTP can carry."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui.serve.limits import GATEWAY_BYTES, Limits
from fgtui.serve.messages import Outgoing
from tests.invoke.harness import wait_until
from tests.serve.endpoints import Answer, Endpoint, served

HANDLER = """
import pathlib, time

def handler(event, context):
    gate = pathlib.Path(__file__).with_name("gate")
    if event.get("path") == "/waits" or event.get("waits"):
        pathlib.Path(__file__).with_name("came").touch()
        while not gate.exists():
            time.sleep(0.005)
    return {"statusCode": 200, "headers": {}, "body": "ok"}
"""
CALL = "/v2/p/fgs/functions/demo"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "code"


@pytest.fixture
def narrow(folder: Path) -> Iterator[Endpoint]:
    """One at once, and one more that waits."""
    with served(folder, HANDLER, at_once=1, limits=Limits(waiting=1, held_bytes=100_000)) as running:
        yield running
        (folder / "gate").touch()


def ask_beside(endpoint: Endpoint, *asked: object) -> tuple[threading.Thread, list[Answer]]:
    """A request whose answer comes later."""
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(endpoint.ask(*asked)))
    thread.start()
    return thread, answers


def test_more_than_can_wait_are_told_so_and_the_others_are_served_in_their_turn(narrow: Endpoint, folder: Path) -> None:
    first, served_first = ask_beside(narrow, "GET /waits")
    wait_until((folder / "came").exists, "the first runs")
    second, served_second = ask_beside(narrow, "GET /")
    wait_until(lambda: narrow.serving._calls._under_way == 2, "the second waits")
    full = narrow.ask("GET /")
    assert (full.status, full.json["error_code"]) == (429, "FSS.0429")
    assert narrow.ask(f"GET {CALL}/async-invocations").status == 200
    (folder / "gate").touch()
    first.join()
    second.join()
    assert [served_first[0].body, served_second[0].body] == [b"ok", b"ok"]


def test_an_asynchronous_call_is_accepted_while_all_are_busy_and_is_run_after_its_client_has_gone(
    narrow: Endpoint, folder: Path
) -> None:
    first, _ = ask_beside(narrow, "GET /waits")
    wait_until((folder / "came").exists, "the first runs")
    accepted = narrow.ask(f"POST {CALL}/invocations-async", b"{}")
    assert accepted.status == 202
    request_id = accepted.json["request_id"]

    def status() -> str:
        asked = narrow.ask(f"GET {CALL}/async-invocations?request_id={request_id}")
        return str(asked.json["invocations"][0]["status"])

    assert status() == "WAIT"
    (folder / "gate").touch()
    first.join()
    wait_until(lambda: status() == "SUCCESS", "it has run")


def test_bodies_have_only_so_much_room_together(narrow: Endpoint) -> None:
    answer = narrow.ask(f"POST {CALL}/invocations", json.dumps("x" * 200_000).encode())
    assert (answer.status, answer.json["error_code"]) == (503, "FSS.0503")
    assert narrow.ask(f"POST {CALL}/invocations", json.dumps("x" * 90_000).encode()).status == 200
    assert narrow.ask(f"POST {CALL}/invocations", json.dumps("x" * 90_000).encode()).status == 200


def test_a_client_that_leaves_does_not_end_its_call(narrow: Endpoint, folder: Path) -> None:
    with narrow.connect() as line:
        line.sendall(b"GET /waits HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        wait_until((folder / "came").exists, "it runs")
    (folder / "gate").touch()
    wait_until(lambda: any(each.exchange for each in narrow.handled), "it has ended")
    (handled,) = [each for each in narrow.handled if each.exchange]
    assert handled.exchange is not None
    assert handled.exchange.outcome.kind == "returned"


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with served(tmp_path_factory.mktemp("code"), HANDLER) as running:
        yield running


@pytest.mark.parametrize(
    ("first", "status"), [("OPTIONS *", 204), ("GET *", 400), ("GET http://127.0.0.1/orders", 200), ("GET //x/..", 200)]
)
def test_every_form_of_a_target_is_answered(wide: Endpoint, first: str, status: int) -> None:
    assert wide.ask(first).status == status


def test_an_answer_without_a_body_to_head_says_nothing_of_how_long_one_would_be(folder: Path) -> None:
    source = 'def handler(event, context):\n    return {"statusCode": 200, "headers": {}, "body": event["path"][1:]}\n'
    with served(folder, source) as running:
        assert running.ask("HEAD /").header("content-length") == []
        assert running.ask("HEAD /page").header("content-length") == ["4"]
        assert running.ask("GET /").header("content-length") == ["0"]


def test_a_body_far_over_the_limit_is_not_read_to_its_end(wide: Endpoint) -> None:
    received = wide.exchange(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_does_not_say_how_long_it_is_is_not_read_for_ever(folder: Path) -> None:
    head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    size = GATEWAY_BYTES + 100_001
    with served(folder, HANDLER, limits=Limits(drain_bytes=100_000)) as endpoint:
        received = endpoint.exchange(head, b"%x\r\n" % size, bytes(size))  # and no end
    assert received.startswith(b"HTTP/1.1 413 ")


def test_a_refused_request_is_told_of_with_the_words_of_its_answer(wide: Endpoint) -> None:
    wide.ask(f"POST {CALL}/invocations", b"no json")
    wait_until(lambda: any(each.status == 406 for each in wide.handled), "it is told of")
    handled = next(each for each in wide.handled if each.status == 406)
    assert (handled.method, handled.error and handled.error.code) == ("POST", "FSS.0406")


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "it is https, and this endpoint speaks http"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization : hunter2hunter2\r\n\r\n", "illegal header line"),
        (b"hunter2hunter2\r\n\r\n", "illegal request line"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "bad Content-Length"),
    ],
)
def test_what_is_no_request_is_told_of_without_what_stands_in_it(wide: Endpoint, sent: bytes, why: str) -> None:
    said = f"the request cannot be read: {why}"
    assert wide.exchange(sent).startswith(b"HTTP/1.1 400 ")
    wait_until(lambda: (400, said) in [(each.status, each.error and each.error.message) for each in wide.handled], said)


@pytest.mark.parametrize(
    ("outgoing", "status", "headers"),
    [
        (Outgoing(999, (), b""), 502, ("content-type",)),
        (Outgoing(101, (), b""), 502, ("content-type",)),
        (Outgoing(200, (("X-A", "1"), ("Content-Length", "9"), ("Transfer-Encoding", "chunked")), b""), 200, ("X-A",)),
        (Outgoing(200, (("X A", "1"), ("X-B", "a\r\nX-C: 1"), ("X-D", "中")), b""), 200, ()),
    ],
)
def test_what_http_cannot_carry_is_left_out(outgoing: Outgoing, status: int, headers: tuple[str, ...]) -> None:
    from fgtui.serve.app import _sendable

    sendable = _sendable(outgoing)
    assert sendable.status == status
    assert tuple(name for name, _ in sendable.headers) == headers
