"""``--target`` and what goes with it, for every verb that sends."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any, TypeVar

from fgtui.cli.console import Console
from fgtui.cli.parsing import Parser, number, whole
from fgtui.errors import ConsentError, UsageError
from fgtui.invoke.limits import LEAST_MEMORY_MB, LEAST_TIMEOUT_S, MOST_MEMORY_MB, MOST_TIMEOUT_S
from fgtui.invoke.model import HttpTarget, RemoteTarget, address_of
from fgtui.words import Phrase, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fgtui.config import Settings
    from fgtui.invoke.model import Target
    from fgtui.workspace import Workspace

Chosen = TypeVar("Chosen")


def add_target(parser: Parser) -> None:
    """``--target`` itself."""
    parser.offers["target"] = "targets"
    parser.add_argument(
        "--target", metavar="T", help="a handler, URL or URN, or a target of fgtui.toml (see: fgtui help targets)"
    )


_PROFILE = "how a deployed function is reached (see: fgtui help profiles)"


def add_profile(parser: Parser, purpose: str = _PROFILE) -> None:
    """``--profile``, for every verb that may speak to the service."""
    parser.offers["profile"] = "profiles"
    parser.add_argument("--profile", metavar="P", help=purpose)


def add_function_settings(parser: Parser, *, profile: str = _PROFILE) -> None:
    """What a function is configured with, over what the settings say; ``profile`` is what that flag is for."""
    parser.add_argument(
        "--timeout",
        metavar="S",
        type=number("--timeout", least=LEAST_TIMEOUT_S, most=MOST_TIMEOUT_S),
        help="seconds that starting, and then each event, may take (3; Java 15; deployed 120)",
    )
    parser.add_argument(
        "--memory",
        metavar="MB",
        type=whole("--memory", least=LEAST_MEMORY_MB, most=MOST_MEMORY_MB),
        help="MB the handler may use (128; Java 512); deployed: what each call asks for",
    )
    parser.add_argument("--initializer", metavar="H", help="run once before the first event, spelled like a handler")
    parser.add_argument(
        "--runtime",
        metavar="R",
        help="FunctionGraph's name, Python3.10, or python, node, java, custom, http, container",
    )
    parser.offers["runtime"] = ("python", "node", "java", "custom", "http", "container")
    parser.add_argument(
        "--env", metavar="K=V", type=_variable, action="append", default=[], help="a variable of the function"
    )
    parser.add_argument(
        "--strict-context",
        action="store_true",
        help="context values as the runtime's code has them (texts, milliseconds), not as its documents say",
    )
    add_profile(parser, profile)


def function_settings(arguments: Namespace) -> dict[str, Any]:
    """What ``add_function_settings`` took, as ``Workspace.target`` wants it."""
    return {
        "environment": arguments.env,
        "timeout_s": arguments.timeout,
        "memory_mb": arguments.memory,
        "initializer": arguments.initializer,
        "runtime": arguments.runtime,
        "strict_context": arguments.strict_context or None,
        "profile": arguments.profile,
    }


def add_answers(parser: Parser, yes: str = "send many events away, or one in clear, without asking") -> None:
    """What answers the questions that may be asked before something is sent."""
    parser.add_argument("--yes", action="store_true", help=yes)
    parser.add_argument("--yes-really", action="store_true", help="send to a guarded target without asking")


def confirm(
    console: Console, workspace: Workspace, target: Target, arguments: Namespace, *, count: int, of: str = ""
) -> None:
    """Ask what has to be asked before ``count`` events go to ``target``, unless ``--yes`` or ``--yes-really`` has
    answered it. ``of`` is where they are from. ``ConsentError`` for anything but the right answer.
    """
    from fgtui.sessions.replay.caution import Caution, names_of

    caution = workspace.caution(target, count)
    if caution is Caution.NONE:
        return
    what = {"events": _events(count, of), "target": whereabouts(target)}
    if caution is Caution.NAME:
        name = names_of(target)[0]
        question = plural(
            count,
            "{events} goes to {target}, which is guarded. Type {name} to send:",
            "{events} go to {target}, which is guarded. Type {name} to send:",
        )
        may_send = arguments.yes_really or console.ask_for(name, question, **what, name=name)
        what |= {"name": name}
        refusal = "nothing was sent to {target}: it is guarded"
    else:
        is_clear = isinstance(target, HttpTarget) and workspace.caution(target) is Caution.YES
        question, refusal = _plain_question(target, count, is_clear=is_clear)
        may_send = arguments.yes or arguments.yes_really or console.ask(question, **what)
    if may_send:
        return
    answered = "what was typed is not its name, {name}" if caution is Caution.NAME else ""
    raise ConsentError(
        refusal,
        hint=answered if console.can_ask else "no terminal to ask on: {flag} sends without asking",
        flag="--yes-really" if caution is Caution.NAME else "--yes",
        **what,
    )


def _events(count: int, of: str) -> Phrase:
    """How many, and where they are from."""
    if of:
        return Phrase(
            plural(count, "1 event of {session}", "{count} events of {session}"), count=f"{count:,}", session=of
        )
    return Phrase(plural(count, "1 event", "{count} events"), count=f"{count:,}")


def _plain_question(target: Target, count: int, *, is_clear: bool) -> tuple[str, str]:
    """What is asked before events leave for what is not guarded, and why they stay after a no."""
    if is_clear:
        question = plural(
            count,
            "{events} goes to {target} over plain http, where others can read along. Send?",
            "{events} go to {target} over plain http, where others can read along. Send?",
        )
        return question, "nothing was sent to {target}: others can read along over plain http"
    refusal = plural(
        count,
        "nothing was sent to {target}: {events} goes there only after a yes",
        "nothing was sent to {target}: {events} go there only after a yes",
    )
    if isinstance(target, HttpTarget):
        question = plural(
            count,
            "{events} goes to {target}, which fgtui has not started. Send?",
            "{events} go to {target}, which fgtui has not started. Send?",
        )
        return question, refusal
    return plural(count, "{events} goes to {target}. Send?", "{events} go to {target}. Send?"), refusal


def whereabouts(target: Target) -> str | Phrase:
    """Where events go, so that a person knows it from all others; an endpoint where it is not the region's own."""
    if not isinstance(target, RemoteTarget):
        return address_of(target)
    from fgtui.invoke.service.endpoints import of_region

    urn, endpoint = target.urn, target.profile.endpoint
    return Phrase(
        "function {package}:{function}, version {version}, project {project}, region {region}"
        if endpoint == of_region(urn.region)
        else "function {package}:{function}, version {version}, project {project}, region {region}, at {endpoint}",
        package=urn.package,
        function=urn.function,
        version=urn.version,
        project=urn.project_id,
        region=urn.region,
        endpoint=endpoint,
    )


