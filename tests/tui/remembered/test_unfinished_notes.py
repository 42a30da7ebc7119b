"""A note that was being typed is there again, for its exchange and no other, until it is decided on."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from fgtui.tui.remembered import unfinished_notes
from fgtui.tui.remembered.unfinished_notes import FOLDER, UnfinishedNote, unfinished

STORE = Path("/project/.fgtui/sessions.db")
ORDER = "../../id"


def note_of(data: Path, exchange_id: str = ORDER, store: Path = STORE) -> UnfinishedNote:
    return UnfinishedNote(data, store, exchange_id)


@pytest.mark.parametrize("text", ["", "half a \ud800\x1b[31m\n中"])
def test_what_was_typed_is_there_for_the_same_exchange_alone(tmp_path: Path, text: str) -> None:
    assert note_of(tmp_path).read() is None
    assert not (tmp_path / FOLDER).exists()
    note_of(tmp_path).write(text)
    assert note_of(tmp_path).read() == text
    assert note_of(tmp_path, "other").read() is None
    assert note_of(tmp_path, store=Path("/other.db")).read() is None
    assert [*unfinished(tmp_path, STORE)] == [ORDER]
    assert [*unfinished(tmp_path, Path("/other.db"))] == []
    (file,) = (tmp_path / FOLDER).iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_was_decided_on_does_not_come_back(tmp_path: Path) -> None:
    note = note_of(tmp_path)
    note.write("typed")
    note.drop()
    note.write("typed, by a thread that was late")
    assert note_of(tmp_path).read() is None
    note.drop()


def test_a_file_that_makes_no_sense_is_passed_over(tmp_path: Path) -> None:
    note_of(tmp_path).write("typed")
    (file,) = (tmp_path / FOLDER).iterdir()
    sound = json.loads(file.read_bytes())
    for content in ("[", "[]", json.dumps({**sound, "format": 2}), json.dumps({**sound, "text": 1})):
        file.write_text(content)
        assert note_of(tmp_path).read() is None
        assert [*unfinished(tmp_path, STORE)] == []
    file.unlink()
    file.symlink_to("/dev/zero")
    assert note_of(tmp_path).read() is None


def test_only_so_many_are_kept_and_none_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfinished_notes, "KEPT", 2)
    for number in range(4):
        note_of(tmp_path, str(number)).write("typed")
    assert len([*unfinished(tmp_path, STORE)]) == 2
    note_of(tmp_path).write("x" * unfinished_notes.LARGEST_BYTES)
    assert note_of(tmp_path).read() is None
