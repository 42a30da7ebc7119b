"""Filters that were used: private, bounded, the newest first, none lost between processes."""

from __future__ import annotations

import stat
from multiprocessing import get_context
from pathlib import Path

import pytest

from fgtui.tui.remembered import filter_history
from fgtui.tui.remembered.filter_history import FILE_NAME, KEPT, FilterHistory
from tests.tui.hostile import EVERYTHING


def test_nothing_is_remembered_where_nothing_was_and_nothing_is_made(tmp_path: Path) -> None:
    assert FilterHistory(tmp_path / "data").read() == ()
    assert not (tmp_path / "data").exists()


def test_the_newest_comes_first_and_each_once(tmp_path: Path) -> None:
    history = FilterHistory(tmp_path)
    for text in ("a", "b", "失败 [/x]", "a", " "):
        history.add(text)
    assert history.read() == ("a", "失败 [/x]", "b")


def test_whatever_is_typed_comes_back_as_it_was(tmp_path: Path) -> None:
    FilterHistory(tmp_path).add(EVERYTHING + "\nsecond line")
    assert FilterHistory(tmp_path).read() == (EVERYTHING + "\nsecond line",)


def test_it_is_the_person_s_own(tmp_path: Path) -> None:
    FilterHistory(tmp_path / "data").add("a")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    for file in (tmp_path / "data").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_oldest_go_first(tmp_path: Path) -> None:
    lines = "".join(f'"{number}"\n' for number in range(KEPT + 50))
    (tmp_path / FILE_NAME).write_text(lines)
    assert len(FilterHistory(tmp_path).read()) == KEPT
    FilterHistory(tmp_path).add("newest")
    kept = FilterHistory(tmp_path).read()
    assert (len(kept), kept[:2]) == (KEPT, ("newest", str(KEPT + 49)))
    assert len((tmp_path / FILE_NAME).read_text().splitlines()) == KEPT


def test_lines_that_are_none_of_ours_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b'"kept"\n{"a": 1}\n\xff\xfe\n' + b"[" * 10_000 + b'\n"torn')
    assert FilterHistory(tmp_path).read() == ("kept",)


def test_of_a_file_that_is_too_long_the_end_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filter_history, "BYTES", 12)
    (tmp_path / FILE_NAME).write_bytes(b'"oldest"\n"old"\n"new"\n')
    assert FilterHistory(tmp_path).read() == ("new", "old")


def test_a_filter_that_is_used_again_is_written_once(tmp_path: Path) -> None:
    for text in ("a", "b", "a"):
        FilterHistory(tmp_path).add(text)
    assert (tmp_path / FILE_NAME).read_text() == '"b"\n"a"\n'


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    assert FilterHistory(tmp_path).read() == ()


def add_some(folder: Path, name: str) -> None:
    for number in range(10):
        FilterHistory(folder).add(f"{name} {number}")


def test_several_processes_lose_nothing_of_each_other(tmp_path: Path) -> None:
    context = get_context("fork")
    processes = [context.Process(target=add_some, args=(tmp_path, name)) for name in "abc"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert sorted(FilterHistory(tmp_path).read()) == sorted(
        f"{name} {number}" for name in "abc" for number in range(10)
    )
