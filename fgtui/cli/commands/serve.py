"""Answer HTTP at a local endpoint with a target, as the invocation API and API Gateway do, and record each call.

fgtui serve --target src/index.handler                 at http://127.0.0.1:9080
fgtui serve --target production --session traffic      passes what is called on, and records it
fgtui serve --route '/orders/{id}' --port 8000         {id} becomes a path parameter

Paths below /v2/PROJECT/fgs/ are the invocation API: synchronous and asynchronous
calls, their status, test events. Any other request becomes an event of API
Gateway, and the handler's answer the response. stderr has a line for each
request; --json prints the exchanges as JSON Lines. Calls of the invocation API
need no signature, unless --profile names whose. Ctrl+C ends it.
"""

from __future__ import annotations

import gc
import re
import threading
from argparse import Namespace
from typing import TYPE_CHECKING
from urllib.parse import quote

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, whole
from fgtui.cli.targeting import (
    add_answers,
    add_function_settings,
    add_target,
    agreed,
    function_settings,
    whereabouts,
)
from fgtui.errors import ConsentError, StoreError
from fgtui.regex import regex
from fgtui.serve.limits import DEFAULT_HOST, DEFAULT_PORT
from fgtui.words import clauses, plural, say

if TYPE_CHECKING:
    from fgtui.cli.signals import Cancellation
    from fgtui.invoke.model import Profile, Target
    from fgtui.serve.recorder import Handled
    from fgtui.serve.serving import ServeOptions, Serving
    from fgtui.workspace import Workspace

PATH_LIMIT = 80
"""Characters of a path that a line shows."""
_OF_FUNCTION = regex(
    r"/v2/[^/]*/fgs/functions/urn(?::|%3A)fss(?:(?::|%3A)[^/:%]*){2}(?::|%3A)function(?::|%3A)(?P<name>[^/]+)(?P<rest>/.+)",
    re.IGNORECASE,
)
RECORD_S = 0.5
"""For what was answered to be recorded when everything stops: fgtui ends within a second of a signal."""


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.offers |= {"session": "sessions"}
    add_target(parser)
    parser.add_argument("--host", metavar="H", default=DEFAULT_HOST, help="a name or address to bind (127.0.0.1)")
    parser.add_argument(
        "--port",
        metavar="N",
        type=whole("--port", least=0, most=65_535),
        default=DEFAULT_PORT,
        help="a port (9080); 0 for any that is free",
    )
    parser.add_argument("--session", metavar="S", default="default", help="the session recorded into (default)")
    parser.add_argument("--no-record", action="store_true", help="record nothing")
    parser.add_concurrency("at most N at once, each on an instance of its own (16); more wait", default=None)
    parser.add_argument(
        "--route",
        metavar="PATH",
        action="append",
        default=[],
        help="a path of the API, such as /orders/{id} or /files/{path+}; others are not found",
    )
    parser.add_argument(
        "--allow-host", metavar="H", action="append", default=[], help="another name that the endpoint is called by"
    )
    add_function_settings(
        parser, profile="whose signatures or token calls of the invocation API need; deployed: as send"
    )
    add_answers(parser, "pass calls on to where fgtui has started nothing, without asking")
    parser.add_trust()
    parser.add_json("print the exchanges, redacted, as JSON Lines")
    parser.add_store()


def run(arguments: Namespace, console: Console) -> int:
    """Serve until a signal ends it."""
    from fgtui.cli.signals import Cancellation

    workspace = console.workspace(arguments)
    workspace.on_leave = console.diagnostics.logs
    try:
        target = _target(arguments, console, workspace)
        profile = _profile(arguments, console, workspace)
        _ask(arguments, console, workspace, target)
        workspace.invoker.prepare(target)  # it starts while the endpoint does
        cancellation = Cancellation(console.diagnostics.note)
        with cancellation.on_signals():
            telling = _Telling(arguments, console, workspace, cancellation.requested)
            options = _options(arguments, is_guarded=_is_guarded(workspace, target))
            serving = workspace.serve(target, options, on_recorded=telling.tell, profile=profile)
            code = _serve(arguments, console, serving, target, cancellation)
            cancellation.check()
        return code
    finally:
        workspace.close()


def _serve(
    arguments: Namespace, console: Console, serving: Serving, target: Target, cancellation: Cancellation
) -> ExitCode:
    gc.freeze()  # what is there stays: looking through it again and again would keep callers waiting
    try:
        _announce(arguments, console, serving, target)
        cancellation.requested.wait()
    finally:
        gc.unfreeze()
        is_done = serving.stop(RECORD_S)
    return _conclude(arguments, console, serving, is_done=is_done)


