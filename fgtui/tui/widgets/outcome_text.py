"""Turns what came of an invocation into text to show: the answer as received, laid out; metadata; bytes as bytes.

No widget and no screen here, so that large answers are prepared in a worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, overload

from fgtui.invoke.model import (
    Exchange,
    HandlerError,
    InitFailed,
    InvalidResponse,
    Outcome,
    Raised,
    Rejected,
    Returned,
    Unreachable,
)
from fgtui.invoke.outcome_words import (
    advice,
    cold_start,
    headline,
    kind_words,
    left_open,
    milliseconds,
    size,
    was_taken,
)
from fgtui.terminal.display import displayable_line
from fgtui.terminal.editor import find_places
from fgtui.tui.styles.inks import Piece, pad
from fgtui.tui.widgets.diff_view import Difference, diff_text
from fgtui.tui.widgets.log_lines import log_colours, shortened
from fgtui.tui.widgets.target_bar import KINDS
from fgtui.tui.widgets.text_view import NOTHING, Shown, json_colours, muted, plain, shown
from fgtui.words import labelled, say, sentence

LARGE = 50_000
"""Bytes of event, answer and logs up to which they are prepared at once."""
BYTES_IN_LINE = 16
CARRIED_LIMIT = 9_000_000
"""Bytes of an HTTP answer whose body is decoded: beyond what the platform lets through (runtime.md section 8.8)."""


def texts_of(
    exchange: Exchange, note: str, difference: Difference | None, profile: str = ""
) -> tuple[Shown | None, ...]:
    """Result, logs, difference, where there is one, and the rest, in the order of the tabs.

    ``profile`` is the name of the one that calls the function.
    """
    outcome = exchange.outcome
    result = result_text(outcome, exchange.target.kind, profile)
    return result, logs_text(outcome), difference and diff_text(difference), exchange_text(exchange, note)


def is_large(exchange: Exchange) -> bool:
    """Whether its texts take long enough to be prepared off the screen's thread."""
    return len(exchange.outcome.body) + len(exchange.event.wire) + len(exchange.outcome.logs) > LARGE


def result_text(outcome: Outcome, kind: str = "local", profile: str = "") -> Shown:
    """The answer: JSON laid out and readable, its numbers as written, other text as it is, else its bytes.

    What did not return says first in words how it ended, and with which stack. ``kind`` is the target's.
    """
    if isinstance(outcome, Returned):
        if not outcome.body and was_taken(outcome, kind):
            words = say("(called asynchronously: nobody is told its answer)")
            return Shown((words,), len(words), muted)
        return answer_text(outcome.body)
    head = [*_how_it_ended(outcome, profile), *left_open(outcome, kind, profile=profile)]
    names_places = any(map(find_places, head))  # the platform's answer names the same ones again
    if outcome.body:
        head += ["", say("The platform answers:")]
    answer = body_text(outcome.body) if outcome.body else NOTHING
    top = shown("\n".join(head))
    lines = (*top.lines, *answer.lines)
    last = len(top.lines) if names_places else len(lines)
    paint = _HeadThenAnswer(len(top.lines), answer).paint
    return Shown(lines, max(top.width, answer.width), paint, find_places, wraps=True, last_places=last)


def _how_it_ended(outcome: Outcome, profile: str) -> list[str]:
    """Lines that say it whole, where a title may have to be cut."""
    match outcome:
        case Raised(error=error) | InitFailed(error=error):
            return _error_lines(error)
        case InvalidResponse(message=message) | Unreachable(message=message):
            said = message
        case Rejected(code=code, message=message):
            said = f"{code} {message}"
        case _:
            return [headline(outcome), *advice(outcome, profile=profile)]
    kind = kind_words(outcome.kind)
    return [*labelled(f"{kind.sign} {kind.words}", said).split("\n"), *advice(outcome, profile=profile)]


def _error_lines(error: HandlerError) -> list[str]:
    first = f"{error.type}: {error.message}" if error.message else error.type
    return [*first.split("\n"), *(line for entry in error.stack for line in entry.rstrip("\n").split("\n"))]


class _HeadThenAnswer(NamedTuple):
    """Paints how it ended, a stack, and the answer below."""

    split: int
    answer: Shown

    def paint(self, index: int, line: str, start: int, end: int) -> Sequence[Piece]:
        if index >= self.split:
            return self.answer.paint(index - self.split, line, start, end)
        return ((line[start:end], "bad" if index == 0 else "muted"),)


