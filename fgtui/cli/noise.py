"""Sends an event twice, and prints what to ignore: for the settings, and for the command line."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.targeting import agreed, announce, confirm, function_settings
from fgtui.errors import UsageError
from fgtui.words import plural, say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange, Target
    from fgtui.sessions.diff.comparison import Comparison
    from fgtui.sessions.diff.noise import Proposal, Proposals
    from fgtui.workspace import Workspace


def find(
    arguments: Namespace, console: Console, workspace: Workspace, exchange: Exchange, comparison: Comparison
) -> int:
    """Send the event of ``exchange`` twice; nothing is recorded. Exit code 1 when there is noise."""
    from fgtui.cli.signals import Cancellation
    from fgtui.sessions.diff.noise import check_complete

    check_complete(exchange)
    target = _target(arguments, console, workspace, exchange)
    confirm(console, workspace, target, arguments, count=2)
    announce(console, target)
    cancellation = Cancellation(console.diagnostics.note)
    with cancellation.on_signals():
        noise = workspace.find_noise(exchange, target, comparison=comparison, cancelled=cancellation.requested)
    cancellation.check()
    for which in (noise.first, noise.second):
        if which.outcome.kind != "returned":
            from fgtui.invoke.outcome_words import headline

            console.diagnostics.warn("a send did not return: {how}", how=headline(which.outcome))
    return tell(arguments, console, noise)


def tell(arguments: Namespace, console: Console, noise: Proposals) -> int:
    """Print what to ignore; exit code 1 when there is anything."""
    if arguments.json:
        console.output.document(_json(noise))
    elif noise.proposals:
        _print(console, noise)
    else:
        console.diagnostics.note("the same answer twice: there is nothing to ignore besides what is ignored already")
    return ExitCode.FAILED if noise.proposals else ExitCode.OK


def _target(arguments: Namespace, console: Console, workspace: Workspace, exchange: Exchange) -> Target:
    spec = arguments.target or workspace.settings.replay_target
    if spec is None:
        raise UsageError(
            "the event is sent to which target? it was recorded at {recorded}",
            hint="name one with --target; or one of [targets] as target below [replay] of the settings",
            recorded=exchange.target.spec,
        )
    settings = function_settings(arguments)
    return agreed(console, workspace.settings, lambda: workspace.target(spec, **settings))


def _print(console: Console, noise: Proposals) -> None:
    count = sum(proposal.count for proposal in noise.proposals)
    console.diagnostics.note(
        plural(
            count,
            "1 difference between two answers to one event; to ignore it:",
            "{count} differences between two answers to one event; to ignore them:",
        ),
        count=count,
    )
    for proposal in noise.proposals:
        console.diagnostics.quote(_words(proposal))
    console.output.line("[replay]")
    console.output.line(noise.toml())
    console.output.line()
    console.output.line(noise.flags())


def _words(proposal: Proposal) -> str:
    from fgtui.sessions.diff.change_words import change_line

    line = change_line(proposal.example)
    return line + " " + say("(and {count} like it)", count=proposal.count - 1) if proposal.count > 1 else line


def _json(noise: Proposals) -> dict[str, Any]:
    from fgtui.sessions.diff.change_words import change_json

    return {
        "ignore": list(noise.rules),
        "proposals": [
            {
                "rule": each.rule,
                "kind": each.kind or None,
                "count": each.count,
                "example": change_json(each.example),
            }
            for each in noise.proposals
        ],
    }
