"""One exchange as a bug report in Markdown: what was sent, where to, how it ended, and how to run it again.

A colleague or the cloud's support can act on it. Everything that is not ours stands in code, behind fences longer than
any run of backticks inside, with what could act on a terminal as visible escapes; long parts are cut, and say how to
get the rest. The exchange has to be redacted already. Lines of ours are phrases until the whole is put together, in the
language of whoever asked for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from fgtui.errors import EventError, UsageError
from fgtui.invoke.model import Exchange, InitFailed, Raised, TargetSummary
from fgtui.invoke.outcome_words import Sayer, advice, headline, kind_words, milliseconds, size
from fgtui.sessions.export.commands import cli, send_command, variables
from fgtui.sessions.export.http_calls import HERE, Reach
from fgtui.sessions.export.shell_words import word
from fgtui.sessions.format import spell_time
from fgtui.terminal.display import displayable, displayable_line
from fgtui.words import QUOTED_LIMIT, Phrase, Uncut, clauses, plural, say

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.sessions.diff.changes import Change
    from fgtui.sessions.redaction.places import Finding

Line = str | Phrase

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
    tell: Sayer = say,
) -> str:
    """The whole report. ``findings`` are what was redacted in the exchange, ``secrets`` in its event alone."""
    lines: list[Line] = [*_head(exchange, tell), *_facts(exchange, target_name, tell)]
    lines += _note(exchange)
    lines += _replay(exchange, original, changes, tell)
    lines += _redacted(findings)
    lines += _event(exchange, trigger, tell)
    lines += _result(exchange, tell)
    lines += _error(exchange)
    lines += _advice(exchange, tell)
    lines += _log(exchange)
    lines += _again(exchange, secrets, trigger, target_name, reach, tell)
    return "\n".join(tell(line) if isinstance(line, Phrase) else line for line in lines) + "\n"


def code(text: str) -> Uncut:
    """``text`` as a code span of one line, cut at 200 characters."""
    shown = displayable_line(text if len(text) <= QUOTED_LIMIT else text[: QUOTED_LIMIT - 1] + "…")
    fence = _fence(shown, 1)
    space = " " if shown[:1] in ("`", " ", "") or shown[-1:] in ("`", " ") else ""
    return Uncut(f"{fence}{space}{shown}{space}{fence}")


def fenced(text: str, language: str = "") -> list[str]:
    """``text`` as a block of code."""
    shown = displayable(text.replace("\r\n", "\n")).removesuffix("\n")
    fence = _fence(shown, 3)
    return [f"{fence}{language}", shown, fence]


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)


def _head(exchange: Exchange, tell: Sayer) -> list[Line]:
    kind = kind_words(exchange.outcome.kind, exchange.outcome.status_code, tell)
    return [
        Phrase(
            "# {trigger} event to {target}: {outcome}",
            trigger=code(exchange.event.trigger),
            target=code(exchange.target.spec),
            outcome=_kind(exchange, kind.words),
        ),
        "",
        code(headline(exchange.outcome, tell)),
        "",
    ]


def _kind(exchange: Exchange, words: str) -> Uncut:
    outcome = exchange.outcome
    if isinstance(outcome, Raised | InitFailed) and outcome.error.type:
        return Uncut(f"{words} {code(outcome.error.type)}")
    return Uncut(words)


def _facts(exchange: Exchange, target_name: str | None, tell: Sayer) -> Iterator[Line]:
    import platform

    from fgtui import __version__

    outcome = exchange.outcome
    place = Uncut(f"{code(exchange.session)} {exchange.seq}{tell(', ')}" if exchange.session else "")
    yield Phrase("- Exchange: {place}{id}", place=place, id=code(exchange.id))
    yield Phrase("- Sent at: {time}", time=spell_time(exchange.started_at))
    if outcome.request_id:
        yield Phrase("- Request: {id}", id=code(outcome.request_id))
    yield Phrase("- Target: {target}", target=_target(exchange.target, target_name, tell))
    yield _what_event(exchange, tell)
    times = [
        *([milliseconds(outcome.duration_ms)] if outcome.duration_ms is not None else []),
        *([tell("start {time}", time=milliseconds(outcome.init_ms))] if outcome.init_ms is not None else []),
        *([tell("cold start" if outcome.cold_start else "warm")] if outcome.cold_start is not None else []),
        *([f"{outcome.memory_mb:.1f} MB"] if outcome.memory_mb is not None else []),
    ]
    if times:
        yield Phrase("- Took: {times}", times=clauses(times, tell))
    if exchange.note and _is_short(exchange.note):
        yield Phrase("- Note: {note}", note=code(exchange.note))
    if exchange.tags:
        yield Phrase(
            "- Tags: {tags} and {count} more" if len(exchange.tags) > LISTED else "- Tags: {tags}",
            tags=Uncut(", ".join(map(code, exchange.tags[:LISTED]))),
            count=f"{len(exchange.tags) - LISTED:,}",
        )
    yield Phrase(
        "- Reported by: fgtui {version}, Python {python}, {system}",
        version=__version__,
        python=platform.python_version(),
        system=code(platform.platform(terse=True)),
    )
    yield ""


def _what_event(exchange: Exchange, tell: Sayer) -> Phrase:
    event = exchange.event
    return Phrase(
        "- Event: {trigger}, from the template {template}, {size}" if event.template else "- Event: {trigger}, {size}",
        trigger=code(event.trigger),
        template=code(event.template or ""),
        size=size(len(event.wire), tell),
    )


def _note(exchange: Exchange) -> Iterator[Line]:
    if not _is_short(exchange.note):
        yield Phrase("## Note")
        yield ""
        yield from _cut(exchange.note, "", _all_of(exchange))


def _is_short(text: str) -> bool:
    return len(text) <= QUOTED_LIMIT and "\n" not in text


_WHERE = {"local": "on this machine", "http": "over HTTP", "remote": "deployed"}


def _target(target: TargetSummary, target_name: str | None, tell: Sayer) -> Uncut:
    parts: list[str] = [code(target.spec)]
    if target_name:
        parts.append(tell("{name} of the settings", name=code(target_name)))
    parts.append(tell(_WHERE[target.kind]) if target.kind in _WHERE else code(target.kind))
    if target.runtime:
        parts.append(code(target.runtime))
    if target.code_sha256:
        parts.append(tell("code {hash}", hash=code(target.code_sha256[:12])))
    return Uncut(clauses(parts, tell))


def _replay(exchange: Exchange, original: Exchange | None, changes: Sequence[Change], tell: Sayer) -> Iterator[Line]:
    if exchange.replay_of is None:
        return
    yield Phrase("## Replay")
    yield ""
    if original is None:
        yield Phrase("It repeats {id}, which is not at hand.", id=code(exchange.replay_of))
        yield ""
        return
    yield Phrase(
        "It repeats {session} {seq} of {time}, which ended in {outcome}.",
        session=code(original.session),
        seq=original.seq,
        time=spell_time(original.started_at),
        outcome=code(headline(original.outcome, tell)),
    )
    yield ""
    if not changes:
        yield Phrase("The outcome is the same.")
    for change in changes[:LISTED]:
        from fgtui.events.text import format_path

        yield f"- {code(format_path(change.path))}: {_change(change, tell)}"
    if len(changes) > LISTED:
        yield Phrase("- and {count} more", count=f"{len(changes) - LISTED:,}")
    yield ""


def _change(change: Change, tell: Sayer) -> str:
    from fgtui.sessions.diff.change_words import value_words

    old, new = code(value_words(change.old)), code(value_words(change.new))
    match change.kind.value:
        case "added":
            return tell("added {value}", value=new)
        case "removed":
            return tell("removed {value}", value=old)
        case "moved":
            return tell("in another order, {old} → {new}", old=old, new=new)
        case _:
            return f"{old} → {new}"


def _redacted(findings: Sequence[Finding]) -> Iterator[Line]:
    if not findings:
        return
    yield Phrase("## Redacted")
    yield ""
    yield Phrase(
        plural(
            len(findings),
            "1 value was replaced by a placeholder; equal placeholders stand for equal values.",
            "{count} values were replaced by placeholders; equal placeholders stand for equal values.",
        ),
        count=len(findings),
    )
    yield ""
    for finding in findings[:LISTED]:
        yield Phrase(
            "- {path}: {placeholder}, {kind}",
            path=code(finding.path),
            placeholder=code(finding.placeholder),
            kind=Phrase(finding.kind, _coded(finding)),
        )
    if len(findings) > LISTED:
        yield Phrase("- and {count} more", count=f"{len(findings) - LISTED:,}")
    yield ""


def _coded(finding: Finding) -> dict[str, str]:
    return {name: code(str(value)) for name, value in finding.values.items()}


def _event(exchange: Exchange, trigger: Trigger | None, tell: Sayer) -> Iterator[Line]:
    from fgtui.events.readable import readable

    wire = exchange.event.text
    decoded = _decoded(wire, trigger)
    if decoded is not None and (decoded := readable(decoded)) != wire:
        yield Phrase("## Event, decoded")
        yield ""
        yield from _cut(decoded, "json", _part(exchange, "decoded"))
    yield Phrase("## Event, as sent")
    yield ""
    yield from _content(exchange.event.wire, _part(exchange, "event"), tell)


def _decoded(wire: str, trigger: Trigger | None) -> str | None:
    from fgtui.events.fields import decode

    try:
        return decode(wire, trigger)
    except EventError:
        return None


def _result(exchange: Exchange, tell: Sayer) -> Iterator[Line]:
    yield Phrase("## Answer")
    yield ""
    outcome = exchange.outcome
    if outcome.status_code is not None:
        yield Phrase("Status {code}.", code=outcome.status_code)
        yield ""
    if outcome.headers:
        yield from _cut("\n".join(f"{name}: {value}" for name, value in outcome.headers), "", _all_of(exchange))
    if outcome.body:
        yield from _content(outcome.body, _part(exchange, "result"), tell, is_readable=True)
    else:
        yield Phrase("It is empty.")
        yield ""


def _content(content: bytes, whole: Phrase, tell: Sayer, *, is_readable: bool = False) -> Iterator[Line]:
    """Bytes as text; what is no text as base64. ``is_readable`` shows characters that JSON escapes."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        import base64

        yield Phrase("{size} that are no UTF-8, as base64:", size=size(len(content), tell))
        yield ""
        yield from _cut(base64.encodebytes(content).decode(), "", whole)
        return
    if is_readable and "\\u" in text:
        from fgtui.events.readable import readable_if_json

        shown = readable_if_json(text)
        if shown != text:
            yield Phrase(r"Characters that were received as \uXXXX stand as themselves here.")
            yield ""
            text = shown
    yield from _cut(text, "json" if text.lstrip()[:1] in {"{", "["} else "", whole)


