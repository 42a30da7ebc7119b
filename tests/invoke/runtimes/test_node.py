"""Which ``node`` a handler gets, how it is started, and what is said when there is none or it is too old."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fgtui.errors import TargetError
from fgtui.invoke.runtimes.node import installed, launch, program
from fgtui.invoke.targets import parse_local
from tests.invoke.harness import Bench

HANDLER = "exports.handler = async (event, context) => event;"


class Machine:
    """A ``PATH`` and places with programs of our choosing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "project").mkdir(parents=True)
        (folder / "project/index.js").write_text(HANDLER)
        self.environment = {"PATH": f"{folder / 'bin'}:{folder / 'more'}"}

    def program(self, path: str, mode: int = 0o755) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#!/bin/sh\n")
        file.chmod(mode)
        return file

    def target(self, **settings: Any) -> Any:
        return parse_local("index.js:handler", base=self.folder / "project", **settings)

    def found(self, **settings: Any) -> Path:
        return program(self.target(**settings), self.environment)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_targets_own_program_comes_first(machine: Machine) -> None:
    machine.program("bin/node")
    own = machine.program("project/tools/node")
    assert machine.found(node="tools/node") == own


@pytest.mark.parametrize("mode", [None, 0o644])
def test_a_program_that_cannot_be_run_is_an_error_in_words(machine: Machine, mode: int | None) -> None:
    machine.program("bin/node")
    if mode is not None:
        machine.program("project/tools/node", mode)
    with pytest.raises(TargetError, match="tools/node is not a program that can be run"):
        machine.found(node="tools/node")


def test_then_the_first_on_the_path(machine: Machine) -> None:
    machine.program("bin/node", 0o644)
    found = machine.program("more/node")
    assert machine.found() == found
    machine.program("bin/node").chmod(0o755)
    assert machine.found() == machine.folder / "bin/node"


def test_without_any_the_way_to_one_is_said(machine: Machine) -> None:
    with pytest.raises(TargetError, match="no node was found on PATH") as raised:
        machine.found()
    assert raised.value.hint is not None
    assert "Node.js 18 or later" in raised.value.hint
    assert "nvm use" in raised.value.hint


def test_the_heap_is_as_large_as_the_memory_setting(machine: Machine) -> None:
    """Else garbage piles up beyond the setting before the collector looks at it."""
    machine.program("bin/node")
    arguments = launch(machine.target(memory_mb=512), machine.environment).arguments
    assert "--max-old-space-size=512" in arguments


def test_variables_of_the_platform_are_set_and_no_secret_is_on_the_command_line(machine: Machine) -> None:
    machine.program("bin/node")
    found = launch(machine.target(environment={"TOKEN": "secret"}), machine.environment)
    assert dict(found.environment)["RUNTIME_HANDLER"] == "index.handler"
    assert dict(found.environment)["TOKEN"] == "secret"
    assert "secret" not in " ".join(found.arguments)


def test_the_versions_of_this_machine_are_told(machine: Machine) -> None:
    node = shutil.which("node")
    assert node is not None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    (found,) = installed({"PATH": str(Path(node).parent)})
    assert (found.name, found.path, f"v{found.version}") == ("node", Path(node), version)
    assert installed(machine.environment) == ()


def test_a_program_that_says_no_version_has_none(machine: Machine) -> None:
    machine.program("bin/node")
    assert [each.version for each in installed(machine.environment)] == [""]
    machine.program("bin/node").write_bytes(b"\x7fELF nonsense")
    assert [each.version for each in installed(machine.environment)] == [""]


# Started for real


def old_node(bench: Bench) -> Path:
    """The real one, made to believe that it is old."""
    preload = bench.write("Object.defineProperty(process, 'versions', { value: { node: '16.20.2' } });", "old.js")
    script = bench.write(f'#!/bin/sh\nexec {shutil.which("node")} --require "{preload}" "$@"\n', "old-node")
    script.chmod(0o755)
    return script


def test_a_node_that_is_too_old_says_so(bench: Bench) -> None:
    bench.write(HANDLER, "index.js")
    with pytest.raises(TargetError) as raised:
        bench.send(bench.target(spec="index.js:handler", node=old_node(bench)))
    assert "did not start: this is Node.js 16.20.2; handlers need 18 or later" in str(raised.value)
    assert raised.value.hint is not None
    assert "node = …" in raised.value.hint


def test_a_program_that_is_no_node_is_told_from_one(bench: Bench) -> None:
    bench.write(HANDLER, "index.js")
    with pytest.raises(TargetError, match="did not start"):
        bench.send(bench.target(spec="index.js:handler", node=sys.executable))


def test_options_that_node_refuses_are_named_as_a_cause(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_OPTIONS", "--no-such-option")
    bench.write(HANDLER, "index.js")
    with pytest.raises(TargetError, match="no-such-option") as raised:
        bench.send(bench.target(spec="index.js:handler"))
    assert raised.value.hint is not None
    assert "NODE_OPTIONS is set" in raised.value.hint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("NODE_CHANNEL_FD", "3", id="started-by-node-with-a-channel"),
        pytest.param("NODE_OPTIONS", "--enable-source-maps --no-warnings --max-old-space-size=4096", id="options"),
        pytest.param("NODE_V8_COVERAGE", "", id="coverage"),
        pytest.param("NODE_PENDING_DEPRECATION", "1", id="deprecations"),
    ],
)
def test_the_persons_own_settings_for_node_do_no_harm(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    bench.write(HANDLER, "index.js")
    assert bench.result(bench.target(spec="index.js:handler"), 1) == 1


def test_a_package_around_fgtui_does_not_make_its_host_an_es_module(tmp_path: Path) -> None:
    """A virtual environment inside a project whose ``package.json`` says that ``.js`` files are ES modules."""
    from fgtui.invoke.runtimes.node import HOST

    (tmp_path / "package.json").write_text('{"type": "module"}')
    host = shutil.copy(HOST, tmp_path)
    node = shutil.which("node")
    assert node is not None
    started = subprocess.run([node, host], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert "ES module" not in started.stderr
    assert started.returncode == 70  # it ran as far as its descriptors, which lead nowhere
