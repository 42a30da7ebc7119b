"""Custom runtimes: the runtime API that ``bootstrap`` asks, well-behaved or not (runtime.md section 6)."""

from __future__ import annotations

import json
import os
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from fgtui.invoke.model import Crashed, InitFailed, InvalidResponse, LocalTarget, Outcome, OutOfMemory, Raised, TimedOut
from fgtui.records import replace
from tests.invoke.harness import Bench, wait_until
from tests.invoke.servers import write_bootstrap

CLIENT = """\
import os, socket, sys, time, threading, json, signal
HOST, PORT = os.environ["RUNTIME_API_ADDR"].split(":")
PATH = "/v1/runtime/invocation/"
VERSION = " HTTP/1.1\\r\\nHost: " + HOST + ":" + PORT + "\\r\\n"

def connect():
    return socket.create_connection((HOST, int(PORT)))

def read(line):
    data = b""
    while b"\\r\\n\\r\\n" not in data:
        piece = line.recv(65536)
        if not piece: return data, b""
        data += piece
    head, _, body = data.partition(b"\\r\\n\\r\\n")
    size = int([row for row in head.lower().split(b"\\r\\n") if row.startswith(b"content-length")][0].split(b":")[1])
    while len(body) < size: body += line.recv(65536)
    return head, body

def ask(line, method, path, body=b"", *more):
    rows = ["Content-Length: %d" % len(body)] if body or method == "POST" else []
    line.sendall((method + " " + PATH + path + VERSION + "\\r\\n".join([*rows, *more, "", ""])).encode() + body)
    return read(line)

def call(method, path, body=b"", *more):
    with connect() as line:
        return ask(line, method, path, body, *more)

def event():
    head, body = call("GET", "request")
    return id_of(head), body

def id_of(head):
    return [row.split(": ")[1] for row in head.decode().split("\\r\\n") if row.lower().startswith("x-cff-request-id")][0]

def status(head):
    return int(head.split()[1])
"""
LOOP = """
while True:
    ID, EVENT = event()
    if EVENT == b'"next"':
        call("POST", "response/" + ID, b"fine")
        continue
"""


def target_of(bench: Bench, source: str, **settings: Any) -> LocalTarget:
    write_bootstrap(bench, CLIENT + textwrap.dedent(source))
    return bench.target(spec="bootstrap", **settings)


def looping(bench: Bench, body: str, **settings: Any) -> LocalTarget:
    """A bootstrap that does ``body`` for each event; "next" it answers with "fine"."""
    return target_of(bench, LOOP + textwrap.indent(textwrap.dedent(body), "    "), **settings)


def next_works(bench: Bench, target: LocalTarget) -> bool:
    return bench.send(target, "next").body == b"fine"


# A bootstrap that cannot start


def test_a_bootstrap_that_is_not_executable_fails_with_the_platforms_text(bench: Bench) -> None:
    file = write_bootstrap(bench, "", mode=0o644)
    outcome = bench.send(bench.target(spec="bootstrap"))
    assert isinstance(outcome, InitFailed)
    assert outcome.body == b"runtime bootstrap file is not found"
    assert outcome.error.message == f"{file} is not executable; make it so with: chmod +x bootstrap"


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("#!/no/such/program\n", "the program its first line names, /no/such/program, does not exist here"),
        ("#!\n", "names no program"),
        ("#!/bin/sh\r\n", "Windows line ends"),
        ("\x7fELF\0\n", "it is a program for another machine"),
    ],
)
def test_a_bootstrap_that_the_system_does_not_execute_says_why(bench: Bench, first: str, words: str) -> None:
    write_bootstrap(bench, "", first=first)
    outcome = bench.send(bench.target(spec="bootstrap"))
    assert isinstance(outcome, InitFailed)
    assert words in outcome.error.message


def test_a_bootstrap_that_vanishes_before_the_start_is_not_found(bench: Bench) -> None:
    file = write_bootstrap(bench, "")
    target = bench.target(spec="bootstrap")
    file.unlink()
    outcome = bench.send(target)
    assert isinstance(outcome, InitFailed)
    assert outcome.error.type == "BootstrapNotFound"