def _error(exchange: Exchange) -> Iterator[Line]:
    outcome = exchange.outcome
    if not isinstance(outcome, Raised | InitFailed):
        return
    error = outcome.error
    yield Phrase("## Error")
    yield ""
    yield from _cut(f"{error.type}: {error.message}" if error.message else error.type, "", _all_of(exchange))
    if error.stack:
        left = len(error.stack) - STACK_LIMIT
        if left > 0:
            yield Phrase(
                "The last {limit} of {count} lines of the stack:", limit=STACK_LIMIT, count=f"{len(error.stack):,}"
            )
            yield ""
        yield from _cut("\n".join(line.rstrip("\n") for line in error.stack[-STACK_LIMIT:]), "", _all_of(exchange))


def _advice(exchange: Exchange, tell: Sayer) -> Iterator[Line]:
    """What the service's refusal means, and whether the function may have run all the same."""
    lines = advice(exchange.outcome, tell)
    if lines:
        yield Phrase("## What it means")
        yield ""
        yield from _cut("\n".join(lines), "", _all_of(exchange))


def _log(exchange: Exchange) -> Iterator[Line]:
    logs = exchange.outcome.logs
    if not logs:
        return
    yield Phrase("## Log")
    yield ""
    if exchange.outcome.logs_truncated:
        yield Phrase("The log was long; the recording leaves out its middle.")
        yield ""
    if len(logs) > LOG_LIMIT:
        start = len(logs) - LOG_LIMIT
        start = logs.find("\n", start, start + LOG_LIMIT // 2) + 1 or start
        yield Phrase(
            "The end of it; {count} characters before are left out. {whole}",
            count=f"{start:,}",
            whole=_part(exchange, "logs"),
        )
        yield ""
        logs = logs[start:]
    yield from fenced(logs)
    yield ""


def _cut(text: str, language: str, whole: Phrase) -> Iterator[Line]:
    """A block of code with at most ``PART_LIMIT`` characters, and in words how many there are."""
    yield from fenced(text[:PART_LIMIT], language)
    yield ""
    if len(text) > PART_LIMIT:
        yield Phrase(
            "Cut at {limit} of {count} characters. {whole}",
            limit=f"{PART_LIMIT:,}",
            count=f"{len(text):,}",
            whole=whole,
        )
        yield ""


def _part(exchange: Exchange, part: str) -> Phrase:
    """How to get the whole of a part, in words."""
    return _got_by(exchange, f"--part {part}")


def _all_of(exchange: Exchange) -> Phrase:
    return _got_by(exchange, "--json")


def _got_by(exchange: Exchange, option: str) -> Phrase:
    if not exchange.session:
        return Phrase("It was not recorded.")
    command = code(f"fgtui show {word(exchange.session)} {exchange.seq} {option}")
    return Phrase("All of it: {command}", command=command)


def _again(  # noqa: PLR0917 - one after the other, they are all there is
    exchange: Exchange,
    secrets: Sequence[Finding],
    trigger: Trigger | None,
    target_name: str | None,
    reach: Reach,
    tell: Sayer,
) -> Iterator[Line]:
    yield Phrase("## Run it again")
    yield ""
    if secrets:
        names = ", ".join(map(code, dict.fromkeys(variables(secrets).values())))
        yield Phrase("Set {names} in the environment first: what was redacted, in its place.", names=Uncut(names))
        yield ""
    how: dict[str, Any] = {"trigger": trigger, "target_name": target_name, "reach": reach}
    try:
        command = cli(exchange, secrets, **how)
    except UsageError as error:
        why = tell(error.message, **error.values)
        yield Phrase("{why}. {whole}", why=f"{why[0].upper()}{why[1:]}", whole=_part(exchange, "event"))
        yield ""
        return
    if len(command) > PART_LIMIT + QUOTED_LIMIT * 10 and exchange.session:
        show = f"fgtui show {word(exchange.session)} {exchange.seq} --part event"
        command = f"{show} | {send_command(exchange, secrets, **how)}"
        yield Phrase("The event is too long to stand here; this reads it from the recording, which an export holds:")
        yield ""
    yield from fenced(command, "sh")
    yield ""
