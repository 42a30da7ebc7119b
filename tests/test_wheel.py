"""What is installed is what lies in the checkout: samples, styles, hosts and all."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def files_below(folder: Path) -> set[str]:
    return {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return folder


@pytest.fixture(scope="module")
def wheel_names(built: Path) -> set[str]:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def test_the_wheel_built_from_the_sdist_holds_every_sample(wheel_names: set[str]) -> None:
    packed = {name.removeprefix("fgtui/_samples/") for name in wheel_names if name.startswith("fgtui/_samples/")}
    assert packed == files_below(ROOT / "samples")


def test_the_wheel_holds_every_file_of_the_package(wheel_names: set[str]) -> None:
    packed = {name.removeprefix("fgtui/") for name in wheel_names if name.startswith("fgtui/")}
    assert files_below(ROOT / "fgtui") <= packed


def test_the_wheel_holds_nothing_but_the_package_and_its_metadata(wheel_names: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in wheel_names} == {"fgtui"}


def test_the_sdist_can_run_its_own_tests(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.split("/", 1)[1] for name in sdist.getnames() if "/" in name}
    assert {"tests/conftest.py", "README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml"} <= names
