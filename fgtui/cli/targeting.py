"""``--target`` and what goes with it, for every verb that sends."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from fgtui.cli.console import Console
from fgtui.cli.parsing import Parser, number, whole
from fgtui.errors import ConsentError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fgtui.config import Settings
    from fgtui.invoke.model import Target


def add_target(parser: Parser) -> None:
    """``--target`` itself."""
    parser.offers["target"] = "targets"
    parser.add_argument("--target", metavar="T", help="a handler, or a target of fgtui.toml (see: fgtui help targets)")


def add_profile(parser: Parser) -> None:
    """``--profile``, for every verb that may speak to the service."""
    parser.offers["profile"] = "profiles"
    parser.add_argument("--profile", metavar="P", help="how a deployed function is reached (see: fgtui help profiles)")


def add_function_settings(parser: Parser) -> None:
    """What a function is configured with, over what the settings say."""
    parser.add_argument(
        "--timeout",
        metavar="S",
        type=number("--timeout", least=0.01, most=259_200),
        help="seconds that starting, and then each event, may take (3; Java 15)",
    )
    parser.add_argument(
        "--memory",
        metavar="MB",
        type=whole("--memory", least=32, most=10_240),
        help="MB the handler may use (128; Java 512)",
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


def function_settings(arguments: Namespace) -> dict[str, Any]:
    """What ``add_function_settings`` took, as ``Workspace.target`` wants it."""
    return {
        "environment": arguments.env,
        "timeout_s": arguments.timeout,
        "memory_mb": arguments.memory,
        "initializer": arguments.initializer,
        "runtime": arguments.runtime,
        "strict_context": arguments.strict_context or None,
    }


def agreed(console: Console, settings: Settings, choose: Callable[[], Target]) -> Target:
    """The target that ``choose`` gives, after asking for consent where it is missing."""
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
        raise UsageError("--env: {name!r} {wrong}", name=name, wrong=wrong)
    return name, value
