"""Spells out what a target means: which file and function, which folder is the package, which interpreter.

Grammar: design section 4 and runtime.md section 1.3. What a module defines is known only when it runs, so a function
that is not there is an outcome; a file that is not there is an error here.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from fgtui.errors import TargetError
from fgtui.invoke.model import LocalTarget
from fgtui.regex import regex
from fgtui.words import nearest

HOW_TO_SPELL = "spell a handler: src/index.handler or src/index.py:handler"
OTHER_RUNTIMES = {
    ".js": "Node.js",
    ".mjs": "Node.js",
    ".cjs": "Node.js",
    ".ts": "Node.js",
    ".php": "PHP",
    ".java": "Java",
    ".jar": "Java",
    ".class": "Java",
    ".go": "Go",
    ".so": "Go",
    ".cs": "C#",
    ".dll": "C#",
    ".cj": "Cangjie",
}
"""File endings of the runtimes FunctionGraph has and this version does not run."""
AMBIGUOUS = (".py", ".js", ".mjs", ".php")
"""Endings a spelling without one may stand for."""
DISCOVERY_DEPTH = 3
DISCOVERY_FILES = 2000
DISCOVERY_BYTES = 262_144
TIMEOUT_LIMIT_S = 259_200
_SKIPPED = {"__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist", "tests"}
_DEFINITION = regex(r"^def[ \t]+(\w+)[ \t]*\([ \t\n]*(\w+)(?:[^\w,()\n][^,()\n]*)?,[ \t\n]*(\w+)", re.MULTILINE)
_EVENT_NAMES = {"event", "evt", "e", "_event"}
_CONTEXT_NAMES = {"context", "ctx", "c", "_context"}
_PYTHON_RUNTIME = regex(r"python(?P<version>[0-9]+\.[0-9]+)?", re.IGNORECASE)


class _Spelled(NamedTuple):
    """A spec taken apart: the module's path as written and the function."""

    module: str
    function: str
    is_file: bool
    """Spelled as Python does, with a colon."""


def parse_local(
    spec: str, *, base: Path, runtime: str | None = None, python: Path | str | None = None, **settings: Any
) -> LocalTarget:
    """The Python handler that ``spec`` means when it is read in ``base``.

    The code root, ``/opt/function/code`` in the cloud, is ``base`` for what lies below it, and the file's own folder
    for an absolute path or one that leads elsewhere. ``settings`` are ``LocalTarget``'s; ``None`` means its default;
    a relative ``python`` starts at ``base``. Raises ``TargetError``.
    """
    _check_kind(spec)
    _check_runtime(runtime)
    base = base.absolute()
    spelled = _split(spec, base)
    file = _find(spelled, spec, base, runtime)
    inside = not spelled.module.startswith(("/", "~")) and file.is_relative_to(base)
    code_root = base if inside else file.parent
    target = LocalTarget(
        spec=spec,
        file=file,
        code_root=code_root,
        module=file.relative_to(code_root).with_suffix("").as_posix(),
        function=spelled.function,
        runtime=runtime or "python",
        program=None if python is None else _interpreter_path(base, python),
        **_checked(settings),
    )
    _check_initializer(target)
    return target


def discover(folder: Path) -> tuple[str, ...]:
    """Handlers in ``folder`` as FunctionGraph spells them, likeliest first: functions of an event and a context."""
    found: list[tuple[int, bool, bool, str]] = []
    for file in _python_files(folder):
        module = file.relative_to(folder).with_suffix("")
        for name in _handlers_in(file):
            is_usual = module.name == "index"
            found.append((len(module.parts), not is_usual, name != "handler", f"{module.as_posix()}.{name}"))
    return tuple(spec for *_, spec in sorted(found))