@pytest.mark.parametrize(
    ("body", "code", "signal"),
    [
        ("sys.exit(3)", 3, None),
        ("pass", 0, None),
        ("os.kill(os.getpid(), 9)", None, 9),
        ("os.kill(os.getpid(), 15)", None, 15),
        ("os.abort()", None, 6),
        ("signal.signal(11, signal.SIG_DFL); os.kill(os.getpid(), 11)", None, 11),
    ],
)
@pytest.mark.parametrize("when", ["load", "event"])
def test_a_bootstrap_that_ends_without_an_answer_has_crashed_as_it_ended(
    bench: Bench, body: str, code: int | None, signal: int | None, when: str
) -> None:
    target = target_of(bench, body if when == "load" else f"event(); {body}")
    outcome = bench.send(target)
    assert isinstance(outcome, Crashed)
    assert (outcome.exit_code, outcome.signal) == (code, signal)
    assert "Traceback" not in outcome.logs


def test_a_command_the_shell_does_not_find_crashes_with_its_code_and_words(bench: Bench) -> None:
    write_bootstrap(bench, "no-such-command $RUNTIME_CODE_ROOT\n", first="")
    outcome = bench.send(bench.target(spec="bootstrap"))
    assert isinstance(outcome, Crashed)
    assert outcome.exit_code == 127
    assert "no-such-command: command not found" in outcome.logs


# What a bootstrap is given


def test_the_event_arrives_as_it_was_sent_with_the_documented_headers(bench: Bench) -> None:
    target = looping(
        bench,
        'call("POST", "response/" + ID, EVENT + b" " + ID.encode())',
    )
    outcome = bench.send(target, b'{ "n": 1.10, "text": "\xc3\xa9" }')
    assert outcome.body == b'{ "n": 1.10, "text": "\xc3\xa9" } ' + str(outcome.request_id).encode()


def test_credentials_are_not_sent_without_an_agency(bench: Bench) -> None:
    target = target_of(
        bench, 'head, _ = call("GET", "request")\ncall("POST", "response/" + id_of(head), head)\ntime.sleep(100)'
    )
    names = {row.split(b":")[0].lower() for row in bench.send(target).body.split(b"\r\n")[1:]}
    assert names == {b"content-type", b"content-length", b"x-cff-request-id", b"x-cff-invoke-type"}


def test_the_environment_is_the_platforms_and_the_users(bench: Bench) -> None:
    target = looping(
        bench,
        'call("POST", "response/" + ID, json.dumps(dict(os.environ, CWD=os.getcwd(), ARGV=sys.argv)).encode())',
        environment={"COLOUR": "blue"},
        memory_mb=256,
    )
    seen = bench.result(target)
    assert seen["COLOUR"] == "blue"
    assert json.loads(seen["RUNTIME_USERDATA"]) == {"COLOUR": "blue"}
    assert seen["RUNTIME_CODE_ROOT"] == str(bench.folder)
    assert seen["RUNTIME_MEMORY"] == "256"
    assert seen["ARGV"] == [str(bench.folder / "bootstrap")]
    assert "127.0.0.1" in seen["no_proxy"]


def test_the_working_folder_holds_the_code_under_the_name_code(bench: Bench) -> None:
    """Row "the working folder is its parent" (runtime.md section 2.8)."""
    target = looping(bench, 'call("POST", "response/" + ID, os.path.realpath("code").encode())')
    assert bench.send(target).body == os.fsencode(bench.folder.resolve())


def test_limits_are_those_of_a_function(bench: Bench) -> None:
    """Row "file descriptors 2048" (runtime.md section 2.8)."""
    target = looping(
        bench,
        """
        import resource
        limits = [resource.getrlimit(each)[0] for each in (resource.RLIMIT_NOFILE, resource.RLIMIT_CORE)]
        call("POST", "response/" + ID, json.dumps(limits).encode())
        """,
    )
    assert bench.result(target) == [2048, 0]


def test_nothing_but_the_log_is_inherited(bench: Bench) -> None:
    target = looping(
        bench,
        """
        def is_open(number):
            try: os.fstat(number)
            except OSError: return False
            return True
        call("POST", "response/" + ID, json.dumps([n for n in range(64) if is_open(n)]).encode())
        """,
    )
    assert bench.result(target) == [0, 1, 2]


def test_a_state_survives_between_events_and_ends_with_an_edit(bench: Bench) -> None:
    source = 'COUNT = globals().get("COUNT", 0) + 1\ncall("POST", "response/" + ID, b"%d" % COUNT)'
    target = looping(bench, source)
    assert [bench.send(target).body for _ in range(3)] == [b"1", b"2", b"3"]
    bench.write("x = 1", "lib/more.py")
    looping(bench, source + "  # edited")
    outcome = bench.send(target)
    assert (outcome.body, outcome.cold_start) == (b"1", True)


