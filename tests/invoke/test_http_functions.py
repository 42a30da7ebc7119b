"""HTTP functions: a request for each event of API Gateway, whatever the server does with it (runtime.md section 7)."""

from __future__ import annotations

import base64
import json
import re
import shutil
import socket
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgtui.invoke.model import (
    Crashed,
    InitFailed,
    InvalidResponse,
    LocalTarget,
    Outcome,
    OutOfMemory,
    Raised,
    Returned,
    TimedOut,
    Unreachable,
)
from tests.invoke.harness import Bench
from tests.invoke.servers import ports_are_shared, the_usual_port, write_bootstrap

SERVER = """\
import os, socket, sys, time, threading, json, signal, struct
NEXT = b"HTTP/1.1 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\nfine"

def listen(port=int(os.environ["PORT"]), host="127.0.0.1"):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen(16)
    return server

def read(line):
    data = b""
    while b"\\r\\n\\r\\n" not in data:
        piece = line.recv(65536)
        if not piece: return None
        data += piece
    head, _, body = data.partition(b"\\r\\n\\r\\n")
    sizes = [int(row.split(b":")[1]) for row in head.split(b"\\r\\n") if row.lower().startswith(b"content-length:")]
    while sizes and len(body) < sizes[0]: body += line.recv(65536)
    return head, body

def requests(server):
    while True:
        line, _ = server.accept()
        request = read(line)
        if request is None: line.close(); continue
        if request[0].startswith(b"GET /next "): line.sendall(NEXT); line.close(); continue
        yield line, *request

def reset(line):
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()
"""
GET = {"httpMethod": "GET", "path": "/"}
NEXT = {"httpMethod": "GET", "path": "/next"}


@pytest.fixture(autouse=True)
def shared_ports(request: pytest.FixtureRequest) -> Iterator[None]:
    if "usual_port" in request.fixturenames:
        yield
        return
    with ports_are_shared():
        yield


@pytest.fixture
def usual_port() -> Iterator[None]:
    with the_usual_port() as is_free:
        if not is_free:
            pytest.skip("something on this machine listens on port 8000")
        yield


def target_of(bench: Bench, source: str, **settings: Any) -> LocalTarget:
    write_bootstrap(bench, SERVER + textwrap.dedent(source))
    return bench.target(spec="bootstrap", runtime="http", **settings)


def serving(bench: Bench, body: str, **settings: Any) -> LocalTarget:
    """A server that does ``body`` with each request; ``/next`` it answers with "fine"."""
    loop = "for line, head, body in requests(listen()):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    return target_of(bench, loop + "\n    line.close()", **settings)


def replying(bench: Bench, reply: str, **settings: Any) -> LocalTarget:
    return serving(bench, f"line.sendall({reply})", **settings)


def send(bench: Bench, target: LocalTarget, event: object = GET) -> Outcome:
    return bench.send(target, event, trigger="apig")


def answer(bench: Bench, target: LocalTarget, event: object = GET) -> tuple[int, dict[str, list[str]], bytes]:
    outcome = send(bench, target, event)
    assert isinstance(outcome, Returned), outcome
    members = json.loads(outcome.body)
    assert members["isBase64Encoded"] is True
    return members["statusCode"], members["headers"], base64.b64decode(members["body"])


def next_works(bench: Bench, target: LocalTarget) -> bool:
    return answer(bench, target, NEXT)[2] == b"fine"


# Starting


@pytest.mark.parametrize("runtime", ["http", "container"])
def test_a_program_that_is_not_executable_fails_with_the_platforms_text(bench: Bench, runtime: str) -> None:
    write_bootstrap(bench, "\0", first="\x7fELF", mode=0o644)
    outcome = send(bench, bench.target(spec="bootstrap", runtime=runtime))
    assert isinstance(outcome, InitFailed)
    assert outcome.body == b"runtime bootstrap file is not found"
    assert "chmod +x bootstrap" in outcome.error.message


@pytest.mark.parametrize("runtime", ["http", "container"])
@pytest.mark.parametrize("first", ["", "#!/bin/sh\n", "#!/usr/bin/env bash\n", "#!/usr/bin/python3\n"])
def test_a_text_that_is_not_executable_is_run_by_bash(bench: Bench, first: str, runtime: str) -> None:
    """Row "Started with bash" (runtime.md section 7.1): the published samples have mode 644."""
    write_bootstrap(bench, '[[ -n $BASH_VERSION ]] && echo "from bash: $0"; exit 9\n', first=first, mode=0o644)
    outcome = send(bench, bench.target(spec="bootstrap", runtime=runtime))
    assert isinstance(outcome, Crashed)
    assert outcome.exit_code == 9
    assert f"from bash: {bench.folder}/bootstrap" in outcome.logs
    assert ("bash runs it, as in the cloud, whatever its first line names" in outcome.logs) == ("python" in first)