def _options(arguments: Namespace, *, is_guarded: bool) -> ServeOptions:
    from fgtui.serve.serving import ServeOptions

    return ServeOptions(
        host=arguments.host,
        port=arguments.port,
        session=None if arguments.no_record else arguments.session,
        at_once=arguments.concurrency,
        routes=tuple(arguments.route),
        allowed_hosts=tuple(arguments.allow_host),
        is_guarded=is_guarded,
    )


def _is_guarded(workspace: Workspace, target: Target) -> bool:
    from fgtui.sessions.replay.caution import Caution

    return workspace.caution(target) is Caution.NAME


def _target(arguments: Namespace, console: Console, workspace: Workspace) -> Target:
    settings = function_settings(arguments)
    if not workspace.targets.is_deployed(arguments.target):
        settings.pop("profile")  # it says who may call here
    target = agreed(console, workspace.settings, lambda: workspace.target(arguments.target, **settings))
    if workspace.targets.uses_sample(arguments.target):
        console.diagnostics.note("no --target: serving the bundled sample handler")
    return target


def _profile(arguments: Namespace, console: Console, workspace: Workspace) -> Profile | None:
    """Whose credentials callers need. They are got at once: what is wrong with them is known before anybody calls."""
    if arguments.profile is None:
        return None
    from fgtui.invoke.credential_sources.iam import IamTokens
    from fgtui.served import credentials_of

    profile = agreed(console, workspace.settings, lambda: workspace.targets.profile(arguments.profile))
    credentials_of(profile)
    if isinstance(profile.credentials, IamTokens):
        console.diagnostics.warn(
            "nobody can call the invocation API here: profile {name} has its tokens from IAM, which gives no caller "
            "the same one; take a profile with keys or a token, or none",
            name=arguments.profile,
        )
    return profile


def _ask(arguments: Namespace, console: Console, workspace: Workspace, target: Target) -> None:
    """Ask before others' calls are passed on to where they may do harm."""
    from fgtui.sessions.replay.caution import Caution, names_of

    caution = workspace.caution(target, 2)
    name = names_of(target)[0]
    where = {"target": whereabouts(target), "name": name}
    if caution is Caution.NONE or arguments.yes_really or (caution is Caution.YES and arguments.yes):
        return
    if caution is Caution.NAME:
        question = "Whatever is called here goes to {target}, which is guarded. Type {name} to serve it:"
        may_serve = console.ask_for(name, question, **where)
    else:
        may_serve = console.ask("Whatever is called here goes to {target}. Serve it?", **where)
    if not may_serve:
        raise ConsentError(
            "{target} is not served",
            hint="" if console.can_ask else "no terminal to ask on: {flag} serves without asking",
            flag="--yes-really" if caution is Caution.NAME else "--yes",
            **where,
        )


def _announce(arguments: Namespace, console: Console, serving: Serving, target: Target) -> None:
    """Say where it listens, in lines that can be pasted."""
    note, url = console.diagnostics.note, serving.url
    note(
        "serving {target} at {url}; nothing is recorded; Ctrl+C ends it"
        if arguments.no_record
        else "serving {target} at {url}; recorded into {session}; Ctrl+C ends it",
        target=target.spec,
        url=url,
        session=arguments.session,
    )
    note("  curl {url}/", url=url)
    call = "  curl -d '{{}}' {url}/v2/local/fgs/functions/{name}/invocations"
    if arguments.profile is None:
        note(call, url=url, name=quote(serving.served.name))
    else:
        note(
            "  invocation API: with the credentials of profile {name}; the gateway side asks nobody for any",
            name=arguments.profile,
        )
    note('  SDK: .with_endpoint("{url}")', url=url)
    _warn(arguments, console, serving, target)


def _warn(arguments: Namespace, console: Console, serving: Serving, target: Target) -> None:
    """Say who can reach what, where that is more than a program of this machine reaches on it anyway."""
    from fgtui.invoke.model import LocalTarget

    warn, is_guarded = console.diagnostics.warn, serving.options.is_guarded
    if not isinstance(target, LocalTarget):
        warn(_UNASKED[arguments.profile is not None, is_guarded], target=whereabouts(target))
    if serving.is_open:
        warn(
            "other machines can call {target} through {host}: whoever reaches this port runs it"
            if is_guarded
            else "other machines can call {target} through {host}: whoever reaches this port runs it, and so does any "
            "web page that one of their browsers opens, by a plain GET",
            target=target.spec,
            host=arguments.host,
        )