def test_an_edit_of_a_file_beside_it_restarts_it_and_one_of_a_hidden_file_does_not(bench: Bench) -> None:
    hidden, beside = bench.write("1", ".cache/x"), bench.write("1", "data/list.txt")
    target = looping(bench, 'call("POST", "response/" + ID)')
    assert bench.send(target).cold_start
    hidden.write_text("2")
    assert not bench.send(target).cold_start
    beside.write_text("22")
    assert bench.send(target).cold_start


@pytest.mark.parametrize("linger_s", [0, 0.01], ids=["at once", "soon"])
def test_the_event_after_the_last_that_a_bootstrap_answers_goes_to_a_new_one(bench: Bench, linger_s: float) -> None:
    """It ends after each answer, as a shell script may: no event is lost to one that is about to end."""
    target = target_of(bench, f"ID, EVENT = event()\ncall('POST', 'response/' + ID, EVENT)\ntime.sleep({linger_s})")
    for number in range(12):
        outcome = bench.send(target, number)
        assert outcome.kind == "returned", outcome
        assert outcome.body == str(number).encode()


def test_a_cold_start_is_timed_apart(bench: Bench) -> None:
    outcome = bench.send(looping(bench, 'call("POST", "response/" + ID)'))
    assert outcome.init_ms is not None
    assert outcome.duration_ms is not None


def test_one_that_is_debugged_has_all_the_time_there_is(bench: Bench) -> None:
    target = replace(
        looping(bench, 'time.sleep(0.3); call("POST", "response/" + ID, b"late")', timeout_s=0.2), debug_port=0
    )
    outcome = bench.send(target)
    assert outcome.body == b"late"
    assert "fgtui: a debugger is what bootstrap starts itself; no time limit is in force meanwhile" in outcome.logs


# Answers


def test_the_documented_shell_sample_runs_unchanged(bench: Bench, tmp_path: Path) -> None:
    """The bootstrap of the user manual's page "custom runtime", whose sh has ``pipefail``."""
    write_bootstrap(
        bench,
        """
        set -o pipefail
        #Processing requests loop
        while true
        do
        HEADERS="$(mktemp)"
          # Get an event
          EVENT_DATA=$(curl -sS -LD "$HEADERS" -X GET "http://$RUNTIME_API_ADDR/v1/runtime/invocation/request")
          # Get request id from response header
          REQUEST_ID=$(grep -Fi x-cff-request-id "$HEADERS" | tr -d '[:space:]' | cut -d: -f2)
          rm "$HEADERS"
          if [ -z "$REQUEST_ID" ]; then
            continue
          fi
          # Process request data
          RESPONSE="Echoing request: hello world!"
          # Put response
          curl -X POST "http://$RUNTIME_API_ADDR/v1/runtime/invocation/response/$REQUEST_ID" -d "$RESPONSE"
        done
        """,
        first="#!/bin/sh\n",
    )
    target = bench.target(spec="bootstrap", environment={"TMPDIR": str(tmp_path)})  # it leaves its last file behind
    assert [bench.send(target).body for _ in range(2)] == [b"Echoing request: hello world!"] * 2


@pytest.mark.parametrize("body", [b"", b"text", b"\xff\0", b"x" * 6_291_456])
def test_a_result_is_passed_on_as_it_is(bench: Bench, body: bytes) -> None:
    made = repr(body) if len(body) < 100 else "b'x' * 6_291_456"
    target = looping(bench, f'call("POST", "response/" + ID, {made})')
    outcome = bench.send(target)
    assert outcome.kind == "returned"
    assert outcome.body == body


@pytest.mark.parametrize("size", [6_291_457, 100_000_000])
def test_a_result_over_the_limit_is_refused(bench: Bench, size: int) -> None:
    """Row "too large", code 4004 (runtime.md section 2.2)."""
    target = looping(
        bench,
        f"""
        try: call("POST", "response/" + ID, b"x" * {size})
        except OSError: pass
        """,
        memory_mb=512,
    )
    outcome = bench.send(target)
    assert isinstance(outcome, InvalidResponse)
    assert outcome.message == f"response body size {size} exceeds the limit of 6291456"
    assert next_works(bench, target)


