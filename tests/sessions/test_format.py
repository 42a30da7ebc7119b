from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given

from fgtui.errors import StoreError
from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    Exchange,
    HandlerError,
    InitFailed,
    InvalidResponse,
    Outcome,
    OutOfMemory,
    Raised,
    Rejected,
    Returned,
    TimedOut,
    Unreachable,
)
from fgtui.records import replace
from fgtui.sessions.format import FORMAT_VERSION, document, dump_line, from_json, to_json
from tests.factories import an_event, an_exchange
from tests.sessions.strategies import exchanges


@given(exchanges)
def test_every_exchange_survives_its_json(exchange: Exchange) -> None:
    assert from_json(json.loads(dump_line(exchange))) == exchange


def test_the_shape_is_the_one_the_design_promises() -> None:
    returned = Returned(body=b'{"ok": true}', request_id="7f1c", duration_ms=3.2, memory_mb=31.5, cold_start=False)
    exchange = an_exchange(an_event('{"Records": []}', "obs"), returned, session="default", seq=7)
    assert to_json(exchange) == {
        "format": 1,
        "id": exchange.id,
        "session": "default",
        "seq": 7,
        "started_at": "2026-11-22T09:46:01.123456Z",
        "event": {"trigger": "obs", "template": "default", "wire": '{"Records": []}', "redacted": []},
        "target": {"kind": "local", "spec": "src/index.handler", "runtime": "python3.11", "code_sha256": "ab" * 32},
        "outcome": {
            "kind": "returned",
            "body": '{"ok": true}',
            "status_code": None,
            "headers": {},
            "error": None,
            "redacted": [],
            "logs": "",
            "logs_truncated": False,
            "request_id": "7f1c",
            "duration_ms": 3.2,
            "init_ms": None,
            "memory_mb": 31.5,
            "cold_start": False,
        },
        "replay_of": None,
        "note": "",
        "tags": [],
    }


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        pytest.param(Returned(), None, id="returned"),
        pytest.param(
            Raised(error=HandlerError("KeyError", "'x'", ("line 1",))),
            {"type": "KeyError", "message": "'x'", "stack": ["line 1"]},
            id="raised",
        ),
        pytest.param(
            InitFailed(error=HandlerError("SyntaxError", "bad")),
            {"type": "SyntaxError", "message": "bad", "stack": []},
            id="init-failed",
        ),
        pytest.param(
            TimedOut(limit_s=3.0, stopped_processes=4), {"limit_s": 3.0, "stopped_processes": 4}, id="timed-out"
        ),
        pytest.param(OutOfMemory(limit_mb=128), {"limit_mb": 128}, id="out-of-memory"),
        pytest.param(Crashed(signal=11), {"exit_code": None, "signal": 11}, id="crashed"),
        pytest.param(InvalidResponse(message="a set"), {"message": "a set"}, id="invalid-response"),
        pytest.param(
            Rejected(code="FSS.0504", message="late", may_have_run=True),
            {"code": "FSS.0504", "message": "late", "may_have_run": True},
            id="rejected",
        ),
        pytest.param(
            Unreachable(message="cut", may_have_run=True), {"message": "cut", "may_have_run": True}, id="unreachable"
        ),
        pytest.param(Cancelled(), None, id="cancelled"),
    ],
)
def test_each_way_to_end_says_what_it_knows(outcome: Outcome, error: object) -> None:
    written = to_json(an_exchange(outcome=outcome))
    assert written["outcome"]["kind"] == outcome.kind
    assert written["outcome"]["error"] == error
    assert from_json(written).outcome == outcome


def test_bytes_that_are_no_text_are_base64() -> None:
    written = to_json(an_exchange(b"\xff\x00", body=b"\xfe"))
    assert written["event"]["wire_base64"] == "/wA="
    assert written["outcome"]["body_base64"] == "/g=="
    assert "wire" not in written["event"]
    assert "body" not in written["outcome"]


