"""The shells that commands are really run in."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

_COMMANDS: list[tuple[str, ...]] = [("sh",), ("bash", "--norc"), ("zsh", "-f")]
if Path(shutil.which("sh") or "").resolve().name != "dash":
    _COMMANDS.append(("dash",))
SHELLS = [
    pytest.param(
        command, id=command[0], marks=pytest.mark.skipif(not shutil.which(command[0]), reason=f"no {command[0]} here")
    )
    for command in _COMMANDS
]


def run_in(
    shell: tuple[str, ...], script: str | bytes, folder: Path, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run ``script``, as it would be typed, in ``folder``; only ``PATH`` and ``variables`` are set."""
    file = folder / "script"
    file.write_bytes(script if isinstance(script, bytes) else script.encode("utf-8", "surrogateescape"))
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", **(variables or {})}
    return subprocess.run(
        [*shell, str(file)], cwd=folder, env=environment, capture_output=True, timeout=60, check=False
    )