@pytest.mark.parametrize(
    ("body", "name", "text", "stack"),
    [
        (b'{"errorType": "KeyError", "errorMessage": "no id"}', "KeyError", "no id", ()),
        (b'{"errorType": "E", "errorMessage": "m", "stackTrace": ["a", 1]}', "E", "m", ("a", "1")),
        (b'{"errorMessage": "\\ud800"}', "Error", "\ud800", ()),
        (b"plain", "Error", "plain", ()),
        (b"[1]", "Error", "[1]", ()),
        (b"", "Error", "", ()),
        (b"\xff", "Error", "\ufffd", ()),
        (b"[" * 100_000, "Error", "[" * 100_000, ()),
    ],
)
def test_an_error_is_raised_with_its_body_as_posted(
    bench: Bench, body: bytes, name: str, text: str, stack: tuple[str, ...]
) -> None:
    made = repr(body) if len(body) < 100 else "b'[' * 100_000"
    target = looping(bench, f'call("POST", "error/" + ID, {made})')
    outcome = bench.send(target)
    assert isinstance(outcome, Raised)
    assert outcome.body == body
    assert (outcome.error.type, outcome.error.message, outcome.error.stack) == (name, text, stack)
    assert next_works(bench, target)


def test_ids_are_compared_without_regard_to_case(bench: Bench) -> None:
    target = looping(bench, 'call("POST", "response/" + ID.upper(), b"yes")')
    assert bench.send(target).body == b"yes"


# Requests that are no answers


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param('call("POST", "response/00000000-0000", b"forged")', 404, id="unknown-id"),
        pytest.param('call("POST", "response/" + OLD, b"late")', 404, id="id-of-long-ago"),
        pytest.param('call("POST", "response/", b"no id")', 404, id="no-id"),
        pytest.param('call("POST", "elsewhere", b"")', 404, id="unknown-path"),
        pytest.param('call("POST", "../../../etc/passwd", b"")', 404, id="dots"),
        pytest.param('call("GET", "response/" + ID)', 405, id="wrong-method"),
        pytest.param('call("POST", "request", b"")', 405, id="post-for-an-event"),
        pytest.param('call("POST", "response/" + ID, b"page", "Origin: http://evil.example")', 403, id="origin"),
        pytest.param('call("GET", "request", b"", "Origin: null")', 403, id="origin-null"),
        pytest.param('call("POST", "response/" + ID, b"page", "Host: evil.example")', 400, id="second-host"),
        pytest.param('raw(b"GET / HTTP/1.1\\r\\n\\r\\n")', 400, id="no-host"),
        pytest.param('raw(b"GET / HTTP/1.1\\r\\nHost: evil.example:80\\r\\n\\r\\n")', 403, id="foreign-host"),
        pytest.param('raw(b"nonsense\\r\\n\\r\\n")', 400, id="no-http"),
        pytest.param('raw(b"\\x16\\x03\\x01\\0\\r\\n\\r\\n")', 400, id="tls"),
        pytest.param('raw(b"GET / HTTP/1.1\\r\\n" + b"A: b\\r\\n" * 20000)', 400, id="endless-headers"),
        pytest.param('raw(b"GET / HTTP/1.1\\r\\nno header\\r\\n\\r\\n")', 400, id="no-header"),
        pytest.param('raw(b"GET / HTTP/2.0\\r\\n\\r\\n")', 400, id="other-version"),
        pytest.param('raw(post(b"Content-Length: 0x10\\r\\n"))', 400, id="no-length"),
        pytest.param('raw(post(b"Content-Length: -1\\r\\n"))', 400, id="negative-length"),
        pytest.param('raw(post(b"Content-Length: 1\\r\\nContent-Length: 2\\r\\n"))', 400, id="two-lengths"),
        pytest.param('raw(post(b"Transfer-Encoding: chunked\\r\\n") + b"zz\\r\\n")', 400, id="no-chunk"),
        pytest.param(
            'raw(post(b"Transfer-Encoding: chunked\\r\\n") + b"1\\r\\nabc\\r\\n")', 400, id="chunk-beyond-its-size"
        ),
        pytest.param(
            'raw(post(b"Transfer-Encoding: chunked\\r\\n") + b"0\\r\\n" + b"a: b\\r\\n" * 20000)',
            400,
            id="endless-trailers",
        ),
        pytest.param('raw(post(b"Transfer-Encoding: gzip\\r\\n"))', 400, id="other-coding"),
        pytest.param(
            'raw(post(b"Transfer-Encoding: chunked\\r\\nContent-Length: 3\\r\\n") + b"0\\r\\n\\r\\n")',
            400,
            id="framed-twice",
        ),
    ],
)
def test_whatever_is_no_answer_is_refused_in_words_and_changes_nothing(
    bench: Bench, request_: str, expected: int
) -> None:
    target = target_of(
        bench,
        f"""
        def raw(data):
            with connect() as line:
                line.sendall(data)
                return read(line)
        def post(more):
            return ("POST " + PATH + "response/" + ID + VERSION).encode() + more + b"\\r\\n"
        OLD, _ = event()
        call("POST", "response/" + OLD, b"one")
        MIDDLE, _ = event()
        call("POST", "response/" + MIDDLE, b"two")
        ID, _ = event()
        head, body = {request_}
        call("POST", "response/" + ID, json.dumps([status(head), json.loads(body)]).encode())
        event()
        """,
    )
    assert [bench.send(target).body for _ in range(2)] == [b"one", b"two"]
    got, said = bench.result(target)
    assert got == expected
    assert said["errorMessage"]


