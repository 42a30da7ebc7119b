from __future__ import annotations

import os
from pathlib import Path

import pytest

from fgtui.invoke.cloud_paths import find, translate


def install(folder: Path, *names: str) -> dict[str, str]:
    """Programs of these names in ``folder``, and an environment that finds them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch(0o755)
    return {"PATH": str(folder)}


@pytest.mark.parametrize(
    ("path", "program"),
    [
        ("/opt/function/runtime/python3.9/rtsp/python/bin/python3", "python3.9"),
        ("/opt/function/runtime/python2.7/rtsp/python/bin/python", "python2.7"),
        ("/opt/function/runtime/nodejs14.18/rtsp/nodejs/bin/node", "node"),
        ("/opt/function/runtime/java17/rtsp/jre/bin/java", "java"),
        ("/opt/function/runtime/php7.3/rtsp/php/bin/php", "php"),
        ("/opt/function/runtime/dotnet6.0/rtsp/dotnet/dotnet", "dotnet"),
    ],
)
def test_every_interpreter_of_the_cloud_is_one_of_this_machine(tmp_path: Path, path: str, program: str) -> None:
    """The table of runtime.md section 1.2."""
    found = translate(f"exec {path} -u x", install(tmp_path, program, "python3", "python2"), "/tmp/code")
    assert found.text == f"exec {tmp_path / program} -u x"
    assert found.used == {path: str(tmp_path / program)}
    assert not found.missing


def test_another_version_will_do_when_that_one_is_missing(tmp_path: Path) -> None:
    path = "/opt/function/runtime/python3.9/rtsp/python/bin/python3"
    assert translate(path, install(tmp_path, "python3"), "/x").text == str(tmp_path / "python3")


def test_a_program_that_is_nowhere_is_named(tmp_path: Path) -> None:
    path = "/opt/function/runtime/php8.3/rtsp/php/bin/php"
    found = translate(f"{path} x.php", {"PATH": str(tmp_path)}, "/x")
    assert found.missing == {path: "php"}
    assert found.text == f"{path} x.php"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cd /opt/function/code", "cd /x/code"),
        ("cd '/opt/function/code/lib'", "cd '/x/code/lib'"),
        ("/opt/function/code2 /opt/function/code.old /opt/function/codes", None),
        ("/opt/function/runtime/python3.9/other", None),
        ("/opt/function/runtime/python3.*/rtsp/python/bin/python3", None),
        ("nothing of the kind", None),
    ],
)
def test_the_code_folder_is_the_one_here(text: str, expected: str | None) -> None:
    assert translate(text, {"PATH": ""}, "/x/code").text == (expected or text)


def test_a_path_that_a_shell_would_take_apart_is_named_without_its_folder(tmp_path: Path) -> None:
    environment = install(tmp_path / "a folder", "node")
    assert translate("/opt/function/runtime/nodejs18.15/rtsp/nodejs/bin/node", environment, "/x").text == "node"


def test_an_active_environment_comes_before_the_version(tmp_path: Path) -> None:
    environment = {**install(tmp_path / "bin", "python3.9"), "VIRTUAL_ENV": str(tmp_path / "venv")}
    install(tmp_path / "venv/bin", "python3")
    assert find(["python3.9", "python3"], environment) == str(tmp_path / "venv/bin/python3")


def test_a_shim_for_a_version_may_lead_nowhere_and_is_passed_over(tmp_path: Path) -> None:
    environment = install(tmp_path / "shims", "python3.9", "python3")
    assert find(["python3.9", "python3"], environment) == str(tmp_path / "shims/python3")


def test_what_cannot_be_executed_is_no_program(tmp_path: Path) -> None:
    environment = install(tmp_path)
    (tmp_path / "node").touch(0o644)
    (tmp_path / "java").mkdir()
    assert find(["node", "java"], environment) is None
    assert find(["sh"], {"PATH": os.defpath}) is not None
