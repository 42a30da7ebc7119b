"""One exchange as a bug report in Markdown: what was sent, where to, how it ended, and how to run it again.

A colleague or the cloud's support can act on it. Everything that is not ours stands in code, behind fences longer than
any run of backticks inside, with what could act on a terminal as visible escapes; long parts are cut, and say how to
get the rest. The exchange has to be redacted already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from fgtui.errors import EventError, UsageError
from fgtui.invoke.model import Exchange, InitFailed, Raised, TargetSummary
from fgtui.invoke.outcome_words import advice, headline, kind_words, milliseconds, size
from fgtui.sessions.export.commands import cli, send_command, variables
from fgtui.sessions.export.http_calls import HERE, Reach
from fgtui.sessions.export.shell_words import word
from fgtui.sessions.format import spell_time
from fgtui.terminal.display import displayable, displayable_line
from fgtui.words import QUOTED_LIMIT, plural

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.sessions.diff.changes import Change
    from fgtui.sessions.redaction.places import Finding

PART_LIMIT = 20_000
"""Characters of the event, the answer and the command, each."""
LOG_LIMIT = 8_000
"""Characters of the log's end."""
STACK_LIMIT = 60
"""Lines of a stack."""
LISTED = 50
"""Redacted places, and differences, that are listed."""
_BACKTICKS = re.compile("`+")


def markdown(
    exchange: Exchange,
    *,
    trigger: Trigger | None = None,
    target_name: str | None = None,
    original: Exchange | None = None,
    changes: Sequence[Change] = (),
    findings: Sequence[Finding] = (),
    secrets: Sequence[Finding] = (),
    reach: Reach = HERE,
) -> str:
    """The whole report. ``findings`` are what was redacted in the exchange, ``secrets`` in its event alone."""
    lines = [*_head(exchange), *_facts(exchange, target_name)]
    lines += _note(exchange)
    lines += _replay(exchange, original, changes)
    lines += _redacted(findings)
    lines += _event(exchange, trigger)
    lines += _result(exchange)
    lines += _error(exchange)
    lines += _advice(exchange)
    lines += _log(exchange)
    lines += _again(exchange, secrets, trigger, target_name, reach)
    return "\n".join(lines) + "\n"


def code(text: str) -> str:
    """``text`` as a code span of one line, cut at 200 characters."""
    shown = displayable_line(text if len(text) <= QUOTED_LIMIT else text[: QUOTED_LIMIT - 1] + "…")
    fence = _fence(shown, 1)
    space = " " if shown[:1] in ("`", " ", "") or shown[-1:] in ("`", " ") else ""
    return f"{fence}{space}{shown}{space}{fence}"


def fenced(text: str, language: str = "") -> list[str]:
    """``text`` as a block of code."""
    shown = displayable(text.replace("\r\n", "\n")).removesuffix("\n")
    fence = _fence(shown, 3)
    return [f"{fence}{language}", shown, fence]


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)


def _head(exchange: Exchange) -> list[str]:
    kind = kind_words(exchange.outcome.kind, exchange.outcome.status_code)
    return [
        f"# {code(exchange.event.trigger)} event to {code(exchange.target.spec)}: {_kind(exchange, kind.words)}",
        "",
        code(headline(exchange.outcome)),
        "",
    ]


def _kind(exchange: Exchange, words: str) -> str:
    outcome = exchange.outcome
    if isinstance(outcome, Raised | InitFailed) and outcome.error.type:
        return f"{words} {code(outcome.error.type)}"
    return words


def _facts(exchange: Exchange, target_name: str | None) -> Iterator[str]:
    import platform

    from fgtui import __version__

    outcome = exchange.outcome
    place = f"{code(exchange.session)} {exchange.seq}, " if exchange.session else ""
    yield f"- Exchange: {place}{code(exchange.id)}"
    yield f"- Sent at: {spell_time(exchange.started_at)}"
    if outcome.request_id:
        yield f"- Request: {code(outcome.request_id)}"
    yield f"- Target: {_target(exchange.target, target_name)}"
    yield f"- Event: {code(exchange.event.trigger)}{_template(exchange)}, {size(len(exchange.event.wire))}"
    times = [
        *([f"{milliseconds(outcome.duration_ms)}"] if outcome.duration_ms is not None else []),
        *([f"start {milliseconds(outcome.init_ms)}"] if outcome.init_ms is not None else []),
        *(["cold start" if outcome.cold_start else "warm"] if outcome.cold_start is not None else []),
        *([f"{outcome.memory_mb:.1f} MB"] if outcome.memory_mb is not None else []),
    ]
    if times:
        yield f"- Took: {', '.join(times)}"
    if exchange.note and _is_short(exchange.note):
        yield f"- Note: {code(exchange.note)}"
    if exchange.tags:
        more = f" and {len(exchange.tags) - LISTED:,} more" if len(exchange.tags) > LISTED else ""
        yield f"- Tags: {', '.join(map(code, exchange.tags[:LISTED]))}{more}"
    yield (
        f"- Reported by: fgtui {__version__}, Python {platform.python_version()}, {code(platform.platform(terse=True))}"
    )
    yield ""