def test_a_second_answer_is_refused_as_a_conflict(bench: Bench) -> None:
    target = looping(
        bench,
        """
        if EVENT == b'"report"':
            call("POST", "response/" + ID, json.dumps(SECOND).encode())
            continue
        call("POST", "response/" + ID, b"first")
        head, body = call("POST", "response/" + ID, b"second")
        SECOND = [status(head), json.loads(body)["errorMessage"]]
        """,
    )
    first = bench.send(target)
    assert first.body == b"first"
    assert bench.result(target, "report") == [409, f"request {first.request_id} is answered already"]


def test_noise_of_every_kind_leaves_the_api_as_it_was(bench: Bench) -> None:
    target = looping(
        bench,
        """
        import random
        chance = random.Random(7)
        valid = ("POST " + PATH + "response/x" + VERSION + "Transfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nab\\r\\n0\\r\\n\\r\\n").encode()
        for _ in range(400):
            data = bytearray(valid)
            for _ in range(chance.randrange(6)):
                data[chance.randrange(len(data))] = chance.choice(b"\\r\\n\\0 :/0f\\xff")
            del data[chance.randrange(len(data)):]
            with connect() as line:
                line.sendall(bytes(data))
                if chance.random() < 0.3:
                    line.shutdown(socket.SHUT_WR)
                    line.recv(4096)
        call("POST", "response/" + ID, b"still there")
        """,
    )
    outcome = bench.send(target)
    assert outcome.body == b"still there"
    assert "Traceback" not in outcome.logs


# Clients of every kind


@pytest.mark.parametrize(
    "post",
    [
        pytest.param('line.sendall(b"4\\r\\nfine\\r\\n0\\r\\n\\r\\n")', id="at-once"),
        pytest.param(
            '[line.sendall(bytes([b])) for b in b"2;a=b\\r\\nfi\\r\\n2\\r\\nne\\r\\n0\\r\\nT: x\\r\\n\\r\\n"]',
            id="by-bytes",
        ),
    ],
)
def test_a_chunked_answer_is_put_together(bench: Bench, post: str) -> None:
    target = looping(
        bench,
        f"""
        with connect() as line:
            line.sendall(("POST " + PATH + "response/" + ID + VERSION + "Transfer-Encoding: chunked\\r\\n\\r\\n").encode())
            {post}
            read(line)
        """,
    )
    assert bench.send(target).body == b"fine"


@pytest.mark.parametrize(
    ("first", "statuses"),
    [
        pytest.param('"GET /" + VERSION + "\\r\\n\\r\\n"', [404, 404], id="empty-line"),
        pytest.param('"HEAD " + PATH + "request" + VERSION + "\\r\\n"', [405, 404], id="head"),
        pytest.param('"HEAD / HTTP/2.0\\r\\n\\r\\n"', [400], id="head-malformed"),
        pytest.param('"CONNECT elsewhere:80" + VERSION + "\\r\\n"', [404, 404], id="connect"),
        pytest.param(
            '"GET /" + VERSION + "Connection: Upgrade\\r\\nUpgrade: h2c\\r\\n\\r\\n"', [404, 404], id="upgrade"
        ),
        pytest.param('"GET /" + VERSION + "Connection: close\\r\\n\\r\\n"', [404], id="close"),
    ],
)
def test_requests_sent_ahead_are_answered_in_turn_while_the_connection_lasts(
    bench: Bench, first: str, statuses: list[int]
) -> None:
    target = looping(
        bench,
        f"""
        with connect() as line:
            line.sendall(({first} + "GET /more" + VERSION + "Connection: close\\r\\n\\r\\n").encode())
            data = b""
            while piece := line.recv(65536): data += piece
        call("POST", "response/" + ID, data)
        """,
    )
    said = bench.send(target).body
    assert [int(each) for each in re.findall(rb"HTTP/1\.1 (\d+)", said)] == statuses
    assert said.count(b"errorMessage") == len(statuses) - first.startswith('"HEAD')