def test_a_server_that_never_listens_times_out_while_it_loads(bench: Bench) -> None:
    outcome = send(bench, target_of(bench, "time.sleep(1000)", timeout_s=0.4))
    assert isinstance(outcome, TimedOut)
    assert outcome.duration_ms is None


def test_a_server_at_another_port_is_told_so_in_the_log(bench: Bench) -> None:
    target = target_of(
        bench, "server = listen(0)\nprint('AT %d.' % server.getsockname()[1])\ntime.sleep(99)", timeout_s=20
    )
    cancelled, heard = threading.Event(), list[str]()

    def stop(text: str) -> None:
        heard.append(text)
        if "events are sent" in "".join(heard):
            cancelled.set()

    outcome = bench.send(target, GET, trigger="apig", cancelled=cancelled, on_log=stop)
    assert outcome.kind == "cancelled"
    port = re.findall(r"AT (\d+)\.", outcome.logs)[0]
    assert f"fgtui: bootstrap listens on 127.0.0.1:{port}; events are sent to 127.0.0.1:" in outcome.logs


def test_a_server_that_does_not_listen_in_time_is_told_where_to(bench: Bench) -> None:
    """7.1, row "Started with bash …": ``call load timeout`` alone says nothing of a port."""
    outcome = send(bench, target_of(bench, "print('AT %s.' % os.environ['PORT'])\ntime.sleep(99)", timeout_s=1))
    assert isinstance(outcome, TimedOut)
    port = re.findall(r"AT (\d+)\.", outcome.logs)[0]
    words = f"fgtui: bootstrap does not listen on 127.0.0.1:{port} yet (PORT); a server has to within 1 s\n"
    assert outcome.logs.count(words) == 1


def test_one_that_listens_elsewhere_is_told_so_however_little_time_there_is(bench: Bench) -> None:
    outcome = send(bench, target_of(bench, "server = listen(0)\ntime.sleep(99)", timeout_s=0.7))
    assert isinstance(outcome, TimedOut)
    assert outcome.logs.count("fgtui: bootstrap listens on ") == 1
    assert "does not listen" not in outcome.logs


def test_a_server_that_is_debugged_is_not_hurried(bench: Bench) -> None:
    """9: no limit is in force."""
    source = "time.sleep(0.5)\nfor line, *_ in requests(listen()): line.sendall(NEXT); line.close()"
    outcome = send(bench, target_of(bench, source, timeout_s=0.3, debug_port=0))
    assert outcome.kind == "returned"
    assert "does not listen" not in outcome.logs


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_server_that_is_slow_to_listen_is_waited_for(bench: Bench, host: str) -> None:
    source = f"time.sleep(0.2)\nfor line, *_ in requests(listen(host={host!r})): line.sendall(NEXT); line.close()"
    outcome = send(bench, target_of(bench, source))
    assert outcome.kind == "returned"
    assert outcome.init_ms is not None


@pytest.mark.parametrize(("end", "code", "signal"), [("sys.exit(4)", 4, None), ("os.kill(os.getpid(), 9)", None, 9)])
@pytest.mark.parametrize("when", ["load", "event"])
def test_a_bootstrap_that_ends_has_crashed_as_it_ended(
    bench: Bench, end: str, code: int | None, signal: int | None, when: str
) -> None:
    outcome = send(bench, target_of(bench, end) if when == "load" else serving(bench, end))
    assert isinstance(outcome, Crashed)
    assert (outcome.exit_code, outcome.signal) == (code, signal)


def test_it_runs_in_the_code_folder_with_its_variables(bench: Bench) -> None:
    target = serving(
        bench,
        """
        seen = json.dumps({"cwd": os.getcwd(), **os.environ}).encode()
        line.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\n" + seen)
        """,
        environment={"COLOUR": "blue"},
    )
    seen = json.loads(answer(bench, target)[2])
    assert seen["cwd"] == seen["RUNTIME_CODE_ROOT"] == str(bench.folder)
    assert seen["COLOUR"] == "blue"
    assert int(seen["PORT"]) > 0


