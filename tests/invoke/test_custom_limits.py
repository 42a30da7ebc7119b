"""What the runtime API bounds, so that a bootstrap that overdoes it costs fgtui nothing (runtime.md section 6)."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

import fgtui.invoke
from fgtui.invoke.model import InvalidResponse
from tests.invoke.harness import Bench
from tests.invoke.test_custom import looping, next_works, target_of

HOST_PEAK = """
def peak_of_host_mb():
    rows = open("/proc/%d/status" % os.getppid()).read().splitlines()
    return [int(row.split()[1]) for row in rows if row.startswith("VmHWM")][0] // 1024
"""


def listening_on(port: int) -> set[str]:
    sys.path.insert(0, str(Path(fgtui.invoke.__file__).with_name("hosts")))
    try:
        ports = importlib.import_module("ports")
    finally:
        sys.path.pop(0)
    return {host for host, number, _ in ports.listeners() if number == port}


def test_nobody_else_on_the_network_reaches_the_api(bench: Bench) -> None:
    target = looping(bench, 'call("POST", "response/" + ID, PORT.encode())')
    assert listening_on(int(bench.send(target).body)) == {"127.0.0.1"}


def test_an_event_says_that_somebody_waits_for_its_answer(bench: Bench) -> None:
    """6, row "next event": ``X-CFF-Invoke-Type``."""
    target = target_of(
        bench, 'head, _ = call("GET", "request")\ncall("POST", "response/" + id_of(head), head)\ntime.sleep(100)'
    )
    rows = dict(row.split(": ", 1) for row in bench.send(target).body.decode().split("\r\n")[1:])
    assert {name.lower(): value for name, value in rows.items()}["x-cff-invoke-type"] == "sync"


@pytest.mark.parametrize("name", ["localhost", "LocalHost", "127.0.0.1"])
def test_the_api_goes_by_both_names_of_this_machine(bench: Bench, name: str) -> None:
    target = looping(
        bench,
        f"""
        line = connect()
        line.sendall(("POST " + PATH + "response/" + ID + " HTTP/1.1\\r\\nHost: {name}:" + PORT
                      + "\\r\\nContent-Length: 4\\r\\n\\r\\nfine").encode())
        if status(read(line)[0]) != 200: call("POST", "response/" + ID, b"refused")
        """,
    )
    assert bench.send(target).body == b"fine"


def test_a_connection_is_closed_when_its_client_asks_for_that(bench: Bench) -> None:
    target = looping(
        bench,
        """
        line = connect()
        line.settimeout(5)
        for more in [], ["Connection: close"]:
            ask(line, "POST", "response/another", b"x", *more)
        closed = line.recv(1) == b""
        call("POST", "response/" + ID, json.dumps(closed).encode())
        """,
        timeout_s=10,
    )
    assert bench.send(target).body == b"true"


def test_an_answer_without_end_is_refused_in_words_and_not_kept(bench: Bench) -> None:
    target = looping(
        bench,
        HOST_PEAK
        + """
line = connect()
line.sendall(("POST " + PATH + "response/" + ID + VERSION + "Transfer-Encoding: chunked\\r\\n\\r\\n").encode())
try:
    while True: line.sendall(b"10000\\r\\n" + b"x" * 65536 + b"\\r\\n")
except OSError: print("host: %d MB" % peak_of_host_mb(), flush=True)
""",
        timeout_s=20,
    )
    outcome = bench.send(target)
    assert isinstance(outcome, InvalidResponse)
    assert outcome.message == "response body size of more than 67108864 exceeds the limit of 6291456"
    following = bench.send(target, "next")  # the client is cut off at last, or it would still be sending
    assert following.body == b"fine"
    assert int(following.logs.partition("host: ")[2].split()[0]) < 100


def test_many_answers_half_sent_are_not_kept_all(bench: Bench) -> None:
    """Each may be the one, so each is read; together they have a limit."""
    target = looping(
        bench,
        HOST_PEAK
        + """
before = peak_of_host_mb()
lines = []
for _ in range(40):
    line = connect()
    line.settimeout(1)
    lines.append(line)
    try:
        line.sendall(("POST " + PATH + "response/" + ID + VERSION + "Content-Length: 6000000\\r\\n\\r\\n").encode())
        line.sendall(b"x" * 5900000)
    except OSError: pass
grown = peak_of_host_mb() - before
for line in lines: line.close()
call("POST", "response/" + ID, json.dumps(grown).encode())
""",
        timeout_s=20,
        memory_mb=512,
    )
    assert json.loads(bench.send(target).body) < 100  # 236 MB were sent
    assert next_works(bench, target)


def test_an_answer_arrives_while_hundreds_of_connections_idle(bench: Bench) -> None:
    target = looping(
        bench,
        HOST_PEAK
        + """
idle = [connect() for _ in range(190)]
descriptors = len(os.listdir("/proc/%d/fd" % os.getppid()))
call("POST", "response/" + ID, json.dumps(descriptors).encode())
""",
        timeout_s=10,
    )
    assert json.loads(bench.send(target).body) < 100
    assert next_works(bench, target)
