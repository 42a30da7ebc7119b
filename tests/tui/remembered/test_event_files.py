"""Opening an event from a file: its exact text, or words about why not; never a wait."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fgtui.errors import EventError, UsageError
from fgtui.tui.remembered import event_files
from fgtui.tui.remembered.event_files import EVENT_LIMIT, digest_of, open_event_file, read_event_file


@pytest.mark.parametrize("text", ["", '{"a": 1}\r\n', "\ufeff{}", "not json"])
def test_text_comes_as_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / "event.json").write_bytes(text.encode())
    assert read_event_file(tmp_path / "event.json").lstrip("\ufeff") == text.lstrip("\ufeff")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        read_event_file(tmp_path / "nosuch.json")


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in (".", "pipe"):
        with pytest.raises(UsageError, match=r"no regular file|directory"):
            read_event_file(tmp_path / name)


def test_a_name_no_file_can_have_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read") as caught:
        read_event_file(tmp_path / "a\x00b")
    assert caught.value.values["reason"] == "embedded null byte"
    with pytest.raises(UsageError, match="cannot be read") as long:
        read_event_file(tmp_path / ("x" * 5000))
    assert long.value.values["reason"] == "File name too long"


def test_a_file_is_the_same_as_long_as_its_bytes_are(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_bytes(b"\xef\xbb\xbf{}")
    opened = open_event_file(file)
    assert digest_of(file) == opened.digest
    file.write_bytes(b"{}")
    assert digest_of(file) not in (opened.digest, None)
    file.unlink()
    assert digest_of(file) is None


def test_bytes_that_are_no_text_are_refused_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_bytes(b'{"a": "\xff"}')
    with pytest.raises(EventError):
        read_event_file(tmp_path / "event.json")


def test_more_than_an_event_can_be_is_refused_before_it_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(event_files, "EVENT_LIMIT", 4)
        (tmp_path / "event.json").write_bytes(b"true")
        assert read_event_file(tmp_path / "event.json") == "true"
    with (tmp_path / "event.json").open("wb") as stream:
        stream.truncate(EVENT_LIMIT + 1)
    with pytest.raises(UsageError, match="larger than 64 MiB"):
        read_event_file(tmp_path / "event.json")