def test_a_line_without_an_interpreter_is_one_for_bash(bench: Bench) -> None:
    write_bootstrap(bench, '[[ -n $BASH_VERSION ]] && echo "from bash: $0"; exit 9\n', first="")
    outcome = send(bench, bench.target(spec="bootstrap", runtime="http"))
    assert isinstance(outcome, Crashed)
    assert outcome.exit_code == 9
    assert f"from bash: {bench.folder}/bootstrap" in outcome.logs


# Ports


def test_the_documented_sample_answers_as_documented(bench: Bench, usual_port: None) -> None:
    """Code, bootstrap, event and result of the Node.js runtime's page "Building HTTP functions"."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    bench.write(
        """
        const http = require('http'); // Import Node.js core module

        var server = http.createServer(function (req, res) {   //create web server
          if (req.url.startsWith("/apig-event-template")) {
            res.writeHead(200, { 'Content-Type': 'text/html' });
            res.write('<html><body><h2>This is http function.</h2></body></html>');
            res.end();
          } else {
            res.end('Invalid Request!');
          }
        });

        server.listen(8000, '127.0.0.1'); // listen for any incoming requests on port 8000

        console.log('Node.js web server at port 8000 is running..')
        """,
        "index.js",
    )
    start = "/opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node $RUNTIME_CODE_ROOT/index.js\n"
    write_bootstrap(bench, start, first="")
    event = {
        "body": "",
        "requestContext": {"apiId": "bc1dcffd", "requestId": "11cdcdcf", "stage": "RELEASE"},
        "queryStringParameters": {"responseType": "html"},
        "httpMethod": "GET",
        "pathParameters": {},
        "headers": {"accept-encoding": "gzip, deflate, br", "host": "host", "x-forwarded-proto": "https"},
        "path": "/apig-event-template",
        "isBase64Encoded": True,
    }
    outcome = send(bench, bench.target(spec="bootstrap", runtime="http"), event)
    members = json.loads(outcome.body)
    members["headers"].pop("Date")
    assert list(members) == ["body", "headers", "statusCode", "isBase64Encoded"]
    assert members == {
        "body": "PGh0bWw+PGJvZHk+PGgyPlRoaXMgaXMgaHR0cCBmdW5jdGlvbi48L2gyPjwvYm9keT48L2h0bWw+",
        "headers": {"Content-Type": ["text/html"]},
        "statusCode": 200,
        "isBase64Encoded": True,
    }
    assert "Node.js web server at port 8000 is running.." in outcome.logs


def test_a_port_that_is_taken_is_replaced_and_nothing_goes_to_whoever_has_it(bench: Bench, usual_port: None) -> None:
    with socket.create_server(("127.0.0.1", 8000)) as stranger:
        target = replying(bench, "NEXT")
        outcome = send(bench, target)
        stranger.setblocking(False)
        with pytest.raises(BlockingIOError):
            stranger.accept()
    assert outcome.kind == "returned"
    assert "fgtui: port 8000 is taken on this machine; PORT names another, " in outcome.logs


def test_one_that_listens_at_the_usual_port_in_spite_of_port_is_found(bench: Bench, usual_port: None) -> None:
    with socket.create_server(("127.0.0.1", 8000)) as taken:
        source = """
        print("waits", flush=True)
        while True:
            try: server = listen(8000)
            except OSError: time.sleep(0.01)
            else: break
        for line, *_ in requests(server): line.sendall(NEXT); line.close()
        """
        target = target_of(bench, source)
        heard: list[str] = []

        def let_go(text: str) -> None:
            heard.append(text)
            if "waits" in "".join(heard):
                taken.close()

        outcome = bench.send(target, GET, trigger="apig", on_log=let_go)
    assert outcome.kind == "returned"


def test_an_event_never_goes_to_a_stranger_who_took_the_port(bench: Bench) -> None:
    if not Path("/proc/net/tcp").exists():
        pytest.skip("this system does not say who listens")
    target = target_of(
        bench, "sys.stdout.write('PORT %s.' % os.environ['PORT']); sys.stdout.flush(); time.sleep(1000)", timeout_s=0.6
    )
    strangers: list[socket.socket] = []
    heard: list[str] = []

    def take(text: str) -> None:
        heard.append(text)
        found = re.search(r"PORT (\d+)\.", "".join(heard))
        if found and not strangers:
            strangers.append(socket.create_server(("127.0.0.1", int(found[1]))))

    outcome = bench.send(target, GET, trigger="apig", on_log=take)
    assert isinstance(outcome, TimedOut)
    (stranger,) = strangers
    stranger.settimeout(0)
    with stranger, pytest.raises(BlockingIOError):  # whoever looked has gone, and has said nothing
        while True:
            line, _ = stranger.accept()
            with line:
                assert line.recv(1) == b""


def test_two_instances_at_once_have_ports_of_their_own(bench: Bench) -> None:
    target = serving(
        bench, 'time.sleep(0.3); line.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\n" + os.environ["PORT"].encode())'
    )
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(answer(bench, target)[2])) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 3


# The request


def test_the_request_is_the_events_with_the_platforms_headers(bench: Bench) -> None:
    """The table of runtime.md section 7.2, its first six rows."""
    target = serving(
        bench, 'line.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\n" + json.dumps([head.decode(), body.decode()]).encode())'
    )
    event = {
        "httpMethod": "POST",
        "path": "/a b/é",
        "queryStringParameters": {"x": ["1", "2"], "y": "a&b"},
        "headers": {
            "Host": "api.example",
            "X-One": "1",
            "X-Two": ["a", "b"],
            "Connection": "close",
            "X-CFF-Memory": "9",
        },
        "body": base64.b64encode(b"payload").decode(),
    }
    outcome = send(bench, target, event)
    head, body = json.loads(base64.b64decode(json.loads(outcome.body)["body"]))
    start, *headers = head.split("\r\n")
    assert start == "POST /a%20b/%C3%A9?x=1&x=2&y=a%26b HTTP/1.1"
    assert headers == [
        "Host: api.example",
        "X-One: 1",
        "X-Two: a",
        "X-Two: b",
        f"X-CFF-Request-Id: {outcome.request_id}",
        "X-CFF-Memory: 128",
        "X-CFF-Timeout: 3",
        "X-CFF-Func-Name: code",
        "X-CFF-Func-Version: latest",
        "X-CFF-Package: default",
        "X-CFF-Project-Id: sn",
        "X-CFF-Region: cn",
        "Content-Length: 7",
    ]
    assert body == "payload"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (b"no json", "it is no JSON"),
        ([], "it is no JSON object"),
        ({"Records": []}, "it has no httpMethod"),
        ({"httpMethod": "GET"}, "path is missing"),
        ({**GET, "headers": {"A": "b\r\nX-Evil: 1"}}, "a line end"),
    ],
)
def test_an_event_that_is_no_request_is_refused_and_the_server_hears_nothing(
    bench: Bench, event: object, words: str
) -> None:
    target = serving(bench, "print('asked'); line.sendall(NEXT)")
    outcome = send(bench, target, event)
    assert isinstance(outcome, Raised)
    assert outcome.error.type == "InvalidEvent"
    assert words in outcome.error.message
    assert outcome.body.startswith(b"failed to parse request, err: ")
    assert "asked" not in outcome.logs
    assert next_works(bench, target)


# The reply


@pytest.mark.parametrize(
    ("reply", "status", "headers", "body"),
    [
        ('b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi"', 200, {"Content-Length": ["2"]}, b"hi"),
        ('b"HTTP/1.0 404\\r\\nx-a: 1\\r\\nX-A: 2\\r\\n\\r\\nnone"', 404, {"X-A": ["1", "2"]}, b"none"),
        ('b"HTTP/1.1 204 No Content\\r\\n\\r\\n"', 204, {}, b""),
        (
            'b"HTTP/1.1 302 Found\\r\\nLocation: /next\\r\\nContent-Length: 0\\r\\n\\r\\n"',
            302,
            {"Content-Length": ["0"], "Location": ["/next"]},
            b"",
        ),
        ('b"HTTP/1.1 304 Not Modified\\r\\nContent-Length: 99\\r\\n\\r\\n"', 304, {"Content-Length": ["99"]}, b""),
        ('b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nhi\\r\\n0\\r\\n\\r\\n"', 200, {}, b"hi"),
        (
            'b"HTTP/1.1 100 Continue\\r\\n\\r\\nHTTP/1.1 103 Early Hints\\r\\nA: b\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\n\\r\\nhi"',
            200,
            {},
            b"hi",
        ),
        (
            'b"HTTP/1.1 500 Oops\\r\\nConnection: X-Hop\\r\\nX-Hop: 1\\r\\nKeep-Alive: 5\\r\\n\\r\\n\\xff\\0"',
            500,
            {},
            b"\xff\0",
        ),
        ('"HTTP/1.1 200 OK\\r\\nName: Zürich\\r\\n\\r\\n".encode()', 200, {"Name": ["Zürich"]}, b""),
        ('b"HTTP/1.1 200 OK\\nA: b\\n\\nbare line ends"', 200, {"A": ["b"]}, b"bare line ends"),
    ],
)
def test_a_reply_becomes_the_documented_answer(
    bench: Bench, reply: str, status: int, headers: dict[str, list[str]], body: bytes
) -> None:
    """Row "the reply becomes" (runtime.md section 7.1)."""
    assert answer(bench, replying(bench, reply)) == (status, headers, body)


def test_the_outcome_has_status_and_headers_of_the_reply(bench: Bench) -> None:
    outcome = send(bench, replying(bench, 'b"HTTP/1.1 201 Made\\r\\nset-cookie: a\\r\\nset-cookie: b\\r\\n\\r\\n"'))
    assert outcome.status_code == 201
    assert outcome.headers == (("set-cookie", "a"), ("set-cookie", "b"))


def test_a_reply_to_head_has_no_body_whatever_its_length_says(bench: Bench) -> None:
    target = replying(bench, 'b"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\n"')
    assert answer(bench, target, {**GET, "httpMethod": "HEAD"})[2] == b""


@pytest.mark.parametrize("size", [6_291_456, 6_291_457, 8_388_608])
@pytest.mark.parametrize("framing", ["Content-Length: %d\\r\\n", "X-Size: %d\\r\\n"])
def test_a_body_over_six_mebibytes_is_refused(bench: Bench, size: int, framing: str) -> None:
    target = replying(bench, f'b"HTTP/1.1 200 OK\\r\\n{framing}\\r\\n" % {size} + b"x" * {size}')
    outcome = send(bench, target)
    if size <= 6_291_456:
        assert outcome.kind == "returned"
        return
    assert isinstance(outcome, InvalidResponse)
    assert outcome.message == f"response body size {size} exceeds the limit of 6291456"
    assert next_works(bench, target)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            'line.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 99999999999\\r\\n\\r\\nx")',
            "response body size 99999999999 exceeds",
        ),
        (
            'line.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\n"); [line.sendall(b"x" * 65536) for _ in range(999)]',
            "size of more than 8388608",
        ),
        (
            'line.sendall(b"HTTP/1.1 200 OK\\r\\n"); [line.sendall(b"A: b\\r\\n" * 9999) for _ in range(99)]',
            "its headers are larger than 65536",
        ),
        ('line.sendall(b"HTTP/1.1 103 Hint\\r\\n\\r\\n" * 500)', "more than 100 interim responses"),
        (
            'line.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 10\\r\\n\\r\\nhalf")',
            "within an answer, after 4 of 10 bytes",
        ),
        (
            'line.sendall(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nab")',
            "within an answer, after 2 bytes",
        ),
        (
            'line.sendall(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\n")',
            "illegal chunk header “zz”",
        ),
        (
            'line.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 4, 5\\r\\n\\r\\nhalf")',
            "conflicting Content-Length headers",
        ),
        ('line.sendall(b"HTTP/1.1 200 OK\\r\\nA")', "the connection was closed within its headers"),
        ('line.sendall(b"\\x15\\x03\\x01")', "illegal status line “\\x15\\x03\\x01”"),
        ('line.sendall(b"HTTP/2.0 200 OK\\r\\n\\r\\n")', "it speaks HTTP/2.0"),
        ('line.sendall(b"HTTP/1.1 099 Odd\\r\\n\\r\\n")', "its status is not between 100 and 999"),
        (
            'line.sendall(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length: 3\\r\\n\\r\\n0\\r\\n\\r\\n")',
            "it has both Content-Length and Transfer-Encoding",
        ),
        (
            'line.sendall(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\nabc")',
            "only Transfer-Encoding: chunked is supported",
        ),
        (
            'line.sendall(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n" + b"1" * 70000)',
            "a line between its chunks is larger than 65536 bytes",
        ),
        ('line.sendall(b"HTTP/1.1 101 Switch\\r\\n\\r\\n")', "it switches to another protocol"),
        ('line.sendall(b"SSH-2.0-OpenSSH\\r\\n\\r\\n")', "illegal status line “SSH-2.0-OpenSSH”"),
        ('line.sendall(b"HTTP/1.1 200 OK\\r\\nno header\\r\\n\\r\\n")', "illegal header line “no header”"),
        ("pass", "the connection was closed before an answer"),
        ("reset(line)", "connection reset by peer before an answer"),
        (
            'line.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nx"); time.sleep(0.1); reset(line)',
            "connection reset by peer within an answer, after 1 of 9 bytes",
        ),
    ],
)
def test_an_answer_that_is_none_is_refused_in_words(bench: Bench, body: str, words: str) -> None:
    target = serving(bench, f"try: {body}\nexcept OSError: pass" if "[" in body else body)
    outcome = send(bench, target)
    assert isinstance(outcome, InvalidResponse), outcome
    assert words in outcome.message
    assert next_works(bench, target)


def test_noise_of_every_kind_ends_in_an_answer_or_in_words(bench: Bench) -> None:
    target = serving(
        bench,
        """
        import random
        chance = random.Random(int(head.split()[1][1:]))
        data = bytearray(chance.choice([
            b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nab\\r\\n0\\r\\n\\r\\n",
            b"HTTP/1.1 100 Continue\\r\\n\\r\\nHTTP/1.1 404 None\\r\\nContent-Length: 4\\r\\nA: b\\r\\n\\r\\nbody",
        ]))
        for _ in range(chance.randrange(5)):
            data[chance.randrange(len(data))] = chance.choice(b"\\r\\n\\0 :/0f\\xff")
        line.sendall(data[:chance.randrange(len(data)) if chance.random() < 0.3 else None])
        """,
    )
    kinds = {send(bench, target, {"httpMethod": "GET", "path": f"/{seed}"}).kind for seed in range(80)}
    assert kinds == {"returned", "invalid_response"}
    outcome = send(bench, target, NEXT)
    assert not outcome.cold_start
    assert "Traceback" not in outcome.logs


def test_a_server_may_answer_before_it_has_read_the_request(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        server = listen()
        while True:
            line, _ = server.accept()
            if line.recv(10):
                line.sendall(b"HTTP/1.1 413 Too Large\\r\\nContent-Length: 3\\r\\n\\r\\nbig")
                time.sleep(0.05)
            line.close()
        """,
    )
    event = {"httpMethod": "POST", "path": "/", "body": "x" * 5_000_000, "isBase64Encoded": False}
    assert answer(bench, target, event)[::2] == (413, b"big")


