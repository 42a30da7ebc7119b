"""Exchange ⇄ the rows of the store: its small columns, and its texts in one packed piece."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from fgtui.invoke.model import Exchange
from fgtui.sessions import strict_json
from fgtui.sessions.format import from_json, to_json
from fgtui.sessions.model import ExchangeRow
from fgtui.sessions.storage.content import unpacked

PACK_FROM = 512
"""Bytes; below, packing saves less than a page has to spare."""
_PACK_LEVEL = 1
"""Halves an exchange; higher levels save little more."""
_SMALL_WINDOW = 13
"""Bits of the window for what fits into it: most of the time goes into clearing a larger one."""
_TRIED = 65_536
"""Bytes that show whether the rest is worth packing."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_INTEGER_LIMIT = 2**63

Cell = str | bytes | int | float | None

ROW_COLUMNS = (
    "id, started_us, trigger, template, target_kind, target, outcome, duration_ms, status_code, replay_of, note, tags"
)
CONTENT_COLUMNS = "packed, head, wire, answer, crc, data"


class Encoded(NamedTuple):
    """An exchange ready to be inserted."""

    row: tuple[Cell, ...]
    """In the order of ``ROW_COLUMNS``."""
    size: int
    content: tuple[int, int, int, int, int, bytes]
    """In the order of ``CONTENT_COLUMNS``."""


def encode(exchange: Exchange) -> Encoded:
    """``exchange`` as rows; its session and number are the key's business."""
    members = to_json(exchange, texts=False)
    for kept_apart in ("session", "seq", "note", "tags"):
        del members[kept_apart]
    head = strict_json.write(members).encode()
    wire, answer, logs = exchange.event.wire, exchange.outcome.body, exchange.outcome.logs
    content = b"".join((head, wire, answer, logs.encode("utf-8", "surrogatepass")))
    data = _packed(content)
    target, outcome = exchange.target, exchange.outcome
    status = outcome.status_code
    return Encoded(
        row=(
            cell(exchange.id),
            microseconds(exchange.started_at),
            cell(exchange.event.trigger),
            _optional(exchange.event.template),
            cell(target.kind),
            cell(target.spec),
            outcome.kind,
            outcome.duration_ms,
            status if status is None or -_INTEGER_LIMIT <= status < _INTEGER_LIMIT else str(status).encode(),
            _optional(exchange.replay_of),
            cell(exchange.note),
            json.dumps(exchange.tags) if exchange.tags else "[]",
        ),
        size=len(content),
        content=(int(data is not content), len(head), len(wire), len(answer), zlib.crc32(data), data),
    )


def decode_row(session: str, seq: int, cells: tuple[Any, ...]) -> ExchangeRow:
    """One line of the session table from the cells of ``ROW_COLUMNS``."""
    identity, started_us, trigger, template, kind, target, outcome, duration, status, replay_of, note, tags = cells
    return ExchangeRow(  # by position, which is quickest: statistics ask for a million of them
        session,
        seq,
        text(identity),
        moment(started_us),
        text(trigger),
        None if template is None else text(template),
        text(kind),
        text(target),
        outcome,
        duration,
        int(status) if isinstance(status, bytes) else status,
        None if replay_of is None else text(replay_of),
        text(note),
        () if tags == "[]" else tuple(json.loads(tags)),
    )


def decode(session: str, seq: int, note: str | bytes, tags: str, cells: tuple[Any, ...]) -> Exchange:
    """The exchange in the cells of ``CONTENT_COLUMNS``. StoreError or ValueError where they are damaged."""
    packed, head, wire, answer, crc, data = cells
    content = unpacked(packed, crc, data)
    return decode_content(session, seq, content, note=note, tags=tags, sizes=(head, wire, answer))


def decode_content(
    session: str, seq: int, content: bytes, *, note: str | bytes, tags: str, sizes: tuple[int, int, int]
) -> Exchange:
    """The exchange in ``content``, whose first three parts have these sizes."""
    head_size, wire_size, answer_size = sizes
    wire_at = head_size + wire_size
    answer_at = wire_at + answer_size
    members = json.loads(content[:head_size])
    members["event"]["wire"] = content[head_size:wire_at]
    members["outcome"]["body"] = content[wire_at:answer_at]
    members["outcome"]["logs"] = content[answer_at:].decode("utf-8", "surrogatepass")
    return from_json({**members, "session": session, "seq": seq, "note": text(note), "tags": json.loads(tags)})


def cell(value: str) -> str | bytes:
    """Text as SQLite keeps it whole: as a blob where UTF-8 cannot hold it, or a NUL would cut it short."""
    if value.isprintable():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")
    return value.encode() if "\0" in value else value


def text(kept: str | bytes) -> str:
    """The inverse of ``cell``."""
    return kept if isinstance(kept, str) else kept.decode("utf-8", "surrogatepass")


def microseconds(at: datetime) -> int:
    """Since 1970, UTC."""
    return (at - _EPOCH) // _MICROSECOND


def moment(since_1970_us: int) -> datetime:
    """The inverse of ``microseconds``."""
    return _EPOCH + since_1970_us * _MICROSECOND


def _optional(value: str | None) -> str | bytes | None:
    return None if value is None else cell(value)


def _packed(content: bytes) -> bytes:
    """``content`` deflated where that saves a tenth or more, else ``content`` itself."""
    if len(content) < PACK_FROM:
        return content
    if len(content) > _TRIED and len(_deflated(content[:_TRIED])) > _TRIED * 9 // 10:
        return content
    packed = _deflated(content)
    return packed if len(packed) <= len(content) * 9 // 10 else content


def _deflated(content: bytes) -> bytes:
    window = _SMALL_WINDOW if len(content) <= 1 << _SMALL_WINDOW else zlib.MAX_WBITS
    engine = zlib.compressobj(_PACK_LEVEL, zlib.DEFLATED, window)
    return engine.compress(content) + engine.flush()
