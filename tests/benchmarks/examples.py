"""Exchanges of about 3 KB as people record them, in any number."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from fgtui.events.model import Event
from fgtui.invoke.model import Exchange, HandlerError, Raised, Returned, TargetSummary

STARTED = datetime(2026, 11, 22, 9, 46, tzinfo=UTC)
TARGET = TargetSummary("local", "src/index.handler", "python3.11", "0" * 64)
LINE = {
    "message": "2018-06-26/18:40:53 [INF] [config.go:72] Successfully loaded general configuration file\r\n",
    "time": 1530009653059,
    "host_name": "ecs-testagent.novalocal",
    "ip": "192.168.1.98",
    "path": "/usr/local/telescope/log/common.log",
    "log_uid": "663d6930-792d-11e8-8b08-286ed488ce70",
}


def wire_of(number: int) -> tuple[str, bytes]:
    """Trigger and event number ``number``: OBS and LTS in turn."""
    if number % 2:
        logs = [{**LINE, "line_no": number + line} for line in range(3)]
        data = json.dumps({"logs": json.dumps(logs), "owner": "6280e170bd934f60a4d851cf5ca05129"})
        return "lts", json.dumps({"lts": {"data": base64.b64encode(data.encode()).decode()}}).encode()
    record = {
        "eventVersion": "2.0",
        "eventSource": "aws:s3",
        "eventTime": "2021-11-18T07:50:50.028Z",
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": "bb8695913bb74682b9ca82a8803b60d8"},
        "responseElements": {"x-amz-id-2": "ExampleHostId" * 5},
        "s3": {"bucket": {"name": "photos"}, "object": {"key": f"holiday%2F{number}.png", "size": number}},
    }
    return "obs", json.dumps({"Records": [record] * 3}, indent=1).encode()


def exchanges(count: int, first: int = 1) -> Iterator[Exchange]:
    """``count`` of them; every seventh has raised."""
    for number in range(first, first + count):
        trigger, wire = wire_of(number)
        measured = {
            "logs": f"2026-11-22T09:46:01Z 7f1c0a52 INFO object {number} looked at\n" * 6,
            "request_id": f"7f1c0a52-0000-4000-8000-{number:012d}",
            "duration_ms": 3.0 + number % 100 / 10,
            "memory_mb": 31.5,
            "cold_start": False,
        }
        outcome = (
            Raised(error=HandlerError("ValueError", f"object {number} is empty", ("in handler",)), **measured)
            if number % 7 == 0
            else Returned(body=json.dumps({"ok": True, "number": number}).encode(), **measured)
        )
        yield Exchange(
            id=f"01JD{number:022d}",
            event=Event(trigger, wire, "default"),
            target=TARGET,
            outcome=outcome,
            started_at=STARTED + timedelta(seconds=number),
        )