def interpreter(target: LocalTarget, environment: Mapping[str, str] = os.environ) -> Path:
    """``python`` of the target, ``$VIRTUAL_ENV``, ``.venv`` beside the code, then ``PATH``. Raises ``TargetError``.

    On ``PATH`` a runtime with a version comes first under its own name (``python3.10``), then ``python3``; where there
    is neither, fgtui's own interpreter serves.
    """
    if target.program is not None:
        if not _is_program(target.program):
            raise TargetError(
                "{python} is not a program that can be run",
                python=str(target.program),
                hint="correct python = … in fgtui.toml, or leave it out to use the one on PATH",
            )
        return target.program
    virtual = environment.get("VIRTUAL_ENV")
    folders = [Path(virtual)] if virtual else []
    folders += [folder / ".venv" for folder in _beside(target)]
    for folder in folders:
        if _is_program(folder / "bin" / "python"):
            return folder / "bin" / "python"
    match = _PYTHON_RUNTIME.fullmatch(target.runtime)
    names = [f"python{match['version']}"] if match and match["version"] else []
    for name in (*names, "python3"):
        if (found := _on_path(name, environment)) is not None:
            return _behind_shim(found, target.file.parent, environment)
    import sys

    return Path(sys.executable)


# What is no Python handler


def _check_kind(spec: str) -> None:
    if spec.lower().startswith(("http://", "https://")):
        raise _refused("{spec} is an HTTP endpoint; this version runs Python handlers on this machine", spec=spec)
    if spec.lower().startswith("urn:"):
        raise _refused("{spec} is a deployed function; this version runs Python handlers on this machine", spec=spec)
    if spec == "bootstrap" or spec.endswith("/bootstrap"):
        raise _refused("{spec} is a custom runtime; this version runs Python handlers on this machine", spec=spec)
    if "::" in spec:
        raise _refused("{spec} is a C# handler; this version runs Python handlers on this machine", spec=spec)


def _check_runtime(runtime: str | None) -> None:
    if runtime is None:
        return
    match = _PYTHON_RUNTIME.fullmatch(runtime)
    if match is None:
        raise _refused(
            "{runtime} is not a Python runtime; this version runs Python handlers on this machine", runtime=runtime
        )
    if match["version"] and tuple(map(int, match["version"].split("."))) < (3, 6):
        raise TargetError("{runtime} is too old: handlers need Python 3.6 or later", runtime=runtime)


def _refused(message: str, **values: object) -> TargetError:
    return TargetError(message, hint=HOW_TO_SPELL, **values)


# Taking a spelling apart


def _split(spec: str, base: Path) -> _Spelled:
    if "\0" in spec or "\n" in spec:
        raise TargetError("a target is one line of text, not {spec!r}", spec=spec)
    module, colon, function = spec.rpartition(":")
    if not colon:
        module, _, function = spec.rpartition(".")
        if "/" in function or not module or not _last(module):
            raise _no_function(spec, base)
        if f".{function}" in {".py", *OTHER_RUNTIMES} and (base / spec).is_file():
            raise _no_function(spec, base)
    if not module or not function.isidentifier():
        raise _no_function(spec, base)
    return _Spelled(module, function, is_file=bool(colon))


def _last(path: str) -> str:
    return path.rsplit("/", 1)[-1].strip(".")


def _no_function(spec: str, base: Path) -> TargetError:
    path = base / spec
    kind = OTHER_RUNTIMES.get(path.suffix)
    if kind is not None and path.is_file():
        return _refused(
            "{spec} is a {kind} file; this version runs Python handlers on this machine", spec=spec, kind=kind
        )
    candidates = _candidates(path, base) if spec else discover(base)
    return TargetError(
        "{spec!r} names no function",
        spec=spec,
        candidates=", ".join(candidates),
        hint="did you mean {candidates}?" if candidates else HOW_TO_SPELL,
    )