def test_an_answer_that_waits_to_be_told_to_go_on_is_told(bench: Bench) -> None:
    target = looping(
        bench,
        """
        with connect() as line:
            head = "POST " + PATH + "response/" + ID + VERSION + "Content-Length: 4\\r\\nExpect: 100-continue\\r\\n\\r\\n"
            line.sendall(head.encode())
            assert line.recv(100) == b"HTTP/1.1 100 Continue\\r\\n\\r\\n"
            line.sendall(b"fine")
            read(line)
        """,
    )
    assert bench.send(target).body == b"fine"


def test_one_connection_serves_many_events(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        line = connect()
        count = 0
        while True:
            head, body = ask(line, "GET", "request")
            count += 1
            ask(line, "POST", "response/" + id_of(head), b"%d" % count)
        """,
    )
    assert [bench.send(target).body for _ in range(3)] == [b"1", b"2", b"3"]


def test_a_client_of_http_1_0_is_answered_and_let_go(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        while True:
            with connect() as line:
                line.sendall(("GET " + PATH + "request HTTP/1.0\\r\\n\\r\\n").encode())
                head, body = read(line)
                assert line.recv(1) == b""
            with connect() as line:
                data = ("POST " + PATH + "response/" + id_of(head) + " HTTP/1.0\\r\\nContent-Length: 2\\r\\n\\r\\nok").encode()
                line.sendall(data)
                line.shutdown(socket.SHUT_WR)
                read(line)
        """,
    )
    assert [bench.send(target).body for _ in range(2)] == [b"ok", b"ok"]


def test_of_several_who_ask_one_gets_the_event(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        lock, taken = threading.Lock(), []
        def work(number):
            while True:
                ID, EVENT = event()
                with lock: taken.append(number)
                call("POST", "response/" + ID, json.dumps(len(taken)).encode())
        threads = [threading.Thread(target=work, args=[n]) for n in range(5)]
        [thread.start() for thread in threads]
        """,
    )
    assert [bench.result(target) for _ in range(12)] == list(range(1, 13))


def test_one_who_has_gone_away_takes_no_event_along(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        request = ("GET " + PATH + "request" + VERSION + "\\r\\n").encode()
        for _ in range(5):
            line = connect()
            line.sendall(request)
            line.close()
        half = connect()
        half.sendall(request[:20])
        while True:
            line = connect()
            line.settimeout(0.05)
            try:
                head, body = ask(line, "GET", "request")
            except TimeoutError:
                line.close()
                continue
            call("POST", "response/" + id_of(head), body)
        """,
    )
    assert [bench.send(target, n).body for n in range(8)] == [str(n).encode() for n in range(8)]


def test_one_who_leaves_without_reading_leaves_the_event_to_the_next(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        for last in ("", "Connection: close\\r\\n"):
            line = connect()
            line.sendall(("GET " + PATH + "request" + VERSION + last + "\\r\\n").encode())
            line.recv(1, socket.MSG_PEEK)
            line.close()
            ID, EVENT = event()
            call("POST", "response/" + ID, b"read")
        event()
        """,
    )
    assert [bench.send(target).body for _ in range(2)] == [b"read", b"read"]


def test_one_who_leaves_amid_a_large_event_leaves_it_to_the_next(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        line = connect()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(("GET " + PATH + "request" + VERSION + "\\r\\n").encode())
        line.recv(1000)
        line.close()
        ID, EVENT = event()
        call("POST", "response/" + ID, b"%d" % len(EVENT))
        event()
        """,
    )
    event = json.dumps("x" * 4_000_000).encode()
    assert bench.send(target, event).body == str(len(event)).encode()


def test_an_answer_half_sent_is_none_and_may_be_sent_again(bench: Bench) -> None:
    target = looping(
        bench,
        """
        line = connect()
        line.sendall(("POST " + PATH + "response/" + ID + VERSION + "Content-Length: 9\\r\\n\\r\\nhalf").encode())
        line.close()
        call("POST", "response/" + ID, b"whole")
        """,
    )
    assert bench.send(target).body == b"whole"


