"""Whether the files of a handler are as they were: what counts as a change of code, and what does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fgtui.invoke.watching import Watched


def entry(file: Path) -> bytes:
    found = file.stat()
    return f"{found.st_mtime_ns} {found.st_size} {found.st_ino} {file}".encode()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    file = tmp_path / "code" / "in dex.py"
    file.parent.mkdir()
    file.write_text("def handler(event, context): ...")
    return file


@pytest.fixture
def watched(index: Path) -> Watched:
    watched = Watched()
    watched.learn(entry(index))
    return watched


def test_without_files_nothing_changes() -> None:
    assert Watched().are_as_they_were()


def test_an_empty_list_adds_nothing_and_forgets_nothing(watched: Watched, index: Path) -> None:
    watched.learn(b"")
    assert watched.are_as_they_were()
    index.unlink()
    assert not watched.are_as_they_were()


def test_other_content_is_a_change(watched: Watched, index: Path) -> None:
    index.write_text("other")
    assert not watched.are_as_they_were()


def test_a_file_swapped_for_one_of_the_same_size_and_time_is_a_change(watched: Watched, index: Path) -> None:
    before = index.stat()
    swap = index.with_name("swap")
    swap.write_text(index.read_text())
    os.utime(swap, ns=(before.st_atime_ns, before.st_mtime_ns))
    swap.replace(index)
    assert not watched.are_as_they_were()


def test_another_size_is_a_change_even_at_the_same_time_and_in_the_same_place(watched: Watched, index: Path) -> None:
    before = index.stat()
    with index.open("a") as file:
        file.write("!")
    os.utime(index, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (index.stat().st_mtime_ns, index.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert not watched.are_as_they_were()


@pytest.mark.parametrize(("later_ns", "is_as_it_was"), [(0, True), (999, True), (1000, False), (-1, False)])
def test_times_are_compared_to_the_microsecond(index: Path, later_ns: int, is_as_it_was: bool) -> None:
    """Java before 14 tells no more, and a save of the same size takes longer."""
    os.utime(index, ns=(0, 1_700_000_000_123_456_000))
    watched = Watched()
    watched.learn(entry(index))
    os.utime(index, ns=(0, 1_700_000_000_123_456_000 + later_ns))
    assert watched.are_as_they_were() == is_as_it_was


@pytest.mark.parametrize("name", ["other.py", "native.so", "config.json", "Other.class", "lib.jar", "helper.mjs"])
def test_code_that_joins_is_a_change(watched: Watched, index: Path, name: str) -> None:
    index.with_name(name).touch()
    assert not watched.are_as_they_were()


def test_a_package_that_joins_is_a_change(watched: Watched, index: Path) -> None:
    index.with_name("package").mkdir()
    assert not watched.are_as_they_were()


@pytest.mark.parametrize("name", ["notes.txt", ".index.py.swp", "index.py~", "4913", "output.csv", ".hidden.py"])
def test_a_file_that_is_no_code_is_none(watched: Watched, index: Path, name: str) -> None:
    for _ in range(2):
        index.with_name(name).touch()
        assert watched.are_as_they_were()
        index.with_name(name).unlink()
        assert watched.are_as_they_were()


@pytest.mark.parametrize("name", ["__pycache__", ".git"])
def test_a_folder_that_tools_make_is_none(watched: Watched, index: Path, name: str) -> None:
    index.with_name(name).mkdir()
    assert watched.are_as_they_were()


def test_a_file_that_joins_the_list_later_is_watched_too(watched: Watched, index: Path, tmp_path: Path) -> None:
    late = tmp_path / "elsewhere" / "late.py"
    late.parent.mkdir()
    late.touch()
    watched.learn(b"\0".join([entry(index), entry(late)]))
    assert watched.are_as_they_were()
    late.write_text("changed")
    assert not watched.are_as_they_were()


def test_a_folder_that_is_gone_is_a_change(watched: Watched, index: Path) -> None:
    index.unlink()
    index.parent.rmdir()
    assert not watched.are_as_they_were()