def _candidates(path: Path, base: Path) -> tuple[str, ...]:
    """Handlers in a file or folder that was named without a function."""
    if path.is_dir():
        return tuple(f"{_shown(path, base)}/{each}" for each in discover(path))[:5]
    file = path if path.suffix == ".py" else path.with_name(path.name + ".py")
    return tuple(f"{_shown(file, base)}:{name}" for name in _handlers_in(file))[:5] if file.is_file() else ()


def _shown(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)


# Finding the file


def _find(spelled: _Spelled, spec: str, base: Path, runtime: str | None) -> Path:
    looked_for = list(_possible_files(spelled, base))
    kind = OTHER_RUNTIMES.get(looked_for[0].suffix)
    if kind is not None:
        raise _refused(
            "{spec} is a {kind} file; this version runs Python handlers on this machine", spec=spec, kind=kind
        )
    for file in looked_for:
        if not file.is_file():
            continue
        others = [] if spelled.module.endswith(".py") or runtime is not None else _rivals(file)
        if others:
            raise TargetError(
                "{spec} may be {files}",
                spec=spec,
                files=" or ".join(_shown(each, base) for each in (file, *others)),
                hint="name the file: {example}; or the runtime: --runtime python",
                example=f"{_shown(file, base)}:{spelled.function}",
            )
        return file
    raise _not_found(spelled, spec, base, looked_for)


def _possible_files(spelled: _Spelled, base: Path) -> Iterator[Path]:
    """As spelled first; then with dots for folders, which FunctionGraph allows in the module part."""
    module = str(Path(spelled.module).expanduser()) if spelled.module.startswith("~") else spelled.module
    if spelled.is_file and Path(module).suffix in {".py", *OTHER_RUNTIMES}:
        yield _below(base, module)
        return
    yield _below(base, module + ".py")
    folder, slash, name = module.rpartition("/")
    for dotted in (folder + slash + name.replace(".", "/"), _without_dots(module)):
        if dotted != module:
            yield _below(base, dotted + ".py")


def _without_dots(module: str) -> str:
    return "/".join(part if part in {"", ".", ".."} else part.replace(".", "/") for part in module.split("/"))


def _below(base: Path, path: str) -> Path:
    return Path(os.path.normpath(base / path))


def _rivals(file: Path) -> list[Path]:
    """Files of other runtimes that the same spelling could mean."""
    return [other for ending in AMBIGUOUS if (other := file.with_suffix(ending)) != file and other.is_file()]


def _not_found(spelled: _Spelled, spec: str, base: Path, looked_for: list[Path]) -> TargetError:
    for each in looked_for:
        for rival in _rivals(each):
            return _refused(
                "{spec} is {file}, a {kind} file; this version runs Python handlers on this machine",
                spec=spec,
                file=_shown(rival, base),
                kind=OTHER_RUNTIMES[rival.suffix],
            )
    known = discover(base)
    found = _nearest_spelling(spec, known)
    others = "there is: {known}" if known else "no handler was found below {base}"
    return TargetError(
        "there is no handler {spec}: no file {file}",
        spec=spec,
        file=" or ".join(dict.fromkeys(_shown(each, base) for each in looked_for)),
        nearest=found,
        known=", ".join(known[:5]),
        base=str(base),
        hint="did you mean {nearest}?" if found else others,
    )


def _nearest_spelling(spec: str, known: Iterable[str]) -> str | None:
    """The likeliest of ``known``, compared as FunctionGraph spells handlers."""
    module, colon, function = spec.rpartition(":")
    return nearest(f"{module.removesuffix('.py')}.{function}" if colon else spec, known)


# Settings


def _checked(settings: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in settings.items() if value is not None}
    timeout = given.get("timeout_s", 1.0)
    if not (isinstance(timeout, int | float) and math.isfinite(timeout) and 0 < timeout <= TIMEOUT_LIMIT_S):
        raise TargetError(
            "a timeout of {timeout} s is not possible: more than 0 and at most {most} s",
            timeout=timeout,
            most=TIMEOUT_LIMIT_S,
        )
    memory = given.get("memory_mb", 128)
    if not (isinstance(memory, int) and memory > 0):
        raise TargetError("a memory setting of {memory} MB is not possible", memory=memory)
    if "environment" in given:
        pairs = given["environment"]
        given["environment"] = tuple(pairs.items() if isinstance(pairs, Mapping) else pairs)
        for name, value in given["environment"]:
            if not name or "=" in name or "\0" in name + value:
                raise TargetError("{name!r} cannot be a variable of the environment", name=name)
    return given


