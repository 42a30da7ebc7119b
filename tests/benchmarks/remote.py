"""Remote sends: a signed call in the core, warm, beside a bare pooled ``urllib3`` request with the same bytes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import urllib3

from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import RemoteTarget
from fgtui.invoke.service.client import function_path
from fgtui.invoke.signing import authenticated
from tests.invoke.deployed import KEYS, PROJECT, a_profile, deployed
from tests.invoke.http_servers import AUTHORITY, CERTIFICATES

from .harness import Row, milliseconds, one_core
from .local_send import event_of_two_kilobytes

SENDS = 2_000
"""Of each kind, in turns of ``TURN``."""
TURN = 100
SERVICE = """\
import socket, ssl, sys, threading
ANSWER = (
    b"HTTP/1.1 200 OK\\r\\nContent-Length: 12\\r\\nContent-Type: application/json\\r\\n"
    b"X-Cff-Request-Id: 6e33c2b5-3e3c-4d7a-9f0b-2a1c7a0d9f2c\\r\\nX-Cff-Response-Version: v0\\r\\n"
    b'X-Cff-Invoke-Summary: {"duration":1.913,"billingDuration":100,"memorySize":128,"memoryUsed":41.51171875}\\r\\n'
    b"X-Cff-Function-Log: " + b"MjAyNi0wMS0wMlQwMzowNDowNVogU3RhcnQgaW52b2tlIHJlcXVlc3QK" * 6 + b"\\r\\n"
    b'X-Func-Err-Code: 0\\r\\nX-Is-Func-Err: false\\r\\nServer: api-gateway\\r\\n\\r\\n{"ok": true}'
)
context = None
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
def serve(line):
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line = context.wrap_socket(line, server_side=True) if context else line
    held = b""
    while data := line.recv(65536):
        held += data
        head, found, body = held.partition(b"\\r\\n\\r\\n")
        if found and len(body) >= int(head.lower().partition(b"content-length: ")[2].partition(b"\\r")[0]):
            held = b""
            line.sendall(ANSWER)
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""
"""Answers whatever it is asked, at once: as little as a service can do."""


@contextmanager
def service(scheme: str) -> Iterator[str]:
    """An endpoint in a process of its own."""
    certificate = [str(CERTIFICATES / "loopback.pem")] if scheme == "https" else []
    with subprocess.Popen([sys.executable, "-c", SERVICE, *certificate], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield f"{scheme}://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def bare(target: RemoteTarget, body: bytes) -> Callable[[], object]:
    """The same request, signed beforehand, through nothing but ``urllib3``."""
    url = target.profile.endpoint + function_path(target.profile, target.urn, "invocations")
    headers = [("X-Cff-Log-Type", "tail"), ("Content-Type", "application/json"), ("X-Project-Id", PROJECT)]
    signed = dict(authenticated("POST", url, [*headers, ("User-Agent", "fgtui")], body, KEYS, now=datetime.now(UTC)))
    pool = urllib3.PoolManager(retries=False, ca_certs=str(AUTHORITY))
    return lambda: pool.request("POST", url, body=body, headers=signed, redirect=False).data


def warm(scheme: str) -> Iterator[Row]:
    """A function that is deployed next door."""
    event = event_of_two_kilobytes()
    floors, ours = [], []
    invoker = Invoker()
    with service(scheme) as endpoint:
        target = deployed(endpoint, profile=a_profile(endpoint, ca_file=AUTHORITY if scheme == "https" else None))
        outcome = invoker.invoke(event, target).outcome
        assert outcome.kind == "returned", outcome
        request = bare(target, event.wire)
        assert request() == outcome.body
        for _ in range(SENDS // TURN):
            for action, figures in ((request, floors), (lambda: invoker.invoke(event, target), ours)):
                for _ in range(TURN):
                    started = time.perf_counter()
                    action()
                    figures.append(time.perf_counter() - started)
        invoker.close()
    floor, measured = statistics.median(floors), statistics.median(ours)
    yield Row(
        "remote",
        f"warm, signed, over {scheme}, 2 KB event, not recorded",
        milliseconds(measured),
        f"bare pooled urllib3 {milliseconds(floor)}",
        measured / floor,
        "≤ 1.3 ×",
        measured / floor <= 1.3,
    )


def rows() -> Iterator[Row]:
    """Every row of remote sending."""
    for scheme in ("http", "https"):
        with one_core():
            yield from warm(scheme)
