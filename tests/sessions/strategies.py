"""Any exchange there can be: every outcome, text with lone surrogates and NUL, bytes that are no text."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from fgtui.events.model import Event
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
    TargetSummary,
    TimedOut,
    Unreachable,
)

any_text = st.text(st.characters(exclude_categories=()), max_size=20)
some_numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
contents = st.one_of(
    st.binary(max_size=40),
    any_text.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.integers(-(2**100), 2**100).map(lambda number: b'{"n": %d}' % number),
    st.sampled_from([b"", b"\xef\xbb\xbf{}", b"\xff", b'"\\ud800"', b"1E400", b"[0.1, 1.10, -0]", b'{"a":1,"a":2}']),
)


def _joined(headers: list[tuple[str, list[str]]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, values in headers for value in values)


headers = st.lists(
    st.tuples(any_text, st.lists(any_text, min_size=1, max_size=3)), max_size=3, unique_by=lambda pair: pair[0]
).map(_joined)

_common = {
    "body": contents,
    "logs": any_text,
    "logs_truncated": st.booleans(),
    "request_id": st.none() | any_text,
    "duration_ms": some_numbers,
    "init_ms": some_numbers,
    "memory_mb": some_numbers,
    "cold_start": st.none() | st.booleans(),
    "status_code": st.none() | st.integers(),
    "headers": headers,
    "redacted": st.lists(any_text, max_size=2).map(tuple),
}
_errors = st.builds(HandlerError, any_text, any_text, st.lists(any_text, max_size=3).map(tuple))
_any_integer = st.none() | st.integers()

outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Returned, **_common),
    st.builds(Raised, error=_errors, **_common),
    st.builds(InitFailed, error=_errors, **_common),
    st.builds(
        TimedOut,
        limit_s=st.floats(allow_nan=False, allow_infinity=False),
        stopped_processes=st.integers(),
        **_common,
    ),
    st.builds(OutOfMemory, limit_mb=st.integers(), **_common),
    st.builds(Crashed, exit_code=_any_integer, signal=_any_integer, **_common),
    st.builds(InvalidResponse, message=any_text, **_common),
    st.builds(Rejected, code=any_text, message=any_text, may_have_run=st.booleans(), **_common),
    st.builds(Unreachable, message=any_text, may_have_run=st.booleans(), **_common),
    st.builds(Cancelled, **_common),
)

exchanges: st.SearchStrategy[Exchange] = st.builds(
    Exchange,
    id=any_text,
    event=st.builds(
        Event,
        trigger=any_text,
        wire=contents,
        template=st.none() | any_text,
        redacted=st.lists(any_text, max_size=2).map(tuple),
    ),
    target=st.builds(TargetSummary, any_text, any_text, st.none() | any_text, st.none() | any_text),
    outcome=outcomes,
    started_at=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001
    session=any_text,
    seq=st.integers(0),
    replay_of=st.none() | any_text,
    note=any_text,
    tags=st.lists(any_text, max_size=2).map(tuple),
)
