"""A deployed function to call: a server on loopback that answers as the service does, and targets that lead there."""

from __future__ import annotations

import base64
import json
import threading
from datetime import UTC, datetime
from typing import Any

from fgtui.invoke import remote
from fgtui.invoke.credentials import Credentials, Keys
from fgtui.invoke.http.transport import Transport
from fgtui.invoke.model import Outcome, Profile, RemoteTarget
from fgtui.invoke.urns import parse
from tests.factories import an_event
from tests.invoke.harness import hang_guard
from tests.invoke.http_servers import Step, answer

PROJECT = "0123456789abcdef0123456789abcdef"
URN = f"urn:fss:cn-north-4:{PROJECT}:function:default:demo:latest"
KEYS = Keys("FGTUIEXAMPLEAK000001", "fgtui-example-secret-key-0123456789abcdef")
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
REQUEST_ID = "9f2c4c9e-0f0e-4c60-8f5c-2b1f3ad0b7c1"
SUMMARY = '{"duration":1.913,"billingDuration":100,"memorySize":128,"memoryUsed":41.51171875}'
LOG = (
    f"2026-01-02T03:04:05Z Start invoke request '{REQUEST_ID}', version: latest\n"
    f"2026-01-02T03:04:05Z {REQUEST_ID} INFO hello\n"
    f"2026-01-02T03:04:05Z Finish invoke request '{REQUEST_ID}', duration: 1.913ms, billing duration: 2ms, "
    "memory used: 41.512MB, billing memory: 128MB, cpu used: 0.300U, storage used: 0.039MB\n"
)


class Given:
    """Credentials that are there already; remembers what was refused."""

    def __init__(self, credentials: Credentials = KEYS) -> None:
        self.credentials = credentials
        self.refused: list[Credentials] = []

    identity = "access key FGTU… given by the test"

    def get(self, *, timeout_s: float | None = None, cancelled: threading.Event | None = None) -> Credentials:
        return self.credentials

    def forget(self, refused: Credentials) -> None:
        self.refused.append(refused)


def a_profile(endpoint: str, credentials: Given | None = None, **more: Any) -> Profile:
    return Profile(
        **{
            "name": "prod",
            "endpoint": endpoint,
            "project_id": PROJECT,
            "credentials": credentials or Given(),
            **more,
        }
    )


def deployed(endpoint: str, urn: str = URN, *, credentials: Given | None = None, **more: Any) -> RemoteTarget:
    profile = more.pop("profile", None) or a_profile(endpoint, credentials)
    return RemoteTarget(**{"spec": urn, "urn": parse(urn), "profile": profile, "timeout_s": 30.0, **more})


def call(target: RemoteTarget, wire: str | bytes = '{"key": "value"}', trigger: str = "blank", **more: Any) -> Outcome:
    transport = Transport()
    try:
        with hang_guard(more):
            return remote.call(an_event(wire, trigger), target, "own", transport=transport, now=lambda: NOW, **more)
    finally:
        transport.close()


def returned(
    body: bytes = b'{"ok": true}', *headers: tuple[str, str], log: str | None = LOG, status: int = 200
) -> Step:
    """What the service answers when the function has returned."""
    logs = [] if log is None else [("X-Cff-Function-Log", base64.b64encode(log.encode()).decode())]
    return answer(
        status,
        body,
        (
            ("X-Cff-Request-Id", REQUEST_ID),
            ("X-Cff-Invoke-Summary", SUMMARY),
            ("X-Func-Err-Code", "0"),
            ("X-Is-Func-Err", "false"),
            *logs,
            *headers,
        ),
    )


def failed(code: str, text: str | bytes, status: int = 200, *, flag: str = "true") -> Step:
    """What the service answers when the function has failed: ``text`` as its message, or bytes as the whole body."""
    body = text if isinstance(text, bytes) else json.dumps({"errorMessage": text, "errorType": "KeyError"}).encode()
    headers = (("X-Cff-Request-Id", REQUEST_ID), ("X-Func-Err-Code", code), ("X-Is-Func-Err", flag))
    return answer(status, body, headers)


def refused(status: int, code: str, message: str) -> Step:
    """The service's no."""
    body = json.dumps({"error_code": code, "error_msg": message}).encode()
    return answer(status, body, (("X-Request-Id", REQUEST_ID),))
