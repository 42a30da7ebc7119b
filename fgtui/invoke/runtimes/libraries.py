"""What fgtui's own Python has to have for the programs of ours that stand before a ``bootstrap``."""

from __future__ import annotations

import sys
from pathlib import Path

from fgtui.errors import TargetError

NEEDED = ("h11",)


def check_libraries() -> None:
    """Raise ``TargetError`` when one is missing: fgtui was installed before it needed that one."""
    if absent := missing():
        raise TargetError(
            "{library} is missing from {python}, which runs fgtui; custom runtimes, HTTP functions and containers need "
            "it",
            library=absent[0],
            python=sys.executable,
            hint="install fgtui again: {command}",
            command=how_to_install(),
        )


def missing() -> tuple[str, ...]:
    """Those of ``NEEDED`` that are not there."""
    from importlib.util import find_spec

    return tuple(name for name in NEEDED if find_spec(name) is None)


def how_to_install() -> str:
    """The command that brings what this fgtui needs, of a clone or of a released one."""
    root = Path(__file__).parents[3]
    what = f"-e {root}" if (root / "pyproject.toml").is_file() else "--upgrade fgtui"
    return f"{sys.executable} -m pip install {what}"
