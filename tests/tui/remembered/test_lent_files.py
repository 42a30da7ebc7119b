"""What is in other programs is kept as long as somebody may want it, and nothing else is ever removed."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fgtui.tui.remembered.lent_files import FOLDER, KEPT_S, LentFiles


def later() -> float:
    return time.time() + KEPT_S + 60


def left(data: Path) -> set[str]:
    return {file.name for file in (data / FOLDER).iterdir()}


def test_what_is_lent_is_private_and_called_after_what_it_is(tmp_path: Path) -> None:
    file = LentFiles(tmp_path).write("中\ud800", "../a b/事件" + "x" * 99, ".json")
    assert file.parent == tmp_path / FOLDER
    assert file.name.startswith("ab事件xxx")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == "中\ud800".encode("utf-8", "surrogatepass")


def test_what_was_left_behind_goes_after_a_while(tmp_path: Path) -> None:
    lent = LentFiles(tmp_path)
    lent.sweep(later())
    assert not (tmp_path / FOLDER).exists()
    file = lent.write("text", "event", ".json")
    file.with_name(f".{file.name.replace('event', 'other')}.{'ab' * 8}").write_text("half of it")
    lent.sweep(time.time() + KEPT_S - 60)
    assert len(left(tmp_path)) == 2
    lent.sweep(later())
    assert not left(tmp_path)


def beside(name: str) -> Callable[[Path], Path]:
    def put(file: Path) -> Path:
        file.with_name(name.format(name=file.name)).write_text("an editor's")
        return file

    return put


def linked(file: Path) -> Path:
    link = file.with_name("link-0123abcd.json")
    link.symlink_to(file.rename(file.parent.parent / "precious"))
    return link


def in_a_linked_folder(file: Path) -> Path:
    file.parent.rename(file.parent.with_name("precious"))
    file.parent.symlink_to(file.parent.with_name("precious"))
    return file


def a_folder(file: Path) -> Path:
    file.unlink()
    file.mkdir()
    return file


@pytest.mark.parametrize(
    "put",
    [
        pytest.param(beside(".{name}.swp"), id="shown-in-vim"),
        pytest.param(beside(".#{name}"), id="shown-in-emacs"),
        pytest.param(beside(".~lock.{name}#"), id="shown-in-an-office"),
        pytest.param(lambda file: file.rename(file.with_name("mine.json")), id="not-ours"),
        pytest.param(linked, id="a-link"),
        pytest.param(in_a_linked_folder, id="behind-a-link"),
        pytest.param(a_folder, id="a-folder"),
    ],
)
def test_what_somebody_may_want_stays(tmp_path: Path, put: Callable[[Path], Path]) -> None:
    lent = LentFiles(tmp_path)
    file = put(lent.write("text", "event", ".json"))
    before = left(tmp_path)
    lent.sweep(later())
    assert left(tmp_path) == before
    assert os.path.lexists(file)