def answer_text(body: bytes) -> Shown:
    """An answer; of an HTTP answer that carries its body in base64 (runtime.md section 7.1) first that body."""
    answer = body_text(body)
    carried = carried_body(body)
    if carried is None:
        return answer
    inner = body_text(carried)
    head = (say("the body of the answer, decoded from base64: {size}", size=size(len(carried))),)
    between = ("", say("the answer as it was received:"))
    lines = _Joined(head, inner.lines, between, answer.lines)
    first, last = len(head) + len(inner.lines), len(lines) - len(answer.lines)

    def paint(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
        if index >= last:
            return answer.paint(index - last, line, start, end)
        if len(head) <= index < first:
            return inner.paint(index - len(head), line, start, end)
        return muted(index, line, start, end)

    return Shown(lines, max(len(head[0]), len(between[1]), inner.width, answer.width), paint, find_places)


def carried_body(body: bytes) -> bytes | None:
    """What the ``body`` of an HTTP answer holds where it says that it is in base64; ``None`` for any other answer."""
    if b'"isBase64Encoded"' not in body or len(body) > CARRIED_LIMIT:
        return None
    import json
    from base64 import b64decode

    try:
        answer = json.loads(body)
        if isinstance(answer, dict) and answer.get("isBase64Encoded") is True and isinstance(answer.get("body"), str):
            return b64decode(answer["body"], validate=True) or None
    except (ValueError, RecursionError):  # no JSON, no base64, or nested beyond what the parser takes: shown as it is
        return None
    return None


class _Joined(Sequence[str]):
    """Lines of several texts, one after the other, none of them copied."""

    def __init__(self, *parts: Sequence[str]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        for part in self._parts:
            if index < len(part):
                return part[index]
            index -= len(part)
        raise IndexError(index)


def body_text(body: bytes) -> Shown:
    """An answer's bytes as a person reads them."""
    if not body:
        return shown(say("(an empty answer)"), muted)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        note = say(
            "{size} that are not UTF-8 (byte {number} is {value})",
            size=size(len(body)),
            number=error.start,
            value=f"0x{body[error.start]:02x}",
        )
        return Shown(_Dump(note, body), max(len(note), 77), _muted_first)
    laid_out = lay_out(text)
    if laid_out is None:
        return shown(text, plain, find_places)
    return shown(laid_out, json_colours, find_places)


def lay_out(text: str) -> str | None:
    r"""JSON with a member a line, its numbers as written and ``\uXXXX`` readable; ``None`` when it is not JSON."""
    from fgtui.events.readable import readable
    from fgtui.events.text import reformat, scan

    document = scan(text)
    return readable(reformat(document)) if document.is_strict else None


class _Dump(Sequence[str]):
    """A note, then sixteen bytes a line, made as they are looked at."""

    def __init__(self, note: str, body: bytes) -> None:
        self._note = note
        self._body = body

    def __len__(self) -> int:
        return 1 + -(-len(self._body) // BYTES_IN_LINE)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        index = range(len(self))[index]  # counts from the end as well, and raises beyond it
        if index == 0:
            return self._note
        at = (index - 1) * BYTES_IN_LINE
        part = self._body[at : at + BYTES_IN_LINE]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        return f"{at:08x}  {part.hex(' '):<47}  {letters}"


def _muted_first(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
    return muted(index, line, start, end) if index == 0 else plain(index, line, start, end)


def logs_text(outcome: Outcome) -> Shown:
    """What the handler and the platform wrote, without what is the same in every line."""
    if not outcome.logs:
        return shown(say("(nothing was logged)"), muted)
    return shown(shortened(outcome.logs, outcome.request_id), log_colours, find_places, wraps=True)


LABEL_WIDTH = 12
ESCAPED = sentence(r"received with \uXXXX, which is shown as characters; copies keep it")


def exchange_text(exchange: Exchange, note: str = "") -> Shown:
    """What else an exchange remembers, a line each, then its event. ``note`` says how it was recorded."""
    facts = [
        (pad(say(label), LABEL_WIDTH), displayable_line(value)) for label, value in _facts(exchange, note) if value
    ]
    head = [*(f"{label}{value}" for label, value in facts), "", say("the event as it was sent:")]
    event = shown(exchange.event.text, json_colours)
    top = shown("\n".join(head))

    def paint(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
        if index >= len(head):
            return event.paint(index - len(head), line, start, end)
        split = min(max(len(facts[index][0]) if index < len(facts) else len(line), start), end)
        return ((line[start:split], "muted"), (line[split:end], ""))

    return Shown((*top.lines, *event.lines), max(top.width, event.width), paint, wraps=True)


def _facts(exchange: Exchange, note: str) -> list[tuple[str, str]]:
    outcome, target, event = exchange.outcome, exchange.target, exchange.event
    started = exchange.started_at.astimezone()
    kind = say(KINDS.get(target.kind, target.kind))
    return [
        (sentence("outcome"), headline(outcome)),
        (sentence("recorded"), note or (f"{exchange.session} #{exchange.seq}" if exchange.seq else "")),
        (sentence("started"), f"{started:%Y-%m-%d %H:%M:%S}.{started.microsecond // 1000:03d} {started:%z}"),
        (sentence("trigger"), event.trigger + (f" · {event.template}" if event.template else "")),
        (sentence("event"), size(len(event.wire))),
        (sentence("target"), " · ".join(filter(None, (kind, target.spec, target.runtime)))),
        (sentence("code"), f"sha256 {target.code_sha256}" if target.code_sha256 else ""),
        (sentence("answer"), size(len(outcome.body)) + (f", {say(ESCAPED)}" if b"\\u" in outcome.body else "")),
        (sentence("duration"), "" if outcome.duration_ms is None else milliseconds(outcome.duration_ms)),
        (sentence("cold start"), cold_start(outcome)),
        (sentence("memory"), "" if outcome.memory_mb is None else f"{outcome.memory_mb:.1f} MB"),
        (sentence("status"), "" if outcome.status_code is None else str(outcome.status_code)),
        *((sentence("header"), f"{name}: {value}") for name, value in outcome.headers),
        (
            sentence("logs"),
            size(len(outcome.logs.encode("utf-8", "surrogatepass")))
            + (f", {say('cut')}" if outcome.logs_truncated else ""),
        ),
        (sentence("request id"), outcome.request_id or ""),
        (sentence("id"), exchange.id),
        (sentence("replay of"), exchange.replay_of or ""),
        (sentence("note"), exchange.note),
        (sentence("tags"), ", ".join(exchange.tags)),
        *((sentence("redacted"), say("event {path}", path=path)) for path in event.redacted),
        *((sentence("redacted"), say("outcome {path}", path=path)) for path in outcome.redacted),
    ]