def test_a_header_that_came_twice_has_a_list() -> None:
    outcome = Returned(headers=(("set-cookie", "a"), ("x", "1"), ("set-cookie", "b")))
    written = to_json(an_exchange(outcome=outcome))
    assert written["outcome"]["headers"] == {"set-cookie": ["a", "b"], "x": "1"}


def test_a_line_is_one_line_and_readable_chinese() -> None:
    line = dump_line(an_exchange('{"name": "对象\u2028存储"}', logs="a\nb\x1b[2J\udce9"))
    assert "对象" in line
    assert "\\u2028" in line
    assert "\\udce9" in line
    assert len(line.splitlines()) == 1


def test_a_time_elsewhere_is_written_in_utc() -> None:
    written = to_json(an_exchange())
    written["started_at"] = "2026-11-22T17:46:01+08:00"
    assert from_json(written).started_at == datetime(2026, 11, 22, 9, 46, 1, tzinfo=UTC)


def test_members_of_a_later_day_are_ignored() -> None:
    written = to_json(an_exchange())
    written["event"]["colour"] = written["colour"] = "red"
    assert from_json(written) == an_exchange()


def test_a_newer_format_is_refused_in_words() -> None:
    with pytest.raises(StoreError, match=r"newer fgtui \(format 2; this one knows 1\)"):
        from_json({**to_json(an_exchange()), "format": FORMAT_VERSION + 1})


@pytest.mark.parametrize("found", [True, "1", 0, 1.0, None])
def test_a_version_that_is_none_is_refused(found: object) -> None:
    with pytest.raises(StoreError, match="format"):
        from_json({**to_json(an_exchange()), "format": found})


@pytest.mark.parametrize(
    ("where", "value", "words"),
    [
        ("id", 7, "id is not text"),
        ("seq", 1.5, "seq is not a whole number"),
        ("seq", True, "seq is not a whole number"),
        ("started_at", "yesterday", "started_at is not a time"),
        ("started_at", "2026-11-22T09:46:01", "started_at is not a time with its offset"),
        ("started_at", "0001-01-01T00:00:00+14:00", "started_at is not a time"),
        ("event", None, "event is not an object"),
        ("event.wire", 1, "wire is not text"),
        ("outcome.body_base64", "a", "body_base64 is not base64"),
        ("outcome.kind", "exploded", "no outcome 'exploded'"),
        ("outcome.kind", "raised", "error is not an object"),
        ("outcome.headers", {"a": 1}, "headers is not an object of texts"),
        ("outcome.headers", [], "headers is not an object"),
        ("outcome.duration_ms", "3", "duration_ms is not a number"),
        ("outcome.duration_ms", 10**400, "duration_ms is not a number"),
        ("outcome.logs_truncated", 1, "logs_truncated is not true or false"),
        ("tags", "red", "tags is not a list of texts"),
    ],
)
def test_what_is_wrong_is_named(where: str, value: object, words: str) -> None:
    written = to_json(an_exchange())
    *outer, name = where.split(".")
    inner = written
    for step in outer:
        inner = inner[step]
    inner.pop(name.removesuffix("_base64"), None)
    inner[name] = value
    with pytest.raises(StoreError, match=words):
        from_json(written)


@pytest.mark.parametrize("found", [None, [], "exchange", {}, {"a": 1}])
def test_what_is_no_exchange_is_refused(found: object) -> None:
    with pytest.raises(StoreError, match="not an exchange"):
        from_json(found)


@pytest.mark.parametrize(
    ("body", "result"),
    [(b'{"ok": true}', {"ok": True}), (b"done", "done"), (b"", None), (b"\xff", "\udcff"), (b"NaN", "NaN")],
)
def test_queries_see_values_where_there_are_any(body: bytes, result: object) -> None:
    seen = document(an_exchange(body, body=body))
    assert seen["outcome"]["result"] == result
    assert seen["event"]["body"] == result


def test_queries_see_the_decoded_event_only_when_they_ask() -> None:
    exchange = replace(an_exchange('{"data": "eyJhIjogMX0="}'))
    assert "decoded" not in document(exchange)["event"]
    assert document(exchange, decoded=True)["event"]["decoded"] == {"data": {"a": 1}}