def _note(exchange: Exchange) -> Iterator[str]:
    if not _is_short(exchange.note):
        yield "## Note"
        yield ""
        yield from _cut(exchange.note, "", _all_of(exchange))


def _is_short(text: str) -> bool:
    return len(text) <= QUOTED_LIMIT and "\n" not in text


def _target(target: TargetSummary, target_name: str | None) -> str:
    parts = [code(target.spec)]
    if target_name:
        parts.append(f"{code(target_name)} of the settings")
    parts.append(
        {"local": "on this machine", "http": "over HTTP", "remote": "deployed"}.get(target.kind) or code(target.kind)
    )
    if target.runtime:
        parts.append(code(target.runtime))
    if target.code_sha256:
        parts.append(f"code {code(target.code_sha256[:12])}")
    return ", ".join(parts)


def _template(exchange: Exchange) -> str:
    return f", from the template {code(exchange.event.template)}" if exchange.event.template else ""


def _replay(exchange: Exchange, original: Exchange | None, changes: Sequence[Change]) -> Iterator[str]:
    if exchange.replay_of is None:
        return
    yield "## Replay"
    yield ""
    if original is None:
        yield f"It repeats {code(exchange.replay_of)}, which is not at hand."
        yield ""
        return
    yield (
        f"It repeats {code(original.session)} {original.seq} of {spell_time(original.started_at)}, which ended in "
        f"{code(headline(original.outcome))}."
    )
    yield ""
    if not changes:
        yield "The outcome is the same."
    for change in changes[:LISTED]:
        from fgtui.events.text import format_path

        yield f"- {code(format_path(change.path))}: {_change(change)}"
    if len(changes) > LISTED:
        yield f"- and {len(changes) - LISTED:,} more"
    yield ""


def _change(change: Change) -> str:
    from fgtui.sessions.diff.change_words import value_words

    old, new = code(value_words(change.old)), code(value_words(change.new))
    match change.kind.value:
        case "added":
            return f"added {new}"
        case "removed":
            return f"removed {old}"
        case "moved":
            return f"in another order, {old} → {new}"
        case _:
            return f"{old} → {new}"