CALLING = (
    "calling {target}, as {identity}",
    "calling {target}, which is guarded, as {identity}",
    "calling {target}, asynchronously, as {identity}",
    "calling {target}, which is guarded, asynchronously, as {identity}",
)
"""Said before a deployed function is called; the second and the fourth where it is guarded, the last two of --async."""


def announce(console: Console, target: Target, sentences: Sequence[str] = CALLING) -> None:
    """Say which deployed function this is about, and as whom; nothing of other targets."""
    if isinstance(target, RemoteTarget):
        console.diagnostics.note(
            sentences[target.profile.guard + 2 * target.is_asynchronous],
            target=whereabouts(target),
            identity=target.profile.credentials.identity,
        )


def agreed(console: Console, settings: Settings, choose: Callable[[], Chosen]) -> Chosen:
    """The target, or profile, that ``choose`` gives, after asking for consent where it is missing."""
    try:
        return choose()
    except ConsentError:
        from fgtui.cli.consent import ask_consent

        if not ask_consent(console, settings):
            raise
        return choose()


def _variable(text: str) -> tuple[str, str]:
    from fgtui.settings_file import check_variable

    name, sign, value = text.partition("=")
    if not sign:
        raise UsageError("--env wants NAME=VALUE, not {text!r}", text=text)
    if wrong := check_variable(name):
        raise UsageError("--env: {wrong}", wrong=Phrase(wrong, name=name))
    return name, value
