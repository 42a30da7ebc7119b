"""Files that are read are regular ones; files of ours are private from the first byte and whole or not there."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from fgtui.files import make_private_folder, open_given, open_regular, write_private


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def open_umask() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_file_and_every_folder_made_for_it_are_the_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "deeper" / "draft.json"
    write_private(file, b"{}")
    assert file.read_bytes() == b"{}"
    assert [mode_of(file), mode_of(file.parent), mode_of(file.parent.parent)] == [0o600, 0o700, 0o700]


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    make_private_folder(there)
    assert mode_of(there) == 0o755


def test_what_was_there_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    write_private(file, b"old" * 1000)
    write_private(file, b"new")
    assert file.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["draft.json"]


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"precious")
    file = tmp_path / "draft.json"
    file.symlink_to(elsewhere)
    write_private(file, b"new")
    assert elsewhere.read_bytes() == b"precious"
    assert not file.is_symlink()


def test_when_it_cannot_be_replaced_the_old_one_stays_and_no_part_of_the_new(tmp_path: Path) -> None:
    file = tmp_path / "taken"
    (file / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        write_private(file, b"new")
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == []


def test_a_long_name_leaves_room_for_the_temporary_one(tmp_path: Path) -> None:
    file = tmp_path / ("n" * 255)
    write_private(file, b"x")
    assert file.read_bytes() == b"x"


def test_the_content_is_on_the_disk_before_it_takes_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "draft.json"
    write_private(file, b"old")
    synced: list[tuple[int, int, bytes]] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        found = os.fstat(descriptor)
        synced.append((found.st_ino, found.st_size, file.read_bytes()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    write_private(file, b"newer")
    assert [(inode, there) for inode, _, there in synced] == [
        (file.stat().st_ino, b"old"),
        (tmp_path.stat().st_ino, b"newer"),
    ]
    assert synced[0][1] == len(b"newer")


@pytest.mark.parametrize("read", [open_regular, open_given])
def test_only_a_regular_file_is_opened_and_nothing_is_waited_for(
    tmp_path: Path, read: Callable[[Path], BinaryIO | None]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"text")
    for name in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        assert read(name) is None
    stream = read(tmp_path / "file")
    assert stream is not None
    with stream:
        assert stream.read() == b"text"
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "missing")


def test_what_was_given_open_may_be_a_pipe() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"text")
    os.close(writing)
    for name in (f"/dev/fd/{reading}", f"/proc/self/fd/{reading}"):
        assert open_regular(Path(name)) is None
    stream = open_given(Path(f"/dev/fd/{reading}"))
    assert stream is not None
    with stream:
        assert stream.read() == b"text"
    os.close(reading)
