"""Unsent text: nobody loses it, and nobody takes it from a workbench that still runs."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fgtui.tui.remembered.drafts import KEPT_ASIDE, Draft, Drafts, OpenedFile, Unwritten

MOMENT = datetime(2026, 11, 22, 9, 46, tzinfo=UTC)


def a_draft(text: str = '{"a": [1]}', *, modified: bool = True, target: str | None = None) -> Draft:
    return Draft(text=text, trigger="obs", template="default", modified=modified, saved_at=MOMENT, target=target)


def in_folder(tmp_path: Path, name: str = "project") -> Drafts:
    return Drafts(tmp_path / "data", tmp_path / name)


def test_nothing_is_claimed_and_nothing_made_where_nothing_was_saved(tmp_path: Path) -> None:
    drafts = in_folder(tmp_path)
    assert drafts.claim() is None
    assert drafts.aside() == ()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("text", ["", '{"a": "\ud800\x1b[31m\u202e"}', "not json [/x]", "é\r\n\t"])
def test_the_next_workbench_finds_the_text_as_it_was(tmp_path: Path, text: str) -> None:
    first = in_folder(tmp_path)
    first.save(a_draft(text, target="src/index.handler"))
    first.close()
    found = in_folder(tmp_path).claim()
    assert found is not None
    assert (found.text, found.trigger, found.template, found.target) == (text, "obs", "default", "src/index.handler")


def test_a_draft_keeps_what_it_is_called_and_the_file_it_belongs_to(tmp_path: Path) -> None:
    first = in_folder(tmp_path)
    opened = OpenedFile(tmp_path / "[mine].json", "0123")
    unwritten = Unwritten("a[0]", '"half\ud800')
    first.save(a_draft()._replace(name="[mine].json", opened=opened, unwritten=unwritten, renews=True))
    first.close()
    found = in_folder(tmp_path).claim()
    assert found is not None
    assert (found.name, found.opened, found.unwritten, found.renews) == ("[mine].json", opened, unwritten, True)


def test_a_draft_of_an_earlier_version_has_no_file(tmp_path: Path) -> None:
    first = in_folder(tmp_path)
    first.save(a_draft())
    first.close()
    (file,) = (tmp_path / "data").rglob("open-*.json")
    document = json.loads(file.read_bytes())
    del document["name"], document["opened"]
    file.write_text(json.dumps(document))
    found = in_folder(tmp_path).claim()
    assert found is not None
    assert (found.text, found.name, found.opened) == ('{"a": [1]}', None, None)


def test_a_draft_of_a_later_version_is_left_to_who_can_read_it(tmp_path: Path) -> None:
    first = in_folder(tmp_path)
    first.save(a_draft())
    first.close()
    (file,) = (tmp_path / "data").rglob("open-*.json")
    whole = file.read_bytes()
    for values in ({"format": 2}, {"fgtui": "another"}):
        file.write_bytes(damaged(whole, **values))
        assert in_folder(tmp_path).claim() is None
    file.write_bytes(whole)
    assert in_folder(tmp_path).claim() is not None


def test_a_time_without_a_zone_is_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = in_folder(tmp_path)
    file = drafts.put_aside(a_draft()).file
    assert file is not None
    file.write_bytes(damaged(file.read_bytes(), saved_at="2020-01-01"))
    try:
        with monkeypatch.context() as patch:
            patch.setenv("TZ", "Asia/Shanghai")
            time.tzset()
            assert drafts.aside()[0].saved_at == datetime(2020, 1, 1, tzinfo=UTC)
    finally:
        time.tzset()


def test_what_is_open_here_is_not_among_what_was_put_aside(tmp_path: Path) -> None:
    drafts = in_folder(tmp_path)
    drafts.save(a_draft("open"))
    drafts.put_aside(a_draft(""), ["in ", "parts"])
    drafts.close()
    assert [draft.text for draft in drafts.aside()] == ["in parts"], "it is open even where it is not locked"
    drafts.close()


def test_a_text_that_is_saved_in_parts_is_found_whole(tmp_path: Path) -> None:
    first = in_folder(tmp_path)
    first.save(a_draft(""), ['{"a": "', "\ud83d\x1b", "é\\", '"}\r\n'])
    first.close()
    found = in_folder(tmp_path).claim()
    assert found is not None
    assert found.text == '{"a": "\ud83d\x1bé\\"}\r\n'


def test_a_save_that_breaks_off_leaves_the_draft_as_it_was(tmp_path: Path) -> None:
    def breaking() -> Iterator[str]:
        yield "new"
        raise OSError("the disk is full")

    first = in_folder(tmp_path)
    first.save(a_draft("old"))
    with pytest.raises(OSError, match="full"):
        first.save(a_draft(""), breaking())
    first.close()
    found = in_folder(tmp_path).claim()
    assert found is not None
    assert found.text == "old"


def test_what_is_saved_is_private(tmp_path: Path) -> None:
    in_folder(tmp_path).save(a_draft())
    for path in (tmp_path / "data").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_running_workbench_keeps_its_text_to_itself(tmp_path: Path) -> None:
    running = in_folder(tmp_path)
    running.save(a_draft())
    other = in_folder(tmp_path)
    assert other.claim() is None
    assert other.aside() == ()
    other.save(a_draft('"other"'))
    running.close()
    claimed = in_folder(tmp_path).claim()
    assert claimed is not None
    assert claimed.text == '{"a": [1]}'


def test_a_killed_process_leaves_its_text_to_the_next(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from fgtui.tui.remembered.drafts import *; from datetime import *\n"
        "d = Drafts(Path(sys.argv[1]) / 'data', Path(sys.argv[1]) / 'project')\n"
        "d.save(Draft('killed', 'obs', None, True, datetime.now(UTC)))\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert done.returncode == -9
    found = in_folder(tmp_path).claim()
    assert found is not None
    assert found.text == "killed"


def test_folders_do_not_share_drafts(tmp_path: Path) -> None:
    first = in_folder(tmp_path)
    first.save(a_draft())
    first.close()
    assert in_folder(tmp_path, "elsewhere").claim() is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"fgtui": "draft", "format": 99}', b"[" * 100_000, b'{"fgtui": "draft"}']
)
def test_what_cannot_be_read_is_left_alone(tmp_path: Path, content: bytes) -> None:
    first = in_folder(tmp_path)
    first.save(a_draft())
    first.close()
    (file,) = (tmp_path / "data").rglob("open-*.json")
    file.write_bytes(content)
    drafts = in_folder(tmp_path)
    assert drafts.claim() is None
    drafts.save(a_draft('"new"'))
    assert file.read_bytes() == content


def test_drafts_put_aside_come_back_newest_first_and_can_be_dropped(tmp_path: Path) -> None:
    moments = iter(MOMENT + timedelta(seconds=n) for n in range(99))
    drafts = Drafts(tmp_path / "data", tmp_path, clock=lambda: next(moments))
    for text in ("1", "2", "3"):
        drafts.put_aside(a_draft(text))
    assert [draft.text for draft in drafts.aside()] == ["3", "2", "1"]
    drafts.drop(drafts.aside()[0])
    assert [draft.text for draft in drafts.aside()] == ["2", "1"]


def test_what_was_left_open_is_put_aside_without_being_written_again_and_is_the_newest_then(tmp_path: Path) -> None:
    left = in_folder(tmp_path)
    left.save(a_draft("left open"))
    left.close()
    drafts = in_folder(tmp_path)
    claimed = drafts.claim()
    assert claimed is not None
    assert claimed.file is not None
    os.utime(claimed.file, (0, 0))
    inode = claimed.file.stat().st_ino
    for number in range(KEPT_ASIDE):
        drafts.put_aside(a_draft(str(number)))
    aside = drafts.put_aside(claimed)
    assert aside.file is not None
    assert aside.file.stat().st_ino == inode
    assert not claimed.file.exists()
    drafts.save(a_draft("another"))
    assert "left open" in {draft.text for draft in drafts.aside()}
    drafts.close()


def test_only_so_many_are_kept_aside(tmp_path: Path) -> None:
    drafts = in_folder(tmp_path)
    for number in range(KEPT_ASIDE + 3):
        drafts.put_aside(a_draft(str(number)))
        for file in (tmp_path / "data").rglob("aside-*.json"):  # file times may be coarse
            written = json.loads(file.read_bytes())["text"]
            os.utime(file, ns=(int(written), int(written)))
    assert len(drafts.aside()) == KEPT_ASIDE


def test_the_other_open_texts_of_workbenches_that_are_gone_can_be_restored(tmp_path: Path) -> None:
    gone = [in_folder(tmp_path), in_folder(tmp_path)]
    for number, drafts in enumerate(gone):
        drafts.save(a_draft(str(number)))
    for drafts in gone:
        drafts.close()
    mine = in_folder(tmp_path)
    claimed = mine.claim()
    assert claimed is not None
    assert {claimed.text} | {draft.text for draft in mine.aside()} == {"0", "1"}


def test_a_folder_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(OSError, match=r"directory|exists"):
        in_folder(tmp_path).save(a_draft())


def damaged(draft: bytes, **values: object) -> bytes:
    return json.dumps({**json.loads(draft), **values}).encode()


@pytest.mark.parametrize(
    "values",
    [
        {"line": float("inf")},
        {"saved_at": "0001-01-01T00:00:00+14:00"},
        {"trigger": ["obs"]},
        {"template": {"a": 1}},
        {"session": None},
        {"form": "other"},
        {"form": []},
    ],
    ids=["line", "time", "trigger", "template", "session", "form", "form-list"],
)
def test_a_draft_that_makes_no_sense_is_left_alone(tmp_path: Path, values: dict[str, object]) -> None:
    gone = in_folder(tmp_path)
    gone.save(a_draft())
    gone.close()
    (file,) = (tmp_path / "data").rglob("open-*.json")
    content = damaged(file.read_bytes(), **values)
    file.write_bytes(content)
    drafts = in_folder(tmp_path)
    assert drafts.claim() is None
    assert drafts.aside() == ()
    assert file.read_bytes() == content


def test_what_is_no_file_among_drafts_holds_nobody_up_and_hides_none(tmp_path: Path) -> None:
    drafts = in_folder(tmp_path)
    drafts.put_aside(a_draft('"kept"'))
    folder = next((tmp_path / "data").rglob("aside-*.json")).parent
    os.mkfifo(folder / "aside-20200101000000-0.json")
    (folder / "aside-20200101000000-1.json").symlink_to("/dev/zero")
    (folder / "aside-20200101000000-2.json").symlink_to(folder / "nowhere")
    assert [draft.text for draft in drafts.aside()] == ['"kept"']


def test_drafts_with_and_without_a_time_zone_are_in_one_order(tmp_path: Path) -> None:
    drafts = in_folder(tmp_path)
    for text in ("1", "2"):
        drafts.put_aside(a_draft(text))
    (file, _) = (tmp_path / "data").rglob("aside-*.json")
    file.write_bytes(damaged(file.read_bytes(), saved_at="2020-01-01"))
    assert len(drafts.aside()) == 2
