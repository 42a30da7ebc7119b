"""Exchanges as command lines that repeat them: ``fgtui send``, and curl.

The text runs in sh, bash and zsh and sends the same bytes (reliability, section 9). Credentials are variables, and so
is every value that was redacted: while one is not set, the shell or fgtui says so and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from fgtui.errors import EventError, UsageError
from fgtui.events.catalogue import BLANK
from fgtui.invoke.model import REMOTE_LIMIT_S, Exchange, OutOfMemory, TimedOut
from fgtui.invoke.outcome_words import was_taken
from fgtui.invoke.targets import is_url
from fgtui.regex import regex
from fgtui.sessions.export.http_calls import (
    ADDRESS,
    BODILESS,
    HERE,
    TOKEN,
    HttpCall,
    Reach,
    family_of,
    http_call,
)
from fgtui.sessions.export.shell_words import (
    LONGEST_ARGUMENT,
    NO_HOLES,
    Holes,
    as_bytes,
    fits_argument,
    here_document,
    printed,
    quoted,
    variable,
    word,
)

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.sessions.redaction.places import Finding

PROFILE = "FGTUI_PROFILE"
"""The variable for the profile that reaches a function, where several might."""
WHICH_PROFILE = "the profile of the settings that reaches this function"
SEND_REDACTED = "SEND_REDACTED"
"""The variable that agrees to what variables alone cannot complete."""
WHY_REDACTED = "a redacted value inside encoded data cannot be put in here. 1 sends its placeholder"
_NEXT_LINE = " \\\n  "
_BILLED = regex(r"^\S{1,40} Finish invoke request .{0,400}billing memory: ([0-9]{1,5})MB$")
_NOT_IN_NAMES = regex(r"[^A-Z0-9]+")


# fgtui send


def cli(
    exchange: Exchange,
    secrets: Sequence[Finding],
    *,
    trigger: Trigger | None = None,
    target_name: str | None = None,
    reach: Reach = HERE,
) -> str:
    """The ``fgtui send`` that sends the same bytes to the same target, with the limits that are known of it.

    ``secrets`` are the event's; ``target_name`` stands for the target, which is left out where that is empty.
    UsageError for an event that ``fgtui send`` would refuse or change.
    """
    wire = exchange.event.wire
    _check_sendable(wire)
    command = send_command(exchange, secrets, trigger=trigger, target_name=target_name, reach=reach)
    text = wire.decode()
    return here_document(command, text) or f"{printed(wire)} | {command}"


def send_command(
    exchange: Exchange,
    secrets: Sequence[Finding],
    *,
    trigger: Trigger | None = None,
    target_name: str | None = None,
    reach: Reach = HERE,
) -> str:
    """The same without the event, which it reads from standard input and as ``trigger``'s."""
    target = exchange.target.spec if target_name is None else target_name  # none where the event was only imported
    words = ["fgtui", "send", "-"]
    if trigger is not None and trigger.key != BLANK:
        words += _option("--trigger", trigger.key)
    words += _option("--target", target) if target else ()
    if not target_name:
        words += [*_runtime(exchange), *_profile(exchange, reach), *_limits(exchange)]
    if was_taken(exchange.outcome, exchange.target.kind):
        words.append("--async")
    for assignment in _assignments(exchange, secrets, trigger):
        words += ["--set", _argument(assignment)]
    return " ".join(words)


def _option(name: str, value: str) -> list[str]:
    if not fits_argument(value):
        return [f'{name}="$({printed(as_bytes(value))})"']
    return [f"{name}={word(value)}"] if value.startswith("-") else [name, word(value)]


def _check_sendable(wire: bytes) -> None:
    from fgtui.events.text import is_json

    try:
        sendable = is_json(wire.decode()) and not wire.startswith(b"\xef\xbb\xbf")
    except UnicodeDecodeError:
        sendable = False
    if not sendable:
        raise UsageError(
            "the event is not strict JSON, so fgtui send would not send it as it is",
            hint="--format curl sends these bytes",
        )


def _runtime(exchange: Exchange) -> list[str]:
    """What the spelling of the target alone does not tell."""
    spec, runtime = exchange.target.spec, (exchange.target.runtime or "").lower()
    if is_url(spec):
        family = family_of(spec, runtime)
        return [] if family is None or family == family_of(spec, None) else ["--runtime", family]
    return ["--runtime", "java"] if runtime.startswith("java") and ":" not in spec else []


def _profile(exchange: Exchange, reach: Reach) -> list[str]:
    """Who calls, where the settings know several."""
    if exchange.target.kind != "remote" or reach.profile == "":
        return []
    if reach.profile is None:
        return ["--profile", variable(PROFILE, WHICH_PROFILE)]
    return _option("--profile", reach.profile)


def _limits(exchange: Exchange) -> list[str]:
    """What the target was allowed, where the outcome or the platform's last line tells and it is not the usual."""
    from fgtui.invoke.runtime_names import usual_limits

    outcome, target = exchange.outcome, exchange.target
    usual = usual_limits("java" if (target.runtime or "").lower().startswith("java") else "python")
    usual_s = REMOTE_LIMIT_S if target.kind == "remote" else usual.timeout_s
    words = []
    if isinstance(outcome, TimedOut) and outcome.limit_s not in {usual_s, 0}:
        words += ["--timeout", f"{outcome.limit_s:g}"]
    if target.kind in {"http", "remote"}:
        return words  # its memory is set where it runs
    memory = outcome.limit_mb if isinstance(outcome, OutOfMemory) else _billed(outcome.logs)
    if memory is not None and memory != usual.memory_mb:
        words += ["--memory", str(memory)]
    return words


