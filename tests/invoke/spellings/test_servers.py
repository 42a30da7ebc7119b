"""``bootstrap`` and ``http://127.0.0.1:8000/invoke``: programs that answer for themselves (runtime.md sections 6, 7)."""

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
    assert (found.module, found.function, found.url) == ("bootstrap", "", None)


@pytest.mark.parametrize("runtime", ["custom", "http", "container"])
@pytest.mark.parametrize("what", ["initializer", "pre_stop"])
def test_nothing_of_a_program_is_called_by_name(code: Path, runtime: str, what: str) -> None:
    said = refused("bootstrap", code, runtime=runtime, **{what: "index.setup"})
    assert said.startswith(f"the runtime {runtime} calls no {what.replace('_', '-')}")
    assert said.endswith(" · leave it out")


# Servers that run already


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("https://example.com/invoke", "is elsewhere; this version reaches servers on this machine"),
        ("https://127.0.0.1:8000/", "is spoken to by https, which servers on this machine are not"),
        ("HTTPS://localhost/x", "did you mean http://localhost/x?"),
        ("http://example.com/", "is elsewhere"),
        ("http://10.0.0.1:8000/", "is elsewhere"),
        ("http://127.0.0.1.example.com/", "is elsewhere"),
        ("http://localhost.example.com/", "is elsewhere"),
        ("http://0.0.0.0:8000/", "is elsewhere"),
        ("http://127.0.0.1:port/", "is no address"),
        ("http://127.0.0.1:99999/", "is no address"),
        ("http://", "is no address"),
        ("http:///invoke", "is no address"),
        ("http://[::1", "is no address"),
        ("http://127.0.0.1:8000/a b", "is no address"),
        ("http://127.0.0.1:8000/\x1b[2J", "is no address"),
        ("http://ann:secret@127.0.0.1:8000/", "has more than a server takes: leave out the name and password"),
        ("http://127.0.0.1:8000/#here", "leave out the part after #"),
    ],
)
def test_an_address_that_cannot_be_sent_to_is_refused(tmp_path: Path, spec: str, words: str) -> None:
    assert words in refused(spec, tmp_path)


@pytest.mark.parametrize("spec", ["127.0.0.1:8000/invoke", "localhost:8000", "127.0.0.1", "localhost/x"])
def test_an_address_that_lacks_its_beginning_is_completed(code: Path, spec: str) -> None:
    said = refused(spec, code)
    assert said == f"{spec!r} names no function · for a server that runs already: http://{spec}"
    assert target(f"http://{spec}", code).url == f"http://{spec}"


@pytest.mark.parametrize("spec", ["http://127.0.0.1:8000/invoke", "HTTP://localhost:8000", "http://[::1]:80/x?y=1"])
@pytest.mark.parametrize(
    ("runtime", "family"), [(None, "container"), ("container", "container"), ("Custom Image", "container"), ("http", "http")]
)  # fmt: skip
def test_a_server_on_this_machine_is_a_container_unless_declared_an_http_function(
    tmp_path: Path, spec: str, runtime: str | None, family: str
) -> None:
    found = target(spec, tmp_path, runtime=runtime)
    assert (found.family, found.runtime, found.url) == (family, runtime or "container", spec)
    assert (found.file, found.code_root, found.module, found.function) == (tmp_path, tmp_path, "", "")


@pytest.mark.parametrize("runtime", ["python", "java", "custom"])
def test_other_runtimes_start_a_file(tmp_path: Path, runtime: str) -> None:
    said = refused("http://127.0.0.1:8000/", tmp_path, runtime=runtime)
    assert f"is a server that runs already; the runtime {runtime} starts a file" in said


def test_variables_cannot_be_given_to_what_runs_already(tmp_path: Path) -> None:
    said = refused("http://127.0.0.1:8000/", tmp_path, environment={"A": "1"})
    assert "variables cannot be given to http://127.0.0.1:8000/, which runs already" in said
    assert target("http://127.0.0.1:8000/", tmp_path, environment={}).environment == ()
