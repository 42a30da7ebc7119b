"""Which runtimes and debuggers this machine has. Programs on ``PATH`` are asked, none that a project names."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fgtui.cli.findings import Row, State
from fgtui.invoke.runtimes import Installed, java, libraries, node, python
from fgtui.words import Names, Phrase, Uncut

PYTHON_WAY_OUT = Phrase("install Python 3.6 or later, or name one: python = … in fgtui.toml")
NODE_WAY_OUT = Phrase("install Node.js 18 or later, or name one: node = … in fgtui.toml")
JAVA_WAY_OUT = Phrase("install a JRE or JDK 11 or later, set JAVA_HOME, or name one: java = … in fgtui.toml")


def runtime_rows(environment: Mapping[str, str]) -> Iterator[Row]:
    """A row for each runtime, and one for the debugger that may be missing."""
    pythons = python.installed(environment)
    yield _runtime("python", pythons, PYTHON_WAY_OUT, oldest=3)
    if pythons:
        yield _debugpy(pythons[0])
    yield _runtime("node", node.installed(environment), NODE_WAY_OUT, oldest=node.OLDEST)
    yield _java(java.installed(environment))
    yield _programs(environment)


def _runtime(what: str, found: Sequence[Installed], way_out: Phrase, *, oldest: int) -> Row:
    if not found:
        program = "python3" if what == "python" else what
        return Row(what, State.MISSING, Phrase("no {program} on PATH", program=program), way_out)
    words = ", ".join(_named(each) for each in found)
    if _major(found[0]) and _major(found[0]) < oldest:
        return Row(what, State.WARN, Phrase("{found}: too old", found=Uncut(words)), way_out)
    return Row(what, State.OK, words)


def _java(found: Sequence[Installed]) -> Row:
    row = _runtime("java", found, JAVA_WAY_OUT, oldest=java.OLDEST)
    if not found or _has_jdwp(found[0].path):
        return row
    words = Phrase("{found}; without JDWP, which send --debug needs", found=row.finding)
    return Row(row.what, State.WARN, words, Phrase("install a JDK"))


def _has_jdwp(program: Path) -> bool:
    home = program.resolve().parent.parent
    return any((home / "lib" / name).exists() for name in ("libjdwp.so", "libjdwp.dylib"))


def _debugpy(interpreter: Installed) -> Row:
    path = interpreter.path
    if python.has_debugger(path):
        return Row("debugpy", State.OK, Phrase("beside {path}", path=path))
    words = Phrase("not beside {path}; only send --debug needs it, in the interpreter that runs the handler", path=path)
    return Row("debugpy", State.WARN, words, f"{path} -m pip install debugpy")


def _programs(environment: Mapping[str, str]) -> Row:
    """Custom runtimes, HTTP functions and containers bring their own program; what starts it is a shell."""
    what = "bootstrap"
    if absent := libraries.missing():
        words = Phrase(
            "custom, http and container: {missing} is missing from {python}, which runs fgtui",
            missing=Names(absent),
            python=sys.executable,
        )
        return Row(what, State.MISSING, words, libraries.how_to_install())
    bash = shutil.which("bash", path=environment.get("PATH"))
    if bash:
        words = Phrase("custom, http and container: started by themselves, or by bash {path}", path=bash)
        return Row(what, State.OK, words)
    return Row(
        what,
        State.WARN,
        Phrase("custom, http and container: no bash on PATH, which is what starts a text without a first line #!"),
        Phrase("install bash, as in the cloud"),
    )


def _named(each: Installed) -> str:
    return " ".join(filter(None, [each.name, each.version, str(each.path)]))


def _major(found: Installed) -> int:
    """0 where it did not say its version."""
    first = found.version.partition(".")[0]
    return int(first) if first.isdecimal() else 0