def _billed(logs: str) -> int | None:
    found = _BILLED.match(logs.rstrip("\n").rpartition("\n")[2])
    return int(found[1]) if found else None


def _assignments(exchange: Exchange, secrets: Sequence[Finding], trigger: Trigger | None) -> Iterable[str]:
    r"""``--set`` for each redacted value: ``headers.Authorization:="Bearer {{env:AUTHORIZATION}}"``."""
    from fgtui.events.fields import decoded_value
    from fgtui.events.text import parse_path, quote

    if not secrets:
        return
    names = variables(secrets)
    try:
        event = decoded_value(exchange.event.text, trigger)
    except EventError:
        event = None
    for path in dict.fromkeys(finding.path for finding in secrets):
        own = [finding for finding in secrets if finding.path == path]
        value = _at(event, parse_path(path))
        text = value if isinstance(value, str) else own[0].placeholder
        literal = quote(text).replace("{{", "{\\u007b")
        for finding in own:
            literal = literal.replace(finding.placeholder, f"{{{{env:{names[finding.placeholder]}}}}}")
        yield f"{path}:={literal}"


def _at(value: object, path: Iterable[str | int]) -> object:
    for step in path:
        try:
            value = value[step]  # type: ignore[index]
        except (LookupError, TypeError):
            return None
    return value


def variables(secrets: Iterable[Finding]) -> dict[str, str]:
    """A variable for each placeholder, named after the value's own name where that means a secret."""
    from fgtui.events.text import parse_path
    from fgtui.sessions.redaction.redactor import is_secret_key

    names: dict[str, str] = {}
    for finding in secrets:
        if finding.placeholder in names:
            continue
        told = str(finding.values.get("name", ""))
        last = next((step for step in reversed(parse_path(finding.path)) if isinstance(step, str)), "")
        meant = told if is_secret_key(told) else last if is_secret_key(last) else f"secret {told or last}"
        name = base = _NOT_IN_NAMES.sub("_", meant.upper()).strip("_")[:64] or "SECRET"
        if base[0].isdigit():
            name = base = f"SECRET_{base}"
        count = 1
        while name in names.values():
            count += 1
            name = f"{base}_{count}"
        names[finding.placeholder] = name
    return names


# HTTP


def curl(exchange: Exchange, secrets: Sequence[Finding], *, reach: Reach = HERE) -> str:
    """The exchange's request, or the event posted to where the function is invoked, as a curl command."""
    call = http_call(exchange, reach)
    holes = with_escaped(variables(secrets))
    words = ["curl --globoff --path-as-is"]
    if call.method == "HEAD" and not call.body:
        words.append("--head")
    elif call.method != "GET" or call.body:
        words.append(f"--request {word(call.method)}")
    if call.needs_token:
        words.append(f"--header 'X-Auth-Token: '{variable(TOKEN, 'a token of IAM')}")
    words += [f"--header {_header(name, value, holes)}" for name, value in call.headers]
    body, before = _body(call, holes)
    words += body
    asked = variable(ADDRESS, call.where)
    address = quoted(call.address, holes) if call.address else asked
    words.append(f"--url {address}{_argument(call.path, holes) if call.path else ''}")
    guard = f": {variable(SEND_REDACTED, WHY_REDACTED)} &&\n" if hides_more(contents(call), holes) else ""
    return guard + before + _NEXT_LINE.join(words)


def _header(name: str, value: str, holes: Holes) -> str:
    if not value:
        return quoted(f"{name}:" if name == "Content-Type" else f"{name};")
    return _argument(f"{name}: {value}", holes)


def _argument(text: str, holes: Holes = NO_HOLES) -> str:
    if len(as_bytes(text)) > LONGEST_ARGUMENT:
        raise UsageError("a word of it is too long for a command line", hint="--format python has no such limit")
    if fits_argument(text):
        return quoted(text, holes)
    return f'"$({printed(as_bytes(text), holes)})"'


def _body(call: HttpCall, holes: Holes) -> tuple[list[str], str]:
    """The option that gives curl the body, and what stands before curl to print it."""
    if not call.body and call.method in BODILESS:
        return [], ""
    try:
        text = call.body.decode()
    except UnicodeDecodeError:
        text = ""
    if fits_argument(text) and (text or not call.body):
        return [f"--data-raw {quoted(text, holes)}"], ""
    return ["--data-binary @-"], f"{printed(call.body, holes)} |\n"


def with_escaped(holes: Holes) -> Holes:
    """``holes``, also as a URL spells the placeholders."""
    from urllib.parse import quote

    return {
        **holes,
        **{quote(placeholder, safe=safe): name for placeholder, name in holes.items() for safe in (":", "")},
    }


def contents(call: HttpCall) -> tuple[bytes, ...]:
    """Where in a request a placeholder can be encoded."""
    return (call.body, *(as_bytes(value) for _, value in call.headers))


def hides_more(texts: Iterable[bytes], holes: Holes) -> bool:
    """Whether a placeholder is left where no variable can be put: inside base64 or gzip."""
    if not holes:
        return False
    from fgtui.sessions.redaction.places import PlaceholderWalk

    walk = PlaceholderWalk()
    for content in texts:
        rest = content
        for placeholder in holes:
            rest = rest.replace(placeholder.encode(), b"")
        walk.content(rest, ())
    return bool(walk.findings)
