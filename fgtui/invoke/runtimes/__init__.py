"""The runtimes a handler on this machine may need: where each is found and how it is started.

One module for each family, imported when a target of it is used, so that a send to one runtime never loads the others.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from fgtui.invoke.launch import Launch
from fgtui.invoke.model import LocalTarget
from fgtui.records import Record

_MODULES = dict.fromkeys(("custom", "http", "container"), "servers")
"""Families that share a module."""


class Installed(Record):
    """A program of this machine that runs handlers."""

    name: str
    """As a person calls it: ``python3.12``, ``node``."""
    path: Path
    version: str = ""
    """Empty when it was not asked."""


def launch(target: LocalTarget) -> Launch:
    """How an instance of ``target`` is started. ``TargetError`` when this machine has not what it needs."""
    family = _MODULES.get(target.family, target.family)
    found: Launch = import_module(f"{__name__}.{family}").launch(target)
    return found
