"""``bootstrap``: programs that answer for themselves (runtime.md sections 6, 7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.invoke.spelled import refused, target


@pytest.fixture
def code(tmp_path: Path) -> Path:
    for folder in ("", "go"):
        file = tmp_path / folder / "bootstrap"
        file.parent.mkdir(exist_ok=True)
        file.write_text("#!/bin/sh\n")
        file.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(
    ("spec", "runtime", "words"),
    [
        ("gone/bootstrap", None, "there is no gone/bootstrap · an executable file of that name, such as a shell script"),
        ("go/bootstrap/bootstrap", "http", "there is no go/bootstrap/bootstrap"),
        ("go", "custom", ("go is not called bootstrap, the only name FunctionGraph starts with the runtime custom · "
                         "did you mean go/bootstrap?")),
        ("go/", "http", "did you mean go/bootstrap?"),
        ("go/server", "container", "go/server is not called bootstrap · did you mean go/bootstrap?"),
        ("other/main.handler", "custom", ("is not called bootstrap, the only name FunctionGraph starts with the runtime custom"
                                         " · name it bootstrap")),
        ("bootstrap", "python", ("bootstrap is a program that answers for itself; the runtime python calls a function · "
                                 "leave the runtime out, or name one that starts it: custom, http, container")),
        ("go/bootstrap", "java", "go/bootstrap is a program that answers for itself; the runtime java calls a function"),
        ("none/bootstrap", "node", "'none/bootstrap' names no function"),
    ],
)  # fmt: skip
def test_a_program_that_is_none_is_refused(code: Path, spec: str, runtime: str | None, words: str) -> None:
    said = refused(spec, code, runtime=runtime)
    assert all(part in said for part in words.split(" · "))


def test_a_folder_called_bootstrap_is_no_program(tmp_path: Path) -> None:
    (tmp_path / "bootstrap").mkdir()
    assert "bootstrap is no file that could be started" in refused("bootstrap", tmp_path)


@pytest.mark.parametrize(
    ("runtime", "family"),
    [
        (None, "custom"),
        ("custom", "custom"),
        ("Custom", "custom"),
        ("http", "http"),
        ("container", "container"),
        ("Custom Image", "container"),
    ],
)
@pytest.mark.parametrize(("spec", "folder"), [("bootstrap", ""), ("./bootstrap", ""), ("go/bootstrap", "go")])
def test_a_bootstrap_is_at_the_top_of_its_package(
    code: Path, spec: str, folder: str, runtime: str | None, family: str
) -> None:
    found = target(spec, code, runtime=runtime)
    assert (found.family, found.runtime) == (family, runtime or "custom")
    assert (found.file, found.code_root) == (code / folder / "bootstrap", code / folder)
    assert (found.module, found.function) == ("bootstrap", "")


@pytest.mark.parametrize("runtime", ["custom", "http", "container"])
@pytest.mark.parametrize("what", ["initializer", "pre_stop"])
def test_nothing_of_a_program_is_called_by_name(code: Path, runtime: str, what: str) -> None:
    said = refused("bootstrap", code, runtime=runtime, **{what: "index.setup"})
    assert said.startswith(f"the runtime {runtime} calls no {what.replace('_', '-')}")
    assert said.endswith(" · leave it out")