def test_clients_that_say_nothing_do_not_keep_others_out(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        idle = [connect() for _ in range(200)]
        [line.sendall(b"GET ") for line in idle]
        while True:
            ID, EVENT = event()
            call("POST", "response/" + ID, b"fine")
        """,
    )
    assert bench.send(target).body == b"fine"


# Containment


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("while True: pass", id="spins"),
        pytest.param("event()", id="asks-for-the-next-instead"),
        pytest.param("os.kill(os.getpid(), signal.SIGSTOP)", id="stops-itself"),
        pytest.param("os.kill(os.getppid(), signal.SIGSTOP); time.sleep(1000)", id="stops-its-host"),
        pytest.param(
            "[signal.signal(n, signal.SIG_IGN) for n in range(1, 32) if n not in (9, 19)]; time.sleep(1000)",
            id="ignores-signals",
        ),
        pytest.param("os.fork() or os.fork() or os.setsid(); time.sleep(1000)", id="forks"),
        pytest.param(
            "os.spawnlp(os.P_NOWAIT, 'sh', 'sh', '-c', 'sleep 1000 & sleep 1000 &'); time.sleep(1000)", id="orphans"
        ),
        pytest.param("connect().sendall(b'POST ' + b'x' * 1000); time.sleep(1000)", id="half-a-request"),
    ],
)
def test_a_bootstrap_that_does_not_answer_is_ended_with_all_it_started(bench: Bench, body: str) -> None:
    target = looping(bench, body, timeout_s=0.4)
    assert isinstance(bench.send(target), TimedOut)
    assert next_works(bench, target)


@pytest.mark.parametrize("body", ["time.sleep(1000)", "call('POST', 'response/x', b'before asking'); time.sleep(1000)"])
def test_one_that_never_asks_is_ended_while_it_loads(bench: Bench, body: str) -> None:
    outcome = bench.send(target_of(bench, body, timeout_s=0.4))
    assert isinstance(outcome, TimedOut)
    assert outcome.duration_ms is None


@pytest.mark.parametrize("body", ["time.sleep(99)", "call('POST', 'response/x', b'before asking'); time.sleep(99)"])
def test_one_that_never_asks_is_told_what_to_ask(bench: Bench, body: str) -> None:
    """6, row "next event": the instance is ready once it asks; ``call load timeout`` alone says nothing of that."""
    outcome = bench.send(target_of(bench, "print('AT %s.' % PORT)\n" + body, timeout_s=1))
    assert isinstance(outcome, TimedOut)
    port = re.findall(r"AT (\d+)\.", outcome.logs)[0]
    asked = f"GET http://127.0.0.1:{port}/v1/runtime/invocation/request"
    assert outcome.logs.count(f"fgtui: bootstrap has not asked for an event yet: {asked}\n") == 1


def test_one_that_has_asked_is_not_told(bench: Bench) -> None:
    outcome = bench.send(looping(bench, "time.sleep(99)", timeout_s=0.5))
    assert isinstance(outcome, TimedOut)
    assert "has not asked" not in outcome.logs


def test_its_host_killed_is_a_crash(bench: Bench) -> None:
    target = looping(bench, "os.kill(os.getppid(), 9); time.sleep(1000)")
    outcome = bench.send(target)
    assert isinstance(outcome, Crashed)
    assert outcome.signal == 9
    assert next_works(bench, target)


def test_its_keeper_killed_takes_all_of_them_along(bench: Bench) -> None:
    target = looping(
        bench,
        """
        rows = open("/proc/%d/status" % os.getppid()).read() if os.path.exists("/proc/self/status") else ""
        keeper = [int(row.split()[1]) for row in rows.splitlines() if row.startswith("PPid")] or [0]
        if keeper[0] > 1: os.kill(keeper[0], 9)
        time.sleep(1000)
        """,
        timeout_s=1,
    )
    assert bench.send(target).kind in {"crashed", "timed_out"}
    assert next_works(bench, target)


def test_its_group_killed_is_its_own_crash_alone(bench: Bench) -> None:
    outcome = bench.send(looping(bench, "os.kill(0, 15)"))
    assert isinstance(outcome, Crashed)
    assert outcome.signal == 15


def test_memory_over_the_setting_is_out_of_memory(bench: Bench) -> None:
    target = looping(bench, "kept = b'x' * 300_000_000; time.sleep(1000)", timeout_s=20)
    assert isinstance(bench.send(target), OutOfMemory)
    assert next_works(bench, target)


def test_the_memory_of_the_bridge_is_not_the_functions(bench: Bench) -> None:
    outcome = bench.send(looping(bench, 'call("POST", "response/" + ID)'))
    assert outcome.memory_mb is not None
    assert 2 < outcome.memory_mb < 20


def test_a_million_lines_end_in_a_cut_log_and_an_answer(bench: Bench) -> None:
    target = looping(bench, 'sys.stdout.write("x" * 99 + "\\n" * 1_000_000); call("POST", "response/" + ID, b"done")')
    outcome = bench.send(target)
    assert outcome.body == b"done"
    assert outcome.logs_truncated


def test_answers_of_a_bootstrap_that_ends_right_after_count(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        ID, EVENT = event()
        line = connect()
        line.sendall(("POST " + PATH + "response/" + ID + VERSION + "Content-Length: 4\\r\\n\\r\\nlast").encode())
        os._exit(0)
        """,
    )
    for _ in range(3):
        outcome: Outcome = bench.send(target)
        assert outcome.body == b"last"
        assert outcome.cold_start
        bench.invoker.retire()