_UNASKED = {
    (False, False): "whoever calls here reaches {target}, and is asked for no credentials",
    (False, True): "whoever calls here reaches {target}, which is guarded, and is asked for no credentials",
    (True, False): "whoever calls through the gateway side here reaches {target}, and is asked for no credentials",
    (True, True): "whoever calls through the gateway side here reaches {target}, which is guarded, and is asked for no "
    "credentials",
}
"""By whether a profile says whose credentials the invocation API takes, and whether the target is guarded."""


def _conclude(arguments: Namespace, console: Console, serving: Serving, *, is_done: bool) -> ExitCode:
    counts = serving.counts
    said = [say(plural(counts.invoked, "1 call", "{count} calls"), count=f"{counts.invoked:,}")]
    if not arguments.no_record:
        said.append(say("{count} recorded into {session}", count=f"{counts.recorded:,}", session=arguments.session))
    if counts.not_recorded:
        said.append(say("{count} not recorded", count=f"{counts.not_recorded:,}"))
    told = [clauses(said)]
    if counts.refused:
        sentence = plural(counts.refused, "1 request refused", "{count} requests refused")
        told.append(say(sentence, count=f"{counts.refused:,}"))
    console.diagnostics.line(say("; ").join(told))
    if not is_done:
        console.diagnostics.warn("not waited for any longer: the last calls may not be recorded")
    return ExitCode.STORE if counts.not_recorded or not is_done else ExitCode.OK


class _Telling:
    """Says what was asked for and how it ended, a line each. Called by one thread."""

    def __init__(
        self, arguments: Namespace, console: Console, workspace: Workspace, has_ended: threading.Event
    ) -> None:
        self._as_json = arguments.json
        self._console = console
        self._workspace = workspace
        self._has_ended = has_ended
        self._said: set[str] = set()
        """Problems that were told of in full: each is once."""

    def tell(self, handled: Handled) -> None:
        """One request."""
        if handled.problem is not None:
            self._explain(handled)
        good, words = _words(handled)
        asked = {"method": handled.method, "path": _short(handled.path)}
        self._console.diagnostics.outcome(say("{method} {path} → ", asked) + words, good=good)
        if self._as_json and handled.exchange is not None:
            from fgtui.workspace import Recorded

            self._console.output.json_line(self._workspace.exported(Recorded(handled.exchange, handled.kept)))
            self._console.output.flush()
            if self._console.output.closed:
                self._has_ended.set()

    def _explain(self, handled: Handled) -> None:
        problem = handled.problem
        if problem is None or problem.message in self._said:
            return
        self._said.add(problem.message)
        if not isinstance(problem, StoreError):
            self._console.diagnostics.error(problem)
            return
        self._console.diagnostics.warn(
            "not recorded, the answers go on: {why}", why=say(problem.message, problem.values)
        )


def _words(handled: Handled) -> tuple[bool, str]:
    """How a request ended, and whether that is good."""
    from fgtui.invoke.outcome_words import BETWEEN, SERVER_ERROR, headline, kind_words
    from fgtui.serve.invocation_api import speaks_to_api

    if handled.exchange is None:
        error = handled.error
        if error is not None:
            return False, say(
                "{status} {code} {message}", status=handled.status, code=error.code, message=error.message
            )
        return handled.problem is None, say("{status}", status=handled.status)
    outcome = handled.exchange.outcome
    words = headline(outcome)
    if is_of_gateway := not speaks_to_api(handled.path):
        words = _answered(handled.status, outcome.status_code) + words
    if handled.kept is not None:
        words += BETWEEN + say("recorded as {session} {seq}", session=handled.kept.session, seq=handled.kept.seq)
    elif isinstance(handled.problem, StoreError):
        words += BETWEEN + say("not recorded")
    is_good = kind_words(outcome.kind, outcome.status_code).ink == "good"
    return is_good and not (is_of_gateway and handled.status >= SERVER_ERROR), words


def _answered(status: int, returned: int | None) -> str:
    """What the caller of an API was answered, where the outcome does not say it."""
    from fgtui.invoke.outcome_words import BETWEEN

    return "" if status == returned else say("{status}", status=status) + BETWEEN


def _short(path: str) -> str:
    """A path as a line shows it: of a function's long URN, most of which is the same for all, what tells it apart."""
    if found := _OF_FUNCTION.fullmatch(path):
        name = found["name"].replace("%3A", ":").replace("%3a", ":").replace("%21", "!")
        path = f"…/{name}{found['rest']}"
    if len(path) <= PATH_LIMIT:
        return path
    half = PATH_LIMIT // 2
    return f"{path[: half - 1]}…{path[-half:]}"
