"""Node.js handlers: the user's own ``node`` runs ``hosts/node_host.cjs`` (runtime.md section 3)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from fgtui.errors import TargetError
from fgtui.invoke import surroundings
from fgtui.invoke.launch import Launch
from fgtui.invoke.model import LocalTarget
from fgtui.invoke.runtimes import Installed
from fgtui.invoke.runtimes.programs import named, on_path, said_version
from fgtui.words import Phrase

OLDEST = 18
HOST = Path(__file__).parents[1] / "hosts" / "node_host.cjs"
DATA_MB = 4608
"""Private memory that is not the handler's. A bare process has 82 MB mapped once its pool of threads runs; from
Node.js 24 on it is 610 MB, and 540 MB more for each worker thread, since room for compiled code counts whether used or
not. Six of them fit, or fifty thread stacks of 8 MB and five."""
_HINT = (
    "handlers need Node.js 18 or later; name one with node = … in fgtui.toml, or put it on PATH (nvm use, fnm use, "
    "volta install do)"
)
_HINT_OF_OPTIONS = (
    "handlers need Node.js 18 or later; name one with node = … in fgtui.toml, or put it on PATH (nvm use, fnm use, "
    "volta install do); NODE_OPTIONS is set, and obeyed as everywhere"
)


def launch(target: LocalTarget, environment: Mapping[str, str] = os.environ) -> Launch:
    """Start the ``node`` of ``target`` with the host. Raises ``TargetError``.

    The host itself tells its version, and says so when it is too old: asking before would cost a start for each send.
    """
    import sys

    node = program(target, environment)
    return Launch(
        interpreter=Path(sys.executable),
        host="program_host",
        program=node,
        hint=_HINT_OF_OPTIONS if _has_options(target, environment) else _HINT,
        arguments=(str(node), f"--max-old-space-size={target.memory_mb}", str(HOST)),
        environment=(*surroundings.environment(target).items(), *_neutral(environment)),
        is_isolated=True,
        data_mb=DATA_MB,
    )


def program(target: LocalTarget, environment: Mapping[str, str] = os.environ) -> Path:
    """``node`` of the target, else the first on ``PATH``. Raises ``TargetError``."""
    if target.program is not None:
        return named("node", target.program, Phrase("the one on PATH"))
    found = on_path("node", environment)
    if found is None:
        raise TargetError("no node was found on PATH", hint=_HINT)
    return found


def installed(environment: Mapping[str, str] = os.environ) -> tuple[Installed, ...]:
    """The ``node`` on ``PATH``, asked for its version."""
    node = on_path("node", environment)
    return () if node is None else (Installed("node", node, version_of(node)),)


def version_of(node: Path) -> str:
    """``20.20.2``; empty when it does not say."""
    return said_version(node).removeprefix("v")


def _neutral(environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """A program that was started by Node.js may have been told of a channel to it, on a descriptor that is ours now."""
    return (("NODE_CHANNEL_FD", ""),) if environment.get("NODE_CHANNEL_FD") else ()


def _has_options(target: LocalTarget, environment: Mapping[str, str]) -> bool:
    return bool({**environment, **dict(target.environment)}.get("NODE_OPTIONS"))
