"""Programs of this machine: whether a file is one, where ``PATH`` has it, and which version it says it is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from fgtui.errors import TargetError
from fgtui.words import Phrase

ASKED_S = 5
"""For a program to say its version."""


def is_program(file: Path) -> bool:
    """Whether ``file`` can be run."""
    return file.is_file() and os.access(file, os.X_OK)


def on_path(name: str, environment: Mapping[str, str]) -> Path | None:
    """The first program called ``name`` in a folder of ``PATH``; a link stays one."""
    for folder in environment.get("PATH", os.defpath).split(os.pathsep):
        if folder and is_program(file := Path(folder, name)):
            return file
    return None


def named(key: str, program: Path, otherwise: Phrase) -> Path:
    """``program``, which the setting ``key`` names, else ``otherwise``. ``TargetError`` when it cannot be run."""
    if is_program(program):
        return program
    raise TargetError(
        "{program} is not a program that can be run",
        program=str(program),
        key=key,
        otherwise=otherwise,
        hint="correct {key} = … in fgtui.toml, or leave it out to use {otherwise}",
    )


def said_version(program: Path) -> str:
    """What ``program --version`` prints, empty when it does not say. Runs it, away from any project."""
    import subprocess

    command = [str(program), "--version"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=ASKED_S, cwd="/", check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip()
