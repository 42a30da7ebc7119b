"""Makes the recordings of format 1 that are kept for good: ``python -m tests.sessions.make_format_1``.

They were made once, before the format was released. A format that has been released is never made again: a new one
gets a script and files of its own, and the tests open the old ones for ever.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    Exchange,
    HandlerError,
    InitFailed,
    InvalidResponse,
    OutOfMemory,
    Raised,
    Rejected,
    Returned,
    TargetSummary,
    TimedOut,
    Unreachable,
)
from fgtui.sessions.interchange.har import har_pieces
from fgtui.sessions.interchange.json_lines import JsonLines, write_jsonl
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.store import SessionStore
from tests.factories import MOMENT, an_event, an_exchange

FOLDER = Path(__file__).parents[1] / "data" / "format-1"
STORE = FOLDER / "sessions.db"
LINES = FOLDER / "orders.jsonl"
ARCHIVE = FOLDER / "orders.har"
SESSION = "orders ✓"

OUTCOMES = (
    Returned(
        body=b'{"ok": true, "n": 123456789012345678901234567890, "d": 1.10}', logs="2026-11-22T09:46:01Z start\n對象\n",
        request_id="7f1c0a52-2f0a-4c0e-8f3a-0123456789ab", duration_ms=3.25, init_ms=41.5, memory_mb=31.5,
        cold_start=True, status_code=200, headers=(("Content-Type", "application/json"), ("X-A", "1"), ("X-A", "2")),
    ),
    Returned(body=b"", duration_ms=0.5, cold_start=False),
    Returned(body=b"\x89PNG\r\n\x00\xff"),
    Returned(body=b'"lone \\ud800"', logs="lone \ud800 and NUL \0 and \x1b[2J", logs_truncated=True),
    Raised(body=b'{"errorMessage": "boom"}', error=HandlerError("ValueError", "boom", ('File "index.py", line 3', "x"))),
    InitFailed(error=HandlerError("SyntaxError", "invalid syntax")),
    TimedOut(limit_s=3.0, stopped_processes=4, logs="half\n"),
    OutOfMemory(limit_mb=128),
    Crashed(signal=11),
    Crashed(exit_code=7),
    InvalidResponse(message="a set cannot be written as JSON"),
    Rejected(code="FSS.0406", message="no", status_code=406),
    Unreachable(message="connection reset", may_have_run=True),
    Cancelled(duration_ms=12.0),
)  # fmt: skip

WIRES = (
    b'{"Records": [{"eventName": "ObjectCreated:Put"}], "password": "hunter2"}',
    b'{"a": 1, "a": 2, "n": 52.0, "\\u00e9": 1E400}',
    b"\xff\xfe not text",
    b'{"lts": {"data": "eyJsb2dzIjogIlt7XCJwd2RcIjogXCJ4XCJ9XSJ9"}}',
)


def exchanges() -> list[Exchange]:
    """What is recorded, before it is redacted and numbered."""
    target = TargetSummary("local", "src/index.handler", "Python3.10", None)
    return [
        an_exchange(
            an_event(WIRES[at % len(WIRES)], ("obs", "blank", "dis", "lts")[at % 4], template=None if at % 3 else "default"),
            outcome,
            number=at + 1,
            target=target if at % 2 else None,
            started_at=MOMENT + timedelta(milliseconds=137 * at),
            replay_of=f"01JD{at:022d}" if at == 4 else None,
            note="" if at % 5 else "checked by hand [/b]",
            tags=("slow", "對") if at == 6 else (),
        )
        for at, outcome in enumerate(OUTCOMES)
    ]  # fmt: skip


def main() -> None:
    """Write the files anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in (STORE, LINES):
        each.unlink(missing_ok=True)
    with SessionStore(
        STORE, Redactor(), clock=lambda: MOMENT, journal=JournalMode(wal=False, reason="portable")
    ) as store:
        for exchange in exchanges():
            store.append(SESSION, exchange)
        store.create("empty")
        write_jsonl(store.iterate(SESSION), LINES, session=SESSION)
    ARCHIVE.write_bytes(b"".join(har_pieces(JsonLines(LINES), session=SESSION)))
    Path(f"{STORE}-journal").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
