"""Which interpreter a Python handler gets (design section 4), and which ones there are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fgtui.errors import TargetError
from fgtui.invoke.runtimes.python import has_debugger, installed, interpreter
from fgtui.invoke.targets import parse_local

HANDLER = "def handler(event, context):\n    return event\n"


class Machine:
    """A ``PATH`` and places with interpreters of our choosing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "project/src").mkdir(parents=True)
        (folder / "project/src/index.py").write_text(HANDLER)
        self.environment = {"PATH": f"{folder / 'bin'}:{folder / 'more'}"}

    def program(self, path: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#!/bin/sh\n")
        file.chmod(0o755)
        return file

    def found(self, spec: str = "src/index.handler", **settings: Any) -> Path:
        return interpreter(parse_local(spec, base=self.folder / "project", **settings), self.environment)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_targets_own_interpreter_comes_first(machine: Machine) -> None:
    own = machine.program("project/env/bin/python")
    machine.environment["VIRTUAL_ENV"] = str(machine.program("venv/bin/python").parents[1])
    assert machine.found(python="env/bin/python") == own


def test_an_interpreter_that_is_not_there_is_an_error_in_words(machine: Machine) -> None:
    with pytest.raises(TargetError, match="env/bin/python is not a program that can be run"):
        machine.found(python="env/bin/python")


def test_then_the_active_environment(machine: Machine) -> None:
    machine.program("project/.venv/bin/python")
    active = machine.program("venv/bin/python")
    machine.environment["VIRTUAL_ENV"] = str(active.parents[1])
    assert machine.found() == active


@pytest.mark.parametrize("place", ["project/src/.venv", "project/.venv", ".venv"])
def test_then_the_environment_beside_the_code(machine: Machine, place: str) -> None:
    machine.environment["VIRTUAL_ENV"] = str(machine.folder / "deleted")
    beside = machine.program(f"{place}/bin/python")
    assert machine.found() == beside


def test_then_the_path_in_its_order(machine: Machine) -> None:
    second = machine.program("more/python3")
    assert machine.found() == second
    first = machine.program("bin/python3")
    assert machine.found() == first
    first.chmod(0o644)
    assert machine.found() == second


def test_a_runtime_with_a_version_is_looked_for_by_name(machine: Machine) -> None:
    plain, versioned = machine.program("bin/python3"), machine.program("more/python3.10")
    assert machine.found(runtime="Python3.10") == versioned
    assert machine.found(runtime="Python3.9") == plain
    assert machine.found() == plain


def test_without_any_our_own_serves(machine: Machine) -> None:
    machine.environment["PATH"] = ""
    assert machine.found() == Path(sys.executable)


def pyenv(machine: Machine) -> Callable[[str, str], Path]:
    machine.environment["PATH"] = str(machine.program("pyenv/shims/python3").parent)
    return lambda version, name="python3": machine.program(f"pyenv/versions/{version}/bin/{name}")


def test_behind_a_shim_is_the_interpreter_it_would_choose(machine: Machine) -> None:
    install = pyenv(machine)
    shim = machine.folder / "pyenv/shims/python3"
    old, new = install("3.9.18", "python3"), install("3.12.1", "python3")
    assert machine.found() == shim
    (machine.folder / "pyenv/version").write_text("3.9.18\n3.12.1\n")
    assert machine.found() == old
    (machine.folder / "project/.python-version").write_text("3.12.1\n")
    assert machine.found() == new
    machine.environment["PYENV_VERSION"] = "3.9.18:3.12.1"
    assert machine.found() == old
    machine.environment["PYENV_VERSION"] = "3.7.0"
    assert machine.found() == shim


def test_a_shim_for_a_version_leads_to_the_newest_of_it(machine: Machine) -> None:
    install = pyenv(machine)
    machine.program("pyenv/shims/python3.9")
    install("3.9.1", "python3.9")
    newest = install("3.9.18", "python3.9")
    (machine.folder / "pyenv/version").write_text("3.12.1\n")
    assert machine.found(runtime="Python3.9") == newest


def test_what_is_installed_is_named_by_where_it_was_found(machine: Machine) -> None:
    python3, versioned = machine.program("bin/python3"), machine.program("more/python3.10")
    python3.write_text("#!/bin/sh\necho Python 3.11.4\n")
    active = machine.program("venv/bin/python")
    (machine.folder / "venv/pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.9.2\n")
    machine.environment["VIRTUAL_ENV"] = str(active.parents[1])
    found = [(each.name, each.path, each.version) for each in installed(machine.environment)]
    assert found == [("$VIRTUAL_ENV", active, "3.9.2"), ("python3", python3, "3.11.4"), ("python3.10", versioned, "")]


@pytest.mark.parametrize("script", ["exit 3", "echo; echo", "kill -9 $$"])
def test_an_interpreter_that_answers_nothing_has_no_version(machine: Machine, script: str) -> None:
    machine.program("bin/python3").write_text(f"#!/bin/sh\n{script}\n")
    assert [each.version for each in installed(machine.environment)] == [""]


def test_an_active_environment_that_is_gone_is_not_installed(machine: Machine) -> None:
    machine.environment["VIRTUAL_ENV"] = str(machine.folder / "deleted")
    assert installed(machine.environment) == ()


def test_a_debugger_is_seen_beside_its_interpreter(machine: Machine) -> None:
    python = machine.program("venv/bin/python")
    assert not has_debugger(python)
    (machine.folder / "venv/lib/python3.9/site-packages/debugpy").mkdir(parents=True)
    assert has_debugger(python)