def _redacted(findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield "## Redacted"
    yield ""
    yield plural(
        len(findings),
        "1 value was replaced by a placeholder; equal placeholders stand for equal values.",
        f"{len(findings)} values were replaced by placeholders; equal placeholders stand for equal values.",
    )
    yield ""
    for finding in findings[:LISTED]:
        yield f"- {code(finding.path)}: {code(finding.placeholder)}, {finding.kind.format_map(_coded(finding))}"
    if len(findings) > LISTED:
        yield f"- and {len(findings) - LISTED:,} more"
    yield ""


def _coded(finding: Finding) -> dict[str, str]:
    return {name: code(str(value)) for name, value in finding.values.items()}


def _event(exchange: Exchange, trigger: Trigger | None) -> Iterator[str]:
    wire = exchange.event.text
    decoded = _decoded(wire, trigger)
    if decoded is not None and decoded != wire:
        yield "## Event, decoded"
        yield ""
        yield from _cut(decoded, "json", _part(exchange, "decoded"))
    yield "## Event, as sent"
    yield ""
    yield from _content(exchange.event.wire, _part(exchange, "event"))


def _decoded(wire: str, trigger: Trigger | None) -> str | None:
    from fgtui.events.fields import decode

    try:
        return decode(wire, trigger)
    except EventError:
        return None


def _result(exchange: Exchange) -> Iterator[str]:
    yield "## Answer"
    yield ""
    outcome = exchange.outcome
    if outcome.status_code is not None:
        yield f"Status {outcome.status_code}."
        yield ""
    if outcome.headers:
        yield from _cut("\n".join(f"{name}: {value}" for name, value in outcome.headers), "", _all_of(exchange))
    if outcome.body:
        yield from _content(outcome.body, _part(exchange, "result"))
    else:
        yield "It is empty."
        yield ""


def _content(content: bytes, whole: str) -> Iterator[str]:
    """Bytes as text; what is no text as base64."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        import base64

        yield f"{size(len(content))} that are no UTF-8, as base64:"
        yield ""
        yield from _cut(base64.encodebytes(content).decode(), "", whole)
        return
    yield from _cut(text, "json" if text.lstrip()[:1] in {"{", "["} else "", whole)


def _error(exchange: Exchange) -> Iterator[str]:
    outcome = exchange.outcome
    if not isinstance(outcome, Raised | InitFailed):
        return
    error = outcome.error
    yield "## Error"
    yield ""
    yield from _cut(f"{error.type}: {error.message}" if error.message else error.type, "", _all_of(exchange))
    if error.stack:
        left = len(error.stack) - STACK_LIMIT
        if left > 0:
            yield f"The last {STACK_LIMIT} of {len(error.stack):,} lines of the stack:"
            yield ""
        yield from _cut("\n".join(line.rstrip("\n") for line in error.stack[-STACK_LIMIT:]), "", _all_of(exchange))


def _advice(exchange: Exchange) -> Iterator[str]:
    """What the service's refusal means, and whether the function may have run all the same."""
    lines = advice(exchange.outcome)
    if lines:
        yield "## What it means"
        yield ""
        yield from _cut("\n".join(lines), "", _all_of(exchange))


def _log(exchange: Exchange) -> Iterator[str]:
    logs = exchange.outcome.logs
    if not logs:
        return
    yield "## Log"
    yield ""
    if exchange.outcome.logs_truncated:
        yield "The log was long; the recording leaves out its middle."
        yield ""
    if len(logs) > LOG_LIMIT:
        start = len(logs) - LOG_LIMIT
        start = logs.find("\n", start, start + LOG_LIMIT // 2) + 1 or start
        yield f"The end of it; {start:,} characters before are left out. {_part(exchange, 'logs')}"
        yield ""
        logs = logs[start:]
    yield from fenced(logs)
    yield ""


def _cut(text: str, language: str, whole: str) -> Iterator[str]:
    """A block of code with at most ``PART_LIMIT`` characters, and in words how many there are."""
    yield from fenced(text[:PART_LIMIT], language)
    yield ""
    if len(text) > PART_LIMIT:
        yield f"Cut at {PART_LIMIT:,} of {len(text):,} characters. {whole}"
        yield ""


def _part(exchange: Exchange, part: str) -> str:
    """How to get the whole of a part, in words."""
    if not exchange.session:
        return "It was not recorded."
    return f"All of it: {code(f'fgtui show {word(exchange.session)} {exchange.seq} --part {part}')}"


def _all_of(exchange: Exchange) -> str:
    if not exchange.session:
        return "It was not recorded."
    return f"All of it: {code(f'fgtui show {word(exchange.session)} {exchange.seq} --json')}"


def _again(
    exchange: Exchange,
    secrets: Sequence[Finding],
    trigger: Trigger | None,
    target_name: str | None,
    reach: Reach,
) -> Iterator[str]:
    yield "## Run it again"
    yield ""
    if secrets:
        names = ", ".join(map(code, dict.fromkeys(variables(secrets).values())))
        yield f"Set {names} in the environment first: what was redacted, in its place."
        yield ""
    how: dict[str, Any] = {"trigger": trigger, "target_name": target_name, "reach": reach}
    try:
        command = cli(exchange, secrets, **how)
    except UsageError as error:
        yield f"{str(error)[0].upper()}{str(error)[1:]}. {_part(exchange, 'event')}"
        yield ""
        return
    if len(command) > PART_LIMIT + QUOTED_LIMIT * 10 and exchange.session:
        show = f"fgtui show {word(exchange.session)} {exchange.seq} --part event"
        command = f"{show} | {send_command(exchange, secrets, **how)}"
        yield "The event is too long to stand here; this reads it from the recording, which an export holds:"
        yield ""
    yield from fenced(command, "sh")
    yield ""
