"""Files that are written: safe names, nothing overwritten unasked, and an event that goes back to where it is from."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from textual.widgets import Input

from fgtui.tui.screens.saving import file_stem
from fgtui.tui.screens.workbench import Opening
from fgtui.tui.text.document import Form
from tests.tui.bench import HANDLERS, Bench, a_bench


@pytest.mark.parametrize(
    ("session", "stem"),
    [
        ("orders", "orders"),
        ("a/b", "a-b"),
        ("../../etc/passwd", "-..-etc-passwd".lstrip("-.")),
        ("-rf", "rf"),
        (".hidden", "hidden"),
        ("~", "recordings"),
        ("...", "recordings"),
        ("x\x1b[2J\u202e", "x-[2J-"),
        ("订单", "订单"),
        ("订" * 200, "订" * 60),
    ],
)
def test_a_session_becomes_a_safe_name_for_files(session: str, stem: str) -> None:
    assert file_stem(session) == stem
    assert len(file_stem(session).encode()) < 250


# The event and its file


async def saves(bench: Bench) -> None:
    await bench.press("ctrl+s")
    await bench.pilot.pause()


async def test_an_event_goes_back_to_its_file_as_it_is_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_bytes(b'{"a": 1} // mine\r\n')
    file.chmod(0o640)
    async with a_bench(tmp_path, opening=Opening(file=Path("mine.json"))) as bench:
        assert "modified" not in bench.screen.event_pane.title
        await bench.press("x")
        await bench.until(lambda: "modified" in bench.screen.event_pane.title, "it is said to be modified")
        await saves(bench)
        await bench.hears("saved to")
        assert file.read_bytes() == b'x{"a": 1} // mine\r\n'
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        assert "modified" not in bench.screen.event_pane.title
        await bench.press("ctrl+underscore")
        await bench.until(lambda: "modified" in bench.screen.event_pane.title, "what undo leaves is not what was saved")


async def test_what_others_have_written_to_the_file_is_not_overwritten_unasked(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text('{"a": 1}')
    async with a_bench(tmp_path, opening=Opening(file=Path("mine.json"))) as bench:
        await bench.press("x")
        file.write_text('{"theirs": 1}')
        await saves(bench)
        await bench.sees("has changed since the event was opened")
        await bench.press("escape")
        assert file.read_text() == '{"theirs": 1}'
        bench.screen.event_pane.look_at_file()
        await bench.until(lambda: "its file has changed" in bench.screen.event_pane.title, "the title says so")
        await saves(bench)
        await bench.sees("has changed since the event was opened")
        await bench.press("y")
        await bench.hears("saved to")
        assert file.read_text() == 'x{"a": 1}'
        assert "its file has changed" not in bench.screen.event_pane.title


async def test_an_event_without_a_file_gets_one_and_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    async with a_bench(folder) as bench:
        await saves(bench)
        await bench.until(lambda: isinstance(bench.app.focused, Input), "a question")
        assert isinstance(bench.app.focused, Input)
        assert bench.app.focused.value == "obs-default.json"
        await bench.fill("index.py", "enter")
        await bench.sees("is there already")
        await bench.press("escape")
        assert (folder / "index.py").read_text() == HANDLERS
        await saves(bench)
        await bench.fill("new.json", "enter")
        await bench.hears("saved to")
        assert (folder / "new.json").read_text() == bench.screen.event_pane.editor.text
        assert bench.screen.event_pane.title == "OBS · new.json"
        await bench.press("x")
        await saves(bench)
        await bench.until(lambda: (folder / "new.json").read_text().startswith("x{"), "it is saved to the same file")


async def test_the_decoded_form_is_saved_as_wire_text(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"body": "{\\"a\\": 1}"}')
    async with a_bench(tmp_path, opening=Opening(file=Path("mine.json"))) as bench:
        await bench.press("ctrl+t")
        await bench.until(lambda: bench.screen.event_pane.editor.form is Form.DECODED, "it is decoded")
        await saves(bench)
        await bench.hears("saved to")
        assert (tmp_path / "mine.json").read_text() == '{"body": "{\\"a\\": 1}"}'


async def test_nothing_is_written_through_a_link_and_the_event_stays_modified(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("{}")
    (tmp_path / "link.json").symlink_to("real.json")
    async with a_bench(tmp_path, opening=Opening(file=Path("link.json"))) as bench:
        await bench.press("x")
        await saves(bench)
        await bench.hears("is a link")
        assert (tmp_path / "real.json").read_text() == "{}"
        assert "modified" in bench.screen.event_pane.title


async def test_a_file_that_is_gone_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("{}")
    async with a_bench(tmp_path, opening=Opening(file=Path("mine.json"))) as bench:
        (tmp_path / "mine.json").unlink()
        await saves(bench)
        await bench.hears("saved to")
        assert (tmp_path / "mine.json").read_text() == "{}"


async def test_discarding_changes_opens_the_file_again(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("{}")
    async with a_bench(tmp_path, opening=Opening(file=Path("mine.json"))) as bench:
        await bench.press("x")
        await bench.screen.perform("discard-changes")
        assert bench.screen.event_pane.editor.text == "{}"
        assert bench.screen.event_pane.title.endswith("mine.json")


async def test_an_unsent_event_of_a_file_comes_back_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("{}")
    async with a_bench(tmp_path, opening=Opening(file=Path("mine.json"))) as bench:
        await bench.press("x")
        bench.screen.event_pane.save_now()
    (tmp_path / "mine.json").write_text('{"theirs": 1}')
    async with a_bench(tmp_path, opening=Opening()) as bench:
        assert bench.screen.event_pane.editor.text == "x{}"
        await bench.until(lambda: "its file has changed" in bench.screen.event_pane.title, "the title says so")
        await saves(bench)
        await bench.sees("has changed since the event was opened")
