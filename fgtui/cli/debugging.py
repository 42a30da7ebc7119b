"""``send --debug``: where a debugger attaches to a handler before its first line runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgtui.errors import UsageError
from fgtui.invoke.debugging import ANY_PORT, USUAL_PORTS, is_free, usual_port
from fgtui.invoke.model import LocalTarget
from fgtui.records import replace

if TYPE_CHECKING:
    from fgtui.invoke.model import Target


def debugged(target: Target, asked: int) -> Target:
    """``target``, waiting for a debugger at the port ``asked`` for, or at its runtime's usual one or the next free one.

    A program that answers for itself waits for nothing: only its limits are suspended. ``UsageError`` when the port is
    taken.
    """
    if not isinstance(target, LocalTarget):
        raise UsageError(
            "{target} is not started here, so nothing waits for a debugger",
            target=target.spec,
            hint="leave out --debug; --timeout 900 gives whoever debugs it the time",
        )
    usual = USUAL_PORTS.get(target.family)
    if usual is None:  # its log says where to attach
        return replace(target, debug_port=asked)
    if asked != ANY_PORT and not is_free(asked):
        raise UsageError(
            "port {port} of 127.0.0.1 is taken",
            port=asked,
            hint="name another, or say --debug alone to get the next free one from {usual}",
            usual=usual,
        )
    return replace(target, debug_port=asked or usual_port(target.family))
