from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from fgtui.errors import StoreError, UsageError
from fgtui.sessions.interchange.saving import new_file, save


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "event.json"


def names(file: Path) -> list[str]:
    return [each.name for each in file.parent.iterdir()]


def test_a_file_is_as_the_umask_has_it_or_private(file: Path) -> None:
    before = os.umask(0o027)
    try:
        save(file, b"{}", force=False, name="event.json")
        with new_file(file.with_name("own"), force=False, name="own", private=True) as stream:
            stream.write(b"{}")
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert stat.S_IMODE(file.with_name("own").stat().st_mode) == 0o600


def test_a_file_that_is_replaced_keeps_who_may_read_it(file: Path) -> None:
    for mode, private in ((0o600, False), (0o644, False), (0o640, True), (0o644, True)):
        file.write_text("old")
        file.chmod(mode)
        save(file, b"new", force=True, name="e", private=private)
        assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", mode)


def test_only_force_replaces_a_file(file: Path) -> None:
    file.write_text("precious")
    with pytest.raises(UsageError, match="e exists; nothing was written") as error:
        save(file, b"{}", force=False, name="e", hint="--force replaces it")
    assert error.value.hint == "--force replaces it"
    assert file.read_text() == "precious"
    save(file, b"{}", force=True, name="e")
    assert file.read_text() == "{}"
    assert names(file) == ["event.json"]


def test_what_breaks_off_leaves_nothing(file: Path) -> None:
    with pytest.raises(KeyboardInterrupt), new_file(file, force=False, name="e") as stream:
        stream.write(b"half")
        raise KeyboardInterrupt
    assert names(file) == []


def test_a_full_disk_is_a_store_error(file: Path) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with (
        pytest.raises(StoreError, match="e could not be written: No space left"),
        new_file(file, force=False, name="e"),
    ):
        full()


def test_hard_links_are_not_needed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(self: Path, target: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", none)
    save(file, b"{}", force=False, name="e")
    with pytest.raises(UsageError, match="exists"), new_file(file.with_name("other"), force=False, name="e"):
        file.with_name("other").write_text("precious")
    assert file.with_name("other").read_text() == "precious"


@pytest.mark.parametrize(
    ("name", "said"),
    [("a\0b", "could not be written"), ("x" * 300, "File name too long"), ("missing/x", "No such file or directory")],
)
def test_a_path_that_cannot_be_is_a_usage_error(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        save(tmp_path / name, b"{}", force=True, name="e")
