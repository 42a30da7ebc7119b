"""Paths that exist in the cloud alone, in a ``bootstrap`` that is to run here (runtime.md sections 1.2 and 2.8)."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

CODE_ROOT = "/opt/function/code"
_INTERPRETER = re.compile(
    r"/opt/function/runtime/(python|nodejs|java|php|dotnet)([0-9.]*)/rtsp/"
    r"(?:(?:python|nodejs|php|jre)/bin/[A-Za-z0-9.]+|dotnet/dotnet)(?![\w./-])"
)
_CODE = re.compile(re.escape(CODE_ROOT) + r"(?![\w.-])")
_NAMES = {"nodejs": "node", "java": "java", "php": "php", "dotnet": "dotnet"}
_PLAIN = re.compile(r"[\w./+@:-]+")
"""A path that needs no quoting in a shell."""


class Translation:
    """A text that runs here. ``used`` and ``missing`` name cloud path and local program of each interpreter."""

    __slots__ = ("missing", "text", "used")

    def __init__(self, text: str, used: dict[str, str], missing: dict[str, str]) -> None:
        self.text = text
        self.used = used
        self.missing = missing


def translate(text: str, environment: Mapping[str, str], code: str) -> Translation:
    """``text`` with the cloud's interpreters as programs of this machine, and its code folder as ``code``.

    Paths that exist here stay as they are.
    """
    used: dict[str, str] = {}
    missing: dict[str, str] = {}

    def interpreter(found: re.Match[str]) -> str:
        path = found[0]
        if os.path.exists(path):  # noqa: PTH110
            return path
        candidates = _candidates(found[1], found[2])
        program = find(candidates, environment)
        if program is None:
            missing[path] = candidates[-1]
            return path
        used[path] = program
        return program if _PLAIN.fullmatch(program) else os.path.basename(program)  # noqa: PTH119

    changed = _INTERPRETER.sub(interpreter, text)
    if not os.path.exists(CODE_ROOT):  # noqa: PTH110
        changed = _CODE.sub(lambda _: code, changed)
    return Translation(changed, used, missing)


def _candidates(family: str, version: str) -> list[str]:
    if family != "python":
        return [_NAMES[family]]
    if version.startswith("2"):
        return [f"python{version}", "python2"]
    return [f"python{version}", "python3"] if version else ["python3"]


def find(names: list[str], environment: Mapping[str, str]) -> str | None:
    """The first of ``names`` that is a program of the active environment, of JAVA_HOME or on ``PATH``."""
    own = [f"{environment[key]}/bin" for key in ("VIRTUAL_ENV", "JAVA_HOME") if environment.get(key)]
    for folders in (own, environment.get("PATH", os.defpath).split(os.pathsep)):
        for name in names:
            for folder in folders:
                path = f"{folder or '.'}/{name}"
                if not _is_shim(folder, name) and os.path.isfile(path) and os.access(path, os.X_OK):  # noqa: PTH113
                    return path
    return None


def _is_shim(folder: str, name: str) -> bool:
    """Whether it may lead nowhere: pyenv has a shim for every version, and runs only some of them."""
    return folder.endswith("/shims") and "." in name