def test_a_large_request_gets_through_whole(bench: Bench) -> None:
    target = serving(bench, 'line.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\n%d" % len(body))')
    event = {"httpMethod": "PUT", "path": "/", "body": "x" * 4_000_000, "isBase64Encoded": False}
    assert answer(bench, target, event)[2] == b"4000000"


# Containment


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("time.sleep(1000)", id="says-nothing"),
        pytest.param(
            '[(line.sendall(b"HTTP/1.1 200 OK\\r\\n"[n:n + 1]), time.sleep(0.2)) for n in range(9)]; time.sleep(99)',
            id="drips",
        ),
        pytest.param(
            'line.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nhalf"); time.sleep(1000)', id="half"
        ),
        pytest.param("os.kill(os.getpid(), signal.SIGSTOP)", id="stops-itself"),
        pytest.param("os.spawnlp(os.P_NOWAIT, 'sleep', 'sleep', '1000'); time.sleep(1000)", id="child"),
    ],
)
def test_a_server_that_does_not_answer_is_ended(bench: Bench, body: str) -> None:
    target = serving(bench, body, timeout_s=0.4)
    assert isinstance(send(bench, target), TimedOut)
    assert next_works(bench, target)


def test_a_server_behind_a_shell_that_dies_is_a_crash(bench: Bench) -> None:
    target = serving(bench, "os._exit(7)")
    (bench.folder / "bootstrap").rename(bench.folder / "server")
    write_bootstrap(bench, 'echo starting\n"$RUNTIME_CODE_ROOT/server"\n', first="#!/bin/bash\n")
    outcome = send(bench, target)
    assert isinstance(outcome, Crashed)
    assert outcome.exit_code == 7


def test_a_server_that_closes_its_port_is_unreachable_and_started_anew(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        server = listen()
        for line, head, body in requests(server):
            server.close()
            line.sendall(NEXT)
            line.close()
            time.sleep(1000)
        """,
    )
    assert send(bench, target).kind == "returned"
    outcome = send(bench, target)
    assert isinstance(outcome, Unreachable)
    assert not outcome.may_have_run
    assert send(bench, target).kind == "returned"


def test_memory_over_the_setting_is_out_of_memory(bench: Bench) -> None:
    target = serving(bench, "kept = b'x' * 300_000_000; time.sleep(1000)", timeout_s=20)
    assert isinstance(send(bench, target), OutOfMemory)
    assert next_works(bench, target)
