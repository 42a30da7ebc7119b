"""What a spelling means, and what an error about it says."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fgtui.errors import TargetError
from fgtui.invoke.targets import discover, interpreter, parse_local
from fgtui.words import say

HANDLER = "def handler(event, context):\n    return event\n"


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for file in ("index.py", "src/index.py", "src/deep/er.py", "with.dot/index.py"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(HANDLER)
    return folder


def refused(spec: str, base: Path, **settings: Any) -> str:
    with pytest.raises(TargetError) as caught:
        parse_local(spec, base=base, **settings)
    error = caught.value
    return f"{error} · {say(error.hint, error.values)}" if error.hint else str(error)


@pytest.mark.parametrize(
    ("spec", "file", "module"),
    [
        ("index.handler", "index.py", "index"),
        ("./index.handler", "index.py", "index"),
        ("index.py:handler", "index.py", "index"),
        ("index:handler", "index.py", "index"),
        ("src/index.handler", "src/index.py", "src/index"),
        ("src/index.py:handler", "src/index.py", "src/index"),
        ("src.index.handler", "src/index.py", "src/index"),
        ("src.index:handler", "src/index.py", "src/index"),
        ("src/deep.er.handler", "src/deep/er.py", "src/deep/er"),
        ("src/../index.handler", "index.py", "index"),
        ("with.dot/index.handler", "with.dot/index.py", "with.dot/index"),
    ],
)
def test_what_lies_below_the_base_belongs_to_its_package(code: Path, spec: str, file: str, module: str) -> None:
    target = parse_local(spec, base=code)
    assert target.file == code / file
    assert (target.code_root, target.module, target.function) == (code, module, "handler")
    assert (target.spec, target.runtime) == (spec, "python")


@pytest.mark.parametrize("spelled", ["{code}/src/index.handler", "{code}/src/index.py:handler", "../src/index.handler"])
def test_elsewhere_the_files_folder_is_the_package(code: Path, spelled: str) -> None:
    target = parse_local(spelled.format(code=code), base=code / "with.dot")
    assert target.file == code / "src/index.py"
    assert (target.code_root, target.module) == (code / "src", "index")


def test_a_home_is_expanded(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(code))
    assert parse_local("~/src/index.handler", base=Path("/")).file == code / "src/index.py"


def test_settings_are_the_targets_and_none_means_its_default(code: Path) -> None:
    target = parse_local(
        "index.handler",
        base=code,
        runtime="Python3.10",
        timeout_s=7,
        memory_mb=None,
        environment={"A": "1"},
        python="venv/bin/python",
        initializer="index.setup",
        strict_context=True,
        name="thumbnail",
    )
    assert (target.runtime, target.timeout_s, target.memory_mb) == ("Python3.10", 7, 128)
    assert target.environment == (("A", "1"),)
    assert target.program == code / "venv/bin/python"
    assert (target.initializer, target.strict_context, target.name) == ("index.setup", True, "thumbnail")


def test_a_link_to_an_interpreter_stays_a_link(code: Path) -> None:
    (code / "python").symlink_to(sys.executable)
    assert parse_local("index.handler", base=code, python=Path("python")).program == code / "python"


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("src/indx.handler", "there is no handler src/indx.handler: no file src/indx.py · did you mean src/index.handler?"),
        ("src/indx.py:handler", "no file src/indx.py · did you mean src/index.handler?"),
        ("src.indx.handler", "no file src.indx.py or src/indx.py · did you mean src/index.handler?"),
        ("nothing/like.it", "no file nothing/like.py · there is: index.handler, "),
        ("com.example.Main.handle", "no file com.example.Main.py or com/example/Main.py"),
        ("src/index.py", "'src/index.py' names no function · did you mean src/index.py:handler?"),
        ("src/index", "'src/index' names no function · did you mean src/index.py:handler?"),
        ("src", "'src' names no function · did you mean src/index.handler, src/deep/er.handler?"),
        ("src/index.py:", "names no function"),
        ("src/index.py:two words", "names no function"),
        ("index.", "names no function"),
        (".handler", "names no function"),
        ("", "names no function · did you mean index.handler"),
        ("a\nb.handler", "a target is one line of text, not 'a\\nb.handler'"),
        ("a\0.handler", "a target is one line of text"),
        ("urn:fss:cn-north-4:0:function:default:demo:latest", "is a deployed function; this version runs Python handlers"),
        ("http://127.0.0.1:8000/invoke", "is an HTTP endpoint; this version runs Python handlers on this machine"),
        ("HTTPS://example.com", "is an HTTP endpoint"),
        ("bootstrap", "bootstrap is a custom runtime; this version runs Python handlers"),
        ("A::B.C::D", "is a C# handler"),
    ],
)  # fmt: skip
def test_an_error_says_what_was_looked_for_and_what_is_near(code: Path, spec: str, words: str) -> None:
    assert words in refused(spec, code)


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert refused("index.handler", tmp_path).endswith(f"no file index.py · no handler was found below {tmp_path}")


@pytest.mark.parametrize(("file", "kind"), [("main.js", "Node.js"), ("main.mjs", "Node.js"), ("main.php", "PHP")])
@pytest.mark.parametrize("spec", ["{file}:handler", "main.handler"])
def test_another_runtimes_file_is_named(tmp_path: Path, spec: str, file: str, kind: str) -> None:
    (tmp_path / file).touch()
    said = refused(spec.format(file=file), tmp_path)
    assert f"a {kind} file; this version runs Python handlers on this machine" in said


def test_another_runtimes_file_without_a_function(tmp_path: Path) -> None:
    (tmp_path / "main.js").touch()
    assert "main.js is a Node.js file" in refused("main.js", tmp_path)


def test_several_files_that_fit_are_named(code: Path) -> None:
    (code / "index.js").touch()
    assert refused("index.handler", code) == (
        "index.handler may be index.py or index.js · name the file: index.py:handler; or the runtime: --runtime python"
    )
    assert parse_local("index.handler", base=code, runtime="python").file == code / "index.py"
    assert parse_local("index.py:handler", base=code).file == code / "index.py"


@pytest.mark.parametrize("runtime", ["python", "Python3.6", "Python3.12", "PYTHON"])
def test_python_runtimes_are_run(code: Path, runtime: str) -> None:
    assert parse_local("index.handler", base=code, runtime=runtime).runtime == runtime


@pytest.mark.parametrize(
    ("runtime", "words"),
    [
        ("Node.js18.15", "Node.js18.15 is not a Python runtime; this version runs Python handlers on this machine"),
        ("http", "http is not a Python runtime"),
        ("Custom Image", "Custom Image is not a Python runtime"),
        ("Python2.7", "Python2.7 is too old: handlers need Python 3.6 or later"),
        ("python3", "python3 is not a Python runtime"),
    ],
)
def test_other_runtimes_are_refused_in_words(code: Path, runtime: str, words: str) -> None:
    assert words in refused("index.handler", code, runtime=runtime)


@pytest.mark.parametrize(
    "initializer", ["index.setup", "src/index.setup", "index.py:setup", "setup", "src.index.setup"]
)
def test_an_initializer_is_in_the_handlers_file(code: Path, initializer: str) -> None:
    assert parse_local("src/index.handler", base=code, initializer=initializer).initializer == initializer


@pytest.mark.parametrize("initializer", ["other.setup", "lib/index.setup", "index.", "ndex.setup", ""])
def test_an_initializer_elsewhere_is_refused(code: Path, initializer: str) -> None:
    said = refused("src/index.handler", code, initializer=initializer)
    assert said.startswith(f"the initializer {initializer} is not in index.py")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"timeout_s": 0}, "a timeout of 0 s is not possible"),
        ({"timeout_s": -1.5}, "a timeout of -1.5 s"),
        ({"timeout_s": float("nan")}, "a timeout of nan s"),
        ({"timeout_s": float("inf")}, "a timeout of inf s"),
        ({"timeout_s": 259_201}, "more than 0 and at most 259200 s"),
        ({"memory_mb": 0}, "a memory setting of 0 MB"),
        ({"memory_mb": 1.5}, "a memory setting of 1.5 MB"),
        ({"environment": {"A=B": "x"}}, "'A=B' cannot be a variable"),
        ({"environment": {"": "x"}}, "'' cannot be a variable"),
        ({"environment": {"A": "x\0"}}, "'A' cannot be a variable"),
    ],
)
def test_settings_that_mean_nothing_are_refused(code: Path, setting: dict[str, Any], words: str) -> None:
    assert words in refused("index.handler", code, **setting)


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


def test_discovery_finds_functions_of_an_event_and_a_context(tmp_path: Path) -> None:
    sources = {
        "index.py": "def other(event, ctx): pass\ndef handler(\n    event, context): pass\ndef _no(event, context): pass",
        "zeta.py": "def main(evt: dict, context: object) -> None: pass\nclass A:\n    def handler(self, event): pass",
        "helper.py": "def add(a, b): pass\ndef event(context): pass",
        "src/index.py": HANDLER,
        "a/b/c/d.py": HANDLER,
        ".hidden/x.py": HANDLER,
        "node_modules/x.py": HANDLER,
        "env2/lib/x.py": HANDLER,
        "not-a-module.py": HANDLER,
        "binary.py": "\0\x01",
    }
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    (tmp_path / "env2/pyvenv.cfg").touch()
    (tmp_path / "unreadable.py").symlink_to("/no/such/file")
    assert discover(tmp_path) == ("index.handler", "index.other", "zeta.main", "src/index.handler")


def test_discovery_of_nothing_is_empty(tmp_path: Path) -> None:
    assert discover(tmp_path) == ()
    assert discover(tmp_path / "not-there") == ()


def test_discovery_does_not_follow_links_in_circles(code: Path) -> None:
    (code / "loop").symlink_to(code, target_is_directory=True)
    assert not [spec for spec in discover(code) if spec.startswith("loop")]


@pytest.mark.parametrize(
    "source", ["def f(" + "a" * 250_000, "def f(" + "\n" * 250_000, "def f(" * 40_000, "def f(a " + "b " * 120_000]
)
def test_discovery_is_not_held_up_by_odd_text(tmp_path: Path, source: str) -> None:
    (tmp_path / "odd.py").write_text(source)
    assert discover(tmp_path) == ()


def test_what_discovery_finds_can_be_parsed(code: Path) -> None:
    for spec in discover(code):
        assert parse_local(spec, base=code).file.is_file()


def test_an_unreadable_folder_is_no_error(code: Path) -> None:
    (code / "src").chmod(0)
    try:
        assert "index.handler" in discover(code)
    finally:
        (code / "src").chmod(0o755)