def test_a_child_may_ask_and_answer_for_its_parent(bench: Bench) -> None:
    target = target_of(
        bench,
        """
        while True:
            if os.fork() == 0:
                ID, EVENT = event()
                call("POST", "response/" + ID, b"child")
                os._exit(0)
            os.wait()
        """,
    )
    assert [bench.send(target).body for _ in range(2)] == [b"child", b"child"]


def test_cancelling_stops_it(bench: Bench, tmp_path: Path) -> None:
    import threading

    started = tmp_path / "started"
    target = looping(bench, f"open({str(started)!r}, 'w').close(); time.sleep(1000)", timeout_s=60)
    cancelled = threading.Event()

    def cancel() -> None:
        wait_until(started.exists, "the bootstrap has its event")
        cancelled.set()

    thread = threading.Thread(target=cancel)
    thread.start()
    assert bench.send(target, cancelled=cancelled).kind == "cancelled"
    thread.join()
    assert next_works(bench, target)


# Paths of the cloud


@pytest.mark.parametrize("first", ["", "#!/bin/sh -e\n", "#!/bin/bash\n", "#!/usr/bin/env bash\n", "#!/bin/dash\n"])
def test_interpreters_and_code_of_the_cloud_are_those_of_this_machine(bench: Bench, first: str) -> None:
    """The table of runtime.md section 1.2; code root of section 2.8."""
    if first == "#!/bin/dash\n" and not Path("/bin/dash").exists():
        pytest.skip("dash is not installed")
    target_of(
        bench, LOOP + '    call("POST", "response/" + ID, json.dumps([*sys.argv, len(os.listdir("/dev/fd"))]).encode())'
    )
    (bench.folder / "bootstrap").rename(bench.folder / "loop.py")
    write_bootstrap(
        bench,
        """
        # starts in $0
        [ -d /opt/function/code ] && echo "code of $0 is there"
        exec /opt/function/runtime/python3.9/rtsp/python/bin/python3 -u "/opt/function/code/loop.py" one "two three"
        """,
        first=first,
    )
    outcome = bench.send(bench.target(spec="bootstrap"))
    code, *arguments, open_files = json.loads(outcome.body)
    assert Path(code).name == "loop.py"
    assert arguments == ["one", "two three"]
    assert open_files == 4  # the log, and the listing itself
    assert f"code of {bench.folder / 'bootstrap'} is there" in outcome.logs
    assert "fgtui: /opt/function/runtime/python3.9/rtsp/python/bin/python3 runs as " in outcome.logs


def test_a_first_line_may_name_an_interpreter_of_the_cloud(bench: Bench) -> None:
    write_bootstrap(
        bench,
        CLIENT + LOOP + '    call("POST", "response/" + ID, b"python")',
        first="#!/opt/function/runtime/python3.6/rtsp/python/bin/python3 -u\n",
    )
    assert bench.send(bench.target(spec="bootstrap")).body == b"python"


def test_an_interpreter_of_the_cloud_that_is_not_here_is_named(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/opt/function/runtime/php8.3/rtsp/php/bin/php"
    monkeypatch.setenv("PATH", "/nowhere")
    file = write_bootstrap(bench, f"{path} index.php\n", first="")
    outcome = bench.send(bench.target(spec="bootstrap"))
    assert isinstance(outcome, InitFailed)
    assert outcome.error.message == (
        f"{file} starts {path}; there is no php on PATH here: install it, or name another program"
    )