def _check_initializer(target: LocalTarget) -> None:
    """Same grammar and same file as the handler; the module may be left out."""
    spelling = target.initializer
    if spelling is None:
        return
    module, _, function = spelling.replace(":", ".").rpartition(".")
    module = module.removesuffix(".py").replace(".", "/").removeprefix("/")
    if not function.isidentifier() or (module and not f"/{target.module}".endswith(f"/{module.removeprefix('/')}")):
        raise TargetError(
            "the initializer {initializer} is not in {file}, where the handler is",
            initializer=spelling,
            file=target.file.name,
            hint="spell it {example}, and keep both in one file",
            example=f"{target.file.stem}.{function if function.isidentifier() else 'initializer'}",
        )


def _interpreter_path(base: Path, python: Path | str) -> Path:
    """Relative to ``base``; a link stays a link, since a virtual environment is told by it."""
    return Path(os.path.normpath(base / Path(python).expanduser()))


# Interpreters


def _beside(target: LocalTarget) -> Iterator[Path]:
    """The handler's folder, up to the one that holds the code root."""
    last = target.code_root.parent
    for folder in target.file.parents:
        yield folder
        if folder == last:
            return


def _is_program(file: Path) -> bool:
    return file.is_file() and os.access(file, os.X_OK)


def _on_path(name: str, environment: Mapping[str, str]) -> Path | None:
    for folder in environment.get("PATH", os.defpath).split(os.pathsep):
        if folder and _is_program(file := Path(folder, name)):
            return file
    return None


def _behind_shim(program: Path, folder: Path, environment: Mapping[str, str]) -> Path:
    """The interpreter a pyenv shim would choose; asking the shim, a shell script, takes longer than a whole send."""
    root = program.parent.parent
    if program.parent.name != "shims" or not (root / "versions").is_dir():
        return program
    chosen = root / "versions" / _pyenv_version(root, folder, environment) / "bin" / program.name
    if _is_program(chosen):
        return chosen
    version = program.name.removeprefix("python")
    others = sorted((root / "versions").glob(f"{version}.*/bin/{program.name}")) if "." in version else []
    return (
        others[-1] if others else program
    )  # pyenv refuses a version that is not switched on; it is there all the same


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


# Looking for handlers


def _python_files(folder: Path) -> Iterator[Path]:
    """Python files below ``folder``, as far as a package usually goes; links are not followed."""
    left = DISCOVERY_FILES
    for current, folders, files in os.walk(folder):
        depth = len(Path(current).relative_to(folder).parts)
        folders[:] = sorted(each for each in folders if depth + 1 < DISCOVERY_DEPTH and _is_searched(current, each))
        for name in sorted(files):
            if name.endswith(".py") and name.removesuffix(".py").isidentifier():
                left -= 1
                if left < 0:
                    return
                yield Path(current, name)


def _is_searched(parent: str, name: str) -> bool:
    return not name.startswith(".") and name not in _SKIPPED and not Path(parent, name, "pyvenv.cfg").exists()


def _handlers_in(file: Path) -> Iterator[str]:
    try:
        with file.open("rb") as stream:
            text = stream.read(DISCOVERY_BYTES).decode("utf-8", "replace")
    except OSError:
        return
    for match in _DEFINITION.finditer(text):
        name, first, second = match.groups()
        if name == "handler" or (first in _EVENT_NAMES and second in _CONTEXT_NAMES and not name.startswith("_")):
            yield name
