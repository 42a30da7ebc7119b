"""Python handlers: the user's own interpreter is both keeper and host (runtime.md section 2)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from fgtui.invoke.launch import Launch
from fgtui.invoke.model import LocalTarget
from fgtui.invoke.runtimes import Installed
from fgtui.invoke.runtimes.programs import is_program, named, on_path, said_version
from fgtui.regex import regex
from fgtui.words import Phrase

_RUNTIME = regex(r"python(?P<version>[0-9]+\.[0-9]+)?")


def launch(target: LocalTarget, environment: Mapping[str, str] = os.environ) -> Launch:
    """Start the interpreter of ``target``. Raises ``TargetError``."""
    python = interpreter(target, environment)
    return Launch(
        interpreter=python,
        host="python_host",
        program=python,
        hint="handlers need Python 3.6 or later; name an interpreter with python = … in fgtui.toml",
    )


def interpreter(target: LocalTarget, environment: Mapping[str, str] = os.environ) -> Path:
    """``python`` of the target, ``$VIRTUAL_ENV``, ``.venv`` beside the code, then ``PATH``. Raises ``TargetError``.

    On ``PATH`` a runtime with a version comes first under its own name (``python3.10``), then ``python3``; where there
    is neither, fgtui's own interpreter serves.
    """
    if target.program is not None:
        return named("python", target.program, Phrase("the one on PATH"))
    virtual = environment.get("VIRTUAL_ENV")
    folders = [Path(virtual)] if virtual else []
    folders += [folder / ".venv" for folder in _beside(target)]
    for folder in folders:
        if is_program(folder / "bin" / "python"):
            return folder / "bin" / "python"
    match = _RUNTIME.fullmatch(target.runtime.lower())
    names = [f"python{match['version']}"] if match and match["version"] else []
    for name in (*names, "python3"):
        if (found := on_path(name, environment)) is not None:
            return _behind_shim(found, target.file.parent, environment)
    import sys

    return Path(sys.executable)


def installed(environment: Mapping[str, str] = os.environ) -> tuple[Installed, ...]:
    """The active environment's interpreter and those on ``PATH``, likeliest first; only ``python3`` is asked for more.

    Nothing a project names is run: an environment says its version in a file.
    """
    found = []
    active = Path(environment["VIRTUAL_ENV"], "bin", "python") if environment.get("VIRTUAL_ENV") else None
    if active is not None and is_program(active):
        found.append(Installed("$VIRTUAL_ENV", active, _version_of_environment(active.parents[1])))
    for name in ("python3", *(f"python3.{minor}" for minor in range(6, 16))):
        if (path := on_path(name, environment)) is not None:
            program = _behind_shim(path, Path("/"), environment)
            found.append(
                Installed(name, program, said_version(program).removeprefix("Python ") if name == "python3" else "")
            )
    return tuple(found)


def has_debugger(python: Path) -> bool:
    """Whether debugpy is installed beside ``python``: seen by its folder, nothing is run."""
    prefixes = {python.parent.parent, python.resolve().parent.parent}
    places = (prefix.glob("lib/python3*/*-packages/debugpy") for prefix in prefixes)
    return any(folder.is_dir() for found in places for folder in found)


def _version_of_environment(folder: Path) -> str:
    try:
        lines = Path(folder, "pyvenv.cfg").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    named = (line.partition("=") for line in lines)
    return next((value.strip() for name, _, value in named if name.strip() in ("version", "version_info")), "")


def _beside(target: LocalTarget) -> Iterator[Path]:
    """The handler's folder, up to the one that holds the code root."""
    last = target.code_root.parent
    for folder in target.file.parents:
        yield folder
        if folder == last:
            return


def _behind_shim(program: Path, folder: Path, environment: Mapping[str, str]) -> Path:
    """The interpreter a pyenv shim would choose; asking the shim, a shell script, takes longer than a whole send."""
    root = program.parent.parent
    if program.parent.name != "shims" or not (root / "versions").is_dir():
        return program
    chosen = root / "versions" / _pyenv_version(root, folder, environment) / "bin" / program.name
    if is_program(chosen):
        return chosen
    version = program.name.removeprefix("python")
    others = sorted((root / "versions").glob(f"{version}.*/bin/{program.name}")) if "." in version else []
    return others[-1] if others else program  # pyenv refuses one that is not switched on; it is there all the same


def _pyenv_version(root: Path, folder: Path, environment: Mapping[str, str]) -> str:
    """The version in force: the variable, the nearest version file at or above ``folder``, the global file."""
    if environment.get("PYENV_VERSION"):
        return environment["PYENV_VERSION"].split(":")[0]
    for file in (*(each / ".python-version" for each in (folder, *folder.parents)), root / "version"):
        try:
            return file.read_text("utf-8").split("\n", 1)[0].strip() or "system"
        except (OSError, UnicodeDecodeError):
            continue
    return "system"
